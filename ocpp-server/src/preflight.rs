//! Calls that a station has to refuse, found before they are sent (rule CS-29, field need 28).
//!
//! A schema says what a message may look like. The specifications say more: a TxProfile names its transaction, the first
//! period of a schedule begins at 0, no two profiles of one purpose share a stack level. A station refuses such a call, often
//! without a word on why. [`check`] finds it here, with the clause that it breaks and the place where it does.
//!
//! ```
//! use ocpp_server::preflight::{Facts, check};
//! use ocpp_types::{v201, Decimal, List};
//!
//! let period = v201::ChargingSchedulePeriod::new(0, Decimal::from(16));
//! let schedule = v201::ChargingSchedule::new(1, v201::ChargingRateUnit::A, List::from(vec![period]));
//! let profile = v201::ChargingProfile::new(
//!     7, 0, v201::ChargingProfilePurpose::TxProfile, v201::ChargingProfileKind::Relative, List::from(vec![schedule]));
//! let request = v201::SetChargingProfileRequest::new(1, profile);
//!
//! let objections = check(&request, &Facts::default()).unwrap_err();
//! assert_eq!(objections.first().clause, "K01.FR.03");
//! assert_eq!(objections.first().pointer, "/chargingProfile/transactionId");
//! ```

mod installed;
mod profile;
mod request;

use std::fmt;

use ocpp_types::{Request, Version};
use serde::{Deserialize, Serialize};

pub use self::installed::{Clearing, Installed, InstalledProfiles};
pub(crate) use self::profile::installed_in;
pub(crate) use self::request::Checked;

/// Looks for what makes a station refuse a request. What is not known of the station is not held against the request.
///
/// # Errors
/// What speaks against it.
pub fn check<R: Request>(request: &R, facts: &Facts<'_>) -> Result<(), Objections> {
    // what breaks the schema is found when it is sent
    let Ok(text) = ocpp_types::encode(request) else { return Ok(()) };
    check_text(R::VERSION, R::ACTION, &text, facts)
}

/// The same for a payload as JSON text. One that cannot be read has no objections here: the schema has.
///
/// # Errors
/// What speaks against it.
pub fn check_text(version: Version, action: &str, payload: &str, facts: &Facts<'_>) -> Result<(), Objections> {
    Checked::read(version, action, payload).map_or(Ok(()), |request| request.object(facts, &[]))
}

/// What is known of a station beyond the request; nothing by default.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Facts<'a> {
    /// The charging profiles that it has.
    pub installed: Option<&'a InstalledProfiles>,
    /// What it can do.
    pub capabilities: Option<&'a Capabilities>,
}

impl<'a> Facts<'a> {
    /// These.
    pub fn new(installed: Option<&'a InstalledProfiles>, capabilities: Option<&'a Capabilities>) -> Self {
        Self { installed, capabilities }
    }
}

/// What a station can do with charging profiles, out of its configuration (1.6) or device model (2.x), or a table of
/// models. What is left out is not known, and not checked.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(default)]
pub struct Capabilities {
    /// The highest stack level: `ChargeProfileMaxStackLevel`, `ProfileStackLevel`.
    pub max_stack_level: Option<i64>,
    /// The most periods of a schedule: `ChargingScheduleMaxPeriods`, `PeriodsPerSchedule`.
    pub max_periods: Option<usize>,
    /// Whether limits in W are taken: `ChargingScheduleAllowedChargingRateUnit`, `RateUnit`.
    pub takes_watt: Option<bool>,
    /// Whether limits in A are taken.
    pub takes_ampere: Option<bool>,
    /// Whether an EVSE can choose its phase: `ACPhaseSwitchingSupported` (2.x).
    pub phase_switching: Option<bool>,
    /// Ids up to this are for profiles that the station makes itself: `MaxExternalConstraintsId` (2.1).
    pub max_external_constraints_id: Option<i64>,
    /// Whether it knows priority charging: `SupportedAdditionalPurposes` (2.1).
    pub priority_charging: Option<bool>,
    /// Whether it knows local generation: `SupportedAdditionalPurposes` (2.1).
    pub local_generation: Option<bool>,
    /// Whether it knows dynamic profiles: `SupportsDynamicProfiles` (2.1).
    pub dynamic_profiles: Option<bool>,
    /// Whether it knows schedules in local time: `SupportsUseLocalTime` (2.1).
    pub local_time: Option<bool>,
}

/// Something that makes a station refuse a request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Objection {
    /// The requirement it breaks: its id in 2.x (`K01.FR.03`), the section in 1.6 (`1.6 §5.16.2`).
    pub clause: &'static str,
    /// Where, as a JSON pointer into the payload; for something missing, where it should be.
    pub pointer: String,
    /// What is wrong.
    pub message: &'static str,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.pointer, self.message, self.clause)
    }
}

/// What speaks against a request: at least one thing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Objections(Vec<Objection>);

impl Objections {
    pub(crate) fn of(found: Vec<Objection>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Self(found)) }
    }

    /// All of them, in the order of the payload.
    pub fn all(&self) -> &[Objection] {
        &self.0
    }

    /// The first.
    pub fn first(&self) -> &Objection {
        &self.0[0]
    }
}

impl fmt::Display for Objections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first().fmt(f)?;
        match self.0.len() - 1 {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for Objections {}

/// Whether a CSMS looks for objections before it sends a call.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Preflight {
    /// It does, and keeps what has any.
    #[default]
    Check,
    /// It does, but does not mind these clauses, for stations that know better.
    Except(Vec<&'static str>),
    /// It does not.
    SendAnything,
}

impl Preflight {
    pub(crate) fn check(&self, request: &Checked, facts: &Facts<'_>) -> Result<(), Objections> {
        match self {
            Self::Check => request.object(facts, &[]),
            Self::Except(waived) => request.object(facts, waived),
            Self::SendAnything => Ok(()),
        }
    }
}
