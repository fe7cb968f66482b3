//! From JSON text to checked values.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::limits::CSMS_BYTES;
use crate::message::Payload;
use crate::reader::{Halt, Reader};
use crate::violation::{DecodeError, Defect, Remark, Violation};

/// What to do with text that departs from the specification.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DecodePolicy {
    /// Refuse what the official schema refuses; the default, meant for stations.
    #[default]
    Enforce,
    /// Serve whatever can be understood and list every repair; meant for a CSMS.
    ///
    /// Nothing that was sent is lost: it is in the value or in a [`Remark`].
    Repair,
    /// Take what the types can hold and skip the checks; for text that was checked before.
    Trust,
}

/// A value and what had to be repaired to get it.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// Every departure from the specification, in the order of the text; empty for a conformant payload.
    pub remarks: Vec<Remark>,
}

impl<T> Decoded<T> {
    /// The same remarks about a value made from this one.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: with(self.value), remarks: self.remarks }
    }
}

/// Decodes the JSON text of a payload of at most 1 MiB.
///
/// A conformant text is decoded in one pass, under any policy. Lists are cut off at
/// [`MAX_ITEMS`](crate::limits::MAX_ITEMS), nesting at [`MAX_DEPTH`](crate::limits::MAX_DEPTH).
///
/// # Errors
/// All that is wrong with the text, located.
///
/// # Example
/// ```
/// # #[cfg(feature = "v16")] {
/// use ocpp_types::{DecodePolicy, decode, v16};
///
/// let text = r#"{"connectorId": "1", "idTag": "04A1"}"#;
/// let error = decode::<v16::RemoteStartTransactionRequest>(text, DecodePolicy::Enforce).unwrap_err();
/// assert_eq!(error.first().pointer, "/connectorId");
///
/// let decoded = decode::<v16::RemoteStartTransactionRequest>(text, DecodePolicy::Repair).unwrap();
/// assert_eq!(decoded.value.connector_id, Some(1));
/// assert_eq!(decoded.remarks[0].found, "\"1\"");
/// # }
/// ```
pub fn decode<T: Payload>(json: &str, policy: DecodePolicy) -> Result<Decoded<T>, DecodeError> {
    decode_within(json, policy, CSMS_BYTES)
}

/// Decodes the JSON text of a payload of at most `max_bytes`.
///
/// # Errors
/// All that is wrong with the text, located.
pub fn decode_within<T: Payload>(
    json: &str,
    policy: DecodePolicy,
    max_bytes: usize,
) -> Result<Decoded<T>, DecodeError> {
    if json.len() > max_bytes {
        return Err(DecodeError::new(Violation {
            defect: Defect::TooLarge,
            pointer: String::new(),
            offset: max_bytes,
            message: alloc::format!("{} bytes, at most {max_bytes} are accepted", json.len()),
        }));
    }
    match one_pass(json, policy) {
        Some(value) => Ok(Decoded { value, remarks: Vec::new() }),
        None => look_closer(json, policy),
    }
}

/// Decodes the JSON text of a payload of at most 1 MiB about which there is nothing to say, in one pass; nothing where
/// [`decode`] would list violations or repairs.
#[inline]
pub fn decode_usual<T: Payload>(json: &str, policy: DecodePolicy) -> Option<T> {
    if json.len() <= CSMS_BYTES { one_pass(json, policy) } else { None }
}

#[inline]
fn one_pass<T: Payload>(json: &str, policy: DecodePolicy) -> Option<T> {
    let value = read::<T>(&mut Reader::new(json)).ok()?;
    (policy == DecodePolicy::Trust || value.conforms()).then_some(value)
}

#[cold]
fn look_closer<T: Payload>(json: &str, policy: DecodePolicy) -> Result<Decoded<T>, DecodeError> {
    let inspection = crate::inspect(json, T::SHAPE, policy)?;
    match read(&mut Reader::of_inspected(&inspection.json)) {
        Ok(value) => Ok(Decoded { value, remarks: inspection.remarks }),
        // the shape is generated from the type, so this takes two of them that differ
        Err(halt) => Err(DecodeError::new(Violation {
            defect: Defect::WrongType,
            pointer: String::new(),
            offset: 0,
            message: halt.to_string(),
        })),
    }
}

fn read<T: Payload>(reader: &mut Reader<'_>) -> Result<T, Halt> {
    let value = T::deserialize(&mut *reader)?;
    reader.end()?;
    Ok(value)
}

/// What a closer look at a payload found, without its Rust type.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Inspection<'a> {
    /// The payload with all repairs made.
    pub json: Cow<'a, str>,
    /// Every departure from the specification, in the order of the text.
    pub remarks: Vec<Remark>,
}
