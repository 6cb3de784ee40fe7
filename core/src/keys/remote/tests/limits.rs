//! How often servers are asked at most.

use std::collections::VecDeque;

use super::*;

#[test]
fn one_fetch_is_under_way_at_a_time() {
    let mut host = by_address();
    let request = host.start(KeyNeed::Due).unwrap();
    assert!(host.remote.is_under_way());
    for need in [KeyNeed::Due, KeyNeed::UnknownKey] {
        assert_eq!(host.start(need), None);
    }
    assert_eq!(host.remote.answered(request.ticket, Ok(ok(&jwks("a"))), host.now()), None);
    assert!(!host.remote.is_under_way());
}

#[test]
fn fifteen_seconds_pass_between_fetches_whether_they_succeed_or_fail() {
    let mut host = by_address();
    assert!(host.fetch_in_vain(KeyNeed::Due));
    for _ in 0..100 {
        assert_eq!(host.start(KeyNeed::Due), None);
        assert_eq!(host.start(KeyNeed::UnknownKey), None);
    }
    host.later(15 * SECOND - 1);
    assert!(!host.fetch(KeyNeed::Due, "a"));
    host.later(1);
    assert!(host.fetch(KeyNeed::Due, "a"));
    host.later(15 * SECOND - 1);
    assert!(!host.fetch(KeyNeed::UnknownKey, "b"));
    host.later(1);
    assert!(host.fetch(KeyNeed::UnknownKey, "b"));
}

#[test]
fn an_unknown_key_is_worth_one_early_fetch_for_each_interval() {
    let mut host = by_address();
    host.fetch(KeyNeed::Due, "a");
    host.later(MINUTE);
    assert_eq!(host.start(KeyNeed::Due), None, "the keys are fresh");
    assert!(host.fetch(KeyNeed::UnknownKey, "a"));
    let fetched = (0..1000).filter(|_| host.fetch(KeyNeed::UnknownKey, "a")).count();
    assert_eq!(fetched, 0);
    assert!(host.has("a"), "a flood of unknown keys takes nothing from a good one");
    assert!(matches!(host.state(), KeyState::Fresh(_)));
}

#[test]
fn a_flood_of_unknown_keys_never_makes_more_than_five_requests_a_minute() {
    for mut host in [by_discovery(), by_address()] {
        host.fetch(KeyNeed::Due, "a");
        let mut times = VecDeque::from(vec![0; host.urls.len()]);
        for _ in 0..(10 * MINUTE / 100) {
            host.later(100);
            let before = host.urls.len();
            host.fetch(KeyNeed::UnknownKey, "a");
            times.extend(std::iter::repeat_n(host.elapsed, host.urls.len() - before));
            while times.front().is_some_and(|time| *time + MINUTE < host.elapsed) {
                times.pop_front();
            }
            assert!(times.len() <= 5, "{times:?}");
        }
        assert!(host.urls.len() >= 40, "and not many fewer: {}", host.urls.len());
    }
}

#[test]
fn while_everything_is_down_never_more_than_five_requests_a_minute_are_made() {
    let mut host = by_discovery();
    for _ in 0..600 {
        host.later(100);
        host.fetch_in_vain(KeyNeed::Due);
    }
    assert_eq!(host.urls.len(), 4, "one for each interval of 15 seconds");
}

#[test]
fn a_fetch_that_needs_two_requests_waits_until_it_can_have_both() {
    let mut host = by_discovery();
    // Discovery works, and the key set does not: two requests each time.
    let fetch = |host: &mut Host| {
        let Some(first) = host.start(KeyNeed::Due) else { return false };
        let second = host.remote.answered(first.ticket, Ok(ok(&discovery())), host.now()).unwrap();
        assert_eq!(host.remote.answered(second.ticket, Ok(down()), host.now()), None);
        true
    };
    assert!(fetch(&mut host));
    host.later(15 * SECOND);
    assert!(fetch(&mut host));
    host.later(15 * SECOND);
    assert!(!fetch(&mut host), "four were made, and one alone would end halfway");
    host.later(31 * SECOND);
    assert!(fetch(&mut host));
}

#[test]
fn a_fetch_that_needs_one_request_waits_for_one_alone() {
    let mut host = by_discovery();
    for _ in 0..4 {
        assert!(host.fetch(KeyNeed::UnknownKey, "a"), "the address is known, so that each takes one more");
        host.later(15 * SECOND);
    }
    assert_eq!(host.urls.len(), 5);
    assert!(!host.fetch(KeyNeed::UnknownKey, "a"));
}
