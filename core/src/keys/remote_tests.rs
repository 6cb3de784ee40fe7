//! The rules of fetching under a simulated clock: no test waits, and none asks a network.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::encoding::Encoding;
use crate::keys::{Algorithm, MAX_TIMEOUT};

const ISSUER: &str = "https://issuer.example";
const JWKS_URI: &str = "https://keys.example/jwks";
const START: i64 = 1_790_000_000_000;
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A host that fetches from servers as they are at the moment, on a clock that it sets.
struct Host {
    remote: RemoteKeys,
    keys: KeySet,
    elapsed: u64,
    urls: Vec<String>,
}

fn host(source: KeySource) -> Host {
    let keys = KeySet::new();
    let remote = RemoteKeys::new(source, keys.clone(), MAX_TIMEOUT, false);
    Host { remote, keys, elapsed: 0, urls: Vec::new() }
}

fn by_discovery() -> Host {
    host(KeySource::discovery(ISSUER, false).unwrap())
}

fn by_address() -> Host {
    host(KeySource::document(JWKS_URI, false).unwrap())
}

fn moment(elapsed: u64) -> Moment {
    let unix_millis = START + i64::try_from(elapsed).unwrap();
    Moment { unix_millis, monotonic_millis: 7 + elapsed }
}

fn discovery() -> String {
    format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"{JWKS_URI}"}}"#)
}

fn jwks(key_id: &str) -> String {
    let n = Encoding::Base64url.encode(&[0xff; 256]);
    format!(r#"{{"keys":[{{"kty":"RSA","kid":"{key_id}","e":"AQAB","n":"{n}"}}]}}"#)
}

fn ok(body: &str) -> KeyAnswer<'_> {
    KeyAnswer { status: 200, cache_control: Some("max-age=3600"), age: None, body: body.as_bytes() }
}

fn down<'a>() -> KeyAnswer<'a> {
    KeyAnswer { status: 503, cache_control: None, age: None, body: b"busy" }
}

impl Host {
    fn now(&self) -> Moment {
        moment(self.elapsed)
    }

    fn later(&mut self, millis: u64) -> &mut Self {
        self.elapsed += millis;
        self
    }

    fn state(&self) -> KeyState {
        self.remote.state(self.now())
    }

    fn start(&mut self, need: KeyNeed) -> Option<KeyRequest> {
        let request = self.remote.start(need, self.now())?;
        self.urls.push(request.url.clone());
        Some(request)
    }

    /// Fetches, if the keys allow it, from an issuer that has this key; returns whether a request was made.
    fn fetch(&mut self, need: KeyNeed, key_id: &str) -> bool {
        let Some(mut request) = self.start(need) else { return false };
        loop {
            let body = if request.url == JWKS_URI { jwks(key_id) } else { discovery() };
            let Some(next) = self.remote.answered(request.ticket, Ok(ok(&body)), self.now()) else {
                return true;
            };
            self.urls.push(next.url.clone());
            request = next;
        }
    }

    /// Fetches, if the keys allow it, from servers that are down.
    fn fetch_in_vain(&mut self, need: KeyNeed) -> bool {
        let Some(request) = self.start(need) else { return false };
        assert_eq!(self.remote.answered(request.ticket, Ok(down()), self.now()), None);
        true
    }

    fn has(&self, key_id: &str) -> bool {
        self.keys
            .snapshot()
            .is_some_and(|keys| keys.candidates(Some(key_id), Algorithm::Rs256).next().is_some())
    }

    fn verdict(&self, code: Code) -> Code {
        self.remote.explain(Error::new(code, "x")).code()
    }
}

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

#[test]
fn a_process_that_was_frozen_finds_its_keys_old() {
    let host = by_address();
    let mut host = host;
    host.fetch(KeyNeed::Due, "a");
    let unfrozen = Moment { unix_millis: moment(2 * DAY).unix_millis, ..moment(SECOND) };
    assert_eq!(host.remote.state(unfrozen), KeyState::Missing);
}

/// What a step of a history does to a host.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Wait(u64),
    Want(KeyNeed),
    Answer(bool),
    Break,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..4 * SECOND).prop_map(Deed::Wait),
        1 => (0..2 * HOUR).prop_map(Deed::Wait),
        4 => Just(Deed::Want(KeyNeed::UnknownKey)),
        2 => Just(Deed::Want(KeyNeed::Due)),
        4 => any::<bool>().prop_map(Deed::Answer),
        1 => Just(Deed::Break),
    ];
    prop::collection::vec(deed, 1..400)
}

proptest! {
    /// Whatever happens in whatever order: no more than five requests reach a server within a minute, wherever
    /// between its start and its end each arrives; one fetch at a time, 15 seconds apart; and keys that came are used
    /// for a day more than their lifetime.
    #[test]
    fn any_history_keeps_the_limits(deeds in deeds(), discovers in any::<bool>()) {
        let mut host = if discovers { by_discovery() } else { by_address() };
        let mut open: Option<(KeyRequest, u64)> = None;
        // The start and the end of every request.
        let mut requests: Vec<(u64, u64)> = Vec::new();
        let mut last_end = None;
        let mut came_at = None;
        for deed in deeds {
            match deed {
                Deed::Wait(millis) => { host.later(millis); }
                Deed::Want(need) => {
                    let _ = host.state();
                    if open.is_some() && !host.remote.is_under_way() {
                        // Given up. What the network still does with it ends with its time.
                        let (request, start) = open.take().unwrap();
                        let end = start + u64::try_from(request.timeout.as_millis()).unwrap();
                        requests.push((start, end));
                        last_end = Some(end);
                    }
                    if let Some(request) = host.start(need) {
                        prop_assert!(open.is_none());
                        prop_assert!(last_end.is_none_or(|end| host.elapsed >= end + 15 * SECOND));
                        open = Some((request, host.elapsed));
                    }
                }
                Deed::Answer(is_good) => if let Some((request, start)) = open.take() {
                    let end = host.elapsed.min(start + 5 * SECOND);
                    requests.push((start, end));
                    let body = if request.url == JWKS_URI { jwks("a") } else { discovery() };
                    let answer = if is_good { ok(&body) } else { down() };
                    let was_under_way = host.elapsed < start + 5 * SECOND;
                    open = host.remote.answered(request.ticket, Ok(answer), host.now()).map(|next| (next, host.elapsed));
                    if open.is_none() {
                        last_end = Some(end);
                        if is_good && was_under_way && request.url == JWKS_URI {
                            came_at = Some(host.elapsed);
                        }
                    }
                },
                Deed::Break => if let Some((request, start)) = open.take() {
                    requests.push((start, host.elapsed.min(start + 5 * SECOND)));
                    prop_assert_eq!(host.remote.answered(request.ticket, Err("reset"), host.now()), None);
                    last_end = Some(host.elapsed.min(start + 5 * SECOND));
                },
            }
            if came_at.is_some_and(|came| host.elapsed < came + HOUR + DAY) {
                prop_assert_ne!(host.state(), KeyState::Missing);
                prop_assert!(host.has("a"));
            }
        }
        for six in requests.windows(6) {
            prop_assert!(six[5].0 >= six[0].1 + MINUTE, "{:?}", six);
        }
    }
}
