//! Dates and times: UTC instants in the forms OCPI allows, and the forms peers send.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::shape::{Datatype, Kind};
use crate::validate::{FindingKind, Findings, Path, Severity};
use crate::writer::Write;

/// An instant (`DateTime`): RFC 3339 in UTC, with `Z` or without (rules DT-01 to DT-06).
///
/// `FRACTION` says whether fractions of a second may be written: true from 2.2.1 on, false in 2.1.1. Reading also
/// understands what deployed peers send: numeric offsets, a space instead of `T`, lower case, one-digit months and days;
/// validation reports those. Writing gives UTC with `Z`, in 2.1.1 to the second, later to the millisecond (four digits
/// where the fourth matters). Comparison goes by the instant.
#[derive(Clone, Copy)]
pub struct DateTime<const FRACTION: bool = true> {
    seconds: i64,
    nanos: u32,
    deviations: u8,
}

const OFFSET: u8 = 1;
const SEPARATOR: u8 = 2;
const LOWER_CASE: u8 = 4;
const SHORT: u8 = 8;
const FRACTIONAL: u8 = 16;
const LONG: u8 = 32;

impl<const FRACTION: bool> DateTime<FRACTION> {
    /// 1 January 1970, which stands for a time that is not known in CDRs of 2.2.1 and later (rule CDR-12).
    pub const EPOCH: Self = Self { seconds: 0, nanos: 0, deviations: 0 };

    /// The instant so many seconds after the start of 1970.
    ///
    /// # Errors
    /// When the year is not within 0 and 9999.
    pub const fn from_unix_seconds(seconds: i64) -> Result<Self, DateTimeError> {
        if seconds < -62_167_219_200 || seconds > 253_402_300_799 {
            return Err(DateTimeError);
        }
        Ok(Self { seconds, nanos: 0, deviations: 0 })
    }

    /// Whole seconds since the start of 1970.
    pub const fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds on top of the whole seconds.
    pub const fn subsecond_nanos(self) -> u32 {
        self.nanos
    }

    /// The same instant, for a version with or without fractions.
    #[must_use]
    pub const fn convert<const OTHER: bool>(self) -> DateTime<OTHER> {
        let nanos = if OTHER { self.nanos } else { 0 };
        DateTime { seconds: self.seconds, nanos, deviations: 0 }
    }

    /// Whether the time is the epoch, which means that it is not known (rule CDR-12).
    pub const fn is_unknown(self) -> bool {
        self.seconds == 0 && self.nanos == 0
    }

    /// The instant of `chrono`.
    pub fn to_chrono(self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(self.seconds, self.nanos).unwrap_or_default()
    }

    /// So many seconds later, or earlier when negative; stays within the years 0 to 9999.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let seconds = self.seconds.saturating_add(seconds).clamp(-62_167_219_200, 253_402_300_799);
        Self { seconds, nanos: self.nanos, deviations: 0 }
    }

    /// Whole seconds from another instant to this one.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.seconds - earlier.seconds
    }

    fn text(self) -> DateTimeText {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        let mut text = DateTimeText { bytes: *b"0000-00-00T00:00:00Z00000", len: 20 };
        // years are within 0 and 9999, all other parts have two digits
        let (year, second) = (year as u32, second as u32);
        let mut put = |at: usize, value: u32| {
            text.bytes[at] = b'0' + (value / 10 % 10) as u8;
            text.bytes[at + 1] = b'0' + (value % 10) as u8;
        };
        put(0, year / 100);
        put(2, year % 100);
        put(5, month as u32);
        put(8, day as u32);
        put(11, second / 3600);
        put(14, second / 60 % 60);
        put(17, second % 60);
        if FRACTION && self.nanos >= 100_000 {
            let (digits, value) = match self.nanos / 100_000 {
                tenths_of_millis if tenths_of_millis % 10 == 0 => (3, tenths_of_millis / 10),
                tenths_of_millis => (4, tenths_of_millis),
            };
            let mut value = value;
            for place in (20..20 + digits).rev() {
                text.bytes[place] = b'0' + (value % 10) as u8;
                value /= 10;
            }
            text.bytes[19] = b'.';
            text.bytes[20 + digits] = b'Z';
            text.len = 21 + digits;
        }
        text
    }
}

impl<const FRACTION: bool> From<chrono::DateTime<chrono::Utc>> for DateTime<FRACTION> {
    fn from(instant: chrono::DateTime<chrono::Utc>) -> Self {
        let seconds = instant.timestamp().clamp(-62_167_219_200, 253_402_300_799);
        let nanos = instant.timestamp_subsec_nanos().min(999_999_999);
        Self { seconds, nanos: if FRACTION { nanos } else { 0 }, deviations: 0 }
    }
}

impl<const FRACTION: bool> FromStr for DateTime<FRACTION> {
    type Err = DateTimeError;

    fn from_str(text: &str) -> Result<Self, DateTimeError> {
        parse(text, FRACTION).map(|(seconds, nanos, deviations)| Self { seconds, nanos, deviations })
    }
}

impl<const FRACTION: bool> PartialEq for DateTime<FRACTION> {
    fn eq(&self, other: &Self) -> bool {
        (self.seconds, self.nanos) == (other.seconds, other.nanos)
    }
}

impl<const FRACTION: bool> Eq for DateTime<FRACTION> {}

impl<const FRACTION: bool> PartialOrd for DateTime<FRACTION> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<const FRACTION: bool> Ord for DateTime<FRACTION> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

impl<const FRACTION: bool> Hash for DateTime<FRACTION> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.seconds, self.nanos).hash(state);
    }
}

impl<const FRACTION: bool> fmt::Display for DateTime<FRACTION> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text().as_str())
    }
}

impl<const FRACTION: bool> fmt::Debug for DateTime<FRACTION> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const FRACTION: bool> Datatype for DateTime<FRACTION> {
    const KIND: Kind = Kind::DateTime { fraction: FRACTION };

    fn check(&self, at: &Path<'_>, findings: &mut Findings) {
        if self.deviations == 0 {
            return;
        }
        for (flag, rule, message) in [
            (OFFSET, "DT-03", "a numeric offset is not allowed; times are UTC"),
            (SEPARATOR, "DT-05", "`T` has to stand between date and time"),
            (LOWER_CASE, "DT-05", "`T` and `Z` are upper case"),
            (SHORT, "DT-05", "month and day have two digits"),
            (FRACTIONAL, "DT-01", "fractions of a second are not allowed in OCPI 2.1.1"),
            (LONG, "DT-02", "longer than 25 characters"),
        ] {
            if self.deviations & flag != 0 {
                findings.report(at, FindingKind::Format, rule, Severity::Error, message);
            }
        }
    }
}

impl<const FRACTION: bool> Write for DateTime<FRACTION> {
    fn write(&self, out: &mut Vec<u8>) {
        let text = self.text();
        out.reserve(text.len + 2);
        out.push(b'"');
        out.extend_from_slice(&text.bytes[..text.len]);
        out.push(b'"');
    }
}

impl<const FRACTION: bool> Serialize for DateTime<FRACTION> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

impl<'de, const FRACTION: bool> Deserialize<'de> for DateTime<FRACTION> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Instant<const FRACTION: bool>;

        impl<const FRACTION: bool> Visitor<'_> for Instant<FRACTION> {
            type Value = DateTime<FRACTION>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime<FRACTION>, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Instant)
    }
}

/// A text is not a date and time that exists.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a date and time that exists")]
pub struct DateTimeError;

struct DateTimeText {
    bytes: [u8; 25],
    len: usize,
}

impl DateTimeText {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

/// Seconds since 1970 of a text in the usual form, `2024-06-29T20:39:09Z`.
#[inline]
fn parse_usual(text: &[u8; 20]) -> Option<i64> {
    if [text[4], text[7], text[10], text[13], text[16], text[19]] != *b"--T::Z" {
        return None;
    }
    let mut is_digits = true;
    let mut pair = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        is_digits &= tens <= 9 && ones <= 9;
        i64::from(tens.wrapping_mul(10).wrapping_add(ones))
    };
    let year = pair(0) * 100 + pair(2);
    let (month, day, hour, minute, second) = (pair(5), pair(8), pair(11), pair(14), pair(17));
    let exists = is_digits
        && (1..=12).contains(&month)
        && day >= 1
        && day <= days_in_month(year, month)
        && hour <= 23
        && minute <= 59
        && second <= 59;
    exists.then(|| days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Seconds, nanoseconds and deviations of a text.
fn parse(text: &str, fraction_allowed: bool) -> Result<(i64, u32, u8), DateTimeError> {
    let bytes = text.as_bytes();
    if let Ok(usual) = bytes.try_into()
        && let Some(seconds) = parse_usual(usual)
    {
        return Ok((seconds, 0, 0));
    }
    let mut deviations = if bytes.len() > 25 { LONG } else { 0 };
    let mut cursor = Cursor { rest: bytes };

    let year = cursor.digits(4, 4)?;
    cursor.byte(b'-')?;
    let before = cursor.rest.len();
    let month = cursor.digits(1, 2)?;
    cursor.byte(b'-')?;
    let day = cursor.digits(1, 2)?;
    if before - cursor.rest.len() < 5 {
        deviations |= SHORT;
    }
    match cursor.next() {
        Some(b'T') => {}
        Some(b't') => deviations |= LOWER_CASE,
        Some(b' ') => deviations |= SEPARATOR,
        _ => return Err(DateTimeError),
    }
    let hour = cursor.digits(2, 2)?;
    cursor.byte(b':')?;
    let minute = cursor.digits(2, 2)?;
    cursor.byte(b':')?;
    let second = cursor.digits(2, 2)?;

    let mut nanos = 0_u32;
    if cursor.rest.first() == Some(&b'.') {
        cursor.next();
        let count = cursor.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(DateTimeError);
        }
        for place in 0..9 {
            let digit = if place < count { u32::from(cursor.rest[place] - b'0') } else { 0 };
            nanos = nanos * 10 + digit;
        }
        cursor.rest = &cursor.rest[count..];
        if !fraction_allowed {
            deviations |= FRACTIONAL;
        }
    }
    let mut offset = 0_i64;
    match cursor.next() {
        None | Some(b'Z') => {}
        Some(b'z') => deviations |= LOWER_CASE,
        Some(sign @ (b'+' | b'-')) => {
            deviations |= OFFSET;
            let hours = cursor.digits(2, 2)?;
            if cursor.rest.first() == Some(&b':') {
                cursor.next();
            }
            let minutes = if cursor.rest.is_empty() { 0 } else { cursor.digits(2, 2)? };
            if hours > 23 || minutes > 59 {
                return Err(DateTimeError);
            }
            offset = (hours * 60 + minutes) * if sign == b'-' { -60 } else { 60 };
        }
        Some(_) => return Err(DateTimeError),
    }
    if !cursor.rest.is_empty()
        || !(1..=12).contains(&month)
        || day < 1
        || day > days_in_month(year, month)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return Err(DateTimeError);
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    if !(-62_167_219_200..=253_402_300_799).contains(&seconds) {
        return Err(DateTimeError);
    }
    Ok((seconds, nanos, deviations))
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn byte(&mut self, expected: u8) -> Result<(), DateTimeError> {
        if self.next() == Some(expected) { Ok(()) } else { Err(DateTimeError) }
    }

    /// A number of `min` to `max` digits.
    #[inline]
    fn digits(&mut self, min: usize, max: usize) -> Result<i64, DateTimeError> {
        let (mut value, mut count) = (0, 0);
        while count < max {
            match self.rest.split_first() {
                Some((&digit @ b'0'..=b'9', rest)) => {
                    value = value * 10 + i64::from(digit - b'0');
                    self.rest = rest;
                    count += 1;
                }
                _ => break,
            }
        }
        if count < min { Err(DateTimeError) } else { Ok(value) }
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1 January 1970 to a date of the Gregorian calendar (Howard Hinnant's algorithm).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The reverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(feature = "schema")]
impl<const FRACTION: bool> schemars::JsonSchema for DateTime<FRACTION> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        if FRACTION { "DateTime".into() } else { "DateTimeSeconds".into() }
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        crate::schema::leaf(&Self::KIND)
    }
}
