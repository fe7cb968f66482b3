//! A CSMS on tokio: one task per connection, handles to call stations by.

mod cluster;
mod config;
mod desk;
mod entrance;
mod states;
mod station;
#[cfg(feature = "websocket")]
mod websocket;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::SinkExt;
use ocpp_rpc::{Clock, CloseCode, CloseReason, Link, LinkEnd, Mailbox, MessageIds, Outgoing, Router};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout, timeout_at};

pub use self::cluster::{Cluster, NodeError, Nodes, RoutedError};
pub use self::config::{CsmsConfig, CsmsEvent, NoticeHandler, Observer};
use self::desk::{Carried, Desk};
pub use self::entrance::{Entrance, EntranceDenied};
use self::states::Unsaved;
pub use self::states::{StateError, StateStore};
pub use self::station::{CallError, CallOptions, RemoteStartError, RemoteStarted, Station};
use crate::directory::DirectoryError;
use crate::registry::{Alarm, Arrival, Dismissed, Generation, NotEntered, ProbeResult, Registry, RegistryCounters};
use crate::{Guard, Registration, StationConnection, StationId};

/// A CSMS: lets stations in, has their requests handled and calls them.
///
/// Clones are the same CSMS. It has no socket of its own: [`serve`](Self::serve) takes a listener, and
/// [`enter`](Self::enter) with [`run`](Self::run) serve a connection that somebody else has accepted, for instance axum.
///
/// ```
/// # fn main() {
/// use std::sync::Arc;
/// use ocpp_rpc::Router;
/// use ocpp_server::{Csms, CsmsConfig, Enrolment, PasswordHash, SecurityProfile, Station, StaticAuthenticator, StationId};
/// use ocpp_types::v16;
///
/// let stations = StaticAuthenticator::new();
/// let secret = PasswordHash::new(b"sixteen bytes or more", rand::salt());
/// stations.enrol(StationId::new("CP1").unwrap(), Enrolment::with_password(SecurityProfile::TlsWithPassword, secret));
///
/// let router = Router::new().on(|station: Station, request: v16::AuthorizeRequest| async move {
///     println!("{}: {}", station.identity(), request.id_tag);
///     Ok(v16::AuthorizeResponse::new(v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted)))
/// });
/// let csms = Csms::new(CsmsConfig::new(Arc::new(stations)), router);
/// assert!(csms.station("CP1").is_none());
/// # }
/// # mod rand { pub fn salt() -> [u8; 16] { [4; 16] } }
/// ```
#[derive(Clone)]
pub struct Csms(Arc<Shared>);

pub(crate) struct Shared {
    config: CsmsConfig,
    rules: Arc<crate::StationRules>,
    router: Router<Station, StationConnection>,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    registry: Registry<Handle>,
    guard: Guard,
    /// What is known of stations that have been here, until memory is needed for others.
    known: BTreeMap<StationId, Known>,
    /// States on their way to the store.
    unsaved: BTreeMap<StationId, Unsaved>,
}

/// The way to the task of a connection.
#[derive(Clone)]
struct Handle {
    mailbox: Mailbox<Desk>,
    version: ocpp_types::Version,
}

#[derive(Default)]
struct Known {
    registration: Registration,
    /// What the next connection takes over, while there is none.
    carried: Option<Box<Carried>>,
}

/// A conversation under way.
type Conversing = Pin<Box<dyn Future<Output = LinkEnd> + Send>>;

/// How a connection ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunEnd {
    /// It was not let in, and was closed.
    NotEntered(NotEntered),
    /// It was let in, and is over.
    Over(LinkEnd),
}

/// Where a connection finds what it takes over.
enum Leaving {
    /// It was left here.
    Here(Box<Carried>),
    /// With the connection that it replaces.
    With(oneshot::Receiver<Carried>),
}

/// How long a connection that is replaced has to hand over what waits, before the new one goes on without.
const HAND_OVER: Duration = Duration::from_secs(1);

/// How long handlers have to answer when the node goes down.
const FINISH: Duration = Duration::from_secs(30);

/// How long a connection has to answer a ping that decides whether it is replaced.
const PROBE: Duration = Duration::from_secs(5);

/// How long a connection that is not let in has to take its close frame.
const GOODBYE: Duration = Duration::from_secs(5);

impl Csms {
    /// A CSMS without connections.
    pub fn new(config: CsmsConfig, router: Router<Station, StationConnection>) -> Self {
        let state = State {
            registry: Registry::new(config.registry),
            guard: Guard::new(config.guard),
            known: BTreeMap::new(),
            unsaved: BTreeMap::new(),
        };
        let rules = Arc::new(config.rules.clone());
        Self(Arc::new(Shared { config, rules, router, clock: Clock::start(), state: Mutex::new(state) }))
    }

    /// A station that is connected.
    pub fn station(&self, identity: &str) -> Option<Station> {
        let state = self.0.state();
        let found = state.registry.get(identity)?;
        Some(Station::new(found.identity.clone(), found.generation, found.handle))
    }

    /// All stations that are connected, by identity.
    pub fn stations(&self) -> Vec<Station> {
        let state = self.0.state();
        let station = |found: crate::registry::Connected<'_, Handle>| {
            Station::new(found.identity.clone(), found.generation, found.handle)
        };
        state.registry.iter().map(station).collect()
    }

    /// How many stations are connected.
    pub fn connected(&self) -> usize {
        self.0.state().registry.len()
    }

    /// How it stands with the registration of a station that is here or has been, as far as this process knows.
    pub fn registration(&self, identity: &str) -> Registration {
        self.0.state().known.get(identity).map_or(Registration::Unregistered, |known| known.registration)
    }

    /// What the registry has counted.
    pub fn counters(&self) -> RegistryCounters {
        self.0.state().registry.counters()
    }

    /// Sends all stations away, so many per second, and lets nobody in any more (rule CS-57). Each is read no more, and goes when what
    /// it has asked for is answered. Completes when all of that is done, and what is known of them is saved; handlers have 30
    /// seconds.
    pub async fn drain(&self, per_second: u32) {
        self.0.state().registry.start_drain(self.0.clock.now(), per_second);
        let mut left = Vec::new();
        loop {
            let (gone, next) = {
                let mut state = self.0.state();
                (state.registry.drain(self.0.clock.now()), state.registry.poll_timeout())
            };
            left.extend(gone.iter().map(send_away));
            let Some(next) = next else { break };
            sleep(next - self.0.clock.now()).await;
        }
        // one whose handlers take longer than they may is not waited for
        let latest = tokio::time::Instant::now() + FINISH;
        for station in left {
            _ = timeout_at(latest, station).await;
        }
        if self.0.config.states.is_some() {
            self.all_saved().await;
        }
    }

    /// Serves the connection of a station that [`enter`](Self::enter) has let in, until it is over.
    pub fn run<L: Link>(&self, entrance: Entrance, link: L) -> impl Future<Output = RunEnd> + Send + use<L> {
        // a future holds whatever it is given or waits for as long as it lives, and this one may live for months: so
        // coming in and conversing are in boxes of their own, and the first is given back before the second is made
        let coming_in = Box::pin(self.clone().come_in(entrance, link));
        async move {
            match coming_in.await {
                Ok(conversation) => RunEnd::Over(conversation.await),
                Err(why) => RunEnd::NotEntered(why),
            }
        }
    }

    /// The conversation with a station, if it is let in.
    async fn come_in(self, entrance: Entrance, link: impl Link) -> Result<Conversing, NotEntered> {
        let Entrance { handshake, admission } = entrance;
        let (identity, version) = (handshake.identity, handshake.version);
        let mailbox = Mailbox::new();
        let handle = Handle { mailbox: mailbox.clone(), version };
        let is_here = self.0.state().registry.get(identity.as_str()).is_some();
        if self.0.config.states.is_some() && !is_here {
            Box::pin(self.fetch(&identity)).await;
        }
        let (generation, leaving) = match self.arrive(&identity, handshake.source, handle).await {
            Ok(entered) => entered,
            Err((dismissed, why)) => {
                goodbye(link, CloseReason::new(dismissed.code, dismissed.reason)).await;
                return Err(why);
            }
        };
        let rules = admission.rules.clone().unwrap_or_else(|| Arc::clone(&self.0.rules));
        // from here on it leaves the registry with its desk
        let desk_of = (identity.clone(), generation, version);
        let mut desk = Desk::new(Arc::clone(&self.0), Arc::clone(&rules), desk_of, mailbox);
        let hand_over = desk.take_over(self.carried(&identity, leaving).await);
        let ids = MessageIds::new(self.0.config.message_id_seed.wrapping_add(u128::from(generation.number())));
        let mut machine = StationConnection::resume(rules, ids, &admission, hand_over);
        // not before it is entered: a connection that is sent away must not take the claim of the one that stays
        match self.claim(&identity).await {
            Ok(()) => Ok(Box::pin(desk.converse(machine, link))),
            Err(error) => {
                self.0.tell(&CsmsEvent::Directory(&error));
                desk.close(&mut machine);
                goodbye(link, CloseReason::new(CloseCode::OVERLOAD, "try again")).await;
                Err(NotEntered::NoClaim)
            }
        }
    }

    /// Claims a station for this node, if there are others (rule CS-52).
    async fn claim(&self, identity: &StationId) -> Result<(), DirectoryError> {
        match &self.0.config.cluster {
            Some(cluster) => Box::pin(cluster.claim(identity)).await,
            None => Ok(()),
        }
    }

    /// Enters a connection in the registry; where it finds what it takes over from the one before.
    async fn arrive(
        &self,
        identity: &StationId,
        source: Option<std::net::IpAddr>,
        handle: Handle,
    ) -> Result<(Generation, Leaving), (Dismissed<Handle>, NotEntered)> {
        let clock = self.0.clock;
        let mut arrival = self.0.state().registry.arrive(clock.now(), identity.clone(), source, handle);
        if let Arrival::Probe { handle, holder } = arrival {
            let result = self.probe(identity, holder).await;
            let mut state = self.0.state();
            arrival = state.registry.probed(clock.now(), identity.clone(), source, handle, (holder, result));
        }
        match arrival {
            Arrival::Entered { generation } => {
                let mut state = self.0.state();
                self.make_room(&mut state, identity);
                let known = state.known.entry(identity.clone()).or_default();
                let registration = known.registration;
                let carried = known.carried.take();
                Ok((generation, Leaving::Here(carried.unwrap_or_else(|| Box::new(Carried::of(registration))))))
            }
            Arrival::Replaced { generation, loser, alarm } => {
                self.alarm(alarm);
                let (sender, receiver) = oneshot::channel();
                // one that is over has nothing to leave
                _ = loser.handle.mailbox.post(move |desk: &mut Desk, turn| {
                    _ = sender.send(desk.give_way(turn, loser.code, loser.reason));
                });
                Ok((generation, Leaving::With(receiver)))
            }
            Arrival::Refused { loser, why, alarm } => {
                self.alarm(alarm);
                Err((loser, why))
            }
            Arrival::Probe { handle, .. } => {
                // only `arrive` asks for that
                let (identity, reason) = (identity.clone(), "try again");
                Err((Dismissed { identity, handle, code: CloseCode::OVERLOAD, reason }, NotEntered::AlreadyConnected))
            }
        }
    }

    /// What a connection takes over. One before it that does not answer keeps its commands, which end with it; the registration
    /// is known here, too.
    async fn carried(&self, identity: &StationId, leaving: Leaving) -> Carried {
        match leaving {
            Leaving::Here(carried) => *carried,
            Leaving::With(receiver) => {
                let handed = timeout(HAND_OVER, receiver).await.ok().and_then(Result::ok);
                handed.unwrap_or_else(|| Carried::of(self.registration(identity.as_str())))
            }
        }
    }

    /// Whether the connection of a station answers a ping.
    async fn probe(&self, identity: &StationId, holder: Generation) -> ProbeResult {
        let mailbox = {
            let state = self.0.state();
            let found = state.registry.get(identity.as_str()).filter(|found| found.generation == holder);
            found.map(|found| found.handle.mailbox.clone())
        };
        let (sender, receiver) = oneshot::channel();
        let posted = mailbox.map(|mailbox| mailbox.post(move |desk: &mut Desk, _| desk.probe(sender)));
        match posted {
            Some(Ok(())) if matches!(timeout(PROBE, receiver).await, Ok(Ok(()))) => ProbeResult::Alive,
            _ => ProbeResult::Dead,
        }
    }

    fn alarm(&self, alarm: Option<Alarm>) {
        if let Some(alarm) = alarm {
            self.0.tell(&CsmsEvent::Alarm(alarm));
        }
    }

    /// Forgets a station that is away, when too many are remembered.
    fn make_room(&self, state: &mut State, coming: &StationId) {
        if state.known.len() < self.0.config.max_known || state.known.contains_key(coming) {
            return;
        }
        let State { known, registry, .. } = state;
        let away = |identity: &StationId, known: &Known| {
            known.carried.as_ref().is_none_or(|carried| carried.is_empty()) && registry.get(identity.as_str()).is_none()
        };
        let gone = known.iter().find(|(identity, known)| away(identity, known)).map(|(identity, _)| identity.clone());
        if let Some(identity) = gone {
            known.remove(&identity);
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of a station whose connection is over, unless there is a newer one here: the claim is that one's, too.
    async fn release(&self, identity: &StationId) {
        let Some(cluster) = &self.config.cluster else { return };
        let epoch = {
            // whoever arrives claims after that, so that nothing can come between
            let state = self.state();
            if state.registry.get(identity.as_str()).is_some() {
                return;
            }
            cluster.forget(identity)
        };
        if let Some(epoch) = epoch {
            cluster.release(identity, epoch).await;
        }
    }

    fn tell(&self, event: &CsmsEvent<'_>) {
        if let Some(observer) = &self.config.observer {
            observer(event);
        }
    }
}

/// Sends a connection away that is not let in.
async fn goodbye(mut link: impl Link, reason: CloseReason) {
    let goodbye = async {
        // the peer may be gone already, which is what was wanted
        _ = link.send(Outgoing::Close(reason)).await;
        _ = link.close().await;
    };
    _ = timeout(GOODBYE, goodbye).await;
}

/// Closes a connection, once its requests are answered; completes, one way or the other, when they are.
fn send_away(dismissed: &Dismissed<Handle>) -> oneshot::Receiver<()> {
    let goodbye = (dismissed.code, dismissed.reason);
    let (sender, receiver) = oneshot::channel();
    // one that is gone needs no closing
    _ = dismissed.handle.mailbox.post(move |desk: &mut Desk, turn| desk.depart(turn, goodbye, sender));
    receiver
}

impl fmt::Debug for Csms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Csms({} connected)", self.connected())
    }
}
