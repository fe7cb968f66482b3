//! A station on real WebSockets.

mod connector;
mod stationary;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{
    Answer, Application, CallFailure, CallKey, CloseCode, Gone, Instant, Keepalive, Mailbox, Patience, Router, Turn,
    drive,
};
use ocpp_types::{Request, Version, v201};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    Boot, CloseReason, MemoryStore, NetworkChange, Refused, SlotChange, Station, StationConfig, StationError,
    StationEvent, Store,
};

use connector::Up;
pub use connector::{Connector, Target};
pub use stationary::{Stationary, Wish};

/// How many events wait for whoever takes them; more are dropped. Answers go to those who wait for them and are never among
/// them, nor are requests that have a handler; any other request is answered by an error when its time is over (rule RPC-33).
const EVENTS: usize = 256;

/// A station, or a [`Charger`](crate::charger::Charger), that is kept connected by a task of its own.
///
/// Clones are the same client. When the last one is dropped, the task ends and the link with it; what has to arrive is in
/// the store.
///
/// ```no_run
/// use ocpp_client::{Client, Identity, StationConfig, StationInfo, Target};
/// use ocpp_rpc::Router;
/// use ocpp_types::{Version, v201};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let identity = Identity::new("CS-001", Version::V201)?;
/// let target = Target::new("ws://csms.example.com/ocpp", identity, [Version::V201]);
/// let config = StationConfig::new(Version::V201, StationInfo::new("Acme", "Two"));
/// let router = Router::new().on(|_, _: v201::ClearCacheRequest| async {
///     Ok(v201::ClearCacheResponse::new(v201::ClearCacheStatus::Accepted))
/// });
/// let client = Client::connect(target, config, router).await?;
/// let token = v201::IdToken::new("04A1", v201::IdTokenKind::Iso14443);
/// let answer = client.call(&v201::AuthorizeRequest::new(token)).await?;
/// println!("{:?}", answer.id_token_info.status);
/// # Ok(())
/// # }
/// ```
pub struct Client<M: Stationary = Station<MemoryStore>>(Arc<Inner<M>>);

struct Inner<M: Stationary> {
    mailbox: Mailbox<Desk<M>>,
    leave: watch::Sender<bool>,
    online: watch::Receiver<bool>,
    events: tokio::sync::Mutex<mpsc::Receiver<M::Event>>,
}

/// Stops the task when the last client is gone.
impl<M: Stationary> Drop for Inner<M> {
    fn drop(&mut self) {
        // a task that has ended has no mailbox any more
        _ = self.mailbox.post(|desk, turn| {
            desk.wish = Some(Wish::Stay);
            turn.machine.close(CloseCode::NORMAL, "the station goes away");
        });
    }
}

/// Why a call of a [`Client`] has no answer to show.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// It was not made.
    #[error("call not made: {0}")]
    Refused(#[from] Refused),
    /// It was, and failed.
    #[error("call failed: {0}")]
    Failed(#[from] CallFailure),
    /// The task of the client has ended.
    #[error("the client has stopped")]
    Stopped,
}

impl Client<Station<MemoryStore>> {
    /// Connects a station that keeps nothing over a restart, and waits until the CSMS has accepted it. There is no end to
    /// the attempts; put a time-out around it if there should be one.
    ///
    /// # Errors
    /// When the station cannot be set up.
    pub async fn connect(
        target: Target,
        config: StationConfig,
        router: Router<Client<Station<MemoryStore>>, Station<MemoryStore>>,
    ) -> Result<Self, StationError> {
        Self::connect_with(target, config, MemoryStore::new(), router).await
    }
}

impl<S: Store + Send + 'static> Client<Station<S>> {
    /// Connects a station that keeps what must arrive in this store, and waits until the CSMS has accepted it.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn connect_with(
        target: Target,
        config: StationConfig,
        store: S,
        router: Router<Client<Station<S>>, Station<S>>,
    ) -> Result<Self, StationError> {
        let connector = Connector::new(target);
        let station = Station::new(Instant::ZERO, config, store, Boot::random())?;
        let client = Self::start_with(connector, station, move |client, event, turn| {
            match event {
                StationEvent::Call(incoming) => router.handle(client.clone(), incoming, turn),
                other => return Some(other),
            }
            None
        });
        client.online().await;
        Ok(client)
    }

    /// Calls the CSMS and waits for its answer.
    ///
    /// # Errors
    /// When there is no answer, or it is an error.
    pub async fn call<R: Request>(&self, request: &R) -> Result<R::Response, ClientError> {
        let request = request.clone();
        let (sender, receiver) = oneshot::channel();
        let posted = self.0.mailbox.post(move |desk, turn| {
            if sender.is_closed() {
                return;
            }
            match turn.machine.call(turn.now, &request) {
                Ok(call) => {
                    let waiter: Waiter = Box::new(move |answer| {
                        if let Ok(outcome) = answer.into_outcome::<R>() {
                            _ = sender.send(outcome.map_err(ClientError::Failed));
                        }
                    });
                    desk.waiters.insert(call.key(), waiter);
                }
                Err(refused) => _ = sender.send(Err(ClientError::Refused(refused))),
            }
        });
        posted.map_err(|Gone| ClientError::Stopped)?;
        receiver.await.unwrap_or(Err(ClientError::Stopped))
    }
}

impl<M: Stationary> Client<M> {
    /// Keeps a machine connected, from now on; its events are those of [`next_event`](Self::next_event).
    ///
    /// Has to be called within a tokio runtime.
    pub fn start(connector: Connector, machine: M) -> Self {
        Self::start_with(connector, machine, |_, event, _| Some(event))
    }

    /// Keeps a machine connected; events go through a function first, which may take them.
    fn start_with(
        connector: Connector,
        machine: M,
        mut on_event: impl FnMut(&Client<M>, M::Event, &mut Turn<'_, Desk<M>>) -> Option<M::Event> + Send + 'static,
    ) -> Self {
        let mailbox = Mailbox::new();
        let (is_online, online) = watch::channel(false);
        let (sender, receiver) = mpsc::channel(EVENTS);
        let (leave, leaving) = watch::channel(false);
        let inner = Inner { mailbox: mailbox.clone(), leave, online, events: tokio::sync::Mutex::new(receiver) };
        let client = Self(Arc::new(inner));
        // the task must not keep alive what its end depends on
        let weak = Arc::downgrade(&client.0);
        let desk = Desk {
            waiters: BTreeMap::new(),
            on_event: Box::new(move |event, turn| {
                let left = match weak.upgrade() {
                    Some(inner) => on_event(&Self(inner), event, turn),
                    None => Some(event),
                };
                if let Some(event) = left {
                    // nobody listens, or not fast enough
                    _ = sender.try_send(event);
                }
            }),
            wish: None,
            is_online,
            ping_interval: machine.ping_interval(),
            pong_timeout: machine.pong_timeout(),
        };
        tokio::spawn(run(connector, machine, desk, mailbox, leaving));
        client
    }

    /// Waits until all messages may flow.
    pub async fn online(&self) {
        let mut online = self.0.online.clone();
        // the task ends after the last client
        _ = online.wait_for(|online| *online).await;
    }

    /// Whether all messages may flow.
    #[must_use]
    pub fn is_online(&self) -> bool {
        *self.0.online.borrow()
    }

    /// Does something with the machine, in its task, and gives what came of it.
    ///
    /// ```no_run
    /// # async fn run(client: ocpp_client::Client<ocpp_client::charger::Charger<ocpp_client::MemoryStore>>) {
    /// client.with(|charger, now| charger.plug_in(now, 1)).await.unwrap().unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the task has ended.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M, Instant) -> T + Send + 'static,
    ) -> Result<T, ClientError> {
        let (sender, receiver) = oneshot::channel();
        let posted = self.0.mailbox.post(move |_, turn| _ = sender.send(work(turn.machine, turn.now)));
        posted.map_err(|Gone| ClientError::Stopped)?;
        receiver.await.map_err(|_| ClientError::Stopped)
    }

    /// The next event that nothing else has taken; `None` when the task has ended.
    pub async fn next_event(&self) -> Option<M::Event> {
        self.0.events.lock().await.recv().await
    }

    /// Closes the link, and connects again at once.
    pub fn reconnect(&self) {
        self.wish(Wish::Reconnect);
    }

    /// Closes the link and stays away.
    pub fn stop(&self) {
        self.0.leave.send_replace(true);
        self.wish(Wish::Stay);
    }

    fn wish(&self, wish: Wish) {
        // a task that has ended has no mailbox any more
        _ = self.0.mailbox.post(|desk, turn| {
            desk.wish = Some(wish);
            turn.machine.close(CloseCode::NORMAL, "");
        });
    }
}

impl<M: Stationary> Clone for Client<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Stationary> fmt::Debug for Client<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("online", &self.is_online()).finish_non_exhaustive()
    }
}

/// Connects, talks, and connects again, until the client wants no more.
async fn run<M: Stationary>(
    mut connector: Connector,
    mut machine: M,
    mut desk: Desk<M>,
    mailbox: Mailbox<Desk<M>>,
    mut leaving: watch::Receiver<bool>,
) {
    let clock = connector.clock();
    let mut reason = None;
    connector.provision(&mut machine);
    while let Some(up) = connector.next_link(reason, &mut machine, &mut desk, &mailbox, &mut leaving).await {
        let Up { link, version, change } = up;
        // it may have become time for a restart while there was no link
        if let Some(Wish::Restart(reason)) = desk.wish.take() {
            let Some(restarted) = restart(machine, &connector, reason) else { break };
            machine = restarted;
        }
        // a CSMS of 1.6 that wants another security profile is no other CSMS (WS-16, WS-21)
        let news = machine.connected(clock.now(), connector.slot());
        if change == SlotChange::Switched && (version != Version::V16 || news == NetworkChange::Same) {
            machine.introduce_again(clock.now(), v201::BootReason::ApplicationReset);
        }
        let end = drive(link, version, &mut machine, &mut desk, &mailbox, clock, Patience::default()).await;
        desk.is_online.send_replace(false);
        reason = Some(match desk.wish.take() {
            None => connector::reason_of(&end),
            Some(Wish::Reconnect) => CloseReason::ProfileChanged,
            Some(Wish::Stay) => CloseReason::Shutdown,
            Some(Wish::Credentials(password)) => {
                connector.set_password(password);
                CloseReason::CredentialsChanged
            }
            Some(Wish::Restart(reason)) => {
                let Some(restarted) = restart(machine, &connector, reason) else { break };
                machine = restarted;
                CloseReason::Restart
            }
        });
    }
    mailbox.close();
}

/// `None` if the machine cannot be set up.
fn restart<M: Stationary>(machine: M, connector: &Connector, reason: v201::BootReason) -> Option<M> {
    let boot = Boot::random().because(reason);
    machine.restart(connector.clock().now(), boot).ok()
}

/// What the task knows beside the machine.
pub(crate) struct Desk<M: Stationary> {
    /// Who waits for the answer to which call.
    waiters: BTreeMap<CallKey, Waiter>,
    on_event: OnEvent<M>,
    /// Why this side closes.
    wish: Option<Wish>,
    is_online: watch::Sender<bool>,
    ping_interval: Option<Duration>,
    pong_timeout: Duration,
}

type Waiter = Box<dyn FnOnce(Answer) + Send>;
type OnEvent<M> = Box<dyn FnMut(<M as ocpp_rpc::Machine>::Event, &mut Turn<'_, Desk<M>>) + Send>;

impl<M: Stationary> Application for Desk<M> {
    type Machine = M;

    fn on_event(&mut self, event: M::Event, turn: &mut Turn<'_, Self>) {
        if let Some(wish) = turn.machine.wish(&event) {
            self.wish = Some(wish);
            turn.machine.close(CloseCode::NORMAL, "");
        }
        (self.ping_interval, self.pong_timeout) = (turn.machine.ping_interval(), turn.machine.pong_timeout());
        let online = turn.machine.is_online();
        self.is_online.send_if_modified(|known| core::mem::replace(known, online) != online);
        match M::answer(event) {
            Ok(answer) => {
                if let Some(waiter) = self.waiters.remove(&answer.key()) {
                    waiter(answer);
                }
            }
            Err(event) => (self.on_event)(event, turn),
        }
    }

    fn keepalive(&self) -> Option<Keepalive> {
        self.ping_interval.map(|every| Keepalive { every, within: self.pong_timeout })
    }
}
