//! The id that ties an answer to its call.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

/// A message id as it stands in a frame, quotes and escapes included, so that an answer carries it byte for byte
/// (rule RPC-04).
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct MessageId<'a>(&'a str);

/// The most characters of an id.
const MAX_CHARACTERS: usize = 36;

/// The longest JSON text of an id that is carried back, in bytes: no answer grows with what a peer puts there.
const MAX_BYTES: usize = 1024;

impl<'a> MessageId<'a> {
    /// The id of answers to frames whose id cannot be read (2.x Part 4 §4.2.3).
    pub const UNREADABLE: MessageId<'static> = MessageId("\"-1\"");

    pub(crate) const fn from_json(json: &'a str) -> Self {
        Self(json)
    }

    /// An id out of one JSON value, if that is a text or a number that can be carried back.
    pub(crate) fn readable(json: &'a str) -> Option<Self> {
        let is_readable = json.len() <= MAX_BYTES
            && match json.as_bytes().first()? {
                b'"' if json.contains('\\') => serde_json::from_str::<String>(json).is_ok(),
                b'"' => json.bytes().all(|byte| byte >= b' '),
                b'-' | b'0'..=b'9' => true,
                _ => false,
            };
        is_readable.then_some(Self(json))
    }

    /// The JSON text of the id.
    pub const fn as_json(&self) -> &'a str {
        self.0
    }

    /// The id without quotes and escapes; a number as its digits.
    pub fn text(&self) -> Cow<'a, str> {
        match self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
            Some(_) => serde_json::from_str::<String>(self.0).map_or(Cow::Borrowed(self.0), Cow::Owned),
            None => Cow::Borrowed(self.0),
        }
    }

    /// Whether the id is a text, as it must be.
    pub fn is_text(&self) -> bool {
        self.0.starts_with('"')
    }

    /// Whether the id has at most 36 characters, as it must.
    pub fn is_short(&self) -> bool {
        self.0.len() <= MAX_CHARACTERS + 2 || self.text().chars().count() <= MAX_CHARACTERS
    }

    /// Whether the id is a text of 1 to 36 characters: an empty one is within the limit, but tells nothing apart.
    pub(crate) fn is_usual(&self) -> bool {
        self.is_text() && self.is_short() && self.0 != "\"\""
    }
}

/// The id, escaped so that a log line stays one line.
impl fmt::Display for MessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text().escape_debug())
    }
}

impl fmt::Debug for MessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
