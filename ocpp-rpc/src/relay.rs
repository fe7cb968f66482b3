//! What stands between a station and its CSMS: a local controller, a proxy.

use alloc::borrow::ToOwned;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_types::{DecodeError, DecodePolicy, Request, Version};

use crate::rules::rules;
use crate::{
    Anomaly, CallError, CallFailure, CallRefused, CloseCode, ErrorCode, Frame, Input, Instant, InvalidResponse,
    MessageIds, Transmit, parse,
};

/// A pair of links, one to a station and one to its CSMS, as a machine: texts go through unchanged, byte for byte, and calls of its
/// own go beside them (rule WS-30; 2.x Part 4 §6).
///
/// * Both links speak the same version, so negotiate with the CSMS first. Loss of one link closes the other: a station that
///   kept its link would not know that it has to keep its messages.
/// * A call of its own waits until no relayed one is out in that direction, and relayed ones wait until it is over: neither
///   side sees two calls at a time (rule RPC-20).
/// * Answers to calls of its own are told by [`RelayEvent::Answer`] and relayed to nobody, not even when they come late.
///
/// One relay serves one station. Like the other machines it owns no clock, socket or task; [`relay`](crate::relay) drives
/// one on tokio.
///
/// ```
/// use ocpp_rpc::{Input, Instant, MessageIds, Relay, RelayConfig, Side, Transmit};
/// use ocpp_types::Version;
///
/// let now = Instant::ZERO;
/// let mut relay = Relay::new(RelayConfig::default(), MessageIds::new(4)); // random, of a real one
/// relay.handle_input(now, Side::Csms, Input::LinkUp(Version::V16));
/// relay.handle_input(now, Side::Station, Input::LinkUp(Version::V16));
/// relay.handle_input(now, Side::Station, Input::Text(r#"[2, "1", "Heartbeat", {}]"#));
/// assert_eq!(relay.poll_transmit(Side::Csms), Some(Transmit::Text(r#"[2, "1", "Heartbeat", {}]"#)));
/// ```
#[derive(Debug)]
pub struct Relay {
    config: RelayConfig,
    ids: MessageIds,
    version: Option<Version>,
    station: Lane,
    csms: Lane,
    events: VecDeque<RelayEvent>,
    next_call: u64,
}

/// One end of a [`Relay`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Side {
    /// The station below.
    Station,
    /// The CSMS above.
    Csms,
}

impl Side {
    /// The one across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Station => Self::Csms,
            Self::Csms => Self::Station,
        }
    }
}

/// How patient and how large a [`Relay`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RelayConfig {
    /// How long the answer to a call of its own may take. Meanwhile relayed calls in that direction wait.
    pub call_timeout: Duration,
    /// After how long a relayed call that nobody answered no longer keeps its own calls waiting.
    pub relayed_timeout: Duration,
    /// How many calls of its own may wait in each direction.
    pub max_queued: usize,
    /// How many texts may wait to be sent in each direction before [`Relay::may_read`] says no.
    pub max_unsent: usize,
}

impl Default for RelayConfig {
    fn default() -> Self {
        Self {
            call_timeout: Duration::from_secs(20),
            relayed_timeout: Duration::from_secs(30),
            max_queued: 16,
            max_unsent: 32,
        }
    }
}

/// Which call of a relay. Never given out twice.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RelayCall(u64);

/// What a relay tells.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RelayEvent {
    /// A call of its own is over. Each ends with exactly one of these.
    Answer {
        /// Which.
        call: RelayCall,
        /// The payload of the answer as JSON text, or why there is none.
        outcome: Result<String, CallFailure>,
    },
    /// Something came in that was not relayed: a late answer to a call of its own, a binary message.
    Dropped {
        /// From where.
        from: Side,
        /// What.
        anomaly: Anomaly,
    },
}

/// What goes to one side.
#[derive(Debug, Default)]
struct Lane {
    is_up: bool,
    /// Ready to be sent.
    out: VecDeque<String>,
    /// What was handed out last.
    current: String,
    /// Relayed calls that are not answered, by the JSON text of their id, and until when they count.
    relayed: Vec<(String, Instant)>,
    /// Calls of the other side that wait for the end of an own one.
    held: VecDeque<Relayed>,
    /// The own call that is out.
    own: Option<OwnCall>,
    /// Own calls that wait.
    queue: VecDeque<OwnCall>,
    close: Option<(CloseCode, &'static str)>,
}

/// A call of the other side.
#[derive(Debug)]
struct Relayed {
    /// As JSON text, if it can be read.
    id: Option<String>,
    text: String,
}

#[derive(Debug)]
struct OwnCall {
    call: RelayCall,
    /// As JSON text.
    id: String,
    text: String,
    check: fn(&str) -> Result<(), DecodeError>,
    /// When it is over.
    due: Instant,
}

/// The most texts that wait in one direction, whoever does not ask [`Relay::may_read`].
const MAX_WAITING: usize = 1024;

/// The most relayed calls of which is known that they are not answered; a side that keeps its rules has one.
const MAX_RELAYED: usize = 32;

impl Relay {
    /// A relay whose links are not there yet. Its ids must be as random as those of a station: the CSMS must not come to use one.
    #[must_use]
    pub fn new(config: RelayConfig, ids: MessageIds) -> Self {
        Self {
            config,
            ids,
            version: None,
            station: Lane::default(),
            csms: Lane::default(),
            events: VecDeque::new(),
            next_call: 0,
        }
    }

    /// Takes in what happens on one of the links. [`Input::Timeout`] is for both.
    pub fn handle_input(&mut self, now: Instant, from: Side, input: Input<'_>) {
        self.expire(now);
        match input {
            Input::LinkUp(version) => self.link_up(from, version),
            Input::Text(text) => self.text(now, from, text),
            Input::Binary => self.events.push_back(RelayEvent::Dropped { from, anomaly: Anomaly::Binary }),
            Input::LinkDown => self.link_down(from),
            Input::Timeout => {}
        }
        self.dispatch(now, Side::Station);
        self.dispatch(now, Side::Csms);
    }

    /// What is to be done with one of the links next.
    pub fn poll_transmit(&mut self, to: Side) -> Option<Transmit<'_>> {
        let lane = self.lane(to);
        if let Some(text) = lane.out.pop_front() {
            lane.current = text;
            return Some(Transmit::Text(&lane.current));
        }
        lane.current = String::new();
        let (code, reason) = lane.close.take()?;
        Some(Transmit::Close { code, reason })
    }

    /// What the application is to be told next.
    pub fn poll_event(&mut self) -> Option<RelayEvent> {
        self.events.pop_front()
    }

    /// When to come back with [`Input::Timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let of = |lane: &Lane| {
            let own = lane.own.iter().chain(&lane.queue).map(|call| call.due);
            own.chain(lane.relayed.iter().map(|(_, due)| *due)).min()
        };
        [of(&self.station), of(&self.csms)].into_iter().flatten().min()
    }

    /// Whether more may be read of a side: not while too much waits to be sent to the other one. So a slow side slows the other,
    /// and nothing piles up here.
    #[must_use]
    pub fn may_read(&self, from: Side) -> bool {
        let lane = match from {
            Side::Station => &self.csms,
            Side::Csms => &self.station,
        };
        lane.out.len() + lane.held.len() < self.config.max_unsent
    }

    /// The version of both links, once they are there.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Calls one of the sides. To it, the call is one of the other side.
    ///
    /// # Errors
    /// When it cannot be sent: nothing happens then.
    pub fn call<R: Request>(&mut self, now: Instant, to: Side, request: &R) -> Result<RelayCall, CallRefused> {
        let link = self.version.ok_or(CallRefused::NotConnected)?;
        let is_sent_there = match to {
            Side::Station => R::ORIGIN.csms(),
            Side::Csms => R::ORIGIN.station(),
        };
        if R::VERSION != link {
            return Err(CallRefused::OtherVersion { message: R::VERSION, link });
        }
        if !is_sent_there {
            return Err(CallRefused::OtherSide(link));
        }
        let payload = ocpp_types::encode(request)?;
        let due = now + self.config.call_timeout;
        let max_queued = self.config.max_queued;
        let waiting = self.lane(to).queue.len();
        if !self.lane(to).is_up {
            return Err(CallRefused::NotConnected);
        }
        if waiting >= max_queued {
            return Err(CallRefused::QueueFull(waiting));
        }
        self.next_call += 1;
        let call = RelayCall(self.next_call);
        let id = self.new_id();
        let text = format!("[2,{id},\"{}\",{payload}]", R::ACTION);
        let check = |text: &str| ocpp_types::decode::<R::Response>(text, DecodePolicy::Repair).map(drop);
        self.lane(to).queue.push_back(OwnCall { call, id, text, check, due });
        self.dispatch(now, to);
        Ok(call)
    }

    /// Asks for both links to be closed.
    pub fn close(&mut self, code: CloseCode, reason: &'static str) {
        for side in [Side::Station, Side::Csms] {
            self.close_side(side, code, reason);
        }
    }

    fn lane(&mut self, to: Side) -> &mut Lane {
        match to {
            Side::Station => &mut self.station,
            Side::Csms => &mut self.csms,
        }
    }

    /// A fresh id as JSON text.
    fn new_id(&mut self) -> String {
        let id = self.ids.next().as_str().to_owned();
        self.ids.advance();
        id
    }

    fn link_up(&mut self, side: Side, version: Version) {
        if self.version.is_some_and(|other| other != version) {
            return self.close(CloseCode::PROTOCOL, "another version on the other side");
        }
        self.version = Some(version);
        self.lane(side).is_up = true;
    }

    fn link_down(&mut self, side: Side) {
        let lane = core::mem::take(self.lane(side));
        for (call, sent) in
            lane.own.map(|own| (own, true)).into_iter().chain(lane.queue.into_iter().map(|own| (own, false)))
        {
            self.answer(call.call, Err(CallFailure::ConnectionLost { sent }));
        }
        let reason = match side {
            Side::Station => "the station is gone",
            Side::Csms => "the csms is gone",
        };
        self.close_side(side.other(), CloseCode::GOING_AWAY, reason);
    }

    fn close_side(&mut self, side: Side, code: CloseCode, reason: &'static str) {
        let lane = self.lane(side);
        if lane.is_up {
            lane.close.get_or_insert((code, reason));
        }
    }

    fn text(&mut self, now: Instant, from: Side, text: &str) {
        let Some(version) = self.version else { return };
        // what is no frame is for the ends to judge, but what is the answer to a call of this side is not for them at all
        match parse(text, version, DecodePolicy::Repair).map(|parsed| parsed.frame) {
            Ok(Frame::Call { id, .. }) => self.relay_call(now, from.other(), Some(id.as_json()), text),
            Ok(Frame::CallResult { id, payload }) => {
                self.result(from, (3, id.as_json()), text, |own| own.read(version, payload));
            }
            Ok(Frame::CallError { id, refusal }) => {
                let refused = || CallFailure::Refused(CallError::received(&refusal));
                self.result(from, (4, id.as_json()), text, |_| (Err(refused()), None));
            }
            Ok(_) => self.pass(from.other(), text),
            Err(error) => match (error.message_type, error.id.clone()) {
                (Some(2), id) => self.relay_call(now, from.other(), id.as_deref(), text),
                (Some(answer @ (3 | 4)), Some(id)) => {
                    let malformed = || CallFailure::InvalidResponse(InvalidResponse::Frame(error));
                    self.result(from, (answer, &id), text, |_| (Err(malformed()), None));
                }
                _ => self.pass(from.other(), text),
            },
        }
    }

    /// A call from one side to the other: not while one of its own is out there.
    fn relay_call(&mut self, now: Instant, to: Side, id: Option<&str>, text: &str) {
        let due = now + self.config.relayed_timeout;
        if !self.has_room(to) {
            return;
        }
        let lane = self.lane(to);
        let call = Relayed { id: id.map(ToOwned::to_owned), text: text.to_owned() };
        if lane.own.is_some() || !lane.held.is_empty() {
            lane.held.push_back(call);
        } else {
            lane.send_call(call, due);
        }
    }

    /// An answer: to the call of its own that is out, to one that is over, or for the other side. The former is made of it by
    /// `read`, with what is to be said to it, if anything.
    fn result(
        &mut self,
        from: Side,
        (message_type, id): (u8, &str),
        text: &str,
        read: impl FnOnce(&OwnCall) -> (Result<String, CallFailure>, Option<String>),
    ) {
        if let Some(own) = self.lane(from).own.take_if(|own| own.id == id) {
            let (outcome, refusal) = read(&own);
            self.lane(from).out.extend(refusal);
            self.answer(own.call, outcome);
        } else if self.ids.has_given(id.trim_matches('"')) {
            let anomaly = Anomaly::Unmatched { message_type, id: id.to_owned(), late: true };
            self.events.push_back(RelayEvent::Dropped { from, anomaly });
        } else {
            self.lane(from).relayed.retain(|(known, _)| known != id);
            self.pass(from.other(), text);
        }
    }

    /// Anything that nobody waits for.
    fn pass(&mut self, to: Side, text: &str) {
        if self.has_room(to) {
            self.lane(to).out.push_back(text.to_owned());
        }
    }

    /// Whether a side can have one more text; if not, it is over for both.
    fn has_room(&mut self, to: Side) -> bool {
        let lane = self.lane(to);
        let has_room = lane.out.len() + lane.held.len() < MAX_WAITING;
        if !has_room {
            self.close(CloseCode::POLICY, "more than the other side takes");
        }
        has_room
    }

    fn answer(&mut self, call: RelayCall, outcome: Result<String, CallFailure>) {
        self.events.push_back(RelayEvent::Answer { call, outcome });
    }

    /// Ends what is due.
    fn expire(&mut self, now: Instant) {
        for side in [Side::Station, Side::Csms] {
            let lane = self.lane(side);
            lane.relayed.retain(|(_, due)| *due > now);
            let own = lane.own.take_if(|own| own.due <= now);
            let mut waiting = Vec::new();
            lane.queue.retain(|own| {
                let is_over = own.due <= now;
                if is_over {
                    waiting.push(own.call);
                }
                !is_over
            });
            if let Some(own) = own {
                self.answer(own.call, Err(CallFailure::Timeout));
            }
            for call in waiting {
                self.answer(call, Err(CallFailure::Expired));
            }
        }
    }

    /// Sends what may go to a side: first what was held back for an own call, then an own call, if nothing else is out.
    fn dispatch(&mut self, now: Instant, to: Side) {
        let due = now + self.config.relayed_timeout;
        let lane = self.lane(to);
        if lane.own.is_some() || !lane.is_up {
            return;
        }
        while let Some(call) = lane.held.pop_front() {
            lane.send_call(call, due);
        }
        if lane.relayed.is_empty()
            && lane.close.is_none()
            && let Some(own) = lane.queue.pop_front()
        {
            lane.out.push_back(own.text.clone());
            lane.own = Some(own);
        }
    }
}

impl Lane {
    fn send_call(&mut self, Relayed { id, text }: Relayed, due: Instant) {
        if let Some(id) = id {
            if self.relayed.len() >= MAX_RELAYED {
                self.relayed.remove(0);
            }
            self.relayed.push((id, due));
        }
        self.out.push_back(text);
    }
}

impl OwnCall {
    /// Its answer, and how it is refused if it is not valid and the version lets it be refused (rule RPC-28).
    fn read(&self, version: Version, payload: &str) -> (Result<String, CallFailure>, Option<String>) {
        let Err(error) = (self.check)(payload) else { return (Ok(payload.to_owned()), None) };
        let refusal = rules(version).refuses_results.then(|| {
            let code = ErrorCode::of(version, &error);
            format!("[5,{},\"{}\",\"\",{{}}]", self.id, code.as_str(version))
        });
        (Err(CallFailure::InvalidResponse(InvalidResponse::Payload(error))), refusal)
    }
}
