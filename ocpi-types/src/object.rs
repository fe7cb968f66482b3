//! Objects: the declaration macro and what all of them have in common.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Visitor};

use crate::Version;
use crate::shape::{Datatype, Kind, Member, Shape};
use crate::validate::{Finding, FindingKind, Findings, Path, Severity};
use crate::writer::Write;

/// An object of one of the OCPI versions.
pub trait Object: Clone + Datatype + Debug + DeserializeOwned + PartialEq + Serialize + Write {
    /// The version this type belongs to.
    const VERSION: Version;

    /// The members as data.
    const SHAPE: &'static Shape = match Self::KIND {
        Kind::Object(shape) => shape,
        _ => panic!("an object has members"),
    };

    /// Lists everything that is wrong or remarkable: lengths, forms, code lists, cardinalities and the rules about
    /// several members.
    fn validate(&self) -> Vec<Finding> {
        let mut findings = Findings::new();
        self.check(&Path::ROOT, &mut findings);
        findings.into_vec()
    }
}

/// Declares objects in the notation of the documents: `1` once, `?` at most once, `*` a list, `+` a list with an item.
///
/// A member is written `name: 1 Type` or, where the name on the wire is a Rust keyword, `kind = "type": 1 Type`. The
/// struct gets `Option<Type>` for `?` and `Vec<Type>` for `*` and `+`. `patch Name` adds the tri-state type for PATCH,
/// where `? Type => TypePatch` merges that member instead of replacing it. `or name` accepts a bare text as that member,
/// the only required one, which some peers send (rules ENV-03 and E-34). `=> function` names the check of the rules
/// about several members.
macro_rules! object {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident($spec:literal) $(patch $patch:ident)? $(or $text:ident)? $(=> $rules:path)? {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident $(= $json:literal)? : $card:tt $ty:ty $(=> $deep:ty)?
            ),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $crate::object::field_type!($card $ty), )+
        }

        const _: () = {
            use $crate::shape::{Cardinality, Datatype, Kind, Member, Shape};

            static SHAPE: Shape = Shape {
                name: $spec,
                doc: concat!($($doc),*),
                members: &[$(
                    Member {
                        name: $crate::object::json_name!($field $($json)?),
                        doc: concat!($($field_doc),*),
                        cardinality: $crate::object::cardinality!($card),
                        kind: <$ty as Datatype>::KIND,
                    },
                )+],
            };

            impl Datatype for $name {
                const KIND: Kind = Kind::Object(&SHAPE);

                fn check(&self, at: &$crate::validate::Path<'_>, findings: &mut $crate::validate::Findings) {
                    $(
                        $crate::object::check_field!(
                            $card, &self.$field, $crate::object::json_name!($field $($json)?), at, findings
                        );
                    )+
                    $( $rules(self, at, findings); )?
                }
            }

            impl $crate::Object for $name {
                const VERSION: $crate::Version = super::VERSION;
            }

            impl $crate::writer::Write for $name {
                fn write(&self, out: &mut Vec<u8>) {
                    let start = out.len();
                    $( $crate::object::put_field!($card, out, $crate::object::key!($field $($json)?), &self.$field); )+
                    $crate::writer::close(start, out);
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    use serde::ser::SerializeStruct as _;

                    let mut object = serializer.serialize_struct($spec, SHAPE.members.len())?;
                    $(
                        $crate::object::write_field!(
                            $card, object, $crate::object::json_name!($field $($json)?), &self.$field
                        );
                    )+
                    object.end()
                }
            }

            /// The place of each member in the shape.
            #[allow(non_camel_case_types)]
            enum Place {
                $( $field, )+
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Members;

                    impl<'de> serde::de::Visitor<'de> for Members {
                        type Value = $name;

                        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                            f.write_str(concat!("an object `", $spec, "`"))
                        }

                        $(
                            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                                let $text = text;
                                Ok($name::new($text))
                            }
                        )?

                        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                            $( let mut $field = $crate::object::slot!($card $ty); )+
                            let mut expected = 0;
                            let names = SHAPE.members;
                            while let Some(place) =
                                map.next_key_seed($crate::object::NameSeed { names, expected: &mut expected })?
                            {
                                $(
                                    if place == Place::$field as usize {
                                        $crate::object::read_field!($card, $field, map);
                                        continue;
                                    }
                                )+
                                map.next_value::<serde::de::IgnoredAny>()?;
                            }
                            Ok($name {
                                $(
                                    $field: $crate::object::take_field!(
                                        $card, $field, $crate::object::json_name!($field $($json)?), A
                                    ),
                                )+
                            })
                        }
                    }

                    $crate::object::start!(deserializer, Members $($text)?)
                }
            }

            #[cfg(feature = "schema")]
            impl schemars::JsonSchema for $name {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    $spec.into()
                }

                fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    let members = [$( generator.subschema_for::<$ty>(), )+];
                    $crate::schema::object(&SHAPE, members.into())
                }
            }
        };

        $crate::object::constructor! { $name [] [] $( $(#[doc = $field_doc])* $field: $card $ty; )+ }

        $crate::object::patch! {
            $name [$($patch)?] $spec
            $( $(#[doc = $field_doc])* $field [$($json)?] $card [$ty] [$($deep)?]; )+
        }
    };
}
pub(crate) use object;

/// Finds the place of a member by its name. Peers keep the order of the documents, so the place after the last one is
/// looked at first.
pub(crate) struct NameSeed<'a> {
    pub(crate) names: &'static [Member],
    pub(crate) expected: &'a mut usize,
}

/// The place of a member that is not in the shape.
const UNKNOWN: usize = usize::MAX;

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member name")
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        let (before, after) = self.names.split_at(*self.expected);
        let is_it = |member: &Member| member.name.len() == name.len() && member.name == name;
        let place = match after.iter().position(is_it) {
            Some(place) => Some(*self.expected + place),
            None => before.iter().position(is_it),
        };
        Ok(place.map_or(UNKNOWN, |place| {
            *self.expected = place + 1;
            place
        }))
    }
}

macro_rules! json_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $json:literal) => {
        $json
    };
}
pub(crate) use json_name;

macro_rules! cardinality {
    (1) => {
        Cardinality::One
    };
    (?) => {
        Cardinality::Optional
    };
    (*) => {
        Cardinality::Any
    };
    (+) => {
        Cardinality::AtLeastOne
    };
}
pub(crate) use cardinality;

macro_rules! field_type {
    (1 $ty:ty) => { $ty };
    (? $ty:ty) => { Option<$ty> };
    (* $ty:ty) => { Vec<$ty> };
    (+ $ty:ty) => { Vec<$ty> };
}
pub(crate) use field_type;

macro_rules! check_field {
    (1, $value:expr, $name:expr, $at:expr, $findings:expr) => {
        Datatype::check($value, &$at.member($name), $findings)
    };
    (?, $value:expr, $name:expr, $at:expr, $findings:expr) => {
        if let Some(value) = $value {
            Datatype::check(value, &$at.member($name), $findings);
        }
    };
    (*, $value:expr, $name:expr, $at:expr, $findings:expr) => {
        $crate::object::check_list($value, &$at.member($name), $findings)
    };
    (+, $value:expr, $name:expr, $at:expr, $findings:expr) => {
        $crate::object::check_filled_list($value, &$at.member($name), $findings)
    };
}
pub(crate) use check_field;

/// Checks the items of a list.
pub(crate) fn check_list<T: Datatype>(list: &[T], at: &Path<'_>, findings: &mut Findings) {
    for (index, item) in list.iter().enumerate() {
        item.check(&at.item(index), findings);
    }
}

/// Checks a list that must have an item.
pub(crate) fn check_filled_list<T: Datatype>(list: &[T], at: &Path<'_>, findings: &mut Findings) {
    if list.is_empty() {
        findings.report(at, FindingKind::Cardinality, "X-GEN-04", Severity::Error, "the list must not be empty");
    }
    check_list(list, at, findings);
}

macro_rules! write_field {
    (1, $object:expr, $name:expr, $value:expr) => {
        $object.serialize_field($name, $value)?
    };
    (+, $object:expr, $name:expr, $value:expr) => {
        $object.serialize_field($name, $value)?
    };
    (?, $object:expr, $name:expr, $value:expr) => {
        if let Some(value) = $value {
            $object.serialize_field($name, value)?;
        }
    };
    (*, $object:expr, $name:expr, $value:expr) => {
        if !$value.is_empty() {
            $object.serialize_field($name, $value)?;
        }
    };
}
pub(crate) use write_field;

/// What stands before the value of a member.
macro_rules! key {
    ($field:ident) => {
        concat!(",\"", stringify!($field), "\":").as_bytes()
    };
    ($field:ident $json:literal) => {
        concat!(",\"", $json, "\":").as_bytes()
    };
}
pub(crate) use key;

macro_rules! put_field {
    (1, $out:ident, $key:expr, $value:expr) => {
        $out.extend_from_slice($key);
        $crate::writer::Write::write($value, $out);
    };
    (+, $out:ident, $key:expr, $value:expr) => {
        $out.extend_from_slice($key);
        $crate::writer::list($value, $out);
    };
    (?, $out:ident, $key:expr, $value:expr) => {
        if let Some(value) = $value {
            $out.extend_from_slice($key);
            $crate::writer::Write::write(value, $out);
        }
    };
    (*, $out:ident, $key:expr, $value:expr) => {
        if !$value.is_empty() {
            $out.extend_from_slice($key);
            $crate::writer::list($value, $out);
        }
    };
}
pub(crate) use put_field;

macro_rules! slot {
    (* $ty:ty) => {
        Vec::<$ty>::new()
    };
    (? $ty:ty) => {
        None::<$ty>
    };
    (1 $ty:ty) => {
        None::<$ty>
    };
    (+ $ty:ty) => {
        None::<Vec<$ty>>
    };
}
pub(crate) use slot;

macro_rules! read_field {
    (*, $slot:ident, $map:ident) => {
        $slot = $map.next_value::<$crate::patch::NullableList<_>>()?.0
    };
    (?, $slot:ident, $map:ident) => {
        $slot = $map.next_value()?
    };
    ($card:tt, $slot:ident, $map:ident) => {
        $slot = Some($map.next_value()?)
    };
}
pub(crate) use read_field;

macro_rules! take_field {
    (*, $slot:ident, $name:expr, $map:ident) => {
        $slot
    };
    (?, $slot:ident, $name:expr, $map:ident) => {
        $slot
    };
    ($card:tt, $slot:ident, $name:expr, $map:ident) => {
        match $slot {
            Some(value) => value,
            None => return Err(<$map::Error as serde::de::Error>::missing_field($name)),
        }
    };
}
pub(crate) use take_field;

/// Writes `new`, which takes the required members in the order of the documents.
macro_rules! constructor {
    ($name:ident [$($done:tt)*] [$($init:tt)*] $(#[doc = $doc:literal])* $field:ident: 1 $ty:ty; $($rest:tt)*) => {
        $crate::object::constructor! {
            $name [$($done)* $field: impl Into<$ty>,] [$($init)* $field: $field.into(),] $($rest)*
        }
    };
    ($name:ident [$($done:tt)*] [$($init:tt)*] $(#[doc = $doc:literal])* $field:ident: + $ty:ty; $($rest:tt)*) => {
        $crate::object::constructor! {
            $name [$($done)* $field: impl Into<Vec<$ty>>,] [$($init)* $field: $field.into(),] $($rest)*
        }
    };
    ($name:ident [$($done:tt)*] [$($init:tt)*] $(#[doc = $doc:literal])* $field:ident: ? $ty:ty; $($rest:tt)*) => {
        $crate::object::constructor! { $name [$($done)*] [$($init)* $field: None,] $($rest)* }
    };
    ($name:ident [$($done:tt)*] [$($init:tt)*] $(#[doc = $doc:literal])* $field:ident: * $ty:ty; $($rest:tt)*) => {
        $crate::object::constructor! { $name [$($done)*] [$($init)* $field: Vec::new(),] $($rest)* }
    };
    ($name:ident [$($done:tt)*] [$($init:tt)*]) => {
        impl $name {
            /// Makes one of its required members, in the order of the documents; the others are absent.
            #[allow(clippy::too_many_arguments, clippy::new_without_default)]
            pub fn new($($done)*) -> Self {
                Self { $($init)* }
            }
        }
    };
}
pub(crate) use constructor;

/// Writes the tri-state type for PATCH.
macro_rules! patch {
    ($name:ident [] $($rest:tt)*) => {};
    (
        $name:ident [$patch:ident] $spec:literal
        $( $(#[doc = $field_doc:literal])* $field:ident [$($json:literal)?] $card:tt [$ty:ty] [$($deep:ty)?]; )+
    ) => {
        #[doc = concat!("Changes to a [`", stringify!($name), "`], member by member (PATCH).")]
        #[derive(Clone, Debug, Default, Eq, PartialEq)]
        pub struct $patch {
            $( $(#[doc = $field_doc])* pub $field: $crate::Patch<$crate::object::patch_type!($card [$ty] [$($deep)?])>, )+
        }

        impl $patch {
            /// Changes nothing yet.
            pub fn new() -> Self {
                Self::default()
            }
        }

        impl $crate::PatchOf for $patch {
            type Target = $name;

            fn apply_members(self, target: &mut $name) -> Result<(), $crate::PatchError> {
                $(
                    $crate::object::apply_field!(
                        $card [$($deep)?] self.$field, target.$field, $crate::object::json_name!($field $($json)?)
                    );
                )+
                Ok(())
            }

            fn mentioned(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(
                    if !self.$field.is_keep() {
                        names.push($crate::object::json_name!($field $($json)?));
                    }
                )+
                names
            }
        }

        impl serde::Serialize for $patch {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct as _;

                let mut object = serializer.serialize_struct($spec, $crate::PatchOf::mentioned(self).len())?;
                $(
                    match &self.$field {
                        $crate::Patch::Keep => {}
                        $crate::Patch::Clear => {
                            object.serialize_field($crate::object::json_name!($field $($json)?), &())?;
                        }
                        $crate::Patch::Set(value) => {
                            object.serialize_field($crate::object::json_name!($field $($json)?), value)?;
                        }
                    }
                )+
                object.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $patch {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $patch;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("members of `", $spec, "`"))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$patch, A::Error> {
                        let mut patch = $patch::default();
                        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                            $(
                                if name == $crate::object::json_name!($field $($json)?) {
                                    patch.$field = map.next_value()?;
                                    continue;
                                }
                            )+
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                        Ok(patch)
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    };
}
pub(crate) use patch;

macro_rules! patch_type {
    (1 [$ty:ty] []) => { $ty };
    (? [$ty:ty] []) => { $ty };
    (* [$ty:ty] []) => { Vec<$ty> };
    (+ [$ty:ty] []) => { Vec<$ty> };
    ($card:tt [$ty:ty] [$deep:ty]) => { $deep };
}
pub(crate) use patch_type;

macro_rules! apply_field {
    (? [] $patch:expr, $target:expr, $name:expr) => {
        match $patch {
            $crate::Patch::Keep => {}
            $crate::Patch::Clear => $target = None,
            $crate::Patch::Set(value) => $target = Some(value),
        }
    };
    (? [$deep:ty] $patch:expr, $target:expr, $name:expr) => {
        match $patch {
            $crate::Patch::Keep => {}
            $crate::Patch::Clear => $target = None,
            $crate::Patch::Set(inner) => match &mut $target {
                Some(stored) => $crate::PatchOf::apply_members(inner, stored)?,
                None => return Err($crate::PatchError::NothingToComplete { member: $name }),
            },
        }
    };
    (* [] $patch:expr, $target:expr, $name:expr) => {
        match $patch {
            $crate::Patch::Keep => {}
            $crate::Patch::Clear => $target.clear(),
            $crate::Patch::Set(value) => $target = value,
        }
    };
    ($card:tt [] $patch:expr, $target:expr, $name:expr) => {
        match $patch {
            $crate::Patch::Keep => {}
            $crate::Patch::Clear => return Err($crate::PatchError::Required { member: $name }),
            $crate::Patch::Set(value) => $target = value,
        }
    };
}
pub(crate) use apply_field;

macro_rules! start {
    ($deserializer:expr, $visitor:expr) => {
        $deserializer.deserialize_map($visitor)
    };
    ($deserializer:expr, $visitor:ident $text:ident) => {
        $deserializer.deserialize_any($visitor)
    };
}
pub(crate) use start;
