//! Places to charge and what they can do.

use alloc::boxed::Box;

use serde::Serialize;

use crate::CustomData;
use crate::string_enum::string_enum;

/// Points to an EVSE of the station and, if wanted, to one of its connectors (`EVSEType`, 2.0.1 Part 2 §2.23).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Evse {
    /// Number of the EVSE within the station, counted from 1.
    pub id: i64,
    /// Number of the connector within the EVSE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Way of transferring energy between EVSE and EV that the EV asks for or that is offered to it
    /// (`EnergyTransferModeEnumType`, 2.0.1 Part 2 §3.30).
    pub enum EnergyTransferMode {
        /// DC charging.
        Dc = "DC",
        /// Single-phase AC charging as in IEC 62196.
        AcSinglePhase = "AC_single_phase",
        /// Two-phase AC charging as in IEC 62196.
        AcTwoPhase = "AC_two_phase",
        /// Three-phase AC charging as in IEC 62196.
        AcThreePhase = "AC_three_phase",
    }
}
