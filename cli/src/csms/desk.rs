//! What the CSMS answers: registration, tokens, transactions.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use ocpp_rpc::CallError;
use ocpp_server::StationId;
use ocpp_server::ledger::{
    Ledger, LedgerLimits, Message, Outcome, SessionRecord, SessionStatus, TransactionIds, Verdict,
};
use ocpp_types::{CiString, Request};
use serde::{Deserialize, Serialize};

mod v16;
mod v2x;

/// Answers stations, from what it was told of tokens and what it has recorded of transactions.
pub(crate) struct Desk {
    heartbeat_seconds: i64,
    unknown_tags: TagStatus,
    state: Mutex<State>,
}

struct State {
    ledger: Ledger,
    tags: BTreeMap<CiString<255>, TagStatus>,
    registrations: BTreeMap<StationId, RegistrationOrder>,
    connectors: BTreeMap<StationId, Vec<(Place, Box<str>)>>,
}

/// How a token is regarded.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, clap::ValueEnum)]
pub(crate) enum TagStatus {
    #[serde(alias = "accepted")]
    Accepted,
    #[serde(alias = "blocked")]
    Blocked,
    #[serde(alias = "expired")]
    Expired,
    #[serde(alias = "invalid")]
    Invalid,
}

impl TagStatus {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Blocked => "Blocked",
            Self::Expired => "Expired",
            Self::Invalid => "Invalid",
        }
    }
}

/// What a station is told when it boots, instead of being accepted.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct RegistrationOrder {
    /// How it is regarded.
    pub(crate) status: RegistrationStatus,
    /// Seconds until it may boot again, or between heartbeats.
    pub(crate) interval: Option<i64>,
}

/// How a station is regarded that boots.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) enum RegistrationStatus {
    Accepted,
    Pending,
    Rejected,
}

impl RegistrationStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Pending => "Pending",
            Self::Rejected => "Rejected",
        }
    }
}

/// A connector: of an EVSE in 2.x, of the station in 1.6.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place {
    pub(crate) evse: Option<i64>,
    pub(crate) connector: i64,
}

/// The most connectors of a station whose status is kept: no station has as many.
const MAX_CONNECTORS: usize = 256;

/// How requests of this type are answered.
pub(crate) trait Answers<R: Request> {
    /// Answers one.
    fn answer(&self, station: &StationId, now: DateTime<Utc>, request: &R) -> Result<R::Response, CallError>;
}

impl Desk {
    /// A desk that knows nobody yet. The key makes the transaction ids of 1.6 hard to guess.
    pub(crate) fn new(key: [u8; 32], heartbeat_seconds: i64, unknown_tags: TagStatus) -> Self {
        let state = State {
            ledger: Ledger::new(TransactionIds::new(key)),
            tags: BTreeMap::new(),
            registrations: BTreeMap::new(),
            connectors: BTreeMap::new(),
        };
        Self { heartbeat_seconds, unknown_tags, state: Mutex::new(state) }
    }

    /// All sessions so far, by station; of one station if it is named.
    pub(crate) fn records(&self, station: Option<&str>) -> Vec<SessionRecord> {
        let state = self.state();
        state.ledger.records().filter(|record| station.is_none_or(|name| record.station.as_str() == name)).collect()
    }

    /// The verdicts that were set.
    pub(crate) fn tags(&self) -> BTreeMap<String, TagStatus> {
        self.state().tags.iter().map(|(tag, status)| (tag.as_str().to_owned(), *status)).collect()
    }

    /// How a token is regarded.
    pub(crate) fn tag(&self, tag: &str) -> TagStatus {
        self.state().tags.get(&CiString::new(tag)).copied().unwrap_or(self.unknown_tags)
    }

    /// Sets how a token is regarded, or forgets what was set.
    pub(crate) fn set_tag(&self, tag: &str, status: Option<TagStatus>) {
        let mut state = self.state();
        match status {
            Some(status) => drop(state.tags.insert(CiString::new(tag), status)),
            None => drop(state.tags.remove(&CiString::new(tag))),
        }
    }

    /// Sets what a station is told when it boots next.
    pub(crate) fn order_registration(&self, station: StationId, order: RegistrationOrder) {
        self.state().registrations.insert(station, order);
    }

    /// The status of the connectors of a station, as it was reported last.
    pub(crate) fn connectors(&self, station: &StationId) -> Vec<(Place, Box<str>)> {
        self.state().connectors.get(station).cloned().unwrap_or_default()
    }

    fn registration(&self, station: &StationId) -> (&'static str, i64) {
        match self.state().registrations.get(station) {
            Some(order) => (order.status.as_str(), order.interval.unwrap_or(self.heartbeat_seconds)),
            None => ("Accepted", self.heartbeat_seconds),
        }
    }

    fn note_status(&self, station: &StationId, place: Place, status: &str) {
        let mut state = self.state();
        let connectors = state.connectors.entry(station.clone()).or_default();
        match connectors.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(at) => connectors[at].1 = status.into(),
            Err(at) if connectors.len() < MAX_CONNECTORS => {
                // a station has few connectors, and a CSMS many stations
                connectors.reserve_exact(1);
                connectors.insert(at, (place, status.into()));
            }
            Err(_) => {}
        }
    }

    /// Takes a message into the ledger.
    ///
    /// # Errors
    /// When the ledger is full: the station has to try again.
    fn record(
        &self,
        station: &StationId,
        now: DateTime<Utc>,
        message: impl Into<Message>,
    ) -> Result<Verdict, CallError> {
        let message = message.into();
        let mut state = self.state();
        let verdict = state.ledger.record(station, now, message.clone());
        if verdict.outcome != Outcome::Full {
            return Ok(verdict);
        }
        // nobody settles here: the oldest session that is over makes room
        let is_over = |record: &SessionRecord| record.status != SessionStatus::Open;
        let over =
            state.ledger.station(station).and_then(|sessions| sessions.records(&LedgerLimits::default()).find(is_over));
        if let Some(over) = over {
            drop(state.ledger.settle(station, &over.transaction_id));
        }
        match state.ledger.record(station, now, message) {
            full if full.outcome == Outcome::Full => Err(CallError::internal("the ledger is full")),
            verdict => Ok(verdict),
        }
    }

    /// The same, where the answer does not depend on what became of it.
    fn note(&self, station: &StationId, now: DateTime<Utc>, message: impl Into<Message>) -> Result<(), CallError> {
        self.record(station, now, message).map(drop)
    }

    /// The state is whole between two statements, whoever panicked in between.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use ocpp_types::v16::{StartTransactionRequest, StopTransactionRequest};

    use super::*;

    /// Rule CS-40: a CSMS that is tried out for long goes on taking sessions in.
    #[test]
    fn the_oldest_sessions_that_are_over_make_room() {
        let desk = Desk::new([7; 32], 300, TagStatus::Accepted);
        let station = StationId::new("CP1").expect("an identity");
        let at =
            |minute: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000) + chrono::TimeDelta::minutes(minute);
        let start = |minute: i64| {
            let request = StartTransactionRequest::new(1, "tag", 0, ocpp_types::Timestamp::new(at(minute)));
            desk.answer(&station, at(minute), &request).expect("an answer").transaction_id
        };
        let first = start(0);
        for minute in 1..300 {
            let number = start(minute * 2);
            let stop = StopTransactionRequest::new(10, ocpp_types::Timestamp::new(at(minute * 2 + 1)), number);
            assert!(desk.answer(&station, at(minute * 2 + 1), &stop).is_ok());
        }
        let records = desk.records(None);
        assert_eq!(records.len(), 256);
        assert_ne!(records[0].transaction_id, first.into(), "it was over when the next one began");
        assert_eq!(records.last().map(|record| record.status), Some(SessionStatus::Complete));
    }
}
