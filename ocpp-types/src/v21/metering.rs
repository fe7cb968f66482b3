//! Meter values (functional block J).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::MeterValue;
use crate::{CustomData, List};

/// The station sends the CSMS meter readings that do not belong to a transaction (2.1 Part 2 §1.43.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MeterValuesRequest {
    /// EVSE that was measured; 0 stands for the main power meter of the station.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Sampled readings, each set with its time.
    pub meter_value: List<MeterValue, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `MeterValues`, without content (2.1 Part 2 §1.43.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MeterValuesResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}
