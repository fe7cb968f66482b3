//! Meter readings, in one form for all versions.

use chrono::{DateTime, Utc};
use ocpp_types::v21::{Location, Measurand, Phase, ReadingContext};
use ocpp_types::{Decimal, Text};
use serde::{Deserialize, Serialize};

/// A meter reading with all its defaults filled in (fault rows D11, D12) and in units without a factor: kWh became Wh, and the
/// multiplier of 2.x was applied.
///
/// Names are those of OCPP 2.1, which include nearly all older ones; others are kept as `Unrecognized`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reading {
    /// When it was taken.
    pub time: DateTime<Utc>,
    /// How much, exactly; none where only the signed data tells (1.6).
    pub value: Option<Decimal>,
    /// In which unit: `Wh`, `W`, `A`, `V`, `varh`, `Percent`, `Hertz` and so on; empty where none is known.
    pub unit: Text<20>,
    /// Of what.
    pub measurand: Measurand,
    /// On what occasion.
    pub context: ReadingContext,
    /// On which phase; all together if none.
    pub phase: Option<Phase>,
    /// Where.
    pub location: Location,
    /// The signed data of the meter, which the value is a part of.
    pub signed: Option<Box<SignedReading>>,
}

/// What a meter has signed, to be handed on as it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignedReading {
    /// The signed data: Base64 in 2.x, whatever the station sends in 1.6.
    pub data: String,
    /// How it was signed.
    pub signing_method: Option<String>,
    /// In which form the meter packs its data, such as `OCMF`.
    pub encoding_method: Option<String>,
    /// The public key for checking it.
    pub public_key: Option<String>,
}

/// What a version says of one reading, before defaults.
pub(super) struct Sample<'a> {
    pub(super) time: DateTime<Utc>,
    pub(super) value: Option<Decimal>,
    pub(super) unit: Option<&'a str>,
    pub(super) multiplier: i64,
    pub(super) measurand: &'a str,
    pub(super) context: &'a str,
    pub(super) phase: Option<&'a str>,
    pub(super) location: &'a str,
    pub(super) signed: Option<Box<SignedReading>>,
}

impl Sample<'_> {
    /// None if the value cannot be held without loss.
    pub(super) fn into_reading(self) -> Option<Reading> {
        let measurand = Measurand::from(self.measurand);
        let (unit, kilo) = match self.unit {
            Some(unit) => match unit.strip_prefix('k') {
                Some(base @ ("Wh" | "varh" | "VAh" | "W" | "var" | "VA")) => (base, 3),
                _ => (unit, 0),
            },
            None => (default_unit(&measurand), 0),
        };
        let power = self.multiplier.checked_add(kilo)?;
        let value = match self.value {
            Some(value) => Some(scaled(value, power)?),
            None => None,
        };
        Some(Reading {
            time: self.time,
            value,
            unit: Text::new(unit),
            measurand,
            context: ReadingContext::from(self.context),
            phase: self.phase.map(Phase::from),
            location: Location::from(self.location),
            signed: self.signed,
        })
    }
}

/// The unit that a reading without one has (1.6 §7.31, 2.x Part 2 `MeasurandEnumType`).
fn default_unit(measurand: &Measurand) -> &'static str {
    let name = measurand.as_str();
    match name.split('.').next() {
        Some("Energy") if name.contains("Reactive") => "varh",
        Some("Energy") if name.contains("Apparent") => "VAh",
        Some("Energy" | "EnergyRequest") => "Wh",
        Some("Current") => "A",
        Some("Voltage") => "V",
        Some("Power") if name.contains("Reactive") => "var",
        Some("Power") if name == "Power.Factor" => "",
        Some("Power") => "W",
        Some("SoC") => "Percent",
        Some("Frequency") => "Hertz",
        Some("Temperature") => "Celsius",
        _ => "",
    }
}

/// The value times a power of ten, exactly.
fn scaled(value: Decimal, power: i64) -> Option<Decimal> {
    let number: rust_decimal::Decimal = value.into();
    if power == 0 || number.is_zero() {
        return Some(value);
    }
    let exponent = i64::from(number.scale()).checked_sub(power)?;
    let scaled = match u32::try_from(exponent) {
        Ok(scale) => rust_decimal::Decimal::try_from_i128_with_scale(number.mantissa(), scale).ok()?,
        Err(_) => {
            let factor = 10_i128.checked_pow(u32::try_from(exponent.unsigned_abs()).ok()?)?;
            rust_decimal::Decimal::try_from_i128_with_scale(number.mantissa().checked_mul(factor)?, 0).ok()?
        }
    };
    Some(scaled.into())
}
