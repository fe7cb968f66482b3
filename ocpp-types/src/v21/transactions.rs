//! Transactions (functional block E).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{Evse, IdToken, IdTokenInfo, MessageContent, MeterValue, OperationMode, Price};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Text, Timestamp};

/// The CSMS asks the station whether it still has transaction messages to deliver (2.1 Part 2 §1.38.1).
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

/// Answer of the station to `GetTransactionStatus` (2.1 Part 2 §1.38.2).
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

/// The station tells the CSMS that a transaction has started, changed or ended (2.1 Part 2 §1.84.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TransactionEventRequest {
    /// Cost breakdown, sent with the `Ended` event when the station worked out the cost itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_details: Option<Box<CostDetails>>,
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
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub seq_no: i64,
    /// `true` when the event happened while the station had no connection to the CSMS; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline: Option<bool>,
    /// Number of phases in use, 0 to 3, to be given if the station knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3)))]
    pub number_of_phases_used: Option<i64>,
    /// Largest current the connected cable can carry, in A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cable_max_current: Option<i64>,
    /// Reservation that this transaction uses up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub reservation_id: Option<i64>,
    /// How far the EV has brought its battery to charging temperature; `Unknown` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preconditioning_status: Option<PreconditioningStatus>,
    /// `true` while the electronics of the EVSE sleep during this transaction; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_sleep: Option<bool>,
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

/// Answer of the CSMS to `TransactionEvent` (2.1 Part 2 §1.84.2).
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
    /// Most that this transaction may cost, deliver or last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_limit: Option<TransactionLimit>,
    /// New personal message to show to the driver, for instance about a changed tariff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_personal_message: Option<MessageContent>,
    /// The content of `updatedPersonalMessage` in further languages.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub updated_personal_message_extra: List<MessageContent, 1, 4>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Part of a transaction with unchanged pricing, and the volumes consumed in it (`ChargingPeriodType`, 2.1 Part 2
/// §2.15).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingPeriod {
    /// Volumes consumed in this period, one for each cost dimension.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub dimensions: List<CostDimension, 1>,
    /// Tariff from which the cost of the period was calculated; when absent, the cost was determined in another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff_id: Option<Text<60>>,
    /// Start of the period, which lasts until the next period starts or the session ends.
    pub start_period: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Cost of a transaction as calculated by the station from a tariff, with a breakdown that has no period for the
/// reservation (`CostDetailsType`, 2.1 Part 2 §2.30).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostDetails {
    /// Periods with different pricing that make up the session; left out of running cost updates.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub charging_periods: List<ChargingPeriod, 1>,
    /// Cost of the transaction, in total and by cost element.
    pub total_cost: TotalCost,
    /// Energy and time used in total.
    pub total_usage: TotalUsage,
    /// True when the station was unable to work out the cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_to_calculate: Option<bool>,
    /// Why the cost could not be calculated, as text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<Text<500>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Volume of one quantity, such as energy or time, in a charging period (`CostDimensionType`, 2.1 Part 2 §2.31).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostDimension {
    /// Quantity that was measured.
    #[serde(rename = "type")]
    pub kind: CostDimensionKind,
    /// Amount of the quantity, in the unit that belongs to `type`.
    pub volume: Decimal,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Running or final cost of a transaction, in total and by cost element (`TotalCostType`, 2.1 Part 2 §2.107).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TotalCost {
    /// Currency of all amounts, as an ISO 4217 code.
    pub currency: Text<3>,
    /// Whether the amount is the normal, minimum or maximum cost of the tariff.
    pub type_of_cost: TariffCost,
    /// Sum of all flat fees except those for a reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Price>,
    /// Cost of all energy used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy: Option<Price>,
    /// Cost of the time spent charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging_time: Option<Price>,
    /// Cost of the idle time, including its fixed price components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_time: Option<Price>,
    /// Time-based cost of the reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_time: Option<Price>,
    /// Fixed cost of the reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_fixed: Option<Price>,
    /// Sum of the fixed, energy, charging time, idle time and reservation costs.
    pub total: TotalPrice,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Sum of all cost elements of a transaction, with tax, without tax or both (`TotalPriceType`, 2.1 Part 2 §2.108).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TotalPrice {
    /// Amount without tax; may be left out when `inclTax` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excl_tax: Option<Decimal>,
    /// Amount with tax; may be left out when `exclTax` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incl_tax: Option<Decimal>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Energy and time used in a transaction (`TotalUsageType`, 2.1 Part 2 §2.109).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TotalUsage {
    /// Energy used in the transaction, in Wh.
    pub energy: Decimal,
    /// Length of the whole session in seconds, with and without energy transfer.
    pub charging_time: i64,
    /// Time in seconds during which no energy passed between EV and EVSE.
    pub idle_time: i64,
    /// Length of the reservation in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_time: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identity and current state of a transaction (`TransactionType`, 2.1 Part 2 §2.111).
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
    /// Operation mode that currently applies to the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_mode: Option<OperationMode>,
    /// Id of the tariff that the transaction uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff_id: Option<Text<60>>,
    /// Limits on cost, energy, time or state of charge that apply to the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_limit: Option<TransactionLimit>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Upper limits on the cost, energy, duration or state of charge of a transaction (`TransactionLimitType`, 2.1 Part 2
/// §2.110).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TransactionLimit {
    /// Highest cost of the transaction, in the currency of the tariff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<Decimal>,
    /// Most energy that the transaction may charge, in Wh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_energy: Option<Decimal>,
    /// Longest time from start to end of the transaction, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_time: Option<i64>,
    /// Highest state of charge that the EV may reach, in % from 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub max_so_c: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How far the charging process has come; reported when it changes and left out when EV and EVSE cannot
    /// communicate for lack of a cable (`ChargingStateEnumType`, 2.1 Part 2 §3.18).
    pub enum ChargingState {
        /// An EV is connected by cable or wirelessly, and charging still needs authorization.
        EvConnected = "EVConnected",
        /// The contactor is closed and energy flows between EV and EVSE.
        Charging,
        /// The EVSE offers energy, but the connected EV does not take it.
        SuspendedEv = "SuspendedEV",
        /// The EVSE offers no energy to the connected EV, for example because of smart charging or a supply limit.
        SuspendedEvse = "SuspendedEVSE",
        /// No EV is connected to the EVSE.
        Idle,
    }
}

string_enum! {
    /// Quantity that a volume within a charging period measures (`CostDimensionEnumType`, 2.1 Part 2 §3.26).
    pub enum CostDimensionKind {
        /// Energy of the period in Wh, negative when more was fed into the grid than charged into the EV.
        Energy,
        /// Highest current of the period in A, summed over all phases.
        MaxCurrent,
        /// Lowest current of the period in A, summed over all phases and negative for a flow from EV to grid.
        MinCurrent,
        /// Highest power of the period in W.
        MaxPower,
        /// Lowest power of the period in W, negative for a flow from EV to grid.
        MinPower,
        /// Time in seconds within the period during which the EV did not charge.
        IdleTIme,
        /// Time in seconds within the period during which the EV charged.
        ChargingTime,
    }
}

string_enum! {
    /// Whether the battery of the EV has been preconditioned so that it can follow a setpoint; `Unknown` by default
    /// (`PreconditioningStatusEnumType`, 2.1 Part 2 §3.79).
    pub enum PreconditioningStatus {
        /// Nothing is known about the preconditioning of the battery.
        Unknown,
        /// The battery is preconditioned and can follow a charging or discharging setpoint at once.
        Ready,
        /// The battery is not preconditioned and cannot follow a setpoint at once. The OCPP 2.1 text swaps this
        /// meaning with that of `Preconditioning`.
        NotReady,
        /// The battery is being preconditioned and will become ready. The OCPP 2.1 text swaps this meaning with that
        /// of `NotReady`.
        Preconditioning,
    }
}

string_enum! {
    /// Why a transaction was stopped; leaving it out means `Local` (`ReasonEnumType`, 2.1 Part 2 §3.83).
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
        /// Somebody stopped the transaction with a token of the master pass group.
        MasterPass,
        /// The driver stopped the transaction at the station, for example with a token or a button.
        Local,
        /// A credit limit enforced by the station was exceeded; deprecated in OCPP 2.1 because such a limit only
        /// stops the energy transfer.
        LocalOutOfCredit,
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
        /// The CSMS did not grant the kind of energy transfer that the EV requested.
        ReqEnergyTransferRejected,
    }
}

string_enum! {
    /// Whether a cost was calculated normally or replaced by a bound of the tariff (`TariffCostEnumType`, 2.1 Part 2
    /// §3.98).
    pub enum TariffCost {
        /// The cost results from the regular calculation.
        NormalCost,
        /// The cost is the lowest amount that the tariff charges.
        MinCost,
        /// The cost is the highest amount that the tariff charges.
        MaxCost,
    }
}

string_enum! {
    /// Position of an event in its transaction: first, last or in between (`TransactionEventEnumType`, 2.1 Part 2
    /// §3.102).
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
    /// What made the station send a `TransactionEvent` (`TriggerReasonEnumType`, 2.1 Part 2 §3.104).
    pub enum TriggerReason {
        /// An error or fault occurred.
        AbnormalCondition,
        /// Charging was authorized, by a token or in another way.
        Authorized,
        /// A cable was plugged in and the EV detected.
        CablePluggedIn,
        /// An external party such as an energy management system changed the charging rate by more than
        /// `LimitChangeSignificance`.
        ChargingRateChanged,
        /// The charging state of the transaction changed.
        ChargingStateChanged,
        /// The cost reached the `maxCost` of the transaction limit.
        CostLimitReached,
        /// The answer of the CSMS to an earlier event withdrew the authorization, which stopped the transaction.
        Deauthorized,
        /// The energy reached the `maxEnergy` of the transaction limit.
        EnergyLimitReached,
        /// Communication with the EV was lost, for example because the cable came off.
        EvCommunicationLost = "EVCommunicationLost",
        /// No EV was connected before the timeout expired.
        EvConnectTimeout = "EVConnectTimeout",
        /// The EV left, for example as noticed by a parking bay detector.
        EvDeparted = "EVDeparted",
        /// An EV arrived, for example as noticed by a parking bay detector.
        EvDetected = "EVDetected",
        /// A cost, time, energy or state of charge limit of the transaction was set or changed.
        LimitSet,
        /// A clock-aligned meter value was due.
        MeterValueClock,
        /// A periodic meter value was due.
        MeterValuePeriodic,
        /// The V2X operation mode changed with the start of a new charging schedule period.
        OperationModeChanged,
        /// The CSMS requested the start of the transaction.
        RemoteStart,
        /// The CSMS requested the end of the transaction.
        RemoteStop,
        /// The CSMS commanded a reset.
        ResetCommand,
        /// An update of the running cost was due, and nothing else happened.
        RunningCost,
        /// The energy meter delivered signed data.
        SignedDataReceived,
        /// The state of charge reached the `maxSoC` of the transaction limit.
        SoCLimitReached,
        /// The driver was authorized to stop charging, for example by presenting a token.
        StopAuthorized,
        /// The tariff of the transaction changed.
        TariffChanged,
        /// The driver did not accept the tariff, so the token is deauthorized.
        TariffNotAccepted,
        /// The duration reached the `maxTime` of the transaction limit.
        TimeLimitReached,
        /// The CSMS asked for this event with a `TriggerMessage`.
        Trigger,
        /// The transaction continued after a reset or power outage.
        TxResumed,
        /// The CSMS commanded the connector to be unlocked.
        UnlockCommand,
    }
}
