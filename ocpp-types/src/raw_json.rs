//! JSON text that is carried, not read.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::decimal::NUMBER;
use crate::limits::MAX_DEPTH;
use crate::shape::{Datatype, Kind};

/// A JSON value kept as the text it came in: number digits, member order and blanks survive.
///
/// Equality is equality of the text.
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Takes JSON text.
    ///
    /// # Errors
    /// When the text is not one well-formed JSON value.
    pub fn parse(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text.into()).map(Self)
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    /// When the value refuses to be written, such as a map whose keys are not texts.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Reads the text as a type of the caller.
    ///
    /// # Errors
    /// When the text does not fit that type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl Datatype for RawJson {
    const KIND: Kind = Kind::Any;

    fn conforms(&self) -> bool {
        too_deep(self.as_str(), 0).is_none()
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RawJson {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

/// Where a JSON text that stands `depth` levels deep nests deeper than [`MAX_DEPTH`], if it does.
pub(crate) fn too_deep(text: &str, mut depth: usize) -> Option<usize> {
    let (mut in_string, mut escaped) = (false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' if depth >= MAX_DEPTH => return Some(offset),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// A number of so many digits, and no exponent, is within the range of every reader.
pub(crate) const SAFE_DIGITS: usize = 300;

/// What makes well-formed JSON that is only carried a danger to those who read it: a repeated member, a lone surrogate,
/// or a number beyond every range (rows C22, C23, D2).
///
/// Recurses, so the depth must have been checked.
pub(crate) fn unsound(text: &str) -> Option<serde_json::Error> {
    // nothing can be wrong in most scalars
    if text.len() <= SAFE_DIGITS && !text.starts_with(['{', '[']) && !text.contains(['\\', 'e', 'E']) {
        return None;
    }
    serde_json::from_str::<Sound>(text).err()
}

/// Any JSON value, looked at and forgotten.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SoundVisitor)
    }
}

struct SoundVisitor;

impl<'de> Visitor<'de> for SoundVisitor {
    type Value = Sound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Sound, A::Error> {
        while list.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sound, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            // how a number arrives when `arbitrary_precision` is on; otherwise `serde_json` has judged it
            if name == NUMBER {
                let digits: String = map.next_value()?;
                if !digits.parse::<f64>().is_ok_and(f64::is_finite) {
                    return Err(de::Error::custom("number out of range"));
                }
                continue;
            }
            if !names.insert(name) {
                return Err(de::Error::custom("a member stands there twice"));
            }
            map.next_value::<Sound>()?;
        }
        Ok(Sound)
    }
}
