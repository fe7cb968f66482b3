//! Diagnostics (functional block N).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{
    CertificateHashData, Component, ComponentVariable, GenericDeviceModelStatus, GenericStatus, IdToken, StatusInfo,
    Variable,
};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Text, Timestamp};

/// The CSMS tells the station to change how often it sends the data of a periodic event stream (2.1 Part 2 §1.1.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AdjustPeriodicEventStreamRequest {
    /// Id of the stream to adjust.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// New sending rate of the stream.
    pub params: PeriodicEventStreamParams,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `AdjustPeriodicEventStream` (2.1 Part 2 §1.1.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AdjustPeriodicEventStreamResponse {
    /// Whether the station can comply with the new sending rate.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to remove variable monitors (2.1 Part 2 §1.16.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearVariableMonitoringRequest {
    /// Ids of the variable monitors to remove.
    #[cfg_attr(feature = "schema", schemars(inner(range(min = 0))))]
    pub id: List<i64, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearVariableMonitoring` (2.1 Part 2 §1.16.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearVariableMonitoringResponse {
    /// Outcome of the removal for each monitor.
    pub clear_monitoring_result: List<ClearMonitoringResult, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that it has closed a periodic event stream (2.1 Part 2 §1.17.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClosePeriodicEventStreamRequest {
    /// Identifies the event stream that ends.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `ClosePeriodicEventStream`, without content (2.1 Part 2 §1.17.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClosePeriodicEventStreamResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station to report or delete what it stores about a customer (2.1 Part 2 §1.19.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CustomerInformationRequest {
    /// Hash data of the certificate that identifies the customer. Use this, `idToken` or `customerIdentifier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_certificate: Option<CertificateHashData>,
    /// Token that identifies the customer. Use this, `customerCertificate` or `customerIdentifier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<IdToken>,
    /// Number that the station repeats in its `NotifyCustomerInformation` messages.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub request_id: i64,
    /// `true` when the station has to send the stored customer data in `NotifyCustomerInformation` messages.
    pub report: bool,
    /// `true` when the station has to erase everything it stores about this customer.
    pub clear: bool,
    /// Identifier of the customer in another form, for instance one of the vendor. Use this, `idToken` or
    /// `customerCertificate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_identifier: Option<Text<64>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CustomerInformation` (2.1 Part 2 §1.19.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CustomerInformationResponse {
    /// Whether the station will carry out the request.
    pub status: CustomerInformationStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to upload a log file (2.1 Part 2 §1.33.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLogRequest {
    /// Where to upload the log and which period it should cover.
    pub log: LogParameters,
    /// Kind of log to upload, such as diagnostics or security.
    pub log_type: Log,
    /// Number that the station repeats in its `LogStatusNotification` messages.
    pub request_id: i64,
    /// How often a failed upload is tried again; 0 means never, absent leaves it to the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub retries: Option<i64>,
    /// Waiting time in s before a failed upload is tried again; when absent the station decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetLog`; the upload itself is reported with `LogStatusNotification` (2.1 Part 2
/// §1.33.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetLogResponse {
    /// Whether the station will upload the log, possibly after cancelling an earlier upload.
    pub status: LogStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Name of the file to be uploaded; absent when there is nothing to log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<Text<255>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station which variable monitors are set (2.1 Part 2 §1.34.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetMonitoringReportRequest {
    /// Limits the report to monitors on these components and variables.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub component_variable: List<ComponentVariable, 1>,
    /// Number that the station repeats in the resulting `NotifyMonitoringReport` messages.
    pub request_id: i64,
    /// Limits the report to these kinds of monitoring.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub monitoring_criteria: List<MonitoringCriterion, 1, 3>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetMonitoringReport`; the report follows in `NotifyMonitoringReport` messages (2.1 Part
/// 2 §1.34.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetMonitoringReportResponse {
    /// Whether the station will produce the report.
    pub status: GenericDeviceModelStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station which periodic event streams are open; the request has no content (2.1 Part 2 §1.35.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetPeriodicEventStreamRequest {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetPeriodicEventStream` (2.1 Part 2 §1.35.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetPeriodicEventStreamResponse {
    /// The unchanging data of every open stream; absent or empty when there is none.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub constant_stream_data: List<ConstantStreamData, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS how a log upload is progressing (2.1 Part 2 §1.42.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogStatusNotificationRequest {
    /// Stage that the log upload has reached.
    pub status: UploadLogStatus,
    /// Number of the `GetLog` request that began the upload; absent only in a triggered message while no upload is
    /// running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<i64>,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `LogStatusNotification`, without content (2.1 Part 2 §1.42.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogStatusNotificationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS stored customer data that `CustomerInformation` asked for (2.1 Part 2 §1.46.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyCustomerInformationRequest {
    /// Customer data, or one part of it, as human readable text without a fixed format.
    pub data: Text<512>,
    /// `true` when more parts of the customer data follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Position of this message in the series, counted from 0.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub seq_no: i64,
    /// When the station composed this message.
    pub generated_at: Timestamp,
    /// Number taken from the `CustomerInformation` request being answered.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub request_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyCustomerInformation`, without content (2.1 Part 2 §1.46.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyCustomerInformationResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS about monitored events in its device model (2.1 Part 2 §1.52.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEventRequest {
    /// When the station composed this message.
    pub generated_at: Timestamp,
    /// `true` when more events of this report follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Position of this message in the series, counted from 0.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub seq_no: i64,
    /// The events, usually one, each with the component and variable that caused it.
    pub event_data: List<EventData, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyEvent`, without content (2.1 Part 2 §1.52.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyEventResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS the monitor settings that `GetMonitoringReport` asked for (2.1 Part 2 §1.53.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyMonitoringReportRequest {
    /// Monitors, grouped by component and variable.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub monitor: List<MonitoringData, 1>,
    /// Number taken from the `GetMonitoringReport` request being answered.
    pub request_id: i64,
    /// `true` when more monitors follow in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Position of this message in the series, counted from 0.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub seq_no: i64,
    /// When the station composed this message.
    pub generated_at: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyMonitoringReport`, without content (2.1 Part 2 §1.53.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyMonitoringReportResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS a batch of values of an open event stream; this message gets no answer (2.1 Part 2
/// §1.54.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyPeriodicEventStream {
    /// Values in this batch, each with its time offset.
    pub data: List<StreamDataElement, 1>,
    /// Identifies the event stream the values belong to.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// How many values still wait in the station to be sent.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub pending: i64,
    /// Moment to which the time offset of every value is added.
    pub basetime: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station tells the CSMS that it opens an event stream for a monitored variable (2.1 Part 2 §1.59.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OpenPeriodicEventStreamRequest {
    /// Data of the stream that does not change: its id, monitor and sending parameters.
    pub constant_stream_data: ConstantStreamData,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `OpenPeriodicEventStream` (2.1 Part 2 §1.59.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OpenPeriodicEventStreamResponse {
    /// Whether the CSMS accepts the new stream.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station which predefined set of monitors to activate (2.1 Part 2 §1.77.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringBaseRequest {
    /// Predefined set of monitors that is to be active.
    pub monitoring_base: MonitoringBase,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetMonitoringBase` (2.1 Part 2 §1.77.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringBaseResponse {
    /// Tells whether the station accepts the requested monitoring base.
    pub status: GenericDeviceModelStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station how severe a monitoring event must be to get reported (2.1 Part 2 §1.78.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringLevelRequest {
    /// Highest severity number still reported, from 0 (danger, most severe) to 9 (debug, least severe); events with a
    /// larger number are suppressed.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub severity: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetMonitoringLevel` (2.1 Part 2 §1.78.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringLevelResponse {
    /// Tells whether the station accepts the new severity level.
    pub status: GenericStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS creates or changes monitors on variables of the station (2.1 Part 2 §1.80.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariableMonitoringRequest {
    /// Monitors to create or change, one entry each.
    pub set_monitoring_data: List<SetMonitoringData, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetVariableMonitoring` (2.1 Part 2 §1.80.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariableMonitoringResponse {
    /// Outcome for each monitor of the request.
    pub set_monitoring_result: List<SetMonitoringResult, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Outcome of a clear request for one variable monitor (`ClearMonitoringResultType`, 2.1 Part 2 §2.23).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearMonitoringResult {
    /// Whether this monitor was removed.
    pub status: ClearMonitoringStatus,
    /// Monitor that the CSMS asked to clear.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The fixed properties of a periodic event stream (`ConstantStreamDataType`, 2.1 Part 2 §2.28).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ConstantStreamData {
    /// Number that identifies the stream.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// Maximum waiting time and number of items after which the stream sends its data.
    pub params: PeriodicEventStreamParams,
    /// Number of the monitor that feeds the stream, which may also be a preconfigured or hardwired one.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub variable_monitoring_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One event reported for a variable of a component (`EventDataType`, 2.1 Part 2 §2.43).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// Number of the event, by which later events can name it as their `cause`.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub event_id: i64,
    /// Moment at which the station made the report.
    pub timestamp: Timestamp,
    /// What set off the event, such as a passed threshold.
    pub trigger: EventTrigger,
    /// `eventId` of another event that is thought to have led to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub cause: Option<i64>,
    /// Value of the `Actual` attribute of the variable; the variable `ReportingValueSize` can limit its size.
    pub actual_value: Text<2500>,
    /// Technical or error code given by the component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tech_code: Option<Text<50>>,
    /// Technical details given by the component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tech_info: Option<Text<500>>,
    /// True when the monitored situation is over and things are back to normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared: Option<bool>,
    /// Transaction to which the event belongs, if it is linked to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// Component that the event is about.
    pub component: Component,
    /// Id of the monitor that set off the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub variable_monitoring_id: Option<i64>,
    /// Kind of monitor or notification from which the event came.
    pub event_notification_type: EventNotification,
    /// Variable that the event is about.
    pub variable: Variable,
    /// Severity of the monitor or hardwired notification behind the event, from 0 (most severe) to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub severity: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Where the station uploads a log and which time range the log covers (`LogParametersType`, 2.1 Part 2 §2.65).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogParameters {
    /// URL to which the station uploads the log file.
    pub remote_location: Text<2000>,
    /// Start of the wanted time range: entries from before it are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_timestamp: Option<Timestamp>,
    /// End of the wanted time range: entries from after it are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_timestamp: Option<Timestamp>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Monitors that are set on one variable of a component (`MonitoringDataType`, 2.1 Part 2 §2.70).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MonitoringData {
    /// Component to which the monitored variable belongs.
    pub component: Component,
    /// Variable that is monitored.
    pub variable: Variable,
    /// Monitors present on this variable.
    pub variable_monitoring: List<VariableMonitoring, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Settings that decide when the station flushes the buffered values of a periodic event stream to the CSMS
/// (`PeriodicEventStreamParamsType`, 2.1 Part 2 §2.75).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct PeriodicEventStreamParams {
    /// Longest time in s between two transmissions of buffered stream values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub interval: Option<i64>,
    /// Number of buffered values that causes the station to send them at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub values: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A variable monitor that the CSMS wants to create or replace (`SetMonitoringDataType`, 2.1 Part 2 §2.88).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringData {
    /// Id of the existing monitor to replace; left out for a new monitor, whose id the station chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: Option<i64>,
    /// When present, the events of the monitor go out through a periodic event stream; for monitors of type
    /// `Periodic`, `PeriodicClockAligned` or `Delta`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periodic_event_stream: Option<PeriodicEventStreamParams>,
    /// Whether the monitor works only during a transaction that involves the component; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<bool>,
    /// Threshold or delta to watch for, or the interval in seconds for `Periodic` and `PeriodicClockAligned`
    /// monitors.
    pub value: Decimal,
    /// Kind of monitor, such as threshold, delta or periodic.
    #[serde(rename = "type")]
    pub kind: Monitor,
    /// Severity of the events this monitor raises, from 0 (danger, most severe) to 9 (debug, least severe), with 5
    /// (alert) as usual default.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub severity: i64,
    /// Component that has the monitored variable.
    pub component: Component,
    /// Variable to monitor.
    pub variable: Variable,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Outcome of the attempt to set one variable monitor (`SetMonitoringResultType`, 2.1 Part 2 §2.89).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetMonitoringResult {
    /// Id that the station assigned to the monitor, present only when it was accepted; ids of removed monitors can
    /// come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: Option<i64>,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Whether the monitor was set or why it was not.
    pub status: SetMonitoringStatus,
    /// Kind of the monitor, such as threshold, delta or periodic.
    #[serde(rename = "type")]
    pub kind: Monitor,
    /// Component that the result is about.
    pub component: Component,
    /// Variable that the result is about.
    pub variable: Variable,
    /// Severity of the events of this monitor, from 0 (danger, most severe) to 9 (debug, least severe).
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub severity: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One value in a periodic event stream, with the time it was recorded (`StreamDataElementType`, 2.1 Part 2 §2.94).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StreamDataElement {
    /// Time offset in seconds from the `basetime` of the message to the moment of recording.
    pub t: Decimal,
    /// Recorded value of the monitored variable, as text.
    pub v: Text<2500>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One monitor that is set on a variable (`VariableMonitoringType`, 2.1 Part 2 §2.118).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VariableMonitoring {
    /// Id of the monitor.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// True if the monitor works only during a transaction that involves the component.
    pub transaction: bool,
    /// Threshold or delta of the monitor; for the periodic types the interval in seconds.
    pub value: Decimal,
    /// Kind of monitor, for example a threshold or a periodic one.
    #[serde(rename = "type")]
    pub kind: Monitor,
    /// Severity given to events of this monitor, from 0 (danger to life) to 9 (debug information); 5 (alert) is the
    /// usual one.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub severity: i64,
    /// Origin of the monitor: hardwired, preconfigured or custom.
    pub event_notification_type: EventNotification,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Outcome of clearing one variable monitor (`ClearMonitoringStatusEnumType`, 2.1 Part 2 §3.22).
    pub enum ClearMonitoringStatus {
        /// The monitor was removed.
        Accepted,
        /// The station refused to remove the monitor.
        Rejected,
        /// The station has no monitor with that id.
        NotFound,
    }
}

string_enum! {
    /// Tells whether the station will report or clear customer data (`CustomerInformationStatusEnumType`, 2.1 Part 2
    /// §3.28).
    pub enum CustomerInformationStatus {
        /// The station takes the request and will act on it.
        Accepted,
        /// The station cannot process the request in its present state.
        Rejected,
        /// The request does not refer to any customer.
        Invalid,
    }
}

string_enum! {
    /// Origin of a monitor or event: built in, preconfigured by the manufacturer, or set by the operator
    /// (`EventNotificationEnumType`, 2.1 Part 2 §3.38).
    pub enum EventNotification {
        /// The notification is built into the manufacturer's software and belongs to no monitor.
        HardWiredNotification,
        /// The monitor is built in by the manufacturer.
        HardWiredMonitor,
        /// The manufacturer delivered the station with this monitor configured.
        PreconfiguredMonitor,
        /// The operator set this monitor with `SetVariableMonitoring`.
        CustomMonitor,
    }
}

string_enum! {
    /// What made the station report an event (`EventTriggerEnumType`, 2.1 Part 2 §3.39).
    pub enum EventTrigger {
        /// The variable passed an upper or lower threshold, or a hardwired notification was raised.
        Alerting,
        /// The variable changed by more than the amount set in its delta monitor.
        Delta,
        /// The sampling interval of a periodic monitor came round.
        Periodic,
    }
}

string_enum! {
    /// Which log the CSMS wants the station to upload (`LogEnumType`, 2.1 Part 2 §3.57).
    pub enum Log {
        /// The diagnostics log of the station.
        DiagnosticsLog,
        /// The log of security events of the station.
        SecurityLog,
        /// The measurements sampled by the `DataCollector` component.
        DataCollectorLog,
    }
}

string_enum! {
    /// How the station reacts to the request for a log upload (`LogStatusEnumType`, 2.1 Part 2 §3.58).
    pub enum LogStatus {
        /// The station takes on the upload and starts it; this does not yet say that it succeeds.
        Accepted,
        /// The station will not upload a log, for example as the asked information is not available.
        Rejected,
        /// The station takes on the new upload and has aborted one that was still running.
        AcceptedCanceled,
    }
}

string_enum! {
    /// When a monitor on a variable reports an event: at a threshold, on a change, or at intervals
    /// (`MonitorEnumType`, 2.1 Part 2 §3.65).
    pub enum Monitor {
        /// Reports an event once the actual value of the variable climbs above the monitor's `value`.
        UpperThreshold,
        /// Reports an event once the actual value of the variable falls under the monitor's `value`.
        LowerThreshold,
        /// Reports an event when the actual value has moved by more than `value` since the last event or since
        /// setting the monitor; for non-numeric variables, on every change.
        Delta,
        /// Reports an event every `value` seconds, counted from when the monitor was set.
        Periodic,
        /// Reports an event every `value` seconds, aligned with the clock; 900 gives events at each quarter of an
        /// hour.
        PeriodicClockAligned,
        /// Reports an event when actual and target value differ by more than `value`; meant for numeric variables
        /// only.
        TargetDelta,
        /// Reports an event when actual and target value differ by more than `value` times the target (0.1 means 10
        /// %); meant for numeric variables only.
        TargetDeltaRelative,
    }
}

string_enum! {
    /// Which set of monitors the station has to activate (`MonitoringBaseEnumType`, 2.1 Part 2 §3.66).
    pub enum MonitoringBase {
        /// All preconfigured monitors are activated, and custom monitors are kept even where they overrule a
        /// preconfigured one.
        All,
        /// The default monitors of the station are activated again and all custom monitors are deleted.
        FactoryDefault,
        /// Only hard-wired monitors remain: custom monitors are deleted and preconfigured ones switched off.
        HardWiredOnly,
    }
}

string_enum! {
    /// Kind of monitor by which a monitoring report is filtered (`MonitoringCriterionEnumType`, 2.1 Part 2 §3.67).
    pub enum MonitoringCriterion {
        /// Report what has an `UpperThreshold` or `LowerThreshold` monitor.
        ThresholdMonitoring,
        /// Report what has a `Delta` monitor.
        DeltaMonitoring,
        /// Report what has a `Periodic` or `PeriodicClockAligned` monitor.
        PeriodicMonitoring,
    }
}

string_enum! {
    /// Whether the station set a variable monitor and, if not, why (`SetMonitoringStatusEnumType`, 2.1 Part 2 §3.93).
    pub enum SetMonitoringStatus {
        /// The station set the monitor.
        Accepted,
        /// The station does not know the component.
        UnknownComponent,
        /// The component has no such variable.
        UnknownVariable,
        /// The station does not support this kind of monitor for the variable.
        UnsupportedMonitorType,
        /// The station refused the monitor, for example because the value is out of range or the given id matches no
        /// monitor.
        Rejected,
        /// The variable already has another monitor of the same type and severity.
        Duplicate,
    }
}

string_enum! {
    /// How far the station is with the upload of a log (`UploadLogStatusEnumType`, 2.1 Part 2 §3.109).
    pub enum UploadLogStatus {
        /// The upload failed on a malformed packet or another protocol mismatch.
        BadMessage,
        /// No log upload is going on; sent only in answer to a trigger message.
        Idle,
        /// The upload failed because the server does not know the operation.
        NotSupportedOperation,
        /// The upload failed because the server did not allow it.
        PermissionDenied,
        /// The log file has arrived at the server.
        Uploaded,
        /// The log file could not be uploaded.
        UploadFailure,
        /// The upload is under way.
        Uploading,
        /// This upload was aborted because a newer log request was accepted.
        AcceptedCanceled,
    }
}
