//! What waits to be sent, in one buffer.

use alloc::vec::Vec;

/// Texts that wait to be sent, one behind the other: four bytes of length, then the text.
#[derive(Default)]
pub(super) struct Transmissions {
    bytes: Vec<u8>,
    /// Where the next text starts; everything before it has been handed out.
    at: usize,
}

/// The bytes in front of a text.
const HEADER: usize = 4;

/// Marks, in the length, the call of this side that waits for an answer.
const OWN_CALL: u32 = 1 << 31;

/// What a buffer may keep of its room between two messages.
const KEPT: usize = 8 * 1024;

/// A text handed out.
pub(super) struct Outgoing<'a> {
    pub(super) text: &'a str,
    pub(super) is_own_call: bool,
}

/// A text that is being written.
pub(super) struct Draft<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
    start: usize,
}

impl Draft<'_> {
    /// How long the text is so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.start - HEADER
    }

    /// Undoes it.
    pub(super) fn discard(self) {
        self.bytes.truncate(self.start);
    }

    /// The text, which then does not wait to be sent.
    pub(super) fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes[self.start + HEADER..]).unwrap_or_default()
    }

    /// Sends it.
    pub(super) fn finish(self, is_own_call: bool) {
        let length = u32::try_from(self.len()).unwrap_or_default() | if is_own_call { OWN_CALL } else { 0 };
        self.bytes[self.start..self.start + HEADER].copy_from_slice(&length.to_le_bytes());
    }
}

impl Transmissions {
    /// Starts a text at the end of the buffer.
    pub(super) fn draft(&mut self) -> Draft<'_> {
        self.forget_sent();
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEADER]);
        Draft { bytes: &mut self.bytes, start }
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: &str, is_own_call: bool) {
        let draft = self.draft();
        draft.bytes.extend_from_slice(text.as_bytes());
        draft.finish(is_own_call);
    }

    /// The next text.
    pub(super) fn pop(&mut self) -> Option<Outgoing<'_>> {
        let header = self.bytes.get(self.at..)?.first_chunk::<HEADER>()?;
        let length = u32::from_le_bytes(*header);
        let start = self.at + HEADER;
        let end = start + (length & !OWN_CALL) as usize;
        self.at = end;
        let text = core::str::from_utf8(self.bytes.get(start..end)?).ok()?;
        Some(Outgoing { text, is_own_call: length & OWN_CALL != 0 })
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn clear(&mut self) {
        self.at = self.bytes.len();
        self.forget_sent();
    }

    /// Gives back the buffer, if nothing waits in it.
    pub(super) fn shrink(&mut self) {
        if self.waiting() == 0 {
            *self = Self::default();
        }
    }

    fn forget_sent(&mut self) {
        if self.at == self.bytes.len() {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT);
            self.at = 0;
        }
    }
}
