//! Control of distributed energy resources (functional block R).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{DerControl, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Text, Timestamp};

/// The CSMS tells the station to remove default or scheduled DER controls (2.1 Part 2 §1.12.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearDerControlRequest {
    /// `true` removes default DER controls, `false` removes scheduled ones.
    pub is_default: bool,
    /// Kind of DER control to remove; not used together with `controlId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_type: Option<DerControl>,
    /// Id of the single DER control to remove; when absent every control of `controlType` goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_id: Option<Text<36>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearDERControl` (2.1 Part 2 §1.12.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearDerControlResponse {
    /// Whether the DER controls were removed, or why not.
    pub status: DerControlStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to report its DER controls (2.1 Part 2 §1.29.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDerControlRequest {
    /// Number that the station repeats in the resulting `ReportDERControl` messages.
    pub request_id: i64,
    /// `true` asks for default DER controls, `false` for scheduled ones; when absent both match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Kind of DER control to report; not used together with `controlId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_type: Option<DerControl>,
    /// Id of the single DER control to report; when absent every control of `controlType` is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_id: Option<Text<36>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetDERControl`; the controls follow in `ReportDERControl` messages (2.1 Part 2 §1.29.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDerControlResponse {
    /// Whether matching DER controls exist and will be reported.
    pub status: DerControlStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that a DER control started or stopped overriding normal charging because of a grid
/// event (2.1 Part 2 §1.47.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDerAlarmRequest {
    /// DER control that caused the alarm, for example `LFMustTrip`.
    pub control_type: DerControl,
    /// Kind of grid event behind the alarm, such as overvoltage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid_event_fault: Option<GridEventFault>,
    /// `true` when the alarm is over; `false` or absent when it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_ended: Option<bool>,
    /// When the alarm began or ended.
    pub timestamp: Timestamp,
    /// Further details that came from the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_info: Option<Text<200>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyDERAlarm`, without content (2.1 Part 2 §1.47.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDerAlarmResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that a scheduled DER control has started or ended (2.1 Part 2 §1.48.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDerStartStopRequest {
    /// The DER control concerned, by the id it got in `SetDERControl`.
    pub control_id: Text<36>,
    /// `true` at the start of the DER control, `false` at its end.
    pub started: bool,
    /// When the DER control started or ended.
    pub timestamp: Timestamp,
    /// Ids of the DER controls that this one displaces by starting.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub superseded_ids: List<Text<36>, 1, 24>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyDERStartStop`, without content (2.1 Part 2 §1.48.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDerStartStopResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS the DER controls that `GetDERControl` asked for (2.1 Part 2 §1.64.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReportDerControlRequest {
    /// Controls that follow a curve of voltage, frequency, active or reactive power.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub curve: List<DerCurveGet, 1, 24>,
    /// Settings for returning to service after a trip.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub enter_service: List<EnterServiceGet, 1, 24>,
    /// Fixed power factor settings used while active power is absorbed.
    #[serde(rename = "fixedPFAbsorb", default, skip_serializing_if = "List::is_empty")]
    pub fixed_pf_absorb: List<FixedPfGet, 1, 24>,
    /// Fixed power factor settings used while active power is injected.
    #[serde(rename = "fixedPFInject", default, skip_serializing_if = "List::is_empty")]
    pub fixed_pf_inject: List<FixedPfGet, 1, 24>,
    /// Fixed reactive power settings.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub fixed_var: List<FixedVarGet, 1, 24>,
    /// Frequency droop settings, which adapt active power to the grid frequency.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub freq_droop: List<FreqDroopGet, 1, 24>,
    /// Settings for how fast power may ramp.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub gradient: List<GradientGet, 1, 24>,
    /// Limits on discharging, in % of the rated discharge power.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub limit_max_discharge: List<LimitMaxDischargeGet, 1, 24>,
    /// Number taken from the `GetDERControl` request being answered.
    pub request_id: i64,
    /// `true` when more DER controls follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ReportDERControl`, without content (2.1 Part 2 §1.64.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReportDerControlResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS sets a default or scheduled control of the station as a distributed energy resource (DER) (2.1 Part 2
/// §1.75.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDerControlRequest {
    /// `true` sets the default control of this type, `false` a scheduled one.
    pub is_default: bool,
    /// Identifier of this control, unique on the station, for instance a UUID.
    pub control_id: Text<36>,
    /// Kind of DER control, which decides the setting member that has to be filled in.
    pub control_type: DerControl,
    /// Curve settings, present when `controlType` is one of the voltage, frequency or power curves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<Box<DerCurve>>,
    /// Conditions for returning to service after a trip, present when `controlType` is `EnterService`; only allowed
    /// as a default control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enter_service: Option<Box<EnterService>>,
    /// Fixed power factor to hold while active power is absorbed, present when `controlType` is `FixedPFAbsorb`.
    #[serde(rename = "fixedPFAbsorb", skip_serializing_if = "Option::is_none")]
    pub fixed_pf_absorb: Option<FixedPf>,
    /// Fixed power factor to hold while active power is fed into the grid, present when `controlType` is
    /// `FixedPFInject`.
    #[serde(rename = "fixedPFInject", skip_serializing_if = "Option::is_none")]
    pub fixed_pf_inject: Option<FixedPf>,
    /// Fixed reactive power setpoint, present when `controlType` is `FixedVar`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_var: Option<FixedVar>,
    /// Parameters of the frequency droop (frequency-watt) mode, present when `controlType` is `FreqDroop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freq_droop: Option<Box<FreqDroop>>,
    /// Default ramp rates, present when `controlType` is `Gradients`; only allowed as a default control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Gradient>,
    /// Cap on discharging power in % of rated capability, present when `controlType` is `LimitMaxDischarge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_max_discharge: Option<LimitMaxDischarge>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetDERControl` (2.1 Part 2 §1.75.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDerControlResponse {
    /// Tells whether the control was set, failed to be set, or is of an unsupported type.
    pub status: DerControlStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// `controlId` values of the existing controls that this new control displaces.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub superseded_ids: List<CiString<36>, 1, 24>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Curve by which the station reacts on its own to grid voltage, frequency or power (`DERCurveType`, 2.1 Part 2
/// §2.37).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DerCurve {
    /// Points of the curve; the type of the curve gives the x-axis and `yUnit` the y-axis.
    pub curve_data: List<DerCurvePoints, 1, 10>,
    /// Hysteresis settings of the curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis: Option<Hysteresis>,
    /// Rank of the curve, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// More settings for a `VoltVar` curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reactive_power_params: Option<ReactivePowerParams>,
    /// More settings for a voltage curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voltage_params: Option<VoltageParams>,
    /// Unit of the y-axis of the curve.
    pub y_unit: DerUnit,
    /// Seconds in which the output reaches 90 % of a new target after a voltage change (open loop). 0 means no limit,
    /// and absent leaves it to the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<Decimal>,
    /// Moment at which the curve comes into force; absent only for a default curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// How many seconds the curve stays in force; absent only for a default curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A DER curve as reported by the station, with its id and state (`DERCurveGetType`, 2.1 Part 2 §2.35).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DerCurveGet {
    /// Parameters and points of the curve.
    pub curve: DerCurve,
    /// Id under which the curve was set.
    pub id: Text<36>,
    /// Which DER control the curve belongs to.
    pub curve_type: DerControl,
    /// True for a default curve, false for a scheduled one.
    pub is_default: bool,
    /// True if another setting with a lower `priority` value has taken the place of this curve.
    pub is_superseded: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One point of a DER curve (`DERCurvePointsType`, 2.1 Part 2 §2.36).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DerCurvePoints {
    /// Position on the x-axis, whose quantity follows from the type of the curve.
    pub x: Decimal,
    /// Value at this point in the `yUnit` of the curve. For a power factor, positive means reactive power is absorbed
    /// (under-excited) and negative that it is injected (over-excited).
    pub y: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Grid conditions and timing under which the inverter may start or resume service (`EnterServiceType`, 2.1 Part 2
/// §2.39).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EnterService {
    /// Rank of the setting, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Highest grid voltage at which service may be entered.
    pub high_voltage: Decimal,
    /// Lowest grid voltage at which service may be entered.
    pub low_voltage: Decimal,
    /// Highest grid frequency in Hz at which service may be entered.
    pub high_freq: Decimal,
    /// Lowest grid frequency in Hz at which service may be entered.
    pub low_freq: Decimal,
    /// Waiting time in seconds before service is entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Decimal>,
    /// Randomized waiting time in seconds before service is entered, so that devices do not all start together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_delay: Option<Decimal>,
    /// Time in seconds over which power ramps up when service is entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ramp_rate: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Enter service settings as reported by the station, with their id (`EnterServiceGetType`, 2.1 Part 2 §2.38).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EnterServiceGet {
    /// The enter service settings themselves.
    pub enter_service: EnterService,
    /// Id under which the settings were made.
    pub id: CiString<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Fixed power factor that the inverter has to keep (`FixedPFType`, 2.1 Part 2 §2.50).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FixedPf {
    /// Rank of the setting, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Power factor (cosine phi) from 0 to 1.
    pub displacement: Decimal,
    /// True to absorb reactive power (under-excited), false to inject it (over-excited).
    pub excitation: bool,
    /// Moment at which the setting comes into force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// How many seconds the setting stays in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A fixed power factor setting as reported by the station, with its id and state (`FixedPFGetType`, 2.1 Part 2
/// §2.49).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FixedPfGet {
    /// The power factor setting itself, for absorbing or injecting active power.
    #[serde(rename = "fixedPF")]
    pub fixed_pf: FixedPf,
    /// Id under which the setting was made.
    pub id: CiString<36>,
    /// True for a default control, false for a scheduled one.
    pub is_default: bool,
    /// True if another setting with a lower `priority` value has taken the place of this one.
    pub is_superseded: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Fixed reactive power that the inverter has to deliver (`FixedVarType`, 2.1 Part 2 §2.52).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FixedVar {
    /// Rank of the setting, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Reactive power to deliver as a percentage from -100 to 100 of the base named by `unit`; negative concerns
    /// charging, positive discharging.
    pub setpoint: Decimal,
    /// Base to which the percentage in `setpoint` refers.
    pub unit: DerUnit,
    /// Moment at which the setting comes into force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// How many seconds the setting stays in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A fixed reactive power setting as reported by the station, with its id and state (`FixedVarGetType`, 2.1 Part 2
/// §2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FixedVarGet {
    /// The reactive power setting itself.
    pub fixed_var: FixedVar,
    /// Id under which the setting was made.
    pub id: Text<36>,
    /// True for a default control, false for a scheduled one.
    pub is_default: bool,
    /// True if another setting with a lower `priority` value has taken the place of this one.
    pub is_superseded: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// How active power changes with grid frequency, given by dead band and slope instead of curve points
/// (`FreqDroopType`, 2.1 Part 2 §2.54).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FreqDroop {
    /// Rank of the setting, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Frequency in Hz above which the droop sets in.
    pub over_freq: Decimal,
    /// Frequency in Hz below which the droop sets in.
    pub under_freq: Decimal,
    /// Slope of the droop at over-frequency, per unit (oFDroop).
    pub over_droop: Decimal,
    /// Slope of the droop at under-frequency, per unit (uFDroop).
    pub under_droop: Decimal,
    /// Response time in seconds, open loop.
    pub response_time: Decimal,
    /// Moment at which the setting comes into force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// How many seconds the setting stays in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A frequency droop setting as reported by the station, with its id and state (`FreqDroopGetType`, 2.1 Part 2
/// §2.53).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct FreqDroopGet {
    /// The frequency droop setting itself.
    pub freq_droop: FreqDroop,
    /// Id under which the setting was made.
    pub id: Text<36>,
    /// True for a default control, false for a scheduled one.
    pub is_default: bool,
    /// True if another setting with a lower `priority` value has taken the place of this one.
    pub is_superseded: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// How fast the inverter may change its power (`GradientType`, 2.1 Part 2 §2.58).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Gradient {
    /// Rank of the setting, where 0 is the highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Normal ramp time in seconds, or 0 if there is none.
    pub gradient: Decimal,
    /// Ramp time in seconds for a soft start, or 0 if there is none.
    pub soft_gradient: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A gradient setting as reported by the station, with its id (`GradientGetType`, 2.1 Part 2 §2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GradientGet {
    /// The gradient setting itself.
    pub gradient: Gradient,
    /// Id under which the setting was made.
    pub id: Text<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Describes when and how fast the EV returns to normal operation after a grid event (`HysteresisType`, 2.1 Part 2
/// §2.59).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Hysteresis {
    /// Upper bound, as an absolute value in the `yUnit` of the curve, below which normal operation may resume after a
    /// grid event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis_high: Option<Decimal>,
    /// Lower bound, as an absolute value in the `yUnit` of the curve, above which normal operation may resume after a
    /// grid event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis_low: Option<Decimal>,
    /// Waiting time in seconds between the grid value coming back inside the hysteresis band and the EV resuming
    /// normal operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis_delay: Option<Decimal>,
    /// Default ramp rate, in % per second, at which the EV goes back to normal operation once a grid event is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis_gradient: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A DER control that limits the discharge power of the EV to a share of its rated power (`LimitMaxDischargeType`,
/// 2.1 Part 2 §2.64).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LimitMaxDischarge {
    /// Rank of this setting among others of its kind, where 0 ranks highest.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub priority: i64,
    /// Share of the rated maximum discharge power of the EV, in % from 0 to 100, above which the power monitoring
    /// curve applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pct_max_discharge_power: Option<Decimal>,
    /// Curve of power (% of rated maximum discharge power) over time (s) that becomes active above
    /// `pctMaxDischargePower`; the EV must trip when it leaves the curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_monitoring_must_trip: Option<Box<DerCurve>>,
    /// Moment from which the setting applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// How long the setting stays active, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A maximum-discharge setting as reported by the station, with its id and whether it is in force
/// (`LimitMaxDischargeGetType`, 2.1 Part 2 §2.63).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LimitMaxDischargeGet {
    /// Identifier of the reported setting.
    pub id: Text<36>,
    /// True when this is a default control, false when it is a scheduled one.
    pub is_default: bool,
    /// True when another setting with a lower `priority` number overrides this one.
    pub is_superseded: bool,
    /// The maximum-discharge setting itself.
    pub limit_max_discharge: LimitMaxDischarge,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Additional reference voltage parameters of a `VoltVar` DER curve (`ReactivePowerParamsType`, 2.1 Part 2 §2.82).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReactivePowerParams {
    /// Adjustment, in %, of the nominal AC RMS voltage to which the voltage points of a `VoltVar` curve refer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v_ref: Option<Decimal>,
    /// Whether the reference voltage of a `VoltVar` curve is adjusted autonomously.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autonomous_v_ref_enable: Option<bool>,
    /// Time constant used when the reference voltage of a `VoltVar` curve is adjusted autonomously.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autonomous_v_ref_time_constant: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Additional voltage parameters of a DER curve, such as the 10 minute mean overvoltage protection of EN 50549-1
/// (`VoltageParamsType`, 2.1 Part 2 §2.120).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VoltageParams {
    /// Threshold for the 10 minute mean voltage (EN 50549-1, 4.9.3.4) that makes the EV trip when exceeded for longer
    /// than `hv10MinMeanTripDelay`. Must be present together with that delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hv10_min_mean_value: Option<Decimal>,
    /// How long the voltage may remain over `hv10MinMeanValue` before the EV has to trip. Must be present together
    /// with that threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hv10_min_mean_trip_delay: Option<Decimal>,
    /// Kind of power the EV has to feed in during fault ride-through under the `HVMomCess` and `LVMomCess` curves;
    /// present only when it has to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_during_cessation: Option<PowerDuringCessation>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Outcome of setting, reading or clearing a DER control (`DERControlStatusEnumType`, 2.1 Part 2 §3.34).
    pub enum DerControlStatus {
        /// The operation on the DER control succeeded.
        Accepted,
        /// The operation on the DER control failed.
        Rejected,
        /// The station does not support this kind of DER control.
        NotSupported,
        /// No DER control with the given type or id is set.
        NotFound,
    }
}

string_enum! {
    /// Unit of a DER setpoint or of the y-axis of a DER curve (`DERUnitEnumType`, 2.1 Part 2 §3.35).
    pub enum DerUnit {
        /// There is no unit, as with ride-through curves.
        NotApplicable = "Not_Applicable",
        /// Per cent of the configured active power.
        PctMaxW,
        /// Per cent of the configured reactive power.
        PctMaxVar,
        /// Per cent of the active power held in reserve that is available.
        PctWAvail,
        /// Per cent of the reactive power held in reserve that is available.
        PctVarAvail,
        /// Per cent of the effective voltage.
        PctEffectiveV,
    }
}

string_enum! {
    /// Kind of grid fault behind a DER alarm (`GridEventFaultEnumType`, 2.1 Part 2 §3.50).
    pub enum GridEventFault {
        /// The currents of the phases differ too much.
        CurrentImbalance,
        /// An emergency was detected on site.
        LocalEmergency,
        /// The input power is too low.
        LowInputPower,
        /// The current is too high.
        OverCurrent,
        /// The grid frequency is too high.
        OverFrequency,
        /// The voltage is too high.
        OverVoltage,
        /// A phase rotation fault was detected.
        PhaseRotation,
        /// An emergency was detected away from the site.
        RemoteEmergency,
        /// The grid frequency is too low.
        UnderFrequency,
        /// The voltage is too low.
        UnderVoltage,
        /// The voltages of the phases differ too much.
        VoltageImbalance,
    }
}

string_enum! {
    /// Which power the EV has to feed in during fault ride-through under the momentary cessation curves (`HVMomCess`,
    /// `LVMomCess`) (`PowerDuringCessationEnumType`, 2.1 Part 2 §3.78).
    pub enum PowerDuringCessation {
        /// The EV feeds in active power.
        Active,
        /// The EV feeds in reactive power.
        Reactive,
    }
}
