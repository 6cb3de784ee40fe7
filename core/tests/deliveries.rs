//! Outgoing deliveries: the shared vectors, and the statistics of what each kind of jitter gives.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a failing test panics"
)]
#![expect(clippy::cast_precision_loss, reason = "a mean of microseconds does not need all digits")]

use std::time::Duration;

use hookproof::{Delivery, RetryPolicy};
use serde_json::{Value, json};

#[test]
fn every_step_of_a_delivery_has_its_decision_and_its_text() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/deliveries.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = document["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let policy = RetryPolicy::from_json(&case["plan"].to_string()).unwrap();
        let seed = case["seed"].as_str().unwrap().parse().unwrap();
        let mut delivery = Delivery::new(seed, case["start_ms"].as_i64().unwrap());
        for step in case["steps"].as_array().unwrap() {
            let status = step["status"].as_u64().map(|status| u16::try_from(status).unwrap());
            let (retry_after, now) = (step["retry_after"].as_str(), step["now_ms"].as_i64().unwrap());
            let decision = delivery.record(&policy, status, retry_after, now).unwrap();
            let text = delivery.to_json();
            let found = json!({
                "action": decision.action.as_str(),
                "delay_us": decision.delay.map(|delay| u64::try_from(delay.as_micros()).unwrap()),
                "state": delivery.state().as_str(),
                "due_at": delivery.due_at(),
                "text": text,
            });
            assert_eq!(found, step["expect"], "{}: {}", case["id"], case["comment"]);
            // The next step is another worker's.
            delivery = Delivery::from_json(&text).unwrap();
        }
    }
}

const DELIVERIES: u64 = 20_000;

/// Returns the delays before one retry of many deliveries, in seconds, in ascending order.
fn sample(jitter: &str, retry: u32) -> Vec<f64> {
    let plan = format!(
        r#"{{"delays": {{"exponential": {{"first_seconds": 10, "factor": 2, "retries": 6}}}}, "jitter": {jitter},
            "cap_seconds": 100, "success": ["2xx"], "retry_on": "any_failure"}}"#
    );
    let policy = RetryPolicy::from_json(&plan).unwrap();
    let mut delays: Vec<_> = (0..DELIVERIES).map(|seed| policy.delay(retry, seed).unwrap()).collect();
    delays.sort();
    assert!(delays[delays.len() - 1] <= Duration::from_secs(100), "{jitter} goes beyond the cap");
    delays.iter().map(Duration::as_secs_f64).collect()
}

/// Checks that delays fill their range evenly: the ends, the mean, and every tenth of it.
fn assert_even(jitter: &str, retry: u32, from: f64, to: f64) {
    let delays = sample(jitter, retry);
    let (first, last) = (delays[0], delays[delays.len() - 1]);
    let width = to - from;
    assert!(first >= from && last <= to, "{jitter}, retry {retry}: {first} to {last}, not {from} to {to}");
    assert!(first < from + width * 0.002 && last > to - width * 0.002, "{jitter}: {first} to {last}");
    let mean = delays.iter().sum::<f64>() / DELIVERIES as f64;
    assert!((mean - f64::midpoint(from, to)).abs() < width * 0.01, "{jitter}, retry {retry}: mean {mean}");
    for tenth in 0..10 {
        let upper = from + width * f64::from(tenth + 1) / 10.0;
        let below = delays.partition_point(|delay| *delay < upper) as f64 / DELIVERIES as f64;
        let expected = f64::from(tenth + 1) / 10.0;
        assert!((below - expected).abs() < 0.015, "{jitter}, retry {retry}: {below} of all below {upper}");
    }
}

#[test]
fn without_jitter_all_deliveries_come_together() {
    for (retry, seconds) in [(1, 10.0), (3, 40.0), (5, 100.0)] {
        assert!(sample(r#""none""#, retry).iter().all(|delay| (delay - seconds).abs() < 1e-9));
    }
}

#[test]
fn additive_jitter_adds_up_to_its_seconds_or_its_percentage() {
    assert_even(r#"{"additive_seconds": 4}"#, 1, 10.0, 14.0);
    assert_even(r#"{"additive_seconds": 4}"#, 3, 40.0, 44.0);
    assert_even(r#"{"additive_percent": 10}"#, 3, 40.0, 44.0);
}

#[test]
fn full_jitter_spreads_over_the_whole_delay() {
    assert_even(r#""full""#, 1, 0.0, 10.0);
    assert_even(r#""full""#, 4, 0.0, 80.0);
    assert_even(r#""full""#, 6, 0.0, 100.0);
}

#[test]
fn equal_jitter_keeps_half_of_the_delay() {
    assert_even(r#""equal""#, 1, 5.0, 10.0);
    assert_even(r#""equal""#, 4, 40.0, 80.0);
}

#[test]
fn decorrelated_jitter_grows_by_half_in_the_mean_until_the_cap() {
    assert_even(r#""decorrelated""#, 1, 10.0, 30.0);
    // E[next] = first + (3 × E[before] − first) / 2 = 5 + 1.5 × E[before], as long as the cap cuts nothing.
    let delays = sample(r#""decorrelated""#, 2);
    let mean = delays.iter().sum::<f64>() / DELIVERIES as f64;
    assert!(delays[0] >= 10.0 && delays[delays.len() - 1] <= 90.0);
    assert!((mean - 35.0).abs() < 0.5, "{mean}");
    let capped = sample(r#""decorrelated""#, 6);
    assert!(capped.iter().filter(|delay| **delay > 99.999).count() > 1000, "the cap is reached");
}

#[test]
fn jitter_at_the_cap_stays_there() {
    // The base is at the cap: what adds to it has no room, what takes from it has all of it.
    for jitter in [r#"{"additive_seconds": 4}"#, r#"{"additive_percent": 10}"#] {
        assert!(sample(jitter, 6).iter().all(|delay| (delay - 100.0).abs() < 1e-9), "{jitter}");
    }
    assert_even(r#""equal""#, 6, 50.0, 100.0);
    // 80 s and up to 30 more: two of three stay below the cap, with 90 s in the mean, and the third is at it.
    let delays = sample(r#"{"additive_seconds": 30}"#, 4);
    let at_cap = delays.iter().filter(|delay| **delay > 99.999_999).count() as f64 / DELIVERIES as f64;
    let mean = delays.iter().sum::<f64>() / DELIVERIES as f64;
    assert!((at_cap - 1.0 / 3.0).abs() < 0.015, "{at_cap} of all at the cap");
    assert!((mean - 280.0 / 3.0).abs() < 0.2, "mean {mean}");
}

#[test]
fn the_jitter_of_one_retry_says_nothing_of_the_next() {
    let [first, second] = [1, 2].map(|retry| {
        let policy = RetryPolicy::from_json(
            r#"{"delays": {"list_seconds": [10, 10]}, "jitter": "full", "success": ["2xx"], "retry_on": "any_failure"}"#,
        );
        let policy = policy.unwrap();
        (0..DELIVERIES).map(|seed| policy.delay(retry, seed).unwrap().as_secs_f64() - 5.0).collect::<Vec<_>>()
    });
    let product = first.iter().zip(&second).map(|(a, b)| a * b).sum::<f64>() / DELIVERIES as f64;
    // The variance of a uniform draw over 10 s is 100 / 12.
    assert!((product / (100.0 / 12.0)).abs() < 0.03, "a correlation of {product}");
}
