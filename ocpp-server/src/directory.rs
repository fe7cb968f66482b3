//! Which node holds a station, when there are many nodes.
//!
//! A [`Directory`] is a table that all nodes reach: identity → node and epoch. A node claims a station when it connects; each
//! claim has a higher epoch than the one before, and a node that learns of a higher one closes its connection
//! (rule CS-52). Calls travel between nodes as a [`RemoteCall`], which names the epoch it is meant for, so that none reaches a
//! connection it was not made for. How they travel is not the business of this crate.

mod memory;
mod remote;

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub use self::memory::{DirectoryTable, MemoryDirectory};
pub use self::remote::{Delivery, Intake, RemoteAnswer, RemoteCall, RemoteDesk, RemoteFailure, RemoteOutcome};
use crate::StationId;

/// The name of a node, unique among those that share a directory.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct NodeId(pub String);

/// Counts the claims on a station: a fencing token.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Epoch(pub u64);

/// Who holds a station.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Holder {
    /// The node.
    pub node: NodeId,
    /// The claim it holds it by.
    pub epoch: Epoch,
}

/// A claim that was granted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[must_use]
#[non_exhaustive]
pub struct Claim {
    /// Its number.
    pub epoch: Epoch,
    /// Who held the station before, and has to let go of it.
    pub previous: Option<Holder>,
}

/// Why a directory does not answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// It cannot be reached.
    #[error("directory not available: {0}")]
    Unavailable(String),
    /// The node has not renewed its lease; it has to close its connections.
    #[error("lease of the node is over")]
    LeaseOver,
}

/// Which node holds a station.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Begins the lease of a node, or prolongs it. Without that, what it holds becomes free.
    ///
    /// # Errors
    /// When the directory does not answer.
    async fn renew(&self, node: &NodeId, lease: Duration) -> Result<(), DirectoryError>;

    /// Claims a station for a node, with an epoch above all earlier ones.
    ///
    /// # Errors
    /// When the directory does not answer, or the node has no lease.
    async fn claim(&self, station: &StationId, node: &NodeId) -> Result<Claim, DirectoryError>;

    /// Lets go of a station. Without effect, and false, if a higher epoch was granted meanwhile.
    ///
    /// # Errors
    /// When the directory does not answer.
    async fn release(&self, station: &StationId, epoch: Epoch) -> Result<bool, DirectoryError>;

    /// Who holds a station. A node whose lease is over holds nothing (fault row E12).
    ///
    /// # Errors
    /// When the directory does not answer.
    async fn find(&self, station: &StationId) -> Result<Option<Holder>, DirectoryError>;
}
