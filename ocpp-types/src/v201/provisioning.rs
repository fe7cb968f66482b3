//! Provisioning (functional block B).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{Component, ComponentVariable, GenericDeviceModelStatus, StatusInfo, Variable};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Secret, Text, Timestamp};

/// The station introduces itself to the CSMS after a start and asks to be registered (2.0.1 Part 2 §1.2.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BootNotificationRequest {
    /// Vendor, model and other identifying data of the station.
    pub charging_station: ChargingStation,
    /// Why the station sends this boot message, such as a power-up or a commanded reset.
    pub reason: BootReason,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `BootNotification`, telling the station whether it is registered and what time it is (2.0.1
/// Part 2 §1.2.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BootNotificationResponse {
    /// Clock time at the CSMS, which the station can use to set its own clock.
    pub current_time: Timestamp,
    /// Seconds between heartbeats when `status` is `Accepted`; with any other status, the least number of seconds to
    /// wait before booting again.
    pub interval: i64,
    /// Whether the CSMS registered the station, keeps it pending or turns it away.
    pub status: RegistrationStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station for a predefined report of its device model (2.0.1 Part 2 §1.17.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetBaseReportRequest {
    /// Number that the station repeats in the resulting `NotifyReport` messages.
    pub request_id: i64,
    /// Which predefined report is wanted, such as a full inventory.
    pub report_base: ReportBase,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetBaseReport`; the report itself follows in `NotifyReport` messages (2.0.1 Part 2
/// §1.17.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetBaseReportResponse {
    /// Whether the station will produce the report.
    pub status: GenericDeviceModelStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station for a report on selected components and variables (2.0.1 Part 2 §1.26.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetReportRequest {
    /// Limits the report to these components and variables.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub component_variable: List<ComponentVariable, 1>,
    /// Number that the station repeats in the resulting `NotifyReport` messages.
    pub request_id: i64,
    /// Limits the report to components in one of these conditions, such as those with a problem.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub component_criteria: List<ComponentCriterion, 1, 4>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetReport`; the report follows in `NotifyReport` messages (2.0.1 Part 2 §1.26.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetReportResponse {
    /// Whether the station will produce the report.
    pub status: GenericDeviceModelStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station for the values of variables in its device model (2.0.1 Part 2 §1.28.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetVariablesRequest {
    /// The variable attributes to read.
    pub get_variable_data: List<GetVariableData, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetVariables` (2.0.1 Part 2 §1.28.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetVariablesResponse {
    /// Value or error for each variable attribute asked for.
    pub get_variable_result: List<GetVariableResult, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station sends the CSMS a part of a device model report that was asked for (2.0.1 Part 2 §1.40.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyReportRequest {
    /// Number taken from the `GetReport` or `GetBaseReport` request being answered.
    pub request_id: i64,
    /// When the station composed this message.
    pub generated_at: Timestamp,
    /// Components and variables with their attributes and characteristics.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub report_data: List<ReportData, 1>,
    /// `true` when more of the report follows in another message; `false` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbc: Option<bool>,
    /// Position of this message in the series, counted from 0.
    pub seq_no: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifyReport`, without content (2.0.1 Part 2 §1.40.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyReportResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to reset itself or one of its EVSEs (2.0.1 Part 2 §1.48.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ResetRequest {
    /// How the reset is to be done: at once, once no transaction is active, or at once with transactions resumed
    /// afterwards.
    #[serde(rename = "type")]
    pub kind: Reset,
    /// EVSE to reset; when absent the whole station is reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `Reset` (2.0.1 Part 2 §1.48.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ResetResponse {
    /// Tells whether the station performs the reset now, will do it later, or refuses.
    pub status: ResetStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS stores connection settings, such as its URL and the OCPP transport, in a slot of the station (2.0.1 Part
/// 2 §1.55.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetNetworkProfileRequest {
    /// Number of the slot the station keeps the connection settings in.
    pub configuration_slot: i64,
    /// Connection settings to store.
    pub connection_data: NetworkConnectionProfile,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetNetworkProfile` (2.0.1 Part 2 §1.55.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetNetworkProfileResponse {
    /// Tells whether the connection settings were stored.
    pub status: SetNetworkProfileStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS writes values to variables of the station (2.0.1 Part 2 §1.57.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariablesRequest {
    /// Variables to write together with their new values.
    pub set_variable_data: List<SetVariableData, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetVariables` (2.0.1 Part 2 §1.57.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariablesResponse {
    /// Outcome for each variable of the request.
    pub set_variable_result: List<SetVariableResult, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Settings the station needs to set up a data connection over a cellular network (`APNType`, 2.0.1 Part 2 §2.3).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Apn {
    /// Name of the access point, written as a URL.
    pub apn: Text<512>,
    /// User name for logging in at the access point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apn_user_name: Option<Text<20>>,
    /// Password for logging in at the access point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apn_password: Option<Secret<20>>,
    /// PIN code that unlocks the SIM card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sim_pin: Option<i64>,
    /// Preferred mobile operator, given as mobile country code followed directly by mobile network code, such as
    /// `20404`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_network: Option<CiString<6>>,
    /// Whether the modem must stay offline when the preferred network cannot be reached; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_only_preferred_network: Option<bool>,
    /// How to authenticate at the access point.
    pub apn_authentication: ApnAuthentication,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identity of the station: vendor, model, serial number, firmware and modem (`ChargingStationType`, 2.0.1 Part 2
/// §2.13).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChargingStation {
    /// Serial number that the vendor gave the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<Text<25>>,
    /// Model name of the station.
    pub model: Text<20>,
    /// Identification of the cellular modem in the station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modem: Option<Modem>,
    /// Name of the vendor, which need not be unique.
    pub vendor_name: Text<50>,
    /// Version of the firmware that the station runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware_version: Option<Text<50>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Names one variable attribute whose value the CSMS wants to read (`GetVariableDataType`, 2.0.1 Part 2 §2.25).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetVariableData {
    /// Attribute to read; `Actual` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_type: Option<Attribute>,
    /// The component that owns the variable.
    pub component: Component,
    /// The variable to read.
    pub variable: Variable,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Outcome of reading one variable attribute (`GetVariableResultType`, 2.0.1 Part 2 §2.26).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetVariableResult {
    /// Details on the outcome of reading the attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_status_info: Option<StatusInfo>,
    /// Tells whether the attribute could be read.
    pub attribute_status: GetVariableStatus,
    /// Attribute that was read; `Actual` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_type: Option<Attribute>,
    /// The value that was read; may be missing only if the status is not `Accepted`. The variable
    /// `ReportingValueSize` can limit its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_value: Option<Text<2500>>,
    /// The component that owns the variable.
    pub component: Component,
    /// The variable that was read.
    pub variable: Variable,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Identifies the SIM card of the wireless modem with which the station communicates (`ModemType`, 2.0.1 Part 2
/// §2.33).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Modem {
    /// ICCID, the serial number of the SIM card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iccid: Option<CiString<20>>,
    /// IMSI, the subscriber identity on the SIM card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imsi: Option<CiString<20>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Everything a station needs to connect to a CSMS over one communication link (`NetworkConnectionProfileType`, 2.0.1
/// Part 2 §2.35).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NetworkConnectionProfile {
    /// Settings for a data connection over a cellular network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apn: Option<Box<Apn>>,
    /// OCPP version of the connection, which OCPP 2.1 ignores because the WebSocket handshake settles it.
    pub ocpp_version: OcppVersion,
    /// How messages are transported; SOAP is not supported in OCPP 2.x.
    pub ocpp_transport: OcppTransport,
    /// URL of the CSMS without the identity of the station, which is appended to obtain the full WebSocket URL.
    pub ocpp_csms_url: Text<512>,
    /// Seconds after which a message of the station on this connection counts as timed out; 30 s is a suggested
    /// starting value.
    pub message_timeout: i64,
    /// Number of the OCPP security profile to apply on this connection.
    pub security_profile: i64,
    /// Network interface to use; the station may try another one when it does not work.
    pub ocpp_interface: OcppInterface,
    /// Settings of the VPN through which the connection runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpn: Option<Box<Vpn>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Report on one variable of a component, with its attributes and characteristics (`ReportDataType`, 2.0.1 Part 2
/// §2.38).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ReportData {
    /// Component to which the reported variable belongs.
    pub component: Component,
    /// Variable that is reported.
    pub variable: Variable,
    /// Attributes of the variable with their values.
    pub variable_attribute: List<VariableAttribute, 1, 4>,
    /// Fixed properties of the variable, such as unit and data type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable_characteristics: Option<VariableCharacteristics>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// A value that the CSMS wants to give to an attribute of a variable (`SetVariableDataType`, 2.0.1 Part 2 §2.44).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariableData {
    /// Attribute to set; `Actual` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_type: Option<Attribute>,
    /// New value of the attribute, possibly an empty string; the station can cap its size through the variable
    /// `ConfigurationValueSize`.
    pub attribute_value: Text<1000>,
    /// Component that has the variable.
    pub component: Component,
    /// Variable to set.
    pub variable: Variable,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Outcome of the attempt to set one variable attribute (`SetVariableResultType`, 2.0.1 Part 2 §2.26).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetVariableResult {
    /// Attribute that the result is about; `Actual` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_type: Option<Attribute>,
    /// Whether the attribute was set or why it was not.
    pub attribute_status: SetVariableStatus,
    /// Further details about the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_status_info: Option<StatusInfo>,
    /// Component that the result is about.
    pub component: Component,
    /// Variable that the result is about.
    pub variable: Variable,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One attribute of a variable, with its value and how it may be used (`VariableAttributeType`, 2.0.1 Part 2 §2.50).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VariableAttribute {
    /// Which attribute this is; `Actual` when absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Attribute>,
    /// Value of the attribute, left out only if it is `WriteOnly`; the variable `ReportingValueSize` can limit its
    /// size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text<2500>>,
    /// Whether the CSMS can read or write the attribute; `ReadWrite` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutability: Option<Mutability>,
    /// True if the value survives a reboot or loss of power; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persistent: Option<bool>,
    /// True if the station never changes the value while running; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<bool>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Properties of a variable that are fixed and can only be read (`VariableCharacteristicsType`, 2.0.1 Part 2 §2.51).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VariableCharacteristics {
    /// Unit of the value; always given if the value has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text<16>>,
    /// Data type of the value.
    pub data_type: Data,
    /// Smallest value the variable can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_limit: Option<Decimal>,
    /// Largest value the variable can have; for text and list types, the longest text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_limit: Option<Decimal>,
    /// Comma-separated values allowed for the variable, given for the three list data types: one choice, an unordered
    /// or an ordered selection. The variable `ConfigurationValueSize` can limit its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values_list: Option<Text<1000>>,
    /// True if monitors can be set on the variable.
    pub supports_monitoring: bool,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Settings of a VPN connection (`VPNType`, 2.0.1 Part 2 §2.54).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Vpn {
    /// Address of the VPN server.
    pub server: Text<512>,
    /// User name for logging in to the VPN.
    pub user: Text<20>,
    /// Group of the VPN user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Text<20>>,
    /// Password for logging in to the VPN.
    pub password: Secret<20>,
    /// Secret shared between the station and the VPN server.
    pub key: Secret<255>,
    /// VPN protocol to use.
    #[serde(rename = "type")]
    pub kind: VpnKind,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How the station authenticates to the access point of a cellular network (`APNAuthenticationEnumType`, 2.0.1
    /// Part 2 §3.1).
    pub enum ApnAuthentication {
        /// Authenticate with the Challenge Handshake Authentication Protocol.
        Chap = "CHAP",
        /// Connect without authentication.
        None = "NONE",
        /// Authenticate with the Password Authentication Protocol.
        Pap = "PAP",
        /// Try CHAP first, then PAP, then no authentication.
        Auto = "AUTO",
    }
}

string_enum! {
    /// Which value of a variable is meant; `Actual` when absent (`AttributeEnumType`, 2.0.1 Part 2 §3.2).
    pub enum Attribute {
        /// The present value of the variable.
        Actual,
        /// The value the variable is meant to reach.
        Target,
        /// The lowest value that may be set.
        MinSet,
        /// The highest value that may be set.
        MaxSet,
    }
}

string_enum! {
    /// Why the station sends a boot notification to the CSMS (`BootReasonEnumType`, 2.0.1 Part 2 §3.5).
    pub enum BootReason {
        /// An error of the application made the station restart.
        ApplicationReset,
        /// The station restarted for a firmware update.
        FirmwareUpdate,
        /// A reset command given at the station made it restart.
        LocalReset,
        /// The station was switched on and now registers with the CSMS.
        PowerUp,
        /// A reset command given remotely made the station restart.
        RemoteReset,
        /// A reset that had been scheduled made the station restart.
        ScheduledReset,
        /// The CSMS asked for the notification with `TriggerMessage`; the station did not restart.
        Triggered,
        /// The station does not know why it restarted.
        Unknown,
        /// An expired watchdog timer made the station restart.
        Watchdog,
    }
}

string_enum! {
    /// State of a component by which a device model report is filtered (`ComponentCriterionEnumType`, 2.0.1 Part 2
    /// §3.21).
    pub enum ComponentCriterion {
        /// Report components whose `Active` variable is true.
        Active,
        /// Report components whose `Available` variable is true.
        Available,
        /// Report components whose `Enabled` variable is true.
        Enabled,
        /// Report components whose `Problem` variable is true.
        Problem,
    }
}

string_enum! {
    /// Data type of the value of a variable (`DataEnumType`, 2.0.1 Part 2 §3.26).
    pub enum Data {
        /// The value is free text.
        String = "string",
        /// The value is a number that may have a fraction.
        Decimal = "decimal",
        /// The value is a whole number.
        Integer = "integer",
        /// The value is a date and time in RFC 3339 form.
        DateTime = "dateTime",
        /// The value is `true` or `false`.
        Boolean = "boolean",
        /// The value is exactly one choice out of the values list.
        OptionList,
        /// The value is a comma-separated selection from the values list in which the order matters.
        SequenceList,
        /// The value is a comma-separated selection from the values list in which the order does not matter.
        MemberList,
    }
}

string_enum! {
    /// Whether the value of a variable could be read, and if not why (`GetVariableStatusEnumType`, 2.0.1 Part 2
    /// §3.41).
    pub enum GetVariableStatus {
        /// The value was read and is in the answer.
        Accepted,
        /// The station refuses to give the value, for example as the variable is write-only.
        Rejected,
        /// The station has no such component.
        UnknownComponent,
        /// The component has no such variable.
        UnknownVariable,
        /// The variable does not have the asked attribute.
        NotSupportedAttributeType,
    }
}

string_enum! {
    /// Whether an attribute of a variable can be read, written or both (`MutabilityEnumType`, 2.0.1 Part 2 §3.58).
    pub enum Mutability {
        /// The CSMS can read the value but not set it.
        ReadOnly,
        /// The CSMS can set the value but not read it back.
        WriteOnly,
        /// The CSMS can read the value as well as set it.
        ReadWrite,
    }
}

string_enum! {
    /// Network interface through which the station should reach the CSMS; it may fall back to another one when this
    /// one fails (`OCPPInterfaceEnumType`, 2.0.1 Part 2 §3.60).
    pub enum OcppInterface {
        /// Connect through wired interface 0.
        Wired0,
        /// Connect through wired interface 1.
        Wired1,
        /// Connect through wired interface 2.
        Wired2,
        /// Connect through wired interface 3.
        Wired3,
        /// Connect through wireless interface 0.
        Wireless0,
        /// Connect through wireless interface 1.
        Wireless1,
        /// Connect through wireless interface 2.
        Wireless2,
        /// Connect through wireless interface 3.
        Wireless3,
    }
}

string_enum! {
    /// How OCPP messages are transported between station and CSMS (`OCPPTransportEnumType`, 2.0.1 Part 2 §3.61).
    pub enum OcppTransport {
        /// Messages travel as JSON over a WebSocket.
        Json = "JSON",
        /// Messages travel over SOAP, which only OCPP versions before 2.0 support.
        Soap = "SOAP",
    }
}

string_enum! {
    /// OCPP version named in a connection profile; OCPP 2.1 ignores it because the WebSocket handshake settles the
    /// version (`OCPPVersionEnumType`, 2.0.1 Part 2 §3.62).
    pub enum OcppVersion {
        /// OCPP version 1.2.
        Ocpp12 = "OCPP12",
        /// OCPP version 1.5.
        Ocpp15 = "OCPP15",
        /// OCPP version 1.6, WebSocket subprotocol `ocpp1.6`.
        Ocpp16 = "OCPP16",
        /// The withdrawn OCPP version 2.0, which is treated as 2.0.1.
        Ocpp20 = "OCPP20",
    }
}

string_enum! {
    /// Tells a station whether the CSMS has accepted its registration (`RegistrationStatusEnumType`, 2.0.1 Part 2
    /// §3.69).
    pub enum RegistrationStatus {
        /// The CSMS accepts the station, which may start normal operation.
        Accepted,
        /// The CSMS is not ready to accept the station yet and may first read or set its configuration.
        Pending,
        /// The CSMS does not accept the station, for example because it does not know its identity.
        Rejected,
    }
}

string_enum! {
    /// Which set of components and variables a base report covers (`ReportBaseEnumType`, 2.0.1 Part 2 §3.70).
    pub enum ReportBase {
        /// Everything that the operator can set.
        ConfigurationInventory,
        /// All components and variables, except monitoring settings.
        FullInventory,
        /// What matters for the current availability for charging, plus any existing problems.
        SummaryInventory,
    }
}

string_enum! {
    /// When a station or EVSE has to reset and what becomes of its transactions (`ResetEnumType`, 2.0.1 Part 2
    /// §3.74).
    pub enum Reset {
        /// Reset right away, ending any transaction that is still running.
        Immediate,
        /// Wait with the reset until all running transactions have ended.
        OnIdle,
    }
}

string_enum! {
    /// Whether and when the station performs the requested reset (`ResetStatusEnumType`, 2.0.1 Part 2 §3.75).
    pub enum ResetStatus {
        /// The station performs the reset now.
        Accepted,
        /// The station does not perform the reset.
        Rejected,
        /// The station cannot reset at once and will do so when the running transaction or other process has
        /// finished.
        Scheduled,
    }
}

string_enum! {
    /// Whether the station stored a network connection profile (`SetNetworkProfileStatusEnumType`, 2.0.1 Part 2
    /// §3.78).
    pub enum SetNetworkProfileStatus {
        /// The station stored the profile.
        Accepted,
        /// The station refused the profile, for example because its content or the configuration slot is invalid.
        Rejected,
        /// The profile was valid, but the station did not succeed in storing it.
        Failed,
    }
}

string_enum! {
    /// Whether the station set a variable and, if not, why (`SetVariableStatusEnumType`, 2.0.1 Part 2 §3.79).
    pub enum SetVariableStatus {
        /// The station set the variable.
        Accepted,
        /// The station did not set the variable, for example because it is read-only or the value is malformed or out
        /// of range.
        Rejected,
        /// The station does not know the component.
        UnknownComponent,
        /// The component has no such variable.
        UnknownVariable,
        /// The variable does not have the requested attribute type.
        NotSupportedAttributeType,
        /// The station took the value, but it has no effect until the station reboots.
        RebootRequired,
    }
}

string_enum! {
    /// Protocol used to set up a VPN connection (`VPNEnumType`, 2.0.1 Part 2 §3.88).
    pub enum VpnKind {
        /// VPN based on Internet Key Exchange version 2.
        IkEv2 = "IKEv2",
        /// VPN based on IPsec.
        IpSec = "IPSec",
        /// VPN based on the Layer 2 Tunneling Protocol.
        L2Tp = "L2TP",
        /// VPN based on the Point-to-Point Tunneling Protocol.
        Pptp = "PPTP",
    }
}
