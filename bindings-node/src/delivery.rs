//! Outgoing deliveries.

use napi::bindgen_prelude::BigInt;
use napi_derive::napi;

use crate::convert::seed;
use crate::error::{Fallible, fallible};
use crate::retry::{Decision, RetryPolicy};

/// The sending of one message to one endpoint. Times are unix milliseconds.
#[napi]
pub struct Delivery(hookproof::Delivery);

/// Where a delivery stands.
#[napi(object, object_from_js = false)]
pub struct Progress {
    /// `pending`, `delivered`, `gave_up` or `disabled`.
    pub state: &'static str,
    /// How many attempts were made.
    pub attempts: u32,
    /// When it was started.
    pub started_at: i64,
    /// When the next attempt is due.
    pub due_at: Option<i64>,
    /// The status of the last answer.
    pub last_status: Option<u16>,
}

#[napi]
impl Delivery {
    /// Starts a delivery.
    #[napi(constructor, catch_unwind)]
    pub fn new(jitter: BigInt, now_millis: i64) -> Self {
        Self(hookproof::Delivery::new(seed(&jitter), now_millis))
    }

    /// Tells where it stands.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Progress {
        Progress {
            state: self.0.state().as_str(),
            attempts: self.0.attempts(),
            started_at: self.0.started_at(),
            due_at: self.0.due_at(),
            last_status: self.0.last_status(),
        }
    }

    /// Takes what came of an attempt.
    #[napi(catch_unwind)]
    pub fn record(
        &mut self,
        policy: &RetryPolicy,
        status: Option<u16>,
        retry_after: Option<String>,
        now_millis: i64,
    ) -> Fallible<Decision> {
        fallible(self.0.record(&policy.0, status, retry_after.as_deref(), now_millis).map(Decision::from))
    }

    /// Writes the state.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

/// Reads a state that was written.
#[napi(catch_unwind)]
pub fn delivery_from_json(text: String) -> Fallible<Delivery> {
    fallible(hookproof::Delivery::from_json(&text).map(Delivery))
}
