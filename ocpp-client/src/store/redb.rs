//! A store in a file.

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use redb::{
    Builder, CommitError, Database, DatabaseError, ReadableTable, StorageBackend, StorageError, TableDefinition,
    TableError, TransactionError,
};

use super::{Change, Store, StoreError, StoreErrorKind};

const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");
const VALUES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("values");

/// Pages kept in memory; an outbox is written far more than read.
const CACHE_BYTES: usize = 256 * 1024;

/// A store in a file, by the embedded database `redb`.
///
/// Every commit is synchronised to the medium before it returns. The file is locked: a second process, or a second handle
/// in this one, gets [`StoreErrorKind::InUse`].
///
/// After an error of the medium a file is opened anew with the next commit, so that a store that was full for a while goes on
/// working.
#[derive(Debug)]
pub struct RedbStore {
    database: Option<Database>,
    path: Option<PathBuf>,
    has_failed: bool,
}

impl RedbStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it is in use, damaged beyond repair, or the file system refuses.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        Self::with(builder().create(path).map_err(database_error)?, Some(path.to_owned()))
    }

    /// Opens a database on another medium than a file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn on(backend: impl StorageBackend) -> Result<Self, StoreError> {
        Self::with(builder().create_with_backend(backend).map_err(database_error)?, None)
    }

    fn with(database: Database, path: Option<PathBuf>) -> Result<Self, StoreError> {
        let mut store = Self { database: Some(database), path, has_failed: false };
        // readers find both tables from now on
        store.commit(&[])?;
        Ok(store)
    }

    fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or(StoreError::new(StoreErrorKind::Failed))
    }

    /// The database takes nothing more after an error of the medium, until it is opened again.
    fn reopen(&mut self) -> Result<(), StoreError> {
        if let Some(path) = &self.path {
            // the lock goes first
            self.database = None;
            self.database = Some(builder().create(path).map_err(database_error)?);
            self.has_failed = false;
        }
        Ok(())
    }

    fn write(&self, changes: &[Change]) -> Result<(), StoreError> {
        let writing = self.database()?.begin_write().map_err(transaction_error)?;
        {
            let mut records = writing.open_table(RECORDS).map_err(table_error)?;
            let mut values = writing.open_table(VALUES).map_err(table_error)?;
            for change in changes {
                match change {
                    Change::Write { number, record } => {
                        records.insert(number, record.as_slice()).map_err(storage_error)?;
                    }
                    Change::Remove { number } => {
                        records.remove(number).map_err(storage_error)?;
                    }
                    Change::Set { name, value } => {
                        values.insert(*name, value.as_slice()).map_err(storage_error)?;
                    }
                }
            }
        }
        writing.commit().map_err(|error| match error {
            CommitError::Storage(error) => storage_error(error),
            other => failed(other),
        })
    }
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES).create_with_file_format_v3(true);
    builder
}

impl Store for RedbStore {
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let reading = self.database()?.begin_read().map_err(transaction_error)?;
        let table = reading.open_table(RECORDS).map_err(table_error)?;
        let mut records = Vec::new();
        for entry in table.iter().map_err(storage_error)? {
            let (number, record) = entry.map_err(storage_error)?;
            records.push((number.value(), record.value().to_vec()));
        }
        Ok(records)
    }

    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let reading = self.database()?.begin_read().map_err(transaction_error)?;
        let table = reading.open_table(VALUES).map_err(table_error)?;
        Ok(table.get(name).map_err(storage_error)?.map(|value| value.value().to_vec()))
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        if self.has_failed {
            self.reopen()?;
        }
        let outcome = self.write(changes);
        self.has_failed = outcome.is_err();
        outcome
    }
}

fn database_error(error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::with_source(StoreErrorKind::InUse, error),
        DatabaseError::UpgradeRequired(_) => StoreError::with_source(StoreErrorKind::Format, error),
        DatabaseError::RepairAborted => StoreError::with_source(StoreErrorKind::Damaged, error),
        DatabaseError::Storage(error) => storage_error(error),
        other => failed(other),
    }
}

fn transaction_error(error: TransactionError) -> StoreError {
    match error {
        TransactionError::Storage(error) => storage_error(error),
        other => failed(other),
    }
}

fn table_error(error: TableError) -> StoreError {
    match error {
        TableError::Storage(error) => storage_error(error),
        TableError::TableTypeMismatch { .. } | TableError::TypeDefinitionChanged { .. } => {
            StoreError::with_source(StoreErrorKind::Format, error)
        }
        other => failed(other),
    }
}

fn storage_error(error: StorageError) -> StoreError {
    let kind = match &error {
        StorageError::Corrupted(_) => StoreErrorKind::Damaged,
        StorageError::Io(io) => io_kind(io),
        _ => StoreErrorKind::Failed,
    };
    StoreError::with_source(kind, error)
}

fn io_kind(error: &io::Error) -> StoreErrorKind {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreErrorKind::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreErrorKind::ReadOnly,
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => StoreErrorKind::Damaged,
        _ => StoreErrorKind::Failed,
    }
}

fn failed(error: impl core::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::with_source(StoreErrorKind::Failed, Box::new(error) as Box<dyn core::error::Error + Send + Sync>)
}
