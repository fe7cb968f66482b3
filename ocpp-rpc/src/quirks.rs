//! What stations of the field do otherwise than the specification, as data.
//!
//! Most deviations need no quirk: [`Repair`](DecodePolicy::Repair) serves what can be understood, from whomever. Listed here
//! is what needs to be known of a station beforehand: texts that are not JSON, and requests that it cannot stand.

use alloc::string::String;
use core::any::Any;

use ocpp_types::{DecodePolicy, v16};

use crate::Mend;

mod stations;

pub use stations::KNOWN_STATIONS;

/// How a connection treats a particular station. The default changes nothing.
///
/// Known stations are found by [`Quirks::of`], once BootNotification has told what they are; give the outcome to
/// [`Connection::set_quirks`](crate::Connection::set_quirks).
///
/// ```
/// use ocpp_rpc::{Mend, Quirks};
///
/// let quirks = Quirks::of("United Chargers", "Grizzl-E Smart", "05.653");
/// assert_eq!(quirks.mend, Some(Mend::Commas));
/// assert_eq!(Quirks::of("Somebody", "Something", ""), Quirks::default());
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Quirks {
    /// How far texts are mended, instead of what the configuration says.
    pub mend: Option<Mend>,
    /// What to do with departures from the specification, instead of what the configuration says.
    pub policy: Option<DecodePolicy>,
    /// The only kind of charging profile that works. One of the other kind is rewritten if that cannot change what it does:
    /// it has a single period and no transaction or start that it depends on; else it is refused.
    pub profile_kind: Option<ProfileKind>,
    /// The only unit of charging profiles that works; others are refused, because converting takes the voltage.
    pub profile_unit: Option<ProfileUnit>,
    /// Refuses charging profiles inside RemoteStartTransaction; send them with SetChargingProfile instead.
    pub no_profile_in_remote_start: bool,
    /// Refuses charging profiles for connector 0.
    pub no_profile_on_connector_0: bool,
    /// The most bytes of a configuration value that it can take.
    pub max_configuration_value: Option<u16>,
    /// Actions it must never be sent.
    pub avoided: &'static [&'static str],
}

/// What a charging profile's times count from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProfileKind {
    /// A moment of the calendar.
    Absolute,
    /// The start of the transaction.
    Relative,
}

/// The unit of a charging profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProfileUnit {
    /// Current.
    Ampere,
    /// Power.
    Watt,
}

/// A station that departs from the specification. An empty text matches all; others match the start, in any letter case.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KnownStation {
    /// The vendor in BootNotification.
    pub vendor: &'static str,
    /// The model.
    pub model: &'static str,
    /// The firmware version.
    pub firmware: &'static str,
    /// What it does.
    pub deviation: &'static str,
    /// Where that was reported.
    pub source: &'static str,
    /// How to treat it.
    pub quirks: Quirks,
}

impl KnownStation {
    fn matches(&self, vendor: &str, model: &str, firmware: &str) -> bool {
        [(self.vendor, vendor), (self.model, model), (self.firmware, firmware)]
            .into_iter()
            .all(|(start, text)| text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start)))
    }
}

impl Quirks {
    /// Nothing out of the ordinary.
    pub const NONE: Self = Self {
        mend: None,
        policy: None,
        profile_kind: None,
        profile_unit: None,
        no_profile_in_remote_start: false,
        no_profile_on_connector_0: false,
        max_configuration_value: None,
        avoided: &[],
    };

    /// How to treat the station that introduced itself like this: all rows of [`KNOWN_STATIONS`] that match, later ones first.
    pub fn of(vendor: &str, model: &str, firmware: &str) -> Self {
        let found =
            KNOWN_STATIONS.iter().filter(|station| station.matches(vendor.trim(), model.trim(), firmware.trim()));
        found.fold(Self::NONE, |before, station| station.quirks.over(before))
    }

    /// These, and what they leave open as there.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            mend: self.mend.or(other.mend),
            policy: self.policy.or(other.policy),
            profile_kind: self.profile_kind.or(other.profile_kind),
            profile_unit: self.profile_unit.or(other.profile_unit),
            no_profile_in_remote_start: self.no_profile_in_remote_start || other.no_profile_in_remote_start,
            no_profile_on_connector_0: self.no_profile_on_connector_0 || other.no_profile_on_connector_0,
            max_configuration_value: self.max_configuration_value.or(other.max_configuration_value),
            avoided: if self.avoided.is_empty() { other.avoided } else { self.avoided },
        }
    }

    /// Whether requests of this action need a closer look before they are sent.
    pub(crate) fn concern(&self, action: &str) -> bool {
        self.avoided.contains(&action)
            || matches!(action, "SetChargingProfile" | "RemoteStartTransaction" | "ChangeConfiguration")
    }

    /// Makes a request of 1.6 what the station can stand, or says why that is not possible.
    pub(crate) fn adapt(&self, action: &str, request: &mut dyn Any) -> Result<(), String> {
        if self.avoided.contains(&action) {
            return Err(alloc::format!("this station must not be sent {action}"));
        }
        if let Some(request) = request.downcast_mut::<v16::SetChargingProfileRequest>() {
            if self.no_profile_on_connector_0 && request.connector_id == 0 {
                return Err("this station takes no charging profile on connector 0".into());
            }
            return self.adapt_profile(&mut request.cs_charging_profiles);
        }
        if let Some(request) = request.downcast_mut::<v16::RemoteStartTransactionRequest>()
            && let Some(profile) = &mut request.charging_profile
        {
            if self.no_profile_in_remote_start {
                return Err("this station takes no charging profile in RemoteStartTransaction".into());
            }
            return self.adapt_profile(profile);
        }
        if let Some(request) = request.downcast_ref::<v16::ChangeConfigurationRequest>()
            && let Some(max) = self.max_configuration_value
            && request.value.as_str().len() > usize::from(max)
        {
            return Err(alloc::format!("this station takes configuration values of at most {max} bytes"));
        }
        Ok(())
    }

    fn adapt_profile(&self, profile: &mut v16::ChargingProfile) -> Result<(), String> {
        use v16::ChargingProfileKind::{Absolute, Relative};

        let unit = &profile.charging_schedule.charging_rate_unit;
        let is_right = match self.profile_unit {
            None => true,
            Some(ProfileUnit::Ampere) => *unit == v16::ChargingRateUnit::A,
            Some(ProfileUnit::Watt) => *unit == v16::ChargingRateUnit::W,
        };
        if !is_right {
            return Err("this station takes charging profiles of the other unit only".into());
        }
        let wanted = match self.profile_kind {
            None => return Ok(()),
            Some(ProfileKind::Absolute) => Absolute,
            Some(ProfileKind::Relative) => Relative,
        };
        if profile.charging_profile_kind == wanted {
            return Ok(());
        }
        // one period that applies as soon as it comes means the same whatever it counts from
        let schedule = &profile.charging_schedule;
        let is_constant = schedule.charging_schedule_period.len() == 1
            && schedule.duration.is_none()
            && schedule.start_schedule.is_none()
            && matches!(profile.charging_profile_kind, Absolute | Relative);
        if !is_constant {
            return Err("this station takes charging profiles of the other kind only".into());
        }
        profile.charging_profile_kind = wanted;
        Ok(())
    }
}
