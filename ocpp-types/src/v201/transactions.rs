//! Transactions (functional block E).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{Evse, IdToken, IdTokenInfo, MessageContent, MeterValue};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Timestamp};

/// The CSMS asks the station whether it still has transaction messages to deliver (2.0.1 Part 2 §1.27.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetTransactionStatusRequest {
    /// Transaction to ask about; when absent the question covers all transactions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetTransactionStatus` (2.0.1 Part 2 §1.27.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetTransactionStatusResponse {
    /// `true` while the transaction has not ended; absent when the request named no transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ongoing_indicator: Option<bool>,
    /// `true` when transaction messages are still waiting to be sent to the CSMS.
    pub messages_in_queue: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that a transaction has started, changed or ended (2.0.1 Part 2 §1.60.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TransactionEventRequest {
    /// Place in the life of the transaction: the first event is `Started`, the last `Ended`, all between `Updated`.
    pub event_type: TransactionEvent,
    /// Meter readings that belong to the transaction; configuration variables select the measurands for each event
    /// type.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub meter_value: List<MeterValue, 1>,
    /// Moment at which the transaction event happened.
    pub timestamp: Timestamp,
    /// What made the station send this event.
    pub trigger_reason: TriggerReason,
    /// Counter that rises with each event, so that the CSMS can notice a missing one.
    pub seq_no: i64,
    /// `true` when the event happened while the station had no connection to the CSMS; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline: Option<bool>,
    /// Number of phases in use, 0 to 3, to be given if the station knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_phases_used: Option<i64>,
    /// Largest current the connected cable can carry, in A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cable_max_current: Option<i64>,
    /// Reservation that this transaction uses up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<i64>,
    /// Identifier and current state of the transaction.
    pub transaction_info: Transaction,
    /// EVSE, and possibly connector, on which the transaction takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse: Option<Evse>,
    /// Token that starts or stops the transaction, sent once for each authorization or end of authorization by the
    /// driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<IdToken>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `TransactionEvent` (2.0.1 Part 2 §1.60.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TransactionEventResponse {
    /// Running cost after an `Updated` event or final cost with taxes after `Ended`, in the currency configured on
    /// the station. A free transaction is shown by 0.00, not by leaving this out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_cost: Option<Decimal>,
    /// Business priority from -9 to 9, higher being more important and 0 the default; for this transaction it
    /// overrides the priority in `idTokenInfo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_priority: Option<i64>,
    /// Authorization result for the token, present when the request carried an `idToken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_info: Option<Box<IdTokenInfo>>,
    /// New personal message to show to the driver, for instance about a changed tariff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_personal_message: Option<MessageContent>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identity and current state of a transaction (`TransactionType`, 2.0.1 Part 2 §2.48).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Id of the transaction, chosen by the station.
    pub transaction_id: CiString<36>,
    /// Current charging state; present whenever it changed, absent when EV and EVSE cannot communicate for lack of a
    /// cable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_state: Option<ChargingState>,
    /// Seconds of the transaction during which energy flowed from EVSE to EV, at most the duration of the
    /// transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_spent_charging: Option<i64>,
    /// What made the transaction stop; may be left out only when the reason is `Local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_reason: Option<Reason>,
    /// Id from the `RequestStartTransaction` that led to this transaction, so that the CSMS can match the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_start_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How far the charging process has come; reported when it changes and left out when EV and EVSE cannot
    /// communicate for lack of a cable (`ChargingStateEnumType`, 2.0.1 Part 2 §3.16).
    pub enum ChargingState {
        /// The contactor is closed and energy flows between EV and EVSE.
        Charging,
        /// An EV is connected by cable or wirelessly, and charging still needs authorization.
        EvConnected = "EVConnected",
        /// The EVSE offers energy, but the connected EV does not take it.
        SuspendedEv = "SuspendedEV",
        /// The EVSE offers no energy to the connected EV, for example because of smart charging or a supply limit.
        SuspendedEvse = "SuspendedEVSE",
        /// No EV is connected to the EVSE.
        Idle,
    }
}

string_enum! {
    /// Why a transaction was stopped; leaving it out means `Local` (`ReasonEnumType`, 2.0.1 Part 2 §3.67).
    pub enum Reason {
        /// The CSMS withdrew the authorization in its answer to a `TransactionEvent`.
        DeAuthorized,
        /// Somebody pressed the emergency stop button.
        EmergencyStop,
        /// A locally enforced energy limit was reached; deprecated in OCPP 2.1 because such a limit only stops the
        /// energy transfer.
        EnergyLimitReached,
        /// The cable was unplugged or the EV left the inductive charging spot.
        EvDisconnected = "EVDisconnected",
        /// A ground fault occurred.
        GroundFault,
        /// The station received a command to reset immediately.
        ImmediateReset,
        /// The driver stopped the transaction at the station, for example with a token or a button.
        Local,
        /// A credit limit enforced by the station was exceeded; deprecated in OCPP 2.1 because such a limit only
        /// stops the energy transfer.
        LocalOutOfCredit,
        /// Somebody stopped the transaction with a token of the master pass group.
        MasterPass,
        /// The transaction stopped for a reason that no other value covers.
        Other,
        /// More current flowed than intended.
        OvercurrentFault,
        /// The station lost all power.
        PowerLoss,
        /// The supply was too poor, for example because of a wrong voltage or unbalanced phases.
        PowerQuality,
        /// The station reset or rebooted by itself, for example through its watchdog.
        Reboot,
        /// The CSMS stopped the transaction, for example on request from an app or because prepaid credit ran out.
        Remote,
        /// The battery reached a locally enforced state of charge; deprecated in OCPP 2.1 because such a limit only
        /// stops the energy transfer.
        SocLimitReached = "SOCLimitReached",
        /// The EV stopped the transaction.
        StoppedByEv = "StoppedByEV",
        /// A locally enforced time limit was reached; deprecated in OCPP 2.1 because such a limit only stops the
        /// energy transfer.
        TimeLimitReached,
        /// No EV was connected in time.
        Timeout,
    }
}

string_enum! {
    /// Position of an event in its transaction: first, last or in between (`TransactionEventEnumType`, 2.0.1 Part 2
    /// §3.80).
    pub enum TransactionEvent {
        /// The last event, which ends the transaction.
        Ended,
        /// The first event, which starts the transaction.
        Started,
        /// Any event between the first and the last one.
        Updated,
    }
}

string_enum! {
    /// What made the station send a `TransactionEvent` (`TriggerReasonEnumType`, 2.0.1 Part 2 §3.82).
    pub enum TriggerReason {
        /// Charging was authorized, by a token or in another way.
        Authorized,
        /// A cable was plugged in and the EV detected.
        CablePluggedIn,
        /// An external party such as an energy management system changed the charging rate by more than
        /// `LimitChangeSignificance`.
        ChargingRateChanged,
        /// The charging state of the transaction changed.
        ChargingStateChanged,
        /// The answer of the CSMS to an earlier event withdrew the authorization, which stopped the transaction.
        Deauthorized,
        /// The energy reached the `maxEnergy` of the transaction limit.
        EnergyLimitReached,
        /// Communication with the EV was lost, for example because the cable came off.
        EvCommunicationLost = "EVCommunicationLost",
        /// No EV was connected before the timeout expired.
        EvConnectTimeout = "EVConnectTimeout",
        /// A clock-aligned meter value was due.
        MeterValueClock,
        /// A periodic meter value was due.
        MeterValuePeriodic,
        /// The duration reached the `maxTime` of the transaction limit.
        TimeLimitReached,
        /// The CSMS asked for this event with a `TriggerMessage`.
        Trigger,
        /// The CSMS commanded the connector to be unlocked.
        UnlockCommand,
        /// The driver was authorized to stop charging, for example by presenting a token.
        StopAuthorized,
        /// The EV left, for example as noticed by a parking bay detector.
        EvDeparted = "EVDeparted",
        /// An EV arrived, for example as noticed by a parking bay detector.
        EvDetected = "EVDetected",
        /// The CSMS requested the end of the transaction.
        RemoteStop,
        /// The CSMS requested the start of the transaction.
        RemoteStart,
        /// An error or fault occurred.
        AbnormalCondition,
        /// The energy meter delivered signed data.
        SignedDataReceived,
        /// The CSMS commanded a reset.
        ResetCommand,
    }
}
