//! Places to charge and what they can do.

use alloc::boxed::Box;

use serde::Serialize;

use crate::CustomData;
use crate::string_enum::string_enum;

/// Points to an EVSE of the station and, if wanted, to one of its connectors (`EVSEType`, 2.1 Part 2 §2.47).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Evse {
    /// Number of the EVSE within the station, counted from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub id: i64,
    /// Number of the connector within the EVSE.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub connector_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Kind of grid-support (DER) setting or curve; it decides which settings member is used (`DERControlEnumType`,
    /// 2.1 Part 2 §3.33).
    pub enum DerControl {
        /// Settings for resuming service to the grid after a trip.
        EnterService,
        /// Droop settings that adjust active power to the grid frequency.
        FreqDroop,
        /// Curve of active power against frequency.
        FreqWatt,
        /// Constant power factor while taking power from the grid.
        FixedPfAbsorb = "FixedPFAbsorb",
        /// Constant power factor while feeding power into the grid.
        FixedPfInject = "FixedPFInject",
        /// Constant reactive power setpoint.
        FixedVar,
        /// Ramp rates for changes of power.
        Gradients,
        /// Curve of high frequencies and durations beyond which disconnection is mandatory.
        HfMustTrip = "HFMustTrip",
        /// Ride-through curve for high frequency, beyond which disconnection is allowed.
        HfMayTrip = "HFMayTrip",
        /// Curve of high voltages and durations beyond which disconnection is mandatory.
        HvMustTrip = "HVMustTrip",
        /// Curve of high voltages at which power delivery pauses briefly, ready to resume at once.
        HvMomCess = "HVMomCess",
        /// Ride-through curve for high voltage, beyond which disconnection is allowed.
        HvMayTrip = "HVMayTrip",
        /// Limit on discharge power as a percentage of rated discharge power.
        LimitMaxDischarge,
        /// Curve of low frequencies and durations beyond which disconnection is mandatory.
        LfMustTrip = "LFMustTrip",
        /// Curve of low voltages and durations beyond which disconnection is mandatory.
        LvMustTrip = "LVMustTrip",
        /// Curve of low voltages at which power delivery pauses briefly, ready to resume at once.
        LvMomCess = "LVMomCess",
        /// Ride-through curve for low voltage, beyond which disconnection is allowed.
        LvMayTrip = "LVMayTrip",
        /// Power monitoring curve of VDE-AR-N 4105, section 5.5.2.
        PowerMonitoringMustTrip,
        /// Curve of reactive power against voltage.
        VoltVar,
        /// Curve of active power against voltage.
        VoltWatt,
        /// Curve of power factor against active power.
        WattPf = "WattPF",
        /// Curve of reactive power against active power.
        WattVar,
    }
}

string_enum! {
    /// Way of transferring energy between EVSE and EV that the EV asks for or that is offered to it
    /// (`EnergyTransferModeEnumType`, 2.1 Part 2 §3.37).
    pub enum EnergyTransferMode {
        /// Single-phase AC charging as in IEC 62196.
        AcSinglePhase = "AC_single_phase",
        /// Two-phase AC charging as in IEC 62196.
        AcTwoPhase = "AC_two_phase",
        /// Three-phase AC charging as in IEC 62196.
        AcThreePhase = "AC_three_phase",
        /// DC charging.
        Dc = "DC",
        /// Bidirectional AC transfer of ISO 15118-20, without DER control.
        AcBpt = "AC_BPT",
        /// Bidirectional AC transfer with DER control, from an amendment to ISO 15118-20.
        AcBptDer = "AC_BPT_DER",
        /// AC transfer with DER control that only charges, from an amendment to ISO 15118-20.
        AcDer = "AC_DER",
        /// Bidirectional DC transfer of ISO 15118-20.
        DcBpt = "DC_BPT",
        /// DC charging through an automatic connection device such as a pantograph, as in ISO 15118-20.
        DcAcdp = "DC_ACDP",
        /// Bidirectional DC transfer through an automatic connection device such as a pantograph, as in ISO 15118-20.
        DcAcdpBpt = "DC_ACDP_BPT",
        /// Wireless power transfer of ISO 15118-20.
        Wpt = "WPT",
    }
}

string_enum! {
    /// Kind of current supplied by the EVSEs to which a tariff condition is restricted (`EvseKindEnumType`, 2.1 Part
    /// 2 §3.40).
    pub enum EvseKind {
        /// The price applies at an EVSE that supplies alternating current.
        Ac = "AC",
        /// The price applies at an EVSE that supplies direct current.
        Dc = "DC",
    }
}
