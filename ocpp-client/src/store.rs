//! Where a station keeps what must survive a power cut.

mod memory;
#[cfg(feature = "redb")]
mod redb;

use alloc::boxed::Box;
use alloc::vec::Vec;

pub use memory::MemoryStore;
#[cfg(feature = "redb")]
pub use redb::RedbStore;

/// Durable records and values of one station.
///
/// Records are numbered messages waiting to be sent; values are small named states. All that belongs together is committed
/// together, so that a power cut leaves either all of it or nothing.
///
/// What a store returns from [`records`](Self::records) and [`value`](Self::value) may be damaged: whoever reads it
/// checks it. An implementation must not drop what comes after a record it cannot read.
pub trait Store {
    /// All records, by rising number.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError>;

    /// The value of this name, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Makes all these changes or none; on return they are on the medium.
    ///
    /// # Errors
    /// When it is not certain that they were made. They will be handed in again, and records that nobody knows be removed.
    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError>;
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        (**self).records()
    }

    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).value(name)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        (**self).commit(changes)
    }
}

/// One change of a store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// Writes a record, in place of the one with this number if there is one.
    Write {
        /// Number of the record; records are loaded in this order.
        number: u64,
        /// What it holds.
        record: Vec<u8>,
    },
    /// Removes a record; nothing happens if there is none.
    Remove {
        /// Number of the record.
        number: u64,
    },
    /// Sets a value.
    Set {
        /// Name of the value.
        name: &'static str,
        /// What it holds.
        value: Vec<u8>,
    },
}

impl Change {
    /// Whether nothing is left of an earlier change after this one.
    pub(crate) fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (
                Self::Write { number: own, .. } | Self::Remove { number: own },
                Self::Write { number: other, .. } | Self::Remove { number: other },
            ) => own == other,
            (Self::Set { name: own, .. }, Self::Set { name: other, .. }) => own == other,
            _ => false,
        }
    }
}

/// The store failed; the environment is to blame.
#[derive(Debug, thiserror::Error)]
#[error("store {kind}")]
pub struct StoreError {
    kind: StoreErrorKind,
    #[source]
    source: Option<Box<dyn core::error::Error + Send + Sync>>,
}

impl StoreError {
    /// An error of this kind.
    pub const fn new(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error of this kind with what it came from.
    pub fn with_source(kind: StoreErrorKind, source: impl Into<Box<dyn core::error::Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// What happened, as far as a program can act on it.
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

/// What happened to a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another process or handle holds it.
    #[error("in use elsewhere")]
    InUse,
    /// No space is left.
    #[error("full")]
    Full,
    /// It must not be written.
    #[error("read-only")]
    ReadOnly,
    /// Its content is not what was written.
    #[error("damaged")]
    Damaged,
    /// It was written by another version of this crate or its database.
    #[error("of another format")]
    Format,
    /// The medium failed in another way.
    #[error("failed")]
    Failed,
}
