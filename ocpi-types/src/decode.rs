//! Decoding and encoding: permissive, strict, and explained.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Object;
use crate::envelope::BadItem;
use crate::raw::RawJson;
use crate::reader::{Halt, Item, Reader, read};
use crate::shape::{Kind, Shape};
use crate::timestamp::DateTime;
use crate::validate::{Finding, FindingKind, Findings, Path, Severity, has_errors};
use crate::writer;

/// Reads an object permissively: whatever can be understood is, and [`Object::validate`] tells what is wrong with it.
///
/// Too long texts, unlisted enumeration values, odd forms of times, quoted numbers, empty lists, undocumented members
/// (rule ABS-07) and repeated members (the last wins, rule ABS-10) are accepted.
///
/// # Errors
/// When the text is not JSON, a required member is missing or a value has a type that cannot be understood. The findings
/// then tell everything that is wrong, with the places.
pub fn decode<T: Object>(text: &str) -> Result<T, DecodeError> {
    read(text).map_err(|error| explain::<T>(text, &error))
}

/// Reads an object that has to follow the documents to the letter.
///
/// # Errors
/// When [`inspect`] finds an error. Warnings are no hindrance.
pub fn decode_strict<T: Object>(text: &str) -> Result<T, DecodeError> {
    let value = decode::<T>(text)?;
    let findings = inspect::<T>(text);
    if has_errors(&findings) { Err(DecodeError { findings }) } else { Ok(value) }
}

/// Lists everything that is wrong or remarkable about a text that should be such an object.
///
/// Beside what [`Object::validate`] sees this finds what the value does not show any more: undocumented and repeated
/// members, explicit nulls, and all structural errors instead of the first.
pub fn inspect<T: Object>(text: &str) -> Vec<Finding> {
    let mut findings = Findings::new();
    match read::<T>(text) {
        Ok(value) => {
            structure(text, T::SHAPE, Leaves::Skip, &mut findings);
            value.check(&Path::ROOT, &mut findings);
        }
        Err(_) => structure(text, T::SHAPE, Leaves::Check, &mut findings),
    }
    findings.into_vec()
}

/// Lists everything that is wrong or remarkable about the body of a PATCH of such an object: as [`inspect`], but members
/// may be missing at the top (rule PAT-01).
pub fn inspect_partial<T: Object>(text: &str) -> Vec<Finding> {
    let mut findings = Findings::new();
    match serde_json::from_str::<&RawValue>(text) {
        Err(error) => findings.report(&Path::ROOT, FindingKind::Json, "ENV-12", Severity::Error, error.to_string()),
        Ok(raw) if raw.get().starts_with('{') => {
            compare_object(raw.get(), T::SHAPE, Presence::Optional, Leaves::Check, &Path::ROOT, &mut findings);
        }
        Ok(raw) => compare(raw.get(), &Kind::Object(T::SHAPE), Leaves::Check, &Path::ROOT, &mut findings),
    }
    findings.into_vec()
}

/// Writes an object, if it follows the documents.
///
/// # Errors
/// When [`Object::validate`] finds an error (rule STR-05: the encoder is strict). [`encode_unchecked`] writes without
/// looking.
pub fn encode<T: Object>(value: &T) -> Result<String, EncodeError> {
    let findings = value.validate();
    if has_errors(&findings) {
        return Err(EncodeError::Invalid { findings });
    }
    Ok(encode_unchecked(value))
}

/// Writes an object as it is, whether or not it follows the documents. The text is that of `serde_json::to_string`, in less
/// time.
pub fn encode_unchecked<T: Object>(value: &T) -> String {
    writer::write(value)
}

/// Why a text could not be read. The peer that sent it is at fault; the answer is status 2001.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", .findings.iter().find(|finding| finding.severity == Severity::Error).map_or_else(|| "not readable".to_owned(), ToString::to_string))]
pub struct DecodeError {
    /// What is wrong; at least one is an error.
    pub findings: Vec<Finding>,
}

impl DecodeError {
    /// The error of a value that is no object.
    pub(crate) fn of(error: &serde_json::Error) -> Self {
        let mut findings = Findings::new();
        findings.report(&Path::ROOT, FindingKind::Type, "ENV-02", Severity::Error, error.to_string());
        Self { findings: findings.into_vec() }
    }

    /// Whether the text is not even JSON, which is answered with HTTP 400 (rule ENV-12).
    pub fn is_syntax(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind == FindingKind::Json)
    }
}

/// Why an object could not be written. The caller is at fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// It breaks requirements.
    #[error("{}", .findings.iter().find(|finding| finding.severity == Severity::Error).map_or_else(String::new, ToString::to_string))]
    Invalid {
        /// What is wrong.
        findings: Vec<Finding>,
    },
}

/// Turns the error of the fast path into findings with places.
#[cold]
fn explain<T: Object>(text: &str, error: &serde_json::Error) -> DecodeError {
    let mut findings = Findings::new();
    structure(text, T::SHAPE, Leaves::Check, &mut findings);
    if !findings.has_errors() {
        // the walk is more patient than serde_json, for instance about depth
        findings.report(&Path::ROOT, FindingKind::Type, "ABS-01", Severity::Error, error.to_string());
    }
    DecodeError { findings: findings.into_vec() }
}

/// Whether the walk over the text looks at lengths, forms and codes, which it leaves to the value when there is one.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Leaves {
    Check,
    Skip,
}

/// Hands the items of a list to `each`, one after the other; the good ones are read in place.
pub(crate) fn each_item<T: Object>(
    list: &RawValue,
    mut each: impl FnMut(Result<T, BadItem>),
) -> Result<(), serde_json::Error> {
    let mut reader = Reader::new(list.get());
    let mut index = 0;
    loop {
        match reader.item::<T>(index == 0) {
            Ok(None) => return Ok(()),
            Ok(Some(Item::Good(item))) => each(Ok(item)),
            Ok(Some(Item::Bad(raw, error))) => {
                each(Err(BadItem { index, error: explain::<T>(raw.get(), &error), text: RawJson::from(raw) }));
            }
            Err(Halt) => {
                return serde_json::from_str::<Vec<de::IgnoredAny>>(list.get())
                    .and(Err(de::Error::custom("not a list that can be read")));
            }
        }
        index += 1;
    }
}

/// Whether required members have to be there, which they need not in a PATCH.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Presence {
    Required,
    Optional,
}

fn structure(text: &str, shape: &'static Shape, leaves: Leaves, findings: &mut Findings) {
    match serde_json::from_str::<&RawValue>(text) {
        Err(error) => findings.report(&Path::ROOT, FindingKind::Json, "ENV-12", Severity::Error, error.to_string()),
        Ok(raw) => compare(raw.get(), &Kind::Object(shape), leaves, &Path::ROOT, findings),
    }
}

/// The depth of the recursion is that of the shape, whatever the text holds: unknown members are not entered.
fn compare(raw: &str, kind: &Kind, leaves: Leaves, at: &Path<'_>, findings: &mut Findings) {
    let raw = raw.trim_ascii();
    let first = raw.bytes().next().unwrap_or(b' ');
    let mut wrong_type = |expected: &str| {
        let message = format!("expected {expected}, found {}", name_of_type(first));
        findings.report(at, FindingKind::Type, "ABS-01", Severity::Error, message);
    };
    match kind {
        Kind::Any => {}
        Kind::Boolean if matches!(first, b't' | b'f') => {}
        Kind::Boolean => wrong_type("a boolean"),
        Kind::Integer { min, max } => match (first, serde_json::from_str::<crate::Int>(raw)) {
            (b'-' | b'0'..=b'9', Ok(value)) => {
                if raw.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
                    let message = "a whole number is written without a point or exponent";
                    findings.report(at, FindingKind::Format, "NUM-05", Severity::Warning, message);
                }
                if leaves == Leaves::Check && !(*min..=*max).contains(&value.get()) {
                    let message = format!("{value} is not within {min} and {max}");
                    findings.report(at, FindingKind::Range, "NUM-05", Severity::Error, message);
                }
            }
            (b'-' | b'0'..=b'9', Err(_)) => {
                findings.report(
                    at,
                    FindingKind::Range,
                    "NUM-05",
                    Severity::Error,
                    "not a whole number that can be held",
                );
            }
            _ => wrong_type("a whole number"),
        },
        Kind::Number { decimals } => {
            let (digits, quoted) = match serde_json::from_str::<Cow<'_, str>>(raw) {
                Ok(text) => (text, true),
                Err(_) => (Cow::Borrowed(raw), false),
            };
            match crate::number::parse(digits.as_ref()) {
                _ if !matches!(first, b'-' | b'0'..=b'9' | b'"') => wrong_type("a number"),
                Err(error) => findings.report(at, FindingKind::Type, "NUM-01", Severity::Error, error.to_string()),
                Ok(value) if leaves == Leaves::Check => {
                    if quoted {
                        findings.report(at, FindingKind::Type, "NUM-04", Severity::Error, "a number stands in quotes");
                    }
                    if value.normalize().scale() > *decimals {
                        let message = format!("more than {decimals} digits behind the point");
                        findings.report(at, FindingKind::Length, "NUM-02", Severity::Warning, message);
                    }
                }
                Ok(_) => {}
            }
        }
        Kind::Text(text_kind) => match serde_json::from_str::<Cow<'_, str>>(raw) {
            Ok(text) if leaves == Leaves::Check => crate::text::check(&text, text_kind, at, findings),
            Ok(_) => {}
            Err(error) if first == b'"' => {
                findings.report(at, FindingKind::Json, "ENV-12", Severity::Error, error.to_string());
            }
            Err(_) => wrong_type("a text"),
        },
        Kind::DateTime { fraction } => match serde_json::from_str::<Cow<'_, str>>(raw) {
            Ok(text) => check_time(&text, *fraction, leaves, at, findings),
            Err(_) => wrong_type("a date and time"),
        },
        Kind::Enumeration { name, values, open } => match serde_json::from_str::<Cow<'_, str>>(raw) {
            Ok(text) => {
                if leaves == Leaves::Check && !open && !values.contains(&&*text) {
                    crate::string_enum::report_unlisted(&text, name, at, findings);
                }
            }
            Err(_) => wrong_type("a text"),
        },
        Kind::Object(shape) => match first {
            b'{' => compare_object(raw, shape, Presence::Required, leaves, at, findings),
            _ => wrong_type(&format!("an object `{}`", shape.name)),
        },
    }
}

fn check_time(text: &str, fraction: bool, leaves: Leaves, at: &Path<'_>, findings: &mut Findings) {
    use crate::shape::Datatype as _;

    let checked = match fraction {
        true => text.parse::<DateTime<true>>().map(|time| {
            if leaves == Leaves::Check {
                time.check(at, findings)
            }
        }),
        false => text.parse::<DateTime<false>>().map(|time| {
            if leaves == Leaves::Check {
                time.check(at, findings)
            }
        }),
    };
    if let Err(error) = checked {
        findings.report(at, FindingKind::Format, "DT-05", Severity::Error, error.to_string());
    }
}

fn compare_object(
    raw: &str,
    shape: &'static Shape,
    presence: Presence,
    leaves: Leaves,
    at: &Path<'_>,
    findings: &mut Findings,
) {
    let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(raw) else {
        findings.report(at, FindingKind::Json, "ENV-12", Severity::Error, "member names cannot be read");
        return;
    };
    let mut seen = BTreeSet::new();
    for (name, value) in &members {
        let place = at.member(name);
        if !seen.insert(name) {
            findings.report(&place, FindingKind::DuplicateMember, "ABS-10", Severity::Error, "the member occurs twice");
            continue;
        }
        let Some(member) = shape.member(name) else {
            let message = format!("not a member of {}", shape.name);
            findings.report(&place, FindingKind::UnknownMember, "ABS-07", Severity::Info, message);
            continue;
        };
        let value = value.get();
        if value == "null" {
            if member.cardinality.is_required() {
                findings.report(&place, FindingKind::Required, "ABS-01", Severity::Error, "null for a required member");
            }
        } else if !member.cardinality.is_list() {
            compare(value, &member.kind, leaves, &place, findings);
        } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value) {
            if leaves == Leaves::Check && items.is_empty() && member.cardinality.is_required() {
                let message = "the list must not be empty";
                findings.report(&place, FindingKind::Cardinality, "X-GEN-04", Severity::Error, message);
            }
            for (index, item) in items.iter().enumerate() {
                compare(item.get(), &member.kind, leaves, &place.item(index), findings);
            }
        } else {
            let message = format!("expected a list, found {}", name_of_type(value.bytes().next().unwrap_or(b' ')));
            findings.report(&place, FindingKind::Type, "ABS-01", Severity::Error, message);
        }
    }
    if presence == Presence::Optional {
        return;
    }
    for member in shape.members.iter().filter(|member| member.cardinality.is_required()) {
        if !seen.contains(&Cow::Borrowed(member.name)) {
            let place = at.member(member.name);
            findings.report(&place, FindingKind::Required, "ABS-01", Severity::Error, "a required member is missing");
        }
    }
}

fn name_of_type(first: u8) -> &'static str {
    match first {
        b'{' => "an object",
        b'[' => "a list",
        b'"' => "a text",
        b't' | b'f' => "a boolean",
        b'n' => "null",
        _ => "a number",
    }
}

/// The members of an object in their order, repeated ones included.
pub(crate) struct Members<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

/// A member name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
                Ok(Cow::Borrowed(name))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Cow<'de, str>, E> {
                Ok(Cow::Owned(name.to_owned()))
            }
        }

        deserializer.deserialize_str(Text).map(Self)
    }
}
