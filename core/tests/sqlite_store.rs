//! The store in an SQLite file, shared by threads and by processes, one of which is killed.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
#![cfg(feature = "sqlite")]

#[path = "support/store_scenarios.rs"]
mod store_scenarios;

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_executor::block_on;
use hookproof::{Claim, SqliteStore, Store};

const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// A path that no other test has; the folder is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hookproof-store-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("deliveries.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn it_keeps_the_promises_of_every_store() {
    let folder = Folder::new("promises");
    block_on(store_scenarios::keeps_its_promises(&SqliteStore::open(folder.file()).unwrap()));
}

#[test]
fn one_of_many_threads_gets_a_delivery() {
    let folder = Folder::new("threads");
    let store = Arc::new(SqliteStore::open(folder.file()).unwrap());
    store_scenarios::gives_each_key_to_one_of_many_threads(&store, block_on);
}

#[test]
fn every_event_is_handled_once_by_several_processes() {
    let folder = Folder::new("processes");
    let workers: Vec<Child> = (0..4).map(|_| worker("handle", &folder.file())).collect();
    let mut handled: HashMap<String, usize> = HashMap::new();
    for worker in workers {
        let output = worker.wait_with_output().unwrap();
        assert!(output.status.success());
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            if let Some(key) = line.strip_prefix("handled ") {
                *handled.entry(key.to_owned()).or_default() += 1;
            }
        }
    }
    assert_eq!(handled.len(), EVENTS, "none is lost");
    assert_eq!(handled.values().max(), Some(&1), "none is handled twice");
}

#[test]
fn a_worker_that_is_killed_frees_its_delivery_when_the_lease_ends() {
    let folder = Folder::new("killed");
    let mut killed = worker("hang", &folder.file());
    let mut lines = BufReader::new(killed.stdout.take().unwrap()).lines();
    while lines.next().unwrap().unwrap() != "claimed" {}
    killed.kill().unwrap();
    killed.wait().unwrap();
    let store = SqliteStore::open(folder.file()).unwrap();
    assert_eq!(block_on(Store::claim(&store, "event", LEASE)).unwrap(), Claim::Running);
    std::thread::sleep(HUNG_LEASE);
    let Claim::New(owner) = block_on(Store::claim(&store, "event", LEASE)).unwrap() else {
        panic!("the lease of the worker that was killed has ended")
    };
    assert!(block_on(Store::complete(&store, "event", owner, DAY)).unwrap());
}

#[test]
fn a_claim_that_nobody_waits_for_any_more_ends_with_its_lease() {
    let folder = Folder::new("dropped");
    let store = SqliteStore::open(folder.file()).unwrap();
    drop(Store::claim(&store, "never polled", LEASE));
    assert!(matches!(block_on(Store::claim(&store, "never polled", LEASE)).unwrap(), Claim::New(_)));
}

const EVENTS: usize = 60;
const HUNG_LEASE: Duration = Duration::from_secs(2);

/// Starts this test program again, as a worker on a file.
fn worker(task: &str, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "is_a_worker_of_the_other_tests", "--ignored", "--nocapture"])
        .envs([("HOOKPROOF_WORKER_TASK", task.as_ref()), ("HOOKPROOF_WORKER_FILE", file.as_os_str())])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "it is started by the other tests, as a process of its own"]
fn is_a_worker_of_the_other_tests() {
    let variable = |name: &str| std::env::var_os(name).expect("another test starts it");
    // The others may take long to write on a busy disk.
    let file = variable("HOOKPROOF_WORKER_FILE");
    let store = SqliteStore::open_with_timeout(file, SqliteStore::LONGEST_TIMEOUT).unwrap();
    if variable("HOOKPROOF_WORKER_TASK") == "handle" { handle_all(&store) } else { hang(&store) }
}

/// Handles what nobody else has. Every third handler fails at first.
fn handle_all(store: &SqliteStore) {
    for number in 0..EVENTS {
        let key = format!("event {number}");
        let mut fails = number % 3 == 0;
        loop {
            match block_on(Store::claim(store, &key, LEASE)).unwrap() {
                Claim::New(owner) if fails => {
                    fails = false;
                    assert!(block_on(Store::release(store, &key, owner)).unwrap());
                }
                Claim::New(owner) => {
                    println!("\nhandled {key}");
                    assert!(block_on(Store::complete(store, &key, owner, DAY)).unwrap());
                }
                Claim::Running => std::thread::sleep(Duration::from_millis(1)),
                Claim::Done => break,
                Claim::Full => panic!("a file has no limit"),
            }
        }
    }
}

fn hang(store: &SqliteStore) {
    assert!(matches!(block_on(Store::claim(store, "event", HUNG_LEASE)).unwrap(), Claim::New(_)));
    println!("\nclaimed");
    std::thread::sleep(Duration::from_secs(60));
}
