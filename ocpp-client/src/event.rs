//! What a station tells its application.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use ocpp_rpc::{Anomaly, Answer, CallError, CloseCode, CsmsCall, Incoming};
use ocpp_types::{DecodePolicy, Request, Version, decode};

use crate::{ClockStep, NotTaken, OutboxNotice, RegistrationState, TransactionKey, Trigger};

/// What a station tells its application.
#[derive(Debug)]
#[non_exhaustive]
pub enum StationEvent {
    /// The CSMS answered a BootNotification.
    Registration {
        /// How it regards the station.
        state: RegistrationState,
        /// The interval of heartbeats, or the time until the next BootNotification.
        interval: Duration,
    },
    /// All messages may flow: the link is up and the station is accepted. Report the status of these connectors now
    /// (rules BOOT-06, BOOT-07, Q-10 and Q-11).
    Online(StatusScope),
    /// Calls are refused until further notice; what must arrive goes on being taken.
    Offline,
    /// The CSMS wants something.
    Call(Incoming<CsmsCall>),
    /// The CSMS wants a message to be sent; answer with [`Station::answer_trigger`](crate::Station::answer_trigger).
    Trigger(Trigger),
    /// A call of the application is over.
    Answer(Answer),
    /// A message from the outbox was answered.
    Delivered(Delivered),
    /// Something happened in the outbox.
    Outbox(OutboxNotice),
    /// A security event of the station itself was not taken by the outbox.
    SecurityEventLost {
        /// What happened.
        kind: &'static str,
        /// Why it was not taken.
        error: NotTaken,
    },
    /// The CSMS told the time, which was not that of the clock.
    ClockSet(ClockStep),
    /// The CSMS could not make sense of an answer (2.1).
    ResultRefused {
        /// The id of the call that was answered.
        id: String,
        /// Why.
        error: CallError,
    },
    /// Something came in that fits nothing.
    Anomaly(Anomaly),
    /// The connection asks for the link to be closed.
    Closing {
        /// The status to close with.
        code: CloseCode,
        /// Why.
        reason: &'static str,
    },
}

/// Of which connectors the status is to be reported.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StatusScope {
    /// All of them, in 1.6 the station as connector 0 as well.
    All,
    /// Those whose status is another than the one reported last.
    Changed,
}

/// A message from the outbox was answered.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Delivered {
    /// The number it was given by the outbox.
    pub number: u64,
    /// Its version.
    pub version: Version,
    /// Its action.
    pub action: String,
    /// The transaction it started, if it is a StartTransaction.
    pub started: Option<TransactionKey>,
    /// The payload of the answer as JSON; `None` if it could not be read.
    pub answer: Option<String>,
}

/// Without the answer, which may name tokens.
impl fmt::Debug for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivered({} {})", self.action, self.number)
    }
}

impl Delivered {
    /// The answer, if the message was an `R` and the answer can be read as one, repaired where need be.
    pub fn response<R: Request>(&self) -> Option<R::Response> {
        if R::ACTION != self.action || R::VERSION != self.version {
            return None;
        }
        let decoded = decode::<R::Response>(self.answer.as_deref()?, DecodePolicy::Repair);
        decoded.ok().map(|decoded| decoded.value)
    }
}
