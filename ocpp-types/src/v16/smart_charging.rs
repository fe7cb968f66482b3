//! Smart Charging profile.

use serde::Serialize;

use super::types::{ChargingProfile, ChargingProfilePurpose, ChargingRateUnit, ChargingSchedule};
use crate::Timestamp;
use crate::string_enum::string_enum;

/// The CSMS tells the station to remove one charging profile, or all that match the given criteria (1.6 §6.13).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearChargingProfileRequest {
    /// Id of the one charging profile to remove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Connector whose profiles are removed, 0 standing for those of the station as a whole; when absent the
    /// connector does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
    /// Only profiles with this purpose are removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile_purpose: Option<ChargingProfilePurpose>,
    /// Only profiles at this stack level are removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_level: Option<i64>,
}

/// Answer of the station to `ClearChargingProfile` (1.6 §6.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearChargingProfileResponse {
    /// Tells whether matching profiles were found and removed.
    pub status: ClearChargingProfileStatus,
}

/// The CSMS asks the station which limits will result from all its charging profiles together (1.6 §6.21).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCompositeScheduleRequest {
    /// Connector the schedule is wanted for; 0 asks for the expected consumption of the whole station from the grid.
    pub connector_id: i64,
    /// Length of the wanted schedule in s, counted from receipt of the request.
    pub duration: i64,
    /// Unit (A or W) in which the station must report the limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_rate_unit: Option<ChargingRateUnit>,
}

/// Answer of the station to `GetCompositeSchedule` (1.6 §6.22).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCompositeScheduleResponse {
    /// Tells whether the station could work out the schedule.
    pub status: GetCompositeScheduleStatus,
    /// Connector the schedule is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
    /// Moment from which the periods of the schedule count; may be absent if the request was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_start: Option<Timestamp>,
    /// Resulting schedule, counted from `scheduleStart`; may be absent if the request was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_schedule: Option<ChargingSchedule>,
}

/// The CSMS installs a charging profile in the station (1.6 §6.43).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetChargingProfileRequest {
    /// Connector the profile applies to; 0 means the station as a whole, or every connector for a `TxDefaultProfile`.
    pub connector_id: i64,
    /// The charging profile to install.
    pub cs_charging_profiles: ChargingProfile,
}

/// Answer of the station to `SetChargingProfile` (1.6 §6.44).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetChargingProfileResponse {
    /// Tells whether the station took the profile; other constraints may still make it deviate from the schedule.
    pub status: ChargingProfileStatus,
}

string_enum! {
    /// Decision of the station on a charging profile (1.6 §7.11).
    pub enum ChargingProfileStatus {
        /// The station has taken the profile and will use it.
        Accepted,
        /// The station refuses the profile.
        Rejected,
        /// The station does not support setting charging profiles this way.
        NotSupported,
    }
}

string_enum! {
    /// Outcome of removing charging profiles (1.6 §7.21).
    pub enum ClearChargingProfileStatus {
        /// The matching profiles are removed.
        Accepted,
        /// No profile matches the request.
        Unknown,
    }
}

string_enum! {
    /// Outcome of a request for the composite schedule (1.6 §7.26).
    pub enum GetCompositeScheduleStatus {
        /// The schedule was worked out and is in the answer.
        Accepted,
        /// The station cannot give the schedule, for instance as it does not know the connector.
        Rejected,
    }
}
