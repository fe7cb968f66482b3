//! The register of imported energy: which readings show it, and which of them are billed.

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_types::Decimal;
use ocpp_types::v21::{Location, Measurand};
use rust_decimal::Decimal as Number;

use super::message::{Fact, FactKind};
use super::record::Point;
use super::transaction::Stored;
use super::{Anomaly, LedgerLimits, Reading};

/// The readings of the register of imported energy, and those at both ends of the session.
pub(super) struct Registers {
    all: Vec<Register>,
    first: Option<usize>,
    last: Option<usize>,
    /// What is odd about the ends.
    pub(super) anomalies: Vec<Anomaly>,
}

/// A reading of the register.
#[derive(Clone, Copy)]
pub(super) struct Register {
    fact: usize,
    pub(super) time: DateTime<Utc>,
    pub(super) wh: Decimal,
}

/// How far from the session a reading may be that stands for its start or end.
const NEAR: TimeDelta = TimeDelta::minutes(1);

/// The most anomalies of registers that are listed.
const MAX_LISTED: usize = 32;

impl Registers {
    /// Of the facts of a session in their order.
    pub(super) fn new(
        facts: &[&Stored],
        (start, stop): (Option<&Fact>, Option<&Fact>),
        started: DateTime<Utc>,
        stopped: Option<DateTime<Utc>>,
    ) -> Self {
        let mut all = found_in(facts);
        let place_of = |end: Option<&Fact>| {
            let end = end?;
            facts.iter().position(|stored| std::ptr::eq(&stored.fact, end))
        };
        let (start, stop_place) = (place_of(start), place_of(stop));
        let is_of = |fact: Option<usize>| move |register: &Register| Some(register.fact) == fact;
        let is_near = |register: &Register| {
            register.time.signed_duration_since(started) >= -NEAR
                && stopped.is_none_or(|stopped| register.time.signed_duration_since(stopped.max(started)) <= NEAR)
        };
        let earliest = |register: &(usize, &Register)| register.1.time;

        let at_start = all.iter().position(is_of(start));
        let near_start = || all.iter().enumerate().filter(|(_, register)| is_near(register)).min_by_key(earliest);
        let any_start = || all.iter().enumerate().min_by_key(earliest);
        let first = at_start.or_else(|| near_start().or_else(any_start).map(|(place, _)| place));
        let at_end = all.iter().rposition(is_of(stop_place));
        let last = at_end.or_else(|| all.iter().rposition(is_near)).or(all.len().checked_sub(1));

        let mut anomalies = Vec::new();
        if first.is_none_or(|first| at_start.is_none() && all[first].time > started) {
            anomalies.push(Anomaly::NoReadingAtStart);
        }
        if stop.is_some() && at_end.is_none() {
            anomalies.push(Anomaly::NoReadingAtEnd);
        }
        // a meter is read a moment before the station says so, or after
        if let Some(first) =
            first.filter(|first| at_start.is_some() || all[*first].time < started && is_near(&all[*first]))
        {
            all[first].time = started;
        }
        if let (Some(last), Some(stopped)) = (at_end, stopped) {
            all[last].time = stopped;
        }
        Self { all, first, last, anomalies }
    }

    /// All of them, in the order in which they were said.
    pub(super) fn all(&self) -> impl Iterator<Item = &Register> {
        self.all.iter()
    }

    /// That at the start.
    pub(super) fn first(&self) -> Option<&Register> {
        self.all.get(self.first?)
    }

    /// That at the end, or so far.
    pub(super) fn last(&self) -> Option<&Register> {
        self.all.get(self.last?)
    }
}

/// The register over all phases, from one place: the outlet if it is measured there.
fn found_in(facts: &[&Stored]) -> Vec<Register> {
    let place = |reading: &Reading| match reading.location {
        _ if reading.measurand != Measurand::EnergyActiveImportRegister || reading.phase.is_some() => None,
        Location::Outlet => Some(0),
        Location::Cable => Some(1),
        Location::Inlet => Some(2),
        _ => None,
    };
    let best = facts.iter().flat_map(|stored| stored.fact.readings.iter()).filter_map(place).min();
    let mut found = Vec::new();
    for (index, stored) in facts.iter().enumerate() {
        let fact = &stored.fact;
        let of_fact = |wh: Decimal| Register { fact: index, time: fact.time, wh };
        let mut of_readings: Vec<Register> = fact
            .readings
            .iter()
            .filter(|reading| best.is_some() && place(reading) == best)
            .filter_map(|reading| Some(Register { fact: index, time: reading.time, wh: reading.value? }))
            .collect();
        of_readings.sort_by_key(|register| (register.time, register.wh));
        // what 1.6 says itself of start and stop counts most
        if fact.kind == FactKind::Start {
            found.extend(fact.register_wh.map(of_fact));
        }
        found.extend(of_readings);
        if fact.kind == FactKind::Stop {
            found.extend(fact.register_wh.map(of_fact));
        }
    }
    found
}

/// What is odd about the registers on the way (fault row D13).
pub(super) fn anomalies_of(course: &[Point], limits: &LedgerLimits) -> Vec<Anomaly> {
    let read: Vec<(DateTime<Utc>, Decimal)> =
        course.iter().filter_map(|point| Some((point.time, point.register_wh?))).collect();
    let mut found = Vec::new();
    for pair in read.windows(2) {
        let [(before, from_wh), (time, to_wh)] = *pair else { continue };
        let Some(energy) = difference(from_wh, to_wh) else { continue };
        let most = Number::from(limits.plausible_power_w)
            .checked_mul(Number::from(time.signed_duration_since(before).num_seconds().max(60)));
        let most = most.map_or(Number::MAX, |watt_seconds| watt_seconds / Number::from(3600));
        if energy < Decimal::ZERO {
            found.push(Anomaly::RegisterBackwards { time, from_wh, to_wh });
        } else if Number::from(energy) > most {
            found.push(Anomaly::RegisterJump { time, from_wh, to_wh });
        }
        if found.len() == MAX_LISTED {
            break;
        }
    }
    found
}

/// How much the second is above the first.
pub(super) fn difference(first: Decimal, second: Decimal) -> Option<Decimal> {
    Number::from(second).checked_sub(first.into()).map(Decimal::from)
}
