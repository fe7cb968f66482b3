//! From values to JSON text.

use alloc::string::String;

use crate::decode::DecodePolicy;
use crate::message::Payload;
use crate::violation::DecodeError;
use crate::writer::{Buffer, Unwritable, write};

/// The value breaks the specification, or cannot be written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The value breaks a limit of its type.
    #[error("payload breaks the specification: {0}")]
    Violation(#[source] DecodeError),
    /// The payload is of a type with parts that OCPP does not have.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// Writes a payload as compact JSON, members in the order of the specification.
///
/// # Errors
/// When the value breaks a limit of its type, so that nothing goes on the wire that a peer may refuse.
pub fn encode<T: Payload>(value: &T) -> Result<String, EncodeError> {
    let mut buffer = String::new();
    encode_into(value, &mut buffer)?;
    Ok(buffer)
}

/// Appends a payload as compact JSON; allocates only if the buffer must grow.
///
/// # Errors
/// As [`encode`]; the buffer is then as it was.
pub fn encode_into<T: Payload, B: Buffer>(value: &T, buffer: &mut B) -> Result<(), EncodeError> {
    let start = buffer.length();
    write(value, buffer).inspect_err(|_| buffer.cut(start))?;
    if value.conforms() {
        return Ok(());
    }
    // a time that was read with a defect is written without it, so the text decides
    let checked = crate::inspect(buffer.text_from(start), T::SHAPE, DecodePolicy::Enforce).map(drop);
    checked.map_err(|error| {
        buffer.cut(start);
        EncodeError::Violation(error)
    })
}

/// Writes a payload as it is, limits kept or not: to forward what came in repaired.
///
/// # Errors
/// When it is of a type with parts that OCPP does not have.
pub fn encode_unchecked<T: Payload>(value: &T) -> Result<String, EncodeError> {
    let mut buffer = String::new();
    write(value, &mut buffer)?;
    Ok(buffer)
}
