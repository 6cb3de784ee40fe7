#![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error::Code;
use crate::keys::{Algorithm, KeySet};
use crate::token::testing::{FIRST_KEY, NOW, SECOND_KEY, jwk, key_set, policy, sign_parts};
use crate::token::{PresentedToken, verify};

fn token(claims: &serde_json::Value) -> String {
    let header = br#"{"alg":"RS256","kid":"a"}"#;
    sign_parts(FIRST_KEY, Algorithm::Rs256, header, claims.to_string().as_bytes())
}

fn good() -> String {
    token(&json!({"iss": "https://issuer.test", "aud": "acme", "sub": "s", "exp": NOW + 600, "iat": NOW - 5}))
}

fn keys() -> KeySet {
    key_set(&[jwk(FIRST_KEY, r#","kid":"a""#)])
}

fn len(cache: &TokenCache) -> usize {
    let entries = cache.entries.read().unwrap();
    entries.young.len() + entries.old.len()
}

fn code(token: &str, keys: &KeySet, cache: &TokenCache, policy: &TokenPolicy, now: i64) -> Option<Code> {
    verify(PresentedToken::bare(token), keys, cache, policy, now).err().map(|error| error.code())
}

#[test]
fn a_token_that_was_accepted_is_found() {
    let (keys, cache) = (keys(), TokenCache::default());
    let first = verify(PresentedToken::bare(&good()), &keys, &cache, &policy(), NOW).unwrap();
    assert_eq!(len(&cache), 1);
    let found = cache.find(&good(), &keys.snapshot().unwrap(), &policy(), NOW).unwrap();
    assert!(Arc::ptr_eq(&found, &first));
}

#[test]
fn a_token_that_was_refused_is_not_remembered() {
    let (keys, cache) = (keys(), TokenCache::default());
    let refused = [
        good().replace('.', ".A"),
        token(&json!({"iss": "https://issuer.test", "aud": "evil", "exp": NOW + 600})),
        token(&json!({"iss": "https://issuer.test", "aud": "acme", "exp": NOW - 600})),
        sign_parts(SECOND_KEY, Algorithm::Rs256, br#"{"alg":"RS256","kid":"a"}"#, b"{}"),
        "nonsense".to_owned(),
    ];
    for token in refused {
        assert!(verify(PresentedToken::bare(&token), &keys, &cache, &policy(), NOW).is_err());
        assert_eq!(len(&cache), 0, "{token}");
    }
}

#[test]
fn a_token_ends_although_it_is_remembered() {
    let (keys, cache) = (keys(), TokenCache::default());
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), None);
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW + 659), None);
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW + 660), Some(Code::TokenExpired));
    assert_eq!(code(&good(), &keys, &cache, &policy(), i64::MAX), Some(Code::TokenExpired));
}

#[test]
fn a_token_that_begins_later_is_refused_on_a_clock_that_was_set_back() {
    let (keys, cache) = (keys(), TokenCache::default());
    let policy = TokenPolicy { past_claims: vec!["iat".into(), "auth_time".into()], ..policy() };
    let claims = |name: &str| {
        let mut claims = json!({"iss": "https://issuer.test", "aud": "acme", "exp": NOW + 600});
        claims[name] = json!(NOW);
        token(&claims)
    };
    for name in ["iat", "auth_time", "nbf"] {
        let token = claims(name);
        assert_eq!(code(&token, &keys, &cache, &policy, NOW), None);
        assert_eq!(code(&token, &keys, &cache, &policy, NOW - 60), None);
        assert_eq!(code(&token, &keys, &cache, &policy, NOW - 61), Some(Code::TokenNotYetValid), "{name}");
    }
}

#[test]
fn another_key_set_forgets_everything_also_one_with_the_same_keys() {
    let (keys, cache) = (keys(), TokenCache::default());
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), None);
    keys.replace(r#"{"keys":[]}"#).unwrap();
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), Some(Code::UnknownKey));
    assert_eq!(len(&cache), 0);
    keys.clear();
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), Some(Code::KeysUnavailable));
}

#[test]
fn a_success_under_old_keys_that_comes_late_is_not_found_under_new_ones() {
    let (keys, cache) = (keys(), TokenCache::default());
    let old = keys.snapshot().unwrap();
    let verified = verify(PresentedToken::bare(&good()), &keys, &cache, &policy(), NOW).unwrap();
    let times = TokenPolicy::times(&policy(), &crate::token::Claims::parse(&verified.claims).unwrap());
    keys.replace(r#"{"keys":[]}"#).unwrap();
    cache.remember(&good(), &old, &verified, times);
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), Some(Code::UnknownKey));
}

#[test]
fn a_changed_signature_is_another_token() {
    let (keys, cache) = (keys(), TokenCache::default());
    assert_eq!(code(&good(), &keys, &cache, &policy(), NOW), None);
    let (input, signature) = (good(), good());
    let (input, signature) = (input.rsplit_once('.').unwrap().0, signature.rsplit_once('.').unwrap().1);
    for forged in [format!("{input}.A{}", &signature[1..]), format!("{input}."), input.to_owned()] {
        assert!(forged == good() || code(&forged, &keys, &cache, &policy(), NOW).is_some());
    }
}

#[test]
fn remembers_at_most_1024_and_keeps_those_in_use() {
    let (cache, keys) = (TokenCache::default(), keys().snapshot().unwrap());
    let verified =
        Arc::new(VerifiedToken { key_id: None, key_index: 0, algorithm: "RS256", claims: "".into() });
    let claims = crate::token::Claims::parse("{}").unwrap();
    let times = policy().times(&claims);
    for number in 0..5000 {
        cache.remember(&number.to_string(), &keys, &verified, times);
        assert!(len(&cache) <= CAPACITY);
        assert!(cache.find("0", &keys, &policy(), NOW).is_some(), "{number}");
    }
    assert!(cache.find("1", &keys, &policy(), NOW).is_none());
    assert!(cache.find("4999", &keys, &policy(), NOW).is_some());
    cache.remember(&"x".repeat(4097), &keys, &verified, times);
    assert!(cache.find(&"x".repeat(4097), &keys, &policy(), NOW).is_none());
}

proptest! {
    /// For any times and any clocks, a remembered token gets what a new one gets.
    #[test]
    fn remembering_changes_no_verdict(
        exp in -200..200i64, nbf in -200..200i64, iat in -200..200i64,
        clocks in prop::collection::vec(-300..300i64, 1..20), leeway in -5..100i64,
    ) {
        let text = json!({
            "iss": "https://issuer.test", "aud": "acme", "exp": NOW + exp, "nbf": NOW + nbf, "iat": NOW + iat,
        }).to_string();
        let policy = TokenPolicy { past_claims: vec!["iat".into()], leeway_seconds: leeway, ..policy() };
        let claims = crate::token::Claims::parse(&text).unwrap();
        let times = policy.times(&claims);
        for clock in clocks {
            let checked = policy.check(&claims, NOW + clock).is_ok();
            prop_assert_eq!(policy.holds(&times, NOW + clock), checked);
        }
    }
}

#[test]
fn half_of_the_capacity_is_full_before_anything_is_forgotten() {
    let (keys, cache) = (keys(), TokenCache::default());
    verify(PresentedToken::bare(&good()), &keys, &cache, &policy(), NOW).unwrap();
    let mut entries = cache.entries.write().unwrap();
    let entry = entries.young.values().next().unwrap().clone();
    for number in 1..=u8::try_from(CAPACITY / 2 / 4).unwrap() {
        for other in 0..4 {
            let mut name = [number; 32];
            name[0] = other;
            entries.insert(name, entry.clone());
        }
    }
    assert_eq!((entries.young.len(), entries.old.len()), (1, CAPACITY / 2));
}
