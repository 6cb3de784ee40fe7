//! What every store promises, whatever it is made of.

use std::sync::Arc;
use std::time::Duration;

use hookproof::{Claim, Owner, Store};

const LEASE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(30);
/// Longer than what is short.
const PAST: Duration = Duration::from_millis(60);
const DAY: Duration = Duration::from_secs(86_400);

async fn claimed(store: &impl Store, key: &str, lease: Duration) -> Owner {
    match store.claim(key, lease).await.unwrap() {
        Claim::New(owner) => owner,
        other => panic!("the claim of {key} is {other:?}"),
    }
}

/// Runs all scenarios, each with keys of its own.
pub async fn keeps_its_promises(store: &impl Store) {
    a_claim_has_three_states(store).await;
    a_failed_handler_gives_its_claim_back(store).await;
    a_lease_ends_and_its_former_owner_does_nothing(store).await;
    a_late_completion_does_nothing_when_nobody_claimed_since(store).await;
    what_is_done_is_forgotten_after_the_retention(store).await;
    keys_do_not_collide(store).await;
    a_lease_without_end_is_one(store).await;
}

async fn a_claim_has_three_states(store: &impl Store) {
    let owner = claimed(store, "states", LEASE).await;
    assert_eq!(store.claim("states", LEASE).await.unwrap(), Claim::Running);
    assert!(store.complete("states", owner, DAY).await.unwrap());
    assert_eq!(store.claim("states", LEASE).await.unwrap(), Claim::Done);
    assert!(!store.complete("states", owner, DAY).await.unwrap(), "it is completed once");
    assert!(!store.release("states", owner).await.unwrap(), "what is done is not given back");
    assert_eq!(store.claim("states", LEASE).await.unwrap(), Claim::Done);
}

async fn a_failed_handler_gives_its_claim_back(store: &impl Store) {
    let former = claimed(store, "failed", LEASE).await;
    assert!(store.release("failed", former).await.unwrap());
    assert!(!store.release("failed", former).await.unwrap());
    let present = claimed(store, "failed", LEASE).await;
    assert_ne!(former, present);
    assert!(!store.complete("failed", former, DAY).await.unwrap());
    assert!(store.complete("failed", present, DAY).await.unwrap());
}

async fn a_lease_ends_and_its_former_owner_does_nothing(store: &impl Store) {
    let former = claimed(store, "lease", SHORT).await;
    std::thread::sleep(PAST);
    let present = claimed(store, "lease", LEASE).await;
    assert!(!store.complete("lease", former, DAY).await.unwrap());
    assert!(!store.release("lease", former).await.unwrap());
    assert_eq!(store.claim("lease", LEASE).await.unwrap(), Claim::Running);
    assert!(store.complete("lease", present, DAY).await.unwrap());
}

async fn a_late_completion_does_nothing_when_nobody_claimed_since(store: &impl Store) {
    let former = claimed(store, "late", SHORT).await;
    std::thread::sleep(PAST);
    assert!(!store.complete("late", former, DAY).await.unwrap());
    claimed(store, "late", LEASE).await;
}

async fn what_is_done_is_forgotten_after_the_retention(store: &impl Store) {
    let owner = claimed(store, "retention", LEASE).await;
    assert!(store.complete("retention", owner, SHORT).await.unwrap());
    std::thread::sleep(PAST);
    claimed(store, "retention", LEASE).await;
}

async fn keys_do_not_collide(store: &impl Store) {
    let long = "k".repeat(100_000);
    let longer = format!("{long}k");
    let keys = ["a:b", "a", "A", "a ", "a\0", "a\0b", "ab", "ä", "a\u{308}", "%", "'; --", &long, &longer];
    for key in keys {
        claimed(store, key, LEASE).await;
    }
    for key in keys {
        assert_eq!(store.claim(key, LEASE).await.unwrap(), Claim::Running);
    }
}

async fn a_lease_without_end_is_one(store: &impl Store) {
    let owner = claimed(store, "endless", Duration::MAX).await;
    assert_eq!(store.claim("endless", LEASE).await.unwrap(), Claim::Running);
    assert!(store.complete("endless", owner, Duration::MAX).await.unwrap());
    assert_eq!(store.claim("endless", LEASE).await.unwrap(), Claim::Done);
}

/// Lets many threads claim each of some keys at once: exactly one gets it.
pub fn gives_each_key_to_one_of_many_threads(store: &Arc<impl Store + 'static>, run: impl Fn(Job) + Sync) {
    const THREADS: usize = 8;
    let won = std::sync::atomic::AtomicUsize::new(0);
    let barrier = std::sync::Barrier::new(THREADS);
    for round in 0..10 {
        let key = format!("concurrent {round}");
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    barrier.wait();
                    let (store, key, won) = (Arc::clone(store), key.clone(), &won);
                    let (sender, receiver) = std::sync::mpsc::channel();
                    run(Box::pin(async move {
                        sender.send(store.claim(&key, LEASE).await.unwrap()).unwrap();
                    }));
                    if let Claim::New(_) = receiver.recv().unwrap() {
                        won.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                });
            }
        });
    }
    assert_eq!(won.into_inner(), 10);
}

/// Something to await.
pub type Job = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
