use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proptest::prelude::*;

use super::*;

const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

fn claimed(store: &MemoryStore, key: &str, now: i64) -> Owner {
    match store.claim(key, now, LEASE) {
        Claim::New(owner) => owner,
        other => panic!("{other:?}"),
    }
}

fn is_new(claim: Claim) -> bool {
    matches!(claim, Claim::New(_))
}

fn small(capacity: usize) -> MemoryStore {
    MemoryStore::with_capacity(NonZeroUsize::new(capacity).unwrap())
}

#[test]
fn a_claim_alone_is_not_done() {
    let store = MemoryStore::new();
    claimed(&store, "a", 0);
    assert_eq!(store.claim("a", 1, LEASE), Claim::Running);
}

#[test]
fn a_completed_delivery_is_done_for_the_retention() {
    let store = MemoryStore::new();
    let owner = claimed(&store, "a", 0);
    assert!(store.complete("a", owner, 1000, DAY));
    assert_eq!(store.claim("a", 86_400_999, LEASE), Claim::Done);
    assert!(is_new(store.claim("a", 86_401_000, LEASE)));
}

#[test]
fn a_crash_frees_the_delivery_when_the_lease_ends() {
    let store = MemoryStore::new();
    claimed(&store, "a", 0);
    assert_eq!(store.claim("a", 59_999, LEASE), Claim::Running);
    assert!(is_new(store.claim("a", 60_000, LEASE)));
}

#[test]
fn a_late_completion_does_nothing_to_the_next_owner() {
    let store = MemoryStore::new();
    let former = claimed(&store, "a", 0);
    let present = claimed(&store, "a", 60_000);
    assert!(!store.complete("a", former, 60_001, DAY));
    assert_eq!(store.claim("a", 60_002, LEASE), Claim::Running);
    assert!(store.complete("a", present, 60_003, DAY));
}

#[test]
fn a_late_completion_does_nothing_when_nobody_claimed_since() {
    let store = MemoryStore::new();
    let former = claimed(&store, "a", 0);
    assert!(!store.complete("a", former, 60_000, DAY));
    assert!(is_new(store.claim("a", 60_001, LEASE)));
}

#[test]
fn a_former_owner_cannot_release_the_next_ones_claim() {
    let store = MemoryStore::new();
    let former = claimed(&store, "a", 0);
    claimed(&store, "a", 60_000);
    assert!(!store.release("a", former));
    assert_eq!(store.claim("a", 60_001, LEASE), Claim::Running);
}

#[test]
fn a_failure_releases_the_claim() {
    let store = MemoryStore::new();
    let owner = claimed(&store, "a", 0);
    assert!(store.release("a", owner));
    assert!(is_new(store.claim("a", 1, LEASE)));
}

#[test]
fn what_is_done_cannot_be_released_or_completed_again() {
    let store = MemoryStore::new();
    let owner = claimed(&store, "a", 0);
    assert!(store.complete("a", owner, 1, DAY));
    assert!(!store.release("a", owner));
    assert!(!store.complete("a", owner, 2, DAY));
    assert_eq!(store.claim("a", 3, LEASE), Claim::Done);
}

#[test]
fn an_owner_of_one_key_owns_no_other() {
    let store = MemoryStore::new();
    let owner = claimed(&store, "a", 0);
    claimed(&store, "b", 0);
    assert!(!store.complete("b", owner, 1, DAY));
    assert!(!store.release("b", owner));
    assert!(!store.release("c", owner));
}

#[test]
fn keys_that_look_alike_are_different() {
    let store = MemoryStore::new();
    let long = "x".repeat(10_000);
    for key in ["a", "A", "a ", "a\0", "", &long, &format!("{long}y"), "\u{e9}", "e\u{301}"] {
        assert!(is_new(store.claim(key, 0, LEASE)), "{key:?}");
    }
}

#[test]
fn of_two_concurrent_first_deliveries_one_runs() {
    const THREADS: usize = 16;
    for round in 0..50 {
        let (store, barrier, runs) = (MemoryStore::new(), Barrier::new(THREADS), AtomicUsize::new(0));
        let key = format!("delivery {round}");
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    barrier.wait();
                    if let Claim::New(owner) = store.claim(&key, 0, LEASE) {
                        runs.fetch_add(1, Ordering::SeqCst);
                        thread::yield_now();
                        assert!(store.complete(&key, owner, 1, DAY));
                    }
                });
            }
        });
        assert_eq!(runs.into_inner(), 1);
    }
}

#[test]
fn racing_failures_hand_the_delivery_on_one_at_a_time() {
    const THREADS: usize = 8;
    let (store, running, runs) = (MemoryStore::new(), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..1000 {
                    if let Claim::New(owner) = store.claim("a", 0, LEASE) {
                        assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0);
                        runs.fetch_add(1, Ordering::SeqCst);
                        running.fetch_sub(1, Ordering::SeqCst);
                        assert!(store.release("a", owner));
                    }
                }
            });
        }
    });
    assert!(runs.into_inner() >= 1);
    assert!(store.is_empty());
}

#[test]
fn a_full_store_forgets_what_has_ended_first() {
    let store = small(2);
    let owner = claimed(&store, "done", 0);
    store.complete("done", owner, 0, DAY);
    claimed(&store, "crashed", 0);
    assert!(is_new(store.claim("new", 60_000, LEASE)));
    assert_eq!(store.claim("done", 60_000, LEASE), Claim::Done);
}

#[test]
fn a_full_store_then_forgets_what_was_done_first() {
    let store = small(3);
    claimed(&store, "running", 0);
    let (first, second) = (claimed(&store, "claimed first", 1), claimed(&store, "claimed second", 2));
    // The longer retention is not the younger entry: age counts, from the completion on.
    store.complete("claimed second", second, 3, 2 * DAY);
    store.complete("claimed first", first, 4, DAY);
    assert!(is_new(store.claim("new", 5, LEASE)));
    assert_eq!(store.claim("claimed first", 6, LEASE), Claim::Done);
    assert_eq!(store.claim("running", 6, LEASE), Claim::Running);
    assert_eq!(store.len(), 3);
    assert!(is_new(store.claim("claimed second", 7, LEASE)));
}

#[test]
fn a_store_full_of_running_claims_takes_no_more() {
    let store = small(2);
    let owner = claimed(&store, "a", 0);
    claimed(&store, "b", 0);
    assert_eq!(store.claim("c", 1, LEASE), Claim::Full);
    assert_eq!(store.claim("a", 1, LEASE), Claim::Running);
    store.release("a", owner);
    assert!(is_new(store.claim("c", 2, LEASE)));
}

#[test]
fn ended_entries_are_cleared_away() {
    let store = MemoryStore::new();
    for number in 0..1000 {
        claimed(&store, &number.to_string(), 0);
    }
    for number in 0..150 {
        claimed(&store, &format!("later {number}"), 60_000);
    }
    assert_eq!(store.len(), 150);
}

#[test]
fn the_default_capacity_is_a_hundred_thousand() {
    assert_eq!(MemoryStore::DEFAULT_CAPACITY.get(), 100_000);
}

#[test]
fn a_lease_of_nothing_still_excludes() {
    let store = MemoryStore::new();
    assert!(is_new(store.claim("a", 0, Duration::ZERO)));
    assert_eq!(store.claim("a", 0, Duration::ZERO), Claim::Running);
}

#[test]
fn clocks_and_leases_at_the_edge_do_not_overflow() {
    let store = MemoryStore::new();
    for now in [i64::MIN, -1, i64::MAX - 1] {
        let key = now.to_string();
        let Claim::New(owner) = store.claim(&key, now, Duration::MAX) else { panic!("{now}") };
        assert!(store.complete(&key, owner, now, Duration::MAX), "{now}");
        assert_eq!(store.claim(&key, now, LEASE), Claim::Done);
    }
}

#[test]
fn a_thread_that_died_with_the_lock_stops_nobody() {
    let store = MemoryStore::new();
    let died = thread::scope(|scope| {
        scope
            .spawn(|| {
                let _guard = store.ledger.lock();
                panic!("on purpose");
            })
            .join()
    });
    assert!(died.is_err());
    assert!(is_new(store.claim("a", 0, LEASE)));
}

proptest! {
    /// Any history keeps the indexes whole, the bound kept and at most one live owner per key.
    #[test]
    fn any_history_keeps_the_promises(
        steps in prop::collection::vec((0..4u8, 0..6u8, 0..200i64), 1..200),
    ) {
        let store = small(4);
        let mut now = 0;
        let mut owners: Vec<(String, Owner, i64)> = Vec::new();
        for (step, key, pause) in steps {
            now = i64::saturating_add(now, pause);
            let key = key.to_string();
            let held = owners.iter().rposition(|(held, ..)| *held == key);
            match (step, held) {
                (0 | 1, _) => {
                    if let Claim::New(owner) = store.claim(&key, now, Duration::from_millis(300)) {
                        prop_assert!(!owners.iter().any(|(held, _, end)| *held == key && now < *end));
                        owners.push((key, owner, now.saturating_add(300)));
                    }
                }
                (2, Some(index)) => {
                    let (key, owner, end) = owners.remove(index);
                    let completed = store.complete(&key, owner, now, Duration::from_millis(500));
                    prop_assert_eq!(completed, now < end);
                }
                (3, Some(index)) => {
                    let (key, owner, end) = owners.remove(index);
                    let released = store.release(&key, owner);
                    prop_assert!(released || now >= end);
                }
                _ => {}
            }
            prop_assert!(store.len() <= 4);
            store.lock().assert_consistent();
        }
    }
}

#[test]
fn shows_its_sizes_and_no_key() {
    let store = MemoryStore::default();
    assert!(store.is_empty());
    claimed(&store, "secret", 0);
    assert!(!store.is_empty());
    let shown = format!("{store:?}");
    assert!(shown.starts_with("MemoryStore { len: 1, capacity: ") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_panic_of_one_thread_stops_no_other() {
    let store = MemoryStore::new();
    let crash = || {
        thread::scope(|scope| {
            scope
                .spawn(|| {
                    let _held = store.lock();
                    panic!("while it is locked");
                })
                .join()
                .is_err()
        })
    };
    assert!(crash());
    claimed(&store, "a", 0);
}
