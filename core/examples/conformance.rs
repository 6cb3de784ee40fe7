//! Reads cases, one JSON object a line, and writes one answer a line: the Rust side of the conformance harness.
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::{Code, Error, Event, Kind, Provider, Request, Verifier, VerifierBuilder};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let mut answer =
            std::panic::catch_unwind(|| answer(&case)).unwrap_or_else(|_| json!({"verdict": "crash"}));
        answer["id"] = case["id"].clone();
        writeln!(output, "{answer}")?;
    }
    Ok(())
}

fn answer(case: &Value) -> Value {
    let outcome = verifier(case).and_then(|verifier| verify(&verifier, case));
    match outcome {
        Ok(event) => event,
        Err(error) => {
            let verdict = match error.kind() {
                Kind::Configuration | Kind::Verification => "reject",
                Kind::Payload => "payload",
                Kind::KeysUnavailable => "unavailable",
            };
            json!({"verdict": verdict, "code": error.code().as_str()})
        }
    }
}

fn verify(verifier: &Verifier, case: &Value) -> Result<Value, Error> {
    let headers: Vec<(Vec<u8>, Vec<u8>)> = list(&case["headers"])
        .map(|line| (latin1(line[0].as_str().unwrap_or_default()), latin1(line[1].as_str().unwrap_or_default())))
        .collect();
    let body = STANDARD.decode(case["body_base64"].as_str().unwrap_or_default()).unwrap_or_default();
    let mut request = Request::new(&body, &headers);
    request.method = case["method"].as_str();
    request.url = case["url"].as_str();
    let now = case["now"].as_i64().unwrap_or_default();
    let mut documents = list(&case["options"]["jwks_sequence"]).skip(1);
    loop {
        match verifier.verify_at(&request, now) {
            Err(error) if error.code() == Code::UnknownKey => match documents.next() {
                Some(document) => verifier.update_keys(&document.to_string())?,
                None => return Err(error),
            },
            Err(error) => return Err(error),
            Ok(event) => return Ok(described(&event)),
        }
    }
}

fn described(event: &Event<'_>) -> Value {
    json!({"verdict": "accept", "event": {
        "id": event.id(),
        "type": event.event_type(),
        "idempotency_key": event.idempotency_key(),
        "is_ping": event.is_ping(),
        "covers": event.proof().covers().iter().collect::<Vec<_>>(),
    }})
}

fn verifier(case: &Value) -> Result<Verifier, Error> {
    let mut builder = match &case["provider"] {
        Value::String(name) => Verifier::builder(name.as_str())?,
        file => Verifier::builder(Provider::from_json(&file.to_string())?)?,
    };
    let options = &case["options"];
    let mut labels = texts(&options["key_labels"]);
    for secret in texts(&case["secret"]) {
        builder = match labels.next() {
            Some(label) => builder.labelled_secret(label, secret),
            None => builder.secret(secret),
        };
    }
    let verifier = with_options(builder, options).build()?;
    if let Some(first) = list(&options["jwks_sequence"]).next() {
        verifier.update_keys(&first.to_string())?;
    }
    Ok(verifier)
}

fn with_options(mut builder: VerifierBuilder, options: &Value) -> VerifierBuilder {
    builder = texts(&options["issuer"]).fold(builder, VerifierBuilder::issuer);
    builder = texts(&options["audience"]).fold(builder, VerifierBuilder::audience);
    builder = texts(&options["algorithms"]).fold(builder, VerifierBuilder::algorithm);
    builder = texts(&options["required_claims"]).fold(builder, VerifierBuilder::required_claim);
    for (name, value) in options["claims"].as_object().into_iter().flatten() {
        builder = builder.claim(name, value.to_string());
    }
    if let Some(seconds) = options["tolerance"].as_u64() {
        builder = builder.tolerance(Duration::from_secs(seconds));
    }
    if options["jwks"].is_object() {
        builder = builder.jwks(options["jwks"].to_string());
    }
    if let Some(document) = options["jwks_raw"].as_str() {
        builder = builder.jwks(document);
    }
    if let Some(endpoint) = options["endpoint"].as_str() {
        builder = builder.endpoint(endpoint);
    }
    if let Some(bytes) = options["max_body"].as_u64() {
        builder = builder.max_body(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    builder.accept_reserialized(options["accept_reserialized"] == true)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Lists the texts of a list of texts, or the one text that stands in its place.
fn texts(value: &Value) -> impl Iterator<Item = String> {
    let texts = match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    };
    texts.into_iter()
}

/// Turns a text whose characters stand for bytes into those bytes.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}
