//! Key sets that cross from one process to another, or are handed in.

use super::*;

#[test]
fn an_export_starts_another_process_with_warm_keys_of_their_age() {
    let mut first = by_discovery();
    assert_eq!(first.remote.export(), None);
    first.fetch(KeyNeed::Due, "a");
    let text = first.remote.export().unwrap();

    let mut second = by_discovery();
    second.later(HOUR / 2);
    assert!(second.remote.import(&text, second.now()).unwrap());
    assert!(second.has("a"));
    assert_eq!(second.state(), KeyState::Fresh(Duration::from_secs(1800)), "time has passed in between");
    assert_eq!(second.remote.export().unwrap(), text, "the time of the fetch goes with the keys");
    second.later(HOUR / 2);
    assert_eq!(second.state(), KeyState::Due);
}

#[test]
fn an_import_that_is_too_old_or_older_than_what_is_there_changes_nothing() {
    let mut first = by_address();
    first.fetch(KeyNeed::Due, "a");
    let text = first.remote.export().unwrap();
    let mut host = by_address();
    host.later(HOUR + DAY);
    assert!(!host.remote.import(&text, host.now()).unwrap());
    assert_eq!(host.state(), KeyState::Missing);
    host.fetch(KeyNeed::Due, "b");
    assert!(!host.remote.import(&text, host.now()).unwrap());
    assert!(host.has("b"));
}

/// Whoever can put an old export back would undo the withdrawal of a key.
#[test]
fn of_two_key_sets_that_can_be_used_the_newer_one_is_kept() {
    let exported = |at: u64, key_id: &str| {
        let mut host = by_address();
        host.later(at).fetch(KeyNeed::Due, key_id);
        host.remote.export().unwrap()
    };
    let mut host = by_address();
    host.later(MINUTE).fetch(KeyNeed::Due, "present");
    for (at, key_id) in [(0, "older"), (MINUTE, "of-the-same-age")] {
        assert!(!host.remote.import(&exported(at, key_id), host.now()).unwrap(), "{key_id}");
        assert!(host.has("present") && !host.has(key_id));
    }
    host.later(MINUTE);
    assert!(host.remote.import(&exported(MINUTE + 1, "newer"), host.now()).unwrap());
    assert!(host.has("newer") && !host.has("present"));
}

#[test]
fn an_import_from_the_future_can_be_used_and_is_due() {
    let mut first = by_address();
    first.later(DAY).fetch(KeyNeed::Due, "a");
    let host = by_address();
    assert!(host.remote.import(&first.remote.export().unwrap(), host.now()).unwrap());
    assert_eq!(host.state(), KeyState::Due);
}

#[test]
fn an_import_of_something_else_is_refused() {
    let mut first = by_address();
    first.fetch(KeyNeed::Due, "a");
    let text = first.remote.export().unwrap();
    let host = by_address();
    let refused = [
        String::new(),
        "null".to_owned(),
        jwks("a"),
        text.replace(JWKS_URI, ISSUER),
        text.replace("\"keys\"", "\"no\""),
        text.replace("lifetime", "lifespan"),
        format!("{text}{}", " ".repeat(600 * 1024)),
    ];
    for text in refused {
        assert_eq!(host.remote.import(&text, host.now()).unwrap_err().code(), Code::InvalidKey, "{text:.80}");
        assert_eq!(host.state(), KeyState::Missing);
    }
    let endless = text.replace("3600000", "18446744073709551615");
    assert!(host.remote.import(&endless, host.now()).unwrap());
    assert_eq!(host.state(), KeyState::Fresh(Duration::from_millis(DAY)), "no text makes keys last for ever");
}

#[test]
fn keys_that_were_handed_in_are_used_and_due() {
    let mut host = by_address();
    host.fetch(KeyNeed::Due, "a");
    host.remote.replace(&jwks("b")).unwrap();
    assert!(host.has("b") && host.remote.export().is_none());
    assert!(host.remote.replace("nonsense").is_err() && host.has("b"));
    host.later(MINUTE);
    assert_eq!(host.state(), KeyState::Due);
}
