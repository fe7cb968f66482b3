//! Charging sessions, out of whatever stations say of them.
//!
//! Messages get lost, come late, twice, out of order and with nonsense in them; none of that may lose energy or bill it twice.
//! The ledger takes each message as it comes, keeps what is new in it, and tells what it made of it in a [`Verdict`]. Whatever
//! that is, the station gets its normal answer (rule RPC-64); only [`Outcome::Full`] deserves an `InternalError`, so that
//! it tries again (rule CS-40).
//!
//! ```
//! use ocpp_server::ledger::{Ledger, Outcome, TransactionIds};
//! use ocpp_server::StationId;
//! use ocpp_types::v16;
//!
//! let mut ledger = Ledger::new(TransactionIds::new([7; 32])); // a random key, kept with the ledger
//! let station = StationId::new("CP1")?;
//! let now = "2026-03-01T10:00:02Z".parse()?;
//!
//! let start = v16::StartTransactionRequest::new(1, "04A1B2", 1500, "2026-03-01T10:00:00Z".parse::<ocpp_types::Timestamp>()?);
//! let verdict = ledger.record(&station, now, &start);
//! assert_eq!(verdict.outcome, Outcome::Opened);
//! let id = verdict.transaction.and_then(|id| id.number()).expect("a number for the answer");
//!
//! let stop = v16::StopTransactionRequest::new(13_400, "2026-03-01T11:00:00Z".parse::<ocpp_types::Timestamp>()?, id);
//! assert_eq!(ledger.record(&station, now, &stop).outcome, Outcome::Closed);
//! assert_eq!(ledger.record(&station, now, &stop).outcome, Outcome::Duplicate);
//!
//! let record = ledger.settle(&station, &id.into()).expect("one session");
//! assert_eq!(record.energy_wh.to_string(), "11900");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anomaly;
mod answer;
mod message;
mod reading;
mod record;
mod sequence;
mod transaction;
mod transaction_id;
mod v16;
mod v2x;

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ocpp_types::Decimal;
use serde::{Deserialize, Serialize};

pub use self::anomaly::Anomaly;
pub use self::answer::{Answered, SessionsAtATime, TokenVerdict, TransactionEventRequest};
pub use self::message::{Fact, FactKind, Message, TimeDoubt, Token};
pub use self::reading::{Reading, SignedReading};
pub use self::record::{Point, SessionRecord, SessionStatus};
pub use self::sequence::SeqRange;
use self::transaction::{Addition, Transaction};
pub use self::transaction_id::{TransactionId, TransactionIds};
use crate::StationId;

/// The sessions of many stations, in memory. A CSMS on several nodes keeps each [`StationLedger`] where all of them reach it
/// (rule CS-53).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ledger {
    stations: BTreeMap<StationId, StationLedger>,
    ids: TransactionIds,
    limits: LedgerLimits,
}

impl Ledger {
    /// A ledger without sessions.
    pub fn new(ids: TransactionIds) -> Self {
        Self::with_limits(ids, LedgerLimits::default())
    }

    /// A ledger without sessions and with limits of your own.
    pub fn with_limits(ids: TransactionIds, limits: LedgerLimits) -> Self {
        Self { stations: BTreeMap::new(), ids, limits }
    }

    /// Takes a message of a station in.
    pub fn record(&mut self, station: &StationId, now: DateTime<Utc>, message: impl Into<Message>) -> Verdict {
        let message = message.into();
        if let Some(ledger) = self.stations.get_mut(station) {
            return ledger.record(now, message, &mut self.ids, &self.limits);
        }
        let mut ledger = StationLedger::new(station.clone());
        let verdict = ledger.record(now, message, &mut self.ids, &self.limits);
        if !ledger.is_empty() {
            self.stations.insert(station.clone(), ledger);
        }
        verdict
    }

    /// The ledger of a station, if it ever had a session.
    pub fn station(&self, station: &StationId) -> Option<&StationLedger> {
        self.stations.get(station)
    }

    /// All stations that ever had a session, by identity.
    pub fn stations(&self) -> impl Iterator<Item = &StationLedger> {
        self.stations.values()
    }

    /// All sessions that were not settled, by station and in the order in which they were first heard of.
    pub fn records(&self) -> impl Iterator<Item = SessionRecord> {
        self.stations.values().flat_map(|station| station.records(&self.limits))
    }

    /// Takes the record of a session out. Repeats of what was said of it are still known as such.
    pub fn settle(&mut self, station: &StationId, transaction: &TransactionId) -> Option<SessionRecord> {
        self.stations.get_mut(station)?.settle(transaction, &self.limits)
    }
}

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

/// How much a ledger holds per station, and what it takes for plausible.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LedgerLimits {
    /// Sessions that were not settled.
    pub sessions: usize,
    /// Sessions that were settled and are remembered, so that repeats are known as such.
    pub settled: usize,
    /// Messages kept per session.
    pub facts_per_transaction: usize,
    /// Readings kept per session; those that come with its end are kept beyond it.
    pub readings_per_transaction: usize,
    /// Runs of missing events per session.
    pub gaps_per_transaction: usize,
    /// Runs of missing events listed in a record.
    pub gaps_listed: usize,
    /// Messages kept that name no known transaction.
    pub orphans: usize,
    /// The power, in W, above which a register has jumped.
    pub plausible_power_w: u32,
    /// For how many seconds after its own time a message tells the present.
    pub live_seconds: u32,
}

impl Default for LedgerLimits {
    fn default() -> Self {
        Self {
            sessions: 256,
            settled: 256,
            facts_per_transaction: 20_000,
            readings_per_transaction: 50_000,
            gaps_per_transaction: 1024,
            gaps_listed: 32,
            orphans: 64,
            plausible_power_w: 4_000_000,
            live_seconds: 300,
        }
    }
}

/// What the ledger made of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "the outcome decides on the answer: a full ledger must not be answered as if all were well"]
#[non_exhaustive]
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// The transaction it belongs to. A StartTransaction has one, unless the ledger is [full](Outcome::Full).
    pub transaction: Option<TransactionId>,
    /// How it now stands with that session.
    pub status: Option<SessionStatus>,
    /// Whether it tells the present.
    pub freshness: Freshness,
}

/// What became of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A session began with it.
    Opened,
    /// A session began with it while another one of the same connector is open (fault row D17). To refuse it, answer
    /// with the status `ConcurrentTx`: the session is in the ledger all the same, since the energy may flow.
    Concurrent {
        /// The other one.
        other: TransactionId,
    },
    /// It was added to a session.
    Recorded,
    /// It ended a session.
    Closed,
    /// It is known already, word for word: answer as before (rules CS-30, CS-31, CS-35).
    Duplicate,
    /// It is known already with another content; the first one counts.
    Conflict,
    /// It belongs to a session that was settled; nothing changes.
    Settled,
    /// It names a transaction that this station does not have, and was set aside (rule CS-32, fault row D15).
    Orphan,
    /// It has to do with no transaction.
    NoTransaction,
    /// It was not kept, because a limit is reached: answer with `InternalError`, the station will try again.
    Full,
}

/// Whether a message tells the present (rule CS-39, fault row D19).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Freshness {
    /// It does: react to it, show it.
    Live,
    /// It tells of the past, or has a time that cannot be: keep it, but change nothing that is shown, and send nothing.
    Historic,
}

/// A message that names a transaction its station does not have.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Orphan {
    /// The number it names.
    pub transaction_id: i64,
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
}

/// What tells one StartTransaction from another (rule CS-30).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct StartKey {
    connector: Option<i64>,
    token: Option<Token>,
    time: DateTime<Utc>,
    meter_start: Option<Decimal>,
}

/// How long before its start a session takes the status of its connector over.
const STATUS_MEMORY: TimeDelta = TimeDelta::minutes(10);

/// The most connectors whose status is remembered.
const MAX_STATUSES: usize = 64;

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
                self.event(id, seq_no, fact, limits)
            }
        };
        let status = transaction.as_ref().and_then(|id| self.find(id)).map(record::status);
        Verdict { outcome, transaction, status, freshness }
    }

    /// The records of all sessions that were not settled, in the order in which they were first heard of.
    pub fn records(&self, limits: &LedgerLimits) -> impl Iterator<Item = SessionRecord> {
        self.open.iter().filter_map(move |transaction| record::draw_up(&self.station, transaction, limits))
    }

    /// The record of a session that was not settled.
    pub fn record_of(&self, transaction: &TransactionId, limits: &LedgerLimits) -> Option<SessionRecord> {
        record::draw_up(&self.station, self.find(transaction)?, limits)
    }

    /// Takes the record of a session out. Repeats of what was said of it are still known as such.
    pub fn settle(&mut self, transaction: &TransactionId, limits: &LedgerLimits) -> Option<SessionRecord> {
        let at = self.open.iter().position(|open| open.id == *transaction)?;
        let record = record::draw_up(&self.station, &self.open[at], limits)?;
        let open = self.open.remove(at);
        push_bounded(&mut self.settled, Settled { start: open.start().map(start_key), id: open.id }, limits.settled);
        Some(record)
    }

    /// Messages that name no transaction of this station, oldest first. Nothing but [`adopt`](Self::adopt) applies them.
    pub fn orphans(&self) -> impl Iterator<Item = &Orphan> {
        self.orphans.iter()
    }

    /// How many orphans had to make room for others.
    pub fn lost_orphans(&self) -> u64 {
        self.lost_orphans
    }

    /// Applies an orphan to a transaction, after somebody has found out that it belongs there.
    pub fn adopt(&mut self, orphan: usize, transaction: &TransactionId, limits: &LedgerLimits) -> Option<Verdict> {
        let open = self.open.iter_mut().find(|open| open.id == *transaction)?;
        let fact = self.orphans.get(orphan)?.fact.clone();
        let is_stop = fact.kind == FactKind::Stop;
        let outcome = outcome(open.add(fact, limits), if is_stop { Outcome::Closed } else { Outcome::Recorded });
        let status = Some(record::status(open));
        if outcome != Outcome::Full {
            self.orphans.remove(orphan);
        }
        Some(Verdict { outcome, transaction: Some(transaction.clone()), status, freshness: Freshness::Historic })
    }

    fn is_empty(&self) -> bool {
        self.open.is_empty() && self.settled.is_empty() && self.orphans.is_empty() && self.statuses.is_empty()
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
        let other = self.others_on(&transaction.id, (None, fact.connector), fact.time);
        transaction.concurrent = other.is_some();
        let _ = transaction.add(fact, limits);
        self.open.push(transaction);
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
            return (outcome(open.add(fact, limits), Outcome::Closed), Some(id));
        }
        if self.settled.iter().any(|settled| settled.id == id) {
            return (Outcome::Settled, Some(id));
        }
        (self.set_aside(number, fact, now, limits), None)
    }

    /// MeterValues: for the transaction named, else for the one that runs on the connector at that time (rule CS-32).
    fn meter(
        &mut self,
        number: Option<i64>,
        fact: Fact,
        now: DateTime<Utc>,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        let id = number.map(TransactionId::Number);
        if let Some(open) = self.open.iter_mut().find(|open| Some(&open.id) == id.as_ref()) {
            return (outcome(open.add(fact, limits), Outcome::Recorded), id);
        }
        if self.settled.iter().any(|settled| Some(&settled.id) == id.as_ref()) {
            return (Outcome::Settled, id);
        }
        let runs_there = |open: &&mut Transaction| runs_at(open, fact.connector, fact.time, fact.time);
        // connector 0 is the meter of the whole station
        let is_of_connector = fact.connector.is_some_and(|connector| connector > 0);
        if is_of_connector && let Some(open) = self.open.iter_mut().rev().find(runs_there) {
            open.matched_by_connector = true;
            return (outcome(open.add(fact, limits), Outcome::Recorded), Some(open.id.clone()));
        }
        match number {
            Some(number) => (self.set_aside(number, fact, now, limits), None),
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
        let begun_by = fact.time.checked_add_signed(STATUS_MEMORY).unwrap_or(fact.time);
        let runs_there = |open: &&mut Transaction| runs_at(open, fact.connector, begun_by, fact.time);
        let Some(open) = self.open.iter_mut().rev().find(runs_there) else { return (Outcome::NoTransaction, None) };
        (outcome(open.add(fact, limits), Outcome::Recorded), Some(open.id.clone()))
    }

    /// TransactionEvent: whatever comes first opens the session (rules CS-35, CS-36, fault row D18).
    fn event(
        &mut self,
        id: TransactionId,
        seq_no: i64,
        fact: Fact,
        limits: &LedgerLimits,
    ) -> (Outcome, Option<TransactionId>) {
        if self.settled.iter().any(|settled| settled.id == id) {
            return (Outcome::Settled, Some(id));
        }
        let at = match self.open.iter().position(|open| open.id == id) {
            Some(at) => at,
            None if self.open.len() >= limits.sessions => return (Outcome::Full, None),
            None => {
                self.open.push(Transaction::new(id.clone()));
                self.open.len() - 1
            }
        };
        let (kind, time) = (fact.kind, fact.time);
        let is_first = self.open[at].facts.is_empty();
        let addition = self.open[at].add_event(seq_no, fact, limits);
        if addition != Addition::Added {
            return (outcome(addition, Outcome::Recorded), Some(id));
        }
        let other = match kind {
            FactKind::Start => self.others_on(&id, self.open[at].place(), time),
            _ => None,
        };
        let outcome = match (kind, other) {
            (_, Some(other)) => {
                self.open[at].concurrent = true;
                Outcome::Concurrent { other }
            }
            (FactKind::Stop, None) => Outcome::Closed,
            (FactKind::Start, None) => Outcome::Opened,
            (FactKind::Update, None) if is_first => Outcome::Opened,
            (FactKind::Update, None) => Outcome::Recorded,
        };
        (outcome, Some(id))
    }

    /// Another session that is open in the same place; one that began earlier has lost its end (rule CS-34).
    fn others_on(
        &mut self,
        id: &TransactionId,
        (evse, connector): (Option<i64>, Option<i64>),
        time: DateTime<Utc>,
    ) -> Option<TransactionId> {
        let mut found = None;
        for open in self.open.iter_mut().filter(|open| open.id != *id && open.stop().is_none()) {
            let place = open.place();
            // an EVSE has one transaction at a time, whatever the connector (rule TX2-02)
            let is_same = if evse.is_some() { place.0 == evse } else { connector.is_some() && place.1 == connector };
            if is_same && open.superseded.is_none() {
                found.get_or_insert_with(|| open.id.clone());
                if open.start().is_none_or(|start| start.time < time) {
                    open.superseded = Some(time);
                }
            }
        }
        found
    }

    fn set_aside(
        &mut self,
        transaction_id: i64,
        fact: Fact,
        received: DateTime<Utc>,
        limits: &LedgerLimits,
    ) -> Outcome {
        let is_known = |orphan: &Orphan| orphan.transaction_id == transaction_id && orphan.fact == fact;
        if self.orphans.iter().any(is_known) {
            return Outcome::Duplicate;
        }
        if push_bounded(&mut self.orphans, Orphan { transaction_id, fact, received }, limits.orphans) {
            self.lost_orphans += 1;
        }
        Outcome::Orphan
    }
}

impl From<i64> for TransactionId {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for TransactionId {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// Whether a transaction of this connector had begun by one time and was not over at the other.
fn runs_at(open: &Transaction, connector: Option<i64>, begun_by: DateTime<Utc>, time: DateTime<Utc>) -> bool {
    open.place().1 == connector
        && matches!(open.id, TransactionId::Number(_))
        && open.start().is_some_and(|start| start.time <= begun_by)
        && open.stop().is_none_or(|stop| time <= stop.time)
        && open.superseded.is_none_or(|later| time < later)
}

fn start_key(fact: &Fact) -> StartKey {
    StartKey { connector: fact.connector, token: fact.token.clone(), time: fact.time, meter_start: fact.register_wh }
}

fn outcome(addition: Addition, added: Outcome) -> Outcome {
    match addition {
        Addition::Added => added,
        Addition::Repeated => Outcome::Duplicate,
        Addition::Conflicting => Outcome::Conflict,
        Addition::Full => Outcome::Full,
    }
}

/// Adds at the end; whether the first one had to go.
fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) -> bool {
    let is_full = queue.len() >= most.max(1);
    if is_full {
        queue.pop_front();
    }
    queue.push_back(item);
    is_full
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
