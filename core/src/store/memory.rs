use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::claim::{Claim, Owner};
use super::entry::{digest, end};
use super::ledger::{Entry, Ledger, State};

/// Remembers in memory which deliveries were handled, so that a handler runs once for each.
///
/// For one process: what several processes share belongs in a database. The clock is handed in as unix
/// milliseconds. Every method may be called from any thread.
///
/// The order matters: verify first, so that forged requests neither fill the store nor mark an id as seen; then
/// `claim`; then run the handler; then `complete`, or `release` if it failed. A handler that crashes holds its
/// claim until the lease ends; then a retry is handled.
///
/// ```
/// use std::time::Duration;
///
/// use hookproof::{Claim, MemoryStore};
///
/// let (store, lease, day) = (MemoryStore::new(), Duration::from_secs(60), Duration::from_secs(86_400));
/// let Claim::New(owner) = store.claim("stripe:/hooks:evt_1", 0, lease) else { panic!() };
/// assert_eq!(store.claim("stripe:/hooks:evt_1", 1, lease), Claim::Running);
/// assert!(store.complete("stripe:/hooks:evt_1", owner, 2, day));
/// assert_eq!(store.claim("stripe:/hooks:evt_1", 3, lease), Claim::Done);
/// ```
pub struct MemoryStore {
    ledger: Mutex<Ledger>,
    capacity: NonZeroUsize,
}

/// How many ended entries one claim clears away: more than the one it adds, so that the store shrinks again, and
/// few enough that no request pays for all of them.
const CLEARED_PER_CLAIM: usize = 8;

impl MemoryStore {
    /// How many deliveries a store remembers unless told otherwise: 100,000, which take about 30 MB.
    pub const DEFAULT_CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(99_999);

    /// Makes an empty store with the default capacity.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }

    /// Makes an empty store that remembers at most this many deliveries.
    ///
    /// When it is full, what has ended goes first, then what has been done for longest: a repetition of that is
    /// taken for new. A claim that is running is never forgotten.
    #[must_use]
    pub fn with_capacity(capacity: NonZeroUsize) -> Self {
        Self { ledger: Mutex::default(), capacity }
    }

    /// Asks for the delivery with this idempotency key, for the time of the lease (at least a millisecond).
    ///
    /// Of any number of concurrent claims of one key exactly one is `New`. The lease should be longer than the
    /// handler ever takes: after it, the next delivery is `New` and the former owner's completion does nothing.
    pub fn claim(&self, key: &str, now_millis: i64, lease: Duration) -> Claim {
        let key = digest(key);
        let mut ledger = self.lock();
        ledger.remove_ended(now_millis, CLEARED_PER_CLAIM);
        match ledger.live(&key, now_millis).map(Entry::state) {
            Some(State::Running) => return Claim::Running,
            Some(State::Done) => return Claim::Done,
            None => ledger.remove(&key),
        }
        // Running claims are not evicted to make room: the same event could then be handled twice at once, and
        // refusing costs no event, because the sender comes back.
        if ledger.len() >= self.capacity.get() && !ledger.remove_oldest_done() {
            return Claim::Full;
        }
        Claim::New(ledger.set(key, State::Running, end(now_millis, lease)))
    }

    /// Marks a claimed delivery as done, for the time of the retention (at least a millisecond).
    ///
    /// Call it after the handler returned, never before. Returns false, and does nothing, for a former owner: one
    /// whose lease has ended, or who completed or released before. The retention should outlive the provider's
    /// retries and twice the tolerance of its timestamps, so that neither a late retry nor a replay is new.
    pub fn complete(&self, key: &str, owner: Owner, now_millis: i64, retention: Duration) -> bool {
        let key = digest(key);
        let mut ledger = self.lock();
        // The lease decides, not whether somebody else has claimed since: a former owner must get the same answer
        // however much the store has forgotten in the meantime.
        let is_owner = ledger.live(&key, now_millis).is_some_and(|entry| entry.is_owned_by(owner));
        if is_owner {
            ledger.set(key, State::Done, end(now_millis, retention));
        }
        is_owner
    }

    /// Gives a claimed delivery back, because its handler failed; the next delivery is then new.
    ///
    /// Returns whether there was something to give back. A former owner cannot give back what is done, or the
    /// claim of the next owner.
    pub fn release(&self, key: &str, owner: Owner) -> bool {
        let key = digest(key);
        let mut ledger = self.lock();
        let is_owner = ledger.live(&key, i64::MIN).is_some_and(|entry| entry.is_owned_by(owner));
        if is_owner {
            ledger.remove(&key);
        }
        is_owner
    }

    /// Returns how many deliveries the store holds, running ones and ended ones that it has not cleared included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Returns whether the store holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Locks the ledger. No step of it can panic halfway, so what a poisoned lock guards is still whole; refusing
    /// it would turn one thread's crash into an outage of all receivers.
    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("len", &self.len())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
