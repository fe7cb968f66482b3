//! Compact JSON, the counterpart of the [reader](crate::reader): the text is that of `serde_json`, member names come from
//! the compiler ready to be copied.

use crate::Object;
use crate::reader::plain_length;

/// What can be written: objects and whatever they consist of.
pub trait Write {
    /// Appends the value as JSON.
    fn write(&self, out: &mut Vec<u8>);
}

/// Writes an object.
pub(crate) fn write<T: Object>(value: &T) -> String {
    let mut out = Vec::with_capacity(T::SHAPE.members.len() * 48);
    value.write(&mut out);
    // texts and names are UTF-8, and so is what they are put together to
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Appends a text.
#[inline]
pub(crate) fn text(text: &str, out: &mut Vec<u8>) {
    if plain_length(text.as_bytes()) < text.len() {
        return escaped(text, out);
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Rare enough to be left to the library that knows every escape.
#[cold]
fn escaped(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
}

/// Appends a list.
pub(crate) fn list<T: Write>(items: &[T], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        item.write(out);
    }
    out.push(b']');
}

/// Makes an object of the members that were appended from here on, each behind a comma.
#[inline]
pub(crate) fn close(start: usize, out: &mut Vec<u8>) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
}

impl Write for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}
