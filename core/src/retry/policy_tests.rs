use super::*;

const NOW: i64 = 784_111_777;

fn policy(delays: &str, rest: &str) -> RetryPolicy {
    let json = format!(r#"{{"delays": {delays}, "success": ["2xx"], "retry_on": "any_failure" {rest}}}"#);
    RetryPolicy::from_json(&json).unwrap()
}

fn two_retries(rest: &str) -> RetryPolicy {
    policy(r#"{"list_seconds": [5, 300]}"#, rest)
}

fn seconds(delay: Option<Duration>) -> Option<f64> {
    delay.map(|delay| delay.as_secs_f64())
}

#[test]
fn there_is_no_retry_0_and_none_after_the_last() {
    let policy = two_retries("");
    assert_eq!(policy.retries(), 2);
    assert_eq!(
        (0..4).map(|retry| seconds(policy.delay(retry, 1))).collect::<Vec<_>>(),
        [None, Some(5.0), Some(300.0), None]
    );
    assert_eq!(policy.delay(u32::MAX, 1), None);
}

#[test]
fn a_seeded_schedule_is_what_delay_gives_one_by_one() {
    for jitter in [
        r#""none""#,
        r#"{"additive_seconds": 1}"#,
        r#"{"additive_percent": 10}"#,
        r#""full""#,
        r#""equal""#,
        r#""decorrelated""#,
    ] {
        let policy = policy(
            r#"{"exponential": {"first_seconds": 1, "factor": 2, "retries": 12}}"#,
            &format!(r#", "jitter": {jitter}, "cap_seconds": 60"#),
        );
        for seed in [0, 1, 7, u64::MAX] {
            let one_by_one: Vec<_> = (1..=12).map(|retry| policy.delay(retry, seed).unwrap()).collect();
            assert_eq!(policy.schedule_seeded(seed), one_by_one, "{jitter}");
            assert!(one_by_one.iter().all(|delay| *delay <= Duration::from_secs(60)), "{jitter}");
            assert!(one_by_one.iter().all(|delay| delay.subsec_nanos() % 1000 == 0), "{jitter}");
            assert!(one_by_one.iter().sum::<Duration>() <= policy.longest_span(), "{jitter}");
        }
    }
}

#[test]
fn decorrelated_jitter_grows_from_the_delay_before() {
    let policy =
        policy(r#"{"list_seconds": [1, 1, 1, 1]}"#, r#", "jitter": "decorrelated", "cap_seconds": 1000"#);
    let mut previous = Duration::from_secs(1);
    for delay in policy.schedule_seeded(9) {
        assert!(delay >= Duration::from_secs(1) && delay < previous * 3, "{delay:?}");
        previous = delay;
    }
}

#[test]
fn the_retry_after_an_attempt_has_its_number() {
    let policy = two_retries("");
    let decide = |number| policy.next(&Attempt::new(number, Some(500), 0));
    assert_eq!(seconds(decide(1).delay), Some(5.0));
    assert_eq!(seconds(decide(2).delay), Some(300.0));
    assert_eq!((decide(3).action, decide(3).delay), (Action::GiveUp, None));
    assert_eq!(decide(0), decide(1));
}

#[test]
fn statuses_lead_to_actions() {
    let policy = RetryPolicy::from_json(
        r#"{"delays": {"list_seconds": [5]}, "success": ["2xx"], "retry_on": ["5xx"],
            "final_on": [406], "disable_on": [410], "throttle_on": [429, 502]}"#,
    )
    .unwrap();
    let decide = |status| {
        let decision = policy.next(&Attempt::new(1, status, 0));
        (decision.action.as_str(), decision.throttle)
    };
    assert_eq!(decide(Some(204)), ("delivered", false));
    assert_eq!(decide(Some(410)), ("disable", false));
    assert_eq!(decide(Some(500)), ("retry", false));
    assert_eq!(decide(Some(502)), ("retry", true));
    assert_eq!(decide(Some(429)), ("retry", true));
    assert_eq!(decide(Some(404)), ("give_up", false));
    assert_eq!(decide(Some(406)), ("give_up", false));
    assert_eq!(decide(Some(999)), ("give_up", false));
    assert_eq!(decide(None), ("give_up", false));
}

#[test]
fn a_final_status_is_not_retried_where_any_other_failure_is() {
    let policy = two_retries(r#", "final_on": [406]"#);
    assert_eq!(policy.next(&Attempt::new(1, Some(406), 0)).action, Action::GiveUp);
    assert_eq!(policy.next(&Attempt::new(1, Some(405), 0)).action, Action::Retry);
}

#[test]
fn a_status_of_0_is_an_absent_answer() {
    let policy = RetryPolicy::from_json(
        r#"{"delays": {"list_seconds": [5]}, "success": ["2xx"], "retry_on": ["no_response"]}"#,
    )
    .unwrap();
    assert_eq!(policy.next(&Attempt::new(1, Some(0), 0)).action, Action::Retry);
}

#[test]
fn there_are_at_most_as_many_attempts_as_the_plan_allows() {
    let decide = |policy: &RetryPolicy, number| policy.next(&Attempt::new(number, Some(500), 0)).action;
    let two = two_retries(r#", "max_attempts": 2"#);
    assert_eq!((two.retries(), two.delay(2, 0)), (1, None));
    assert_eq!((decide(&two, 1), decide(&two, 2)), (Action::Retry, Action::GiveUp));
    assert_eq!(two_retries(r#", "max_attempts": 99"#).retries(), 2);
    assert_eq!(decide(&two_retries(r#", "max_attempts": 1"#), 1), Action::GiveUp);
}

#[test]
fn a_retry_may_come_at_the_deadline_and_not_after_it() {
    let policy = two_retries(r#", "deadline_seconds": 20"#);
    let decide = |elapsed| policy.next(&Attempt::new(1, Some(500), 0).with_elapsed_millis(elapsed)).action;
    assert_eq!((decide(15_000), decide(15_001)), (Action::Retry, Action::GiveUp));
    assert_eq!(decide(-1), Action::Retry);
    assert_eq!(policy.longest_span(), Duration::from_secs(20));
}

#[test]
fn the_last_answer_is_still_judged() {
    let policy = two_retries(r#", "disable_on": [410]"#);
    assert_eq!(policy.next(&Attempt::new(9, Some(200), 0)).action, Action::Delivered);
    assert_eq!(policy.next(&Attempt::new(9, Some(410), 0)).action, Action::Disable);
}

#[test]
fn the_longer_of_plan_and_retry_after_counts() {
    let policy = two_retries(r#", "honours_retry_after": true"#);
    let wait =
        |value| seconds(policy.next(&Attempt::new(1, Some(503), 0).with_retry_after(value, NOW)).delay);
    assert_eq!(wait("120"), Some(120.0));
    assert_eq!(wait("1"), Some(5.0));
    assert_eq!(wait("Sun, 06 Nov 1994 08:51:37 GMT"), Some(120.0));
    assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(5.0));
    assert_eq!(wait("soon"), Some(5.0));
}

#[test]
fn retry_after_is_bounded() {
    let attempt = Attempt::new(1, Some(503), 0).with_retry_after("99999999999999999999", NOW);
    let by_default = two_retries(r#", "honours_retry_after": true"#);
    assert_eq!(seconds(by_default.next(&attempt).delay), Some(86_400.0));
    let shorter = two_retries(r#", "honours_retry_after": true, "retry_after_cap_seconds": 60"#);
    assert_eq!(seconds(shorter.next(&attempt).delay), Some(60.0));
    // The bound is for the header: the plan's own, longer delay stands.
    let second = Attempt { number: 2, ..attempt };
    assert_eq!(seconds(shorter.next(&second).delay), Some(300.0));
}

#[test]
fn retry_after_is_ignored_where_the_sender_ignores_it() {
    let attempt = Attempt::new(1, Some(503), 0).with_retry_after("120", NOW);
    assert_eq!(seconds(two_retries("").next(&attempt).delay), Some(5.0));
}

#[test]
fn a_bad_plan_is_an_invalid_option() {
    let error = RetryPolicy::from_json(r#"{"delays": {"list_seconds": [-1]}}"#).unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
    assert!(error.to_string().starts_with("the retry plan is not valid: a duration of -1 seconds"));
}
