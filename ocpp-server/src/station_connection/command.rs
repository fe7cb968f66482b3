//! Calls to a station: what waits, what is out, and how it ends.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use ocpp_rpc::{
    Answer, CallError, CallFailure, CallKey, CallOptions, CallRefused, Connection, Instant, InvalidResponse,
    StationCall,
};

use serde::{Deserialize, Serialize};

use crate::WantedStart;
use crate::preflight::{Checked, Objections};

/// Which command of a station. Goes on counting when another connection takes over.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct CommandId(pub(super) u64);

/// How a command is to be carried out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CommandOptions {
    /// Which one goes first.
    pub priority: Priority,
    /// When it is over, wherever it is by then: the time to wait and to be answered together (rule CS-21). The rules have
    /// a time if none is given.
    pub deadline: Option<Instant>,
    /// How long the answer may take once it is sent; the connection has a time if none is given.
    pub timeout: Option<Duration>,
    /// What becomes of it while the station is away.
    pub offline: WhenOffline,
    /// Whether it waits until the station is accepted and settled.
    pub gate: GatePass,
}

/// Which command goes first (rule CS-20).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Priority {
    /// One that a person waits for.
    #[default]
    Operator,
    /// One that a program has thought of.
    Automatic,
}

/// What becomes of a command while the station is away (rule CS-22).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WhenOffline {
    /// It fails at once.
    #[default]
    Fail,
    /// It waits for the station to come back, until its deadline. Never for remote start and stop, unlock, reset, reservation
    /// and trigger: nobody wants those late.
    Keep,
}

/// Whether a command waits until the station is accepted and settled.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum GatePass {
    /// It does.
    #[default]
    Wait,
    /// It does not: for asking a station that never booted for its BootNotification (rule CS-05).
    Bypass,
}

/// Why a command was not taken: nothing happens.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandRefused {
    /// The station is not connected, and the command is not to wait for it.
    #[error("station is not connected")]
    Offline,
    /// As many commands wait as may.
    #[error("{0} commands wait already")]
    QueueFull(usize),
    /// It cannot be sent: it breaks the specification, or is of another version than the connection.
    #[error(transparent)]
    Invalid(#[from] CallRefused),
    /// The station has to refuse it (rule CS-29).
    #[error("the station has to refuse this: {0}")]
    Objection(#[from] Objections),
    /// It is one that must not be carried out late, and was to wait for the station to come back (rule CS-22).
    #[error("{0} must not be carried out late")]
    NotToKeep(&'static str),
}

/// Why a command has no answer to show.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandFailure {
    /// The station went away before the command was sent.
    #[error("station is not connected; the command was not sent")]
    Offline,
    /// Its deadline came before it could be sent.
    #[error("the command waited until its deadline and was not sent")]
    Expired,
    /// It was taken back.
    #[error("cancelled {}", if *.sent { "after it was sent" } else { "before it was sent" })]
    Cancelled {
        /// Whether it was sent, so that the station may have acted on it.
        sent: bool,
    },
    /// The station refused it with a CALLERROR.
    #[error("refused by the station: {0}")]
    Refused(CallError),
    /// The station has answered with something that is no answer to it; it may have acted on the command.
    #[error("invalid answer of the station: {0}")]
    InvalidResponse(#[source] InvalidResponse),
    /// It was sent and nothing came back, so it may have been carried out (rule CS-23, fault row E4). It is not sent again; a
    /// command that reads the state of the station will tell.
    #[error("outcome unknown: {0}")]
    Unknown(Lost),
    /// It waits for its station to come back, but not here any more: it was put where other nodes find it, and may still be
    /// carried out (rule CS-56).
    #[error("kept for the station, on whatever node it comes back to")]
    Kept,
    /// By the time it could be sent, it could not: the station has come back with another version.
    #[error(transparent)]
    Invalid(CallRefused),
    /// By the time it could be sent, the station would have had to refuse it, because of what it has accepted meanwhile (rule
    /// CS-29).
    #[error("the station has to refuse this by now: {0}")]
    Objection(#[source] Objections),
}

/// How an answer was lost.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Lost {
    /// It did not come in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke down first.
    #[error("connection lost before the answer came")]
    Connection,
}

impl CommandFailure {
    /// Whether the station may have acted on the command, or may still.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Offline | Self::Expired | Self::Invalid(_) | Self::Objection(_) | Self::Refused(_) => false,
            Self::Cancelled { sent } => *sent,
            Self::InvalidResponse(_) | Self::Kept | Self::Unknown(_) => true,
        }
    }
}

impl From<CallFailure> for CommandFailure {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Timeout => Self::Unknown(Lost::Timeout),
            CallFailure::ConnectionLost { sent: true } => Self::Unknown(Lost::Connection),
            CallFailure::ConnectionLost { sent: false } => Self::Offline,
            CallFailure::Refused(error) => Self::Refused(error),
            CallFailure::InvalidResponse(invalid) => Self::InvalidResponse(invalid),
            CallFailure::Cancelled { sent } => Self::Cancelled { sent },
            // commands wait here, not in the connection
            _ => Self::Expired,
        }
    }
}

/// Makes the call when its turn has come.
pub(super) type Submit =
    Box<dyn FnOnce(&mut Connection<StationCall>, Instant, CallOptions<'_>) -> Result<CallKey, CallRefused> + Send>;

/// What is to be done once a command is answered.
#[derive(Debug)]
pub(super) struct After {
    /// The response as JSON text.
    pub(super) response: fn(&Answer) -> Option<String>,
    /// A request that changes the profiles of the station.
    pub(super) profiles: Option<Checked>,
    /// A remote start, and how much time it has from its acceptance on.
    pub(super) start: Option<(WantedStart, Duration)>,
}

/// What matters in a response.
#[derive(Deserialize)]
struct Status {
    status: String,
}

impl After {
    /// Whether the station has accepted the command.
    pub(super) fn is_accepted(&self, answer: &Answer) -> bool {
        let text = (self.response)(answer);
        let status = text.and_then(|text| serde_json::from_str::<Status>(&text).ok());
        status.is_some_and(|status| status.status == "Accepted")
    }
}

/// A command before it has a number.
pub(super) struct NewCommand {
    pub(super) action: &'static str,
    pub(super) options: CommandOptions,
    pub(super) triggered: Option<Box<str>>,
    pub(super) after: Option<Box<After>>,
    pub(super) payload: Option<Box<str>>,
}

/// None if nothing is to be done.
pub(super) fn after(
    response: fn(&Answer) -> Option<String>,
    profiles: Option<Checked>,
    start: Option<(WantedStart, Duration)>,
) -> Option<Box<After>> {
    (profiles.is_some() || start.is_some()).then(|| Box::new(After { response, profiles, start }))
}

/// A command that waits.
pub(super) struct Waiting {
    pub(super) id: CommandId,
    pub(super) action: &'static str,
    pub(super) options: CommandOptions,
    pub(super) deadline: Instant,
    /// What it asks the station to send, if it is a trigger message.
    pub(super) triggered: Option<Box<str>>,
    pub(super) after: Option<Box<After>>,
    /// Its payload as JSON text, if it waits for the station to come back: perhaps to another node.
    pub(super) payload: Option<Box<str>>,
    pub(super) submit: Submit,
}

/// A command that is out.
#[derive(Debug)]
pub(super) struct Out {
    pub(super) key: CallKey,
    pub(super) id: CommandId,
    pub(super) after: Option<Box<After>>,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.action, self.id.0)
    }
}

/// The commands of a station.
#[derive(Debug, Default)]
pub(super) struct Commands {
    pub(super) waiting: VecDeque<Waiting>,
    /// Those that are out: at most one, and those that were cancelled before it.
    pub(super) out: Vec<Out>,
}

impl Commands {
    /// Puts a command behind those of its priority.
    pub(super) fn push(&mut self, command: Waiting) {
        let at = self.waiting.partition_point(|waiting| waiting.options.priority <= command.options.priority);
        self.waiting.insert(at, command);
    }

    pub(super) fn first_deadline(&self) -> Option<Instant> {
        self.waiting.iter().map(|waiting| waiting.deadline).min()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.out.is_empty()
    }
}

/// Commands that nobody wants late (rule CS-22).
pub(super) const NEVER_LATE: &[&str] = &[
    "ExtendedTriggerMessage",
    "RemoteStartTransaction",
    "RemoteStopTransaction",
    "RequestStartTransaction",
    "RequestStopTransaction",
    "ReserveNow",
    "Reset",
    "TriggerMessage",
    "UnlockConnector",
];
