//! Pongs on their way out: of several, only the last is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

/// Looks at what the WebSocket layer writes and keeps pongs back until there is nothing more to read, so that one answers all
/// pings that came meanwhile (RFC 6455 §5.5.3; row A13). The layer itself answers each.
#[derive(Debug, Default)]
pub(crate) struct Pongs {
    /// Bytes of the frame under way that are still to be written.
    rest: usize,
    held: Option<Box<Held>>,
}

#[derive(Debug)]
struct Held {
    frame: Vec<u8>,
    written: usize,
}

/// What is to be done with the first bytes of a buffer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Cut {
    /// So many bytes are a pong.
    Pong(usize),
    /// So many bytes go out; no frame begins among them but with the first.
    Pass(usize),
}

impl Pongs {
    /// Writes what is no pong, and keeps what is one in place of the last.
    pub(crate) fn poll_write<S: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        socket: &mut S,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.cut(bytes) {
            Cut::Pong(length) => {
                if self.held.as_ref().is_some_and(|held| held.written > 0) {
                    // one that is half out has to go all the way
                    ready!(self.poll_release(cx, socket))?;
                }
                let frame = bytes.get(..length).unwrap_or_default().to_vec();
                self.held = Some(Box::new(Held { frame, written: 0 }));
                Poll::Ready(Ok(length))
            }
            Cut::Pass(length) => {
                if self.rest == 0 {
                    ready!(self.poll_release(cx, socket))?;
                }
                let written = ready!(Pin::new(socket).poll_write(cx, bytes.get(..length).unwrap_or_default()))?;
                self.rest = if self.rest == 0 { frame_length(bytes).unwrap_or(written) } else { self.rest } - written;
                Poll::Ready(Ok(written))
            }
        }
    }

    /// Sends the pong that is kept back, if there is one.
    pub(crate) fn poll_release<S: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        socket: &mut S,
    ) -> Poll<io::Result<()>> {
        let Some(held) = &mut self.held else { return Poll::Ready(Ok(())) };
        while let Some(rest) = held.frame.get(held.written..).filter(|rest| !rest.is_empty()) {
            let written = ready!(Pin::new(&mut *socket).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            held.written += written;
        }
        self.held = None;
        Pin::new(socket).poll_flush(cx)
    }

    fn cut(&self, bytes: &[u8]) -> Cut {
        if self.rest > 0 {
            return Cut::Pass(self.rest.min(bytes.len()));
        }
        match frame_length(bytes) {
            Some(length) if bytes.first().is_some_and(|first| first & 0x0F == PONG) && length <= bytes.len() => {
                Cut::Pong(length)
            }
            Some(length) => Cut::Pass(length.min(bytes.len())),
            None => Cut::Pass(bytes.len()),
        }
    }
}

/// The opcode of a pong.
const PONG: u8 = 0xA;

/// The length of the frame that begins here, with its header; none if not even that is there.
fn frame_length(bytes: &[u8]) -> Option<usize> {
    let second = *bytes.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (header, payload) = match second & 0x7F {
        126 => (4, u64::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?))),
        127 => (10, u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        short => (2, u64::from(short)),
    };
    usize::try_from(payload).ok()?.checked_add(header + mask)
}
