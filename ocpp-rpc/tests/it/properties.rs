//! What holds for any text.

use ocpp_rpc::{CallFault, Direction, Frame, Mend, Verdict, check, decode_call, mend, parse, rescue};
use ocpp_types::{Calls, DecodePolicy, Version, v16, v21, v201};
use proptest::prelude::*;
use proptest::sample::select;

const POLICIES: [DecodePolicy; 3] = [DecodePolicy::Enforce, DecodePolicy::Repair, DecodePolicy::Trust];

/// Payloads that fit some action, and some that fit none.
const PAYLOADS: [&str; 14] = [
    "{}",
    "null",
    "[]",
    r#"{"idTag":"04A1B2"}"#,
    r#"{"idTag":4711}"#,
    r#"{"idToken":{"idToken":"04A1B2","type":"Central"}}"#,
    r#"{"idToken":{"idToken":"04A1B2","type":"central"},"extra":null}"#,
    r#"{"vendorId":"V","data":"\u00e4\ud83d\ude97"}"#,
    r#"{"vendorId":"V","data":{"a":[1,{"b":1e400}]}}"#,
    r#"{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-14T13:02:12Z"}"#,
    r#"{"connectorId":"1","errorCode":"NoError","status":"available","timestamp":"2026-03-14 13:02:12"}"#,
    r#"{"timestamp":"2026-03-14T13:02:12Z","connectorStatus":"Available","evseId":1,"connectorId":1}"#,
    r#"{"connectorId":1,"meterValue":[{"timestamp":"2026-03-14T13:15:00Z","sampledValue":[{"value":"1841.170","unit":"kWh"}]}]}"#,
    r#"{"customData":{"vendorId":"V","deep":[[[[1]]]]}}"#,
];

const ACTIONS: [&str; 9] = [
    "Authorize",
    "Heartbeat",
    "DataTransfer",
    "StatusNotification",
    "MeterValues",
    "Reset",
    "NotifyPeriodicEventStream",
    "Foo",
    "Heart\\u0062eat",
];

const IDS: [&str; 8] =
    ["\"1\"", "\"\"", "\"19-a\\/b\"", "\"\\ud800\"", "19", "-1.5e3", "{}", "\"0123456789012345678901234567890123456\""];

/// A text that is a frame, or nearly.
fn frame() -> impl Strategy<Value = String> {
    let blank = || select(vec!["", "", "", " ", "\r\n"]);
    let call = (
        select(vec!["2", "2", "2", "2", "6", "9", "\"2\""]),
        select(&IDS[..]),
        select(&ACTIONS[..]),
        select(&PAYLOADS[..]),
        blank(),
    )
        .prop_map(|(kind, id, action, payload, blank)| {
            format!("[{kind},{blank}{id},\"{action}\"{blank},{payload}]{blank}")
        });
    let result = (select(&IDS[..]), select(&PAYLOADS[..])).prop_map(|(id, payload)| format!("[3,{id},{payload}]"));
    let refusal = (
        select(vec!["4", "5"]),
        select(&IDS[..]),
        select(vec!["GenericError", "FormationViolation", "FormatViolation", "Own\\n", "\\udfff"]),
        select(vec![",\"\",{}", ",\"why\\u0000\",{\"a\":1}", "", ",null", ",null,null", ",\"\",[],7"]),
    )
        .prop_map(|(kind, id, code, rest)| format!("[{kind},{id},\"{code}\"{rest}]"));
    prop_oneof![4 => call, 1 => result, 1 => refusal]
}

/// A frame, possibly damaged in one place.
fn damaged() -> impl Strategy<Value = String> {
    let damage = select(vec!["", "", ",", "\"", "{", "]", "\\", "\0", "\u{1}", "é", "\u{feff}", "9", "null", ":", " "]);
    (frame(), any::<prop::sample::Index>(), damage, 0_usize..3, any::<bool>()).prop_map(
        |(text, at, damage, cut, is_damaged)| {
            if !is_damaged {
                return text;
            }
            let characters: Vec<char> = text.chars().collect();
            let at = at.index(characters.len() + 1);
            let end = (at + cut).min(characters.len());
            characters[..at].iter().chain(&damage.chars().collect::<Vec<_>>()).chain(&characters[end..]).collect()
        },
    )
}

/// Pieces of JSON in any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "d800",
        "2",
        "3",
        "4",
        "-",
        "1e9",
        ".",
        "null",
        "true",
        " ",
        "\n",
        "\0",
        "\u{feff}",
        "\u{85}",
        "ä",
        "\"idTag\"",
        "\"1\"",
        "\"Authorize\"",
    ];
    prop::collection::vec(select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => damaged(), 2 => soup(), 1 => any::<String>()]
}

fn version() -> impl Strategy<Value = Version> {
    select(&Version::ALL[..])
}

/// Whether reading at one go and step by step come to the same.
fn agrees<C: Calls + Clone + std::fmt::Debug + PartialEq>(
    text: &str,
    policy: DecodePolicy,
) -> Result<(), TestCaseError> {
    let at_one_go = decode_call::<C>(text, policy);
    let parsed = match (parse(text, C::VERSION, policy), at_one_go.clone()) {
        (Ok(parsed), _) => parsed,
        (Err(error), at_one_go) => {
            prop_assert!(matches!(at_one_go, Err(CallFault::Frame(other)) if other == error));
            return Ok(());
        }
    };
    let Frame::Call { id, action, payload } = &parsed.frame else {
        prop_assert_eq!(at_one_go, Err(CallFault::OtherFrame(parsed.frame)));
        return Ok(());
    };
    let Some(action) = C::find(action) else {
        let is_fault = matches!(at_one_go, Err(CallFault::Action { id: other, .. }) if other == *id);
        prop_assert!(is_fault);
        return Ok(());
    };
    match (C::decode(action, payload, policy), at_one_go) {
        (Ok(decoded), Ok(call)) => {
            prop_assert_eq!(call.id.as_json(), id.as_json());
            prop_assert_eq!(call.request, decoded.value);
            prop_assert_eq!(call.remarks, decoded.remarks);
            prop_assert_eq!(call.frame_remarks, parsed.remarks);
        }
        (Err(error), Err(CallFault::Payload { error: other, .. })) => prop_assert_eq!(error, other),
        (decoded, call) => prop_assert!(false, "{decoded:?} but {call:?}"),
    }
    Ok(())
}

fn verdict_of(text: &str, version: Version, policy: DecodePolicy, from: Direction) -> Verdict<'_> {
    check(text, version, from, policy, |_| Some("Authorize".into()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn reading_at_one_go_agrees_with_reading_step_by_step(text in any_text(), policy in select(&POLICIES[..])) {
        agrees::<v16::StationCall>(&text, policy)?;
        agrees::<v16::CsmsCall>(&text, policy)?;
        agrees::<v201::StationCall>(&text, policy)?;
        agrees::<v201::CsmsCall>(&text, policy)?;
        agrees::<v21::StationCall>(&text, policy)?;
        agrees::<v21::CsmsCall>(&text, policy)?;
    }

    #[test]
    fn any_text_has_a_verdict_and_a_sound_answer_or_none(text in any_text(), version in version()) {
        for policy in POLICIES {
            for from in [Direction::FromStation, Direction::FromCsms, Direction::Either] {
                let verdict = verdict_of(&text, version, policy, from);
                if let Err(error) = &verdict.frame {
                    prop_assert!(error.offset <= text.len());
                }
                for violation in verdict.error.iter().flat_map(|error| error.violations()) {
                    prop_assert!(verdict.payload_offset + violation.offset <= text.len());
                }
                prop_assert!(!verdict.is_good() || verdict.reply.is_none());
                let Some(reply) = verdict.reply else { continue };
                // a kilobyte of id, a code, a description of which each character may take an escape
                prop_assert!(reply.len() <= 1024 + 64 + 255 * 6);
                prop_assert!(!reply.contains(|character: char| character < ' '));
                let answered = parse(&reply, version, DecodePolicy::Repair).unwrap();
                prop_assert!(matches!(answered.frame.message_type(), 4 | 5));
                if let Ok(frame) = &verdict.frame {
                    prop_assert_eq!(answered.frame.id().as_json(), frame.id().as_json());
                }
                // and the answer is not answered
                prop_assert_eq!(verdict_of(&reply, version, DecodePolicy::Enforce, from).reply, None);
            }
        }
    }

    #[test]
    fn a_frame_is_printed_so_that_it_reads_as_itself(text in any_text(), version in version(), policy in select(&POLICIES[..])) {
        if let Ok(parsed) = parse(&text, version, policy) {
            let printed = parsed.frame.to_string();
            prop_assert_eq!(&parse(&printed, version, policy).unwrap().frame, &parsed.frame);
            // what stood beside the frame is gone, what is odd in it is not
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&printed).is_ok());
        }
    }

    #[test]
    fn json_needs_no_mending_and_mended_text_none_either(text in any_text()) {
        for how in [Mend::Characters, Mend::Commas] {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            let mended = mend(&text, how);
            prop_assert!(!is_json || mended.is_none());
            let rescued = rescue(&text, how);
            prop_assert!(!is_json || rescued.is_none());
            if let Some(rescued) = rescued {
                prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&rescued).is_ok());
                prop_assert_eq!(mend(&rescued, how), None);
            }
        }
    }

    #[test]
    fn what_enforce_accepts_the_others_accept_without_remark(text in any_text(), version in version()) {
        let enforced = verdict_of(&text, version, DecodePolicy::Enforce, Direction::Either);
        if enforced.is_good() {
            let repaired = verdict_of(&text, version, DecodePolicy::Repair, Direction::Either);
            prop_assert!(repaired.is_good());
            prop_assert!(repaired.remarks.is_empty());
            prop_assert_eq!(&repaired.frame, &enforced.frame);
            prop_assert!(verdict_of(&text, version, DecodePolicy::Trust, Direction::Either).is_good());
        }
    }
}
