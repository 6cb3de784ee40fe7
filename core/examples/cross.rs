//! Signs and verifies, one JSON object a line: the Rust side of the tests in `tests/cross`.
//!
//! What has headers is verified, what has none is signed; what names a schedule is planned.
use std::io::{BufRead as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::{
    Error, Event, Message, Proof, Provider, Request, RetryPolicy, Signer, SignerBuilder, Timestamp, Verifier,
    VerifierBuilder,
};
use serde_json::{Map, Value, json};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let task: Value = serde_json::from_str(&line?)?;
        let answer = match (task.get("schedule"), task.get("headers")) {
            (Some(plan), _) => schedule(plan),
            (None, None) => sign(&task),
            (None, Some(_)) => verify(&task),
        };
        let answer = answer
            .unwrap_or_else(|error| json!({"code": error.code().as_str(), "message": error.to_string()}));
        writeln!(output, "{answer}")?;
    }
    Ok(())
}

fn schedule(task: &Value) -> Result<Value, Error> {
    let policy = match task["plan"] {
        Value::Null => provider(&task["provider"])?.retry_policy()?,
        ref plan => RetryPolicy::from_json(&plan.to_string())?,
    };
    let seed = task["seed"].as_str().and_then(|seed| seed.parse().ok()).unwrap_or_default();
    let delays = policy.schedule_seeded(seed);
    let each: Vec<_> = (1..=policy.retries()).filter_map(|retry| policy.delay(retry, seed)).collect();
    let micros: Vec<_> = delays.iter().map(|delay| u64::try_from(delay.as_micros()).ok()).collect();
    Ok(json!({"delays_us": micros, "alike": each == delays}))
}

fn sign(task: &Value) -> Result<Value, Error> {
    let options = &task["options"];
    let mut builder = Signer::builder(provider(&task["provider"])?)?;
    builder = texts(&task["secret"]).fold(builder, SignerBuilder::secret);
    builder = texts(&options["issuer"]).fold(builder, SignerBuilder::issuer);
    builder = texts(&options["audience"]).fold(builder, SignerBuilder::audience);
    builder = texts(&options["key_id"]).fold(builder, SignerBuilder::key_id);
    for (name, value) in members(&options["claims"]) {
        builder = builder.claim(name, value.to_string());
    }

    let body = bytes(&task["body_base64"]);
    let mut message = Message::new(&body).at(task["now"].as_i64().unwrap_or_default());
    message.id = task["id"].as_str();
    message.event_type = task["type"].as_str();
    message.method = task["method"].as_str();
    message.url = task["url"].as_str();
    for (name, value) in members(&task["attributes"]) {
        message = message.with_attribute(name, value.as_str().unwrap_or_default());
    }
    let signed = builder.build()?.sign(&message)?;
    let headers: Map<_, _> = signed.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(json!({"headers": headers, "body_base64": STANDARD.encode(signed.body)}))
}

fn verify(task: &Value) -> Result<Value, Error> {
    let options = &task["options"];
    let mut builder = Verifier::builder(provider(&task["provider"])?)?;
    builder = texts(&task["secret"]).fold(builder, VerifierBuilder::secret);
    builder = texts(&options["issuer"]).fold(builder, VerifierBuilder::issuer);
    builder = texts(&options["audience"]).fold(builder, VerifierBuilder::audience);
    if options["jwks"].is_object() {
        builder = builder.jwks(options["jwks"].to_string());
    }
    let verifier = builder.build()?;

    let headers: Vec<_> = members(&task["headers"])
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let body = bytes(&task["body_base64"]);
    let mut request = Request::new(&body, &headers);
    request.method = task["method"].as_str();
    request.url = task["url"].as_str();
    let event = verifier.verify_at(&request, task["now"].as_i64().unwrap_or_default())?;
    Ok(json!({"event": described(&event)}))
}

fn described(event: &Event<'_>) -> Value {
    json!({
        "provider": event.provider(),
        "id": event.id(),
        "type": event.event_type(),
        "body_base64": STANDARD.encode(event.body()),
        "data": event.data().map(parsed),
        "sent_at_ms": event.sent_at().map(milliseconds),
        "occurred_at_ms": event.occurred_at().map(milliseconds),
        "attributes": event.attributes().map(|(name, value)| (name.to_owned(), value.into())).collect::<Map<_, _>>(),
        "idempotency_key": event.idempotency_key(),
        "is_ping": event.is_ping(),
        "proof": proven(event.proof()),
    })
}

fn proven(proof: &Proof) -> Value {
    json!({
        "covers": proof.covers().iter().collect::<Vec<_>>(),
        "key_index": proof.key_index(),
        "key_label": proof.key_label(),
        "algorithm": proof.algorithm(),
        "claims": proof.claims().map(parsed),
        "content": proof.content().as_str(),
    })
}

fn provider(value: &Value) -> Result<Provider, Error> {
    match value {
        Value::String(name) => Provider::named(name),
        file => Provider::from_json(&file.to_string()),
    }
}

/// Lists the texts of a list of texts, or the one text that stands in its place.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    value.as_str().into_iter().chain(listed)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn bytes(base64: &Value) -> Vec<u8> {
    STANDARD.decode(base64.as_str().unwrap_or_default()).unwrap_or_default()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Whole milliseconds since 1970, which is what a Date of Node holds.
fn milliseconds(moment: Timestamp) -> i64 {
    let part = i64::from(moment.subsec_nanoseconds()).checked_div(1_000_000).unwrap_or_default();
    moment.unix_seconds().saturating_mul(1000).saturating_add(part)
}
