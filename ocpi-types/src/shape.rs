//! Members, cardinalities and limits of every object as data.
//!
//! The structs say the same to the compiler; shapes say it to code that knows an object only by its name at run time: the
//! cold path that explains what is wrong with a text, the census tests and the schemas.

use crate::validate::{Findings, Path};

/// A type that may stand in an OCPI object.
pub trait Datatype: Sized {
    /// What the type looks like on the wire.
    const KIND: Kind;

    /// Reports every limit of the type that the value breaks.
    fn check(&self, at: &Path<'_>, findings: &mut Findings);
}

/// The members of a JSON object.
#[derive(Debug)]
pub struct Shape {
    /// The name of the class in the OCPI documents.
    pub name: &'static str,
    /// What it describes.
    pub doc: &'static str,
    /// The members, in the order they are written.
    pub members: &'static [Member],
}

impl Shape {
    /// Finds a member by its exact name (rule TXT-04).
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A member of a JSON object.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// How often it may occur.
    pub cardinality: Cardinality,
    /// What its value, or each item of its list, looks like.
    pub kind: Kind,
}

/// How often a member may occur (terminology, cardinality; rule ABS-01).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cardinality {
    /// Exactly once: `1` in the tables.
    One,
    /// At most once: `?`.
    Optional,
    /// A list that may be empty or left out: `*`.
    Any,
    /// A list with at least one item: `+`.
    AtLeastOne,
}

impl Cardinality {
    /// The sign in the tables of the documents.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Optional => "?",
            Self::Any => "*",
            Self::AtLeastOne => "+",
        }
    }

    /// Whether the member must be there.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::One | Self::AtLeastOne)
    }

    /// Whether the value is a list.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Any | Self::AtLeastOne)
    }
}

/// What a JSON value looks like.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number within these bounds.
    Integer {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
    },
    /// A decimal number with at most so many digits behind the point that count.
    Number {
        /// Digits behind the point.
        decimals: u32,
    },
    /// A text.
    Text(TextKind),
    /// A date and time in UTC.
    DateTime {
        /// Whether fractions of a second are allowed (not in 2.1.1).
        fraction: bool,
    },
    /// One of the listed texts.
    Enumeration {
        /// The name of the enumeration in the documents.
        name: &'static str,
        /// The listed values.
        values: &'static [&'static str],
        /// Whether other values are allowed as well (`OpenEnum` of 2.3.0, rule ENU-03).
        open: bool,
    },
    /// An object with known members.
    Object(&'static Shape),
    /// Any JSON value.
    Any,
}

/// What a text looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TextKind {
    /// The greatest number of characters; `usize::MAX` when there is no limit.
    pub max: usize,
    /// The name of the primitive type in the documents.
    pub primitive: Primitive,
    /// What its characters mean.
    pub format: Format,
}

/// The text types of the documents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Primitive {
    /// `string` of 2.2.1 and later: printable UTF-8, letter case counts.
    String,
    /// `string` of 2.1.1: printable ASCII, letter case counts.
    AsciiString,
    /// `CiString`: printable ASCII, letter case does not count.
    CiString,
    /// `URL`.
    Url,
}

/// What the characters of a text mean.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Format {
    /// Nothing in particular.
    Free,
    /// An absolute URI (rule URL-01).
    Uri,
    /// A time of day, `HH:MM` (rule DT-08).
    Time,
    /// A date, `YYYY-MM-DD` (rule DT-08).
    Date,
    /// Degrees of latitude with that many digits behind the point (rule X-LOC-37).
    Latitude {
        /// The least number of decimals.
        min: usize,
        /// The greatest number of decimals.
        max: usize,
    },
    /// Degrees of longitude with that many digits behind the point (rule X-LOC-37).
    Longitude {
        /// The least number of decimals.
        min: usize,
        /// The greatest number of decimals.
        max: usize,
    },
    /// Two letters of ISO 3166-1 alpha-2.
    CountryAlpha2,
    /// Three letters of ISO 3166-1 alpha-3.
    CountryAlpha3,
    /// Three letters of ISO 4217.
    Currency,
    /// Two letters of ISO 639-1.
    Language,
}

impl Datatype for bool {
    const KIND: Kind = Kind::Boolean;

    fn check(&self, _: &Path<'_>, _: &mut Findings) {}
}
