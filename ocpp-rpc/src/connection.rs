//! One side of a conversation: a symmetric machine.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use ocpp_types::{DecodeError, DecodePolicy, Notice, Origin, RawJson, Request, Version, encode_into, inspect, v21};

use crate::event::Oddities;
use crate::frame::refusal;
use crate::{
    Anomaly, Answer, Call, CallError, CallFailure, CallFault, CallId, CallKey, CallRefused, CloseCode, ErrorCode,
    Event, Frame, FrameDefect, FrameError, FrameRemark, Inbound, Incoming, Input, Instant, InvalidResponse, Machine,
    MessageId, MessageIds, Quirks, Replier, ReplyRefused, Responder, StationNotice, Transmit, actions, parse, rescue,
};

mod config;
mod counters;
mod incoming;
mod outgoing;
mod rules;
mod stored_id;
mod timers;
mod transmissions;

pub use config::{ConnectionConfig, OnBinary, OnUnreadable, OnViolation};
pub use counters::Counters;
pub use outgoing::{CallOptions, Class};

use incoming::{Requests, Seen, fingerprint};
use outgoing::{Calls, Expects, Pending, Queued};
use rules::rules;
use stored_id::StoredId;
use timers::{Timer, Timers};
use transmissions::Transmissions;

/// One side of a conversation in OCPP-J: calls, answers and deadlines, of a station or a CSMS.
///
/// `In` says what comes in, and with it which side this is: a `Connection<StationCall>` is that of a CSMS. A connection
/// outlives its link: after [`Input::LinkDown`] it waits for the next [`Input::LinkUp`], with message ids that go on where
/// they were (rule RPC-06).
///
/// * One call of this side is out at a time (rule RPC-20); others wait in a bounded queue, by [`Class`]. Every call ends
///   with exactly one [`Event::Answer`].
/// * Requests of the peer are never delayed by that (rule RPC-21). What breaks the specification is answered here, what
///   comes twice is answered from a small store, and what the application leaves unanswered is answered at its deadline.
/// * Answers are matched by message id alone (rule RPC-25).
///
/// # Example
/// ```
/// use ocpp_rpc::{Connection, ConnectionConfig, CsmsCall, Event, Input, Instant, Machine, MessageIds, Transmit};
/// use ocpp_types::{Version, v16};
///
/// let now = Instant::ZERO;
/// let mut station = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(0x5eed));
/// station.handle_input(now, Input::LinkUp(Version::V16));
/// let call = station.call(now, &v16::HeartbeatRequest::new()).unwrap();
/// assert_eq!(
///     station.poll_transmit(),
///     Some(Transmit::Text(r#"[2,"dee500000000000000000000-0","Heartbeat",{}]"#)),
/// );
///
/// let answer = r#"[3,"dee500000000000000000000-0",{"currentTime":"2026-03-01T10:15:30Z"}]"#;
/// station.handle_input(now, Input::Text(answer));
/// let Some(Event::Answer(answer)) = station.poll_event() else { panic!() };
/// assert_eq!(answer.claim(call).unwrap().unwrap().current_time.to_string(), "2026-03-01T10:15:30Z");
/// ```
pub struct Connection<In> {
    config: Arc<ConnectionConfig>,
    quirks: Option<Box<Quirks>>,
    phase: Phase,
    /// Counts the links, so that an answer to a request of an earlier one is told apart (rule RPC-32).
    link: u32,
    calls: Calls,
    requests: Requests,
    transmissions: Transmissions,
    close: Option<(CloseCode, &'static str)>,
    events: VecDeque<Event<In>>,
    /// How many of the events may be dropped when there are too many.
    minor_events: usize,
    timers: Timers,
    last_message: Instant,
    /// When a text without readable id may be answered again (rule RPC-61).
    unreadable_again: Instant,
    counters: Counters,
}

/// What the link is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    Down,
    Up(Version),
    /// The link is to be closed; nothing is taken in or sent any more.
    Closing,
}

/// How long a peer that sends unreadable texts waits for the next `-1` (rule RPC-61).
const UNREADABLE_PAUSE: Duration = Duration::from_secs(10);

/// The longest details of a CALLERROR that are sent, in bytes.
const DETAILS_BYTES: usize = 4096;

impl<In: Inbound> Connection<In> {
    /// A connection without link.
    pub fn new(config: impl Into<Arc<ConnectionConfig>>, ids: MessageIds) -> Self {
        Self {
            config: config.into(),
            quirks: None,
            phase: Phase::Down,
            link: 0,
            calls: Calls::new(ids),
            requests: Requests::default(),
            transmissions: Transmissions::default(),
            close: None,
            events: VecDeque::new(),
            minor_events: 0,
            timers: Timers::new(),
            last_message: Instant::ZERO,
            unreadable_again: Instant::ZERO,
            counters: Counters::default(),
        }
    }

    /// Makes a call, as [`call_with`](Self::call_with) does with everything as usual.
    ///
    /// # Errors
    /// As there.
    pub fn call<R: Request>(&mut self, now: Instant, request: &R) -> Result<CallId<R>, CallRefused> {
        self.call_with(now, request, CallOptions::default())
    }

    /// Makes a call: sends it if none is out, else lets it wait (rule RPC-20). [`Event::Answer`] says how it ended.
    ///
    /// # Errors
    /// When it cannot be sent: nothing happens then.
    pub fn call_with<R: Request>(
        &mut self,
        now: Instant,
        request: &R,
        options: CallOptions<'_>,
    ) -> Result<CallId<R>, CallRefused> {
        let version = self.link_version()?;
        if R::VERSION != version {
            return Err(CallRefused::OtherVersion { message: R::VERSION, link: version });
        }
        if !is_sent_to::<In>(R::ORIGIN) {
            return Err(CallRefused::OtherSide(version));
        }
        let adapted = match &self.quirks {
            Some(quirks) if quirks.concern(R::ACTION) => {
                let mut adapted = request.clone();
                quirks.adapt(R::ACTION, &mut adapted).map_err(CallRefused::Quirk)?;
                Some(adapted)
            }
            _ => None,
        };
        let request = adapted.as_ref().unwrap_or(request);
        let expects = Expects::response::<R::Response>();
        let write = &mut |buffer: &mut String| Ok(encode_into(request, buffer)?);
        self.submit(now, R::ACTION, expects, options, write).map(CallId::new)
    }

    /// Makes a call of any action of the version with JSON text, checked against the shape of its request; the answer is
    /// [`Answer::into_raw`]. For tools and proxies. [`Quirks`] change nothing in it, but actions to be avoided are refused.
    ///
    /// # Errors
    /// When it cannot be sent: nothing happens then.
    pub fn call_raw(
        &mut self,
        now: Instant,
        action: &str,
        payload: &str,
        options: CallOptions<'_>,
    ) -> Result<CallKey, CallRefused> {
        let version = self.link_version()?;
        let (action, shape, response) = actions::find(version, action)
            .filter(|found| is_sent_to::<In>(found.origin))
            .and_then(|found| Some((found.name, found.request, found.response?)))
            .ok_or(CallRefused::OtherSide(version))?;
        if let Some(quirks) = &self.quirks {
            quirks.adapt(action, &mut ()).map_err(CallRefused::Quirk)?;
        }
        let checked = inspect(payload, shape, DecodePolicy::Enforce).map_err(CallRefused::RawPayload)?;
        let write = &mut |buffer: &mut String| {
            buffer.push_str(&checked.json);
            Ok(())
        };
        self.submit(now, action, Expects::Raw(response), options, write)
    }

    /// Tells the peer something that nobody answers (SEND, OCPP 2.1), even while a call is out (rule RPC-14).
    ///
    /// # Errors
    /// When it cannot be sent: nothing happens then.
    pub fn notify<N: Notice>(&mut self, now: Instant, notice: &N) -> Result<(), CallRefused> {
        let version = self.link_version()?;
        if N::VERSION != version {
            return Err(CallRefused::OtherVersion { message: N::VERSION, link: version });
        }
        if !is_sent_to::<In>(N::ORIGIN) {
            return Err(CallRefused::OtherSide(version));
        }
        let mut id = [0; 36];
        let length = self.calls.ids.next(&mut id);
        let max = self.config.max_sent_bytes;
        let draft = self.transmissions.draft();
        write_head(draft.buffer, '6', text_of(&id[..length]), N::ACTION);
        if let Err(error) = encode_into(notice, draft.buffer) {
            draft.discard();
            return Err(error.into());
        }
        draft.buffer.push(']');
        let length = draft.len();
        if length > max {
            draft.discard();
            return Err(CallRefused::TooLarge { length, max });
        }
        draft.finish(false);
        self.sent(now);
        Ok(())
    }

    /// Takes a call back. It ends with [`CallFailure::Cancelled`]; one that was sent keeps its place until its answer or
    /// its deadline, because the peer is still busy with it (rule RPC-20). False if it was over already.
    pub fn cancel(&mut self, now: Instant, call: CallKey) -> bool {
        self.catch_up(now);
        if let Some(index) = self.calls.queue.iter().position(|queued| queued.call.key == call) {
            if let Some(queued) = self.calls.queue.remove(index) {
                self.end(queued.call, Err(CallFailure::Cancelled { sent: false }), None);
            }
            self.watch_queue();
            return true;
        }
        let Some(pending) = self.calls.pending.as_mut().filter(|pending| pending.key == call && !pending.cancelled)
        else {
            return false;
        };
        pending.cancelled = true;
        let (key, action) = (pending.key, pending.action);
        let failure = CallFailure::Cancelled { sent: true };
        self.events.push_back(Event::Answer(Answer { key, action, outcome: Err(Box::new(failure)), oddities: None }));
        self.touch(now);
        true
    }

    /// Answers a request.
    ///
    /// # Errors
    /// When the answer did not go out as given; [`ReplyRefused`] says what the peer gets instead.
    pub fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused> {
        let responder = to.into_responder();
        match outcome {
            Err(error) => self.refuse(now, responder, error),
            Ok(_) if R::ACTION != responder.action || R::VERSION != responder.version => {
                let action = responder.action;
                self.answer(now, responder, &mut |_| Err(ReplyRefused::OtherAction(action)))
            }
            Ok(response) => self.answer(now, responder, &mut |buffer| Ok(encode_into(&response, buffer)?)),
        }
    }

    /// Answers a request with JSON text, checked against the shape of its response. For tools and proxies.
    ///
    /// # Errors
    /// When the answer did not go out as given.
    pub fn reply_raw(
        &mut self,
        now: Instant,
        to: Responder,
        outcome: Result<&str, CallError>,
    ) -> Result<(), ReplyRefused> {
        let payload = match outcome {
            Err(error) => return self.refuse(now, to, error),
            Ok(payload) => payload,
        };
        let (version, action) = (to.version, to.action);
        self.answer(now, to, &mut |buffer| {
            let shape = actions::find(version, action).and_then(|found| found.response);
            let shape = shape.ok_or(ReplyRefused::OtherAction(action))?;
            let checked = inspect(payload, shape, DecodePolicy::Enforce).map_err(ReplyRefused::RawPayload)?;
            buffer.push_str(&checked.json);
            Ok(())
        })
    }

    /// Refuses a request with a CALLERROR: it is not supported, not allowed now (rule RPC-54), or this side failed.
    ///
    /// # Errors
    /// When the request needs no answer any more.
    pub fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused> {
        let request = self.take_request(now, &to)?;
        let version = to.version;
        self.send_error(now, b'4', request.id.as_message_id(), version, &error);
        Ok(())
    }

    /// Refuses a request whose payload was read late and broke the specification, with the code of the violation.
    ///
    /// # Errors
    /// When the request needs no answer any more.
    pub fn refuse_payload(&mut self, now: Instant, to: Responder, error: &DecodeError) -> Result<(), ReplyRefused> {
        count(&mut self.counters.calls_refused);
        if self.config.on_violation == OnViolation::Drop {
            return self.take_request(now, &to).map(drop);
        }
        let code = ErrorCode::of(to.version, error);
        self.refuse(now, to, CallError::new(code, error.first().to_string()))
    }

    /// Asks for the link to be closed, once what waits to be sent is out. Calls end with
    /// [`ConnectionLost`](CallFailure::ConnectionLost) when the link is down.
    pub fn close(&mut self, code: CloseCode, reason: &'static str) {
        if matches!(self.phase, Phase::Up(_)) {
            self.phase = Phase::Closing;
            self.close = Some((code, reason));
        }
    }

    /// The version of the link, while it is up.
    pub fn version(&self) -> Option<Version> {
        match self.phase {
            Phase::Up(version) => Some(version),
            Phase::Down | Phase::Closing => None,
        }
    }

    /// How many calls of this side wait to be sent.
    pub fn queued(&self) -> usize {
        self.calls.queue.len()
    }

    /// Whether a call of this side is out.
    pub fn is_waiting(&self) -> bool {
        self.calls.pending.is_some()
    }

    /// How many requests wait for the application.
    pub fn unanswered(&self) -> usize {
        self.requests.unanswered.len()
    }

    /// What has been counted.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Treats the peer as this particular station from now on.
    pub fn set_quirks(&mut self, quirks: Quirks) {
        self.quirks = (quirks != Quirks::NONE).then(|| Box::new(quirks));
    }

    /// How this particular station is treated.
    pub fn quirks(&self) -> Quirks {
        self.quirks.as_deref().copied().unwrap_or_default()
    }

    /// How strict, patient and large the connection is.
    pub fn config(&self) -> &Arc<ConnectionConfig> {
        &self.config
    }

    /// Changes that from now on: what is under way keeps its deadlines.
    pub fn set_config(&mut self, config: impl Into<Arc<ConnectionConfig>>) {
        self.config = config.into();
    }
}

impl<In: Inbound> Machine for Connection<In> {
    type Event = Event<In>;

    fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.catch_up(now);
        match input {
            Input::LinkUp(version) => self.on_link_up(now, version),
            Input::LinkDown => self.on_link_down(),
            Input::Text(text) => {
                if let Phase::Up(version) = self.phase {
                    count(&mut self.counters.texts_in);
                    self.touch(now);
                    self.on_text(now, version, text);
                }
            }
            Input::Binary => {
                if matches!(self.phase, Phase::Up(_)) {
                    count(&mut self.counters.binary);
                    self.anomaly(|| Anomaly::Binary);
                    if self.config.on_binary == OnBinary::Close {
                        self.fail(CloseCode::UNSUPPORTED, "binary message");
                    }
                }
            }
            Input::Timeout => {}
        }
    }

    fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        if self.transmissions.is_empty() {
            let (code, reason) = self.close.take()?;
            return Some(Transmit::Close { code, reason });
        }
        count(&mut self.counters.texts_out);
        let outgoing = self.transmissions.pop()?;
        if outgoing.is_own_call
            && let Some(pending) = &mut self.calls.pending
        {
            pending.handed_out = true;
        }
        Some(Transmit::Text(outgoing.text))
    }

    fn poll_event(&mut self) -> Option<Event<In>> {
        let event = self.events.pop_front()?;
        self.minor_events -= usize::from(is_minor(&event));
        Some(event)
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }
}

/// The link and the clock.
impl<In: Inbound> Connection<In> {
    fn on_link_up(&mut self, now: Instant, version: Version) {
        if self.phase != Phase::Down {
            self.on_link_down();
        }
        self.link = self.link.wrapping_add(1);
        self.calls.timeouts = 0;
        self.unreadable_again = Instant::ZERO;
        self.phase = Phase::Up(version);
        if In::speaks(version) {
            self.touch(now);
        } else {
            self.fail(CloseCode::PROTOCOL, "version not supported");
        }
    }

    /// Nothing of the old link goes on: calls fail, answers are dropped (rule RPC-32).
    fn on_link_down(&mut self) {
        self.phase = Phase::Down;
        self.close = None;
        self.timers = Timers::new();
        self.transmissions.clear();
        self.requests.clear();
        if let Some(pending) = self.calls.pending.take() {
            let sent = pending.handed_out;
            self.end(pending, Err(CallFailure::ConnectionLost { sent }), None);
        }
        for queued in core::mem::take(&mut self.calls.queue) {
            self.end(queued.call, Err(CallFailure::ConnectionLost { sent: false }), None);
        }
    }

    fn on_timer(&mut self, now: Instant, timer: Timer) {
        match timer {
            Timer::Answer => {
                let Some(pending) = self.calls.pending.take() else { return };
                count(&mut self.counters.timeouts);
                self.calls.timeouts = self.calls.timeouts.saturating_add(1);
                self.end(pending, Err(CallFailure::Timeout), None);
                if self.calls.timeouts == self.config.timeouts_until_close {
                    return self.fail(CloseCode::GOING_AWAY, "calls are not answered");
                }
                self.advance(now);
            }
            Timer::Queue => {
                while let Some(index) =
                    self.calls.queue.iter().position(|queued| queued.deadline.is_some_and(|deadline| deadline <= now))
                {
                    if let Some(queued) = self.calls.queue.remove(index) {
                        self.end(queued.call, Err(CallFailure::Expired), None);
                    }
                }
                self.watch_queue();
            }
            Timer::Handler => {
                while let Some(request) = self.requests.take_overdue(now) {
                    count(&mut self.counters.handler_timeouts);
                    if let Phase::Up(version) = self.phase {
                        let error = CallError::internal("no answer from the application in time");
                        self.send_error(now, b'4', request.id.as_message_id(), version, &error);
                    }
                }
                self.watch_requests();
            }
            Timer::Idle => {
                let idle_at = self.last_message + self.config.idle_after;
                if idle_at > now {
                    return self.timers.set(Timer::Idle, idle_at);
                }
                self.requests.forget();
                self.transmissions.shrink();
                self.calls.queue.shrink_to_fit();
                self.events.shrink_to_fit();
            }
        }
    }

    /// Lets happen what was due, so that nothing depends on who comes first: the clock, the link or the application.
    fn catch_up(&mut self, now: Instant) {
        while let Some(timer) = self.timers.take_due(now) {
            self.on_timer(now, timer);
        }
    }

    /// Notes that something was sent or received.
    fn touch(&mut self, now: Instant) {
        self.last_message = now;
        if !self.timers.is_set(Timer::Idle) && matches!(self.phase, Phase::Up(_)) {
            self.timers.set(Timer::Idle, now + self.config.idle_after);
        }
    }

    /// Notes that a text waits to be sent, and gives up on a peer that does not read.
    fn sent(&mut self, now: Instant) {
        self.touch(now);
        if self.transmissions.waiting_bytes() > self.config.max_unsent_bytes {
            self.fail(CloseCode::POLICY, "messages are not taken off the link");
        }
    }

    /// Closes the link because of the peer.
    fn fail(&mut self, code: CloseCode, reason: &'static str) {
        if matches!(self.phase, Phase::Up(_)) {
            // what waits is not worth sending any more
            self.transmissions.clear();
            self.close(code, reason);
            self.events.push_back(Event::Closing { code, reason });
        }
    }

    fn anomaly(&mut self, anomaly: impl FnOnce() -> Anomaly) {
        self.minor(|| Event::Anomaly(anomaly()));
    }

    /// Adds an event that may be dropped when the application takes none out.
    fn minor(&mut self, event: impl FnOnce() -> Event<In>) {
        if self.minor_events < self.config.max_events {
            self.minor_events += 1;
            self.events.push_back(event());
        } else {
            count(&mut self.counters.events_lost);
        }
    }
}

/// The calls of this side.
impl<In: Inbound> Connection<In> {
    fn policy(&self) -> DecodePolicy {
        self.quirks.as_ref().and_then(|quirks| quirks.policy).unwrap_or(self.config.policy)
    }

    fn link_version(&self) -> Result<Version, CallRefused> {
        self.version().ok_or(CallRefused::NotConnected)
    }

    fn submit(
        &mut self,
        now: Instant,
        action: &'static str,
        expects: Expects,
        options: CallOptions<'_>,
        write: &mut dyn FnMut(&mut String) -> Result<(), CallRefused>,
    ) -> Result<CallKey, CallRefused> {
        self.catch_up(now);
        let version = self.link_version()?;
        let (mut id, length) = ([0; 36], &mut 0);
        match options.id {
            Some(wanted) if rules(version).ids_may_repeat => {
                if !is_usable(wanted) || self.uses(wanted) {
                    return Err(CallRefused::MessageId);
                }
                id[..wanted.len()].copy_from_slice(wanted.as_bytes());
                *length = wanted.len();
            }
            _ => *length = self.calls.ids.next(&mut id),
        }
        let id = text_of(&id[..*length]);

        let is_free = self.calls.pending.is_none();
        let max = self.config.max_sent_bytes;
        let draft = self.transmissions.draft();
        write_head(draft.buffer, '2', id, action);
        if let Err(refused) = write(draft.buffer) {
            draft.discard();
            return Err(refused);
        }
        draft.buffer.push(']');
        let length = draft.len();
        if length > max {
            draft.discard();
            return Err(CallRefused::TooLarge { length, max });
        }
        let timeout = options.timeout.unwrap_or(self.config.call_timeout);
        // the id stands between quotes behind `[2,`
        let stored = StoredId::of_json(draft.text().get(3..id.len() + 5).unwrap_or_default());
        let call = |key| Pending { key, id: stored, action, expects, handed_out: false, cancelled: false };
        if is_free {
            draft.finish(true);
            let key = self.calls.next_key();
            self.out(now, call(key), timeout, options.deadline);
            self.sent(now);
            return Ok(key);
        }
        let text = Box::from(draft.text());
        draft.discard();
        if self.calls.queue.len() >= self.config.max_queued {
            let Some(displaced) = self.calls.displaced_by(options.class) else {
                return Err(CallRefused::QueueFull(self.calls.queue.len()));
            };
            self.end(displaced.call, Err(CallFailure::Displaced), None);
        }
        let key = self.calls.next_key();
        let (class, deadline) = (options.class, options.deadline);
        self.calls.queue.push_back(Queued { call: call(key), text, class, timeout, deadline });
        self.watch_queue();
        Ok(key)
    }

    /// Whether a call with that id is out or waits.
    fn uses(&self, id: &str) -> bool {
        let is_same = |call: &Pending| call.id.as_message_id().text() == id;
        self.calls.pending.as_ref().is_some_and(is_same) || self.calls.queue.iter().any(|queued| is_same(&queued.call))
    }

    /// A call is on its way.
    fn out(&mut self, now: Instant, call: Pending, timeout: Duration, deadline: Option<Instant>) {
        count(&mut self.counters.calls_out);
        let due = now + timeout;
        self.timers.set(Timer::Answer, deadline.map_or(due, |deadline| due.min(deadline)));
        self.calls.pending = Some(call);
    }

    /// Sends the next call if none is out.
    fn advance(&mut self, now: Instant) {
        if self.calls.pending.is_some() || !matches!(self.phase, Phase::Up(_)) {
            return;
        }
        let Some(Queued { call, text, timeout, deadline, .. }) = self.calls.next() else { return };
        self.transmissions.push(&text, true);
        self.out(now, call, timeout, deadline);
        self.watch_queue();
        self.sent(now);
    }

    fn watch_queue(&mut self) {
        match self.calls.first_deadline() {
            Some(deadline) => self.timers.set(Timer::Queue, deadline),
            None => self.timers.stop(Timer::Queue),
        }
    }

    /// Tells how a call ended.
    fn end(
        &mut self,
        call: Pending,
        outcome: Result<Box<dyn core::any::Any + Send>, CallFailure>,
        oddities: Option<Box<Oddities>>,
    ) {
        if !call.cancelled {
            let Pending { key, action, .. } = call;
            let outcome = outcome.map_err(Box::new);
            self.events.push_back(Event::Answer(Answer { key, action, outcome, oddities }));
        }
    }

    /// The call that is out is over.
    fn answered(
        &mut self,
        now: Instant,
        outcome: Result<Box<dyn core::any::Any + Send>, CallFailure>,
        oddities: Option<Box<Oddities>>,
    ) {
        if let Some(pending) = self.calls.pending.take() {
            self.timers.stop(Timer::Answer);
            self.calls.timeouts = 0;
            self.end(pending, outcome, oddities);
            self.advance(now);
        }
    }

    /// The call that an id answers.
    fn awaited(&self, id: MessageId<'_>) -> Option<&Pending> {
        let is_same = |pending: &&Pending| {
            pending.handed_out
                && (pending.id.as_json() == id.as_json() || pending.id.as_message_id().text() == id.text())
        };
        self.calls.pending.as_ref().filter(is_same)
    }

    /// An answer as this project's own machines send it, read in one pass.
    fn on_usual_answer(&mut self, now: Instant, text: &str) -> bool {
        let Some(pending) = self.calls.pending.as_ref().filter(|pending| pending.handed_out) else { return false };
        // `[3,` is there; the id is ASCII, so that the cut is at a character
        let payload = text
            .as_bytes()
            .get(3..)
            .and_then(|rest| rest.strip_prefix(pending.id.as_bytes()))
            .and_then(|rest| rest.strip_prefix(b","))
            .and_then(|rest| text.get(text.len() - rest.len()..text.len() - 1))
            .filter(|_| text.ends_with(']'));
        let Some(payload) = payload else { return false };
        let Ok(response) = pending.expects.read(payload, self.policy()) else { return false };
        self.answered(now, Ok(response.value), Oddities::of(Vec::new(), response.remarks));
        true
    }

    fn on_result(
        &mut self,
        now: Instant,
        version: Version,
        text: &str,
        id: MessageId<'_>,
        payload: &str,
        remarks: Vec<FrameRemark>,
    ) {
        let Some(pending) = self.awaited(id) else { return self.unmatched(3, id) };
        // some repeat the action, as in a CALL; that is no payload in any case, what follows may be
        let payload = match payload.starts_with('"') && remarks.contains(&FrameRemark::ExtraElements) {
            true => fourth_element(text).unwrap_or(payload),
            false => payload,
        };
        match pending.expects.read(payload, self.policy()) {
            Ok(response) => self.answered(now, Ok(response.value), Oddities::of(remarks, response.remarks)),
            Err(error) => {
                count(&mut self.counters.invalid_responses);
                if rules(version).refuses_results {
                    let refused = CallError::new(ErrorCode::of(version, &error), error.first().to_string());
                    self.send_error(now, b'5', id, version, &refused);
                }
                let failure = CallFailure::InvalidResponse(InvalidResponse::Payload(error));
                self.answered(now, Err(failure), Oddities::of(remarks, Vec::new()));
            }
        }
    }

    fn on_error(&mut self, now: Instant, id: MessageId<'_>, refusal: &crate::Refusal<'_>, remarks: Vec<FrameRemark>) {
        if self.awaited(id).is_some() {
            let failure = CallFailure::Refused(CallError::received(refusal));
            return self.answered(now, Err(failure), Oddities::of(remarks, Vec::new()));
        }
        if id == MessageId::UNREADABLE {
            count(&mut self.counters.unreadable_at_peer);
        }
        self.unmatched(4, id);
    }

    /// Answers that no call waits for change nothing (rule RPC-25).
    fn unmatched(&mut self, message_type: u8, id: MessageId<'_>) {
        count(&mut self.counters.unmatched);
        let text = id.text();
        let late = self.calls.ids.has_given(&text);
        self.anomaly(|| Anomaly::Unmatched { message_type, id: shortened(&text), late });
    }
}

/// The requests of the peer.
impl<In: Inbound> Connection<In> {
    fn on_text(&mut self, now: Instant, version: Version, text: &str) {
        if text.len() > self.config.max_received_bytes {
            count(&mut self.counters.broken_frames);
            return self.fail(CloseCode::TOO_BIG, "message too big");
        }
        if text.starts_with("[3,") && self.on_usual_answer(now, text) {
            return;
        }
        match In::read(text, version, self.policy()) {
            Ok(call) => self.on_call(now, version, text, call),
            Err(fault) => self.on_fault(now, version, text, fault, None),
        }
    }

    fn on_call(&mut self, now: Instant, version: Version, text: &str, call: Call<'_, In>) {
        let fingerprint = fingerprint(text);
        match self.requests.seen(call.id, fingerprint) {
            Seen::Never => {}
            Seen::UnderWay { same: true } => {
                count(&mut self.counters.repeated);
                return self.anomaly(|| Anomaly::Repeated { answered: false });
            }
            Seen::UnderWay { same: false } => {
                count(&mut self.counters.ids_reused);
                self.anomaly(|| Anomaly::IdReused);
                let error = CallError::new(rules(version).id_under_way.clone(), "message id of a call under way");
                return self.send_error(now, b'4', call.id, version, &error);
            }
            Seen::Answered { same: true } => {
                count(&mut self.counters.repeated);
                self.anomaly(|| Anomaly::Repeated { answered: true });
                if let Some(answer) = self.requests.kept(call.id, fingerprint) {
                    self.transmissions.push(answer, false);
                    self.sent(now);
                }
                return;
            }
            Seen::Answered { same: false } => {
                count(&mut self.counters.ids_reused);
                self.anomaly(|| Anomaly::IdReused);
            }
        }
        if self.requests.unanswered.len() >= self.config.max_unanswered {
            return self.fail(CloseCode::POLICY, "too many requests at once");
        }
        count(&mut self.counters.calls_in);
        let action = call.request.action();
        let due = now + self.config.handler_timeout;
        let serial = self.requests.add(call.id, fingerprint, due);
        self.watch_requests();
        let responder = Responder { link: self.link, serial, action, version };
        let oddities = Oddities::of(call.frame_remarks, call.remarks);
        self.events.push_back(Event::Call(Incoming::new(Box::new(call.request), responder, oddities)));
    }

    #[cold]
    fn on_fault(
        &mut self,
        now: Instant,
        version: Version,
        text: &str,
        fault: CallFault<'_>,
        mended: Option<FrameRemark>,
    ) {
        match fault {
            CallFault::OtherFrame(frame) => {
                // read again for the remarks: such frames are rare but for answers, which are read in one pass
                let mut remarks = parse(text, version, self.policy()).map(|parsed| parsed.remarks).unwrap_or_default();
                remarks.extend(mended);
                match frame {
                    Frame::CallResult { id, payload } => self.on_result(now, version, text, id, payload, remarks),
                    Frame::CallError { id, refusal } => self.on_error(now, id, &refusal, remarks),
                    Frame::CallResultError { id, refusal } => {
                        count(&mut self.counters.results_refused);
                        let (id, error) = (shortened(&id.text()), CallError::received(&refusal));
                        self.minor(|| Event::ResultRefused { id, error });
                    }
                    Frame::Send { action, payload, .. } => self.on_notice(&action, payload),
                    Frame::Call { .. } => {}
                }
            }
            CallFault::Frame(error) => {
                if mended.is_none()
                    && matches!(error.defect, FrameDefect::Syntax(_))
                    && let Some(how) = self.quirks.as_ref().and_then(|quirks| quirks.mend).or(self.config.mend)
                    && let Some(mended) = rescue(text, how)
                {
                    count(&mut self.counters.mended);
                    return match In::read(&mended, version, self.policy()) {
                        Ok(mut call) => {
                            call.frame_remarks.push(FrameRemark::Mended);
                            self.on_call(now, version, &mended, call);
                        }
                        Err(fault) => self.on_fault(now, version, &mended, fault, Some(FrameRemark::Mended)),
                    };
                }
                self.on_broken_frame(now, version, error);
            }
            CallFault::Action { id, code } => {
                let action = parse(text, version, self.policy())
                    .ok()
                    .and_then(|parsed| parsed.frame.action().map(shortened))
                    .unwrap_or_default();
                self.refused(now, version, id, action, code, String::new());
            }
            CallFault::Payload { id, error } => {
                let action = parse(text, version, self.policy())
                    .ok()
                    .and_then(|parsed| parsed.frame.action().map(shortened))
                    .unwrap_or_default();
                let code = ErrorCode::of(version, &error);
                self.refused(now, version, id, action, code, error.first().to_string());
            }
        }
    }

    /// A request that the application never sees.
    fn refused(
        &mut self,
        now: Instant,
        version: Version,
        id: MessageId<'_>,
        action: String,
        code: ErrorCode,
        description: String,
    ) {
        count(&mut self.counters.calls_refused);
        if self.config.on_violation == OnViolation::Answer {
            let error = CallError::new(code.clone(), description.clone());
            self.send_error(now, b'4', id, version, &error);
        }
        self.anomaly(|| Anomaly::CallRefused { action, code, description });
    }

    fn on_broken_frame(&mut self, now: Instant, version: Version, error: FrameError) {
        count(&mut self.counters.broken_frames);
        // an answer cut off on its way: no other will come (row C1)
        if let (Some(3 | 4), Some(id)) = (error.message_type, error.message_id())
            && self.awaited(id).is_some()
        {
            count(&mut self.counters.invalid_responses);
            let failure = CallFailure::InvalidResponse(InvalidResponse::Frame(error.clone()));
            self.answered(now, Err(failure), None);
        }
        if let Some(reply) = self.answer_to_broken(version, &error) {
            let is_minus_one = reply.starts_with("[4,\"-1\",");
            if !is_minus_one || now >= self.unreadable_again {
                if is_minus_one {
                    self.unreadable_again = now + UNREADABLE_PAUSE;
                }
                self.transmissions.push(&reply, false);
                self.sent(now);
            }
        }
        self.anomaly(|| Anomaly::Frame(error));
    }

    fn answer_to_broken(&self, version: Version, error: &FrameError) -> Option<String> {
        if self.config.on_violation == OnViolation::Drop {
            return None;
        }
        match self.config.on_unreadable {
            OnUnreadable::Drop if error.message_id().is_none() => None,
            // what 1.6 leaves open (rule RPC-50), for texts that may have been a CALL (rule RPC-61)
            OnUnreadable::Answer
                if error.message_id().is_none()
                    && matches!(error.message_type, None | Some(2))
                    && !matches!(error.defect, FrameDefect::Empty | FrameDefect::MessageType) =>
            {
                Some(refusal(4, MessageId::UNREADABLE, version, &ErrorCode::RpcFrameworkError, ""))
            }
            _ => error.reply(version),
        }
    }

    fn on_notice(&mut self, action: &str, payload: &str) {
        let dropped = if In::PEER != Origin::Station || action != v21::NotifyPeriodicEventStream::ACTION {
            alloc::format!("no notice {}", shortened(action))
        } else {
            match ocpp_types::decode(payload, self.policy()) {
                Ok(notice) => {
                    let notice = StationNotice::NotifyPeriodicEventStream(Box::new(notice.value));
                    return self.minor(|| Event::Notice(notice));
                }
                Err(error) => error.first().to_string(),
            }
        };
        count(&mut self.counters.notices_dropped);
        self.anomaly(|| Anomaly::NoticeDropped { description: dropped });
    }

    fn take_request(&mut self, now: Instant, to: &Responder) -> Result<incoming::Unanswered, ReplyRefused> {
        self.catch_up(now);
        let refused = if to.link != self.link || !matches!(self.phase, Phase::Up(_)) {
            ReplyRefused::LinkGone
        } else if let Some(request) = self.requests.remove(to.serial) {
            self.watch_requests();
            return Ok(request);
        } else {
            ReplyRefused::Answered
        };
        count(&mut self.counters.replies_refused);
        Err(refused)
    }

    fn answer(
        &mut self,
        now: Instant,
        to: Responder,
        write: &mut dyn FnMut(&mut String) -> Result<(), ReplyRefused>,
    ) -> Result<(), ReplyRefused> {
        let request = self.take_request(now, &to)?;
        let (id, max) = (request.id.as_json(), self.config.max_sent_bytes);
        let draft = self.transmissions.draft();
        draft.buffer.push_str("[3,");
        draft.buffer.push_str(id);
        draft.buffer.push(',');
        let mut outcome = write(draft.buffer);
        draft.buffer.push(']');
        let length = draft.len();
        if outcome.is_ok() && length > max {
            outcome = Err(ReplyRefused::TooLarge { length, max });
        }
        if let Err(refused) = outcome {
            draft.discard();
            count(&mut self.counters.replies_refused);
            let error = CallError::internal("the answer could not be sent");
            self.send_error(now, b'4', request.id.as_message_id(), to.version, &error);
            return Err(refused);
        }
        if length <= self.config.kept_answer_bytes {
            self.requests.keep(request.fingerprint, id, draft.text(), self.config.kept_answers);
        }
        draft.finish(false);
        self.sent(now);
        Ok(())
    }

    /// Sends a CALLERROR, or a CALLRESULTERROR.
    fn send_error(&mut self, now: Instant, kind: u8, id: MessageId<'_>, version: Version, error: &CallError) {
        let text = refusal(kind - b'0', id, version, &error.code, &error.description);
        let details = error.details.as_deref().filter(|details| is_object(details));
        match details.and_then(|details| Some((details, text.strip_suffix("{}]")?))) {
            Some((details, head)) => {
                let draft = self.transmissions.draft();
                for part in [head, details, "]"] {
                    draft.buffer.push_str(part);
                }
                draft.finish(false);
            }
            None => self.transmissions.push(&text, false),
        }
        self.sent(now);
    }

    fn watch_requests(&mut self) {
        match self.requests.first_due() {
            Some(due) => self.timers.set(Timer::Handler, due),
            None => self.timers.stop(Timer::Handler),
        }
    }
}

/// Without texts: ids, counts and times only.
impl<In> fmt::Debug for Connection<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("phase", &self.phase)
            .field("waits_for", &self.calls.pending.as_ref().map(|pending| pending.action))
            .field("queued", &self.calls.queue.len())
            .field("unanswered", &self.requests.unanswered.len())
            .field("unsent_bytes", &self.transmissions.waiting_bytes())
            .field("events", &self.events.len())
            .field("timers", &self.timers)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

/// Whether the peer takes messages of that origin.
fn is_sent_to<In: Inbound>(origin: Origin) -> bool {
    if In::PEER == Origin::Station { origin.csms() } else { origin.station() }
}

fn is_minor<In>(event: &Event<In>) -> bool {
    matches!(event, Event::Anomaly(_) | Event::Notice(_) | Event::ResultRefused { .. })
}

/// `[2,"id","Action",`
fn write_head(buffer: &mut String, kind: char, id: &str, action: &str) {
    buffer.push('[');
    buffer.push(kind);
    for part in [",\"", id, "\",\"", action, "\","] {
        buffer.push_str(part);
    }
}

/// An id of this side, which is plain ASCII.
fn text_of(id: &[u8]) -> &str {
    core::str::from_utf8(id).unwrap_or_default()
}

/// Whether an id needs no escapes and is as long as it may be.
fn is_usable(id: &str) -> bool {
    (1..=36).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

/// Whether details may be sent.
fn is_object(details: &str) -> bool {
    details.len() <= DETAILS_BYTES
        && details.starts_with('{')
        && serde_json::from_str::<RawJson>(details).is_ok()
        && !crate::frame::is_deep(details)
}

/// The JSON text of the fourth element of a list.
fn fourth_element(text: &str) -> Option<&str> {
    let list = text.trim_matches(|padding: char| padding == '\u{feff}' || padding == '\0');
    let elements: Vec<&serde_json::value::RawValue> = serde_json::from_str(list).ok()?;
    elements.get(3).map(|element| element.get())
}

/// A text of the peer for people, cut and on one line.
fn shortened(text: &str) -> String {
    text.chars().take(64).collect::<String>().escape_debug().to_string()
}

/// Counts, and stops at the end.
fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}
