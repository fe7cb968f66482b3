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
    pub(super) fingerprint: Fingerprint,
    pub(super) due: Instant,
}

/// What tells requests apart.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint {
    text: u64,
    id: u64,
}

impl Fingerprint {
    pub(super) fn of(text: &str, id: MessageId<'_>) -> Self {
        Self { text: hash_of(text), id: hash_of(id.as_json()) }
    }
}

/// An answer that was sent. Its payload stands in [`Requests::payloads`]; the id in front of it is that of the repeated
/// request, which is the same text.
struct Kept {
    /// Of the request.
    fingerprint: Fingerprint,
    /// How long the payload is, with the bracket behind it.
    length: usize,
}

/// The requests of the peer on one link.
#[derive(Default)]
pub(super) struct Requests {
    pub(super) unanswered: Vec<Unanswered>,
    /// The latest is the last.
    kept: VecDeque<Kept>,
    /// The payloads of the kept answers, one behind the other, after those that are kept no more.
    payloads: String,
    /// How many bytes at the front are of answers that are kept no more.
    outdated: usize,
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
    pub(super) fn seen(&self, id: MessageId<'_>, fingerprint: Fingerprint) -> Seen {
        let json = id.as_json();
        if let Some(request) = self.unanswered.iter().find(|request| request.id.as_json() == json) {
            return Seen::UnderWay { same: request.fingerprint.text == fingerprint.text };
        }
        match self.kept.iter().rev().find(|kept| kept.fingerprint.id == fingerprint.id) {
            Some(kept) => Seen::Answered { same: kept.fingerprint.text == fingerprint.text },
            None => Seen::Never,
        }
    }

    /// The payload of the answer that was sent to a request, with the bracket behind it.
    pub(super) fn kept(&self, fingerprint: Fingerprint) -> Option<&str> {
        let mut end = self.payloads.len();
        for kept in self.kept.iter().rev() {
            let start = end - kept.length;
            if kept.fingerprint.text == fingerprint.text {
                return self.payloads.get(start..end);
            }
            end = start;
        }
        None
    }

    pub(super) fn add(&mut self, id: MessageId<'_>, fingerprint: Fingerprint, due: Instant) -> u32 {
        self.next_serial = self.next_serial.wrapping_add(1);
        let serial = self.next_serial;
        self.unanswered.push(Unanswered { serial, id: StoredId::EMPTY, fingerprint, due });
        if let Some(request) = self.unanswered.last_mut() {
            // written where it stays: to move a text that was just written takes longer
            request.id.set(id);
        }
        serial
    }

    /// Where a request stands.
    pub(super) fn find(&self, serial: u32) -> Option<usize> {
        self.unanswered.iter().position(|request| request.serial == serial)
    }

    /// Takes out a request whose time is over.
    pub(super) fn take_overdue(&mut self, now: Instant) -> Option<Unanswered> {
        let index = self.unanswered.iter().position(|request| request.due <= now)?;
        Some(self.unanswered.remove(index))
    }

    pub(super) fn first_due(&self) -> Option<Instant> {
        self.unanswered.iter().map(|request| request.due).min()
    }

    /// Keeps the payload of an answer, in the room of the oldest one if there are that many.
    pub(super) fn keep(&mut self, fingerprint: Fingerprint, payload: &str, at_most: usize) {
        if at_most == 0 {
            return;
        }
        while self.kept.len() >= at_most
            && let Some(oldest) = self.kept.pop_front()
        {
            self.outdated += oldest.length;
        }
        // not with every answer, since all that is kept has to move
        if self.outdated > self.payloads.len() / 2 {
            self.payloads.drain(..self.outdated);
            self.outdated = 0;
        }
        // most connections are idle and keep few answers: no room in advance
        self.payloads.reserve_exact(payload.len());
        self.payloads.push_str(payload);
        self.kept.push_back(Kept { fingerprint, length: payload.len() });
    }

    /// Gives back what is kept.
    pub(super) fn forget(&mut self) {
        self.kept = VecDeque::new();
        self.payloads = String::new();
        self.outdated = 0;
    }

    /// Gives back room for requests that are not there.
    pub(super) fn shrink(&mut self) {
        if self.unanswered.is_empty() {
            self.unanswered = Vec::new();
        }
    }

    /// Starts anew on another link.
    pub(super) fn clear(&mut self) {
        self.unanswered = Vec::new();
        self.forget();
    }
}

/// A number that tells texts apart, sixteen bytes at a time in two lanes, so that it costs little beside reading the text.
///
/// It is no defence against a peer that makes up two texts with the same number; that peer would only get its own earlier
/// answer.
fn hash_of(text: &str) -> u64 {
    const FACTORS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03];
    let mix = |lane: u64, [low, high]: [u64; 2], factor: u64| {
        let product = u128::from(low ^ factor) * u128::from(high ^ lane);
        product as u64 ^ (product >> 64) as u64
    };
    let words = |bytes: &[u8; 16]| {
        let (words, _) = bytes.as_chunks::<8>();
        [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1])]
    };
    let bytes = text.as_bytes();
    let (blocks, rest) = bytes.as_chunks::<16>();
    let mut lanes = [bytes.len() as u64, 0];
    let (pairs, odd) = blocks.as_chunks::<2>();
    for pair in pairs {
        lanes = [mix(lanes[0], words(&pair[0]), FACTORS[0]), mix(lanes[1], words(&pair[1]), FACTORS[1])];
    }
    let last = match bytes.last_chunk::<16>() {
        // overlapping what has been mixed in does no harm
        Some(last) => words(last),
        None => rest.iter().fold([0_u64; 2], |[low, high], &byte| [high, low.rotate_left(8) ^ u64::from(byte)]),
    };
    let middle = odd.first().map_or([0; 2], words);
    mix(mix(lanes[0], middle, FACTORS[0]), last, lanes[1] ^ FACTORS[1])
}
