//! Local Auth List Management profile.

use serde::Serialize;

use super::types::IdTagInfo;
use crate::string_enum::string_enum;
use crate::{CiString, List};

/// The CSMS asks the station for the version of its Local Authorization List (1.6 §6.27).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GetLocalListVersionRequest {}

/// Answer of the station to `GetLocalListVersion` (1.6 §6.28).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLocalListVersionResponse {
    /// Version of the list now in the station; 0 means the list is empty and -1 that the station does not support
    /// such lists.
    pub list_version: i64,
}

/// The CSMS sends the station a new Local Authorization List or changes to the present one (1.6 §6.41).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SendLocalListRequest {
    /// Version that the list has once this update is in place.
    pub list_version: i64,
    /// The whole new list, or just the changes for a differential update, each `idTag` at most once. When absent or
    /// empty, a full update clears the list and a differential one changes nothing.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub local_authorization_list: List<AuthorizationData>,
    /// Whether the entries replace the list or change it.
    pub update_type: UpdateType,
}

/// Answer of the station to `SendLocalList` (1.6 §6.42).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SendLocalListResponse {
    /// Tells whether the station has taken over the update.
    pub status: UpdateStatus,
}

/// One entry of a Local Authorization List update (1.6 §7.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationData {
    /// Token the entry is about.
    pub id_tag: CiString<20>,
    /// Whether the token may charge, until when and in which group. Always present in a full update; its absence in a
    /// differential update removes the token from the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_tag_info: Option<IdTagInfo>,
}

string_enum! {
    /// Outcome of an update of the Local Authorization List (1.6 §7.47).
    pub enum UpdateStatus {
        /// The list was updated.
        Accepted,
        /// The list could not be updated; after a differential update the CSMS should send the full list.
        Failed,
        /// The station cannot update a Local Authorization List.
        NotSupported,
        /// The version of a differential update is not higher than that of the present list; the CSMS should send the
        /// full list.
        VersionMismatch,
    }
}

string_enum! {
    /// Whether a Local Authorization List update replaces the list or changes it (1.6 §7.48).
    pub enum UpdateType {
        /// The entries sent are added to, changed in or removed from the present list.
        Differential,
        /// The entries sent take the place of the present list.
        Full,
    }
}
