//! A conformance case: JSON that says how a verifier is configured and what request it gets.
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::{Code, Error, Event, Provider, Request, Verifier, VerifierBuilder};
use serde_json::Value;

/// Builds the case's verifier and lets it judge the case's request.
pub fn judge(case: &Value) -> Result<Event<'static>, Error> {
    let verifier = verifier(case)?;
    let headers: Vec<(Vec<u8>, Vec<u8>)> = list(&case["headers"])
        .map(|line| {
            (latin1(line[0].as_str().unwrap_or_default()), latin1(line[1].as_str().unwrap_or_default()))
        })
        .collect();
    let body = body(case);
    let mut request = Request::new(&body, &headers);
    request.method = case["method"].as_str();
    request.url = case["url"].as_str();
    let now = now(&case["now"]);
    let mut documents = list(&case["options"]["jwks_sequence"]).skip(1);
    loop {
        match verifier.verify_at(&request, now) {
            Err(error) if error.code() == Code::UnknownKey => match documents.next() {
                Some(document) => verifier.update_keys(&document.to_string())?,
                None => return Err(error),
            },
            outcome => return outcome.map(Event::into_owned),
        }
    }
}

/// Builds the case's verifier, with the first of its key set documents.
pub fn verifier(case: &Value) -> Result<Verifier, Error> {
    let options = &case["options"];
    let mut builder = Verifier::builder(provider(&case["provider"])?)?;
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

/// Finds the provider that a case names or describes.
pub fn provider(provider: &Value) -> Result<Provider, Error> {
    match provider.as_str() {
        Some(name) => Provider::named(name),
        None => Provider::from_json(&provider.to_string()),
    }
}

fn with_options(mut builder: VerifierBuilder, options: &Value) -> VerifierBuilder {
    builder = texts(&options["issuer"]).fold(builder, VerifierBuilder::issuer);
    builder = texts(&options["audience"]).fold(builder, VerifierBuilder::audience);
    builder = texts(&options["algorithms"]).fold(builder, VerifierBuilder::algorithm);
    builder = texts(&options["required_claims"]).fold(builder, VerifierBuilder::required_claim);
    for (name, value) in options["claims"].as_object().into_iter().flatten() {
        builder = builder.claim(name, value.to_string());
    }
    if let Some(seconds) = options["tolerance"].as_f64() {
        builder = match Duration::try_from_secs_f64(seconds) {
            Ok(tolerance) => builder.tolerance(tolerance),
            Err(_) => refused(builder),
        };
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
    if let Some(url) = options["url"].as_str() {
        builder = builder.url(url);
    }
    if options["max_body"].is_number() {
        builder = match options["max_body"].as_u64().and_then(|bytes| usize::try_from(bytes).ok()) {
            Some(bytes) => builder.max_body(bytes),
            None => refused(builder),
        };
    }
    builder.accept_reserialized(options["accept_reserialized"] == true)
}

/// Makes `build` fail with `invalid_option`: what a case asks for has no value in Rust's types, and is refused by name in
/// the other languages.
fn refused(builder: VerifierBuilder) -> VerifierBuilder {
    builder.endpoint("")
}

/// Reads the clock of a case: whole seconds of a number that may have a fraction, and this machine's where there is none.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the cast saturates")]
fn now(number: &Value) -> i64 {
    let since = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let fraction = || number.as_f64().map_or_else(|| since().as_secs_f64(), f64::floor) as i64;
    number.as_i64().unwrap_or_else(fraction)
}

/// Returns the bytes of a body, written in base64 or as a text that is repeated.
pub fn body(case: &Value) -> Vec<u8> {
    let repeat = &case["body_repeat"];
    if repeat.is_object() {
        let times = usize::try_from(repeat["times"].as_u64().unwrap_or_default()).unwrap_or_default();
        let part = |name: &str| repeat[name].as_str().unwrap_or_default().to_owned();
        return [part("prefix"), part("text").repeat(times), part("suffix")].concat().into_bytes();
    }
    STANDARD.decode(case["body_base64"].as_str().unwrap_or_default()).unwrap_or_default()
}

/// Lists the elements of an array, none of anything else.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Lists the texts of a list of texts, or the one text that stands in its place.
pub fn texts(value: &Value) -> impl Iterator<Item = String> {
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
