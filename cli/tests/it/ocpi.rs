//! The commands on OCPI documents.

use std::collections::BTreeSet;

use ocpi_types::MAX_FINDINGS;
use serde_json::{Value, json};

use crate::{Run, run};

const TARIFF: &str = include_str!("../../samples/tariff-2.2.1.json");

fn tariff() -> Value {
    serde_json::from_str(TARIFF).expect("JSON")
}

/// Checks a tariff of 2.2.1.
fn check(more: &[&str], document: impl AsRef<[u8]>) -> Run {
    run(&[&["check", "--ocpi", "2.2.1", "--object", "Tariff"], more].concat(), document)
}

/// Converts an object.
fn convert(versions: [&str; 2], more: &[&str], document: impl AsRef<[u8]>) -> Run {
    run(&[&["convert", "--ocpi"], &versions[..], more].concat(), document)
}

fn schema(version: &str, name: &str) -> Value {
    let run = run(&["schema", "--ocpi", version, name], "");
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{version} {name}");
    serde_json::from_str(&run.out).expect("one JSON document")
}

#[test]
fn nothing_is_said_about_a_good_document() {
    for more in [&[][..], &["--json"], &["-"], &["samples/tariff-2.2.1.json"]] {
        let run = check(more, TARIFF);
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""), "{more:?}");
    }
    let any_case = run(&["check", "--ocpi", "2.2.1", "--object", "tariff"], TARIFF);
    assert_eq!((any_case.status, any_case.out.as_str()), (0, ""));
}

#[test]
fn every_finding_is_a_line() {
    let mut tariff = tariff();
    tariff["colour"] = json!(1);
    tariff["currency"] = json!("EURO");
    tariff["elements"][0]["price_components"][0]["type"] = json!("LIGHT");
    let run = check(&["--json"], tariff.to_string());
    let findings = run.json();
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let of = |pointer: &str| findings.iter().find(|finding| finding["pointer"] == pointer).expect(pointer);
    let expected =
        json!({"pointer": "/colour", "rule": "ABS-07", "severity": "info", "message": "not a member of Tariff"});
    assert_eq!(*of("/colour"), expected);
    assert_eq!(of("/currency")["severity"], "error");
    assert_eq!(of("/elements/0/price_components/0/type")["severity"], "error");

    let people = check(&[], tariff.to_string());
    assert_eq!((people.status, people.out.lines().count()), (1, findings.len()));
    assert!(people.out.contains("info: /colour: not a member of Tariff (ABS-07)\n"), "{}", people.out);
    for (line, finding) in people.out.lines().zip(&findings) {
        for member in ["pointer", "rule", "severity", "message"] {
            assert!(line.contains(finding[member].as_str().expect("a text")), "{line}");
        }
    }
}

#[test]
fn the_members_of_a_finding_stand_in_order() {
    let run = check(&["--json"], "[]");
    let expected = "{\"pointer\":\"\",\"rule\":\"ABS-01\",\"severity\":\"error\",\"message\":\"expected an object `Tariff`, found a list\"}\n";
    assert_eq!((run.status, run.out.as_str()), (1, expected));
}

#[test]
fn remarks_that_are_no_errors_do_not_spoil_the_status() {
    let mut tariff = tariff();
    tariff["colour"] = json!(1);
    let run = check(&[], tariff.to_string());
    assert_eq!((run.status, run.out.as_str()), (0, "info: /colour: not a member of Tariff (ABS-07)\n"));
}

/// An error may be among the findings that are not kept.
#[test]
fn a_full_list_of_findings_is_never_good() {
    let mut tariff = tariff();
    for number in 0..MAX_FINDINGS - 1 {
        tariff[format!("x{number}")] = json!(1);
    }
    assert_eq!(check(&[], tariff.to_string()).status, 0);
    tariff["y"] = json!(1);
    let run = check(&["--json"], tariff.to_string());
    assert_eq!((run.status, run.json().len()), (1, MAX_FINDINGS));
    assert_eq!(run.err, "chargewire: the list ends after 1000 findings; there may be more\n");
}

#[test]
fn what_is_not_json_or_not_text_is_a_finding() {
    for (document, message) in [
        (&b""[..], "EOF while parsing a value at line 1 column 0"),
        (b"{\"id\":", "EOF while parsing a value at line 1 column 6"),
        (b"{\"id\":\"\xff\"}", "not UTF-8 from byte 7 on"),
    ] {
        let run = check(&["--json"], document);
        let expected = json!({"pointer": "", "rule": "ENV-12", "severity": "error", "message": message});
        assert_eq!((run.status, run.json()), (1, vec![expected]));
        let run = convert(["2.2.1", "2.3.0"], &["--object", "Tariff"], document);
        assert_eq!((run.status, run.out.as_str()), (1, ""));
        assert_eq!(run.err, format!("chargewire: the document cannot be read\nerror: /: {message} (ENV-12)\n"));
    }
}

#[test]
fn nothing_of_a_document_commands_the_terminal() {
    let mut tariff = tariff();
    tariff["\u{1b}[2J\n\u{202e}"] = json!(1);
    let checked = check(&[], tariff.to_string());
    let converted = convert(["2.2.1", "2.1.1"], &["--object", "Tariff"], tariff.to_string());
    for said in [checked.out, converted.err] {
        assert!(said.contains("/\\u{1b}[2J\\n\\u{202e}: not a member"), "{said:?}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}

#[test]
fn a_document_has_at_most_16_mib() {
    let document = |length: usize| format!("{TARIFF}{}", " ".repeat(length - TARIFF.len()));
    let max = 16 * 1024 * 1024;
    let run = check(&[], document(max));
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let message =
        "chargewire: cannot read standard input: more than 16777216 bytes, which is the most for one document\n";
    for run in [check(&[], document(max + 1)), convert(["2.2.1", "2.1.1"], &["--object", "Tariff"], document(max + 1))]
    {
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (3, "", message));
    }
}

#[test]
fn a_document_that_cannot_be_read_ends_with_3() {
    for path in ["samples/absent.json", "samples"] {
        let checked = check(&[path], "");
        let converted = convert(["2.2.1", "2.3.0"], &["--object", "Tariff", path], "");
        for run in [checked, converted] {
            assert_eq!((run.status, run.out.as_str()), (3, ""));
            assert!(run.err.starts_with(&format!("chargewire: cannot read {path}: ")), "{}", run.err);
        }
    }
}

#[test]
fn the_readme_shows_what_is_lost() {
    let arguments = ["convert", "--ocpi", "2.2.1", "2.1.1", "--object", "Tariff", "samples/tariff-2.2.1.json"];
    let run = run(&arguments, "");
    assert_eq!(run.status, 0);
    let example = format!("$ chargewire {}\n{}{}```", arguments.join(" "), run.out, run.err);
    assert!(include_str!("../../README.md").contains(&example), "{example}");
    // numbers keep their digits
    assert!(run.out.contains(r#""price":0.30,"#));
    assert!(run.err.contains("dropped: /party_id: not a member of Tariff in OCPI 2.1.1\n"));
}

#[test]
fn the_readme_shows_what_is_found() {
    let document = r#"{"id":"1","name":"Dock"}"#;
    let arguments = ["check", "--ocpi", "2.2.1", "--object", "Version"];
    let run = run(&arguments, document);
    let example = format!("$ echo '{document}' | chargewire {}\n{}```", arguments.join(" "), run.out);
    assert!(run.status == 1 && include_str!("../../README.md").contains(&example), "{example}");
}

#[test]
fn a_conversion_is_one_json_document_on_request() {
    let run = convert(["2.2.1", "2.3.0"], &["--json", "--object", "tariff", "-"], TARIFF);
    let report = &run.json()[0];
    assert_eq!((run.status, run.err.as_str(), run.json().len()), (0, "", 1));
    assert_eq!(report.as_object().expect("an object").len(), 2);
    assert_eq!(report["document"]["tax_included"], "NO");
    let expected =
        json!([{"pointer": "/tax_included", "kind": "derived", "reason": "prices of OCPI 2.2.1 exclude VAT"}]);
    assert_eq!(report["losses"], expected);
    assert!(run.out.contains(r#""price":0.30,"#));

    let people = convert(["2.2.1", "2.3.0"], &["--object", "tariff"], TARIFF);
    assert_eq!(serde_json::from_str::<Value>(&people.out).expect("JSON"), report["document"]);
    let checked = super::run(&["check", "--ocpi", "2.3.0", "--object", "Tariff"], people.out);
    assert_eq!((checked.status, checked.out.as_str()), (0, ""));
}

#[test]
fn the_same_version_loses_nothing() {
    for version in ["2.2.1", "2.3.0"] {
        let token = r#"{"country_code":"DE","party_id":"ABC","uid":"1","type":"RFID","contract_id":"2","issuer":"I","valid":true,"whitelist":"ALWAYS","last_updated":"2024-06-01T10:00:00Z"}"#;
        let run = convert([version, version], &["--object", "Token"], token);
        assert_eq!((run.status, run.err.as_str()), (0, ""));
        let (one, other): (Value, Value) =
            (serde_json::from_str(&run.out).expect("JSON"), serde_json::from_str(token).expect("JSON"));
        assert_eq!(one["uid"], other["uid"]);
    }
}

#[test]
fn what_the_document_does_not_tell_can_be_given() {
    let older = convert(["2.2.1", "2.1.1"], &["--object", "Tariff"], TARIFF).out;
    for owner in ["NL-TNM", "NL*TNM", "NLTNM", "nl/tnm"] {
        let run = convert(["2.1.1", "2.2.1"], &["--object", "Tariff", "--owner", owner], &older);
        let tariff: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(run.status, 0, "{}", run.err);
        let party = |name: &str| tariff[name].as_str().expect("a text").to_ascii_uppercase();
        assert_eq!((party("country_code"), party("party_id")), ("NL".into(), "TNM".into()));
        assert!(run.err.contains("derived: /country_code: the owner comes from the context\n"), "{}", run.err);
    }
    let wrong = convert(["2.1.1", "2.2.1"], &["--object", "Tariff", "--owner", "TNM"], &older);
    assert_eq!((wrong.status, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("such as NL-TNM"), "{}", wrong.err);

    let location = r#"{"id":"LOC1","type":"ON_STREET","address":"a","city":"b","postal_code":"c","country":"NLD",
        "coordinates":{"latitude":"52.089444","longitude":"5.110278"},"last_updated":"2024-06-01T10:00:00Z"}"#;
    let given = ["--object", "Location", "--owner", "NL-TNM", "--unpublished", "--time-zone", "Europe/Amsterdam"];
    let zoneless = convert(["2.1.1", "2.2.1"], &given[..5], location);
    assert_eq!(
        zoneless.err.lines().nth(1),
        Some("error: /time_zone: needed, and the document does not tell it; see --time-zone")
    );
    let run = convert(["2.1.1", "2.2.1"], &given, location);
    let newer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!((&newer["publish"], &newer["time_zone"]), (&json!(false), &json!("Europe/Amsterdam")));
}

#[test]
fn a_token_for_a_cdr_comes_from_a_file() {
    let cdr = r#"{"id":"C1","start_date_time":"2024-06-01T10:00:00Z","stop_date_time":"2024-06-01T11:00:00Z","auth_id":"T1",
        "auth_method":"WHITELIST","location":{"id":"LOC1","type":"ON_STREET","address":"a","city":"b","postal_code":"c",
        "country":"NLD","coordinates":{"latitude":"52.089444","longitude":"5.110278"},"last_updated":"2024-06-01T10:00:00Z",
        "evses":[{"uid":"1","status":"CHARGING","last_updated":"2024-06-01T10:00:00Z","connectors":[{"id":"1",
        "standard":"IEC_62196_T2","format":"SOCKET","power_type":"AC_1_PHASE","voltage":230,"amperage":16,
        "last_updated":"2024-06-01T10:00:00Z"}]}]},"currency":"EUR","charging_periods":[{"start_date_time":"2024-06-01T10:00:00Z",
        "dimensions":[{"type":"ENERGY","volume":10}]}],"total_cost":4,"total_energy":10,"total_time":1,
        "last_updated":"2024-06-01T11:00:00Z"}"#;
    let file = std::env::temp_dir().join(format!("chargewire-cdr-token-{}.json", std::process::id()));
    let path = file.to_str().expect("a path that is text");
    let given = ["--object", "CDR", "--owner", "NL-TNM", "--cdr-token", path];
    let needed = convert(["2.1.1", "2.2.1"], &given[..4], cdr);
    assert_eq!(
        needed.err.lines().nth(1),
        Some("error: /cdr_token: needed, and the document does not tell it; see --cdr-token")
    );
    let absent = convert(["2.1.1", "2.2.1"], &given, cdr);
    assert_eq!(absent.status, 3, "{}", absent.err);
    std::fs::write(&file, "{}").expect("a file");
    let empty = convert(["2.1.1", "2.2.1"], &given, cdr);
    assert_eq!(empty.status, 2);
    assert!(empty.err.contains("no CdrToken of OCPI 2.2.1: error: /"), "{}", empty.err);
    let token = r#"{"country_code":"NL","party_id":"ABC","uid":"T1","type":"RFID","contract_id":"T1"}"#;
    std::fs::write(&file, token).expect("a file");
    let run = convert(["2.1.1", "2.2.1"], &given, cdr);
    std::fs::remove_file(&file).expect("ours");
    assert_eq!(run.status, 0, "{}", run.err);
    let newer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(newer["cdr_token"]["party_id"], "ABC");
}

#[test]
fn what_the_other_version_demands_is_not_made_up() {
    // nothing in a tariff of 2.1.1 tells its owner
    let older = convert(["2.2.1", "2.1.1"], &["--object", "Tariff"], TARIFF).out;
    let people = convert(["2.1.1", "2.2.1"], &["--object", "Tariff"], &older);
    assert_eq!((people.status, people.out.as_str()), (1, ""));
    let expected = "chargewire: the other version demands more\nerror: /country_code: needed, and the document does not tell it; see --owner\n";
    assert_eq!(people.err, expected);

    let run = convert(["2.1.1", "2.2.1"], &["--object", "Tariff", "--json"], &older);
    let finding = json!({
        "pointer": "/country_code", "rule": null, "severity": "error",
        "message": "needed, and the document does not tell it; see --owner"
    });
    let expected =
        json!({"document": null, "losses": [], "refusal": "the other version demands more", "findings": [finding]});
    assert_eq!((run.status, run.err.as_str(), run.json()), (1, "", vec![expected]));
}

#[test]
fn every_listed_object_has_a_schema() {
    let all = run(&["schema", "--list"], "").out;
    let ocpi: Vec<_> = all.lines().filter_map(|line| line.strip_prefix("ocpi ")).collect();
    assert_eq!(ocpi.iter().collect::<BTreeSet<_>>().len(), ocpi.len());
    for version in ["2.1.1", "2.2.1", "2.3.0"] {
        let only = run(&["schema", "--list", "--ocpi", version], "");
        assert!(only.status == 0 && only.out.lines().count() > 30);
        assert!(all.contains(&only.out));
        for line in only.out.lines().step_by(5) {
            let name = line.strip_prefix(&format!("ocpi {version} ")).expect("version and name");
            assert_eq!(schema(version, name)["title"], *name);
        }
    }
    assert!(!run(&["schema", "--list", "--ocpp", "1.6"], "").out.contains("ocpi"));
}

#[test]
fn a_schema_is_printed_by_the_name_of_its_object() {
    let location = schema("2.2.1", "location");
    assert_eq!(location, schema("2.2.1", "Location"));
    assert_eq!(location["properties"]["id"]["maxLength"], 36);
    assert_ne!(location, schema("2.1.1", "Location"));
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["check", "--ocpi", "2.2.1"][..],
        &["check", "--object", "Location"],
        &["check", "--ocpi", "2.0", "--object", "Location"],
        &["check", "--ocpi", "2.1.1", "--object", "Price"],
        &["check", "--ocpp", "1.6", "--ocpi", "2.2.1", "--object", "Location"],
        &["check", "--ocpp", "1.6", "--object", "Location"],
        &["check", "--ocpi", "2.2.1", "--object", "Location", "--from", "csms"],
        &["check", "--ocpi", "2.2.1", "--object", "Location", "--policy", "enforce"],
        &["check", "--ocpi", "2.2.1", "--object", "Location", "--salvage"],
        &["check", "--ocpi", "2.2.1", "--object", "Location", "--reply-to", "Reset"],
        &["check", "--ocpi", "2.2.1", "--object", "Location", "one", "two"],
        &["schema", "--ocpi", "2.2.1"],
        &["schema", "--ocpi", "2.2.1", "--ocpp", "1.6", "Location"],
        &["schema", "--ocpi", "2.2.1", "--ocpp", "1.6", "--list"],
        &["schema", "--ocpi", "2.2.1", "Authorize"],
        &["convert"],
        &["convert", "--object", "Tariff"],
        &["convert", "--ocpi", "2.2.1", "--object", "Tariff"],
        &["convert", "--ocpi", "2.2.1", "2.1.1"],
        &["convert", "--ocpi", "2.2.1", "2.0", "--object", "Tariff"],
        &["convert", "--ocpi", "2.2.1", "2.1.1", "--object", "Price"],
        &["convert", "--ocpi", "2.1.1", "2.2.1", "--object", "Price"],
        &["convert", "--ocpi", "2.2.1", "2.1.1", "--ocpi", "2.2.1", "2.1.1", "--object", "Tariff"],
    ] {
        let run = run(arguments, TARIFF);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
    assert_eq!(run(&["convert", "--help"], "").status, 0);
}

#[test]
fn an_unknown_object_is_met_with_the_near_names_or_all() {
    let said = |name| run(&["schema", "--ocpi", "2.2.1", name], "").err;
    assert_eq!(said("Locaton"), "chargewire: OCPI 2.2.1 has no object Locaton; it has for instance Location\n");
    let all = said("Zebra");
    assert!(all.starts_with("chargewire: OCPI 2.2.1 has no object Zebra; it has Credentials, "), "{all}");
    assert!(all.contains(", Tariff, ") && all.contains(", EVSE, "), "{all}");
}
