//! The station side of a connection, without I/O.

mod answers;
mod durable;
mod inbound;
mod link_security;
mod requested;
mod transactions;
mod trigger;

use alloc::collections::{BTreeSet, VecDeque};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_rpc::{
    CallError, CallId, CallKey, CallOptions, CallRefused, Class, CloseCode, Connection, CsmsCall, Input, Instant,
    Machine, MessageIds, Replier, ReplyRefused, Responder, Transmit,
};
use ocpp_types::{Notice, Request, Timestamp, Version, encode, v201};

use crate::{
    Boot, Clock, Failure, Heartbeat, Lane, Message, NotTaken, Outbox, Random, Refused, Registration, RegistrationState,
    StationConfig, StationError, StationEvent, StatusScope, Store,
};

use requested::Requested;

pub use durable::TransactionEvent;
pub use link_security::TlsFailure;
pub use trigger::{Trigger, TriggerStatus};

/// How many events wait for the application before mere news is only counted.
const EVENTS: usize = 1024;

/// Messages that only the station itself sends.
const OWN: [&str; 2] = ["BootNotification", "Heartbeat"];
/// Messages that go through the outbox. MeterValues of 1.6 do when they belong to a transaction.
const DURABLE: [&str; 3] = ["StartTransaction", "StopTransaction", "TransactionEvent"];

/// A station towards its CSMS: registration, heartbeat, clock and outbox around a [`Connection`].
///
/// It is a [`Machine`]: hand in what happens with [`handle_input`](Machine::handle_input), send what
/// [`poll_transmit`](Machine::poll_transmit) gives, act on [`poll_event`](Machine::poll_event), and come back at
/// [`poll_timeout`](Machine::poll_timeout). One value lives from a boot to the next; links come and go meanwhile. When to
/// connect is the business of [`Reconnect`](crate::Reconnect).
///
/// What an application calls is refused while there is no link or no acceptance. What must arrive is taken at any time, and
/// sent when the time has come: [`start_transaction`](Self::start_transaction) and its like for 1.6,
/// [`transaction_event`](Self::transaction_event) for 2.x, [`deliver`](Self::deliver) for everything else.
#[derive(Debug)]
pub struct Station<S> {
    config: Arc<StationConfig>,
    connection: Connection<CsmsCall>,
    registration: Registration,
    heartbeat: Heartbeat,
    clock: Clock,
    /// How far the clock was off before it was set for the first time.
    first_step: Option<TimeDelta>,
    outbox: Outbox<S>,
    random: Random,
    version: Version,
    link: Option<Link>,
    boot_reason: v201::BootReason,
    /// Whether the CSMS has accepted the station since the boot.
    was_accepted: bool,
    /// Whether the CSMS knows nothing of the connectors, since it has just been introduced to the station.
    reports_all: bool,
    offline_since: Instant,
    was_online: bool,
    heartbeat_wanted: bool,
    boot_triggered: bool,
    asked_for: Requested,
    own_calls: Vec<(CallKey, OwnCall)>,
    /// What TLS has failed from since the last link.
    tls_failures: BTreeSet<TlsFailure>,
    events: VecDeque<StationEvent>,
    untold: u64,
    now: Instant,
}

/// The link there is.
#[derive(Clone, Copy, Debug)]
struct Link {
    version: Version,
}

/// A call of the station itself.
#[derive(Clone, Debug)]
enum OwnCall {
    Boot,
    Heartbeat,
    Message { number: u64, version: Version, starts: Option<crate::TransactionKey> },
}

/// A call that was made at once, or kept.
#[derive(Debug)]
#[must_use]
pub enum Sent<R: Request> {
    /// It was made.
    Called(CallId<R>),
    /// It waits in the outbox under this number.
    Queued(u64),
}

impl<S: Store> Station<S> {
    /// A station that has just started, with what its store has kept.
    ///
    /// # Errors
    /// When the store cannot be read, or what the station says of itself does not fit its version.
    pub fn new(
        now: Instant,
        config: impl Into<Arc<StationConfig>>,
        store: S,
        boot: Boot,
    ) -> Result<Self, StationError> {
        let config = config.into();
        let outbox = Outbox::open(store, config.outbox.clone())?;
        Self::with(now, config, outbox, boot)
    }

    fn with(now: Instant, config: Arc<StationConfig>, mut outbox: Outbox<S>, boot: Boot) -> Result<Self, StationError> {
        let Boot { seed, reason } = boot;
        let version = config.version;
        config.info.boot_notification(version, &reason).map_err(|source| StationError::Info { version, source })?;
        outbox.set_boot(Clock::default().now_or_uptime(now).utc());
        let mut heartbeat = Heartbeat::default();
        heartbeat.set_interval(now, config.heartbeat_interval);
        let mut station = Self {
            connection: Connection::new(config.connection.clone(), MessageIds::new(seed)),
            registration: Registration::default(),
            heartbeat,
            clock: Clock::default(),
            first_step: None,
            outbox,
            random: Random::new((seed >> 64) as u64 ^ seed as u64),
            version,
            link: None,
            boot_reason: reason,
            was_accepted: false,
            reports_all: true,
            offline_since: now,
            was_online: false,
            heartbeat_wanted: false,
            boot_triggered: false,
            asked_for: Requested::default(),
            own_calls: Vec::new(),
            tls_failures: BTreeSet::new(),
            events: VecDeque::new(),
            untold: 0,
            now,
            config,
        };
        if station.config.security_events {
            let kind =
                if station.boot_reason == v201::BootReason::PowerUp { "StartupOfTheDevice" } else { "ResetOrReboot" };
            station.own_security_event(now, kind);
        }
        Ok(station)
    }

    /// Calls the CSMS.
    ///
    /// # Errors
    /// When there is no link, the CSMS has not accepted the station, or the message is none to be called.
    pub fn call<R: Request>(&mut self, now: Instant, request: &R) -> Result<CallId<R>, Refused> {
        self.now = now;
        if let Some(action) = OWN.into_iter().find(|action| *action == R::ACTION) {
            return Err(Refused::Own(action));
        }
        if let Some(action) = DURABLE.into_iter().find(|action| *action == R::ACTION) {
            return Err(Refused::Durable(action));
        }
        if self.link.is_none() {
            return Err(Refused::Offline);
        }
        let mut class = Class::Normal;
        match self.registration.state() {
            RegistrationState::Accepted => {}
            RegistrationState::Pending if self.asked_for.contains(R::ACTION) => class = Class::Triggered,
            state => return Err(Refused::NotAccepted(state)),
        }
        let id = self.connection.call_with(now, request, CallOptions::of(class))?;
        self.asked_for.sent(R::ACTION);
        Ok(id)
    }

    /// Calls the CSMS, or keeps the message until it can be sent if the station queues all messages
    /// ([`queue_all_messages`](StationConfig::queue_all_messages); rule Q-09).
    ///
    /// # Errors
    /// As [`call`](Self::call), and those of the outbox.
    pub fn call_or_queue<R: Request>(&mut self, now: Instant, request: &R) -> Result<Sent<R>, Refused> {
        match self.call(now, request) {
            Ok(id) => Ok(Sent::Called(id)),
            Err(Refused::Offline | Refused::NotAccepted(_)) if self.config.queue_all_messages => {
                let payload = encode(request).map_err(ocpp_rpc::CallRefused::from)?;
                let mut message = Message::new(R::VERSION, R::ACTION, payload, Lane::Other);
                message.drop_class = Some(crate::DropClass::Other);
                message.uptime = !self.clock.is_set();
                Ok(Sent::Queued(self.outbox.push(message)?))
            }
            Err(refused) => Err(refused),
        }
    }

    /// Tells the CSMS something that nobody answers (SEND, 2.1).
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn notify<N: Notice>(&mut self, now: Instant, notice: &N) -> Result<(), Refused> {
        self.now = now;
        if self.link.is_none() {
            return Err(Refused::Offline);
        }
        if !self.registration.is_accepted() {
            return Err(Refused::NotAccepted(self.registration.state()));
        }
        Ok(self.connection.notify(now, notice)?)
    }

    /// Takes a message that must arrive, such as a critical security event or the state of a firmware update (rules Q-09
    /// and Q-12). It is sent when it can be, and again until it was answered. Gives its number.
    ///
    /// # Errors
    /// When the message breaks the specification or the outbox did not take it.
    pub fn deliver<R: Request>(&mut self, now: Instant, request: &R) -> Result<u64, NotTaken> {
        self.now = now;
        let mut message = Message::new(R::VERSION, R::ACTION, encode(request)?, Lane::Other);
        message.uptime = !self.clock.is_set();
        let number = self.outbox.push(message)?;
        self.pump(now);
        Ok(number)
    }

    /// Answers a request of the CSMS.
    ///
    /// # Errors
    /// When the link of the request is gone, or it was answered before.
    pub fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused> {
        self.now = now;
        self.connection.reply(now, to, outcome)
    }

    /// Answers a request of the CSMS with JSON text, checked against the shape of its response: for tools.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn reply_raw(&mut self, now: Instant, to: Responder, payload: &str) -> Result<(), ReplyRefused> {
        self.now = now;
        self.connection.reply_raw(now, to, Ok(payload))
    }

    /// Answers a request of the CSMS with an error.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused> {
        self.now = now;
        self.connection.refuse(now, to, error)
    }

    /// Answers a trigger. Send what it asks for after this, and only if the answer was `Accepted` (rules TRIG-01 and
    /// TRIG-02).
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub fn answer_trigger(
        &mut self,
        now: Instant,
        trigger: Trigger,
        status: TriggerStatus,
    ) -> Result<(), ReplyRefused> {
        self.now = now;
        if status == TriggerStatus::Accepted && !self.registration.is_accepted() {
            self.asked_for.add(trigger.action(), trigger.times());
        }
        self.connection.reply_raw(now, trigger.responder, Ok(status.json()))
    }

    /// Asks for the link to be closed, once what waits to be sent is out.
    pub fn close(&mut self, code: CloseCode, reason: &'static str) {
        self.connection.close(code, reason);
    }

    /// Starts anew with the same outbox, as after a reset; what the store has refused so far is still there.
    ///
    /// # Errors
    /// When what the station says of itself does not fit its version.
    pub fn reboot(self, now: Instant, boot: Boot) -> Result<Self, StationError> {
        let Self { config, outbox, .. } = self;
        let outbox = outbox.restarted(config.outbox.clone());
        Self::with(now, config, outbox, boot)
    }

    /// What the station is and how it behaves.
    pub fn config(&self) -> &Arc<StationConfig> {
        &self.config
    }

    /// Starts registration anew on the connection there is, or on the next one: after a switch to another network profile,
    /// or because what the BootNotification says has changed (rule WS-21).
    pub fn introduce_again(&mut self, now: Instant, reason: v201::BootReason) {
        self.boot_reason = reason;
        self.reports_all = true;
        self.registration.reset();
        self.update_online(now);
        self.pump(now);
    }

    /// Takes a security event, which must arrive (rules BOOT-16, Q-12).
    ///
    /// # Errors
    /// When the kind is too long or the outbox did not take it.
    pub fn security_event(&mut self, now: Instant, kind: &str, info: Option<&str>) -> Result<u64, NotTaken> {
        use ocpp_types::{v16, v21};
        let time = self.time(now);
        macro_rules! event {
            ($version:ident) => {{
                let mut event = $version::SecurityEventNotificationRequest::new(kind, time);
                event.tech_info = info.map(Into::into);
                self.deliver(now, &event)
            }};
        }
        match self.version {
            Version::V16 => event!(v16),
            Version::V201 => event!(v201),
            _ => event!(v21),
        }
    }

    fn own_security_event(&mut self, now: Instant, kind: &'static str) {
        if let Err(error) = self.security_event(now, kind, None) {
            self.tell(StationEvent::SecurityEventLost { kind, error });
        }
    }

    /// Changes the interval of heartbeats, as configuration does (rule HB-05); zero stops them.
    pub fn set_heartbeat_interval(&mut self, now: Instant, interval: Duration) {
        self.heartbeat.set_interval(now, interval);
    }

    /// The interval of heartbeats.
    pub fn heartbeat_interval(&self) -> Duration {
        self.heartbeat.interval()
    }

    /// Changes how often and when failed messages are sent again, as configuration does (rule Q-05).
    pub fn set_retries(&mut self, attempts: u32, interval: Duration) {
        self.outbox.set_retries(attempts, interval);
    }

    /// Sets the clock from another source than the CSMS.
    pub fn set_clock(&mut self, now: Instant, utc: DateTime<Utc>) {
        let step = self.clock.set(now, utc);
        if step.first {
            self.first_step = Some(step.by);
        }
    }

    /// The time, counted from 1970 while nobody has set the clock; messages that go through the outbox get the right one
    /// once it is known.
    pub fn time(&self, now: Instant) -> Timestamp {
        self.clock.now_or_uptime(now)
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How the CSMS regards the station.
    pub fn registration(&self) -> RegistrationState {
        self.registration.state()
    }

    /// Whether all messages may flow: there is a link, and the CSMS has accepted the station.
    pub fn is_online(&self) -> bool {
        self.link.is_some() && self.registration.is_accepted()
    }

    /// Whether no call is under way and nothing waits to arrive.
    pub fn is_idle(&self) -> bool {
        !self.connection.is_waiting() && self.connection.queued() == 0 && self.outbox.is_empty()
    }

    /// The version of the link, or of the last one, or the one the station was made for.
    pub fn version(&self) -> Version {
        self.version
    }

    /// What waits to arrive.
    pub fn outbox(&self) -> &Outbox<S> {
        &self.outbox
    }

    /// What waits to arrive, and the values kept beside it.
    pub fn outbox_mut(&mut self) -> &mut Outbox<S> {
        &mut self.outbox
    }

    /// How many events were not told because nobody took the ones before.
    pub fn untold(&self) -> u64 {
        self.untold
    }

    /// The store, at the end of a station.
    pub fn into_store(self) -> S {
        self.outbox.into_store()
    }

    /// Sends whatever is due.
    fn pump(&mut self, now: Instant) {
        self.now = now;
        let Some(link) = self.link else { return };
        if self.registration.due(now).is_some_and(|at| at <= now) {
            self.send_boot(now, link.version);
        }
        if !self.registration.is_accepted() {
            if core::mem::take(&mut self.heartbeat_wanted) {
                self.send_own(now, "Heartbeat", "{}", Class::Triggered, OwnCall::Heartbeat);
            }
            return;
        }
        let wanted = core::mem::take(&mut self.heartbeat_wanted);
        if wanted || self.heartbeat.due().is_some_and(|at| at <= now) {
            // asked for now, whatever becomes of it
            self.heartbeat.synced(now);
            if !self.is_out(|own| matches!(own, OwnCall::Heartbeat)) {
                self.send_own(now, "Heartbeat", "{}", Class::Normal, OwnCall::Heartbeat);
            }
        }
        for lane in [Lane::Other, Lane::Transaction] {
            while let Some(due) = self.outbox.take_due(now, link.version, lane, self.first_step) {
                let class = if lane == Lane::Transaction { Class::Transaction } else { Class::Normal };
                match self.connection.call_raw(now, &due.action, &due.payload, CallOptions::of(class)) {
                    Ok(key) => {
                        let own = OwnCall::Message { number: due.number, version: due.version, starts: due.starts };
                        self.own_calls.push((key, own));
                    }
                    Err(CallRefused::NotConnected | CallRefused::QueueFull(_)) => {
                        self.outbox.released(due.number);
                        break;
                    }
                    // no link will ever take it; the next one may be due at once
                    Err(_) => self.retry(now, due.number, Failure::Final),
                }
            }
        }
    }

    fn send_boot(&mut self, now: Instant, version: Version) {
        let triggered = v201::BootReason::Triggered;
        let reason = if core::mem::take(&mut self.boot_triggered) { &triggered } else { &self.boot_reason };
        match self.config.info.boot_notification(version, reason) {
            Ok(payload) if self.send_own(now, "BootNotification", &payload, Class::Boot, OwnCall::Boot) => {
                self.registration.sent();
            }
            // what fits the version of the station does not fit that of the link; no haste to try again
            _ => self.registration.failed(now, &mut self.random),
        }
    }

    /// Makes a call of the station's own that is not from the outbox; `false` if the connection did not take it.
    fn send_own(&mut self, now: Instant, action: &str, payload: &str, class: Class, own: OwnCall) -> bool {
        match self.connection.call_raw(now, action, payload, CallOptions::of(class)) {
            Ok(key) => {
                self.own_calls.push((key, own));
                true
            }
            Err(_) => false,
        }
    }

    fn is_out(&self, what: impl Fn(&OwnCall) -> bool) -> bool {
        self.own_calls.iter().any(|(_, own)| what(own))
    }

    /// Notes whether messages may flow now, and what follows from it.
    fn update_online(&mut self, now: Instant) {
        let online = self.is_online();
        if online == self.was_online {
            return;
        }
        self.was_online = online;
        self.outbox.set_online(online);
        if !online {
            self.offline_since = now;
            self.tell(StationEvent::Offline);
            return;
        }
        self.asked_for.clear();
        let was_away = now.saturating_since(self.offline_since);
        self.was_accepted = true;
        let first = core::mem::take(&mut self.reports_all);
        let long = self.version != Version::V16 && was_away > self.config.offline_threshold;
        self.tell(StationEvent::Online(if first || long { StatusScope::All } else { StatusScope::Changed }));
    }

    /// Puts an event in line; news nobody takes is only counted.
    fn tell(&mut self, event: StationEvent) {
        let is_news = matches!(
            event,
            StationEvent::Anomaly(_)
                | StationEvent::ClockSet(_)
                | StationEvent::Delivered(_)
                | StationEvent::Outbox(_)
                | StationEvent::ResultRefused { .. }
        );
        if is_news && self.events.len() >= EVENTS {
            self.untold += 1;
            return;
        }
        self.events.push_back(event);
    }
}

impl<S: Store> Machine for Station<S> {
    type Event = StationEvent;

    fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.now = now;
        let text = match input {
            Input::LinkUp(version) => {
                self.version = version;
                self.link = Some(Link { version });
                self.tls_failures.clear();
                self.heartbeat.traffic(now);
                None
            }
            Input::LinkDown => {
                self.link = None;
                self.asked_for.clear();
                None
            }
            Input::Text(text) if self.is_deaf_to(text) => return,
            Input::Text(text) => Some(text),
            _ => None,
        };
        self.connection.handle_input(now, input);
        self.settle(now, text);
        self.update_online(now);
        self.pump(now);
        self.settle(now, None);
    }

    fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        let transmit = self.connection.poll_transmit();
        if let Some(Transmit::Text(_)) = transmit {
            self.heartbeat.traffic(self.now);
        }
        transmit
    }

    fn poll_event(&mut self) -> Option<StationEvent> {
        if let Some(notice) = self.outbox.poll_notice() {
            return Some(StationEvent::Outbox(notice));
        }
        self.events.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let link = self.link.map(|link| link.version);
        let accepted = link.filter(|_| self.registration.is_accepted());
        [
            self.connection.poll_timeout(),
            link.and_then(|_| self.registration.due(self.now)),
            accepted.and_then(|_| self.heartbeat.due()),
            accepted.and_then(|version| self.outbox.next_retry(version)),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
