//! Tests of the crate from outside.

#![allow(clippy::unwrap_used)] // a test may

mod connection;
#[cfg(feature = "tokio")]
mod driver;
mod fault_rows;
mod properties;
mod relay;
mod rules;
#[cfg(feature = "websocket")]
mod websocket;

use ocpp_rpc::{CallFault, Direction, FrameDefect, FrameError, Verdict, check, decode_call, parse};
use ocpp_types::DecodePolicy::{self, Enforce, Repair};
use ocpp_types::{Version, v16, v21, v201};

const V16: Version = Version::V16;
const V201: Version = Version::V201;
const V21: Version = Version::V21;

/// What a CSMS makes of a text of a station.
fn verdict(version: Version, policy: DecodePolicy, text: &str) -> Verdict<'_> {
    check(text, version, Direction::FromStation, policy, |_| None)
}

/// What a CSMS answers; both ways of reading have to agree on it.
#[track_caller]
fn reply(version: Version, policy: DecodePolicy, text: &str) -> Option<String> {
    let fault = match version {
        Version::V16 => decode_call::<v16::StationCall>(text, policy).err(),
        Version::V201 => decode_call::<v201::StationCall>(text, policy).err(),
        _ => decode_call::<v21::StationCall>(text, policy).err(),
    };
    let verdict = verdict(version, policy, text);
    if !matches!(fault, Some(CallFault::OtherFrame(_))) {
        assert_eq!(fault.is_none(), verdict.is_good(), "{text}");
        assert_eq!(fault.and_then(|fault| fault.reply(version)), verdict.reply, "{text}");
    }
    verdict.reply
}

/// The start of an answer: type, id and code.
fn head(id: &str, code: &str) -> String {
    format!("[4,{id},\"{code}\",")
}

/// Asserts that an answer starts like this, or that there is none.
#[track_caller]
fn assert_reply(version: Version, policy: DecodePolicy, text: &str, expected: Option<(&str, &str)>) {
    let reply = reply(version, policy, text);
    match expected {
        None => assert_eq!(reply, None, "{version} {text}"),
        Some((id, code)) => {
            let reply = reply.unwrap_or_else(|| panic!("{version}: no answer to {text}"));
            assert!(reply.starts_with(&head(id, code)), "{version}: {reply}");
            assert!(parse(&reply, version, Repair).is_ok(), "{reply}");
        }
    }
}

/// Why a text is no frame.
#[track_caller]
fn refused(version: Version, policy: DecodePolicy, text: &str) -> FrameError {
    let shown: String = text.chars().take(80).collect();
    parse(text, version, policy).expect_err(&shown)
}

/// The first violation in a payload, as pointer and message.
#[track_caller]
fn violation(version: Version, policy: DecodePolicy, text: &str) -> (String, String) {
    let error = verdict(version, policy, text).error.expect("a violation");
    (error.first().pointer.clone(), error.first().message.clone())
}

/// Runs on a stack far smaller than any thread has.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(test).expect("a thread").join().expect("no overflow");
}

#[test]
fn a_conformant_call_is_read_alike_under_every_policy() {
    let text = r#"[2,"19","Authorize",{"idTag":"04A1B2"}]"#;
    for policy in [Enforce, Repair, DecodePolicy::Trust] {
        let call = decode_call::<v16::StationCall>(text, policy).unwrap();
        assert_eq!(call.request, v16::AuthorizeRequest::new("04A1B2").into());
        assert_eq!((call.id.as_json(), call.frame_remarks.len(), call.remarks.len()), ("\"19\"", 0, 0));
        assert!(verdict(V16, policy, text).is_good());
    }
}

#[test]
fn trust_skips_limits_and_repair_lists_what_enforce_refuses() {
    let text = r#"[2,"19","Authorize",{"idTag":"0123456789012345678901"}]"#;
    let error = decode_call::<v16::StationCall>(text, Enforce).unwrap_err();
    assert!(matches!(error, CallFault::Payload { error, .. } if error.first().pointer == "/idTag"));
    let repaired = decode_call::<v16::StationCall>(text, Repair).unwrap();
    assert_eq!(repaired.remarks.len(), 1);
    let trusted = decode_call::<v16::StationCall>(text, DecodePolicy::Trust).unwrap();
    assert_eq!((&trusted.request, trusted.remarks.len()), (&repaired.request, 0));
}

#[test]
fn a_frame_that_is_no_call_is_handed_back() {
    let fault = decode_call::<v16::StationCall>(r#"[3,"19",{}]"#, Enforce).unwrap_err();
    assert!(matches!(&fault, CallFault::OtherFrame(frame) if frame.message_type() == 3));
    assert_eq!(fault.reply(V16), None);
}

#[test]
fn errors_point_at_the_spot() {
    let offset = |text: &str| refused(V201, Enforce, text).offset;
    assert_eq!(offset(r#"  {"a":1}"#), 2);
    assert_eq!(offset(r#"[9,"1",{}]"#), 1);
    assert_eq!(offset(r#"[2, 19,"Heartbeat",{}]"#), 4);
    assert_eq!(offset(r#"[2]"#), 2);
    assert_eq!(offset(r#"[2,"1","Heartbeat"]"#), 18);
    assert_eq!(offset(r#"[2,"1","Heartbeat",{},7]"#), 22);
    assert_eq!(offset(r#"[2,"1",Heartbeat,{}]"#), 7);
    assert_eq!(offset(r#"[2,"1",{},{}]"#), 7);
    assert_eq!(offset(r#"[2,"1","Heartbeat",{}"#), 21);
    assert_eq!(offset(r#"[4,"1","GenericError",null,{}]"#), 22);
    assert_eq!(offset(r#"[9,"1",{"#), 1);
    let with_mark = refused(V201, Repair, "\u{feff}[2,\"1\",{},{}]");
    assert_eq!((with_mark.defect, with_mark.offset), (FrameDefect::Action, 10));

    let text = "[2,\"1\", \"Authorize\", {\"idToken\": 7}]";
    let verdict = verdict(V201, Enforce, text);
    let violation = verdict.error.unwrap().first().clone();
    assert_eq!(&text[verdict.payload_offset + violation.offset..], "7}]");
    let text = r#"[3,"77",null]"#;
    let verdict = check(text, V201, Direction::Either, Enforce, |_| Some("Authorize".into()));
    assert_eq!(&text[verdict.payload_offset..], "null]");
}

#[test]
fn an_unknown_sender_may_send_the_actions_of_both_sides() {
    for (action, station, csms) in [("Heartbeat", true, false), ("ClearCache", false, true)] {
        let text = format!("[2,\"1\",\"{action}\",{{}}]");
        let is_good = |from| check(&text, V201, from, Enforce, |_| None).is_good();
        assert_eq!(is_good(Direction::FromStation), station);
        assert_eq!(is_good(Direction::FromCsms), csms);
        assert!(is_good(Direction::Either));
    }
}
