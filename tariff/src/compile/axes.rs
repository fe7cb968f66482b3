//! Conditions as axes: on each, sorted cuts and for every interval the set of entries that hold there.
//!
//! Entries come in chunks of 64, so that a set is a word and memory grows linearly with the tariff. An entry is an element,
//! or one half of an element whose weekday depends on which side of midnight its window is (R21).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::prices::NO_COMPONENT;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::{EqualBounds, Policy, UnknownFact, WindowWeekday};
use crate::tariff::condition::{Conditions, EvseKind, Weekdays};
use crate::tariff::{Dialect, ElementKind, Tariff};
use crate::usage::{Facts, SECOND, THRESHOLD_SCALE, scaled};

/// Up to 64 entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk {
    /// Entries by what they are for.
    kinds: [u64; ElementKind::ALL.len()],
    /// Entries by the dimensions they price.
    dimensions: [u64; 4],
    /// The components of each entry by dimension.
    components: Vec<[u32; 4]>,
    /// Entries by weekday.
    days: Option<[u64; 7]>,
    window: Option<DayAxis>,
    /// Dates and lengths of time.
    clocks: Vec<Axis<i64>>,
    energy: Option<Axis<i128>>,
    /// Current and power.
    flows: Vec<Axis<i128>>,
    facts: Vec<FactCondition>,
}

/// One kind of condition.
#[derive(Clone, Debug)]
pub(crate) struct Axis<T> {
    pub(crate) which: Which,
    cuts: Vec<T>,
    /// One more than there are cuts.
    sets: Vec<u64>,
    /// The entries that have no such condition.
    free: u64,
}

/// The windows of a day, found without a search.
#[derive(Clone, Debug)]
struct DayAxis {
    axis: Axis<i64>,
    /// How many cuts each hour starts behind; a chunk has 128 at most.
    passed: [u8; 24],
}

/// What an axis measures.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Which {
    SecondOfDay,
    Day,
    Elapsed,
    Charging,
    Idle,
    Energy,
    CurrentFrom,
    CurrentBelow,
    PowerFrom,
    PowerBelow,
}

/// What the conditions of a tariff look at.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Needs {
    pub(crate) local_time: bool,
    pub(crate) flow: bool,
    pub(crate) energy: bool,
    /// Whether more than the ordinary entries exist.
    pub(crate) reservation: bool,
    pub(crate) booking: bool,
}

#[derive(Clone, Debug)]
struct FactCondition {
    entry: u64,
    evse_kind: Option<EvseKind>,
    brand: Option<String>,
    recognition: Option<String>,
}

/// Where a session is when a price is looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Point {
    pub(crate) second_of_day: i64,
    pub(crate) day: i64,
    pub(crate) weekday: u8,
    pub(crate) elapsed: i64,
    pub(crate) charging: i64,
    pub(crate) idle: i64,
    /// In units of thresholds.
    pub(crate) energy: i128,
}

/// Current and power as conditions see them; none: not known (R25).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FlowView {
    /// What a lower bound is compared with.
    pub(crate) current_from: Option<i128>,
    /// What an upper bound is compared with.
    pub(crate) current_below: Option<i128>,
    pub(crate) power_from: Option<i128>,
    pub(crate) power_below: Option<i128>,
    /// Whether what is not known counts as met.
    pub(crate) assume_met: bool,
}

impl Chunk {
    /// The entries for something that hold at a point.
    #[inline(always)]
    pub(crate) fn active(
        &self,
        kind: ElementKind,
        point: &Point,
        flow: &FlowView,
        facts: &Facts,
        unknown: UnknownFact,
    ) -> u64 {
        let mut set = self.kinds[kind as usize];
        if let Some(days) = &self.days {
            set &= days[usize::from(point.weekday)];
        }
        if let Some(window) = &self.window {
            set &= window.at(point.second_of_day);
        }
        for axis in &self.clocks {
            set &= axis.at(match axis.which {
                Which::Elapsed => point.elapsed,
                Which::Charging => point.charging,
                Which::Idle => point.idle,
                _ => point.day,
            });
        }
        if let Some(energy) = &self.energy {
            set &= energy.at(point.energy);
        }
        for axis in &self.flows {
            if let Some(value) = flow.at(axis.which) {
                set &= axis.at(value);
            } else if !flow.assume_met {
                set &= axis.free;
            }
        }
        for condition in &self.facts {
            if !condition.holds(facts, unknown) {
                set &= !condition.entry;
            }
        }
        set
    }

    /// The component of the first of some entries for a dimension.
    #[inline]
    pub(crate) fn first(&self, active: u64, dimension: usize) -> Option<u32> {
        let set = active & self.dimensions[dimension];
        if set == 0 { None } else { Some(self.components[set.trailing_zeros() as usize][dimension]) }
    }

    /// Whether an entry for something exists that depends on a current or power that is not known.
    pub(crate) fn is_unverifiable(&self, kind: ElementKind, flow: &FlowView) -> bool {
        self.flows.iter().any(|axis| flow.at(axis.which).is_none() && self.kinds[kind as usize] & !axis.free != 0)
    }

    /// The next cut of the day above a second of it.
    pub(crate) fn next_window(&self, second: i64) -> Option<i64> {
        let window = self.window.as_ref()?;
        window.axis.cuts.get(window.place(second)).copied()
    }

    /// The axes over lengths of time.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = &Axis<i64>> {
        self.clocks.iter().filter(|axis| axis.which != Which::Day)
    }

    /// The next cut of energy above a value, or the last at or below it.
    pub(crate) fn next_energy(&self, value: i128, upwards: bool) -> Option<i128> {
        let axis = self.energy.as_ref()?;
        if upwards { axis.next(value) } else { axis.cuts.get(axis.place(value).checked_sub(1)?).copied() }
    }
}

impl DayAxis {
    fn new(axis: Axis<i64>) -> Self {
        let mut passed = [0; 24];
        for (hour, count) in (0_i64..).zip(&mut passed) {
            *count = axis.cuts.partition_point(|&cut| cut <= hour * 3600) as u8;
        }
        Self { axis, passed }
    }

    #[inline]
    fn at(&self, second: i64) -> u64 {
        self.axis.sets[self.place(second)]
    }

    /// How many cuts a second is at or behind.
    #[inline]
    fn place(&self, second: i64) -> usize {
        // a second of the day is below 24 hours
        let mut place = usize::from(self.passed[(second / 3600).clamp(0, 23) as usize]);
        while self.axis.cuts.get(place).is_some_and(|&cut| cut <= second) {
            place += 1;
        }
        place
    }
}

impl<T: Copy + Ord> Axis<T> {
    #[inline]
    fn at(&self, value: T) -> u64 {
        self.sets[self.place(value)]
    }

    /// The next cut above a value.
    #[inline]
    pub(crate) fn next(&self, value: T) -> Option<T> {
        self.cuts.get(self.place(value)).copied()
    }

    /// How many cuts a value is at or above.
    #[inline]
    fn place(&self, value: T) -> usize {
        // a handful of cuts is counted faster than it is searched
        if self.cuts.len() <= 8 {
            self.cuts.iter().map(|&cut| usize::from(cut <= value)).sum()
        } else {
            self.cuts.partition_point(|&cut| cut <= value)
        }
    }

    /// An axis from the entries that have such a condition, with the intervals in which each holds.
    fn new(which: Which, entries: &[(u32, Intervals<T>)], all: u64) -> Self {
        let mut cuts: Vec<T> = entries
            .iter()
            .flat_map(|(_, intervals)| intervals.iter())
            .flat_map(|&(from, to)| [from, to])
            .flatten()
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let bounded = entries.iter().fold(0_u64, |set, (entry, _)| set | 1 << entry);
        let free = all & !bounded;
        let sets = (0..=cuts.len())
            .map(|place| {
                let start = place.checked_sub(1).map(|before| cuts[before]);
                let holds = |&(from, to): &(Option<T>, Option<T>)| {
                    // before the first cut only intervals without a start reach
                    from.is_none_or(|from| start.is_some_and(|start| from <= start))
                        && to.is_none_or(|to| start.is_none_or(|start| start < to))
                };
                entries
                    .iter()
                    .filter(|(_, intervals)| intervals.iter().any(holds))
                    .fold(free, |set, (entry, _)| set | 1 << entry)
            })
            .collect();
        Self { which, cuts, sets, free }
    }
}

/// Half-open intervals; none is without bound.
type Intervals<T> = Vec<(Option<T>, Option<T>)>;

impl FlowView {
    fn at(&self, which: Which) -> Option<i128> {
        match which {
            Which::CurrentFrom => self.current_from,
            Which::CurrentBelow => self.current_below,
            Which::PowerFrom => self.power_from,
            _ => self.power_below,
        }
    }
}

impl FactCondition {
    fn holds(&self, facts: &Facts, unknown: UnknownFact) -> bool {
        fn met<T: PartialEq>(wanted: Option<&T>, fact: Option<&T>, unknown: UnknownFact) -> bool {
            match (wanted, fact) {
                (None, _) => true,
                (Some(_), None) => unknown == UnknownFact::Met,
                (Some(wanted), Some(fact)) => wanted == fact,
            }
        }
        met(self.evse_kind.as_ref(), facts.evse_kind.as_ref(), unknown)
            && met(self.brand.as_ref(), facts.payment_brand.as_ref(), unknown)
            && met(self.recognition.as_ref(), facts.payment_recognition.as_ref(), unknown)
    }
}

/// An element, or one side of midnight of it.
struct Entry<'a> {
    kind: ElementKind,
    conditions: &'a Conditions,
    place: [u32; 4],
    window: Intervals<i64>,
    days: Weekdays,
    is_never: bool,
}

/// The chunks of a tariff.
pub(super) fn chunks(
    tariff: &Tariff,
    places: &[[u32; 4]],
    policy: &Policy,
    prefix: &str,
    findings: &mut Findings,
) -> (Vec<Chunk>, Needs) {
    let mut entries = Vec::with_capacity(tariff.elements.len());
    let mut needs = Needs::default();
    for (index, (element, &place)) in tariff.elements.iter().zip(places).enumerate() {
        let pointer = format!("{prefix}/elements/{index}/restrictions");
        let conditions = &element.conditions;
        let window = window(conditions, policy, &pointer, findings);
        let is_empty = is_empty(conditions, policy, &pointer, tariff.dialect, findings);
        needs.local_time |= conditions.needs_local_time();
        needs.flow |= [conditions.min_current, conditions.max_current, conditions.min_power, conditions.max_power]
            .iter()
            .any(Option::is_some);
        needs.energy |= conditions.min_kwh.is_some() || conditions.max_kwh.is_some();
        match element.kind {
            ElementKind::Ordinary => {}
            ElementKind::Reservation | ElementKind::ReservationExpires => needs.reservation = true,
            _ => needs.booking = true,
        }
        let days = conditions.day_of_week;
        let entry = |window: Intervals<i64>, days: Weekdays, is_never: bool| Entry {
            kind: element.kind,
            conditions,
            place,
            window,
            days,
            is_never: is_never || is_empty,
        };
        match window {
            Window::Always => entries.push(entry(Vec::new(), days, false)),
            Window::Never => entries.push(entry(Vec::new(), days, true)),
            Window::Within(from, to) => entries.push(entry(Vec::from([(Some(from), Some(to))]), days, false)),
            Window::OverMidnight(from, to) => {
                if !days.is_empty() && days != Weekdays::ALL {
                    findings.note(Diagnostic::new(Code::WeekdayWithOvernightWindow, pointer));
                }
                let (evening, morning) = ((Some(from), None), (None, Some(to)));
                if policy.window.weekday == WindowWeekday::OfWindowStart && !days.is_empty() {
                    let next_days = days.days().map(|day| day.succ()).collect();
                    entries.push(entry(Vec::from([evening]), days, false));
                    entries.push(entry(Vec::from([morning]), next_days, false));
                } else {
                    entries.push(entry(Vec::from([morning, evening]), days, false));
                }
            }
        }
    }
    (entries.chunks(64).map(|entries| chunk(entries, tariff.dialect)).collect(), needs)
}

fn chunk(entries: &[Entry<'_>], dialect: Dialect) -> Chunk {
    let mut chunk = Chunk { components: entries.iter().map(|entry| entry.place).collect(), ..Chunk::default() };
    let all = if entries.len() == 64 { u64::MAX } else { (1 << entries.len()) - 1 };
    let mut clocks: [Vec<(u32, Intervals<i64>)>; 5] = Default::default();
    let mut amounts: [Vec<(u32, Intervals<i128>)>; 5] = Default::default();
    for (number, entry) in (0_u32..).zip(entries) {
        let bit = 1_u64 << number;
        let conditions = entry.conditions;
        if !entry.is_never {
            chunk.kinds[entry.kind as usize] |= bit;
        }
        for (dimension, &component) in entry.place.iter().enumerate() {
            if component != NO_COMPONENT {
                chunk.dimensions[dimension] |= bit;
            }
        }
        if !entry.days.is_empty() && entry.days != Weekdays::ALL {
            let days = chunk.days.get_or_insert([all; 7]);
            for (day, set) in (0_u8..).zip(days) {
                if !chrono::Weekday::try_from(day).is_ok_and(|day| entry.days.contains(day)) {
                    *set &= !bit;
                }
            }
        }
        if !entry.window.is_empty() {
            clocks[0].push((number, entry.window.clone()));
        }
        let day = |date: NaiveDate| i64::from(date.num_days_from_ce());
        let nanos = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND);
        for (axis, from, to) in [
            (1, conditions.start_date.map(day), conditions.end_date.map(day)),
            (2, conditions.min_duration.map(nanos), conditions.max_duration.map(nanos)),
            (3, conditions.min_charging_time.map(nanos), conditions.max_charging_time.map(nanos)),
            (4, conditions.min_idle_time.map(nanos), conditions.max_idle_time.map(nanos)),
        ] {
            if from.is_some() || to.is_some() {
                clocks[axis].push((number, Vec::from([(from, to)])));
            }
        }
        if let Some(interval) = amount(conditions.min_kwh, conditions.max_kwh, dialect) {
            amounts[0].push((number, Vec::from([interval])));
        }
        for (axis, from, to) in [
            (1, conditions.min_current, None),
            (2, None, conditions.max_current),
            (3, conditions.min_power, None),
            (4, None, conditions.max_power),
        ] {
            if let Some(interval) = amount(from, to, dialect) {
                amounts[axis].push((number, Vec::from([interval])));
            }
        }
        if conditions.evse_kind.is_some()
            || conditions.payment_brand.is_some()
            || conditions.payment_recognition.is_some()
        {
            chunk.facts.push(FactCondition {
                entry: bit,
                evse_kind: conditions.evse_kind,
                brand: conditions.payment_brand.clone(),
                recognition: conditions.payment_recognition.clone(),
            });
        }
    }
    fn axes<T: Copy + Ord>(all: u64, which: &[Which], entries: &[Vec<(u32, Intervals<T>)>]) -> Vec<Axis<T>> {
        let used = which.iter().zip(entries).filter(|(_, entries)| !entries.is_empty());
        used.map(|(&which, entries)| Axis::new(which, entries, all)).collect()
    }
    let [windows, clocks @ ..] = &clocks;
    let [energies, flows @ ..] = &amounts;
    chunk.window = axes(all, &[Which::SecondOfDay], core::slice::from_ref(windows)).pop().map(DayAxis::new);
    chunk.clocks = axes(all, &[Which::Day, Which::Elapsed, Which::Charging, Which::Idle], clocks);
    chunk.energy = axes(all, &[Which::Energy], core::slice::from_ref(energies)).pop();
    chunk.flows = axes(all, &[Which::CurrentFrom, Which::CurrentBelow, Which::PowerFrom, Which::PowerBelow], flows);
    chunk
}

/// The values for which a pair of bounds holds; none without bounds. In OCPP a bound never holds for a value of the other
/// sign, and magnitudes are compared (R60).
fn amount(min: Option<Decimal>, max: Option<Decimal>, dialect: Dialect) -> Option<(Option<i128>, Option<i128>)> {
    if min.is_none() && max.is_none() {
        return None;
    }
    let (min, max) = (min.and_then(threshold), max.and_then(threshold));
    if dialect != Dialect::Ocpp21 {
        return Some((min, max));
    }
    let lower = match min {
        None | Some(0) => (None, None),
        Some(min) if min > 0 => (Some(min), None),
        Some(min) => (None, Some(min + 1)),
    };
    let upper = match max {
        None => (None, None),
        Some(max) if max > 0 => (Some(0), Some(max)),
        Some(max) => (Some(max + 1), Some(1)),
    };
    let from = lower.0.into_iter().chain(upper.0).max();
    let to = lower.1.into_iter().chain(upper.1).min();
    Some((from, to))
}

fn threshold(value: Decimal) -> Option<i128> {
    scaled(value, THRESHOLD_SCALE)
}

enum Window {
    Always,
    Never,
    Within(i64, i64),
    OverMidnight(i64, i64),
}

/// The window of a day, in seconds (R19).
fn window(conditions: &Conditions, policy: &Policy, pointer: &str, findings: &mut Findings) -> Window {
    let second = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
    if conditions.start_time.is_none() && conditions.end_time.is_none() {
        return Window::Always;
    }
    let from = conditions.start_time.map_or(0, second);
    let to = match conditions.end_time.map_or(0, second) {
        0 => DAY,
        to => to,
    };
    if from == to || (from == 0 && to == DAY && conditions.start_time.is_some() && conditions.end_time.is_some()) {
        findings.note(Diagnostic::new(Code::WholeDayWindow, pointer));
        return match policy.window.equal_bounds {
            EqualBounds::WholeDay => Window::Always,
            EqualBounds::Never => Window::Never,
        };
    }
    if from == 0 && to == DAY {
        Window::Always
    } else if from < to {
        Window::Within(from, to)
    } else {
        Window::OverMidnight(from, to)
    }
}

/// Whether bounds contradict each other or are out of range; both are noted.
fn is_empty(
    conditions: &Conditions,
    policy: &Policy,
    pointer: &str,
    dialect: Dialect,
    findings: &mut Findings,
) -> bool {
    let mut is_empty = false;
    let mut empty = |which: &str, findings: &mut Findings| {
        findings.note(Diagnostic::new(Code::EmptyWindow, format!("{pointer}/{which}")));
        is_empty = true;
    };
    if conditions.start_date.zip(conditions.end_date).is_some_and(|(from, to)| from >= to) {
        empty("end_date", findings);
    }
    for (min, max, which) in [
        (conditions.min_duration, conditions.max_duration, "max_duration"),
        (conditions.min_charging_time, conditions.max_charging_time, "max_charging_time"),
        (conditions.min_idle_time, conditions.max_idle_time, "max_idle_time"),
    ] {
        if max == Some(0) || min.zip(max).is_some_and(|(min, max)| min >= max) {
            empty(which, findings);
        }
    }
    let most = Decimal::from(policy.bounds.magnitude);
    for (min, max, least, greatest) in [
        (conditions.min_kwh, conditions.max_kwh, "min_kwh", "max_kwh"),
        (conditions.min_current, conditions.max_current, "min_current", "max_current"),
        (conditions.min_power, conditions.max_power, "min_power", "max_power"),
    ] {
        for (value, which) in [(min, least), (max, greatest)] {
            if value.is_some_and(|value| value.abs() > most || threshold(value).is_none()) {
                findings.note(Diagnostic::new(Code::NumberOutOfRange, format!("{pointer}/{which}")));
            }
        }
        // a period that is both above the one and below the other can satisfy bounds on current and power that cross (R25),
        // so only equal bounds and energy are sure to be empty
        let crosses = min.zip(max).is_some_and(|(min, max)| match dialect {
            Dialect::Ocpp21 => min.abs() >= max.abs(),
            _ => min >= max && greatest == "max_kwh",
        });
        if crosses {
            empty(greatest, findings);
        }
    }
    is_empty
}

/// The seconds of a day.
pub(crate) const DAY: i64 = 86_400;
