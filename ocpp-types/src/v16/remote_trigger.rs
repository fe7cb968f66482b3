//! Remote Trigger profile.

use serde::Serialize;

use super::types::TriggerMessageStatus;
use crate::string_enum::string_enum;

/// The CSMS asks the station to send a certain message now (1.6 §6.51).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TriggerMessageRequest {
    /// The message that the station is to send.
    pub requested_message: MessageTrigger,
    /// Connector the message should be about, 1 or higher; when absent, every connector and the station itself, as
    /// far as the message allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
}

/// Answer of the station to `TriggerMessage` (1.6 §6.52).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TriggerMessageResponse {
    /// Tells whether the station will send the message asked for.
    pub status: TriggerMessageStatus,
}

string_enum! {
    /// Message that the CSMS can make a station send (1.6 §7.32).
    pub enum MessageTrigger {
        /// The station is to send a `BootNotification`.
        BootNotification,
        /// The station is to send a `DiagnosticsStatusNotification`.
        DiagnosticsStatusNotification,
        /// The station is to send a `FirmwareStatusNotification`.
        FirmwareStatusNotification,
        /// The station is to send a `Heartbeat`.
        Heartbeat,
        /// The station is to send `MeterValues` with its latest readings.
        MeterValues,
        /// The station is to send a `StatusNotification`.
        StatusNotification,
    }
}
