//! The space of conditions, cut into cells in which no condition changes.
//!
//! In each cell the first entry that holds is the one that applies. With few cuts, as tariffs have them, all cells can be
//! looked at, which is exact; what would take too many cells is only compared entry by entry.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use rust_decimal::Decimal;

use crate::tariff::condition::{Conditions, EvseKind};
use crate::tariff::dimension::Dimension;

/// Which entries ever apply or hold, and the first place where none does.
pub(super) struct Reach {
    pub(super) applies: Vec<bool>,
    pub(super) holds: Vec<bool>,
    /// In words, such as `on Monday, 22:00 to 06:00`.
    pub(super) gap: Option<String>,
}

/// The cells of some entries.
pub(super) struct Cells {
    entries: usize,
    axes: Vec<Axis>,
}

/// One kind of condition: its intervals, and which entries hold in each.
struct Axis {
    which: Which,
    intervals: Vec<Interval>,
}

struct Interval {
    /// From, inclusive; none: without lower end.
    from: Option<Decimal>,
    /// To, exclusive; none: without upper end.
    to: Option<Decimal>,
    /// What the interval is called.
    name: String,
    holds: Vec<u64>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Which {
    Weekday,
    Clock,
    Date,
    Energy,
    Current,
    Power,
    Elapsed,
    Charging,
    Idle,
    Fact,
}

/// So many words of bit sets are looked at, at most.
const MOST_WORK: usize = 1 << 21;

/// So many entries are cut into cells, at most.
const MOST_ENTRIES: usize = 1024;

const DAY: u32 = 86_400;

/// A gap in the hours of a day that is no longer than this is one that nobody meant.
const SLIVER: u32 = 300;

impl Cells {
    /// The cells; none if there would be too many.
    pub(super) fn of(entries: &[&Conditions]) -> Option<Self> {
        if entries.len() > MOST_ENTRIES {
            return None;
        }
        let words = entries.len().div_ceil(64);
        let axes: Vec<Axis> = [
            weekdays(entries),
            clock(entries),
            dates(entries),
            amounts(entries, Which::Energy, "kWh", |c| (c.min_kwh, c.max_kwh)),
            amounts(entries, Which::Current, "A", |c| (c.min_current, c.max_current)),
            amounts(entries, Which::Power, "kW", |c| (c.min_power, c.max_power)),
            amounts(entries, Which::Elapsed, "s of the session", |c| decimals(c.min_duration, c.max_duration)),
            amounts(entries, Which::Charging, "s of charging", |c| decimals(c.min_charging_time, c.max_charging_time)),
            amounts(entries, Which::Idle, "s without charging", |c| decimals(c.min_idle_time, c.max_idle_time)),
            facts(entries, "an EVSE of type", &["AC", "DC"], |c| {
                c.evse_kind.map(|kind| if kind == EvseKind::Ac { "AC" } else { "DC" })
            }),
            facts(entries, "payment by", &[], |c| c.payment_brand.as_deref()),
            facts(entries, "payment recognised as", &[], |c| c.payment_recognition.as_deref()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let cells = axes.iter().try_fold(words, |cells, axis| cells.checked_mul(axis.intervals.len()))?;
        (cells <= MOST_WORK).then_some(Self { entries: entries.len(), axes })
    }

    /// Looks at every cell.
    pub(super) fn reach(&self, dimension: Dimension) -> Reach {
        let words = self.entries.div_ceil(64);
        let mut reach = Reach { applies: vec![false; self.entries], holds: vec![false; self.entries], gap: None };
        let mut gaps = 0_usize;
        let mut cell = vec![0; self.axes.len()];
        let mut set = vec![0_u64; words];
        loop {
            if self.is_possible(&cell) {
                set.fill(u64::MAX);
                for (axis, &at) in self.axes.iter().zip(&cell) {
                    set.iter_mut().zip(&axis.intervals[at].holds).for_each(|(word, holds)| *word &= holds);
                }
                let held = |at: &usize| set[at / 64] >> (at % 64) & 1 == 1;
                let mut first = None;
                for at in (0..self.entries).filter(held) {
                    first = first.or(Some(at));
                    reach.holds[at] = true;
                }
                match first {
                    Some(first) => reach.applies[first] = true,
                    None if self.counts_as_gap(&cell, dimension) => {
                        gaps += 1;
                        reach.gap = reach.gap.or_else(|| Some(self.name(&cell)));
                    }
                    None => {}
                }
            }
            if !self.advance(&mut cell) {
                break;
            }
        }
        if let (Some(gap), true) = (&mut reach.gap, gaps > 1) {
            gap.push_str(" and elsewhere");
        }
        reach
    }

    /// The next cell; false after the last.
    fn advance(&self, cell: &mut [usize]) -> bool {
        for (at, axis) in cell.iter_mut().zip(&self.axes) {
            *at += 1;
            if *at < axis.intervals.len() {
                return true;
            }
            *at = 0;
        }
        false
    }

    fn interval(&self, cell: &[usize], which: Which) -> Option<&Interval> {
        let at = self.axes.iter().position(|axis| axis.which == which)?;
        self.axes[at].intervals.get(cell[at])
    }

    /// Whether a session can be there: the weekday occurs between the dates, and no part lasts longer than the whole.
    fn is_possible(&self, cell: &[usize]) -> bool {
        if let (Some(days), Some(weekday)) = (self.interval(cell, Which::Date), self.interval(cell, Which::Weekday))
            && let (Some(from), Some(to), Some(weekday)) = (days.from, days.to, weekday.from)
            && to - from < Decimal::from(7)
        {
            // day 1 of the common era was a Monday
            let seven = Decimal::from(7);
            let first = (from - Decimal::ONE) % seven;
            let distance = (weekday - first + seven) % seven;
            if distance >= to - from {
                return false;
            }
        }
        [Which::Charging, Which::Idle].into_iter().all(|part| {
            let whole = self.interval(cell, Which::Elapsed).and_then(|whole| whole.to);
            let part = self.interval(cell, part).and_then(|part| part.from);
            whole.zip(part).is_none_or(|(whole, part)| part < whole)
        })
    }

    /// Free time is common, free energy is not; a few minutes without a price are meant by nobody.
    fn counts_as_gap(&self, cell: &[usize], dimension: Dimension) -> bool {
        match dimension {
            Dimension::Energy => true,
            Dimension::Time | Dimension::ParkingTime => self.interval(cell, Which::Clock).is_some_and(|clock| {
                clock.from.zip(clock.to).is_some_and(|(from, to)| to - from <= Decimal::from(SLIVER))
            }),
            Dimension::Flat => false,
        }
    }

    fn name(&self, cell: &[usize]) -> String {
        let names: Vec<&str> = self.axes.iter().zip(cell).map(|(axis, &at)| axis.intervals[at].name.as_str()).collect();
        names.join(", ")
    }
}

/// Entry by entry, for tariffs with too many cells: behind an entry without conditions, or with the same ones, none applies.
pub(super) fn reach_of_many(entries: &[&Conditions]) -> Reach {
    let mut seen = BTreeSet::new();
    let mut is_covered = false;
    let applies = entries
        .iter()
        .map(|conditions| {
            let applies = !is_covered && seen.insert(format!("{conditions:?}"));
            is_covered |= conditions.is_empty();
            applies
        })
        .collect();
    Reach { applies, holds: vec![true; entries.len()], gap: None }
}

/// The entries that a test holds for.
fn those(entries: &[&Conditions], holds: impl Fn(&Conditions) -> bool) -> Vec<u64> {
    let mut set = vec![0_u64; entries.len().div_ceil(64)];
    for (at, conditions) in entries.iter().enumerate() {
        set[at / 64] |= u64::from(holds(conditions)) << (at % 64);
    }
    set
}

fn weekdays(entries: &[&Conditions]) -> Option<Axis> {
    if entries.iter().all(|conditions| conditions.day_of_week.is_empty()) {
        return None;
    }
    let intervals = (0..7)
        .filter_map(|day: u8| {
            let weekday = Weekday::try_from(day).ok()?;
            Some(Interval {
                from: Some(day.into()),
                to: Some((day + 1).into()),
                name: format!("on {weekday}"),
                holds: those(entries, |conditions| {
                    conditions.day_of_week.is_empty() || conditions.day_of_week.contains(weekday)
                }),
            })
        })
        .collect();
    Some(Axis { which: Which::Weekday, intervals })
}

fn clock(entries: &[&Conditions]) -> Option<Axis> {
    let seconds = |time: NaiveTime| time.num_seconds_from_midnight();
    let mut cuts: BTreeSet<u32> =
        entries.iter().flat_map(|c| [c.start_time, c.end_time]).flatten().map(seconds).collect();
    if cuts.is_empty() {
        return None;
    }
    cuts.extend([0, DAY]);
    let cuts: Vec<u32> = cuts.into_iter().collect();
    let intervals = cuts
        .windows(2)
        .map(|cut| {
            let at = cut[0];
            Interval {
                from: Some(cut[0].into()),
                to: Some(cut[1].into()),
                name: format!("from {} to {}", time_of_day(cut[0]), time_of_day(cut[1])),
                holds: those(entries, |conditions| {
                    let start = conditions.start_time.map_or(0, seconds);
                    let end = conditions.end_time.map_or(DAY, seconds);
                    let end = if end == 0 { DAY } else { end };
                    // no bound, equal bounds and 00:00 as end: see R19
                    if start == end {
                        true
                    } else if start < end {
                        start <= at && at < end
                    } else {
                        at >= start || at < end
                    }
                }),
            }
        })
        .collect();
    Some(Axis { which: Which::Clock, intervals })
}

fn time_of_day(second: u32) -> String {
    let text = format!("{:02}:{:02}", second / 3600, second / 60 % 60);
    if second.is_multiple_of(60) { text } else { format!("{text}:{:02}", second % 60) }
}

fn dates(entries: &[&Conditions]) -> Option<Axis> {
    let day = |date: NaiveDate| Decimal::from(date.num_days_from_ce());
    let name = |from: Option<Decimal>, to: Option<Decimal>| {
        let date = |day: Decimal| {
            i32::try_from(day).ok().and_then(NaiveDate::from_num_days_from_ce_opt).map(|date| date.to_string())
        };
        match (from.and_then(date), to.and_then(date)) {
            (Some(from), Some(to)) => format!("from {from} to before {to}"),
            (Some(from), None) => format!("from {from} on"),
            (None, Some(to)) => format!("before {to}"),
            (None, None) => String::new(),
        }
    };
    ranges(entries, Which::Date, None, name, |c| (c.start_date.map(day), c.end_date.map(day)))
}

fn amounts(
    entries: &[&Conditions],
    which: Which,
    unit: &str,
    bounds: impl Fn(&Conditions) -> (Option<Decimal>, Option<Decimal>),
) -> Option<Axis> {
    let is_negative = |bound: Option<Decimal>| bound.is_some_and(|bound| bound.is_sign_negative());
    let from_zero = !entries.iter().map(|c| bounds(c)).any(|(min, max)| is_negative(min) || is_negative(max));
    let lowest = from_zero.then_some(Decimal::ZERO);
    let name = |from: Option<Decimal>, to: Option<Decimal>| match (from.map(|from| from.normalize()), to) {
        (Some(from), Some(to)) => format!("from {from} to below {} {unit}", to.normalize()),
        (Some(from), None) => format!("from {from} {unit} on"),
        (None, Some(to)) => format!("below {} {unit}", to.normalize()),
        (None, None) => String::new(),
    };
    ranges(entries, which, lowest, name, bounds)
}

fn ranges(
    entries: &[&Conditions],
    which: Which,
    lowest: Option<Decimal>,
    name: impl Fn(Option<Decimal>, Option<Decimal>) -> String,
    bounds: impl Fn(&Conditions) -> (Option<Decimal>, Option<Decimal>),
) -> Option<Axis> {
    let cuts: BTreeSet<Decimal> = entries.iter().flat_map(|c| <[_; 2]>::from(bounds(c))).flatten().collect();
    if cuts.is_empty() {
        return None;
    }
    let inner = cuts.into_iter().filter(|&cut| lowest.is_none_or(|lowest| cut > lowest));
    let mut edges: Vec<Option<Decimal>> = vec![lowest];
    edges.extend(inner.map(Some));
    edges.push(None);
    let intervals = edges
        .windows(2)
        .map(|edge| {
            let (from, to) = (edge[0], edge[1]);
            Interval {
                from,
                to,
                name: name(from, to),
                holds: those(entries, |conditions| {
                    let (min, max) = bounds(conditions);
                    min.is_none_or(|min| from.is_some_and(|from| min <= from))
                        && max.is_none_or(|max| to.is_some_and(|to| to <= max))
                }),
            }
        })
        .collect();
    Some(Axis { which, intervals })
}

fn decimals(min: Option<u64>, max: Option<u64>) -> (Option<Decimal>, Option<Decimal>) {
    (min.map(Decimal::from), max.map(Decimal::from))
}

/// Facts that are the same or not: an interval for each value that is named, and one for any other.
fn facts<'a>(
    entries: &[&'a Conditions],
    what: &str,
    all: &[&str],
    fact: impl Fn(&'a Conditions) -> Option<&'a str>,
) -> Option<Axis> {
    let values: BTreeSet<&str> = entries.iter().filter_map(|conditions| fact(conditions)).collect();
    if values.is_empty() {
        return None;
    }
    let interval = |value: Option<&str>| {
        let mut holds = vec![0_u64; entries.len().div_ceil(64)];
        for (at, conditions) in entries.iter().enumerate() {
            let is_met = fact(conditions).is_none_or(|wanted| Some(wanted) == value);
            holds[at / 64] |= u64::from(is_met) << (at % 64);
        }
        let name = value.map_or_else(|| format!("with {what} any other"), |value| format!("with {what} {value}"));
        Interval { from: None, to: None, name: name.to_string(), holds }
    };
    // an EVSE is of one type or the other
    let is_complete = !all.is_empty() && all.iter().all(|value| values.contains(value));
    let other = (!is_complete).then(|| interval(None));
    let intervals = values.iter().map(|value| interval(Some(value))).chain(other).collect();
    Some(Axis { which: Which::Fact, intervals })
}
