//! The identity of a station.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

/// The name under which a station connects: the last part of its URL, decoded (1.6J §3.1.1, 2.x Part 4 §3.1.1).
///
/// Holds 1 to 255 bytes without control characters or characters that change the direction of text, so it can stand in a
/// log line. It is no secret and proves nothing: whoever wants to can send it. Compares by exact spelling; cloning is cheap.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StationId(Arc<str>);

impl StationId {
    /// The longest identity in bytes. 2.x allows 48 characters, 1.6 names no limit.
    pub const MAX_BYTES: usize = 255;

    /// Takes a decoded text.
    ///
    /// # Errors
    /// When it is empty, too long, or holds what no identity may hold (fault row B8).
    pub fn new(text: &str) -> Result<Self, IdentityError> {
        if text.is_empty() {
            return Err(IdentityError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(IdentityError::TooLong { bytes: text.len() });
        }
        // `.` and `..` mean something else to every proxy and file system on the way
        if text == "." || text == ".." {
            return Err(IdentityError::Dots);
        }
        match text.char_indices().find(|(_, character)| is_unprintable(*character)) {
            Some((offset, _)) => Err(IdentityError::ControlCharacter { offset }),
            None => Ok(Self(text.into())),
        }
    }

    /// Decodes the percent-encoding of a URL, once (rule WS-01, fault row B8).
    ///
    /// # Errors
    /// When an escape is broken, the bytes are not UTF-8, or the text is no identity.
    pub fn from_encoded(encoded: &str) -> Result<Self, IdentityError> {
        if encoded.len() > 3 * Self::MAX_BYTES {
            return Err(IdentityError::TooLong { bytes: encoded.len() });
        }
        let mut bytes = Vec::with_capacity(encoded.len());
        let mut rest = encoded.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            rest = tail;
            if first != b'%' {
                bytes.push(first);
                continue;
            }
            let offset = encoded.len() - tail.len() - 1;
            let [high, low, tail @ ..] = tail else { return Err(IdentityError::Escape { offset }) };
            let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low)) else {
                return Err(IdentityError::Escape { offset });
            };
            bytes.push(high << 4 | low);
            rest = tail;
        }
        let text = String::from_utf8(bytes).map_err(|_| IdentityError::Utf8)?;
        Self::new(&text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the identity keeps what 2.x asks of one: at most 48 letters, digits and `*-_=+|@.` (rule WS-02).
    pub fn keeps_2x_rules(&self) -> bool {
        self.0.len() <= 48 && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*-_=+|@.".contains(&byte))
    }
}

/// Why a text is no identity of a station.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// There is none.
    #[error("no station identity")]
    Empty,
    /// It is longer than [`StationId::MAX_BYTES`].
    #[error("station identity of {bytes} bytes, at most {} are allowed", StationId::MAX_BYTES)]
    TooLong {
        /// Its length, before decoding if that was already too long.
        bytes: usize,
    },
    /// It is `.` or `..`.
    #[error("station identity of dots only")]
    Dots,
    /// It has a control character, or one that changes the direction of text.
    #[error("control character in the station identity at byte {offset}")]
    ControlCharacter {
        /// Where, in the decoded text.
        offset: usize,
    },
    /// A `%` is not followed by two hexadecimal digits.
    #[error("broken percent-encoding in the station identity at byte {offset}")]
    Escape {
        /// Where, in the encoded text.
        offset: usize,
    },
    /// The decoded bytes are no UTF-8.
    #[error("station identity is not UTF-8")]
    Utf8,
}

impl AsRef<str> for StationId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for StationId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for StationId {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        Self::new(text)
    }
}

impl fmt::Display for StationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for StationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for StationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(D::Error::custom)
    }
}

fn is_unprintable(character: char) -> bool {
    // line and paragraph separators, and what reorders the text around it
    let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || reorders || character == '\u{feff}'
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
