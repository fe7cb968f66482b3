//! Objects together with the text they came in, so that nothing is lost on the way through (rules ABS-09 and RTE-10).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::decode::{DecodeError, Members, decode};
use crate::shape::{Kind, Member, Shape};
use crate::validate::Path;
use crate::{Finding, Object};

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

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl From<&RawValue> for RawJson {
    fn from(value: &RawValue) -> Self {
        Self(value.to_owned())
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

/// An object with the text it came in.
///
/// A hub or proxy reads the [`value`](Self::value) and hands on the [`text`](Self::text), byte for byte: undocumented
/// members, unlisted values and odd forms stay. [`replace`](Self::replace) changes the value and keeps what this crate
/// does not know.
#[derive(Clone, Debug)]
pub struct Raw<T> {
    value: T,
    text: RawJson,
}

impl<T: Object> Raw<T> {
    /// Reads an object permissively and keeps its text.
    ///
    /// # Errors
    /// As [`decode`](crate::decode()).
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        let value = decode(text)?;
        // what was decoded is well-formed
        RawJson::parse(text).map(|text| Self { value, text }).map_err(|_| DecodeError { findings: Vec::new() })
    }

    /// The object.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The object without its text.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The text as it came, for forwarding.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Everything that is wrong or remarkable about the text.
    pub fn inspect(&self) -> Vec<Finding> {
        crate::inspect::<T>(self.text())
    }

    /// The members that OCPI does not know: JSON pointer and value.
    pub fn undocumented(&self) -> Vec<(String, RawJson)> {
        let mut found = Vec::new();
        collect(self.text(), T::SHAPE, &Path::ROOT, &mut found);
        found
    }

    /// The same text with another value: undocumented members are carried over, also into parts and into list items
    /// that can be recognised by their identifier or, in lists of equal length, their place.
    ///
    /// # Errors
    /// When the value refuses to be written.
    pub fn replace(&self, value: T) -> Result<Self, serde_json::Error> {
        let written = crate::encode_unchecked(&value);
        let mut text = String::with_capacity(written.len() + 64);
        carry(&written, self.text(), T::SHAPE, &mut text)?;
        Ok(Self { value, text: RawJson::parse(text)? })
    }
}

impl<T> Serialize for Raw<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T: Object> Deserialize<'de> for Raw<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = RawJson::deserialize(deserializer)?;
        let value = crate::reader::read(text.as_str()).map_err(de::Error::custom)?;
        Ok(Self { value, text })
    }
}

/// Looks for unknown members. As deep as the shape, whatever the text holds.
fn collect(text: &str, shape: &'static Shape, at: &Path<'_>, found: &mut Vec<(String, RawJson)>) {
    let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(text) else { return };
    for (name, value) in &members {
        let place = at.member(name);
        match shape.member(name) {
            None => found.push((place.to_string(), RawJson((*value).to_owned()))),
            Some(Member { kind: Kind::Object(inner), cardinality, .. }) if cardinality.is_list() => {
                for (index, item) in items(value.get()).iter().enumerate() {
                    collect(item.get(), inner, &place.item(index), found);
                }
            }
            Some(Member { kind: Kind::Object(inner), .. }) => collect(value.get(), inner, &place, found),
            Some(_) => {}
        }
    }
}

fn items(list: &str) -> Vec<&RawValue> {
    serde_json::from_str(list).unwrap_or_default()
}

/// Writes `new` with the unknown members of `old`. As deep as the shape.
fn carry(new: &str, old: &str, shape: &'static Shape, out: &mut String) -> Result<(), serde_json::Error> {
    let (Ok(Members(members)), Ok(Members(before))) = (serde_json::from_str(new), serde_json::from_str(old)) else {
        out.push_str(new);
        return Ok(());
    };
    let mut members: Vec<(std::borrow::Cow<'_, str>, &RawValue)> = members;
    let before: Vec<(std::borrow::Cow<'_, str>, &RawValue)> = before;
    members.extend(before.iter().filter(|(name, _)| shape.member(name).is_none()).cloned());
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&serde_json::to_string(name)?);
        out.push(':');
        let former = before.iter().find(|(other, _)| other == name).map(|(_, value)| value.get());
        match (shape.member(name), former) {
            (Some(Member { kind: Kind::Object(inner), cardinality, .. }), Some(former)) if cardinality.is_list() => {
                let (now, then) = (items(value.get()), items(former));
                let by_identity: BTreeMap<String, &RawValue> =
                    then.iter().filter_map(|item| Some((identity(item.get())?, *item))).collect();
                out.push('[');
                for (index, item) in now.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    let counterpart = match identity(item.get()) {
                        Some(same) => by_identity.get(&same).copied(),
                        None if now.len() == then.len() => then.get(index).copied(),
                        None => None,
                    };
                    carry(item.get(), counterpart.map_or("null", |other| other.get()), inner, out)?;
                }
                out.push(']');
            }
            (Some(Member { kind: Kind::Object(inner), .. }), Some(former)) => carry(value.get(), former, inner, out)?,
            _ => out.push_str(value.get()),
        }
    }
    out.push('}');
    Ok(())
}

/// The identifier of a list item, folded, if it has one.
fn identity(text: &str) -> Option<String> {
    let Members(members) = serde_json::from_str::<Members<'_>>(text).ok()?;
    ["uid", "id", "parking_id"].into_iter().find_map(|name| {
        let (_, value) = members.iter().find(|(other, _)| other == name)?;
        Some(value.get().to_ascii_lowercase())
    })
}
