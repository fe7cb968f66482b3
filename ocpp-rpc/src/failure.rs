//! Why a call was not made, not answered, or not fulfilled.

use alloc::borrow::ToOwned;
use alloc::string::String;

use ocpp_types::{DecodeError, EncodeError, Version};

use crate::{ErrorCode, FrameError};

/// Why a call, notice or answer could not be taken to be sent. The caller is at fault, or there is no room.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallRefused {
    /// There is no link, or it is being closed.
    #[error("not connected")]
    NotConnected,
    /// The message is of another version than the link has agreed on.
    #[error("a message of OCPP {message} on a link that speaks {link}")]
    OtherVersion {
        /// The version of the message.
        message: Version,
        /// The version of the link.
        link: Version,
    },
    /// The other side sends that message, or nobody does.
    #[error("not an action that this side sends in OCPP {0}")]
    OtherSide(Version),
    /// As many calls wait as may, none of them less important.
    #[error("{0} calls wait already")]
    QueueFull(usize),
    /// The payload breaks the specification; a peer could refuse it.
    #[error(transparent)]
    Payload(#[from] EncodeError),
    /// The payload of a raw call breaks the specification.
    #[error("payload breaks the specification: {0}")]
    RawPayload(#[source] DecodeError),
    /// The message has more bytes than this side sends.
    #[error("{length} bytes, at most {max} are sent")]
    TooLarge {
        /// Bytes of the message.
        length: usize,
        /// Bytes that are sent at most.
        max: usize,
    },
    /// This station is known not to stand it, see [`Quirks`](crate::Quirks).
    #[error("{0}")]
    Quirk(String),
    /// An id that was asked for is empty, over 36 characters or not plain ASCII, or waits for an answer already.
    #[error("message id not usable")]
    MessageId,
}

/// Why an answer to a request of the peer did not go out as it was given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyRefused {
    /// The link on which the request came is gone; the answer is dropped (rule RPC-32).
    #[error("the link of the request is gone")]
    LinkGone,
    /// The request was answered already: here, or with `InternalError` when its deadline came (rule RPC-33).
    #[error("answered already")]
    Answered,
    /// The answer is of another action than the request; the peer gets `InternalError`.
    #[error("the request was {0}")]
    OtherAction(&'static str),
    /// The answer breaks the specification; the peer gets `InternalError`.
    #[error(transparent)]
    Payload(#[from] EncodeError),
    /// The raw answer breaks the specification; the peer gets `InternalError`.
    #[error("answer breaks the specification: {0}")]
    RawPayload(#[source] DecodeError),
    /// The answer has more bytes than this side sends; the peer gets `InternalError`.
    #[error("{length} bytes, at most {max} are sent")]
    TooLarge {
        /// Bytes of the answer.
        length: usize,
        /// Bytes that are sent at most.
        max: usize,
    },
}

/// Why a call has no answer to show.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallFailure {
    /// The peer did not answer in time (rule RPC-23); whether it has acted is unknown.
    #[error("no answer in time")]
    Timeout,
    /// The call waited for others until its deadline and was never sent.
    #[error("waited until its deadline and was not sent")]
    Expired,
    /// The link went down (rule RPC-32).
    #[error("connection lost {}", if *.sent { "before the answer came" } else { "before the call was sent" })]
    ConnectionLost {
        /// Whether the call was sent, so that the peer may have acted on it.
        sent: bool,
    },
    /// The peer answered with a CALLERROR.
    #[error("refused by the peer: {0}")]
    Refused(CallError),
    /// The peer answered with something that is no answer to this call (rules RPC-27, RPC-28).
    #[error("invalid answer: {0}")]
    InvalidResponse(#[source] InvalidResponse),
    /// The caller took it back.
    #[error("cancelled {}", if *.sent { "after it was sent" } else { "before it was sent" })]
    Cancelled {
        /// Whether the call was sent, so that the peer may have acted on it.
        sent: bool,
    },
    /// It waited in a full queue and gave way to something more important.
    #[error("gave way to a more important call in a full queue")]
    Displaced,
}

impl CallFailure {
    /// Whether the peer may have received the call, and acted on it.
    pub const fn may_have_arrived(&self) -> bool {
        match self {
            Self::Expired | Self::Displaced => false,
            Self::ConnectionLost { sent } | Self::Cancelled { sent } => *sent,
            Self::Timeout | Self::Refused(_) | Self::InvalidResponse(_) => true,
        }
    }
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidResponse {
    /// Its payload breaks the specification.
    #[error("{0}")]
    Payload(#[source] DecodeError),
    /// It is no frame, but starts as one with the id of the call (row C1).
    #[error("{0}")]
    Frame(#[source] FrameError),
}

/// A CALLERROR or CALLRESULTERROR: one that came in, or one to send.
///
/// # Example
/// ```
/// use ocpp_rpc::{CallError, ErrorCode};
///
/// let error = CallError::new(ErrorCode::SecurityError, "not accepted yet");
/// assert_eq!(error.to_string(), "SecurityError: not accepted yet");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallError {
    /// The class of the error.
    pub code: ErrorCode,
    /// The class as it was spelled, when it came in as something else than the 2.x spelling (rules RPC-26, RPC-60).
    pub spelling: Option<String>,
    /// For people; may be empty. What goes out is cut after 255 characters.
    pub description: String,
    /// A JSON object with more. What goes out as anything else than an object of at most 4 KiB goes out as `{}`.
    pub details: Option<String>,
}

impl CallError {
    /// An error with a description for people.
    pub fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self { code, spelling: None, description: description.into(), details: None }
    }

    /// The action is known and not supported (rule RPC-41).
    pub fn not_supported() -> Self {
        Self::new(ErrorCode::NotSupported, "")
    }

    /// The request does not fit the state of the registration (rule RPC-54).
    pub fn security(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::SecurityError, description)
    }

    /// This side failed (rule RPC-55).
    pub fn internal(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::InternalError, description)
    }

    /// The code as it came in, or in the spelling of 2.x.
    pub fn code_text(&self) -> &str {
        self.spelling.as_deref().unwrap_or_else(|| self.code.as_str(Version::V201))
    }

    pub(crate) fn received(refusal: &crate::Refusal<'_>) -> Self {
        let spelled = refusal.code.as_str(Version::V201) != refusal.code_text;
        Self {
            spelling: spelled.then(|| refusal.code_text.clone().into_owned()),
            code: refusal.code.clone(),
            description: refusal.description.clone().into_owned(),
            details: (refusal.details != "{}").then(|| refusal.details.to_owned()),
        }
    }
}

/// On one line, whatever a peer wrote; without the details.
impl core::fmt::Display for CallError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.code_text().escape_debug())?;
        match self.description.as_str() {
            "" => Ok(()),
            description => write!(f, ": {}", description.escape_debug()),
        }
    }
}

impl core::error::Error for CallError {}
