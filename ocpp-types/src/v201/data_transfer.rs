//! Data transfer (functional block P).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::StatusInfo;
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, RawJson, Text};

/// The station or the CSMS sends the other side vendor-specific data that OCPP does not define (2.0.1 Part 2
/// §1.13.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DataTransferRequest {
    /// Tells apart different messages or implementations of the same vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Text<50>>,
    /// Free content whose form and length both sides have to agree on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<RawJson>,
    /// Names the vendor whose extension is used.
    pub vendor_id: CiString<255>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the receiving side to `DataTransfer` (2.0.1 Part 2 §1.13.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DataTransferResponse {
    /// Whether the receiver knew the vendor and message and accepted the data.
    pub status: DataTransferStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Free content sent back, in a form both sides have agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<RawJson>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Outcome of a vendor-specific data transfer (`DataTransferStatusEnumType`, 2.0.1 Part 2 §3.27).
    pub enum DataTransferStatus {
        /// The data was understood and the request in it is accepted.
        Accepted,
        /// The data was understood, but the request in it is refused.
        Rejected,
        /// The receiver does not know the `messageId`.
        UnknownMessageId,
        /// The receiver does not know the `vendorId`.
        UnknownVendorId,
    }
}
