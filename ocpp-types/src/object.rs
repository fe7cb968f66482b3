//! How a JSON object becomes a struct.
//!
//! `serde_derive` would do it too, but its structs may also be read from a list, member by member, which OCPP does not
//! allow; and half of what it writes serves that and other formats, which costs compile time with some six hundred structs.
//! So `cargo xtask generated` writes just the parts that differ between structs, and this is what they share.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de};

use crate::List;
use crate::shape::{Datatype, Kind};

/// A struct that is read from an object.
pub(crate) trait Object: Datatype {
    /// A place for the value of each member, in their order.
    type Slots;

    /// Places without values.
    fn slots() -> Self::Slots;

    /// Which member has this name.
    fn index_of(name: &str) -> Option<usize>;

    /// Reads the value of a member into its place; false if there is one already.
    fn fill<'de, A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, map: &mut A) -> Result<bool, A::Error>;

    /// The struct, or which required member has no value.
    fn build(slots: Self::Slots) -> Result<Self, usize>
    where
        Self: Sized;
}

/// Reads an object.
#[inline]
pub(crate) fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Reads the value of a required member.
#[inline]
pub(crate) fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<bool, A::Error> {
    if slot.is_some() {
        return Ok(false);
    }
    *slot = Some(map.next_value()?);
    Ok(true)
}

/// Reads the value of an optional member.
#[inline]
pub(crate) fn fill_option<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<bool, A::Error> {
    if slot.is_some() {
        return Ok(false);
    }
    *slot = map.next_value()?;
    Ok(true)
}

/// Reads the value of an optional list.
#[inline]
pub(crate) fn fill_list<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize, A: MapAccess<'de>>(
    slot: &mut List<T, MIN, MAX>,
    map: &mut A,
) -> Result<bool, A::Error> {
    if !slot.is_empty() {
        return Ok(false);
    }
    *slot = map.next_value()?;
    Ok(true)
}

fn name_of<T: Datatype>(index: usize) -> &'static str {
    match T::KIND {
        Kind::Object(shape) => shape.members.get(index).map_or("", |member| member.name),
        _ => "",
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match T::KIND {
            Kind::Object(shape) => write!(f, "object {}", shape.name),
            _ => f.write_str("an object"),
        }
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut slots = T::slots();
        while let Some(index) = map.next_key_seed(Name::<T>(PhantomData))? {
            match index {
                Some(index) if !T::fill(&mut slots, index, &mut map)? => {
                    return Err(A::Error::duplicate_field(name_of::<T>(index)));
                }
                Some(_) => {}
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        T::build(slots).map_err(|index| A::Error::missing_field(name_of::<T>(index)))
    }
}

/// The name of a member.
struct Name<T>(PhantomData<T>);

impl<'de, T: Object> DeserializeSeed<'de> for Name<T> {
    type Value = Option<usize>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Object> Visitor<'_> for Name<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(T::index_of(name))
    }
}
