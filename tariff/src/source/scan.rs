//! The fast way through the text of a usual CDR.
//!
//! [`cdr`] reads what pricing needs in one pass, into memory that is there already, and halts at whatever is unusual: an
//! escaped name, a repeated member, an exponent, a number in quotes, a time with an offset, an unknown dimension, broken
//! JSON. The patient reader then reads the text once more and decides. So this one only has to be right about what it
//! lets pass: it may be stricter, never laxer, and gives the same record.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::Format;
use super::record::Measure;
use crate::currency::Currency;
use crate::usage::{Period, Record};

/// What a CDR holds besides the record: members that only some tariffs have use for, as their text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rest<'a> {
    /// Where charging took place.
    pub(crate) location: Option<&'a str>,
    /// The token that was used.
    pub(crate) token: Option<&'a str>,
    /// The tariffs that were applied.
    pub(crate) tariffs: Option<&'a str>,
    /// The cost it states.
    pub(crate) total_cost: Option<&'a str>,
    /// Whether the names are those of 2.1.1.
    pub(crate) is_211: bool,
    has_booking: bool,
}

impl Rest<'_> {
    /// The version, by the marks the patient reader goes by.
    pub(crate) fn format(&self) -> Format {
        let tariffs = self.tariffs.unwrap_or_default();
        if self.is_211 {
            Format::Ocpi211
        } else if self.has_booking
            || self.total_cost.is_some_and(|cost| cost.contains("\"before_taxes\""))
            || tariffs.contains("\"tax_included\"")
            || tariffs.contains("\"before_taxes\"")
        {
            Format::Ocpi230
        } else {
            Format::Ocpi221
        }
    }
}

/// A list that was read before: records of one sender repeat their tariffs, letter for letter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repeated(String);

/// Longer lists are not remembered.
const MOST_REPEATED: usize = 64 * 1024;

/// Reads a usual CDR; `None` leaves it to the patient reader, whatever is in the record by then.
pub(crate) fn cdr<'a>(
    text: &'a str,
    format: Option<Format>,
    record: &mut Record,
    tariffs: &mut Repeated,
) -> Option<Rest<'a>> {
    record.clear();
    let mut scan = Scan { text, bytes: text.as_bytes(), at: 0 };
    let mut rest = Rest { is_211: format == Some(Format::Ocpi211), ..Rest::default() };
    let (mut start, mut end, mut stop) = (None, None, None);
    let mut seen = 0_u32;
    let mut once = |bit: u32| {
        let is_new = seen & (1 << bit) == 0;
        seen |= 1 << bit;
        is_new.then_some(())
    };

    scan.take(b'{')?;
    let mut is_first = true;
    while scan.has_next(b'}', is_first)? {
        is_first = false;
        let name = scan.name()?;
        match name {
            "start_date_time" => {
                once(0)?;
                start = Some(scan.instant()?);
            }
            "end_date_time" => {
                once(1)?;
                end = Some(scan.instant()?);
            }
            "stop_date_time" => {
                once(2)?;
                stop = Some(scan.instant()?);
            }
            "currency" => {
                once(3)?;
                record.currency = Some(Currency::new(scan.plain()?).ok()?);
            }
            "charging_periods" => {
                once(4)?;
                scan.periods(record)?;
            }
            "total_energy" => {
                once(5)?;
                record.total_energy = scan.decimal_or_null()?;
            }
            "total_time" => {
                once(6)?;
                record.total_time = scan.decimal_or_null()?;
            }
            "total_parking_time" => {
                once(7)?;
                record.total_parking_time = scan.decimal_or_null()?;
            }
            "credit" => {
                once(8)?;
                record.credit = match scan.value()? {
                    "true" => true,
                    "false" | "null" => false,
                    _ => return None,
                };
            }
            "cdr_location" => {
                once(9)?;
                let location = scan.value()?;
                if !rest.is_211 {
                    rest.location = Some(location);
                }
            }
            "location" => {
                once(10)?;
                rest.location = Some(scan.value()?);
                rest.is_211 |= format.is_none();
            }
            "cdr_token" => {
                once(11)?;
                rest.token = Some(scan.value()?);
            }
            "tariffs" => {
                once(12)?;
                rest.tariffs = Some(scan.repeated(tariffs)?);
            }
            "total_cost" => {
                once(13)?;
                rest.total_cost = Some(scan.value()?);
            }
            "booking_id" => {
                scan.value()?;
                rest.has_booking = true;
            }
            "auth_id" => {
                scan.value()?;
                rest.is_211 |= format.is_none();
            }
            // a Session, or another format
            "kwh" | "start_datetime" | "end_datetime" | "status" | "periods" | "start" | "chargingPeriods"
            | "totalCost" | "totalUsage" => return None,
            _ => {
                scan.value()?;
            }
        }
    }
    if scan.peek().is_some() {
        return None;
    }
    // a text that mixes the names of versions is not usual
    rest.is_211 |= stop.is_some() && format.is_none();
    let is_mixed = if rest.is_211 { seen & (1 << 9 | 1 << 1) != 0 } else { seen & (1 << 10 | 1 << 2) != 0 };
    if is_mixed || record.periods.is_empty() || record.currency.is_none() {
        return None;
    }
    record.start = start?;
    record.end = if rest.is_211 { stop? } else { end? };
    Some(rest)
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// The next byte that is no blank.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if byte > b' ' {
                return Some(byte);
            }
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, expected: u8) -> Option<()> {
        if self.peek()? != expected {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Whether another item or member follows; takes the comma before it or the bracket that closes.
    #[inline]
    fn has_next(&mut self, close: u8, is_first: bool) -> Option<bool> {
        let byte = self.peek()?;
        if byte == close {
            self.at += 1;
            return Some(false);
        }
        if is_first {
            return Some(true);
        }
        if byte != b',' {
            return None;
        }
        self.at += 1;
        Some(true)
    }

    /// A text without escapes.
    #[inline]
    fn plain(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let (start, end) = (self.at, plain_end(self.bytes, self.at));
        if *self.bytes.get(end)? != b'"' {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The name of a member.
    #[inline]
    fn name(&mut self) -> Option<&'a str> {
        let name = self.plain()?;
        self.take(b':')?;
        Some(name)
    }

    /// Goes over the name of a member and its colon if they are just these; a comparison is quicker than looking for the end.
    #[inline]
    fn has_name(&mut self, quoted: &[u8]) -> bool {
        let is_next = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(quoted));
        if is_next {
            self.at += quoted.len();
        }
        is_next
    }

    #[inline]
    fn null(&mut self) -> Option<bool> {
        if self.peek()? != b'n' {
            return Some(false);
        }
        self.word(b"null")?;
        Some(true)
    }

    #[inline]
    fn word(&mut self, word: &[u8]) -> Option<()> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end)? != word {
            return None;
        }
        self.at = end;
        Some(())
    }

    #[inline]
    fn decimal_or_null(&mut self) -> Option<Option<Decimal>> {
        if self.null()? { Some(None) } else { Some(Some(self.decimal()?)) }
    }

    /// A number of at most 18 digits without exponent, as nearly all are.
    #[inline]
    fn decimal(&mut self) -> Option<Decimal> {
        let is_negative = self.peek()? == b'-';
        self.at += usize::from(is_negative);
        let rest = self.bytes.get(self.at..)?;
        let (mut mantissa, mut digits, mut point) = (0_u64, 0_usize, None);
        let mut length = 0;
        for &byte in rest {
            match byte {
                b'0'..=b'9' => {
                    if digits == 18 {
                        return None;
                    }
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
                b'.' if point.is_none() => point = Some(digits),
                b'.' | b'e' | b'E' => return None,
                _ => break,
            }
            length += 1;
        }
        let whole = point.unwrap_or(digits);
        let is_well_formed = whole > 0 && (whole == 1 || rest[0] != b'0') && point.is_none_or(|point| point < digits);
        if !is_well_formed {
            return None;
        }
        self.at += length;
        let scale = (digits - whole) as u32;
        Some(Decimal::from_parts(mantissa as u32, (mantissa >> 32) as u32, 0, is_negative, scale))
    }

    /// A time in UTC that says so.
    #[inline]
    fn instant(&mut self) -> Option<DateTime<Utc>> {
        let text = self.plain()?;
        if !text.ends_with('Z') {
            return None;
        }
        let instant: ocpi_types::DateTime = text.parse().ok()?;
        Some(instant.to_chrono())
    }

    fn periods(&mut self, record: &mut Record) -> Option<()> {
        self.take(b'[')?;
        let mut is_first = true;
        while self.has_next(b']', is_first)? {
            is_first = false;
            let period = self.period(&mut record.tariff_ids)?;
            record.periods.push(period);
        }
        Some(())
    }

    fn period(&mut self, tariff_ids: &mut Vec<String>) -> Option<Period> {
        let mut period = Period::default();
        let (mut start, mut has_dimensions, mut has_tariff) = (None, false, false);
        self.take(b'{')?;
        let mut is_first = true;
        while self.has_next(b'}', is_first)? {
            is_first = false;
            let name = match () {
                () if self.has_name(b"\"start_date_time\":") => "start_date_time",
                () if self.has_name(b"\"dimensions\":") => "dimensions",
                () if self.has_name(b"\"tariff_id\":") => "tariff_id",
                () => self.name()?,
            };
            match name {
                "start_date_time" if start.is_none() => start = Some(self.instant()?),
                "dimensions" if !has_dimensions => {
                    has_dimensions = true;
                    self.dimensions(&mut period)?;
                }
                "tariff_id" if !has_tariff => {
                    has_tariff = true;
                    if !self.null()? {
                        let id = self.plain()?;
                        period.tariff = Some(super::record::tariff_index(id, tariff_ids)?);
                    }
                }
                "start_date_time" | "dimensions" | "tariff_id" => return None,
                _ => {
                    self.value()?;
                }
            }
        }
        period.start = start?;
        Some(period)
    }

    fn dimensions(&mut self, period: &mut Period) -> Option<()> {
        let mut seen = 0_u32;
        self.take(b'[')?;
        let mut is_first = true;
        while self.has_next(b']', is_first)? {
            is_first = false;
            self.take(b'{')?;
            let (mut measure, mut volume) = (None, None);
            let mut is_first_member = true;
            while self.has_next(b'}', is_first_member)? {
                is_first_member = false;
                let name = match () {
                    () if self.has_name(b"\"type\":") => "type",
                    () if self.has_name(b"\"volume\":") => "volume",
                    () => self.name()?,
                };
                match name {
                    "type" if measure.is_none() => {
                        measure = Some(Measure::named(self.plain()?)?);
                    }
                    "volume" if volume.is_none() => volume = Some(self.decimal()?),
                    "type" | "volume" => return None,
                    _ => {
                        self.value()?;
                    }
                }
            }
            let measure = measure?;
            let bit = 1 << measure.slot();
            if measure != Measure::Other && seen & bit != 0 {
                return None;
            }
            seen |= bit;
            measure.put(volume?, period)?;
        }
        Some(())
    }

    /// The text of a value that only has to be JSON.
    fn value(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        self.text.get(start..self.at)
    }

    /// The same, if need be without a look at what was looked at before: a bracket closes where it closed then.
    fn repeated(&mut self, known: &mut Repeated) -> Option<&'a str> {
        let first = self.peek()?;
        let start = self.at;
        let rest = self.bytes.get(start..)?;
        if !known.0.is_empty() && rest.starts_with(known.0.as_bytes()) {
            self.at += known.0.len();
            return self.text.get(start..self.at);
        }
        let text = self.value()?;
        if matches!(first, b'[' | b'{') && text.len() <= MOST_REPEATED {
            known.0.clear();
            known.0.push_str(text);
        }
        Some(text)
    }

    /// Goes over one value, without recursion: a bit for every open bracket says whether it is that of an object.
    fn skip(&mut self) -> Option<()> {
        // the highest bit set marks the bottom
        let mut open = 1_u64;
        loop {
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' => {
                    self.at += 1;
                    if self.peek()? == b'}' {
                        self.at += 1;
                    } else {
                        if open >> 63 != 0 {
                            return None;
                        }
                        open = open << 1 | 1;
                        self.skip_name()?;
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    if self.peek()? == b']' {
                        self.at += 1;
                    } else {
                        if open >> 63 != 0 {
                            return None;
                        }
                        open <<= 1;
                        continue;
                    }
                }
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => self.skip_number()?,
            }
            // a value is over: close brackets until another follows
            loop {
                if open == 1 {
                    return Some(());
                }
                let is_object = open & 1 == 1;
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if is_object {
                            self.skip_name()?;
                        }
                        break;
                    }
                    b'}' if is_object => {}
                    b']' if !is_object => {}
                    _ => return None,
                }
                self.at += 1;
                open >>= 1;
            }
        }
    }

    #[inline]
    fn skip_name(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.skip_string()?;
        self.take(b':')
    }

    #[inline]
    fn skip_string(&mut self) -> Option<()> {
        let end = plain_end(self.bytes, self.at + 1);
        self.at = end + 1;
        if *self.bytes.get(end)? == b'"' { Some(()) } else { self.skip_escapes(end) }
    }

    /// Goes over the rest of a text from its first character that is not plain.
    #[cold]
    fn skip_escapes(&mut self, mut at: usize) -> Option<()> {
        loop {
            match (self.bytes.get(at)?, self.bytes.get(at + 1)) {
                (b'"', _) => {
                    self.at = at + 1;
                    return Some(());
                }
                (b'\\', Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => at += 2,
                (b'\\', Some(b'u')) if self.bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => at += 6,
                _ => return None,
            }
            at = plain_end(self.bytes, at);
        }
    }

    #[inline]
    fn skip_number(&mut self) -> Option<()> {
        let digits = |from: usize| {
            self.bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
        };
        let start = self.at + usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let whole = digits(start);
        if whole == 0 || (whole > 1 && self.bytes.get(start) == Some(&b'0')) {
            return None;
        }
        let mut end = start + whole;
        if self.bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            if fraction == 0 {
                return None;
            }
            end += 1 + fraction;
        }
        if let Some(b'e' | b'E') = self.bytes.get(end) {
            let sign = usize::from(matches!(self.bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent == 0 {
                return None;
            }
            end += 1 + sign + exponent;
        }
        self.at = end;
        Some(())
    }
}

/// Where the next quote, backslash or control character stands, or the end.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        // the high bit of every byte that is zero after xor, or below 0x20; exact up to the first
        let found = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES)
            | (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES)
            | word.wrapping_sub(ONES * 0x20);
        let found = found & !word & (ONES * 0x80);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        at += 1;
    }
    at
}
