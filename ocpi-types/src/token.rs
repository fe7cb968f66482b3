//! Tokens in the `Authorization` header (rules AUT-01 to AUT-10).

use std::fmt;

use crate::Version;

/// A credentials token, masked wherever it is printed; [`reveal`](Self::reveal) shows it (rules AUT-08 and AUT-09).
#[derive(Clone, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct CredentialsToken(String);

impl CredentialsToken {
    /// Takes a token: 1 to 64 visible ASCII characters.
    ///
    /// # Errors
    /// When it is empty, too long or has other characters.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidToken> {
        let token = token.into();
        if crate::rules::is_token(&token) { Ok(Self(token)) } else { Err(InvalidToken) }
    }

    /// Makes a token of random bytes; 16 bytes are the least that cannot be guessed, 48 the most that fit.
    ///
    /// # Errors
    /// When there are fewer than 16 or more than 48 bytes.
    pub fn generate(random: &[u8]) -> Result<Self, InvalidToken> {
        if !(16..=48).contains(&random.len()) {
            return Err(InvalidToken);
        }
        // URL-safe without padding
        let text = encode_base64(random).replace('+', "-").replace('/', "_").replace('=', "");
        Ok(Self(text))
    }

    /// The token itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The value of the `Authorization` header with this token (rules AUT-01 to AUT-03).
    pub fn to_header(&self, encoding: TokenEncoding) -> String {
        match encoding {
            TokenEncoding::Raw => format!("Token {}", self.0),
            TokenEncoding::Base64 => format!("Token {}", encode_base64(self.0.as_bytes())),
        }
    }
}

impl fmt::Debug for CredentialsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"***\"")
    }
}

impl PartialEq for CredentialsToken {
    /// Takes the same time whatever differs (rule AUT-09).
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for CredentialsToken {}

/// A text is not a token: 1 to 64 visible ASCII characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a token has 1 to 64 visible ASCII characters")]
pub struct InvalidToken;

/// How a peer wants tokens in the header (rule AUT-04).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEncoding {
    /// As they are: 2.1.1, and some peers of later versions.
    Raw,
    /// In Base64: 2.2.1 and later.
    Base64,
}

impl TokenEncoding {
    /// What the documents of a version say.
    pub const fn of(version: Version) -> Self {
        match version {
            Version::V2_1_1 => Self::Raw,
            Version::V2_2_1 | Version::V2_3_0 => Self::Base64,
        }
    }

    /// The other one, to be tried when a peer answers 401.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Raw => Self::Base64,
            Self::Base64 => Self::Raw,
        }
    }
}

/// The token of an `Authorization` header in every reading that makes sense (rules AUT-04 and AUT-05).
///
/// A raw token can be valid Base64 too, so syntax decides nothing: compare all readings with the tokens that are known.
#[derive(Clone)]
pub struct PresentedToken {
    readings: [Option<String>; 3],
}

impl PresentedToken {
    /// Reads the value of the header. `None` means that it carries no token at all.
    ///
    /// The scheme counts without letter case, several blanks are one. More than 8 KiB are not looked at (fault case F1).
    pub fn read(header: &str) -> Option<Self> {
        let (scheme, value) = header.trim().split_once(' ')?;
        let value = value.trim();
        if !scheme.eq_ignore_ascii_case("Token") || value.is_empty() || value.len() > 8192 {
            return None;
        }
        let decoded = decode_base64(value).and_then(|bytes| String::from_utf8(bytes).ok());
        // both samples of the documents encode a line feed (E-20)
        let trimmed = decoded.as_ref().and_then(|text| text.strip_suffix('\n')).map(str::to_owned);
        Some(Self { readings: [Some(value.to_owned()), decoded, trimmed] })
    }

    /// The reading of a known encoding only.
    #[must_use]
    pub fn only(mut self, encoding: TokenEncoding) -> Self {
        match encoding {
            TokenEncoding::Raw => self.readings[1..].fill(None),
            TokenEncoding::Base64 => self.readings[..1].fill(None),
        }
        self
    }

    /// Whether one of the readings is this token. Takes the same time whatever differs.
    pub fn is(&self, token: &CredentialsToken) -> bool {
        self.matches(|reading| same(token.0.as_bytes(), reading.as_bytes()))
    }

    /// Whether a caller recognises one of the readings, for instance by its hash, so that tokens need not be stored in
    /// the clear. All readings are looked at, whatever the first ones give.
    pub fn matches(&self, mut known: impl FnMut(&str) -> bool) -> bool {
        let mut found = false;
        for reading in self.readings.iter().flatten() {
            found |= known(reading);
        }
        found
    }

    /// The encoding in which it is this token.
    pub fn encoding_of(&self, token: &CredentialsToken) -> Option<TokenEncoding> {
        let index = self
            .readings
            .iter()
            .position(|reading| reading.as_ref().is_some_and(|reading| same(token.0.as_bytes(), reading.as_bytes())))?;
        Some(if index == 0 { TokenEncoding::Raw } else { TokenEncoding::Base64 })
    }
}

impl fmt::Debug for PresentedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedToken(***)")
    }
}

/// Whether a token is due for renewal: advised every month (rule AUT-10).
pub fn is_renewal_due(issued: crate::DateTime, now: crate::DateTime) -> bool {
    now.seconds_since(issued) > 30 * 86_400
}

/// Compares in a time that depends on the lengths only (rule AUT-09).
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    let mut difference = left.len() ^ right.len();
    for (index, byte) in right.iter().enumerate() {
        difference |= usize::from(left.get(index).copied().unwrap_or(0) ^ byte);
    }
    difference == 0
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648 §4).
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(ALPHABET[(group >> (18 - 6 * place)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

/// The reverse of [`encode_base64`]; anything else is `None`.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for (index, group) in groups.iter().enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && index + 1 != groups.len()) {
            return None;
        }
        let mut value = 0_u32;
        for &byte in &group[..4 - padding] {
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            value = value << 6 | u32::from(digit);
        }
        value <<= 6 * padding as u32;
        bytes.extend_from_slice(&value.to_be_bytes()[1..4 - padding]);
    }
    Some(bytes)
}
