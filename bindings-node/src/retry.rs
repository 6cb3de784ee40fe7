//! Retry plans.

use hookproof::Attempt;
use napi::bindgen_prelude::BigInt;
use napi_derive::napi;

use crate::convert::{microseconds, seed};
use crate::error::{Fallible, fallible};

/// When a sender tries again. Delays cross as whole microseconds.
#[napi]
pub struct RetryPolicy(pub(crate) hookproof::RetryPolicy);

/// What to do after an attempt.
#[napi(object, object_from_js = false)]
pub struct Decision {
    /// `delivered`, `retry`, `give_up` or `disable`.
    pub action: &'static str,
    /// How long to wait.
    pub delay_microseconds: Option<i64>,
    /// Whether the answer asks to be sent less.
    pub throttle: bool,
}

/// Reads a plan that is no provider's.
#[napi(catch_unwind)]
pub fn retry_policy_from_json(plan: String) -> Fallible<RetryPolicy> {
    fallible(hookproof::RetryPolicy::from_json(&plan).map(RetryPolicy))
}

#[napi]
impl RetryPolicy {
    /// Returns the delay before a retry.
    #[napi(catch_unwind)]
    pub fn delay(&self, retry: u32, jitter: BigInt) -> Option<i64> {
        self.0.delay(retry, seed(&jitter)).map(microseconds)
    }

    /// Returns the delay before a retry, without jitter.
    #[napi(catch_unwind)]
    pub fn base_delay(&self, retry: u32) -> Option<i64> {
        self.0.base_delay(retry).map(microseconds)
    }

    /// Returns how many retries there are.
    #[napi(catch_unwind)]
    pub fn retries(&self) -> u32 {
        self.0.retries()
    }

    /// Returns the delays before all retries.
    #[napi(catch_unwind)]
    pub fn schedule(&self, jitter: BigInt) -> Vec<i64> {
        self.0.schedule_seeded(seed(&jitter)).into_iter().map(microseconds).collect()
    }

    /// Returns the longest time from the first attempt to the last retry.
    #[napi(catch_unwind)]
    pub fn longest_span(&self) -> i64 {
        microseconds(self.0.longest_span())
    }

    /// Decides what to do after an attempt.
    #[napi(catch_unwind)]
    pub fn next(
        &self,
        number: u32,
        status: Option<u16>,
        retry_after: Option<String>,
        now: i64,
        jitter: BigInt,
    ) -> Decision {
        let mut attempt = Attempt::new(number, status, seed(&jitter));
        if let Some(value) = &retry_after {
            attempt = attempt.with_retry_after(value, now);
        }
        self.0.next(&attempt).into()
    }
}

impl From<hookproof::Decision> for Decision {
    fn from(made: hookproof::Decision) -> Self {
        Self {
            action: made.action.as_str(),
            delay_microseconds: made.delay.map(microseconds),
            throttle: made.throttle,
        }
    }
}
