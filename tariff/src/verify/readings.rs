//! The other readings of the open points, one at a time.

use core::fmt;

use serde::{Serialize, Serializer};

use crate::money::RoundingMode;
use crate::policy::*;

/// One open point of the rules, read otherwise than by default; printed like `step.base = measured`.
#[derive(Clone, Copy)]
pub struct Reading {
    option: &'static str,
    value: &'static str,
    apply: fn(&mut Policy),
}

impl Reading {
    /// The option of [`Policy`], as it is serialised: `step.base`.
    #[must_use]
    pub const fn option(&self) -> &'static str {
        self.option
    }

    /// Its value, as it is serialised: `measured`.
    #[must_use]
    pub const fn value(&self) -> &'static str {
        self.value
    }

    /// Makes a policy read the point this way.
    pub fn apply(&self, policy: &mut Policy) {
        (self.apply)(policy);
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.option, self.value)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        (self.option, self.value) == (other.option, other.value)
    }
}

impl Eq for Reading {}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

macro_rules! assign {
    ($policy:ident ($($field:ident).+) $value:expr) => {
        $policy.$($field).+ = $value
    };
}

macro_rules! readings {
    ($($option:literal $place:tt { $($value:literal $set:expr),+ $(,)? })+) => {
        impl Reading {
            /// Every reading, of the open points that decide about amounts; the default one of each among them.
            pub const ALL: &[Self] = &[$($(
                Self { option: $option, value: $value, apply: |policy| assign!(policy $place $set) }
            ),+),+];
        }
    };
}

readings! {
    "step.mode" (step.mode) { "up" StepMode::Up, "ignore" StepMode::Ignore }
    "step.scope" (step.scope) { "session" StepScope::Session, "period" StepScope::Period }
    "step.time" (step.time) {
        "parking_first" StepTime::ParkingFirst, "last_period" StepTime::LastPeriod,
        "both_separately" StepTime::BothSeparately,
    }
    "step.base" (step.base) { "priced" StepBase::Priced, "measured" StepBase::Measured }
    "step.across_tariffs" (step.across_tariffs) {
        "session_total" StepTariffs::SessionTotal, "last_tariff_only" StepTariffs::LastTariffOnly,
    }
    "step.unpriced_parking" (step.unpriced_parking) {
        "does_not_count" UnpricedParking::DoesNotCount, "counts" UnpricedParking::Counts,
    }
    "step.negative_quantity" (step.negative_quantity) {
        "exact" NegativeStep::Exact, "toward_zero" NegativeStep::TowardZero, "away_from_zero" NegativeStep::AwayFromZero,
    }
    "time_volume" (time_volume) {
        "reconcile" TimeVolume::Reconcile, "as_stated" TimeVolume::AsStated,
        "from_timestamps" TimeVolume::FromTimestamps,
    }
    "periods.split" (periods.split) { "as_stated" Split::AsStated, "interpolate" Split::Interpolate }
    "quantities.source" (quantities.source) {
        "periods" QuantitySource::Periods, "scale_to_totals" QuantitySource::ScaleToTotals,
    }
    "tariff.unnamed_period" (tariff.unnamed_period) {
        "as_above" UnnamedPeriod::AsAbove, "select_always" UnnamedPeriod::SelectAlways,
        "free_always" UnnamedPeriod::FreeAlways,
    }
    "tariff.end" (tariff.end) { "exclusive" TariffEnd::Exclusive, "inclusive" TariffEnd::Inclusive }
    "tariff.tie" (tariff.tie) { "latest_start" TariffTie::LatestStart, "first_listed" TariffTie::FirstListed }
    "tariff.switch" (tariff.switch) { "keep" TariffSwitch::Keep, "at_validity_edge" TariffSwitch::AtValidityEdge }
    "element.lookup" (element.lookup) {
        "per_dimension" ElementLookup::PerDimension, "first_element_only" ElementLookup::FirstElementOnly,
    }
    "element.duplicate_component" (element.duplicate_component) {
        "first" DuplicateComponent::First, "sum" DuplicateComponent::Sum,
    }
    "window.equal_bounds" (window.equal_bounds) { "whole_day" EqualBounds::WholeDay, "never" EqualBounds::Never }
    "window.weekday" (window.weekday) {
        "of_instant" WindowWeekday::OfInstant, "of_window_start" WindowWeekday::OfWindowStart,
    }
    "window.repeated_hour" (window.repeated_hour) {
        "both_passes" RepeatedHour::BothPasses, "first_pass" RepeatedHour::FirstPass,
        "second_pass" RepeatedHour::SecondPass,
    }
    "energy_tiers.scope" (energy_tiers.scope) { "session" TierScope::Session, "tariff" TierScope::Tariff }
    "duration.origin" (duration.origin) {
        "first_use" DurationOrigin::FirstUse, "record_start" DurationOrigin::RecordStart,
    }
    "duration.clock" (duration.clock) { "elapsed" DurationClock::Elapsed, "charging_only" DurationClock::ChargingOnly }
    "power.missing" (power.missing) {
        "derive" MissingPower::Derive, "assume_met" MissingPower::AssumeMet, "assume_not_met" MissingPower::AssumeNotMet,
    }
    "power.straddle" (power.straddle) { "extremes" PowerStraddle::Extremes, "average" PowerStraddle::Average }
    "power.idle" (power.idle) { "zero" IdlePower::Zero, "not_verifiable" IdlePower::NotVerifiable }
    "flat.repeat" (flat.repeat) {
        "once_per_session" FlatRepeat::OncePerSession, "once_per_component" FlatRepeat::OncePerComponent,
        "once_per_tariff" FlatRepeat::OncePerTariff,
    }
    "flat.moment" (flat.moment) {
        "first_match" FlatMoment::FirstMatch, "session_start_only" FlatMoment::SessionStartOnly,
    }
    "flat.requires_energy" (flat.requires_energy) { "false" false, "true" true }
    "reservation.step" (reservation.step) {
        "separate" ReservationStep::Separate, "pooled_with_time" ReservationStep::PooledWithTime,
    }
    "reservation.expired_flat" (reservation.expired_flat) {
        "replaces" ExpiredFlat::Replaces, "adds_to" ExpiredFlat::AddsTo,
    }
    "booking.overtime" (booking.overtime) { "adds" Overtime::Adds, "replaces" Overtime::Replaces }
    "negative_total" (negative_total) {
        "allow" NegativeTotal::Allow, "floor_at_zero" NegativeTotal::FloorAtZero,
    }
    "limits.scope" (limits.scope) {
        "whole_record" LimitScope::WholeRecord, "without_reservation" LimitScope::WithoutReservation,
    }
    "limits.multi_tariff" (limits.multi_tariff) {
        "first" LimitTariff::First, "per_tariff" LimitTariff::PerTariff, "none" LimitTariff::None,
    }
    "limits.zero_energy" (limits.zero_energy) { "apply" ZeroEnergyLimit::Apply, "skip" ZeroEnergyLimit::Skip }
    "rounding.mode" (rounding.mode) {
        "half_up" RoundingMode::HalfUp, "half_even" RoundingMode::HalfEven, "down" RoundingMode::Down,
        "up" RoundingMode::Up,
    }
    "rounding.at" (rounding.at) {
        "end" RoundingAt::End, "per_component" RoundingAt::PerComponent, "per_period" RoundingAt::PerPeriod,
    }
}
