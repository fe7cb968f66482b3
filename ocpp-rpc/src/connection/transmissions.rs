//! What waits to be sent, in one buffer.

use alloc::collections::VecDeque;
use alloc::string::String;

/// Texts that wait to be sent, one behind the other in a buffer that is used again.
#[derive(Default)]
pub(super) struct Transmissions {
    texts: String,
    /// Where the next text starts; everything before it has been handed out.
    at: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    length: usize,
    /// Whether it is the call of this side that waits for an answer.
    is_own_call: bool,
}

/// The room a buffer begins with: most messages of a CSMS have it, and growing to it step by step costs more than it does.
const FIRST: usize = 256;

/// What the buffer may keep of its room when all is sent.
const KEPT: usize = 8 * 1024;

/// A text handed out.
pub(super) struct Outgoing<'a> {
    pub(super) text: &'a str,
    pub(super) is_own_call: bool,
}

/// A text that is being written.
pub(super) struct Draft<'a> {
    pub(super) buffer: &'a mut String,
    start: usize,
    waiting: &'a mut VecDeque<Waiting>,
}

impl Draft<'_> {
    /// The text so far.
    pub(super) fn text(&self) -> &str {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// How long it is.
    pub(super) fn len(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// Undoes it.
    pub(super) fn discard(self) {
        self.buffer.truncate(self.start);
    }

    /// Sends it.
    pub(super) fn finish(self, is_own_call: bool) {
        self.waiting.push_back(Waiting { length: self.buffer.len() - self.start, is_own_call });
    }
}

impl Transmissions {
    /// Starts a text at the end of the buffer.
    pub(super) fn draft(&mut self) -> Draft<'_> {
        if self.waiting.is_empty() && self.at > 0 {
            self.texts.clear();
            self.texts.shrink_to(KEPT);
            self.at = 0;
        }
        if self.texts.capacity() == 0 {
            self.texts.reserve(FIRST);
        }
        Draft { start: self.texts.len(), buffer: &mut self.texts, waiting: &mut self.waiting }
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: &str, is_own_call: bool) {
        let draft = self.draft();
        draft.buffer.push_str(text);
        draft.finish(is_own_call);
    }

    /// The next text.
    pub(super) fn pop(&mut self) -> Option<Outgoing<'_>> {
        let Waiting { length, is_own_call } = self.waiting.pop_front()?;
        let start = self.at;
        self.at += length;
        Some(Outgoing { text: self.texts.get(start..self.at).unwrap_or_default(), is_own_call })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many bytes wait.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.texts.len() - self.at
    }

    /// Drops what waits.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Gives back the buffer, if nothing waits in it.
    pub(super) fn shrink(&mut self) {
        if self.is_empty() {
            self.clear();
        }
    }
}
