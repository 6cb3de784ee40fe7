//! What a retry plan does to a receiver that comes back: how many requests arrive when, and how many it can take.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use crate::retry::{Action, Attempt, RetryPolicy};

/// An outage, and those who wait for its end.
///
/// Every sender has one message, at a moment of its own, evenly over the beginning of the outage. Until the outage ends
/// nothing is answered; from then on the receiver takes `capacity` requests a second and answers 503 to the rest, at
/// once.
///
/// ```
/// use std::time::Duration;
///
/// use hookproof::{Outage, Provider};
///
/// let minute = Duration::from_secs(60);
/// let outage = Outage { senders: 500, spread: minute, length: 10 * minute, capacity: 20, seed: 1 };
/// let load = outage.simulate(&Provider::named("fourvenues")?.retry_policy()?);
/// assert_eq!(load.delivered + load.lost, 500);
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    /// How many senders there are, with one message each.
    pub senders: u32,
    /// Over how long a time the messages are made, from the beginning of the outage on.
    pub spread: Duration,
    /// How long nothing is answered.
    pub length: Duration,
    /// How many requests a second the receiver takes afterwards.
    pub capacity: u32,
    /// Where the senders' seeds come from.
    pub seed: u64,
}

/// What came of an outage.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Load {
    /// How many requests arrived in each second since the outage began, refused ones included.
    pub arrived: Vec<u32>,
    /// How many messages were delivered.
    pub delivered: u32,
    /// How many messages were given up.
    pub lost: u32,
    /// How many requests were sent in all.
    pub attempts: u64,
    /// The most requests in one second after the outage.
    pub peak: u32,
    /// How long after the outage the last message was delivered.
    pub recovered_after: Option<Duration>,
}

/// Longer than any plan goes on; bounds the memory that the seconds take.
const MOST_SECONDS: u64 = 30 * 86_400;

impl Outage {
    /// Lets all senders follow a policy.
    #[must_use]
    pub fn simulate(&self, policy: &RetryPolicy) -> Load {
        let mut load =
            Load { arrived: Vec::new(), delivered: 0, lost: 0, attempts: 0, peak: 0, recovered_after: None };
        let end = micros(self.length);
        let mut waiting = BinaryHeap::new();
        for sender in 0..self.senders {
            waiting.push(Reverse((self.start(sender), sender, 1_u32)));
        }
        let (mut second, mut taken) = (0, 0);
        while let Some(Reverse((at, sender, number))) = waiting.pop() {
            load.attempts = load.attempts.saturating_add(1);
            let now = at.checked_div(1_000_000).unwrap_or(0);
            count(&mut load.arrived, now);
            if now != second {
                (second, taken) = (now, 0);
            }
            let status = if at < end {
                None
            } else if taken < self.capacity {
                taken = taken.saturating_add(1);
                Some(200)
            } else {
                Some(503)
            };
            let seed = self.seed.wrapping_add(u64::from(sender));
            let mut attempt = Attempt::new(number, status, seed);
            attempt.elapsed = Duration::from_micros(at.saturating_sub(self.start(sender)));
            // 503 stands for any failure that the plan tries again; the receiver's own success is a 200 everywhere.
            let decision = policy.next(&attempt);
            match (decision.action, decision.delay) {
                (Action::Delivered, _) => {
                    load.delivered = load.delivered.saturating_add(1);
                    load.recovered_after = Some(Duration::from_micros(at.saturating_sub(end)));
                }
                (Action::Retry, Some(delay)) => {
                    waiting.push(Reverse((
                        at.saturating_add(micros(delay)),
                        sender,
                        number.saturating_add(1),
                    )));
                }
                _ => load.lost = load.lost.saturating_add(1),
            }
        }
        let up = usize::try_from(end.checked_div(1_000_000).unwrap_or(0)).unwrap_or(usize::MAX);
        load.peak = load.arrived.iter().skip(up).copied().max().unwrap_or(0);
        load
    }

    /// Returns the moment of a sender's message in microseconds: evenly over their time.
    fn start(&self, sender: u32) -> u64 {
        let at = u128::from(micros(self.spread)).saturating_mul(sender.into());
        u64::try_from(at.checked_div(self.senders.into()).unwrap_or(0)).unwrap_or(u64::MAX)
    }
}

fn count(arrived: &mut Vec<u32>, second: u64) {
    let index = usize::try_from(second.min(MOST_SECONDS)).unwrap_or(usize::MAX);
    if arrived.len() <= index {
        arrived.resize(index.saturating_add(1), 0);
    }
    if let Some(count) = arrived.get_mut(index) {
        *count = count.saturating_add(1);
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(jitter: &str) -> RetryPolicy {
        RetryPolicy::from_json(&format!(
            r#"{{"delays": {{"exponential": {{"first_seconds": 5, "factor": 2, "retries": 12}}}}, "cap_seconds": 300,
                "jitter": "{jitter}", "success": ["2xx"], "retry_on": "any_failure"}}"#
        ))
        .unwrap()
    }

    fn outage(senders: u32, capacity: u32) -> Outage {
        let length = Duration::from_secs(600);
        Outage { senders, spread: length, length, capacity, seed: 7 }
    }

    #[test]
    fn every_message_ends_and_every_request_is_counted() {
        for jitter in ["none", "full", "equal", "decorrelated"] {
            let load = outage(1000, 5).simulate(&policy(jitter));
            assert_eq!(load.delivered + load.lost, 1000, "{jitter}");
            assert_eq!(
                load.arrived.iter().map(|count| u64::from(*count)).sum::<u64>(),
                load.attempts,
                "{jitter}"
            );
            assert!(load.attempts >= 1000);
        }
    }

    #[test]
    fn a_receiver_with_room_for_all_refuses_none_and_loses_none() {
        let load = outage(200, 1000).simulate(&policy("equal"));
        assert_eq!((load.delivered, load.lost), (200, 0));
        assert!(load.recovered_after.unwrap() <= Duration::from_secs(300));
    }

    #[test]
    fn nothing_is_delivered_faster_than_the_capacity() {
        let load = outage(1000, 3).simulate(&policy("equal"));
        assert!(load.recovered_after.unwrap() >= Duration::from_secs(u64::from(load.delivered) / 3 - 1));
    }

    #[test]
    fn jitter_flattens_the_peak_of_those_who_failed_together() {
        let peak = |jitter| {
            let burst = Outage { spread: Duration::from_secs(5), ..outage(2000, 20) };
            burst.simulate(&policy(jitter)).peak
        };
        assert!(peak("none") > 5 * peak("full"), "{} and {}", peak("none"), peak("full"));
        assert!(peak("equal") < peak("none"));
    }

    #[test]
    fn the_same_seed_gives_the_same_load() {
        let load = || outage(300, 5).simulate(&policy("full"));
        assert_eq!(load(), load());
    }

    #[test]
    fn nobody_sends_nothing() {
        let load = outage(0, 1).simulate(&policy("none"));
        assert_eq!((load.delivered, load.lost, load.attempts, load.peak), (0, 0, 0, 0));
    }
}
