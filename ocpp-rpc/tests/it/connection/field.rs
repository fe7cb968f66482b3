//! Deviations seen in the field that need no quirk: a CSMS that repairs serves them, whoever sends them.

use ocpp_rpc::{CallFailure, CallOptions, Input, Machine};
use ocpp_types::Version;

use super::*;

/// A CSMS is given the request, and what was repaired is listed.
#[track_caller]
fn is_served(action: &str, payload: &str, repairs: usize) {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(&format!("[2,\"1\",\"{action}\",{payload}]")));
    let incoming = request(&mut csms);
    assert_eq!(incoming.action(), action);
    assert_eq!(incoming.remarks().len(), repairs, "{:?}", incoming.remarks());
}

/// MeterValues with one reading.
fn reading(sampled_value: &str) -> String {
    format!(
        r#"{{"connectorId":1,"meterValue":[{{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{sampled_value}]}}]}}"#
    )
}

#[test]
fn abb_writes_other_vendor_codes_and_no_time() {
    is_served(
        "StatusNotification",
        r#"{"connectorId":1,"errorCode":"NoError","status":"Finishing","info":"null","vendorErrorCode":"0x0000"}"#,
        0,
    );
}

#[test]
fn alfen_has_contexts_of_its_own() {
    is_served("MeterValues", &reading(r#"{"value":"1","context":"Sample.Stored"}"#), 1);
}

#[test]
fn delta_stops_transaction_0() {
    is_served("StopTransaction", r#"{"transactionId":0,"meterStop":0,"timestamp":"2026-03-01T10:15:30Z"}"#, 0);
}

#[test]
fn growatt_writes_local_time_without_zone() {
    is_served(
        "StatusNotification",
        r#"{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-01T10:15:30"}"#,
        1,
    );
}

#[test]
fn huawei_sends_one_meter_value_as_object() {
    let payload =
        r#"{"connectorId":1,"meterValue":{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{"value":"1"}]}}"#;
    is_served("MeterValues", payload, 1);
    is_served("BootNotification", r#"{"chargePointVendor":"","chargePointModel":"SCharger"}"#, 0);
}

#[test]
fn injet_has_current_on_phase_n() {
    is_served("MeterValues", &reading(r#"{"value":"0.1","measurand":"Current.Import","phase":"N"}"#), 0);
}

#[test]
fn legrand_has_error_codes_of_its_own() {
    is_served("StatusNotification", r#"{"connectorId":1,"errorCode":"Error","status":"Faulted"}"#, 1);
}

#[test]
fn openevse_sends_numbers_for_texts() {
    is_served("MeterValues", &reading(r#"{"value":1234.5}"#), 1);
}

#[test]
fn schneider_pads_its_serial_numbers() {
    is_served(
        "BootNotification",
        r#"{"chargePointVendor":"Schneider","chargePointModel":"EVlink","chargePointSerialNumber":"EVB1A22P4RI3N2004205012345678901234567"}"#,
        1,
    );
}

#[test]
fn sigen_echoes_long_tags() {
    is_served("Authorize", r#"{"idTag":"012345678901234567890"}"#, 1);
}

#[test]
fn vestel_prints_frames_on_many_lines() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text("[\n  2,\n  \"1\",\n  \"Heartbeat\",\n  {\n  }\n]"));
    assert!(request(&mut csms).frame_remarks().is_empty());
}

#[test]
fn zaptec_has_registers_beyond_32_bits() {
    is_served("StopTransaction", r#"{"transactionId":1,"meterStop":4294967296,"timestamp":"2026-03-01T10:15:30Z"}"#, 0);
}

/// Scame: typed configuration values, in an answer.
#[test]
fn scame_answers_with_typed_configuration_values() {
    let mut csms = csms(Version::V16);
    csms.call_raw(START, "GetConfiguration", "{}", CallOptions::default()).unwrap();
    let id = id_of(&sent_one(&mut csms));
    let text =
        format!(r#"[3,"{id}",{{"configurationKey":[{{"key":"HeartbeatInterval","readonly":false,"value":300}}]}}]"#);
    csms.handle_input(START, Input::Text(&text));
    let answer = answer(&mut csms);
    assert_eq!(answer.remarks().len(), 1);
    assert!(answer.into_raw().unwrap().unwrap().contains(r#""value":"300""#));
}

/// Grizzl-E: an answer cut off ends its call at once, not at its timeout.
#[test]
fn grizzl_e_cuts_off_long_answers() {
    let mut csms = csms(Version::V16);
    csms.call_raw(START, "GetConfiguration", "{}", CallOptions::default()).unwrap();
    let id = id_of(&sent_one(&mut csms));
    csms.handle_input(START, Input::Text(&format!(r#"[3,"{id}",{{"configurationKey":[{{"key":"Hea"#)));
    let all = events(&mut csms);
    let Some(Event::Answer(answer)) = all.first() else { panic!("{all:?}") };
    assert!(matches!(answer.failure(), Some(CallFailure::InvalidResponse(_))));
}

/// Home-made CSMS: numeric ids and more elements than there should be; a station that repairs still gets its answer.
#[test]
fn a_home_made_csms_names_the_action_in_its_results() {
    let repairing = |config: &mut ConnectionConfig| config.policy = ocpp_types::DecodePolicy::Repair;
    let mut station = station_with(Version::V16, repairing);
    let id = heartbeat(&mut station, START);
    station.handle_input(START, Input::Text(&format!("[3,\"{id}\",\"Heartbeat\",{TIME}]")));
    assert!(answer(&mut station).failure().is_none());
    let id = heartbeat(&mut station, START);
    station.handle_input(START, Input::Text(&format!("[3,\"{id}\",{TIME},\"more\"]")));
    assert!(answer(&mut station).failure().is_none());
    // a strict one does not guess
    let mut strict = self::station(Version::V16);
    let id = heartbeat(&mut strict, START);
    strict.handle_input(START, Input::Text(&format!("[3,\"{id}\",\"Heartbeat\",{TIME}]")));
    let all = events(&mut strict);
    assert!(matches!(&all[0], Event::Answer(answer) if answer.failure().is_some()), "{all:?}");
}

/// FoxESS: frames of 2.0.1 on a link of 1.6 are refused one by one, and the link lives on.
#[test]
fn foxess_speaks_another_version_than_it_agreed_to() {
    let mut csms = csms(Version::V16);
    let answers = feed(&mut csms, START, r#"[2,"1","TransactionEvent",{"eventType":"Started"}]"#);
    assert_eq!(answers, [r#"[4,"1","NotImplemented","",{}]"#]);
    assert_eq!(csms.version(), Some(Version::V16));
}

/// Field need 19: strict where it matters, lenient elsewhere, on one connection.
#[test]
fn each_rule_can_be_strict_or_lenient_for_itself() {
    use ocpp_types::Repair;

    let strict: &[Repair] = &[Repair::NumberAsText, Repair::UnknownMember];
    let mut csms = csms_with(Version::V16, |config| config.refused_repairs = strict);
    let says = |csms: &mut Connection<StationCall>, id: &str, payload: &str| {
        csms.handle_input(START, Input::Text(&format!("[2,{id},\"Authorize\",{payload}]")));
    };
    says(&mut csms, "\"1\"", r#"{"idTag":7}"#);
    assert_eq!(sent(&mut csms), [r#"[4,"1","TypeConstraintViolation","/idTag: a number where a text belongs",{}]"#]);
    says(&mut csms, "\"2\"", r#"{"idTag":"a","extra":1}"#);
    assert!(sent(&mut csms)[0].starts_with(r#"[4,"2","FormationViolation""#));
    // a frame that is odd, too, which this rule does not concern
    says(&mut csms, "3", r#"{"idTag":7}"#);
    assert!(sent(&mut csms)[0].starts_with("[4,3,\"FormationViolation\""));
    while csms.poll_event().is_some_and(|event| !matches!(event, Event::Call(_))) {}
    says(&mut csms, "\"4\"", r#"{"idTag":"123456789012345678901234"}"#);
    assert_eq!(request(&mut csms).remarks().len(), 1, "a text too long is still kept");

    let mut lenient = csms_with(Version::V16, |_| {});
    says(&mut lenient, "\"1\"", r#"{"idTag":7,"extra":1}"#);
    assert_eq!(request(&mut lenient).remarks().len(), 2);
}
