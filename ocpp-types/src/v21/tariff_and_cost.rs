//! Tariff and cost (functional block I).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{StatusInfo, Tariff};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, List, Text, Timestamp};

/// The CSMS tells the station to price a running transaction with a different tariff (2.1 Part 2 §1.9.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeTransactionTariffRequest {
    /// Tariff that the transaction uses from now on; its currency must stay the same.
    pub tariff: Tariff,
    /// Running transaction whose tariff is replaced.
    pub transaction_id: CiString<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ChangeTransactionTariff` (2.1 Part 2 §1.9.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChangeTransactionTariffResponse {
    /// Whether the station took over the new tariff, or why it did not.
    pub status: TariffChangeStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station to remove default tariffs; a transaction that already uses one keeps it (2.1 Part 2
/// §1.15.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearTariffsRequest {
    /// Ids of the tariffs to remove; when absent every tariff at `evseId` is removed.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tariff_ids: List<Text<60>, 1>,
    /// Restricts the removal to tariffs set for this EVSE; when absent the EVSE does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `ClearTariffs` (2.1 Part 2 §1.15.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearTariffsResponse {
    /// Outcome of the removal for each tariff.
    pub clear_tariffs_result: List<ClearTariffsResult, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station the running cost of a transaction, for display to the driver (2.1 Part 2 §1.18.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostUpdatedRequest {
    /// Cost of the transaction so far as known by the CSMS, taxes included, in the currency of the `Currency`
    /// variable.
    pub total_cost: Decimal,
    /// Transaction to which the cost belongs.
    pub transaction_id: CiString<36>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `CostUpdated`, without content (2.1 Part 2 §1.18.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct CostUpdatedResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS asks the station which tariffs it holds (2.1 Part 2 §1.37.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetTariffsRequest {
    /// EVSE whose tariffs are wanted; 0 covers every EVSE.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `GetTariffs` (2.1 Part 2 §1.37.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct GetTariffsResponse {
    /// Whether the station returns tariffs, has none, or refuses.
    pub status: TariffGetStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Default and driver-specific tariffs present, each with the EVSEs it applies to.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub tariff_assignments: List<TariffAssignment, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS installs the tariff that an EVSE, or every EVSE, uses for drivers without a tariff of their own (2.1 Part
/// 2 §1.74.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDefaultTariffRequest {
    /// EVSE for which the tariff holds; 0 means every EVSE of the station.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Tariff to install as the default.
    pub tariff: Tariff,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `SetDefaultTariff` (2.1 Part 2 §1.74.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SetDefaultTariffResponse {
    /// Tells whether the tariff was installed and, if not, why.
    pub status: TariffSetStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Outcome of a clear request for one tariff (`ClearTariffsResultType`, 2.1 Part 2 §2.24).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClearTariffsResult {
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// Tariff to which this outcome belongs; absent, with `status` being `NoTariff`, if there was nothing to clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff_id: Option<Text<60>>,
    /// Whether this tariff was cleared.
    pub status: TariffClearStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Tells to which EVSEs or tokens a tariff is assigned (`TariffAssignmentType`, 2.1 Part 2 §2.95).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TariffAssignment {
    /// Identifies the assigned tariff.
    pub tariff_id: Text<60>,
    /// Whether it is a default tariff or a tariff of a driver.
    pub tariff_kind: TariffKind,
    /// Moment from which the tariff is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// EVSEs on which the tariff is installed or in use.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    #[cfg_attr(feature = "schema", schemars(inner(range(min = 0))))]
    pub evse_ids: List<i64, 1>,
    /// Tokens of the drivers the tariff is meant for.
    #[serde(default, skip_serializing_if = "List::is_empty")]
    pub id_tokens: List<CiString<255>, 1>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station changed the tariff of the running transaction (`TariffChangeStatusEnumType`, 2.1
    /// Part 2 §3.96).
    pub enum TariffChangeStatus {
        /// The transaction continues under the new tariff.
        Accepted,
        /// The new tariff was refused; see `statusInfo` for the reason.
        Rejected,
        /// The tariff holds more elements than the station can process.
        TooManyElements,
        /// The station does not support one of the tariff conditions, or none at all.
        ConditionNotSupported,
        /// The transaction is not known or is already over.
        TxNotFound,
        /// The new tariff has another currency, which may not change while a transaction runs.
        NoCurrencyChange,
    }
}

string_enum! {
    /// Tells whether the station cleared a tariff (`TariffClearStatusEnumType`, 2.1 Part 2 §3.97).
    pub enum TariffClearStatus {
        /// The station clears the tariff.
        Accepted,
        /// The station refuses to clear the tariff; see `statusInfo` for the reason.
        Rejected,
        /// There is no such tariff for the EVSE or token.
        NoTariff,
    }
}

string_enum! {
    /// Outcome of asking the station for its tariffs (`TariffGetStatusEnumType`, 2.1 Part 2 §3.99).
    pub enum TariffGetStatus {
        /// Tariffs are present and listed in the answer.
        Accepted,
        /// The station refused to list its tariffs; the status info tells why.
        Rejected,
        /// There is no tariff on the station or on the asked EVSE.
        NoTariff,
    }
}

string_enum! {
    /// Whether a tariff is for everybody or for one driver (`TariffKindEnumType`, 2.1 Part 2 §3.100).
    pub enum TariffKind {
        /// Tariff of an EVSE for drivers without a tariff of their own.
        DefaultTariff,
        /// Tariff meant for one specific driver, received when authorizing.
        DriverTariff,
    }
}

string_enum! {
    /// Whether the station accepted a default tariff and, if not, why (`TariffSetStatusEnumType`, 2.1 Part 2 §3.101).
    pub enum TariffSetStatus {
        /// The station installed the tariff.
        Accepted,
        /// The station refused the tariff, for example because it is invalid or the EVSE is unknown; `statusInfo` can
        /// tell more.
        Rejected,
        /// The tariff holds more price elements than the station can process.
        TooManyElements,
        /// The tariff uses a condition that the station does not support, or the station supports no conditions.
        ConditionNotSupported,
        /// The station already has a tariff with this id.
        DuplicateTariffId,
    }
}
