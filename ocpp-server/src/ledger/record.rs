//! The record of a session, drawn up from all that was said of it.

use chrono::{DateTime, Utc};
use ocpp_types::Decimal;
use ocpp_types::v21::{ChargingState, Reason};
use serde::{Deserialize, Serialize};

use super::message::{Fact, FactKind};
use super::registers::{self, Registers, difference};
use super::transaction::{Stored, Transaction};
use super::{Anomaly, LedgerLimits, Reading, TimeDoubt, Token, TransactionId};
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
    let start = transaction.of_kind(FactKind::Start).map(|stored| stored.seq_no).min();
    let stop = transaction.of_kind(FactKind::Stop).filter_map(|stored| stored.seq_no).max();
    let is_whole = match (start.flatten(), stop) {
        (Some(start), Some(stop)) => transaction.seen.is_whole(start, stop),
        // messages of 1.6 have no numbers
        _ => start.is_some(),
    };
    if is_whole { SessionStatus::Complete } else { SessionStatus::Incomplete }
}

/// The record of a transaction, given those of its station that were not settled.
pub(super) fn draw_up(
    station: &StationId,
    transaction: &Transaction,
    open: &[Transaction],
    limits: &LedgerLimits,
) -> Option<SessionRecord> {
    let facts = in_order(transaction);
    let first = &facts.first()?.fact;
    let (start, stop) = (transaction.start(), transaction.stop());
    let started = start.unwrap_or(first).time;
    let stopped = stop.map(|stop| stop.time);
    let mut anomalies = anomalies_of_order(transaction, limits);
    if transaction.overlapped || open.iter().any(|other| other.overlaps(transaction)) {
        anomalies.push(Anomaly::Concurrent);
    }
    anomalies.extend(anomalies_of_facts(transaction, &facts));

    let mut registers = Registers::new(&facts, (start, stop), started, stopped);
    let [meter_start_wh, meter_stop_wh] = [registers.first(), registers.last()].map(|end| end.map(|end| end.wh));
    anomalies.append(&mut registers.anomalies);
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
    anomalies.extend(registers::anomalies_of(&course, limits));

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
        start_token: transaction.start_token().cloned(),
        stop_token: transaction.stop_token().cloned(),
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
        let state = |stored: &Stored| stored.fact.state.as_ref().map(|state| state.as_str().to_owned());
        // what 1.6 says of the same moment has no order of its own: any will do, if it is always the same
        key(a).cmp(&key(b)).then_with(|| state(a).cmp(&state(b))).then_with(|| {
            let [a, b] = [a, b].map(|stored| stored.fact.readings.iter().map(sort_key));
            a.cmp(b)
        })
    });
    facts
}

/// The points within the session, and how many register readings are outside.
fn course(
    facts: &[&Stored],
    registers: &Registers,
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
    for register in registers.all() {
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
    // whatever else was read at these moments
    for (place, chosen) in [(0, registers.first()), (points.len() - 1, registers.last())] {
        if let Some(chosen) = chosen.filter(|chosen| chosen.time == points[place].time) {
            points[place].register_wh = Some(chosen.wh);
        }
    }
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

fn anomalies_of_order(transaction: &Transaction, limits: &LedgerLimits) -> Vec<Anomaly> {
    let mut found = Vec::new();
    if transaction.start().is_none() {
        found.push(Anomaly::MissingStart);
    }
    if transaction.stop().is_none() && transaction.superseded.is_some() {
        found.push(Anomaly::MissingStop);
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
    let doubts = facts.iter().filter_map(|stored| Some((&stored.fact, stored.fact.doubt?)));
    let mut found: Vec<Anomaly> = doubts
        .take(MAX_LISTED)
        .map(|(fact, doubt)| Anomaly::DoubtfulTime { time: doubtful_time(fact, doubt), doubt })
        .collect();
    let sum = |of: fn(&Stored) -> u32| facts.iter().fold(0_u32, |sum, stored| sum.saturating_add(of(stored)));
    let counts = [
        (sum(|stored| stored.fact.unreadable), (|count| Anomaly::UnreadableReadings { count }) as fn(u32) -> Anomaly),
        (sum(|stored| stored.cut), |count| Anomaly::TooManyReadings { count }),
        (transaction.surplus, |count| Anomaly::TooManyMessages { count }),
    ];
    found.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, anomaly)| anomaly(count)));
    if facts.iter().any(|stored| stored.fact.assumed_unit) {
        found.push(Anomaly::AssumedUnit);
    }
    if transaction.matched_by_connector {
        found.push(Anomaly::MatchedByConnector);
    }
    found
}

/// The time that is meant, of all in a message.
fn doubtful_time(fact: &Fact, doubt: TimeDoubt) -> DateTime<Utc> {
    let times = fact.readings.iter().map(|reading| reading.time).chain([fact.time]);
    let meant = match doubt {
        TimeDoubt::NoOffset => None,
        TimeDoubt::UnsetClock => times.min(),
        TimeDoubt::Future => times.max(),
    };
    meant.unwrap_or(fact.time)
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
