//! Meter readings.

use alloc::boxed::Box;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CustomData, Decimal, List, Text, Timestamp};

/// A set of measured values that were all taken at the same moment (`MeterValueType`, 2.1 Part 2 §2.68).
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
/// Wh (`SampledValueType`, 2.1 Part 2 §2.87).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SampledValue {
    /// The measured number, still to be scaled by the multiplier of `unitOfMeasure`.
    pub value: Decimal,
    /// Quantity that was measured; `Energy.Active.Import.Register` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurand: Option<Measurand>,
    /// Occasion of the measurement; `Sample.Periodic` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ReadingContext>,
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

/// A meter reading with a digital signature (`SignedMeterValueType`, 2.1 Part 2 §2.92).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SignedMeterValue {
    /// The signed data of the meter in Base64, laid out as `encodingMethod` says; may hold more than the reading,
    /// such as times or a customer reference.
    pub signed_meter_data: Text<32768>,
    /// How the signature was made; may be left out if the signed data already tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_method: Option<Text<50>>,
    /// Format in which the meter packed its data, such as `OCMF` or `EDL`.
    pub encoding_method: Text<50>,
    /// Public key for checking the signature, in Base64; the variable `PublicKeyWithSignedMeterValue` decides when it
    /// is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Text<2500>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Unit of a measured value and the power of ten that scales it (`UnitOfMeasureType`, 2.1 Part 2 §2.112).
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
    /// Place at which a value was measured; `Outlet` when absent (`LocationEnumType`, 2.1 Part 2 §3.56).
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
        /// At a meter of the local grid ahead of the station, such as the energy meter of the building.
        Upstream,
    }
}

string_enum! {
    /// Quantity that was measured; `Energy.Active.Import.Register` when absent (`MeasurandEnumType`, 2.1 Part 2
    /// §3.59).
    pub enum Measurand {
        /// Present current flowing out of the EV, in A.
        CurrentExport = "Current.Export",
        /// Highest discharging current offered to the EV in A, the lower of the EV and EVSE limits.
        CurrentExportOffered = "Current.Export.Offered",
        /// Lowest current the EV can discharge with in A, the higher of the EV and EVSE limits.
        CurrentExportMinimum = "Current.Export.Minimum",
        /// Present current flowing into the EV, in A.
        CurrentImport = "Current.Import",
        /// Highest charging current offered to the EV, in A.
        CurrentImportOffered = "Current.Import.Offered",
        /// Lowest current the EV can charge with in A, the higher of the EV and EVSE limits.
        CurrentImportMinimum = "Current.Import.Minimum",
        /// Highest current offered to the EV in A; means the same as `Current.Import.Offered`.
        CurrentOffered = "Current.Offered",
        /// State of charge of the EV battery at this moment as shown to the driver, in %.
        DisplayPresentSoc = "Display.PresentSOC",
        /// Lowest state of charge the EV wants to hold throughout the session once it is reached, in %.
        DisplayMinimumSoc = "Display.MinimumSOC",
        /// State of charge the EV wants to have at the end of charging, in %.
        DisplayTargetSoc = "Display.TargetSOC",
        /// State of charge at which the EV refuses to charge further, in %.
        DisplayMaximumSoc = "Display.MaximumSOC",
        /// Time left until the minimum state of charge, in s counted from when the EV reported it.
        DisplayRemainingTimeToMinimumSoc = "Display.RemainingTimeToMinimumSOC",
        /// Time left until the target state of charge, in s counted from when the EV reported it.
        DisplayRemainingTimeToTargetSoc = "Display.RemainingTimeToTargetSOC",
        /// Time left until the maximum state of charge, in s counted from when the EV reported it.
        DisplayRemainingTimeToMaximumSoc = "Display.RemainingTimeToMaximumSOC",
        /// Is 1 when charging is finished in the view of the EV.
        DisplayChargingComplete = "Display.ChargingComplete",
        /// Calculated energy in Wh that the EV battery holds at a displayed state of charge of 100 %.
        DisplayBatteryEnergyCapacity = "Display.BatteryEnergyCapacity",
        /// Tells that the EV inlet is too hot for a certain operating condition.
        DisplayInletHot = "Display.InletHot",
        /// Active energy delivered to the grid within the sampling interval, in Wh or kWh.
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        /// Meter register of the active energy delivered to the grid, in Wh or kWh.
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        /// Active energy taken from the grid within the sampling interval, in Wh or kWh.
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        /// Meter register of the active energy taken from the grid, in Wh or kWh; used when no measurand is given.
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        /// Calculated loss behind the energy meter in Wh, starting from 0 in every transaction.
        EnergyActiveImportCableLoss = "Energy.Active.Import.CableLoss",
        /// Running total of imported energy that came from local generation; it may restart at 0 with each
        /// transaction.
        EnergyActiveImportLocalGenerationRegister = "Energy.Active.Import.LocalGeneration.Register",
        /// Meter register of net active energy in Wh or kWh; can be negative.
        EnergyActiveNet = "Energy.Active.Net",
        /// Calculated energy in the interval had the setpoint been followed exactly; negative for net export.
        EnergyActiveSetpointInterval = "Energy.Active.Setpoint.Interval",
        /// Meter register of exported apparent energy, in VAh or kVAh.
        EnergyApparentExport = "Energy.Apparent.Export",
        /// Meter register of imported apparent energy, in VAh or kVAh.
        EnergyApparentImport = "Energy.Apparent.Import",
        /// Meter register of net apparent energy in VAh or kVAh; can be negative.
        EnergyApparentNet = "Energy.Apparent.Net",
        /// Reactive energy delivered to the grid within the sampling interval, in varh or kvarh.
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        /// Meter register of the reactive energy delivered to the grid, in varh or kvarh.
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        /// Reactive energy taken from the grid within the sampling interval, in varh or kvarh.
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        /// Meter register of the reactive energy taken from the grid, in varh or kvarh.
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        /// Meter register of net reactive energy in varh or kvarh; can be negative.
        EnergyReactiveNet = "Energy.Reactive.Net",
        /// Energy the EV still needs to reach its wanted state of charge, in Wh.
        EnergyRequestTarget = "EnergyRequest.Target",
        /// Energy the EV still needs to reach its lowest permitted state of charge, in Wh.
        EnergyRequestMinimum = "EnergyRequest.Minimum",
        /// Energy the EV can still take until its highest permitted state of charge, in Wh.
        EnergyRequestMaximum = "EnergyRequest.Maximum",
        /// Energy in Wh up to the lower end of the V2X cycling range; positive when the battery is below that range.
        EnergyRequestMinimumV2x = "EnergyRequest.Minimum.V2X",
        /// Energy in Wh up to the upper end of the V2X cycling range; negative when the battery is above that range.
        EnergyRequestMaximumV2x = "EnergyRequest.Maximum.V2X",
        /// Energy left until bulk charging ends, in Wh.
        EnergyRequestBulk = "EnergyRequest.Bulk",
        /// Present frequency of the power line, in Hz.
        Frequency,
        /// Present active power coming out of the EV, in W or kW.
        PowerActiveExport = "Power.Active.Export",
        /// Present active power going into the EV, in W or kW.
        PowerActiveImport = "Power.Active.Import",
        /// Power the EV should follow as closely as it can, negative for discharging; not a measured value.
        PowerActiveSetpoint = "Power.Active.Setpoint",
        /// Gap between the power setpoint and the measured power; can be negative.
        PowerActiveResidual = "Power.Active.Residual",
        /// Lowest power the EV can discharge with, the higher of the EV and EVSE limits.
        PowerExportMinimum = "Power.Export.Minimum",
        /// Discharging power offered to the EV, the lower of the EV and EVSE limits.
        PowerExportOffered = "Power.Export.Offered",
        /// Present power factor of the total energy flow.
        PowerFactor = "Power.Factor",
        /// Charging power offered to the EV, the lower of the EV and EVSE limits.
        PowerImportOffered = "Power.Import.Offered",
        /// Lowest power the EV can charge with, the higher of the EV and EVSE limits.
        PowerImportMinimum = "Power.Import.Minimum",
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
        /// Lowest voltage for charging or discharging the EV in V, the higher of the EV and EVSE limits.
        VoltageMinimum = "Voltage.Minimum",
        /// Highest voltage for charging or discharging the EV in V, the lower of the EV and EVSE limits.
        VoltageMaximum = "Voltage.Maximum",
    }
}

string_enum! {
    /// Phase or conductor pair a value belongs to; without it the value is an overall one. Not every phase makes
    /// sense for every measurand (`PhaseEnumType`, 2.1 Part 2 §3.77).
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
    /// Occasion on which a value was measured; `Sample.Periodic` when absent (`ReadingContextEnumType`, 2.1 Part 2
    /// §3.82).
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
