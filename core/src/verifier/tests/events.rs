//! What an event is made of: where its parts stand, and what makes two of them the same.

use super::*;

fn provider(event: &str) -> Provider {
    signing(&format!(r#"{HMAC}, "content": "{{body}}""#), event).unwrap()
}

#[test]
fn a_description_says_what_makes_two_deliveries_the_same() {
    for (event, basis) in [
        ("{}", "id"),
        (r#"{"id": {"json": "/id"}}"#, "id"),
        (r#"{"digest": "{json:/id}"}"#, "digest"),
        (r#"{"id": {"json": "/id"}, "digest": "{json:/id}"}"#, "id"),
        (r#"{"idempotency": "digest"}"#, "digest"),
        (r#"{"idempotency": "none"}"#, "none"),
    ] {
        assert_eq!(provider(event).describe()["idempotency"], basis, "{event}");
    }
}

#[test]
fn a_body_that_may_be_anything_is_read_when_its_payload_is_asked_for() {
    for (event, body, is_unread, data) in [
        (r#"{"body": "any"}"#, r#"{"id":"1"}"#, true, Some(r#"{"id":"1"}"#)),
        (r#"{"body": "any"}"#, "a=b", true, None),
        (r#"{"body": "any", "data": "/id"}"#, r#"{"id":"1"}"#, false, Some(r#""1""#)),
        (r#"{"body": "any", "type": {"json": "/id"}}"#, r#"{"id":"1"}"#, false, Some(r#"{"id":"1"}"#)),
        (r#"{"body": "json"}"#, r#"{"id":"1"}"#, false, Some(r#"{"id":"1"}"#)),
    ] {
        let verifier = Verifier::builder(provider(event)).unwrap().secret(SECRET).build().unwrap();
        let headers = [("S", tag(body.as_bytes()))];
        let event_of = verifier.verify_at(&Request::new(body.as_bytes(), &headers), NOW).unwrap();
        assert_eq!(event_of.payload().is_unread(), is_unread, "{event}");
        assert_eq!(event_of.clone().into_owned().data(), data, "{event}");
        assert_eq!(event_of.data(), data, "{event}");
    }
}

#[test]
fn a_signed_handshake_has_its_body_for_a_payload() {
    let verifier = builder("slack").secret(SECRET).build().unwrap();
    let body = br#"{"type":"url_verification","challenge":"c"}"#;
    let signature = format!("v0={}", tag(&[format!("v0:{NOW}:").as_bytes(), body].concat()));
    let headers = [("X-Slack-Signature", signature), ("X-Slack-Request-Timestamp", NOW.to_string())];
    let event = verifier.verify_at(&Request::new(body, &headers), NOW).unwrap();
    assert!(event.handshake().is_some() && event.is_ping());
    assert_eq!(event.data().map(str::as_bytes), Some(&body[..]));
}
