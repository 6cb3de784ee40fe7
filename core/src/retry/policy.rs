use std::time::Duration;

use serde::Deserialize;

use super::decision::{Action, Attempt, Decision};
use super::jitter::{Draw, Jitter, Neighbours};
use super::plan::Plan;
use super::retry_after;
use super::status::{Failures, Statuses};
use crate::error::{Code, Error};

/// Says when a sender tries again, as the provider's file states it.
///
/// A policy is pure: it knows no clock and no randomness. Delays are whole microseconds and depend on nothing but
/// the plan, the number of the retry and the seed, so the three languages agree on them exactly, and a job that
/// moves to another machine keeps its schedule. Retries are counted from 1; the first delivery is no retry.
///
/// ```
/// use std::time::Duration;
///
/// use hookproof::{Action, Attempt, RetryPolicy};
///
/// let policy = RetryPolicy::from_json(
///     r#"{"delays": {"list_seconds": [5, 300]}, "success": ["2xx"], "retry_on": "any_failure"}"#,
/// )?;
/// assert_eq!(policy.delay(1, 7), Some(Duration::from_secs(5)));
/// assert_eq!(policy.delay(3, 7), None);
///
/// let decision = policy.next(&Attempt::new(1, Some(503), 7));
/// assert_eq!((decision.action, decision.delay), (Action::Retry, Some(Duration::from_secs(5))));
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Plan")]
pub struct RetryPolicy {
    base: Vec<Duration>,
    jitter: Jitter,
    cap: Option<Duration>,
    success: Statuses,
    retry_on: Failures,
    final_on: Statuses,
    disable_on: Statuses,
    throttle_on: Statuses,
    retry_after_cap: Option<Duration>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    disabled_after: Option<String>,
    assumed: Vec<String>,
}

impl RetryPolicy {
    /// Reads a policy from the JSON form that provider files use for their `"retry"` object.
    ///
    /// # Errors
    /// `invalid_option` when the text is not such an object; the message says what was found where.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::new(Code::InvalidOption, format!("the retry plan is not valid: {error}")))
    }

    /// Returns the delay before retry `retry`, jitter included; `None` for 0 and when there is no such retry.
    ///
    /// With u as output number `retry` (counted from 1) of `SplitMix64` with `seed` as its initial state, its upper
    /// 53 bits over 2^53, the kinds of jitter give, in whole microseconds, rounded down and never above the plan's
    /// cap: `additive_seconds` base + u × seconds; `additive_percent` base + u × percent of base; `full` u × base;
    /// `equal` base / 2 + u × base / 2; `decorrelated` first + u × (3 × delay before − first).
    #[must_use]
    pub fn delay(&self, retry: u32, seed: u64) -> Option<Duration> {
        let base = self.base_delay(retry)?;
        // Only this kind depends on the delays before.
        let previous = match self.jitter {
            Jitter::Decorrelated => {
                (1..retry).try_fold(self.first(), |previous, retry| self.jittered(retry, seed, previous))?
            }
            _ => base,
        };
        Some(self.jittered_from(base, retry, seed, previous))
    }

    /// Returns the delay before retry `retry` without jitter; `None` for 0 and when there is no such retry.
    #[must_use]
    pub fn base_delay(&self, retry: u32) -> Option<Duration> {
        let index = usize::try_from(retry.checked_sub(1)?).ok()?;
        self.base.get(index).copied()
    }

    /// Returns how many retries follow the first delivery.
    #[must_use]
    pub fn retries(&self) -> u32 {
        u32::try_from(self.base.len()).unwrap_or(u32::MAX)
    }

    /// Returns the delays before all retries, without jitter.
    #[must_use]
    pub fn schedule(&self) -> Vec<Duration> {
        self.base.clone()
    }

    /// Returns the delays before all retries, with the jitter of this seed.
    #[must_use]
    pub fn schedule_seeded(&self, seed: u64) -> Vec<Duration> {
        let mut previous = self.first();
        (1..=self.retries())
            .map_while(|retry| {
                previous = self.jittered(retry, seed, previous)?;
                Some(previous)
            })
            .collect()
    }

    /// Returns the longest time from the first attempt to the last retry, with the most jitter.
    ///
    /// What a receiver remembers must outlive this, or a late retry is taken for a new event. The attempts' own
    /// time and a `Retry-After` come on top.
    #[must_use]
    pub fn longest_span(&self) -> Duration {
        let planned = self.base.iter().fold(Duration::ZERO, |sum, base| {
            let longest = self.jitter.longest(*base).into_iter().chain(self.cap).min();
            sum.saturating_add(longest.unwrap_or(*base))
        });
        self.deadline.map_or(planned, |deadline| planned.min(deadline))
    }

    /// Returns how long the sender waits for an answer, where that is known.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Returns when the sender stops using an endpoint altogether, in words, where that is known.
    #[must_use]
    pub fn disabled_after(&self) -> Option<&str> {
        self.disabled_after.as_deref()
    }

    /// Returns what of this plan the provider does not state, in words: our reading or our own choice.
    pub fn assumed(&self) -> impl Iterator<Item = &str> {
        self.assumed.iter().map(String::as_str)
    }

    /// Decides what to do after an attempt.
    ///
    /// A success is `Delivered`; a status that tells the sender to go away is `Disable`; a failure that the plan
    /// retries is `Retry` while there are retries left; anything else is `GiveUp`. After attempt n comes retry n.
    /// Where the sender honours `Retry-After`, the delay is the longer of the plan's and the header's, the header's
    /// bounded by the plan's `retry_after_cap_seconds` (24 hours by default); a malformed header is ignored. A retry
    /// that would come more than the plan's `deadline_seconds` after the first attempt is not made.
    #[must_use]
    pub fn next(&self, attempt: &Attempt<'_>) -> Decision {
        let status = attempt.status.filter(|status| *status != 0);
        let throttle = status.is_some_and(|status| self.throttle_on.contains(status));
        let delay = self.delay(attempt.number.max(1), attempt.seed);
        let (action, delay) = match (status, delay) {
            (Some(status), _) if self.success.contains(status) => (Action::Delivered, None),
            (Some(status), _) if self.disable_on.contains(status) => (Action::Disable, None),
            (Some(status), _) if self.final_on.contains(status) => (Action::GiveUp, None),
            (_, Some(delay)) if throttle || self.retry_on.contains(status) => {
                let delay = delay.max(self.retry_after(attempt));
                if self.is_over(attempt.elapsed.saturating_add(delay)) {
                    (Action::GiveUp, None)
                } else {
                    (Action::Retry, Some(delay))
                }
            }
            _ => (Action::GiveUp, None),
        };
        Decision { action, delay, throttle }
    }

    /// Tells whether a retry this long after the first attempt comes too late.
    fn is_over(&self, since_first: Duration) -> bool {
        self.deadline.is_some_and(|deadline| since_first > deadline)
    }

    fn retry_after(&self, attempt: &Attempt<'_>) -> Duration {
        self.retry_after_cap
            .zip(attempt.retry_after)
            .and_then(|(cap, value)| Some(retry_after::parse(value, attempt.now)?.min(cap)))
            .unwrap_or(Duration::ZERO)
    }

    fn first(&self) -> Duration {
        self.base.first().copied().unwrap_or(Duration::ZERO)
    }

    fn jittered(&self, retry: u32, seed: u64, previous: Duration) -> Option<Duration> {
        Some(self.jittered_from(self.base_delay(retry)?, retry, seed, previous))
    }

    fn jittered_from(&self, base: Duration, retry: u32, seed: u64, previous: Duration) -> Duration {
        let delays = Neighbours { base, first: self.first(), previous };
        let delay = self.jitter.apply(delays, Draw::new(seed, retry));
        self.cap.map_or(delay, |cap| delay.min(cap))
    }
}

impl TryFrom<Plan> for RetryPolicy {
    type Error = String;

    fn try_from(plan: Plan) -> Result<Self, String> {
        plan.check_statuses()?;
        let base = plan.base_delays()?;
        Ok(Self {
            jitter: plan.jitter(&base)?,
            base,
            cap: plan.cap(),
            retry_after_cap: plan.retry_after_cap()?,
            timeout: plan.timeout(),
            deadline: plan.deadline(),
            success: plan.success,
            retry_on: plan.retry_on,
            final_on: plan.final_on,
            disable_on: plan.disable_on,
            throttle_on: plan.throttle_on,
            disabled_after: plan.disabled_after,
            assumed: plan.assumed,
        })
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
