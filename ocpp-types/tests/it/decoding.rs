//! The three policies.

use ocpp_types::{DecodePolicy, Decoded, Defect, Repair, ViolationKind, decode, v16, v21, v201};

fn refused<T: ocpp_types::Payload>(json: &str) -> Vec<(Defect, String)> {
    let error = decode::<T>(json, DecodePolicy::Enforce).expect_err(json);
    error.violations().iter().map(|it| (it.defect, it.pointer.clone())).collect()
}

#[track_caller]
fn repaired<T: ocpp_types::Payload>(json: &str) -> (T, Vec<(Repair, String, String)>) {
    assert!(decode::<T>(json, DecodePolicy::Enforce).is_err(), "nothing to repair: {json}");
    let Decoded { value, remarks } =
        decode::<T>(json, DecodePolicy::Repair).unwrap_or_else(|error| panic!("{error}: {json}"));
    (value, remarks.into_iter().map(|remark| (remark.repair, remark.pointer, remark.found)).collect())
}

#[test]
fn violations_are_located_inside_lists() {
    let json = r#"{"evseId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":1},{"value":"2"},{"valu":3}]}]}"#;
    assert_eq!(
        refused::<v201::MeterValuesRequest>(json),
        [
            (Defect::WrongType, "/meterValue/0/sampledValue/1/value".to_owned()),
            (Defect::Missing, "/meterValue/0/sampledValue/2/value".to_owned()),
            (Defect::UnknownMember, "/meterValue/0/sampledValue/2/valu".to_owned()),
        ]
    );
    let error = decode::<v201::MeterValuesRequest>(json, DecodePolicy::Enforce).unwrap_err();
    assert_eq!(&json[error.first().offset..][..3], "\"2\"");
    assert_eq!(error.to_string(), "/meterValue/0/sampledValue/1/value: a text where a number belongs (and 2 more)");
}

#[test]
fn pointers_are_escaped() {
    assert_eq!(refused::<v16::HeartbeatRequest>(r#"{"a/b~c":1}"#), [(Defect::UnknownMember, "/a~1b~0c".to_owned())]);
}

#[test]
fn structs_are_not_read_from_lists() {
    assert_eq!(refused::<v16::AuthorizeRequest>(r#"["04A1"]"#), [(Defect::NotAnObject, String::new())]);
    let json = r#"{"idTagInfo":["Accepted"]}"#;
    assert_eq!(refused::<v16::AuthorizeResponse>(json), [(Defect::WrongType, "/idTagInfo".to_owned())]);
}

#[test]
fn at_most_sixteen_violations_are_listed() {
    let members: Vec<_> = (0..100).map(|index| format!("\"x{index}\":1")).collect();
    let error =
        decode::<v16::HeartbeatRequest>(&format!("{{{}}}", members.join(",")), DecodePolicy::Enforce).unwrap_err();
    assert_eq!((error.violations().len(), error.more()), (16, 84));
}

#[test]
fn everything_known_is_repaired() {
    use Repair::*;
    let (value, remarks) = repaired::<v16::MeterValuesRequest>(
        r#"{"connectorId":"1","transactionId":170001.0,"extra":{"a":[1]},"meterValue":{"timestamp":"2026-03-01T10:00:00","sampledValue":[{"value":12.50,"unit":"kwh","phase":"L9","context":null,"format":""}]}}"#,
    );
    assert_eq!(value.connector_id, 1);
    assert_eq!(value.transaction_id, Some(170_001));
    let sample = &value.meter_value[0].sampled_value[0];
    assert_eq!(sample.value.as_str(), "12.50");
    assert_eq!(sample.unit, Some(v16::UnitOfMeasure::KWh));
    assert_eq!(sample.phase.as_ref().unwrap().as_str(), "L9");
    let expected = [
        (TextAsNumber, "/connectorId", "\"1\""),
        (WholeNumber, "/transactionId", "170001.0"),
        (UnknownMember, "/extra", r#"{"a":[1]}"#),
        (WrappedInList, "/meterValue", ""),
        (Timestamp(ocpp_types::TimestampDefect::MissingOffset), "/meterValue/timestamp", "\"2026-03-01T10:00:00\""),
        (NumberAsText, "/meterValue/sampledValue/0/value", "12.50"),
        (ValueSpelling, "/meterValue/sampledValue/0/unit", "\"kwh\""),
        (Unlisted, "/meterValue/sampledValue/0/phase", "\"L9\""),
        (TakenAsAbsent, "/meterValue/sampledValue/0/context", "null"),
        (TakenAsAbsent, "/meterValue/sampledValue/0/format", "\"\""),
    ];
    for ((repair, pointer, found), (expected_repair, expected_pointer, expected_found)) in remarks.iter().zip(expected)
    {
        assert_eq!((*repair, pointer.as_str()), (expected_repair, expected_pointer));
        assert!(found.starts_with(expected_found), "{found}");
    }
    assert_eq!(remarks.len(), expected.len());
}

#[test]
fn members_in_other_letter_case_are_found() {
    let (value, remarks) = repaired::<v16::AuthorizeRequest>(r#"{"idtag":"04A1"}"#);
    assert_eq!(value.id_tag, "04a1");
    assert_eq!(remarks[0].0, Repair::MemberSpelling);
    // an exact one wins, and the other is kept as unknown
    let (value, remarks) = repaired::<v16::AuthorizeRequest>(r#"{"IDTAG":"x","idTag":"y"}"#);
    assert_eq!(value.id_tag, "y");
    assert_eq!(remarks, [(Repair::UnknownMember, "/IDTAG".to_owned(), "\"x\"".to_owned())]);
}

#[test]
fn what_cannot_be_understood_is_refused_under_repair_too() {
    for json in [
        r#"{}"#,
        r#"{"idTag":null}"#,
        r#"{"idTag":{"id":"x"}}"#,
        r#"{"idTag":"x","idTag":"y"}"#,
        r#"{"idTag":"x""#,
        "[]",
        "null",
    ] {
        assert!(decode::<v16::AuthorizeRequest>(json, DecodePolicy::Repair).is_err(), "{json}");
    }
}

#[test]
fn trust_takes_what_the_types_hold() {
    let json = r#"{"idTag":"a tag of more than twenty characters"}"#;
    assert!(decode::<v16::AuthorizeRequest>(json, DecodePolicy::Trust).unwrap().remarks.is_empty());
    assert!(decode::<v16::AuthorizeRequest>(r#"{"idTag":5}"#, DecodePolicy::Trust).is_err());
}

#[test]
fn deep_conformant_custom_data_is_capped() {
    let deep = |levels: usize| {
        format!(r#"{{"customData":{{"vendorId":"x","a":{}{}}}}}"#, "[".repeat(levels), "]".repeat(levels))
    };
    assert!(decode::<v21::HeartbeatRequest>(&deep(30), DecodePolicy::Enforce).is_ok());
    assert_eq!(refused::<v21::HeartbeatRequest>(&deep(31))[0].0, Defect::TooDeep);
    assert!(decode::<v21::HeartbeatRequest>(&deep(31), DecodePolicy::Repair).is_err());
}

#[test]
fn kinds_follow_defects() {
    assert_eq!(Defect::Missing.kind(), ViolationKind::Occurrence);
    assert_eq!(Defect::Null.kind(), ViolationKind::Type);
    assert_eq!(Defect::TooLong.kind(), ViolationKind::Property);
    assert_eq!(Defect::Syntax.kind(), ViolationKind::Format);
}

#[test]
fn a_struct_is_read_from_an_object_by_any_deserializer() {
    let response: v16::AuthorizeResponse =
        serde_json::from_str(r#"{"idTagInfo":{"status":"Accepted","expiryDate":null},"unknown":[1]}"#).unwrap();
    assert_eq!(response.id_tag_info.status, v16::AuthorizationStatus::Accepted);

    let error = |text: &str| serde_json::from_str::<v16::AuthorizeRequest>(text).unwrap_err().to_string();
    assert!(error(r#"["04A1B2"]"#).starts_with("invalid type: sequence, expected object AuthorizeRequest"));
    assert!(error(r#"{}"#).starts_with("missing field `idTag`"));
    assert!(error(r#"{"idTag":"1","idTag":"2"}"#).starts_with("duplicate field `idTag`"));
    let from_value = serde_json::from_value::<v16::AuthorizeRequest>(serde_json::json!({"idTag": "1"})).unwrap();
    assert_eq!(from_value.id_tag, "1");
}
