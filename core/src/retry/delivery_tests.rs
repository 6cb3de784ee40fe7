use proptest::prelude::*;

use super::*;

const START: i64 = 1_700_000_000_000;

fn policy(rest: &str) -> RetryPolicy {
    RetryPolicy::from_json(&format!(
        r#"{{"delays": {{"list_seconds": [5, 300]}}, "success": ["2xx"], "retry_on": "any_failure",
            "disable_on": [410] {rest}}}"#
    ))
    .unwrap()
}

fn record(delivery: &mut Delivery, status: u16, now: i64) -> Action {
    delivery.record(&policy(""), Some(status), None, now).unwrap().action
}

#[test]
fn the_first_attempt_is_due_at_once() {
    let delivery = Delivery::new(1, START);
    assert_eq!((delivery.due_at(), delivery.attempts()), (Some(START), 0));
    assert_eq!((delivery.state(), delivery.started_at()), (DeliveryState::Pending, START));
}

#[test]
fn a_retry_is_due_after_the_answer_and_not_after_the_plan() {
    let mut delivery = Delivery::new(1, START);
    assert_eq!(record(&mut delivery, 500, START + 15_000), Action::Retry);
    assert_eq!(delivery.due_at(), Some(START + 20_000));
}

#[test]
fn it_ends_when_the_plan_has_no_further_retry() {
    let mut delivery = Delivery::new(1, START);
    for _ in 0..2 {
        assert_eq!(record(&mut delivery, 500, START), Action::Retry);
    }
    assert_eq!(record(&mut delivery, 500, START), Action::GiveUp);
    assert_eq!((delivery.state(), delivery.due_at()), (DeliveryState::GaveUp, None));
    assert_eq!((delivery.attempts(), delivery.last_status()), (3, Some(500)));
}

#[test]
fn it_ends_when_the_receiver_says_so() {
    for (status, state) in [(204, DeliveryState::Delivered), (410, DeliveryState::Disabled)] {
        let mut delivery = Delivery::new(1, START);
        record(&mut delivery, status, START);
        assert_eq!((delivery.state(), delivery.due_at()), (state, None));
    }
}

#[test]
fn what_has_ended_takes_no_further_attempt() {
    let mut delivery = Delivery::new(1, START);
    record(&mut delivery, 204, START);
    let before = delivery.clone();
    let error = delivery.record(&policy(""), Some(200), None, START).unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
    assert_eq!(delivery, before);
}

#[test]
fn a_retry_after_is_counted_from_the_answer() {
    let mut delivery = Delivery::new(1, START);
    let honours = policy(r#", "honours_retry_after": true"#);
    delivery.record(&honours, Some(503), Some("120"), START).unwrap();
    assert_eq!(delivery.due_at(), Some(START + 120_000));
    delivery.record(&honours, Some(503), Some("Tue, 14 Nov 2023 23:13:20 GMT"), START).unwrap();
    assert_eq!(delivery.due_at(), Some(START + 3_600_000));
}

#[test]
fn no_retry_is_due_after_the_deadline() {
    let mut delivery = Delivery::new(1, START);
    let short = policy(r#", "deadline_seconds": 60"#);
    assert_eq!(delivery.record(&short, Some(500), None, START + 10).unwrap().action, Action::Retry);
    // The next one would come after 300 s.
    assert_eq!(delivery.record(&short, Some(500), None, START + 6000).unwrap().action, Action::GiveUp);
}

#[test]
fn another_text_is_refused() {
    let text = Delivery::new(u64::MAX, START).to_json();
    assert!(text.contains(r#""seed":"18446744073709551615""#), "{text}");
    for (what, broken) in [
        ("no JSON", String::new()),
        ("another version", text.replace(r#""version":"1""#, r#""version":"2""#)),
        ("an unknown member", text.replacen('{', r#"{"x":1,"#, 1)),
        ("a seed beyond 64 bits", text.replace("18446744073709551615", "18446744073709551616")),
        ("ended and due", text.replace("pending", "delivered")),
        ("pending and never due", text.replace(&format!("{START},\"seed\""), "null,\"seed\"")),
    ] {
        assert_ne!(broken, text, "{what}");
        assert_eq!(Delivery::from_json(&broken).unwrap_err().code(), Code::InvalidOption, "{what}");
    }
}

proptest! {
    #[test]
    fn every_state_survives_its_text(seed: u64, now: i64, statuses in prop::collection::vec(any::<Option<u16>>(), 0..4)) {
        let mut delivery = Delivery::new(seed, now);
        for status in statuses {
            let _ = delivery.record(&policy(""), status, None, now);
            prop_assert_eq!(&Delivery::from_json(&delivery.to_json()).unwrap(), &delivery);
        }
    }
}
