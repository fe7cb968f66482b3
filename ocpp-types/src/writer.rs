//! Compact JSON into a buffer, without allocation.
//!
//! The counterpart of [`Reader`](crate::reader::Reader): what payloads consist of, and nothing else.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use crate::reader::{RAW, plain_length};

/// What JSON is written to: a `String`, or a `Vec<u8>` that then holds UTF-8.
pub trait Buffer: sealed::Sealed {
    /// Appends a character of one byte.
    #[doc(hidden)]
    fn push_ascii(&mut self, byte: u8);

    /// Appends a text.
    #[doc(hidden)]
    fn push_text(&mut self, text: &str);

    /// How many bytes there are.
    #[doc(hidden)]
    fn length(&self) -> usize;

    /// The text from a byte on that was the length once.
    #[doc(hidden)]
    fn text_from(&self, start: usize) -> &str;

    /// Takes back what was appended since the length was that.
    #[doc(hidden)]
    fn cut(&mut self, length: usize);
}

impl Buffer for String {
    #[inline]
    fn push_ascii(&mut self, byte: u8) {
        self.push(char::from(byte));
    }

    #[inline]
    fn push_text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn length(&self) -> usize {
        self.len()
    }

    fn text_from(&self, start: usize) -> &str {
        self.get(start..).unwrap_or_default()
    }

    fn cut(&mut self, length: usize) {
        self.truncate(length);
    }
}

impl Buffer for Vec<u8> {
    #[inline]
    fn push_ascii(&mut self, byte: u8) {
        self.push(byte);
    }

    #[inline]
    fn push_text(&mut self, text: &str) {
        self.extend_from_slice(text.as_bytes());
    }

    fn length(&self) -> usize {
        self.len()
    }

    fn text_from(&self, start: usize) -> &str {
        self.get(start..).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn cut(&mut self, length: usize) {
        self.truncate(length);
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for alloc::string::String {}

    impl Sealed for alloc::vec::Vec<u8> {}
}

/// Appends a value to a buffer.
pub(crate) fn write<T: Serialize, B: Buffer>(value: &T, buffer: &mut B) -> Result<(), Unwritable> {
    value.serialize(&mut Writer { buffer, raw: false })
}

/// A value of a kind that payloads do not have, such as a binary float or an enum with data.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a value of a kind that OCPP does not have")]
#[non_exhaustive]
pub struct Unwritable;

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'b, B> {
    buffer: &'b mut B,
    /// Whether the next text is JSON already.
    raw: bool,
}

impl<B: Buffer> Writer<'_, B> {
    fn byte(&mut self, byte: u8) {
        self.buffer.push_ascii(byte);
    }

    fn text(&mut self, text: &str) {
        self.buffer.push_text(text);
    }

    fn integer(&mut self, value: impl itoa::Integer) -> Result<(), Unwritable> {
        self.text(itoa::Buffer::new().format(value));
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), Unwritable> {
        if self.raw {
            self.text(text);
            return Ok(());
        }
        if plain_length(text.as_bytes()) < text.len() {
            // rare enough to be left to the library that knows every escape
            self.text(&serde_json::to_string(text).map_err(|_| Unwritable)?);
            return Ok(());
        }
        self.byte(b'"');
        self.text(text);
        self.byte(b'"');
        Ok(())
    }
}

macro_rules! integers {
    ($($method:ident($type:ty)),+) => {
        $(
            fn $method(self, value: $type) -> Result<(), Unwritable> {
                self.integer(value)
            }
        )+
    };
}

impl<'w, 'b, B: Buffer> Serializer for &'w mut Writer<'b, B> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Compound<'w, 'b, B>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Compound<'w, 'b, B>;
    type SerializeStruct = Compound<'w, 'b, B>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    integers! {
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_i128(i128),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_u128(u128)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unwritable> {
        self.text(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_char(self, value: char) -> Result<(), Unwritable> {
        self.string(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        self.string(text)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Unwritable> {
        self.byte(b'[');
        Ok(Compound { writer: self, first: true, raw: false })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unwritable> {
        self.byte(b'{');
        Ok(Compound { writer: self, first: true, raw: false })
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeStruct, Unwritable> {
        let raw = name == RAW;
        if !raw {
            self.byte(b'{');
        }
        Ok(Compound { writer: self, first: true, raw })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

/// A list, an object, or raw JSON in the shape of `serde_json`.
struct Compound<'w, 'b, B> {
    writer: &'w mut Writer<'b, B>,
    first: bool,
    raw: bool,
}

impl<B: Buffer> Compound<'_, '_, B> {
    fn separate(&mut self) {
        if !core::mem::replace(&mut self.first, false) {
            self.writer.byte(b',');
        }
    }
}

impl<B: Buffer> SerializeSeq for Compound<'_, '_, B> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.writer.byte(b']');
        Ok(())
    }
}

impl<B: Buffer> SerializeMap for Compound<'_, '_, B> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.separate();
        key.serialize(&mut *self.writer)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.writer.byte(b':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.writer.byte(b'}');
        Ok(())
    }
}

impl<B: Buffer> SerializeStruct for Compound<'_, '_, B> {
    type Ok = ();
    type Error = Unwritable;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unwritable> {
        if self.raw {
            self.writer.raw = true;
            let outcome = value.serialize(&mut *self.writer);
            self.writer.raw = false;
            return outcome;
        }
        self.separate();
        // names of members are letters and digits
        self.writer.byte(b'"');
        self.writer.text(name);
        self.writer.text("\":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unwritable> {
        if !self.raw {
            self.writer.byte(b'}');
        }
        Ok(())
    }
}
