//! Passwords that are kept as salted hashes (rule CS-58).

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::handshake::Password;

/// A salted hash of a password.
///
/// The hash is a plain SHA-256, not a slow one: passwords of stations are random and at least 16 bytes long
/// (A00.FR.205), so there is nothing to guess, and a fleet that comes back at once has to be let in within seconds. Where people
/// choose the passwords of stations, keep them with a slow hash in an [`Authenticator`](crate::Authenticator) of your own.
///
/// `Debug` shows nothing of it. It may be written down.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
pub struct PasswordHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

/// In which forms a password is accepted (rule WS-07, fault row B16).
///
/// The key of 1.6 is configured as 40 hexadecimal digits and sent as the 20 bytes they stand for. Many stations send the
/// digits.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum KeyForm {
    /// Only as it was enrolled.
    #[default]
    Exact,
    /// As enrolled, or as its hexadecimal digits, or as the bytes that the enrolled digits stand for; the latter two with a
    /// [remark](crate::AuthRemark::OtherKeyForm).
    EitherForm,
}

impl PasswordHash {
    /// Hashes a password. The salt has to be random, and another one for each station.
    pub fn new(password: &[u8], salt: [u8; 16]) -> Self {
        Self { salt, hash: digest(&salt, password) }
    }

    /// Whether this is the password; the time it takes does not depend on how much of it is right.
    pub fn is(&self, password: &Password) -> bool {
        self.check(password.as_bytes()).into()
    }

    /// Whether this is the password in another form: bytes for digits or digits for bytes.
    pub(super) fn is_in_other_form(&self, password: &Password) -> bool {
        let bytes = password.as_bytes();
        let mut found = Choice::from(0);
        if let Some(decoded) = from_hex(bytes) {
            found |= self.check(&decoded);
        }
        // longer keys than those of 1.6 are no bytes in disguise
        if bytes.len() <= 32 {
            found |= self.check(to_hex(bytes, b"0123456789abcdef").as_bytes());
            found |= self.check(to_hex(bytes, b"0123456789ABCDEF").as_bytes());
        }
        found.into()
    }

    fn check(&self, password: &[u8]) -> Choice {
        digest(&self.salt, password).ct_eq(&self.hash)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

fn digest(salt: &[u8; 16], password: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(password).finalize().into()
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn to_hex(bytes: &[u8], digits: &[u8; 16]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(digits[usize::from(nibble)])).collect()
}
