//! Keys that have to be fetched. `face/keys.cjs` makes the requests.

use hookproof::{KeyAnswer, KeyNeed, KeyState};
use napi::bindgen_prelude::BufferSlice;
use napi_derive::napi;

use crate::convert::clocks;
use crate::error::{Fallible, fallible};

/// What to fetch and when.
#[napi]
pub struct RemoteKeys(pub(crate) hookproof::RemoteKeys);

/// A request to make.
#[napi(object, object_from_js = false)]
pub struct KeyRequest {
    /// What the answer is told with: a counter, far below what a number holds exactly.
    pub ticket: i64,
    /// The address.
    pub url: String,
    /// How long it may take in all.
    pub timeout_ms: f64,
    /// How many bytes of the body are read at most.
    pub max_body: u32,
}

#[napi]
impl RemoteKeys {
    /// Says for how many milliseconds there is nothing to do; 0 where newer keys are due, and -1 where there are none.
    #[napi(catch_unwind)]
    pub fn fresh_for_ms(&self) -> f64 {
        match self.0.state(clocks()) {
            KeyState::Fresh(time) => time.as_secs_f64() * 1000.0,
            KeyState::Due => 0.0,
            KeyState::Missing => -1.0,
        }
    }

    /// Starts a fetch, if one is needed and allowed, and returns its first request.
    #[napi(catch_unwind)]
    pub fn start(&self, unknown_key: bool) -> Option<KeyRequest> {
        let need = if unknown_key { KeyNeed::UnknownKey } else { KeyNeed::Due };
        self.0.start(need, clocks()).map(KeyRequest::from)
    }

    /// Takes an answer, and returns the next request of the fetch; nothing where it has ended.
    #[napi(catch_unwind)]
    pub fn answered(
        &self,
        ticket: i64,
        status: u16,
        cache_control: Option<String>,
        age: Option<String>,
        body: BufferSlice,
    ) -> Option<KeyRequest> {
        let answer =
            KeyAnswer { status, cache_control: cache_control.as_deref(), age: age.as_deref(), body: &body };
        self.0.answered(counted(ticket), Ok(answer), clocks()).map(KeyRequest::from)
    }

    /// Takes the word that there is no answer: the fetch has ended.
    #[napi(catch_unwind)]
    pub fn failed(&self, ticket: i64, reason: String) {
        let _none = self.0.answered(counted(ticket), Err(&reason), clocks());
    }

    /// Returns the failure where there are no keys.
    #[napi(catch_unwind)]
    pub fn require(&self) -> Fallible<()> {
        fallible(self.0.require())
    }
}

impl From<hookproof::KeyRequest> for KeyRequest {
    fn from(request: hookproof::KeyRequest) -> Self {
        Self {
            ticket: i64::try_from(request.ticket).unwrap_or(i64::MAX),
            url: request.url,
            timeout_ms: request.timeout.as_secs_f64() * 1000.0,
            max_body: u32::try_from(request.max_body).unwrap_or(u32::MAX),
        }
    }
}

fn counted(ticket: i64) -> u64 {
    u64::try_from(ticket).unwrap_or(u64::MAX)
}
