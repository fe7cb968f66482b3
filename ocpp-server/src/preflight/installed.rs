//! The charging profiles that a station has, as far as the CSMS knows.

use chrono::{DateTime, Utc};
use ocpp_types::Version;
use ocpp_types::v21::ChargingProfilePurpose;
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::ledger::TransactionId;

/// The charging profiles that a station has taken, and which of its EVs have told what they need: what a request is held
/// against that is fine in itself. Plain data, to be kept with the station (rule CS-54).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct InstalledProfiles {
    profiles: Vec<Installed>,
    /// EVSEs whose EV has told what it needs since the last transaction there ended.
    needs: Vec<i64>,
}

/// A charging profile that a station has.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Installed {
    /// Its id.
    pub id: i64,
    /// The EVSE (2.x) or connector (1.6) it is for; 0 is the station.
    pub place: i64,
    /// What it is for.
    pub purpose: ChargingProfilePurpose,
    /// Its rank.
    pub stack_level: i64,
    /// The transaction it belongs to.
    pub transaction: Option<TransactionId>,
    /// When it begins to count.
    pub valid_from: Option<DateTime<Utc>>,
    /// When it counts no more.
    pub valid_to: Option<DateTime<Utc>>,
}

/// The most profiles and EVSEs that are remembered of a station; the oldest make room.
const MOST: usize = 512;

impl InstalledProfiles {
    /// Of a station that has none.
    pub fn new() -> Self {
        Self::default()
    }

    /// All of them, the longest known first.
    pub fn iter(&self) -> impl Iterator<Item = &Installed> {
        self.profiles.iter()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty() && self.needs.is_empty()
    }

    /// Takes one in. What it replaces goes: of the same id, and in 1.6 also of the same connector, purpose and stack level
    /// (1.6 §5.16.3, K01.FR.05).
    pub fn insert(&mut self, version: Version, profile: Installed) {
        let is_replaced = |known: &Installed| {
            let is_twin = known.place == profile.place
                && known.purpose == profile.purpose
                && known.stack_level == profile.stack_level;
            known.id == profile.id || (version == Version::V16 && is_twin)
        };
        self.profiles.retain(|known| !is_replaced(known));
        push(&mut self.profiles, profile);
    }

    /// Takes those out that a station removes on ClearChargingProfile. In 1.6 an id makes the other criteria void
    /// (1.6 errata §3.25); in 2.x it excludes them.
    pub fn clear(&mut self, criteria: &Clearing) {
        let goes = |known: &Installed| match criteria.id {
            Some(id) => known.id == id,
            None => {
                criteria.place.is_none_or(|place| place == known.place)
                    && criteria.purpose.as_ref().is_none_or(|purpose| *purpose == known.purpose)
                    && criteria.stack_level.is_none_or(|level| level == known.stack_level)
            }
        };
        self.profiles.retain(|known| !goes(known));
    }

    /// Takes those of a transaction out that has ended, and what its EV needed.
    pub fn transaction_ended(&mut self, transaction: &TransactionId, evse: Option<i64>) {
        self.profiles.retain(|known| known.transaction.as_ref() != Some(transaction));
        self.needs.retain(|needy| Some(*needy) != evse);
    }

    /// Takes those of all transactions out: the station boots.
    pub fn station_booted(&mut self) {
        self.profiles.retain(|known| known.purpose != ChargingProfilePurpose::TxProfile);
        self.needs.clear();
    }

    /// The EV at this EVSE has told what it needs (NotifyEVChargingNeeds).
    pub fn needs_told(&mut self, evse: i64) {
        self.needs.retain(|known| *known != evse);
        push(&mut self.needs, evse);
    }

    /// Whether it has.
    pub(super) fn has_needs(&self, evse: i64) -> bool {
        self.needs.contains(&evse)
    }

    /// One that may not stand beside a new one: of another id and the same rank (K01.FR.06, K01.FR.39), or a default for
    /// the station beside one for an EVSE (K01.FR.52, K01.FR.53); with the clause.
    pub(super) fn rival(&self, place: i64, profile: &Profile) -> Option<&'static str> {
        let purpose = profile.purpose();
        let others = self.profiles.iter().filter(|known| {
            known.id != profile.id && known.purpose == purpose && known.stack_level == profile.stack_level
        });
        let clause = |known: &Installed| match purpose {
            ChargingProfilePurpose::TxProfile => {
                (known.transaction.is_some() && known.transaction == profile.transaction_id).then_some("K01.FR.39")
            }
            ChargingProfilePurpose::TxDefaultProfile if known.place != place => match (place, known.place) {
                (0, _) => Some("K01.FR.52"),
                (_, 0) => Some("K01.FR.53"),
                _ => None,
            },
            _ => (known.place == place && overlaps(known, profile)).then_some("K01.FR.06"),
        };
        others.filter_map(clause).next()
    }
}

/// Which profiles ClearChargingProfile removes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Clearing {
    /// The one of this id.
    pub id: Option<i64>,
    /// Those of this EVSE or connector.
    pub place: Option<i64>,
    /// Those of this purpose.
    pub purpose: Option<ChargingProfilePurpose>,
    /// Those of this rank.
    pub stack_level: Option<i64>,
}

fn overlaps(known: &Installed, profile: &Profile) -> bool {
    let begins_before_end = |from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>| match (from, to) {
        (Some(from), Some(to)) => from < to,
        _ => true,
    };
    let (from, to) = profile.validity();
    begins_before_end(known.valid_from, to) && begins_before_end(from, known.valid_to)
}

fn push<T>(items: &mut Vec<T>, item: T) {
    if items.len() >= MOST {
        items.remove(0);
    }
    items.push(item);
}
