//! Calls that travel from one node to the one that holds the station.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Epoch;
use crate::StationId;

/// A call for a station that another node holds.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct RemoteCall {
    /// Unique among all calls of all nodes; the same when the call is delivered again.
    pub id: String,
    /// The station.
    pub station: StationId,
    /// The claim by which the other node holds it, as the caller has found it.
    pub epoch: Epoch,
    /// The action of the version that the connection speaks.
    pub action: String,
    /// The payload, as JSON text.
    pub payload: String,
    /// How much time is left, in ms, when the call leaves the caller: clocks of nodes differ.
    pub remaining_ms: u64,
    /// What the caller wants if it does not come through.
    pub delivery: Delivery,
}

/// What the caller of a [`RemoteCall`] wants if it does not come through.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Delivery {
    /// To know; the call may have happened or not. For what must not happen twice: remote start, unlock, reset.
    #[default]
    AtMostOnce,
    /// To try again; the station may get it twice. For what can be repeated: configuration, local lists, profiles.
    AtLeastOnce,
}

/// The answer to a [`RemoteCall`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RemoteAnswer {
    /// The id of the call.
    pub id: String,
    /// How it ended.
    pub outcome: RemoteOutcome,
}

/// How a [`RemoteCall`] ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum RemoteOutcome {
    /// The station has answered with this payload, as JSON text.
    Answered(String),
    /// The station has refused it with a CALLERROR.
    Refused {
        /// The code, as the station spelled it.
        code: String,
        /// The text, as the station wrote it.
        description: String,
    },
    /// There is no answer of the station.
    Failed(RemoteFailure),
}

/// Why there is no answer of the station to a [`RemoteCall`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteFailure {
    /// The station is not connected to that node (fault row E12).
    #[error("not connected")]
    NotConnected,
    /// The station has connected anew since the caller looked it up; the call was not sent (rule CS-52).
    #[error("moved to another connection")]
    Moved,
    /// The time was over before the call could be sent.
    #[error("expired before it was sent")]
    Expired,
    /// The call itself breaks the specification, or is none of the version of the connection.
    #[error("not a valid call")]
    Invalid,
    /// The call was sent and nothing came back: it may have happened (rule CS-23).
    #[error("outcome unknown")]
    Unknown,
    /// The node has too many calls to deal with; the call was not sent.
    #[error("too many calls")]
    Busy,
}

/// Receives remote calls on the node that holds a station: lets each through once and answers repeats from memory.
///
/// One desk serves one connection, or all of a node: ids are unique.
#[derive(Clone, Debug)]
pub struct RemoteDesk {
    known: VecDeque<(String, Option<RemoteOutcome>)>,
    most: usize,
}

/// What to do with a [`RemoteCall`] that came in.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Intake {
    /// Send it to the station, then tell [`RemoteDesk::finish`].
    Proceed,
    /// It is under way already: its answer will do for this one, too.
    UnderWay,
    /// Answer this.
    Answer(RemoteOutcome),
}

impl RemoteDesk {
    /// A desk that remembers so many calls.
    pub fn new(most: usize) -> Self {
        Self { known: VecDeque::new(), most: most.max(1) }
    }

    /// Takes a call in. `current` is the claim by which this node holds the station, if it does.
    pub fn take_in(&mut self, call: &RemoteCall, current: Option<Epoch>) -> Intake {
        let is_lost = |outcome: &RemoteOutcome| *outcome == RemoteOutcome::Failed(RemoteFailure::Unknown);
        match self.known.iter_mut().find(|(id, _)| *id == call.id) {
            Some((_, outcome)) if call.delivery == Delivery::AtLeastOnce && outcome.as_ref().is_some_and(is_lost) => {
                *outcome = None;
                return Intake::Proceed;
            }
            Some((_, Some(outcome))) => return Intake::Answer(outcome.clone()),
            Some((_, None)) => return Intake::UnderWay,
            None => {}
        }
        let failure = match current {
            None => Some(RemoteFailure::NotConnected),
            Some(epoch) if epoch != call.epoch => Some(RemoteFailure::Moved),
            Some(_) if call.remaining_ms == 0 => Some(RemoteFailure::Expired),
            Some(_) => None,
        };
        if let Some(failure) = failure {
            return Intake::Answer(RemoteOutcome::Failed(failure));
        }
        if self.known.len() >= self.most {
            // one that is under way must not be forgotten: a repeat would be sent again
            let Some(done) = self.known.iter().position(|(_, outcome)| outcome.is_some()) else {
                return Intake::Answer(RemoteOutcome::Failed(RemoteFailure::Busy));
            };
            self.known.remove(done);
        }
        self.known.push_back((call.id.clone(), None));
        Intake::Proceed
    }

    /// Takes note of how a call ended, for repeats, and gives the answer to send.
    pub fn finish(&mut self, id: &str, outcome: RemoteOutcome) -> RemoteAnswer {
        if let Some((_, known)) = self.known.iter_mut().find(|(known, _)| known == id) {
            *known = Some(outcome.clone());
        }
        RemoteAnswer { id: id.to_owned(), outcome }
    }
}

/// Without the payload, which may hold secrets.
impl std::fmt::Debug for RemoteCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteCall")
            .field("id", &self.id)
            .field("station", &self.station)
            .field("epoch", &self.epoch)
            .field("action", &self.action)
            .field("remaining_ms", &self.remaining_ms)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}
