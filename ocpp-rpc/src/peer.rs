//! A connection as a handle: calls that can be awaited.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use ocpp_types::{Notice, Request, Version};
use tokio::sync::oneshot;

use crate::{
    Answer, Application, CallFailure, CallKey, CallOptions, CallRefused, Class, Clock, CloseCode, Connection, Event,
    Inbound, Incoming, Keepalive, Link, LinkEnd, Mailbox, Patience, Router, Turn, drive,
};

/// The other side of a conversation: what a program calls it by. [`converse`] makes one.
///
/// Clones are the same peer. A peer whose connection is over refuses calls; it never waits for another connection.
pub struct Peer<In: Inbound>(Mailbox<Talk<In>>);

/// A conversation over a link: the peer to call, and the future that has to run for anything to happen, until the link is
/// over.
///
/// Requests of the peer go to the router, each with a context made for it.
///
/// ```
/// # async fn run(link: impl ocpp_rpc::Link) {
/// use std::sync::Arc;
/// use ocpp_rpc::{Connection, ConnectionConfig, Keepalive, MessageIds, Peer, Router, StationCall, converse};
/// use ocpp_types::{Timestamp, Version, v16};
///
/// let router = Router::new().on(|peer: Peer<StationCall>, _: v16::HeartbeatRequest| async move {
///     // calling back from a handler is fine
///     _ = peer.call(&v16::ClearCacheRequest::new()).await;
///     Ok(v16::HeartbeatResponse::new("2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap()))
/// });
/// let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(rand()));
/// let keepalive = Keepalive::default();
/// let (peer, running) = converse(link, Version::V16, connection, Arc::new(router), Peer::clone, keepalive);
/// let running = tokio::spawn(running);
/// let answer = peer.call(&v16::ResetRequest::new(v16::ResetType::Soft)).await;
/// println!("{answer:?}, {:?}", running.await);
/// # }
/// # fn rand() -> u128 { 4 }
/// ```
pub fn converse<In: Inbound, Cx: Send + 'static>(
    link: impl Link,
    version: Version,
    mut connection: Connection<In>,
    router: Arc<Router<Cx, Connection<In>>>,
    context: impl Fn(&Peer<In>) -> Cx + Send + 'static,
    keepalive: impl Into<Option<Keepalive>>,
) -> (Peer<In>, impl Future<Output = LinkEnd> + Send) {
    let mailbox = Mailbox::new();
    let mut talk = Talk {
        calls: BTreeMap::new(),
        on_call: Box::new(move |incoming, turn| {
            router.handle(context(&Peer(turn.mailbox.clone())), incoming, turn);
        }),
        keepalive: keepalive.into(),
    };
    let running = {
        let mailbox = mailbox.clone();
        async move {
            // whoever drops this future half way does not leave callers waiting
            let mailbox = CloseOnDrop(mailbox);
            let clock = Clock::start();
            drive(link, version, &mut connection, &mut talk, &mailbox.0, clock, Patience::default()).await
        }
    };
    (Peer(mailbox), running)
}

struct CloseOnDrop<In: Inbound>(Mailbox<Talk<In>>);

impl<In: Inbound> Drop for CloseOnDrop<In> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What a conversation needs to know besides the machine.
pub(crate) struct Talk<In: Inbound> {
    /// Who waits for the answer to which call. Empty, and without memory, on an idle connection.
    calls: BTreeMap<CallKey, Waiter>,
    on_call: OnCall<In>,
    keepalive: Option<Keepalive>,
}

type Waiter = Box<dyn FnOnce(Answer) + Send>;
type OnCall<In> = Box<dyn FnMut(Incoming<In>, &mut Turn<'_, Talk<In>>) + Send>;

impl<In: Inbound> Application for Talk<In> {
    type Machine = Connection<In>;

    fn on_event(&mut self, event: Event<In>, turn: &mut Turn<'_, Self>) {
        match event {
            Event::Call(incoming) => (self.on_call)(incoming, turn),
            Event::Answer(answer) => {
                if let Some(waiter) = self.calls.remove(&answer.key()) {
                    waiter(answer);
                }
            }
            _ => {}
        }
    }

    /// As long as requests wait for handlers, as many as may, no more are read (rule CS-55).
    fn may_read(&self, machine: &Connection<In>) -> bool {
        machine.unanswered() < machine.config().max_unanswered
    }

    fn keepalive(&self) -> Option<Keepalive> {
        self.keepalive
    }
}

/// Why a call of a [`Peer`] has no answer to show.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeerError {
    /// It was not taken to be sent.
    #[error("call not made: {0}")]
    Refused(#[from] CallRefused),
    /// It was, and failed.
    #[error("call failed: {0}")]
    Failed(#[from] CallFailure),
}

impl<In: Inbound> Peer<In> {
    /// Calls the peer and waits for its answer. When the future is dropped, nobody is told what comes of the call.
    ///
    /// # Errors
    ///
    /// [`PeerError`] if there is no answer, or it is an error.
    pub async fn call<R: Request>(&self, request: &R) -> Result<R::Response, PeerError> {
        self.call_with(request, Class::Normal).await
    }

    /// The same with a class, which says what goes first.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub async fn call_with<R: Request>(&self, request: &R, class: Class) -> Result<R::Response, PeerError> {
        let (sender, receiver) = oneshot::channel();
        let request = request.clone();
        let posted = self.0.post(move |talk: &mut Talk<In>, turn| {
            if sender.is_closed() {
                return;
            }
            match turn.machine.call_with(turn.now, &request, CallOptions::of(class)) {
                Ok(call) => {
                    let waiter: Waiter = Box::new(move |answer| {
                        if let Ok(outcome) = answer.into_outcome::<R>() {
                            _ = sender.send(outcome.map_err(PeerError::Failed));
                        }
                    });
                    talk.calls.insert(call.key(), waiter);
                }
                Err(refused) => _ = sender.send(Err(PeerError::Refused(refused))),
            }
        });
        posted.map_err(|_| CallRefused::NotConnected)?;
        // a waiter that is dropped unheard was in the mailbox of a connection that ended
        receiver.await.unwrap_or(Err(PeerError::Refused(CallRefused::NotConnected)))
    }

    /// Tells the peer something that nobody answers (SEND, OCPP 2.1).
    ///
    /// # Errors
    ///
    /// [`CallRefused`] if it cannot be sent.
    pub async fn notify<N: Notice>(&self, notice: &N) -> Result<(), CallRefused> {
        let (sender, receiver) = oneshot::channel();
        let notice = notice.clone();
        let posted = self.0.post(move |_, turn| _ = sender.send(turn.machine.notify(turn.now, &notice)));
        posted.map_err(|_| CallRefused::NotConnected)?;
        receiver.await.unwrap_or(Err(CallRefused::NotConnected))
    }

    /// Closes the connection, once what waits to be sent is out.
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        // one that is closed already needs no closing
        _ = self.0.post(move |_, turn| turn.machine.close(code, reason));
    }

    /// Whether the connection is over.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.0.is_closed()
    }
}

impl<In: Inbound> Clone for Peer<In> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<In: Inbound> fmt::Debug for Peer<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("gone", &self.is_gone()).finish()
    }
}
