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
pub(super) struct Bindings(BTreeMap<TransactionKey, Binding>);

impl Bindings {
    /// Reads the value back; one that is damaged counts as none, which [`mend`](Self::mend) makes up for.
    pub(super) fn read(bytes: Option<&[u8]>) -> Self {
        let list = bytes.and_then(|bytes| {
            let (sum, json) = bytes.split_first_chunk()?;
            let intact = crc32fast::hash(json) == u32::from_le_bytes(*sum);
            intact.then(|| serde_json::from_slice::<Vec<(TransactionKey, Binding)>>(json).ok())?
        });
        Self(list.unwrap_or_default().into_iter().collect())
    }

    pub(super) fn change(&self) -> Change {
        let list: Vec<_> = self.0.iter().collect();
        let json = serde_json::to_vec(&list).unwrap_or_default();
        let mut value = crc32fast::hash(&json).to_le_bytes().to_vec();
        value.extend(json);
        Change::Set { name: NAME, value }
    }

    /// Makes the bindings agree with the messages there are.
    pub(super) fn mend(&mut self, starts: &[u64], continued: &[TransactionKey]) {
        for start in starts {
            self.0.insert(TransactionKey(*start), Binding::Waiting);
        }
        for key in continued {
            self.0.entry(*key).or_insert(Binding::Lost);
        }
        for (key, binding) in &mut self.0 {
            if *binding == Binding::Waiting && !starts.contains(&key.0) {
                *binding = Binding::Lost;
            }
        }
    }

    pub(super) fn contains(&self, key: TransactionKey) -> bool {
        self.0.contains_key(&key)
    }

    pub(super) fn get(&self, key: TransactionKey) -> Option<Binding> {
        self.0.get(&key).copied()
    }

    pub(super) fn with_id(&self, id: i64) -> Option<TransactionKey> {
        self.0.iter().rev().find(|(_, binding)| **binding == Binding::Known(id)).map(|(key, _)| *key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = TransactionKey> + '_ {
        self.0.keys().copied()
    }

    pub(super) fn highest(&self) -> u64 {
        self.0.keys().next_back().map_or(0, |key| key.0)
    }

    pub(super) fn insert(&mut self, key: TransactionKey, binding: Binding) {
        self.0.insert(key, binding);
    }

    pub(super) fn remove(&mut self, key: TransactionKey) {
        self.0.remove(&key);
    }
}
