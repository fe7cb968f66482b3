//! `chargewire schema`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run;

fn schema(version: &str, name: &str) -> Value {
    let run = run(&["schema", "--ocpp", version, name], "");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    serde_json::from_str(&run.out).expect("one JSON document")
}

#[test]
fn a_schema_is_printed_by_the_name_of_its_message() {
    let request = schema("1.6", "AuthorizeRequest");
    assert_eq!(request["title"], "AuthorizeRequest");
    assert_eq!(request["additionalProperties"], false);
    assert_eq!(request["properties"]["idTag"]["maxLength"], 20);
    assert_eq!(schema("2.0.1", "AuthorizeResponse")["title"], "AuthorizeResponse");
    assert_eq!(schema("2.1", "NotifyPeriodicEventStream")["title"], "NotifyPeriodicEventStream");
}

#[test]
fn an_action_stands_for_its_request_in_any_letter_case() {
    assert_eq!(schema("1.6", "Authorize"), schema("1.6", "AuthorizeRequest"));
    assert_eq!(schema("2.0.1", "get15118EVcertificate")["title"], "Get15118EvCertificateRequest");
}

#[test]
fn every_listed_message_has_a_schema() {
    let list = run(&["schema", "--list"], "");
    assert_eq!(list.status, 0);
    let lines: Vec<_> = list.out.lines().map(|line| line.split_once(' ').expect("version and name")).collect();
    assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
    for version in ["1.6", "2.0.1", "2.1"] {
        let of_version: Vec<_> = lines.iter().filter(|(of, _)| *of == version).collect();
        assert!(of_version.len() > 70);
        let only = run(&["schema", "--list", "--ocpp", version], "");
        assert_eq!(only.out.lines().count(), of_version.len());
        for (version, name) in of_version.iter().step_by(10) {
            assert_eq!(schema(version, name)["title"], *name);
        }
    }
}
