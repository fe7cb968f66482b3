//! What a conversation tells.

use ocpp_rpc::{Anomaly, Answer, CallError, CloseCode, Incoming, StationCall, StationNotice};

use super::{CommandFailure, CommandId, Registration};
use crate::RemoteStartResult;

/// What a conversation tells its application.
#[derive(Debug)]
#[non_exhaustive]
pub enum StationEvent {
    /// The station wants something that it may; answer with [`reply`](super::StationConnection::reply) or
    /// [`refuse`](super::StationConnection::refuse).
    Call(Incoming<StationCall>),
    /// The station tells something that nobody answers (SEND, OCPP 2.1; rule CS-10).
    Notice(StationNotice),
    /// A command is over: with the answer, to be taken out with [`Answer::into_outcome`], or without.
    Done {
        /// Which command.
        command: CommandId,
        /// How it ended.
        outcome: Result<Answer, CommandFailure>,
    },
    /// What came of a [remote start](super::StationConnection::remote_start) that the station has accepted (rule CS-25).
    RemoteStart {
        /// Which command.
        command: CommandId,
        /// What.
        result: RemoteStartResult,
    },
    /// The registration of the station has changed.
    Registered(Registration),
    /// The station is accepted and has come to rest: a good moment to see how it is configured (field need 14).
    Settled,
    /// The station sent what it may not yet, and was refused (rule RPC-54).
    Early {
        /// The action.
        action: &'static str,
    },
    /// The station boots with another serial number than its certificate has; the link is to be closed (rule CS-07).
    OtherSerialNumber,
    /// The station could not make sense of an answer (CALLRESULTERROR, OCPP 2.1).
    ResultRefused {
        /// The id of the call that was answered.
        id: String,
        /// Why.
        error: CallError,
    },
    /// Something came in that fits nothing, or is no frame.
    Anomaly(Anomaly),
    /// Nothing was heard of the station for too long; the link is to be closed (rule CS-08).
    Silent,
    /// All requests are answered, and the link is to be closed, as [`finish`](super::StationConnection::finish) has asked.
    Finished,
    /// The link is to be closed.
    Closing {
        /// The status to close with.
        code: CloseCode,
        /// Why.
        reason: &'static str,
    },
}
