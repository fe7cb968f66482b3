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
        // with TLS it is only out when it is flushed
        ready!(Pin::new(socket).poll_flush(cx))?;
        self.held = None;
        Poll::Ready(Ok(()))
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

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes so many bytes at a time, and every other time none.
    struct Narrow {
        room: usize,
        is_open: bool,
        taken: Vec<u8>,
    }

    impl AsyncWrite for Narrow {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            self.is_open = !self.is_open;
            if !self.is_open {
                return Poll::Pending;
            }
            let length = bytes.len().min(self.room);
            self.taken.extend_from_slice(&bytes[..length]);
            Poll::Ready(Ok(length))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// A frame of a server, or, masked, of a client.
    fn frame(opcode: u8, length: usize, mask: bool) -> Vec<u8> {
        let flag = if mask { 0x80 } else { 0 };
        let mut frame = vec![0x80 | opcode];
        match u8::try_from(length) {
            Ok(short @ 0..126) => frame.push(flag | short),
            _ => {
                frame.push(flag | 126);
                frame.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
        }
        frame.extend(vec![9; length + if mask { 4 } else { 0 }]);
        frame
    }

    /// Writes frames as a frame layer does, the next as soon as one is taken; what the socket gets.
    fn write(frames: &[Vec<u8>], room: usize) -> Vec<u8> {
        let mut cx = Context::from_waker(Waker::noop());
        let mut socket = Narrow { room, is_open: false, taken: Vec::new() };
        let mut pongs = Pongs::default();
        for frame in frames {
            let mut rest = &frame[..];
            while !rest.is_empty() {
                if let Poll::Ready(written) = pongs.poll_write(&mut cx, &mut socket, rest) {
                    rest = &rest[written.unwrap()..];
                }
            }
        }
        while pongs.poll_release(&mut cx, &mut socket).is_pending() {}
        socket.taken
    }

    #[test]
    fn a13_of_pongs_in_a_row_the_last_goes_out_whole_and_nothing_else_is_touched() {
        for room in [1, 2, 3, 7, 1000] {
            for mask in [false, true] {
                let (text, long) = (frame(1, 5, mask), frame(1, 300, mask));
                let (first, second) = (frame(PONG, 2, mask), frame(PONG, 125, mask));
                let frames = [first.clone(), second.clone(), text.clone(), long.clone(), second.clone(), first.clone()];
                let expected = [&second[..], &text, &long, &first].concat();
                assert_eq!(write(&frames, room), expected, "{room} {mask}");
                // two frames in one buffer, the second one a pong
                let together = [text.clone(), first.clone()].concat();
                assert_eq!(write(std::slice::from_ref(&together), room), together);
            }
        }
    }
}
