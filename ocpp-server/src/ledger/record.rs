//! The record of a session, drawn up from all that was said of it.

use chrono::{DateTime, Utc};
use ocpp_types::Decimal;
use ocpp_types::v21::{ChargingState, Location, Measurand, Reason};
use rust_decimal::Decimal as Number;
use serde::{Deserialize, Serialize};

use super::message::{Fact, FactKind};
use super::transaction::{Stored, Transaction};
use super::{Anomaly, LedgerLimits, Reading, Token, TransactionId};
use crate::StationId;

/// One charging session, ready for billing.
///
/// Depends only on what was said, not on the order in which it came or how often. Amounts are exact; times are those of the
/// station, so look at [`anomalies`](Self::anomalies) before trusting them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SessionRecord {
    /// The station.
    pub station: StationId,
    /// The transaction on that station.
    pub transaction_id: TransactionId,
    /// Whether it is over, and whether all of it is known.
    pub status: SessionStatus,
    /// The EVSE (2.x).
    pub evse: Option<i64>,
    /// The connector: of the station in 1.6, of the EVSE in 2.x.
    pub connector: Option<i64>,
    /// The token it was started with.
    pub start_token: Option<Token>,
    /// The token it was stopped with.
    pub stop_token: Option<Token>,
    /// The reservation it used up.
    pub reservation_id: Option<i64>,
    /// The remote start that led to it (2.x).
    pub remote_start_id: Option<i64>,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub stopped: Option<DateTime<Utc>>,
    /// Why it ended.
    pub stop_reason: Option<Reason>,
    /// The register of imported energy at the start, in Wh.
    pub meter_start_wh: Option<Decimal>,
    /// The register of imported energy at the end, or so far, in Wh.
    pub meter_stop_wh: Option<Decimal>,
    /// The energy to bill, in Wh: the difference of the two, never below 0.
    pub energy_wh: Decimal,
    /// The course of the session in order of time: what pricing needs.
    pub course: Vec<Point>,
    /// All readings, by time and measurand.
    pub readings: Vec<Reading>,
    /// What somebody should look at.
    pub anomalies: Vec<Anomaly>,
}

/// Whether a session is over, and whether all of it is known.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum SessionStatus {
    /// It goes on, as far as is known.
    Open,
    /// It has no end, and a later session of the same connector has begun.
    Abandoned,
    /// It is over, and something of it is missing: events, or the start.
    Incomplete,
    /// It is over, and all of it is known.
    Complete,
}

/// A moment in a session.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Point {
    /// The moment.
    pub time: DateTime<Utc>,
    /// The register of imported energy then, in Wh, if it was read.
    pub register_wh: Option<Decimal>,
    /// The state of charging from then on, if it is known.
    pub state: Option<ChargingState>,
}

/// The most anomalies of one kind that are listed.
const MAX_LISTED: usize = 32;

pub(super) fn status(transaction: &Transaction) -> SessionStatus {
    if transaction.stop().is_none() {
        return if transaction.superseded.is_some() { SessionStatus::Abandoned } else { SessionStatus::Open };
    }
    let whole = transaction.start().is_some() && transaction.seen.gaps().next().is_none();
    if whole { SessionStatus::Complete } else { SessionStatus::Incomplete }
}

pub(super) fn draw_up(station: &StationId, transaction: &Transaction, limits: &LedgerLimits) -> Option<SessionRecord> {
    let facts = in_order(transaction);
    let first = &facts.first()?.fact;
    let (start, stop) = (transaction.start(), transaction.stop());
    let started = start.unwrap_or(first).time;
    let stopped = stop.map(|stop| stop.time);
    let mut anomalies = anomalies_of_order(transaction, limits);
    anomalies.extend(anomalies_of_facts(transaction, &facts));

    let registers = registers(&facts);
    let of_fact = |wanted: &Fact| {
        let own = facts.iter().position(|stored| std::ptr::eq(&stored.fact, wanted));
        registers.iter().filter(move |register| Some(register.fact) == own)
    };
    let meter_start_wh = start
        .and_then(|start| of_fact(start).next())
        .or_else(|| registers.iter().min_by_key(|register| register.time))
        .map(|register| register.wh);
    let at_end = stop.and_then(|stop| of_fact(stop).next_back());
    let meter_stop_wh = at_end.or_else(|| registers.last()).map(|register| register.wh);
    if stop.is_some() && at_end.is_none() {
        anomalies.push(Anomaly::NoReadingAtEnd);
    }

    let mut energy_wh = Decimal::ZERO;
    if let (Some(start_wh), Some(stop_wh)) = (meter_start_wh, meter_stop_wh) {
        match difference(start_wh, stop_wh) {
            Some(energy) if energy >= Decimal::ZERO => energy_wh = energy,
            _ => anomalies.push(Anomaly::NegativeEnergy { start_wh, stop_wh }),
        }
    }
    if let Some(stopped) = stopped.filter(|stopped| *stopped < started) {
        anomalies.push(Anomaly::StopBeforeStart { started, stopped });
    }
    let (course, outside) = course(&facts, &registers, started, stopped);
    if outside > 0 {
        anomalies.push(Anomaly::ReadingsOutside { count: outside });
    }
    anomalies.extend(anomalies_of_registers(&course, limits));

    let (start_token, stop_token) = tokens(&facts);
    let (evse, connector) = transaction.place();
    let mut readings: Vec<Reading> = facts.iter().flat_map(|stored| stored.fact.readings.iter().cloned()).collect();
    readings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    readings.dedup();
    Some(SessionRecord {
        station: station.clone(),
        transaction_id: transaction.id.clone(),
        status: status(transaction),
        evse,
        connector,
        start_token,
        stop_token,
        reservation_id: facts.iter().find_map(|stored| stored.fact.reservation_id),
        remote_start_id: facts.iter().find_map(|stored| stored.fact.remote_start_id),
        started,
        stopped,
        stop_reason: stop.and_then(|stop| stop.reason.clone()),
        meter_start_wh,
        meter_stop_wh,
        energy_wh,
        course,
        readings,
        anomalies,
    })
}

/// The facts as they happened: by sequence number; those of 1.6 by start, time and stop.
fn in_order(transaction: &Transaction) -> Vec<&Stored> {
    let mut facts: Vec<&Stored> = transaction.facts.iter().collect();
    facts.sort_by(|a, b| {
        let key = |stored: &Stored| match stored.seq_no {
            Some(seq_no) => (seq_no, 0, DateTime::<Utc>::MIN_UTC),
            None => (0, stored.fact.kind as u8, stored.fact.time),
        };
        // what 1.6 says of the same moment has no order of its own: any will do, if it is always the same
        let content = |stored: &Stored| {
            let first = stored.fact.readings.first();
            (stored.fact.state.as_ref().map(|s| s.as_str().to_owned()), first.and_then(|reading| reading.value))
        };
        key(a).cmp(&key(b)).then_with(|| content(a).cmp(&content(b)))
    });
    facts
}

/// A reading of the register of imported energy.
struct Register {
    fact: usize,
    time: DateTime<Utc>,
    wh: Decimal,
}

/// The register of imported energy over all phases, from one place: the outlet if it is measured there.
fn registers(facts: &[&Stored]) -> Vec<Register> {
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
            .filter(|reading| place(reading) == best)
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

/// The points within the session, and how many register readings are outside.
fn course(
    facts: &[&Stored],
    registers: &[Register],
    started: DateTime<Utc>,
    stopped: Option<DateTime<Utc>>,
) -> (Vec<Point>, u32) {
    let end = stopped.filter(|stopped| *stopped >= started);
    let is_inside = |time: DateTime<Utc>| time >= started && end.is_none_or(|end| time <= end);
    let mut outside = 0_u32;
    let mut points = Vec::new();
    // the state that holds at the start may have been told before it
    let before = facts.iter().filter(|stored| stored.fact.time <= started && stored.fact.state.is_some());
    let initial = before.max_by_key(|stored| stored.fact.time).and_then(|stored| stored.fact.state.clone());
    points.push(Point { time: started, register_wh: None, state: initial });
    for stored in facts {
        if let Some(state) = &stored.fact.state
            && stored.fact.time > started
            && is_inside(stored.fact.time)
        {
            points.push(Point { time: stored.fact.time, register_wh: None, state: Some(state.clone()) });
        }
    }
    for register in registers {
        if is_inside(register.time) {
            points.push(Point { time: register.time, register_wh: Some(register.wh), state: None });
        } else {
            outside = outside.saturating_add(1);
        }
    }
    points.extend(end.map(|end| Point { time: end, register_wh: None, state: None }));
    points.sort_by_key(|point| point.time);
    points.dedup_by(|later, kept| {
        if later.time != kept.time {
            return false;
        }
        if later.register_wh.is_some() {
            kept.register_wh = later.register_wh;
        }
        if later.state.is_some() {
            kept.state = later.state.take();
        }
        true
    });
    // a state holds until the next one
    let mut state = None;
    for point in &mut points {
        match &point.state {
            Some(told) => state = Some(told.clone()),
            None => point.state = state.clone(),
        }
    }
    (points, outside)
}

/// The token of the start and that of the end, which in 2.x come with any event.
fn tokens(facts: &[&Stored]) -> (Option<Token>, Option<Token>) {
    let mut all = facts.iter().filter_map(|stored| Some((&stored.fact, stored.fact.token.as_ref()?)));
    let mut start = None;
    let mut stop = None;
    for (fact, token) in all.by_ref() {
        let ends = fact.kind == FactKind::Stop
            || fact.trigger.as_ref().is_some_and(|trigger| trigger.as_str() == "StopAuthorized");
        let slot = if ends { &mut stop } else { &mut start };
        // the first to start, the last to stop
        if ends || slot.is_none() {
            *slot = Some(token.clone());
        }
    }
    (start, stop)
}

fn anomalies_of_order(transaction: &Transaction, limits: &LedgerLimits) -> Vec<Anomaly> {
    let mut found = Vec::new();
    if transaction.start().is_none() {
        found.push(Anomaly::MissingStart);
    }
    if transaction.stop().is_none() && transaction.superseded.is_some() {
        found.push(Anomaly::MissingStop);
    }
    if transaction.concurrent {
        found.push(Anomaly::Concurrent);
    }
    let mut gaps = transaction.seen.gaps();
    found.extend(gaps.by_ref().take(limits.gaps_listed).map(Anomaly::MissingEvents));
    found.extend(gaps.next().map(|_| Anomaly::MoreMissingEvents));
    let mut conflicts = transaction.conflicts.clone();
    conflicts.sort_unstable();
    found.extend(conflicts.into_iter().take(MAX_LISTED).map(|seq_no| Anomaly::ConflictingRepeat { seq_no }));

    let seq_of = |stored: &Stored| stored.seq_no;
    let start = transaction.of_kind(FactKind::Start).filter_map(seq_of).min();
    let stop = transaction.of_kind(FactKind::Stop).filter_map(seq_of).max();
    let mut odd: Vec<Anomaly> = Vec::new();
    let mut numbered: Vec<(i64, FactKind)> =
        transaction.facts.iter().filter_map(|stored| Some((stored.seq_no?, stored.fact.kind))).collect();
    numbered.sort_unstable_by_key(|(seq_no, _)| *seq_no);
    for (seq_no, kind) in numbered {
        let is_extra = match kind {
            FactKind::Start => start != Some(seq_no),
            FactKind::Stop => stop != Some(seq_no),
            FactKind::Update => false,
        };
        if is_extra {
            odd.push(Anomaly::RepeatedStartOrEnd { seq_no });
        } else if start.is_some_and(|start| seq_no < start) {
            odd.push(Anomaly::EventBeforeStart { seq_no });
        } else if stop.is_some_and(|stop| seq_no > stop) {
            odd.push(Anomaly::EventAfterEnd { seq_no });
        }
    }
    found.extend(odd.into_iter().take(MAX_LISTED));
    found
}

fn anomalies_of_facts(transaction: &Transaction, facts: &[&Stored]) -> Vec<Anomaly> {
    let doubts = facts.iter().filter_map(|stored| Some((stored.fact.time, stored.fact.doubt?)));
    let mut found: Vec<Anomaly> =
        doubts.take(MAX_LISTED).map(|(time, doubt)| Anomaly::DoubtfulTime { time, doubt }).collect();
    let unreadable = facts.iter().fold(0_u32, |sum, stored| sum.saturating_add(stored.fact.unreadable));
    if unreadable > 0 {
        found.push(Anomaly::UnreadableReadings { count: unreadable });
    }
    if facts.iter().any(|stored| stored.fact.assumed_unit) {
        found.push(Anomaly::AssumedUnit);
    }
    if transaction.dropped_readings > 0 {
        found.push(Anomaly::TooManyReadings { count: transaction.dropped_readings });
    }
    if transaction.matched_by_connector {
        found.push(Anomaly::MatchedByConnector);
    }
    found
}

fn anomalies_of_registers(course: &[Point], limits: &LedgerLimits) -> Vec<Anomaly> {
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
fn difference(first: Decimal, second: Decimal) -> Option<Decimal> {
    Number::from(second).checked_sub(first.into()).map(Decimal::from)
}

fn sort_key(reading: &Reading) -> (DateTime<Utc>, &str, &str, &str, &str, Option<Decimal>, Option<&str>) {
    (
        reading.time,
        reading.measurand.as_str(),
        reading.phase.as_ref().map_or("", |phase| phase.as_str()),
        reading.location.as_str(),
        reading.context.as_str(),
        reading.value,
        reading.signed.as_ref().map(|signed| signed.data.as_str()),
    )
}
