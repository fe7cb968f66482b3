//! Exact numbers: `number` and `int` of the documents.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::shape::{Datatype, Kind};
use crate::validate::{FindingKind, Findings, Path, Severity};
use crate::writer::Write;

/// A decimal number that keeps the digits it was written with: `4.00` stays so (rules NUM-01 and NUM-02).
///
/// Reads any JSON number of up to 28 significant digits, exponents included, straight from its digits and never through
/// binary floating point, whether or not `serde_json/arbitrary_precision` is on somewhere in the build. What does not fit
/// is an error, never rounded. Comparison and hashing go by value, so `1.0 == 1.00`. More than `DECIMALS` digits behind
/// the point are kept and reported.
///
/// A number in quotes, as some peers send it, is read and reported (rule NUM-04); it is written without them.
#[derive(Clone, Copy, Default)]
pub struct Number<const DECIMALS: u32 = 4> {
    value: Decimal,
    quoted: bool,
}

impl<const DECIMALS: u32> Number<DECIMALS> {
    /// Zero.
    pub const ZERO: Self = Self { value: Decimal::ZERO, quoted: false };

    /// `digits` with the last `scale` of them behind the decimal point: `Number::new(2935600, 3)` is `2935.600`.
    ///
    /// # Errors
    /// When `scale` is over 28.
    pub fn new(digits: i64, scale: u32) -> Result<Self, NumberError> {
        Decimal::try_new(digits, scale).map(Self::from).map_err(|_| NumberError::OutOfRange)
    }

    /// The value.
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// The value with at most `DECIMALS` digits behind the point, halves rounded to the even digit (rule NUM-02).
    #[must_use]
    pub fn rounded(self) -> Self {
        Self { value: self.value.round_dp(DECIMALS), quoted: false }
    }

    /// Whether it came in quotes.
    pub const fn was_quoted(self) -> bool {
        self.quoted
    }
}

impl<const DECIMALS: u32> From<Decimal> for Number<DECIMALS> {
    fn from(value: Decimal) -> Self {
        Self { value, quoted: false }
    }
}

impl<const DECIMALS: u32> From<Number<DECIMALS>> for Decimal {
    fn from(number: Number<DECIMALS>) -> Self {
        number.value
    }
}

impl<const DECIMALS: u32> From<i64> for Number<DECIMALS> {
    fn from(value: i64) -> Self {
        Decimal::from(value).into()
    }
}

impl<const DECIMALS: u32> From<i32> for Number<DECIMALS> {
    fn from(value: i32) -> Self {
        Decimal::from(value).into()
    }
}

impl<const DECIMALS: u32> FromStr for Number<DECIMALS> {
    type Err = NumberError;

    /// Reads a number in the notation of JSON.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        parse(text).map(Self::from)
    }
}

impl<const DECIMALS: u32> PartialEq for Number<DECIMALS> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<const DECIMALS: u32> Eq for Number<DECIMALS> {}

impl<const DECIMALS: u32> PartialOrd for Number<DECIMALS> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<const DECIMALS: u32> Ord for Number<DECIMALS> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<const DECIMALS: u32> std::hash::Hash for Number<DECIMALS> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<const DECIMALS: u32> fmt::Display for Number<DECIMALS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Digits::of(self.value).as_str())
    }
}

impl<const DECIMALS: u32> fmt::Debug for Number<DECIMALS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const DECIMALS: u32> Datatype for Number<DECIMALS> {
    const KIND: Kind = Kind::Number { decimals: DECIMALS };

    fn check(&self, at: &Path<'_>, findings: &mut Findings) {
        if self.quoted {
            findings.report(at, FindingKind::Type, "NUM-04", Severity::Error, "a number stands in quotes");
        }
        if self.value.scale() > DECIMALS && self.value.normalize().scale() > DECIMALS {
            let (rule, severity) =
                if DECIMALS == 1 { ("X-CHP-04", Severity::Error) } else { ("NUM-02", Severity::Warning) };
            let message = format!("more than {DECIMALS} digits behind the point");
            findings.report(at, FindingKind::Length, rule, severity, message);
        }
    }
}

/// Why a text is not a [`Number`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// It is not a number in the notation of JSON.
    #[error("not a decimal number")]
    Syntax,
    /// It has more than 28 significant digits or more than 28 digits behind the decimal point.
    #[error("number has more digits than 28")]
    OutOfRange,
}

/// A whole number within `MIN` and `MAX` (`int`, rule NUM-05).
///
/// Whole numbers written with a point, such as `1.0`, are read as well.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Int<const MIN: i64 = { i64::MIN }, const MAX: i64 = { i64::MAX }>(i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// Takes a number as it is; validation tells whether it is in bounds.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Int<MIN, MAX> {
    fn from(value: i64) -> Self {
        Self(value)
    }
}

impl<const MIN: i64, const MAX: i64> PartialEq<i64> for Int<MIN, MAX> {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}

impl<const MIN: i64, const MAX: i64> fmt::Display for Int<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: i64, const MAX: i64> Datatype for Int<MIN, MAX> {
    const KIND: Kind = Kind::Integer { min: MIN, max: MAX };

    fn check(&self, at: &Path<'_>, findings: &mut Findings) {
        if !(MIN..=MAX).contains(&self.0) {
            let message = format!("{} is not within {MIN} and {MAX}", self.0);
            let rule = if (MIN, MAX) == (1, 7) { "X-LOC-18" } else { "NUM-05" };
            findings.report(at, FindingKind::Range, rule, Severity::Error, message);
        }
    }
}

impl<const MIN: i64, const MAX: i64> Write for Int<MIN, MAX> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(itoa::Buffer::new().format(self.0).as_bytes());
    }
}

impl<const MIN: i64, const MAX: i64> Serialize for Int<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Int<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;

        impl Visitor<'_> for Whole {
            type Value = i64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
                Ok(value)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
                i64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
                // whole and small enough to be exact
                if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
                    Ok(value as i64)
                } else {
                    Err(E::invalid_value(de::Unexpected::Float(value), &self))
                }
            }
        }

        deserializer.deserialize_i64(Whole).map(Self)
    }
}

/// Reads a number of at most 18 digits without exponent, as nearly all are; `None` leaves it to the patient reader.
#[inline]
fn parse_usual(text: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 18 || matches!(digits, [] | [b'.', ..] | [.., b'.'] | [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    let (mut mantissa, mut point) = (0_u64, None);
    for (index, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(index),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |point| digits.len() - 1 - point);
    Some(Decimal::from_parts(mantissa as u32, (mantissa >> 32) as u32, 0, negative, scale as u32))
}

/// Reads a JSON number, digit by digit.
#[inline]
pub(crate) fn parse(text: impl AsRef<[u8]>) -> Result<Decimal, NumberError> {
    let bytes = text.as_ref();
    parse_usual(bytes).map_or_else(|| parse_any(bytes), Ok)
}

fn parse_any(bytes: &[u8]) -> Result<Decimal, NumberError> {
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
            _ => return Err(NumberError::OutOfRange),
        }
        Ok(())
    };

    let whole = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return Err(NumberError::Syntax);
    }
    for &digit in &rest[..whole] {
        push(digit)?;
    }
    rest = &rest[whole..];
    if let [b'.', behind @ ..] = rest {
        let count = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(NumberError::Syntax);
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
        _ => return Err(NumberError::Syntax),
    };
    assemble(negative, mantissa, i64::from(exponent) - i64::from(fraction))
}

/// The digits behind `e`, cut off where no number in range could be meant any more.
fn parse_exponent(text: &[u8]) -> Result<i32, NumberError> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberError::Syntax);
    }
    let value = digits.iter().fold(0_i32, |value, digit| (value * 10 + i32::from(digit - b'0')).min(100_000));
    Ok(if negative { -value } else { value })
}

/// `mantissa` × 10^`exponent`, if it can be held.
fn assemble(negative: bool, mut mantissa: u128, exponent: i64) -> Result<Decimal, NumberError> {
    if exponent > 0 && mantissa != 0 {
        let factor = u32::try_from(exponent).ok().and_then(|exponent| 10_u128.checked_pow(exponent));
        mantissa = factor.and_then(|factor| mantissa.checked_mul(factor)).ok_or(NumberError::OutOfRange)?;
    }
    let scale = u32::try_from(-exponent.min(0)).ok().filter(|&scale| scale <= 28).ok_or(NumberError::OutOfRange)?;
    if mantissa >> 96 != 0 {
        return Err(NumberError::OutOfRange);
    }
    let part = |shift: u32| (mantissa >> shift) as u32;
    Ok(Decimal::from_parts(part(0), part(32), part(64), negative, scale))
}

/// The digits of a number, without allocation: a sign, 29 digits, a leading zero and a point fit.
struct Digits {
    text: [u8; 32],
    start: usize,
}

impl Digits {
    fn of(value: Decimal) -> Self {
        let mut digits = Self { text: [0; 32], start: 32 };
        let mantissa = value.mantissa().unsigned_abs();
        let scale = value.scale();
        let mut written = 0;
        match u64::try_from(mantissa) {
            Ok(mut rest) => {
                while rest != 0 || written <= scale {
                    if written == scale && scale != 0 {
                        digits.push(b'.');
                    }
                    digits.push(b'0' + (rest % 10) as u8);
                    rest /= 10;
                    written += 1;
                }
            }
            Err(_) => {
                let mut rest = mantissa;
                while rest != 0 || written <= scale {
                    if written == scale && scale != 0 {
                        digits.push(b'.');
                    }
                    digits.push(b'0' + (rest % 10) as u8);
                    rest /= 10;
                    written += 1;
                }
            }
        }
        if value.is_sign_negative() {
            digits.push(b'-');
        }
        digits
    }

    fn push(&mut self, byte: u8) {
        if let Some(start) = self.start.checked_sub(1) {
            self.start = start;
            self.text[start] = byte;
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[self.start..]).unwrap_or_default()
    }
}

/// How `serde_json` marks a value that stands for its own JSON text (what its `RawValue` uses).
pub(crate) const RAW: &str = "$serde_json::private::RawValue";
/// How `serde_json` hands on a number's digits when `arbitrary_precision` is on.
const NUMBER: &str = "$serde_json::private::Number";

impl<const DECIMALS: u32> Write for Number<DECIMALS> {
    fn write(&self, out: &mut Vec<u8>) {
        let digits = Digits::of(self.value);
        out.extend_from_slice(&digits.text[digits.start..]);
    }
}

impl<const DECIMALS: u32> Serialize for Number<DECIMALS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, Digits::of(self.value).as_str())?;
        raw.end()
    }
}

impl<'de, const DECIMALS: u32> Deserialize<'de> for Number<DECIMALS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (value, quoted) = deserializer.deserialize_newtype_struct(RAW, NumberVisitor)?;
        Ok(Self { value, quoted })
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = (Decimal, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    /// The literal of `serde_json`, or of another format that `Serialize` above has written.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_key_seed(NameSeed)? {
            Some(true) => map.next_value_seed(LiteralSeed),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    /// Any other format: it has no digits to offer, only a number.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        parse(text).map(|value| (value, true)).map_err(E::custom)
    }

    /// The digits, as the reader of this crate hands them over.
    #[inline]
    fn visit_bytes<E: de::Error>(self, digits: &[u8]) -> Result<Self::Value, E> {
        match parse(digits) {
            Ok(value) => Ok((value, false)),
            Err(error) => Err(E::custom(error)),
        }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok((value.into(), false))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok((value.into(), false))
    }

    /// A format without digits: the shortest decimal that means this float.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        parse(value.to_string()).map(|value| (value, false)).map_err(E::custom)
    }
}

struct NameSeed;

impl<'de> de::DeserializeSeed<'de> for NameSeed {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the digits of a number")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == RAW || name == NUMBER)
    }
}

struct LiteralSeed;

impl<'de> de::DeserializeSeed<'de> for LiteralSeed {
    type Value = (Decimal, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for LiteralSeed {
    type Value = (Decimal, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_str<E: de::Error>(self, literal: &str) -> Result<Self::Value, E> {
        let (digits, quoted) = match literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(digits) => (digits, true),
            None => (literal, false),
        };
        match parse(digits) {
            Ok(value) => Ok((value, quoted)),
            Err(error) => Err(E::custom(error)),
        }
    }
}

#[cfg(feature = "schema")]
impl<const DECIMALS: u32> schemars::JsonSchema for Number<DECIMALS> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Number{DECIMALS}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        crate::schema::leaf(&Self::KIND)
    }
}

#[cfg(feature = "schema")]
impl<const MIN: i64, const MAX: i64> schemars::JsonSchema for Int<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Int{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        crate::schema::leaf(&Self::KIND)
    }
}
