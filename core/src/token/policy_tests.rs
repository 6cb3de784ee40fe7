use serde_json::json;

use super::*;
use crate::token::testing::{NOW, policy};

/// Checks claims that are good but for the members given here; null takes a member away.
fn check(policy: &TokenPolicy, changes: &Value) -> Result<(), Error> {
    check_at(policy, changes, NOW)
}

fn check_at(policy: &TokenPolicy, changes: &Value, now: i64) -> Result<(), Error> {
    let mut claims = json!({"iss": "https://issuer.test", "aud": "acme", "sub": "s", "exp": NOW + 600});
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    check_text(policy, &claims.to_string(), now)
}

fn check_text(policy: &TokenPolicy, claims: &str, now: i64) -> Result<(), Error> {
    policy.check(&Claims::parse(claims)?, now)
}

fn code(result: Result<(), Error>) -> Option<Code> {
    result.err().map(|error| error.code())
}

#[test]
fn accepts_what_was_asked_for() {
    check(&policy(), &json!({})).unwrap();
    check(&policy(), &json!({"other": {"nested": [1, null]}, "iat": NOW + 9999})).unwrap();
}

#[test]
fn the_issuer_must_equal_one_that_is_configured() {
    let two = TokenPolicy { issuers: vec!["urn:x".into(), "https://issuer.test".into()], ..policy() };
    check(&two, &json!({})).unwrap();
    for issuer in
        ["https://issuer.test.evil.test", "https://issuer.tes", "https://issuer.test/", "HTTPS://issuer.test"]
    {
        assert_eq!(code(check(&policy(), &json!({"iss": issuer}))), Some(Code::WrongIssuer), "{issuer}");
    }
    assert_eq!(code(check(&policy(), &json!({"iss": null}))), Some(Code::WrongIssuer));
    assert_eq!(code(check(&policy(), &json!({"iss": ["https://issuer.test"]}))), Some(Code::MalformedToken));
    let none = TokenPolicy { issuers: vec![], ..policy() };
    assert_eq!(code(check(&none, &json!({}))), Some(Code::WrongIssuer));
}

#[test]
fn the_audience_must_equal_or_hold_one_that_is_configured() {
    let two = TokenPolicy { audiences: vec!["other".into(), "acme".into()], ..policy() };
    check(&two, &json!({})).unwrap();
    check(&policy(), &json!({"aud": ["other", "acme"]})).unwrap();
    for audience in
        [json!("acme2"), json!("acm"), json!(""), json!([]), json!(["other"]), json!(["acme acme"])]
    {
        assert_eq!(
            code(check(&policy(), &json!({"aud": audience}))),
            Some(Code::WrongAudience),
            "{audience}"
        );
    }
    assert_eq!(code(check(&policy(), &json!({"aud": null}))), Some(Code::WrongAudience));
    let none = TokenPolicy { audiences: vec![], ..policy() };
    assert_eq!(code(check(&none, &json!({}))), Some(Code::WrongAudience));
}

#[test]
fn a_single_audience_is_a_string() {
    let single = TokenPolicy { single_audience: true, ..policy() };
    check(&single, &json!({})).unwrap();
    for audience in [json!(["acme"]), json!(["acme", "acme"]), json!(["acme", "other"])] {
        assert_eq!(code(check(&single, &json!({"aud": audience}))), Some(Code::WrongAudience), "{audience}");
    }
}

#[test]
fn required_claims_must_be_there() {
    let required = ["exp", "user_id", "iss"].map(str::to_owned).to_vec();
    let required = TokenPolicy { required_claims: required, ..policy() };
    check(&required, &json!({"user_id": ""})).unwrap();
    let error = check(&required, &json!({})).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        (Code::WrongClaim, "the bearer token has no claim user_id")
    );
    let error = check(&required, &json!({"user_id": 1, "exp": null})).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        (Code::WrongClaim, "the bearer token has no claim exp")
    );
    assert_eq!(code(check(&required, &json!({"user_id": 1, "iss": null}))), Some(Code::WrongIssuer));
    let null = r#"{"iss":"https://issuer.test","aud":"acme","exp":1800000000,"user_id":null}"#;
    assert_eq!(code(check_text(&required, null, NOW)), Some(Code::WrongClaim));
}

#[test]
fn a_token_is_expired_from_exp_on() {
    let expiring = |exp: f64, leeway_seconds| {
        code(check(&TokenPolicy { leeway_seconds, ..policy() }, &json!({"exp": exp})))
    };
    let now = seconds(NOW);
    assert_eq!(expiring(now + 1.0, 0), None);
    assert_eq!(expiring(now + 0.5, 0), None);
    assert_eq!(expiring(now, 0), Some(Code::TokenExpired));
    assert_eq!(expiring(now - 59.0, 60), None);
    assert_eq!(expiring(now - 60.0, 60), Some(Code::TokenExpired));
    assert_eq!(expiring(0.0, 60), Some(Code::TokenExpired));
    assert_eq!(expiring(-1.0, 60), Some(Code::TokenExpired));
    assert_eq!(expiring(now, -100), Some(Code::TokenExpired));
    assert_eq!(expiring(now + 1.0, -100), None);
}

#[test]
fn a_token_is_valid_from_nbf_on() {
    let beginning = |nbf: f64, leeway_seconds| {
        code(check(&TokenPolicy { leeway_seconds, ..policy() }, &json!({"nbf": nbf})))
    };
    let now = seconds(NOW);
    assert_eq!(beginning(now, 0), None);
    assert_eq!(beginning(now + 0.5, 0), Some(Code::TokenNotYetValid));
    assert_eq!(beginning(now + 60.0, 60), None);
    assert_eq!(beginning(now + 61.0, 60), Some(Code::TokenNotYetValid));
}

#[test]
fn past_claims_must_not_lie_ahead() {
    let past = TokenPolicy { past_claims: vec!["iat".into(), "auth_time".into()], ..policy() };
    check(&past, &json!({})).unwrap();
    check(&past, &json!({"iat": NOW + 60, "auth_time": 0})).unwrap();
    for name in ["iat", "auth_time"] {
        assert_eq!(code(check(&past, &json!({name: NOW + 61}))), Some(Code::TokenNotYetValid));
    }
    assert_eq!(code(check(&past, &json!({"auth_time": "1"}))), Some(Code::MalformedToken));
    check(&policy(), &json!({"auth_time": "1"})).unwrap();
}

#[test]
fn no_time_overflows() {
    let past = TokenPolicy { past_claims: vec!["iat".into()], leeway_seconds: i64::MAX, ..policy() };
    for now in [i64::MIN, -1, 0, NOW, i64::MAX] {
        for time in [-1.7e308, -9.3e18, 0.0, 9.3e18, 1.7e308] {
            for name in ["exp", "nbf", "iat"] {
                let _ = check_at(&past, &json!({name: time}), now);
                let _ = check_at(&policy(), &json!({name: time}), now);
            }
        }
    }
    let huge = r#"{"iss":"https://issuer.test","aud":"acme","exp":99999999999999999999999999}"#;
    check_text(&policy(), huge, i64::MAX).unwrap();
    let tiny = r#"{"iss":"https://issuer.test","aud":"acme","exp":-99999999999999999999999999}"#;
    assert_eq!(code(check_text(&past, tiny, i64::MIN)), Some(Code::TokenExpired));
}

#[test]
fn a_subject_may_have_to_be_there_and_short() {
    let limited = TokenPolicy { subject_max_chars: Some(128), ..policy() };
    check(&limited, &json!({"sub": "é".repeat(128)})).unwrap();
    for subject in [json!(null), json!(""), json!("é".repeat(129))] {
        assert_eq!(code(check(&limited, &json!({"sub": subject}))), Some(Code::WrongClaim), "{subject}");
    }
    check(&policy(), &json!({"sub": null})).unwrap();
}

#[test]
fn pinned_claims_must_have_their_values() {
    let pinned_claims = vec![("user_id".into(), json!("u1")), ("roles".into(), json!(["a", 2]))];
    let pinned = TokenPolicy { pinned_claims, ..policy() };
    check(&pinned, &json!({"user_id": "u1", "roles": ["a", 2]})).unwrap();
    for changes in [
        json!({}),
        json!({"user_id": "u1"}),
        json!({"user_id": "u2", "roles": ["a", 2]}),
        json!({"user_id": ["u1"], "roles": ["a", 2]}),
        json!({"user_id": "u1", "roles": ["a", 2, 3]}),
    ] {
        assert_eq!(code(check(&pinned, &changes)), Some(Code::WrongClaim), "{changes}");
    }
}

#[test]
fn a_pinned_null_is_not_the_same_as_an_absent_claim() {
    let pinned = TokenPolicy { pinned_claims: vec![("p".into(), Value::Null)], ..policy() };
    assert_eq!(code(check(&pinned, &json!({}))), Some(Code::WrongClaim));
    let null = r#"{"iss":"https://issuer.test","aud":"acme","p":null}"#;
    check_text(&pinned, null, NOW).unwrap();
}

#[test]
fn the_first_failure_in_the_documented_order_is_reported() {
    let strict = TokenPolicy {
        required_claims: vec!["jti".into()],
        subject_max_chars: Some(1),
        pinned_claims: vec![("p".into(), json!(1))],
        ..policy()
    };
    let bad = json!({"iss": "x", "aud": "x", "exp": 0, "sub": "xx"});
    let steps = [
        (json!({"jti": "j"}), Code::WrongClaim),
        (json!({"iss": "https://issuer.test"}), Code::WrongIssuer),
        (json!({"aud": "acme"}), Code::WrongAudience),
        (json!({"exp": NOW + 1}), Code::TokenExpired),
        (json!({"sub": "s"}), Code::WrongClaim),
        (json!({"p": 1}), Code::WrongClaim),
    ];
    let mut changes = bad;
    for (repair, expected) in steps {
        assert_eq!(code(check(&strict, &changes)), Some(expected));
        for (name, value) in repair.as_object().unwrap() {
            changes[name] = value.clone();
        }
    }
    check(&strict, &changes).unwrap();
}

#[test]
fn messages_say_what_was_found_but_not_who_somebody_is() {
    let message = |policy: &TokenPolicy, changes| check(policy, &changes).unwrap_err().to_string();
    assert_eq!(
        message(&policy(), json!({"iss": "x\ny"})),
        r#"the bearer token's iss is "x\ny", expected "https://issuer.test""#
    );
    assert_eq!(
        message(&policy(), json!({"exp": NOW - 60})),
        "the bearer token expired at 1789999940, it is 1790000000 and the clocks may differ by 60 seconds"
    );
    let pinned = TokenPolicy { pinned_claims: vec![("email".into(), json!("ann@x.test"))], ..policy() };
    assert!(!message(&pinned, json!({"email": "bob@x.test"})).contains("@x.test"));
}
