//! The versions of the protocol.

use core::fmt;
use core::str::FromStr;

/// A version of OCPP that this crate speaks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Version {
    /// OCPP 1.6J with the security extension.
    V16,
    /// OCPP 2.0.1 edition 3.
    V201,
    /// OCPP 2.1 edition 1.
    V21,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 3] = [Self::V16, Self::V201, Self::V21];

    /// The number as people write it: `1.6`, `2.0.1`, `2.1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V16 => "1.6",
            Self::V201 => "2.0.1",
            Self::V21 => "2.1",
        }
    }

    /// The WebSocket subprotocol registered for this version (Part 4 §3.1.2, 1.6J §3.1.2).
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::V16 => "ocpp1.6",
            Self::V201 => "ocpp2.0.1",
            Self::V21 => "ocpp2.1",
        }
    }

    /// Finds the version of a WebSocket subprotocol; exact spelling only.
    pub fn from_subprotocol(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.subprotocol() == name)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text || version.subprotocol() == text)
            .ok_or(UnknownVersion)
    }
}

/// The text names no version of this crate.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("unknown OCPP version, expected 1.6, 2.0.1 or 2.1")]
pub struct UnknownVersion;
