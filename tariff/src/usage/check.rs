//! The checked form of a record.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::hours::{HOUR, SECOND, Stated};
use super::{BookingOutcome, Facts, Flow, LocalTime, Period, Record, RecordKind, ReservationOutcome};
use crate::currency::Currency;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::exact::Exact;
use crate::policy::{PeriodOrder, Policy, QuantitySource, TimeVolume};
use crate::tariff::TariffKind;
use crate::wide::{Integer, narrow, narrow_ten_to};

/// A record that was checked and brought into order: pricing it cannot fail for a reason that lies in it.
///
/// # Example
/// ```
/// use tariff::{Policy, Record, Usage};
///
/// let record: Record = serde_json::from_str(
///     r#"{"start": "2024-06-01T10:00:00Z", "end": "2024-06-01T11:00:00Z",
///         "periods": [{"start": "2024-06-01T10:00:00Z", "energy": "20", "time": {"hours": "1.0"}}]}"#,
/// )?;
/// let usage = Usage::new(&record, &Policy::default())?;
/// assert_eq!(usage.energy().to_string(), "20");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Usage {
    pub(crate) kind: RecordKind,
    /// The start, in whole seconds since 1970 and nanoseconds on top.
    pub(crate) start: i64,
    pub(crate) start_nanos: i64,
    /// From start to end, in nanoseconds.
    pub(crate) length: i64,
    pub(crate) currency: Option<Currency>,
    pub(crate) zone: LocalTime,
    pub(crate) tariff_ids: Vec<String>,
    pub(crate) preference: Option<TariffKind>,
    pub(crate) reservation: Option<ReservationOutcome>,
    pub(crate) booking: Option<BookingOutcome>,
    pub(crate) credit: bool,
    pub(crate) facts: Facts,
    /// Energy is in units of 10^-scale kWh.
    pub(crate) scale: u32,
    pub(crate) periods: Vec<CheckedPeriod>,
    pub(crate) flows: Vec<CheckedFlow>,
    /// The sum of the magnitudes of all energy.
    pub(crate) energy_magnitude: i128,
    /// The sum of the magnitudes of all times.
    pub(crate) time_magnitude: i128,
    pub(crate) energy: i128,
    pub(crate) time: i128,
    pub(crate) parking: i128,
    pub(crate) reserved: i128,
    pub(crate) states_time: bool,
    pub(crate) has_use: bool,
    pub(crate) findings: Findings,
}

/// A period of a usage; times are nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CheckedPeriod {
    /// Since the start of the session.
    pub(crate) from: i64,
    pub(crate) length: i64,
    pub(crate) energy: i128,
    pub(crate) time: i64,
    pub(crate) parking: i64,
    pub(crate) reserved: i64,
    pub(crate) overtime: i64,
    /// The place in the record.
    pub(crate) index: u32,
    /// The place in the order of time.
    pub(crate) place: u32,
    /// One more than the place in the list of flows; 0: none is stated.
    pub(crate) flow: u32,
    /// The place in the list of tariff ids, or [`NO_TARIFF`].
    pub(crate) tariff: u16,
    /// Whether anything was used, reservation apart.
    pub(crate) is_use: bool,
}

/// Current and power of a period, in units of 10^-18 A and kW.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CheckedFlow {
    pub(crate) min_current: Option<i128>,
    pub(crate) current: Option<i128>,
    pub(crate) max_current: Option<i128>,
    pub(crate) min_power: Option<i128>,
    pub(crate) power: Option<i128>,
    pub(crate) max_power: Option<i128>,
}

impl CheckedPeriod {
    /// Nothing, at the start of a session that has no periods.
    pub(crate) const fn at_start() -> Self {
        Self {
            from: 0,
            length: 0,
            energy: 0,
            time: 0,
            parking: 0,
            reserved: 0,
            overtime: 0,
            index: 0,
            place: 0,
            flow: 0,
            tariff: NO_TARIFF,
            is_use: false,
        }
    }
}

pub(crate) const NO_TARIFF: u16 = u16::MAX;

/// The decimals that thresholds are compared in.
pub(crate) const THRESHOLD_SCALE: u32 = 18;

impl Usage {
    /// Checks a record: order and extent of periods (R5), stated hours against timestamps (R7), totals (R8), bounds (R55).
    ///
    /// # Errors
    /// When the record cannot be priced exactly, or a policy refuses it; the diagnostics say what and where.
    pub fn new(record: &Record, policy: &Policy) -> Result<Self, UsageError> {
        let mut usage = Self::empty();
        usage.refill(record, policy)?;
        Ok(usage)
    }

    /// The same as [`new`](Self::new) in memory that is there already. After an error the usage is empty.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn refill(&mut self, record: &Record, policy: &Policy) -> Result<(), UsageError> {
        self.clear();
        self.check(record, policy);
        if self.findings.has_error() {
            let diagnostics = core::mem::take(&mut self.findings.0);
            self.clear();
            return Err(UsageError { diagnostics });
        }
        Ok(())
    }

    /// A usage of nothing, to be filled.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            kind: RecordKind::Recorded,
            start: 0,
            start_nanos: 0,
            length: 0,
            currency: None,
            zone: LocalTime::Unknown,
            tariff_ids: Vec::new(),
            preference: None,
            reservation: None,
            booking: None,
            credit: false,
            facts: Facts::default(),
            scale: 9,
            periods: Vec::new(),
            flows: Vec::new(),
            energy_magnitude: 0,
            time_magnitude: 0,
            energy: 0,
            time: 0,
            parking: 0,
            reserved: 0,
            states_time: false,
            has_use: false,
            findings: Findings::new(),
        }
    }

    /// When the session started.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        // nanoseconds of a second are below 10^9, or below 2 * 10^9 in a leap second
        DateTime::from_timestamp(self.start, self.start_nanos as u32).unwrap_or_default()
    }

    /// When it ended.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.instant(self.length)
    }

    /// The energy of all periods, in kWh.
    #[must_use]
    pub fn energy(&self) -> Exact {
        self.kwh(self.energy)
    }

    /// The periods in order of time.
    pub fn periods(&self) -> impl ExactSizeIterator<Item = UsedPeriod> {
        self.periods.iter().map(|period| UsedPeriod {
            index: period.index as usize,
            start: self.instant(period.from),
            end: self.instant(period.from.saturating_add(period.length)),
            energy: self.kwh(period.energy),
            time: hours(period.time.into()),
            parking_time: hours(period.parking.into()),
            reserved_time: hours(period.reserved.into()),
            overtime: hours(period.overtime.into()),
        })
    }

    /// What was noticed while checking.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings.0
    }

    /// The currency of the record, if it states one.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// Whether the record takes an earlier one back (R50).
    #[must_use]
    pub fn is_credit(&self) -> bool {
        self.credit
    }

    /// Local time at the charging location.
    #[must_use]
    pub fn zone(&self) -> &LocalTime {
        &self.zone
    }

    pub(crate) fn instant(&self, since_start: i64) -> DateTime<Utc> {
        let nanos =
            i128::from(self.start) * i128::from(SECOND) + i128::from(self.start_nanos) + i128::from(since_start);
        let second = nanos.div_euclid(SECOND.into());
        let rest = nanos.rem_euclid(SECOND.into());
        // seconds of an i64 sum and a rest below a second: both fit
        DateTime::from_timestamp(second as i64, rest as u32).unwrap_or_default()
    }

    pub(crate) fn kwh(&self, units: i128) -> Exact {
        Exact::ratio(units, units_of_a_kwh(self.scale)).unwrap_or_default()
    }

    /// The same with the times that timestamps give: a period with energy is charging, one without is parking (R7).
    pub(crate) fn timed_by_timestamps(&self) -> Self {
        let mut timed = self.clone();
        (timed.time, timed.parking, timed.time_magnitude) = (0, 0, 0);
        for period in timed.periods.iter_mut().filter(|period| period.is_use) {
            let is_charging = period.energy != 0;
            period.time = if is_charging { period.length } else { 0 };
            period.parking = if is_charging { 0 } else { period.length };
            timed.time += i128::from(period.time);
            timed.parking += i128::from(period.parking);
        }
        timed.time_magnitude = timed.time + timed.parking + timed.reserved;
        timed
    }

    fn clear(&mut self) {
        let mut tariff_ids = core::mem::take(&mut self.tariff_ids);
        let mut periods = core::mem::take(&mut self.periods);
        let mut flows = core::mem::take(&mut self.flows);
        let mut diagnostics = core::mem::take(&mut self.findings.0);
        tariff_ids.clear();
        periods.clear();
        flows.clear();
        diagnostics.clear();
        *self = Self { tariff_ids, periods, flows, findings: Findings(diagnostics), ..Self::empty() };
    }

    fn check(&mut self, record: &Record, policy: &Policy) {
        let findings = &mut self.findings;
        self.kind = record.kind;
        self.start = record.start.timestamp();
        self.start_nanos = record.start.timestamp_subsec_nanos().into();
        self.currency = record.currency;
        self.zone.clone_from(&record.zone);
        self.tariff_ids.extend_from_slice(&record.tariff_ids);
        self.preference = record.preference;
        self.reservation = record.reservation;
        self.booking = record.booking;
        self.credit = record.credit;
        self.facts.clone_from(&record.facts);
        if let Some(currency) = record.currency
            && !currency.is_listed()
        {
            findings.note(Diagnostic::new(Code::UnknownCurrency, "/currency"));
        }
        if !record.zone.is_valid() {
            findings.note(Diagnostic::new(Code::ValueInvalid, "/zone"));
        }
        if record.periods.len() > policy.bounds.periods || u32::try_from(record.periods.len()).is_err() {
            findings.note(Diagnostic::new(Code::TooManyPeriods, "/periods"));
            return;
        }
        if record.tariff_ids.len() >= NO_TARIFF.into() {
            findings.note(Diagnostic::new(Code::ValueInvalid, "/tariff_ids").with_detail("too many"));
            return;
        }

        let longest = i64::from(policy.bounds.session_days).saturating_mul(86_400).saturating_mul(SECOND);
        let since_start = |instant: DateTime<Utc>| {
            let seconds = instant.timestamp().checked_sub(self.start)?;
            let nanos = i64::from(instant.timestamp_subsec_nanos()) - self.start_nanos;
            seconds.checked_mul(SECOND)?.checked_add(nanos).filter(|since| since.abs() <= longest)
        };
        let Some(length) = since_start(record.end) else {
            findings.note(Diagnostic::new(Code::SessionTooLong, "/end"));
            return;
        };
        if length < 0 {
            findings.note(Diagnostic::new(Code::EndBeforeStart, "/end"));
        }
        self.length = length;

        let most = record.periods.iter().filter_map(|period| period.energy).map(|energy| energy.scale()).max();
        self.scale = match most.unwrap_or(0) {
            0..=9 => 9,
            10..=18 => 18,
            _ => 28,
        };

        let mut unordered = None;
        let mut last = i64::MIN;
        for (index, period) in record.periods.iter().enumerate() {
            let Some(from) = since_start(period.start) else {
                findings.note(Diagnostic::new(Code::SessionTooLong, format!("/periods/{index}/start")));
                return;
            };
            if from < last && unordered.is_none() {
                unordered = Some(index);
            }
            if from < 0 || from > length {
                findings.note(Diagnostic::new(Code::PeriodOutsideSession, format!("/periods/{index}/start")));
            }
            last = from;
            let flow = if period.flow.is_empty() {
                0
            } else {
                self.flows.push(CheckedFlow::of(&period.flow, policy, index, findings));
                self.flows.len() as u32
            };
            if period.tariff.is_some_and(|tariff| usize::from(tariff) >= record.tariff_ids.len()) {
                findings.note(Diagnostic::new(Code::ValueInvalid, format!("/periods/{index}/tariff")));
            }
            self.periods.push(CheckedPeriod {
                from,
                length: 0,
                energy: 0,
                time: 0,
                parking: 0,
                reserved: 0,
                overtime: 0,
                index: index as u32,
                place: index as u32,
                flow,
                tariff: period.tariff.unwrap_or(NO_TARIFF),
                is_use: false,
            });
        }
        if let Some(index) = unordered {
            let diagnostic = Diagnostic::new(Code::PeriodsUnordered, format!("/periods/{index}"));
            match policy.periods.order {
                PeriodOrder::Sort => findings.note(diagnostic),
                PeriodOrder::RejectUnsorted => findings.note(diagnostic.into_error()),
            }
            self.periods.sort_by_key(|period| period.from);
            (0_u32..).zip(&mut self.periods).for_each(|(place, period)| period.place = place);
        }

        let mut next = length;
        for period in self.periods.iter_mut().rev() {
            period.length = next.saturating_sub(period.from).max(0);
            next = period.from;
        }

        let ten = units_of_a_kwh(self.scale);
        let magnitude = i128::from(policy.bounds.magnitude);
        // where it does not fit, anything that fits is within it
        let most_energy = magnitude.checked_mul(ten).unwrap_or(i128::MAX / 4);
        for checked in &mut self.periods {
            let index = checked.index as usize;
            let period = &record.periods[index];
            if let Some(energy) = period.energy {
                match scaled(energy, self.scale).filter(|units| units.abs() <= most_energy) {
                    Some(units) => {
                        checked.energy = units;
                        self.energy += units;
                        self.energy_magnitude += units.abs();
                    }
                    None => findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("/periods/{index}/energy"))),
                }
            }
            self.states_time |= times(checked, period, policy, findings);
            self.time_magnitude += [checked.time, checked.parking, checked.reserved, checked.overtime]
                .map(|nanos| i128::from(nanos.unsigned_abs()))
                .iter()
                .sum::<i128>();
            self.time += i128::from(checked.time);
            self.parking += i128::from(checked.parking);
            self.reserved += i128::from(checked.reserved);
            checked.is_use = checked.energy != 0
                || checked.time != 0
                || checked.parking != 0
                || (checked.length > 0 && checked.reserved == 0 && checked.overtime == 0);
            self.has_use |= checked.is_use;
            if self.energy_magnitude > most_energy || self.time_magnitude > i128::from(i64::MAX) {
                findings.note(
                    Diagnostic::new(Code::NumberOutOfRange, format!("/periods/{index}"))
                        .with_detail("sum of all periods"),
                );
                return;
            }
        }
        self.compare_totals(record, policy);
    }

    /// The totals that the record claims, against its periods (R8).
    fn compare_totals(&mut self, record: &Record, policy: &Policy) {
        if let Some(total) = record.total_energy {
            let (claimed, sum) = (Exact::from(total), self.energy());
            let is_equal = scaled(total, self.scale) == Some(self.energy);
            if !is_equal && claimed != sum && sum.round(total.scale(), crate::money::RoundingMode::HalfUp) != total {
                let difference = claimed.checked_sub(sum).unwrap_or_default();
                self.findings.note(
                    Diagnostic::new(Code::TotalsDisagree, "/total_energy").with_detail(format!("{difference:+} kWh")),
                );
                if policy.quantities.source == QuantitySource::ScaleToTotals {
                    self.scale_to(total, policy);
                }
            }
        }
        for (claimed, nanos, pointer) in [
            (record.total_time, self.time + self.parking, "/total_time"),
            (record.total_parking_time, self.parking, "/total_parking_time"),
        ] {
            // a record that states no time in its periods says nothing that could disagree
            let Some(claimed) = claimed.filter(|_| self.states_time) else { continue };
            if agrees(claimed, nanos) {
                continue;
            }
            let sum = hours(nanos);
            let difference = Exact::from(claimed).checked_sub(sum).unwrap_or_default();
            // the claim is known to half a unit of its last of three to nine decimals, as stated hours are (R7)
            let known = Exact::ratio(1, 2 * narrow_ten_to(claimed.scale().clamp(3, 9))).unwrap_or_default();
            let magnitude = if difference.is_negative() { difference.negated() } else { difference };
            if magnitude > known {
                self.findings
                    .note(Diagnostic::new(Code::TotalsDisagree, pointer).with_detail(format!("{difference:+.4} h")));
            }
        }
    }

    /// Scales the energy of all periods so that they add up to a total (R8); what no unit divides goes to the last.
    fn scale_to(&mut self, total: Decimal, policy: &Policy) {
        let most = i128::from(policy.bounds.magnitude).checked_mul(10_i128.pow(self.scale)).unwrap_or(i128::MAX / 4);
        let total = total.round_dp(self.scale);
        let Some(total) = scaled(total, self.scale).filter(|total| total.abs() <= most && self.energy != 0) else {
            self.findings.note(Diagnostic::new(Code::NumberOutOfRange, "/total_energy"));
            return;
        };
        let (sum, mut before, mut before_scaled) = (self.energy, 0_i128, 0_i128);
        self.energy_magnitude = 0;
        for period in &mut self.periods {
            before += period.energy;
            let until = narrow(before.wide() * total.wide() / sum.wide()).unwrap_or(total);
            period.energy = until - before_scaled;
            before_scaled = until;
            self.energy_magnitude += period.energy.abs();
        }
        self.energy = total;
        if self.energy_magnitude > most {
            self.findings.note(Diagnostic::new(Code::NumberOutOfRange, "/total_energy"));
        }
    }
}

/// A period as it is priced: in order, with its end, stated hours reconciled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UsedPeriod {
    /// Its place in the record.
    pub index: usize,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// Energy, in kWh.
    pub energy: Exact,
    /// Charging time, in hours.
    pub time: Exact,
    /// Parking or idle time, in hours.
    pub parking_time: Exact,
    /// Reserved time, in hours.
    pub reserved_time: Exact,
    /// Time over the end of a booking, in hours.
    pub overtime: Exact,
}

/// A record cannot be priced exactly, or a policy refuses it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("usage refused: {}", .diagnostics.iter().find(|found| found.severity == crate::Severity::Error).map_or_else(String::new, |found| format!("{found}")))]
pub struct UsageError {
    /// What was found; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
}

impl CheckedFlow {
    fn of(flow: &Flow, policy: &Policy, index: usize, findings: &mut Findings) -> Self {
        let most = Decimal::from(policy.bounds.magnitude);
        let mut value = |stated: Option<Decimal>, name: &str| {
            let stated = stated?;
            if stated.abs() > most {
                findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("/periods/{index}/flow/{name}")));
                return None;
            }
            threshold_floor(stated)
        };
        Self {
            min_current: value(flow.min_current, "min_current"),
            current: value(flow.current, "current"),
            max_current: value(flow.max_current, "max_current"),
            min_power: value(flow.min_power, "min_power"),
            power: value(flow.power, "power"),
            max_power: value(flow.max_power, "max_power"),
        }
    }
}

/// Fills in the times of a period (R7) and says whether it states any.
fn times(checked: &mut CheckedPeriod, period: &Period, policy: &Policy, findings: &mut Findings) -> bool {
    let index = checked.index;
    let mut read = |span: Option<super::Span>, name: &str| match span.map(Stated::of) {
        None => None,
        Some(Some(stated)) if stated.nanos < 0 => {
            findings
                .note(Diagnostic::new(Code::ValueInvalid, format!("/periods/{index}/{name}")).with_detail("negative"));
            None
        }
        Some(Some(stated)) => Some(stated),
        Some(None) => {
            findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("/periods/{index}/{name}")));
            None
        }
    };
    let time = read(period.time, "time");
    let parking = read(period.parking_time, "parking_time");
    let reserved = read(period.reservation_time, "reservation_time");
    let overtime = read(period.overtime, "overtime");
    let states_time = time.is_some() || parking.is_some();
    let [time, parking, reserved, overtime] = [time, parking, reserved, overtime].map(Option::unwrap_or_default);
    match policy.time_volume {
        TimeVolume::Reconcile => {
            (checked.time, checked.parking) = Stated::pair(time, parking, checked.length);
            checked.reserved = reserved.alone(checked.length);
            checked.overtime = overtime.alone(checked.length);
        }
        TimeVolume::AsStated => {
            (checked.time, checked.parking) = (time.nanos, parking.nanos);
            (checked.reserved, checked.overtime) = (reserved.nanos, overtime.nanos);
        }
        TimeVolume::FromTimestamps => {
            if reserved.nanos != 0 {
                checked.reserved = checked.length;
            } else if checked.energy != 0 {
                checked.time = checked.length;
            } else {
                checked.parking = checked.length;
            }
            checked.overtime = if overtime.nanos == 0 { 0 } else { checked.length };
        }
    }
    states_time || policy.time_volume == TimeVolume::FromTimestamps
}

/// Whether claimed hours are so many nanoseconds, up to half a unit of the last of three to nine decimals; false also where
/// 128 bits are not enough to tell.
fn agrees(claimed: Decimal, nanos: i128) -> bool {
    let scale = claimed.scale();
    let compare = || {
        let unit = narrow_ten_to(scale);
        let difference = claimed.mantissa().checked_mul(HOUR)?.checked_sub(nanos.checked_mul(unit)?)?;
        Some(difference.abs().checked_mul(2 * narrow_ten_to(scale.clamp(3, 9)))? <= HOUR.checked_mul(unit)?)
    };
    compare().unwrap_or(false)
}

/// Hours of nanoseconds.
pub(crate) fn hours(nanos: i128) -> Exact {
    Exact::ratio(nanos, HOUR).unwrap_or_default()
}

/// A decimal in units of 10^-scale, if it has no more decimals and fits with room to add.
pub(crate) fn scaled(value: Decimal, scale: u32) -> Option<i128> {
    let missing = scale.checked_sub(value.scale())?;
    let factor = narrow_ten_to(missing);
    match (i64::try_from(value.mantissa()), i64::try_from(factor)) {
        // the usual case, which cannot overflow; nor can it reach the bound
        (Ok(mantissa), Ok(factor)) if missing <= 16 => Some(i128::from(mantissa) * i128::from(factor)),
        _ => value.mantissa().checked_mul(factor).filter(|units| units.unsigned_abs() < 1 << 120),
    }
}

/// A value in the units of thresholds, towards negative infinity: that is on the same side of every threshold.
pub(crate) fn threshold_floor(value: Decimal) -> Option<i128> {
    if value.scale() <= THRESHOLD_SCALE {
        scaled(value, THRESHOLD_SCALE)
    } else {
        Some(value.mantissa().div_euclid(10_i128.pow(value.scale() - THRESHOLD_SCALE)))
    }
}

/// Units of 10^-scale in a kWh.
#[inline]
pub(crate) fn units_of_a_kwh(scale: u32) -> i128 {
    match scale {
        9 => 1_000_000_000,
        18 => 1_000_000_000_000_000_000,
        _ => narrow_ten_to(scale),
    }
}

/// Energy in units of 10^-scale as thresholds see it.
#[inline]
pub(crate) fn energy_threshold(units: i128, scale: u32) -> i128 {
    match scale {
        9 => units * 1_000_000_000,
        18 => units,
        _ => units.div_euclid(10_i128.pow(scale - THRESHOLD_SCALE)),
    }
}
