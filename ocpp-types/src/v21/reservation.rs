//! Reservation (functional block H).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{IdToken, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, Text, Timestamp};

/// The CSMS tells the station to drop an existing reservation (2.1 Part 2 §1.6.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CancelReservationRequest {
    /// Identifies which reservation has to be dropped, 0 or higher.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub reservation_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CancelReservation` (2.1 Part 2 §1.6.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CancelReservationResponse {
    /// Whether the reservation was found and dropped.
    pub status: CancelReservationStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that a reservation is no longer valid or led to no transaction (2.1 Part 2 §1.68.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReservationStatusUpdateRequest {
    /// Identifies the reservation concerned, 0 or higher.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub reservation_id: i64,
    /// What became of the reservation, for example that it expired.
    pub reservation_update_status: ReservationUpdateStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ReservationStatusUpdate`, without content (2.1 Part 2 §1.68.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReservationStatusUpdateResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to keep an EVSE free for a driver (2.1 Part 2 §1.69.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReserveNowRequest {
    /// Identifies the reservation; an existing one with this id is replaced.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// When the reservation ends unless it is used before.
    pub expiry_date_time: Timestamp,
    /// Type of connector that the driver needs, as a `ConnectorEnumStringType` value such as `cCCS2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_type: Option<Text<20>>,
    /// Token for which the reservation is made.
    pub id_token: IdToken,
    /// EVSE to reserve; when absent the station keeps any suitable EVSE available.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: Option<i64>,
    /// Group whose tokens may also use the reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id_token: Option<IdToken>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ReserveNow` (2.1 Part 2 §1.69.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReserveNowResponse {
    /// Whether the reservation succeeded, or why not.
    pub status: ReserveNowStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station cancelled the reservation (`CancelReservationStatusEnumType`, 2.1 Part 2 §3.7).
    pub enum CancelReservationStatus {
        /// The reservation was cancelled.
        Accepted,
        /// Nothing was cancelled, as the station has no active reservation with that identifier.
        Rejected,
    }
}

string_enum! {
    /// What happened to a reservation that is no longer pending (`ReservationUpdateStatusEnumType`, 2.1 Part 2
    /// §3.88).
    pub enum ReservationUpdateStatus {
        /// The reservation ran past its expiry time without being used.
        Expired,
        /// The station dropped the reservation, for example because the reserved EVSE went out of service.
        Removed,
        /// The reserving token was presented, but no transaction followed, for example because no cable was plugged
        /// in.
        NoTransaction,
    }
}

string_enum! {
    /// Whether the station made the requested reservation and, if not, why (`ReserveNowStatusEnumType`, 2.1 Part 2
    /// §3.89).
    pub enum ReserveNowStatus {
        /// The reservation is in place.
        Accepted,
        /// No reservation was made because the EVSE or its connectors have a fault.
        Faulted,
        /// No reservation was made because the EVSE or connector is in use.
        Occupied,
        /// No reservation was made because the station is not set up to take reservations.
        Rejected,
        /// No reservation was made because the EVSE or its connectors are out of service.
        Unavailable,
    }
}
