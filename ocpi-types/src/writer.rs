//! Compact JSON, the counterpart of the [reader](crate::reader).
//!
//! What objects consist of, and nothing else; `serde_json` writes whatever else there is.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeSeq, SerializeStruct, Serializer};

use crate::Object;
use crate::number::RAW;
use crate::reader::plain_length;

/// Writes an object; the text is that of `serde_json`.
pub(crate) fn write<T: Object>(value: &T) -> Result<String, serde_json::Error> {
    let mut buffer = String::with_capacity(T::SHAPE.members.len() * 32);
    match value.serialize(&mut Writer { buffer: &mut buffer, is_raw: false }) {
        Ok(()) => Ok(buffer),
        Err(Unusual) => serde_json::to_string(value),
    }
}

/// A value of a kind that objects do not have, such as a binary float.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a value of a kind that OCPI does not have")]
struct Unusual;

impl ser::Error for Unusual {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'b> {
    buffer: &'b mut String,
    /// Whether the next text is JSON already: the digits of a number.
    is_raw: bool,
}

impl Writer<'_> {
    #[inline]
    fn string(&mut self, text: &str) -> Result<(), Unusual> {
        if self.is_raw {
            self.buffer.push_str(text);
            return Ok(());
        }
        if plain_length(text.as_bytes()) < text.len() {
            return self.escaped(text);
        }
        self.buffer.reserve(text.len() + 2);
        self.buffer.push('"');
        self.buffer.push_str(text);
        self.buffer.push('"');
        Ok(())
    }

    /// Rare enough to be left to the library that knows every escape.
    #[cold]
    fn escaped(&mut self, text: &str) -> Result<(), Unusual> {
        self.buffer.push_str(&serde_json::to_string(text).map_err(|_| Unusual)?);
        Ok(())
    }
}

macro_rules! unusual {
    ($($method:ident($type:ty)),+) => {
        $(
            fn $method(self, _: $type) -> Result<(), Unusual> {
                Err(Unusual)
            }
        )+
    };
}

impl<'w, 'b> Serializer for &'w mut Writer<'b> {
    type Ok = ();
    type Error = Unusual;
    type SerializeSeq = List<'w, 'b>;
    type SerializeTuple = Impossible<(), Unusual>;
    type SerializeTupleStruct = Impossible<(), Unusual>;
    type SerializeTupleVariant = Impossible<(), Unusual>;
    type SerializeMap = Impossible<(), Unusual>;
    type SerializeStruct = Members<'w, 'b>;
    type SerializeStructVariant = Impossible<(), Unusual>;

    unusual! {
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_u8(u8), serialize_u16(u16),
        serialize_u32(u32), serialize_u64(u64), serialize_f32(f32), serialize_f64(f64), serialize_char(char),
        serialize_bytes(&[u8]), serialize_unit_struct(&'static str)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unusual> {
        self.buffer.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Unusual> {
        self.buffer.push_str(itoa::Buffer::new().format(value));
        Ok(())
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Unusual> {
        self.string(text)
    }

    fn serialize_none(self) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unusual> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unusual> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unusual> {
        Err(Unusual)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Unusual> {
        self.buffer.push('[');
        Ok(List { writer: self, is_first: true })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unusual> {
        Err(Unusual)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unusual> {
        Err(Unusual)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unusual> {
        Err(Unusual)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unusual> {
        Err(Unusual)
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeStruct, Unusual> {
        let is_number = name == RAW;
        if !is_number {
            self.buffer.push('{');
        }
        Ok(Members { writer: self, is_first: true, is_number })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unusual> {
        Err(Unusual)
    }
}

struct List<'w, 'b> {
    writer: &'w mut Writer<'b>,
    is_first: bool,
}

impl SerializeSeq for List<'_, '_> {
    type Ok = ();
    type Error = Unusual;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        if !std::mem::take(&mut self.is_first) {
            self.writer.buffer.push(',');
        }
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unusual> {
        self.writer.buffer.push(']');
        Ok(())
    }
}

/// An object, or a number in the shape of `serde_json`.
struct Members<'w, 'b> {
    writer: &'w mut Writer<'b>,
    is_first: bool,
    is_number: bool,
}

impl SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Unusual;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unusual> {
        if self.is_number {
            self.writer.is_raw = true;
            let outcome = value.serialize(&mut *self.writer);
            self.writer.is_raw = false;
            return outcome;
        }
        // names of members are letters and digits
        self.writer.buffer.reserve(name.len() + 4);
        self.writer.buffer.push_str(if std::mem::take(&mut self.is_first) { "\"" } else { ",\"" });
        self.writer.buffer.push_str(name);
        self.writer.buffer.push_str("\":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unusual> {
        if !self.is_number {
            self.writer.buffer.push('}');
        }
        Ok(())
    }
}
