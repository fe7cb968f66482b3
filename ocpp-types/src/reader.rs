//! The fast way through conformant JSON.
//!
//! [`Reader`] is a serde deserializer for a borrowed text. It halts, without saying why, at everything a payload must not
//! have: an unknown member, a `null`, a list in the place of an object, an empty or endless list, broken JSON or JSON that
//! nests too deep. What made it halt is found by a [closer look](crate::inspect()), which rests on `serde_json`; so the reader
//! only has to be right about what it lets pass. Numbers come as their digits and texts are borrowed, which makes it faster
//! than a general parser.

use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::limits::MAX_ITEMS;
use crate::raw_json::{SAFE_DIGITS, too_deep, unsound};

/// How `serde_json` marks a value that stands for its own JSON text (what its `RawValue` uses).
pub(crate) const RAW: &str = "$serde_json::private::RawValue";

/// Reads conformant JSON and halts at anything else.
#[derive(Debug)]
pub struct Reader<'de> {
    text: &'de str,
    at: usize,
    /// How many lists and objects are open.
    depth: usize,
    inspected: bool,
}

/// The reader met something that needs a closer look.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not conformant JSON")]
#[non_exhaustive]
pub struct Halt;

impl de::Error for Halt {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Reader<'de> {
    /// Reads this text from its start.
    pub const fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0, inspected: false }
    }

    /// Reads a text that has been looked at before, and may have lists without items.
    pub(crate) const fn of_inspected(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0, inspected: true }
    }

    /// Makes sure that nothing but blanks follows.
    ///
    /// # Errors
    /// When something follows.
    pub fn end(&mut self) -> Result<(), Halt> {
        if self.at == self.text.len() || self.peek().is_none() { Ok(()) } else { Err(Halt) }
    }

    /// The next byte that is no blank.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.text.as_bytes().get(self.at) {
            Some(&byte) if byte > b' ' => Some(byte),
            _ => self.peek_behind_blanks(),
        }
    }

    /// The same, apart from the code that is written out in every type: most peers write no blanks.
    #[inline(never)]
    fn peek_behind_blanks(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    /// Takes this byte, and blanks before it: brackets and commas around the values of a frame.
    ///
    /// # Errors
    /// When another byte comes next.
    #[inline]
    pub fn take(&mut self, expected: u8) -> Result<(), Halt> {
        if self.peek() != Some(expected) {
            return Err(Halt);
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a text without escapes, with the quotes around it.
    ///
    /// # Errors
    /// When something else comes next.
    #[inline]
    pub fn take_plain(&mut self) -> Result<&'de str, Halt> {
        self.take(b'"')?;
        let start = self.at;
        let end = start + plain_length(self.text.as_bytes().get(start..).ok_or(Halt)?);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return Err(Halt);
        }
        self.at = end + 1;
        self.text.get(start - 1..self.at).ok_or(Halt)
    }

    fn take_word(&mut self, word: &str) -> Result<(), Halt> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(Halt);
        }
        self.at = end;
        Ok(())
    }

    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Halt> {
        self.take(b'"')?;
        let start = self.at;
        let end = start + plain_length(self.text.as_bytes().get(start..).ok_or(Halt)?);
        match self.text.as_bytes().get(end) {
            Some(b'"') => {
                self.at = end + 1;
                visitor.visit_borrowed_str(self.text.get(start..end).ok_or(Halt)?)
            }
            Some(b'\\') => {
                self.at = start - 1;
                let text: alloc::string::String = serde_json::from_str(self.raw()?).map_err(|_| Halt)?;
                visitor.visit_str(&text)
            }
            _ => Err(Halt),
        }
    }

    /// The JSON text of the next value, whatever it is.
    fn raw(&mut self) -> Result<&'de str, Halt> {
        self.peek();
        let rest = self.text.get(self.at..).ok_or(Halt)?;
        if let Some(number) = number_length(rest.as_bytes()) {
            self.at += number;
            return rest.get(..number).ok_or(Halt);
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let raw = values.next().and_then(Result::ok).ok_or(Halt)?;
        self.at += values.byte_offset();
        Ok(raw.get())
    }

    /// A whole number, as its sign and size.
    fn integer(&mut self) -> Result<(bool, u64), Halt> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let bytes = self.text.as_bytes().get(self.at..).ok_or(Halt)?;
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_number = digits == 1 || (2..=19).contains(&digits) && bytes[0] != b'0';
        // `-0`, fractions and exponents are for the closer look
        if !is_number || matches!(bytes.get(digits), Some(b'.' | b'e' | b'E')) || negative && bytes[0] == b'0' {
            return Err(Halt);
        }
        self.at += digits;
        Ok((negative, bytes[..digits].iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))))
    }
}

/// How many bytes come before a quote, a backslash, a control character or the end.
#[inline]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut length = 0;
    for chunk in chunks {
        let found = specials(u64::from_le_bytes(*chunk));
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let Some(last) = bytes.last_chunk::<8>() else {
        return rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
    };
    // the rest of the last word; the zeros that take the place of what was looked at before end it
    let word = u64::from_le_bytes(*last).checked_shr(64 - 8 * rest.len() as u32).unwrap_or(0);
    length + specials(word).trailing_zeros() as usize / 8
}

/// Marks, by its high bit, the first byte of a word that is a quote, a backslash or a control character; what is marked
/// behind it may be anything.
#[inline]
const fn specials(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    // with this bit turned, a quote comes right behind the control characters
    let (turned, backslash) = (word ^ (ONES * 2), word ^ (ONES * b'\\' as u64));
    // what is below 0x21, or zero
    let found = (turned.wrapping_sub(ONES * 0x21) & !turned) | (backslash.wrapping_sub(ONES) & !backslash);
    found & (ONES * 0x80)
}

/// How long the JSON number at the front is, if there is one.
#[inline]
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits =
        |from: usize| bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
    let start = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(start);
    if whole == 0 || (whole > 1 && bytes[start] == b'0') {
        return None;
    }
    let mut end = start + whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == 0 {
            return None;
        }
        end += 1 + sign + exponent;
    }
    Some(end)
}

macro_rules! halt {
    ($($method:ident)+) => {
        $(
            fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Halt> {
                Err(Halt)
            }
        )+
    };
}

macro_rules! integers {
    ($($method:ident => $visit:ident($type:ty)),+) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
                let (negative, size) = self.integer()?;
                let value = if negative { -i128::from(size) } else { i128::from(size) };
                visitor.$visit(<$type>::try_from(value).map_err(|_| Halt)?)
            }
        )+
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Halt;

    // no payload asks for these, but for the member it does not know
    halt! {
        deserialize_any deserialize_ignored_any deserialize_f32 deserialize_f64 deserialize_char deserialize_bytes
        deserialize_byte_buf deserialize_unit
    }
    integers! {
        deserialize_i8 => visit_i8(i8), deserialize_i16 => visit_i16(i16), deserialize_i32 => visit_i32(i32),
        deserialize_i64 => visit_i64(i64), deserialize_i128 => visit_i128(i128),
        deserialize_u8 => visit_u8(u8), deserialize_u16 => visit_u16(u16), deserialize_u32 => visit_u32(u32),
        deserialize_u64 => visit_u64(u64), deserialize_u128 => visit_u128(u128)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        if self.peek() == Some(b't') {
            self.take_word("true")?;
            visitor.visit_bool(true)
        } else {
            self.take_word("false")?;
            visitor.visit_bool(false)
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.string(visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.string(visitor)
    }

    /// An optional member that is there has a value; `null` is none, and the value's own method halts at it.
    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_some(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, Halt> {
        Err(Halt)
    }

    /// Raw JSON and the digits of numbers, as `serde_json` would hand them over.
    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Halt> {
        if name != RAW {
            return visitor.visit_newtype_struct(self);
        }
        let raw = self.raw()?;
        let is_plain_number =
            raw.len() <= SAFE_DIGITS && raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
        if !(is_plain_number || self.inspected || (too_deep(raw, self.depth).is_none() && unsound(raw).is_none())) {
            return Err(Halt);
        }
        visitor.visit_map(RawAccess(Some(raw)))
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.take(b'[')?;
        self.depth += 1;
        visitor.visit_seq(Items { reader: self, count: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.take(b'{')?;
        self.depth += 1;
        visitor.visit_map(Members { reader: self, count: 0 })
    }

    /// Members by name only: a derived visitor would read them from a list as well.
    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Halt> {
        Err(Halt)
    }
}

struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    count: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Halt;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Halt> {
        match self.reader.peek().ok_or(Halt)? {
            b']' if self.count > 0 || self.reader.inspected => {
                self.reader.at += 1;
                self.reader.depth = self.reader.depth.saturating_sub(1);
                return Ok(None);
            }
            b',' if self.count > 0 => self.reader.at += 1,
            _ if self.count > 0 => return Err(Halt),
            _ => {}
        }
        self.count += 1;
        if self.count > MAX_ITEMS {
            return Err(Halt);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    count: usize,
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Halt;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        match self.reader.peek().ok_or(Halt)? {
            b'}' => {
                self.reader.at += 1;
                self.reader.depth = self.reader.depth.saturating_sub(1);
                return Ok(None);
            }
            b',' if self.count > 0 => self.reader.at += 1,
            _ if self.count > 0 => return Err(Halt),
            _ => {}
        }
        self.count += 1;
        if self.count > MAX_ITEMS {
            return Err(Halt);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// Raw JSON text in the shape of `serde_json`: a map of one member.
struct RawAccess<'de>(Option<&'de str>);

impl<'de> MapAccess<'de> for RawAccess<'de> {
    type Error = Halt;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        match self.0 {
            Some(_) => seed.deserialize(de::value::BorrowedStrDeserializer::new(RAW)).map(Some),
            None => Ok(None),
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        seed.deserialize(de::value::BorrowedStrDeserializer::new(self.0.take().ok_or(Halt)?))
    }
}
