use sha2::Digest as _;

use super::*;

fn body_rule(when: &str) -> Verifier {
    let rule = format!(r#"[{{"claim": "hash", "equals": ["{{body|sha256|hex}}"], "when": "{when}"}}]"#);
    bound_by(&rule).build().unwrap()
}

fn hash(body: &[u8]) -> String {
    hash_behind("", body)
}

fn hash_behind(prefix: &str, body: &[u8]) -> String {
    token(&format!(r#"{{"hash":"{prefix}{}"}}"#, hex::encode(Sha256::digest(body))))
}

#[test]
fn a_token_of_another_body_is_refused() {
    for when in ["always", "body", "present"] {
        let verifier = body_rule(when);
        assert_eq!(verdict(&verifier, &hash(BODY), BODY), None, "{when}");
        assert_eq!(verdict(&verifier, &hash(b"{}"), BODY), Some(Code::WrongClaim), "{when}");
        assert_eq!(verdict(&verifier, &token(r#"{"hash":1}"#), BODY), Some(Code::WrongClaim), "{when}");
        assert_eq!(verdict(&verifier, &token(r#"{"hash":""}"#), BODY), Some(Code::WrongClaim), "{when}");
    }
}

#[test]
fn a_claim_may_be_missing_where_its_rule_says_so() {
    for absent in ["{}", r#"{"hash":null}"#] {
        let with = |when, body| verdict(&body_rule(when), &token(absent), body);
        assert_eq!(with("always", BODY), Some(Code::WrongClaim));
        assert_eq!(with("always", b""), Some(Code::WrongClaim));
        assert_eq!(with("body", BODY), Some(Code::WrongClaim));
        assert_eq!(with("body", b""), None);
        assert_eq!(with("present", BODY), None);
        assert_eq!(with("present", b""), None);
    }
}

#[test]
fn a_claim_about_a_body_does_not_come_without_one() {
    assert_eq!(verdict(&body_rule("body"), &hash(b""), b""), Some(Code::WrongClaim));
    assert_eq!(verdict(&body_rule("always"), &hash(b""), b""), None, "there it is the hash of nothing");
    assert_eq!(verdict(&body_rule("present"), &hash(b""), b""), None);
}

#[test]
fn any_of_several_spellings_will_do() {
    let rule = r#"[{"claim": "hash", "equals": ["{body|sha256|hex}", "sha256={body|sha256|hex}"]}]"#;
    let verifier = bound_by(rule).build().unwrap();
    assert_eq!(verdict(&verifier, &hash(BODY), BODY), None);
    assert_eq!(verdict(&verifier, &hash_behind("sha256=", BODY), BODY), None);
    assert_eq!(verdict(&verifier, &hash_behind("sha1=", BODY), BODY), Some(Code::WrongClaim));
}

#[test]
fn the_proof_covers_what_every_accepted_token_is_bound_to() {
    let covers = |verifier: &Verifier, token: &str| {
        let event = verify(verifier, token, BODY).unwrap();
        event.proof().covers().iter().collect::<Vec<_>>()
    };
    assert_eq!(covers(&body_rule("always"), &hash(BODY)), ["body", "id"], "the id is the body's digest");
    assert_eq!(covers(&body_rule("body"), &hash(BODY)), ["body", "id"]);
    assert_eq!(covers(&body_rule("present"), &hash(BODY)), [""; 0], "another token may lack the claim");
    assert_eq!(covers(&plain().build().unwrap(), &token("{}")), [""; 0]);
    let either = r#"[{"claim": "hash", "equals": ["{body|sha256|hex}", "{url}"]}]"#;
    assert_eq!(covers(&bound_by(either).build().unwrap(), &hash(BODY)), [""; 0], "it may be the URL's");
}
