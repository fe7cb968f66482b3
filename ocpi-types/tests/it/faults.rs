//! Fault cases of part F that no other file has: F7, F8, F13, F14 and F15.

use ocpi_types::{
    Applied, Interface, Method, Missing, Module, Object, PartError, Party, PatchError, Severity, StalePolicy, Verdict,
    Version, apply, check_owner, decode, decode_strict, encode, inspect, route, v221,
};
use serde_json::{Value, json};

use crate::generate::{minimal, set};

fn of<T: Object>(changes: &[(&str, Value)]) -> T {
    let mut value = minimal(T::SHAPE);
    for (pointer, change) in changes {
        set(&mut value, pointer, change.clone());
    }
    decode(&value.to_string()).unwrap()
}

/// F7: PATCH without or with an older `last_updated`, of an unknown part, with null for a required member.
#[test]
fn f07_bad_patches() {
    let stored: v221::Location = of(&[]);
    let patch = |value: Value| serde_json::from_value::<v221::LocationPatch>(value).unwrap();
    let answer = |error: &PatchError| {
        let verdict = Verdict::from(error);
        (verdict.http(), verdict.status(Version::V2_2_1).get())
    };
    let missing = apply(&stored, patch(json!({ "name": "x" })), StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(answer(&missing), (200, 2001));
    let older = patch(json!({ "name": "x", "last_updated": "2020-01-01T00:00:00Z" }));
    assert_eq!(apply(&stored, older, StalePolicy::IgnoreOlder), Ok(Applied::Stale));
    let null = patch(json!({ "address": null, "last_updated": "2025-01-01T00:00:00Z" }));
    assert_eq!(answer(&apply(&stored, null, StalePolicy::IgnoreOlder).unwrap_err()), (200, 2001));
    let evse = serde_json::from_value(json!({ "status": "CHARGING", "last_updated": "2025-01-01T00:00:00Z" })).unwrap();
    let unknown = stored.patch_evse("nowhere", evse, StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(unknown, PartError::Unknown);
    let verdict = Verdict::from(&unknown);
    assert_eq!((verdict.http(), verdict.status(Version::V2_2_1).get()), (404, 2003));
}

/// F8: objects of other parties.
#[test]
fn f08_objects_of_others() {
    let mine = [Party::new("NL", "TNM"), Party::new("DE", "TNM")];
    for (module, path) in [
        (Module::Locations, "/NL/ABC/L1"),
        (Module::Locations, "/BE/TNM/L1/E1/C1"),
        (Module::Sessions, "/NL/ABC/S1"),
        (Module::Tariffs, "/NL/ABC/T1"),
        (Module::Tokens, "/NL/ABC/T1"),
    ] {
        let matched = route(Version::V2_2_1, module, Some(Interface::Receiver), Method::Put, path, "").unwrap();
        assert_eq!(check_owner(&matched, &mine), Err(Verdict::NotFound(Missing::Object)), "{path}");
    }
}

/// F13: what does not add up in a CDR is noted and never silent.
#[test]
fn f13_audit_of_cdrs() {
    let cdr = |changes: &[(&str, Value)]| {
        let mut all = vec![
            ("/session_id", json!("S")),
            ("/end_date_time", json!("2024-05-01T11:00:00Z")),
            ("/last_updated", json!("2024-05-01T11:00:00Z")),
            ("/charging_periods/0/dimensions", json!([{ "type": "ENERGY", "volume": 10.5 }])),
            ("/total_energy", json!(10.5)),
        ];
        all.extend(changes.iter().cloned());
        let found = of::<v221::Cdr>(&all).validate();
        found.into_iter().map(|it| (it.pointer, it.rule)).collect::<Vec<_>>()
    };
    let note = |pointer: &str, rule: &'static str| vec![(pointer.to_owned(), rule)];
    assert!(cdr(&[]).is_empty());
    assert_eq!(cdr(&[("/total_energy", json!(41000))]), note("/total_energy", "CDR-10"));
    assert_eq!(cdr(&[("/total_time", json!(5))]), note("/total_time", "CDR-07"));
    let backwards = [("/total_energy", json!(-10.5)), ("/charging_periods/0/dimensions/0/volume", json!(-10.5))];
    assert_eq!(cdr(&backwards), note("/total_energy", "NUM-06"));
    let sides =
        [("/total_cost", json!({ "excl_vat": 2 })), ("/total_time_cost", json!({ "excl_vat": 2, "incl_vat": 3 }))];
    assert_eq!(cdr(&sides), note("/total_cost", "TAR-10"));
    let parts = [("/total_cost", json!({ "excl_vat": 5 })), ("/total_time_cost", json!({ "excl_vat": 2 }))];
    assert_eq!(cdr(&parts), note("/total_cost", "CDR-10"));
    let rounded = [("/total_cost", json!({ "excl_vat": 2.01 })), ("/total_time_cost", json!({ "excl_vat": 2.006 }))];
    assert!(cdr(&rounded).is_empty(), "rounding is no defect");
}

/// F14: odd tariffs have a defined result; ten thousand elements take linear time.
#[test]
fn f14_odd_tariffs() {
    let element = json!({ "price_components": [{ "type": "ENERGY", "price": 0.25, "step_size": 0 }],
                          "restrictions": { "start_time": "22:00", "end_time": "22:00", "min_kwh": 5, "max_kwh": 4 } });
    let tariff = |count: usize| {
        let mut value = minimal(<v221::Tariff as Object>::SHAPE);
        value["elements"] = vec![element.clone(); count].into();
        value["min_price"] = json!({ "excl_vat": 9 });
        value["max_price"] = json!({ "excl_vat": 1 });
        decode::<v221::Tariff>(&value.to_string()).unwrap()
    };
    let found = tariff(1).validate();
    let rules: Vec<_> = found.iter().map(|it| it.rule).collect();
    assert_eq!(rules, ["X-TAR-10", "X-TAR-08", "X-TAR-08", "X-TAR-11", "X-TAR-06"]);
    let many = tariff(10_000);
    let started = std::time::Instant::now();
    assert_eq!(many.validate().len(), ocpi_types::MAX_FINDINGS, "the list is bounded");
    assert!(started.elapsed().as_secs() < 20);
}

/// F15: times with a space, without a zone, with an offset are taken, flagged, and written in UTC.
#[test]
fn f15_times() {
    for (text, flagged) in [
        ("2024-05-01T10:00:00", false),
        ("2024-05-01 10:00:00Z", true),
        ("2024-05-01 12:00:00+02:00", true),
        ("2024-05-01T05:30:00-0430", true),
        ("2024-05-01t10:00:00z", true),
    ] {
        let mut value = minimal(<v221::Token as Object>::SHAPE);
        value["whitelist"] = json!("NEVER");
        value["last_updated"] = json!(text);
        let token: v221::Token = decode(&value.to_string()).unwrap();
        assert_eq!(token.last_updated.to_string(), "2024-05-01T10:00:00Z", "{text}");
        let found = inspect::<v221::Token>(&value.to_string());
        assert_eq!(found.iter().any(|it| it.severity == Severity::Error), flagged, "{text}: {found:?}");
        assert_eq!(decode_strict::<v221::Token>(&value.to_string()).is_err(), flagged);
        assert_eq!(encode(&token).is_err(), flagged, "what was flagged is not sent on unnoticed");
        let repaired = v221::Token { last_updated: token.last_updated.convert(), ..token };
        assert!(encode(&repaired).unwrap().contains("\"2024-05-01T10:00:00Z\""));
    }
}

/// F16: objects and lists that are wide take linear time, also on the way that explains what is wrong.
#[test]
fn f16_wide_objects() {
    let started = std::time::Instant::now();
    let members: Vec<String> = (0..100_000).map(|index| format!("\"m{index}\":1")).collect();
    let error = decode::<v221::Location>(&format!("{{{}}}", members.join(","))).unwrap_err();
    assert_eq!(error.findings.len(), ocpi_types::MAX_FINDINGS);
    let period = r#"{"period_begin":"2024-01-01T00:00:00Z","period_end":"2024-01-01T00:00:01Z"}"#;
    let list = vec![period; 20_000].join(",");
    let hours =
        format!(r#"{{"twentyfourseven":true,"exceptional_openings":[{list}],"exceptional_closings":[{list}]}}"#);
    assert_eq!(inspect::<v221::Hours>(&hours).len(), ocpi_types::MAX_FINDINGS);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
