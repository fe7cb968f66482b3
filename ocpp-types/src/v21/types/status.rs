//! Outcomes that many responses share.

use alloc::boxed::Box;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CustomData, Text};

/// Extra detail that explains a status given in an answer (`StatusInfoType`, 2.1 Part 2 §2.93).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StatusInfo {
    /// Short predefined code that tells why the status was given; upper and lower case are equivalent.
    pub reason_code: Text<20>,
    /// Free text with further detail about the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_info: Option<Text<1024>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// General accept-or-reject outcome used by the answers of several messages (`GenericStatusEnumType`, 2.1 Part 2
    /// §3.43).
    pub enum GenericStatus {
        /// The receiver took the request and will carry it out.
        Accepted,
        /// The receiver refused the request and does nothing with it.
        Rejected,
    }
}
