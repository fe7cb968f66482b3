//! The requests of the peer: those that wait for the application, and the answers to those that do not any more.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::stored_id::StoredId;
use crate::{Instant, MessageId};

/// A request that waits for the application.
pub(super) struct Unanswered {
    pub(super) serial: u32,
    pub(super) id: StoredId,
    pub(super) fingerprint: u64,
    pub(super) due: Instant,
}

/// An answer that was sent.
struct Kept {
    /// Of the request.
    fingerprint: u64,
    /// How long the id is, to tell most of them apart without looking.
    id_length: usize,
    /// The last bytes of the id, which is where ids differ, for the same end.
    id_end: u64,
    /// The frame, whose second element is the id.
    text: String,
}

/// The requests of the peer on one link.
#[derive(Default)]
pub(super) struct Requests {
    pub(super) unanswered: Vec<Unanswered>,
    kept: VecDeque<Kept>,
    next_serial: u32,
}

/// What is known about the id of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Seen {
    /// Nothing.
    Never,
    /// It is that of a request under way, with this content or another.
    UnderWay { same: bool },
    /// It is that of an answered request, with this content or another.
    Answered { same: bool },
}

impl Requests {
    pub(super) fn seen(&self, id: MessageId<'_>, fingerprint: u64) -> Seen {
        let json = id.as_json();
        if let Some(request) = self.unanswered.iter().find(|request| request.id.as_bytes() == json.as_bytes()) {
            return Seen::UnderWay { same: request.fingerprint == fingerprint };
        }
        let (length, end) = (json.len(), end_of(json));
        match self.kept.iter().rev().find(|kept| kept.id_end == end && kept.id_length == length && kept.answers(json)) {
            Some(kept) => Seen::Answered { same: kept.fingerprint == fingerprint },
            None => Seen::Never,
        }
    }

    /// The answer that was sent to a request.
    pub(super) fn kept(&self, id: MessageId<'_>, fingerprint: u64) -> Option<&str> {
        let mut latest = self.kept.iter().rev();
        latest.find(|kept| kept.fingerprint == fingerprint && kept.answers(id.as_json())).map(|kept| kept.text.as_str())
    }

    pub(super) fn add(&mut self, id: MessageId<'_>, fingerprint: u64, due: Instant) -> u32 {
        self.next_serial = self.next_serial.wrapping_add(1);
        let serial = self.next_serial;
        self.unanswered.push(Unanswered { serial, id: StoredId::new(id), fingerprint, due });
        serial
    }

    pub(super) fn remove(&mut self, serial: u32) -> Option<Unanswered> {
        let index = self.unanswered.iter().position(|request| request.serial == serial)?;
        Some(self.unanswered.remove(index))
    }

    /// Takes out a request whose time is over.
    pub(super) fn take_overdue(&mut self, now: Instant) -> Option<Unanswered> {
        let index = self.unanswered.iter().position(|request| request.due <= now)?;
        Some(self.unanswered.remove(index))
    }

    pub(super) fn first_due(&self) -> Option<Instant> {
        self.unanswered.iter().map(|request| request.due).min()
    }

    /// Keeps an answer, in the room of the oldest one if there are that many.
    pub(super) fn keep(&mut self, fingerprint: u64, id: &str, answer: &str, at_most: usize) {
        if at_most == 0 {
            return;
        }
        let mut text = String::new();
        while self.kept.len() >= at_most {
            text = self.kept.pop_front().map(|kept| kept.text).unwrap_or_default();
        }
        text.clear();
        text.push_str(answer);
        self.kept.push_back(Kept { fingerprint, id_length: id.len(), id_end: end_of(id), text });
    }

    /// Gives back what is kept and all room.
    pub(super) fn forget(&mut self) {
        self.kept = VecDeque::new();
        self.unanswered.shrink_to_fit();
    }

    /// Starts anew on another link.
    pub(super) fn clear(&mut self) {
        self.unanswered = Vec::new();
        self.kept = VecDeque::new();
    }
}

impl Kept {
    /// Whether it is the answer to the request with that id.
    fn answers(&self, id: &str) -> bool {
        // behind `[3,`
        self.text.get(3..).and_then(|rest| rest.strip_prefix(id)).is_some_and(|rest| rest.starts_with(','))
    }
}

/// The last eight bytes, the closing quote left out.
fn end_of(id: &str) -> u64 {
    let bytes = id.as_bytes();
    bytes[..bytes.len().saturating_sub(1)].last_chunk::<8>().map_or(0, |end| u64::from_le_bytes(*end))
}

/// A number that tells texts apart: eight bytes at a time in four lanes, so that it costs little beside reading the text.
///
/// It is no defence against a peer that makes up two texts with the same number; that peer would only get its own earlier
/// answer.
pub(super) fn fingerprint(text: &str) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |lane: u64, word: u64| (lane ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let mut lanes = [text.len() as u64, 1, 2, 3];
    let (blocks, rest) = text.as_bytes().as_chunks::<32>();
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = mix(*lane, u64::from_le_bytes(*word));
        }
    }
    let (words, rest) = rest.as_chunks::<8>();
    for (lane, word) in lanes.iter_mut().zip(words) {
        *lane = mix(*lane, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    lanes.into_iter().fold(u64::from_le_bytes(last), mix)
}
