//! The closer look: what exactly is wrong with a payload, and what it would be when repaired.
//!
//! Walks JSON text along the [`Shape`] of the payload. The depth of the walk is that of the shape, never of the text;
//! conformant parts are copied as they stand.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::{DecodePolicy, Inspection};
use crate::limits::{MAX_DEPTH, MAX_ITEMS, MAX_TEXT};
use crate::raw_json::{too_deep, unsound};
use crate::shape::{Kind, Range, Shape};
use crate::violation::{DecodeError, Defect, Remark, Repair, Violation, Violations};
use crate::{Decimal, Timestamp, text};

/// Checks the text of a payload against its shape.
///
/// This is how a payload is checked when its Rust type is not known at compile time; the verdict is that of
/// [`decode`](crate::decode()). Under [`DecodePolicy::Repair`] the text comes back repaired, otherwise as it was, but for the
/// notation of whole numbers.
///
/// # Errors
/// All that is wrong with the text, located.
pub fn inspect<'a>(json: &'a str, shape: &'static Shape, policy: DecodePolicy) -> Result<Inspection<'a>, DecodeError> {
    let mut inspector = Inspector {
        text: json,
        repair: policy == DecodePolicy::Repair,
        plain_integers: shape.plain_integers,
        place: Vec::new(),
        written: String::with_capacity(json.len()),
        changed: false,
        violations: Violations::default(),
        remarks: Vec::new(),
    };
    inspector.payload(shape);
    match inspector.violations.into_error() {
        Some(error) => Err(error),
        None => {
            let json = if inspector.changed { Cow::Owned(inspector.written) } else { Cow::Borrowed(json) };
            Ok(Inspection { json, remarks: inspector.remarks })
        }
    }
}

struct Inspector<'a> {
    text: &'a str,
    repair: bool,
    plain_integers: bool,
    place: Vec<Step<'a>>,
    /// The payload as it would be when repaired.
    written: String,
    changed: bool,
    violations: Violations,
    remarks: Vec<Remark>,
}

/// A step of a JSON pointer.
enum Step<'a> {
    Member(Cow<'a, str>),
    Item(usize),
}

/// Whether a value was written, or turned out to mean that there is none.
#[derive(PartialEq)]
enum Outcome {
    Written,
    Absent,
}

impl<'a> Inspector<'a> {
    fn payload(&mut self, shape: &'static Shape) {
        if let Some(offset) = too_deep(self.text, 0) {
            return self.refuse_depth(offset);
        }
        match serde_json::from_str::<&RawValue>(self.text) {
            Ok(raw) if raw.get().starts_with('{') => {
                self.object(raw.get(), shape);
                // one item taken as a list is one level deeper
                if self.changed && too_deep(&self.written, 0).is_some() {
                    self.refuse_depth(self.text.len());
                }
            }
            Ok(raw) => self
                .refuse(raw.get(), Defect::NotAnObject, || format!("{} where an object belongs", type_of(raw.get()))),
            Err(error) => {
                let offset = offset_of(self.text, &error);
                self.violations.add(|| Violation {
                    defect: Defect::Syntax,
                    pointer: String::new(),
                    offset,
                    message: error.to_string(),
                });
            }
        }
    }

    /// A value of any kind; writes what it is or is taken for.
    fn value(&mut self, raw: &'a str, kind: &'static Kind, required: bool) -> Outcome {
        let absent = !required
            && match raw {
                "null" => !matches!(kind, Kind::Any),
                "\"\"" => !matches!(kind, Kind::Text(_) | Kind::Any),
                _ => is_empty_list(raw) && matches!(kind, Kind::List { min: 1.., .. }),
            };
        if absent && self.repair {
            self.remark(raw, Repair::TakenAsAbsent);
            return Outcome::Absent;
        }
        match *kind {
            Kind::Any => self.carried(raw),
            Kind::Boolean => self.boolean(raw),
            Kind::Integer(range) => self.integer(raw, range),
            Kind::Number(range) => self.number(raw, range),
            Kind::Text(max) => self.plain_text(raw, max),
            Kind::Uri(max) => self.uri(raw, max),
            Kind::DateTime => self.date_time(raw),
            Kind::Enumeration(values) => self.enumeration(raw, values),
            Kind::List { item, min, max } => self.list(raw, item, min, max),
            Kind::Object(shape) => self.nested(raw, shape),
            Kind::CustomData => self.custom_data(raw),
        }
        Outcome::Written
    }

    /// JSON that is not read here, but by somebody.
    fn carried(&mut self, raw: &'a str) {
        match unsound(raw) {
            None => self.write(raw),
            Some(error) => self.refuse(raw, Defect::Syntax, || format!("unsound JSON: {error}")),
        }
    }

    fn boolean(&mut self, raw: &'a str) {
        match raw {
            "true" | "false" => self.write(raw),
            _ if !self.repair => self.refuse_type(raw, "true or false"),
            _ => match raw.trim_matches(['"', ' ']).to_ascii_lowercase().as_str() {
                "true" | "1" => self.rewrite(raw, "true", Repair::TextAsNumber),
                "false" | "0" => self.rewrite(raw, "false", Repair::TextAsNumber),
                _ => self.refuse_type(raw, "true or false"),
            },
        }
    }

    fn integer(&mut self, raw: &'a str, range: Range) {
        let Some((literal, quoted)) = self.number_literal(raw, "a whole number") else { return };
        let whole = literal.parse::<i64>().ok();
        let value = match whole.map(Decimal::from).map_or_else(|| literal.parse::<Decimal>(), Ok) {
            Ok(value) => rust_decimal::Decimal::from(value),
            Err(_) => return self.refuse(raw, Defect::OutOfRange, || "a number beyond 64 bits".into()),
        };
        let Ok(number) = i64::try_from(value.trunc()) else {
            return self.refuse(raw, Defect::OutOfRange, || "a number beyond 64 bits".into());
        };
        if !self.repair && (!value.fract().is_zero() || (whole.is_none() && self.plain_integers)) {
            return self.refuse(raw, Defect::WrongType, || "a fraction where a whole number belongs".into());
        }
        if !range.holds(number) {
            if !self.repair {
                return self.refuse_range(raw, range);
            }
            self.remark(raw, Repair::OutOfRange);
        }
        match whole {
            _ if !value.fract().is_zero() => self.rewrite(raw, &number.to_string(), Repair::FractionDropped),
            _ if quoted => self.rewrite(raw, &number.to_string(), Repair::TextAsNumber),
            None if self.plain_integers => self.rewrite(raw, &number.to_string(), Repair::WholeNumber),
            Some(_) if number != 0 || literal == "0" => self.write(raw),
            // `-0` is whole, though serde_json takes it for a float
            _ => {
                self.changed = true;
                self.write(&number.to_string());
            }
        }
    }

    fn number(&mut self, raw: &'a str, range: Range) {
        let Some((literal, quoted)) = self.number_literal(raw, "a number") else { return };
        let Ok(value) = literal.parse::<Decimal>() else {
            return self.refuse(raw, Defect::OutOfRange, || "a number of more than 28 digits".into());
        };
        if !range.holds_decimal(value) {
            if !self.repair {
                return self.refuse_range(raw, range);
            }
            self.remark(raw, Repair::OutOfRange);
        }
        if quoted {
            self.rewrite(raw, &literal, Repair::TextAsNumber);
        } else {
            self.write(raw);
        }
    }

    /// The digits of a number, perhaps from between quotes.
    fn number_literal(&mut self, raw: &'a str, expected: &str) -> Option<(Cow<'a, str>, bool)> {
        if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Some((Cow::Borrowed(raw), false));
        }
        if self.repair && raw.starts_with('"') {
            let text = serde_json::from_str::<String>(raw).unwrap_or_default();
            let text = text.trim();
            if serde_json::from_str::<&RawValue>(text).is_ok_and(|raw| is_number(raw.get())) {
                return Some((Cow::Owned(text.to_string()), true));
            }
        }
        self.refuse_type(raw, expected);
        None
    }

    fn plain_text(&mut self, raw: &'a str, max: usize) {
        if let Some(text) = self.string(raw, max) {
            self.write_string(raw, &text);
        }
    }

    fn uri(&mut self, raw: &'a str, max: usize) {
        let Some(text) = self.string(raw, max) else { return };
        if !text::is_uri(&text) {
            if !self.repair {
                return self.refuse(raw, Defect::NotUri, || "not an RFC 3986 URI".into());
            }
            self.remark(raw, Repair::NotUri);
        }
        self.write_string(raw, &text);
    }

    fn date_time(&mut self, raw: &'a str) {
        let Some(text) = self.string(raw, usize::MAX) else { return };
        match text.parse::<Timestamp>().map(|time| time.defect()) {
            Ok(None) => self.write(raw),
            Ok(Some(defect)) if self.repair => {
                self.remark(raw, Repair::Timestamp(defect));
                self.write(raw);
            }
            Ok(Some(defect)) => {
                self.refuse(raw, Defect::NotDateTime, || format!("not an RFC 3339 date and time: {defect}"));
            }
            Err(error) => self.refuse(raw, Defect::NotDateTime, || error.to_string()),
        }
    }

    fn enumeration(&mut self, raw: &'a str, values: &'static [&'static str]) {
        let Some(text) = self.string(raw, usize::MAX) else { return };
        if values.contains(&&*text) {
            return self.write_string(raw, &text);
        }
        if !self.repair {
            return self.refuse(raw, Defect::Unlisted, || one_of(values));
        }
        if text.chars().nth(MAX_TEXT).is_some() {
            return self.refuse(raw, Defect::TooLong, || format!("a text of more than {MAX_TEXT} characters"));
        }
        match values.iter().find(|value| value.eq_ignore_ascii_case(text.trim())) {
            Some(value) => self.rewrite(raw, &format!("\"{value}\""), Repair::ValueSpelling),
            None => {
                self.remark(raw, Repair::Unlisted);
                self.write_string(raw, &text);
            }
        }
    }

    /// A text within its length.
    fn string(&mut self, raw: &'a str, max: usize) -> Option<Cow<'a, str>> {
        let text = match raw.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<Text<'_>>(raw) {
                Ok(Text(text)) => text,
                Err(error) => {
                    self.refuse(raw, Defect::Syntax, || format!("broken text: {error}"));
                    return None;
                }
            },
            Some(b't' | b'f' | b'-' | b'0'..=b'9') if self.repair => {
                self.remark(raw, Repair::NumberAsText);
                Cow::Borrowed(raw)
            }
            _ => {
                self.refuse_type(raw, "a text");
                return None;
            }
        };
        if text.len() > max {
            let length = text.chars().count();
            if length > max && (!self.repair || length > MAX_TEXT) {
                self.refuse(raw, Defect::TooLong, || format!("{length} characters, at most {max} are allowed"));
                return None;
            }
            if length > max {
                self.remark(raw, Repair::TooLongText);
            }
        }
        Some(text)
    }

    fn list(&mut self, raw: &'a str, item: &'static Kind, min: usize, max: usize) {
        if !raw.starts_with('[') {
            if !self.repair || raw == "null" {
                return self.refuse_type(raw, "a list");
            }
            self.remark(raw, Repair::WrappedInList);
            self.changed = true;
            self.write("[");
            self.value(raw, item, true);
            return self.write("]");
        }
        let items = match serde_json::from_str::<Items<'a>>(raw) {
            Ok(Items(items)) => items,
            Err(error) if error.is_data() => {
                return self.refuse(raw, Defect::TooManyItems, || format!("a list of more than {MAX_ITEMS} items"));
            }
            Err(error) => return self.refuse(raw, Defect::Syntax, || error.to_string()),
        };
        let count = items.len();
        if !(min..=max).contains(&count) {
            if self.repair {
                self.remark(raw, Repair::ItemCount);
            } else if count < min {
                self.refuse(raw, Defect::TooFewItems, || format!("{count} items, at least {min} are required"));
            } else {
                self.refuse(raw, Defect::TooManyItems, || format!("{count} items, at most {max} are allowed"));
            }
        }
        self.write("[");
        for (index, raw) in items.into_iter().enumerate() {
            if index > 0 {
                self.write(",");
            }
            self.place.push(Step::Item(index));
            self.value(raw, item, true);
            self.place.pop();
        }
        self.write("]");
    }

    fn nested(&mut self, raw: &'a str, shape: &'static Shape) {
        if raw.starts_with('{') {
            return self.object(raw, shape);
        }
        if self.repair
            && raw.starts_with('[')
            && let Ok(Items(items)) = serde_json::from_str::<Items<'a>>(raw)
            && let [item] = items[..]
            && item.starts_with('{')
        {
            self.remark(raw, Repair::UnwrappedFromList);
            self.changed = true;
            return self.at(Step::Item(0), |this| this.object(item, shape));
        }
        self.refuse_type(raw, "an object");
    }

    fn object(&mut self, raw: &'a str, shape: &'static Shape) {
        let Some(members) = self.members(raw) else { return };
        // which member of the shape each member of the text is
        let exact = |name: &str| shape.members.iter().position(|member| member.name == name);
        let mut known: Vec<Option<usize>> = members.iter().map(|(name, _)| exact(name)).collect();
        if self.repair && known.contains(&None) {
            let mut taken = alloc::vec![false; shape.members.len()];
            known.iter().flatten().for_each(|&index| taken[index] = true);
            for (known, (name, _)) in known.iter_mut().zip(&members).filter(|(known, _)| known.is_none()) {
                let other_case = shape.members.iter().position(|member| member.name.eq_ignore_ascii_case(name));
                *known = other_case.filter(|&index| !core::mem::replace(&mut taken[index], true));
            }
        }
        for (index, member) in shape.members.iter().enumerate() {
            if member.required && !known.contains(&Some(index)) {
                self.at(Step::Member(Cow::Borrowed(member.name)), |this| {
                    this.refuse(raw, Defect::Missing, || "required member is missing".into());
                });
            }
        }

        let mut seen = alloc::vec![false; shape.members.len()];
        let mut first = true;
        self.write("{");
        for ((name, raw), known) in members.into_iter().zip(known) {
            self.place.push(Step::Member(name.clone()));
            match known {
                Some(index) if core::mem::replace(&mut seen[index], true) => {
                    self.refuse(raw, Defect::RepeatedMember, || "member stands there twice".into());
                }
                Some(index) => {
                    let member = &shape.members[index];
                    if member.name != name {
                        self.remark(raw, Repair::MemberSpelling);
                        self.changed = true;
                    }
                    let start = self.written.len();
                    if !first {
                        self.write(",");
                    }
                    let _ = write!(self.written, "\"{}\":", member.name);
                    match self.value(raw, &member.kind, member.required) {
                        Outcome::Written => first = false,
                        Outcome::Absent => {
                            self.changed = true;
                            self.written.truncate(start);
                        }
                    }
                }
                None if self.repair => {
                    self.remark(raw, Repair::UnknownMember);
                    self.changed = true;
                }
                None => self.refuse(raw, Defect::UnknownMember, || "unknown member".into()),
            }
            self.place.pop();
        }
        self.write("}");
    }

    /// The members of an object; none when it cannot be taken apart.
    fn members(&mut self, raw: &'a str) -> Option<Vec<(Cow<'a, str>, &'a str)>> {
        match serde_json::from_str::<Members<'a>>(raw) {
            Ok(Members(members)) => Some(members),
            Err(error) if error.is_data() => {
                self.refuse(raw, Defect::TooManyItems, || format!("more than {MAX_ITEMS} members"));
                None
            }
            Err(error) => {
                self.refuse(raw, Defect::Syntax, || error.to_string());
                None
            }
        }
    }

    fn custom_data(&mut self, raw: &'a str) {
        if !raw.starts_with('{') {
            return self.refuse_type(raw, "an object");
        }
        let Some(members) = self.members(raw) else { return };
        if members.iter().all(|(name, _)| name != "vendorId") {
            return self.at(Step::Member(Cow::Borrowed("vendorId")), |this| {
                this.refuse(raw, Defect::Missing, || "required member is missing".into());
            });
        }
        let mut seen = BTreeSet::new();
        self.write("{");
        for (index, (name, raw)) in members.into_iter().enumerate() {
            if index > 0 {
                self.write(",");
            }
            let key = serde_json::to_string(&name).unwrap_or_default();
            self.write(&key);
            self.write(":");
            let is_vendor_id = name == "vendorId";
            let repeated = !seen.insert(name.clone());
            self.at(Step::Member(name), |this| match (repeated, is_vendor_id) {
                (true, _) => this.refuse(raw, Defect::RepeatedMember, || "member stands there twice".into()),
                (_, true) => this.plain_text(raw, 255),
                _ => this.carried(raw),
            });
        }
        self.write("}");
    }

    fn at(&mut self, step: Step<'a>, inspect: impl FnOnce(&mut Self)) {
        self.place.push(step);
        inspect(self);
        self.place.pop();
    }

    fn write(&mut self, json: &str) {
        self.written.push_str(json);
    }

    fn rewrite(&mut self, raw: &str, json: &str, repair: Repair) {
        self.remark(raw, repair);
        self.changed = true;
        self.write(json);
    }

    /// Writes a text as it stood, or between quotes if it was a number.
    fn write_string(&mut self, raw: &str, text: &str) {
        if raw.starts_with('"') {
            self.write(raw);
        } else {
            self.changed = true;
            let _ = write!(self.written, "\"{text}\"");
        }
    }

    fn remark(&mut self, found: &str, repair: Repair) {
        self.remarks.push(Remark { repair, pointer: self.pointer(), found: found.into() });
    }

    fn refuse(&mut self, raw: &str, defect: Defect, message: impl FnOnce() -> String) {
        let offset = (raw.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let mut pointer = self.pointer();
        if pointer.len() > MAX_POINTER {
            // names are a peer's: an error is no place to repeat 64 KiB of them
            let end = (0..=MAX_POINTER).rfind(|&end| pointer.is_char_boundary(end)).unwrap_or(0);
            pointer.truncate(end);
            pointer.push('…');
        }
        self.violations.add(|| Violation { defect, pointer, offset, message: message() });
    }

    fn refuse_depth(&mut self, offset: usize) {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        self.violations.add(|| Violation { defect: Defect::TooDeep, pointer: String::new(), offset, message });
    }

    fn refuse_type(&mut self, raw: &str, expected: &str) {
        let defect = if raw == "null" { Defect::Null } else { Defect::WrongType };
        self.refuse(raw, defect, || format!("{} where {expected} belongs", type_of(raw)));
    }

    fn refuse_range(&mut self, raw: &str, range: Range) {
        self.refuse(raw, Defect::OutOfRange, || match (range.min, range.max) {
            (Some(min), Some(max)) => format!("a number outside {min} to {max}"),
            (Some(min), None) => format!("a number below {min}"),
            (None, Some(max)) => format!("a number above {max}"),
            (None, None) => "more than one digit behind the decimal point".into(),
        });
    }

    /// The current place as a JSON pointer (RFC 6901).
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.place {
            let _ = match step {
                Step::Item(index) => write!(pointer, "/{index}"),
                Step::Member(name) => write!(pointer, "/{}", name.replace('~', "~0").replace('/', "~1")),
            };
        }
        pointer
    }
}

/// What a reader would call this JSON value.
fn type_of(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn one_of(values: &[&str]) -> String {
    if values.len() <= 12 {
        format!("not one of {}", values.join(", "))
    } else {
        format!("not one of {} values", values.len())
    }
}

fn is_number(raw: &str) -> bool {
    raw.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

fn is_empty_list(raw: &str) -> bool {
    raw.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|inner| inner.trim().is_empty())
}

/// The byte a syntax error of serde_json points at.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

/// A text, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// The longest pointer in a violation, in bytes.
const MAX_POINTER: usize = 1024;

/// The members of an object in the order of the text, values unread.
struct Members<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    if members.len() == MAX_ITEMS {
                        return Err(de::Error::custom("too many members"));
                    }
                    members.push((name, map.next_value::<&RawValue>()?.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The items of a list, unread.
struct Items<'a>(Vec<&'a str>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;

        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element::<&RawValue>()? {
                    if items.len() == MAX_ITEMS {
                        return Err(de::Error::custom("too many items"));
                    }
                    items.push(item.get());
                }
                Ok(Items(items))
            }
        }

        deserializer.deserialize_seq(ItemsVisitor)
    }
}
