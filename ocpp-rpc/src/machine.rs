//! What every machine has in common.

use core::fmt;

use ocpp_types::Version;

use crate::Instant;

/// A protocol without clock, socket, task or thread.
///
/// Whoever drives it hands in what happens and takes out what is to be done, in any order: nothing is lost when something
/// is not taken out at once. After an input, send what [`poll_transmit`](Self::poll_transmit) gives until it gives nothing,
/// act on [`poll_event`](Self::poll_event) likewise, and come back with [`Input::Timeout`] at
/// [`poll_timeout`](Self::poll_timeout).
///
/// ```text
///   link ── LinkUp, Text, LinkDown ──▶ ┌─────────┐ ── poll_event ────▶ application
///   clock ── Timeout ────────────────▶ │ machine │ ◀─ call, reply ──── application
///   link ◀── poll_transmit ─────────── └─────────┘ ── poll_timeout ──▶ clock
/// ```
pub trait Machine {
    /// What the application is told.
    type Event;

    /// Takes in what happened at this moment.
    fn handle_input(&mut self, now: Instant, input: Input<'_>);

    /// What is to be done with the link next.
    fn poll_transmit(&mut self) -> Option<Transmit<'_>>;

    /// What the application is to be told next.
    fn poll_event(&mut self) -> Option<Self::Event>;

    /// When to come back with [`Input::Timeout`], whatever else happens; earlier does no harm.
    fn poll_timeout(&self) -> Option<Instant>;
}

/// What happens to a machine.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Input<'a> {
    /// The link is open and has agreed on this version.
    LinkUp(Version),
    /// A text message came in.
    Text(&'a str),
    /// A binary message came in, which OCPP does not have (rule RPC-01).
    Binary,
    /// The link is gone, whoever closed it.
    LinkDown,
    /// The moment of [`Machine::poll_timeout`] has come.
    Timeout,
}

/// Texts show as their length: they hold what is nobody's business in a log.
impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkUp(version) => f.debug_tuple("LinkUp").field(version).finish(),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Binary => f.write_str("Binary"),
            Self::LinkDown => f.write_str("LinkDown"),
            Self::Timeout => f.write_str("Timeout"),
        }
    }
}

/// What is to be done with the link.
#[derive(Clone, Copy, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Transmit<'a> {
    /// Send this text message.
    Text(&'a str),
    /// Close the link, then report [`Input::LinkDown`].
    Close {
        /// The status to close with.
        code: CloseCode,
        /// Why, at most 123 bytes.
        reason: &'static str,
    },
}

/// Texts show as their length.
impl fmt::Debug for Transmit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Close { code, reason } => write!(f, "Close({code}, {reason:?})"),
        }
    }
}

/// A WebSocket close status (RFC 6455 §7.4; rule WS-25).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// Orderly: reset, shutdown.
    pub const NORMAL: Self = Self(1000);
    /// The server goes down, or the peer is silent.
    pub const GOING_AWAY: Self = Self(1001);
    /// The peer broke the protocol.
    pub const PROTOCOL: Self = Self(1002);
    /// A kind of message that is not taken.
    pub const UNSUPPORTED: Self = Self(1003);
    /// A close frame without a status; never on the wire.
    pub const NONE: Self = Self(1005);
    /// A text that is not UTF-8.
    pub const NOT_UTF8: Self = Self(1007);
    /// Against the rules of this side: authentication, identity, too many requests.
    pub const POLICY: Self = Self(1008);
    /// A message too big.
    pub const TOO_BIG: Self = Self(1009);
    /// The server restarts.
    pub const RESTART: Self = Self(1012);
    /// The server has too much to do; come back later.
    pub const OVERLOAD: Self = Self(1013);
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
