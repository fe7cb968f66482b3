//! Random bytes from the operating system.

use std::io;

use crate::failure::Failure;

/// So many random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::NoRandomness(io::Error::other(error)))?;
    Ok(bytes)
}

/// A random number.
pub(crate) fn number() -> Result<u128, Failure> {
    bytes().map(u128::from_le_bytes)
}
