//! The credentials of HTTP Basic authentication.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Offer, header};
use crate::StationId;

/// What a station proves its identity with, above TLS.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// A password; its user was the identity (rule WS-09).
    Basic(Password),
}

/// A password as bytes, since that of 1.6 is 16 to 20 bytes of any value (rule WS-07, fault row B15).
///
/// Never shown by `Debug`. Compared in constant time by [`PasswordHash`](crate::PasswordHash); `==` is for tests.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(Box<[u8]>);

impl Password {
    /// Takes the bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Why credentials cannot be put to the test.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialFault {
    /// `Authorization` is there more than once.
    #[error("more than one Authorization in the header")]
    Repeated,
    /// It is of a kind other than Basic.
    #[error("authorization is not of the kind Basic")]
    Kind,
    /// What follows `Basic` is no Base64, too long, or has no colon behind the user.
    #[error("credentials of the kind Basic cannot be read")]
    Unreadable,
    /// The user is not the identity in the URL (fault row B11).
    #[error("user of the credentials is not the identity in the URL")]
    OtherUser,
}

/// The longest value of `Authorization` that is looked at, in bytes.
const MAX_BYTES: usize = 1024;

/// Standard Base64, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads the credentials; the user has to be the identity.
///
/// The identity tells where the user ends, so that one with a colon is not cut at it (fault row B9).
pub(super) fn read(offer: &Offer<'_>, identity: &StationId) -> Result<Credentials, CredentialFault> {
    let mut values = header::values(offer, "authorization");
    let Some(value) = values.next() else { return Ok(Credentials::None) };
    if values.next().is_some() {
        return Err(CredentialFault::Repeated);
    }
    if value.len() > MAX_BYTES {
        return Err(CredentialFault::Unreadable);
    }
    let value = value.trim_ascii();
    let (kind, encoded) = value.split_at(value.iter().position(|byte| *byte == b' ').unwrap_or(value.len()));
    if !kind.eq_ignore_ascii_case(b"basic") {
        return Err(CredentialFault::Kind);
    }
    let decoded = BASE64.decode(encoded.trim_ascii()).map_err(|_| CredentialFault::Unreadable)?;
    if !decoded.contains(&b':') {
        return Err(CredentialFault::Unreadable);
    }
    let password = decoded.strip_prefix(identity.as_str().as_bytes()).and_then(|rest| rest.strip_prefix(b":"));
    let password = password.ok_or(CredentialFault::OtherUser)?;
    Ok(Credentials::Basic(Password::new(password)))
}
