//! A session while it runs: readings in, periods and the running cost out (R53, R80).

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::cap::reached;
use super::choose::{Choice, Refusal};
use super::session::{Mode, Session, Sink, State};
use super::sums::{Sums, Units};
use crate::activity::Activity;
use crate::bill::{Cost, Totals};
use crate::compile::Compiled;
use crate::policy::{LimitJump, LimitsTariff, Policy};
use crate::tariff::Dialect;
use crate::usage::{CheckedPeriod, NO_TARIFF, Period, Record, RecordKind, SECOND, Span, Usage, UsageError, scaled};
use crate::wide::Wide;

/// A session while it runs.
///
/// Every reading costs the same time, however long the session has lasted: what was priced is kept as sums. Boundaries at
/// which a price can change are met exactly, whenever the readings come.
///
/// # Example
/// ```
/// use tariff::{Component, Currency, Dimension, Element, Meter, Policy, PriceLimit, MeterReading, Record, Tariff};
///
/// let price = Component::new(Dimension::Energy, "0.25".parse()?).step(500);
/// let tariff = Tariff {
///     min_price: Some(PriceLimit::excl_tax("1.00".parse()?)),
///     ..Tariff::new("T", Currency::EUR, vec![Element::new(vec![price])])
/// };
/// let policy = Policy::default();
/// let compiled = tariff.compile(&policy)?;
///
/// let start = "2024-06-01T10:00:00Z".parse()?;
/// let mut meter = Meter::start(&compiled, &policy, &Record::new(start, start), "1000".parse()?)?;
/// meter.read(&MeterReading::charging("2024-06-01T10:20:00Z".parse()?, "1003.2".parse()?))?;
/// assert_eq!(format!("{:.2}", meter.running().accrued.excl_tax.expect("it is known")), "0.80");
/// assert_eq!(format!("{:.2}", meter.running().if_stopped_now.excl_tax.expect("it is known")), "1.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Meter<'a> {
    compiled: &'a Compiled,
    policy: &'a Policy,
    /// The facts of the session, with the period between the last two readings.
    usage: Usage,
    record: Record,
    state: Option<State>,
    sink: Tally<'a>,
    mode: Mode,
    /// The tariff that counts from now on, a place among the ids of the record; none: the one chosen for the session.
    tariff: Option<u16>,
    register: Decimal,
    exported: Decimal,
    running: Running,
}

/// What a meter shows at an instant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MeterReading {
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// The register of energy taken, in kWh.
    pub register: Decimal,
    /// The register of energy fed back, in kWh.
    pub exported: Decimal,
    /// What the time since the reading before counts as ([`OcppPolicy::activity`](crate::OcppPolicy::activity) tells it for
    /// the states of OCPP).
    pub since: Activity,
}

impl MeterReading {
    /// A reading after charging.
    #[must_use]
    pub fn charging(at: DateTime<Utc>, register: Decimal) -> Self {
        Self { at, register, exported: Decimal::ZERO, since: Activity::Charging }
    }

    /// A reading after a pause.
    #[must_use]
    pub fn idle(at: DateTime<Utc>, register: Decimal) -> Self {
        Self { since: Activity::Idle, ..Self::charging(at, register) }
    }
}

/// What a session costs so far (R53).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Running {
    /// What has come together: no step, no minimum, but the maximum.
    pub accrued: Cost,
    /// What is due if the session ends now: steps and limits apply.
    pub if_stopped_now: Cost,
}

/// A reading cannot be taken in; the meter stands as before.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MeterError {
    /// The reading is older than the one before.
    #[error("the reading of {at} is older than the one of {last}")]
    BackInTime {
        /// Its time.
        at: DateTime<Utc>,
        /// The time of the one before.
        last: DateTime<Utc>,
    },
    /// A register shows less than before.
    #[error("a register fell from {from} to {to} kWh")]
    RegisterFell {
        /// What it showed.
        from: Decimal,
        /// What it shows.
        to: Decimal,
    },
    /// The session is longer, or the energy more, than the policy takes on (R55).
    #[error("the session is beyond the bounds of the policy")]
    OutOfBounds,
    /// The start of the session is not usable.
    #[error(transparent)]
    Start(#[from] Box<UsageError>),
    /// Tariffs and session do not belong together.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl<'a> Meter<'a> {
    /// A session that starts as a record says, with what it knows by then: local time, facts, currency and, as periods,
    /// reserved time. Its last period may name the tariff, which counts from then on (R9).
    ///
    /// # Errors
    /// When the record is not usable, or the tariffs do not belong to it.
    pub fn start(
        compiled: &'a Compiled,
        policy: &'a Policy,
        record: &Record,
        register: Decimal,
    ) -> Result<Self, MeterError> {
        let record = Record { kind: RecordKind::Measured, ..record.clone() };
        let usage = Usage::new(&record, policy).map_err(Box::new)?;
        Choice::new(compiled, &usage, policy)?;
        let mode = match Mode::of(compiled, &usage, policy) {
            Mode::AsStated => Mode::Interpolate,
            mode => mode,
        };
        Ok(Self {
            compiled,
            policy,
            sink: Tally::new(compiled, policy, Units::new(&usage)),
            tariff: record.periods.last().and_then(|period| period.tariff),
            usage,
            record,
            state: None,
            mode,
            register,
            exported: Decimal::ZERO,
            running: Running { accrued: Cost::ZERO, if_stopped_now: Cost::ZERO },
        })
    }

    /// Puts what comes after the last reading under another of the tariffs (R9, R66): counters go on, a fixed fee is not
    /// due again, and what was priced stays as it is.
    ///
    /// # Errors
    /// When the tariff was not compiled with the others, or does not belong to the session; the old one goes on then.
    pub fn change_tariff(&mut self, id: &str) -> Result<(), MeterError> {
        let (tariff_ids, last) = (self.record.tariff_ids.len(), self.usage.periods.len());
        let place = name_tariff(&mut self.record.tariff_ids, id).ok_or(MeterError::OutOfBounds)?;
        self.usage.tariff_ids.clone_from(&self.record.tariff_ids);
        self.usage.periods.push(CheckedPeriod { tariff: place, ..CheckedPeriod::at_start() });
        let choice = Choice::new(self.compiled, &self.usage, self.policy).map(|_| ());
        self.usage.periods.truncate(last);
        if let Err(refusal) = choice {
            self.record.tariff_ids.truncate(tariff_ids);
            self.usage.tariff_ids.truncate(tariff_ids);
            return Err(refusal.into());
        }
        self.tariff = Some(place);
        Ok(())
    }

    /// Takes in a reading.
    ///
    /// # Errors
    /// When it contradicts the one before or leaves the bounds; nothing has changed then.
    pub fn read(&mut self, reading: &MeterReading) -> Result<Running, MeterError> {
        let last = self.record.end;
        if reading.at < last {
            return Err(MeterError::BackInTime { at: reading.at, last });
        }
        for (from, to) in [(self.register, reading.register), (self.exported, reading.exported)] {
            if to < from {
                return Err(MeterError::RegisterFell { from, to });
            }
        }
        let (length, period) = self.next_period(reading, last).ok_or(MeterError::OutOfBounds)?;

        self.usage.length = length;
        self.usage.energy += period.energy;
        self.usage.energy_magnitude += period.energy.abs();
        self.usage.time += i128::from(period.time);
        self.usage.parking += i128::from(period.parking);
        self.usage.has_use |= period.is_use;
        self.usage.periods.push(period);
        let (now, totals) = self.proceed(&period)?;
        self.running = Running { accrued: now.total, if_stopped_now: totals.total };
        // reserved periods were priced with the first reading, and no earlier period is looked at again
        self.usage.periods.clear();
        self.record.end = reading.at;
        self.register = reading.register;
        self.exported = reading.exported;
        Ok(self.running)
    }

    /// What the session costs so far.
    #[must_use]
    pub fn running(&self) -> Running {
        self.running
    }

    /// The session so far as a record: one period for every stretch with the same prices (R17, R67).
    #[must_use]
    pub fn record(&self) -> Record {
        let mut record = self.record.clone();
        let names_tariffs = !record.tariff_ids.is_empty();
        for stretch in &self.sink.stretches {
            let [energy, time, parking] = stretch.quantities;
            let nanos = |nanos: i128| (nanos != 0).then(|| Span::Nanos(i64::try_from(nanos).unwrap_or(i64::MAX)));
            let tariff = &self.compiled.tariffs[usize::from(stretch.tariff)];
            let period = Period {
                tariff: if names_tariffs { name_tariff(&mut record.tariff_ids, &tariff.id) } else { None },
                energy: (energy != 0)
                    .then(|| Decimal::try_from_i128_with_scale(energy, self.usage.scale).ok())
                    .flatten()
                    .map(|energy| energy.normalize()),
                time: nanos(time),
                parking_time: nanos(parking),
                ..Period::new(self.usage.instant(stretch.from))
            };
            record.periods.push(period);
        }
        record
    }

    /// The period since the last reading, and the length of the session up to this one; none beyond the bounds.
    fn next_period(&self, reading: &MeterReading, last: DateTime<Utc>) -> Option<(i64, CheckedPeriod)> {
        let since = |instant: DateTime<Utc>| instant.signed_duration_since(self.usage.start()).num_nanoseconds();
        let (from, to) = (since(last)?, since(reading.at)?);
        let longest = i64::from(self.policy.bounds.session_days).checked_mul(86_400)?.checked_mul(SECOND)?;
        let taken = reading.register.checked_sub(self.register)?;
        let energy = taken.checked_sub(reading.exported.checked_sub(self.exported)?)?;
        let energy = scaled(energy, self.usage.scale)?;
        let most = i128::from(self.policy.bounds.magnitude).checked_mul(10_i128.pow(self.usage.scale))?;
        let within = to <= longest
            && self.usage.energy_magnitude.checked_add(energy.abs())? <= most
            && self.sink.stretches.len() < self.policy.bounds.periods;
        let length = to - from;
        let period = CheckedPeriod {
            from,
            length,
            energy,
            time: if reading.since == Activity::Charging { length } else { 0 },
            parking: if reading.since == Activity::Idle { length } else { 0 },
            index: 0,
            tariff: self.tariff.unwrap_or(NO_TARIFF),
            is_use: (length > 0 && reading.since != Activity::Neither) || energy != 0,
            ..CheckedPeriod::at_start()
        };
        within.then_some((to, period))
    }

    /// Prices one more period; the totals so far, and those if the session ends here.
    fn proceed(&mut self, period: &CheckedPeriod) -> Result<(Totals, Totals), Refusal> {
        let (compiled, usage, policy) = (self.compiled, &self.usage, self.policy);
        let choice = Choice::new(compiled, usage, policy)?;
        let units = Units::new(usage);
        let mut session = Session::new(compiled, usage, policy, &choice, &mut self.sink, self.mode);
        match self.state.take() {
            Some(mut state) => {
                // a fee that needs energy waits for it (R38)
                if policy.flat.requires_energy && usage.energy == period.energy {
                    state.flat_is_done = usage.energy == 0;
                }
                session = session.resume(state);
            }
            None => session.begin(),
        }
        session.proceed(period);
        let state = session.suspend();
        let mut accrued = self.sink.sums.clone();
        accrued.is_running = true;
        let now = accrued.finish(compiled, usage, policy, &units, &state.seen);
        let mut stopped = self.sink.sums.clone();
        let seen = Session::new(compiled, usage, policy, &choice, &mut stopped, self.mode).resume(state.clone()).end();
        let totals = stopped.finish(compiled, usage, policy, &units, &seen);
        self.state = Some(state);
        Ok((now, totals))
    }
}

/// The place of an id in a list, at the end of which it is put if need be; none if there are too many.
fn name_tariff(ids: &mut Vec<String>, id: &str) -> Option<u16> {
    let place = ids.iter().position(|known| known.eq_ignore_ascii_case(id)).unwrap_or_else(|| {
        ids.push(id.to_owned());
        ids.len() - 1
    });
    u16::try_from(place).ok().filter(|&place| place < NO_TARIFF)
}

/// Sums that stop at the maximum of OCPP (R64), and the stretches they come from.
struct Tally<'a> {
    compiled: &'a Compiled,
    policy: &'a Policy,
    units: Units,
    sums: Sums<'a, Wide>,
    /// The sums at the end of the last stretch, where a maximum may stop them.
    before: Option<Sums<'a, Wide>>,
    first_tariff: Option<u16>,
    stretches: Vec<Stretch>,
}

/// Usage without a change of price.
#[derive(Clone, Copy)]
struct Stretch {
    from: i64,
    prices: [u32; 4],
    tariff: u16,
    is_charging: bool,
    quantities: [i128; 3],
}

impl<'a> Tally<'a> {
    fn new(compiled: &'a Compiled, policy: &'a Policy, units: Units) -> Self {
        let sums = Sums::new(&compiled.prices);
        let has_cap = compiled.ready.iter().any(|ready| ready.dialect == Dialect::Ocpp21 && ready.max.is_some());
        let before = has_cap.then(|| sums.clone());
        Self { compiled, policy, units, sums, before, first_tariff: None, stretches: Vec::new() }
    }
}

impl Sink for Tally<'_> {
    const IS_DETAILED: bool = false;

    fn post(&mut self, price: u32, period: u32, quantity: i128, billed: i128) {
        if !self.sums.was_cut {
            self.sums.post(price, period, quantity, billed);
        }
    }

    fn passed(&mut self, tariff: u16, picked: &[u32; 4], is_charging: bool, from: i64, quantities: [i128; 3]) {
        if let Some(last) = self.stretches.last_mut()
            && (last.prices, last.tariff, last.is_charging) == (*picked, tariff, is_charging)
        {
            for (sum, quantity) in last.quantities.iter_mut().zip(quantities) {
                *sum += quantity;
            }
            return;
        }
        self.stretches.push(Stretch { from, prices: *picked, tariff, is_charging, quantities });
    }

    fn end_of_stretch(&mut self, tariff: u16, is_jump: bool) {
        let first = *self.first_tariff.get_or_insert(tariff);
        let Some(before) = self.before.as_mut().filter(|_| !self.sums.was_cut) else { return };
        let tariff = if self.policy.ocpp.limits_tariff == LimitsTariff::First { first } else { tariff };
        if let Some(limit) = &self.compiled.ready[usize::from(tariff)].max {
            let known = |sums: &Sums<'_, Wide>| {
                let all = sums.all(&self.units);
                (all.net.unwrap_or(Wide::ZERO), all.gross.unwrap_or(Wide::ZERO))
            };
            let (start, now) = (known(before), known(&self.sums));
            let stretch = (now.0 - start.0, now.1 - start.1);
            let common = Wide::from(self.units.common);
            if let Some((share, whole)) = reached(start, stretch, limit, common, self.policy.ocpp.limit_trigger) {
                let is_whole = is_jump && self.policy.ocpp.limit_jump == LimitJump::AsReached && !share.is_zero();
                if !is_whole {
                    self.sums.cut(before, share, whole);
                }
                self.sums.was_cut = true;
            }
        }
        *before = self.sums.clone();
    }
}
