//! What must hold of every text a peer may send, checked for one input at a time.
//!
//! The fuzz targets call these functions with what the fuzzer makes up; the replay calls them with the files of `corpus/`.
//! `ocpp-rpc/tests/replay.rs` includes this file, so that `cargo test` of the main workspace replays as well.

mod connection;
mod frame;
mod payload;
#[cfg(test)]
mod replay;

pub use connection::connection;
pub use frame::frame;
pub use payload::{json_start, payload};
