//! Names of the device model.

use alloc::boxed::Box;

use serde::Serialize;

use super::Evse;
use crate::string_enum::string_enum;
use crate::{CiString, CustomData};

/// A part of the station in the device model, be it hardware or a logical function (`ComponentType`, 2.1 Part 2
/// §2.25).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// The EVSE, and possibly the connector, the component belongs to; absent for a component of the station as a
    /// whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse: Option<Evse>,
    /// Name of the component, preferably one from the standardized list in camel case; upper and lower case are not
    /// distinguished.
    pub name: CiString<50>,
    /// Tells apart several components of the same name, preferably in camel case; upper and lower case are not
    /// distinguished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<CiString<50>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Selects a component, or one variable of it, for a report (`ComponentVariableType`, 2.1 Part 2 §2.26).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ComponentVariable {
    /// The component that is reported on.
    pub component: Component,
    /// The variable that is reported on; without it all variables of the component are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<Variable>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Names a variable of a component in the device model (`VariableType`, 2.1 Part 2 §2.119).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Name of the variable, preferably one from the standardized list in camel case; upper and lower case are not
    /// distinguished.
    pub name: CiString<50>,
    /// Tells apart several variables of the same name, preferably in camel case; upper and lower case are not
    /// distinguished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<CiString<50>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Tells whether the station accepts a request about its device model (`GenericDeviceModelStatusEnumType`, 2.1
    /// Part 2 §3.42).
    pub enum GenericDeviceModelStatus {
        /// The station will carry out the request.
        Accepted,
        /// The station will not carry out the request.
        Rejected,
        /// The station does not support what was asked.
        NotSupported,
        /// Nothing in the device model matches the given criteria.
        EmptyResultSet,
    }
}
