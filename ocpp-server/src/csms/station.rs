//! A connected station as a handle.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ocpp_rpc::{CloseCode, Mailbox};
use ocpp_types::{Request, Version};
use tokio::sync::oneshot;
use tokio::time::timeout_at;

use super::Handle;
use super::desk::{Desk, Waiter};
use crate::registry::Generation;
use crate::{
    CommandFailure, CommandId, CommandOptions, CommandRefused, GatePass, Priority, StationConnection, StationId,
    WhenOffline,
};

/// A connected station, to call it by. Handlers get one with every request.
///
/// Clones are the same connection. A later connection of the station is another [`Csms::station`](super::Csms::station).
#[derive(Clone)]
pub struct Station {
    identity: StationId,
    generation: Generation,
    handle: Handle,
}

/// How a call is to be made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CallOptions {
    /// Which one goes first.
    pub priority: Priority,
    /// How much time it has, waiting and answer together.
    pub within: Option<Duration>,
    /// How long the answer may take once it is sent.
    pub timeout: Option<Duration>,
    /// What becomes of it when the station goes away before it is sent.
    pub offline: WhenOffline,
    /// Whether it waits until the station is accepted and settled.
    pub gate: GatePass,
}

/// Why a call has no answer to show.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// It was not taken: nothing happened.
    #[error("call not made: {0}")]
    Refused(#[from] CommandRefused),
    /// It was, and failed.
    #[error("call failed: {0}")]
    Failed(#[from] CommandFailure),
}

impl CallError {
    /// Whether the station may have acted on the call.
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.may_have_happened())
    }
}

impl Station {
    pub(super) fn new(identity: StationId, generation: Generation, handle: &Handle) -> Self {
        Self { identity, generation, handle: handle.clone() }
    }

    /// Its identity.
    pub fn identity(&self) -> &StationId {
        &self.identity
    }

    /// The version of this connection. The next one may have another.
    pub fn version(&self) -> Version {
        self.handle.version
    }

    /// Which of its connections this is.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether this connection is still there.
    pub fn is_connected(&self) -> bool {
        !self.handle.mailbox.is_closed()
    }

    /// Calls the station and waits for its answer: until it is accepted and settled, then for its turn, then for the
    /// answer. When the future is dropped, the call is taken back as far as it can be.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call<R: Request>(&self, request: &R) -> Result<R::Response, CallError> {
        self.call_with(request, CallOptions::default()).await
    }

    /// The same with options.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call_with<R: Request>(&self, request: &R, options: CallOptions) -> Result<R::Response, CallError> {
        let request = request.clone();
        let answer = self.command(options, move |machine, now, options| machine.command(now, &request, options));
        // the answer to a typed call is of its type
        answer.await?.into_outcome::<R>().map_err(|_| lost())?.map_err(|failure| CommandFailure::from(failure).into())
    }

    /// Calls the station with an action and a JSON text; the answer is JSON text, too. For tools and proxies.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call_raw(&self, action: &str, payload: &str, options: CallOptions) -> Result<String, CallError> {
        let (action, payload) = (action.to_owned(), payload.to_owned());
        let answer =
            self.command(options, move |machine, now, options| machine.command_raw(now, &action, &payload, options));
        answer.await?.into_raw().map_err(|_| lost())?.map_err(|failure| CommandFailure::from(failure).into())
    }

    /// Closes the connection, once what waits to be sent is out.
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        // one that is closed already needs no closing
        _ = self.handle.mailbox.post(move |_, turn| turn.machine.close(code, reason));
    }

    async fn command(
        &self,
        options: CallOptions,
        submit: impl FnOnce(&mut StationConnection, ocpp_rpc::Instant, CommandOptions) -> Result<CommandId, CommandRefused>
        + Send
        + 'static,
    ) -> Result<ocpp_rpc::Answer, CallError> {
        let (sender, receiver) = oneshot::channel();
        let mut taken_back = TakeBack { mailbox: &self.handle.mailbox, command: Arc::default(), is_over: false };
        let command = Arc::clone(&taken_back.command);
        let posted = self.handle.mailbox.post(move |desk: &mut Desk, turn| {
            if sender.is_closed() {
                return;
            }
            let options = CommandOptions {
                priority: options.priority,
                deadline: options.within.map(|within| turn.now + within),
                timeout: options.timeout,
                offline: options.offline,
                gate: options.gate,
            };
            match submit(turn.machine, turn.now, options) {
                Ok(id) => {
                    _ = command.set(id);
                    let waiter: Waiter = Box::new(move |outcome| _ = sender.send(outcome.map_err(CallError::Failed)));
                    desk.wait(id, waiter);
                }
                Err(refused) => _ = sender.send(Err(refused.into())),
            }
        });
        posted.map_err(|_| CommandRefused::Offline)?;
        // a call that waits for a station that never comes back has a deadline here, too
        let deadline = options.within.filter(|_| options.offline == WhenOffline::Keep);
        let received = match deadline.and_then(|within| tokio::time::Instant::now().checked_add(within)) {
            Some(deadline) => match timeout_at(deadline, receiver).await {
                Ok(received) => received,
                Err(_) => return Err(CommandFailure::Expired.into()),
            },
            None => receiver.await,
        };
        taken_back.is_over = true;
        // dropped unheard, it was in the mailbox of a connection that ended
        received.unwrap_or(Err(CommandRefused::Offline.into()))
    }
}

/// Takes a call back when its future is dropped.
struct TakeBack<'a> {
    mailbox: &'a Mailbox<Desk>,
    command: Arc<OnceLock<CommandId>>,
    is_over: bool,
}

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let command = Arc::clone(&self.command);
        // posted behind the call itself, so the call has its number by then
        _ = self.mailbox.post(move |_, turn| {
            if let Some(command) = command.get() {
                turn.machine.cancel(turn.now, *command);
            }
        });
    }
}

fn lost() -> CallError {
    CommandFailure::Unknown(crate::Lost::Connection).into()
}

impl fmt::Debug for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Station({:?}, OCPP {}, {:?})", self.identity, self.version(), self.generation)
    }
}
