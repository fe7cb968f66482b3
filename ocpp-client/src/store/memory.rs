//! A store for tests, simulations and stations that live with the loss.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Change, Store, StoreError};

/// A store in memory: nothing survives the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    records: BTreeMap<u64, Vec<u8>>,
    values: BTreeMap<&'static str, Vec<u8>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes of a record, for tests that damage it.
    pub fn record_mut(&mut self, number: u64) -> Option<&mut Vec<u8>> {
        self.records.get_mut(&number)
    }
}

impl Store for MemoryStore {
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        Ok(self.records.iter().map(|(number, record)| (*number, record.clone())).collect())
    }

    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.values.get(name).cloned())
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            match change {
                Change::Write { number, record } => drop(self.records.insert(*number, record.clone())),
                Change::Remove { number } => drop(self.records.remove(number)),
                Change::Set { name, value } => drop(self.values.insert(name, value.clone())),
            }
        }
        Ok(())
    }
}
