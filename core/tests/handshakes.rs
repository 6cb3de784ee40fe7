//! Handshakes: what is answered, what is verified before, and what is never an event.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hookproof::{Code, Handshake, Message, Provider, Request, Signer, Verifier};

const NOW: i64 = 1_790_000_000;

fn verifier(provider: &str) -> Verifier {
    Verifier::builder(provider).unwrap().secret("s3cr3t").build().unwrap()
}

fn signed(provider: &str, body: &[u8]) -> Vec<(String, String)> {
    let signer = Signer::builder(provider).unwrap().secret("s3cr3t").build().unwrap();
    signer.sign(&Message::new(body).at(NOW)).unwrap().headers
}

fn get(verifier: &Verifier, url: &str) -> Option<Handshake> {
    let none: [(&str, &str); 0] = [];
    let request = Request::new(b"", &none).with_method("GET").with_url(url);
    verifier.handshake(&request, NOW).unwrap()
}

#[test]
fn a_signed_challenge_is_verified_and_then_answered() {
    let body = br#"{"type":"url_verification","challenge":"3eZbrw1a"}"#;
    let (verifier, headers) = (verifier("slack"), signed("slack", body));
    let request = Request::new(body, &headers).with_method("POST");
    let handshake = verifier.handshake(&request, NOW).unwrap().unwrap();
    assert_eq!((handshake.reply.status, handshake.reply.body.as_str()), (200, "3eZbrw1a"));
    let event = verifier.verify_at(&request, NOW).unwrap();
    assert!(event.is_ping(), "a handshake is no event for a handler");
    assert_eq!(event.handshake(), Some(&handshake));
}

#[test]
fn a_forged_challenge_is_not_answered() {
    let headers = signed("slack", br#"{"type":"url_verification","challenge":"a"}"#);
    let body = br#"{"type":"url_verification","challenge":"b"}"#;
    let error = verifier("slack").handshake(&Request::new(body, &headers), NOW).unwrap_err();
    assert_eq!(error.code(), Code::NoMatchingSignature);
}

#[test]
fn an_event_is_no_handshake() {
    let body = br#"{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}"#;
    let headers = signed("slack", body);
    assert_eq!(verifier("slack").handshake(&Request::new(body, &headers), NOW).unwrap(), None);
}

/// The response token is what Python's `hmac` makes of the same challenge and secret.
#[test]
fn a_challenge_in_the_query_is_answered_with_the_secret() {
    let handshake = get(&verifier("x"), "https://example.com/hooks?crc_token=challenge").unwrap();
    assert_eq!(
        handshake.reply.body,
        r#"{"response_token":"sha256=beOE2w1/WHLPnjjXWrVfEAiuLS6pLEqweoXZ1q3NJak="}"#
    );
    assert_eq!(get(&verifier("x"), "https://example.com/hooks"), None);
}

/// Otherwise anybody could have an event signed: the challenge and the events are signed with one secret.
#[test]
fn a_challenge_that_could_be_an_event_is_not_answered() {
    let url = "https://example.com/hooks?crc_token=%7B%22tweet_create_events%22%3A%5B%5D%7D";
    assert_eq!(get(&verifier("x"), url), None);
    let event = Verifier::builder("x").unwrap().secret("s3cr3t").build().unwrap();
    let headers = [("x-twitter-webhooks-signature", "sha256=beOE2w1/WHLPnjjXWrVfEAiuLS6pLEqweoXZ1q3NJak=")];
    let error = event.verify_at(&Request::new(b"challenge", &headers), NOW).unwrap_err();
    assert_eq!(error.code(), Code::MalformedBody, "an answered challenge is no event");
}

#[test]
fn a_subscription_needs_the_receivers_own_token() {
    let url = "https://example.com/?hub.mode=subscribe&hub.challenge=42&hub.verify_token=";
    let meta = Verifier::builder("meta").unwrap().secret("s3cr3t").verify_token("mine").build().unwrap();
    assert_eq!(get(&meta, &format!("{url}mine")).unwrap().reply.body, "42");
    assert_eq!(get(&meta, &format!("{url}other")), None);
    assert_eq!(get(&verifier("meta"), url), None, "without a token nobody may subscribe");
}

/// The HMAC is what Python's `hmac` makes of the challenge under the SHA-1 of the private key.
#[test]
fn a_challenge_is_answered_under_the_label_of_the_secret() {
    let braintree = Verifier::builder("braintree").unwrap();
    let braintree = braintree.labelled_secret("integration_public_key", "s3cr3t").build().unwrap();
    let url = "https://example.com/hooks?bt_challenge=";
    let answer = get(&braintree, &format!("{url}20f9f8ed05f77439fe955c977e4c8a53")).unwrap().reply.body;
    assert_eq!(answer, "integration_public_key|222bb2d82053ed0b9f14de1c24e7757d2edc1e9f");
    for challenge in
        ["20f9f8ed05", "PG5vdGlmaWNhdGlvbj48L25vdGlmaWNhdGlvbj4=", "20f9f8ed05f77439fe955c977e4c8a5g"]
    {
        assert_eq!(get(&braintree, &format!("{url}{challenge}")), None, "{challenge} could be an event");
    }
}

#[test]
fn an_answer_that_names_the_secret_needs_its_name() {
    let none: [(&str, &str); 0] = [];
    let url = "https://example.com/hooks?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53";
    let request = Request::new(b"", &none).with_method("GET").with_url(url);
    let error = verifier("braintree").handshake(&request, NOW).unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
}

#[test]
fn a_secret_that_is_handed_over_is_kept_and_echoed() {
    let headers = [("X-Hook-Secret", "b537207f20cbfa02357cf448134da559")];
    let request = Request::new(b"{}", &headers).with_method("POST");
    let handshake = Provider::named("asana").unwrap().handshake(&request).unwrap().unwrap();
    assert_eq!(handshake.keep.as_deref(), Some("b537207f20cbfa02357cf448134da559"));
    assert_eq!(handshake.reply.headers[0].1, "b537207f20cbfa02357cf448134da559");
}

#[test]
fn what_comes_in_cannot_add_headers_or_members_to_the_answer() {
    let verifier = verifier("zoom");
    let body = br#"{"event":"endpoint.url_validation","payload":{"plainToken":"a\",\"b\":\"c"}}"#;
    let headers = signed("zoom", body);
    let handshake = verifier.handshake(&Request::new(body, &headers), NOW).unwrap().unwrap();
    let answer: serde_json::Value = serde_json::from_str(&handshake.reply.body).unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 2);
    assert_eq!(answer["plainToken"], "a\",\"b\":\"c");
}

#[test]
fn a_method_that_only_checks_the_connection_is_answered() {
    let none: [(&str, &str); 0] = [];
    let request = Request::new(b"", &none).with_method("HEAD").with_url("https://example.com/hooks");
    assert_eq!(verifier("trello").handshake(&request, NOW).unwrap().unwrap().reply.status, 200);
}
