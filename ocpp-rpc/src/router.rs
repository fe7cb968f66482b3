//! From a request to its handler.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt;
use ocpp_types::{DecodePolicy, Request, Version};

use crate::{
    Application, CallError, Connection, Conversation, Handler, Incoming, Instant, NotTaken, StationCall, Turn,
};

/// Handlers of requests; the type of a handler's request is its route.
///
/// `Cx` is what every handler gets along with the request, for instance whose request it is and a
/// [`Peer`](crate::Peer) to call back. `M` is the machine, usually a [`Connection`].
///
/// ```
/// use ocpp_rpc::{CallError, Router};
/// use ocpp_types::{Timestamp, v16};
///
/// let router: Router<&'static str> = Router::new()
///     .on(|station, _: v16::HeartbeatRequest| async move {
///         println!("{station} is there");
///         Ok(v16::HeartbeatResponse::new("2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap()))
///     })
///     .on(|_, _: v16::AuthorizeRequest| async { Err(CallError::internal("the list of tags is being moved")) });
/// ```
///
/// What a handler sees and may do:
///
/// * Handlers start in the order of their requests. One that answers at once runs in the task of the connection; one that
///   waits for something goes on in a task of its own, and may call the peer meanwhile. It runs to its end even if the
///   connection does not.
/// * One that panics is answered with `InternalError` (row E2), one that takes too long as well (row E1), a request
///   without handler with `NotSupported`.
pub struct Router<Cx, M: Conversation = Connection<StationCall>> {
    routes: BTreeMap<(Version, &'static str), Route<Cx, M>>,
}

type Route<Cx, M> = Arc<dyn Fn(Cx, Incoming<In<M>>, DecodePolicy) -> Handling<M> + Send + Sync>;
type In<M> = <M as Conversation>::In;

/// A handler at work.
type Handling<M> = Pin<Box<dyn Future<Output = Reply<M>> + Send>>;

/// What gives the machine the answer.
type Reply<M> = Box<dyn FnOnce(&mut M, Instant) + Send>;

impl<Cx: Send + 'static, M: Conversation> Router<Cx, M> {
    /// A router without handlers.
    #[must_use]
    pub fn new() -> Self {
        Self { routes: BTreeMap::new() }
    }

    /// Adds a handler, in place of one there may be for the same request.
    #[must_use]
    pub fn on<R, Work>(self, handler: impl Fn(Cx, R) -> Work + Send + Sync + 'static) -> Self
    where
        R: Request,
        Work: Future<Output = Result<R::Response, CallError>> + Send + 'static,
    {
        self.route::<R>(Arc::new(move |context, incoming: Incoming<In<M>>, policy| {
            handle(incoming, policy, |request| handler(context, request))
        }))
    }

    /// Adds a handler that is a trait object or shares its state.
    #[must_use]
    pub fn with<R, H>(self, handler: Arc<H>) -> Self
    where
        R: Request,
        H: Handler<R, Cx> + ?Sized,
    {
        self.on(move |context, request: R| {
            let handler = Arc::clone(&handler);
            async move { handler.handle(context, request).await }
        })
    }

    /// The versions and actions there are handlers for.
    pub fn routes(&self) -> impl Iterator<Item = (Version, &'static str)> {
        self.routes.keys().copied()
    }

    /// Has a request handled. The answer is given to the machine now, or later through the mailbox of the turn.
    pub fn handle<A: Application<Machine = M>>(&self, context: Cx, incoming: Incoming<In<M>>, turn: &mut Turn<'_, A>) {
        let Some(route) = self.routes.get(&(incoming.version(), incoming.action())) else {
            let (_, responder) = incoming.into_parts();
            // the link of the request may be gone, which is nobody's mistake
            _ = turn.machine.refuse(turn.now, responder, CallError::not_supported());
            return;
        };
        let mut work = route(context, incoming, turn.machine.policy());
        // most handlers need not wait for anything, and those cost no task
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(reply) => reply(turn.machine, turn.now),
            Poll::Pending => {
                let mailbox = turn.mailbox.clone();
                tokio::spawn(async move {
                    let reply = work.await;
                    // a machine that is gone needs no answer
                    _ = mailbox.post(move |_, turn| reply(turn.machine, turn.now));
                });
            }
        }
    }

    fn route<R: Request>(mut self, route: Route<Cx, M>) -> Self {
        self.routes.insert((R::VERSION, R::ACTION), route);
        self
    }
}

impl<Cx: Send + 'static, M: Conversation> Default for Router<Cx, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Cx, M: Conversation> fmt::Debug for Router<Cx, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.routes.keys().map(|(version, action)| format!("{version} {action}"))).finish()
    }
}

/// A request on its way through a handler.
fn handle<M, R, Work>(incoming: Incoming<M::In>, policy: DecodePolicy, handler: impl FnOnce(R) -> Work) -> Handling<M>
where
    M: Conversation,
    R: Request,
    Work: Future<Output = Result<R::Response, CallError>> + Send + 'static,
{
    let taken = match incoming.take::<R>(policy) {
        Ok(taken) => taken,
        Err(not_taken) => return refused(*not_taken),
    };
    let replier = taken.replier;
    // a closure can panic before there is a future
    let work = catch_unwind(AssertUnwindSafe(|| handler(taken.request)));
    Box::pin(async move {
        let outcome = match work {
            Ok(work) => AssertUnwindSafe(work).catch_unwind().await,
            Err(panic) => Err(panic),
        };
        // what a panic says is for this side's log, where the panic hook has put it already
        let outcome = outcome.unwrap_or_else(|_| Err(CallError::internal("the handler failed")));
        let reply: Reply<M> = Box::new(move |machine, now| _ = machine.reply(now, replier, outcome));
        reply
    })
}

/// The answer to a request that its route cannot take.
fn refused<M: Conversation>(not_taken: NotTaken<M::In>) -> Handling<M> {
    Box::pin(async move {
        let reply: Reply<M> = match not_taken {
            NotTaken::OtherType(incoming) => Box::new(move |machine, now| {
                let (_, responder) = incoming.into_parts();
                _ = machine.refuse(now, responder, CallError::not_supported());
            }),
            NotTaken::Payload { error, responder } => {
                Box::new(move |machine, now| _ = machine.refuse_payload(now, responder, &error))
            }
        };
        reply
    })
}
