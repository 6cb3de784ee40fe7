use std::time::Duration;

/// What came of one attempt to deliver, for [`RetryPolicy::next`](crate::RetryPolicy::next) to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// How many attempts were made so far: 1 after the first delivery. 0 counts as 1.
    pub number: u32,
    /// The status of the answer; `None` (or 0, as browsers and curl say it) when there was no answer: a time-out,
    /// a refused or broken connection.
    pub status: Option<u16>,
    /// The value of the answer's `Retry-After` header.
    pub retry_after: Option<&'a str>,
    /// The time of the answer in unix seconds; only a `Retry-After` that is a date needs it.
    pub now: i64,
    /// How long ago the first attempt was; only a policy with a deadline asks.
    pub elapsed: Duration,
    /// Where the jitter comes from; the same seed gives the same delays in every language.
    pub seed: u64,
}

impl<'a> Attempt<'a> {
    /// Describes attempt `number` (counted from 1) that was answered with `status`, or not at all.
    ///
    /// The seed is asked for because a constant one makes every delivery jump by the same jitter, so that all of
    /// them come back at once after an outage. Take a random number, or a hash of the delivery's id.
    #[must_use]
    pub fn new(number: u32, status: Option<u16>, seed: u64) -> Self {
        Self { number, status, retry_after: None, now: 0, elapsed: Duration::ZERO, seed }
    }

    /// Adds the value of the answer's `Retry-After` header and the time of the answer in unix seconds.
    #[must_use]
    pub fn with_retry_after(self, value: &'a str, now: i64) -> Self {
        Self { retry_after: Some(value), now, ..self }
    }

    /// Adds the time since the first attempt, which a policy with a deadline counts; a negative one is none.
    #[must_use]
    pub fn with_elapsed_millis(self, millis: i64) -> Self {
        Self { elapsed: Duration::from_millis(u64::try_from(millis).unwrap_or(0)), ..self }
    }
}

/// What to do after an attempt, as [`RetryPolicy::next`](crate::RetryPolicy::next) says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// What to do.
    pub action: Action,
    /// How long to wait before the next attempt, in whole microseconds; given exactly when `action` is `Retry`.
    pub delay: Option<Duration>,
    /// True when the answer asks to be sent less of everything: slow down all deliveries to this endpoint.
    pub throttle: bool,
}

/// What to do with a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// The receiver accepted it: done.
    Delivered,
    /// Try again after the delay.
    Retry,
    /// Do not try again: the answer is final, or there is no further retry in the plan.
    GiveUp,
    /// Do not try again, and send nothing more to this endpoint.
    Disable,
}

impl Action {
    /// Returns the name that all languages use: `delivered`, `retry`, `give_up` or `disable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retry => "retry",
            Self::GiveUp => "give_up",
            Self::Disable => "disable",
        }
    }
}
