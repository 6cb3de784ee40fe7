use std::time::{SystemTime, UNIX_EPOCH};

use super::*;

#[test]
fn a_body_may_have_as_many_bytes_as_the_limit() {
    let verifier = plain().max_body(BODY.len()).build().unwrap();
    assert_eq!(verdict(&verifier, &token("{}"), BODY), None);
    let larger = [BODY, b" "].concat();
    assert_eq!(verdict(&verifier, "not even a token", &larger), Some(Code::BodyTooLarge));
    let lines = [("T", "")];
    let answer = verifier.handshake(&Request::new(&larger, &lines), NOW);
    assert_eq!(answer.unwrap_err().code(), Code::BodyTooLarge);
}

#[test]
fn the_label_is_that_of_the_secret_that_signed() {
    let verifier = plain().labelled_secret("second", "another secret").build().unwrap();
    let event = verify(&verifier, &token("{}"), BODY).unwrap();
    assert_eq!((event.proof().key_index(), event.proof().key_label()), (0, None));
    let other = SharedSecret::new(b"another secret").sign("{}", Algorithm::Hs256).unwrap();
    let event = verify(&verifier, &other, BODY).unwrap();
    assert_eq!((event.proof().key_index(), event.proof().key_label()), (1, Some("second")));
    assert_eq!(event.proof().claims(), Some("{}"));
}

#[test]
fn the_configured_url_gets_the_query_of_the_request() {
    let rule = r#"[{"claim": "url", "equals": ["{url}"]}]"#;
    let is_for = |configured: Option<&str>, called: Option<&str>, url: &str| {
        let builder = bound_by(rule);
        let verifier = configured.map_or_else(|| bound_by(rule), |url| builder.url(url)).build().unwrap();
        let token = token(&format!(r#"{{"url":"{url}"}}"#));
        let lines = [("T", token.as_str())];
        let mut request = Request::new(BODY, &lines);
        request.url = called;
        verifier.verify_at(&request, NOW).is_ok()
    };
    let (called, public) = (Some("http://10.0.0.1/h?a=1"), Some("https://a.test/hook"));
    assert!(is_for(None, called, "http://10.0.0.1/h?a=1"));
    assert!(is_for(public, called, "https://a.test/hook?a=1"));
    assert!(!is_for(public, called, "http://10.0.0.1/h?a=1"));
    assert!(is_for(public, Some("http://10.0.0.1/h"), "https://a.test/hook"));
    assert!(is_for(public, None, "https://a.test/hook"));
    assert!(is_for(Some("https://a.test/hook?b=2"), called, "https://a.test/hook?b=2"));
    assert!(!is_for(None, None, ""), "the request has no URL");
}

#[cfg(feature = "tower")]
#[test]
fn a_url_is_lacking_where_it_is_signed_and_not_configured() {
    let signs = |content: &str| {
        let provider = signing(&format!(r#"{HMAC}, "content": "{content}""#), r#"{"body": "any"}"#).unwrap();
        Verifier::builder(provider).unwrap().secret(SECRET)
    };
    let lacks = |builder: VerifierBuilder| builder.build().unwrap().lacks_url();
    assert!(lacks(signs("{url}")));
    assert!(!lacks(signs("{url}").url("https://a.test")));
    assert!(lacks(signs("{url_without_query}{body}")), "the proof covers less than the URL");
    assert!(!lacks(signs("{path}{body}")), "every request has its path");
    assert!(lacks(bound_by(r#"[{"claim": "url", "equals": ["{url}"]}]"#)));
    assert!(!lacks(plain()));
}

#[test]
fn the_system_clock_is_asked_where_no_moment_is_given() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let verifier = plain().build().unwrap();
    let with = |claims: &str| {
        let token = token(claims);
        let lines = [("T", token.as_str())];
        verifier.verify(BODY, &lines).err().map(|error| error.code())
    };
    assert_eq!(with(&format!(r#"{{"nbf":{now},"exp":{}}}"#, now + 60)), None);
    assert_eq!(with(&format!(r#"{{"exp":{}}}"#, now - 60)), Some(Code::TokenExpired));
    assert_eq!(with(&format!(r#"{{"nbf":{}}}"#, now + 60)), Some(Code::TokenNotYetValid));
}

#[test]
fn a_host_learns_which_headers_are_read() {
    let verifier = plain().build().unwrap();
    assert_eq!(verifier.header_names().collect::<Vec<_>>(), ["T"]);
    assert_eq!(
        [&b"T"[..], b"t", b"", b"TT"].map(|name| verifier.header_name(name)),
        [Some("T"), Some("T"), None, None]
    );
    assert_eq!(verifier.provider().name(), "plain");
}

/// A host that hands over no other headers would have every body of a form taken for one that needs its hash.
#[test]
fn whoever_asks_whether_a_body_is_a_form_reads_its_type() {
    let read = |when: &str| {
        let requires = format!(
            r#"[{{"value": {{"query": "sha"}}, "equals": "{{body|sha256|hex}}", "when": "{when}"}}]"#
        );
        let members = format!(r#"{HMAC}, "content": "{{url}}", "requires": {requires}"#);
        let provider = signing(&members, r#"{"body": "any"}"#).unwrap();
        let verifier = Verifier::builder(provider).unwrap().secret(SECRET).build().unwrap();
        verifier.header_names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(read("not-form"), ["S", "Content-Type"]);
    for when in ["always", "present"] {
        assert_eq!(read(when), ["S"], "{when}");
    }
}

#[test]
fn only_some_providers_have_handshakes_that_are_not_signed() {
    let answers = |provider: &str| builder(provider).secret(SECRET).build().unwrap().answers_unsigned();
    assert!(answers("meta"));
    assert!(!answers("fourvenues"));
    let verifier = plain().build().unwrap();
    let lines = [("T", "")];
    assert_eq!(verifier.handshake(&Request::new(BODY, &lines), NOW).unwrap(), None);
}

#[test]
fn a_reserialized_body_counts_only_where_it_is_accepted() {
    let sent = br#"{"id":"1", "event":"a","n":1.0}"#;
    let signed = br#"{"id":"1","event":"a","n":1}"#;
    let tag = tag(signed);
    let lines = [("X-Webhook-Signature", tag.as_str())];
    let request = Request::new(sent, &lines);
    let verifier = |accept| builder("fourvenues").secret(SECRET).accept_reserialized(accept).build().unwrap();
    assert_eq!(verifier(false).verify_at(&request, NOW).unwrap_err().code(), Code::NoMatchingSignature);
    assert_eq!(verifier(true).verify_at(&request, NOW).unwrap().body(), signed);
}

#[test]
fn an_error_names_the_header_of_the_signature() {
    let verifier = builder("fourvenues").secret(SECRET).build().unwrap();
    let message = |lines: &[(&str, &str); 1]| {
        verifier.verify_at(&Request::new(BODY, lines), NOW).unwrap_err().to_string()
    };
    let wrong = "00".repeat(32);
    for value in ["", "00", wrong.as_str()] {
        let found = message(&[("X-Webhook-Signature", value)]);
        assert!(found.contains("X-Webhook-Signature"), "{found}");
    }
    let found = message(&[("Other", "")]);
    assert!(found.contains("X-Webhook-Signature is missing"), "{found}");
}
