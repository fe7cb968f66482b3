//! What the task of a connection does with what its machine tells.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{
    Answer, Application, CloseCode, Conversation, Instant, Keepalive, Link, LinkEnd, LinkError, Mailbox, Turn, drive,
};
use ocpp_types::{DecodePolicy, Version};
use tokio::sync::oneshot;

use super::{CsmsEvent, Handle, Shared, Station};
use crate::registry::Generation;
use crate::{
    CommandFailure, CommandId, HandOver, Lost, Registration, RemoteStartResult, StationConnection, StationEvent,
    StationId, StationRules, StationState,
};

/// The application of one connection.
pub(crate) struct Desk {
    shared: Arc<Shared>,
    rules: Arc<StationRules>,
    identity: StationId,
    generation: Generation,
    version: Version,
    /// Who waits for which command. Without memory while nobody does.
    waiters: Waiters,
    /// Who waits for what comes of which remote start.
    starters: Starters,
    /// Who wants to know whether the station is there.
    probe: Option<oneshot::Sender<()>>,
    /// Whether this is still the connection of its station.
    is_current: bool,
    mailbox: Mailbox<Self>,
    phase: Phase,
    /// Who wants to know when all requests are answered, after the last one was read.
    finished: Option<oneshot::Sender<()>>,
}

/// How far the task of a connection has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// Nobody was told of it yet.
    ComingIn,
    Conversing,
    Over,
}

pub(super) type Waiters = BTreeMap<CommandId, Waiter>;
/// Who waits for what comes of a remote start.
pub(super) type Starters = BTreeMap<CommandId, oneshot::Sender<RemoteStartResult>>;
pub(super) type Waiter = Box<dyn FnOnce(Result<Answer, CommandFailure>) + Send>;

/// What the next connection of a station takes over.
#[derive(Default)]
pub(super) struct Carried {
    hand_over: HandOver,
    waiters: Waiters,
    starters: Starters,
}

impl Carried {
    /// Only the registration.
    pub(super) fn of(registration: Registration) -> Self {
        Self { hand_over: HandOver::of(registration), ..Self::default() }
    }

    /// What was kept elsewhere.
    pub(super) fn load(state: StationState, now: Instant) -> Self {
        Self { hand_over: HandOver::load(state, now), ..Self::default() }
    }

    /// What is to be kept elsewhere, from where it will be taken up; whoever waits here is told so.
    pub(super) fn save(self, now: Instant) -> StationState {
        for waiter in self.waiters.into_values() {
            waiter(Err(CommandFailure::Kept));
        }
        self.hand_over.save(now)
    }

    /// Ends what does not wait for a station that is away.
    fn expire(&mut self, now: Instant) {
        for (command, failure) in self.hand_over.expire(now) {
            if let Some(waiter) = self.waiters.remove(&command) {
                waiter(Err(failure));
            }
        }
    }

    /// The same, while it stays here.
    pub(super) fn state(&self, now: Instant) -> StationState {
        self.hand_over.save(now)
    }

    /// Whether no command waits in it.
    pub(super) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }
}

/// How often a connection is pinged whose life is in question.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// How long after a ping something has to be heard.
const WITHIN: Duration = Duration::from_secs(30);

impl Desk {
    pub(super) fn new(
        shared: Arc<Shared>,
        rules: Arc<StationRules>,
        (identity, generation, version): (StationId, Generation, Version),
        mailbox: Mailbox<Self>,
    ) -> Self {
        Self {
            shared,
            rules,
            identity,
            generation,
            version,
            waiters: Waiters::new(),
            starters: Starters::new(),
            probe: None,
            is_current: true,
            mailbox,
            phase: Phase::ComingIn,
            finished: None,
        }
    }

    /// Takes over from the connection before; gives what is for its machine.
    pub(super) fn take_over(&mut self, carried: Carried) -> HandOver {
        self.waiters = carried.waiters;
        self.starters = carried.starters;
        carried.hand_over
    }

    /// Remembers who waits for what comes of a remote start.
    pub(super) fn wait_for_start(&mut self, command: CommandId, starter: oneshot::Sender<RemoteStartResult>) {
        // of those that were refused, or given up, nothing more is heard
        self.starters.retain(|_, starter| !starter.is_closed());
        self.starters.insert(command, starter);
    }

    /// Has the machine driven over the link until that is over.
    #[allow(clippy::manual_async_fn)] // an `async fn` would hold its arguments twice
    pub(super) fn converse(
        mut self,
        mut machine: StationConnection,
        link: impl Link,
    ) -> impl Future<Output = LinkEnd> + Send + 'static {
        async move {
            self.phase = Phase::Conversing;
            let (identity, generation, version) = (self.identity.clone(), self.generation, self.version);
            self.tell(&CsmsEvent::Connected { identity, generation, version });
            let (clock, patience) = (self.shared.clock, self.shared.config.patience);
            let mailbox = self.mailbox.clone();
            let end = drive(link, self.version, &mut machine, &mut self, &mailbox, clock, patience).await;
            self.close(&mut machine);
            self.tell_end(&end);
            Box::pin(self.shared.release(&self.identity)).await;
            end
        }
    }

    /// Takes leave: what waits for the station to come back is kept for it.
    pub(super) fn close(&mut self, machine: &mut StationConnection) {
        self.phase = Phase::Over;
        self.mailbox.close();
        if let Some(state) = self.leave(machine) {
            self.shared.keep(&self.identity, state);
        }
    }

    /// Remembers who waits for a command.
    pub(super) fn wait(&mut self, command: CommandId, waiter: Waiter) {
        self.waiters.insert(command, waiter);
    }

    /// Tells when something is heard of the station.
    pub(super) fn probe(&mut self, sender: oneshot::Sender<()>) {
        self.probe = Some(sender);
    }

    /// Another connection of the station has taken the place of this one.
    pub(super) fn give_way(&mut self, turn: &mut Turn<'_, Self>, code: CloseCode, reason: &'static str) -> Carried {
        self.is_current = false;
        let carried = self.take_waiting(turn.machine);
        turn.machine.close(code, reason);
        carried
    }

    /// Leaves the registry, and what waits for the station to come back to the next connection; what is to be kept for it
    /// elsewhere.
    fn leave(&mut self, machine: &mut StationConnection) -> Option<StationState> {
        let now = self.shared.clock.now();
        let shared = Arc::clone(&self.shared);
        let mut state = shared.state();
        // one that was replaced has handed over already, and has nothing to say any more
        if !state.registry.leave(&self.identity, self.generation) {
            return None;
        }
        let mut carried = self.carry(machine, now);
        let mut saved = None;
        if shared.config.states.is_some() {
            saved = carried.take().map(|carried| carried.save(now));
        }
        let known = state.known.entry(self.identity.clone()).or_default();
        known.carried = carried.map(Box::new);
        saved
    }

    /// This node sends the station away, once its requests are answered (rule CS-57); what waits for it is kept where other nodes find it, if there is such a place.
    pub(super) fn depart(
        &mut self,
        turn: &mut Turn<'_, Self>,
        (code, reason): (CloseCode, &'static str),
        finished: oneshot::Sender<()>,
    ) {
        self.is_current = false;
        self.finished = Some(finished);
        let mut carried = self.take_waiting(turn.machine);
        turn.machine.finish(turn.now, code, reason);
        carried.expire(turn.now);
        if self.shared.config.states.is_some() {
            self.shared.keep(&self.identity, carried.save(turn.now));
        }
    }

    /// What waits for the station to come back, after the link is down; what does not is told so.
    fn carry(&mut self, machine: &mut StationConnection, now: Instant) -> Option<Carried> {
        let mut carried = self.take_waiting(machine);
        carried.expire(now);
        (!carried.hand_over.is_empty()).then_some(carried)
    }

    fn take_waiting(&mut self, machine: &mut StationConnection) -> Carried {
        let hand_over = machine.hand_over();
        let waiting = |command: CommandId| Some((command, self.waiters.remove(&command)?));
        let waiters = hand_over.commands().filter_map(waiting).collect();
        Carried { hand_over, waiters, starters: std::mem::take(&mut self.starters) }
    }

    fn station(&self, turn: &Turn<'_, Self>) -> Station {
        let handle = Handle { mailbox: turn.mailbox.clone(), version: self.version };
        Station::new(self.identity.clone(), self.generation, &handle)
    }

    fn tell_end(&self, end: &LinkEnd) {
        let (identity, generation) = (self.identity.clone(), self.generation);
        self.tell(&CsmsEvent::Disconnected { identity, generation, end });
    }

    fn tell(&self, event: &CsmsEvent<'_>) {
        self.shared.tell(event);
    }
}

/// Whoever runs a connection may stop before it is over. Then the machine is gone, and whether the station has acted on what it
/// was sent will not be known.
impl Drop for Desk {
    fn drop(&mut self) {
        if self.phase == Phase::Over {
            return;
        }
        self.mailbox.close();
        self.shared.state().registry.leave(&self.identity, self.generation);
        for waiter in std::mem::take(&mut self.waiters).into_values() {
            waiter(Err(CommandFailure::Unknown(Lost::Connection)));
        }
        if self.phase == Phase::Conversing {
            self.tell_end(&LinkEnd::Lost(LinkError::Ended));
        }
        // outside of a runtime nothing can wait for the directory: what this node holds there is free when its lease is over
        if self.shared.config.cluster.is_some()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (shared, identity) = (Arc::clone(&self.shared), self.identity.clone());
            runtime.spawn(async move { shared.release(&identity).await });
        }
    }
}

impl Application for Desk {
    type Machine = StationConnection;

    fn on_event(&mut self, event: StationEvent, turn: &mut Turn<'_, Self>) {
        let identity = || self.identity.clone();
        match event {
            // of a connection that was replaced nothing is delivered any more (fault row B18)
            StationEvent::Call(_) | StationEvent::Notice(_) if !self.is_current => {}
            StationEvent::Call(incoming) => {
                let station = self.station(turn);
                let shared = Arc::clone(&self.shared);
                shared.router.handle(station, incoming, turn);
            }
            StationEvent::Notice(notice) => {
                if let Some(handler) = &self.shared.config.on_notice {
                    handler(self.station(turn), notice);
                }
            }
            StationEvent::Done { command, outcome } => match self.waiters.remove(&command) {
                Some(waiter) => waiter(outcome),
                None => self.tell(&CsmsEvent::CommandDone { identity: identity(), outcome: &outcome }),
            },
            StationEvent::RemoteStart { command, result } => match self.starters.remove(&command) {
                // whoever waited has gone
                Some(starter) => drop(starter.send(result)),
                None => self.tell(&CsmsEvent::RemoteStart { identity: identity(), result: &result }),
            },
            StationEvent::Registered(registration) => {
                self.shared.state().known.entry(identity()).or_default().registration = registration;
                if self.shared.config.states.is_some() {
                    self.shared.keep(&self.identity, turn.machine.state(turn.now));
                }
                self.tell(&CsmsEvent::Registered { identity: identity(), registration });
            }
            StationEvent::Settled => self.tell(&CsmsEvent::Settled(self.station(turn))),
            StationEvent::Early { action } => self.tell(&CsmsEvent::Early { identity: identity(), action }),
            StationEvent::Finished => drop(self.finished.take()),
            StationEvent::OtherSerialNumber => self.tell(&CsmsEvent::OtherSerialNumber { identity: identity() }),
            StationEvent::Anomaly(anomaly) => {
                self.tell(&CsmsEvent::Anomaly { identity: identity(), anomaly: &anomaly });
            }
            _ => {}
        }
    }

    fn on_heard(&mut self, turn: &mut Turn<'_, Self>) {
        turn.machine.heard(turn.now);
        self.is_current &= self.shared.state().registry.seen(turn.now, &self.identity, self.generation);
        if let Some(probe) = self.probe.take() {
            _ = probe.send(());
        }
    }

    /// As long as requests wait for the application, as many as may, no more are read (rule CS-55); and none when the node goes
    /// down (rule CS-57).
    fn may_read(&self, machine: &StationConnection) -> bool {
        let connection = machine.connection();
        let has_room = connection.unanswered() < connection.config().max_unanswered;
        has_room && (!machine.is_finishing() || connection.version().is_none())
    }

    fn keepalive(&self) -> Option<Keepalive> {
        if self.probe.is_some() {
            return Some(Keepalive { every: PROBE_EVERY, within: WITHIN });
        }
        let every = self.rules.ping_interval?;
        Some(Keepalive { every, within: WITHIN })
    }
}

impl Conversation for StationConnection {
    type In = ocpp_rpc::StationCall;

    fn policy(&self) -> DecodePolicy {
        self.connection().config().policy
    }

    fn reply<R: ocpp_types::Request>(
        &mut self,
        now: Instant,
        to: ocpp_rpc::Replier<R>,
        outcome: Result<R::Response, ocpp_rpc::CallError>,
    ) -> Result<(), ocpp_rpc::ReplyRefused> {
        Self::reply(self, now, to, outcome)
    }

    fn refuse(
        &mut self,
        now: Instant,
        to: ocpp_rpc::Responder,
        error: ocpp_rpc::CallError,
    ) -> Result<(), ocpp_rpc::ReplyRefused> {
        Self::refuse(self, now, to, error)
    }
}
