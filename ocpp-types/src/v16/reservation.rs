//! Reservation profile.

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CiString, Timestamp};

/// The CSMS tells the station to cancel a reservation (1.6 §6.5).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CancelReservationRequest {
    /// Reservation to cancel.
    pub reservation_id: i64,
}

/// Answer of the station to `CancelReservation` (1.6 §6.6).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CancelReservationResponse {
    /// Tells whether the reservation was cancelled.
    pub status: CancelReservationStatus,
}

/// The CSMS asks the station to keep a connector free for a given token (1.6 §6.37).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReserveNowRequest {
    /// Connector to reserve; 0 reserves no particular one but keeps any one connector free.
    pub connector_id: i64,
    /// Moment at which the reservation lapses.
    pub expiry_date: Timestamp,
    /// Token for which the connector is kept.
    pub id_tag: CiString<20>,
    /// Group token; any token of this group may use the reservation too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id_tag: Option<CiString<20>>,
    /// Number that identifies the reservation, for example when it is cancelled.
    pub reservation_id: i64,
}

/// Answer of the station to `ReserveNow` (1.6 §6.38).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReserveNowResponse {
    /// Tells whether the reservation was made, or why it was not.
    pub status: ReservationStatus,
}

string_enum! {
    /// Outcome of cancelling a reservation (1.6 §7.5).
    pub enum CancelReservationStatus {
        /// The reservation was cancelled.
        Accepted,
        /// Nothing was cancelled, as the station has no active reservation with that id.
        Rejected,
    }
}

string_enum! {
    /// Outcome of a request for a reservation (1.6 §7.40).
    pub enum ReservationStatus {
        /// The reservation was made.
        Accepted,
        /// No reservation, as the connector asked for, or every connector, has a fault.
        Faulted,
        /// No reservation, as the connector asked for, or every connector, is in use.
        Occupied,
        /// No reservation, as the station is set up not to take any.
        Rejected,
        /// No reservation, as the connector asked for, or every connector, is out of service.
        Unavailable,
    }
}
