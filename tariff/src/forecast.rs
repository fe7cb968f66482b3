//! What a session will cost before it took place (R54, R85).

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::bill::{Bill, Cost};
use crate::compile::Compiled;
use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::policy::{Policy, Split, TransactionLimit};
use crate::price::Refusal;
use crate::usage::{Facts, LocalTime, Period, Record, RecordKind, Span, Usage, UsageError};

/// A session as it is expected: stages of charging one after the other, then perhaps parking.
///
/// # Example
/// ```
/// use tariff::{Component, Currency, Dimension, Element, Forecast, Policy, Stage, Tariff};
///
/// let price = Component::new(Dimension::Energy, "0.25".parse()?);
/// let tariff = Tariff::new("day", Currency::EUR, vec![Element::new(vec![price])]);
/// let forecast = Forecast::new("2024-06-01T10:00:00Z".parse()?, vec![Stage::at_power("11".parse()?, 2 * 3600)]);
/// let expected = forecast.price(&tariff.compile(&Policy::default())?, &Policy::default())?;
/// assert_eq!(expected.bill.totals.total.excl_tax.map(|cost| cost.to_string()).as_deref(), Some("5.5"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// When charging starts.
    pub start: DateTime<Utc>,
    /// Local time at the charging location.
    pub zone: LocalTime,
    /// The course of charging.
    pub stages: Vec<Stage>,
    /// For how many seconds the vehicle stays connected afterwards.
    pub parked: u32,
    /// What prices may depend on besides usage.
    pub facts: Facts,
}

/// A stretch of charging at constant power.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stage {
    /// How long it lasts, in nanoseconds.
    pub nanos: i64,
    /// The energy in it, in kWh.
    pub energy: Decimal,
}

impl Stage {
    /// So much energy in so many seconds: an entry of a plan.
    #[must_use]
    pub fn new(energy: Decimal, seconds: u32) -> Self {
        Self { nanos: i64::from(seconds) * 1_000_000_000, energy }
    }

    /// So many seconds at a power in kW: a point of a power curve over time. The energy is kept to a millionth of a Wh.
    #[must_use]
    pub fn at_power(power: Decimal, seconds: u32) -> Self {
        let energy = Exact::from(power).checked_mul(Exact::from(i64::from(seconds)));
        let energy = energy.and_then(|energy| energy.checked_div(Exact::from(3600))).unwrap_or_default();
        Self::new(energy.round(9, RoundingMode::HalfUp).normalize(), seconds)
    }
}

/// The power a vehicle takes from some energy on: a point of a charging curve.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CurvePoint {
    /// From so much energy of the session on, in kWh.
    pub from: Decimal,
    /// The power, in kW.
    pub power: Decimal,
}

/// When charging is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// With so much energy, in kWh.
    Energy(Decimal),
    /// After so many seconds.
    Seconds(u32),
}

/// What a forecast comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The bill for the expected course.
    pub bill: Bill,
    /// The least and the most it may come to, if nothing but the quantities of each stage is certain (R17).
    pub bounds: Option<(Cost, Cost)>,
}

impl Forecast {
    /// The stages of a plan or of a power curve over time.
    #[must_use]
    pub fn new(start: DateTime<Utc>, stages: Vec<Stage>) -> Self {
        Self { start, zone: LocalTime::Unknown, stages, parked: 0, facts: Facts::default() }
    }

    /// A vehicle that takes power along a charging curve until a target is reached.
    ///
    /// # Errors
    /// When the curve does not start at 0, is not in order, or has a power that is not above zero.
    pub fn along(start: DateTime<Utc>, curve: &[CurvePoint], target: Target) -> Result<Self, ForecastError> {
        let is_ordered = curve.windows(2).all(|pair| pair[0].from < pair[1].from);
        let starts = curve.first().is_some_and(|first| first.from.is_zero());
        if !is_ordered || !starts || curve.iter().any(|point| point.power <= Decimal::ZERO) {
            return Err(ForecastError::Curve);
        }
        let mut stages = Vec::new();
        let mut left = match target {
            Target::Seconds(seconds) => i64::from(seconds) * 1_000_000_000,
            Target::Energy(_) => i64::MAX,
        };
        for (place, point) in curve.iter().enumerate() {
            let next = curve.get(place + 1).map(|next| next.from);
            let until = match (next, target) {
                (Some(next), Target::Energy(energy)) => Some(next.min(energy)),
                (None, Target::Energy(energy)) => Some(energy),
                (next, Target::Seconds(_)) => next,
            };
            let nanos = match until {
                Some(until) if until <= point.from => break,
                Some(until) => nanos_for(until - point.from, point.power).ok_or(ForecastError::TooLong)?,
                None => i64::MAX,
            };
            match until {
                Some(until) if nanos <= left => stages.push(Stage { nanos, energy: until - point.from }),
                _ => {
                    stages.push(Stage { nanos: left, energy: energy_in(left, point.power) });
                    break;
                }
            }
            left -= nanos;
        }
        Ok(Self::new(start, stages))
    }

    /// The record of the expected course, to be priced like any other.
    ///
    /// # Errors
    /// When it lasts longer than the calendar.
    pub fn record(&self) -> Result<Record, ForecastError> {
        let mut record = Record::new(self.start, self.start);
        record.kind = RecordKind::Measured;
        record.zone = self.zone.clone();
        record.facts = self.facts.clone();
        for stage in &self.stages {
            let mut period = Period::new(record.end);
            period.energy = Some(stage.energy);
            period.time = Some(Span::Nanos(stage.nanos));
            record.periods.push(period);
            record.end = later(record.end, stage.nanos)?;
        }
        if self.parked > 0 {
            let mut period = Period::new(record.end);
            period.parking_time = Some(Span::seconds(self.parked));
            record.periods.push(period);
            record.end = later(record.end, i64::from(self.parked) * 1_000_000_000)?;
        }
        Ok(record)
    }

    /// What the session is expected to cost.
    ///
    /// # Errors
    /// When the course cannot be priced by the tariffs.
    pub fn price(&self, tariffs: &Compiled, policy: &Policy) -> Result<Expected, ForecastError> {
        let record = self.record()?;
        let bill = tariffs.price(&Usage::new(&record, policy)?, policy)?;
        let mut bounded = policy.clone();
        bounded.periods.split = Split::Bounds;
        let bounds = tariffs.price(&Usage::new(&record, &bounded)?, &bounded)?.bounds;
        Ok(Expected { bill, bounds })
    }

    /// Ends charging where the cost of the whole session so far reaches a limit, and says whether it does (R85). Parking
    /// afterwards goes on being priced.
    ///
    /// # Errors
    /// When the course cannot be priced by the tariffs.
    pub fn stop_at_cost(&mut self, limit: Decimal, tariffs: &Compiled, policy: &Policy) -> Result<bool, ForecastError> {
        let limit = Exact::from(limit);
        let within = |stages: &[Stage]| -> Result<bool, ForecastError> {
            let part = Self { stages: stages.to_vec(), parked: 0, ..self.clone() };
            let total = tariffs.totals(&Usage::new(&part.record()?, policy)?, policy)?.total;
            let cost = match policy.ocpp.tx_limit {
                TransactionLimit::InclTax => total.incl_tax.or(total.excl_tax),
                TransactionLimit::ExclTax => total.excl_tax.or(total.incl_tax),
            };
            Ok(cost.is_none_or(|cost| cost <= limit))
        };
        if within(&self.stages)? {
            return Ok(false);
        }
        // the first stage that leads beyond the limit
        let mut whole = 0;
        while whole < self.stages.len() && within(&self.stages[..=whole])? {
            whole += 1;
        }
        let Some(stage) = self.stages.get(whole).copied() else { return Ok(false) };
        let mut stages = self.stages[..whole].to_vec();
        // its part that does not, to a millionth of a Wh or, without energy, to a nanosecond
        let scale = Decimal::from(1_000_000_000);
        let units = stage.energy.checked_mul(scale).and_then(|units| i64::try_from(units.trunc()).ok());
        let (by_energy, most) = match units {
            Some(units) if units > 0 => (true, units),
            _ => (false, stage.nanos),
        };
        let part = |size: i64| {
            if by_energy {
                let nanos = i128::from(stage.nanos) * i128::from(size) / i128::from(most);
                Stage { nanos: i64::try_from(nanos).unwrap_or(stage.nanos), energy: Decimal::new(size, 9).normalize() }
            } else {
                Stage { nanos: size, energy: Decimal::ZERO }
            }
        };
        let (mut good, mut bad) = (0, most);
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            stages.push(part(middle));
            if within(&stages)? {
                good = middle
            } else {
                bad = middle
            }
            stages.pop();
        }
        if good > 0 {
            stages.push(part(good));
        }
        self.stages = stages;
        Ok(true)
    }
}

/// Why there is no forecast.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// The charging curve does not start at 0 kWh, is not in order, or has a power that is not above zero.
    #[error("charging curve has to start at 0 kWh, be in order and have powers above zero")]
    Curve,
    /// The session lasts longer than can be told.
    #[error("session lasts longer than can be told")]
    TooLong,
    /// The course is no usage.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The tariffs do not fit.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn later(instant: DateTime<Utc>, nanos: i64) -> Result<DateTime<Utc>, ForecastError> {
    instant.checked_add_signed(TimeDelta::nanoseconds(nanos)).ok_or(ForecastError::TooLong)
}

/// How long some energy takes, in nanoseconds.
fn nanos_for(energy: Decimal, power: Decimal) -> Option<i64> {
    let hours = Exact::from(energy).checked_div(power.into())?;
    let nanos = hours.checked_mul(Exact::from(3_600_000_000_000))?.round(0, RoundingMode::HalfUp);
    i64::try_from(nanos).ok()
}

/// The energy in so many nanoseconds, in kWh.
fn energy_in(nanos: i64, power: Decimal) -> Decimal {
    let energy = Exact::from(power)
        .checked_mul(Exact::from(nanos))
        .and_then(|energy| energy.checked_div(Exact::from(3_600_000_000_000)));
    energy.unwrap_or_default().round(9, RoundingMode::HalfUp).normalize()
}
