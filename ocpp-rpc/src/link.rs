//! What a connection looks like from above: a stream of what arrives and a sink for what leaves.

use std::borrow::Cow;
use std::fmt;
use std::io;

use futures_core::Stream;
use futures_sink::Sink;

use crate::CloseCode;

/// A connection that carries texts: a [`Stream`] of [`Received`] and a [`Sink`] of [`Outgoing`].
///
/// Everything that is both is a link; nothing needs to be implemented. WebSockets of other libraries become links by
/// `filter_map` and `with` of `futures`, and two channels are a link for a test.
///
/// Three things are expected of it:
///
/// * it answers pings on its own;
/// * an error, [`Received::Close`] or the end of the stream is the last thing the stream yields;
/// * `poll_close` flushes, says goodbye and completes once the peer is gone. It may wait for ever, so callers bound it.
pub trait Link:
    Stream<Item = Result<Received, LinkError>> + Sink<Outgoing, Error = LinkError> + Send + Unpin + 'static
{
}

impl<T> Link for T where
    T: Stream<Item = Result<Received, LinkError>> + Sink<Outgoing, Error = LinkError> + Send + Unpin + 'static
{
}

/// What arrived on a [`Link`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Received {
    /// A text message, whole.
    Text(String),
    /// A binary message; OCPP has no use for one, so its content is gone.
    Binary,
    /// A ping, already answered.
    Ping,
    /// A pong.
    Pong,
    /// The peer closes.
    Close(CloseReason),
}

/// What leaves on a [`Link`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outgoing {
    /// A text message.
    Text(String),
    /// A ping, to see whether the peer is there.
    Ping,
    /// The last message; the peer is expected to answer it and to go.
    Close(CloseReason),
}

/// Why a link is closed: the status and the text of a WebSocket close frame.
#[derive(Clone, Eq, PartialEq)]
pub struct CloseReason {
    /// The status.
    pub code: CloseCode,
    /// A text for people, at most 123 bytes on the wire; longer ones are cut.
    pub text: Cow<'static, str>,
}

impl CloseReason {
    /// A reason with a text.
    pub fn new(code: CloseCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }

    /// The text, cut to what fits into a close frame.
    #[must_use]
    pub fn wire_text(&self) -> &str {
        const ROOM: usize = 123;
        if self.text.len() <= ROOM {
            return &self.text;
        }
        let end = (0..=ROOM).rev().find(|&end| self.text.is_char_boundary(end)).unwrap_or(0);
        self.text.get(..end).unwrap_or_default()
    }
}

impl fmt::Debug for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.code, self.text)
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.text {
            "" => write!(f, "{}", self.code),
            // a peer's text: escaped, so that it cannot forge lines of a log
            text => write!(f, "{} ({})", self.code, text.escape_debug()),
        }
    }
}

/// Why a link ended without a close frame from the peer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The peer broke a rule or a limit; the link has told it so with this code.
    #[error("peer broke the protocol: {reason}")]
    Violation {
        /// The close frame that was sent.
        reason: CloseReason,
    },
    /// The connection ended without a goodbye.
    #[error("connection lost without a close frame")]
    Ended,
    /// The operating system, or TLS, reports an error.
    #[error("connection failed")]
    Io(#[source] io::Error),
    /// Something was to be sent after the end.
    #[error("the link is closed")]
    Closed,
}
