//! The choice of the version.

use std::collections::BTreeMap;

use ocpp_types::Version;

use super::{HandshakeError, Offer, header};
use crate::StationId;

/// Which versions are spoken, and what becomes of stations that do not say which they speak.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct VersionPolicy {
    /// The versions spoken here.
    pub spoken: Vec<Version>,
    /// Who decides if several are possible.
    pub preference: Preference,
    /// What a station meets that offers no subprotocol.
    pub no_subprotocol: NoSubprotocol,
    /// What a station meets that offers only what is not spoken here.
    pub no_common_version: NoCommonVersion,
}

impl Default for VersionPolicy {
    fn default() -> Self {
        Self {
            spoken: Version::ALL.into(),
            preference: Preference::Station,
            no_subprotocol: NoSubprotocol::Refuse,
            no_common_version: NoCommonVersion::Refuse,
        }
    }
}

/// Who decides if several versions are possible (rule WS-03, fault row B3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Preference {
    /// The station: the first one in its list that is spoken here.
    #[default]
    Station,
    /// The CSMS: the newest of those offered.
    Newest,
}

/// What a station meets that offers no subprotocol (fault row B1, field need 16).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum NoSubprotocol {
    /// Refusal.
    #[default]
    Refuse,
    /// This version is assumed for stations listed by identity; others are refused.
    AssumeFor(BTreeMap<StationId, Version>),
    /// This version is assumed for every one.
    Assume(Version),
}

/// What a station meets that offers only what is not spoken here (rule WS-04, fault row B2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum NoCommonVersion {
    /// HTTP status 400, as the certification test TC_B_58 wants it.
    #[default]
    Refuse,
    /// A completed handshake without a subprotocol, closed at once, as the text of Part 4 has it.
    CloseAfterUpgrade,
}

/// The version, and the subprotocol to answer with.
pub(super) fn choose(
    offer: &Offer<'_>,
    identity: &StationId,
    policy: &VersionPolicy,
) -> Result<(Version, Option<&'static str>), HandshakeError> {
    let mut offered = header::tokens(offer, "sec-websocket-protocol").peekable();
    if offered.peek().is_none() {
        let assumed = match &policy.no_subprotocol {
            NoSubprotocol::Refuse => None,
            NoSubprotocol::AssumeFor(listed) => listed.get(identity).copied(),
            NoSubprotocol::Assume(version) => Some(*version),
        };
        return assumed.map(|version| (version, None)).ok_or(HandshakeError::NoSubprotocol);
    }
    let mut common = offered.filter_map(Version::from_subprotocol).filter(|version| policy.spoken.contains(version));
    let chosen = match policy.preference {
        Preference::Station => common.next(),
        Preference::Newest => common.max(),
    };
    chosen.map(|version| (version, Some(version.subprotocol()))).ok_or_else(|| HandshakeError::NoCommonVersion {
        offered: header::tokens(offer, "sec-websocket-protocol")
            .collect::<Vec<_>>()
            .join(", ")
            .chars()
            .take(100)
            .collect(),
        then: policy.no_common_version,
    })
}
