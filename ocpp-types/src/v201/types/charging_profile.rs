//! Charging profiles and schedules.

use alloc::boxed::Box;

use serde::Serialize;

use super::SalesTariff;
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Timestamp};

/// Up to three charging schedules that say how much power or current may flow over time, and when the profile counts
/// (`ChargingProfileType`, 2.0.1 Part 2 §2.10).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingProfile {
    /// Id of the profile, unique in the station. A negative id is possible and helps to mark profiles of an external
    /// actor.
    pub id: i64,
    /// Rank of the profile among those of the same purpose: a higher level wins and 0 is the lowest.
    pub stack_level: i64,
    /// What the profile is for, such as a transaction or the whole station.
    pub charging_profile_purpose: ChargingProfilePurpose,
    /// How the schedule is placed in time.
    pub charging_profile_kind: ChargingProfileKind,
    /// How often a recurring schedule starts over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrency_kind: Option<RecurrencyKind>,
    /// Moment from which the profile counts; immediately upon receipt when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Moment after which the profile no longer counts; until another one replaces it when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// Schedules of the profile; more than one only to let an ISO 15118 EV choose.
    pub charging_schedule: List<ChargingSchedule, 1, 3>,
    /// Transaction to which the profile applies; given only for `TxProfile` in a `SetChargingProfile` request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Course of charging limits or setpoints over time, possibly with the prices that go with it
/// (`ChargingScheduleType`, 2.0.1 Part 2 §2.12).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedule {
    /// Number that identifies the schedule.
    pub id: i64,
    /// Moment at which an absolute or recurring schedule begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_schedule: Option<Timestamp>,
    /// Length of the schedule in s; if absent the last period has no end, or ends with the transaction when
    /// `startSchedule` is absent too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Unit, `A` or `W`, of the limits and setpoints; always `W` in `NotifyEVChargingSchedule`.
    pub charging_rate_unit: ChargingRateUnit,
    /// Successive periods with the power or current that applies in each of them.
    pub charging_schedule_period: List<ChargingSchedulePeriod, 1, 1024>,
    /// Lowest charging rate the EV supports, in the unit `chargingRateUnit`; lets local smart charging avoid
    /// inefficient low rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charging_rate: Option<Decimal>,
    /// ISO 15118-2 sales tariff that goes with this schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_tariff: Option<SalesTariff>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One period of a charging schedule with its limits, setpoints and operation mode (`ChargingSchedulePeriodType`,
/// 2.0.1 Part 2 §2.11).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedulePeriod {
    /// Start of the period in s after the start of the schedule; the period before it ends here.
    pub start_period: i64,
    /// Highest charging rate, zero or positive, in W or A as `chargingRateUnit` says; some operation modes leave it
    /// out. In W it totals all phases and in A it holds for each, or it is L1 alone if L2 and L3 values are given.
    pub limit: Decimal,
    /// Number of phases usable for charging; 3 when absent at an AC EVSE, and left out for DC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_phases: Option<i64>,
    /// Phase, 1 to 3, to charge on; only with `numberPhases` 1 at an EVSE that can switch phases, which otherwise
    /// chooses by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase_to_use: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A time interval that is given relative to the present moment (`RelativeTimeIntervalType`, 2.0.1 Part 2 §2.37).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RelativeTimeInterval {
    /// Begin of the interval in s, counted from now.
    pub start: i64,
    /// Length of the interval in s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How the schedule of a charging profile is placed in time (`ChargingProfileKindEnumType`, 2.0.1 Part 2 §3.12).
    pub enum ChargingProfileKind {
        /// The periods count from the fixed moment in `startSchedule`, which has to be given.
        Absolute,
        /// The schedule starts over at regular intervals; `startSchedule` should be given.
        Recurring,
        /// The periods count from when the EVSE is ready to deliver energy to an authorized, connected EV;
        /// `startSchedule` must be absent.
        Relative,
    }
}

string_enum! {
    /// Role of a charging profile, which decides how it combines with other profiles
    /// (`ChargingProfilePurposeEnumType`, 2.0.1 Part 2 §3.13).
    pub enum ChargingProfilePurpose {
        /// Limits from an outside party such as an energy management system, for one EVSE or, on EVSE 0, the whole
        /// station.
        ChargingStationExternalConstraints,
        /// Greatest power or current that the station as a whole may use.
        ChargingStationMaxProfile,
        /// Profile for new transactions that come without a `TxProfile` of their own.
        TxDefaultProfile,
        /// Profile for one transaction only; it lapses when that transaction ends.
        TxProfile,
    }
}

string_enum! {
    /// Unit of the limits and setpoints in a charging schedule (`ChargingRateUnitEnumType`, 2.0.1 Part 2 §3.15).
    pub enum ChargingRateUnit {
        /// Power in W, as the total over all phases; mostly used for DC.
        W,
        /// Current in A on each phase, not summed; mostly used for AC.
        A,
    }
}

string_enum! {
    /// How often a recurring schedule starts over (`RecurrencyKindEnumType`, 2.0.1 Part 2 §3.68).
    pub enum RecurrencyKind {
        /// The schedule starts over every 24 hours, at the time of day of `startSchedule`.
        Daily,
        /// The schedule starts over every 7 days, on the weekday and at the time of day of `startSchedule`.
        Weekly,
    }
}
