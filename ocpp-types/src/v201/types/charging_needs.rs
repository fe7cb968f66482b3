//! What an EV asks for and can do (ISO 15118).

use alloc::boxed::Box;

use serde::Serialize;

use super::EnergyTransferMode;
use crate::{CustomData, Timestamp};

/// What an EV asks for and can handle when charging with AC over ISO 15118-2 (`ACChargingParametersType`, 2.0.1 Part
/// 2 §2.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AcChargingParameters {
    /// Energy the EV asks for in Wh, preconditioning included.
    pub energy_amount: i64,
    /// Lowest current in A per phase that the EV can work with.
    pub ev_min_current: i64,
    /// Highest current in A per phase that the EV can take, with the cable rating taken into account.
    pub ev_max_current: i64,
    /// Highest voltage in V that the EV can take.
    pub ev_max_voltage: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// What an EV wants from a charging session: transfer mode, energy, limits and departure time (`ChargingNeedsType`,
/// 2.0.1 Part 2 §2.8).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingNeeds {
    /// Parameters of the EV for AC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ac_charging_parameters: Option<AcChargingParameters>,
    /// Parameters of the EV for DC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc_charging_parameters: Option<Box<DcChargingParameters>>,
    /// Energy transfer mode the EV has asked for.
    pub requested_energy_transfer: EnergyTransferMode,
    /// Moment at which the EV expects to leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departure_time: Option<Timestamp>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// What an EV asks for and can handle when charging with DC over ISO 15118-2 (`DCChargingParametersType`, 2.0.1 Part
/// 2 §2.21).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DcChargingParameters {
    /// Highest current in A that the EV can take, with the cable rating taken into account.
    pub ev_max_current: i64,
    /// Highest voltage in V that the EV can take.
    pub ev_max_voltage: i64,
    /// Energy the EV asks for in Wh, preconditioning included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_amount: Option<i64>,
    /// Highest power in W that the EV can take; to be given for DC charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_max_power: Option<i64>,
    /// Present charge of the battery as a percentage (0 to 100) of its capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub state_of_charge: Option<i64>,
    /// Size of the EV battery in Wh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev_energy_capacity: Option<i64>,
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
