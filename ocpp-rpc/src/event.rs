//! What a connection tells its application.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

use ocpp_types::{DecodePolicy, Decoded, Remark, Request, Version, v21};

use crate::{CallError, CallFailure, CloseCode, FrameError, FrameRemark, Inbound, Mismatch};

/// What a connection tells its application.
#[non_exhaustive]
pub enum Event<In> {
    /// The peer wants something; answer with [`reply`](crate::Connection::reply) or
    /// [`refuse`](crate::Connection::refuse).
    Call(Incoming<In>),
    /// A station tells something that nobody answers (SEND, OCPP 2.1; rule RPC-14).
    Notice(StationNotice),
    /// A call of this side is over: answered, refused or failed. Every call gets exactly one of these.
    Answer(Answer),
    /// The peer could not make sense of an answer it was sent (CALLRESULTERROR, OCPP 2.1; rule RPC-28).
    ResultRefused {
        /// The id of the call that was answered, as text.
        id: String,
        /// Why.
        error: Box<CallError>,
    },
    /// Something came in that fits nothing (rule RPC-25) or is no frame; it was counted and, where the specification wants
    /// that, answered.
    Anomaly(Box<Anomaly>),
    /// The connection has had enough and asks for the link to be closed; [`Transmit::Close`](crate::Transmit::Close) says
    /// the same to whoever holds the link.
    Closing {
        /// The status to close with.
        code: CloseCode,
        /// Why.
        reason: &'static str,
    },
}

/// Without payloads, which may hold secrets.
impl<In> fmt::Debug for Event<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(incoming) => incoming.fmt(f),
            Self::Notice(StationNotice::NotifyPeriodicEventStream(_)) => {
                f.write_str("Notice(NotifyPeriodicEventStream)")
            }
            Self::Answer(answer) => answer.fmt(f),
            Self::ResultRefused { error, .. } => f.debug_tuple("ResultRefused").field(&error.code).finish(),
            Self::Anomaly(anomaly) => f.debug_tuple("Anomaly").field(anomaly).finish(),
            Self::Closing { code, reason } => write!(f, "Closing({code}, {reason:?})"),
        }
    }
}

/// A request of the peer.
#[must_use]
pub struct Incoming<In> {
    request: Box<In>,
    responder: Responder,
    oddities: Option<Box<Oddities>>,
}

/// What was tolerated in a request; most have none.
#[derive(Debug, Default)]
pub(crate) struct Oddities {
    pub(crate) frame_remarks: Vec<FrameRemark>,
    pub(crate) remarks: Vec<Remark>,
}

impl Oddities {
    #[inline]
    pub(crate) fn of(frame_remarks: Vec<FrameRemark>, remarks: Vec<Remark>) -> Option<Box<Self>> {
        (!frame_remarks.is_empty() || !remarks.is_empty()).then(|| Box::new(Self { frame_remarks, remarks }))
    }
}

impl<In: Inbound> Incoming<In> {
    pub(crate) fn new(request: Box<In>, responder: Responder, oddities: Option<Box<Oddities>>) -> Self {
        Self { request, responder, oddities }
    }

    /// The request.
    pub fn request(&self) -> &In {
        &self.request
    }

    /// The action.
    pub fn action(&self) -> &'static str {
        self.responder.action
    }

    /// Which request of its link this is; its [`Responder`] has the same number.
    pub fn number(&self) -> u32 {
        self.responder.serial
    }

    /// The version it is of.
    pub fn version(&self) -> Version {
        self.responder.version
    }

    /// What was repaired in the payload.
    pub fn remarks(&self) -> &[Remark] {
        self.oddities.as_ref().map_or(&[], |oddities| &oddities.remarks)
    }

    /// What was tolerated in the frame.
    pub fn frame_remarks(&self) -> &[FrameRemark] {
        self.oddities.as_ref().map_or(&[], |oddities| &oddities.frame_remarks)
    }

    /// The request, to match on, and what answers it: [`Responder::of`] makes that the [`Replier`] of a type.
    ///
    /// The request is in a box because it is large to move about.
    pub fn into_parts(self) -> (Box<In>, Responder) {
        (self.request, self.responder)
    }

    /// The request as one type, with the replier for it: for whoever routes by type.
    ///
    /// # Errors
    /// When it is of another type, handed back; of a [`Raw`](crate::Raw) one also when its payload breaks the
    /// specification: give that to [`refuse_payload`](crate::Connection::refuse_payload).
    pub fn take<R: Request>(self, policy: DecodePolicy) -> Result<Taken<R>, Box<NotTaken<In>>> {
        let Self { request, responder, oddities } = self;
        if R::VERSION != responder.version || R::ACTION != responder.action {
            return Err(Box::new(NotTaken::OtherType(Self { request, responder, oddities })));
        }
        match request.take::<R>(policy) {
            Ok(Decoded { value, mut remarks }) => {
                if let Some(oddities) = oddities {
                    remarks.extend(oddities.remarks);
                }
                Ok(Taken { request: value, replier: Replier { responder, request: PhantomData }, remarks })
            }
            Err(Mismatch::OtherType(request)) => {
                Err(Box::new(NotTaken::OtherType(Self { request: Box::new(request), responder, oddities })))
            }
            Err(Mismatch::Payload(error)) => Err(Box::new(NotTaken::Payload { error, responder })),
        }
    }
}

/// A request as its type, with what answers it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Taken<R> {
    /// The request.
    pub request: R,
    /// What answers it.
    pub replier: Replier<R>,
    /// What was repaired in the payload.
    pub remarks: Vec<Remark>,
}

/// Why a request could not be taken as a type.
#[non_exhaustive]
pub enum NotTaken<In> {
    /// It is of another type, and handed back.
    OtherType(Incoming<In>),
    /// Its payload breaks the specification.
    Payload {
        /// What is wrong.
        error: ocpp_types::DecodeError,
        /// What answers it.
        responder: Responder,
    },
}

impl<In> fmt::Debug for NotTaken<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherType(incoming) => f.debug_tuple("OtherType").field(incoming).finish(),
            Self::Payload { error, .. } => f.debug_tuple("Payload").field(error).finish(),
        }
    }
}

/// Without the payload, which may hold secrets.
impl<In> fmt::Debug for Incoming<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("version", &self.responder.version)
            .field("action", &self.responder.action)
            .field("oddities", &self.oddities)
            .finish_non_exhaustive()
    }
}

/// What answers a request, whatever its type. Dropped, it lets the deadline of the request pass, which answers
/// `InternalError` (rule RPC-33).
#[derive(Debug)]
#[must_use = "the peer waits for an answer"]
pub struct Responder {
    /// Which link of the connection the request came on.
    pub(crate) link: u32,
    /// Which request on that link.
    pub(crate) serial: u32,
    pub(crate) action: &'static str,
    pub(crate) version: Version,
}

impl Responder {
    /// The replier of the type of the request; the request itself tells the compiler which that is.
    ///
    /// ```no_run
    /// # use ocpp_rpc::{Connection, Incoming, Instant, StationCall};
    /// # use ocpp_types::v16;
    /// # fn handle(connection: &mut Connection<StationCall>, now: Instant, incoming: Incoming<StationCall>) {
    /// let (request, responder) = incoming.into_parts();
    /// match *request {
    ///     StationCall::V16(v16::StationCall::Authorize(request)) => {
    ///         let verdict = v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted);
    ///         let _ = connection.reply(now, responder.of(&request), Ok(v16::AuthorizeResponse::new(verdict)));
    ///     }
    ///     _ => drop(connection.refuse(now, responder, ocpp_rpc::CallError::not_supported())),
    /// }
    /// # }
    /// ```
    pub fn of<R: Request>(self, request: &R) -> Replier<R> {
        let _ = request;
        Replier { responder: self, request: PhantomData }
    }

    /// The action that waits for the answer.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Which request of its link this is: to tell apart those that wait for an answer.
    pub fn number(&self) -> u32 {
        self.serial
    }

    /// The version of the request.
    pub fn version(&self) -> Version {
        self.version
    }
}

/// What answers a request of type `R`, and nothing else: an answer of another type does not compile.
///
/// ```compile_fail
/// # use ocpp_rpc::{Connection, Instant, Replier, StationCall};
/// # use ocpp_types::v16;
/// fn handle(connection: &mut Connection<StationCall>, now: Instant, to: Replier<v16::HeartbeatRequest>) {
///     connection.reply(now, to, Ok(v16::MeterValuesResponse::new()));
/// }
/// ```
#[must_use = "the peer waits for an answer"]
pub struct Replier<R> {
    pub(crate) responder: Responder,
    request: PhantomData<fn() -> R>,
}

impl<R> Replier<R> {
    /// Which request of its link this answers.
    pub fn number(&self) -> u32 {
        self.responder.number()
    }

    /// The same without the type.
    pub fn into_responder(self) -> Responder {
        self.responder
    }
}

impl<R> fmt::Debug for Replier<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.responder.fmt(f)
    }
}

/// Which call of a connection, without its type: for maps of what is under way. Never given out twice by a connection.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CallKey(pub(crate) u64);

/// Which call of a connection: it takes its own answer, of its own type, and no other.
#[must_use = "it takes the answer"]
pub struct CallId<R> {
    key: CallKey,
    request: PhantomData<fn() -> R>,
}

impl<R> CallId<R> {
    pub(crate) const fn new(key: CallKey) -> Self {
        Self { key, request: PhantomData }
    }

    /// The same without the type.
    pub const fn key(&self) -> CallKey {
        self.key
    }
}

impl<R> Clone for CallId<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for CallId<R> {}

impl<R> Eq for CallId<R> {}

impl<R> PartialEq for CallId<R> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<R> Hash for CallId<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl<R: Request> fmt::Debug for CallId<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallId({} {})", self.key.0, R::ACTION)
    }
}

/// A response, or why there is none.
pub(crate) type Outcome = Result<Box<dyn Any + Send>, Box<CallFailure>>;

/// How a call of this side ended.
#[must_use]
pub struct Answer {
    pub(crate) key: CallKey,
    pub(crate) action: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) oddities: Option<Box<Oddities>>,
}

impl Answer {
    /// Which call it ends.
    pub fn key(&self) -> CallKey {
        self.key
    }

    /// The action of the call.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The response to a typed call, left where it is; none if there is none, or the call was of another type.
    pub fn response<R: Request>(&self) -> Option<&R::Response> {
        self.outcome.as_ref().ok()?.downcast_ref::<R::Response>()
    }

    /// The JSON text that answers a [raw call](crate::Connection::call_raw), left where it is.
    pub fn raw_response(&self) -> Option<&str> {
        self.outcome.as_ref().ok()?.downcast_ref::<String>().map(String::as_str)
    }

    /// Why there is no response, if there is none.
    pub fn failure(&self) -> Option<&CallFailure> {
        self.outcome.as_ref().err().map(|failure| &**failure)
    }

    /// What was repaired in the payload.
    pub fn remarks(&self) -> &[Remark] {
        self.oddities.as_ref().map_or(&[], |oddities| &oddities.remarks)
    }

    /// What was tolerated in the frame.
    pub fn frame_remarks(&self) -> &[FrameRemark] {
        self.oddities.as_ref().map_or(&[], |oddities| &oddities.frame_remarks)
    }

    /// The response to this call.
    ///
    /// # Errors
    /// The answer again, when it is that of another call.
    pub fn claim<R: Request>(self, call: CallId<R>) -> Result<Result<R::Response, CallFailure>, Self> {
        if self.key == call.key { self.into_outcome::<R>() } else { Err(self) }
    }

    /// The response as the type that answers `R`, for whoever keeps calls apart by [`key`](Self::key).
    ///
    /// # Errors
    /// The answer again, when its call was of another type.
    pub fn into_outcome<R: Request>(self) -> Result<Result<R::Response, CallFailure>, Self> {
        self.downcast::<R::Response>()
    }

    /// The JSON text that answers a [raw call](crate::Connection::call_raw).
    ///
    /// # Errors
    /// The answer again, when its call was a typed one.
    pub fn into_raw(self) -> Result<Result<String, CallFailure>, Self> {
        self.downcast::<String>()
    }

    fn downcast<T: 'static>(self) -> Result<Result<T, CallFailure>, Self> {
        match self.outcome {
            Err(failure) => Ok(Err(*failure)),
            Ok(response) => match response.downcast::<T>() {
                Ok(response) => Ok(Ok(*response)),
                Err(response) => Err(Self { outcome: Ok(response), ..self }),
            },
        }
    }
}

/// Without the payload, which may hold secrets.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = self.outcome.as_ref().map(|_| "a response");
        f.debug_struct("Answer")
            .field("key", &self.key.0)
            .field("action", &self.action)
            .field("outcome", &outcome)
            .finish_non_exhaustive()
    }
}

/// A SEND of a station (OCPP 2.1).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StationNotice {
    /// Values of a periodic event stream.
    NotifyPeriodicEventStream(Box<v21::NotifyPeriodicEventStream>),
}

/// Something that came in and fits nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Anomaly {
    /// An answer to no call that waits for one (rule RPC-25).
    #[error("{} answer of type {message_type}", if *.late { "late or repeated" } else { "unknown" })]
    Unmatched {
        /// 3, 4 or 5.
        message_type: u8,
        /// The id, cut to 64 characters.
        id: String,
        /// Whether this side once made a call with that id.
        late: bool,
    },
    /// A text that is no frame.
    #[error("no frame: {0}")]
    Frame(FrameError),
    /// A CALL that was answered with a CALLERROR before the application saw it.
    #[error("{action} refused with {}: {description}", .code.as_str(Version::V201))]
    CallRefused {
        /// The action, cut to 64 characters, escaped; empty where it is not one.
        action: String,
        /// The code of the answer.
        code: crate::ErrorCode,
        /// Why, on one line.
        description: String,
    },
    /// A SEND that is none of this version or breaks the specification (rule RPC-14).
    #[error("notice dropped: {description}")]
    NoticeDropped {
        /// Why, on one line.
        description: String,
    },
    /// A CALL that came again with the same id and content: not given to the application a second time (rules RPC-29,
    /// RPC-30; row C9).
    #[error("{} came again", if *.answered { "an answered call" } else { "a call under way" })]
    Repeated {
        /// Whether it had been answered, so that the answer was sent once more.
        answered: bool,
    },
    /// A CALL with an id that another CALL had before (rules RPC-29, RPC-30; row C10).
    #[error("message id used again for another call")]
    IdReused,
    /// A binary message (rule RPC-01).
    #[error("binary message")]
    Binary,
}
