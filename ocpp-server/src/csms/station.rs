//! A connected station as a handle.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::Utc;
use ocpp_rpc::{CloseCode, Mailbox, Turn};
use ocpp_types::{Request, Version};
use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::{timeout, timeout_at};

use super::Handle;
use super::desk::{Desk, Waiter};
use crate::ledger::TransactionId;
use crate::preflight::{Capabilities, InstalledProfiles};
use crate::registry::Generation;
use crate::{
    CommandFailure, CommandId, CommandOptions, CommandRefused, GatePass, Priority, RemoteStartRequest,
    RemoteStartResult, StationId, WhenOffline,
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

/// Why a remote start has not led to a transaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteStartError {
    /// The request itself has failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The station has refused it.
    #[error("the station does not start: {0}")]
    Refused(String),
    /// It has accepted, and nothing came of it in time: nobody has plugged in.
    #[error("accepted, and no transaction in time")]
    NotStarted,
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
        let answer = self.command(options, move |_, turn, options| turn.machine.command(turn.now, &request, options));
        // the answer to a typed call is of its type
        answer.await?.into_outcome::<R>().map_err(|_| lost())?.map_err(|failure| CommandFailure::from(failure).into())
    }

    /// Asks the station for a transaction and waits until there is one (rule CS-25): within so long after it has accepted, which is
    /// its `ConnectionTimeOut` (1.6) or `EVConnectionTimeOut` (2.x) and some time for the message. The connection may break down
    /// meanwhile.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn remote_start<R: RemoteStartRequest>(
        &self,
        request: &R,
        options: CallOptions,
        within: Duration,
    ) -> Result<RemoteStarted, RemoteStartError> {
        let request = request.clone();
        let (sender, receiver) = oneshot::channel();
        let asked = Some(Utc::now());
        let answer = self.command(options, move |desk, turn, options| {
            let command = turn.machine.remote_start(turn.now, &request, options, within, asked)?;
            desk.wait_for_start(command, sender);
            Ok(command)
        });
        let response = answer.await?.into_outcome::<R>().map_err(|_| lost())?;
        let response = response.map_err(|failure| CallError::Failed(failure.into()))?;
        let text = ocpp_types::encode(&response).unwrap_or_default();
        let status = serde_json::from_str::<Status>(&text).map_or_else(|_| String::new(), |status| status.status);
        if status != "Accepted" {
            return Err(RemoteStartError::Refused(status));
        }
        // while the station is away, nobody but this waits
        match timeout(within + LATE, receiver).await {
            Ok(Ok(RemoteStartResult::Started { transaction, place })) => Ok(RemoteStarted { transaction, place }),
            _ => Err(RemoteStartError::NotStarted),
        }
    }

    /// The charging profiles of the station, as far as this connection and those before it know.
    pub async fn profiles(&self) -> Option<InstalledProfiles> {
        let (sender, receiver) = oneshot::channel();
        let posted = self.handle.mailbox.post(move |_, turn| _ = sender.send(turn.machine.profiles().cloned()));
        posted.ok()?;
        receiver.await.ok()?
    }

    /// Takes note of what the station can do, so that it is not asked for more (rule CS-29).
    pub fn set_capabilities(&self, capabilities: Capabilities) {
        // a connection that is gone will not be asked for anything
        _ = self.handle.mailbox.post(move |_, turn| turn.machine.set_capabilities(capabilities));
    }

    /// Calls the station with an action and a JSON text; the answer is JSON text, too. For tools and proxies.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call_raw(&self, action: &str, payload: &str, options: CallOptions) -> Result<String, CallError> {
        let (action, payload) = (action.to_owned(), payload.to_owned());
        let answer = self
            .command(options, move |_, turn, options| turn.machine.command_raw(turn.now, &action, &payload, options));
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
        submit: impl FnOnce(&mut Desk, &mut Turn<'_, Desk>, CommandOptions) -> Result<CommandId, CommandRefused>
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
            match submit(desk, turn, options) {
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

/// A transaction that a remote start has led to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RemoteStarted {
    /// Which.
    pub transaction: TransactionId,
    /// The EVSE (2.x) or connector (1.6), as far as the station says.
    pub place: Option<i64>,
}

/// What matters in the answer to a remote start.
#[derive(Deserialize)]
struct Status {
    status: String,
}

/// How much later than by its own timer a remote start counts as failed.
const LATE: Duration = Duration::from_secs(5);

fn lost() -> CallError {
    CommandFailure::Unknown(crate::Lost::Connection).into()
}

impl fmt::Debug for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Station({:?}, OCPP {}, {:?})", self.identity, self.version(), self.generation)
    }
}
