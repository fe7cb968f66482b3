//! Enumerations that keep what they do not know.

use alloc::boxed::Box;
use core::fmt;

/// The text of an enumeration value that the specification does not list.
///
/// One pointer wide, so that an enumeration takes 16 bytes.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Unlisted(Box<Box<str>>);

impl Unlisted {
    /// Keeps this text.
    pub fn new(text: &str) -> Self {
        Self(Box::new(text.into()))
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// Declares an open enumeration: the listed values, and `Unrecognized` for every other text.
///
/// A variant stands for the text of its name, or for the text given after `=`.
macro_rules! string_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident $(= $text:literal)? ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value the specification does not list, kept as it was sent.
            Unrecognized($crate::Unlisted),
        }

        impl $name {
            /// The listed values, in the order of the specification.
            pub const VALUES: &'static [&'static str] = &[$( $crate::string_enum::text!($variant $(= $text)?) ),+];

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $crate::string_enum::text!($variant $(= $text)?), )+
                    Self::Unrecognized(text) => text.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $( if text == $crate::string_enum::text!($variant $(= $text)?) { return Self::$variant; } )+
                Self::Unrecognized($crate::Unlisted::new(text))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::shape::Datatype for $name {
            const KIND: $crate::shape::Kind = $crate::shape::Kind::Enumeration(Self::VALUES);

            fn conforms(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::string_enum::FromText(::core::marker::PhantomData))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::schema::enumeration(Self::VALUES)
            }
        }
    };
}
pub(crate) use string_enum;

/// The text of a variant.
macro_rules! text {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident = $text:literal) => {
        $text
    };
}
pub(crate) use text;

/// Reads a text into anything made from one.
pub(crate) struct FromText<T>(pub(crate) core::marker::PhantomData<T>);

impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }
}
