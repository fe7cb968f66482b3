//! Meter readings.

use alloc::boxed::Box;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text, Timestamp};

/// A set of measured values that were all taken at the same moment (`MeterValueType`, 2.0.1 Part 2 §2.32).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MeterValue {
    /// The values measured at that moment.
    pub sampled_value: List<SampledValue, 1>,
    /// Moment at which the values were measured.
    pub timestamp: Timestamp,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// One measured value with its meaning; if only the number is given, it is the register of imported active energy in
/// Wh (`SampledValueType`, 2.0.1 Part 2 §2.41).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SampledValue {
    /// The measured number, still to be scaled by the multiplier of `unitOfMeasure`.
    pub value: Decimal,
    /// Occasion of the measurement; `Sample.Periodic` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ReadingContext>,
    /// Quantity that was measured; `Energy.Active.Import.Register` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurand: Option<Measurand>,
    /// Phase the value belongs to; without it the value is an overall one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Place of the measurement; `Outlet` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The same reading with the digital signature of the meter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_meter_value: Option<Box<SignedMeterValue>>,
    /// Unit and multiplier of the value; Wh without scaling when absent for an energy measurand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<UnitOfMeasure>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
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
}

/// A meter reading with a digital signature (`SignedMeterValueType`, 2.0.1 Part 2 §2.46).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignedMeterValue {
    /// The signed data of the meter in Base64, laid out as `encodingMethod` says; may hold more than the reading,
    /// such as times or a customer reference.
    pub signed_meter_data: Text<2500>,
    /// How the signature was made; may be left out if the signed data already tells it.
    pub signing_method: Text<50>,
    /// Format in which the meter packed its data, such as `OCMF` or `EDL`.
    pub encoding_method: Text<50>,
    /// Public key for checking the signature, in Base64; the variable `PublicKeyWithSignedMeterValue` decides when it
    /// is sent.
    pub public_key: Text<2500>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Unit of a measured value and the power of ten that scales it (`UnitOfMeasureType`, 2.0.1 Part 2 §2.49).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UnitOfMeasure {
    /// Name of the unit, from the standardized list where it has a fitting one; `Wh` when absent for an energy
    /// measurand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text<20>>,
    /// Exponent of ten by which the value is multiplied, 0 when absent; it does not turn one unit into another, such
    /// as W into kW.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Place at which a value was measured; `Outlet` when absent (`LocationEnumType`, 2.0.1 Part 2 §3.47).
    pub enum Location {
        /// Inside the housing of the station, for example a temperature.
        Body,
        /// On the cable between station and EV.
        Cable,
        /// In the EV, which measured the value.
        Ev = "EV",
        /// At the grid connection of the station for EVSE 0, otherwise at the supply side of the EVSE.
        Inlet,
        /// At a connector; used when no location is given.
        Outlet,
    }
}

string_enum! {
    /// Quantity that was measured; `Energy.Active.Import.Register` when absent (`MeasurandEnumType`, 2.0.1 Part 2
    /// §3.50).
    pub enum Measurand {
        /// Present current flowing out of the EV, in A.
        CurrentExport = "Current.Export",
        /// Present current flowing into the EV, in A.
        CurrentImport = "Current.Import",
        /// Highest current offered to the EV in A; means the same as `Current.Import.Offered`.
        CurrentOffered = "Current.Offered",
        /// Meter register of the active energy delivered to the grid, in Wh or kWh.
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        /// Meter register of the active energy taken from the grid, in Wh or kWh; used when no measurand is given.
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        /// Meter register of the reactive energy delivered to the grid, in varh or kvarh.
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        /// Meter register of the reactive energy taken from the grid, in varh or kvarh.
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        /// Active energy delivered to the grid within the sampling interval, in Wh or kWh.
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        /// Active energy taken from the grid within the sampling interval, in Wh or kWh.
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        /// Meter register of net active energy in Wh or kWh; can be negative.
        EnergyActiveNet = "Energy.Active.Net",
        /// Reactive energy delivered to the grid within the sampling interval, in varh or kvarh.
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        /// Reactive energy taken from the grid within the sampling interval, in varh or kvarh.
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        /// Meter register of net reactive energy in varh or kvarh; can be negative.
        EnergyReactiveNet = "Energy.Reactive.Net",
        /// Meter register of net apparent energy in VAh or kVAh; can be negative.
        EnergyApparentNet = "Energy.Apparent.Net",
        /// Meter register of imported apparent energy, in VAh or kVAh.
        EnergyApparentImport = "Energy.Apparent.Import",
        /// Meter register of exported apparent energy, in VAh or kVAh.
        EnergyApparentExport = "Energy.Apparent.Export",
        /// Present frequency of the power line, in Hz.
        Frequency,
        /// Present active power coming out of the EV, in W or kW.
        PowerActiveExport = "Power.Active.Export",
        /// Present active power going into the EV, in W or kW.
        PowerActiveImport = "Power.Active.Import",
        /// Present power factor of the total energy flow.
        PowerFactor = "Power.Factor",
        /// Highest power offered to the EV; means the same as `Power.Import.Offered`.
        PowerOffered = "Power.Offered",
        /// Present reactive power coming out of the EV, in var or kvar.
        PowerReactiveExport = "Power.Reactive.Export",
        /// Present reactive power going into the EV, in var or kvar.
        PowerReactiveImport = "Power.Reactive.Import",
        /// State of charge of the EV battery, in %.
        SoC,
        /// Present supply voltage in V, for AC the RMS value; measured at the grid side or towards the EV depending
        /// on the location.
        Voltage,
    }
}

string_enum! {
    /// Phase or conductor pair a value belongs to; without it the value is an overall one. Not every phase makes
    /// sense for every measurand (`PhaseEnumType`, 2.0.1 Part 2 §3.64).
    pub enum Phase {
        /// Value of phase L1.
        L1,
        /// Value of phase L2.
        L2,
        /// Value of phase L3.
        L3,
        /// Value of the neutral conductor.
        N,
        /// Value of phase L1 against neutral.
        L1N = "L1-N",
        /// Value of phase L2 against neutral.
        L2N = "L2-N",
        /// Value of phase L3 against neutral.
        L3N = "L3-N",
        /// Value between the phases L1 and L2.
        L1L2 = "L1-L2",
        /// Value between the phases L2 and L3.
        L2L3 = "L2-L3",
        /// Value between the phases L3 and L1.
        L3L1 = "L3-L1",
    }
}

string_enum! {
    /// Occasion on which a value was measured; `Sample.Periodic` when absent (`ReadingContextEnumType`, 2.0.1 Part 2
    /// §3.66).
    pub enum ReadingContext {
        /// Measured when an interruption began.
        InterruptionBegin = "Interruption.Begin",
        /// Measured when operation went on after an interruption.
        InterruptionEnd = "Interruption.End",
        /// Measured on an occasion that no other value describes.
        Other,
        /// Measured at an interval aligned with the clock.
        SampleClock = "Sample.Clock",
        /// Measured at a regular interval counted from the start of the transaction; used when no context is given.
        SamplePeriodic = "Sample.Periodic",
        /// Measured when the transaction started.
        TransactionBegin = "Transaction.Begin",
        /// Measured when the transaction ended.
        TransactionEnd = "Transaction.End",
        /// Measured because the CSMS sent a trigger message.
        Trigger,
    }
}
