//! PUT and PATCH, owners and identifiers (rule book parts C.1 and D).

use ocpi_types::{
    Applied, DateTime, Interface, Method, Missing, Module, PartError, Party, Patch, PatchError, PatchOf, StalePolicy,
    Verdict, Version, apply, check_body, check_owner, decode, replace, route, v211, v221, v230,
};
use serde_json::{Value, json};

use crate::generate::{minimal, set};

fn of<T: ocpi_types::Object>(changes: &[(&str, Value)]) -> T {
    let mut value = minimal(T::SHAPE);
    for (pointer, change) in changes {
        set(&mut value, pointer, change.clone());
    }
    decode(&value.to_string()).unwrap()
}

fn location() -> v221::Location {
    let evse = minimal(<v221::Evse as ocpi_types::Object>::SHAPE);
    of(&[("/evses", json!([evse])), ("/name", json!("old")), ("/id", json!("LOC1"))])
}

fn patch<P: serde::de::DeserializeOwned>(value: Value) -> P {
    serde_json::from_value(value).unwrap()
}

fn changed<T: std::fmt::Debug>(applied: Applied<T>) -> T {
    match applied {
        Applied::Changed(value) => value,
        Applied::Stale => panic!("stale"),
    }
}

const LATER: &str = "2024-05-01T12:00:00Z";

/// ABS-06: a patch that is sent says what is set, what is taken back, and nothing else.
#[test]
fn abs_06_patches_are_written_as_they_are_read() {
    let nothing = v221::LocationPatch::new();
    assert_eq!(serde_json::to_string(&nothing).unwrap(), "{}");
    let mut update = v221::LocationPatch::new();
    update.name = Patch::Clear;
    update.facilities = Patch::Set(Vec::new());
    update.last_updated = Patch::Set(LATER.parse().unwrap());
    let text = serde_json::to_string(&update).unwrap();
    assert_eq!(text, format!(r#"{{"name":null,"facilities":[],"last_updated":"{LATER}"}}"#));
    assert_eq!(serde_json::from_str::<v221::LocationPatch>(&text).unwrap(), update);
}

/// PAT-01: only what is mentioned changes.
#[test]
fn pat_01_only_mentioned_members_change() {
    let stored = location();
    let update = patch::<v221::LocationPatch>(json!({ "name": "new", "last_updated": LATER }));
    assert_eq!(update.mentioned(), ["name", "last_updated"]);
    let after = changed(apply(&stored, update, StalePolicy::IgnoreOlder).unwrap());
    let mut expected = stored;
    expected.name = Some("new".into());
    expected.last_updated = LATER.parse().unwrap();
    assert_eq!(after, expected);
}

/// PAT-02, PAT-03, X-GEN-03: `last_updated` is demanded from 2.2.1 on, and not for terminals.
#[test]
fn pat_02_last_updated_is_demanded() {
    let update = patch::<v221::EvsePatch>(json!({ "status": "CHARGING" }));
    let error = apply(&of::<v221::Evse>(&[]), update, StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(error, PatchError::LastUpdatedMissing);
    assert_eq!(Verdict::from(&error).status(Version::V2_2_1).get(), 2001);
    let update = patch::<v211::EvsePatch>(json!({ "status": "REMOVED" }));
    let after = changed(apply(&of::<v211::Evse>(&[]), update, StalePolicy::IgnoreOlder).unwrap());
    assert_eq!(after.status, v211::Status::Removed);
    let update = patch::<v230::TerminalPatch>(json!({ "location_ids": ["L"] }));
    assert!(apply(&of::<v230::Terminal>(&[]), update, StalePolicy::IgnoreOlder).is_ok());
}

/// PAT-04 and LOC-13: times go up and never down.
#[test]
fn pat_04_times_go_up() {
    let stored = location();
    let (uid, id) = (stored.evses[0].uid.clone(), stored.evses[0].connectors[0].id.clone());
    let update = patch::<v221::ConnectorPatch>(json!({ "tariff_ids": ["T"], "last_updated": LATER }));
    let after = changed(stored.patch_connector(&uid, &id, update, StalePolicy::IgnoreOlder).unwrap());
    let later: DateTime = LATER.parse().unwrap();
    let times = [after.last_updated, after.evses[0].last_updated, after.evses[0].connectors[0].last_updated];
    assert_eq!(times, [later; 3]);
    let mut newer = stored.clone();
    newer.last_updated = "2025-01-01T00:00:00Z".parse().unwrap();
    let update = patch::<v221::EvsePatch>(json!({ "status": "CHARGING", "last_updated": LATER }));
    let after = changed(newer.patch_evse(&uid, update, StalePolicy::IgnoreOlder).unwrap());
    assert_eq!((after.last_updated, after.evses[0].last_updated), (newer.last_updated, later));
}

/// PAT-05 and ABS-06: null clears optional members and is refused for required ones.
#[test]
fn pat_05_null() {
    let stored = location();
    let update = patch::<v221::LocationPatch>(json!({ "name": null, "last_updated": LATER }));
    assert_eq!(update.name, Patch::Clear);
    assert!(changed(apply(&stored, update.clone(), StalePolicy::IgnoreOlder).unwrap()).name.is_none());
    assert_eq!(serde_json::to_value(&update).unwrap(), json!({ "name": null, "last_updated": LATER }));
    let update = patch::<v221::LocationPatch>(json!({ "city": null, "last_updated": LATER }));
    let error = apply(&stored, update, StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(error, PatchError::Required { member: "city" });
}

/// PAT-06: lists and objects are replaced; booking terms are merged.
#[test]
fn pat_06_replaced_as_a_whole() {
    let mut stored = location();
    stored.directions = vec![v221::DisplayText::new("en", "left"), v221::DisplayText::new("nl", "links")];
    let update = patch(json!({ "directions": [{ "language": "de", "text": "links" }], "last_updated": LATER }));
    let after = changed(apply::<v221::LocationPatch>(&stored, update, StalePolicy::IgnoreOlder).unwrap());
    assert_eq!(after.directions.len(), 1);

    let terms = minimal(<v230::BookingTerms as ocpi_types::Object>::SHAPE);
    let booking: v230::BookingLocation = of(&[("/booking_option", json!({})), ("/booking_terms", terms)]);
    let update =
        patch::<v230::BookingLocationPatch>(json!({ "booking_terms": { "noshow_fee": true }, "last_updated": LATER }));
    let after = changed(apply(&booking, update.clone(), StalePolicy::IgnoreOlder).unwrap());
    let terms = after.booking_terms.unwrap();
    assert_eq!((terms.noshow_fee, terms.supported_access_methods.len()), (Some(true), 1));
    let bare: v230::BookingLocation = of(&[("/booking_option", json!({}))]);
    let error = apply(&bare, update, StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(error, PatchError::NothingToComplete { member: "booking_terms" });
}

/// PAT-07, LOC-04: parts are addressed by URL, unknown ones are not found.
#[test]
fn pat_07_parts() {
    let stored = location();
    let update = patch::<v221::EvsePatch>(json!({ "status": "CHARGING", "last_updated": LATER }));
    let error = stored.patch_evse("nowhere", update, StalePolicy::IgnoreOlder).unwrap_err();
    assert_eq!(error, PartError::Unknown);
    assert_eq!(Verdict::from(&error), Verdict::NotFound(Missing::Location));
    let mut location = stored.clone();
    assert!(location.put_evse(of::<v221::Evse>(&[("/uid", json!("new")), ("/last_updated", json!(LATER))])));
    assert!(!location.put_evse(of::<v221::Evse>(&[("/uid", json!("NEW"))])), "letter case does not count");
    assert_eq!(location.last_updated, LATER.parse().unwrap());
    assert!(location.put_connector("new", of::<v221::Connector>(&[("/id", json!("9"))])).unwrap());
    assert!(location.put_connector("nowhere", of::<v221::Connector>(&[])).is_err());
}

/// PAT-08 and SES-05: sessions append periods, in 2.1.1 they replace them.
#[test]
fn pat_08_sessions_append_periods() {
    let period = json!({ "start_date_time": LATER, "dimensions": [{ "type": "ENERGY", "volume": 1 }] });
    let stored: v221::Session = of(&[("/charging_periods", json!([period, period]))]);
    for (list, expected) in [(json!([period]), 3), (json!([]), 2), (json!(null), 2)] {
        let update = patch::<v221::SessionPatch>(json!({ "charging_periods": list, "last_updated": LATER }));
        let after = changed(apply(&stored, update, StalePolicy::IgnoreOlder).unwrap());
        assert_eq!(after.charging_periods.len(), expected);
    }
    let old: v211::Session = of(&[("/charging_periods", json!([period, period]))]);
    let update = patch::<v211::SessionPatch>(json!({ "charging_periods": [period] }));
    assert_eq!(changed(apply(&old, update, StalePolicy::IgnoreOlder).unwrap()).charging_periods.len(), 1);
}

/// PAT-09, PAT-10, X-LOC-07: identifiers and owners never change; letter case is no change from 2.2.1 on.
#[test]
fn pat_09_and_10_identity() {
    let stored = location();
    for (member, value) in [("id", "LOC2"), ("country_code", "DE"), ("party_id", "XXX")] {
        let update = patch::<v221::LocationPatch>(json!({ member: value, "last_updated": LATER }));
        let error = apply(&stored, update, StalePolicy::IgnoreOlder).unwrap_err();
        assert_eq!(error, PatchError::Identity { member });
    }
    let update = patch::<v221::LocationPatch>(json!({ "id": "loc1", "last_updated": LATER }));
    assert!(apply(&stored, update, StalePolicy::IgnoreOlder).is_ok());
    let mut other = stored.clone();
    other.id = "LOC9".into();
    assert!(replace(&stored, other, StalePolicy::IgnoreOlder).is_err());
}

/// PAT-11: older updates are reported and, unless wanted, change nothing.
#[test]
fn pat_11_stale() {
    let stored: v221::Location = of(&[]);
    let older = json!({ "name": "x", "last_updated": "2023-01-01T00:00:00Z" });
    let update = patch::<v221::LocationPatch>(older);
    assert_eq!(apply(&stored, update.clone(), StalePolicy::IgnoreOlder), Ok(Applied::Stale));
    assert_eq!(changed(apply(&stored, update, StalePolicy::Apply).unwrap()).name.unwrap(), *"x");
    let mut older = stored.clone();
    older.last_updated = "2023-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(replace(&stored, older, StalePolicy::IgnoreOlder), Ok(Applied::Stale));
}

/// PAT-14: the result has to be valid, and an old defect is no hindrance.
#[test]
fn pat_14_the_result_is_valid() {
    let stored = location();
    let uid = stored.evses[0].uid.clone();
    let update = patch::<v221::EvsePatch>(json!({ "connectors": [], "last_updated": LATER }));
    let error = stored.patch_evse(&uid, update, StalePolicy::IgnoreOlder).unwrap_err();
    assert!(matches!(error, PartError::Patch(PatchError::Invalid { .. })), "{error}");
    let mut defect = stored.clone();
    defect.address = "x".repeat(300).as_str().into();
    let update = patch::<v221::LocationPatch>(json!({ "name": "new", "last_updated": LATER }));
    assert!(apply(&defect, update, StalePolicy::IgnoreOlder).is_ok());
}

/// ABS-05 and SES-04: PUT resets what is absent.
#[test]
fn abs_05_put_replaces() {
    let stored = location();
    let mut new = stored.clone();
    new.name = None;
    assert!(changed(replace(&stored, new, StalePolicy::IgnoreOlder).unwrap()).name.is_none());
}

/// OWN-04 to OWN-07, X-GEN-01, X-GEN-02: owners and identifiers of URL and body.
#[test]
fn own_04_to_07_url_and_body() {
    let at = |path: &str| {
        route(Version::V2_2_1, Module::Locations, Some(Interface::Receiver), Method::Put, path, "").unwrap()
    };
    let body = location();
    assert_eq!(check_body(&at("/nl/tnm/loc1"), &body), Ok(()));
    for path in ["/DE/TNM/LOC1", "/NL/ALL/LOC1", "/NL/TNM/LOC2"] {
        assert_eq!(check_body(&at(path), &body), Err(Verdict::InvalidParameters), "{path}");
    }
    let parties = [Party::new("NL", "TNM")];
    assert_eq!(check_owner(&at("/NL/TNM/LOC1"), &parties), Ok(()));
    assert_eq!(check_owner(&at("/NL/ABC/LOC1"), &parties), Err(Verdict::NotFound(Missing::Object)));
    assert_eq!(check_owner(&at("/NL/ABC/LOC1"), &parties).unwrap_err().http(), 404);
}

/// OWN-09, OWN-10, X-TOK-01: the type of a token is part of its identity.
#[test]
fn own_10_type_of_tokens() {
    let at = |query: &str| {
        let path = "/NL/TNM/T1";
        route(Version::V2_2_1, Module::Tokens, Some(Interface::Receiver), Method::Put, path, query).unwrap()
    };
    let body: v221::Token = of(&[("/uid", json!("T1")), ("/type", json!("APP_USER"))]);
    assert_eq!(at("").token_type(), "RFID");
    assert_eq!(check_body(&at("type=APP_USER"), &body), Ok(()));
    assert_eq!(check_body(&at(""), &body), Err(Verdict::InvalidParameters));
    assert_eq!(at("token_type=OTHER").token_type(), "OTHER", "E-11");
}

/// OWN-11, X-HUB-01, HCI-02: a hub pushes infos about others; party and role are the key.
#[test]
fn own_11_client_infos() {
    let path = "/NL/ABC";
    let at = route(Version::V2_2_1, Module::HubClientInfo, Some(Interface::Receiver), Method::Put, path, "").unwrap();
    assert_eq!(check_owner(&at, &[Party::new("NL", "HUB")]), Ok(()));
    let cpo: v221::ClientInfo = of(&[("/role", json!("CPO")), ("/status", json!("OFFLINE"))]);
    let emsp: v221::ClientInfo = of(&[("/role", json!("EMSP")), ("/status", json!("CONNECTED"))]);
    assert_ne!(cpo.key(), emsp.key());
    assert_eq!((cpo.may_send(), emsp.may_send()), (false, true));
}

/// X-BOK-12: the time of a calendar goes up.
#[test]
fn x_bok_12_calendars() {
    let calendar = minimal(<v230::Calendar as ocpi_types::Object>::SHAPE);
    let stored: v230::BookingLocation = of(&[("/booking_option", json!({})), ("/calendars", json!([calendar]))]);
    let id = stored.calendars[0].id.clone();
    let update = patch::<v230::CalendarPatch>(json!({ "timeslot_increment": 15, "last_updated": LATER }));
    let after = changed(stored.patch_calendar(&id, update, StalePolicy::IgnoreOlder).unwrap());
    assert_eq!(after.last_updated, LATER.parse().unwrap());
}
