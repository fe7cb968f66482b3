//! Display messages (functional block O).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{Component, MessageContent, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CustomData, List, Text, Timestamp};

/// The CSMS tells the station to delete a message configured for its display (2.0.1 Part 2 §1.8.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearDisplayMessageRequest {
    /// Identifies the display message to delete, 0 or higher.
    pub id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearDisplayMessage` (2.0.1 Part 2 §1.8.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearDisplayMessageResponse {
    /// Whether the station could delete the message.
    pub status: ClearMessageStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station which display messages it has configured (2.0.1 Part 2 §1.21.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDisplayMessagesRequest {
    /// Limits the report to messages with these ids.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub id: List<i64, 1>,
    /// Number that the station repeats in the resulting `NotifyDisplayMessages` messages.
    pub request_id: i64,
    /// Limits the report to messages of this priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<MessagePriority>,
    /// Limits the report to messages shown in this state of the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<MessageState>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetDisplayMessages`; the messages follow in `NotifyDisplayMessages` (2.0.1 Part 2
/// §1.21.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetDisplayMessagesResponse {
    /// Whether the station has display messages that meet all the criteria.
    pub status: GetDisplayMessagesStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS the display messages that `GetDisplayMessages` asked for (2.0.1 Part 2 §1.35.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDisplayMessagesRequest {
    /// Display messages configured in the station.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub message_info: List<MessageInfo, 1>,
    /// Number taken from the `GetDisplayMessages` request being answered.
    pub request_id: i64,
    /// `true` when more display messages follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyDisplayMessages`, without content (2.0.1 Part 2 §1.35.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyDisplayMessagesResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS gives the station a message to show on its display, now or later (2.0.1 Part 2 §1.52.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDisplayMessageRequest {
    /// Message to store and show, replacing a stored one with the same id.
    pub message: MessageInfo,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetDisplayMessage` (2.0.1 Part 2 §1.52.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDisplayMessageResponse {
    /// Tells whether the station can show the message and, if not, why.
    pub status: DisplayMessageStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A message for the display of the station, with the conditions under which it is shown (`MessageInfoType`, 2.0.1
/// Part 2 §2.31).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MessageInfo {
    /// The display that shows the message, for a station with several of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<Component>,
    /// Number that identifies the message, zero or higher.
    pub id: i64,
    /// How strongly the message pushes itself in front of others.
    pub priority: MessagePriority,
    /// State of the station in which the message is visible; every state when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<MessageState>,
    /// Moment from which the message is visible; at once when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<Timestamp>,
    /// Moment until which the message is visible; afterwards the station removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<Timestamp>,
    /// Transaction during which the message is visible; the station removes it when that transaction ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<Text<36>>,
    /// The content to show.
    pub message: MessageContent,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station removed the display message (`ClearMessageStatusEnumType`, 2.0.1 Part 2 §3.19).
    pub enum ClearMessageStatus {
        /// The message was removed.
        Accepted,
        /// The station has no message with that id.
        Unknown,
    }
}

string_enum! {
    /// Whether the station can display a message and, if not, why (`DisplayMessageStatusEnumType`, 2.0.1 Part 2
    /// §3.29).
    pub enum DisplayMessageStatus {
        /// The station will display the message as requested.
        Accepted,
        /// The station supports no format in which the message is given.
        NotSupportedMessageFormat,
        /// The station cannot handle the display request.
        Rejected,
        /// The station cannot display messages of the given priority.
        NotSupportedPriority,
        /// The station cannot tie a message to the given state.
        NotSupportedState,
        /// The transaction to which the message belongs is not known or not running.
        UnknownTransaction,
    }
}

string_enum! {
    /// Whether the station holds display messages that fit the search (`GetDisplayMessagesStatusEnumType`, 2.0.1 Part
    /// 2 §3.39).
    pub enum GetDisplayMessagesStatus {
        /// Matching messages exist and follow in `NotifyDisplayMessages` requests.
        Accepted,
        /// No display message fits the given criteria.
        Unknown,
    }
}

string_enum! {
    /// How strongly a display message pushes itself in front of the other messages (`MessagePriorityEnumType`, 2.0.1
    /// Part 2 §3.52).
    pub enum MessagePriority {
        /// The message stays in front all the time and never takes turns with others; a newer message of the same
        /// priority replaces it.
        AlwaysFront,
        /// The message goes before the normal cycle; several messages of this priority take turns.
        InFront,
        /// The message takes its turn among the ordinary messages.
        NormalCycle,
    }
}

string_enum! {
    /// State the station must be in for a display message to be visible; without it the message shows in every state
    /// (`MessageStateEnumType`, 2.0.1 Part 2 §3.53).
    pub enum MessageState {
        /// The message is visible only during charging.
        Charging,
        /// The message is visible only while the station has a fault.
        Faulted,
        /// The message is visible only while no transaction is active.
        Idle,
        /// The message is visible only while the station is out of service.
        Unavailable,
    }
}
