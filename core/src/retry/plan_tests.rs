use super::*;

/// A plan with these delays, jitter and nothing else of interest.
fn plan(delays: &str, rest: &str) -> Plan {
    let json = format!(r#"{{"delays": {delays}, "success": ["2xx"], "retry_on": "any_failure" {rest}}}"#);
    serde_json::from_str(&json).unwrap()
}

fn base_millis(delays: &str, rest: &str) -> Vec<u128> {
    plan(delays, rest).base_delays().unwrap().iter().map(Duration::as_millis).collect()
}

#[test]
fn a_list_is_taken_as_it_is() {
    assert_eq!(base_millis(r#"{"list_seconds": [0, 5, 0.25]}"#, ""), [0, 5000, 250]);
    assert_eq!(base_millis(r#"{"list_seconds": []}"#, ""), [0; 0]);
}

#[test]
fn fractions_of_a_second_are_not_off_by_one() {
    let delays = plan(r#"{"list_seconds": [1.001, 0.29, 0.000001, 31622399.999]}"#, "").base_delays();
    let micros: Vec<_> = delays.unwrap().iter().map(Duration::as_micros).collect();
    assert_eq!(micros, [1_001_000, 290_000, 1, 31_622_399_999_000]);
}

#[test]
fn a_polynomial_gives_the_values_measured_for_fourvenues() {
    let delays = base_millis(r#"{"polynomial": {"exponent": 1.5, "scale_seconds": 1, "retries": 40}}"#, "");
    let at = |retry: usize| delays[retry - 1];
    assert_eq!([at(1), at(2), at(3), at(4), at(5)], [1000, 2828, 5196, 8000, 11180]);
    assert_eq!([at(10), at(20), at(39), at(40)], [31_623, 89_443, 243_555, 252_982]);
    assert_eq!(delays.iter().sum::<u128>(), 4_174_972);
    assert_eq!(delays.len(), 40);
}

#[test]
fn an_exponential_grows_to_its_cap() {
    let exponential = r#"{"exponential": {"first_seconds": 60, "factor": 2, "retries": 5}}"#;
    assert_eq!(base_millis(exponential, ""), [60_000, 120_000, 240_000, 480_000, 960_000]);
    assert_eq!(
        base_millis(exponential, r#", "cap_seconds": 300"#),
        [60_000, 120_000, 240_000, 300_000, 300_000]
    );
    let steep = r#"{"exponential": {"first_seconds": 1, "factor": 1e300, "retries": 4}}"#;
    assert_eq!(base_millis(steep, r#", "cap_seconds": 2"#), [1000, 2000, 2000, 2000]);
}

#[test]
fn a_plan_that_runs_away_is_refused() {
    let steep = r#"{"exponential": {"first_seconds": 1, "factor": 10, "retries": 20}}"#;
    let error = plan(steep, "").base_delays().unwrap_err();
    assert_eq!(error, "the delay before retry 9 exceeds 366 days: cap_seconds is missing");
}

#[test]
fn numbers_out_of_range_are_refused() {
    for (delays, named) in [
        (r#"{"polynomial": {"exponent": -1, "scale_seconds": 1, "retries": 1}}"#, "exponent is -1"),
        (r#"{"exponential": {"first_seconds": 1, "factor": 0.5, "retries": 1}}"#, "factor is 0.5"),
        (r#"{"exponential": {"first_seconds": 1, "factor": 1, "retries": 1001}}"#, "1001 retries"),
    ] {
        let error = plan(delays, "").base_delays().unwrap_err();
        assert!(error.contains(named), "{error}");
    }
    for seconds in ["-0.001", "31622400.001", "1e300"] {
        let error = serde_json::from_str::<Seconds>(seconds).unwrap_err().to_string();
        assert!(error.contains("is out of range: expected 0 to 31622400"), "{error}");
    }
}

#[test]
fn jitter_that_cannot_work_is_refused() {
    let refused = |delays: &str, rest: &str| {
        let plan = plan(delays, rest);
        plan.jitter(&plan.base_delays().unwrap()).unwrap_err()
    };
    let list = r#"{"list_seconds": [5]}"#;
    let decorrelated = r#", "jitter": "decorrelated""#;
    assert_eq!(refused(list, decorrelated), "decorrelated jitter needs cap_seconds");
    assert_eq!(
        refused(r#"{"list_seconds": [0]}"#, r#", "jitter": "decorrelated", "cap_seconds": 9"#),
        "decorrelated jitter needs a first delay above 0"
    );
    assert_eq!(
        refused(list, r#", "jitter": {"additive_percent": 101}"#),
        "additive_percent is 101, expected 1 to 100"
    );
}

#[test]
fn a_status_that_is_success_and_failure_is_refused() {
    let error = plan(r#"{"list_seconds": []}"#, r#", "disable_on": [204]"#).check_statuses();
    assert_eq!(error.unwrap_err(), "status 204 is both a success and a failure");
    let error = plan(r#"{"list_seconds": []}"#, r#", "final_on": [200]"#).check_statuses();
    assert_eq!(error.unwrap_err(), "status 200 is both a success and a failure");
}

#[test]
fn a_status_that_is_final_and_retried_is_refused() {
    let error = plan(r#"{"list_seconds": []}"#, r#", "final_on": ["4xx"], "throttle_on": [429]"#);
    assert_eq!(error.check_statuses().unwrap_err(), "status 429 is both final and retried");
}

#[test]
fn a_cap_for_an_ignored_header_is_refused() {
    let error = plan(r#"{"list_seconds": []}"#, r#", "retry_after_cap_seconds": 60"#).retry_after_cap();
    assert!(error.unwrap_err().contains("honours_retry_after is not true"));
}

#[test]
fn unknown_members_and_forms_are_named() {
    for (json, named) in [
        (r#"{"dealys": {}}"#, "unknown field `dealys`, expected one of `delays`, `jitter`"),
        (r#"{"delays": {"linear": 1}}"#, "unknown variant `linear`, expected one of `list_seconds`"),
        (r#"{"delays": {"list_seconds": []}, "jitter": "some"}"#, "unknown variant `some`"),
        (r#"{"delays": {"list_seconds": []}, "success": ["2xx"]}"#, "missing field `retry_on`"),
    ] {
        let error = serde_json::from_str::<Plan>(json).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}
