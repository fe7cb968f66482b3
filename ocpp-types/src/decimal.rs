//! Exact decimal numbers.

use core::fmt;
use core::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::reader::RAW;
use crate::shape::{Datatype, Kind, Range};

/// A decimal number of up to 28 significant digits that keeps the digits it was written with: `2935.600` stays so.
///
/// Reads any JSON number in that range, exponents included, straight from its digits and never through binary floating
/// point; the result is the same whether or not `serde_json/arbitrary_precision` is switched on somewhere in the build.
/// What does not fit is an error, never rounded. Comparison and hashing go by value, so `1.0 == 1.00`.
///
/// Written as a JSON number by `serde_json`. Other serde formats see a struct with the digits as text, which this type
/// reads back.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// `digits` with the last `scale` of them behind the decimal point: `Decimal::new(2935600, 3)` is `2935.600`.
    ///
    /// # Errors
    /// When `scale` is over 28.
    pub fn new(digits: i64, scale: u32) -> Result<Self, DecimalError> {
        rust_decimal::Decimal::try_new(digits, scale).map(Self).map_err(|_| DecimalError::OutOfRange)
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(value)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(value: Decimal) -> Self {
        value.0
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<i32> for Decimal {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads a number in the notation of JSON.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        parse(text).map(Self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Digits::of(self.0).as_str())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Datatype for Decimal {
    const KIND: Kind = Kind::Number(Range::ANY);

    fn conforms(&self) -> bool {
        true
    }
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// It is not a number in the notation of JSON.
    #[error("not a decimal number")]
    Syntax,
    /// It has more than 28 significant digits or more than 28 digits behind the decimal point.
    #[error("number has more digits than 28")]
    OutOfRange,
}

fn parse(text: &str) -> Result<rust_decimal::Decimal, DecimalError> {
    match parse_short(text.as_bytes()) {
        Some(value) => Ok(value),
        None => parse_any(text),
    }
}

/// Reads what nearly all numbers are: few digits, no exponent.
fn parse_short(bytes: &[u8]) -> Option<rust_decimal::Decimal> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 18 || digits.first().is_none_or(|first| !(b'1'..=b'9').contains(first)) {
        return None;
    }
    let (mut value, mut scale, mut point) = (0_u64, 0, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + u64::from(byte - b'0');
                scale += u32::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let ends_well = scale > 0 || !point;
    ends_well.then(|| rust_decimal::Decimal::from_parts(value as u32, (value >> 32) as u32, 0, negative, scale))
}

/// Reads any JSON number, digit by digit.
fn parse_any(text: &str) -> Result<rust_decimal::Decimal, DecimalError> {
    let bytes = text.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let mut rest = &bytes[usize::from(negative)..];

    let mut small = 0_u64; // the first 19 digits
    let mut large = 0_u128; // all of them, once there are more
    let (mut digits, mut fraction) = (0_usize, 0_u32);
    let mut push = |digit: u8| {
        if digits > 0 || digit != b'0' {
            digits += 1;
        }
        match digits {
            0..=19 => small = small * 10 + u64::from(digit - b'0'),
            20 => large = u128::from(small) * 10 + u128::from(digit - b'0'),
            21..=29 => large = large * 10 + u128::from(digit - b'0'),
            _ => return Err(DecimalError::OutOfRange),
        }
        Ok(())
    };

    let whole = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return Err(DecimalError::Syntax);
    }
    for &digit in &rest[..whole] {
        push(digit)?;
    }
    rest = &rest[whole..];
    if let [b'.', behind @ ..] = rest {
        let count = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(DecimalError::Syntax);
        }
        for &digit in &behind[..count] {
            push(digit)?;
            fraction += 1;
        }
        rest = &behind[count..];
    }
    let mantissa = if digits > 19 { large } else { u128::from(small) };
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => parse_exponent(exponent)?,
        _ => return Err(DecimalError::Syntax),
    };
    assemble(negative, mantissa, i64::from(exponent) - i64::from(fraction))
}

/// The digits behind `e`, cut off where no number in range could be meant any more.
fn parse_exponent(text: &[u8]) -> Result<i32, DecimalError> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(DecimalError::Syntax);
    }
    let value = digits.iter().fold(0_i32, |value, digit| (value * 10 + i32::from(digit - b'0')).min(100_000));
    Ok(if negative { -value } else { value })
}

/// `mantissa` × 10^`exponent`, if it can be held.
fn assemble(negative: bool, mut mantissa: u128, exponent: i64) -> Result<rust_decimal::Decimal, DecimalError> {
    if exponent > 0 && mantissa != 0 {
        let factor = u32::try_from(exponent).ok().and_then(|exponent| 10_u128.checked_pow(exponent));
        mantissa = factor.and_then(|factor| mantissa.checked_mul(factor)).ok_or(DecimalError::OutOfRange)?;
    }
    let scale = u32::try_from(-exponent.min(0)).ok().filter(|&scale| scale <= 28).ok_or(DecimalError::OutOfRange)?;
    if mantissa >> 96 != 0 {
        return Err(DecimalError::OutOfRange);
    }
    let part = |shift: u32| (mantissa >> shift) as u32;
    let mut value = rust_decimal::Decimal::from_parts(part(0), part(32), part(64), negative, scale);
    value.set_sign_negative(negative); // of zero as well
    Ok(value)
}

/// How `serde_json` hands on a number's digits when `arbitrary_precision` is on.
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

/// A number as text, written from its end: room for a sign, 29 digits and a point.
struct Digits {
    text: [u8; 32],
    start: usize,
    count: u32,
    scale: u32,
}

impl Digits {
    fn of(value: rust_decimal::Decimal) -> Self {
        let mut digits = Self { text: [0; 32], start: 32, count: 0, scale: value.scale() };
        let mut large = value.mantissa().unsigned_abs();
        while large > u128::from(u64::MAX) {
            digits.digit((large % 10) as u8);
            large /= 10;
        }
        // 64-bit divisions are several times faster, and nearly always enough
        let mut small = large as u64;
        while small > 0 || digits.count <= digits.scale {
            digits.digit((small % 10) as u8);
            small /= 10;
        }
        if value.is_sign_negative() {
            digits.push(b'-');
        }
        digits
    }

    fn digit(&mut self, digit: u8) {
        if self.count == self.scale && self.count > 0 {
            self.push(b'.');
        }
        self.push(b'0' + digit);
        self.count += 1;
    }

    fn push(&mut self, byte: u8) {
        self.start -= 1;
        self.text[self.start] = byte;
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.text[self.start..]).unwrap_or_default()
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, Digits::of(self.0).as_str())?;
        raw.end()
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, DecimalVisitor)
    }
}

struct DecimalVisitor;

impl<'de> Visitor<'de> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number")
    }

    /// The digits of `serde_json`, or of another format that `Serialize` above has written.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Decimal, A::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the digits of a number")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<bool, E> {
                Ok(name == RAW || name == NUMBER)
            }
        }

        struct NameSeed;

        impl<'de> de::DeserializeSeed<'de> for NameSeed {
            type Value = bool;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
                deserializer.deserialize_str(Name)
            }
        }

        struct Literal;

        impl Visitor<'_> for Literal {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number")
            }

            fn visit_str<E: de::Error>(self, digits: &str) -> Result<Decimal, E> {
                parse(digits).map(Decimal).map_err(E::custom)
            }
        }

        struct LiteralSeed;

        impl<'de> de::DeserializeSeed<'de> for LiteralSeed {
            type Value = Decimal;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decimal, D::Error> {
                deserializer.deserialize_str(Literal)
            }
        }

        match map.next_key_seed(NameSeed)? {
            Some(true) => map.next_value_seed(LiteralSeed),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    /// Any other format: it has no digits to offer, only a number.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decimal, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal(value.into()))
    }

    /// A format without digits: the shortest decimal that means this float.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        parse(&alloc::format!("{value}")).map(Decimal).map_err(E::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}
