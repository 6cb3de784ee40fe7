//! How keys are fetched: where from, in which time, and which answers count.

use super::*;

#[test]
fn discovery_comes_first_and_is_remembered_for_a_day() {
    let mut host = by_discovery();
    let document = format!("{ISSUER}/.well-known/openid-configuration");
    assert!(host.fetch(KeyNeed::Due, "a") && host.has("a"));
    assert_eq!(host.urls, [document.clone(), JWKS_URI.to_owned()]);
    host.later(HOUR);
    assert!(host.fetch(KeyNeed::Due, "b") && host.has("b") && !host.has("a"));
    assert_eq!(host.urls.len(), 3, "the address is known");
    host.later(DAY);
    assert!(host.fetch(KeyNeed::Due, "c"));
    assert_eq!(host.urls[3..], [document, JWKS_URI.to_owned()]);
}

#[test]
fn an_address_that_was_given_needs_no_discovery() {
    let mut host = by_address();
    assert!(host.fetch(KeyNeed::Due, "a"));
    assert_eq!(host.urls, [JWKS_URI]);
}

#[test]
fn a_failure_asks_the_issuer_again() {
    let mut host = by_discovery();
    host.fetch(KeyNeed::Due, "a");
    host.later(HOUR);
    assert!(host.fetch_in_vain(KeyNeed::Due));
    host.later(15 * SECOND);
    host.fetch(KeyNeed::Due, "b");
    assert!(host.urls[3].ends_with("/.well-known/openid-configuration"), "the keys may have moved");
}

#[test]
fn both_requests_share_five_seconds() {
    let mut host = by_discovery();
    let first = host.start(KeyNeed::Due).unwrap();
    assert_eq!(first.timeout, Duration::from_secs(5));
    assert_eq!(first.max_body, 512 * 1024);
    host.later(3 * SECOND);
    let second = host.remote.answered(first.ticket, Ok(ok(&discovery())), host.now()).unwrap();
    assert_eq!(second.timeout, Duration::from_secs(2));

    let mut host = by_discovery();
    let first = host.start(KeyNeed::Due).unwrap();
    host.later(5 * SECOND);
    assert_eq!(host.remote.answered(first.ticket, Ok(ok(&discovery())), host.now()), None);
    assert!(host.remote.require().unwrap_err().to_string().contains("did not come in time"));
}

#[test]
fn a_discovered_address_is_believed_for_a_day_and_no_longer() {
    for (after, first) in
        [(DAY - 1, JWKS_URI), (DAY, "https://issuer.example/.well-known/openid-configuration")]
    {
        let mut host = by_discovery();
        host.fetch(KeyNeed::Due, "a");
        assert_eq!(host.later(after).start(KeyNeed::Due).unwrap().url, first, "after {after} ms");
    }
}

#[test]
fn hostile_answers_change_nothing() {
    let huge = format!("{}{}", jwks("evil"), " ".repeat(512 * 1024));
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 101].join(","));
    let deep = format!(r#"{{"keys":[],"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let bodies = [&huge, &many, &deep, "", "<html>", r#"{"keys":[],"keys":[]}"#];
    let evil = jwks("evil");
    let mut answers: Vec<_> = bodies.iter().map(|body| ok(body)).collect();
    answers.extend([301, 302, 307, 404, 206, 500].map(|status| KeyAnswer { status, ..ok(&evil) }));
    answers.push(KeyAnswer { body: b"\xff\xfe{}", ..ok("") });
    let mut host = by_address();
    host.fetch(KeyNeed::Due, "a");
    for answer in answers {
        host.later(HOUR);
        let request = host.start(KeyNeed::UnknownKey).unwrap();
        assert_eq!(host.remote.answered(request.ticket, Ok(answer), host.now()), None);
        assert!(host.has("a") && !host.has("evil"));
    }
}

#[test]
fn a_wrong_issuer_leads_to_no_key_set() {
    for body in [
        discovery().replace(ISSUER, "https://issuer.example.evil.test"),
        discovery().replace(JWKS_URI, "http://keys.example/jwks"),
        jwks("evil"),
    ] {
        let mut host = by_discovery();
        let request = host.start(KeyNeed::Due).unwrap();
        assert_eq!(host.remote.answered(request.ticket, Ok(ok(&body)), host.now()), None);
        assert_eq!(host.state(), KeyState::Missing);
    }
}

#[test]
fn a_fetch_of_which_nothing_is_heard_is_given_up_and_its_late_answer_not_read() {
    let mut host = by_address();
    let lost = host.start(KeyNeed::Due).unwrap();
    let _ = host.later(10 * SECOND - 1).state();
    assert!(host.remote.is_under_way());
    let _ = host.later(1).state();
    assert!(!host.remote.is_under_way());
    assert_eq!(host.remote.answered(lost.ticket, Ok(ok(&jwks("late"))), host.now()), None);
    assert!(!host.has("late"));
    assert!(!host.fetch(KeyNeed::Due, "a"), "the interval counts from where it was given up");
    host.later(15 * SECOND);
    assert!(host.fetch(KeyNeed::Due, "a"));
    assert_eq!(host.remote.answered(lost.ticket, Ok(ok(&jwks("late"))), host.now()), None);
    assert!(host.has("a") && !host.has("late"));
}
