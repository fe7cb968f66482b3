//! Tokens that identify a driver, and what is known about them.

use alloc::boxed::Box;

use serde::Serialize;

use super::MessageContent;
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, List, Text, Timestamp};

/// Extra identifier, with its own type, that accompanies an `IdToken` during authorization (`AdditionalInfoType`, 2.1
/// Part 2 §2.3).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AdditionalInfo {
    /// Value of the extra identifier.
    pub additional_id_token: CiString<255>,
    /// Custom kind of this extra identifier, agreed between the parties; a receiver that does not know it may
    /// disregard the element.
    #[serde(rename = "type")]
    pub kind: Text<50>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identifier, such as an RFID UID or a contract id, with which a driver is authorized, together with its type
/// (`IdTokenType`, 2.1 Part 2 §2.61).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct IdToken {
    /// Further identifiers sent to the CSMS alongside the main token.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub additional_info: List<AdditionalInfo, 1>,
    /// Token value, for example the UID of an RFID card or a UUID; upper and lower case are equivalent.
    pub id_token: CiString<255>,
    /// Kind of token, for example `ISO14443`, `eMAID` or `Central`.
    #[serde(rename = "type")]
    pub kind: Text<20>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Authorization result of a token, with caching, priority, language and group data that go with it
/// (`IdTokenInfoType`, 2.1 Part 2 §2.60).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct IdTokenInfo {
    /// Whether the token may charge, or the reason why it may not.
    pub status: AuthorizationStatus,
    /// Moment from which a cached copy of this result is no longer valid; no expiry when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_expiry_date_time: Option<Timestamp>,
    /// Business priority of the token from -9 to 9, higher being more important; 0 when absent, and a value in the
    /// answer to `TransactionEvent` takes precedence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_priority: Option<i64>,
    /// Group to which the token belongs; tokens of one group may stop each other's transactions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id_token: Option<IdToken>,
    /// First choice of user interface language of the driver, as an RFC 5646 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language1: Option<Text<8>>,
    /// Second choice of user interface language, as an RFC 5646 tag; only given next to a different `language1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language2: Option<Text<8>>,
    /// EVSEs at which the token may charge, given only when it is not allowed at all of them.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    #[cfg_attr(feature = "schema", schemars(inner(range(min = 0))))]
    pub evse_id: List<i64, 1>,
    /// Message for the driver of this token, such as a greeting or tariff information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_message: Option<MessageContent>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether a token may be used for charging and, if not, why (`AuthorizationStatusEnumType`, 2.1 Part 2
    /// §3.3).
    pub enum AuthorizationStatus {
        /// The token may charge.
        Accepted,
        /// The token has been blocked and may not charge.
        Blocked,
        /// The token is already used in another transaction and may not have several at once; only meaningful when a
        /// transaction starts.
        ConcurrentTx,
        /// The validity of the token has ended, so it may not charge.
        Expired,
        /// The token is not valid and may not charge.
        Invalid,
        /// The token is valid, but the driver has too little credit to start charging.
        NoCredit,
        /// The token is valid, but may not be used at this kind of EVSE.
        NotAllowedTypeEvse = "NotAllowedTypeEVSE",
        /// The token is valid, but may not be used at this location.
        NotAtThisLocation,
        /// The token is valid, but may not be used here at the present time.
        NotAtThisTime,
        /// The token is not known and may not charge.
        Unknown,
    }
}
