//! The task that drives a machine: time, link and application meet here and nowhere else.

mod clock;
mod mailbox;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use ocpp_types::Version;
use tokio::time::{Sleep, sleep_until, timeout};

pub use clock::Clock;
pub use mailbox::{Gone, Mailbox};

use crate::{CloseCode, CloseReason, Input, Instant, Link, LinkError, Machine, Outgoing, Received, Transmit};

/// What a program does with what a machine tells it.
///
/// The methods are called in the task that drives the machine, and must not block it. Work that takes time goes into a
/// task or future of its own and comes back through the [`Mailbox`]; [`Router`](crate::Router) does it that way.
pub trait Application: Send + Sized + 'static {
    /// The machine.
    type Machine: Machine + Send;

    /// Takes an event.
    fn on_event(&mut self, event: <Self::Machine as Machine>::Event, turn: &mut Turn<'_, Self>);

    /// Something was heard of the peer: a message, a ping, a pong.
    fn on_heard(&mut self, turn: &mut Turn<'_, Self>) {
        let _ = turn;
    }

    /// Whether more may be read of the peer. While it may not, the peer waits: what it sends stays in the network, and nothing
    /// is lost of it (rule CS-55).
    fn may_read(&self, machine: &Self::Machine) -> bool {
        let _ = machine;
        true
    }

    /// How to see whether the peer is still there. Asked again and again, so it may change with the configuration.
    fn keepalive(&self) -> Option<Keepalive> {
        Some(Keepalive::default())
    }
}

/// The machine, for the time of one call of an [`Application`].
pub struct Turn<'a, A: Application> {
    /// The machine; what it wants to send after this is sent.
    pub machine: &'a mut A::Machine,
    /// The moment.
    pub now: Instant,
    /// The way back, for what takes longer.
    pub mailbox: &'a Mailbox<A>,
}

/// When to ping, and how long to wait for a sign of life (rules WS-22, CS-08; rows A14, A17).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keepalive {
    /// The time between two pings.
    pub every: Duration,
    /// How long after a ping something has to be heard.
    pub within: Duration,
}

impl Default for Keepalive {
    /// A ping every two minutes, with 30 seconds for the pong.
    fn default() -> Self {
        Self { every: Duration::from_secs(120), within: Duration::from_secs(30) }
    }
}

/// How patient a driver is with the peer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Patience {
    /// How long the peer may take to accept what is sent to it, before it counts as gone (row E11, rule CS-55).
    pub write: Duration,
    /// How long the peer may take to answer a close frame and to go (row A15).
    pub close: Duration,
}

impl Default for Patience {
    /// 30 seconds to read, 5 seconds to go.
    fn default() -> Self {
        Self { write: Duration::from_secs(30), close: Duration::from_secs(5) }
    }
}

/// Why a link is over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkEnd {
    /// The peer closed it.
    #[error("closed by the peer: {0}")]
    ClosedByPeer(CloseReason),
    /// The machine closed it.
    #[error("closed: {0}")]
    Closed(CloseReason),
    /// It broke, or the peer broke a rule.
    #[error("lost")]
    Lost(#[source] LinkError),
    /// The peer answered no ping.
    #[error("nothing heard of the peer")]
    Silent,
    /// The peer does not read what is sent to it.
    #[error("the peer does not read")]
    SlowReader,
}

/// Messages taken in before the task lets others have their turn.
const READS_PER_TURN: u32 = 32;

/// Messages taken in while nothing can be sent. Answers to them pile up in the machine, so there is an end to it; there is
/// a beginning, too, because two peers that read only after they have written can wait for each other for ever.
const READS_WHILE_BLOCKED: u32 = 64;

/// Drives a machine over a link, until the link is over. Then the machine has been told, and the application has got the
/// events that this gave.
///
/// Commands in the mailbox are carried out all the while. Nothing here waits for the application: an event is over when
/// [`Application::on_event`] returns.
pub fn drive<'a, A: Application>(
    link: impl Link,
    version: Version,
    machine: &'a mut A::Machine,
    application: &'a mut A,
    mailbox: &'a Mailbox<A>,
    clock: Clock,
    patience: Patience,
) -> impl Future<Output = LinkEnd> + Send + 'a {
    // everything is made here rather than inside the future, which would hold it twice
    let mut hub = Hub { machine, application, mailbox, clock };
    let mut driver = Driver {
        link,
        patience,
        pinged: clock.now(),
        unheard_since: None,
        unflushed: false,
        blocked: None,
        closing: None,
        reads_while_blocked: 0,
    };
    async move {
        hub.machine.handle_input(clock.now(), Input::LinkUp(version));
        let end = {
            let mut sleep = pin!(sleep_until(clock.at(Instant::ZERO)));
            poll_fn(|cx| driver.poll(cx, &mut hub, sleep.as_mut())).await
        };
        hub.machine.handle_input(clock.now(), Input::LinkDown);
        hub.settle();
        part(driver.link, patience.close);
        end
    }
}

/// Keeps a machine going that has no link, until something has happened, for instance a new link is there.
pub async fn wait<A: Application, T>(
    until: impl Future<Output = T>,
    machine: &mut A::Machine,
    application: &mut A,
    mailbox: &Mailbox<A>,
    clock: Clock,
) -> T {
    let mut hub = Hub { machine, application, mailbox, clock };
    let mut until = pin!(until);
    let mut sleep = pin!(sleep_until(clock.at(Instant::ZERO)));
    poll_fn(|cx| {
        loop {
            if let Poll::Ready(outcome) = until.as_mut().poll(cx) {
                return Poll::Ready(outcome);
            }
            hub.take_commands(cx);
            hub.settle();
            // a machine without a link has nothing to send, and what it thinks it has would be late
            while hub.machine.poll_transmit().is_some() {}
            let due = hub.machine.poll_timeout();
            if !hub.poll_sleep(cx, sleep.as_mut(), due) {
                return Poll::Pending;
            }
            hub.machine.handle_input(hub.clock.now(), Input::Timeout);
        }
    })
    .await
}

/// Machine and application, and the ways to them that need no link.
struct Hub<'a, A: Application> {
    machine: &'a mut A::Machine,
    application: &'a mut A,
    mailbox: &'a Mailbox<A>,
    clock: Clock,
}

impl<A: Application> Hub<'_, A> {
    /// Carries out what the mailbox holds.
    fn take_commands(&mut self, cx: &Context<'_>) {
        self.mailbox.watch(cx.waker());
        while let Some(command) = self.mailbox.take() {
            let mut turn = Turn { machine: self.machine, now: self.clock.now(), mailbox: self.mailbox };
            command(self.application, &mut turn);
        }
    }

    /// Hands all events to the application.
    fn settle(&mut self) {
        while let Some(event) = self.machine.poll_event() {
            let mut turn = Turn { machine: self.machine, now: self.clock.now(), mailbox: self.mailbox };
            self.application.on_event(event, &mut turn);
        }
    }

    fn heard(&mut self, now: Instant) {
        let mut turn = Turn { machine: self.machine, now, mailbox: self.mailbox };
        self.application.on_heard(&mut turn);
    }

    /// Sets the alarm clock; whether the moment is already there.
    fn poll_sleep(&self, cx: &mut Context<'_>, mut sleep: Pin<&mut Sleep>, due: Option<Instant>) -> bool {
        let Some(due) = due else { return false };
        if due <= self.clock.now() {
            return true;
        }
        let at = self.clock.at(due);
        if sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
        sleep.poll(cx).is_ready()
    }
}

/// A link under way.
struct Driver<L> {
    link: L,
    patience: Patience,
    /// When the last ping left.
    pinged: Instant,
    /// When the first ping left after which nothing was heard.
    unheard_since: Option<Instant>,
    /// Whether something was sent and not flushed.
    unflushed: bool,
    /// Since when nothing more can be sent.
    blocked: Option<Instant>,
    reads_while_blocked: u32,
    /// Our close frame, and when waiting for its answer ends.
    closing: Option<Box<(CloseReason, Instant)>>,
}

impl<L: Link> Driver<L> {
    fn poll<A: Application>(
        &mut self,
        cx: &mut Context<'_>,
        hub: &mut Hub<'_, A>,
        mut sleep: Pin<&mut Sleep>,
    ) -> Poll<LinkEnd> {
        let mut reads = 0;
        loop {
            hub.take_commands(cx);
            hub.settle();
            if let Err(end) = self.send(cx, hub) {
                return Poll::Ready(end);
            }

            let is_held_back = !hub.application.may_read(hub.machine);
            if is_held_back {
                // it is this side that does not listen
                self.unheard_since = None;
            } else if self.may_read() {
                match Pin::new(&mut self.link).poll_next(cx) {
                    Poll::Pending => {}
                    Poll::Ready(arrived) => {
                        if let Some(end) = self.take(hub, arrived) {
                            return Poll::Ready(end);
                        }
                        reads += 1;
                        if reads == READS_PER_TURN {
                            cx.waker().wake_by_ref();
                            return Poll::Pending;
                        }
                        continue;
                    }
                }
            }

            let keepalive = hub.application.keepalive();
            let due = [hub.machine.poll_timeout(), self.own_timeout(keepalive)].into_iter().flatten().min();
            if !hub.poll_sleep(cx, sleep.as_mut(), due) {
                return Poll::Pending;
            }
            let now = hub.clock.now();
            hub.machine.handle_input(now, Input::Timeout);
            if let Some(end) = self.on_timeout(now, keepalive) {
                return Poll::Ready(end);
            }
        }
    }

    /// Sends what the machine has to send, as far as the link takes it.
    fn send<A: Application>(&mut self, cx: &mut Context<'_>, hub: &mut Hub<'_, A>) -> Result<(), LinkEnd> {
        while self.closing.is_none() {
            match Pin::new(&mut self.link).poll_ready(cx) {
                Poll::Pending => {
                    self.blocked.get_or_insert_with(|| hub.clock.now());
                    return Ok(());
                }
                Poll::Ready(Err(error)) => return self.lost(error),
                Poll::Ready(Ok(())) => {}
            }
            let keepalive = hub.application.keepalive();
            let message = match hub.machine.poll_transmit() {
                Some(Transmit::Text(text)) => Outgoing::Text(text.to_owned()),
                Some(Transmit::Close { code, reason }) => {
                    let reason = CloseReason::new(code, reason);
                    self.closing = Some(Box::new((reason.clone(), hub.clock.now() + self.patience.close)));
                    Outgoing::Close(reason)
                }
                None if keepalive.is_some_and(|keepalive| self.ping_due(keepalive) <= hub.clock.now()) => {
                    self.pinged = hub.clock.now();
                    self.unheard_since.get_or_insert(self.pinged);
                    Outgoing::Ping
                }
                None => break,
            };
            if let Err(error) = Pin::new(&mut self.link).start_send(message) {
                return self.lost(error);
            }
            self.unflushed = true;
        }
        if self.unflushed {
            match Pin::new(&mut self.link).poll_flush(cx) {
                Poll::Pending => {
                    self.blocked.get_or_insert_with(|| hub.clock.now());
                    return Ok(());
                }
                Poll::Ready(Err(error)) => return self.lost(error),
                Poll::Ready(Ok(())) => self.unflushed = false,
            }
        }
        (self.blocked, self.reads_while_blocked) = (None, 0);
        Ok(())
    }

    /// A link that cannot send is over, unless it is only that both sides have said goodbye.
    fn lost(&mut self, error: LinkError) -> Result<(), LinkEnd> {
        match error {
            LinkError::Closed if self.closing.is_some() => Ok(()),
            error => Err(LinkEnd::Lost(error)),
        }
    }

    fn may_read(&self) -> bool {
        self.blocked.is_none() || self.reads_while_blocked < READS_WHILE_BLOCKED
    }

    /// Takes what arrived; the end, if that is what it was.
    fn take<A: Application>(
        &mut self,
        hub: &mut Hub<'_, A>,
        arrived: Option<Result<Received, LinkError>>,
    ) -> Option<LinkEnd> {
        let now = hub.clock.now();
        let input = match arrived {
            Some(Ok(received)) => received,
            Some(Err(error)) => return Some(self.over(|| LinkEnd::Lost(error))),
            None => return Some(self.over(|| LinkEnd::Lost(LinkError::Ended))),
        };
        self.unheard_since = None;
        self.reads_while_blocked += u32::from(self.blocked.is_some());
        match input {
            Received::Text(text) => hub.machine.handle_input(now, Input::Text(&text)),
            Received::Binary => hub.machine.handle_input(now, Input::Binary),
            Received::Ping | Received::Pong => {}
            Received::Close(reason) => return Some(self.over(|| LinkEnd::ClosedByPeer(reason))),
        }
        hub.heard(now);
        None
    }

    /// The end: ours, if we have asked for it, and else this.
    fn over(&mut self, end: impl FnOnce() -> LinkEnd) -> LinkEnd {
        self.closing.take().map_or_else(end, |closing| LinkEnd::Closed(closing.0))
    }

    fn ping_due(&self, keepalive: Keepalive) -> Instant {
        self.pinged + keepalive.every
    }

    /// The next moment that matters to the link.
    fn own_timeout(&self, keepalive: Option<Keepalive>) -> Option<Instant> {
        let blocked = self.blocked.map(|since| since + self.patience.write);
        let closing = self.closing.as_ref().map(|closing| closing.1);
        let sign = keepalive.and_then(|keepalive| Some(self.unheard_since? + keepalive.within));
        // a ping that cannot leave does not make the task run in circles
        let ping = keepalive.filter(|_| self.closing.is_none() && self.blocked.is_none());
        let ping = ping.map(|keepalive| self.ping_due(keepalive));
        [blocked, closing, sign, ping].into_iter().flatten().min()
    }

    fn on_timeout(&mut self, now: Instant, keepalive: Option<Keepalive>) -> Option<LinkEnd> {
        if self.closing.as_ref().is_some_and(|closing| closing.1 <= now) {
            return Some(self.over(|| LinkEnd::Silent));
        }
        if self.blocked.is_some_and(|since| since + self.patience.write <= now) {
            return Some(LinkEnd::SlowReader);
        }
        let silent =
            keepalive.is_some_and(|keepalive| self.unheard_since.is_some_and(|since| since + keepalive.within <= now));
        silent.then_some(LinkEnd::Silent)
    }
}

/// Parts with a link: says goodbye if there is somebody to hear it, and closes the socket after the deadline whatever the
/// peer does.
pub(crate) fn part(mut link: impl Link, patience: Duration) {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    if Pin::new(&mut link).poll_close(&mut cx).is_pending() {
        tokio::spawn(timeout(patience, async move { poll_fn(|cx| Pin::new(&mut link).poll_close(cx)).await }));
    }
}

impl LinkEnd {
    /// The status of the close frame that ended the link, if there was one.
    #[must_use]
    pub fn code(&self) -> Option<CloseCode> {
        match self {
            Self::ClosedByPeer(reason) | Self::Closed(reason) | Self::Lost(LinkError::Violation { reason }) => {
                Some(reason.code)
            }
            _ => None,
        }
    }
}
