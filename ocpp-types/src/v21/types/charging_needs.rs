//! What an EV asks for and can do (ISO 15118).

use alloc::boxed::Box;

use serde::Serialize;

use super::{DerControl, EnergyTransferMode};
use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text, Timestamp};

/// What an EV asks for and can handle when charging with AC over ISO 15118-2 (`ACChargingParametersType`, 2.1 Part 2
/// §2.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AcChargingParameters {
    /// Energy the EV asks for in Wh, preconditioning included.
    pub energy_amount: Decimal,
    /// Lowest current in A per phase that the EV can work with.
    pub ev_min_current: Decimal,
    /// Highest current in A per phase that the EV can take, with the cable rating taken into account.
    pub ev_max_current: Decimal,
    /// Highest voltage in V that the EV can take.
    pub ev_max_voltage: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// What an EV wants from a charging session: transfer mode, energy, limits and departure time (`ChargingNeedsType`,
/// 2.1 Part 2 §2.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingNeeds {
    /// Parameters of the EV for AC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ac_charging_parameters: Option<AcChargingParameters>,
    /// Extra inverter parameters for an ISO 15118-20 bidirectional AC session with DER control (`AC_BPT_DER`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub der_charging_parameters: Option<Box<DerChargingParameters>>,
    /// Discharge power, and its price, that the EV offers; periods in which it is willing to discharge carry negative
    /// power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_energy_offer: Option<Box<EvEnergyOffer>>,
    /// Energy transfer mode the EV has asked for.
    pub requested_energy_transfer: EnergyTransferMode,
    /// Parameters of the EV for DC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc_charging_parameters: Option<Box<DcChargingParameters>>,
    /// Parameters for an ISO 15118-20 session or any other session capable of bidirectional charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v2x_charging_parameters: Option<Box<V2xChargingParameters>>,
    /// All energy transfer modes the EV says it could use.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub available_energy_transfer: List<EnergyTransferMode, 1>,
    /// Whether the EV wants scheduled or dynamic control; taken as scheduled when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_mode: Option<ControlMode>,
    /// Tells whether only the EV, or also the station and CSMS, may set the state-of-charge targets and departure
    /// time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobility_needs_mode: Option<MobilityNeedsMode>,
    /// Moment at which the EV expects to leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departure_time: Option<Timestamp>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// What an EV asks for and can handle when charging with DC over ISO 15118-2 (`DCChargingParametersType`, 2.1 Part 2
/// §2.33).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DcChargingParameters {
    /// Highest current in A that the EV can take, with the cable rating taken into account.
    pub ev_max_current: Decimal,
    /// Highest voltage in V that the EV can take.
    pub ev_max_voltage: Decimal,
    /// Highest power in W that the EV can take; to be given for DC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_max_power: Option<Decimal>,
    /// Size of the EV battery in Wh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_energy_capacity: Option<Decimal>,
    /// Energy the EV asks for in Wh, preconditioning included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_amount: Option<Decimal>,
    /// Present charge of the battery as a percentage (0 to 100) of its capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub state_of_charge: Option<i64>,
    /// State of charge, 0 to 100 %, that counts as a full battery for the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub full_so_c: Option<i64>,
    /// State of charge, 0 to 100 %, at which fast charging is over in the view of the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub bulk_so_c: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Inverter settings for grid support (DER control) agreed by EV and EVSE in an ISO 15118-20 AC DER session. Members
/// starting with `ev` come from the EV, the others hold for both sides; no value is negative
/// (`DERChargingParametersType`, 2.1 Part 2 §2.34).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DerChargingParameters {
    /// DER control functions that the EV can perform.
    #[serde(rename = "evSupportedDERControl", default, skip_serializing_if = "List::is_empty")]
    pub ev_supported_der_control: List<DerControl, 1>,
    /// Rated active power the EV can inject while over-excited at `evOverExcitedPowerFactor`. The EV may discharge
    /// less than asked, down to this power, to keep up its reactive power support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_over_excited_max_discharge_power: Option<Decimal>,
    /// Power factor of the EV when it is over-excited, injecting its minimum reactive power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_over_excited_power_factor: Option<Decimal>,
    /// Rated active power the EV can inject while under-excited at `evUnderExcitedPowerFactor`. The EV may discharge
    /// less than asked, down to this power, to keep up its reactive power support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_under_excited_max_discharge_power: Option<Decimal>,
    /// Power factor of the EV when it is under-excited at its minimum reactive power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_under_excited_power_factor: Option<Decimal>,
    /// Rated maximum of total apparent power in VA, the lower of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_apparent_power: Option<Decimal>,
    /// Rated maximum apparent power in VA when charging, the lower of the EV and EVSE values. Covers all phases, or
    /// just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charge_apparent_power: Option<Decimal>,
    /// Rated maximum apparent power in VA when charging on phase L2, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargeApparentPower_L2", skip_serializing_if = "Option::is_none")]
    pub max_charge_apparent_power_l2: Option<Decimal>,
    /// Rated maximum apparent power in VA when charging on phase L3, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargeApparentPower_L3", skip_serializing_if = "Option::is_none")]
    pub max_charge_apparent_power_l3: Option<Decimal>,
    /// Rated maximum apparent power in VA when discharging, the lower of the EV and EVSE values. Covers all phases,
    /// or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_discharge_apparent_power: Option<Decimal>,
    /// Rated maximum apparent power in VA when discharging on phase L2, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargeApparentPower_L2", skip_serializing_if = "Option::is_none")]
    pub max_discharge_apparent_power_l2: Option<Decimal>,
    /// Rated maximum apparent power in VA when discharging on phase L3, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargeApparentPower_L3", skip_serializing_if = "Option::is_none")]
    pub max_discharge_apparent_power_l3: Option<Decimal>,
    /// Largest rated reactive power in var that can be absorbed, the lower of the EV and EVSE values. Covers all
    /// phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charge_reactive_power: Option<Decimal>,
    /// Largest rated reactive power in var that can be absorbed on phase L2, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargeReactivePower_L2", skip_serializing_if = "Option::is_none")]
    pub max_charge_reactive_power_l2: Option<Decimal>,
    /// Largest rated reactive power in var that can be absorbed on phase L3, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargeReactivePower_L3", skip_serializing_if = "Option::is_none")]
    pub max_charge_reactive_power_l3: Option<Decimal>,
    /// Smallest rated reactive power in var that can be absorbed, the higher of the EV and EVSE values. Covers all
    /// phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charge_reactive_power: Option<Decimal>,
    /// Smallest rated reactive power in var that can be absorbed on phase L2, the higher of the EV and EVSE values.
    #[serde(rename = "minChargeReactivePower_L2", skip_serializing_if = "Option::is_none")]
    pub min_charge_reactive_power_l2: Option<Decimal>,
    /// Smallest rated reactive power in var that can be absorbed on phase L3, the higher of the EV and EVSE values.
    #[serde(rename = "minChargeReactivePower_L3", skip_serializing_if = "Option::is_none")]
    pub min_charge_reactive_power_l3: Option<Decimal>,
    /// Largest rated reactive power in var that can be injected, the lower of the EV and EVSE values. Covers all
    /// phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_discharge_reactive_power: Option<Decimal>,
    /// Largest rated reactive power in var that can be injected on phase L2, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargeReactivePower_L2", skip_serializing_if = "Option::is_none")]
    pub max_discharge_reactive_power_l2: Option<Decimal>,
    /// Largest rated reactive power in var that can be injected on phase L3, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargeReactivePower_L3", skip_serializing_if = "Option::is_none")]
    pub max_discharge_reactive_power_l3: Option<Decimal>,
    /// Smallest rated reactive power in var that can be injected, the higher of the EV and EVSE values. Covers all
    /// phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_discharge_reactive_power: Option<Decimal>,
    /// Smallest rated reactive power in var that can be injected on phase L2, the higher of the EV and EVSE values.
    #[serde(rename = "minDischargeReactivePower_L2", skip_serializing_if = "Option::is_none")]
    pub min_discharge_reactive_power_l2: Option<Decimal>,
    /// Smallest rated reactive power in var that can be injected on phase L3, the higher of the EV and EVSE values.
    #[serde(rename = "minDischargeReactivePower_L3", skip_serializing_if = "Option::is_none")]
    pub min_discharge_reactive_power_l3: Option<Decimal>,
    /// Line voltage in V at which both the EVSE and the EV can work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nominal_voltage: Option<Decimal>,
    /// Difference in nominal AC voltage (V rms) between where the station is connected and the point of common
    /// coupling of the utility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nominal_voltage_offset: Option<Decimal>,
    /// Highest AC voltage (V rms) to work at, the lower of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_nominal_voltage: Option<Decimal>,
    /// Lowest AC voltage (V rms) to work at, the higher of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_nominal_voltage: Option<Decimal>,
    /// Company that made the inverter in the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_inverter_manufacturer: Option<Text<50>>,
    /// Model designation of the inverter in the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_inverter_model: Option<Text<50>>,
    /// Serial number of the inverter in the EV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_inverter_serial_number: Option<Text<50>>,
    /// Version of the software in the EV inverter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_inverter_sw_version: Option<Text<50>>,
    /// Version of the EV inverter hardware.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_inverter_hw_version: Option<Text<50>>,
    /// Ways in which the EV detects islanding; to be given when the ISO 15118 service details demand islanding
    /// detection at this site.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub ev_islanding_detection_method: List<IslandingDetection, 1>,
    /// Time in seconds from the detection of an island until the EV trips.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_islanding_trip_time: Option<Decimal>,
    /// Highest DC current in A that may be injected at level 1.
    #[serde(rename = "evMaximumLevel1DCInjection", skip_serializing_if = "Option::is_none")]
    pub ev_maximum_level1_dc_injection: Option<Decimal>,
    /// Longest time in seconds that DC may be injected at level 1.
    #[serde(rename = "evDurationLevel1DCInjection", skip_serializing_if = "Option::is_none")]
    pub ev_duration_level1_dc_injection: Option<Decimal>,
    /// Highest DC current in A that may be injected at level 2.
    #[serde(rename = "evMaximumLevel2DCInjection", skip_serializing_if = "Option::is_none")]
    pub ev_maximum_level2_dc_injection: Option<Decimal>,
    /// Longest time in seconds that DC may be injected at level 2.
    #[serde(rename = "evDurationLevel2DCInjection", skip_serializing_if = "Option::is_none")]
    pub ev_duration_level2_dc_injection: Option<Decimal>,
    /// Reactive susceptance of the EV circuit in siemens (S).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_reactive_susceptance: Option<Decimal>,
    /// Energy in Wh the EV may still deliver in this V2G session, regardless of the V2X cycling range; at 0 the EV
    /// may refuse further discharging to spare its battery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_session_total_discharge_energy_available: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Prices over time that the EV asks for the energy it offers (`EVAbsolutePriceScheduleType`, 2.1 Part 2 §2.41).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvAbsolutePriceSchedule {
    /// Moment at which the energy offer, and so the first entry, begins.
    pub time_anchor: Timestamp,
    /// Currency of the prices as an ISO 4217 code.
    pub currency: Text<3>,
    /// Consecutive periods that make up the price schedule.
    pub ev_absolute_price_schedule_entries: List<EvAbsolutePriceScheduleEntry, 1, 1024>,
    /// URN from ISO 15118-20 that names how the price is calculated: Power, PeakPower or StackedEnergy.
    pub price_algorithm: Text<2000>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One period of the EV price schedule, with the prices at which the EV would discharge in it
/// (`EVAbsolutePriceScheduleEntryType`, 2.1 Part 2 §2.40).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvAbsolutePriceScheduleEntry {
    /// Length of this period in seconds.
    pub duration: i64,
    /// Energy prices for this period, each for its own power range.
    pub ev_price_rule: List<EvPriceRule, 1, 8>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Power over time, with prices if wanted, that an EV is ready to discharge. Negative values stand for conditional
/// willingness to discharge, positive ones for no energy to offer at present (`EVEnergyOfferType`, 2.1 Part 2 §2.42).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvEnergyOffer {
    /// Prices the EV asks for the offered energy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_absolute_price_schedule: Option<EvAbsolutePriceSchedule>,
    /// Power over time that the EV is ready to discharge.
    pub ev_power_schedule: EvPowerSchedule,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Power over time in the energy offer of an EV (`EVPowerScheduleType`, 2.1 Part 2 §2.45).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvPowerSchedule {
    /// Consecutive periods that make up the power schedule.
    pub ev_power_schedule_entries: List<EvPowerScheduleEntry, 1, 1024>,
    /// Moment at which the energy offer, and so the first entry, begins.
    pub time_anchor: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One period of the power schedule offered by an EV; negative power means it would discharge, positive that it has
/// nothing to offer (`EVPowerScheduleEntryType`, 2.1 Part 2 §2.44).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvPowerScheduleEntry {
    /// Length of this period in seconds.
    pub duration: i64,
    /// Maximum power in W that may be taken from the EV battery through the EVSE in this period; discharging is
    /// negative.
    pub power: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Energy price of an EV offer that holds from a given power upwards (`EVPriceRuleType`, 2.1 Part 2 §2.46).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EvPriceRule {
    /// Price of one kWh.
    pub energy_fee: Decimal,
    /// Power in W from which this price holds, up to the start of the next rule; below it the previous rule counts.
    /// Discharging is negative.
    pub power_range_start: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Charging limits and energy needs of an EV in an ISO 15118-20 session, bidirectional ones included. Only the energy
/// request members may be negative (`V2XChargingParametersType`, 2.1 Part 2 §2.113).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct V2xChargingParameters {
    /// Lowest charging power in W, the higher of the EV and EVSE values. Covers all phases, or just L1 if there are
    /// separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charge_power: Option<Decimal>,
    /// Lowest charging power in W on phase L2, the higher of the EV and EVSE values.
    #[serde(rename = "minChargePower_L2", skip_serializing_if = "Option::is_none")]
    pub min_charge_power_l2: Option<Decimal>,
    /// Lowest charging power in W on phase L3, the higher of the EV and EVSE values.
    #[serde(rename = "minChargePower_L3", skip_serializing_if = "Option::is_none")]
    pub min_charge_power_l3: Option<Decimal>,
    /// Highest charging power in W at unity power factor, the lower of the EV and EVSE values. Covers all phases, or
    /// just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charge_power: Option<Decimal>,
    /// Highest charging power in W on phase L2, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargePower_L2", skip_serializing_if = "Option::is_none")]
    pub max_charge_power_l2: Option<Decimal>,
    /// Highest charging power in W on phase L3, the lower of the EV and EVSE values.
    #[serde(rename = "maxChargePower_L3", skip_serializing_if = "Option::is_none")]
    pub max_charge_power_l3: Option<Decimal>,
    /// Lowest discharging power in W at unity power factor, not negative, the higher of the EV and EVSE values.
    /// Covers all phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_discharge_power: Option<Decimal>,
    /// Lowest discharging power in W on phase L2, not negative, the higher of the EV and EVSE values.
    #[serde(rename = "minDischargePower_L2", skip_serializing_if = "Option::is_none")]
    pub min_discharge_power_l2: Option<Decimal>,
    /// Lowest discharging power in W on phase L3, not negative, the higher of the EV and EVSE values.
    #[serde(rename = "minDischargePower_L3", skip_serializing_if = "Option::is_none")]
    pub min_discharge_power_l3: Option<Decimal>,
    /// Highest discharging power in W at unity power factor, not negative, the lower of the EV and EVSE values.
    /// Covers all phases, or just L1 if there are separate L2 and L3 values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_discharge_power: Option<Decimal>,
    /// Highest discharging power in W on phase L2, not negative, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargePower_L2", skip_serializing_if = "Option::is_none")]
    pub max_discharge_power_l2: Option<Decimal>,
    /// Highest discharging power in W on phase L3, not negative, the lower of the EV and EVSE values.
    #[serde(rename = "maxDischargePower_L3", skip_serializing_if = "Option::is_none")]
    pub max_discharge_power_l3: Option<Decimal>,
    /// Lowest charging current in A, the higher of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charge_current: Option<Decimal>,
    /// Highest charging current in A, the lower of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charge_current: Option<Decimal>,
    /// Lowest discharging current in A, not negative, the higher of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_discharge_current: Option<Decimal>,
    /// Highest discharging current in A, not negative, the lower of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_discharge_current: Option<Decimal>,
    /// Lowest voltage in V, the higher of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_voltage: Option<Decimal>,
    /// Highest voltage in V, the lower of the EV and EVSE values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_voltage: Option<Decimal>,
    /// Energy in Wh still needed for the target state of charge; may be negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_target_energy_request: Option<Decimal>,
    /// Energy in Wh still needed for the minimum state of charge; negative when the EV is above it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_min_energy_request: Option<Decimal>,
    /// Energy in Wh that fits until the maximum state of charge is reached; may be negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_max_energy_request: Option<Decimal>,
    /// Energy in Wh up to the lower end of the V2X cycling range; positive while the battery is below that range.
    #[serde(rename = "evMinV2XEnergyRequest", skip_serializing_if = "Option::is_none")]
    pub ev_min_v2x_energy_request: Option<Decimal>,
    /// Energy in Wh up to the upper end of the V2X cycling range; negative while the battery is above that range.
    #[serde(rename = "evMaxV2XEnergyRequest", skip_serializing_if = "Option::is_none")]
    pub ev_max_v2x_energy_request: Option<Decimal>,
    /// State of charge, 0 to 100 %, wanted at departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub target_so_c: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How an ISO 15118-20 session is steered: by schedules the EV picks from, or by continuous setpoints
    /// (`ControlModeEnumType`, 2.1 Part 2 §3.25).
    pub enum ControlMode {
        /// The EVSE offers up to three schedules and the EV follows the one it selects.
        ScheduledControl,
        /// The EVSE runs one schedule itself and steers the EV with a new setpoint each interval.
        DynamicControl,
    }
}

string_enum! {
    /// How the EV inverter notices that it has become separated from the grid (islanding)
    /// (`IslandingDetectionEnumType`, 2.1 Part 2 §3.54).
    pub enum IslandingDetection {
        /// The inverter has no way to detect islanding.
        NoAntiIslandingSupport,
        /// Passive method that watches the rate of change of the grid frequency.
        RoCoF,
        /// Passive method based on under-voltage and over-voltage protection limits.
        UvpOvp = "UVP_OVP",
        /// Passive method based on under-frequency and over-frequency protection limits.
        UfpOfp = "UFP_OFP",
        /// Passive method that looks for a sudden jump of the voltage phase angle.
        VoltageVectorShift,
        /// Passive method that evaluates the moments at which the voltage crosses zero.
        ZeroCrossingDetection,
        /// A passive detection method that has no value of its own in this list.
        OtherPassive,
        /// Active method that measures the impedance of the grid.
        ImpedanceMeasurement,
        /// Active method that detects a change of grid impedance at one particular frequency.
        ImpedanceAtFrequency,
        /// Active method that shifts the phase as a function of frequency so that an island drifts out of range
        /// (slip-mode frequency shift).
        SlipModeFrequencyShift,
        /// Active method that biases the output frequency, known as Sandia frequency shift.
        SandiaFrequencyShift,
        /// Active method that applies positive feedback on the voltage amplitude, known as Sandia voltage shift.
        SandiaVoltageShift,
        /// Active method that inserts deliberate jumps into the output frequency.
        FrequencyJump,
        /// Detection related to the quality factor (Q) of a resistive, capacitive and inductive load.
        RclqFactor = "RCLQFactor",
        /// An active detection method that has no value of its own in this list.
        OtherActive,
    }
}

string_enum! {
    /// Who may decide on the minimum and target state of charge and the departure time in an ISO 15118-20 session
    /// (`MobilityNeedsModeEnumType`, 2.1 Part 2 §3.64).
    pub enum MobilityNeedsMode {
        /// The EV alone sets the state-of-charge goals and the departure time.
        Evcc = "EVCC",
        /// Besides the EV, the station or the CSMS may change the state-of-charge goals and departure time.
        EvccSecc = "EVCC_SECC",
    }
}
