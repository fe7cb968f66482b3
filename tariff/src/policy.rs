//! What the specifications leave open, as data: every rule's open point is a field with a documented default.
//!
//! A policy takes part in three steps, compiling a tariff, checking a usage and pricing; give the same one to all three.

mod choices;
mod sections;

use alloc::string::String;

use serde::{Deserialize, Serialize};

pub use self::choices::*;
pub use self::sections::*;
use crate::money::RoundingMode;

/// How to decide what the specifications leave open.
///
/// Serialises with the names of the rules: `{"step": {"base": "measured"}}`; what is not named keeps its default.
///
/// # Example
/// ```
/// use tariff::{Policy, StepBase};
///
/// let mut policy = Policy::default();
/// policy.step.base = StepBase::Measured;
/// let text = serde_json::to_string(&policy)?;
/// assert_eq!(serde_json::from_str::<Policy>(&text)?, policy);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Numbers as senders write them (R1).
    pub numbers: NumberPolicy,
    /// Reading of documents (R2, R3).
    pub decode: DecodePolicy,
    /// Dimensions of periods (R4).
    pub dimensions: DimensionPolicy,
    /// Order and extent of periods (R5, R17).
    pub periods: PeriodPolicy,
    /// The time axis (R6).
    pub time: TimePolicy,
    /// Stated hours against timestamps (R7).
    pub time_volume: TimeVolume,
    /// Periods against the totals of the record (R8).
    pub quantities: QuantityPolicy,
    /// Choice of the tariff (R9 to R11).
    pub tariff: TariffPolicy,
    /// One currency (R12).
    pub currency: CurrencyPolicy,
    /// Lookup of elements (R13, R14).
    pub element: ElementPolicy,
    /// What is reported though it costs nothing (R15).
    pub report: ReportPolicy,
    /// Where the time zone comes from (R18).
    pub time_zone: TimeZonePolicy,
    /// Clock and calendar windows (R19 to R22).
    pub window: WindowPolicy,
    /// Energy thresholds (R23).
    pub energy_tiers: EnergyTierPolicy,
    /// Duration thresholds (R24).
    pub duration: DurationPolicy,
    /// Current and power (R25, R26).
    pub power: PowerPolicy,
    /// Step rounding (R30 to R37).
    pub step: StepPolicy,
    /// Fixed fees (R38).
    pub flat: FlatPolicy,
    /// Reservations (R39).
    pub reservation: ReservationPolicy,
    /// Bookings (R40).
    pub booking: BookingPolicy,
    /// Whether a total may be negative (R41).
    pub negative_total: NegativeTotal,
    /// Minimum and maximum price (R42 to R44).
    pub limits: LimitPolicy,
    /// VAT of components (R45).
    pub vat: VatPolicy,
    /// OCPI 2.1.1 (R46).
    pub v211: V211Policy,
    /// `tax_included` of OCPI 2.3.0 (R47).
    pub tax_included: TaxIncludedPolicy,
    /// Named taxes (R48).
    pub tax: TaxPolicy,
    /// Rounding (R49).
    pub rounding: RoundingPolicy,
    /// Credit records (R50).
    pub credit: CreditPolicy,
    /// Which total a cost belongs to (R51).
    pub totals: TotalsPolicy,
    /// Comparison with claims (R52).
    pub verify: VerifyPolicy,
    /// Limits of the engine (R55).
    pub bounds: Bounds,
    /// OCPP 2.1 tariffs (R56 to R85).
    pub ocpp: OcppPolicy,
    /// Conversion between protocols (R69 to R75).
    pub convert: ConvertPolicy,
}

impl Policy {
    /// The closest reading of the text, without repair of sender habits.
    #[must_use]
    pub fn literal() -> Self {
        let mut policy = Self::default();
        policy.numbers.string = StringNumber::Reject;
        policy.dimensions.duplicate = DuplicateDimension::Reject;
        policy.periods.order = PeriodOrder::RejectUnsorted;
        policy.periods.split = Split::AsStated;
        policy.time_volume = TimeVolume::AsStated;
        policy.tariff.bridge_seconds = 0;
        policy.element.lookup = ElementLookup::FirstElementOnly;
        policy.time_zone.infer = InferZone::Never;
        policy.tax_included.missing = MissingTaxIncluded::Reject;
        policy.limits.tax = LimitTax::Unknown;
        policy
    }

    /// Every open point in favour of the payer.
    #[must_use]
    pub fn driver_friendly() -> Self {
        let mut policy = Self::default();
        policy.power.missing = MissingPower::Derive;
        policy.step.mode = StepMode::Ignore;
        policy.flat.requires_energy = true;
        policy.reservation.expired_flat = ExpiredFlat::Replaces;
        policy.booking.overtime = Overtime::Replaces;
        policy.limits.zero_energy = ZeroEnergyLimit::Skip;
        policy.limits.multi_tariff = LimitTariff::First;
        policy.rounding.mode = RoundingMode::Down;
        policy.tariff.switch = TariffSwitch::Keep;
        policy.ocpp.suspended_evse = SuspendedEvse::Neither;
        policy.ocpp.limits_conflict = LimitsConflict::MaxWins;
        policy
    }

    /// The choices of other readings found in the field, so that migrations can be compared.
    #[must_use]
    pub fn compat(with: Compat) -> Self {
        let mut policy = Self::default();
        match with {
            Compat::StatedVolumes => {
                policy.time_volume = TimeVolume::AsStated;
                policy.power.missing = MissingPower::AssumeMet;
            }
            Compat::MeasuredSteps => {
                policy.step.base = StepBase::Measured;
                policy.step.unpriced_parking = UnpricedParking::Counts;
                policy.time_volume = TimeVolume::AsStated;
            }
            Compat::PeriodSteps => {
                policy.step.scope = StepScope::Period;
                policy.step.time = StepTime::BothSeparately;
                policy.time_volume = TimeVolume::AsStated;
            }
            Compat::FirstElement => {
                policy.element.lookup = ElementLookup::FirstElementOnly;
                policy.time_volume = TimeVolume::AsStated;
            }
        }
        policy
    }
}

/// A reading found in the field, for [`Policy::compat`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Compat {
    /// Hours count with the digits stated, and a restriction on power that was not measured counts as met.
    StatedVolumes,
    /// Steps round all that was measured, priced or not, as older editions of the examples did.
    MeasuredSteps,
    /// Steps round every period, charging and parking alike.
    PeriodSteps,
    /// The first matching element of a 2.1.1 tariff decides all dimensions.
    FirstElement,
}

/// The name of a preset, for tools.
impl core::str::FromStr for Policy {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        Ok(match name {
            "default" => Self::default(),
            "literal" => Self::literal(),
            "driver_friendly" => Self::driver_friendly(),
            "compat_stated_volumes" => Self::compat(Compat::StatedVolumes),
            "compat_measured_steps" => Self::compat(Compat::MeasuredSteps),
            "compat_period_steps" => Self::compat(Compat::PeriodSteps),
            "compat_first_element" => Self::compat(Compat::FirstElement),
            _ => return Err(UnknownPreset(name.into())),
        })
    }
}

/// No preset of policies has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "no policy is called {0:?}; there are default, literal, driver_friendly and compat_(stated_volumes|measured_steps|period_steps|first_element)"
)]
pub struct UnknownPreset(String);
