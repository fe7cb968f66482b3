//! The stations that are connected, and what is done with them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpp_rpc::websocket::{Accept, HandshakeRequest, Reject, WebSocketLink};
use ocpp_rpc::{
    Application, Answer, CallRefused, Clock, CloseCode, Keepalive, Mailbox, MessageIds, Patience, Turn,
    drive,
};
use ocpp_server::handshake::{Handshake, HandshakeConfig, Offer, Refusal, Transport, examine};
use ocpp_server::registry::{Arrival, Generation, Registry, RegistryConfig};
use ocpp_server::{
    Admission, Authenticator, CommandFailure, CommandId, CommandOptions, CommandRefused, Denial, Guard, GuardConfig,
    KnownRegistration, Lost, Registration, StationConnection, StationEvent, StationId, StationRules, UnknownStation,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::answering::answer;
use super::desk::{Desk, RegistrationOrder};
use crate::capture::Direction;
use crate::journal::Journal;
use crate::random;
use crate::story::TimeSource;
use crate::tap::Tap;

/// The stations that are connected, and what is done with them.
pub(crate) struct Floor {
    desk: Desk,
    journal: Arc<Journal>,
    authenticator: Box<dyn Authenticator>,
    handshakes: HandshakeConfig,
    rules: Arc<StationRules>,
    time: TimeSource,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    registry: Registry<Mailbox<Talk>>,
    guard: Guard,
    /// Stations that were accepted: they may come back without a BootNotification (rule CS-05).
    accepted: BTreeSet<StationId>,
}

/// The most stations whose acceptance is remembered; those beyond it boot again when they come back.
const MAX_ACCEPTED: usize = 1_000_000;

/// A station that was let in.
pub(crate) struct Guest {
    handshake: Handshake,
    admission: Admission,
}

/// A call that a script wants made.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) action: String,
    pub(crate) payload: Option<Box<RawValue>>,
}

impl Floor {
    pub(crate) fn new(
        desk: Desk,
        journal: Arc<Journal>,
        authenticator: Box<dyn Authenticator>,
        rules: StationRules,
        time: TimeSource,
    ) -> Self {
        let registry = Registry::new(RegistryConfig::default());
        let state = Mutex::new(State { registry, guard: Guard::new(GuardConfig::default()), accepted: BTreeSet::new() });
        let (handshakes, rules, clock) = (HandshakeConfig::default(), Arc::new(rules), Clock::start());
        Self { desk, journal, authenticator, handshakes, rules, time, clock, state }
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Whether a station may come in.
    pub(crate) async fn decide(self: Arc<Self>, request: HandshakeRequest) -> Result<Accept<Guest>, Reject> {
        let source = request.remote().ip();
        let target = match request.query() {
            Some(query) => format!("{}?{query}", request.path()),
            None => request.path().to_owned(),
        };
        let headers: Vec<(&str, &[u8])> = request.headers().collect();
        let transport = if request.is_tls() { Transport::Tls } else { Transport::Plain };
        let offer =
            Offer { method: "GET", target: &target, headers: &headers, transport: &transport, source: Some(source) };
        let handshake = examine(&offer, &self.handshakes).map_err(|error| {
            self.turned_away(&target, source, &error.to_string());
            reject(error.refusal(), &error.to_string())
        })?;
        let identity = handshake.identity.clone();
        let now = self.clock.now();
        if self.state().guard.wait(now, source, &identity).is_some() {
            self.turned_away(identity.as_str(), source, &Denial::TooManyAttempts.to_string());
            return Err(reject(Denial::TooManyAttempts.refusal(UnknownStation::NotFound), "too many failed attempts"));
        }
        match self.authenticator.authenticate(&handshake).await {
            Ok(mut admission) => {
                let mut state = self.state();
                state.guard.succeeded(source, &identity);
                if state.accepted.contains(&identity) {
                    admission.registration = KnownRegistration::Accepted;
                }
                let subprotocol = handshake.subprotocol.unwrap_or_else(|| handshake.version.subprotocol());
                Ok(Accept::new(subprotocol, Guest { handshake, admission }))
            }
            Err(denial) => {
                if denial.is_failed_attempt() {
                    self.state().guard.failed(now, source, &identity);
                }
                self.turned_away(identity.as_str(), source, &denial.to_string());
                Err(reject(denial.refusal(UnknownStation::NotFound), "not let in"))
            }
        }
    }

    /// Talks with a station that was let in, until its connection is gone.
    pub(crate) async fn host(self: Arc<Self>, guest: Guest, link: WebSocketLink) {
        let Guest { handshake, admission } = guest;
        let Handshake { identity, version, source, .. } = handshake;
        let Ok(seed) = random::number() else { return };
        let mut machine = StationConnection::new(Arc::clone(&self.rules), MessageIds::new(seed), &admission);
        let mailbox = Mailbox::new();
        let Some(generation) = self.enter(&identity, source, &mailbox) else { return };
        self.journal.connected(identity.as_str(), version);
        let mut talk =
            Talk { floor: Arc::clone(&self), station: identity.clone(), generation, waiters: BTreeMap::new() };
        let (clock, patience) = (self.clock, Patience::default());
        if self.journal.wants_messages() {
            let link = Tap::new(link, Arc::clone(&self.journal), identity.as_str(), Direction::FromStation);
            Box::pin(drive(link, version, &mut machine, &mut talk, &mailbox, clock, patience)).await;
        } else {
            drive(link, version, &mut machine, &mut talk, &mailbox, clock, patience).await;
        }
        mailbox.close();
        self.state().registry.leave(&identity, generation);
        self.journal.disconnected(identity.as_str());
    }

    /// Enters a connection; the one that it replaces is closed.
    fn enter(&self, identity: &StationId, source: Option<IpAddr>, mailbox: &Mailbox<Talk>) -> Option<Generation> {
        let arrival = self.state().registry.arrive(self.clock.now(), identity.clone(), source, mailbox.clone());
        let (generation, loser, alarm) = match arrival {
            Arrival::Entered { generation } => (Some(generation), None, None),
            Arrival::Replaced { generation, loser, alarm } => (Some(generation), Some(loser), alarm),
            Arrival::Refused { alarm, .. } => (None, None, alarm),
            _ => (None, None, None),
        };
        if let Some(loser) = loser {
            // one that is gone already needs no closing
            _ = loser.handle.post(move |_, turn| turn.machine.close(loser.code, loser.reason));
        }
        if alarm.is_some() {
            let json = json!({ "event": "alarm", "station": identity.as_str(), "why": "two connections of one identity" });
            self.journal.event(&format!("! {identity}: two connections of one identity"), &json);
        }
        generation
    }

    fn turned_away(&self, who: &str, source: IpAddr, why: &str) {
        let who = crate::printable::Beginning(who).to_string();
        let json = json!({ "event": "turned_away", "station": who, "source": source.to_string(), "why": why });
        self.journal.event(&format!("! {who} from {source} turned away: {why}"), &json);
    }

    /// All stations that are connected.
    pub(crate) fn stations(&self) -> Value {
        let now = self.clock.now();
        let connected: Vec<(StationId, u64)> = {
            let state = self.state();
            state.registry.iter().map(|station| (station.identity.clone(), (now - station.since).as_secs())).collect()
        };
        connected
            .into_iter()
            .map(|(identity, seconds)| {
                let connectors: Vec<Value> = self
                    .desk
                    .connectors(&identity)
                    .into_iter()
                    .map(|(place, status)| json!({ "evse": place.evse, "connector": place.connector, "status": status }))
                    .collect();
                json!({ "id": identity.as_str(), "connected_seconds": seconds, "connectors": connectors })
            })
            .collect()
    }

    /// Makes a call and says how it ended.
    pub(crate) async fn call(&self, station: &str, call: &Call) -> Value {
        let mailbox = self.state().registry.get(station).map(|connected| connected.handle.clone());
        let Some(mailbox) = mailbox else { return json!({ "failure": "offline" }) };
        let (sender, receiver) = oneshot::channel();
        let action = call.action.clone();
        let payload = call.payload.as_ref().map_or("{}", |payload| payload.get()).to_owned();
        let posted = mailbox.post(move |talk: &mut Talk, turn| {
            match turn.machine.command_raw(turn.now, &action, &payload, CommandOptions::default()) {
                Ok(command) => drop(talk.waiters.insert(command, sender)),
                Err(refused) => drop(sender.send(Err(refused))),
            }
        });
        if posted.is_err() {
            return json!({ "failure": "offline" });
        }
        match receiver.await {
            Ok(Ok(outcome)) => told(outcome),
            Ok(Err(refused)) => not_made(&refused),
            // the connection ended before it came to it
            Err(_) => json!({ "failure": "offline" }),
        }
    }

    /// Whether a station is connected.
    pub(crate) fn is_connected(&self, station: &str) -> bool {
        self.state().registry.get(station).is_some()
    }

    /// Closes the connection of a station; whether it had one.
    pub(crate) fn disconnect(&self, station: &str) -> bool {
        let mailbox = self.state().registry.get(station).map(|connected| connected.handle.clone());
        let close = |mailbox: Mailbox<Talk>| {
            mailbox.post(|_, turn| turn.machine.close(CloseCode::NORMAL, "closed by the operator")).is_ok()
        };
        mailbox.is_some_and(close)
    }

    /// Sets what a station is told when it boots next.
    pub(crate) fn order_registration(&self, station: &str, order: RegistrationOrder) -> Result<(), String> {
        let station = StationId::new(station).map_err(|error| error.to_string())?;
        self.desk.order_registration(station, order);
        Ok(())
    }

    /// The state is whole between two statements, whoever panicked in between.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What becomes of the events of one connection.
pub(crate) struct Talk {
    floor: Arc<Floor>,
    station: StationId,
    generation: Generation,
    /// Who waits for which command; empty, and without memory, on an idle connection.
    waiters: BTreeMap<CommandId, oneshot::Sender<Result<Result<Answer, CommandFailure>, CommandRefused>>>,
}

impl Application for Talk {
    type Machine = StationConnection;

    fn on_event(&mut self, event: StationEvent, turn: &mut Turn<'_, Self>) {
        match event {
            StationEvent::Call(incoming) => {
                // what an old connection of the identity says is not delivered (row B18)
                let is_current = self.floor.state().registry.seen(turn.now, &self.station, self.generation);
                if is_current {
                    answer(&self.floor.desk, &self.station, self.floor.time.now(), incoming, turn);
                }
            }
            StationEvent::Done { command, outcome } => {
                if let Some(waiter) = self.waiters.remove(&command) {
                    // a script that went away is told nothing
                    drop(waiter.send(Ok(outcome)));
                }
            }
            StationEvent::Registered(registration) => {
                let mut state = self.floor.state();
                if registration != Registration::Accepted {
                    state.accepted.remove(&self.station);
                } else if state.accepted.len() < MAX_ACCEPTED {
                    state.accepted.insert(self.station.clone());
                }
            }
            StationEvent::Anomaly(anomaly) => self.note("anomaly", &anomaly.to_string()),
            StationEvent::Early { action } => self.note("refused", &format!("{action} before it was accepted")),
            StationEvent::ResultRefused { error, .. } => self.note("answer refused", &error.to_string()),
            StationEvent::Silent => self.note("silent", "nothing heard for too long"),
            _ => {}
        }
    }

    fn on_heard(&mut self, turn: &mut Turn<'_, Self>) {
        turn.machine.heard(turn.now);
    }

    fn keepalive(&self) -> Option<Keepalive> {
        self.floor.rules.ping_interval.map(|every| Keepalive { every, ..Keepalive::default() })
    }
}

impl Talk {
    fn note(&self, what: &str, why: &str) {
        let json = json!({ "event": what, "station": self.station.as_str(), "why": why });
        self.floor.journal.event(&format!("! {}: {what}: {why}", self.station), &json);
    }
}

/// The end of a call, as a script sees it.
fn told(outcome: Result<Answer, CommandFailure>) -> Value {
    let failure = match outcome.map(Answer::into_raw) {
        Ok(Ok(Ok(payload))) => {
            let answer = serde_json::from_str(&payload).unwrap_or(Value::Null);
            return json!({ "answer": answer });
        }
        Ok(Ok(Err(failure))) => CommandFailure::from(failure),
        Ok(Err(_)) => return json!({ "failure": "invalid_response" }),
        Err(failure) => failure,
    };
    let kind = match &failure {
        CommandFailure::Refused(error) => {
            let details = error.details.as_deref().and_then(|details| serde_json::from_str::<Value>(details).ok());
            return json!({ "error": {
                "code": error.code_text(),
                "description": error.description,
                "details": details.unwrap_or(json!({})),
            }});
        }
        CommandFailure::Offline => "offline",
        CommandFailure::Expired => "expired",
        CommandFailure::Cancelled { .. } => "cancelled",
        CommandFailure::InvalidResponse(_) => "invalid_response",
        CommandFailure::Unknown(Lost::Timeout) => "timeout",
        CommandFailure::Unknown(Lost::Connection) => "connection_lost",
        _ => "invalid",
    };
    json!({ "failure": kind, "message": failure.to_string() })
}

/// Why a call was not made, as a script sees it.
fn not_made(refused: &CommandRefused) -> Value {
    let kind = match refused {
        CommandRefused::Offline | CommandRefused::Invalid(CallRefused::NotConnected) => "offline",
        CommandRefused::QueueFull(_) => "queue_full",
        _ => "invalid",
    };
    json!({ "failure": kind, "message": refused.to_string() })
}

fn reject(refusal: Refusal, why: &str) -> Reject {
    match refusal {
        Refusal::Status(401) => Reject::unauthorized(),
        Refusal::Status(status) => Reject::new(status, why.to_owned()),
        Refusal::CloseAfterUpgrade => Reject::new(400, why.to_owned()),
    }
}
