//! What must hold of every text an OCPI peer may send, checked for one input at a time.
//!
//! The fuzz targets call these functions with what the fuzzer makes up; the replay calls them with the files of `corpus/`.
//! `ocpi-types/tests/replay.rs` includes this file, so that `cargo test` of the main workspace replays them.
//!
//! An input is text. Its first line says what the rest is: the class of an object, a parser, a version and a class.

mod handshake;
mod objects;
mod patches;
#[cfg(test)]
mod replay;
mod transport;

pub use handshake::handshake;
pub use objects::object;
pub use patches::patch;
pub use transport::transport;

/// Where the second line starts, so that a mutator can leave the first alone.
pub fn second_line(input: &[u8]) -> usize {
    input.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}

/// The first line and the rest, if the input is text.
fn split(input: &[u8]) -> Option<(&str, &str)> {
    core::str::from_utf8(input).ok()?.split_once('\n')
}
