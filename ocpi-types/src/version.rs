//! The versions of OCPI this crate speaks.

use std::fmt;
use std::str::FromStr;

/// A version of OCPI.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Version {
    /// OCPI 2.1.1.
    V2_1_1,
    /// OCPI 2.2.1.
    V2_2_1,
    /// OCPI 2.3.0.
    V2_3_0,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: [Self; 3] = [Self::V2_1_1, Self::V2_2_1, Self::V2_3_0];

    /// The number as it stands in a versions list.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_1_1 => "2.1.1",
            Self::V2_2_1 => "2.2.1",
            Self::V2_3_0 => "2.3.0",
        }
    }

    /// Whether messages carry ids and routing headers: from 2.2.1 on.
    pub const fn has_routing(self) -> bool {
        !matches!(self, Self::V2_1_1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text names no version that this crate speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not one of the versions 2.1.1, 2.2.1 and 2.3.0")]
pub struct UnknownVersion;

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}
