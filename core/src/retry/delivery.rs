use serde::{Deserialize, Serialize};

use super::decision::{Action, Attempt, Decision};
use super::policy::RetryPolicy;
use crate::error::{Code, Error};

/// The sending of one message to one endpoint, from the first attempt to the last: what to do next, and when.
///
/// A pure state machine: it is told what came of each attempt and knows no clock and no queue. Its text form
/// ([`to_json`](Self::to_json)) fits in a column of a job table or in a message of a queue, and any of the three
/// languages goes on where another has stopped. Times are unix milliseconds.
///
/// ```
/// use hookproof::{Action, Delivery, DeliveryState, Provider};
///
/// let policy = Provider::named("fast-events")?.retry_policy()?;
/// let mut delivery = Delivery::new(7, 1_700_000_000_000);
/// assert_eq!(delivery.due_at(), Some(1_700_000_000_000));
///
/// let decision = delivery.record(&policy, Some(503), None, 1_700_000_000_200)?;
/// assert_eq!(decision.action, Action::Retry);
/// assert_eq!(delivery.due_at(), Some(1_700_000_060_200));
///
/// let mut delivery = Delivery::from_json(&delivery.to_json())?; // another worker, a minute later
/// delivery.record(&policy, Some(200), None, 1_700_000_060_900)?;
/// assert_eq!((delivery.state(), delivery.attempts()), (DeliveryState::Delivered, 2));
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    version: Version,
    state: DeliveryState,
    attempts: u32,
    started_at: i64,
    due_at: Option<i64>,
    /// As text: JSON numbers of 64 bits lose digits in JavaScript.
    #[serde(with = "decimal")]
    seed: u64,
    last_status: Option<u16>,
}

/// What has become of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// The next attempt is due at some time.
    Pending,
    /// The receiver accepted it.
    Delivered,
    /// There is no further retry, or the answer was final.
    GaveUp,
    /// The receiver asked for nothing more: send nothing to this endpoint.
    Disabled,
}

impl DeliveryState {
    /// Returns the name that all languages use: `pending`, `delivered`, `gave_up` or `disabled`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::GaveUp => "gave_up",
            Self::Disabled => "disabled",
        }
    }
}

impl Delivery {
    /// Starts a delivery whose first attempt is due now.
    ///
    /// The seed decides the jitter of all its retries: take a random number, or a hash of the message's id.
    #[must_use]
    pub fn new(seed: u64, now_millis: i64) -> Self {
        Self {
            version: Version::One,
            state: DeliveryState::Pending,
            attempts: 0,
            started_at: now_millis,
            due_at: Some(now_millis),
            seed,
            last_status: None,
        }
    }

    /// Takes what came of an attempt and decides what is next, as [`RetryPolicy::next`] does.
    ///
    /// `status` is `None` when there was no answer, `retry_after` the value of the answer's header, and the time is
    /// that of the answer.
    ///
    /// # Errors
    /// `invalid_option` when the delivery has ended: an attempt was made that nobody asked for.
    pub fn record(
        &mut self,
        policy: &RetryPolicy,
        status: Option<u16>,
        retry_after: Option<&str>,
        now_millis: i64,
    ) -> Result<Decision, Error> {
        if self.state != DeliveryState::Pending {
            let message =
                format!("the delivery has ended as {}, and takes no further attempt", self.state.as_str());
            return Err(Error::new(Code::InvalidOption, message));
        }
        self.attempts = self.attempts.saturating_add(1);
        self.last_status = status.filter(|status| *status != 0);
        let mut attempt = Attempt::new(self.attempts, status, self.seed)
            .with_elapsed_millis(now_millis.saturating_sub(self.started_at));
        if let Some(value) = retry_after {
            attempt = attempt.with_retry_after(value, now_millis.div_euclid(1000));
        }
        let decision = policy.next(&attempt);
        self.state = match decision.action {
            Action::Delivered => DeliveryState::Delivered,
            Action::Retry => DeliveryState::Pending,
            Action::GiveUp => DeliveryState::GaveUp,
            Action::Disable => DeliveryState::Disabled,
        };
        // Rounded up: a job that runs before it is due would make the schedule shorter than the plan says.
        self.due_at = decision.delay.map(|delay| {
            let millis = delay.as_micros().div_ceil(1000);
            now_millis.saturating_add(i64::try_from(millis).unwrap_or(i64::MAX))
        });
        Ok(decision)
    }

    /// Returns what has become of it.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        self.state
    }

    /// Returns how many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns when the next attempt is due in unix milliseconds; `None` when there is none.
    #[must_use]
    pub fn due_at(&self) -> Option<i64> {
        self.due_at
    }

    /// Returns when the delivery was started, in unix milliseconds.
    #[must_use]
    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// Returns the status of the last answer; `None` when there was none.
    #[must_use]
    pub fn last_status(&self) -> Option<u16> {
        self.last_status
    }

    /// Returns the seed of its jitter.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Writes the state as one line of JSON, without spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Numbers, names and an absent value: there is nothing in it that could not be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) has written.
    ///
    /// # Errors
    /// `invalid_option` when the text is something else, or of a later version.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let invalid = |message: String| Error::new(Code::InvalidOption, message);
        let delivery: Self = serde_json::from_str(text)
            .map_err(|error| invalid(format!("the text is not a saved delivery: {error}")))?;
        if (delivery.state == DeliveryState::Pending) != delivery.due_at.is_some() {
            return Err(invalid(
                "the text is not a saved delivery: exactly one that is pending has a time at which it is due"
                    .into(),
            ));
        }
        Ok(delivery)
    }
}

/// The form of the text; another one is refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "1")]
    One,
}

mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    // serde asks for a reference.
    #[expect(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(seed)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("the seed is {text:?}, expected 0 to 2^64 - 1")))
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
