//! A small CSMS: boots, authorizes, keeps the ledger of all versions and prints a record per session.
//!
//! ```sh
//! cargo run -p chargewire-ocpp-server --features websocket --example csms -- 127.0.0.1:9000
//! ```
//!
//! It lets every station in that knows the password `a password of 20 by`, by Basic authentication without TLS: fine for a test
//! on one machine.

#![allow(clippy::print_stdout)] // an example talks to people

use std::sync::{Arc, Mutex};

use chrono::Utc;
use ocpp_rpc::websocket::{ListenConfig, Listener};
use ocpp_rpc::{CallError, Router};
use ocpp_server::handshake::Handshake;
use ocpp_server::ledger::{Ledger, Message, Outcome, SessionStatus, TransactionIds, Verdict};
use ocpp_server::{
    Admission, Authenticator, Csms, CsmsConfig, CsmsEvent, Denial, Enrolment, PasswordHash, SecurityProfile, Station,
    StationConnection,
};
use ocpp_types::{Timestamp, v16, v21, v201};

/// One password for all stations.
struct OnePassword(Enrolment);

#[async_trait::async_trait]
impl Authenticator for OnePassword {
    async fn authenticate(&self, handshake: &Handshake) -> Result<Admission, Denial> {
        self.0.verify(handshake, Utc::now())
    }
}

/// The ledger, shared by all handlers.
#[derive(Clone)]
struct Books(Arc<Mutex<Ledger>>);

impl Books {
    /// Takes a message in. A full ledger is an error, so that the station tries again.
    fn record(&self, station: &Station, message: impl Into<Message>) -> Result<Verdict, CallError> {
        let mut ledger = self.0.lock().map_err(|_| CallError::internal("ledger not available"))?;
        let verdict = ledger.record(station.identity(), Utc::now(), message);
        if verdict.outcome == Outcome::Full {
            return Err(CallError::internal("ledger full"));
        }
        if let (Some(SessionStatus::Complete), Some(transaction)) = (verdict.status, &verdict.transaction)
            && let Some(record) = ledger.settle(station.identity(), transaction)
        {
            println!("{} {transaction}: {} Wh, {:?}", station.identity(), record.energy_wh, record.anomalies);
        }
        Ok(verdict)
    }
}

fn now() -> Timestamp {
    Timestamp::new(Utc::now())
}

fn accepted() -> v16::IdTagInfo {
    v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted)
}

fn router(books: &Books) -> Router<Station, StationConnection> {
    let (start, stop, meter, one, two) = (books.clone(), books.clone(), books.clone(), books.clone(), books.clone());
    Router::new()
        .on(|_, _: v16::BootNotificationRequest| async {
            Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now(), 300))
        })
        .on(|_, _: v16::HeartbeatRequest| async { Ok(v16::HeartbeatResponse::new(now())) })
        .on(|_, _: v16::StatusNotificationRequest| async { Ok(v16::StatusNotificationResponse::new()) })
        .on(|_, _: v16::AuthorizeRequest| async { Ok(v16::AuthorizeResponse::new(accepted())) })
        .on(move |station: Station, request: v16::StartTransactionRequest| {
            let verdict = start.record(&station, &request);
            async move {
                let number = verdict?.transaction.and_then(|id| id.number());
                let number = number.ok_or_else(|| CallError::internal("no number left"))?;
                Ok(v16::StartTransactionResponse::new(accepted(), number))
            }
        })
        .on(move |station: Station, request: v16::StopTransactionRequest| {
            let verdict = stop.record(&station, &request);
            async move { verdict.map(|_| v16::StopTransactionResponse::new()) }
        })
        .on(move |station: Station, request: v16::MeterValuesRequest| {
            let verdict = meter.record(&station, &request);
            async move { verdict.map(|_| v16::MeterValuesResponse::new()) }
        })
        .on(|_, _: v201::BootNotificationRequest| async {
            Ok(v201::BootNotificationResponse::new(now(), 300, v201::RegistrationStatus::Accepted))
        })
        .on(|_, _: v201::HeartbeatRequest| async { Ok(v201::HeartbeatResponse::new(now())) })
        .on(move |station: Station, request: v201::TransactionEventRequest| {
            let verdict = one.record(&station, &request);
            async move { verdict.map(|_| v201::TransactionEventResponse::new()) }
        })
        .on(|_, _: v21::BootNotificationRequest| async {
            Ok(v21::BootNotificationResponse::new(now(), 300, v21::RegistrationStatus::Accepted))
        })
        .on(|_, _: v21::HeartbeatRequest| async { Ok(v21::HeartbeatResponse::new(now())) })
        .on(move |station: Station, request: v21::TransactionEventRequest| {
            let verdict = two.record(&station, &request);
            async move { verdict.map(|_| v21::TransactionEventResponse::new()) }
        })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9000".into());
    // of a real site: random, and kept
    let (salt, key) = ([17; 16], [23; 32]);
    let secret = PasswordHash::new(b"a password of 20 by", salt);
    let authenticator = OnePassword(Enrolment::with_password(SecurityProfile::Password, secret));
    let books = Books(Arc::new(Mutex::new(Ledger::new(TransactionIds::new(key)))));
    let config = CsmsConfig::new(Arc::new(authenticator)).observed(|event: &CsmsEvent<'_>| println!("{event:?}"));
    let csms = Csms::new(config, router(&books));
    let listener = Listener::bind(address.parse()?, ListenConfig::default())?;
    println!("listening on ws://{}/<identity>", listener.local_addr()?);
    csms.serve(listener, std::future::pending()).await;
    Ok(())
}
