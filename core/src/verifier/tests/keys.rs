use std::time::Duration;

use super::*;
use crate::keys::{KeyAnswer, KeyNeed, Moment};
use crate::token::testing::{FIRST_KEY, jwk};

fn issuer() -> VerifierBuilder {
    builder("jwt-bearer").issuer("https://issuer.test").audience("acme")
}

fn document() -> String {
    format!(r#"{{"keys":[{}]}}"#, jwk(FIRST_KEY, ""))
}

#[test]
fn keys_are_given_or_fetched() {
    let builder = issuer().jwks(document()).jwks_uri("https://a.test");
    is_refused(builder, Code::InvalidOption, "jwks and jwks_uri were both given");
    assert!(issuer().jwks(document()).build().unwrap().remote_keys().is_none());
    assert!(issuer().build().unwrap().remote_keys().is_some());
    assert!(issuer().jwks_uri("https://a.test").build().unwrap().remote_keys().is_some());
    assert!(issuer().fetch_keys(false).build().unwrap().remote_keys().is_none());
    assert!(plain().build().unwrap().remote_keys().is_none());
}

#[test]
fn a_given_key_set_has_a_key_for_the_algorithms() {
    is_refused(issuer().jwks("{}"), Code::InvalidKey, "");
    is_refused(issuer().jwks(r#"{"keys":[]}"#), Code::InvalidKey, "");
    let bound = format!(r#"{{"keys":[{}]}}"#, jwk(FIRST_KEY, r#","alg":"RS512""#));
    is_refused(issuer().jwks(&bound), Code::InvalidKey, "");
    assert!(issuer().jwks(bound).algorithm("RS512").build().is_ok());
}

#[test]
fn a_fetch_takes_no_more_than_5_seconds() {
    let limited = |timeout: Duration| issuer().fetch_timeout(timeout);
    for timeout in [Duration::ZERO, Duration::from_nanos(5_000_000_001), Duration::MAX] {
        is_refused(limited(timeout), Code::InvalidOption, "the option fetch_timeout");
    }
    for timeout in [Duration::from_nanos(1), Duration::from_secs(5)] {
        assert!(limited(timeout).build().is_ok(), "{timeout:?}");
    }
}

#[test]
fn keys_come_over_https() {
    let uri = |url: &str| issuer().jwks_uri(url);
    is_refused(uri("http://a.test"), Code::InvalidOption, "the option jwks_uri is not an address");
    is_refused(uri("http://127.0.0.1/keys"), Code::InvalidOption, "the option jwks_uri is not an address");
    assert!(uri("http://127.0.0.1/keys").allow_insecure_loopback(true).build().is_ok());
}

#[test]
fn an_issuer_that_is_no_address_cannot_be_discovered() {
    let issuer = || builder("jwt-bearer").issuer("accounts.test").audience("acme");
    is_refused(issuer(), Code::InvalidOption, "cannot be found by discovery, for");
    assert!(issuer().fetch_keys(false).build().is_ok());
    assert!(issuer().jwks_uri("https://a.test").build().is_ok());
}

#[test]
fn several_issuers_need_one_document() {
    let both = || issuer().issuer("https://other.test");
    is_refused(both(), Code::InvalidOption, "the keys of several issuers");
    assert!(both().jwks_uri("https://a.test").build().is_ok());
}

#[test]
fn a_document_that_is_none_leaves_the_old_keys() {
    for verifier in [issuer().build().unwrap(), issuer().fetch_keys(false).build().unwrap()] {
        assert!(verifier.update_keys(&document()).is_ok());
        assert_eq!(verifier.update_keys("{").unwrap_err().code(), Code::InvalidKey);
    }
    for verifier in [plain().build().unwrap(), builder("fourvenues").secret(SECRET).build().unwrap()] {
        let error = verifier.update_keys(&document()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption);
        assert!(error.to_string().contains("has no key set"), "{error}");
    }
}

#[test]
fn keys_that_were_handed_in_take_the_place_of_fetched_ones() {
    let verifier = issuer().jwks_uri("https://a.test").build().unwrap();
    let now = Moment { unix_millis: NOW * 1000, monotonic_millis: 0 };
    let remote = verifier.remote_keys().unwrap();
    let request = remote.start(KeyNeed::Due, now).unwrap();
    let document = document();
    let answer = KeyAnswer { status: 200, cache_control: None, age: None, body: document.as_bytes() };
    assert_eq!(remote.answered(request.ticket, Ok(answer), now), None);
    assert!(verifier.export_keys().unwrap().contains(&document));
    verifier.update_keys(&document).unwrap();
    assert_eq!(verifier.export_keys(), None, "they were fetched by nobody");
}

#[test]
fn only_fetched_keys_are_handed_on() {
    let given = issuer().jwks(document()).build().unwrap();
    assert_eq!(given.export_keys(), None);
    let now = Moment { unix_millis: NOW * 1000, monotonic_millis: 0 };
    assert_eq!(given.import_keys("{}", now).unwrap_err().code(), Code::InvalidOption);
    let fetching = issuer().build().unwrap();
    assert_eq!(fetching.export_keys(), None, "nothing was fetched yet");
    assert_eq!(fetching.import_keys("{}", now).unwrap_err().code(), Code::InvalidKey);
}
