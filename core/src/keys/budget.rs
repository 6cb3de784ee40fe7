use std::collections::VecDeque;

/// How many requests a server gets in a minute, of all kinds together.
const REQUESTS: usize = 5;

/// The minute, and a second for servers whose clocks run a little slower than ours.
const WINDOW_MILLIS: u64 = 61 * 1000;

/// Counts requests, so that no server ever gets more than five within a minute.
///
/// A request counts from its end: the sixth starts a minute after the first one has ended. What a server sees of a
/// request lies between its start and its end, so that however slow the network is, two requests with four others
/// between them arrive a minute apart.
#[derive(Default)]
pub(super) struct Budget {
    ends: VecDeque<u64>,
}

impl Budget {
    /// Returns from when on this many more requests may be made, in monotonic milliseconds.
    pub(super) fn free_at(&self, requests: usize) -> u64 {
        let Some(surplus) = self.ends.len().saturating_add(requests).checked_sub(REQUESTS) else { return 0 };
        let Some(last_in_the_way) = surplus.checked_sub(1).and_then(|index| self.ends.get(index)) else {
            return 0;
        };
        last_in_the_way.saturating_add(WINDOW_MILLIS)
    }

    /// Notes a request that starts now and ends at the latest at this time.
    pub(super) fn start(&mut self, latest_end: u64) {
        if self.ends.len() >= REQUESTS {
            self.ends.pop_front();
        }
        self.ends.push_back(latest_end);
    }

    /// Notes that the request which was started last has ended.
    pub(super) fn end(&mut self, now: u64) {
        if let Some(end) = self.ends.back_mut() {
            *end = (*end).min(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_request_waits_for_a_minute_after_the_end_of_the_first() {
        let mut budget = Budget::default();
        for start in [0, 10, 20, 30, 40] {
            assert_eq!(budget.free_at(1), 0);
            budget.start(start + 5000);
            budget.end(start + 3);
        }
        assert_eq!((budget.free_at(1), budget.free_at(2)), (61_003, 61_013));
        budget.start(66_003);
        assert_eq!(budget.free_at(1), 61_013, "the first has left the count");
    }

    #[test]
    fn a_request_without_an_end_counts_until_its_latest() {
        let mut budget = Budget::default();
        for _ in 0..5 {
            budget.start(5000);
        }
        assert_eq!(budget.free_at(1), 66_000);
        budget.end(9000);
        assert_eq!(budget.free_at(5), 66_000, "an end that is noted late makes nothing later");
    }
}
