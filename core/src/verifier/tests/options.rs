use std::time::Duration;

use super::*;

#[test]
fn a_signature_takes_no_option_of_tokens() {
    let builder = || builder("fourvenues").secret(SECRET);
    for (option, builder) in [
        ("issuer", builder().issuer("a")),
        ("audience", builder().audience("a")),
        ("algorithms", builder().algorithm("RS256")),
        ("required_claims", builder().required_claim("sub")),
        ("claims", builder().claim("sub", "1")),
        ("jwks", builder().jwks("{}")),
        ("jwks_uri", builder().jwks_uri("https://a.test")),
    ] {
        is_refused(builder, Code::InvalidOption, &format!("the option {option} is for bearer tokens"));
    }
    assert!(builder().build().is_ok());
}

#[test]
fn a_shared_secret_takes_no_option_of_key_sets() {
    is_refused(plain().jwks("{}"), Code::InvalidOption, "the option jwks is for key sets");
    is_refused(
        plain().jwks_uri("https://a.test"),
        Code::InvalidOption,
        "the option jwks_uri is for key sets",
    );
}

#[test]
fn whoever_signs_with_a_secret_needs_one() {
    for provider in ["fourvenues", "qstash"] {
        is_refused(builder(provider), Code::InvalidSecret, "no secret was given");
    }
    is_refused(plain().secret(""), Code::InvalidSecret, "");
}

#[test]
fn a_provider_with_a_key_set_takes_no_secret() {
    let builder = builder("jwt-bearer").issuer("https://a.test").audience("a").secret(SECRET);
    is_refused(builder, Code::InvalidOption, "signs with a private key");
}

#[test]
fn an_issuer_and_an_audience_are_named() {
    let builder = || builder("jwt-bearer").fetch_keys(false);
    for (option, builder) in [
        ("issuer", builder().audience("a")),
        ("issuer", builder().audience("a").issuer(" ")),
        ("issuer", builder().audience("a").issuer("https://a.test").issuer("")),
        ("audience", builder().issuer("https://a.test")),
        ("audience", builder().issuer("https://a.test").audience("\t")),
    ] {
        is_refused(builder, Code::InvalidOption, &format!("the option {option} is missing or blank"));
    }
    assert!(builder().issuer("https://a.test").audience("a").build().is_ok());
}

#[test]
fn a_party_that_need_not_be_named_may_be_but_not_as_a_blank() {
    for builder in [plain().issuer(" "), plain().audience("")] {
        is_refused(builder, Code::InvalidOption, "is missing or blank");
    }
    let verifier = plain().issuer("a").build().unwrap();
    assert_eq!(verdict(&verifier, &token(r#"{"iss":"a"}"#), BODY), None);
    assert_eq!(verdict(&verifier, &token(r#"{"iss":"b"}"#), BODY), Some(Code::WrongIssuer));
    assert_eq!(verdict(&verifier, &token("{}"), BODY), Some(Code::WrongIssuer));
    let verifier = plain().audience("a").build().unwrap();
    assert_eq!(verdict(&verifier, &token(r#"{"aud":"a"}"#), BODY), None);
    assert_eq!(verdict(&verifier, &token(r#"{"aud":"b"}"#), BODY), Some(Code::WrongAudience));
}

#[test]
fn an_algorithm_is_one_of_the_provider() {
    for name in ["HS384", "RS256", "none", ""] {
        is_refused(plain().algorithm(name), Code::InvalidOption, "which the provider does not use");
    }
    let builder = || builder("jwt-bearer").issuer("https://a.test").audience("a").fetch_keys(false);
    is_refused(builder().algorithm("HS256"), Code::InvalidOption, "is not supported for bearer tokens");
    assert!(builder().algorithm("RS512").build().is_ok());
}

#[test]
fn a_listed_algorithm_excludes_the_others() {
    let verifier = plain().algorithm("HS512").build().unwrap();
    assert_eq!(verdict(&verifier, &token("{}"), BODY), Some(Code::UnsupportedAlgorithm));
    let token = SharedSecret::new(SECRET.as_bytes()).sign("{}", Algorithm::Hs512).unwrap();
    assert_eq!(verdict(&verifier, &token, BODY), None);
}

#[test]
fn a_claim_is_pinned_to_json() {
    is_refused(
        plain().claim("sub", "robot"),
        Code::InvalidOption,
        r#"the claim "sub" is pinned to is not JSON"#,
    );
    let verifier = plain().claim("sub", "\"robot\"").build().unwrap();
    assert_eq!(verdict(&verifier, &token(r#"{"sub":"robot"}"#), BODY), None);
    assert_eq!(verdict(&verifier, &token(r#"{"sub":"human"}"#), BODY), Some(Code::WrongClaim));
}

#[test]
fn a_required_claim_is_asked_for() {
    let verifier = plain().required_claim("jti").build().unwrap();
    assert_eq!(verdict(&verifier, &token(r#"{"jti":"1"}"#), BODY), None);
    assert_eq!(verdict(&verifier, &token("{}"), BODY), Some(Code::WrongClaim));
}

#[test]
fn the_tolerance_is_how_much_the_clocks_may_differ() {
    let expired = |ago: i64| token(&format!(r#"{{"exp":{}}}"#, NOW - ago));
    let verifier = plain().build().unwrap();
    assert_eq!(verdict(&verifier, &expired(4), BODY), None, "the provider's five seconds");
    assert_eq!(verdict(&verifier, &expired(5), BODY), Some(Code::TokenExpired));
    let verifier = plain().tolerance(Duration::from_secs(60)).build().unwrap();
    assert_eq!(verdict(&verifier, &expired(59), BODY), None);
    assert_eq!(verdict(&verifier, &expired(60), BODY), Some(Code::TokenExpired));
}

#[test]
fn an_endpoint_is_1_to_64_visible_characters() {
    for name in ["", " ", "a b", "ü", &"x".repeat(65)] {
        is_refused(plain().endpoint(name), Code::InvalidOption, "the option endpoint");
    }
    let key = |builder: VerifierBuilder| builder.build().unwrap().idempotency_key(Some("1"), None, BODY);
    assert_eq!(key(plain().endpoint("default")), key(plain()));
    assert_ne!(key(plain().endpoint("x".repeat(64))), key(plain()));
    assert_ne!(key(plain().endpoint("!")), key(plain().endpoint("~")));
}

#[test]
fn a_debug_output_names_the_provider_and_nothing_else() {
    assert_eq!(format!("{:?}", plain().build().unwrap()), r#"Verifier { provider: "plain", .. }"#);
}
