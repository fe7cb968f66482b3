//! PATCH: values that are changed, cleared or left alone (rules PAT-01 to PAT-14).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// What a PATCH says about one member (rule ABS-06).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Patch<T> {
    /// The member is not mentioned: it stays as it is.
    #[default]
    Keep,
    /// The member is `null`: it is taken back (rule PAT-05).
    Clear,
    /// The member gets this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the member is not mentioned.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The new value, if there is one.
    pub const fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The same patch of another type.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(convert(value)),
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

/// Reads a member that is there: `null` clears, anything else sets.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// A set of changes to an object of type [`Target`](Self::Target).
pub trait PatchOf: Sized {
    /// What is changed.
    type Target;

    /// Applies the changes as they are: `null` clears optional members, lists and objects are replaced as a whole
    /// (rule PAT-06). No other rule is looked at; [`apply`](crate::apply()) does.
    ///
    /// # Errors
    /// When a required member is to be cleared; the target is then half changed, so apply to a copy.
    fn apply_members(self, target: &mut Self::Target) -> Result<(), PatchError>;

    /// The names of the members that the patch mentions, in the order of the documents.
    fn mentioned(&self) -> Vec<&'static str>;
}

/// Why a patch could not be applied. The peer that sent it is at fault; the answer is status 2001.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// A required member is `null` (rule PAT-05).
    #[error("/{member}: a required member cannot be cleared")]
    Required {
        /// Its name.
        member: &'static str,
    },
    /// There is nothing stored that a partial object could complete (rule PAT-06).
    #[error("/{member}: nothing is stored that a partial object could complete")]
    NothingToComplete {
        /// Its name.
        member: &'static str,
    },
    /// `last_updated` is missing where it is required (rule PAT-02).
    #[error("/last_updated: missing")]
    LastUpdatedMissing,
    /// An identifier or owner differs from the stored object (rules PAT-09 and PAT-10).
    #[error("/{member}: identifiers and owners never change")]
    Identity {
        /// Its name.
        member: &'static str,
    },
    /// The result would break a requirement (rule PAT-14); nothing was changed.
    #[error("the result would be invalid: {}", .findings.first().map(ToString::to_string).unwrap_or_default())]
    Invalid {
        /// What would be wrong.
        findings: Vec<crate::Finding>,
    },
}

/// A list where `null` means empty (rule ABS-01).
pub(crate) struct NullableList<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for NullableList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_none<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
                deserializer.deserialize_seq(self)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                // grows as items arrive: no peer's number sizes it
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }

        deserializer.deserialize_option(List(std::marker::PhantomData)).map(Self)
    }
}
