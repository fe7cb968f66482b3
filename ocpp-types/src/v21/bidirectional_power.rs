//! Bidirectional power transfer (functional block Q).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{EnergyTransferMode, GenericStatus, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, List, Timestamp};

/// The CSMS passes an automatic frequency restoration reserve (aFRR) signal to the station, which looks up the
/// matching power in `v2xSignalWattCurve` (2.1 Part 2 §1.2.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AfrrSignalRequest {
    /// Moment from which the signal applies.
    pub timestamp: Timestamp,
    /// Signal value to look up in `v2xSignalWattCurve`.
    pub signal: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `AFRRSignal` (2.1 Part 2 §1.2.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AfrrSignalResponse {
    /// Whether the station accepts the signal, which it does when the schedule period at that time has a
    /// `v2xSignalWattCurve`.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station which energy transfer modes the EV may now use, for example to permit bidirectional
/// charging later in a session (2.1 Part 2 §1.44.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyAllowedEnergyTransferRequest {
    /// Running transaction to which the permitted modes apply.
    pub transaction_id: CiString<36>,
    /// Energy transfer modes the CSMS permits; leaving out the active one makes the EV switch.
    pub allowed_energy_transfer: List<EnergyTransferMode, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `NotifyAllowedEnergyTransfer` (2.1 Part 2 §1.44.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyAllowedEnergyTransferResponse {
    /// Whether the station takes over the new list; a refusal normally means a technical problem.
    pub status: NotifyAllowedEnergyTransferStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Whether the station takes over the new list of allowed energy transfer modes
    /// (`NotifyAllowedEnergyTransferStatusEnumType`, 2.1 Part 2 §3.69).
    pub enum NotifyAllowedEnergyTransferStatus {
        /// The station takes over the list and renegotiates the service with the EV.
        Accepted,
        /// The station refused the list, which should happen only on technical trouble.
        Rejected,
    }
}
