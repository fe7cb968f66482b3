//! Which id the CSMS gave to which 1.6 transaction.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::TransactionKey;
use crate::store::Change;

/// Name of the value in the store.
pub(super) const NAME: &str = "outbox/transactions";

/// What is known of the id of a transaction.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Binding {
    /// Its StartTransaction has not been answered.
    Waiting,
    /// The CSMS gave this id; any number is a legal one (rule TX16-03).
    Known(i64),
    /// Its StartTransaction was given up or answered without an id.
    Lost,
}

/// The transactions whose StopTransaction has not been delivered.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    open: BTreeMap<TransactionKey, Binding>,
    /// No key from this one on was ever given to a transaction.
    next_key: u64,
    /// Of transactions with a key below this, nobody knows any more whether they are open.
    forgotten_below: u64,
}

/// The form of the bindings on the medium, behind four bytes of checksum.
#[derive(Deserialize, Serialize)]
struct Stored {
    next_key: u64,
    forgotten_below: u64,
    open: Vec<(TransactionKey, Binding)>,
}

impl Bindings {
    /// Reads the value back, and tells whether it is damaged: it then counts as none, which
    /// [`forget_all_below`](Self::forget_all_below) and [`mend`](Self::mend) make up for.
    pub(super) fn read(bytes: Option<&[u8]>) -> (Self, bool) {
        let Some(bytes) = bytes else { return (Self::default(), false) };
        let intact = bytes.split_first_chunk().filter(|(sum, json)| crc32fast::hash(json) == u32::from_le_bytes(**sum));
        match intact.and_then(|(_, json)| serde_json::from_slice(json).ok()) {
            Some(Stored { next_key, forgotten_below, open }) => {
                (Self { open: open.into_iter().collect(), next_key, forgotten_below }, false)
            }
            None => (Self::default(), true),
        }
    }

    pub(super) fn change(&self) -> Change {
        let open = self.open.iter().map(|(key, binding)| (*key, *binding)).collect();
        let stored = Stored { next_key: self.next_key, forgotten_below: self.forgotten_below, open };
        let json = serde_json::to_vec(&stored).unwrap_or_default();
        let mut value = crc32fast::hash(&json).to_le_bytes().to_vec();
        value.extend(json);
        Change::Set { name: NAME, value }
    }

    /// Notes that the value was damaged. Keys go on far from those that were given, which end somewhere above this number.
    pub(super) fn forget_all_below(&mut self, number: u64) {
        self.next_key = (number | u64::from(u32::MAX)).saturating_add(1);
        self.forgotten_below = self.next_key;
    }

    /// Makes the bindings agree with the messages there are.
    pub(super) fn mend(&mut self, starts: &[u64]) {
        for start in starts {
            self.insert(TransactionKey(*start), Binding::Waiting);
        }
        for (key, binding) in &mut self.open {
            if *binding == Binding::Waiting && !starts.contains(&key.0) {
                *binding = Binding::Lost;
            }
        }
    }

    /// Whether a transaction is open, as far as anybody knows.
    pub(super) fn contains(&self, key: TransactionKey) -> bool {
        self.open.contains_key(&key) || key.0 < self.forgotten_below
    }

    pub(super) fn get(&self, key: TransactionKey) -> Option<Binding> {
        self.open.get(&key).copied()
    }

    pub(super) fn with_id(&self, id: i64) -> Option<TransactionKey> {
        self.open.iter().rev().find(|(_, binding)| **binding == Binding::Known(id)).map(|(key, _)| *key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = TransactionKey> + '_ {
        self.open.keys().copied()
    }

    pub(super) fn next_key(&self) -> u64 {
        self.next_key
    }

    pub(super) fn insert(&mut self, key: TransactionKey, binding: Binding) {
        self.next_key = self.next_key.max(key.0.saturating_add(1));
        self.open.insert(key, binding);
    }

    pub(super) fn remove(&mut self, key: TransactionKey) {
        self.open.remove(&key);
    }
}
