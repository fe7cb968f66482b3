//! The table of stations, one test per row.

use ocpp_rpc::{CallOptions, CallRefused, Connection, Input, KNOWN_STATIONS, Machine, Quirks, StationCall};
use ocpp_types::{Version, v16};

use super::*;

/// A CSMS that knows which station it talks to.
fn csms_for(vendor: &str) -> Connection<StationCall> {
    let quirks = Quirks::of(vendor, "", "");
    assert_ne!(quirks, Quirks::default(), "{vendor} is not in the table");
    let mut csms = csms(Version::V16);
    csms.set_quirks(quirks);
    csms
}

/// A text that only this station's quirks make readable.
#[track_caller]
fn is_mended(mut known: Connection<StationCall>, text: &str) {
    let mut unknown = csms(Version::V16);
    unknown.handle_input(START, Input::Text(text));
    assert!(!events(&mut unknown).iter().any(|event| matches!(event, Event::Call(_))), "readable as it is");
    known.handle_input(START, Input::Text(text));
    assert_eq!(request(&mut known).frame_remarks(), [ocpp_rpc::FrameRemark::Mended]);
}

fn profile(kind: v16::ChargingProfileKind, unit: v16::ChargingRateUnit) -> v16::ChargingProfile {
    let period = v16::ChargingSchedulePeriod::new(0, "16".parse::<ocpp_types::Decimal>().unwrap());
    let schedule = v16::ChargingSchedule::new(unit, [period]);
    v16::ChargingProfile::new(1, 0, v16::ChargingProfilePurpose::TxDefaultProfile, kind, schedule)
}

fn set(connector: i64, profile: v16::ChargingProfile) -> v16::SetChargingProfileRequest {
    v16::SetChargingProfileRequest::new(connector, profile)
}

#[track_caller]
fn is_refused(outcome: Result<impl Sized, CallRefused>, why: &str) {
    match outcome {
        Err(CallRefused::Quirk(reason)) => assert!(reason.contains(why), "{reason}"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("sent"),
    }
}

#[test]
fn aefa_leaves_out_values() {
    let text = r#"[2,"1","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{"value":"1"}]}]}]"#;
    is_mended(csms_for("AEFA Home"), text);
}

/// Field need 29.
#[test]
fn autel_takes_absolute_profiles() {
    let mut csms = csms_for("Autel");
    let _ = csms.call(START, &set(1, profile(v16::ChargingProfileKind::Relative, v16::ChargingRateUnit::A))).unwrap();
    assert!(sent_one(&mut csms).contains(r#""chargingProfileKind":"Absolute""#));
    // one that would come to mean something else is not rewritten
    let mut long = profile(v16::ChargingProfileKind::Relative, v16::ChargingRateUnit::A);
    long.charging_schedule.duration = Some(3600);
    is_refused(csms.call(START, &set(1, long)), "other kind");
    let recurring = profile(v16::ChargingProfileKind::Recurring, v16::ChargingRateUnit::A);
    is_refused(csms.call(START, &set(1, recurring)), "other kind");
}

#[test]
fn en_plus_is_spared_change_availability() {
    let mut csms = csms_for("EN+");
    let request = v16::ChangeAvailabilityRequest::new(1, v16::AvailabilityType::Inoperative);
    is_refused(csms.call(START, &request), "ChangeAvailability");
    let json = r#"{"connectorId":1,"type":"Inoperative"}"#;
    is_refused(csms.call_raw(START, "ChangeAvailability", json, CallOptions::default()), "ChangeAvailability");
}

#[test]
fn evbox_takes_no_profile_on_connector_0() {
    let mut csms = csms_for("EVBox B.V.");
    let profile = || profile(v16::ChargingProfileKind::Relative, v16::ChargingRateUnit::A);
    is_refused(csms.call(START, &set(0, profile())), "connector 0");
    assert!(csms.call(START, &set(1, profile())).is_ok());
}

#[test]
fn go_e_takes_no_profile_in_remote_start() {
    let mut csms = csms_for("go-e");
    let mut request = v16::RemoteStartTransactionRequest::new("04A1");
    assert!(csms.call(START, &request).is_ok());
    request.charging_profile = Some(Box::new(profile(v16::ChargingProfileKind::Relative, v16::ChargingRateUnit::A)));
    is_refused(csms.call(START, &request), "RemoteStartTransaction");
}

#[test]
fn grizzl_e_ends_lists_with_a_comma() {
    let mut csms = csms(Version::V16);
    csms.set_quirks(Quirks::of("United Chargers", "Grizzl-E Smart", "05.653"));
    is_mended(csms, r#"[2,"1","Authorize",{"idTag":"04A1",},]"#);
}

#[test]
fn huawei_takes_profiles_in_watt() {
    let mut csms = csms_for("Huawei");
    let in_unit = |unit| set(1, profile(v16::ChargingProfileKind::Relative, unit));
    is_refused(csms.call(START, &in_unit(v16::ChargingRateUnit::A)), "unit");
    assert!(csms.call(START, &in_unit(v16::ChargingRateUnit::W)).is_ok());
}

#[test]
fn solplanet_takes_short_values() {
    let mut csms = csms_for("Solplanet");
    is_refused(csms.call(START, &v16::ChangeConfigurationRequest::new("Key", "x".repeat(129))), "128 bytes");
    assert!(csms.call(START, &v16::ChangeConfigurationRequest::new("Key", "x".repeat(128))).is_ok());
}

#[test]
fn wallbe_sends_nul() {
    is_mended(csms_for("wallbe"), "[2,\"1\",\"Authorize\",{\"idTag\":\"04\u{0}A1\"}]");
}

#[test]
fn wallbox_breaks_lines_and_takes_relative_profiles() {
    is_mended(csms_for("Wall Box Chargers"), "[2,\"1\",\"DataTransfer\",{\"vendorId\":\"V\",\"data\":\"a\nb\"}]");
    let mut csms = csms_for("Wall Box Chargers");
    let _ = csms.call(START, &set(1, profile(v16::ChargingProfileKind::Absolute, v16::ChargingRateUnit::A))).unwrap();
    assert!(sent_one(&mut csms).contains(r#""chargingProfileKind":"Relative""#));
    let mut request = v16::RemoteStartTransactionRequest::new("04A1");
    request.charging_profile = Some(Box::new(profile(v16::ChargingProfileKind::Relative, v16::ChargingRateUnit::A)));
    is_refused(csms.call(START, &request), "RemoteStartTransaction");
}

#[test]
fn zj_beny_starts_lists_with_a_comma() {
    is_mended(
        csms_for("ZJ Beny"),
        r#"[2,"1","MeterValues",{"connectorId":1,"meterValue":[,{"timestamp":"2026-03-01T10:15:30Z","sampledValue":[{"value":"1"}]}]}]"#,
    );
}

#[test]
fn every_row_has_a_source_and_a_test_here() {
    let tests = include_str!("quirks.rs").to_lowercase();
    for station in KNOWN_STATIONS {
        assert!(!station.deviation.is_empty() && station.source.contains('#'), "{station:?}");
        assert!(tests.contains(&format!("\"{}", station.vendor.to_lowercase())), "no test for {station:?}");
        assert_ne!(station.quirks, Quirks::default(), "{station:?} does nothing");
    }
    let vendors: Vec<_> = KNOWN_STATIONS.iter().map(|station| station.vendor.to_lowercase()).collect();
    assert_eq!(vendors.len(), 11);
}

#[test]
fn quirks_are_found_by_the_start_of_what_a_station_tells() {
    assert_eq!(Quirks::of("AUTEL ENERGY", "MaxiCharger", ""), Quirks::of("autel", "", ""));
    assert_eq!(Quirks::of("United Chargers", "Other", ""), Quirks::default());
    for odd in ["", "A", "ü", "Üautel", "EV"] {
        assert_eq!(Quirks::of(odd, odd, odd), Quirks::default());
    }
}
