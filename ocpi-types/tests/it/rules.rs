//! Every rule about several members that one object can break (rule book part T): the object that keeps it has no such
//! finding, the one that breaks it has exactly that, at its place. ENU-08 is X-CDR-09 of the table, CDR-12 is X-CDR-12, BOK-02 is X-BOK-02, NUM-07 shows in CDR-10.

use ocpi_types::{Finding, Severity, Version, v211, v221, v230};
use serde_json::{Value, json};

use crate::generate::{minimal, set};
use crate::oracle;

use Severity::{Error, Info, Warning};
use Version::{V2_1_1, V2_2_1, V2_3_0};

const ALL: &[Version] = &[V2_1_1, V2_2_1, V2_3_0];
const SINCE_221: &[Version] = &[V2_2_1, V2_3_0];

/// A valid object of a class.
fn valid(version: Version, class: &str) -> Value {
    let mut value = minimal(ocpi_types::object(version, class).unwrap().shape);
    match class {
        "Hours" => value = json!({ "twentyfourseven": true }),
        "PublishTokenType" => value = json!({ "group_id": "g" }),
        "BookingLocation" => set(&mut value, "/booking_option", json!({})),
        "VersionDetails" => set(&mut value, "/endpoints/0/identifier", json!("credentials")),
        "RegularHours" => set(&mut value, "/period_end", json!("23:00")),
        "ActiveChargingProfileResult" => {
            let profile = ocpi_types::object(version, "ActiveChargingProfile").unwrap();
            set(&mut value, "/profile", minimal(profile.shape));
        }
        "Token" => set(&mut value, "/whitelist", json!("NEVER")),
        "CDR" => {
            set(&mut value, "/charging_periods/0/dimensions/0/type", json!("ENERGY"));
            if version != V2_1_1 {
                set(&mut value, "/session_id", json!("S"));
            } else {
                set(
                    &mut value,
                    "/location/evses",
                    json!([minimal(ocpi_types::object(version, "EVSE").unwrap().shape)]),
                );
            }
            let end = if version == V2_1_1 { "/stop_date_time" } else { "/end_date_time" };
            set(&mut value, end, json!("2024-05-01T11:00:00Z"));
            set(&mut value, "/last_updated", json!("2024-05-01T11:00:00Z"));
        }
        "Location" => set(&mut value, "/evses", json!([minimal(ocpi_types::object(version, "EVSE").unwrap().shape)])),
        _ => {}
    }
    value
}

fn findings(version: Version, class: &str, value: &Value) -> Vec<Finding> {
    (ocpi_types::object(version, class).unwrap().inspect)(&value.to_string())
}

/// A rule: id, versions, class, the changes that break it, where the finding stands, how bad it is.
type Case =
    (&'static str, &'static [Version], &'static str, &'static [(&'static str, &'static str)], &'static str, Severity);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("X-GEN-04", ALL, "EVSE", &[("/connectors", "[]")], "/connectors", Error),
    ("X-VER-01", ALL, "VersionDetails", &[("/endpoints/0/identifier", r#""locations""#)], "/endpoints", Error),
    ("X-VER-02", ALL, "VersionDetails", &[("/endpoints/1", r#"{"identifier":"tokens","role":"SENDER","url":"https://a.example"}"#), ("/endpoints/2", r#"{"identifier":"tokens","role":"SENDER","url":"https://a.example"}"#)], "/endpoints/2", Warning),
    ("X-VER-02", SINCE_221, "VersionDetails", &[("/endpoints/1", r#"{"identifier":"credentials","role":"RECEIVER","url":"https://a.example"}"#)], "/endpoints/1", Warning),
    ("X-CRE-01", SINCE_221, "Credentials", &[("/roles/1", r#"{"role":"CPO","business_details":{"name":"x"},"party_id":"tnm","country_code":"nl"}"#)], "/roles/1", Error),
    ("X-CRE-02", ALL, "Credentials", &[("/token", r#""with blank""#)], "/token", Error),
    ("X-CRE-02", ALL, "Credentials", &[("/token", r#""""#)], "/token", Error),
    ("X-CRE-03", &[V2_2_1], "Credentials", &[("/roles/1", r#"{"role":"HUB","business_details":{"name":"x"},"party_id":"HUB","country_code":"NL"}"#)], "/roles", Warning),
    ("X-CRE-05", &[V2_3_0], "Credentials", &[("/hub_party_id", r#""NL-AB""#)], "/hub_party_id", Error),
    ("X-LOC-01", SINCE_221, "Location", &[("/publish", "true"), ("/publish_allowed_to", r#"[{"group_id":"g"}]"#)], "/publish_allowed_to", Error),
    ("X-LOC-05", ALL, "Location", &[("/evses/0/last_updated", r#""2024-05-02T00:00:00Z""#)], "/evses/0/last_updated", Error),
    ("X-LOC-05", ALL, "Location", &[("/evses/0/connectors/0/last_updated", r#""2024-05-02T00:00:00Z""#)], "/evses/0/connectors/0/last_updated", Error),
    ("X-LOC-06", ALL, "EVSE", &[("/connectors/0/last_updated", r#""2024-05-02T00:00:00Z""#)], "/connectors/0/last_updated", Error),
    ("X-LOC-13", &[V2_1_1], "Hours", &[("/regular_hours", r#"[{"weekday":1,"period_begin":"01:00","period_end":"02:00"}]"#)], "", Error),
    ("X-LOC-13", &[V2_1_1], "Hours", &[("/twentyfourseven", "false")], "", Error),
    ("X-LOC-14", SINCE_221, "Hours", &[("/twentyfourseven", "false")], "/regular_hours", Error),
    ("X-LOC-15", SINCE_221, "Hours", &[("/regular_hours", r#"[{"weekday":1,"period_begin":"01:00","period_end":"02:00"}]"#)], "/regular_hours", Error),
    ("X-LOC-16", ALL, "Hours", &[("/exceptional_openings", r#"[{"period_begin":"2024-05-01T10:00:00Z","period_end":"2024-05-01T12:00:00Z"}]"#), ("/exceptional_closings", r#"[{"period_begin":"2024-05-01T11:00:00Z","period_end":"2024-05-01T13:00:00Z"}]"#)], "/exceptional_closings/0", Warning),
    ("X-LOC-17", ALL, "RegularHours", &[("/period_begin", r#""20:00""#), ("/period_end", r#""08:00""#)], "/period_end", Error),
    ("X-LOC-18", ALL, "RegularHours", &[("/weekday", "0")], "/weekday", Error),
    ("X-LOC-18", ALL, "RegularHours", &[("/weekday", "8")], "/weekday", Error),
    ("X-LOC-19", ALL, "ExceptionalPeriod", &[("/period_end", r#""2024-04-01T00:00:00Z""#)], "/period_end", Warning),
    ("X-LOC-19", ALL, "StatusSchedule", &[("/period_end", r#""2024-04-01T00:00:00Z""#)], "/period_end", Warning),
    ("X-LOC-19", &[V2_3_0], "Period", &[("/end_date_time", r#""2024-04-01T00:00:00Z""#)], "/end_date_time", Warning),
    ("X-LOC-19", &[V2_3_0], "Timeslot", &[("/end_date_time", r#""2024-04-01T00:00:00Z""#)], "/end_date_time", Warning),
    ("X-LOC-20", SINCE_221, "PublishTokenType", &[("/group_id", "null")], "", Error),
    ("X-LOC-21", SINCE_221, "PublishTokenType", &[("/uid", r#""u""#)], "/type", Error),
    ("X-LOC-22", SINCE_221, "PublishTokenType", &[("/visual_number", r#""v""#)], "/issuer", Error),
    ("X-LOC-23", &[V2_1_1], "EnergyMix", &[("/energy_sources", r#"[{"source":"SOLAR","percentage":90}]"#)], "/energy_sources", Warning),
    ("X-LOC-24", SINCE_221, "EnergyMix", &[("/energy_sources", r#"[{"source":"SOLAR","percentage":90}]"#)], "/energy_sources", Warning),
    ("X-LOC-25", ALL, "EnergyMix", &[("/energy_sources", r#"[{"source":"SOLAR","percentage":90},{"source":"COAL","percentage":10}]"#)], "/is_green_energy", Warning),
    ("NUM-05", ALL, "EnergySource", &[("/percentage", "101")], "/percentage", Error),
    ("X-LOC-29", SINCE_221, "Connector", &[("/max_voltage", "230"), ("/max_amperage", "16"), ("/max_electric_power", "50000")], "/max_electric_power", Warning),
    ("X-LOC-30", &[V2_3_0], "Location", &[("/parking_places", r#"[{"id":"P","vehicle_types":["MOTORCYCLE"],"restricted_to_type":true,"reservation_required":true},{"id":"p","vehicle_types":["MOTORCYCLE"],"restricted_to_type":true,"reservation_required":true}]"#)], "/parking_places/1", Error),
    ("X-LOC-31", &[V2_3_0], "Location", &[("/evses/0/parking", r#"[{"parking_id":"P"}]"#)], "/evses/0/parking/0/parking_id", Error),
    ("X-LOC-33", &[V2_3_0], "Parking", &[("/vehicle_types", r#"["DISABLED"]"#), ("/max_vehicle_weight", "1"), ("/max_vehicle_height", "1"), ("/max_vehicle_length", "1"), ("/max_vehicle_width", "1"), ("/parking_space_length", "1"), ("/parking_space_width", "1"), ("/dangerous_goods_allowed", "true")], "/images", Warning),
    ("X-LOC-37", ALL, "GeoLocation", &[("/latitude", r#""91.000000""#)], "/latitude", Error),
    ("X-LOC-37", ALL, "GeoLocation", &[("/longitude", r#""180.000001""#)], "/longitude", Error),
    ("X-LOC-37", &[V2_1_1], "GeoLocation", &[("/latitude", r#""51.04759""#)], "/latitude", Error),
    ("X-LOC-37", SINCE_221, "GeoLocation", &[("/latitude", r#""51.0475""#)], "/latitude", Error),
    ("X-SES-02", SINCE_221, "Session", &[("/evse_uid", r##""#NA""##), ("/status", r#""ACTIVE""#)], "/evse_uid", Warning),
    ("X-SES-03", &[V2_1_1], "Session", &[("/status", r#""COMPLETED""#)], "/end_datetime", Warning),
    ("X-SES-03", SINCE_221, "Session", &[("/status", r#""COMPLETED""#)], "/end_date_time", Warning),
    ("X-CDR-01", SINCE_221, "CDR", &[("/credit", "true")], "/credit_reference_id", Error),
    ("X-CDR-02", SINCE_221, "CDR", &[("/credit_reference_id", r#""C""#)], "/credit_reference_id", Error),
    ("X-CDR-03", SINCE_221, "CDR", &[("/id", r#""1234567890123456789012345678901234567""#)], "/id", Error),
    ("X-CDR-04", SINCE_221, "CDR", &[("/id", r#""C""#), ("/credit", "true"), ("/credit_reference_id", r#""c""#)], "/id", Error),
    ("X-CDR-07", SINCE_221, "CDR", &[("/session_id", "null")], "/session_id", Warning),
    ("X-CDR-09", SINCE_221, "CDR", &[("/charging_periods/0/dimensions/1", r#"{"type":"POWER","volume":1}"#)], "/charging_periods/0/dimensions/1/type", Error),
    ("X-CDR-10", SINCE_221, "CdrDimension", &[("/type", r#""STATE_OF_CHARGE""#), ("/volume", "101")], "/volume", Error),
    ("X-CDR-12", SINCE_221, "CDR", &[("/start_date_time", r#""1970-01-01T00:00:00Z""#)], "/start_date_time", Info),
    ("X-CDR-13", ALL, "CDR", &[("/total_parking_time", "2")], "/total_parking_time", Warning),
    ("X-CDR-14", ALL, "CDR", &[("/charging_periods/0/start_date_time", r#""2024-05-01T09:00:00Z""#)], "/charging_periods/0/start_date_time", Warning),
    ("X-CDR-15", SINCE_221, "CDR", &[("/charging_periods/0/tariff_id", r#""T""#)], "/charging_periods/0/tariff_id", Warning),
    ("X-CDR-19", SINCE_221, "SignedValue", &[("/signed_data", r#""not base64""#)], "/signed_data", Warning),
    ("X-CDR-19", SINCE_221, "SignedData", &[("/public_key", r#""===""#)], "/public_key", Warning),
    ("CDR-07", ALL, "CDR", &[("/total_time", "3")], "/total_time", Warning),
    ("CDR-10", ALL, "CDR", &[("/total_energy", "7")], "/total_energy", Warning),
    ("CDR-10", &[V2_2_1], "CDR", &[("/total_energy_cost", r#"{"excl_vat":7}"#)], "/total_cost", Warning),
    ("TAR-10", &[V2_2_1], "CDR", &[("/total_energy_cost", r#"{"excl_vat":1,"incl_vat":1.2}"#)], "/total_cost", Warning),
    ("CDR-10", &[V2_3_0], "CDR", &[("/total_energy_cost", r#"{"before_taxes":7}"#)], "/total_cost", Warning),
    ("TAR-10", &[V2_3_0], "CDR", &[("/total_energy_cost", r#"{"before_taxes":1,"taxes":[{"name":"x","amount":1}]}"#)], "/total_cost", Warning),
    ("X-TAR-01", SINCE_221, "TariffElement", &[("/restrictions", r#"{"reservation":"RESERVATION"}"#), ("/price_components/0/type", r#""ENERGY""#)], "/price_components/0/type", Error),
    ("X-TAR-03", &[V2_3_0], "TariffElement", &[("/restrictions", r#"{"booking":"BOOKING"}"#), ("/price_components/0/type", r#""ENERGY""#)], "/price_components/0/type", Error),
    ("X-TAR-06", &[V2_2_1], "Tariff", &[("/min_price", r#"{"excl_vat":2}"#), ("/max_price", r#"{"excl_vat":1}"#)], "/min_price", Warning),
    ("X-TAR-06", &[V2_3_0], "Tariff", &[("/min_price", r#"{"before_taxes":1,"after_taxes":3}"#), ("/max_price", r#"{"before_taxes":2,"after_taxes":2.5}"#)], "/min_price", Warning),
    ("X-TAR-07", SINCE_221, "Tariff", &[("/start_date_time", r#""2024-05-01T00:00:00Z""#), ("/end_date_time", r#""2024-05-01T00:00:00Z""#)], "/end_date_time", Warning),
    ("X-TAR-08", ALL, "TariffRestrictions", &[("/min_kwh", "2"), ("/max_kwh", "2")], "/max_kwh", Warning),
    ("X-TAR-08", ALL, "TariffRestrictions", &[("/min_duration", "20"), ("/max_duration", "2")], "/max_duration", Warning),
    ("X-TAR-08", ALL, "TariffRestrictions", &[("/start_date", r#""2024-05-02""#), ("/end_date", r#""2024-05-01""#)], "/end_date", Warning),
    ("X-TAR-08", SINCE_221, "TariffRestrictions", &[("/min_current", "2"), ("/max_current", "1")], "/max_current", Warning),
    ("X-TAR-10", ALL, "PriceComponent", &[("/type", r#""ENERGY""#), ("/step_size", "0")], "/step_size", Error),
    ("X-TAR-11", ALL, "Tariff", &[("/elements/0/restrictions", r#"{"max_kwh":2}"#)], "/elements", Info),
    ("X-TOK-02", SINCE_221, "Token", &[("/type", r#""APP_USER""#), ("/whitelist", r#""ALWAYS""#)], "/whitelist", Warning),
    ("X-TOK-03", &[V2_3_0], "Token", &[("/type", r#""EMAID""#)], "/type", Warning),
    ("X-TOK-04", SINCE_221, "Token", &[("/group_id", r#""123456789012345678901""#)], "/group_id", Warning),
    ("X-TOK-07", &[V2_1_1], "LocationReferences", &[("/connector_ids", r#"["1"]"#)], "/evse_uids", Warning),
    ("X-CMD-01", SINCE_221, "StartSession", &[("/connector_id", r#""1""#)], "/evse_uid", Error),
    ("X-CHP-01", SINCE_221, "ActiveChargingProfileResult", &[("/profile", "null")], "/profile", Error),
    ("X-CHP-04", SINCE_221, "ChargingProfile", &[("/min_charging_rate", "8.15")], "/min_charging_rate", Error),
    ("X-CHP-05", SINCE_221, "ChargingProfile", &[("/charging_profile_period", r#"[{"start_period":0,"limit":1},{"start_period":0,"limit":2}]"#)], "/charging_profile_period/1/start_period", Warning),
    ("X-BOK-01", &[V2_3_0], "BookingLocation", &[("/booking_option", "null")], "/booking_option", Error),
    ("X-BOK-02", &[V2_3_0], "Booking", &[("/booking_requests/0/booking_request/request_id", r#""other""#)], "/booking_requests/0/booking_request/request_id", Error),
    ("X-BOK-05", &[V2_3_0], "Booking", &[("/canceled", r#"{"cancellation_reason":"FULL","who_canceled":"CPO"}"#)], "/canceled", Warning),
    ("X-BOK-09", &[V2_3_0], "BookingTerms", &[("/early_start_allowed", "true")], "/early_start_time", Warning),
    ("X-BOK-09", &[V2_3_0], "BookingTerms", &[("/late_stop_allowed", "true")], "/late_stop_time", Warning),
    ("X-BOK-10", &[V2_3_0], "BookingTerms", &[("/min_booking_duration", "3"), ("/max_booking_duration", "2")], "/min_booking_duration", Warning),
    ("X-BOK-11", &[V2_3_0], "Calendar", &[("/available_timeslots/0/end_date_time", r#""2024-05-02T00:00:00Z""#)], "/available_timeslots/0", Warning),
    ("X-BOK-13", &[V2_3_0], "AccessInformation", &[("/method", r#""ACCESS_CODE""#)], "/value", Warning),
    ("X-PAY-01", &[V2_3_0], "Terminal", &[("/party_id", r#""ABC""#)], "", Warning),
    ("PAY-05", &[V2_3_0], "FinancialAdviceConfirmation", &[("/eft_data", r#"[""]"#)], "/eft_data/0", Error),
];

#[test]
fn every_rule_about_several_members_is_found_where_it_is_broken() {
    for (rule, versions, class, changes, pointer, severity) in CASES {
        for version in *versions {
            let mut value = valid(*version, class);
            let before = findings(*version, class, &value);
            assert!(
                !before.iter().any(|it| it.rule == *rule && it.pointer == *pointer),
                "{rule} {version}: {before:?}"
            );
            for (at, change) in *changes {
                let mut change: Value = serde_json::from_str(change).unwrap();
                if *version == V2_1_1 && *class == "VersionDetails" {
                    change.as_object_mut().map(|members| members.remove("role"));
                }
                set(&mut value, at, change);
            }
            let after = findings(*version, class, &value);
            let hit = after.iter().any(|it| it.rule == *rule && it.pointer == *pointer && it.severity == *severity);
            assert!(hit, "{rule} {version} {value}: {after:?}");
        }
    }
}

/// X-LOC-08 and OWN-09: identifiers below one parent.
#[test]
fn x_loc_08_connectors_of_an_evse_are_distinct() {
    for version in ALL {
        let mut evse = valid(*version, "EVSE");
        let connector = evse["connectors"][0].clone();
        set(&mut evse, "/connectors/1", connector);
        let found = findings(*version, "EVSE", &evse);
        assert!(found.iter().any(|it| it.rule == "X-LOC-08" && it.pointer == "/connectors/1" && it.severity == Error));
        let mut location = valid(*version, "Location");
        let mut other = location["evses"][0].clone();
        set(&mut location, "/evses/1", other.clone());
        assert!(findings(*version, "Location", &location).iter().any(|it| it.rule == "OWN-09"));
        other["uid"] = json!("other");
        set(&mut location, "/evses/1", other);
        assert!(findings(*version, "Location", &location).is_empty(), "the same connector id in another EVSE is fine");
    }
}

/// X-LOC-32 and X-BOK-03: seven members for large vehicles.
#[test]
fn x_loc_32_large_vehicles() {
    for (class, rule) in [("Parking", "X-LOC-32"), ("BookingOption", "X-BOK-03")] {
        let mut value = valid(V2_3_0, class);
        set(&mut value, "/vehicle_types", json!(["BUS"]));
        assert_eq!(findings(V2_3_0, class, &value).iter().filter(|it| it.rule == rule).count(), 7);
        set(&mut value, "/vehicle_types", json!(["PERSONAL_VEHICLE", "MOTORCYCLE"]));
        assert!(findings(V2_3_0, class, &value).is_empty());
    }
}

/// X-SES-07: one EVSE and one connector in sessions and CDRs of 2.1.1.
#[test]
fn x_ses_07_one_connector_in_211() {
    for class in ["Session", "CDR"] {
        let mut value = valid(V2_1_1, class);
        let evse = minimal(ocpi_types::object(V2_1_1, "EVSE").unwrap().shape);
        set(&mut value, "/location/evses", json!([evse, evse]));
        let found = findings(V2_1_1, class, &value);
        assert!(found.iter().any(|it| it.rule == "X-SES-07" && it.pointer == "/location" && it.severity == Warning));
    }
}

/// X-CRE-06 and HCI-06: there is no hub role in 2.3.0.
#[test]
fn x_cre_06_no_hub_in_230() {
    for (class, pointer) in [("CredentialsRole", "/role"), ("ClientInfo", "/role")] {
        for (version, is_error) in [(V2_2_1, false), (V2_3_0, true)] {
            let mut value = valid(version, class);
            set(&mut value, pointer, json!("HUB"));
            assert_eq!(ocpi_types::has_errors(&findings(version, class, &value)), is_error);
        }
    }
}

/// X-CHP-01 in both directions, X-TAR-10 for flat fees, X-INV-02 and E-22 by length.
#[test]
fn the_other_side_of_some_rules() {
    let mut result = valid(V2_2_1, "ActiveChargingProfileResult");
    set(&mut result, "/result", json!("REJECTED"));
    assert_eq!(findings(V2_2_1, "ActiveChargingProfileResult", &result)[0].rule, "X-CHP-01");
    set(&mut result, "/profile", json!(null));
    assert!(findings(V2_2_1, "ActiveChargingProfileResult", &result).is_empty());
    let flat = json!({ "type": "FLAT", "price": 1, "step_size": 0 });
    assert!(findings(V2_2_1, "PriceComponent", &flat).is_empty());
    let mut record = valid(V2_3_0, "InvoiceReconciliationRecord");
    set(&mut record, "/cdrs/0", json!("x".repeat(37)));
    let found = findings(V2_3_0, "InvoiceReconciliationRecord", &record);
    assert_eq!((found[0].pointer.as_str(), found[0].rule), ("/cdrs/0", "STR-05"));
    let location: v230::Location = ocpi_types::decode(&valid(V2_3_0, "Location").to_string()).unwrap();
    assert!(location.address.len() < 255);
    // E-22: sign and seven decimals are longer than the length says
    let point = json!({ "latitude": "-51.0475991", "longitude": "-123.7299331" });
    assert!(findings(V2_2_1, "GeoLocation", &point).is_empty());
}

/// SES-08, X-VER-03, X-SES-06, X-TAR-14: what a missing member means is not what a value means.
#[test]
fn absent_is_not_zero() {
    let session: v221::Session = ocpi_types::decode(&valid(V2_2_1, "Session").to_string()).unwrap();
    assert!(session.total_cost.is_none());
    let component: v221::PriceComponent = ocpi_types::decode(r#"{"type":"FLAT","price":1,"step_size":1}"#).unwrap();
    let zero: v221::PriceComponent = ocpi_types::decode(r#"{"type":"FLAT","price":1,"vat":0,"step_size":1}"#).unwrap();
    assert_ne!(component, zero);
    let old: v211::Session = ocpi_types::decode(&valid(V2_1_1, "Session").to_string()).unwrap();
    assert!(old.total_cost.is_none());
}

/// Every rule of part T is tested, or not about one object, with the reason.
#[test]
fn every_cross_rule_is_accounted_for() {
    if oracle::directory().is_none() {
        return;
    }
    // about updates, other objects, or machines: tested under that name elsewhere in this binary
    const ELSEWHERE: &[&str] = &[
        "X-GEN-01", "X-GEN-02", "X-GEN-03", "X-LOC-02", "X-LOC-07", "X-LOC-08", "X-LOC-10", "X-LOC-11", "X-LOC-12",
        "X-LOC-32", "X-SES-01", "X-SES-06", "X-SES-07", "X-SES-09", "X-CDR-05", "X-CDR-08", "X-CRE-06", "X-TOK-01",
        "X-CMD-07", "X-CHP-02", "X-CHP-03", "X-BOK-03", "X-BOK-04", "X-BOK-06", "X-BOK-07", "X-BOK-08", "X-PAY-06",
        "X-VER-03", "X-INV-02", "X-BOK-12", "X-TAR-14", "X-PAY-02", "X-HUB-01",
    ];
    // information that no object can break, or a matter of other crates and of the application
    const OUT_OF_SCOPE: &[(&str, &str)] = &[
        ("X-CRE-04", "whether a platform routes messages is not in the object"),
        ("X-LOC-03", "informative: absent is fine"),
        ("X-LOC-09", "informative: absent is fine"),
        ("X-LOC-04", "informative: any state is fine"),
        ("X-LOC-26", "needs the tariffs of the CPO"),
        ("X-LOC-27", "needs the tariffs of the CPO: crate `tariff`"),
        ("X-LOC-28", "needs the tariffs of the CPO: crate `tariff`"),
        ("X-LOC-34", "informative: nobody can check it"),
        ("X-LOC-35", "informative: a receiver may ignore members"),
        ("X-LOC-36", "informative: a legal duty"),
        ("X-SES-04", "history of authorisations, held by the application"),
        ("X-SES-05", "history of authorisations, held by the application"),
        ("X-SES-08", "needs the tariffs and the EVSE: an argument of `decide_preferences`"),
        ("X-SES-10", "a default that only the executor of the profile applies"),
        ("X-CDR-06", "a store's key: OWN-09"),
        ("X-CDR-11", "history of authorisations, held by the application"),
        ("X-CDR-16", "pricing: crate `tariff`"),
        ("X-CDR-17", "whether a session was free is not in the object"),
        ("X-CDR-18", "informative: depends on the encoding"),
        ("X-CDR-20", "whether a booking led to it is not in the object"),
        ("X-TAR-02", "pricing: crate `tariff`"),
        ("X-TAR-04", "choice of a tariff: crate `tariff`"),
        ("X-TAR-05", "whether a text tells prices is for people"),
        ("X-TAR-09", "evaluation of restrictions: crate `tariff`"),
        ("X-TAR-12", "free of charge: crate `tariff`"),
        ("X-TAR-13", "pricing: crate `tariff`; conversion honours it"),
        ("X-TAR-15", "pricing: crate `tariff`"),
        ("X-TAR-16", "needs the locations of the CPO"),
        ("X-TOK-05", "needs the question"),
        ("X-TOK-06", "needs the question"),
        ("X-TOK-08", "informative: the CPO chooses"),
        ("X-CMD-02", "needs the EVSE"),
        ("X-CMD-03", "needs the sender"),
        ("X-CMD-04", "reservations, held by the application"),
        ("X-CMD-05", "reservations, held by the application"),
        ("X-CMD-06", "reservations, held by the application"),
        ("X-CMD-08", "needs the time"),
        ("X-CHP-06", "what a station shows is not in the object"),
        ("X-INV-01", "informative: what an invoice covers"),
        ("X-PAY-03", "the activation is another request: `inspect_partial` of Terminal"),
        ("X-PAY-04", "needs the history of the terminal"),
        ("X-PAY-05", "needs the command"),
        ("X-PAY-07", "informative: absent is fine"),
    ];
    let text = std::fs::read_to_string(oracle::directory().unwrap().join("cross_rules.json")).unwrap();
    let census: Value = serde_json::from_str(&text).unwrap();
    let rules = census.as_array().or_else(|| census["rules"].as_array()).expect("a list of rules");
    let sources = [
        include_str!("values.rs"),
        include_str!("updates.rs"),
        include_str!("decisions.rs"),
        include_str!("asynchronous.rs"),
        include_str!("rules.rs"),
        include_str!("routing.rs"),
    ];
    let (mut tested, mut excused) = (0, 0);
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let is_case = CASES.iter().any(|case| case.0 == id);
        let is_elsewhere = ELSEWHERE.contains(&id);
        let is_out = OUT_OF_SCOPE.iter().any(|(out, _)| *out == id);
        assert_eq!(usize::from(is_case) + usize::from(is_elsewhere) + usize::from(is_out), 1, "{id}");
        if is_elsewhere {
            let cited = sources.iter().map(|source| source.matches(id).count()).sum::<usize>();
            assert!(cited >= 2, "{id} is cited by no test");
        }
        if is_out { excused += 1 } else { tested += 1 }
    }
    assert_eq!(rules.len(), 141, "the census has changed");
    println!("cross-field rules: {tested} tested, {excused} out of scope with a reason");
}
