//! Frames: reading, judging, answering, mending.

use ocpp_rpc::{Call, CallFault, Direction, Frame, Mend, check, decode_call, mend, parse, rescue};
use ocpp_types::limits::CSMS_BYTES;
use ocpp_types::{Calls, DecodePolicy, Version, v16, v21, v201};
use serde_json::value::RawValue;

use super::payload::{POLICIES, is_one_line};

/// Checks all that is said about the text of a frame.
///
/// # Panics
/// When any of it does not hold.
pub fn frame(version: Version, input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    for policy in POLICIES {
        printing_keeps_the_frame(text, version, policy);
        either_side_may_have_sent_it(text, version, policy);
        match version {
            Version::V16 => {
                decoding_agrees_with_checking::<v16::StationCall>(text, Direction::FromStation, policy);
                decoding_agrees_with_checking::<v16::CsmsCall>(text, Direction::FromCsms, policy);
            }
            Version::V201 => {
                decoding_agrees_with_checking::<v201::StationCall>(text, Direction::FromStation, policy);
                decoding_agrees_with_checking::<v201::CsmsCall>(text, Direction::FromCsms, policy);
            }
            Version::V21 => {
                decoding_agrees_with_checking::<v21::StationCall>(text, Direction::FromStation, policy);
                decoding_agrees_with_checking::<v21::CsmsCall>(text, Direction::FromCsms, policy);
            }
            other => panic!("no checks for version {other}"),
        }
    }
    for how in [Mend::Characters, Mend::Commas] {
        good_json_is_not_mended(text, how);
        if let Some(mended) = rescue(text, how) {
            assert!(is_json(&mended) && !is_json(text), "{how:?}: rescued as {mended}");
            good_json_is_not_mended(&mended, how);
        }
    }
}

fn printing_keeps_the_frame(text: &str, version: Version, policy: DecodePolicy) {
    let parsed = match parse(text, version, policy) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(error.offset <= text.len(), "{policy:?}: offset {} lies outside", error.offset);
            return;
        }
    };
    assert!(is_json(text) || !parsed.remarks.is_empty(), "{policy:?}: a frame that is not JSON");
    if policy == DecodePolicy::Enforce {
        assert_eq!(parsed.remarks, [], "Enforce tolerates nothing");
    }
    if let Frame::Call { payload, .. } | Frame::CallResult { payload, .. } | Frame::Send { payload, .. } = parsed.frame
    {
        let found = &text[parsed.payload_offset..];
        // `null` is read as an empty payload
        assert!(
            found.starts_with(payload) || found.starts_with("null"),
            "the payload stands elsewhere than at {found}"
        );
    }
    let printed = parsed.frame.to_string();
    if printed.len() <= CSMS_BYTES {
        let again = parse(&printed, version, policy).expect("a printed frame can be read");
        assert_eq!(again.frame, parsed.frame, "{policy:?}: printed as {printed}");
        assert_eq!(again.frame.to_string(), printed, "{policy:?}: printing settles at once");
    }
}

/// Who does not know the sender objects to nothing that one of the two may send.
fn either_side_may_have_sent_it(text: &str, version: Version, policy: DecodePolicy) {
    let [station, csms, either] = [Direction::FromStation, Direction::FromCsms, Direction::Either]
        .map(|from| check(text, version, from, policy, |id| Some(id.to_owned())));
    assert_eq!(either.is_good(), station.is_good() || csms.is_good(), "{policy:?}: the verdict is {either:?}");
}

/// The one-pass way to a typed request and the way without types come to the same end.
fn decoding_agrees_with_checking<C: Calls>(text: &str, from: Direction, policy: DecodePolicy) {
    // the id of an answer names the action it answers
    let verdict = check(text, C::VERSION, from, policy, |id| Some(id.to_owned()));
    if let Some(reply) = &verdict.reply {
        is_a_refusal(reply, C::VERSION);
    }
    let context = || format!("{policy:?} {from:?}: the verdict is {verdict:?}");
    let fault = match decode_call::<C>(text, policy) {
        Ok(Call { id, frame_remarks, remarks, request, .. }) => {
            assert!(matches!(verdict.frame, Ok(Frame::Call { id: same, .. }) if same == id), "{}", context());
            assert!(verdict.unchecked.is_none(), "{}", context());
            assert_eq!(frame_remarks, verdict.frame_remarks, "{}", context());
            // `Trust` skips checks, and so knows of fewer faults
            if policy != DecodePolicy::Trust {
                assert!(verdict.is_good() && verdict.reply.is_none(), "{}", context());
                assert_eq!(remarks, verdict.remarks, "{}", context());
            }
            assert!(policy != DecodePolicy::Enforce || request.conforms(), "{}", context());
            return;
        }
        Err(fault) => fault,
    };
    is_one_line(&fault);
    match &fault {
        CallFault::Frame(error) => assert_eq!(verdict.frame.as_ref(), Err(error), "{}", context()),
        CallFault::OtherFrame(other) => {
            assert_eq!(verdict.frame.as_ref(), Ok(other), "{}", context());
            assert_eq!(fault.reply(C::VERSION), None, "only a CALL is answered here");
            return;
        }
        CallFault::Action { code, .. } => {
            assert!(verdict.unchecked.is_some() && verdict.code.as_ref() == Some(code), "{}", context());
        }
        CallFault::Payload { error, .. } => assert_eq!(verdict.error.as_ref(), Some(error), "{}", context()),
        other => panic!("no check for {other:?}"),
    }
    assert_eq!(fault.reply(C::VERSION), verdict.reply, "{}", context());
}

fn is_a_refusal(reply: &str, version: Version) {
    assert!(is_json(reply), "not JSON: {reply}");
    if reply.len() > CSMS_BYTES {
        return;
    }
    let parsed = parse(reply, version, DecodePolicy::Repair).expect("the reply can be read");
    assert!(matches!(parsed.frame.message_type(), 4 | 5), "not a refusal: {reply}");
    // the peer's id goes back as it came, even where it breaks the rules
    let id = parsed.frame.id();
    if id.is_text() && id.is_short() {
        let strict = parse(reply, version, DecodePolicy::Enforce).expect("the reply keeps the rules");
        assert_eq!(strict.frame, parsed.frame);
    }
}

fn good_json_is_not_mended(text: &str, how: Mend) {
    if is_json(text) {
        assert_eq!(mend(text, how), None, "{how:?}");
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}
