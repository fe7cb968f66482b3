//! Objects: decoding, inspecting, encoding, forwarding, converting.

use ocpi_types::{
    Context, EachObject, Finding, FindingKind, MAX_FINDINGS, Object, Party, Raw, Severity, Version, convert_text,
    decode, decode_strict, encode, encode_unchecked, has_errors, inspect, inspect_partial, v211, v221, v230,
};
use serde_json::Value;

use super::split;

/// Checks all that is said about the text of an object: the first line names its class, the rest is JSON.
///
/// # Panics
/// When any of it does not hold.
pub fn object(version: Version, input: &[u8]) {
    let Some((name, json)) = split(input) else { return };
    let mut named = Named { name, json };
    match version {
        Version::V2_1_1 => v211::each_object(&mut named),
        Version::V2_2_1 => v221::each_object(&mut named),
        Version::V2_3_0 => v230::each_object(&mut named),
        other => panic!("no objects for version {other}"),
    }
}

/// The class that is looked for, by its name.
struct Named<'a> {
    name: &'a str,
    json: &'a str,
}

impl EachObject for Named<'_> {
    fn object<T: Object>(&mut self) {
        if T::SHAPE.name == self.name {
            all_that_is_said::<T>(self.json);
        }
    }
}

fn all_that_is_said<T: Object>(json: &str) {
    let found = inspect::<T>(json);
    findings_are_fit_to_print(&found);
    findings_are_fit_to_print(&inspect_partial::<T>(json));
    let decoded = decode::<T>(json);
    as_serde_json_reads_it(json, decoded.as_ref().ok());
    let strict = decode_strict::<T>(json);
    match decoded {
        Err(error) => {
            findings_are_fit_to_print(&error.findings);
            assert!(has_errors(&error.findings), "refused without an error");
            assert!(has_errors(&found), "refused, but inspection finds no error: {error}");
            assert!(strict.is_err(), "refused, but not strictly");
            assert!(Raw::<T>::parse(json).is_err());
        }
        Ok(value) => {
            assert_eq!(strict.is_ok(), !has_errors(&found), "{found:?}");
            pointers_resolve(json, &found);
            writes(&value);
            forwards(json, &value);
            converts::<T>(json, &found);
        }
    }
}

/// The reader of the crate only saves time: verdict and value are those of `serde_json`.
fn as_serde_json_reads_it<T: Object>(json: &str, decoded: Option<&T>) {
    match (serde_json::from_str::<T>(json), decoded) {
        (Ok(theirs), Some(ours)) => {
            same(ours, &theirs);
            assert_eq!(ours.validate(), theirs.validate());
            let text = serde_json::to_string(&theirs).expect("objects can be written");
            assert_eq!(encode_unchecked(ours), text);
        }
        (Err(_), None) => {}
        (Ok(_), None) => panic!("refused, though serde_json reads it"),
        (Err(error), Some(_)) => panic!("read, though serde_json refuses it: {error}"),
    }
}

/// Equal, and written the same: equality alone forgives letter case and the digits of a number.
fn same<T: Object>(one: &T, other: &T) {
    assert_eq!(one, other);
    assert_eq!(encode_unchecked(one), encode_unchecked(other));
}

fn writes<T: Object>(value: &T) {
    let text = encode_unchecked(value);
    let again = decode::<T>(&text).expect("what was written can be read");
    assert_eq!(encode_unchecked(&again), text, "writing is stable");
    if let Ok(text) = encode(value) {
        same(&decode_strict::<T>(&text).expect("what the encoder lets out is right to the letter"), value);
    }
}

fn forwards<T: Object>(json: &str, value: &T) {
    let raw = Raw::<T>::parse(json).expect("what was decoded is kept");
    assert_eq!(raw.text(), json.trim_matches([' ', '\t', '\r', '\n']), "the text stays as it came");
    let before = raw.undocumented();
    let replaced = raw.replace(value.clone()).expect("objects can be written");
    let repeated = inspect::<T>(json).iter().any(|finding| finding.kind == FindingKind::DuplicateMember);
    if !repeated {
        same(&decode::<T>(replaced.text()).expect("what is forwarded can be read"), value);
        let after = replaced.undocumented();
        // parts that have no identifier are recognised by their place
        assert!(after.len() <= before.len(), "{before:?} {after:?}");
        for (pointer, value) in before.iter().filter(|(pointer, _)| pointer.matches('/').count() == 1) {
            assert!(after.contains(&(pointer.clone(), value.clone())), "{pointer} is lost on the way through");
        }
    }
}

fn converts<T: Object>(json: &str, found: &[Finding]) {
    let mut context = Context::new();
    context.owner = Some(Party::new("NL", "TNM"));
    context.time_zone = Some("Europe/Amsterdam".into());
    context.force_unpublished = true;
    context.role = Some("CPO");
    let name = T::SHAPE.name;
    for to in Version::ALL {
        for context in [&Context::new(), &context] {
            let Ok(converted) = convert_text(T::VERSION, to, name, json, context) else { continue };
            let target = ocpi_types::object(to, name).expect("it was converted to it");
            let again = (target.canonical)(&converted.value).expect("what was converted can be read");
            assert_eq!(again, converted.value, "what was converted is written in our form");
            let after = (target.inspect)(&converted.value);
            let is_error = |finding: &&Finding| finding.severity == Severity::Error && finding.rule != "STR-01";
            if !has_errors(found) {
                assert_eq!(after.iter().find(is_error), None, "to {to}: {}", converted.value);
            }
            for loss in &converted.losses {
                assert!(!loss.to_string().contains(char::is_control), "{loss:?}");
                assert!(!loss.reason.is_empty() && (loss.pointer.is_empty() || loss.pointer.starts_with('/')));
            }
        }
    }
}

/// Few enough, each on one line.
fn findings_are_fit_to_print(findings: &[Finding]) {
    assert!(findings.len() <= MAX_FINDINGS);
    for finding in findings {
        let line = finding.to_string();
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}

fn pointers_resolve(json: &str, findings: &[Finding]) {
    if findings.iter().any(|finding| finding.kind == FindingKind::DuplicateMember) {
        return; // of members that stand there twice, a document keeps one
    }
    let Ok(document) = serde_json::from_str::<Value>(json) else { return };
    for finding in findings {
        // what is missing is reported where it should stand, and a bare text for an object has no members
        let mut pointer = finding.pointer.as_str();
        while document.pointer(pointer).is_none() {
            let (parent, _) = pointer.rsplit_once('/').expect("the document itself is there");
            pointer = parent;
        }
        let depth = |pointer: &str| pointer.matches('/').count();
        assert!(depth(&finding.pointer) - depth(pointer) <= 1, "{finding:?} points nowhere");
    }
}
