//! What the outbox holds, in memory and on the medium.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use ocpp_types::Version;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{DropCause, OutboxNotice};
use crate::store::Change;

/// A 1.6 transaction, before and after the CSMS has given it an id.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct TransactionKey(pub(crate) u64);

impl TransactionKey {
    /// The key as a number, to be stored.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The key with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }
}

/// A message for the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// The version it is a message of.
    pub version: Version,
    /// Its action.
    pub action: String,
    /// Its payload as JSON.
    pub payload: String,
    /// Its lane.
    pub lane: Lane,
    /// In which class it may be dropped; `None` if it never may.
    pub drop_class: Option<DropClass>,
    /// Its part in a 1.6 transaction.
    pub part: Part,
    /// Whether it ends a transaction; if so, it is taken however full the outbox is.
    pub ends_transaction: bool,
    /// Whether its times were taken before the clock was set.
    pub uptime: bool,
}

impl Message {
    /// A message that belongs to no 1.6 transaction and may not be dropped.
    pub fn new(version: Version, action: &str, payload: String, lane: Lane) -> Self {
        let action = action.to_owned();
        let (drop_class, part, ends_transaction, uptime) = (None, Part::None, false, false);
        Self { version, action, payload, lane, drop_class, part, ends_transaction, uptime }
    }
}

/// The lanes of an outbox.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Lane {
    /// Messages of transactions, strictly in order (rules ).
    Transaction,
    /// Other messages that must arrive, in order but for those that fail (rules ).
    Other,
}

/// Classes of messages that may be dropped when the outbox is full.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum DropClass {
    /// What belongs to no transaction.
    Other,
    /// Meter values within a transaction, periodic or aligned to the clock.
    Meter,
    /// Other news within a transaction.
    Update,
}

/// The part of a message in a 1.6 transaction.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Part {
    /// None.
    #[default]
    None,
    /// It starts one.
    Start,
    /// It belongs to one.
    Middle(TransactionKey),
    /// It ends one.
    Stop(TransactionKey),
}

impl Part {
    /// The transaction whose id the message must carry.
    pub(super) fn continues(self) -> Option<TransactionKey> {
        match self {
            Self::Middle(key) | Self::Stop(key) => Some(key),
            Self::None | Self::Start => None,
        }
    }
}

/// A message in a queue.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) record: Record,
    /// Whether the store has it.
    pub(super) saved: bool,
    /// Whether it was there when the station booted.
    pub(super) is_of_earlier_boot: bool,
}

impl Entry {
    /// The changes that take it out of the store.
    pub(super) fn removal(&self) -> Vec<Change> {
        if self.saved { vec![Change::Remove { number: self.number }] } else { Vec::new() }
    }

    pub(super) fn dropped(self, cause: DropCause) -> OutboxNotice {
        let Self { number, record: Record { action, payload, .. }, .. } = self;
        OutboxNotice::Dropped { number, action, payload, cause }
    }
}

/// What the store keeps of a message.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) version: Version,
    pub(super) action: String,
    pub(super) payload: String,
    pub(super) lane: Lane,
    pub(super) drop_class: Option<DropClass>,
    pub(super) part: Part,
    pub(super) uptime: bool,
    pub(super) attempts: u32,
}

/// The form of a record on the medium, behind four bytes of checksum.
#[derive(Deserialize, Serialize)]
struct Stored<'a> {
    v: &'a str,
    action: &'a str,
    #[serde(borrow)]
    payload: &'a RawValue,
    lane: Lane,
    class: Option<DropClass>,
    part: Part,
    uptime: bool,
    attempts: u32,
}

impl Record {
    pub(super) fn new(message: Message) -> Self {
        let Message { version, action, payload, lane, drop_class, part, uptime, .. } = message;
        Self { version, action, payload, lane, drop_class, part, uptime, attempts: 0 }
    }

    /// Whether it can go over a link of this version: what is right in 2.0.1 is so in 2.1.
    pub(super) fn fits(&self, link: Version) -> bool {
        self.version == link || (self.version, link) == (Version::V201, Version::V21)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let payload = serde_json::from_str(&self.payload).unwrap_or(RawValue::NULL);
        let stored = Stored {
            v: self.version.as_str(),
            action: &self.action,
            payload,
            lane: self.lane,
            class: self.drop_class,
            part: self.part,
            uptime: self.uptime,
            attempts: self.attempts,
        };
        let json = serde_json::to_vec(&stored).unwrap_or_default();
        let mut bytes = crc32fast::hash(&json).to_le_bytes().to_vec();
        bytes.extend(json);
        bytes
    }

    /// `None` if a bit of it is not as it was written.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (sum, json) = bytes.split_first_chunk()?;
        if crc32fast::hash(json) != u32::from_le_bytes(*sum) {
            return None;
        }
        let stored: Stored<'_> = serde_json::from_slice(json).ok()?;
        Some(Self {
            version: stored.v.parse().ok()?,
            action: stored.action.to_owned(),
            payload: stored.payload.get().to_owned(),
            lane: stored.lane,
            drop_class: stored.class,
            part: stored.part,
            uptime: stored.uptime,
            attempts: stored.attempts,
        })
    }
}
