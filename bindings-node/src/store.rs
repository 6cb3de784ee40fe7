//! The stores: in memory, and in an SQLite file.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hookproof::{Owner, StoreError};
use napi::bindgen_prelude::{AsyncTask, Either3};
use napi::{Env, Result, Task};
use napi_derive::napi;

use crate::convert::duration;
use crate::error::{Fallible, fallible};
use crate::forced_panic::forced_panic;

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
        self.0.claim(&key, now_millis, duration(lease_seconds)).into()
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

/// Remembers in an SQLite file which deliveries were handled. Each call runs in a thread of Node's pool, because it
/// waits for the disk.
#[napi]
pub struct SqliteStore(Arc<hookproof::SqliteStore>);

/// Opens a store; without a time-out it has the core's.
#[napi(catch_unwind)]
pub fn open_sqlite_store(path: String, timeout_seconds: Option<f64>) -> Fallible<SqliteStore> {
    let timeout = timeout_seconds.map_or(hookproof::SqliteStore::DEFAULT_TIMEOUT, duration);
    fallible(
        hookproof::SqliteStore::open_with_timeout(path, timeout).map(|store| SqliteStore(Arc::new(store))),
    )
}

#[napi]
impl SqliteStore {
    /// Asks for a delivery.
    #[napi(catch_unwind)]
    pub fn claim(&self, key: String, now_millis: i64, lease_seconds: f64) -> AsyncTask<Question> {
        self.ask(move |store| {
            store.claim(&key, now_millis, duration(lease_seconds)).map(|claim| Either3::A(claim.into()))
        })
    }

    /// Marks a delivery as done.
    #[napi(catch_unwind)]
    pub fn complete(
        &self,
        key: String,
        owner: i64,
        now_millis: i64,
        retention_seconds: f64,
    ) -> AsyncTask<Question> {
        self.ask(move |store| {
            store.complete(&key, named(owner), now_millis, duration(retention_seconds)).map(Either3::B)
        })
    }

    /// Gives a delivery back.
    #[napi(catch_unwind)]
    pub fn release(&self, key: String, owner: i64) -> AsyncTask<Question> {
        self.ask(move |store| store.release(&key, named(owner)).map(Either3::B))
    }

    /// Closes the file until the next call.
    #[napi(catch_unwind)]
    pub fn close(&self) -> AsyncTask<Question> {
        self.ask(|store| {
            store.close();
            Ok(Either3::B(true))
        })
    }

    fn ask(
        &self,
        ask: impl FnOnce(&hookproof::SqliteStore) -> std::result::Result<Answer, StoreError> + Send + 'static,
    ) -> AsyncTask<Question> {
        let store = Arc::clone(&self.0);
        AsyncTask::new(Question(Some(Box::new(move || ask(&store)))))
    }
}

/// What a store says: a claim, whether there was something to do, or, as text, why it cannot be asked.
type Answer = Either3<Claim, bool, String>;

type Ask = Box<dyn FnOnce() -> std::result::Result<Answer, StoreError> + Send>;

/// Something that a store is asked in another thread, once.
pub struct Question(Option<Ask>);

impl Task for Question {
    type Output = Answer;
    type JsValue = Answer;

    fn compute(&mut self) -> Result<Answer> {
        let ask = self.0.take().map(|ask| {
            move || {
                forced_panic("thread");
                ask()
            }
        });
        let answer = ask.map(|ask| catch_unwind(AssertUnwindSafe(ask)));
        Ok(match answer {
            Some(Ok(Ok(answer))) => answer,
            Some(Ok(Err(error))) => Either3::C(error.to_string()),
            // A panic that leaves a thread of the pool would abort the whole process.
            Some(Err(_)) | None => Either3::C("the store failed inside".to_owned()),
        })
    }

    fn resolve(&mut self, _env: Env, answer: Answer) -> Result<Answer> {
        Ok(answer)
    }
}

impl From<hookproof::Claim> for Claim {
    fn from(claim: hookproof::Claim) -> Self {
        let (state, owner) = match claim {
            hookproof::Claim::New(owner) => ("new", Some(owner)),
            hookproof::Claim::Running => ("running", None),
            hookproof::Claim::Done => ("done", None),
            hookproof::Claim::Full => ("full", None),
        };
        Self { state, owner: owner.map(|owner| i64::try_from(u64::from(owner)).unwrap_or(i64::MAX)) }
    }
}

fn named(owner: i64) -> Owner {
    Owner::from(u64::try_from(owner).unwrap_or(u64::MAX))
}
