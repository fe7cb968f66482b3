//! Where the CSMS is, and who the station is to it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ocpp_types::Version;

/// The identity of a station, as it stands at the end of the URL and as user name.
///
/// ```
/// use ocpp_client::Identity;
/// use ocpp_types::Version;
///
/// let identity = Identity::new("RDAM|123", Version::V16).unwrap();
/// assert_eq!(identity.url("wss://csms.example.com/ocpp/"), "wss://csms.example.com/ocpp/RDAM%7C123");
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Identity(String);

impl Identity {
    /// Checks an identity by the rules of a version.
    ///
    /// 1.6 names no charset, so that only control characters are refused; 2.x takes letters, digits and `*-_=+|@.`, at most
    /// 48 of them, and no colon since that ends the user name in Basic authentication (rule WS-02).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: impl Into<String>, version: Version) -> Result<Self, IdentityError> {
        let text = text.into();
        if text.is_empty() {
            return Err(IdentityError::Empty);
        }
        let is_allowed = |letter: char| match version {
            Version::V16 => !letter.is_control(),
            _ => letter.is_ascii_alphanumeric() || "*-_=+|@.".contains(letter),
        };
        if let Some((at, letter)) = text.char_indices().find(|(_, letter)| !is_allowed(*letter)) {
            return Err(IdentityError::Letter { at, letter });
        }
        let limit = if version == Version::V16 { 255 } else { 48 };
        let length = text.chars().count();
        if length > limit {
            return Err(IdentityError::Length { length, limit });
        }
        Ok(Self(text))
    }

    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL to connect to: that of the CSMS, a slash, and the identity with all but unreserved letters
    /// percent-encoded (rule WS-01).
    pub fn url(&self, endpoint: &str) -> String {
        let mut url = String::from(endpoint.trim_end_matches('/'));
        url.push('/');
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                url.push(char::from(byte));
            } else {
                url.push_str(&format!("%{byte:02X}"));
            }
        }
        url
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a text is no identity.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// It is empty.
    #[error("empty identity")]
    Empty,
    /// It has a letter that this version does not allow.
    #[error("{letter:?} at byte {at} of the identity is not allowed")]
    Letter {
        /// Byte it starts at.
        at: usize,
        /// The letter.
        letter: char,
    },
    /// It is too long.
    #[error("identity of {length} characters, at most {limit} are allowed")]
    Length {
        /// Its characters.
        length: usize,
        /// The most there may be.
        limit: usize,
    },
}

/// The password of a station: bytes, which no log shows.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(Vec<u8>);

impl Password {
    /// The password of 2.x: the text as it is (rule WS-08).
    pub fn text(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// The password of 1.6: the bytes that the hexadecimal `AuthorizationKey` stands for (rule WS-07). CSMS that want the
    /// digits themselves are served by [`text`](Self::text).
    ///
    /// # Errors
    /// When it is not hexadecimal, or not of an even number of digits up to 40.
    pub fn hexadecimal(key: &str) -> Result<Self, PasswordError> {
        let digits: Option<Vec<u8>> =
            key.chars().map(|letter| letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
        let digits = digits.filter(|digits| digits.len() % 2 == 0 && (2..=40).contains(&digits.len()));
        let digits = digits.ok_or(PasswordError)?;
        Ok(Self(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()))
    }

    /// A password of these bytes, whatever they stand for.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes that follow the colon in Basic authentication.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// The text is no `AuthorizationKey`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an even number of up to 40 hexadecimal digits")]
pub struct PasswordError;
