//! Objects by name, for tools and tests that know them only at run time.

use crate::decode::DecodeError;
use crate::shape::{Kind, Shape};
use crate::validate::Finding;
use crate::{Object, Version};

/// An object of a version, known by its name.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// The members.
    pub shape: &'static Shape,
    /// Lists what is wrong with a text that should be such an object, as [`inspect`](crate::inspect) does.
    pub inspect: fn(&str) -> Vec<Finding>,
    /// The same for the body of a PATCH, as [`inspect_partial`](crate::inspect_partial) does.
    pub inspect_partial: fn(&str) -> Vec<Finding>,
    /// Reads a text permissively and writes it again in the form of this crate.
    pub canonical: fn(&str) -> Result<String, DecodeError>,
    /// The JSON Schema.
    #[cfg(feature = "schema")]
    pub schema: fn() -> schemars::Schema,
}

impl Entry {
    pub(crate) const fn of<T: Object + MaybeSchema>() -> Self {
        Self {
            shape: T::SHAPE,
            inspect: crate::decode::inspect::<T>,
            inspect_partial: crate::decode::inspect_partial::<T>,
            canonical: canonical::<T>,
            #[cfg(feature = "schema")]
            schema: crate::schema::of::<T>,
        }
    }
}

#[cfg(feature = "schema")]
pub(crate) use schemars::JsonSchema as MaybeSchema;

/// Every object, when schemas are not built.
#[cfg(not(feature = "schema"))]
pub(crate) trait MaybeSchema {}

#[cfg(not(feature = "schema"))]
impl<T: Object> MaybeSchema for T {}

fn canonical<T: Object>(text: &str) -> Result<String, DecodeError> {
    let value = crate::decode::decode::<T>(text)?;
    Ok(crate::decode::encode_unchecked(&value))
}

/// All objects of a version, in the order of the documents.
pub const fn objects(version: Version) -> &'static [Entry] {
    match version {
        Version::V2_1_1 => crate::v211::OBJECTS,
        Version::V2_2_1 => crate::v221::OBJECTS,
        Version::V2_3_0 => crate::v230::OBJECTS,
    }
}

/// All enumerations of a version, in the order of the documents.
pub const fn enumerations(version: Version) -> &'static [Kind] {
    match version {
        Version::V2_1_1 => crate::v211::ENUMERATIONS,
        Version::V2_2_1 => crate::v221::ENUMERATIONS,
        Version::V2_3_0 => crate::v230::ENUMERATIONS,
    }
}

/// Finds an object by the name of its class; letter case does not count.
pub fn object(version: Version, name: &str) -> Option<&'static Entry> {
    objects(version).iter().find(|entry| entry.shape.name.eq_ignore_ascii_case(name))
}

/// Something to be done with the type of every object of a version: `each_object` of [`v211`](crate::v211::each_object),
/// [`v221`](crate::v221::each_object) and [`v230`](crate::v230::each_object) shows them one after the other.
pub trait EachObject {
    /// This is one of the objects.
    fn object<T: Object>(&mut self);
}

/// Lists the objects and enumerations of a version.
macro_rules! catalogue {
    (objects { $($object:ident),+ } enums { $($enumeration:ident),+ }) => {
        /// The objects, in the order of the documents.
        pub const OBJECTS: &[crate::catalogue::Entry] = &[$( crate::catalogue::Entry::of::<$object>(), )+];

        /// Shows the type of every object to a visitor, in the order of the documents.
        pub fn each_object(visitor: &mut impl crate::EachObject) {
            $( visitor.object::<$object>(); )+
        }

        /// The enumerations, in the order of the documents.
        pub const ENUMERATIONS: &[crate::shape::Kind] = &[$( <$enumeration as crate::shape::Datatype>::KIND, )+];
    };
}
pub(crate) use catalogue;
