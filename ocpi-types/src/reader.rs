//! The fast way through usual JSON.
//!
//! [`read`] first reads with [`Reader`], a serde deserializer for a borrowed text that knows no errors: it halts at whatever
//! is unusual (an escaped member name, a whole number with a point, another type than asked for, broken JSON), and then
//! `serde_json` reads the text once more and decides. So the reader only has to be right about what it lets pass: it may be
//! stricter than `serde_json`, never laxer, and gives the same values. It borrows texts and hands numbers over as their
//! digits, which makes it faster than a general parser.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::number::RAW;

/// Reads a value; the outcome is that of `serde_json`.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let mut reader = Reader::new(text);
    match T::deserialize(&mut reader) {
        Ok(value) if reader.is_at_end() => Ok(value),
        _ => serde_json::from_str(text),
    }
}

/// Reads usual JSON and halts at anything else.
pub(crate) struct Reader<'de> {
    text: &'de str,
    at: usize,
}

/// An item of a list.
pub(crate) enum Item<'de, T> {
    Good(T),
    /// `serde_json` refuses it: its text, and the reason.
    Bad(&'de RawValue, serde_json::Error),
}

/// The reader met something that is for `serde_json` to judge.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not the usual JSON")]
pub(crate) struct Halt;

impl de::Error for Halt {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Reader<'de> {
    pub(crate) const fn new(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads the next item of a list; `None` after the last.
    pub(crate) fn item<T: DeserializeOwned>(&mut self, is_first: bool) -> Result<Option<Item<'de, T>>, Halt> {
        if is_first {
            self.take(b'[')?;
        }
        if !self.has_next(b']', is_first)? {
            return Ok(None);
        }
        self.peek();
        let start = self.at;
        if let Ok(value) = T::deserialize(&mut *self)
            && matches!(self.peek(), Some(b',' | b']'))
        {
            return Ok(Some(Item::Good(value)));
        }
        self.at = start;
        let raw = self.raw()?;
        Ok(Some(serde_json::from_str(raw.get()).map_or_else(|error| Item::Bad(raw, error), Item::Good)))
    }

    /// Whether nothing but blanks follows.
    fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The next byte that is no blank.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, expected: u8) -> Result<(), Halt> {
        if self.peek() != Some(expected) {
            return Err(Halt);
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn take_word(&mut self, word: &str) -> Result<(), Halt> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(Halt);
        }
        self.at = end;
        Ok(())
    }

    /// Whether another item or member follows; takes the comma before it or the bracket that closes.
    #[inline]
    fn has_next(&mut self, close: u8, is_first: bool) -> Result<bool, Halt> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if !is_first => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if is_first => Ok(true),
            _ => Err(Halt),
        }
    }

    /// A text without escapes.
    #[inline]
    fn plain(&mut self) -> Result<&'de str, Halt> {
        self.take(b'"')?;
        let start = self.at;
        let end = start + plain_length(self.text.as_bytes().get(start..).ok_or(Halt)?);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return Err(Halt);
        }
        self.at = end + 1;
        self.text.get(start..end).ok_or(Halt)
    }

    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Halt> {
        let start = self.at;
        match self.plain() {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(Halt) => {
                self.at = start;
                visitor.visit_str(&self.escaped()?)
            }
        }
    }

    #[cold]
    fn escaped(&mut self) -> Result<String, Halt> {
        serde_json::from_str(self.raw()?.get()).map_err(|_| Halt)
    }

    /// The JSON text of the next value, whatever it is.
    #[cold]
    fn raw(&mut self) -> Result<&'de RawValue, Halt> {
        self.peek();
        let rest = self.text.get(self.at..).ok_or(Halt)?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let raw = values.next().and_then(Result::ok).ok_or(Halt)?;
        self.at += values.byte_offset();
        Ok(raw)
    }

    /// The digits of a number.
    #[inline]
    fn number(&mut self) -> Result<&'de [u8], Halt> {
        self.peek();
        let rest = self.text.as_bytes().get(self.at..).ok_or(Halt)?;
        let length = number_length(rest).ok_or(Halt)?;
        self.at += length;
        rest.get(..length).ok_or(Halt)
    }

    #[inline]
    fn integer(&mut self) -> Result<i64, Halt> {
        let literal = self.number()?;
        // `-0`, points, exponents and what does not fit are for serde_json
        let (negative, digits) = match literal {
            [b'-', b'0', ..] => return Err(Halt),
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        if digits.len() > 18 {
            return Err(Halt);
        }
        let mut value = 0;
        for byte in digits {
            if !byte.is_ascii_digit() {
                return Err(Halt);
            }
            value = value * 10 + i64::from(byte - b'0');
        }
        Ok(if negative { -value } else { value })
    }
}

/// How many bytes come before a quote, a backslash, a control character or the end.
#[inline]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let mut length = 0;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk);
        let (quote, backslash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
        // the high bit of every byte that is zero after xor, or below 0x20; exact up to the first
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let found = found & (ONES * 0x80);
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
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

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Halt;

    // no object asks for anything else
    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum
    }

    /// An object, or the bare text that some peers send in its place.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.peek() {
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'"') => self.string(visitor),
            _ => Err(Halt),
        }
    }

    #[inline]
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
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_i64(self.integer()?)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.string(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.string(visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_str(self.plain()?)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        if self.peek() == Some(b'n') {
            self.take_word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    /// The digits of a number, as bytes: what a number of this crate asks for in this way.
    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Halt> {
        if name != RAW {
            return visitor.visit_newtype_struct(self);
        }
        match self.peek() {
            Some(b'"') => visitor.visit_borrowed_str(self.plain()?),
            _ => visitor.visit_borrowed_bytes(self.number()?),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.take(b'[')?;
        visitor.visit_seq(Items { reader: self, is_first: true })
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.take(b'{')?;
        visitor.visit_map(Members { reader: self, is_first: true })
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.raw()?;
        visitor.visit_unit()
    }
}

struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Halt;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Halt> {
        if !self.reader.has_next(b']', std::mem::take(&mut self.is_first))? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Halt;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        if !self.reader.has_next(b'}', std::mem::take(&mut self.is_first))? {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::new(self.reader.plain()?)).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}
