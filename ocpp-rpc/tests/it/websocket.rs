//! WebSockets over real loopback sockets, mostly against peers written byte by byte.

mod dial;
mod frames;
mod handshake;
mod raw;
mod relay;
mod tls;

pub(crate) use raw::PATIENCE;
