//! WebSockets as links: [`dial`](Dial), [`Listener`] and TLS.
//!
//! This module and the files below it are the only ones that name the WebSocket, HTTP and TLS crates.

mod above;
mod admission;
mod deflate;
mod dial;
mod headers;
mod listen;
mod pongs;
mod request;
mod socket;
mod tls;
mod upgrade;

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_sink::Sink;
use yawc::frame::{Frame, OpCode};
use yawc::streaming::Streaming;
use yawc::{Options, Role, WebSocket, WebSocketError};

pub use admission::{Admission, Permit};
pub use dial::{Credentials, Dial, DialError, DialPhase};
pub use listen::{HandshakeFailure, ListenConfig, Listener, Tally};
pub use request::{Accept, HandshakeDefect, HandshakeRequest, Reject};
pub use tls::{ClientTls, ServerTls, StationCertificates, TlsConfigError, TlsFault, TlsIdentity, TrustedRoots};
pub use upgrade::{Upgrade, UpgradeError, upgrade};

use self::socket::{Socket, Wire};
use crate::CloseCode;
use crate::link::{CloseReason, LinkError, Outgoing, Received};

/// What a peer may ask of a WebSocket before it is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a message, compressed and inflated; a longer one is refused from its header, with close code 1009.
    pub message: usize,
    /// Frames a message may be cut into; more close with 1008.
    pub fragments: u32,
    /// Pings within [`ping_window`](Self::ping_window); more close with 1008.
    pub pings: u32,
    /// The time over which pings are counted.
    pub ping_window: Duration,
}

impl Limits {
    /// The limits of a CSMS: messages up to 1 MiB.
    #[must_use]
    pub const fn csms() -> Self {
        Self { message: 1 << 20, fragments: 256, pings: 64, ping_window: Duration::from_secs(10) }
    }

    /// The limits of a station: messages up to 64 KiB.
    #[must_use]
    pub const fn station() -> Self {
        Self { message: 64 << 10, ..Self::csms() }
    }
}

/// Whether messages may be compressed (RFC 7692).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Compression {
    /// As the version of OCPP has it: a CSMS must know compression in 2.0.1 and 2.1, 1.6 knows none.
    #[default]
    ByVersion,
    /// Wherever the peer knows it, 1.6 included.
    Always,
    /// Never.
    Never,
}

impl Compression {
    fn allows(self, subprotocol: Option<&str>) -> bool {
        match self {
            Self::ByVersion => subprotocol.is_some_and(|name| name.starts_with("ocpp2.")),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// A WebSocket as a [`Link`](crate::Link).
///
/// It is one pointer, because a future holds what it is given once more for every call it is passed through.
pub struct WebSocketLink(Box<Inner>);

struct Inner {
    frames: Streaming<Wire>,
    wire: Wire,
    limits: Limits,
    /// A message of which more fragments are to come.
    partial: Option<Box<Partial>>,
    pings: u32,
    pings_since: Option<Instant>,
    state: State,
    compressed: bool,
    /// The subprotocol both sides agreed on.
    subprotocol: Option<Box<str>>,
    /// Counts this connection as long as it is there.
    _permit: Option<Permit>,
}

struct Partial {
    opcode: OpCode,
    bytes: Vec<u8>,
    fragments: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Open,
    /// Our close frame is out, the peer's is not in.
    Closing,
    /// The peer's close frame is in; the answer is the WebSocket layer's.
    PeerClosed,
    /// The peer broke a rule; the close frame that says so is in the buffer.
    Failed,
    /// The socket is gone.
    Lost,
    /// Nothing is left to send: waiting for the peer's end.
    Lingering {
        shut: bool,
    },
    Done,
}

/// The most a control frame may carry.
const CONTROL_FRAME: usize = 125;

impl WebSocketLink {
    fn new(
        socket: Socket,
        early: bytes::Bytes,
        role: Role,
        subprotocol: Option<Box<str>>,
        extensions: Option<&str>,
        limits: Limits,
    ) -> Result<Self, WebSocketError> {
        let wire = Wire::new(socket, early);
        let mut options = Options::default()
            // the bound of the crate is exclusive
            .with_limits(limits.message.saturating_add(1), limits.message.saturating_add(1))
            // an idle connection owns no buffers: what arrives is read ahead by the wire, what is written leaves at once
            .with_read_buffer_capacity(0)
            .with_write_buffer_capacity(0)
            .with_backpressure_boundary(1);
        options.compression = extensions.map(|_| deflate::options());
        let frames = WebSocket::from_stream_with_extensions(wire.clone(), role, extensions, options)?.into_streaming();
        Ok(Self(Box::new(Inner {
            frames,
            wire,
            limits,
            partial: None,
            pings: 0,
            pings_since: None,
            state: State::Open,
            compressed: extensions.is_some(),
            subprotocol,
            _permit: None,
        })))
    }

    /// The subprotocol both sides agreed on, for instance `ocpp2.0.1`.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        self.0.subprotocol.as_deref()
    }

    /// Whether messages are compressed.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        self.0.compressed
    }

    fn with_permit(mut self, permit: Option<Permit>) -> Self {
        self.0._permit = permit;
        self
    }
}

impl Inner {
    /// Takes a frame; `None` if it was only a part of a message.
    fn on_frame(&mut self, frame: Frame) -> Option<Result<Received, LinkError>> {
        let opcode = frame.opcode();
        match opcode {
            OpCode::Text | OpCode::Binary => {
                if self.partial.is_some() {
                    return Some(self.fail(CloseCode::PROTOCOL, "a new message before the end of the last"));
                }
                if frame.is_fin() {
                    return Some(self.on_message(opcode, Vec::from(frame.into_payload())));
                }
                self.partial = Some(Box::new(Partial { opcode, bytes: Vec::from(frame.into_payload()), fragments: 1 }));
                None
            }
            OpCode::Continuation => {
                let Some(partial) = &mut self.partial else {
                    return Some(self.fail(CloseCode::PROTOCOL, "a continuation of nothing"));
                };
                partial.fragments += 1;
                if partial.fragments > self.limits.fragments {
                    return Some(self.fail(CloseCode::POLICY, "message in too many fragments"));
                }
                if partial.bytes.len() + frame.payload().len() > self.limits.message {
                    return Some(self.fail(CloseCode::TOO_BIG, "message too big"));
                }
                partial.bytes.extend_from_slice(frame.payload());
                if !frame.is_fin() {
                    return None;
                }
                let partial = self.partial.take()?;
                Some(self.on_message(partial.opcode, partial.bytes))
            }
            OpCode::Ping => {
                let now = Instant::now();
                let since = *self.pings_since.get_or_insert(now);
                if now.duration_since(since) >= self.limits.ping_window {
                    (self.pings, self.pings_since) = (0, Some(now));
                }
                self.pings += 1;
                if self.pings > self.limits.pings {
                    return Some(self.fail(CloseCode::POLICY, "too many pings"));
                }
                Some(Ok(Received::Ping))
            }
            _ if frame.payload().len() > CONTROL_FRAME => Some(self.fail(CloseCode::PROTOCOL, "control frame too big")),
            OpCode::Pong => Some(Ok(Received::Pong)),
            OpCode::Close => {
                // one close frame per side: if ours is out already, nothing more is to be said
                self.state = match self.state {
                    State::Closing => State::Lingering { shut: false },
                    _ => State::PeerClosed,
                };
                let code = frame.close_code().map_or(CloseCode::NONE, |code| CloseCode(code.into()));
                let text = frame.close_reason().ok().flatten().unwrap_or_default().to_owned();
                Some(Ok(Received::Close(CloseReason::new(code, text))))
            }
        }
    }

    fn on_message(&mut self, opcode: OpCode, bytes: Vec<u8>) -> Result<Received, LinkError> {
        if opcode == OpCode::Binary {
            return Ok(Received::Binary);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Received::Text(text)),
            Err(_) => self.fail(CloseCode::NOT_UTF8, "text is not utf-8"),
        }
    }

    /// Takes an error of the WebSocket layer.
    fn on_error(&mut self, error: WebSocketError) -> Option<Result<Received, LinkError>> {
        let (code, text) = match error {
            WebSocketError::ConnectionClosed => {
                let state = std::mem::replace(&mut self.state, State::Lost);
                return matches!(state, State::Open).then_some(Err(LinkError::Ended));
            }
            WebSocketError::IoError(error) => {
                self.state = State::Lost;
                // a torn connection is how peers usually go, and tells no more than an end
                return Some(Err(match error.kind() {
                    std::io::ErrorKind::ConnectionReset
                    | std::io::ErrorKind::BrokenPipe
                    | std::io::ErrorKind::UnexpectedEof => LinkError::Ended,
                    _ => LinkError::Io(error),
                }));
            }
            WebSocketError::FrameTooLarge => (CloseCode::TOO_BIG, "message too big"),
            WebSocketError::InvalidUTF8 => (CloseCode::NOT_UTF8, "text is not utf-8"),
            WebSocketError::InvalidOpCode(_) => (CloseCode::PROTOCOL, "unknown opcode"),
            WebSocketError::ReservedBitsNotZero | WebSocketError::CompressionNotSupported => {
                (CloseCode::PROTOCOL, "reserved bit without an extension")
            }
            WebSocketError::ControlFrameFragmented | WebSocketError::PingFrameTooLarge => {
                (CloseCode::PROTOCOL, "broken control frame")
            }
            WebSocketError::InvalidFragment => (CloseCode::PROTOCOL, "frame without a mask"),
            WebSocketError::InvalidCloseFrame | WebSocketError::InvalidCloseCode => {
                (CloseCode::PROTOCOL, "broken close frame")
            }
            _ => (CloseCode::PROTOCOL, "broken frame"),
        };
        Some(self.fail(code, text))
    }

    /// Refuses the peer: the close frame goes into the buffer, and nothing is read as frames any more.
    ///
    /// The WebSocket layer has an answer of its own waiting, with a code of its own. That one is never flushed.
    fn fail(&mut self, code: CloseCode, text: &'static str) -> Result<Received, LinkError> {
        self.state = State::Failed;
        self.partial = None;
        if Pin::new(&mut self.frames).start_send(Frame::close(code.0.into(), text)).is_err() {
            self.state = State::Lost;
        }
        Err(LinkError::Violation { reason: CloseReason::new(code, text) })
    }

    fn lost(&mut self, error: WebSocketError) -> LinkError {
        self.state = State::Lost;
        match error {
            WebSocketError::IoError(error) => LinkError::Io(error),
            _ => LinkError::Closed,
        }
    }
}

impl Stream for WebSocketLink {
    type Item = Result<Received, LinkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0).poll_next(cx)
    }
}

impl Sink<Outgoing> for WebSocketLink {
    type Error = LinkError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut *self.0).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: Outgoing) -> Result<(), LinkError> {
        Pin::new(&mut *self.0).start_send(item)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut *self.0).poll_close(cx)
    }
}

impl Stream for Inner {
    type Item = Result<Received, LinkError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        // fragments and pings in one go are bounded by the limits
        while matches!(this.state, State::Open | State::Closing) {
            let arrived = match this.frames.poll_next_frame(cx) {
                Poll::Ready(Ok(frame)) => this.on_frame(frame),
                Poll::Ready(Err(error)) => this.on_error(error),
                Poll::Pending => {
                    // one pong for all pings so far; whether it can go out is for whoever writes to find out
                    _ = this.wire.poll_pong(cx);
                    return Poll::Pending;
                }
            };
            if arrived.is_some() {
                return Poll::Ready(arrived);
            }
        }
        Poll::Ready(None)
    }
}

impl Sink<Outgoing> for Inner {
    type Error = LinkError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        let this = self.get_mut();
        if this.state != State::Open {
            return Poll::Ready(Err(LinkError::Closed));
        }
        let ready = ready!(Pin::new(&mut this.frames).poll_ready(cx));
        Poll::Ready(ready.map_err(|error| this.lost(error)))
    }

    fn start_send(self: Pin<&mut Self>, item: Outgoing) -> Result<(), LinkError> {
        let this = self.get_mut();
        if this.state != State::Open {
            return Err(LinkError::Closed);
        }
        let frame = match item {
            Outgoing::Text(text) => Frame::text(text),
            Outgoing::Ping => Frame::ping(bytes::Bytes::new()),
            Outgoing::Close(reason) => {
                this.state = State::Closing;
                Frame::close(reason.code.0.into(), reason.wire_text())
            }
        };
        Pin::new(&mut this.frames).start_send(frame).map_err(|error| this.lost(error))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        let this = self.get_mut();
        match this.state {
            State::Lost => return Poll::Ready(Err(LinkError::Closed)),
            State::Done | State::Lingering { .. } => return Poll::Ready(Ok(())),
            _ => {}
        }
        let flushed = ready!(Pin::new(&mut this.frames).poll_flush(cx));
        Poll::Ready(flushed.map_err(|error| this.lost(error)))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Open => {
                    ready!(Pin::new(&mut *this).poll_ready(cx))?;
                    Pin::new(&mut *this).start_send(Outgoing::Close(CloseReason::new(CloseCode::NORMAL, "")))?;
                }
                // what the peer still sends does not matter now, its close frame does
                State::Closing => {
                    ready!(Pin::new(&mut *this).poll_flush(cx))?;
                    _ = ready!(Pin::new(&mut *this).poll_next(cx));
                }
                State::PeerClosed => {
                    let answered = match ready!(Pin::new(&mut this.frames).poll_ready(cx)) {
                        Ok(()) => ready!(Pin::new(&mut this.frames).poll_flush(cx)),
                        Err(error) => Err(error),
                    };
                    this.state = State::Lingering { shut: false };
                    // a peer that went without waiting for the answer has gone in order, too
                    _ = answered;
                }
                State::Failed => {
                    ready!(Pin::new(&mut *this).poll_flush(cx))?;
                    this.state = State::Lingering { shut: false };
                }
                State::Lingering { shut } => {
                    // an error only says that the peer is gone
                    _ = ready!(this.wire.poll_linger(cx, shut));
                    this.state = State::Done;
                }
                State::Lost | State::Done => return Poll::Ready(Ok(())),
            }
        }
    }
}
