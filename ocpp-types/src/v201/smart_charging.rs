//! Smart charging (functional block K).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{
    ChargingNeeds, ChargingProfile, ChargingProfilePurpose, ChargingRateUnit, ChargingSchedule, ChargingSchedulePeriod,
    GenericStatus, StatusInfo,
};
use crate::string_enum::string_enum;
use crate::{CustomData, List, Timestamp};

/// The CSMS tells the station to remove one charging profile, or all that match given criteria (2.0.1 Part 2 §1.7.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearChargingProfileRequest {
    /// Id of the single profile to remove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile_id: Option<i64>,
    /// EVSE, purpose and stack level that select the profiles to remove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile_criteria: Option<ClearChargingProfile>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearChargingProfile` (2.0.1 Part 2 §1.7.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearChargingProfileResponse {
    /// Whether matching profiles were found and removed.
    pub status: ClearChargingProfileStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that a charging limit set by an external source was lifted (2.0.1 Part 2 §1.9.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearedChargingLimitRequest {
    /// Who had set the lifted limit, as a `ChargingLimitSourceEnumStringType` value such as `EMS`.
    pub charging_limit_source: ChargingLimitSource,
    /// EVSE on which the lifted limit applied, 0 or higher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ClearedChargingLimit`, without content (2.0.1 Part 2 §1.9.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearedChargingLimitResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to report its installed charging profiles (2.0.1 Part 2 §1.19.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetChargingProfilesRequest {
    /// Number that the station repeats in the resulting `ReportChargingProfiles` messages.
    pub request_id: i64,
    /// EVSE whose profiles to report; 0 means only those of the grid connection, absent means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Criteria that a profile must meet to be reported.
    pub charging_profile: ChargingProfileCriterion,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetChargingProfiles`; the profiles follow in `ReportChargingProfiles` messages (2.0.1
/// Part 2 §1.19.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetChargingProfilesResponse {
    /// Whether matching profiles exist and will be reported.
    pub status: GetChargingProfileStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station for the schedule that results from all its active charging profiles and limits (2.0.1
/// Part 2 §1.20.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCompositeScheduleRequest {
    /// Time span that the schedule has to cover, in s.
    pub duration: i64,
    /// Forces the schedule into A or W; when absent the station chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_rate_unit: Option<ChargingRateUnit>,
    /// EVSE to calculate for; 0 asks for the expected consumption at the grid connection.
    pub evse_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetCompositeSchedule` (2.0.1 Part 2 §1.20.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetCompositeScheduleResponse {
    /// Whether the station could calculate the schedule.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// The calculated schedule; absent only if `status` is `Rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<CompositeSchedule>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that an external system has set a charging limit on it (2.0.1 Part 2 §1.33.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyChargingLimitRequest {
    /// Power or current limits over time, as the external source gave them.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub charging_schedule: List<ChargingSchedule, 1>,
    /// EVSE that is limited; 0 or absent means the whole station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Who set the limit and whether it is critical for the grid.
    pub charging_limit: ChargingLimit,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyChargingLimit`, without content (2.0.1 Part 2 §1.33.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyChargingLimitResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS how much energy the EV needs and under which limits, as calculated by the EV (2.0.1
/// Part 2 §1.36.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEvChargingNeedsRequest {
    /// Longest schedule the EV can handle: tuples in an ISO 15118-2 `SASchedule`, or power, price rule and price
    /// level entries in ISO 15118-20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_schedule_tuples: Option<i64>,
    /// Energy, power limits and departure time that the EV asks for.
    pub charging_needs: ChargingNeeds,
    /// EVSE to which the EV is connected, 1 or higher.
    pub evse_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyEVChargingNeeds` (2.0.1 Part 2 §1.36.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEvChargingNeedsResponse {
    /// Whether the CSMS could process the needs; this is no promise that they can be met.
    pub status: NotifyEvChargingNeedsStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS the charging schedule that the EV has planned (2.0.1 Part 2 §1.37.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEvChargingScheduleRequest {
    /// Moment from which the schedule periods are counted.
    pub time_base: Timestamp,
    /// Consumption that the EV plans over time, relative to `timeBase`.
    pub charging_schedule: ChargingSchedule,
    /// EVSE to which the schedule applies, 1 or higher.
    pub evse_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyEVChargingSchedule` (2.0.1 Part 2 §1.37.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEvChargingScheduleResponse {
    /// Whether the CSMS could process the message; it does not mean that the schedule is approved.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS installed charging profiles that `GetChargingProfiles` asked for (2.0.1 Part 2
/// §1.43.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReportChargingProfilesRequest {
    /// Number taken from the `GetChargingProfiles` request being answered.
    pub request_id: i64,
    /// Who installed the profiles, as a `ChargingLimitSourceEnumStringType` value such as `CSO`.
    pub charging_limit_source: ChargingLimitSource,
    /// Profiles of this source as they are installed in the station.
    pub charging_profile: List<ChargingProfile, 1>,
    /// `true` when more profiles follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// EVSE the profiles apply to; 0 means a limit for the station as a whole.
    pub evse_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ReportChargingProfiles`, without content (2.0.1 Part 2 §1.43.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReportChargingProfilesResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS installs a charging profile on an EVSE or on the station as a whole (2.0.1 Part 2 §1.51.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetChargingProfileRequest {
    /// EVSE the profile is for; 0 gives a default transaction profile to every EVSE separately, and makes a station
    /// maximum or external constraint a limit on the station as a whole.
    pub evse_id: i64,
    /// Charging profile to install on the station.
    pub charging_profile: ChargingProfile,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetChargingProfile` (2.0.1 Part 2 §1.51.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetChargingProfileResponse {
    /// Tells whether the station accepted the profile; acceptance does not mean the limits can be followed at every
    /// moment.
    pub status: ChargingProfileStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Where a charging limit from outside comes from and what sort it is (`ChargingLimitType`, 2.0.1 Part 2 §2.7).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingLimit {
    /// Who set the limit, for example `EMS`, `SO`, `CSO` or `Other`.
    pub charging_limit_source: ChargingLimitSource,
    /// Whether keeping to the limit is critical for the grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_grid_critical: Option<bool>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Filter that selects the charging profiles to be reported (`ChargingProfileCriterionType`, 2.0.1 Part 2 §2.9).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingProfileCriterion {
    /// Select only profiles with this purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile_purpose: Option<ChargingProfilePurpose>,
    /// Select only profiles at this stack level, where 0 is the lowest and a higher level overrules a lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_level: Option<i64>,
    /// Select only profiles with one of these ids; any id when absent.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub charging_profile_id: List<i64, 1>,
    /// Select only profiles from one of these limit sources, such as `EMS` or `CSO`; any source when absent.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub charging_limit_source: List<ChargingLimitSource, 1, 4>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Filter that selects the charging profiles to be cleared (`ClearChargingProfileType`, 2.0.1 Part 2 §2.14).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearChargingProfile {
    /// Select only profiles of this EVSE, where 0 is the station as a whole; profiles of any EVSE when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Select only profiles with this purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile_purpose: Option<ChargingProfilePurpose>,
    /// Select only profiles at this stack level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_level: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The schedule that results on an EVSE, or on the station as a whole, once all valid charging profiles are merged
/// (`CompositeScheduleType`, 2.0.1 Part 2 §2.18).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CompositeSchedule {
    /// Successive periods with the power or current that applies in each of them.
    pub charging_schedule_period: List<ChargingSchedulePeriod, 1>,
    /// EVSE this schedule was calculated for; 0 stands for the expected total at the grid connection of the station.
    pub evse_id: i64,
    /// Time span covered by the schedule, in s.
    pub duration: i64,
    /// Moment at which the schedule begins; the periods count their start from here.
    pub schedule_start: Timestamp,
    /// Unit, `A` or `W`, in which the limits of the periods are given.
    pub charging_rate_unit: ChargingRateUnit,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Party that a charging limit or profile comes from (`ChargingLimitSourceEnumType`, 2.0.1 Part 2 §3.11).
    pub enum ChargingLimitSource {
        /// The limit comes from an energy management system.
        Ems = "EMS",
        /// The limit comes from some external party other than an energy management system or grid operator.
        Other,
        /// The limit comes from a system operator of the distribution or transmission grid.
        So = "SO",
        /// The limit or profile was set by the charging station operator, that is through the CSMS.
        Cso = "CSO",
    }
}

string_enum! {
    /// Whether a request about a charging profile is carried out (`ChargingProfileStatusEnumType`, 2.0.1 Part 2
    /// §3.14).
    pub enum ChargingProfileStatus {
        /// The request is accepted and is going to be carried out.
        Accepted,
        /// The request is refused and nothing will be done.
        Rejected,
    }
}

string_enum! {
    /// Tells whether the station found and cleared charging profiles (`ClearChargingProfileStatusEnumType`, 2.0.1
    /// Part 2 §3.18).
    pub enum ClearChargingProfileStatus {
        /// The matching charging profiles are cleared.
        Accepted,
        /// No charging profile matches the request.
        Unknown,
    }
}

string_enum! {
    /// Tells whether the station will report charging profiles in `ReportChargingProfiles` messages
    /// (`GetChargingProfileStatusEnumType`, 2.0.1 Part 2 §3.38).
    pub enum GetChargingProfileStatus {
        /// Matching charging profiles exist and will be reported.
        Accepted,
        /// No charging profile matches the criteria.
        NoProfiles,
    }
}

string_enum! {
    /// What the CSMS makes of the reported charging needs. It says nothing on whether the present charging profile
    /// can satisfy them (`NotifyEVChargingNeedsStatusEnumType`, 2.0.1 Part 2 §3.59).
    pub enum NotifyEvChargingNeedsStatus {
        /// The CSMS will send a charging schedule shortly.
        Accepted,
        /// No profile can be given because the service is not available; in ISO 15118-20 the requested energy
        /// transfer type is not possible.
        Rejected,
        /// The CSMS is still collecting information before it can give a schedule.
        Processing,
    }
}
