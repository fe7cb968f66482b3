//! Payloads: decoding, inspecting, encoding.

use ocpp_types::limits::{CSMS_BYTES, MAX_VIOLATIONS};
use ocpp_types::{
    DecodeError, DecodePolicy, Decoded, Defect, EachPayload, Payload, Version, Violation, decode, encode,
    encode_unchecked, inspect, v16, v21, v201,
};
use serde_json::Value;

pub(super) const POLICIES: [DecodePolicy; 3] = [DecodePolicy::Enforce, DecodePolicy::Repair, DecodePolicy::Trust];

/// Checks all that is said about the text of a payload: the first line names the message, the rest is JSON.
///
/// # Panics
/// When any of it does not hold.
pub fn payload(version: Version, input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let (name, json) = text.split_at(json_start(input));
    let mut named = Named { name: name.trim_end_matches('\n'), json };
    match version {
        Version::V16 => v16::each_payload(&mut named),
        Version::V201 => v201::each_payload(&mut named),
        Version::V21 => v21::each_payload(&mut named),
        other => panic!("no payloads for version {other}"),
    }
}

/// Where the JSON text starts: behind the first line.
pub fn json_start(input: &[u8]) -> usize {
    input.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}

/// The payload type that is looked for, by its name.
struct Named<'a> {
    name: &'a str,
    json: &'a str,
}

impl EachPayload for Named<'_> {
    fn payload<T: Payload>(&mut self) {
        if T::SHAPE.name == self.name {
            all_that_is_said::<T>(self.json);
        }
    }
}

fn all_that_is_said<T: Payload>(json: &str) {
    if json.len() > CSMS_BYTES {
        return;
    }
    let [enforced, repaired, trusted] = POLICIES.map(|policy| decode::<T>(json, policy));
    with_and_without_type(json, DecodePolicy::Enforce, &enforced);
    with_and_without_type(json, DecodePolicy::Repair, &repaired);
    for error in [&enforced, &repaired, &trusted].into_iter().filter_map(|outcome| outcome.as_ref().err()) {
        violations_lie_in_the_text(json, error);
    }

    if let Ok(Decoded { value, .. }) = &enforced {
        serde_json::from_str::<Value>(json).expect("what is decoded is JSON to serde_json too");
        for (policy, outcome) in [("Repair", &repaired), ("Trust", &trusted)] {
            let other = outcome.as_ref().unwrap_or_else(|error| panic!("{policy} refuses what Enforce takes: {error}"));
            assert_eq!(other.remarks, [], "{policy} remarks on conformant text");
            same(&other.value, value);
        }
        let text = encode(value).expect("what was conformant can be encoded");
        if text.len() <= CSMS_BYTES {
            let again = decode::<T>(&text, DecodePolicy::Enforce).expect("what was encoded is conformant").value;
            same(&again, value);
        }
    }
    if let Ok(Decoded { value, remarks }) = &repaired {
        remarks.iter().for_each(is_one_line);
        if remarks.is_empty() {
            assert!(enforced.is_ok(), "refused, though nothing needs repair: {enforced:?}");
        }
        let text = encode_unchecked(value).expect("any value can be written");
        if text.len() <= CSMS_BYTES {
            let again = decode::<T>(&text, DecodePolicy::Repair).expect("what was repaired can be read again").value;
            same(&again, value);
        }
        let inspection = inspect(json, T::SHAPE, DecodePolicy::Repair).expect("the type makes no difference");
        if inspection.json.len() <= CSMS_BYTES {
            let again = decode::<T>(&inspection.json, DecodePolicy::Repair).expect("a repaired text can be read").value;
            same(&again, value);
        }
        if let Ok(document) = serde_json::from_str::<Value>(json) {
            for remark in remarks {
                assert!(document.pointer(&remark.pointer).is_some(), "{remark:?} points nowhere");
            }
        }
    }
    for Decoded { value, .. } in [repaired, trusted].into_iter().flatten() {
        // nothing leaves that a peer would have to refuse
        if let Ok(text) = encode(&value)
            && text.len() <= CSMS_BYTES
        {
            let again = decode::<T>(&text, DecodePolicy::Enforce).expect("what was encoded is conformant").value;
            same(&again, &value);
        }
    }
}

/// Whether the Rust type is known makes no difference to the verdict.
fn with_and_without_type<T: Payload>(json: &str, policy: DecodePolicy, decoded: &Result<Decoded<T>, DecodeError>) {
    match (decoded, inspect(json, T::SHAPE, policy)) {
        (Ok(decoded), Ok(inspection)) => {
            assert_eq!(decoded.remarks, inspection.remarks, "{policy:?}");
            assert!(policy == DecodePolicy::Repair || decoded.remarks.is_empty(), "{policy:?} repairs nothing");
        }
        (Err(error), Err(same)) => assert_eq!(*error, same, "{policy:?}"),
        (Ok(_), Err(error)) => panic!("{policy:?}: decoded, but inspection finds {error:?}"),
        (Err(error), Ok(_)) => panic!("{policy:?}: inspection finds nothing, but decoding fails: {error:?}"),
    }
}

/// Equal, and written the same: equality alone forgives letter case and the digits of a number.
fn same<T: Payload>(one: &T, other: &T) {
    assert_eq!(one, other);
    assert_eq!(encode_unchecked(one), encode_unchecked(other));
}

fn violations_lie_in_the_text(json: &str, error: &DecodeError) {
    is_one_line(error);
    let violations = error.violations();
    violations.iter().for_each(is_one_line);
    assert!((1..=MAX_VIOLATIONS).contains(&violations.len()));
    assert!(violations.iter().all(|violation| violation.offset <= json.len()), "{violations:?}");
    assert!(violations.is_sorted_by_key(|violation| violation.offset), "not in the order of the text: {violations:?}");
    // of members that stand there twice, a document keeps one
    let ambiguous = error.more() > 0 || violations.iter().any(|violation| violation.defect == Defect::RepeatedMember);
    let Ok(document) = serde_json::from_str::<Value>(json) else { return };
    let is_whole = |violation: &&Violation| !violation.pointer.ends_with('…');
    for violation in violations.iter().filter(|_| !ambiguous).filter(is_whole) {
        let parent = violation.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let found = document.pointer(if violation.defect == Defect::Missing { parent } else { &violation.pointer });
        assert!(found.is_some(), "{violation:?} points nowhere");
    }
}

/// A log line stays one line, whatever the peer sends.
pub(super) fn is_one_line(message: impl core::fmt::Display) {
    let message = message.to_string();
    assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
}
