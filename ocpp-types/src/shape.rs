//! Members, kinds and limits of every payload as data.
//!
//! The structs say the same to the compiler; the shapes say it to code that only knows an action at run time, and to the
//! part of decoding that explains what is wrong. They are generated from the structs (`cargo xtask generated`).

/// A type that may stand in a payload.
pub trait Datatype {
    /// What the type looks like on the wire.
    const KIND: Kind;

    /// Whether the value keeps every limit of its type: lengths, counts, ranges, listed enumeration values.
    ///
    /// Walks the value once, without allocation.
    fn conforms(&self) -> bool;
}

/// The members of a JSON object.
#[derive(Debug)]
pub struct Shape {
    /// The name of the message or datatype in Rust.
    pub name: &'static str,
    /// The members, in the order they are written.
    pub members: &'static [Member],
    /// Whether its whole numbers must be written without point and exponent: so JSON Schema draft 4 has it, in which the
    /// core of 1.6 is written, while in later drafts `1.0` is whole.
    pub plain_integers: bool,
}

impl Shape {
    /// Finds a member by its exact name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A member of a JSON object.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What its value looks like.
    pub kind: Kind,
}

impl Member {
    /// A member that must be there.
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, required: true, kind }
    }

    /// A member that may be left out.
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, required: false, kind }
    }
}

/// What a JSON value looks like.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number within the range of `i64` and of its own.
    Integer(Range),
    /// A decimal number.
    Number(Range),
    /// A text of at most so many characters.
    Text(usize),
    /// An RFC 3339 date and time.
    DateTime,
    /// An RFC 3986 URI of at most so many characters.
    Uri(usize),
    /// One of the listed texts.
    Enumeration(&'static [&'static str]),
    /// A list of equal items.
    List {
        /// What each item looks like.
        item: &'static Kind,
        /// The least number of items.
        min: usize,
        /// The greatest number of items.
        max: usize,
    },
    /// An object with known members.
    Object(&'static Shape),
    /// An object with a `vendorId` and whatever else a vendor puts there.
    CustomData,
    /// Any JSON value.
    Any,
}

impl Kind {
    /// The same number with these bounds.
    ///
    /// # Panics
    /// When `self` is not a number; only at compile time, since shapes are constants.
    #[must_use]
    pub const fn within(self, range: Range) -> Self {
        match self {
            Self::Integer(_) => Self::Integer(range),
            Self::Number(_) => Self::Number(range),
            _ => panic!("only numbers have a range"),
        }
    }
}

impl Kind {
    /// The same list with items of this kind.
    ///
    /// # Panics
    /// When `self` is not a list; only at compile time, since shapes are constants.
    #[must_use]
    pub const fn of(self, item: &'static Self) -> Self {
        match self {
            Self::List { min, max, .. } => Self::List { item, min, max },
            _ => panic!("only lists have items"),
        }
    }
}

/// The bounds of a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Range {
    /// The least value allowed.
    pub min: Option<i64>,
    /// The greatest value allowed.
    pub max: Option<i64>,
    /// Whether at most one digit may follow the decimal point (`multipleOf: 0.1` in OCPP 1.6).
    pub tenths: bool,
}

impl Range {
    /// No bounds.
    pub const ANY: Self = Self { min: None, max: None, tenths: false };
    /// At most one digit after the decimal point.
    pub const TENTHS: Self = Self { min: None, max: None, tenths: true };

    /// Bounds on both sides or one.
    pub const fn new(min: Option<i64>, max: Option<i64>) -> Self {
        Self { min, max, tenths: false }
    }

    /// Whether a whole number lies within.
    pub const fn holds(&self, value: i64) -> bool {
        !matches!(self.min, Some(min) if value < min) && !matches!(self.max, Some(max) if value > max)
    }

    /// Whether a decimal number lies within.
    pub fn holds_decimal(&self, value: crate::Decimal) -> bool {
        let value = rust_decimal::Decimal::from(value);
        self.min.is_none_or(|min| value >= min.into())
            && self.max.is_none_or(|max| value <= max.into())
            && (!self.tenths || value.scale() <= 1 || value.normalize().scale() <= 1)
    }
}

impl Datatype for bool {
    const KIND: Kind = Kind::Boolean;

    fn conforms(&self) -> bool {
        true
    }
}

impl Datatype for i64 {
    const KIND: Kind = Kind::Integer(Range::ANY);

    fn conforms(&self) -> bool {
        true
    }
}

impl<T: Datatype> Datatype for Option<T> {
    const KIND: Kind = T::KIND;

    fn conforms(&self) -> bool {
        self.as_ref().is_none_or(T::conforms)
    }
}

impl<T: Datatype> Datatype for alloc::boxed::Box<T> {
    const KIND: Kind = T::KIND;

    fn conforms(&self) -> bool {
        (**self).conforms()
    }
}
