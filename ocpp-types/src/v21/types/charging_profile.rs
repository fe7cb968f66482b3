//! Charging profiles and schedules.

use alloc::boxed::Box;

use serde::Serialize;

use super::{AbsolutePriceSchedule, PriceLevelSchedule, SalesTariff};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Text, Timestamp};

/// Up to three charging schedules that say how much power or current may flow over time, and when the profile counts
/// (`ChargingProfileType`, 2.1 Part 2 §2.17).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingProfile {
    /// Id of the profile, unique in the station. A negative id is possible and helps to mark profiles of an external
    /// actor.
    pub id: i64,
    /// Rank of the profile among those of the same purpose: a higher level wins and 0 is the lowest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
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
    /// Transaction to which the profile applies; given only for `TxProfile` in a `SetChargingProfile` request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// How many seconds the profile stays valid while the station is offline; 0 ends it at once, and absent means no
    /// such limit. Afterwards a valid profile of a lower stack level takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_offline_duration: Option<i64>,
    /// Schedules of the profile; more than one only to let an ISO 15118 EV choose.
    pub charging_schedule: List<ChargingSchedule, 1, 3>,
    /// True if the profile stays invalid for good once the station was offline longer than `maxOfflineDuration`;
    /// false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalid_after_offline_duration: Option<bool>,
    /// For a dynamic profile, seconds after the last update at which the station asks for a new one with
    /// `PullDynamicScheduleUpdate`; 0 or absent means never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dyn_update_interval: Option<i64>,
    /// For a dynamic profile, moment of the last change of its limits or setpoints by the CSMS or an external actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dyn_update_time: Option<Timestamp>,
    /// ISO 15118-20 signature over the price schedules in all schedules of the profile, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_schedule_signature: Option<Text<256>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Course of charging limits or setpoints over time, possibly with the prices that go with it
/// (`ChargingScheduleType`, 2.1 Part 2 §2.19).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedule {
    /// Number that identifies the schedule.
    pub id: i64,
    /// Cap on the limit or setpoint that applies as soon as the EV battery has reached a certain state of charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_at_so_c: Option<LimitAtSoC>,
    /// Moment at which an absolute or recurring schedule begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_schedule: Option<Timestamp>,
    /// Length of the schedule in s; if absent the last period has no end, or ends with the transaction when
    /// `startSchedule` is absent too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Unit, `A` or `W`, of the limits and setpoints; always `W` in `NotifyEVChargingSchedule`.
    pub charging_rate_unit: ChargingRateUnit,
    /// Lowest charging rate the EV supports, in the unit `chargingRateUnit`; lets local smart charging avoid
    /// inefficient low rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charging_rate: Option<Decimal>,
    /// Deviation allowed to the EV while it follows its announced power profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_tolerance: Option<Decimal>,
    /// Number by which a signature refers to this schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub signature_id: Option<i64>,
    /// Hash in Base64 of the EXI form of the price data, for the signature: SHA-256 with ISO 15118-2 and SHA-512 with
    /// ISO 15118-20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_value: Option<Text<88>>,
    /// If true, the time zone offsets in this schedule are ignored and its times mean local time of the station, in
    /// summer as in winter; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_local_time: Option<bool>,
    /// Successive periods with the power or current that applies in each of them.
    pub charging_schedule_period: List<ChargingSchedulePeriod, 1, 1024>,
    /// Upper bound in s of a random delay for the start of every period, 0 when absent; allowed only in profiles with
    /// purpose `TxProfile` or `TxDefaultProfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub randomized_delay: Option<i64>,
    /// ISO 15118-2 sales tariff that goes with this schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_tariff: Option<SalesTariff>,
    /// ISO 15118-20 schedule of absolute prices; excludes `priceLevelSchedule`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absolute_price_schedule: Option<Box<AbsolutePriceSchedule>>,
    /// ISO 15118-20 schedule of price levels; excludes `absolutePriceSchedule`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_level_schedule: Option<PriceLevelSchedule>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One period of a charging schedule with its limits, setpoints and operation mode (`ChargingSchedulePeriodType`, 2.1
/// Part 2 §2.18).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingSchedulePeriod {
    /// Start of the period in s after the start of the schedule; the period before it ends here.
    pub start_period: i64,
    /// Highest charging rate, zero or positive, in W or A as `chargingRateUnit` says; some operation modes leave it
    /// out. In W it totals all phases and in A it holds for each, or it is L1 alone if L2 and L3 values are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// Highest charging rate on phase L2, in W or A as `chargingRateUnit` says.
    #[serde(rename = "limit_L2", skip_serializing_if = "Option::is_none")]
    pub limit_l2: Option<Decimal>,
    /// Highest charging rate on phase L3, in W or A as `chargingRateUnit` says.
    #[serde(rename = "limit_L3", skip_serializing_if = "Option::is_none")]
    pub limit_l3: Option<Decimal>,
    /// Number of phases usable for charging; 3 when absent at an AC EVSE, and left out for DC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3)))]
    pub number_phases: Option<i64>,
    /// Phase, 1 to 3, to charge on; only with `numberPhases` 1 at an EVSE that can switch phases, which otherwise
    /// chooses by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3)))]
    pub phase_to_use: Option<i64>,
    /// Bound on discharging in W or A as `chargingRateUnit` says, zero or negative. On AC it totals all phases, or is
    /// L1 alone if L2 and L3 values are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 0)))]
    pub discharge_limit: Option<Decimal>,
    /// Bound on discharging on phase L2 in W or A as `chargingRateUnit` says, zero or negative.
    #[serde(rename = "dischargeLimit_L2", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 0)))]
    pub discharge_limit_l2: Option<Decimal>,
    /// Bound on discharging on phase L3 in W or A as `chargingRateUnit` says, zero or negative.
    #[serde(rename = "dischargeLimit_L3", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 0)))]
    pub discharge_limit_l3: Option<Decimal>,
    /// Target rate for the EV in W or A as `chargingRateUnit` says, negative for discharging and kept within `limit`
    /// and `dischargeLimit`. It totals all phases, or is L1 alone if L2 and L3 values are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setpoint: Option<Decimal>,
    /// Target rate for the EV on phase L2 in W or A as `chargingRateUnit` says, negative for discharging.
    #[serde(rename = "setpoint_L2", skip_serializing_if = "Option::is_none")]
    pub setpoint_l2: Option<Decimal>,
    /// Target rate for the EV on phase L3 in W or A as `chargingRateUnit` says, negative for discharging.
    #[serde(rename = "setpoint_L3", skip_serializing_if = "Option::is_none")]
    pub setpoint_l3: Option<Decimal>,
    /// Target reactive power or current for the EV, in the unit set by `chargingRateUnit`, positive when inductive
    /// and negative when capacitive. It totals all phases, or is L1 alone if L2 and L3 values are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setpoint_reactive: Option<Decimal>,
    /// Target reactive power or current for the EV on phase L2, in the unit set by `chargingRateUnit`, positive when
    /// inductive and negative when capacitive.
    #[serde(rename = "setpointReactive_L2", skip_serializing_if = "Option::is_none")]
    pub setpoint_reactive_l2: Option<Decimal>,
    /// Target reactive power or current for the EV on phase L3, in the unit set by `chargingRateUnit`, positive when
    /// inductive and negative when capacitive.
    #[serde(rename = "setpointReactive_L3", skip_serializing_if = "Option::is_none")]
    pub setpoint_reactive_l3: Option<Decimal>,
    /// Whether the EV should try to keep its battery preconditioned during the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preconditioning_request: Option<bool>,
    /// Whether the EVSE must switch off the power electronics used for this transaction; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_sleep: Option<bool>,
    /// Base power in W to which the values of `v2xFreqWattCurve` and `v2xSignalWattCurve` are added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v2x_baseline: Option<Decimal>,
    /// How charging is controlled during the period; `ChargingOnly` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_mode: Option<OperationMode>,
    /// Points of a table from grid frequency to power setpoint, at least two; needed when `operationMode` is
    /// `LocalFrequency`, with limits in W.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub v2x_freq_watt_curve: List<V2xFreqWattPoint, 1, 20>,
    /// Points of a table from aFRR signal value to power setpoint, at least two; only used when `operationMode` is
    /// `LocalFrequency`.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub v2x_signal_watt_curve: List<V2xSignalWattPoint, 1, 20>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Cap on charging from a certain state of charge on (`LimitAtSoCType`, 2.1 Part 2 §2.62).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LimitAtSoC {
    /// State of charge in %, 0 to 100, from which the cap applies.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub soc: i64,
    /// Highest charging rate from that state of charge on, in the `chargingRateUnit` of the schedule.
    pub limit: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A time interval that is given relative to the present moment (`RelativeTimeIntervalType`, 2.1 Part 2 §2.83).
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

/// One point of a curve that sets charging or discharging power from the grid frequency (`V2XFreqWattPointType`, 2.1
/// Part 2 §2.114).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct V2xFreqWattPoint {
    /// Grid frequency at this point of the curve, in Hz.
    pub frequency: Decimal,
    /// Power in W that belongs to this frequency: above zero the EV charges, below zero it discharges.
    pub power: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One point of a curve that sets charging or discharging power from an aFRR signal (`V2XSignalWattPointType`, 2.1
/// Part 2 §2.115).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct V2xSignalWattPoint {
    /// Signal value, as sent in an `AFRRSignal` request, at this point of the curve.
    pub signal: i64,
    /// Power in W that belongs to this signal value: above zero the EV charges, below zero it discharges.
    pub power: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How the schedule of a charging profile is placed in time (`ChargingProfileKindEnumType`, 2.1 Part 2 §3.14).
    pub enum ChargingProfileKind {
        /// The periods count from the fixed moment in `startSchedule`, which has to be given.
        Absolute,
        /// The schedule starts over at regular intervals; `startSchedule` should be given.
        Recurring,
        /// The periods count from when the EVSE is ready to deliver energy to an authorized, connected EV;
        /// `startSchedule` must be absent.
        Relative,
        /// The schedule is one single period whose limits and setpoints are renewed from outside while it runs.
        Dynamic,
    }
}

string_enum! {
    /// Role of a charging profile, which decides how it combines with other profiles
    /// (`ChargingProfilePurposeEnumType`, 2.1 Part 2 §3.15).
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
        /// Replaces the `TxProfile` or `TxDefaultProfile` while priority charging is active.
        PriorityCharging,
        /// Capacity from local generation that is added to what the other profiles allow.
        LocalGeneration,
    }
}

string_enum! {
    /// Unit of the limits and setpoints in a charging schedule (`ChargingRateUnitEnumType`, 2.1 Part 2 §3.17).
    pub enum ChargingRateUnit {
        /// Power in W, as the total over all phases; mostly used for DC.
        W,
        /// Current in A on each phase, not summed; mostly used for AC.
        A,
    }
}

string_enum! {
    /// How charging and discharging are controlled during a schedule period (`OperationModeEnumType`, 2.1 Part 2
    /// §3.75).
    pub enum OperationMode {
        /// Use as little energy as possible, with the EV in standby or asleep.
        Idle,
        /// Ordinary or smart charging without discharging; the default mode.
        ChargingOnly,
        /// The CSMS, or a party acting through it, sets the setpoint.
        CentralSetpoint,
        /// An outside party sets the setpoint directly at the station.
        ExternalSetpoint,
        /// An outside party sets charging and discharging limits at the station.
        ExternalLimits,
        /// Grid frequency support controlled by the CSMS, or by a party acting through it.
        CentralFrequency,
        /// Grid frequency support controlled by the station itself.
        LocalFrequency,
        /// The station itself balances the local load by charging and discharging.
        LocalLoadBalancing,
    }
}

string_enum! {
    /// How often a recurring schedule starts over (`RecurrencyKindEnumType`, 2.1 Part 2 §3.84).
    pub enum RecurrencyKind {
        /// The schedule starts over every 24 hours, at the time of day of `startSchedule`.
        Daily,
        /// The schedule starts over every 7 days, on the weekday and at the time of day of `startSchedule`.
        Weekly,
    }
}
