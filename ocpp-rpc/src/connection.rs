//! One side of a conversation: a symmetric machine.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;

use ocpp_types::{DecodeError, DecodePolicy, Notice, Origin, Request, Version, encode_into, inspect};

use crate::{
    Anomaly, CallError, CallFailure, CallId, CallKey, CallRefused, CloseCode, ErrorCode, Event, Inbound, Input,
    Instant, Machine, MessageIds, Quirks, Replier, ReplyRefused, Responder, Transmit, actions,
};

mod answering;
mod calling;
mod clock;
mod config;
mod counters;
mod incoming;
mod outgoing;
mod reading;
mod stored_id;
mod timers;
mod transmissions;

pub use config::{ConnectionConfig, OnBinary, OnUnreadable, OnViolation};
pub use counters::Counters;
pub use outgoing::{CallOptions, Class};

use calling::write_head;
use incoming::Requests;
use outgoing::{Calls, Expects, Pending};
use timers::Timers;
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
        let Some(version) = self.version() else { return Err(CallRefused::NotConnected) };
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
    /// [`Answer::into_raw`](crate::Answer::into_raw). For tools and proxies. [`Quirks`] change nothing in it, but actions to be avoided are refused.
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
        let Some(version) = self.version() else { return Err(CallRefused::NotConnected) };
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
        let Some(version) = self.version() else { return Err(CallRefused::NotConnected) };
        if N::VERSION != version {
            return Err(CallRefused::OtherVersion { message: N::VERSION, link: version });
        }
        if !is_sent_to::<In>(N::ORIGIN) {
            return Err(CallRefused::OtherSide(version));
        }
        let max = self.config.max_sent_bytes;
        let draft = self.transmissions.draft();
        write_head(draft.buffer, "[6,", self.calls.ids.next(), N::ACTION);
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
        self.calls.ids.advance();
        self.sent(now);
        Ok(())
    }

    /// Takes a call back. It ends with [`CallFailure::Cancelled`]; one that was sent keeps its place until its answer or
    /// its deadline, because the peer is still busy with it (rule RPC-20). False if it was over already.
    pub fn cancel(&mut self, now: Instant, call: CallKey) -> bool {
        self.catch_up(now);
        let is_its = |waiting: &Pending| waiting.caller.is_some_and(|caller| caller.key == call);
        if let Some(index) = self.calls.queue.iter().position(|queued| is_its(&queued.call)) {
            if let Some(queued) = self.calls.queue.remove(index) {
                self.failed(queued.call.caller, CallFailure::Cancelled { sent: false });
            }
            self.watch_queue();
            return true;
        }
        let Some(pending) = self.calls.pending.as_mut().filter(|pending| is_its(pending)) else { return false };
        let caller = pending.caller.take();
        self.failed(caller, CallFailure::Cancelled { sent: true });
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
        // what is only looked at need not be moved
        match &outcome {
            Err(error) => self.refuse_with(now, responder, error),
            Ok(_) if R::ACTION != responder.action || R::VERSION != responder.version => {
                let action = responder.action;
                self.answer(now, responder, &mut |_| Err(ReplyRefused::OtherAction(action)))
            }
            Ok(response) => self.answer(now, responder, &mut |buffer| Ok(encode_into(response, buffer)?)),
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
        self.refuse_with(now, to, &error)
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

    /// Gives back the room of queues and buffers in which nothing waits, now rather than when the connection is
    /// [idle](ConnectionConfig::idle_after): for whoever holds so many connections that memory counts more than the time
    /// to get it anew with the next message. Answers kept for repeated requests stay.
    pub fn give_back(&mut self) {
        self.requests.shrink();
        self.transmissions.shrink();
        if self.events.is_empty() {
            self.events = VecDeque::new();
        }
        if self.calls.queue.is_empty() {
            self.calls.queue = VecDeque::new();
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
        let event = self.events.pop_front();
        self.minor_events -= usize::from(event.as_ref().is_some_and(is_minor));
        event
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }
}

/// Without texts: ids, counts and times only.
impl<In> fmt::Debug for Connection<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("phase", &self.phase)
            .field("waits_for", &self.calls.pending.as_ref().map(|pending| pending.caller.map(|caller| caller.action)))
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

/// A text of the peer for people, cut and on one line.
fn shortened(text: &str) -> String {
    text.chars().take(64).collect::<String>().escape_debug().to_string()
}

/// Counts, and stops at the end.
fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}
