use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Code, Error};
use crate::store::contract::StoreError;

/// A file with the deliveries, and the connection of this process to it.
pub(super) struct File {
    path: PathBuf,
    timeout: Duration,
    /// The process that opened the connection; 0 while there is none. It stands beside the lock, because a lock that
    /// another thread held when the process was forked is never released in the child.
    opened_by: AtomicU32,
    connection: Mutex<Option<Connection>>,
}

/// "hkpf": tells such files from those of other programs.
const APPLICATION_ID: i32 = 0x686b_7066;
/// The version of the schema. A later one needs a migration here.
const VERSION: i32 = 1;

const SCHEMA: &str = "
    CREATE TABLE delivery (
        serial INTEGER PRIMARY KEY AUTOINCREMENT,
        key BLOB NOT NULL UNIQUE,
        is_done INTEGER NOT NULL,
        ends_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX delivery_by_end ON delivery (ends_at);
";

/// How long to wait before a change of the journal's mode is tried again, for which SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(10);

impl File {
    /// Opens a file, creates what is missing, and closes it.
    pub(super) fn check(path: &Path, timeout: Duration) -> Result<Self, Error> {
        let text = path.to_string_lossy();
        if text.is_empty() || text == ":memory:" || text.starts_with("file:") {
            let message = format!(
                "the store's path is {text:?}, expected that of a file; a MemoryStore keeps deliveries in memory"
            );
            return Err(Error::new(Code::InvalidOption, message));
        }
        // A process that becomes a daemon changes its folder between this call and the next.
        let path = std::path::absolute(path).map_err(|error| refused(path, &error.to_string()))?;
        connect(&path, timeout).map_err(|failure| refused(&path, &failure.to_string()))?;
        Ok(Self { path, timeout, opened_by: AtomicU32::new(0), connection: Mutex::default() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Works with the connection, which is made if there is none.
    pub(super) fn ask<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if self.is_inherited() {
            return Err(StoreError::new(
                "the store cannot be asked: this process was forked while its connection was open",
            ));
        }
        let mut slot = self.lock();
        let connection = if let Some(connection) = &mut *slot {
            connection
        } else {
            let connection = connect(&self.path, self.timeout)
                .map_err(|failure| StoreError::new("the store cannot be opened").with_source(failure))?;
            self.opened_by.store(process::id(), Ordering::Release);
            slot.insert(connection)
        };
        work(connection).map_err(|error| {
            if !is_locked(&error) {
                // Whatever it is, the next call starts afresh: the disk may be back, or the file put back.
                self.forget(&mut slot);
            }
            StoreError::new("the store cannot be asked").with_source(error)
        })
    }

    /// Closes the connection until it is needed again.
    pub(super) fn close(&self) {
        if !self.is_inherited() {
            self.forget(&mut self.lock());
        }
    }

    fn forget(&self, slot: &mut Option<Connection>) {
        *slot = None;
        self.opened_by.store(0, Ordering::Release);
    }

    /// Tells whether the connection is another process's: what SQLite knows of locks is then wrong here, and to use
    /// it would corrupt the file.
    fn is_inherited(&self) -> bool {
        let opened_by = self.opened_by.load(Ordering::Acquire);
        opened_by != 0 && opened_by != process::id()
    }

    /// Locks the connection. A transaction that a panic has ended was rolled back, so what a poisoned lock guards is
    /// whole.
    fn lock(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if self.is_inherited() {
            // To close it would take the file's locks from the process that has it open.
            let slot = self.connection.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(slot.take());
        }
    }
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("it belongs to another program")]
    Foreign,
    #[error("it is of version {0}, and this version of hookproof knows version {VERSION}")]
    Newer(i32),
    #[error("it cannot have a write-ahead log: its journal stays in the mode {0}")]
    WithoutLog(String),
}

fn connect(path: &Path, timeout: Duration) -> Result<Connection, Unusable> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(timeout)?;
    // Looked at before anything is written: a file of another program must stay as it is.
    let is_new = is_new(&connection)?;
    keep_log(&connection, timeout)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    if is_new {
        let creating = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        create(creating)?;
    }
    Ok(connection)
}

/// Tells whether a file is empty; fails for one that is not ours.
fn is_new(connection: &Connection) -> Result<bool, Unusable> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    // One transaction, so that all answers are of one moment of a file that another process is creating.
    connection.execute_batch("BEGIN")?;
    let found = (|| {
        let entries = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok::<(i64, i32, i32), rusqlite::Error>((entries, number("application_id")?, number("user_version")?))
    })();
    connection.execute_batch("ROLLBACK")?;
    match found? {
        (0, 0, 0) => Ok(true),
        (_, APPLICATION_ID, VERSION) => Ok(false),
        (_, APPLICATION_ID, version) if version > VERSION => Err(Unusable::Newer(version)),
        _ => Err(Unusable::Foreign),
    }
}

/// Puts the file in the mode in which readers do not wait for the writer.
fn keep_log(connection: &Connection, timeout: Duration) -> Result<(), Unusable> {
    let began = Instant::now();
    loop {
        let changed =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match changed {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(Unusable::WithoutLog(mode)),
            Err(error) if is_locked(&error) && began.elapsed() < timeout => thread::sleep(PAUSE),
            Err(error) => return Err(error.into()),
        }
    }
}

fn create(creating: Transaction<'_>) -> Result<(), Unusable> {
    // Another process may have been faster.
    let entries: i64 = creating.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if entries > 0 {
        return Ok(());
    }
    creating.execute_batch(SCHEMA)?;
    creating.pragma_update(None, "application_id", APPLICATION_ID)?;
    creating.pragma_update(None, "user_version", VERSION)?;
    creating.commit()?;
    Ok(())
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn refused(path: &Path, reason: &str) -> Error {
    let path = path.display();
    Error::new(Code::InvalidOption, format!("the store cannot be opened at {path}: {reason}"))
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
