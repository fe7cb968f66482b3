//! Remote control (functional block F).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{ChargingProfile, Evse, IdToken, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Text};

/// The CSMS asks the station to start a transaction for a driver (2.1 Part 2 §1.66.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestStartTransactionRequest {
    /// EVSE to start on, 1 or higher; when absent the station picks one or refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub evse_id: Option<i64>,
    /// Group to which the token belongs, also used to match a reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id_token: Option<IdToken>,
    /// Token under which the station starts the transaction.
    pub id_token: IdToken,
    /// Number that the station repeats in `TransactionEvent`, so that the CSMS can match the transaction to this
    /// request.
    pub remote_start_id: i64,
    /// Charging profile for the new transaction, whose purpose must be `TxProfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile: Option<Box<ChargingProfile>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `RequestStartTransaction` (2.1 Part 2 §1.66.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestStartTransactionResponse {
    /// Whether the station agrees to start the transaction.
    pub status: RequestStartStopStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Id of a transaction that was already running before the request came, for example because the cable was
    /// plugged in first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to stop a running transaction (2.1 Part 2 §1.67.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestStopTransactionRequest {
    /// Identifies the transaction to stop.
    pub transaction_id: CiString<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `RequestStopTransaction` (2.1 Part 2 §1.67.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RequestStopTransactionResponse {
    /// Whether the station agrees to stop the transaction.
    pub status: RequestStartStopStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to send a certain message now (2.1 Part 2 §1.85.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TriggerMessageRequest {
    /// EVSE, and possibly connector, the triggered message should be about, where that matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse: Option<Evse>,
    /// Kind of message the station should send.
    pub requested_message: MessageTrigger,
    /// Name of the message to send when `requestedMessage` is `CustomTrigger`; only works if the station knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_trigger: Option<Text<50>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `TriggerMessage` (2.1 Part 2 §1.85.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TriggerMessageResponse {
    /// Tells whether the station is going to send the requested message.
    pub status: TriggerMessageStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to unlock a connector, usually to free a stuck cable (2.1 Part 2 §1.86.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnlockConnectorRequest {
    /// EVSE the connector to unlock is part of.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Connector to unlock, numbered within its EVSE.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub connector_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `UnlockConnector` (2.1 Part 2 §1.86.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnlockConnectorResponse {
    /// Tells whether the connector was unlocked and, if not, why.
    pub status: UnlockStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Message that the CSMS wants the station to send (`MessageTriggerEnumType`, 2.1 Part 2 §3.63).
    pub enum MessageTrigger {
        /// Send a `BootNotification`.
        BootNotification,
        /// Send a `LogStatusNotification`.
        LogStatusNotification,
        /// Send a `FirmwareStatusNotification`.
        FirmwareStatusNotification,
        /// Send a `Heartbeat`.
        Heartbeat,
        /// Send a `MeterValues` message.
        MeterValues,
        /// Send a `SignCertificate` for the certificate of the station itself.
        SignChargingStationCertificate,
        /// Send a `SignCertificate` for the V2G certificate.
        SignV2GCertificate,
        /// Send a `SignCertificate` for the V2G certificate of ISO 15118-20 only.
        SignV2G20Certificate,
        /// Send a `StatusNotification`.
        StatusNotification,
        /// Send a `TransactionEvent`.
        TransactionEvent,
        /// Send a `SignCertificate` for one certificate that serves both the station and V2G.
        SignCombinedCertificate,
        /// Send a `PublishFirmwareStatusNotification`.
        PublishFirmwareStatusNotification,
        /// Send the message that the field `customTrigger` names.
        CustomTrigger,
    }
}

string_enum! {
    /// Whether the station will carry out a remote request to start or stop a transaction
    /// (`RequestStartStopStatusEnumType`, 2.1 Part 2 §3.87).
    pub enum RequestStartStopStatus {
        /// The station will carry out the start or stop request.
        Accepted,
        /// The station will not carry out the start or stop request.
        Rejected,
    }
}

string_enum! {
    /// Whether the station will send the message that the CSMS asked for (`TriggerMessageStatusEnumType`, 2.1 Part 2
    /// §3.103).
    pub enum TriggerMessageStatus {
        /// The station will send the message.
        Accepted,
        /// The station will not send the message.
        Rejected,
        /// The station cannot send the message because it does not know or implement it.
        NotImplemented,
    }
}

string_enum! {
    /// Whether the station unlocked a connector and, if not, why (`UnlockStatusEnumType`, 2.1 Part 2 §3.105).
    pub enum UnlockStatus {
        /// The connector is now unlocked.
        Unlocked,
        /// The station tried to unlock the connector without success.
        UnlockFailed,
        /// The connector stays locked because an authorized transaction is running on it.
        OngoingAuthorizedTransaction,
        /// The station has no such connector.
        UnknownConnector,
    }
}
