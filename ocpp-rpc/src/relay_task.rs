//! A relay between two links, on tokio.

use std::collections::BTreeMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use ocpp_types::{DecodePolicy, Request, Version};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Sleep, sleep_until};

use crate::driver::part;
use crate::{
    CallFailure, CallRefused, Clock, CloseCode, CloseReason, Input, Instant, InvalidResponse, Keepalive, Link, LinkEnd,
    LinkError, Outgoing, Patience, PeerError, Received, Relay, RelayCall, RelayEvent, Side, Transmit,
};

/// How a [`relay`] is to run.
pub struct Relaying {
    /// How to see whether each side is still there; none to leave that to them.
    pub keepalive: Option<Keepalive>,
    /// How patient to be with sides that do not read or do not go.
    pub patience: Patience,
    /// Sees every text that comes in, with the side it comes from, before it is relayed. Must not block.
    pub observer: Option<Box<RelayObserver>>,
}

/// Sees the texts that come in.
pub type RelayObserver = dyn FnMut(Side, &str) + Send;

impl Default for Relaying {
    /// Pings and patience as usual, nobody to see.
    fn default() -> Self {
        Self { keepalive: Some(Keepalive::default()), patience: Patience::default(), observer: None }
    }
}

impl fmt::Debug for Relaying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relaying").field("keepalive", &self.keepalive).finish_non_exhaustive()
    }
}

/// How both links of a relay ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct RelayEnd {
    /// The one to the station.
    pub station: LinkEnd,
    /// The one to the CSMS.
    pub csms: LinkEnd,
}

/// The way to a relay that runs: to call the station or the CSMS in the name of the other. Clones are the same.
#[derive(Clone)]
pub struct RelayHandle(mpsc::UnboundedSender<Command>);

type Submit = Box<dyn FnOnce(&mut Relay, Instant) -> Result<RelayCall, CallRefused> + Send>;
type Waiter = oneshot::Sender<Result<Result<String, CallFailure>, CallRefused>>;

enum Command {
    Call(Submit, Waiter),
    Close(CloseCode, &'static str),
}

impl RelayHandle {
    /// Calls a side and waits for its answer, which the other side does not see (rule WS-30).
    ///
    /// # Errors
    ///
    /// [`PeerError`] if there is no answer, or it is an error.
    pub async fn call<R: Request>(&self, to: Side, request: &R) -> Result<R::Response, PeerError> {
        let (sender, receiver) = oneshot::channel();
        let request = request.clone();
        let submit: Submit = Box::new(move |relay, now| relay.call(now, to, &request));
        self.0.send(Command::Call(submit, sender)).map_err(|_| CallRefused::NotConnected)?;
        // dropped unheard, it was on its way to a relay that ended
        let text = receiver.await.unwrap_or(Err(CallRefused::NotConnected))??;
        let response = ocpp_types::decode::<R::Response>(&text, DecodePolicy::Repair);
        let response = response.map_err(|error| CallFailure::InvalidResponse(InvalidResponse::Payload(error)))?;
        Ok(response.value)
    }

    /// Closes both links.
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        // one that is over needs no closing
        _ = self.0.send(Command::Close(code, reason));
    }
}

impl fmt::Debug for RelayHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayHandle").field("over", &self.0.is_closed()).finish()
    }
}

/// Relays between a station and its CSMS, which have agreed on this version: the way to the relay, and the future that has to
/// run, until both links are over. Loss of one closes the other (rule WS-30).
///
/// ```
/// # async fn run(station: impl ocpp_rpc::Link, csms: impl ocpp_rpc::Link) {
/// use ocpp_rpc::{MessageIds, Relay, RelayConfig, Relaying, Side, relay};
/// use ocpp_types::{Version, v201};
///
/// let machine = Relay::new(RelayConfig::default(), MessageIds::new(rand()));
/// let (handle, running) = relay(station, csms, Version::V201, machine, Relaying::default());
/// let running = tokio::spawn(running);
/// let answer = handle.call(Side::Station, &v201::ClearCacheRequest::new()).await;
/// println!("{answer:?}, {:?}", running.await);
/// # }
/// # fn rand() -> u128 { 4 }
/// ```
pub fn relay(
    station: impl Link,
    csms: impl Link,
    version: Version,
    machine: Relay,
    relaying: Relaying,
) -> (RelayHandle, impl Future<Output = RelayEnd> + Send) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let clock = Clock::start();
    let mut task = Task {
        relay: machine,
        station: End::new(Side::Station, station, clock),
        csms: End::new(Side::Csms, csms, clock),
        commands: receiver,
        waiters: BTreeMap::new(),
        relaying,
        clock,
    };
    let running = async move {
        task.relay.handle_input(clock.now(), Side::Csms, Input::LinkUp(version));
        task.relay.handle_input(clock.now(), Side::Station, Input::LinkUp(version));
        {
            let mut sleep = pin!(sleep_until(clock.at(Instant::ZERO)));
            poll_fn(|cx| task.poll(cx, sleep.as_mut())).await;
        }
        task.settle();
        let Task { station, csms, relaying, .. } = task;
        RelayEnd { station: station.part(&relaying), csms: csms.part(&relaying) }
    };
    (RelayHandle(sender), running)
}

struct Task<S, C> {
    relay: Relay,
    station: End<S>,
    csms: End<C>,
    commands: mpsc::UnboundedReceiver<Command>,
    /// Who waits for which call.
    waiters: BTreeMap<RelayCall, Waiter>,
    relaying: Relaying,
    clock: Clock,
}

/// Messages taken in before the task lets others have their turn.
const READS_PER_TURN: u32 = 32;

impl<S: Link, C: Link> Task<S, C> {
    fn poll(&mut self, cx: &mut Context<'_>, mut sleep: Pin<&mut Sleep>) -> Poll<()> {
        for _ in 0..READS_PER_TURN {
            self.take_commands(cx);
            let now = self.clock.now();
            let read = self.station.poll(cx, now, &mut self.relay, &mut self.relaying)
                | self.csms.poll(cx, now, &mut self.relay, &mut self.relaying);
            self.settle();
            if self.station.over.is_some() && self.csms.over.is_some() {
                return Poll::Ready(());
            }
            if read {
                continue;
            }
            let keepalive = self.relaying.keepalive;
            let patience = self.relaying.patience;
            let due = [
                self.relay.poll_timeout(),
                self.station.poll_timeout(keepalive, patience),
                self.csms.poll_timeout(keepalive, patience),
            ];
            let Some(due) = due.into_iter().flatten().min() else { return Poll::Pending };
            if due > self.clock.now() {
                let at = self.clock.at(due);
                if sleep.deadline() != at {
                    sleep.as_mut().reset(at);
                }
                if sleep.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
            }
            self.relay.handle_input(self.clock.now(), Side::Station, Input::Timeout);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn take_commands(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(command)) = self.commands.poll_recv(cx) {
            match command {
                Command::Close(code, reason) => self.relay.close(code, reason),
                // whoever called may have gone
                Command::Call(submit, waiter) => match submit(&mut self.relay, self.clock.now()) {
                    Ok(call) => drop(self.waiters.insert(call, waiter)),
                    Err(refused) => drop(waiter.send(Err(refused))),
                },
            }
        }
    }

    fn settle(&mut self) {
        while let Some(event) = self.relay.poll_event() {
            if let RelayEvent::Answer { call, outcome } = event
                && let Some(waiter) = self.waiters.remove(&call)
            {
                _ = waiter.send(Ok(outcome));
            }
        }
    }
}

/// One of the links.
struct End<L> {
    side: Side,
    link: L,
    over: Option<LinkEnd>,
    /// Our close frame, and when waiting for its answer ends.
    closing: Option<(CloseReason, Instant)>,
    /// Since when nothing more can be sent.
    blocked: Option<Instant>,
    unflushed: bool,
    pinged: Instant,
    /// When the first ping left after which nothing was heard.
    unheard_since: Option<Instant>,
}

impl<L: Link> End<L> {
    fn new(side: Side, link: L, clock: Clock) -> Self {
        Self {
            side,
            link,
            over: None,
            closing: None,
            blocked: None,
            unflushed: false,
            pinged: clock.now(),
            unheard_since: None,
        }
    }

    /// Sends what there is, and reads one message; whether there was one, or something else has changed.
    fn poll(&mut self, cx: &mut Context<'_>, now: Instant, relay: &mut Relay, relaying: &mut Relaying) -> bool {
        if self.over.is_some() {
            return false;
        }
        let end = match self.send(cx, now, relay, relaying) {
            Ok(()) => self.late(now, relaying),
            Err(end) => Some(end),
        };
        if let Some(end) = end {
            return self.end(now, relay, end);
        }
        if !relay.may_read(self.side) && self.closing.is_none() {
            // it is the other side that does not read
            self.unheard_since = None;
            return false;
        }
        let arrived = match Pin::new(&mut self.link).poll_next(cx) {
            Poll::Pending => return false,
            Poll::Ready(None) => Err(LinkEnd::Lost(LinkError::Ended)),
            Poll::Ready(Some(Err(error))) => Err(LinkEnd::Lost(error)),
            Poll::Ready(Some(Ok(Received::Close(reason)))) => Err(LinkEnd::ClosedByPeer(reason)),
            Poll::Ready(Some(Ok(received))) => Ok(received),
        };
        self.unheard_since = None;
        match arrived {
            Err(end) => return self.end(now, relay, end),
            // what comes after our goodbye is not for the other side any more
            Ok(_) if self.closing.is_some() => {}
            Ok(Received::Text(text)) => {
                if let Some(observer) = &mut relaying.observer {
                    observer(self.side, &text);
                }
                relay.handle_input(now, self.side, Input::Text(&text));
            }
            Ok(Received::Binary) => relay.handle_input(now, self.side, Input::Binary),
            Ok(_) => {}
        }
        true
    }

    fn send(
        &mut self,
        cx: &mut Context<'_>,
        now: Instant,
        relay: &mut Relay,
        relaying: &Relaying,
    ) -> Result<(), LinkEnd> {
        while self.closing.is_none() {
            match Pin::new(&mut self.link).poll_ready(cx) {
                Poll::Pending => {
                    self.blocked.get_or_insert(now);
                    return Ok(());
                }
                Poll::Ready(Err(error)) => return Err(LinkEnd::Lost(error)),
                Poll::Ready(Ok(())) => {}
            }
            let message = match relay.poll_transmit(self.side) {
                Some(Transmit::Text(text)) => Outgoing::Text(text.to_owned()),
                Some(Transmit::Close { code, reason }) => {
                    let reason = CloseReason::new(code, reason);
                    self.closing = Some((reason.clone(), now + relaying.patience.close));
                    Outgoing::Close(reason)
                }
                None if relaying.keepalive.is_some_and(|keepalive| self.pinged + keepalive.every <= now) => {
                    self.pinged = now;
                    self.unheard_since.get_or_insert(now);
                    Outgoing::Ping
                }
                None => break,
            };
            if let Err(error) = Pin::new(&mut self.link).start_send(message) {
                return Err(LinkEnd::Lost(error));
            }
            self.unflushed = true;
        }
        if self.unflushed {
            match Pin::new(&mut self.link).poll_flush(cx) {
                Poll::Pending => {
                    self.blocked.get_or_insert(now);
                    return Ok(());
                }
                // both sides have said goodbye
                Poll::Ready(Err(LinkError::Closed)) if self.closing.is_some() => {}
                Poll::Ready(Err(error)) => return Err(LinkEnd::Lost(error)),
                Poll::Ready(Ok(())) => {}
            }
            self.unflushed = false;
        }
        self.blocked = None;
        Ok(())
    }

    /// The end of a side that has waited, read or answered for too long, if it has.
    fn late(&self, now: Instant, relaying: &Relaying) -> Option<LinkEnd> {
        if self.closing.as_ref().is_some_and(|(_, due)| *due <= now) {
            return Some(LinkEnd::Silent);
        }
        if self.blocked.is_some_and(|since| since + relaying.patience.write <= now) {
            return Some(LinkEnd::SlowReader);
        }
        let keepalive = relaying.keepalive?;
        self.unheard_since.is_some_and(|since| since + keepalive.within <= now).then_some(LinkEnd::Silent)
    }

    fn end(&mut self, now: Instant, relay: &mut Relay, end: LinkEnd) -> bool {
        let end = match self.closing.take() {
            Some((reason, _)) => LinkEnd::Closed(reason),
            None => end,
        };
        self.over = Some(end);
        relay.handle_input(now, self.side, Input::LinkDown);
        true
    }

    fn poll_timeout(&self, keepalive: Option<Keepalive>, patience: Patience) -> Option<Instant> {
        if self.over.is_some() {
            return None;
        }
        let closing = self.closing.as_ref().map(|(_, due)| *due);
        let blocked = self.blocked.map(|since| since + patience.write);
        let silent = keepalive.and_then(|keepalive| Some(self.unheard_since? + keepalive.within));
        let ping = keepalive.filter(|_| closing.is_none() && blocked.is_none());
        let ping = ping.map(|keepalive| self.pinged + keepalive.every);
        [closing, blocked, silent, ping].into_iter().flatten().min()
    }

    fn part(self, relaying: &Relaying) -> LinkEnd {
        part(self.link, relaying.patience.close);
        self.over.unwrap_or(LinkEnd::Silent)
    }
}
