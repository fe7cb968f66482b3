//! Core profile.

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{ChargingProfile, IdTagInfo};
use crate::string_enum::string_enum;
use crate::{CiString, List, Text, Timestamp};

/// The station asks the CSMS whether a token may start or stop charging (1.6 §6.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeRequest {
    /// Token to check; upper and lower case make no difference.
    pub id_tag: CiString<20>,
}

/// Answer of the CSMS to `Authorize` (1.6 §6.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeResponse {
    /// What the CSMS knows of the token: whether it may charge, until when, and its group.
    pub id_tag_info: IdTagInfo,
}

/// The station introduces itself to the CSMS after each start and asks to be accepted (1.6 §6.3).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BootNotificationRequest {
    /// Maker of the station.
    pub charge_point_vendor: CiString<20>,
    /// Model name of the station.
    pub charge_point_model: CiString<20>,
    /// Serial number of the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge_point_serial_number: Option<CiString<25>>,
    /// Serial number of the charge box that the station contains; deprecated by the specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge_box_serial_number: Option<CiString<25>>,
    /// Version of the firmware that runs on the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware_version: Option<CiString<50>>,
    /// ICCID of the SIM card in the modem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iccid: Option<CiString<20>>,
    /// IMSI of the SIM card in the modem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imsi: Option<CiString<20>>,
    /// Type of the main electricity meter in the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_type: Option<CiString<25>>,
    /// Serial number of the main electricity meter in the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_serial_number: Option<CiString<25>>,
}

/// Answer of the CSMS to `BootNotification` (1.6 §6.4).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BootNotificationResponse {
    /// Tells whether the CSMS accepts the station.
    pub status: RegistrationStatus,
    /// Clock of the CSMS, from which the station should set its own.
    pub current_time: Timestamp,
    /// Heartbeat interval in s if accepted, otherwise the least time in s before the next `BootNotification`. With 0
    /// in the latter case the station chooses the wait itself.
    pub interval: i64,
}

/// The CSMS takes a connector or the station into or out of service (1.6 §6.7).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeAvailabilityRequest {
    /// Connector to change; 0 means the station and all its connectors.
    pub connector_id: i64,
    /// Whether to go into or out of service.
    #[serde(rename = "type")]
    pub kind: AvailabilityType,
}

/// Answer of the station to `ChangeAvailability` (1.6 §6.8).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeAvailabilityResponse {
    /// Tells whether the change is made now, made later or refused.
    pub status: AvailabilityStatus,
}

/// The CSMS sets a configuration key of the station (1.6 §6.9).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeConfigurationRequest {
    /// Name of the configuration key to set.
    pub key: CiString<50>,
    /// New value of the key in text form.
    pub value: Text<500>,
}

/// Answer of the station to `ChangeConfiguration` (1.6 §6.10).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeConfigurationResponse {
    /// Tells whether the key was set and takes effect.
    pub status: ConfigurationStatus,
}

/// The CSMS tells the station to empty its authorization cache (1.6 §6.11).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ClearCacheRequest {}

/// Answer of the station to `ClearCache` (1.6 §6.12).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearCacheResponse {
    /// Tells whether the cache was emptied.
    pub status: ClearCacheStatus,
}

/// Either side sends the other vendor-specific data that OCPP has no message for (1.6 §6.15).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DataTransferRequest {
    /// Vendor whose extension is used.
    pub vendor_id: CiString<255>,
    /// Name of the message within the extension of the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<CiString<50>>,
    /// Content in a format that vendor and receiver have agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Text>,
}

/// Answer of the receiving side to `DataTransfer` (1.6 §6.16).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct DataTransferResponse {
    /// Tells whether the data was understood and accepted.
    pub status: DataTransferStatus,
    /// Content returned to the sender, in the agreed format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Text>,
}

/// The CSMS asks the station for the values of configuration keys (1.6 §6.23).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetConfigurationRequest {
    /// Names of the wanted keys; when absent or empty the station reports every key.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub key: List<CiString<50>>,
}

/// Answer of the station to `GetConfiguration` (1.6 §6.24).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetConfigurationResponse {
    /// Keys with their values: the wanted ones the station knows, or all keys if the request named none.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub configuration_key: List<KeyValue>,
    /// Those of the wanted keys that the station does not know.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub unknown_key: List<CiString<50>>,
}

/// The station tells the CSMS that it is still alive, and asks for the time (1.6 §6.29).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HeartbeatRequest {}

/// Answer of the CSMS to `Heartbeat` (1.6 §6.30).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatResponse {
    /// Clock time at the CSMS, with which the station can set its own clock.
    pub current_time: Timestamp,
}

/// The station reports meter readings to the CSMS (1.6 §6.31).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MeterValuesRequest {
    /// Connector that was measured, counted from 1; 0 stands for the main meter of the whole station.
    pub connector_id: i64,
    /// Transaction during which the readings were taken; may be absent outside a transaction or for the main meter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<i64>,
    /// The readings, grouped by the moment at which they were taken.
    pub meter_value: List<MeterValue>,
}

/// Answer of the CSMS to `MeterValues`, without content (1.6 §6.32).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MeterValuesResponse {}

/// The CSMS asks the station to start a transaction for a given token (1.6 §6.33).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RemoteStartTransactionRequest {
    /// Connector on which to start, 1 or higher; when absent the station chooses one or rejects the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
    /// Token for which the station starts the transaction.
    pub id_tag: CiString<20>,
    /// Charging limits for the new transaction; its purpose must be `TxProfile` and it must not carry a
    /// `transactionId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_profile: Option<Box<ChargingProfile>>,
}

/// Answer of the station to `RemoteStartTransaction` (1.6 §6.34).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RemoteStartTransactionResponse {
    /// Tells whether the station will try to start the transaction.
    pub status: RemoteStartStopStatus,
}

/// The CSMS asks the station to stop a running transaction (1.6 §6.35).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RemoteStopTransactionRequest {
    /// The transaction to be stopped.
    pub transaction_id: i64,
}

/// Answer of the station to `RemoteStopTransaction` (1.6 §6.36).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct RemoteStopTransactionResponse {
    /// Tells whether the station will stop the transaction.
    pub status: RemoteStartStopStatus,
}

/// The CSMS asks the station to restart (1.6 §6.39).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ResetRequest {
    /// How thoroughly the station restarts.
    #[serde(rename = "type")]
    pub kind: ResetType,
}

/// Answer of the station to `Reset` (1.6 §6.40).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ResetResponse {
    /// Tells whether the station will restart.
    pub status: ResetStatus,
}

/// The station tells the CSMS that a transaction has started (1.6 §6.45).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StartTransactionRequest {
    /// Connector of the transaction, 1 or higher.
    pub connector_id: i64,
    /// Token for which the transaction was started.
    pub id_tag: CiString<20>,
    /// Meter reading of the connector at the start, in Wh.
    pub meter_start: i64,
    /// Reservation that this transaction uses up; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<i64>,
    /// Moment at which the transaction started.
    pub timestamp: Timestamp,
}

/// Answer of the CSMS to `StartTransaction` (1.6 §6.46).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StartTransactionResponse {
    /// Whether the token may charge, until when and in which group.
    pub id_tag_info: IdTagInfo,
    /// Number that the CSMS gives to the transaction.
    pub transaction_id: i64,
}

/// The station tells the CSMS about a change of status or an error of a connector or of itself (1.6 §6.47).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StatusNotificationRequest {
    /// Connector concerned, counted from 1; 0 stands for the main controller of the station.
    pub connector_id: i64,
    /// Error that is present; `NoError` when there is none.
    pub error_code: ChargePointErrorCode,
    /// Free text with more about the error or the change of status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<CiString<50>>,
    /// Present state of the connector or of the station; for connector 0 only `Available`, `Unavailable` or
    /// `Faulted`.
    pub status: ChargePointStatus,
    /// Moment the status applies to; when absent, the moment at which the CSMS receives the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Identifies the vendor whose codes are used in `vendorErrorCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_id: Option<CiString<255>>,
    /// Error code of the vendor's own making.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_error_code: Option<CiString<50>>,
}

/// Answer of the CSMS to `StatusNotification`, without content (1.6 §6.48).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StatusNotificationResponse {}

/// The station tells the CSMS that a transaction has ended (1.6 §6.49).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StopTransactionRequest {
    /// Token with which the transaction was stopped; absent when none was involved, as with a reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_tag: Option<CiString<20>>,
    /// Meter reading of the connector at the end, in Wh.
    pub meter_stop: i64,
    /// Moment at which the transaction ended.
    pub timestamp: Timestamp,
    /// The transaction, by the number received in the answer to `StartTransaction`.
    pub transaction_id: i64,
    /// Why the transaction ended; `Local` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Meter readings of the transaction that matter for billing.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub transaction_data: List<MeterValue>,
}

/// Answer of the CSMS to `StopTransaction` (1.6 §6.50).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StopTransactionResponse {
    /// Whether the token may charge, until when and in which group; can be absent when the transaction was stopped
    /// without a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_tag_info: Option<IdTagInfo>,
}

/// The CSMS asks the station to release the lock that holds a cable in a connector (1.6 §6.53).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnlockConnectorRequest {
    /// Connector to unlock, 1 or higher.
    pub connector_id: i64,
}

/// Answer of the station to `UnlockConnector` (1.6 §6.54).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnlockConnectorResponse {
    /// Tells whether the connector is now unlocked.
    pub status: UnlockStatus,
}

/// A configuration key of the station with its value (1.6 §7.29).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct KeyValue {
    /// Name of the configuration key.
    pub key: CiString<50>,
    /// `true` if the CSMS cannot change the value with `ChangeConfiguration`.
    pub readonly: bool,
    /// Value of the key in text form; may be absent if the key is known but not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text<500>>,
}

/// A set of readings that were all taken at one moment (1.6 §7.33).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MeterValue {
    /// Moment at which the readings were taken.
    pub timestamp: Timestamp,
    /// The individual readings of that moment.
    pub sampled_value: List<SampledValue>,
}

/// A single reading, with details of what was measured, where and in which unit (1.6 §7.43).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SampledValue {
    /// The reading as text: a decimal number for format `Raw`, or a signed data block for `SignedData`.
    pub value: Text,
    /// Occasion on which the reading was taken; `Sample.Periodic` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ReadingContext>,
    /// How `value` is encoded; `Raw` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<ValueFormat>,
    /// Quantity that was measured; `Energy.Active.Import.Register` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurand: Option<Measurand>,
    /// Phase or pair of conductors the reading belongs to; when absent the reading is a total over all phases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Place where the measurement was made; `Outlet` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Unit of `value`; when absent, `Wh` for an energy measurand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitOfMeasure>,
}

/// What a reading means where it leaves things out.
impl SampledValue {
    /// The measurand, or `Energy.Active.Import.Register`.
    pub fn measurand_or_default(&self) -> &Measurand {
        self.measurand.as_ref().unwrap_or(&Measurand::EnergyActiveImportRegister)
    }

    /// The occasion, or `Sample.Periodic`.
    pub fn context_or_default(&self) -> &ReadingContext {
        self.context.as_ref().unwrap_or(&ReadingContext::SamplePeriodic)
    }

    /// The place, or `Outlet`.
    pub fn location_or_default(&self) -> &Location {
        self.location.as_ref().unwrap_or(&Location::Outlet)
    }

    /// The unit, or `Wh` for a measurand of energy; none where the specification has no default.
    pub fn unit_or_default(&self) -> Option<&UnitOfMeasure> {
        let is_energy = self.measurand_or_default().as_str().starts_with("Energy.");
        self.unit.as_ref().or(is_energy.then_some(&UnitOfMeasure::Wh))
    }
}

string_enum! {
    /// Outcome of an availability change (1.6 §7.3).
    pub enum AvailabilityStatus {
        /// The change is made at once, or the asked availability already held.
        Accepted,
        /// The change is refused.
        Rejected,
        /// The change is made as soon as running transactions have ended.
        Scheduled,
    }
}

string_enum! {
    /// Availability the CSMS asks for (1.6 §7.4).
    pub enum AvailabilityType {
        /// Out of service, with no charging possible.
        Inoperative,
        /// In service and open for charging.
        Operative,
    }
}

string_enum! {
    /// Error that a station reports with its status (1.6 §7.6).
    pub enum ChargePointErrorCode {
        /// The connector could not be locked or unlocked.
        ConnectorLockFailure,
        /// Communication with the EV failed; merely a warning that does not put the connector into `Faulted`.
        EvCommunicationError = "EVCommunicationError",
        /// The ground fault protection has tripped.
        GroundFailure,
        /// It is too hot inside the station.
        HighTemperature,
        /// A hardware or software component inside the station failed.
        InternalError,
        /// What the CSMS says about a token contradicts the Local Authorization List.
        LocalListConflict,
        /// There is no error.
        NoError,
        /// An error for which there is no other value; see `vendorErrorCode`.
        OtherError,
        /// The protection against too high a current has tripped.
        OverCurrentFailure,
        /// The energy or power meter could not be read.
        PowerMeterFailure,
        /// The power switch could not be controlled.
        PowerSwitchFailure,
        /// The token reader has a fault.
        ReaderFailure,
        /// The station could not restart itself.
        ResetFailure,
        /// The voltage is too low.
        UnderVoltage,
        /// The voltage is too high.
        OverVoltage,
        /// The radio link of the station has a poor signal.
        WeakSignal,
    }
}

string_enum! {
    /// State of a connector, or of the station as a whole for connector 0 (1.6 §7.7).
    pub enum ChargePointStatus {
        /// Free for a new driver.
        Available,
        /// Taken by a driver, by a token, cable or parked EV, but no transaction runs yet.
        Preparing,
        /// The contactor is closed, so that the EV can charge.
        Charging,
        /// An EV is connected but the EVSE offers no energy, for example because of a smart charging limit or a
        /// refused token.
        SuspendedEvse = "SuspendedEVSE",
        /// The EVSE offers energy, but the connected EV does not take any.
        SuspendedEv = "SuspendedEV",
        /// The transaction is over, but the connector is not free yet, for example because the cable is still plugged
        /// in.
        Finishing,
        /// Kept for a token by `ReserveNow`.
        Reserved,
        /// Out of service, by `ChangeAvailability` or by a decision of the station itself.
        Unavailable,
        /// An error has occurred and no energy can be delivered.
        Faulted,
    }
}

string_enum! {
    /// Outcome of emptying the authorization cache (1.6 §7.20).
    pub enum ClearCacheStatus {
        /// The cache was emptied.
        Accepted,
        /// The cache was not emptied.
        Rejected,
    }
}

string_enum! {
    /// Outcome of setting a configuration key (1.6 §7.22).
    pub enum ConfigurationStatus {
        /// The key was set and the new value is in effect.
        Accepted,
        /// The key is known but was not set, for instance as the value is out of range.
        Rejected,
        /// The key was set, but the value takes effect only after a reboot, which the station does not start by
        /// itself.
        RebootRequired,
        /// The station does not know the key.
        NotSupported,
    }
}

string_enum! {
    /// Outcome of a vendor-specific data transfer (1.6 §7.23).
    pub enum DataTransferStatus {
        /// The message was understood and what it asks for is accepted.
        Accepted,
        /// The message was understood, but what it asks for is refused.
        Rejected,
        /// The receiver does not know this `messageId`.
        UnknownMessageId,
        /// The receiver does not know this `vendorId`.
        UnknownVendorId,
    }
}

string_enum! {
    /// Place where a reading was taken (1.6 §7.30).
    pub enum Location {
        /// On the cable that connects the EV to the station.
        Cable,
        /// By the EV itself.
        Ev = "EV",
        /// Where the station is connected to the grid.
        Inlet,
        /// At a connector of the station; assumed when no location is given.
        Outlet,
        /// Inside the housing of the station, for example a temperature.
        Body,
    }
}

string_enum! {
    /// Physical quantity of a reading; import is the flow from the grid towards the EV and export the opposite flow
    /// (1.6 §7.31).
    pub enum Measurand {
        /// Register of the meter for active energy delivered to the grid, in Wh or kWh.
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        /// Register of the meter for active energy drawn from the grid, in Wh or kWh; the measurand assumed when none
        /// is given.
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        /// Register of the meter for reactive energy delivered to the grid, in varh or kvarh.
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        /// Register of the meter for reactive energy drawn from the grid, in varh or kvarh.
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        /// Active energy delivered to the grid in the sampling interval alone, in Wh or kWh.
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        /// Active energy drawn from the grid in the sampling interval alone, in Wh or kWh.
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        /// Reactive energy delivered to the grid in the sampling interval alone, in varh or kvarh.
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        /// Reactive energy drawn from the grid in the sampling interval alone, in varh or kvarh.
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        /// Momentary active power that the EV feeds back, in W or kW.
        PowerActiveExport = "Power.Active.Export",
        /// Momentary active power that the EV draws, in W or kW.
        PowerActiveImport = "Power.Active.Import",
        /// Highest power the station currently allows the EV to draw; a limit rather than a measurement.
        PowerOffered = "Power.Offered",
        /// Momentary reactive power that the EV feeds back, in var or kvar.
        PowerReactiveExport = "Power.Reactive.Export",
        /// Momentary reactive power that the EV draws, in var or kvar.
        PowerReactiveImport = "Power.Reactive.Import",
        /// Momentary power factor of the whole energy flow, a number without unit.
        PowerFactor = "Power.Factor",
        /// Momentary current flowing into the EV, in A.
        CurrentImport = "Current.Import",
        /// Momentary current flowing out of the EV, in A.
        CurrentExport = "Current.Export",
        /// Highest current in A the station currently allows the EV to draw; a limit rather than a measurement.
        CurrentOffered = "Current.Offered",
        /// Momentary supply voltage, as AC r.m.s. value in V.
        Voltage,
        /// Momentary frequency of the power line in Hz, a unit that `UnitOfMeasure` cannot express.
        Frequency,
        /// Temperature inside the station.
        Temperature,
        /// State of charge of the EV battery in %.
        SoC,
        /// Speed of a fan in revolutions per minute.
        Rpm = "RPM",
    }
}

string_enum! {
    /// Phase or pair of conductors to which a reading applies; not every measurand can use every value (1.6 §7.34).
    pub enum Phase {
        /// The reading is of phase L1.
        L1,
        /// The reading is of phase L2.
        L2,
        /// The reading is of phase L3.
        L3,
        /// The reading is of the neutral conductor.
        N,
        /// The reading is between phase L1 and neutral.
        L1N = "L1-N",
        /// The reading is between phase L2 and neutral.
        L2N = "L2-N",
        /// The reading is between phase L3 and neutral.
        L3N = "L3-N",
        /// The reading is between phases L1 and L2.
        L1L2 = "L1-L2",
        /// The reading is between phases L2 and L3.
        L2L3 = "L2-L3",
        /// The reading is between phases L3 and L1.
        L3L1 = "L3-L1",
    }
}

string_enum! {
    /// Occasion on which a reading was taken (1.6 §7.35).
    pub enum ReadingContext {
        /// Taken when an interruption began.
        InterruptionBegin = "Interruption.Begin",
        /// Taken when operation resumed after an interruption.
        InterruptionEnd = "Interruption.End",
        /// Taken at a clock-aligned moment, as set by `ClockAlignedDataInterval`.
        SampleClock = "Sample.Clock",
        /// Taken at a regular interval counted from the start of the transaction.
        SamplePeriodic = "Sample.Periodic",
        /// Taken when the transaction started.
        TransactionBegin = "Transaction.Begin",
        /// Taken when the transaction ended.
        TransactionEnd = "Transaction.End",
        /// Taken because the CSMS asked for it with `TriggerMessage`.
        Trigger,
        /// Taken on an occasion that none of the other values covers.
        Other,
    }
}

string_enum! {
    /// Why a transaction ended (1.6 §7.36).
    pub enum Reason {
        /// Someone pressed the emergency stop button.
        EmergencyStop,
        /// The cable was unplugged, or the EV left the inductive charger.
        EvDisconnected = "EVDisconnected",
        /// The CSMS ordered a hard reset.
        HardReset,
        /// The driver ended it at the station in the normal way, for example with a token or a button.
        Local,
        /// None of the other reasons applies.
        Other,
        /// The station lost all power.
        PowerLoss,
        /// The station restarted of its own accord, for example by its watchdog.
        Reboot,
        /// It was ended in the normal way from afar, for example with an app or because prepaid credit ran out.
        Remote,
        /// The CSMS ordered a soft reset.
        SoftReset,
        /// The CSMS ordered the connector to be unlocked.
        UnlockCommand,
        /// The CSMS did not accept the token in its answer to `StartTransaction`.
        DeAuthorized,
    }
}

string_enum! {
    /// Whether the CSMS lets the station take part (1.6 §7.38).
    pub enum RegistrationStatus {
        /// The station is accepted and may work normally.
        Accepted,
        /// The CSMS first wants to read or change settings of the station, which may only send what it is asked for.
        Pending,
        /// The station is not accepted and must stay silent until the retry interval is over.
        Rejected,
    }
}

string_enum! {
    /// Decision of the station on a remote start or stop (1.6 §7.39).
    pub enum RemoteStartStopStatus {
        /// The station will carry out the start or stop.
        Accepted,
        /// The station refuses the start or stop.
        Rejected,
    }
}

string_enum! {
    /// Decision of the station on a reset (1.6 §7.41).
    pub enum ResetStatus {
        /// The station will restart.
        Accepted,
        /// The station will not restart.
        Rejected,
    }
}

string_enum! {
    /// How thoroughly a station restarts (1.6 §7.42).
    pub enum ResetType {
        /// Restart all hardware at once, without first ending transactions properly; queued data may be lost.
        Hard,
        /// End all transactions properly and report them with `StopTransaction`, then restart the software.
        Soft,
    }
}

string_enum! {
    /// Unit of a reading (1.6 §7.45).
    pub enum UnitOfMeasure {
        /// Energy in watt-hours; assumed when no unit is given.
        Wh,
        /// Energy in kilowatt-hours.
        KWh = "kWh",
        /// Reactive energy in var-hours.
        Varh = "varh",
        /// Reactive energy in kilovar-hours.
        Kvarh = "kvarh",
        /// Power in watts.
        W,
        /// Power in kilowatts.
        KW = "kW",
        /// Apparent power in volt-amperes.
        Va = "VA",
        /// Apparent power in kilovolt-amperes.
        KVa = "kVA",
        /// Reactive power in vars.
        Var = "var",
        /// Reactive power in kilovars.
        Kvar = "kvar",
        /// Current in amperes.
        A,
        /// Voltage in volts, as r.m.s. value for AC.
        V,
        /// Temperature in kelvin.
        K,
        /// Temperature in degrees Celsius, under the misspelt name that the JSON schemas also allow.
        Celcius,
        /// Temperature in degrees Celsius.
        Celsius,
        /// Temperature in degrees Fahrenheit.
        Fahrenheit,
        /// A share in %, for example the state of charge.
        Percent,
        /// Frequency in hertz; no unit of the specification, which leaves it out for `Frequency`, but stations send it.
        Hertz,
    }
}

string_enum! {
    /// Outcome of unlocking a connector (1.6 §7.46).
    pub enum UnlockStatus {
        /// The connector is now unlocked.
        Unlocked,
        /// The station tried, but the connector is still locked or the mechanism failed.
        UnlockFailed,
        /// The connector has no lock, or there is no connector with this number.
        NotSupported,
    }
}

string_enum! {
    /// Encoding of a reading (1.6 §7.49).
    pub enum ValueFormat {
        /// A plain integer or decimal number.
        Raw,
        /// A digitally signed block of binary data, written in hexadecimal.
        SignedData,
    }
}
