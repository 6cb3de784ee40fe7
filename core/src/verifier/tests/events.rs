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
