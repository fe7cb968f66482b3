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
mod registers;
mod sequence;
mod station;
mod transaction;
mod transaction_id;
mod v16;
mod v2x;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::anomaly::Anomaly;
pub use self::answer::{Answered, SessionsAtATime, TokenVerdict, TransactionEventRequest};
pub use self::message::{Fact, FactKind, Message, TimeDoubt, Token};
pub use self::reading::{Reading, SignedReading};
pub use self::record::{Point, SessionRecord, SessionStatus};
pub use self::sequence::SeqRange;
pub use self::station::{Orphan, StationLedger};
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

/// How much a ledger holds per station, and what it takes for plausible.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LedgerLimits {
    /// Sessions that were not settled.
    pub sessions: usize,
    /// Sessions that were settled and are remembered, so that repeats are known as such.
    pub settled: usize,
    /// Messages kept per session; its start and its end are kept beyond it.
    pub facts_per_transaction: usize,
    /// Readings kept per session; those that come with its start and its end are kept beyond it.
    pub readings_per_transaction: usize,
    /// About how many bytes of memory all sessions may take that were not settled; beyond it, of each session only its start and
    /// its end are kept.
    pub bytes: usize,
    /// Runs of missing events listed in a record.
    pub gaps_listed: usize,
    /// Messages kept that no session has taken up.
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
            bytes: 64 << 20,
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
    /// It belongs to a session that was settled, and says nothing new.
    Settled,
    /// It belongs to a session that was settled without it, and was [set aside](StationLedger::orphans): what was billed may
    /// have to be billed again.
    Late,
    /// It names a transaction that this station does not have, and was set aside (rule CS-32, fault row D15).
    Orphan,
    /// It says nothing of a transaction.
    NoTransaction,
    /// It is one too many of a session: it was counted, and left out. Answer as if it were not: an error would make the station
    /// say it again, and keep back what comes after it.
    Surplus,
    /// It was not kept, because the station has too many sessions that were not settled: answer with `InternalError`, the station
    /// will try again.
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
