//! Tariff and cost (functional block I).

use alloc::boxed::Box;

use serde::Serialize;

use crate::{CiString, CustomData, Decimal};

/// The CSMS tells the station the running cost of a transaction, for display to the driver (2.0.1 Part 2 §1.11.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostUpdatedRequest {
    /// Cost of the transaction so far as known by the CSMS, taxes included, in the currency of the `Currency`
    /// variable.
    pub total_cost: Decimal,
    /// Transaction to which the cost belongs.
    pub transaction_id: CiString<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CostUpdated`, without content (2.0.1 Part 2 §1.11.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostUpdatedResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}
