//! Battery swapping (functional block S).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{GenericStatus, IdToken, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text, Timestamp};

/// The station tells the CSMS that batteries were put into or taken out of a battery swap station (2.1 Part 2
/// §1.4.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BatterySwapRequest {
    /// Details of each battery that was inserted or taken out.
    pub battery_data: List<BatteryData, 1>,
    /// Whether batteries went in, went out or were not taken out in time.
    pub event_type: BatterySwapEvent,
    /// Token of the driver who swaps the batteries.
    pub id_token: IdToken,
    /// Number that links the in and out events of a swap, and the `RequestBatterySwap` that may have started it.
    pub request_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `BatterySwap`, without content: a swap report cannot be refused (2.1 Part 2 §1.4.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BatterySwapResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks a battery swap station to start a swap for a driver (2.1 Part 2 §1.65.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestBatterySwapRequest {
    /// Authorized token of the driver who wants to swap batteries.
    pub id_token: IdToken,
    /// Number that the station repeats in the resulting `BatterySwap` messages.
    pub request_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `RequestBatterySwap` (2.1 Part 2 §1.65.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestBatterySwapResponse {
    /// Whether the station can do the swap; `Rejected` for example when too few batteries are available.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Describes one battery that was put into or taken from a swap station (`BatteryDataType`, 2.1 Part 2 §2.8).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BatteryData {
    /// Number of the slot that holds or held the battery.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Serial number that identifies the battery.
    pub serial_number: Text<50>,
    /// State of charge of the battery in %, from 0 to 100.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub so_c: Decimal,
    /// State of health of the battery in %, from 0 to 100.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub so_h: Decimal,
    /// Date on which the battery was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production_date: Option<Timestamp>,
    /// Free-form data about the battery defined by its vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_info: Option<Text<500>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// What happened with batteries at a swap station (`BatterySwapEventEnumType`, 2.1 Part 2 §3.5).
    pub enum BatterySwapEvent {
        /// The driver put one or more batteries into the station.
        BatteryIn,
        /// The driver took one or more batteries from the station.
        BatteryOut,
        /// The driver did not take the offered batteries in time.
        BatteryOutTimeout,
    }
}
