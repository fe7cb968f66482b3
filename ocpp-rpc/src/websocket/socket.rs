//! The sockets under a WebSocket, as one type.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::pongs::Pongs;

/// A TCP connection, bare or with TLS, or one that somebody else's HTTP server gave away.
pub(crate) enum Socket {
    Plain(TcpStream),
    TlsServer(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    TlsClient(Box<tokio_rustls::client::TlsStream<TcpStream>>),
    Upgraded(Box<TokioIo<Upgraded>>),
}

/// A socket that the WebSocket layer and the link share.
///
/// The layer reads and writes frames; the link needs the socket once more at the end, to say goodbye and to read what
/// the peer still sends. Closing at once would make the system answer those bytes with a reset, and a reset may overtake
/// the close frame.
#[derive(Clone)]
pub(crate) struct Wire(Arc<Mutex<Shared>>);

struct Shared {
    socket: Socket,
    /// What was read and not asked for yet: the end of a message, or what arrived together with the end of the HTTP
    /// handshake.
    ahead: Bytes,
    pongs: Pongs,
}

/// How much is read from the socket at once, whatever the room of the reader.
///
/// The frame layer owns no buffer while nothing arrives and begins each frame with a few bytes: it would ask the system six
/// times for a message.
const READ_AHEAD: usize = 4096;

impl Wire {
    pub(crate) fn new(socket: Socket, early: Bytes) -> Self {
        // a copy: what the HTTP library hands over is a view of its whole buffer, and keeps that, even if it is empty
        let ahead = Bytes::copy_from_slice(&early);
        Self(Arc::new(Mutex::new(Shared { socket, ahead, pongs: Pongs::default() })))
    }

    /// Sends the pong that is kept back, if there is one.
    pub(crate) fn poll_pong(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut shared = self.lock();
        let Shared { socket, pongs, .. } = &mut *shared;
        pongs.poll_release(cx, socket)
    }

    /// Ends the sending half, then reads and forgets until the peer ends its half.
    pub(crate) fn poll_linger(&self, cx: &mut Context<'_>, shut: &mut bool) -> Poll<io::Result<()>> {
        let mut shared = self.lock();
        if !*shut {
            ready!(Pin::new(&mut shared.socket).poll_shutdown(cx))?;
            *shut = true;
        }
        let mut scratch = [0; 1024];
        // a peer that floods gets the rest of its deadline in other tasks' turns
        for _ in 0..64 {
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut shared.socket).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut shared = self.lock();
        let Shared { socket, ahead, .. } = &mut *shared;
        if !ahead.is_empty() {
            let length = ahead.len().min(buffer.remaining());
            buffer.put_slice(&ahead.split_to(length));
            if ahead.is_empty() {
                *ahead = Bytes::new();
            }
            return Poll::Ready(Ok(()));
        }
        if buffer.remaining() >= READ_AHEAD {
            return Pin::new(socket).poll_read(cx, buffer);
        }
        let mut scratch = [const { MaybeUninit::uninit() }; READ_AHEAD];
        let mut chunk = ReadBuf::uninit(&mut scratch);
        ready!(Pin::new(socket).poll_read(cx, &mut chunk))?;
        let length = chunk.filled().len().min(buffer.remaining());
        let (asked_for, rest) = chunk.filled().split_at(length);
        buffer.put_slice(asked_for);
        *ahead = Bytes::copy_from_slice(rest);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut shared = self.lock();
        let Shared { socket, pongs, .. } = &mut *shared;
        pongs.poll_write(cx, socket, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().socket).poll_shutdown(cx)
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_read(cx, buffer),
            Self::TlsServer(socket) => Pin::new(socket).poll_read(cx, buffer),
            Self::TlsClient(socket) => Pin::new(socket).poll_read(cx, buffer),
            Self::Upgraded(socket) => Pin::new(socket).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_write(cx, bytes),
            Self::TlsServer(socket) => Pin::new(socket).poll_write(cx, bytes),
            Self::TlsClient(socket) => Pin::new(socket).poll_write(cx, bytes),
            Self::Upgraded(socket) => Pin::new(socket).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_flush(cx),
            Self::TlsServer(socket) => Pin::new(socket).poll_flush(cx),
            Self::TlsClient(socket) => Pin::new(socket).poll_flush(cx),
            Self::Upgraded(socket) => Pin::new(socket).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(cx),
            Self::TlsServer(socket) => Pin::new(socket).poll_shutdown(cx),
            Self::TlsClient(socket) => Pin::new(socket).poll_shutdown(cx),
            Self::Upgraded(socket) => Pin::new(socket).poll_shutdown(cx),
        }
    }
}
