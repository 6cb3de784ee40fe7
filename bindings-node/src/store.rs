//! The store in memory.

use std::num::NonZeroUsize;

use hookproof::Owner;
use napi_derive::napi;

use crate::convert::duration;

/// Remembers which deliveries were handled. The clock is handed in as unix milliseconds.
#[napi]
pub struct MemoryStore(hookproof::MemoryStore);

/// What a claim got.
#[napi(object, object_from_js = false)]
pub struct Claim {
    /// `new`, `running`, `done` or `full`.
    pub state: &'static str,
    /// Who holds a new claim: a counter, far below what a number holds exactly.
    pub owner: Option<i64>,
}

#[napi]
impl MemoryStore {
    /// Makes an empty store; without a capacity, or with none, it has the core's.
    #[napi(constructor, catch_unwind)]
    pub fn new(capacity: Option<u32>) -> Self {
        let capacity = capacity.and_then(|capacity| NonZeroUsize::new(usize::try_from(capacity).ok()?));
        Self(hookproof::MemoryStore::with_capacity(
            capacity.unwrap_or(hookproof::MemoryStore::DEFAULT_CAPACITY),
        ))
    }

    /// Asks for a delivery.
    #[napi(catch_unwind)]
    pub fn claim(&self, key: String, now_millis: i64, lease_seconds: f64) -> Claim {
        match self.0.claim(&key, now_millis, duration(lease_seconds)) {
            hookproof::Claim::New(owner) => {
                Claim { state: "new", owner: Some(i64::try_from(u64::from(owner)).unwrap_or(i64::MAX)) }
            }
            hookproof::Claim::Running => Claim { state: "running", owner: None },
            hookproof::Claim::Done => Claim { state: "done", owner: None },
            hookproof::Claim::Full => Claim { state: "full", owner: None },
        }
    }

    /// Marks a delivery as done.
    #[napi(catch_unwind)]
    pub fn complete(&self, key: String, owner: i64, now_millis: i64, retention_seconds: f64) -> bool {
        self.0.complete(&key, named(owner), now_millis, duration(retention_seconds))
    }

    /// Gives a delivery back.
    #[napi(catch_unwind)]
    pub fn release(&self, key: String, owner: i64) -> bool {
        self.0.release(&key, named(owner))
    }

    /// Returns how many deliveries the store holds.
    #[napi(catch_unwind)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

fn named(owner: i64) -> Owner {
    Owner::from(u64::try_from(owner).unwrap_or(u64::MAX))
}
