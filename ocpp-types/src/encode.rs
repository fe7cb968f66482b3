//! From values to JSON text.

use alloc::string::String;
use alloc::vec::Vec;

use crate::decode::DecodePolicy;
use crate::message::Payload;
use crate::violation::DecodeError;

/// The value breaks the specification, or cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The value breaks a limit of its type.
    #[error("payload breaks the specification: {0}")]
    Violation(#[source] DecodeError),
    /// The value cannot be written as JSON.
    #[error("payload cannot be written: {0}")]
    Json(#[source] serde_json::Error),
}

/// Writes a payload as compact JSON, members in the order of the specification.
///
/// # Errors
/// When the value breaks a limit of its type, so that nothing goes on the wire that a peer may refuse.
pub fn encode<T: Payload>(value: &T) -> Result<String, EncodeError> {
    check(value)?;
    serde_json::to_string(value).map_err(EncodeError::Json)
}

/// Appends a payload as compact JSON; allocates only if the buffer must grow.
///
/// # Errors
/// As [`encode`]; the buffer is then as it was.
pub fn encode_into<T: Payload>(value: &T, buffer: &mut Vec<u8>) -> Result<(), EncodeError> {
    check(value)?;
    let start = buffer.len();
    append(value, buffer).map_err(|error| {
        buffer.truncate(start);
        EncodeError::Json(error)
    })
}

#[cfg(feature = "std")]
fn append<T: Payload>(value: &T, buffer: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    serde_json::to_writer(buffer, value)
}

#[cfg(not(feature = "std"))]
fn append<T: Payload>(value: &T, buffer: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    buffer.extend_from_slice(&serde_json::to_vec(value)?);
    Ok(())
}

fn check<T: Payload>(value: &T) -> Result<(), EncodeError> {
    if value.conforms() {
        return Ok(());
    }
    let json = serde_json::to_string(value).map_err(EncodeError::Json)?;
    match crate::inspect(&json, T::SHAPE, DecodePolicy::Enforce) {
        Err(error) => Err(EncodeError::Violation(error)),
        // a time with a defect is written without it
        Ok(_) => Ok(()),
    }
}
