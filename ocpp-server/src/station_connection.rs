//! The conversation with one station, without I/O.

mod command;
mod dispatch;
mod event;
mod gate;
mod hand_over;
mod memory;
mod rules;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{
    Anomaly, CallError, CloseCode, Connection, Event, Incoming, Input, Instant, Machine, MessageIds, Quirks, Replier,
    ReplyRefused, Responder, StationCall, Transmit,
};
use ocpp_types::{Request, Version, v16, v21, v201};

use self::command::Commands;
pub use self::command::{
    CommandFailure, CommandId, CommandOptions, CommandRefused, GatePass, Lost, Priority, WhenOffline,
};
pub use self::event::StationEvent;
pub use self::gate::Registration;
use self::gate::{Gate, Passage};
pub use self::hand_over::{HandOver, SavedCommand, SavedStart, StationState};
use self::memory::Memory;
pub use self::memory::StationMake;
pub use self::rules::{EarlyMessages, HoldCalls, KnownStations, StationRules};
use crate::preflight::{Capabilities, InstalledProfiles};
use crate::{Admission, KnownRegistration, RemoteStartResult};

/// The conversation with one station: a [`Connection`] with a gate before it, which keeps back what the registration of the
/// station does not allow, and a queue of commands behind it.
///
/// A machine like the connection itself. It belongs to one link; what outlives that is handed to the next one with
/// [`hand_over`](Self::hand_over).
///
/// * What a station may not send yet is answered with `SecurityError` (rule CS-04) and never seen by the application.
/// * Commands wait until the station is accepted and has come to rest (rule CS-06, field need 13), then go one by one. Each
///   ends with exactly one [`StationEvent::Done`].
/// * [`StationEvent::Settled`] is the moment to look at how the station is configured (field need 14).
pub struct StationConnection {
    connection: Connection<StationCall>,
    rules: Arc<StationRules>,
    gate: Gate,
    commands: Option<Box<Commands>>,
    next_command: u64,
    /// What is known of few stations only.
    memory: Option<Box<Memory>>,
    events: VecDeque<StationEvent>,
    serial_number: Option<Box<str>>,
    heartbeat: Option<Duration>,
    last_seen: Instant,
    /// With what the link is to be closed once all requests are answered.
    finishing: Option<Box<(CloseCode, &'static str)>>,
}

impl StationConnection {
    /// The conversation with a station that was let in, before its link is up.
    pub fn new(rules: Arc<StationRules>, ids: MessageIds, admission: &Admission) -> Self {
        Self::resume(rules, ids, admission, HandOver::default())
    }

    /// The same, going on where the last one ended.
    pub fn resume(rules: Arc<StationRules>, ids: MessageIds, admission: &Admission, last: HandOver) -> Self {
        let registration = match (last.registration, admission.registration) {
            (Registration::Unregistered, KnownRegistration::Accepted) => Registration::Accepted,
            (registration, _) => registration,
        };
        let commands = Commands { waiting: last.waiting, out: Vec::new() };
        let mut connection = Connection::new(Arc::clone(&rules.connection), ids);
        if let Some(make) = last.memory.as_ref().and_then(|memory| memory.make.as_ref()) {
            connection.set_quirks(make.quirks());
        }
        Self {
            connection,
            rules,
            gate: Gate::new(registration),
            commands: (!commands.is_empty()).then(|| Box::new(commands)),
            next_command: last.next_command,
            memory: last.memory,
            events: VecDeque::new(),
            serial_number: admission.serial_number.as_deref().map(Box::from),
            heartbeat: None,
            last_seen: Instant::ZERO,
            finishing: None,
        }
    }

    /// Takes out what the next connection of this station takes over. What was sent and not answered stays behind and ends
    /// with [`Lost::Connection`] when the link is down.
    pub fn hand_over(&mut self) -> HandOver {
        let waiting = self.commands.as_mut().map(|commands| std::mem::take(&mut commands.waiting)).unwrap_or_default();
        let memory = self.memory.take().filter(|memory| !memory.is_empty());
        HandOver { registration: self.gate.registration(), waiting, next_command: self.next_command, memory }
    }

    /// What of this outlives the connection, as plain data, while it goes on (rule CS-54).
    pub fn state(&self, now: Instant) -> StationState {
        let waiting = self.commands.iter().flat_map(|commands| commands.waiting.iter());
        StationState::of(self.registration(), waiting, self.memory.as_deref(), now)
    }

    /// The charging profiles of the station, as far as they are known: those it has taken or reported.
    pub fn profiles(&self) -> Option<&InstalledProfiles> {
        self.memory.as_ref().map(|memory| &memory.profiles)
    }

    /// Treats the station like this from now on, until it boots as one that the table knows.
    pub fn set_quirks(&mut self, quirks: Quirks) {
        self.connection.set_quirks(quirks);
    }

    /// Takes note of what the station can do, so that it is not asked for more (rule CS-29).
    pub fn set_capabilities(&mut self, capabilities: Capabilities) {
        self.memory.get_or_insert_default().capabilities = Some(capabilities);
    }

    /// Answers a request. The answer to BootNotification is what opens the gate, or keeps it shut.
    ///
    /// # Errors
    /// When the answer did not go out as given.
    pub fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused> {
        let is_boot = R::ACTION == BOOT;
        let decision = outcome.as_ref().ok().and_then(|response| gate::decision(response));
        let started = outcome.as_ref().ok().and_then(|response| memory::started(response));
        let number = to.number();
        let sent = self.connection.reply(now, to, outcome);
        self.start_answered(number, started.filter(|_| sent.is_ok()));
        self.replied(now, is_boot, decision, &sent);
        sent
    }

    /// The same with JSON text. For tools and proxies.
    ///
    /// # Errors
    /// When the answer did not go out as given.
    pub fn reply_raw(
        &mut self,
        now: Instant,
        to: Responder,
        outcome: Result<&str, CallError>,
    ) -> Result<(), ReplyRefused> {
        let is_boot = to.action() == BOOT;
        let text = outcome.as_ref().ok();
        let decision = text.filter(|_| is_boot).and_then(|text| gate::decision_in(to.version(), text));
        let started = text.filter(|_| to.action() == START).and_then(|text| memory::started_in(text));
        let number = to.number();
        let sent = self.connection.reply_raw(now, to, outcome);
        self.start_answered(number, started.filter(|_| sent.is_ok()));
        self.replied(now, is_boot, decision, &sent);
        sent
    }

    /// Refuses a request with a CALLERROR.
    ///
    /// # Errors
    /// When the request needs no answer any more.
    pub fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused> {
        let is_boot = to.action() == BOOT;
        self.start_answered(to.number(), None);
        let sent = self.connection.refuse(now, to, error);
        self.replied(now, is_boot, None, &sent);
        sent
    }

    /// Asks for the link to be closed.
    pub fn close(&mut self, code: CloseCode, reason: &'static str) {
        self.connection.close(code, reason);
    }

    /// Asks for the link to be closed once all requests are answered, which ends with [`StationEvent::Finished`]. Until then no
    /// command is sent (rule CS-57).
    pub fn finish(&mut self, now: Instant, code: CloseCode, reason: &'static str) {
        self.finishing.get_or_insert_with(|| Box::new((code, reason)));
        self.pump(now);
    }

    /// Whether the link is to be closed: what comes in is too late.
    pub fn is_finishing(&self) -> bool {
        self.finishing.is_some()
    }

    /// Takes note of a pong, or of anything else that shows the station to be there (rule CS-08).
    pub fn heard(&mut self, now: Instant) {
        self.last_seen = self.last_seen.max(now);
    }

    /// When the station was last heard of.
    pub fn last_seen(&self) -> Instant {
        self.last_seen
    }

    /// How it stands with the registration of the station.
    pub fn registration(&self) -> Registration {
        self.gate.registration()
    }

    /// Whether the station is accepted and has come to rest.
    pub fn is_settled(&self) -> bool {
        self.gate.is_settled()
    }

    /// The version of the link, while it is up: that of this connection, whatever the last one spoke (field need 15).
    pub fn version(&self) -> Option<Version> {
        self.connection.version()
    }

    /// The connection below, to read its counters.
    pub fn connection(&self) -> &Connection<StationCall> {
        &self.connection
    }

    /// Takes everything out of the connection below.
    fn pump(&mut self, now: Instant) {
        while let Some(event) = self.connection.poll_event() {
            match event {
                Event::Call(incoming) => self.on_call(now, incoming),
                Event::Answer(answer) => self.on_answer(now, answer),
                Event::Notice(notice) => self.events.push_back(StationEvent::Notice(notice)),
                Event::ResultRefused { id, error } => {
                    self.events.push_back(StationEvent::ResultRefused { id, error: *error });
                }
                Event::Anomaly(anomaly) => self.anomaly(*anomaly),
                Event::Closing { code, reason } => self.events.push_back(StationEvent::Closing { code, reason }),
                _ => {}
            }
        }
        match self.finishing.as_deref() {
            Some(&(code, reason)) if self.version().is_some() && self.connection.unanswered() == 0 => {
                self.connection.close(code, reason);
                self.events.push_back(StationEvent::Finished);
            }
            _ => self.dispatch(now),
        }
    }

    fn on_call(&mut self, now: Instant, incoming: Incoming<StationCall>) {
        let action = incoming.action();
        if self.gate.station_may_send(now, action, &self.rules) == Passage::Closed {
            let (_, responder) = incoming.into_parts();
            let error = CallError::security("not accepted: BootNotification comes first");
            // it is answered only once, and this is the answer
            let _ = self.connection.refuse(now, responder, error);
            self.events.push_back(StationEvent::Early { action });
            return;
        }
        if action == BOOT {
            let is_other = |expected: &str| serial_number(incoming.request()) != Some(expected);
            if self.serial_number.as_deref().is_some_and(is_other) {
                self.events.push_back(StationEvent::OtherSerialNumber);
                self.connection.close(CloseCode::POLICY, "serial number is not that of the certificate");
                return;
            }
            self.gate.boot_came();
            self.learn_make(incoming.request());
        }
        if self.memory.is_none() && Memory::is_needed_for(incoming.request()) {
            self.memory = Some(Box::default());
        }
        let result = self.memory.as_mut().and_then(|memory| memory.station_said(&incoming));
        self.events.push_back(StationEvent::Call(incoming));
        self.start_ended(result);
    }

    /// Treats a station as what it says it is. What it was taken for before, it is no more.
    fn learn_make(&mut self, request: &StationCall) {
        if self.rules.known_stations == KnownStations::TreatAlike {
            return;
        }
        let make = memory::make(request).filter(|make| make.quirks() != Quirks::NONE);
        let known = self.memory.as_ref().and_then(|memory| memory.make.as_ref());
        if make.as_ref() == known {
            return;
        }
        self.connection.set_quirks(make.as_ref().map_or(Quirks::NONE, StationMake::quirks));
        self.memory.get_or_insert_default().make = make;
    }

    fn start_answered(&mut self, number: u32, transaction: Option<i64>) {
        let result = self.memory.as_mut().and_then(|memory| memory.starts.answered(number, transaction));
        self.start_ended(result);
    }

    fn start_ended(&mut self, result: Option<(CommandId, RemoteStartResult)>) {
        if let Some((command, result)) = result {
            self.events.push_back(StationEvent::RemoteStart { command, result });
        }
    }

    fn replied(
        &mut self,
        now: Instant,
        is_boot: bool,
        decision: Option<(Registration, i64)>,
        sent: &Result<(), ReplyRefused>,
    ) {
        if is_boot {
            match decision.filter(|_| sent.is_ok()) {
                Some((registration, interval)) => {
                    let interval = u64::try_from(interval).ok().filter(|seconds| *seconds > 0);
                    self.heartbeat =
                        interval.map(Duration::from_secs).filter(|_| registration == Registration::Accepted);
                    self.gate.boot_answered(now, registration, &self.rules);
                    self.events.push_back(StationEvent::Registered(registration));
                }
                None => self.gate.boot_refused(now, &self.rules),
            }
        }
        self.pump(now);
    }

    /// Anomalies are many when a station goes wild; the last ones tell as much as all of them.
    fn anomaly(&mut self, anomaly: Anomaly) {
        if self.events.len() < self.rules.connection.max_events {
            self.events.push_back(StationEvent::Anomaly(anomaly));
        }
    }

    fn link_down(&mut self, now: Instant) {
        self.pump(now);
        if let Some(memory) = &mut self.memory {
            memory.starts.link_down();
        }
        let Some(commands) = &mut self.commands else { return };
        let mut lost = Vec::new();
        commands.waiting.retain(|waiting| {
            let stays = waiting.options.offline == WhenOffline::Keep;
            if !stays {
                lost.push(waiting.id);
            }
            stays
        });
        for command in lost {
            self.done(command, Err(CommandFailure::Offline));
        }
    }

    fn timeout(&mut self, now: Instant) {
        if self.gate.handle_timeout(now) {
            self.events.push_back(StationEvent::Settled);
        }
        if let Some(commands) = &mut self.commands {
            let mut over = Vec::new();
            commands.waiting.retain(|waiting| {
                let is_over = waiting.deadline <= now;
                if is_over {
                    over.push(waiting.id);
                }
                !is_over
            });
            for command in over {
                self.done(command, Err(CommandFailure::Expired));
            }
        }
        if let Some(memory) = &mut self.memory {
            for command in memory.starts.handle_timeout(now) {
                self.events.push_back(StationEvent::RemoteStart { command, result: RemoteStartResult::NotStarted });
            }
        }
        if self.version().is_some() && self.silent_at() <= now {
            self.events.push_back(StationEvent::Silent);
            self.connection.close(CloseCode::GOING_AWAY, "nothing heard for too long");
        }
    }

    /// When the station has been silent for too long (rule CS-08).
    fn silent_at(&self) -> Instant {
        let heartbeat = self.heartbeat.unwrap_or(self.rules.default_heartbeat).saturating_mul(2);
        let ping = self.rules.ping_interval.map_or(Duration::ZERO, |interval| interval.saturating_mul(3));
        self.last_seen + heartbeat.max(ping)
    }
}

impl Machine for StationConnection {
    type Event = StationEvent;

    fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        match &input {
            Input::LinkUp(_) => {
                self.last_seen = now;
                self.gate.link_up(now, &self.rules);
            }
            Input::Text(_) | Input::Binary => self.heard(now),
            _ => {}
        }
        let is_down = matches!(input, Input::LinkDown);
        let is_timeout = matches!(input, Input::Timeout);
        self.connection.handle_input(now, input);
        if is_down {
            self.link_down(now);
        }
        if is_timeout {
            self.timeout(now);
        }
        self.pump(now);
    }

    fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        // an idle station needs no room for messages
        self.connection.give_back();
        self.connection.poll_transmit()
    }

    fn poll_event(&mut self) -> Option<StationEvent> {
        let event = self.events.pop_front();
        if self.events.is_empty() && self.events.capacity() > 0 {
            // an idle station needs no room for events
            self.events = VecDeque::new();
        }
        event
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let own = [self.gate.poll_timeout(), self.commands.as_ref().and_then(|commands| commands.first_deadline())];
        let silence = self.version().map(|_| self.silent_at());
        let starts = self.memory.as_ref().and_then(|memory| memory.starts.poll_timeout());
        own.into_iter().chain([silence, starts, self.connection.poll_timeout()]).flatten().min()
    }
}

impl fmt::Debug for StationConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StationConnection")
            .field("gate", &self.gate)
            .field("commands", &self.commands)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

const BOOT: &str = "BootNotification";
const START: &str = "StartTransaction";

/// The serial number in a BootNotification (2.x: of the station; 1.6: of the charge point, else of the charge box).
fn serial_number(request: &StationCall) -> Option<&str> {
    match request {
        StationCall::V16(v16::StationCall::BootNotification(boot)) => {
            let serial = boot.charge_point_serial_number.as_ref().or(boot.charge_box_serial_number.as_ref());
            serial.map(|serial| serial.as_str())
        }
        StationCall::V201(v201::StationCall::BootNotification(boot)) => {
            boot.charging_station.serial_number.as_ref().map(|serial| serial.as_str())
        }
        StationCall::V21(v21::StationCall::BootNotification(boot)) => {
            boot.charging_station.serial_number.as_ref().map(|serial| serial.as_str())
        }
        _ => None,
    }
}
