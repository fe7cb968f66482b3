//! Local authorization list (functional block D).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{IdToken, IdTokenInfo, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, List};

/// The CSMS asks the station for the version of its local authorization list (2.1 Part 2 §1.32.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLocalListVersionRequest {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetLocalListVersion` (2.1 Part 2 §1.32.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLocalListVersionResponse {
    /// Version of the local authorization list that the station holds; 0 means it has none.
    pub version_number: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS sends the station entries with which to replace or update its local authorization list (2.1 Part 2
/// §1.72.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SendLocalListRequest {
    /// Entries for the list, each token at most once; a full update without entries empties the list, a differential
    /// one without entries changes nothing.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub local_authorization_list: List<AuthorizationData, 1>,
    /// Version number the local list has once this update, full or differential, is in place.
    pub version_number: i64,
    /// Whether the entries replace the whole list or are changes to the existing one.
    pub update_type: Update,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SendLocalList` (2.1 Part 2 §1.72.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SendLocalListResponse {
    /// Tells whether the station received the list update and applied it.
    pub status: SendLocalListStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// An entry of the local authorization list: a token and its authorization details (2.1 Part 2 §2.7).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationData {
    /// The token that this list entry is about.
    pub id_token: IdToken,
    /// Authorization status and details of the token; in a differential update, leaving it out removes the token from
    /// the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_info: Option<Box<IdTokenInfo>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Whether the station applied the update of its local authorization list (`SendLocalListStatusEnumType`, 2.1
    /// Part 2 §3.92).
    pub enum SendLocalListStatus {
        /// The station applied the update to its local authorization list.
        Accepted,
        /// The station could not apply the update.
        Failed,
        /// The version number of the differential update is not higher than that of the list in the station.
        VersionMismatch,
    }
}

string_enum! {
    /// Whether a `SendLocalList` message replaces or amends the local authorization list (`UpdateEnumType`, 2.1 Part
    /// 2 §3.107).
    pub enum Update {
        /// The entries of the message change, add to or remove from the list that the station already has.
        Differential,
        /// The entries of the message replace the whole list of the station.
        Full,
    }
}
