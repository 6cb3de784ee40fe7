//! Requests to verify: one of each provider that is measured, as its sender writes it.
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]
#![expect(clippy::unwrap_used, reason = "a benchmark of no request measures nothing")]

use std::path::Path;

use hookproof::{Error, Message, Provider, Signer};
use serde_json::Value;

/// The moment at which everything here is sent and received, in unix seconds.
pub const NOW: i64 = 1_790_000_000;

/// The providers that were there first, which no change may make slower.
pub const FIRST: [&str; 10] = [
    "eventsair",
    "fast-events",
    "fourvenues",
    "github",
    "jwt-bearer",
    "pitchpoint",
    "shopify",
    "slack",
    "standard-webhooks",
    "stripe",
];

/// The sizes of the bodies, in bytes.
pub const SIZES: [usize; 3] = [200, 1024, 16 * 1024];

/// One authentic request, and what a verifier of it is configured with.
pub struct Delivery {
    pub provider: &'static str,
    pub secret: Option<&'static str>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub jwks: Option<String>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Delivery {
    /// Returns how often a request is verified in one round, which takes less than a millisecond.
    pub fn turns(&self) -> u32 {
        if self.jwks.is_some() || self.body.len() > 10_000 { 20 } else { 300 }
    }
}

/// Makes a delivery with a JSON body of so many bytes, and eight headers that no rule reads.
pub fn delivery(provider: &'static str, bytes: usize) -> Delivery {
    with_body(provider, body(bytes))
}

/// Makes one with a body of yours.
pub fn with_body(provider: &'static str, body: Vec<u8>) -> Delivery {
    let mut delivery = match provider {
        "jwt-bearer" | "pitchpoint" => with_token(provider, body),
        _ => signed(provider, body),
    };
    delivery.headers.extend((1..=8).map(|number| (format!("X-Other-{number}"), "some value".to_owned())));
    delivery
}

fn body(bytes: usize) -> Vec<u8> {
    let start = r#"{"id":"evt_5f7b","event":"a.b","type":"a.b","timestamp":"2026-09-21T12:53:20Z","data":{"eventId":"3f0e","x":1,"text":""#;
    let end = r#""}}"#;
    let filling = bytes.saturating_sub(start.len()).saturating_sub(end.len());
    [start, &"lorem ipsum ".repeat(bytes)[..filling], end].concat().into_bytes()
}

fn signed(provider: &'static str, body: Vec<u8>) -> Delivery {
    let secret = match provider {
        "standard-webhooks" | "eventsair" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        _ => "a secret of some length",
    };
    // What a provider does not send, its signer refuses to take.
    let all = [(Some("msg_1"), Some("a.b")), (None, Some("a.b")), (Some("msg_1"), None), (None, None)];
    let headers =
        all.into_iter().find_map(|(id, event_type)| sign(provider, secret, &body, id, event_type).ok());
    let headers = headers.unwrap();
    Delivery { provider, secret: Some(secret), issuer: None, audience: None, jwks: None, headers, body }
}

fn sign(
    provider: &str,
    secret: &str,
    body: &[u8],
    id: Option<&str>,
    event_type: Option<&str>,
) -> Result<Vec<(String, String)>, Error> {
    let mut message = Message::new(body).at(NOW);
    message.id = id;
    message.event_type = event_type;
    Ok(Signer::builder(Provider::named(provider)?)?.secret(secret).build()?.sign(&message)?.headers)
}

/// Takes the token out of the vectors, which have the public key as well. It says nothing of the body.
fn with_token(provider: &'static str, body: Vec<u8>) -> Delivery {
    let file = format!("tests/vectors/verify/{provider}.json");
    // Where another revision is measured beside this one, this file is part of neither.
    let root = option_env!("HOOKPROOF_ROOT").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let vectors = std::fs::read_to_string(Path::new(root).join(file)).unwrap();
    let vectors: Value = serde_json::from_str(&vectors).unwrap();
    let cases = vectors["cases"].as_array().into_iter().flatten();
    let case = cases.into_iter().find(|case| case["expect"]["verdict"] == "accept").unwrap();
    let (options, text) = (&case["options"], |value: &Value| value.as_str().map(str::to_owned));
    let line = |line: &Value| Some((text(&line[0])?, text(&line[1])?));
    Delivery {
        provider,
        secret: None,
        issuer: text(&options["issuer"]),
        audience: text(&options["audience"]),
        jwks: Some(options["jwks"].to_string()),
        headers: case["headers"].as_array().into_iter().flatten().filter_map(line).collect(),
        body,
    }
}
