//! Availability (functional block G).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{Evse, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, Timestamp};

/// The CSMS tells the station to put itself, an EVSE or a connector in or out of operation (2.0.1 Part 2 §1.5.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeAvailabilityRequest {
    /// EVSE, and possibly connector, to change; when absent the change covers the whole station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse: Option<Evse>,
    /// Whether the target must become operative or inoperative.
    pub operational_status: OperationalStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ChangeAvailability` (2.0.1 Part 2 §1.5.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeAvailabilityResponse {
    /// Whether the change is made, refused or scheduled until running transactions end.
    pub status: ChangeAvailabilityStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that it is still connected (2.0.1 Part 2 §1.29.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatRequest {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `Heartbeat` (2.0.1 Part 2 §1.29.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatResponse {
    /// Clock time at the CSMS, which the station can use to set its own clock.
    pub current_time: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS the current status of a connector (2.0.1 Part 2 §1.59.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StatusNotificationRequest {
    /// Moment at which the reported status held.
    pub timestamp: Timestamp,
    /// Current status of the connector.
    pub connector_status: ConnectorStatus,
    /// EVSE the connector is part of.
    pub evse_id: i64,
    /// Number of the connector within its EVSE.
    pub connector_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `StatusNotification`, merely confirming receipt (2.0.1 Part 2 §1.59.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StatusNotificationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station will change its availability as asked (`ChangeAvailabilityStatusEnumType`, 2.0.1
    /// Part 2 §3.10).
    pub enum ChangeAvailabilityStatus {
        /// The station will make the change.
        Accepted,
        /// The station will not make the change.
        Rejected,
        /// The station will make the change once the running transactions have ended.
        Scheduled,
    }
}

string_enum! {
    /// Whether a connector can be used and, if not, what prevents it (`ConnectorStatusEnumType`, 2.0.1 Part 2 §3.23).
    pub enum ConnectorStatus {
        /// The connector is free for a new driver.
        Available,
        /// The connector is in use and cannot serve another driver.
        Occupied,
        /// The connector is kept free for the holder of a reservation.
        Reserved,
        /// The connector is out of service, either by a `ChangeAvailability` command or by decision of the station.
        Unavailable,
        /// The connector, its EVSE or the station reported an error, so it cannot deliver energy.
        Faulted,
    }
}

string_enum! {
    /// Availability that the station, EVSE or connector must change to (`OperationalStatusEnumType`, 2.0.1 Part 2
    /// §3.63).
    pub enum OperationalStatus {
        /// Take it out of service, so that it cannot be used for charging.
        Inoperative,
        /// Put it in service, so that it can be used for charging.
        Operative,
    }
}
