//! Points in time, in every form chargers write them.

use alloc::boxed::Box;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::shape::{Datatype, Kind};

/// A point in time, written as RFC 3339 in UTC with `Z` (rule RPC-12).
///
/// Reading accepts RFC 3339 and what fielded chargers make of it; every departure is a [`TimestampDefect`] that
/// [`Enforce`](crate::DecodePolicy::Enforce) refuses and [`Repair`](crate::DecodePolicy::Repair) reports. The text is kept
/// when it differs from what would be written. Comparison and hashing go by the instant.
///
/// | form | outcome |
/// |---|---|
/// | `2024-01-01T00:00:00Z`, lower-case `t`/`z`, `+01:00`, `-12:00`, any number of fraction digits | understood |
/// | `23:59:60` UTC (leap second) | understood as the following second |
/// | no offset | [`MissingOffset`](TimestampDefect::MissingOffset), read as UTC |
/// | `+02`, `+0200`, `+2:00` | [`ShortOffset`](TimestampDefect::ShortOffset) |
/// | blank between date and time | [`Separator`](TimestampDefect::Separator) |
/// | `24:00:00` | [`Hour24`](TimestampDefect::Hour24), the following midnight |
/// | one-digit month, day or hour | [`OneDigit`](TimestampDefect::OneDigit) |
/// | no seconds | [`MissingSeconds`](TimestampDefect::MissingSeconds), read as `:00` |
/// | comma before the fraction | [`Comma`](TimestampDefect::Comma) |
/// | blanks or NUL around it | [`Padding`](TimestampDefect::Padding) |
/// | day or time that does not exist, year of other than four digits, anything else | refused |
///
/// Years 0000 to 9999 are held exactly; plausibility (1970, ten years ahead) is for the caller, who has a clock.
#[derive(Clone)]
pub struct Timestamp {
    utc: DateTime<Utc>,
    defect: Option<TimestampDefect>,
    received: Option<Box<Box<str>>>,
}

impl Timestamp {
    /// This point in time, cut to milliseconds since OCPP allows three fraction digits.
    pub fn new(utc: DateTime<Utc>) -> Self {
        let millis = utc.nanosecond() / 1_000_000;
        Self { utc: utc.with_nanosecond(millis * 1_000_000).unwrap_or(utc), defect: None, received: None }
    }

    /// The instant.
    pub fn utc(&self) -> DateTime<Utc> {
        self.utc
    }

    /// The first departure from RFC 3339 in the text it was read from, a missing offset before all others.
    pub fn defect(&self) -> Option<TimestampDefect> {
        self.defect
    }

    /// The text it was read from, where that differs from what is written for this instant.
    pub fn received(&self) -> Option<&str> {
        self.received.as_deref().map(|text| &**text)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(utc: DateTime<Utc>) -> Self {
        Self::new(utc)
    }
}

/// A departure from RFC 3339 that leaves no doubt about the instant, or one usual reading.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampDefect {
    /// No time zone offset; read as UTC.
    #[error("no time zone offset, read as UTC")]
    MissingOffset,
    /// An offset without minutes, colon or leading zero.
    #[error("time zone offset not written as ±hh:mm")]
    ShortOffset,
    /// A blank or underscore where `T` belongs.
    #[error("no T between date and time")]
    Separator,
    /// Hour 24 for the midnight that ends the day.
    #[error("hour 24, read as midnight of the next day")]
    Hour24,
    /// A month, day or hour of one digit.
    #[error("month, day or hour of one digit")]
    OneDigit,
    /// No seconds; read as zero.
    #[error("no seconds, read as zero")]
    MissingSeconds,
    /// A comma where the decimal point belongs.
    #[error("comma before the fraction of the second")]
    Comma,
    /// Blanks or NUL characters around the text.
    #[error("blanks around the time")]
    Padding,
}

/// The text is not a date and time in years 0000 to 9999.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an RFC 3339 date and time")]
pub struct TimestampError;

impl FromStr for Timestamp {
    type Err = TimestampError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        match usual(text) {
            Some(utc) => Ok(Self { utc, defect: None, received: None }),
            None => Self::unusual(text),
        }
    }
}

impl Timestamp {
    /// Reads any form.
    fn unusual(text: &str) -> Result<Self, TimestampError> {
        let mut reader = Reader { rest: text.as_bytes(), defect: None };
        let utc = reader.read().ok_or(TimestampError)?;
        let defect = reader.defect;
        let as_written = defect.is_none() && write(utc, &mut Room::default()) == text;
        Ok(Self { utc, defect, received: (!as_written).then(|| Box::new(text.into())) })
    }
}

/// The form that is written for whole seconds, `2026-03-01T10:15:30Z`, which is also what most peers write: read eight
/// bytes at a time.
#[inline]
fn usual(text: &str) -> Option<DateTime<Utc>> {
    const DATE: Form = Form::new(b"0000-00-");
    const TIME: Form = Form::new(b"00T00:00");
    const END: Form = Form::new(b"0:00:00Z");
    let text: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let pairs = |form: Form, at: usize| form.pairs(*text[at..].first_chunk()?);
    let [century, _, year, _, _, month, ..] = pairs(DATE, 0)?;
    let [day, _, _, hour, _, _, minute, _] = pairs(TIME, 8)?;
    let [_, _, _, _, _, second, ..] = pairs(END, 12)?;
    let date = NaiveDate::from_ymd_opt(i32::from(century) * 100 + i32::from(year), month.into(), day.into())?;
    Some(date.and_hms_opt(hour.into(), minute.into(), second.into())?.and_utc())
}

/// What eight bytes have to be.
struct Form {
    text: u64,
    /// How much may be added to each byte before it has its high bit.
    room: u64,
}

impl Form {
    /// As in this text, with any digit where that has a zero.
    const fn new(text: &[u8; 8]) -> Self {
        let (mut room, mut at) = ([0x7f; 8], 0);
        while at < 8 {
            room[at] -= if text[at] == b'0' { 9 } else { 0 };
            at += 1;
        }
        Self { text: u64::from_le_bytes(*text), room: u64::from_le_bytes(room) }
    }

    /// The number of the two digits that begin at each byte, if the bytes are of this form.
    #[inline]
    fn pairs(&self, bytes: [u8; 8]) -> Option<[u8; 8]> {
        let digits = u64::from_le_bytes(bytes) ^ self.text;
        let excess = (digits | digits.wrapping_add(self.room)) & (u64::MAX / 255 * 0x80);
        // no byte gets above 99, so none touches its neighbour
        (excess == 0).then(|| (digits * 10 + (digits >> 8)).to_le_bytes())
    }
}

/// Reads from the front, noting the first defect.
struct Reader<'a> {
    rest: &'a [u8],
    defect: Option<TimestampDefect>,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<DateTime<Utc>> {
        let padded = self.rest;
        let blank = |byte: &u8| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n');
        while self.rest.first().is_some_and(blank) {
            self.rest = &self.rest[1..];
        }
        while self.rest.last().is_some_and(blank) {
            self.rest = &self.rest[..self.rest.len() - 1];
        }
        if self.rest.len() != padded.len() {
            self.note(TimestampDefect::Padding);
        }

        let year = self.four_digits()?;
        self.byte(b'-')?;
        let month = self.one_or_two_digits()?;
        self.byte(b'-')?;
        let day = self.one_or_two_digits()?;
        match self.next()? {
            b'T' | b't' => {}
            b' ' | b'_' => self.note(TimestampDefect::Separator),
            _ => return None,
        }
        let mut hour = self.one_or_two_digits()?;
        self.byte(b':')?;
        let minute = self.two_digits()?;
        let (mut second, mut nanos) = (0, 0);
        if self.rest.first() == Some(&b':') {
            self.next();
            second = self.two_digits()?;
            nanos = self.fraction()?;
        } else {
            self.note(TimestampDefect::MissingSeconds);
        }
        let offset = self.offset()?;

        let mut date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        if hour == 24 {
            if minute != 0 || second != 0 || nanos != 0 {
                return None;
            }
            self.note(TimestampDefect::Hour24);
            (hour, date) = (0, date.succ_opt()?);
        }
        let leap = second == 60;
        let time = date.and_hms_nano_opt(hour, minute, second - u32::from(leap), nanos)?;
        let mut utc = if offset == 0 { time } else { time.checked_sub_signed(TimeDelta::minutes(offset))? };
        if leap {
            // only the last second of a UTC day can be followed by one
            if (utc.hour(), utc.minute()) != (23, 59) {
                return None;
            }
            utc = utc.with_nanosecond(0)?.checked_add_signed(TimeDelta::seconds(1))?;
        }
        (0..=9999).contains(&utc.year()).then(|| utc.and_utc())
    }

    fn note(&mut self, defect: TimestampDefect) {
        self.defect.get_or_insert(defect);
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn byte(&mut self, expected: u8) -> Option<()> {
        (self.next()? == expected).then_some(())
    }

    fn digit(&mut self) -> Option<u32> {
        let digit = self.next()?;
        digit.is_ascii_digit().then(|| u32::from(digit - b'0'))
    }

    fn two_digits(&mut self) -> Option<u32> {
        Some(self.digit()? * 10 + self.digit()?)
    }

    fn four_digits(&mut self) -> Option<u32> {
        Some(self.two_digits()? * 100 + self.two_digits()?)
    }

    fn one_or_two_digits(&mut self) -> Option<u32> {
        let first = self.digit()?;
        if self.rest.first().is_some_and(u8::is_ascii_digit) {
            return Some(first * 10 + self.digit()?);
        }
        self.note(TimestampDefect::OneDigit);
        Some(first)
    }

    /// Nanoseconds; digits beyond the ninth are in [`Timestamp::received`] only.
    fn fraction(&mut self) -> Option<u32> {
        match self.rest.first() {
            Some(b'.') => {}
            Some(b',') => self.note(TimestampDefect::Comma),
            _ => return Some(0),
        }
        self.next();
        let (mut nanos, mut unit) = (self.digit()? * 100_000_000, 100_000_000);
        while self.rest.first().is_some_and(u8::is_ascii_digit) {
            unit /= 10;
            nanos += self.digit()? * unit;
        }
        Some(nanos)
    }

    /// Minutes east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.rest {
            [b'Z' | b'z'] => return Some(0),
            [] => {
                // the one defect that may change the instant outranks the others
                self.defect = Some(TimestampDefect::MissingOffset);
                return Some(0);
            }
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        let digit = |byte: &u8| i64::from(*byte) - i64::from(b'0');
        let all_digits = |bytes: &[&u8]| bytes.iter().all(|byte| byte.is_ascii_digit());
        let (hours, minutes) = match &self.rest[1..] {
            [a, b, b':', c, d] if all_digits(&[a, b, c, d]) => (digit(a) * 10 + digit(b), digit(c) * 10 + digit(d)),
            short => {
                self.note(TimestampDefect::ShortOffset);
                match short {
                    [a, b, c, d] if all_digits(&[a, b, c, d]) => (digit(a) * 10 + digit(b), digit(c) * 10 + digit(d)),
                    [a, b':', c, d] if all_digits(&[a, c, d]) => (digit(a), digit(c) * 10 + digit(d)),
                    [a, b] if all_digits(&[a, b]) => (digit(a) * 10 + digit(b), 0),
                    [a] if all_digits(&[a]) => (digit(a), 0),
                    _ => return None,
                }
            }
        };
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
    }
}

/// The digits of every number below 100.
const PAIRS: [[u8; 2]; 100] = {
    let (mut pairs, mut number) = ([[b'0'; 2]; 100], 0);
    while number < 100 {
        pairs[number] = [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
        number += 1;
    }
    pairs
};

/// Room for the longest text of an instant.
type Room = [u8; 32];

/// Writes an instant: without fraction, or with 3, 6 or 9 digits.
///
/// It is put together in whole words, and where it stays: a text written in small pieces takes longer to read back at once.
fn write(utc: DateTime<Utc>, room: &mut Room) -> &str {
    // every question to a time with a zone would work the zone in again
    let utc = utc.naive_utc();
    let (year, second_of_day) = (utc.year().unsigned_abs(), utc.time().num_seconds_from_midnight());
    let pair = |number: u32, at: u32| u64::from(u16::from_le_bytes(PAIRS[number as usize % 100])) << (8 * at);
    let date =
        u64::from_le_bytes(*b"\0\0\0\0-\0\0-") | pair(year / 100, 0) | pair(year % 100, 2) | pair(utc.month(), 5);
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    let time = u64::from_le_bytes(*b"\0\0T\0\0:\0\0") | pair(utc.day(), 0) | pair(hour, 3) | pair(minute, 6);
    let end = u64::from_le_bytes(*b":\0\0Z\0\0\0\0") | pair(second, 1);
    for (bytes, word) in room.as_chunks_mut().0.iter_mut().zip([date, time, end]) {
        *bytes = word.to_le_bytes();
    }
    let length = if utc.nanosecond() == 0 { 20 } else { write_fraction(utc.nanosecond(), room) };
    core::str::from_utf8(&room[..length]).unwrap_or_default()
}

/// Writes a fraction of a second behind the seconds; returns how long the text is then.
fn write_fraction(mut nanos: u32, room: &mut Room) -> usize {
    let digits = match nanos {
        _ if nanos.is_multiple_of(1_000_000) => 3,
        _ if nanos.is_multiple_of(1000) => 6,
        _ => 9,
    };
    room[19] = b'.';
    for at in (20..29).rev() {
        room[at] = b'0' + (nanos % 10) as u8;
        nanos /= 10;
    }
    room[20 + digits] = b'Z';
    21 + digits
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(write(self.utc, &mut Room::default()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.utc == other.utc
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.utc.cmp(&other.utc)
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.utc.hash(state);
    }
}

impl Datatype for Timestamp {
    const KIND: Kind = Kind::DateTime;

    fn conforms(&self) -> bool {
        self.defect.is_none()
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(write(self.utc, &mut Room::default()))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimestampVisitor;

        impl Visitor<'_> for TimestampVisitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                match usual(text) {
                    Some(utc) => Ok(Timestamp { utc, defect: None, received: None }),
                    None => Timestamp::unusual(text).map_err(E::custom),
                }
            }
        }

        deserializer.deserialize_str(TimestampVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
