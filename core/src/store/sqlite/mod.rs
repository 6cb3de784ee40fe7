//! The store in an SQLite file.

mod file;
mod worker;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use self::file::File;
use self::worker::Worker;
use super::claim::{Claim, Owner};
use super::contract::{Store, StoreError};
use super::entry::{Digest, digest, end};
use crate::clock;
use crate::error::{Code, Error};

/// Remembers in an SQLite file which deliveries were handled, for all processes of one machine.
///
/// The file is created where there is none; what is done survives a crash of the process and of the machine. It
/// belongs on a local disk: the locks of network file systems do not keep their word; and to the store alone: opened by
/// another copy of SQLite in the same process, it would be without its locks. Every method may be called from any thread and waits for the disk, and for other processes at most as long as the time-out. As a
/// [`Store`], which a [`Receiver`](crate::Receiver) awaits, it waits in a thread of its own.
///
/// The clock is handed in as unix milliseconds; all processes must hand in the same one.
///
/// ```
/// use std::time::Duration;
///
/// use hookproof::{Claim, SqliteStore};
///
/// # let path = std::env::temp_dir().join(format!("hookproof-example-{}.sqlite", std::process::id()));
/// let (lease, day) = (Duration::from_secs(60), Duration::from_secs(86_400));
/// let store = SqliteStore::open(&path)?;
/// let Claim::New(owner) = store.claim("stripe:/hooks:evt_1", 0, lease)? else { panic!() };
/// assert!(store.complete("stripe:/hooks:evt_1", owner, 1, day)?);
///
/// let of_another_process = SqliteStore::open(&path)?;
/// assert_eq!(of_another_process.claim("stripe:/hooks:evt_1", 2, lease)?, Claim::Done);
/// # drop((store, of_another_process));
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SqliteStore {
    file: Arc<File>,
    worker: Worker,
}

/// How many ended entries one claim clears away: more than the one it adds, so that the file stops growing, and few
/// enough that no request pays for all of them.
const CLEARED_PER_CLAIM: i64 = 8;

impl SqliteStore {
    /// How long a call waits for other processes unless told otherwise: 5 seconds.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
    /// The longest time-out: a minute, after which no sender waits for its answer any more.
    pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);

    /// Opens a file, or creates it.
    ///
    /// # Errors
    /// As [`open_with_timeout`](Self::open_with_timeout).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with_timeout(path, Self::DEFAULT_TIMEOUT)
    }

    /// Opens a file, or creates it, and sets how long a call waits for other processes.
    ///
    /// The file is checked and closed again: the connection that stays is made by the first call, so that a server
    /// that loads the application and then forks its workers shares none.
    ///
    /// # Errors
    /// `invalid_option`: the file cannot be opened, belongs to something else or to a newer version, or would be none
    /// (`:memory:`); the time-out is more than a minute.
    pub fn open_with_timeout(path: impl AsRef<Path>, timeout: Duration) -> Result<Self, Error> {
        if timeout > Self::LONGEST_TIMEOUT {
            return Err(Error::new(Code::InvalidOption, "the time-out of the store is more than 60 seconds"));
        }
        Ok(Self { file: Arc::new(File::check(path.as_ref(), timeout)?), worker: Worker::default() })
    }

    /// Asks for the delivery with this idempotency key, for the time of the lease (at least a millisecond). It is
    /// never [`Claim::Full`].
    ///
    /// # Errors
    /// The store cannot be asked.
    pub fn claim(&self, key: &str, now_millis: i64, lease: Duration) -> Result<Claim, StoreError> {
        self.file.claim(&digest(key), now_millis, lease)
    }

    /// Marks a claimed delivery as done, for the time of the retention (at least a millisecond); false, and no
    /// effect, for a former owner. When it returns, the disk has it.
    ///
    /// # Errors
    /// The store cannot be asked.
    pub fn complete(
        &self,
        key: &str,
        owner: Owner,
        now_millis: i64,
        retention: Duration,
    ) -> Result<bool, StoreError> {
        self.file.complete(&digest(key), owner, now_millis, retention)
    }

    /// Gives a claimed delivery back, because its handler failed; false, and no effect, for a former owner.
    ///
    /// # Errors
    /// The store cannot be asked.
    pub fn release(&self, key: &str, owner: Owner) -> Result<bool, StoreError> {
        self.file.release(&digest(key), owner)
    }

    /// Closes the connection until the next call, after the calls that run now. A process does so before it forks:
    /// neither side may use a connection that was open then.
    pub fn close(&self) {
        self.file.close();
    }
}

/// Reads the system's clock and waits for the disk in a thread of its own, on any runtime.
///
/// A future that is dropped may leave a claim behind, which ends with its lease.
impl Store for SqliteStore {
    async fn claim(&self, key: &str, lease: Duration) -> Result<Claim, StoreError> {
        let (file, key) = (Arc::clone(&self.file), digest(key));
        self.worker.run(move || file.claim(&key, clock::unix_millis(), lease)).await
    }

    async fn complete(&self, key: &str, owner: Owner, retention: Duration) -> Result<bool, StoreError> {
        let (file, key) = (Arc::clone(&self.file), digest(key));
        self.worker.run(move || file.complete(&key, owner, clock::unix_millis(), retention)).await
    }

    async fn release(&self, key: &str, owner: Owner) -> Result<bool, StoreError> {
        let (file, key) = (Arc::clone(&self.file), digest(key));
        self.worker.run(move || file.release(&key, owner)).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.file.path()).finish_non_exhaustive()
    }
}

impl File {
    fn claim(&self, key: &Digest, now: i64, lease: Duration) -> Result<Claim, StoreError> {
        self.ask(|connection| {
            // Read without the lock for writing, of which a file has one: repetitions do not wait for each other.
            if let Some(held) = held(connection, key, now)? {
                return Ok(held);
            }
            let claiming = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(held) = held(&claiming, key, now)? {
                return Ok(held);
            }
            claiming
                .prepare_cached(
                    "DELETE FROM delivery WHERE serial IN
                     (SELECT serial FROM delivery WHERE ends_at <= ?1 ORDER BY ends_at LIMIT ?2)",
                )?
                .execute(params![now, CLEARED_PER_CLAIM])?;
            claiming
                .prepare_cached("REPLACE INTO delivery (key, is_done, ends_at) VALUES (?1, 0, ?2)")?
                .execute(params![key, end(now, lease)])?;
            let owner = owner_of(claiming.last_insert_rowid());
            claiming.commit()?;
            Ok(Claim::New(owner))
        })
    }

    fn complete(
        &self,
        key: &Digest,
        owner: Owner,
        now: i64,
        retention: Duration,
    ) -> Result<bool, StoreError> {
        self.ask(|connection| {
            // What is done must survive a power cut. A claim need not: nobody is handling it any more, then.
            connection.pragma_update(None, "synchronous", "FULL")?;
            let completed = connection
                .prepare_cached(
                    "UPDATE delivery SET is_done = 1, ends_at = ?1
                     WHERE key = ?2 AND serial = ?3 AND is_done = 0 AND ends_at > ?4",
                )?
                .execute(params![end(now, retention), key, serial_of(owner), now]);
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            Ok(completed? == 1)
        })
    }

    fn release(&self, key: &Digest, owner: Owner) -> Result<bool, StoreError> {
        self.ask(|connection| {
            let released = connection
                .prepare_cached("DELETE FROM delivery WHERE key = ?1 AND serial = ?2 AND is_done = 0")?
                .execute(params![key, serial_of(owner)])?;
            Ok(released == 1)
        })
    }
}

/// Says who has a delivery, if anybody has.
fn held(connection: &Connection, key: &Digest, now: i64) -> rusqlite::Result<Option<Claim>> {
    connection
        .prepare_cached("SELECT is_done FROM delivery WHERE key = ?1 AND ends_at > ?2")?
        .query_row(params![key, now], |row| Ok(if row.get(0)? { Claim::Done } else { Claim::Running }))
        .optional()
}

/// SQLite never gives a number a second time in a table like this one, so no two processes get the same owner.
fn owner_of(serial: i64) -> Owner {
    Owner::from(u64::try_from(serial).unwrap_or_default())
}

/// Returns the number of an owner; for one that no claim returned, a number that SQLite gives to nothing.
fn serial_of(owner: Owner) -> i64 {
    i64::try_from(u64::from(owner)).unwrap_or(-1)
}

#[cfg(test)]
mod tests;
