//! Rows D1–D11, D20 and D23 of the fault list, and the payload half of rows of C, each a test named after its row.

use ocpp_types::limits::{MAX_DEPTH, MAX_ITEMS};
use ocpp_types::{Decimal, DecodePolicy, Defect, Payload, Repair, ViolationKind, decode, v16, v21, v201};

fn first<T: Payload>(json: &str) -> (Defect, String) {
    let error = decode::<T>(json, DecodePolicy::Enforce).expect_err("refused");
    (error.first().defect, error.first().pointer.clone())
}

/// Runs in a thread whose stack would not survive recursion on a peer's nesting.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn c02_nested_arrays_are_refused_in_constant_stack() {
    on_a_small_stack(|| {
        let bomb = "[".repeat(100_000) + &"]".repeat(100_000);
        let json = format!(r#"{{"vendorId":"x","data":{bomb}}}"#);
        for policy in [DecodePolicy::Enforce, DecodePolicy::Repair, DecodePolicy::Trust] {
            let error = decode::<v201::DataTransferRequest>(&json, policy).unwrap_err();
            assert_eq!(error.first().defect, Defect::TooDeep);
            assert_eq!(error.first().offset, json.find('[').unwrap() + MAX_DEPTH - 1);
            assert!(decode::<v16::HeartbeatRequest>(&bomb, policy).is_err());
        }
    });
}

#[test]
fn c03_a_list_of_millions_meets_the_size_cap() {
    let json = format!(r#"{{"key":[{}"0"]}}"#, "\"0\",".repeat(3_000_000));
    assert_eq!(first::<v16::GetConfigurationRequest>(&json).0, Defect::TooLarge);
}

#[test]
fn c20_control_characters_in_texts_are_refused_and_located() {
    let json = "{\"idTag\":\"a\0b\"}";
    let error = decode::<v16::AuthorizeRequest>(json, DecodePolicy::Enforce).unwrap_err();
    assert_eq!((error.first().defect, error.first().kind()), (Defect::Syntax, ViolationKind::Format));
    assert!((9..13).contains(&error.first().offset), "{}", error.first().offset);
}

#[test]
fn c22_lone_surrogates_are_refused() {
    for json in [r#"{"idTag":"\ud800"}"#, r#"{"idTag":"\udc00\ud800"}"#] {
        assert_eq!(first::<v16::AuthorizeRequest>(json), (Defect::Syntax, "/idTag".to_owned()));
    }
    assert!(decode::<v16::AuthorizeRequest>(r#"{"idTag":"\ud834\udd1e"}"#, DecodePolicy::Enforce).is_ok());
}

#[test]
fn c23_duplicate_members_are_refused_at_every_level() {
    assert_eq!(
        first::<v16::AuthorizeRequest>(r#"{"idTag":"a","idTag":"a"}"#),
        (Defect::RepeatedMember, "/idTag".to_owned())
    );
    let nested = r#"{"idToken":{"idToken":"a","type":"Central","type":"Local"}}"#;
    assert_eq!(first::<v201::AuthorizeRequest>(nested), (Defect::RepeatedMember, "/idToken/type".to_owned()));
    let custom = r#"{"customData":{"vendorId":"a","x":1,"x":2}}"#;
    assert_eq!(first::<v201::HeartbeatRequest>(custom), (Defect::RepeatedMember, "/customData/x".to_owned()));
    assert!(decode::<v201::HeartbeatRequest>(custom, DecodePolicy::Repair).is_err());
}

/// Rows C22, C23 and D2 hold inside data that is only carried, too.
#[test]
fn carried_json_is_sound() {
    for (data, place) in [
        (r#"{"a":[{"x":1,"x":2}]}"#, "/data"),
        (r#"["\udc00"]"#, "/data"),
        (r#""\ud800""#, "/data"),
        ("[1e400]", "/data"),
        ("1e400", "/data"),
    ] {
        let json = format!(r#"{{"vendorId":"x","data":{data}}}"#);
        assert_eq!(first::<v201::DataTransferRequest>(&json), (Defect::Syntax, place.to_owned()), "{data}");
        let json = format!(r#"{{"customData":{{"vendorId":"x","data":{data}}}}}"#);
        assert_eq!(first::<v21::HeartbeatRequest>(&json), (Defect::Syntax, "/customData/data".to_owned()), "{data}");
    }
    let json = r#"{"vendorId":"x","data":{"a":[1e3,-0,null,true,"\ud834\udd1e",{}]}}"#;
    assert!(decode::<v201::DataTransferRequest>(json, DecodePolicy::Enforce).is_ok());
}

#[test]
fn c25_a_payload_is_an_object() {
    for json in ["[]", "null", "\"text\"", "1", "true"] {
        assert_eq!(first::<v16::HeartbeatRequest>(json), (Defect::NotAnObject, String::new()));
    }
}

#[test]
fn d01_numbers_and_texts_are_repaired_with_exact_digits() {
    let text =
        r#"{"evseId":"1","meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"2935.600"}]}]}"#;
    let decoded = decode::<v201::MeterValuesRequest>(text, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.value.meter_value[0].sampled_value[0].value.to_string(), "2935.600");
    assert_eq!(decoded.remarks.len(), 2);
    let json =
        r#"{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":2935.600}]}]}"#;
    let decoded = decode::<v16::MeterValuesRequest>(json, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.value.meter_value[0].sampled_value[0].value, "2935.600");
}

#[test]
fn d02_impossible_numbers_are_refused_with_a_pointer() {
    let with = |number: &str| format!(r#"{{"totalCost":{number},"transactionId":"x"}}"#);
    for number in ["1e400", "1E-400", &"9".repeat(500_000)] {
        assert_eq!(
            first::<v201::CostUpdatedRequest>(&with(number)),
            (Defect::OutOfRange, "/totalCost".to_owned()),
            "{:.20}",
            number
        );
        assert!(decode::<v201::CostUpdatedRequest>(&with(number), DecodePolicy::Repair).is_err());
    }
    for number in ["0x10", "NaN", "00.5", "+1", ".5"] {
        let error = decode::<v201::CostUpdatedRequest>(&with(number), DecodePolicy::Repair).unwrap_err();
        assert_eq!(error.first().defect, Defect::Syntax, "{number}");
        assert!((13..18).contains(&error.first().offset), "{number}: {}", error.first().offset);
    }
}

#[test]
fn d03_large_whole_numbers_are_exact_or_refused() {
    let with = |number: &str| format!(r#"{{"transactionId":{number}}}"#);
    for number in ["2147483648", "9007199254740993", "9223372036854775807", "-9223372036854775808"] {
        let decoded = decode::<v16::RemoteStopTransactionRequest>(&with(number), DecodePolicy::Enforce).unwrap();
        assert_eq!(decoded.value.transaction_id.to_string(), number);
    }
    for number in ["18446744073709551616", "9223372036854775808", "1e30"] {
        for policy in [DecodePolicy::Enforce, DecodePolicy::Repair] {
            let error = decode::<v16::RemoteStopTransactionRequest>(&with(number), policy).unwrap_err();
            assert_eq!((error.first().defect, &*error.first().pointer), (Defect::OutOfRange, "/transactionId"));
        }
    }
}

#[test]
fn d04_unknown_enumeration_values_keep_their_text() {
    for (sent, repair, meant) in [
        ("Error", Repair::Unlisted, "Error"),
        ("noerror", Repair::ValueSpelling, "NoError"),
        (" NoError ", Repair::ValueSpelling, "NoError"),
    ] {
        let json = format!(r#"{{"connectorId":1,"errorCode":"{sent}","status":"Available"}}"#);
        assert_eq!(first::<v16::StatusNotificationRequest>(&json), (Defect::Unlisted, "/errorCode".to_owned()));
        let decoded = decode::<v16::StatusNotificationRequest>(&json, DecodePolicy::Repair).unwrap();
        assert_eq!((decoded.value.error_code.as_str(), decoded.remarks[0].repair), (meant, repair));
        assert_eq!(decoded.remarks[0].found, format!("\"{sent}\""));
    }
}

#[test]
fn d05_over_long_texts_are_kept_up_to_the_hard_cap() {
    let with = |length: usize| format!(r#"{{"idTag":"{}"}}"#, "é".repeat(length));
    assert!(decode::<v16::AuthorizeRequest>(&with(20), DecodePolicy::Enforce).is_ok());
    assert_eq!(first::<v16::AuthorizeRequest>(&with(21)), (Defect::TooLong, "/idTag".to_owned()));
    let decoded = decode::<v16::AuthorizeRequest>(&with(21), DecodePolicy::Repair).unwrap();
    assert_eq!((decoded.value.id_tag.chars().count(), decoded.remarks[0].repair), (21, Repair::TooLongText));
    let error = decode::<v16::AuthorizeRequest>(&with(16_385), DecodePolicy::Repair).unwrap_err();
    assert_eq!((error.first().defect, error.first().kind()), (Defect::TooLong, ViolationKind::Property));
    assert_eq!(first::<v16::AuthorizeRequest>(&with(10_000_000)).0, Defect::TooLarge);
}

#[test]
fn d06_missing_null_and_empty_are_told_apart() {
    assert_eq!(first::<v16::AuthorizeRequest>("{}"), (Defect::Missing, "/idTag".to_owned()));
    assert_eq!(first::<v16::AuthorizeRequest>(r#"{"idTag":null}"#), (Defect::Null, "/idTag".to_owned()));
    assert!(decode::<v16::AuthorizeRequest>(r#"{"idTag":""}"#, DecodePolicy::Enforce).is_ok());
}

#[test]
fn d07_extra_members_are_kept() {
    let json = r#"{"idTag":"a","rssi":-71.50}"#;
    assert_eq!(first::<v16::AuthorizeRequest>(json), (Defect::UnknownMember, "/rssi".to_owned()));
    let decoded = decode::<v16::AuthorizeRequest>(json, DecodePolicy::Repair).unwrap();
    assert_eq!((&*decoded.remarks[0].pointer, &*decoded.remarks[0].found), ("/rssi", "-71.50"));
}

#[test]
fn d08_times_with_defects_are_served_and_reported() {
    let with = |time: &str| format!(r#"{{"status":"Accepted","currentTime":"{time}","interval":300}}"#);
    let json = with("2026-03-01 10:00:00+02");
    assert_eq!(first::<v16::BootNotificationResponse>(&json), (Defect::NotDateTime, "/currentTime".to_owned()));
    let decoded = decode::<v16::BootNotificationResponse>(&json, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.value.current_time.to_string(), "2026-03-01T08:00:00Z");
    assert_eq!(decoded.value.current_time.received(), Some("2026-03-01 10:00:00+02"));
    assert!(matches!(decoded.remarks[0].repair, Repair::Timestamp(_)));
    for time in ["222222017-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "soon"] {
        assert!(decode::<v16::BootNotificationResponse>(&with(time), DecodePolicy::Repair).is_err(), "{time}");
    }
}

#[test]
fn d10_readings_are_repaired_and_capped() {
    let sample = r#"{"value":"1"}"#;
    let object =
        format!(r#"{{"connectorId":1,"meterValue":{{"timestamp":"2026-03-01T10:00:00Z","sampledValue":{sample}}}}}"#);
    let decoded = decode::<v16::MeterValuesRequest>(&object, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.value.meter_value[0].sampled_value.len(), 1);
    assert_eq!(decoded.remarks.len(), 2);
    let empty = r#"{"evseId":1,"meterValue":[]}"#;
    assert_eq!(first::<v201::MeterValuesRequest>(empty), (Defect::TooFewItems, "/meterValue".to_owned()));
    let decoded = decode::<v201::MeterValuesRequest>(empty, DecodePolicy::Repair).unwrap();
    assert_eq!((decoded.value.meter_value.len(), decoded.remarks[0].repair), (0, Repair::ItemCount));
    let samples = vec![sample; 10_000].join(",");
    let many = format!(
        r#"{{"connectorId":1,"meterValue":[{{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{samples}]}}]}}"#
    );
    for policy in [DecodePolicy::Enforce, DecodePolicy::Repair, DecodePolicy::Trust] {
        let error = decode::<v16::MeterValuesRequest>(&many, policy).unwrap_err();
        let expected = (Defect::TooManyItems, "/meterValue/0/sampledValue");
        assert_eq!((error.first().defect, &*error.first().pointer), expected);
    }
    const { assert!(MAX_ITEMS < 10_000) };
}

#[test]
fn d11_an_absent_measurand_has_its_default() {
    let json =
        r#"{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"1"}]}]}"#;
    let decoded = decode::<v16::MeterValuesRequest>(json, DecodePolicy::Enforce).unwrap();
    let sample = &decoded.value.meter_value[0].sampled_value[0];
    assert_eq!(sample.measurand, None);
    assert_eq!(*sample.measurand_or_default(), v16::Measurand::EnergyActiveImportRegister);
    assert_eq!(sample.unit_or_default(), Some(&v16::UnitOfMeasure::Wh));
    let sample = v201::SampledValue::new(Decimal::from(1));
    assert_eq!(*sample.measurand_or_default(), v201::Measurand::EnergyActiveImportRegister);
    assert_eq!(*sample.context_or_default(), v201::ReadingContext::SamplePeriodic);
    let sample = v21::SampledValue::new(Decimal::from(1));
    assert_eq!(*sample.location_or_default(), v21::Location::Outlet);
}

#[test]
fn d20_connector_numbers_are_plain_numbers() {
    for number in [0, -1, 1000] {
        let json = format!(r#"{{"connectorId":{number},"type":"Inoperative"}}"#);
        let decoded = decode::<v16::ChangeAvailabilityRequest>(&json, DecodePolicy::Enforce).unwrap();
        assert_eq!(decoded.value.connector_id, number);
    }
    // 2.1 has a bound in its schema
    let json = r#"{"evseId":-1,"connectorId":1}"#;
    assert_eq!(first::<v21::UnlockConnectorRequest>(json), (Defect::OutOfRange, "/evseId".to_owned()));
    let decoded = decode::<v21::UnlockConnectorRequest>(json, DecodePolicy::Repair).unwrap();
    assert_eq!((decoded.value.evse_id, decoded.remarks[0].repair), (-1, Repair::OutOfRange));
}

#[test]
fn d23_special_names_are_plain_data() {
    let json = r#"{"customData":{"vendorId":"x","__proto__":{"a":1},"constructor":2}}"#;
    let decoded = decode::<v21::HeartbeatRequest>(json, DecodePolicy::Enforce).unwrap();
    assert_eq!(decoded.value.custom_data.unwrap().members.len(), 2);
    let json = r#"{"__proto__":{"idTag":"evil"},"idTag":"a"}"#;
    let decoded = decode::<v16::AuthorizeRequest>(json, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.value.id_tag, "a");
    let json = format!(r#"{{"{}":1,"idTag":"a"}}"#, "n".repeat(64 * 1024));
    let error = decode::<v16::AuthorizeRequest>(&json, DecodePolicy::Enforce).unwrap_err();
    assert_eq!(error.first().defect, Defect::UnknownMember);
    assert!(error.to_string().len() < 1100, "capped in the error");
    let decoded = decode::<v16::AuthorizeRequest>(&json, DecodePolicy::Repair).unwrap();
    assert_eq!(decoded.remarks[0].pointer.len(), 1 + 64 * 1024, "not lost when served");
}

/// Zero digits behind the point, many of them: a number, not a rounding.
#[test]
fn d25_data_of_a_vendor_is_carried_as_it_is() {
    let odd = r#"\u0001\u001b[2J\ud83d\ude00<script>{\"a\":[[[1e999]]]}AAECAwT/"#;
    let text = format!(r#"{{"data":"{odd}{}","vendorId":"x"}}"#, "\\u0007".repeat(60_000));
    let decoded = decode::<v16::DataTransferRequest>(&text, DecodePolicy::Enforce).unwrap();
    let data = decoded.value.data.as_deref().expect("it was sent");
    assert!(data.starts_with("\u{1}\u{1b}[2J😀<script>{\"a\":[[[1e999]]]}AAECAwT/") && data.ends_with('\u{7}'));
    for length in [1_000_000, 40_000_000] {
        let text = format!(r#"{{"data":"{}","vendorId":"x"}}"#, "a".repeat(length));
        let error = decode::<v16::DataTransferRequest>(&text, DecodePolicy::Repair).err();
        assert_eq!(error.is_some(), length > ocpp_types::limits::CSMS_BYTES, "{length}");
    }
}

#[test]
fn exact_values_reach_the_caller() {
    let json = r#"{"totalCost":0.1000000000000000055511151231,"transactionId":"x"}"#;
    let decoded = decode::<v201::CostUpdatedRequest>(json, DecodePolicy::Enforce).unwrap();
    assert_eq!(decoded.value.total_cost, "0.1000000000000000055511151231".parse::<Decimal>().unwrap());
}
