//! What is wrong with a payload, and what was repaired in it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use crate::limits::MAX_VIOLATIONS;

/// A place in a payload that breaks the specification.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// What rule is broken.
    pub defect: Defect,
    /// Where, as a JSON pointer (RFC 6901) into the payload; for a missing member, where it should be. Cut off with `…`
    /// after 1024 bytes.
    pub pointer: String,
    /// Where, in bytes from the start of the text that was decoded.
    pub offset: usize,
    /// What was expected and what was found.
    pub message: String,
}

impl Violation {
    /// The class of the violation, which decides the error code.
    pub fn kind(&self) -> ViolationKind {
        self.defect.kind()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Place(&self.pointer), self.message)
    }
}

/// A JSON pointer that stays on one line, whatever a peer names its members.
struct Place<'a>(&'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("payload");
        }
        for character in self.0.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_debug())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// The class of a violation, after the error codes of OCPP-J (table A.3).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ViolationKind {
    /// Something is missing, or there are too few or too many.
    Occurrence,
    /// A JSON value of another type.
    Type,
    /// A value outside its allowed set, range, length or notation.
    Property,
    /// Not the structure the message has: no object, an unknown or repeated member, broken JSON.
    Format,
}

impl ViolationKind {
    /// The name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Occurrence => "occurrence",
            Self::Type => "type",
            Self::Property => "property",
            Self::Format => "format",
        }
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The rule that is broken.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Defect {
    /// A required member is absent.
    Missing,
    /// A list has fewer items than it must.
    TooFewItems,
    /// A list has more items than it may, or than [`MAX_ITEMS`](crate::limits::MAX_ITEMS).
    TooManyItems,
    /// A value of another JSON type.
    WrongType,
    /// `null` where a value belongs or nothing at all.
    Null,
    /// A text longer than allowed.
    TooLong,
    /// A value that the enumeration does not list.
    Unlisted,
    /// A number outside its bounds or beyond 28 digits.
    OutOfRange,
    /// Not an RFC 3339 date and time.
    NotDateTime,
    /// Not an RFC 3986 URI.
    NotUri,
    /// A member the object does not have.
    UnknownMember,
    /// A member that stands there twice.
    RepeatedMember,
    /// The payload is no JSON object.
    NotAnObject,
    /// Not JSON.
    Syntax,
    /// Lists and objects nested deeper than [`MAX_DEPTH`](crate::limits::MAX_DEPTH).
    TooDeep,
    /// More bytes than the receiver accepts.
    TooLarge,
}

impl Defect {
    /// The class of violation this is.
    pub const fn kind(self) -> ViolationKind {
        match self {
            Self::Missing | Self::TooFewItems | Self::TooManyItems => ViolationKind::Occurrence,
            Self::WrongType | Self::Null => ViolationKind::Type,
            Self::TooLong | Self::Unlisted | Self::OutOfRange | Self::NotDateTime | Self::NotUri => {
                ViolationKind::Property
            }
            Self::UnknownMember
            | Self::RepeatedMember
            | Self::NotAnObject
            | Self::Syntax
            | Self::TooDeep
            | Self::TooLarge => ViolationKind::Format,
        }
    }
}

/// The payload was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecodeError {
    violations: Vec<Violation>,
    more: usize,
}

impl DecodeError {
    pub(crate) fn new(first: Violation) -> Self {
        Self { violations: alloc::vec![first], more: 0 }
    }

    pub(crate) fn misdirected(action: &str) -> Self {
        Self::new(Violation {
            defect: Defect::NotAnObject,
            pointer: String::new(),
            offset: 0,
            message: alloc::format!("{action} is not sent by this side"),
        })
    }

    /// The violations in the order of the text, a missing member before what follows it in its object; at most
    /// [`MAX_VIOLATIONS`], at least one.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The first violation, which decides the error code.
    pub fn first(&self) -> &Violation {
        &self.violations[0]
    }

    /// How many violations there are beyond those listed.
    pub fn more(&self) -> usize {
        self.more
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first().fmt(f)?;
        match self.violations.len() - 1 + self.more {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Violations while they are being found.
#[derive(Default)]
pub(crate) struct Violations {
    listed: Vec<Violation>,
    more: usize,
}

impl Violations {
    pub(crate) fn add(&mut self, violation: impl FnOnce() -> Violation) {
        if self.listed.len() < MAX_VIOLATIONS {
            self.listed.push(violation());
        } else {
            self.more += 1;
        }
    }

    /// The error, if there is any violation.
    pub(crate) fn into_error(self) -> Option<DecodeError> {
        (!self.listed.is_empty()).then_some(DecodeError { violations: self.listed, more: self.more })
    }
}

/// A departure from the specification that was understood all the same.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Remark {
    /// What was done about it.
    pub repair: Repair,
    /// Where, as a JSON pointer into the payload as it was sent.
    pub pointer: String,
    /// What stood there, as JSON text.
    pub found: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (found ", Place(&self.pointer), self.repair)?;
        let mut characters = self.found.chars();
        for character in characters.by_ref().take(80) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        f.write_str(if characters.next().is_some() { "…)" } else { ")" })
    }
}

/// How a departure from the specification was dealt with.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Repair {
    /// A number or boolean was taken as the text it is written as.
    NumberAsText,
    /// A text was taken as the number or boolean it holds.
    TextAsNumber,
    /// The fraction of a number that must be whole was left out.
    FractionDropped,
    /// A whole number was written with a point or an exponent.
    WholeNumber,
    /// One item was taken as a list of one.
    WrappedInList,
    /// A list of one was taken as its item.
    UnwrappedFromList,
    /// `null`, an empty text or an empty list was taken as absent.
    TakenAsAbsent,
    /// A text is longer than allowed; kept whole.
    TooLongText,
    /// A list has fewer or more items than allowed; kept whole.
    ItemCount,
    /// A number is outside its bounds; kept.
    OutOfRange,
    /// An enumeration value is not listed; kept.
    Unlisted,
    /// A listed value was written in other letter case or between blanks.
    ValueSpelling,
    /// A member's name was written in other letter case.
    MemberSpelling,
    /// A member is unknown; kept in [`Remark::found`].
    UnknownMember,
    /// A time departs from RFC 3339.
    Timestamp(crate::TimestampDefect),
    /// A URI departs from RFC 3986; kept.
    NotUri,
}

impl Repair {
    /// A name for logs and counters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NumberAsText => "number_as_text",
            Self::TextAsNumber => "text_as_number",
            Self::FractionDropped => "fraction_dropped",
            Self::WholeNumber => "whole_number",
            Self::WrappedInList => "wrapped_in_list",
            Self::UnwrappedFromList => "unwrapped_from_list",
            Self::TakenAsAbsent => "taken_as_absent",
            Self::TooLongText => "too_long_text",
            Self::ItemCount => "item_count",
            Self::OutOfRange => "out_of_range",
            Self::Unlisted => "unlisted",
            Self::ValueSpelling => "value_spelling",
            Self::MemberSpelling => "member_spelling",
            Self::UnknownMember => "unknown_member",
            Self::Timestamp(_) => "timestamp",
            Self::NotUri => "not_uri",
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NumberAsText => "number or boolean taken as text",
            Self::TextAsNumber => "text taken as number or boolean",
            Self::FractionDropped => "fraction left out of a whole number",
            Self::WholeNumber => "whole number written with point or exponent",
            Self::WrappedInList => "one item taken as a list",
            Self::UnwrappedFromList => "list of one taken as its item",
            Self::TakenAsAbsent => "taken as absent",
            Self::TooLongText => "text longer than allowed, kept",
            Self::ItemCount => "list of a length not allowed, kept",
            Self::OutOfRange => "number out of range, kept",
            Self::Unlisted => "value not listed, kept",
            Self::ValueSpelling => "value in other spelling",
            Self::MemberSpelling => "member name in other letter case",
            Self::UnknownMember => "unknown member, kept aside",
            Self::Timestamp(defect) => return defect.fmt(f),
            Self::NotUri => "not a URI, kept",
        })
    }
}
