use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;

use super::jitter::Jitter;
use super::status::{Failures, Statuses};

/// More retries than any plan has; bounds the work that a provider file can cause.
const MOST_RETRIES: u32 = 1000;
/// Longer than any delay that a plan has: 366 days. Keeps every sum of delays far from an overflow.
const LONGEST_DELAY: Duration = Duration::from_secs(366 * 86_400);
/// How long a `Retry-After` is obeyed when the plan says nothing else: 24 hours. A receiver must not be able to
/// park a delivery for years with one header.
const RETRY_AFTER_CAP: Duration = Duration::from_secs(86_400);

/// The `"retry"` object of a provider file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    delays: Delays,
    #[serde(default)]
    jitter: JitterForm,
    cap_seconds: Option<Seconds>,
    pub(super) success: Statuses,
    pub(super) retry_on: Failures,
    #[serde(default)]
    pub(super) final_on: Statuses,
    #[serde(default)]
    pub(super) disable_on: Statuses,
    #[serde(default)]
    pub(super) throttle_on: Statuses,
    #[serde(default)]
    honours_retry_after: bool,
    retry_after_cap_seconds: Option<Seconds>,
    timeout_seconds: Option<Seconds>,
    max_attempts: Option<NonZeroU32>,
    deadline_seconds: Option<Seconds>,
    pub(super) disabled_after: Option<String>,
    #[serde(default)]
    pub(super) assumed: Vec<String>,
}

/// How the base delays are given.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Delays {
    ListSeconds(Vec<Seconds>),
    Polynomial(Polynomial),
    Exponential(Exponential),
}

/// round(n^exponent × scale) in whole milliseconds before retry n.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Polynomial {
    exponent: f64,
    scale_seconds: Seconds,
    retries: u32,
}

/// round(first × factor^(n − 1)) in whole milliseconds before retry n.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exponential {
    first_seconds: Seconds,
    factor: f64,
    retries: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum JitterForm {
    #[default]
    None,
    AdditiveSeconds(Seconds),
    AdditivePercent(u32),
    Full,
    Equal,
    Decorrelated,
}

impl Plan {
    /// Computes the base delay before every retry, none above the cap.
    pub(super) fn base_delays(&self) -> Result<Vec<Duration>, String> {
        let cap = self.cap().unwrap_or(LONGEST_DELAY);
        let delays = match &self.delays {
            Delays::ListSeconds(list) => {
                check_retries(u32::try_from(list.len()).unwrap_or(u32::MAX))?;
                list.iter().map(|delay| delay.0).collect()
            }
            Delays::Polynomial(polynomial) => polynomial.delays()?,
            Delays::Exponential(exponential) => exponential.delays()?,
        };
        match delays.iter().position(|delay| *delay > LONGEST_DELAY) {
            Some(index) if self.cap().is_none() => Err(format!(
                "the delay before retry {} exceeds 366 days: cap_seconds is missing",
                index.saturating_add(1)
            )),
            // The first attempt is no retry.
            _ => Ok(delays.into_iter().map(|delay| delay.min(cap)).take(self.most_retries()).collect()),
        }
    }

    /// Reads the jitter and checks that it can work on these base delays.
    pub(super) fn jitter(&self, base: &[Duration]) -> Result<Jitter, String> {
        Ok(match self.jitter {
            JitterForm::None => Jitter::None,
            JitterForm::AdditiveSeconds(Seconds(span)) => Jitter::Additive(span),
            JitterForm::AdditivePercent(percent @ 1..=100) => Jitter::AdditivePercent(percent),
            JitterForm::AdditivePercent(percent) => {
                return Err(format!("additive_percent is {percent}, expected 1 to 100"));
            }
            JitterForm::Full => Jitter::Full,
            JitterForm::Equal => Jitter::Equal,
            // Without a cap it would grow threefold each time; from nothing it would never grow.
            JitterForm::Decorrelated if self.cap_seconds.is_none() => {
                return Err("decorrelated jitter needs cap_seconds".to_owned());
            }
            JitterForm::Decorrelated if base.first().is_some_and(Duration::is_zero) => {
                return Err("decorrelated jitter needs a first delay above 0".to_owned());
            }
            JitterForm::Decorrelated => Jitter::Decorrelated,
        })
    }

    pub(super) fn cap(&self) -> Option<Duration> {
        self.cap_seconds.as_ref().map(|cap| cap.0)
    }

    /// Returns the time after the first attempt from which on no retry is made.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.deadline_seconds.as_ref().map(|deadline| deadline.0)
    }

    fn most_retries(&self) -> usize {
        let most = self.max_attempts.map_or(u32::MAX, |attempts| attempts.get().saturating_sub(1));
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout_seconds.as_ref().map(|timeout| timeout.0)
    }

    /// Returns how long a `Retry-After` is obeyed, or `None` where the sender ignores the header.
    pub(super) fn retry_after_cap(&self) -> Result<Option<Duration>, String> {
        match (&self.retry_after_cap_seconds, self.honours_retry_after) {
            (Some(_), false) => {
                Err("retry_after_cap_seconds is given, but honours_retry_after is not true".to_owned())
            }
            (Some(cap), true) => Ok(Some(cap.0)),
            (None, true) => Ok(Some(RETRY_AFTER_CAP)),
            (None, false) => Ok(None),
        }
    }

    /// Checks that no status is both a success and a failure.
    pub(super) fn check_statuses(&self) -> Result<(), String> {
        if self.success.is_empty() {
            return Err("success is empty: no answer would ever be accepted".to_owned());
        }
        let both = (100..=599).find(|status| {
            let failure = self.retry_on.names(*status)
                || self.final_on.contains(*status)
                || self.disable_on.contains(*status)
                || self.throttle_on.contains(*status);
            failure && self.success.contains(*status)
        });
        if let Some(status) = both {
            return Err(format!("status {status} is both a success and a failure"));
        }
        let again = |status: &u16| self.retry_on.names(*status) || self.throttle_on.contains(*status);
        match (100..=599).find(|status| self.final_on.contains(*status) && again(status)) {
            Some(status) => Err(format!("status {status} is both final and retried")),
            None => Ok(()),
        }
    }
}

impl Polynomial {
    fn delays(&self) -> Result<Vec<Duration>, String> {
        check_retries(self.retries)?;
        check_number("exponent", self.exponent, 0.0)?;
        let scale = self.scale_seconds.millis();
        // The powers are the same on every platform after rounding to milliseconds, if not before.
        Ok((1..=self.retries).map(|retry| millis(f64::from(retry).powf(self.exponent) * scale)).collect())
    }
}

impl Exponential {
    fn delays(&self) -> Result<Vec<Duration>, String> {
        check_retries(self.retries)?;
        check_number("factor", self.factor, 1.0)?;
        // Multiplied step by step: unlike `powf`, that is the same to the last bit on every platform.
        let delays =
            std::iter::successors(Some(self.first_seconds.millis()), |delay| Some(delay * self.factor));
        Ok(delays.zip(0..self.retries).map(|(delay, _)| millis(delay)).collect())
    }
}

fn check_retries(retries: u32) -> Result<(), String> {
    if retries > MOST_RETRIES {
        return Err(format!("the plan has {retries} retries, expected at most {MOST_RETRIES}"));
    }
    Ok(())
}

fn check_number(name: &str, number: f64, least: f64) -> Result<(), String> {
    if number.is_finite() && number >= least {
        return Ok(());
    }
    Err(format!("{name} is {number}, expected a number of at least {least}"))
}

/// A duration that a file gives as a number of seconds: 0 to 366 days, rounded to whole microseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "f64")]
struct Seconds(Duration);

impl Seconds {
    fn millis(self) -> f64 {
        self.0.as_secs_f64() * 1e3
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(seconds: f64) -> Result<Self, String> {
        whole(seconds * 1e6)
            .map(Duration::from_micros)
            .filter(|duration| seconds >= 0.0 && *duration <= LONGEST_DELAY)
            .map(Self)
            .ok_or_else(|| format!("a duration of {seconds} seconds is out of range: expected 0 to 31622400"))
    }
}

/// Rounds milliseconds to whole ones; what does not fit a `Duration` is longer than any cap.
fn millis(millis: f64) -> Duration {
    whole(millis).map_or(Duration::MAX, Duration::from_millis)
}

/// Rounds to a whole number. The detour through `Duration` is exact for whole numbers and needs no `as` cast.
fn whole(number: f64) -> Option<u64> {
    Duration::try_from_secs_f64(number.round()).ok().map(|seconds| seconds.as_secs())
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
