//! A slow evaluator that is obviously right, and random tariffs and sessions priced by both.
//!
//! It reads the plain [`Tariff`] and [`Record`], walks all elements for every dimension of every stretch, compares values as
//! fractions and knows nothing of cuts, sets, common denominators or fast paths. It covers what random input covers: OCPI with
//! ordinary and reservation elements, all conditions on clock, calendar, energy, duration, current and power, steps, fees,
//! limits, taxes, recorded and interpolated periods; and OCPP with counters, stacked taxes and limits.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use rust_decimal::Decimal;
use tariff::*;

use self::fraction::Fraction;

mod fraction;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    pub excl_tax: Fraction,
    pub incl_tax: Fraction,
}

/// A component and the quantity it prices.
struct Charge<'a> {
    component: &'a Component,
    is_reservation: bool,
    quantity: Fraction,
}

/// What a condition may look at.
#[derive(Clone, Copy)]
struct Facts {
    at: DateTime<Utc>,
    energy: Fraction,
    elapsed: i64,
    charging: i64,
    idle: i64,
    current: Option<(Fraction, Fraction)>,
    power: Option<(Fraction, Fraction)>,
}

const NANOS: i64 = 1_000_000_000;

/// Prices a record under one tariff by the default policy.
pub fn price_slowly(tariff: &Tariff, record: &Record) -> Outcome {
    let mut session = Slow::new(tariff, record);
    session.run();
    session.outcome()
}

struct Slow<'a> {
    tariff: &'a Tariff,
    record: &'a Record,
    is_ocpp: bool,
    charges: Vec<Charge<'a>>,
    energy: Fraction,
    charging: i64,
    idle: i64,
    origin: DateTime<Utc>,
    has_fee: bool,
    last_energy: Option<&'a Component>,
    last_time: Option<&'a Component>,
    last_parking: Option<&'a Component>,
    /// OCPP: the cost up to the instant at which the maximum was reached.
    frozen: Option<Outcome>,
}

fn nanos(span: Option<Span>) -> i64 {
    match span {
        None => 0,
        Some(Span::Nanos(nanos)) => nanos,
        Some(Span::Hours(_)) => unreachable!("random sessions state exact times"),
    }
}

fn fraction(value: Option<Decimal>) -> Fraction {
    value.map_or(Fraction::ZERO, Fraction::of_decimal)
}

fn is_use(period: &Period) -> bool {
    !fraction(period.energy).is_zero() || nanos(period.time) != 0 || nanos(period.parking_time) != 0
}

impl<'a> Slow<'a> {
    fn new(tariff: &'a Tariff, record: &'a Record) -> Self {
        let first = record.periods.iter().find(|period| is_use(period));
        Self {
            tariff,
            record,
            is_ocpp: tariff.dialect == Dialect::Ocpp21,
            charges: Vec::new(),
            energy: Fraction::ZERO,
            charging: 0,
            idle: 0,
            origin: first.map_or(record.start, |period| period.start),
            has_fee: false,
            last_energy: None,
            last_time: None,
            last_parking: None,
            frozen: None,
        }
    }

    fn run(&mut self) {
        let has_use = self.record.periods.iter().any(is_use);
        let still = |at: DateTime<Utc>| Facts {
            at,
            energy: Fraction::ZERO,
            elapsed: 0,
            charging: 0,
            idle: 0,
            current: Some((Fraction::ZERO, Fraction::ZERO)),
            power: Some((Fraction::ZERO, Fraction::ZERO)),
        };
        if self.is_ocpp {
            self.has_fee = true;
            if has_use && let Some(fee) = self.first(ElementKind::Ordinary, Dimension::Flat, &still(self.origin)) {
                self.charge(fee, false, Fraction::ONE);
            }
            self.freeze_jump(0);
        }
        let before = self.charges.len();
        self.reserve(has_use, &still);
        if self.is_ocpp {
            self.freeze_jump(before);
        }
        for (place, period) in self.record.periods.iter().enumerate() {
            let end = self.record.periods.get(place + 1).map_or(self.record.end, |next| next.start);
            if is_use(period) {
                self.period(period, end);
            }
        }
        self.round_steps();
    }

    fn charge(&mut self, component: &'a Component, is_reservation: bool, quantity: Fraction) {
        self.charges.push(Charge { component, is_reservation, quantity });
    }

    fn reserve(&mut self, has_use: bool, still: &dyn Fn(DateTime<Utc>) -> Facts) {
        let reserved: i64 = self.record.periods.iter().map(|period| nanos(period.reservation_time)).sum();
        let Some(first) = self.record.periods.iter().find(|period| nanos(period.reservation_time) != 0) else { return };
        if self.is_ocpp && !has_use {
            return;
        }
        let facts = still(if self.is_ocpp { self.origin } else { first.start });
        let kinds: &[ElementKind] = if has_use {
            &[ElementKind::Reservation]
        } else {
            &[ElementKind::ReservationExpires, ElementKind::Reservation]
        };
        let find = |dimension| kinds.iter().find_map(|&kind| self.first(kind, dimension, &facts));
        let (fee, rate) = (find(Dimension::Flat), find(Dimension::Time));
        if let Some(fee) = fee {
            self.charge(fee, true, Fraction::ONE);
        }
        if let Some(rate) = rate {
            let hours = Fraction::new(reserved.into(), 3600 * i128::from(NANOS));
            let seconds = Fraction::new(reserved.into(), NANOS.into());
            let billed = up_to_step(seconds, rate.step) / Fraction::of(3600);
            self.charge(rate, true, if rate.step.is_zero() { hours } else { billed });
        }
    }

    /// The first element for something that holds and prices a dimension.
    fn first(&self, kind: ElementKind, dimension: Dimension, facts: &Facts) -> Option<&'a Component> {
        self.tariff
            .elements
            .iter()
            .filter(|element| element.kind == kind && self.holds(&element.conditions, facts))
            .find_map(|element| element.components.iter().find(|component| component.dimension == dimension))
    }

    fn holds(&self, conditions: &Conditions, facts: &Facts) -> bool {
        let local = facts.at + TimeDelta::seconds(offset_at(&self.record.zone, facts.at.timestamp()).into());
        let day_second = local.num_seconds_from_midnight();
        let window = {
            let start = conditions.start_time.map_or(0, |time| time.num_seconds_from_midnight());
            let end = conditions.end_time.map_or(0, |time| time.num_seconds_from_midnight());
            let end = if end == 0 { 86_400 } else { end };
            if start == end {
                true
            } else if start < end {
                start <= day_second && day_second < end
            } else {
                day_second >= start || day_second < end
            }
        };
        let date = local.date_naive();
        let seconds = |bound: u64| bound as i64 * NANOS;
        let within = |value: i64, min: Option<u64>, max: Option<u64>| {
            min.is_none_or(|min| seconds(min) <= value) && max.is_none_or(|max| value < seconds(max))
        };
        window
            && conditions.start_date.is_none_or(|start| start <= date)
            && conditions.end_date.is_none_or(|end| date < end)
            && (conditions.day_of_week.is_empty() || conditions.day_of_week.contains(local.weekday()))
            && self.amount(conditions.min_kwh, conditions.max_kwh, Some((facts.energy, facts.energy)))
            && within(facts.elapsed, conditions.min_duration, conditions.max_duration)
            && within(facts.charging, conditions.min_charging_time, conditions.max_charging_time)
            && within(facts.idle, conditions.min_idle_time, conditions.max_idle_time)
            && self.amount(conditions.min_current, conditions.max_current, facts.current)
            && self.amount(conditions.min_power, conditions.max_power, facts.power)
    }

    /// A lower bound against the greatest value, an upper bound against the smallest; not known counts as met.
    fn amount(&self, min: Option<Decimal>, max: Option<Decimal>, known: Option<(Fraction, Fraction)>) -> bool {
        let (min, max) = (min.map(Fraction::of_decimal), max.map(Fraction::of_decimal));
        if self.is_ocpp && min.zip(max).is_some_and(|(min, max)| min.abs() >= max.abs()) {
            // nothing is within such bounds, known or not
            return false;
        }
        let Some((least, most)) = known else { return true };
        if self.is_ocpp {
            let other_sign = |value: Fraction, bound: Fraction| {
                (value < Fraction::ZERO && bound > Fraction::ZERO) || (value > Fraction::ZERO && bound < Fraction::ZERO)
            };
            min.is_none_or(|min| !other_sign(most, min) && most.abs() >= min.abs())
                && max.is_none_or(|max| !other_sign(least, max) && least.abs() < max.abs())
        } else {
            min.is_none_or(|min| most >= min) && max.is_none_or(|max| least < max)
        }
    }

    /// Current and power of a period (R25, R26).
    fn flow(&self, period: &Period, length: i64) -> [Option<(Fraction, Fraction)>; 2] {
        let energy = fraction(period.energy);
        if energy.is_zero() && nanos(period.time) == 0 {
            return [Some((Fraction::ZERO, Fraction::ZERO)); 2];
        }
        // random sessions state both extremes of the current or neither, and of power nothing but what follows from energy
        let current = period.flow.min_current.zip(period.flow.max_current);
        let current = current.map(|(least, most)| (Fraction::of_decimal(least), Fraction::of_decimal(most)));
        let time = if nanos(period.time) == 0 { length } else { nanos(period.time) };
        let power = (time != 0).then(|| energy / Fraction::new(time.into(), 3600 * i128::from(NANOS)));
        [current, power.map(|power| (power, power))]
    }

    fn period(&mut self, period: &'a Period, end: DateTime<Utc>) {
        let length = (end - period.start).num_nanoseconds().unwrap();
        let [current, power] = self.flow(period, length);
        let whole = (fraction(period.energy), nanos(period.time), nanos(period.parking_time));
        let splits = self.record.kind == RecordKind::Measured || self.is_ocpp;
        let mut cuts = vec![(0_i64, Fraction::ZERO)];
        if splits {
            cuts.extend(self.cuts(period, length));
            cuts.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.abs().cmp(&b.1.abs())));
            cuts.dedup();
        }
        cuts.push((length, whole.0));
        let (energy, charging, idle) = (self.energy, self.charging, self.idle);
        let share = |whole: i64, at: i64| {
            if length == 0 { whole } else { (i128::from(whole) * i128::from(at) / i128::from(length)) as i64 }
        };
        for (place, pair) in cuts.windows(2).enumerate() {
            let ((from, from_energy), (to, to_energy)) = (pair[0], pair[1]);
            let is_last = place + 2 == cuts.len();
            let until = |whole: i64| if is_last { whole } else { share(whole, to) };
            let since = |whole: i64| if place == 0 { 0 } else { share(whole, from) };
            let facts = Facts {
                at: period.start + TimeDelta::nanoseconds(from),
                energy: energy + from_energy,
                elapsed: (period.start - self.origin).num_nanoseconds().unwrap() + from,
                charging: charging + since(whole.1),
                idle: idle + since(whole.2),
                current,
                power,
            };
            let part = (to_energy - from_energy, until(whole.1) - since(whole.1), until(whole.2) - since(whole.2));
            self.stretch(&facts, part);
        }
        self.energy = energy + whole.0;
        self.charging = charging + whole.1;
        self.idle = idle + whole.2;
    }

    /// Every place in a period at which any condition could change; more of them than necessary do no harm.
    fn cuts(&self, period: &Period, length: i64) -> Vec<(i64, Fraction)> {
        let energy = fraction(period.energy);
        let mut times: Vec<i64> = Vec::new();
        let mut cuts: Vec<(i64, Fraction)> = Vec::new();
        let origin = (period.start - self.origin).num_nanoseconds().unwrap();
        let crossing = |bound: Option<u64>, before: i64, whole: i64| {
            let missing = bound? as i64 * NANOS - before;
            (missing > 0 && missing <= whole).then(|| {
                ((i128::from(missing) * i128::from(length) + i128::from(whole) - 1) / i128::from(whole)) as i64
            })
        };
        for element in &self.tariff.elements {
            let conditions = &element.conditions;
            for time in [conditions.start_time, conditions.end_time, chrono::NaiveTime::from_hms_opt(0, 0, 0)] {
                let Some(time) = time else { continue };
                let mut day = period.start.date_naive() - chrono::Days::new(2);
                for _ in 0..6 {
                    for offset in all_offsets(&self.record.zone) {
                        let at = day.and_time(time).and_utc() - TimeDelta::seconds(offset.into());
                        times.push((at - period.start).num_nanoseconds().unwrap());
                    }
                    day = day + chrono::Days::new(1);
                }
            }
            for bound in [conditions.min_duration, conditions.max_duration].into_iter().flatten() {
                times.push(bound as i64 * NANOS - origin);
            }
            for bound in [conditions.min_charging_time, conditions.max_charging_time] {
                times.extend(crossing(bound, self.charging, nanos(period.time)));
            }
            for bound in [conditions.min_idle_time, conditions.max_idle_time] {
                times.extend(crossing(bound, self.idle, nanos(period.parking_time)));
            }
            // in OCPP conditions look at the sign of the energy, too
            let zero = self.is_ocpp.then_some(Decimal::ZERO);
            for bound in [conditions.min_kwh, conditions.max_kwh, zero].into_iter().flatten() {
                let share = Fraction::of_decimal(bound) - self.energy;
                // a threshold that is itself on the near side is passed one unit behind it
                let unit = Fraction::new(1, 1_000_000_000);
                for share in [share, share - unit, share + unit] {
                    let is_inside = if energy > Fraction::ZERO {
                        share > Fraction::ZERO && share < energy
                    } else {
                        share < Fraction::ZERO && share > energy
                    };
                    if is_inside {
                        let at = (share / energy * Fraction::of(length.into())).ceil();
                        cuts.push((at as i64, share));
                    }
                }
            }
        }
        if let LocalTime::Segments(segments) = &self.record.zone {
            for segment in segments {
                let at = DateTime::from_timestamp(segment.from, 0).unwrap();
                times.push((at - period.start).num_nanoseconds().unwrap());
            }
        }
        for at in times.into_iter().filter(|&at| at > 0 && at < length) {
            // whole units of 10^-9 kWh, what is left falls to what follows
            let units = (energy * Fraction::of(1_000_000_000) * Fraction::new(at.into(), length.into())).truncate();
            let mut share = Fraction::new(units, 1_000_000_000);
            // never behind a threshold that falls on the same nanosecond
            for &(other, passed) in &cuts {
                if other == at && passed.abs() > share.abs() {
                    share = passed;
                }
            }
            cuts.push((at, share));
        }
        cuts
    }

    fn stretch(&mut self, facts: &Facts, part: (Fraction, i64, i64)) {
        let before = self.charges.len();
        if !self.has_fee
            && let Some(fee) = self.first(ElementKind::Ordinary, Dimension::Flat, facts)
        {
            self.has_fee = true;
            self.charge(fee, false, Fraction::ONE);
        }
        if !part.0.is_zero()
            && let Some(component) = self.first(ElementKind::Ordinary, Dimension::Energy, facts)
        {
            self.charge(component, false, part.0);
            self.last_energy = Some(component);
        }
        let hours = |nanos: i64| Fraction::new(nanos.into(), 3600 * i128::from(NANOS));
        if part.1 != 0
            && let Some(component) = self.first(ElementKind::Ordinary, Dimension::Time, facts)
        {
            self.charge(component, false, hours(part.1));
            self.last_time = Some(component);
        }
        if part.2 != 0
            && let Some(component) = self.first(ElementKind::Ordinary, Dimension::ParkingTime, facts)
        {
            self.charge(component, false, hours(part.2));
            self.last_parking = Some(component);
        }
        if self.is_ocpp {
            self.freeze_jump(before);
        }
    }

    /// Step rounding at the end (R30 to R34).
    fn round_steps(&mut self) {
        let total = |dimension: Dimension| {
            self.charges
                .iter()
                .filter(|charge| charge.component.dimension == dimension && !charge.is_reservation)
                .fold(Fraction::ZERO, |sum, charge| sum + charge.quantity)
        };
        let mut surplus: Vec<(&'a Component, Fraction)> = Vec::new();
        if let Some(last) = self.last_energy {
            let sum = total(Dimension::Energy);
            if sum > Fraction::ZERO {
                let kilo = Fraction::of(1000);
                surplus.push((last, up_to_step(sum * kilo, last.step) / kilo - sum));
            }
        }
        let (last, dimension) = match self.last_parking {
            Some(last) => (Some(last), Dimension::ParkingTime),
            None => (self.last_time, Dimension::Time),
        };
        if let Some(last) = last {
            let hour = Fraction::of(3600);
            let sum = total(dimension);
            surplus.push((last, up_to_step(sum * hour, last.step) / hour - sum));
        }
        for (component, quantity) in surplus {
            self.charge(component, false, quantity);
        }
    }

    fn sum(&self, upto: usize) -> Outcome {
        let mut outcome = Outcome { excl_tax: Fraction::ZERO, incl_tax: Fraction::ZERO };
        for charge in &self.charges[..upto] {
            let amount = Fraction::of_decimal(charge.component.price) * charge.quantity;
            let mut levels: Vec<u32> = charge.component.taxes.iter().map(|tax| tax.stack).collect();
            levels.sort_unstable();
            levels.dedup();
            let mut factor = Fraction::ONE;
            for level in levels {
                let percent = charge
                    .component
                    .taxes
                    .iter()
                    .filter(|tax| tax.stack == level)
                    .fold(Fraction::ZERO, |sum, tax| sum + Fraction::of_decimal(tax.percent));
                factor = factor * (Fraction::ONE + percent / Fraction::of(100));
            }
            let (net, gross) = match self.tariff.tax_mode {
                TaxMode::Included => (amount / factor, amount),
                _ => (amount, amount * factor),
            };
            outcome = Outcome { excl_tax: outcome.excl_tax + net, incl_tax: outcome.incl_tax + gross };
        }
        outcome
    }

    /// OCPP: stops the cost at the instant at which either value of the maximum is reached (R64).
    fn freeze_jump(&mut self, before: usize) {
        let Some(limit) = &self.tariff.max_price else { return };
        if self.frozen.is_some() {
            return;
        }
        let (start, now) = (self.sum(before), self.sum(self.charges.len()));
        let reach = |bound: Option<Decimal>, start: Fraction, now: Fraction| {
            let bound = Fraction::of_decimal(bound?);
            if start >= bound { Some(Fraction::ZERO) } else { (now >= bound).then(|| (bound - start) / (now - start)) }
        };
        let net = reach(limit.excl_tax, start.excl_tax, now.excl_tax);
        let gross = reach(limit.incl_tax, start.incl_tax, now.incl_tax);
        let share = match (net, gross) {
            (Some(net), Some(gross)) => Some(if net <= gross { net } else { gross }),
            (found, other) => found.or(other),
        };
        self.frozen = share.map(|share| Outcome {
            excl_tax: start.excl_tax + (now.excl_tax - start.excl_tax) * share,
            incl_tax: start.incl_tax + (now.incl_tax - start.incl_tax) * share,
        });
    }

    fn outcome(&self) -> Outcome {
        let all = self.frozen.unwrap_or_else(|| self.sum(self.charges.len()));
        let has_use = self.record.periods.iter().any(is_use);
        if !has_use {
            return all;
        }
        let of = |limit: &Option<PriceLimit>, value: fn(&PriceLimit) -> Option<Decimal>| {
            limit.as_ref().and_then(value).map(Fraction::of_decimal)
        };
        let (min_net, min_gross) =
            (of(&self.tariff.min_price, |limit| limit.excl_tax), of(&self.tariff.min_price, |limit| limit.incl_tax));
        if self.is_ocpp {
            let is_below =
                min_net.is_some_and(|min| all.excl_tax < min) || min_gross.is_some_and(|min| all.incl_tax < min);
            return match (is_below, min_net, min_gross) {
                (true, Some(excl_tax), Some(incl_tax)) => Outcome { excl_tax, incl_tax },
                _ => all,
            };
        }
        let (max_net, max_gross) =
            (of(&self.tariff.max_price, |limit| limit.excl_tax), of(&self.tariff.max_price, |limit| limit.incl_tax));
        let bound = |value: Fraction, min: Option<Fraction>, max: Option<Fraction>| {
            let value = min.filter(|min| value < *min).unwrap_or(value);
            max.filter(|max| value > *max).unwrap_or(value)
        };
        Outcome { excl_tax: bound(all.excl_tax, min_net, max_net), incl_tax: bound(all.incl_tax, min_gross, max_gross) }
    }
}

/// The smallest multiple of a step that is not below a quantity.
fn up_to_step(quantity: Fraction, step: Decimal) -> Fraction {
    if step.is_zero() {
        return quantity;
    }
    let step = Fraction::of_decimal(step);
    Fraction::of((quantity / step).ceil()) * step
}

fn all_offsets(zone: &LocalTime) -> Vec<i32> {
    match zone {
        LocalTime::Fixed(offset) => vec![*offset],
        LocalTime::Segments(segments) => segments.iter().map(|segment| segment.offset).collect(),
        _ => vec![0],
    }
}

fn offset_at(zone: &LocalTime, second: i64) -> i32 {
    match zone {
        LocalTime::Fixed(offset) => *offset,
        LocalTime::Segments(segments) => {
            segments.iter().rev().find(|segment| segment.from <= second).unwrap_or(&segments[0]).offset
        }
        _ => 0,
    }
}

pub mod random;

/// How many random pairs are priced; a full run has 100 000 and more.
fn pairs() -> u64 {
    std::env::var("CHARGEWIRE_TARIFF_PAIRS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

#[test]
fn random_pairs_cost_the_same_slowly_and_fast() {
    let policy = Policy::default();
    let (mut limited, mut split, mut reserved, mut ocpp) = (0, 0, 0, 0);
    for seed in 0..pairs() {
        let (tariff, record) = random::pair(seed);
        let told = || {
            format!(
                "seed {seed}\n{}\n{}",
                serde_json::to_string_pretty(&tariff).unwrap(),
                serde_json::to_string_pretty(&record).unwrap()
            )
        };
        let usage = Usage::new(&record, &policy).unwrap_or_else(|error| panic!("{error}: {}", told()));
        let compiled = tariff.compile(&policy).unwrap_or_else(|error| panic!("{error}: {}", told()));
        let bill = compiled.price(&usage, &policy).unwrap_or_else(|error| panic!("{error}: {}", told()));
        let slow = price_slowly(&tariff, &record);
        let [excl_tax, incl_tax] =
            [bill.totals.total.excl_tax, bill.totals.total.incl_tax].map(|amount| Fraction::of_exact(amount.unwrap()));
        // the instant at which a cost stops lies between whole units of energy, and where those are depends on the stretch
        let is_same = |fast: Fraction, slow: Fraction| {
            fast == slow
                || (tariff.dialect == Dialect::Ocpp21
                    && bill.totals.limit == Some(Limit::Max)
                    && (fast - slow).abs() < Fraction::new(1, 10_000_000))
        };
        assert!(
            is_same(excl_tax, slow.excl_tax) && is_same(incl_tax, slow.incl_tax),
            "fast {:?} {:?}, slowly {slow:?}\n{:#?}\n{}",
            bill.totals.total.excl_tax,
            bill.totals.total.incl_tax,
            bill.lines,
            told()
        );
        assert_eq!(bill.totals, compiled.totals(&usage, &policy).unwrap(), "{}", told());
        crate::desk::check_bill(&bill, false);
        limited += u32::from(bill.totals.limit.is_some());
        split += u32::from(bill.lines.len() > record.periods.len() * 2);
        reserved += u32::from(record.periods[0].reservation_time.is_some());
        ocpp += u32::from(tariff.dialect == Dialect::Ocpp21);
    }
    let pairs = pairs() as u32;
    assert!(
        limited > pairs / 20 && split > pairs / 100 && reserved > pairs / 10 && ocpp > pairs / 5,
        "what is random is varied: {limited} {split} {reserved} {ocpp}"
    );
}

#[test]
fn the_order_of_periods_does_not_matter() {
    let policy = Policy::default();
    for seed in 0..pairs() / 4 {
        let (tariff, record) = random::pair(seed);
        let starts: std::collections::BTreeSet<_> = record.periods.iter().map(|period| period.start).collect();
        if starts.len() < record.periods.len() {
            continue;
        }
        let mut turned = record.clone();
        turned.periods.reverse();
        let compiled = tariff.compile(&policy).unwrap();
        let total = |record: &Record| compiled.totals(&Usage::new(record, &policy).unwrap(), &policy).unwrap();
        assert_eq!(total(&record), total(&turned), "seed {seed}");
    }
}

#[test]
fn splitting_a_period_where_no_price_changes_keeps_the_total() {
    let policy = Policy::default();
    let mut splits = 0;
    for seed in 0..pairs() {
        let (mut tariff, mut record) = random::pair(seed);
        // a fee may start within a period, which is no span
        for element in &mut tariff.elements {
            element.components.retain(|component| component.dimension != Dimension::Flat);
        }
        tariff.dialect = Dialect::Ocpi;
        record.kind = RecordKind::Recorded;
        let compiled = tariff.compile(&policy).unwrap();
        let whole = compiled.price(&Usage::new(&record, &policy).unwrap(), &policy).unwrap();
        if whole.diagnostics.iter().any(|found| found.code == Code::PeriodSpansPriceChange) {
            continue;
        }
        let mut halves = record.clone();
        halves.periods.clear();
        for (place, period) in record.periods.iter().enumerate() {
            let end = record.periods.get(place + 1).map_or(record.end, |next| next.start);
            let mut second = period.clone();
            second.start = period.start + (end - period.start) / 2;
            let mut first = period.clone();
            for half in [&mut first, &mut second] {
                half.energy = half.energy.map(|energy| energy / Decimal::TWO);
                for span in [&mut half.time, &mut half.parking_time, &mut half.reservation_time] {
                    *span = span.map(|span| Span::Nanos(nanos(Some(span)) / 2));
                }
            }
            halves.periods.extend([first, second]);
        }
        let split = compiled.totals(&Usage::new(&halves, &policy).unwrap(), &policy).unwrap();
        assert_eq!(split.total, whole.totals.total, "seed {seed}");
        splits += 1;
    }
    assert!(splits > pairs() / 10, "{splits} of them had no price change");
}

#[test]
fn more_energy_never_costs_less_without_steps_and_caps() {
    let policy = Policy::default();
    for seed in 0..pairs() {
        let (mut tariff, record) = random::pair(seed);
        (tariff.min_price, tariff.max_price) = (None, None);
        for element in &mut tariff.elements {
            let conditions = &mut element.conditions;
            // more energy means more power, and may lead into a cheaper element
            (conditions.min_power, conditions.max_power) = (None, None);
            for component in &mut element.components {
                component.step = Decimal::ZERO;
                component.price = component.price.abs();
            }
        }
        // a threshold of energy may lead into a cheaper element, too
        tariff.elements.retain(|element| element.conditions.min_kwh.is_none() && element.conditions.max_kwh.is_none());
        if tariff.elements.is_empty() {
            continue;
        }
        let mut more = record.clone();
        let Some(period) = more
            .periods
            .iter_mut()
            .find(|period| period.energy.is_some_and(|energy| energy.is_sign_positive() && !energy.is_zero()))
        else {
            continue;
        };
        period.energy = period.energy.map(|energy| energy + Decimal::ONE);
        let compiled = tariff.compile(&policy).unwrap();
        let total = |record: &Record| {
            compiled.totals(&Usage::new(record, &policy).unwrap(), &policy).unwrap().total.excl_tax.unwrap()
        };
        assert!(total(&more) >= total(&record), "seed {seed}");
    }
}
