//! Enumerations that keep what they do not know.

use std::fmt;

/// The text of an enumeration value that the documents do not list.
///
/// One pointer wide, so that an enumeration takes 16 bytes.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
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

/// Declares an enumeration: `open` ones allow other values, `closed` ones hold and report them.
macro_rules! string_enum {
    (
        $(#[doc = $doc:literal])*
        pub $openness:ident enum $name:ident($spec:literal) {
            $( $(#[doc = $variant_doc:literal])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $variant_doc])* $variant, )+
            /// A value the documents do not list, kept as it was sent.
            Unrecognized($crate::Unlisted),
        }

        impl $name {
            /// The listed values, in the order of the documents.
            pub const VALUES: &'static [&'static str] = &[$($text),+];

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unrecognized(text) => text.as_str(),
                }
            }

            /// Whether the documents list the value.
            pub const fn is_listed(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Unrecognized($crate::Unlisted::new(text)),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::shape::Datatype for $name {
            const KIND: $crate::shape::Kind = $crate::shape::Kind::Enumeration {
                name: $spec,
                values: Self::VALUES,
                open: $crate::string_enum::is_open!($openness),
            };

            fn check(&self, at: &$crate::validate::Path<'_>, findings: &mut $crate::validate::Findings) {
                if let (false, Self::Unrecognized(text)) = ($crate::string_enum::is_open!($openness), self) {
                    $crate::string_enum::report_unlisted(text.as_str(), $spec, at, findings);
                }
            }
        }

        impl $crate::writer::Write for $name {
            #[inline]
            fn write(&self, out: &mut Vec<u8>) {
                $crate::writer::text(self.as_str(), out);
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::string_enum::FromText(std::marker::PhantomData))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $spec.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = $crate::schema::leaf(&<Self as $crate::shape::Datatype>::KIND);
                schema.insert("description".into(), concat!($($doc),*).trim().into());
                schema
            }
        }
    };
}
pub(crate) use string_enum;

macro_rules! is_open {
    (open) => {
        true
    };
    (closed) => {
        false
    };
}
pub(crate) use is_open;

use crate::validate::{FindingKind, Findings, Path, Severity};

/// Reports a value that a closed enumeration does not list.
pub(crate) fn report_unlisted(text: &str, name: &str, at: &Path<'_>, findings: &mut Findings) {
    let shown = text.chars().take(64).collect::<String>();
    let message = format!("`{}` is not in {name}", shown.escape_debug());
    findings.report(at, FindingKind::Enumeration, "ENU-02", Severity::Error, message);
}

/// Reads a text into anything made from one.
pub(crate) struct FromText<T>(pub(crate) std::marker::PhantomData<T>);

impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }
}
