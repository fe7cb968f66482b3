//! JSON values whose place is known, read as tolerantly as the rules say (R1, R2, R6).

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ocpi_types::{Number, NumberError, Path};
use rust_decimal::Decimal;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{DocumentError, Name};
use crate::diagnostic::{Code, Diagnostic, Findings, Severity};
use crate::policy::{NullList, OffsetTime, Policy, StringNumber};

/// What reading a document needs besides the document.
pub(crate) struct Reading<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) findings: Findings,
}

impl<'p> Reading<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, findings: Findings::new() }
    }

    #[cold]
    pub(crate) fn note(&mut self, code: Code, at: &Path<'_>, detail: impl Into<String>) {
        self.findings.note(Diagnostic::new(code, at.to_string()).with_detail(detail));
    }

    /// Notes something that spoils nothing here, though the code stands for an error elsewhere.
    #[cold]
    pub(crate) fn warn(&mut self, code: Code, at: &Path<'_>, detail: impl Into<String>) {
        let mut diagnostic = Diagnostic::new(code, at.to_string()).with_detail(detail);
        diagnostic.severity = diagnostic.severity.min(Severity::Warning);
        self.findings.note(diagnostic);
    }

    #[cold]
    pub(crate) fn refuse(&mut self, code: Code, at: &Path<'_>, detail: impl Into<String>) {
        self.findings.note(Diagnostic::new(code, at.to_string()).with_detail(detail).into_error());
    }

    fn wrong_type(&mut self, at: &Path<'_>, expected: &str, found: Value<'_>) {
        self.note(Code::ValueInvalid, at, format!("expected {expected}, found {}", found.type_name()));
    }

    /// The members of an object.
    pub(crate) fn object<'a>(&mut self, value: Value<'a>, at: &Path<'_>) -> Option<Object<'a>> {
        if value.first() != b'{' {
            self.wrong_type(at, "an object", value);
            return None;
        }
        match value.members() {
            Ok(object) => Some(object),
            Err(error) => {
                self.note(Code::ValueInvalid, at, error.to_string());
                None
            }
        }
    }

    /// The items of a list; none where it is absent or null.
    pub(crate) fn list<'a>(&mut self, value: Option<Value<'a>>, at: &Path<'_>) -> Vec<Value<'a>> {
        let Some(value) = value else { return Vec::new() };
        if value.is_null() {
            if self.policy.decode.null_list == NullList::Reject {
                self.note(Code::ValueInvalid, at, "null in place of a list");
            }
            return Vec::new();
        }
        if value.first() != b'[' {
            self.wrong_type(at, "a list", value);
            return Vec::new();
        }
        match value.items() {
            Ok(items) => items,
            Err(error) => {
                self.note(Code::ValueInvalid, at, error.to_string());
                Vec::new()
            }
        }
    }

    /// A text; none where it is absent or null.
    pub(crate) fn text<'a>(&mut self, value: Option<Value<'a>>, at: &Path<'_>) -> Option<Cow<'a, str>> {
        let value = value.filter(|value| !value.is_null())?;
        if value.first() != b'"' {
            self.wrong_type(at, "a text", value);
            return None;
        }
        match value.string() {
            Ok(text) => Some(text),
            Err(error) => {
                self.note(Code::ValueInvalid, at, error.to_string());
                None
            }
        }
    }

    /// A number with its digits (R1); none where it is absent or null.
    pub(crate) fn number(&mut self, value: Option<Value<'_>>, at: &Path<'_>) -> Option<Decimal> {
        let value = value.filter(|value| !value.is_null())?;
        let digits = match value.first() {
            b'"' => {
                let Ok(text) = value.string() else {
                    self.wrong_type(at, "a number", value);
                    return None;
                };
                match self.policy.numbers.string {
                    StringNumber::Accept => self.note(Code::NumberAsString, at, ""),
                    StringNumber::Reject => self.refuse(Code::NumberAsString, at, ""),
                }
                text
            }
            b'-' | b'0'..=b'9' => Cow::Borrowed(value.0),
            _ => {
                self.wrong_type(at, "a number", value);
                return None;
            }
        };
        match digits.parse::<Number>() {
            Ok(number) => Some(number.value()),
            Err(NumberError::OutOfRange) => {
                self.note(Code::NumberOutOfRange, at, shortened(&digits));
                None
            }
            Err(_) => {
                self.note(Code::ValueInvalid, at, format!("{} is not a number", shortened(&digits)));
                None
            }
        }
    }

    /// A whole number that is not negative, `300.0` included; none where it is absent or null.
    pub(crate) fn whole(&mut self, value: Option<Value<'_>>, at: &Path<'_>) -> Option<u64> {
        let number = self.number(value, at)?;
        if number.fract().is_zero()
            && let Ok(whole) = u64::try_from(number)
        {
            return Some(whole);
        }
        self.note(Code::ValueInvalid, at, format!("{number} is not a whole number of 0 or more"));
        None
    }

    /// `true` or `false`; none where it is absent or null.
    pub(crate) fn boolean(&mut self, value: Option<Value<'_>>, at: &Path<'_>) -> Option<bool> {
        let value = value.filter(|value| !value.is_null())?;
        match value.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.wrong_type(at, "a boolean", value);
                None
            }
        }
    }

    /// An instant in UTC (R6); none where it is absent or null.
    pub(crate) fn instant(&mut self, value: Option<Value<'_>>, at: &Path<'_>) -> Option<DateTime<Utc>> {
        let text = self.text(value, at)?;
        let (instant, is_leap) = match text.parse::<ocpi_types::DateTime>() {
            Ok(instant) => (instant.to_chrono(), false),
            Err(_) => match leap_second(&text) {
                Some(instant) => (instant, true),
                None => {
                    self.note(Code::ValueInvalid, at, format!("{} is not a time that exists", shortened(&text)));
                    return None;
                }
            },
        };
        if is_leap {
            self.note(Code::LeapSecond, at, text.as_ref());
        }
        // the date is ten characters; a sign behind it is an offset
        if text.get(10..).is_some_and(|time| time.contains(['+', '-'])) {
            match self.policy.time.offset {
                OffsetTime::Convert => self.note(Code::OffsetNotUtc, at, text.as_ref()),
                OffsetTime::Reject => self.refuse(Code::OffsetNotUtc, at, text.as_ref()),
            }
        }
        Some(instant)
    }
}

/// The instant of a second 60: the first of the next minute.
fn leap_second(text: &str) -> Option<DateTime<Utc>> {
    if text.get(17..19) != Some("60") {
        return None;
    }
    let before = format!("{}59{}", text.get(..17)?, text.get(19..)?);
    let before = before.parse::<ocpi_types::DateTime>().ok()?.to_chrono();
    before.checked_add_signed(TimeDelta::seconds(1))
}

/// The start of a text that may be long and hold anything.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 48;
    let start: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() { format!("`{start}…`") } else { format!("`{start}`") }
}

/// A well-formed JSON value, without blanks around it.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a>(pub(crate) &'a str);

impl<'a> Value<'a> {
    /// The value that a text is.
    pub(crate) fn parse(text: &'a str) -> Result<Self, DocumentError> {
        serde_json::from_str::<&RawValue>(text).map(Self::of).map_err(|error| DocumentError::of_json(&error))
    }

    /// A value that was found well-formed before.
    pub(crate) fn known(text: &'a str) -> Self {
        Self(text)
    }

    pub(crate) fn text(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    fn of(raw: &'a RawValue) -> Self {
        Self(raw.get().trim_ascii())
    }

    fn first(self) -> u8 {
        self.0.bytes().next().unwrap_or(b' ')
    }

    fn type_name(self) -> &'static str {
        match self.first() {
            b'{' => "an object",
            b'[' => "a list",
            b'"' => "a text",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => "a number",
        }
    }

    fn string(self) -> Result<Cow<'a, str>, serde_json::Error> {
        serde_json::from_str::<Name<'a>>(self.0).map(|name| name.0)
    }

    fn items(self) -> Result<Vec<Value<'a>>, serde_json::Error> {
        Ok(serde_json::from_str::<Vec<&'a RawValue>>(self.0)?.into_iter().map(Self::of).collect())
    }

    fn members(self) -> Result<Object<'a>, serde_json::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, Value::of(map.next_value()?)));
                }
                Ok(Object(members))
            }
        }

        serde_json::Deserializer::from_str(self.0).deserialize_map(All)
    }
}

/// The members of an object, in their order.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// A member; of repeated ones the last.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|&(_, value)| value)
    }

    /// A member that is there and not null.
    pub(crate) fn given(&self, name: &str) -> Option<Value<'a>> {
        self.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }
}
