//! What must hold of every tariff and every record, checked for one input at a time.
//!
//! The fuzz target calls this with what the fuzzer makes up; the replay calls it with the files of `corpus/tariff`.
//! `tariff/tests/replay.rs` includes this file, so that `cargo test` of the main workspace replays as well.

mod priced;
#[cfg(test)]
mod replay;

pub use priced::priced;
