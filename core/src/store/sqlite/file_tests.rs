//! What a connection is, and how it comes about while others have the file.

use std::sync::mpsc::{Receiver, channel};

use super::*;

fn file() -> (PathBuf, File) {
    let path = std::env::temp_dir().join(format!("hookproof-file-{}.sqlite", process::id()));
    let file = File::check(&path, Duration::from_secs(1)).unwrap();
    (path, file)
}

/// A new file whose journal cannot be changed, because another connection has it locked for writing.
fn held(name: &str) -> (PathBuf, Connection) {
    let path = std::env::temp_dir().join(format!("hookproof-held-{name}-{}.sqlite", process::id()));
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    (path, other)
}

/// Connects in a thread of its own, so that one that waits for ever makes the test fail and not wait.
fn connecting(path: &Path, timeout: Duration) -> Receiver<(Result<(), Unusable>, Duration)> {
    let (sender, receiver) = channel();
    let path = path.to_owned();
    thread::spawn(move || {
        let began = Instant::now();
        let outcome = connect(&path, timeout).map(drop);
        sender.send((outcome, began.elapsed()))
    });
    receiver
}

const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_journal_that_another_process_is_changing_is_waited_for() {
    let (path, other) = held("waited");
    let connecting = connecting(&path, LONG);
    assert!(connecting.recv_timeout(PAUSE * 5).is_err(), "the file is still locked");
    other.execute_batch("ROLLBACK").unwrap();
    let (outcome, _) = connecting.recv_timeout(LONG).unwrap();
    assert!(outcome.is_ok(), "{outcome:?}");
    let later = Connection::open(&path).unwrap();
    let mode: String = later.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal", "readers do not wait for the writer");
    drop((other, later));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_journal_that_stays_locked_is_given_up_after_the_time_out() {
    let (path, other) = held("given-up");
    let timeout = PAUSE * 5;
    let (outcome, took) = connecting(&path, timeout).recv_timeout(LONG).unwrap();
    assert!(matches!(outcome, Err(Unusable::Sqlite(error)) if is_locked(&error)));
    assert!(took >= timeout, "{took:?}");
    drop(other);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_file_without_a_write_ahead_log_cannot_be_used() {
    let memory = Connection::open_in_memory().unwrap();
    let outcome = keep_log(&memory, LONG);
    assert!(matches!(&outcome, Err(Unusable::WithoutLog(mode)) if mode == "memory"), "{outcome:?}");
}

#[test]
fn a_file_of_a_version_that_never_was_is_none_of_ours() {
    let memory = Connection::open_in_memory().unwrap();
    memory.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    for version in [0, -1] {
        memory.pragma_update(None, "user_version", version).unwrap();
        assert!(matches!(is_new(&memory), Err(Unusable::Foreign)), "{version}");
    }
}

#[test]
fn tables_that_another_process_created_meanwhile_are_kept() {
    let mut connection = Connection::open_in_memory().unwrap();
    for _ in 0..2 {
        create(connection.transaction().unwrap()).unwrap();
        connection
            .execute("INSERT INTO delivery (key, is_done, ends_at) VALUES (randomblob(32), 0, 1)", [])
            .unwrap();
    }
    let entries = connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get::<_, i64>(0));
    assert_eq!(entries.unwrap(), 2);
}

/// One test, for the two halves share a file.
#[test]
fn a_connection_is_kept_while_the_file_is_locked_and_used_by_no_other_process() {
    let (path, file) = file();
    let failing = |code| {
        let error = rusqlite::ffi::Error { code, extended_code: 0 };
        let answer = file.ask(|_| Err::<(), _>(rusqlite::Error::SqliteFailure(error, None)));
        assert!(answer.is_err());
        file.lock().is_some()
    };
    for code in [ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked] {
        assert!(failing(code), "{code:?}");
    }
    assert!(!failing(ErrorCode::DiskFull), "the next call starts afresh");
    assert!(file.ask(|_| Ok(())).is_ok());
    // As a child of this process finds it: opened by another one.
    file.opened_by.store(process::id().wrapping_add(1), Ordering::Release);
    let error = file.ask(|_| Ok(())).unwrap_err();
    assert!(error.to_string().contains("was forked"), "{error}");
    file.close();
    assert!(file.lock().is_some(), "closing would take the locks from the process that has it open");
    file.opened_by.store(process::id(), Ordering::Release);
    file.close();
    assert!(file.lock().is_none());
    std::fs::remove_file(path).unwrap();
}
