//! Remote starts, and what comes of them.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ocpp_rpc::{Instant, StationCall};
use ocpp_types::{CiString, Request, v16, v21, v201};
use serde::{Deserialize, Serialize};

use crate::ledger::TransactionId;

/// Finds the transaction that a remote start leads to (rule CS-25).
///
/// A station accepts a remote start before it knows whether anything will come of it: the driver may never plug in. In 2.x
/// the transaction says by a number which request it is the result of; in 1.6 it is the one that starts on the same connector
/// with the same tag before the station gives up (`ConnectionTimeOut`).
///
/// Expect a start before its request is sent, because some stations start before they answer.
#[derive(Clone, Debug)]
pub struct RemoteStarts<K> {
    most: usize,
    open: Vec<Open<K>>,
}

#[derive(Clone, Debug)]
struct Open<K> {
    key: K,
    wanted: WantedStart,
    due: Instant,
    /// The StartTransaction that fits and is not answered yet, and its connector: the transaction is in the answer (1.6).
    call: Option<(u32, i64)>,
}

/// By what a transaction is known to be the one that was asked for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum WantedStart {
    /// By tag and connector (1.6 §5.11).
    ByToken {
        /// The tag.
        id_tag: CiString<20>,
        /// The connector, if one was asked for.
        connector: Option<i64>,
        /// When it was asked for, if that is known: what began long before is another transaction, told late.
        asked: Option<DateTime<Utc>>,
    },
    /// By the `remoteStartId` (2.x F01.FR.25, F02.FR.01).
    ById(i64),
}

/// What came of a remote start.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[must_use]
#[non_exhaustive]
pub enum RemoteStartResult {
    /// A transaction.
    Started {
        /// Which.
        transaction: TransactionId,
        /// The EVSE (2.x) or connector (1.6), as far as the station says.
        place: Option<i64>,
    },
    /// Nothing, in the time that was given.
    NotStarted,
}

/// The requests for a remote start, one per version.
pub trait RemoteStartRequest: Request + sealed::Sealed {
    /// By what its transaction will be known. `asked` is the present.
    fn wanted(&self, asked: Option<DateTime<Utc>>) -> WantedStart;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for ocpp_types::v16::RemoteStartTransactionRequest {}
    impl Sealed for ocpp_types::v201::RequestStartTransactionRequest {}
    impl Sealed for ocpp_types::v21::RequestStartTransactionRequest {}
}

impl RemoteStartRequest for v16::RemoteStartTransactionRequest {
    fn wanted(&self, asked: Option<DateTime<Utc>>) -> WantedStart {
        WantedStart::ByToken { id_tag: self.id_tag.clone(), connector: self.connector_id, asked }
    }
}

impl RemoteStartRequest for v201::RequestStartTransactionRequest {
    fn wanted(&self, _: Option<DateTime<Utc>>) -> WantedStart {
        WantedStart::ById(self.remote_start_id)
    }
}

impl RemoteStartRequest for v21::RequestStartTransactionRequest {
    fn wanted(&self, _: Option<DateTime<Utc>>) -> WantedStart {
        WantedStart::ById(self.remote_start_id)
    }
}

/// By how much the clock of a station may be behind, so that its transaction still began after it was asked for.
const CLOCK_ALLOWANCE: TimeDelta = TimeDelta::minutes(5);

/// Clocks of stations that were never set tell earlier years.
const FIRST_YEAR: i32 = 2010;

impl<K: Clone + PartialEq> RemoteStarts<K> {
    /// Expects nothing yet, and at most so many starts at a time.
    pub fn new(most: usize) -> Self {
        Self { most, open: Vec::new() }
    }

    /// Expects a start from now on, for so long. False if as many are expected as may be.
    pub fn expect(&mut self, now: Instant, key: K, wanted: WantedStart, within: Duration) -> bool {
        if self.open.len() >= self.most {
            return false;
        }
        self.open.push(Open { key, wanted, due: now + within, call: None });
        true
    }

    /// Gives it so long from now on: the station has accepted it.
    pub fn prolong(&mut self, now: Instant, key: &K, within: Duration) {
        if let Some(open) = self.open.iter_mut().find(|open| open.key == *key) {
            open.due = now + within;
        }
    }

    /// Expects it no more: the station has refused it.
    pub fn forget(&mut self, key: &K) {
        self.open.retain(|open| open.key != *key);
    }

    /// Whether none is expected.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Looks at a request of the station, with its [number](ocpp_rpc::Incoming::number). A StartTransaction that fits is over
    /// when it is [answered](Self::answered).
    pub fn station_said(&mut self, request: &StationCall, number: u32) -> Option<(K, RemoteStartResult)> {
        let (remote_start_id, transaction, evse) = match request {
            StationCall::V16(v16::StationCall::StartTransaction(start)) => {
                let mut fitting: Vec<_> = self.open.iter_mut().filter(|open| open.wanted.fits(start)).collect();
                // one whose StartTransaction was never answered is said again
                fitting.sort_by_key(|open| open.call.is_some());
                if let Some(open) = fitting.first_mut() {
                    open.call = Some((number, start.connector_id));
                }
                return None;
            }
            StationCall::V201(v201::StationCall::TransactionEvent(event)) => {
                let info = &event.transaction_info;
                (info.remote_start_id?, &info.transaction_id, event.evse.as_ref().map(|evse| evse.id))
            }
            StationCall::V21(v21::StationCall::TransactionEvent(event)) => {
                let info = &event.transaction_info;
                (info.remote_start_id?, &info.transaction_id, event.evse.as_ref().map(|evse| evse.id))
            }
            _ => return None,
        };
        let at = self.open.iter().position(|open| open.wanted == WantedStart::ById(remote_start_id))?;
        let transaction = TransactionId::Text(transaction.clone());
        Some((self.open.remove(at).key, RemoteStartResult::Started { transaction, place: evse }))
    }

    /// Takes the transaction number in the answer to StartTransaction in; none if it was answered with an error, after which
    /// the station says it again.
    pub fn answered(&mut self, number: u32, transaction: Option<i64>) -> Option<(K, RemoteStartResult)> {
        let at = self.open.iter().position(|open| open.call.is_some_and(|(call, _)| call == number))?;
        let Some(transaction) = transaction.map(TransactionId::Number) else {
            self.open[at].call = None;
            return None;
        };
        let open = self.open.remove(at);
        Some((open.key, RemoteStartResult::Started { transaction, place: open.call.map(|(_, connector)| connector) }))
    }

    /// The link is down: what was not answered will be said again.
    pub fn link_down(&mut self) {
        for open in &mut self.open {
            open.call = None;
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.iter().map(|open| open.due).min()
    }

    /// The starts of which nothing came in their time.
    pub fn handle_timeout(&mut self, now: Instant) -> Vec<K> {
        let late = self.open.iter().filter(|open| open.due <= now).map(|open| open.key.clone()).collect();
        self.open.retain(|open| open.due > now);
        late
    }

    /// What is expected, and how much longer: to be kept while no node holds the station (rule CS-54).
    pub fn expected(&self, now: Instant) -> impl Iterator<Item = (&K, &WantedStart, Duration)> {
        self.open.iter().map(move |open| (&open.key, &open.wanted, open.due - now))
    }
}

impl WantedStart {
    fn fits(&self, start: &v16::StartTransactionRequest) -> bool {
        let Self::ByToken { id_tag, connector, asked } = self else { return false };
        let time = start.timestamp.utc();
        let is_earlier = asked.is_some_and(|asked| time < asked - CLOCK_ALLOWANCE && time.year() >= FIRST_YEAR);
        *id_tag == start.id_tag && connector.is_none_or(|connector| connector == start.connector_id) && !is_earlier
    }
}
