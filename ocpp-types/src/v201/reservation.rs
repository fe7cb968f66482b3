//! Reservation (functional block H).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{IdToken, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, Timestamp};

/// The CSMS tells the station to drop an existing reservation (2.0.1 Part 2 §1.3.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CancelReservationRequest {
    /// Identifies which reservation has to be dropped, 0 or higher.
    pub reservation_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CancelReservation` (2.0.1 Part 2 §1.3.2).
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

/// The station tells the CSMS that a reservation is no longer valid or led to no transaction (2.0.1 Part 2 §1.46.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReservationStatusUpdateRequest {
    /// Identifies the reservation concerned, 0 or higher.
    pub reservation_id: i64,
    /// What became of the reservation, for example that it expired.
    pub reservation_update_status: ReservationUpdateStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ReservationStatusUpdate`, without content (2.0.1 Part 2 §1.46.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReservationStatusUpdateResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to keep an EVSE free for a driver (2.0.1 Part 2 §1.47.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReserveNowRequest {
    /// Identifies the reservation; an existing one with this id is replaced.
    pub id: i64,
    /// When the reservation ends unless it is used before.
    pub expiry_date_time: Timestamp,
    /// Type of connector that the driver needs, as a `ConnectorEnumStringType` value such as `cCCS2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_type: Option<Connector>,
    /// Token for which the reservation is made.
    pub id_token: IdToken,
    /// EVSE to reserve; when absent the station keeps any suitable EVSE available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Group whose tokens may also use the reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id_token: Option<IdToken>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ReserveNow` (2.0.1 Part 2 §1.47.2).
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
    /// Tells whether the station cancelled the reservation (`CancelReservationStatusEnumType`, 2.0.1 Part 2 §3.6).
    pub enum CancelReservationStatus {
        /// The reservation was cancelled.
        Accepted,
        /// Nothing was cancelled, as the station has no active reservation with that identifier.
        Rejected,
    }
}

string_enum! {
    /// Type of a connector, captive cable (`c`), socket (`s`) or wireless (`w`) (`ConnectorEnumType`, 2.0.1 Part 2
    /// §3.22).
    pub enum Connector {
        /// Captive cable with a CCS Combo 1 plug.
        CCcs1 = "cCCS1",
        /// Captive cable with a CCS Combo 2 plug.
        CCcs2 = "cCCS2",
        /// Captive cable with a CHAdeMO plug (JARI G105-1993).
        CG105 = "cG105",
        /// Captive cable with a Tesla plug.
        CTesla = "cTesla",
        /// Captive cable with an IEC 62196-2 Type 1 plug, also named J1772.
        CType1 = "cType1",
        /// Captive cable with an IEC 62196-2 Type 2 plug, also named Mennekes.
        CType2 = "cType2",
        /// Single-phase IEC 60309 socket for 16 A.
        S3091P16A = "s309-1P-16A",
        /// Single-phase IEC 60309 socket for 32 A.
        S3091P32A = "s309-1P-32A",
        /// Three-phase IEC 60309 socket for 16 A.
        S3093P16A = "s309-3P-16A",
        /// Three-phase IEC 60309 socket for 32 A.
        S3093P32A = "s309-3P-32A",
        /// British household socket for 13 A.
        SBs1361 = "sBS1361",
        /// Household socket for 16 A taking CEE 7/7 plugs, such as Schuko.
        SCee77 = "sCEE-7-7",
        /// IEC 62196-2 Type 2 socket, also named Mennekes.
        SType2 = "sType2",
        /// IEC 62196-2 Type 3 socket, also named Scame.
        SType3 = "sType3",
        /// Any single-phase socket without its own value here, rated for at most 16 A.
        Other1PhMax16A,
        /// Any single-phase socket without its own value here, rated above 16 A.
        Other1PhOver16A,
        /// Any three-phase socket without its own value here.
        Other3Ph,
        /// Pantograph, as used for charging buses.
        Pan,
        /// Wireless charging by inductive coupling.
        WInductive = "wInductive",
        /// Wireless charging by resonant coupling.
        WResonant = "wResonant",
        /// The type is not known yet, for instance before something is plugged in.
        Undetermined,
        /// The type cannot be determined.
        Unknown,
    }
}

string_enum! {
    /// What happened to a reservation that is no longer pending (`ReservationUpdateStatusEnumType`, 2.0.1 Part 2
    /// §3.72).
    pub enum ReservationUpdateStatus {
        /// The reservation ran past its expiry time without being used.
        Expired,
        /// The station dropped the reservation, for example because the reserved EVSE went out of service.
        Removed,
    }
}

string_enum! {
    /// Whether the station made the requested reservation and, if not, why (`ReserveNowStatusEnumType`, 2.0.1 Part 2
    /// §3.73).
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
