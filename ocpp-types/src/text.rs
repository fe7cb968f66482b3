//! Texts with a length limit.
//!
//! The limit counts characters, as JSON Schema does. It is not enforced by construction: a peer's over-long text can be
//! held, reported and forwarded. Decoding under [`Enforce`](crate::DecodePolicy::Enforce) and encoding refuse it.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

use compact_str::CompactString;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::shape::{Datatype, Kind};

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $holds:expr) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $name<const MAX: usize = { usize::MAX }>(CompactString);

        impl<const MAX: usize> $name<MAX> {
            /// The greatest number of characters allowed.
            pub const MAX: usize = MAX;

            /// Takes a text as it is; [`conforms`](Datatype::conforms) tells whether it keeps the limit.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(CompactString::new(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> Datatype for $name<MAX> {
            const KIND: Kind = $kind(MAX);

            fn conforms(&self) -> bool {
                (self.0.len() <= MAX || self.0.chars().count() <= MAX) && $holds(&self.0)
            }
        }

        impl<const MAX: usize> AsRef<str> for $name<MAX> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> Deref for $name<MAX> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> From<&str> for $name<MAX> {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl<const MAX: usize> From<alloc::string::String> for $name<MAX> {
            fn from(text: alloc::string::String) -> Self {
                Self(CompactString::from(text))
            }
        }

        impl<const MAX: usize> Serialize for $name<MAX> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de, const MAX: usize> Deserialize<'de> for $name<MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor).map(Self)
            }
        }

        #[cfg(feature = "schema")]
        impl<const MAX: usize> schemars::JsonSchema for $name<MAX> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                alloc::format!("{}{MAX}", stringify!($name)).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::schema::text(Self::KIND)
            }
        }
    };
}

text_type! {
    /// A text of at most `MAX` characters, kept as it was written; up to 24 bytes need no allocation.
    Text, Kind::Text, |_: &str| true
}
text_type! {
    /// A text that compares and hashes without regard to letter case (`CiString` in 1.6, `identifierString` in 2.x; rule RPC-13).
    ///
    /// The spelling is kept. Only ASCII letters fold, since identifiers consist of them.
    CiString, Kind::Text, |_: &str| true
}
text_type! {
    /// A text whose `Debug` output is masked: passwords, keys and PINs.
    Secret, Kind::Text, |_: &str| true
}
text_type! {
    /// An absolute URI (RFC 3986 §3).
    Uri, Kind::Uri, is_uri
}

macro_rules! exact_text {
    ($name:ident) => {
        impl<const MAX: usize> PartialEq for $name<MAX> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<const MAX: usize> Eq for $name<MAX> {}

        impl<const MAX: usize> Hash for $name<MAX> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }

        impl<const MAX: usize> PartialOrd for $name<MAX> {
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<const MAX: usize> Ord for $name<MAX> {
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.0.cmp(&other.0)
            }
        }

        impl<const MAX: usize> PartialEq<str> for $name<MAX> {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl<const MAX: usize> PartialEq<&str> for $name<MAX> {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

exact_text!(Text);
exact_text!(Secret);
exact_text!(Uri);

macro_rules! plain_text_output {
    ($name:ident) => {
        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<const MAX: usize> fmt::Debug for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    };
}

plain_text_output!(Text);
plain_text_output!(CiString);
plain_text_output!(Uri);

impl<const MAX: usize> fmt::Debug for Secret<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"***\"")
    }
}

impl<const MAX: usize> PartialEq for CiString<MAX> {
    fn eq(&self, other: &Self) -> bool {
        self == other.as_str()
    }
}

impl<const MAX: usize> Eq for CiString<MAX> {}

impl<const MAX: usize> PartialEq<str> for CiString<MAX> {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl<const MAX: usize> PartialEq<&str> for CiString<MAX> {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl<const MAX: usize> Hash for CiString<MAX> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
    }
}

impl<const MAX: usize> PartialOrd for CiString<MAX> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<const MAX: usize> Ord for CiString<MAX> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        let fold = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(fold).cmp(other.0.bytes().map(fold))
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = CompactString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CompactString, E> {
        Ok(CompactString::new(text))
    }
}

/// Whether a text is a URI with a scheme, of the characters RFC 3986 allows.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut scheme = scheme.bytes();
    if !scheme.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        || !scheme.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return false;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (hierarchy, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = match hierarchy.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            if !is_authority(&rest[..end]) {
                return false;
            }
            &rest[end..]
        }
        None => hierarchy,
    };
    has_only(path, b":@/") && has_only(query, b":@/?") && has_only(fragment, b":@/?")
}

/// `[userinfo "@"] host [":" port]` (RFC 3986 §3.2).
fn is_authority(text: &str) -> bool {
    let (user, place) = text.split_once('@').map_or(("", text), |(user, place)| (user, place));
    let (host, port) = if let Some(literal) = place.strip_prefix('[') {
        let Some((literal, port)) = literal.split_once(']') else { return false };
        let is_literal = literal.parse::<core::net::Ipv6Addr>().is_ok()
            || literal.strip_prefix(['v', 'V']).and_then(|future| future.split_once('.')).is_some_and(
                |(version, rest)| {
                    !version.is_empty()
                        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                        && !rest.is_empty()
                        && !rest.contains('%')
                        && has_only(rest, b":")
                },
            );
        if !is_literal || !(port.is_empty() || port.starts_with(':')) {
            return false;
        }
        ("", port.strip_prefix(':').unwrap_or(port))
    } else {
        place.split_once(':').unwrap_or((place, ""))
    };
    has_only(user, b":") && has_only(host, b"") && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Unreserved characters, sub-delimiters, percent-encoded bytes and these more.
fn has_only(text: &str, more: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => {
                bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit())
                    && bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit())
            }
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) || more.contains(&byte),
        };
        if !allowed {
            return false;
        }
    }
    true
}
