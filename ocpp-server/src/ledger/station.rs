//! The sessions of one station: which of them a message belongs to.

use std::collections::VecDeque;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ocpp_types::Decimal;
use serde::{Deserialize, Serialize};

use super::message::{Fact, FactKind, Message, TimeDoubt, Token};
use super::record::{self, SessionRecord};
use super::sequence::SeqSet;
use super::transaction::{Addition, Transaction};
use super::{Freshness, LedgerLimits, Outcome, TransactionId, TransactionIds, Verdict};
use crate::StationId;

/// The sessions of one station: plain data that can be written down between two messages.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StationLedger {
    station: StationId,
    open: Vec<Transaction>,
    settled: VecDeque<Settled>,
    orphans: VecDeque<Orphan>,
    lost_orphans: u64,
    /// The latest status of each connector (1.6), for the session that begins on it.
    statuses: Vec<Fact>,
}

/// A message that no session of its station has taken up: it names a transaction that there is not, or one that was settled
/// before.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Orphan {
    /// The transaction it names.
    pub transaction_id: TransactionId,
    /// What it says.
    pub fact: Fact,
    /// When it came.
    pub received: DateTime<Utc>,
}

/// What is remembered of a session that was settled.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Settled {
    id: TransactionId,
    start: Option<StartKey>,
    stop: Option<StopKey>,
    /// The sequence numbers seen (2.x).
    seen: SeqSet,
}

/// What tells one StartTransaction from another (rule CS-30).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct StartKey {
    connector: Option<i64>,
    token: Option<Token>,
    time: DateTime<Utc>,
    meter_start: Option<Decimal>,
}

/// What tells one StopTransaction of a transaction from another (rule CS-31).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct StopKey {
    time: DateTime<Utc>,
    meter_stop: Option<Decimal>,
}

/// How long before its start a session takes the status of its connector over.
const STATUS_MEMORY: TimeDelta = TimeDelta::minutes(10);

/// The most connectors whose status is remembered.
const MAX_STATUSES: usize = 64;

/// The most runs of sequence numbers that are remembered of a settled session: one, if nothing of it was missing.
const MAX_SETTLED_RUNS: usize = 64;

impl StationLedger {
    /// The ledger of a station that has no session yet.
    pub fn new(station: StationId) -> Self {
        Self {
            station,
            open: Vec::new(),
            settled: VecDeque::new(),
            orphans: VecDeque::new(),
            lost_orphans: 0,
            statuses: Vec::new(),
        }
    }

    /// The station.
    pub fn identity(&self) -> &StationId {
        &self.station
    }

    /// Takes a message in. `now` is only held against the times in it.
    pub fn record(
        &mut self,
        now: DateTime<Utc>,
        message: impl Into<Message>,
        ids: &mut TransactionIds,
        limits: &LedgerLimits,
    ) -> Verdict {
        let mut message = message.into();
        let (Message::Start(fact)
        | Message::Stop(_, fact)
        | Message::Meter(_, fact)
        | Message::Status(fact)
        | Message::Event(_, _, fact)) = &mut message;
        fact.doubt = doubt(fact, now).or(fact.doubt);
        let mut freshness = freshness(fact, now, limits);
        let limits = &self.left_of(limits);
        let (outcome, transaction) = match message {
            Message::Start(fact) => self.start(fact, ids, limits),
            Message::Stop(number, fact) => self.stop(number, fact, now, limits),
            Message::Meter(number, fact) => self.meter(number, fact, now, limits),
            Message::Status(fact) => self.status(fact, limits),
            Message::Event(id, seq_no, fact) => {
                if let Some(known) = self.find(&id) {
                    let is_past = known.seen.last().is_some_and(|last| seq_no < last) || known.stop().is_some();
                    freshness = if is_past { Freshness::Historic } else { freshness };
                }
                self.event(id, seq_no, fact, now, limits)
            }
        };
        let status = transaction.as_ref().and_then(|id| self.find(id)).map(record::status);
        Verdict { outcome, transaction, status, freshness }
    }

    /// The records of all sessions that were not settled, in the order in which they were first heard of.
    pub fn records(&self, limits: &LedgerLimits) -> impl Iterator<Item = SessionRecord> {
        self.open.iter().filter_map(move |transaction| record::draw_up(&self.station, transaction, &self.open, limits))
    }

    /// The record of a session that was not settled.
    pub fn record_of(&self, transaction: &TransactionId, limits: &LedgerLimits) -> Option<SessionRecord> {
        record::draw_up(&self.station, self.find(transaction)?, &self.open, limits)
    }

    /// Takes the record of a session out. Repeats of what was said of it are still known as such.
    pub fn settle(&mut self, transaction: &TransactionId, limits: &LedgerLimits) -> Option<SessionRecord> {
        let record = self.record_of(transaction, limits)?;
        let at = self.open.iter().position(|open| open.id == *transaction)?;
        let gone = self.open.remove(at);
        for open in &mut self.open {
            open.overlapped |= gone.overlaps(open);
            if open.is_beside(&gone) {
                open.was_followed(&gone);
            }
        }
        let settled = Settled {
            start: gone.start().map(start_key),
            stop: gone.stop().map(stop_key),
            seen: gone.seen.first_runs(MAX_SETTLED_RUNS),
            id: gone.id,
        };
        if self.settled.len() >= limits.settled.max(1) {
            self.settled.pop_front();
        }
        self.settled.push_back(settled);
        Some(record)
    }

    /// Messages that no session has taken up, oldest first. Nothing but [`adopt`](Self::adopt) applies them.
    pub fn orphans(&self) -> impl Iterator<Item = &Orphan> {
        self.orphans.iter()
    }

    /// How many orphans had to make room for others.
    pub fn lost_orphans(&self) -> u64 {
        self.lost_orphans
    }

    /// Applies an orphan to a transaction, after somebody has found out that it belongs there. One that contradicts what is
    /// known of the transaction stays an orphan.
    pub fn adopt(&mut self, orphan: usize, transaction: &TransactionId, limits: &LedgerLimits) -> Option<Verdict> {
        let limits = &self.left_of(limits);
        let open = self.open.iter_mut().find(|open| open.id == *transaction)?;
        let fact = self.orphans.get(orphan)?.fact.clone();
        let added = if fact.kind == FactKind::Stop { Outcome::Closed } else { Outcome::Recorded };
        let outcome = outcome(open.add(fact, limits), added);
        let status = Some(record::status(open));
        if !matches!(outcome, Outcome::Conflict | Outcome::Surplus) {
            self.orphans.remove(orphan);
        }
        Some(Verdict { outcome, transaction: Some(transaction.clone()), status, freshness: Freshness::Historic })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.settled.is_empty() && self.orphans.is_empty() && self.statuses.is_empty()
    }

    /// The transactions that were not settled and go on, as far as is known.
    pub(super) fn running(&self) -> impl Iterator<Item = &Transaction> {
        self.open.iter().filter(|open| open.stop().is_none() && open.superseded.is_none())
    }

    /// The limits; of a station that has said too much, only starts and ends are kept.
    fn left_of(&self, limits: &LedgerLimits) -> LedgerLimits {
        let bytes: usize = self.open.iter().map(Transaction::bytes).sum();
        let most = if bytes < limits.bytes { limits.facts_per_transaction } else { 0 };
        LedgerLimits { facts_per_transaction: most, ..*limits }
    }

    fn find(&self, id: &TransactionId) -> Option<&Transaction> {
        self.open.iter().find(|open| open.id == *id)
    }

    /// StartTransaction: the same one again is the same transaction (rule CS-30, fault row D16).
    fn start(
        &mut self,
        fact: Fact,
        ids: &mut TransactionIds,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        let key = start_key(&fact);
        let known = self.open.iter().find(|open| open.start().is_some_and(|start| start_key(start) == key));
        if let Some(known) = known {
            return (Outcome::Duplicate, Some(known.id.clone()));
        }
        if let Some(known) = self.settled.iter().find(|settled| settled.start.as_ref() == Some(&key)) {
            return (Outcome::Settled, Some(known.id.clone()));
        }
        let issued = if self.open.len() < limits.sessions { ids.issue() } else { None };
        let Some(id) = issued.map(TransactionId::Number) else { return (Outcome::Full, None) };
        let mut transaction = Transaction::new(id.clone());
        let status = self.statuses.iter().find(|status| status.connector == fact.connector);
        if let Some(status) = status.filter(|status| fact.time.signed_duration_since(status.time) <= STATUS_MEMORY) {
            let _ = transaction.add(status.clone(), limits);
        }
        let _ = transaction.add(fact, limits);
        self.open.push(transaction);
        let other = self.others_beside(self.open.len() - 1);
        (other.map_or(Outcome::Opened, |other| Outcome::Concurrent { other }), Some(id))
    }

    /// StopTransaction: only ever for the transaction that it names.
    fn stop(
        &mut self,
        number: i64,
        fact: Fact,
        now: DateTime<Utc>,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        let id = TransactionId::Number(number);
        if let Some(open) = self.open.iter_mut().find(|open| open.id == id) {
            let connector = open.place().1;
            let time = fact.time;
            let outcome = outcome(open.add(fact, limits), Outcome::Closed);
            // what was told before is of this session, not of the next
            self.statuses.retain(|status| status.connector != connector || status.time >= time);
            return (outcome, Some(id));
        }
        let (outcome, named) = match self.settled.iter().find(|settled| settled.id == id).map(|settled| settled.stop) {
            Some(Some(stop)) if stop == stop_key(&fact) => return (Outcome::Settled, Some(id)),
            Some(Some(_)) => (Outcome::Conflict, Some(id.clone())),
            Some(None) => (Outcome::Late, Some(id.clone())),
            None => (Outcome::Orphan, None),
        };
        (self.set_aside(id, fact, now, outcome, limits), named)
    }

    /// MeterValues: for the transaction named, else for the one that runs on the connector at that time (rule CS-32).
    fn meter(
        &mut self,
        number: Option<i64>,
        fact: Fact,
        now: DateTime<Utc>,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        if fact.readings.is_empty() && fact.unreadable == 0 {
            return (Outcome::NoTransaction, None);
        }
        let id = number.map(TransactionId::Number);
        if let Some(open) = self.open.iter_mut().find(|open| Some(&open.id) == id.as_ref()) {
            return (outcome(open.add(fact, limits), Outcome::Recorded), id);
        }
        if let Some(settled) = self.settled.iter().find(|settled| Some(&settled.id) == id.as_ref()) {
            let id = settled.id.clone();
            return match settled.stop {
                Some(_) => (Outcome::Settled, Some(id)),
                None => (self.set_aside(id.clone(), fact, now, Outcome::Late, limits), Some(id)),
            };
        }
        // connector 0 is the meter of the whole station
        let is_of_connector = fact.connector.is_some_and(|connector| connector > 0);
        if is_of_connector && let Some(open) = self.running_at(fact.connector, fact.time) {
            open.matched_by_connector = true;
            return (outcome(open.add(fact, limits), Outcome::Recorded), Some(open.id.clone()));
        }
        match id {
            Some(id) => (self.set_aside(id, fact, now, Outcome::Orphan, limits), None),
            None => (Outcome::NoTransaction, None),
        }
    }

    /// StatusNotification: the state of the transaction that runs on the connector, or of the next one.
    fn status(&mut self, fact: Fact, limits: &LedgerLimits) -> (Outcome, Option<TransactionId>) {
        match self.statuses.iter().position(|status| status.connector == fact.connector) {
            Some(at) if self.statuses[at].time <= fact.time => self.statuses[at] = fact.clone(),
            Some(_) => {}
            None if self.statuses.len() < MAX_STATUSES => self.statuses.push(fact.clone()),
            // no station has that many connectors: the number is made up
            None => {}
        }
        let id = match self.running_at(fact.connector, fact.time) {
            Some(open) => Some(open.id.clone()),
            None => self.beginning_after(fact.connector, fact.time),
        };
        let Some(open) = self.open.iter_mut().find(|open| Some(&open.id) == id.as_ref()) else {
            return (Outcome::NoTransaction, None);
        };
        (outcome(open.add(fact, limits), Outcome::Recorded), id)
    }

    /// TransactionEvent: whatever comes first opens the session (rules CS-35, CS-36, fault row D18).
    fn event(
        &mut self,
        id: TransactionId,
        seq_no: i64,
        fact: Fact,
        now: DateTime<Utc>,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        if let Some(settled) = self.settled.iter().find(|settled| settled.id == id) {
            if settled.seen.contains(seq_no) {
                return (Outcome::Settled, Some(id));
            }
            return (self.set_aside(id.clone(), fact, now, Outcome::Late, limits), Some(id));
        }
        let at = match self.open.iter().position(|open| open.id == id) {
            Some(at) => at,
            None if self.open.len() >= limits.sessions => return (Outcome::Full, None),
            None => {
                self.open.push(Transaction::new(id.clone()));
                self.open.len() - 1
            }
        };
        let open = &mut self.open[at];
        let (kind, is_first, place) = (fact.kind, open.facts.is_empty(), open.place());
        let addition = open.add_event(seq_no, fact, limits);
        if addition != Addition::Added {
            return (outcome(addition, Outcome::Recorded), Some(id));
        }
        // where it is may be told after its start (rule TX2-09)
        let is_place_new = open.place() != place;
        let other = if kind == FactKind::Start || is_place_new { self.others_beside(at) } else { None };
        let outcome = match (kind, other) {
            (_, Some(other)) => Outcome::Concurrent { other },
            (FactKind::Stop, None) => Outcome::Closed,
            (FactKind::Start, None) => Outcome::Opened,
            (FactKind::Update, None) if is_first => Outcome::Opened,
            (FactKind::Update, None) => Outcome::Recorded,
        };
        (outcome, Some(id))
    }

    /// Another session that is open in the place of this one, of which start or place was told just now. Of those in one place
    /// each is over, told or not, when the next one begins (rule CS-34).
    fn others_beside(&mut self, at: usize) -> Option<TransactionId> {
        let beside: Vec<usize> =
            (0..self.open.len()).filter(|other| self.open[*other].is_beside(&self.open[at])).collect();
        let running = |other: &&usize| self.open[**other].stop().is_none() && self.open[**other].superseded.is_none();
        let found = beside.iter().find(running).map(|other| self.open[*other].id.clone());
        let began = |place: usize| self.open[place].began().map(|began| (began, place));
        let mut order: Vec<(DateTime<Utc>, usize)> = beside.into_iter().chain([at]).filter_map(began).collect();
        order.sort_unstable();
        for (place, (_, one)) in order.iter().enumerate() {
            self.open[*one].superseded = self.open[*one].followed;
            if let Some((next, _)) = order.get(place + 1) {
                self.open[*one].supersede(*next);
            }
        }
        found
    }

    /// The transaction of 1.6 that runs on this connector at this time; of several, the one that began last.
    fn running_at(&mut self, connector: Option<i64>, time: DateTime<Utc>) -> Option<&mut Transaction> {
        let runs = |open: &&mut Transaction| {
            matches!(open.id, TransactionId::Number(_))
                && open.start().is_some_and(|start| start.connector == connector && start.time <= time)
                && open.stop().is_none_or(|stop| time <= stop.time)
                && open.superseded.is_none_or(|later| time < later)
        };
        self.open.iter_mut().filter(runs).max_by_key(|open| open.began())
    }

    /// The transaction of 1.6 that begins next on this connector, if it does so soon.
    fn beginning_after(&self, connector: Option<i64>, time: DateTime<Utc>) -> Option<TransactionId> {
        let begins = |open: &&Transaction| {
            let soon = |start: &Fact| {
                let wait = start.time.signed_duration_since(time);
                start.connector == connector && wait >= TimeDelta::zero() && wait <= STATUS_MEMORY
            };
            matches!(open.id, TransactionId::Number(_)) && open.start().is_some_and(soon)
        };
        self.open.iter().filter(begins).min_by_key(|open| open.began()).map(|open| open.id.clone())
    }

    /// Keeps a message that no session takes up. When there are too many, readings go before stops.
    fn set_aside(
        &mut self,
        transaction_id: TransactionId,
        fact: Fact,
        received: DateTime<Utc>,
        outcome: Outcome,
        limits: &LedgerLimits,
    ) -> Outcome {
        let is_known = |orphan: &Orphan| orphan.transaction_id == transaction_id && orphan.fact == fact;
        if self.orphans.iter().any(is_known) {
            return Outcome::Duplicate;
        }
        self.orphans.push_back(Orphan { transaction_id, fact, received });
        if self.orphans.len() > limits.orphans.max(1) {
            let reading = self.orphans.iter().position(|orphan| orphan.fact.kind == FactKind::Update);
            self.orphans.remove(reading.unwrap_or(0));
            self.lost_orphans += 1;
        }
        outcome
    }
}

fn start_key(fact: &Fact) -> StartKey {
    StartKey { connector: fact.connector, token: fact.token.clone(), time: fact.time, meter_start: fact.register_wh }
}

fn stop_key(fact: &Fact) -> StopKey {
    StopKey { time: fact.time, meter_stop: fact.register_wh }
}

fn outcome(addition: Addition, added: Outcome) -> Outcome {
    match addition {
        Addition::Added => added,
        Addition::Repeated => Outcome::Duplicate,
        Addition::Conflicting => Outcome::Conflict,
        Addition::Surplus => Outcome::Surplus,
    }
}

/// Held against the clock, the strongest doubt there is (fault row D9, field need 21).
fn doubt(fact: &Fact, now: DateTime<Utc>) -> Option<TimeDoubt> {
    let times = fact.readings.iter().map(|reading| reading.time).chain([fact.time]);
    let (mut earliest, mut latest) = (fact.time, fact.time);
    for time in times {
        (earliest, latest) = (earliest.min(time), latest.max(time));
    }
    if earliest.year() < 2010 {
        Some(TimeDoubt::UnsetClock)
    } else if latest.signed_duration_since(now) > TimeDelta::days(1) {
        Some(TimeDoubt::Future)
    } else {
        None
    }
}

fn freshness(fact: &Fact, now: DateTime<Utc>, limits: &LedgerLimits) -> Freshness {
    let age = now.signed_duration_since(fact.time);
    let is_odd = matches!(fact.doubt, Some(TimeDoubt::UnsetClock | TimeDoubt::Future));
    if fact.offline || is_odd || age > TimeDelta::seconds(limits.live_seconds.into()) {
        Freshness::Historic
    } else {
        Freshness::Live
    }
}
