//! The plans of the built-in providers, checked against what each provider states.

use std::time::Duration;

use super::{Action, Attempt, RetryPolicy};

const FOURVENUES: &str = r#"{
  "delays": {"polynomial": {"exponent": 1.5, "scale_seconds": 1, "retries": 40}},
  "jitter": {"additive_seconds": 1},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "assumed": [
    "retries are counted from 1",
    "any failure is retried: the guide says only that it retries when it receives no response"
  ]
}"#;

const EVENTSAIR: &str = r#"{
  "delays": {"list_seconds": [5, 300, 1800, 7200, 18000, 36000, 36000]},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "timeout_seconds": 15,
  "disabled_after": "5 days in which every attempt failed",
  "assumed": ["no jitter, no meaning of 410 and no use of Retry-After is stated, so there is none"]
}"#;

const STANDARD_WEBHOOKS: &str = r#"{
  "delays": {"list_seconds": [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]},
  "jitter": {"additive_percent": 10},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "disable_on": [410],
  "throttle_on": [429, 502, 504],
  "honours_retry_after": true,
  "timeout_seconds": 15,
  "assumed": [
    "the schedule is the specification's example",
    "the specification asks for some jitter: up to a tenth of the delay is our choice",
    "the specification recommends a time-out of 15 to 30 seconds",
    "a Retry-After counts for 24 hours at most"
  ]
}"#;

const FAST_EVENTS: &str = r#"{
  "delays": {"list_seconds": [60, 60, 120, 240, 480]},
  "success": [200],
  "retry_on": "any_failure",
  "disabled_after": "60 webhooks whose last retry failed (the default; the site can change it)",
  "assumed": [
    "these are the default minutes, 1,1,2,4,8: the site can set others",
    "a scheduler that runs once a minute sends the retries, so each can be up to a minute late"
  ]
}"#;

const PITCHPOINT: &str = r#"{
  "delays": {"exponential": {"first_seconds": 60, "factor": 2, "retries": 10}},
  "jitter": "equal",
  "cap_seconds": 43200,
  "success": ["2xx"],
  "retry_on": ["5xx", "no_response"],
  "assumed": [
    "the guide says exponential backoff: its first delay, factor, number of retries, cap and jitter are our choice",
    "an absent answer is retried like a status of 500 and above",
    "every 2xx is a success: the guide asks for 200"
  ]
}"#;

const GITHUB: &str = r#"{
  "delays": {"list_seconds": []},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "timeout_seconds": 10,
  "assumed": ["no automatic retry and the time-out are from second-hand knowledge; deliveries are repeated by hand or API"]
}"#;

const STRIPE: &str = r#"{
  "delays": {"exponential": {"first_seconds": 60, "factor": 2, "retries": 14}},
  "cap_seconds": 43200,
  "success": ["2xx"],
  "retry_on": "any_failure",
  "assumed": [
    "Stripe states exponential backoff for up to 3 days in live mode: first delay, factor, cap and number are our choice within it",
    "any failure is retried"
  ]
}"#;

const SLACK: &str = r#"{
  "delays": {"list_seconds": [0, 60, 300]},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "timeout_seconds": 3,
  "assumed": ["the delays, about 0, 1 and 5 minutes, and the time-out are from second-hand sources"]
}"#;

const SHOPIFY: &str = r#"{
  "delays": {"exponential": {"first_seconds": 56, "factor": 2, "retries": 8}},
  "success": ["2xx"],
  "retry_on": "any_failure",
  "timeout_seconds": 5,
  "assumed": [
    "Shopify states 8 retries over 4 hours with exponential backoff: a first delay of 56 seconds and the factor 2 fit that",
    "any answer but a 2xx is retried"
  ]
}"#;

fn policy(json: &str) -> RetryPolicy {
    RetryPolicy::from_json(json).unwrap()
}

fn seconds(policy: &RetryPolicy) -> Vec<u64> {
    policy.schedule().iter().map(Duration::as_secs).collect()
}

fn action(policy: &RetryPolicy, status: Option<u16>) -> Action {
    policy.next(&Attempt::new(1, status, 0)).action
}

#[test]
fn fourvenues_waits_its_polynomial_and_up_to_a_second_more() {
    let policy = policy(FOURVENUES);
    assert_eq!(policy.retries(), 40);
    assert_eq!(policy.schedule().iter().sum::<Duration>(), Duration::from_millis(4_174_972));
    assert_eq!(policy.base_delay(0), None);
    for seed in 0..50 {
        for (delay, base) in policy.schedule_seeded(seed).into_iter().zip(policy.schedule()) {
            assert!(delay >= base && delay < base + Duration::from_secs(1));
        }
    }
}

#[test]
fn fourvenues_jitter_is_finer_than_a_millisecond() {
    let delays = policy(FOURVENUES).schedule_seeded(1);
    assert!(delays.iter().any(|delay| delay.subsec_micros() % 1000 != 0));
}

#[test]
fn seeded_delays_are_pinned() {
    // Computed in Python with the formula of `RetryPolicy::delay`: base + floor(u × 1000000) microseconds.
    let delays: Vec<_> = policy(FOURVENUES).schedule_seeded(7).iter().map(Duration::as_micros).collect();
    assert_eq!(delays[..4], [1_389_829, 2_844_788, 6_096_760, 8_582_930]);
}

#[test]
fn eventsair_makes_eight_attempts() {
    let policy = policy(EVENTSAIR);
    assert_eq!(seconds(&policy), [5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
    assert_eq!(policy.schedule_seeded(3), policy.schedule());
    assert_eq!(policy.timeout(), Some(Duration::from_secs(15)));
    assert_eq!(policy.disabled_after(), Some("5 days in which every attempt failed"));
    assert_eq!(action(&policy, Some(299)), Action::Delivered);
    assert_eq!(action(&policy, Some(301)), Action::Retry);
    assert_eq!(action(&policy, Some(410)), Action::Retry);
    assert_eq!(action(&policy, None), Action::Retry);
}

#[test]
fn standard_webhooks_disables_throttles_and_obeys_retry_after() {
    let policy = policy(STANDARD_WEBHOOKS);
    assert_eq!(seconds(&policy), [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    assert_eq!(action(&policy, Some(410)), Action::Disable);
    assert_eq!(action(&policy, Some(304)), Action::Retry);
    let busy = policy.next(&Attempt::new(1, Some(429), 0).with_retry_after("120", 0));
    assert_eq!(
        (busy.action, busy.delay, busy.throttle),
        (Action::Retry, Some(Duration::from_secs(120)), true)
    );
    for (delay, base) in policy.schedule_seeded(5).into_iter().zip(policy.schedule()) {
        assert!(delay >= base && delay <= base + base / 10);
    }
}

#[test]
fn fast_events_takes_only_200_for_success() {
    let policy = policy(FAST_EVENTS);
    assert_eq!(seconds(&policy), [60, 60, 120, 240, 480]);
    assert_eq!(action(&policy, Some(200)), Action::Delivered);
    assert_eq!(action(&policy, Some(201)), Action::Retry);
    assert_eq!(action(&policy, Some(204)), Action::Retry);
    assert_eq!(action(&policy, Some(403)), Action::Retry);
}

#[test]
fn pitchpoint_retries_only_500_and_above() {
    let policy = policy(PITCHPOINT);
    assert_eq!(seconds(&policy)[..4], [60, 120, 240, 480]);
    assert_eq!(action(&policy, Some(500)), Action::Retry);
    assert_eq!(action(&policy, Some(599)), Action::Retry);
    assert_eq!(action(&policy, Some(403)), Action::GiveUp);
    assert_eq!(action(&policy, Some(429)), Action::GiveUp);
    assert_eq!(action(&policy, Some(302)), Action::GiveUp);
    assert_eq!(action(&policy, None), Action::Retry);
    assert!(policy.assumed().any(|text| text.contains("our choice")));
}

#[test]
fn the_other_plans_fit_what_is_known() {
    assert_eq!(policy(GITHUB).retries(), 0);
    assert_eq!(action(&policy(GITHUB), Some(500)), Action::GiveUp);
    assert_eq!(seconds(&policy(SLACK)), [0, 60, 300]);

    let stripe: Duration = policy(STRIPE).schedule().iter().sum();
    assert!(stripe <= Duration::from_secs(3 * 86_400) && stripe > Duration::from_secs(2 * 86_400));
    let shopify: Duration = policy(SHOPIFY).schedule().iter().sum();
    assert_eq!(policy(SHOPIFY).retries(), 8);
    assert!(shopify <= Duration::from_secs(4 * 3600) && shopify > Duration::from_secs(3 * 3600 + 3000));
}
