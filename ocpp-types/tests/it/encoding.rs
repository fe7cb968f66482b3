//! What goes out.

use ocpp_types::{
    CustomData, Decimal, DecodePolicy, EncodeError, RawJson, decode, encode, encode_into, encode_unchecked, v16, v201,
};

/// RPC-07, RPC-08: no `null`, no empty members; decision 19: compact, members in the order of the schema.
#[test]
fn output_is_compact_and_ordered() {
    assert_eq!(encode(&v16::HeartbeatRequest::new()).unwrap(), "{}");
    let mut request =
        v16::StatusNotificationRequest::new(1, v16::ChargePointErrorCode::NoError, v16::ChargePointStatus::Charging);
    request.timestamp = Some("2026-03-01T11:00:00+01:00".parse().unwrap());
    assert_eq!(
        encode(&request).unwrap(),
        r#"{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-03-01T10:00:00Z"}"#
    );
}

/// Decision 16: what is sent is checked too, and the buffer is as it was.
#[test]
fn a_value_over_its_limit_does_not_go_out() {
    let request = v16::AuthorizeRequest::new("a tag of more than twenty characters");
    let mut buffer = b"[2,\"1\",\"Authorize\",".to_vec();
    let Err(EncodeError::Violation(error)) = encode_into(&request, &mut buffer) else { panic!("sent") };
    assert_eq!(error.first().pointer, "/idTag");
    assert_eq!(buffer, b"[2,\"1\",\"Authorize\",");
    assert!(encode_unchecked(&request).unwrap().contains("more than twenty"));
}

/// A value read with a defect that is gone when it is written goes out.
#[test]
fn a_repaired_time_goes_out() {
    let text = r#"{"status":"Accepted","currentTime":"2026-03-01 10:00:00","interval":300}"#;
    let decoded = decode::<v16::BootNotificationResponse>(text, DecodePolicy::Repair).unwrap();
    assert!(encode(&decoded.value).unwrap().contains("2026-03-01T10:00:00Z"));
}

/// RPC-11: custom data comes through with the digits and names it had.
#[test]
fn rpc_11_custom_data_is_kept() {
    let text = r#"{"customData":{"vendorId":"org.example","price":2935.600,"a":{"deep":[1e3,null]}}}"#;
    let decoded = decode::<v201::HeartbeatRequest>(text, DecodePolicy::Enforce).unwrap();
    let custom = decoded.value.custom_data.as_deref().unwrap();
    assert_eq!(custom.members["price"].as_str(), "2935.600");
    assert_eq!(custom.members["price"].read::<Decimal>().unwrap().to_string(), "2935.600");
    assert_eq!(
        encode(&decoded.value).unwrap(),
        r#"{"customData":{"vendorId":"org.example","a":{"deep":[1e3,null]},"price":2935.600}}"#
    );
    let mut custom = CustomData::new("org.example");
    custom.members.insert("weather".into(), RawJson::of("rain").unwrap());
    let mut request = v201::HeartbeatRequest::new();
    request.custom_data = Some(Box::new(custom));
    assert_eq!(encode(&request).unwrap(), r#"{"customData":{"vendorId":"org.example","weather":"rain"}}"#);
}

/// The writer and `serde_json` write the same.
#[test]
fn texts_with_escapes_are_written_as_serde_json_does() {
    let data = "tab\t quote\" slash\\ nul\0 é ☃ 𝄞 \u{7f}";
    let mut request = v16::DataTransferRequest::new("org.example");
    request.data = Some(data.into());
    assert_eq!(encode(&request).unwrap(), serde_json::to_string(&request).unwrap());
}
