//! What the age of the keys means: when they are fresh, due and gone, and what a verdict without a key is.

use super::*;

#[test]
fn fresh_keys_are_not_fetched_and_due_ones_can_be_used() {
    let mut host = by_address();
    assert_eq!(host.state(), KeyState::Missing);
    host.fetch(KeyNeed::Due, "a");
    assert_eq!(host.state(), KeyState::Fresh(Duration::from_secs(3600)));
    host.later(HOUR - 1);
    assert_eq!(host.state(), KeyState::Fresh(Duration::from_millis(1)));
    assert_eq!(host.start(KeyNeed::Due), None);
    host.later(1);
    assert_eq!(host.state(), KeyState::Due);
    assert!(host.has("a"));
    let request = host.start(KeyNeed::Due).unwrap();
    assert!(
        matches!(host.state(), KeyState::Fresh(_)),
        "who verifies meanwhile has nothing to do and nothing to wait for"
    );
    assert_eq!(host.remote.answered(request.ticket, Ok(ok(&jwks("b"))), host.now()), None);
    assert!(host.has("b") && !host.has("a"));
}

#[test]
fn a_failed_refresh_keeps_the_keys_for_a_day_and_no_longer() {
    let mut host = by_address();
    host.fetch(KeyNeed::Due, "a");
    host.later(HOUR);
    while host.elapsed < HOUR + DAY - MINUTE {
        assert!(host.fetch_in_vain(KeyNeed::Due));
        assert!(host.has("a") && host.state() != KeyState::Missing);
        host.later(MINUTE);
    }
    host.later(MINUTE - 1);
    assert_ne!(host.state(), KeyState::Missing);
    host.later(1);
    assert_eq!(host.state(), KeyState::Missing);
    assert!(!host.has("a"));
    let error = host.remote.require().unwrap_err();
    assert_eq!(error.code(), Code::KeysUnavailable);
    assert!(error.to_string().ends_with("was answered with status 503, expected 200"), "{error}");
    assert!(host.fetch(KeyNeed::Due, "b") && host.has("b"), "and when the issuer is back, so are the keys");
}

#[test]
fn the_state_names_the_end_of_the_keys_also_while_nothing_may_be_fetched() {
    let mut host = by_address();
    host.fetch(KeyNeed::Due, "a");
    host.later(HOUR + DAY - 5 * SECOND);
    assert!(host.fetch_in_vain(KeyNeed::Due));
    assert_eq!(host.state(), KeyState::Fresh(Duration::from_secs(5)));
    host.later(5 * SECOND);
    assert_eq!(host.state(), KeyState::Missing);
}

#[test]
fn an_unknown_key_is_final_only_where_the_set_is_known_to_be_the_newest() {
    let mut host = by_address();
    assert_eq!(host.verdict(Code::UnknownKey), Code::UnknownKey);
    host.fetch(KeyNeed::Due, "a");
    assert_eq!(host.verdict(Code::UnknownKey), Code::UnknownKey);
    host.later(MINUTE);
    let request = host.start(KeyNeed::UnknownKey).unwrap();
    assert_eq!(host.verdict(Code::UnknownKey), Code::KeysUnavailable, "newer keys are on their way");
    assert_eq!(host.remote.answered(request.ticket, Err("connection refused"), host.now()), None);
    assert_eq!(host.verdict(Code::UnknownKey), Code::KeysUnavailable, "nobody knows what they are");
    assert_eq!(host.verdict(Code::NoMatchingSignature), Code::NoMatchingSignature);
    host.later(MINUTE);
    host.fetch(KeyNeed::UnknownKey, "a");
    assert_eq!(host.verdict(Code::UnknownKey), Code::UnknownKey);
}

#[test]
fn a_process_that_was_frozen_finds_its_keys_old() {
    let host = by_address();
    let mut host = host;
    host.fetch(KeyNeed::Due, "a");
    let unfrozen = Moment { unix_millis: moment(2 * DAY).unix_millis, ..moment(SECOND) };
    assert_eq!(host.remote.state(unfrozen), KeyState::Missing);
}
