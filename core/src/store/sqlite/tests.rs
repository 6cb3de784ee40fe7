//! What is peculiar to the file; the promises of every store are in `core/tests/stores.rs`.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use super::*;

const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// A folder of a test of its own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hookproof-sqlite-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("deliveries.sqlite")
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(self.file()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn claimed(store: &SqliteStore, key: &str, now: i64) -> Owner {
    match store.claim(key, now, LEASE).unwrap() {
        Claim::New(owner) => owner,
        other => panic!("{other:?}"),
    }
}

fn refused(path: impl AsRef<Path>) -> String {
    let error = SqliteStore::open(path).unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
    error.to_string()
}

#[test]
fn what_is_done_is_found_after_a_restart() {
    let folder = Folder::new();
    let store = folder.store();
    let owner = claimed(&store, "a", 0);
    assert!(store.complete("a", owner, 1, DAY).unwrap());
    drop(store);
    assert_eq!(folder.store().claim("a", 2, LEASE).unwrap(), Claim::Done);
}

#[test]
fn a_lease_and_a_retention_end_on_the_millisecond() {
    let folder = Folder::new();
    let store = folder.store();
    claimed(&store, "a", 0);
    assert_eq!(store.claim("a", 59_999, LEASE).unwrap(), Claim::Running);
    let owner = claimed(&store, "a", 60_000);
    assert!(!store.complete("a", owner, 120_000, DAY).unwrap(), "its lease has ended");
    let owner = claimed(&store, "a", 120_000);
    assert!(store.complete("a", owner, 120_001, DAY).unwrap());
    assert_eq!(store.claim("a", 120_000 + 86_400_000, LEASE).unwrap(), Claim::Done);
    claimed(&store, "a", 120_001 + 86_400_000);
}

#[test]
fn an_owner_is_never_given_twice() {
    let folder = Folder::new();
    let first = folder.store();
    let former = claimed(&first, "a", 0);
    assert!(first.release("a", former).unwrap());
    drop(first);
    let present = claimed(&folder.store(), "a", 1);
    assert_ne!(former, present, "the row with the highest number was deleted");
}

#[test]
fn who_is_no_owner_does_nothing() {
    let folder = Folder::new();
    let store = folder.store();
    claimed(&store, "a", 0);
    for stranger in [0, 2, u64::MAX] {
        assert!(!store.complete("a", Owner::from(stranger), 1, DAY).unwrap());
        assert!(!store.release("a", Owner::from(stranger)).unwrap());
    }
    assert_eq!(store.claim("a", 1, LEASE).unwrap(), Claim::Running);
}

#[test]
fn ended_entries_are_cleared_a_few_at_a_time() {
    let folder = Folder::new();
    let store = folder.store();
    for number in 0..20 {
        claimed(&store, &number.to_string(), 0);
    }
    let count = || {
        let connection = Connection::open(folder.file()).unwrap();
        connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    claimed(&store, "a", 60_000);
    assert_eq!(count(), 20 - 8 + 1);
    claimed(&store, "b", 60_000);
    claimed(&store, "c", 60_000);
    assert_eq!(count(), 3);
}

#[test]
fn no_key_stands_in_the_file_in_clear() {
    let folder = Folder::new();
    let store = folder.store();
    claimed(&store, "a-key-of-a-customer", 0);
    store.close();
    let bytes = fs::read(folder.file()).unwrap();
    assert!(bytes.windows(32).any(|part| part == digest("a-key-of-a-customer")));
    assert!(!bytes.windows(19).any(|part| part == b"a-key-of-a-customer"));
}

#[test]
fn a_locked_file_is_waited_for_until_the_time_out() {
    let folder = Folder::new();
    let store = SqliteStore::open_with_timeout(folder.file(), Duration::from_millis(50)).unwrap();
    let owner = claimed(&store, "a", 0);
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let error = store.claim("b", 0, LEASE).unwrap_err();
    assert!(began.elapsed() >= Duration::from_millis(50));
    assert!(error.to_string().starts_with("the store cannot be asked: "), "{error}");
    assert!(store.complete("a", owner, 1, DAY).is_err());
    assert_eq!(store.claim("a", 1, LEASE).unwrap(), Claim::Running, "whoever only reads does not wait");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.complete("a", owner, 1, DAY).unwrap());
    claimed(&store, "b", 0);
}

#[test]
fn a_store_that_was_down_is_asked_again() {
    let folder = Folder::new();
    let store = folder.store();
    claimed(&store, "a", 0);
    store.close();
    let aside = folder.0.with_extension("aside");
    fs::rename(&folder.0, &aside).unwrap();
    let error = store.claim("a", 1, LEASE).unwrap_err();
    assert!(error.to_string().starts_with("the store cannot be opened: "), "{error}");
    fs::rename(&aside, &folder.0).unwrap();
    assert_eq!(store.claim("a", 1, LEASE).unwrap(), Claim::Running);
}

#[test]
fn a_file_of_another_program_is_refused_and_stays_as_it_is() {
    let folder = Folder::new();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("CREATE TABLE ticket (id INTEGER)").unwrap();
    drop(other);
    let before = fs::read(folder.file()).unwrap();
    assert!(refused(folder.file()).ends_with("it belongs to another program"));
    assert_eq!(fs::read(folder.file()).unwrap(), before);
    fs::write(folder.file(), "x".repeat(5000)).unwrap();
    assert!(refused(folder.file()).contains("not a database"));
}

#[test]
fn a_file_of_a_later_version_is_refused() {
    let folder = Folder::new();
    drop(folder.store());
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    assert!(refused(folder.file()).contains("it is of version 2"));
}

#[test]
fn what_is_no_file_is_refused() {
    for path in ["", ":memory:", "file:a.sqlite?mode=memory"] {
        assert!(refused(path).contains("MemoryStore"), "{path}");
    }
    let folder = Folder::new();
    assert!(refused(&folder.0).contains("unable to open"), "a folder");
    assert!(refused(folder.0.join("absent/a.sqlite")).contains("unable to open"));
}

#[test]
fn a_time_out_is_bounded() {
    let folder = Folder::new();
    assert!(SqliteStore::open_with_timeout(folder.file(), Duration::from_secs(60)).is_ok());
    let error = SqliteStore::open_with_timeout(folder.file(), Duration::from_millis(60_001)).unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
}

#[test]
fn a_lease_of_nothing_holds_and_one_without_end_does_not_overflow() {
    let folder = Folder::new();
    let store = folder.store();
    assert!(matches!(store.claim("a", 5, Duration::ZERO).unwrap(), Claim::New(_)));
    assert_eq!(store.claim("a", 5, LEASE).unwrap(), Claim::Running);
    let Claim::New(owner) = store.claim("b", 5, Duration::MAX).unwrap() else { panic!() };
    assert!(store.complete("b", owner, i64::MAX - 1, Duration::MAX).unwrap());
}
