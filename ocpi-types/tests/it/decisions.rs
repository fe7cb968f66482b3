//! What the documents decide (rule book parts I to O, Q and R).

use ocpi_types::{
    DateTime, TokenDecision, Transition, Verdict, decide_preferences, decide_token, decode, needs_authorization, v211,
    v221, v230,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::generate::{minimal, set};

fn of<T: ocpi_types::Object>(changes: &[(&str, Value)]) -> T {
    let mut value = minimal(T::SHAPE);
    for (pointer, change) in changes {
        set(&mut value, pointer, change.clone());
    }
    decode(&value.to_string()).unwrap()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// TOK-02 to TOK-04.
#[test]
fn tok_02_to_04_whitelist() {
    use TokenDecision::{Allow, Ask, Deny, Either};
    for (whitelist, valid, online, expected) in [
        ("ALWAYS", true, true, Allow),
        ("ALWAYS", false, true, Deny),
        ("ALWAYS", true, false, Allow),
        ("ALLOWED", true, true, Either { allow: true }),
        ("ALLOWED", false, false, Deny),
        ("ALLOWED", true, false, Allow),
        ("ALLOWED_OFFLINE", true, true, Ask),
        ("ALLOWED_OFFLINE", true, false, Allow),
        ("ALLOWED_OFFLINE", false, false, Deny),
        ("NEVER", true, true, Ask),
        ("NEVER", false, true, Ask),
        ("NEVER", true, false, Deny),
        ("SOMETHING", true, false, Deny),
    ] {
        assert_eq!(decide_token(whitelist, valid, online), expected, "{whitelist} {valid} {online}");
    }
}

/// TOK-13.
#[test]
fn tok_13_groups() {
    let card: v221::Token = of(&[("/uid", json!("1")), ("/group_id", json!("G"))]);
    let app: v221::Token = of(&[("/uid", json!("2")), ("/group_id", json!("g"))]);
    let other: v221::Token = of(&[("/uid", json!("3"))]);
    assert!(card.acts_like(&app));
    assert!(!other.acts_like(&app));
    assert!(other.acts_like(&other));
}

/// SES-01 to SES-03.
#[test]
fn ses_01_transitions() {
    use v221::SessionStatus::{Active, Completed, Invalid, Pending, Reservation};
    assert_eq!(Pending.transition(&Active), Transition::Legal);
    assert_eq!(Pending.transition(&Completed), Transition::Legal);
    assert_eq!(Active.transition(&Pending), Transition::Illegal);
    assert_eq!(Reservation.transition(&Active), Transition::Legal);
    assert_eq!(Completed.transition(&Active), Transition::AfterFinal);
    assert_eq!(Invalid.transition(&Invalid), Transition::Legal);
    assert_eq!(v211::SessionStatus::Active.transition(&v211::SessionStatus::Completed), Transition::Legal);
}

/// SES-06 and X-SES-01: the start moves when a session becomes active.
#[test]
fn x_ses_01_activation() {
    let mut session: v221::Session = of(&[("/status", json!("PENDING"))]);
    session.activate(at("2024-06-01T00:00:00Z"));
    assert_eq!(session.start_date_time, at("2024-06-01T00:00:00Z"));
    assert_eq!(session.status, v221::SessionStatus::Active);
}

/// SES-10, X-SES-09 and ENV-18.
#[test]
fn ses_10_preferences() {
    assert_eq!(decide_preferences(false, true, false, false, true), Err(Verdict::NotPreferencesCapable));
    assert_eq!(Verdict::NotPreferencesCapable.http(), 404);
    assert_eq!(Verdict::NotPreferencesCapable.status(ocpi_types::Version::V2_2_1).get(), 2001);
    assert_eq!(decide_preferences(true, false, true, true, false), Ok("PROFILE_TYPE_NOT_SUPPORTED"));
    assert_eq!(decide_preferences(true, true, true, true, false), Ok("DEPARTURE_REQUIRED"));
    assert_eq!(decide_preferences(true, true, false, true, false), Ok("ENERGY_NEED_REQUIRED"));
    assert_eq!(decide_preferences(true, true, false, false, false), Ok("NOT_POSSIBLE"));
    assert_eq!(decide_preferences(true, true, false, false, true), Ok("ACCEPTED"));
}

/// CDR-04, CDR-07, X-CDR-05.
#[test]
fn cdr_04_credit() {
    let cdr: v221::Cdr = of(&[
        ("/id", json!("C1")),
        ("/session_id", json!("S")),
        ("/total_cost", json!({ "excl_vat": 4.00, "incl_vat": 4.84 })),
        ("/total_time", json!(3)),
        ("/total_parking_time", json!(1)),
        ("/charging_periods/0/dimensions/0/type", json!("ENERGY")),
    ]);
    let credit = cdr.credit(None);
    assert_eq!((credit.id.as_str(), credit.credit), ("C1-C", Some(true)));
    assert_eq!(credit.credit_reference_id.as_ref().unwrap(), &cdr.id);
    assert_eq!(credit.total_cost.excl_vat.value(), Decimal::from(-4));
    assert_eq!(credit.total_cost.incl_vat.unwrap().value(), Decimal::new(-484, 2));
    assert_eq!(credit.total_energy, cdr.total_energy);
    assert!(!ocpi_types::has_errors(&ocpi_types::Object::validate(&credit)));
    assert_eq!(cdr.charging_hours(), Some(Decimal::from(2)));
    let taxed = v230::Price { before_taxes: 4.into(), taxes: vec![v230::TaxAmount::new("VAT", 1)] };
    assert_eq!(taxed.negated().taxes[0].amount, (-1).into());
}

/// CDR-06 and CDR-14: what a CDR tells of a location, and what does not fit.
#[test]
fn cdr_14_snapshots() {
    let evse = minimal(<v221::Evse as ocpi_types::Object>::SHAPE);
    let location: v221::Location = of(&[("/evses", json!([evse])), ("/address", json!("x".repeat(60)))]);
    let (uid, id) = (&location.evses[0].uid, &location.evses[0].connectors[0].id);
    let place = location.snapshot(uid, id).unwrap();
    assert_eq!((&place.id, place.evse_id.known()), (&location.id, None));
    let found = ocpi_types::Object::validate(&place);
    assert_eq!((found[0].pointer.as_str(), found[0].rule), ("/address", "STR-05"));
    assert!(location.snapshot(uid, "nowhere").is_none() && location.snapshot("nowhere", id).is_none());
}

/// LOC-02.
#[test]
fn loc_02_expired() {
    let evse = minimal(<v221::Evse as ocpi_types::Object>::SHAPE);
    let mut location: v221::Location = of(&[]);
    assert!(location.is_expired());
    location = of(&[("/evses", json!([evse]))]);
    assert!(!location.is_expired());
    location.evses[0].status = v221::Status::Removed;
    assert!(location.is_expired());
}

/// LOC-07 and X-LOC-16: opening hours at their borders; Amsterdam is two hours ahead in summer.
#[test]
fn loc_07_opening_hours() {
    const SUMMER: i64 = 7200;
    let hours: v221::Hours = decode(
        r#"{"twentyfourseven":false,
            "regular_hours":[{"weekday":1,"period_begin":"08:00","period_end":"20:00"}],
            "exceptional_openings":[{"period_begin":"2024-06-08T10:00:00Z","period_end":"2024-06-08T12:00:00Z"}],
            "exceptional_closings":[{"period_begin":"2024-06-10T10:00:00Z","period_end":"2024-06-10T11:00:00Z"},
                                    {"period_begin":"2024-06-08T11:00:00Z","period_end":"2024-06-08T11:30:00Z"}]}"#,
    )
    .unwrap();
    for (time, open) in [
        ("2024-06-10T05:59:59Z", false), // Monday
        ("2024-06-10T06:00:00Z", true),
        ("2024-06-10T09:59:59Z", true),
        ("2024-06-10T10:00:00Z", false),
        ("2024-06-10T11:00:00Z", true),
        ("2024-06-10T17:59:59Z", true),
        ("2024-06-10T18:00:00Z", false),
        ("2024-06-11T10:00:00Z", false),
        ("2024-06-08T10:00:00Z", true), // Saturday, by exception
        ("2024-06-08T11:10:00Z", false),
        ("2024-06-08T12:00:00Z", false),
    ] {
        assert_eq!(hours.is_open(at(time), SUMMER), open, "{time}");
    }
    let always: v211::Hours = decode(r#"{"twentyfourseven":true}"#).unwrap();
    assert!(always.is_open(at("2024-06-11T03:00:00Z"), SUMMER));
}

/// LOC-09, X-LOC-02, X-LOC-03: who sees unpublished locations.
#[test]
fn loc_09_visibility() {
    let card: v221::Token =
        of(&[("/uid", json!("U")), ("/type", json!("RFID")), ("/visual_number", json!("V")), ("/issuer", json!("I"))]);
    let see = |publish: bool, list: Value| {
        let location: v221::Location = of(&[("/publish", json!(publish)), ("/publish_allowed_to", list)]);
        location.is_visible_to(&card)
    };
    assert!(see(true, json!([])));
    assert!(!see(false, json!([])));
    assert!(see(false, json!([{ "uid": "u", "type": "RFID" }])));
    assert!(!see(false, json!([{ "uid": "u", "type": "APP_USER" }])));
    assert!(see(false, json!([{ "group_id": "x" }, { "visual_number": "V", "issuer": "I" }])));
    assert!(!see(false, json!([{ "visual_number": "v", "issuer": "I" }])), "letter case counts here");
    assert!(!see(false, json!([{ "issuer": "I" }])), "an issuer alone tells nothing");
}

/// LOC-17, X-LOC-10 and X-LOC-11: the operator, or who stands behind the credentials.
#[test]
fn x_loc_11_operator() {
    let role = |party: &str, name: &str| json!({ "role": "CPO", "business_details": { "name": name }, "party_id": party, "country_code": "NL" });
    let credentials: v221::Credentials = of(&[("/roles", json!([role("AAA", "a"), role("TNM", "b")]))]);
    let location: v221::Location = of(&[]);
    assert_eq!(location.operator_in(&credentials).unwrap().name, *"b");
    let told: v221::Location = of(&[("/operator", json!({ "name": "c" }))]);
    assert_eq!(told.operator_in(&credentials).unwrap().name, *"c");
    let old: v211::Credentials = of(&[("/business_details/name", json!("d"))]);
    assert_eq!(of::<v211::Location>(&[]).operator_in(&old).name, *"d");
}

/// CHP-07, CHP-08, X-CHP-02, X-CHP-03.
#[test]
fn chp_07_limits() {
    let text = r#"{"charging_rate_unit":"A","duration":3600,
        "charging_profile_period":[{"start_period":0,"limit":16},{"start_period":1800,"limit":8.5}]}"#;
    let mut profile: v221::ChargingProfile = decode(text).unwrap();
    let start = at("2024-06-01T10:00:00Z");
    let limit = |profile: &v221::ChargingProfile, time: &str| profile.limit_at(at(time), start);
    assert_eq!(limit(&profile, "2024-06-01T09:59:59Z"), None);
    assert_eq!(limit(&profile, "2024-06-01T10:00:00Z"), Some(Decimal::from(16)));
    assert_eq!(limit(&profile, "2024-06-01T10:29:59Z"), Some(Decimal::from(16)));
    assert_eq!(limit(&profile, "2024-06-01T10:30:00Z"), Some(Decimal::new(85, 1)));
    assert_eq!(limit(&profile, "2024-06-01T11:00:00Z"), None);
    let active = v221::ActiveChargingProfile::new(at("2024-06-01T12:00:00Z"), profile.clone());
    assert_eq!(active.limit_at(at("2024-06-01T12:45:00Z")), Some(Decimal::new(85, 1)));
    profile.duration = None;
    assert_eq!(limit(&profile, "2030-01-01T00:00:00Z"), Some(Decimal::new(85, 1)));
    profile.start_date_time = Some(at("2024-06-01T10:10:00Z"));
    assert_eq!(limit(&profile, "2024-06-01T10:35:00Z"), Some(Decimal::from(16)));
}

/// CMD-07.
#[test]
fn cmd_07_authorisation_after_commands() {
    let command = at("2024-06-01T10:00:00Z");
    assert!(!needs_authorization(false, Some(command), at("2024-06-01T10:14:59Z")));
    assert!(needs_authorization(false, Some(command), at("2024-06-01T10:15:01Z")));
    assert!(needs_authorization(false, None, command));
    assert!(!needs_authorization(true, None, command));
}

/// BOK-01, BOK-05, X-BOK-06, X-BOK-07 and X-BOK-08.
#[test]
fn bok_05_terms() {
    use v230::ReservationStatus::{Canceled, Fulfilled, Pending, Reserved};
    assert_eq!(Pending.transition(&Reserved), Transition::Legal);
    assert_eq!(Reserved.transition(&Fulfilled), Transition::Legal);
    assert_eq!(Pending.transition(&Fulfilled), Transition::Illegal);
    assert_eq!(Canceled.transition(&Reserved), Transition::AfterFinal);
    let mut terms: v230::BookingTerms =
        of(&[("/change_until_minutes", json!(60)), ("/cancel_until_minutes", json!(30))]);
    let start = at("2024-06-01T10:00:00Z");
    assert!(terms.can_change(start, at("2024-06-01T09:00:00Z")));
    assert!(!terms.can_change(start, at("2024-06-01T09:00:01Z")));
    assert!(terms.can_cancel(start, at("2024-06-01T09:30:00Z")));
    terms.change_not_allowed = Some(true);
    assert!(!terms.can_change(start, at("2024-06-01T01:00:00Z")));
    assert_eq!(terms.no_show_at(start), None);
    terms.noshow_timeout = Some(15.into());
    assert_eq!(terms.no_show_at(start), Some(at("2024-06-01T10:15:00Z")));
    let mut request: v230::BookingRequest = of(&[]);
    assert!(!request.is_cancellation());
    request.canceled = Some(v230::Cancellation::new("FULL", "EMSP"));
    assert!(request.is_cancellation());
}

/// PAY-03, X-PAY-02 and X-PAY-06.
#[test]
fn pay_03_terminals() {
    let terminal: v230::Terminal = of(&[("/location_ids", json!(["L1"])), ("/evse_uids", json!(["E2"]))]);
    assert!(terminal.serves("l1", "E9") && terminal.serves("L2", "e2") && !terminal.serves("L2", "E9"));
    let mut cdr: v230::Cdr = of(&[]);
    assert!(!cdr.is_invoiced_by_cpo());
    cdr.invoice_reference_id = Some("I".into());
    assert!(cdr.is_invoiced_by_cpo());
}
