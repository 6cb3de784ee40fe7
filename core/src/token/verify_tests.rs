use serde_json::json;

use super::*;
use crate::encoding::Encoding::Base64url;
use crate::keys::Algorithm;
use crate::token::testing::{FIRST_KEY, NOW, SECOND_KEY, jwk, key_set, policy, sign_parts};

/// Verifies with a cache of its own, twice: what is remembered must not change what comes out.
fn verify(token: &str, keys: &KeySet, policy: &TokenPolicy, now: i64) -> Result<Arc<VerifiedToken>, Error> {
    let cache = TokenCache::default();
    let token = PresentedToken::bare(token);
    let first = super::verify(token, keys, &cache, policy, now);
    let second = super::verify(token, keys, &cache, policy, now);
    match (&first, &second) {
        (Ok(first), Ok(second)) => assert_eq!(first.claims, second.claims),
        (first, second) => assert_eq!(first.as_ref().err(), second.as_ref().err()),
    }
    second
}

fn claims() -> String {
    json!({"iss": "https://issuer.test", "aud": "acme", "sub": "s", "exp": NOW + 600}).to_string()
}

fn signed(header: &str) -> String {
    sign_parts(FIRST_KEY, Algorithm::Rs256, header.as_bytes(), claims().as_bytes())
}

fn code(token: &str, keys: &KeySet) -> Code {
    verify(token, keys, &policy(), NOW).unwrap_err().code()
}

#[test]
fn accepts_a_good_token_and_tells_what_was_proven() {
    let keys = key_set(&[
        jwk(SECOND_KEY, r#","kid":"b""#),
        jwk(FIRST_KEY, r#","kid":"a","alg":"RS256","use":"sig""#),
    ]);
    let verified =
        verify(&signed(r#"{"alg":"RS256","kid":"a","typ":"JWT"}"#), &keys, &policy(), NOW).unwrap();
    assert_eq!(verified.key_id.as_deref(), Some("a"));
    assert_eq!((verified.key_index, verified.algorithm), (1, "RS256"));
    assert_eq!(*verified.claims, claims());
}

#[test]
fn accepts_the_longer_hashes_when_they_are_configured() {
    let keys = key_set(&[jwk(FIRST_KEY, "")]);
    let configured = TokenPolicy { algorithms: vec![Algorithm::Rs384, Algorithm::Rs512], ..policy() };
    for algorithm in [Algorithm::Rs384, Algorithm::Rs512] {
        let header = format!(r#"{{"alg":"{}"}}"#, algorithm.name());
        let token = sign_parts(FIRST_KEY, algorithm, header.as_bytes(), claims().as_bytes());
        assert_eq!(verify(&token, &keys, &configured, NOW).unwrap().algorithm, algorithm.name());
        assert_eq!(code(&token, &keys), Code::UnsupportedAlgorithm);
    }
}

#[test]
fn the_claims_are_given_as_they_were_signed() {
    let text =
        format!(" {{\n\"iss\":\"https://issuer.test\", \"aud\":\"acme\",\"n\":1.0,\"exp\":{}}}\t", NOW + 1);
    let token = sign_parts(FIRST_KEY, Algorithm::Rs256, br#"{"alg":"RS256"}"#, text.as_bytes());
    assert_eq!(
        verify(&token, &key_set(&[jwk(FIRST_KEY, "")]), &policy(), NOW).unwrap().claims.as_ref(),
        text
    );
}

#[test]
fn a_change_of_any_segment_breaks_the_signature() {
    let keys = key_set(&[jwk(FIRST_KEY, r#","kid":"a""#)]);
    let token = signed(r#"{"alg":"RS256","kid":"a"}"#);
    let [header, body, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let forged = Base64url.encode(claims().replace("acme", "evil").as_bytes());
    assert_eq!(code(&format!("{header}.{forged}.{signature}"), &keys), Code::NoMatchingSignature);
    let spaced = Base64url.encode(br#"{"alg":"RS256","kid":"a" }"#);
    assert_eq!(code(&format!("{spaced}.{body}.{signature}"), &keys), Code::NoMatchingSignature);
    let mut bytes = Base64url.decode(signature).unwrap();
    bytes[100] ^= 1;
    assert_eq!(
        code(&format!("{header}.{body}.{}", Base64url.encode(&bytes)), &keys),
        Code::NoMatchingSignature
    );
    for length in [1, 255, 257] {
        bytes.resize(length, 0);
        assert_eq!(
            code(&format!("{header}.{body}.{}", Base64url.encode(&bytes)), &keys),
            Code::NoMatchingSignature
        );
    }
}

#[test]
fn a_key_under_2048_bits_verifies_nothing() {
    let weak = format!(r#"{{"kty":"RSA","kid":"a","e":"AQAB","n":"{}"}}"#, Base64url.encode(&[0xff; 128]));
    let error =
        verify(&signed(r#"{"alg":"RS256","kid":"a"}"#), &key_set(&[weak]), &policy(), NOW).unwrap_err();
    assert_eq!(error.code(), Code::UnknownKey);
    assert!(error.to_string().contains("1024 bits"), "{error}");
}

#[test]
fn the_key_id_selects_the_key() {
    let keys = key_set(&[jwk(FIRST_KEY, r#","kid":"a""#), jwk(SECOND_KEY, r#","kid":"b""#)]);
    assert!(verify(&signed(r#"{"alg":"RS256","kid":"a"}"#), &keys, &policy(), NOW).is_ok());
    assert_eq!(code(&signed(r#"{"alg":"RS256","kid":"b"}"#), &keys), Code::NoMatchingSignature);
    for key_id in ["c", "A", "a\\u0000", "../../dev/null", "' OR 1=1 --", "__proto__", "constructor"] {
        assert_eq!(code(&signed(&format!(r#"{{"alg":"RS256","kid":"{key_id}"}}"#)), &keys), Code::UnknownKey);
    }
}

#[test]
fn every_key_that_shares_an_id_is_tried() {
    let keys = key_set(&[jwk(SECOND_KEY, r#","kid":"a""#), jwk(FIRST_KEY, r#","kid":"a""#)]);
    assert_eq!(verify(&signed(r#"{"alg":"RS256","kid":"a"}"#), &keys, &policy(), NOW).unwrap().key_index, 1);
}

#[test]
fn a_token_without_key_id_is_tried_against_all_keys_unless_an_id_is_required() {
    let keys = key_set(&[jwk(SECOND_KEY, r#","kid":"b""#), jwk(FIRST_KEY, r#","kid":"a""#)]);
    let token = signed(r#"{"alg":"RS256"}"#);
    let verified = verify(&token, &keys, &policy(), NOW).unwrap();
    assert_eq!((verified.key_id.as_deref(), verified.key_index), (None, 1));
    let strict = TokenPolicy { key_id_required: true, ..policy() };
    assert_eq!(verify(&token, &keys, &strict, NOW).unwrap_err().code(), Code::MalformedToken);
}

#[test]
fn a_key_bound_to_another_algorithm_is_not_used() {
    for alg in ["RS384", "PS256", "RSA-OAEP"] {
        let keys = key_set(&[jwk(FIRST_KEY, &format!(r#","kid":"a","alg":"{alg}""#))]);
        assert_eq!(code(&signed(r#"{"alg":"RS256","kid":"a"}"#), &keys), Code::UnknownKey, "{alg}");
    }
}

#[test]
fn keys_that_the_token_brings_along_give_nothing() {
    let keys = key_set(&[jwk(FIRST_KEY, r#","kid":"a""#)]);
    let brought = [
        format!(r#""jwk":{}"#, jwk(SECOND_KEY, "")),
        r#""jku":"https://attacker.test/jwks.json""#.to_owned(),
        r#""x5u":"https://attacker.test/cert.pem","x5c":["MIIB"]"#.to_owned(),
    ];
    for member in brought {
        let header = format!(r#"{{"alg":"RS256","kid":"a",{member}}}"#);
        let forged = sign_parts(SECOND_KEY, Algorithm::Rs256, header.as_bytes(), claims().as_bytes());
        assert_eq!(code(&forged, &keys), Code::NoMatchingSignature);
        assert!(verify(&signed(&header), &keys, &policy(), NOW).is_ok());
    }
}

#[test]
fn refuses_what_the_header_asks_for_although_the_signature_is_right() {
    let keys = key_set(&[jwk(FIRST_KEY, r#","kid":"a""#)]);
    for member in [r#""crit":["x"],"x":1"#, r#""b64":true"#, r#""zip":"DEF""#, r#""enc":"A128GCM""#] {
        let token = signed(&format!(r#"{{"alg":"RS256","kid":"a",{member}}}"#));
        assert_eq!(code(&token, &keys), Code::UnsupportedAlgorithm, "{member}");
    }
    let unsigned = signed(r#"{"alg":"none","kid":"a"}"#);
    assert_eq!(code(&unsigned, &keys), Code::UnsupportedAlgorithm);
    let (without_signature, _) = unsigned.rsplit_once('.').unwrap();
    assert_eq!(code(&format!("{without_signature}."), &keys), Code::UnsupportedAlgorithm);
    assert_eq!(code(&signed(r#"{"alg":"RS256","kid":"a","alg":"none"}"#), &keys), Code::MalformedToken);
}

#[test]
fn claims_are_read_only_after_the_signature_was_right() {
    let keys = key_set(&[jwk(FIRST_KEY, "")]);
    for text in [&b"[]"[..], b"not json", b"\xff", br#"{"exp":1,"exp":2}"#, br#"{"exp":"1"}"#] {
        let header = br#"{"alg":"RS256"}"#;
        let own = sign_parts(FIRST_KEY, Algorithm::Rs256, header, text);
        assert_eq!(code(&own, &keys), Code::MalformedToken);
        let forged = sign_parts(SECOND_KEY, Algorithm::Rs256, header, text);
        assert_eq!(code(&forged, &keys), Code::NoMatchingSignature);
    }
}

#[test]
fn without_a_loaded_set_keys_are_unavailable_and_with_an_empty_one_unknown() {
    let token = signed(r#"{"alg":"RS256","kid":"a"}"#);
    let keys = KeySet::new();
    assert_eq!(code(&token, &keys), Code::KeysUnavailable);
    assert_eq!(code("not a token", &keys), Code::MalformedToken);
    keys.replace(r#"{"keys":[]}"#).unwrap();
    assert_eq!(code(&token, &keys), Code::UnknownKey);
    assert_eq!(code(&signed(r#"{"alg":"RS256"}"#), &keys), Code::UnknownKey);
    keys.replace(&format!(r#"{{"keys":[{}]}}"#, jwk(FIRST_KEY, r#","kid":"a""#))).unwrap();
    assert!(verify(&token, &keys, &policy(), NOW).is_ok());
}

#[test]
fn the_guides_sample_token_is_malformed() {
    let keys = key_set(&[jwk(FIRST_KEY, "")]);
    assert_eq!(code("eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.dGVzdA==", &keys), Code::MalformedToken);
}

#[test]
fn the_policy_is_applied() {
    let keys = key_set(&[jwk(FIRST_KEY, "")]);
    let token = signed(r#"{"alg":"RS256"}"#);
    assert_eq!(verify(&token, &keys, &policy(), NOW + 660).unwrap_err().code(), Code::TokenExpired);
    let other = TokenPolicy { audiences: vec!["other".into()], ..policy() };
    assert_eq!(verify(&token, &keys, &other, NOW).unwrap_err().code(), Code::WrongAudience);
}

#[test]
fn no_cut_or_altered_token_is_accepted_or_panics() {
    let keys = key_set(&[jwk(FIRST_KEY, r#","kid":"a""#)]);
    let token = signed(r#"{"alg":"RS256","kid":"a"}"#);
    for end in 0..token.len() {
        assert!(verify(&token[..end], &keys, &policy(), NOW).is_err());
        for replacement in [".", "=", "A", "é", "\0"] {
            let altered = format!("{}{replacement}{}", &token[..end], &token[end + 1..]);
            assert!(
                altered == token || verify(&altered, &keys, &policy(), NOW).is_err(),
                "{end} {replacement}"
            );
        }
    }
}
