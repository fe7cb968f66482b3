//! A directory in memory: for one process, for tests, and as the model of others.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ocpp_rpc::Instant;

use super::{Claim, Directory, DirectoryError, Epoch, Holder, NodeId};
use crate::StationId;

/// The rules of a directory, without lock or clock.
#[derive(Clone, Debug, Default)]
pub struct DirectoryTable {
    leases: BTreeMap<NodeId, Instant>,
    /// The epoch stays when the holder goes, so that the next one is higher.
    stations: BTreeMap<StationId, (Epoch, Option<NodeId>)>,
}

impl DirectoryTable {
    /// A directory in which nobody holds anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`Directory::renew`].
    pub fn renew(&mut self, now: Instant, node: &NodeId, lease: Duration) {
        self.leases.insert(node.clone(), now + lease);
    }

    /// See [`Directory::claim`].
    ///
    /// # Errors
    /// When the node has no lease.
    pub fn claim(&mut self, now: Instant, station: &StationId, node: &NodeId) -> Result<Claim, DirectoryError> {
        if !self.is_alive(now, node) {
            return Err(DirectoryError::LeaseOver);
        }
        let previous = self.find(now, station);
        let slot = self.stations.entry(station.clone()).or_insert((Epoch(0), None));
        let epoch = Epoch(slot.0.0 + 1);
        *slot = (epoch, Some(node.clone()));
        Ok(Claim { epoch, previous })
    }

    /// See [`Directory::release`].
    pub fn release(&mut self, station: &StationId, epoch: Epoch) -> bool {
        match self.stations.get_mut(station) {
            Some((current, holder)) if *current == epoch => holder.take().is_some(),
            _ => false,
        }
    }

    /// See [`Directory::find`].
    pub fn find(&self, now: Instant, station: &StationId) -> Option<Holder> {
        let (epoch, node) = self.stations.get(station)?;
        let node = node.clone().filter(|node| self.is_alive(now, node))?;
        Some(Holder { node, epoch: *epoch })
    }

    fn is_alive(&self, now: Instant, node: &NodeId) -> bool {
        self.leases.get(node).is_some_and(|until| now < *until)
    }
}

/// A [`DirectoryTable`] behind a lock, with a clock of the caller's choice.
pub struct MemoryDirectory {
    table: Mutex<DirectoryTable>,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
}

impl MemoryDirectory {
    /// A directory in which nobody holds anything.
    pub fn new(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { table: Mutex::default(), clock: Box::new(clock) }
    }

    fn table(&self) -> MutexGuard<'_, DirectoryTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Directory for MemoryDirectory {
    async fn renew(&self, node: &NodeId, lease: Duration) -> Result<(), DirectoryError> {
        self.table().renew((self.clock)(), node, lease);
        Ok(())
    }

    async fn claim(&self, station: &StationId, node: &NodeId) -> Result<Claim, DirectoryError> {
        self.table().claim((self.clock)(), station, node)
    }

    async fn release(&self, station: &StationId, epoch: Epoch) -> Result<bool, DirectoryError> {
        Ok(self.table().release(station, epoch))
    }

    async fn find(&self, station: &StationId) -> Result<Option<Holder>, DirectoryError> {
        Ok(self.table().find((self.clock)(), station))
    }
}

impl fmt::Debug for MemoryDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
