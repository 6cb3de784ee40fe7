use serde_json::{Value, json};

use super::guess::Guess;
use super::{Finding, Mistake, Trial};
use crate::error::{Code, Error};
use crate::provider::Provider;

/// Lists what may be wrong with how the signature is made, written or carried.
///
/// Each guess is the provider's own file with one member changed.
pub(super) fn guesses(trial: &Trial<'_>) -> Vec<Guess> {
    let mut guesses = moved(trial);
    if let Some(scheme) = scheme(&trial.provider) {
        for (mistake, message, changed) in
            [labels(&scheme), encodings(&scheme), algorithms(&scheme), contents(&scheme)]
                .into_iter()
                .flatten()
        {
            if let Some(provider) = with_scheme(&trial.provider, changed) {
                guesses.push(Guess::new(mistake, message, move |trial| trial.provider = provider.clone()));
            }
        }
    }
    guesses.extend(providers(trial));
    guesses
}

type Change = (Mistake, String, Value);

fn labels(scheme: &Value) -> Vec<Change> {
    let mut list = Vec::new();
    let right = scheme.pointer("/versions/0/prefix").and_then(Value::as_str).unwrap_or_default();
    for label in
        ["", "v0,", "v1,", "v2,", "v0=", "v1=", "sha256=", "sha1=", "sha256:", "hmac-sha256=", "HMAC-SHA256 "]
    {
        if label != right {
            let mut changed = scheme.clone();
            each_version(&mut changed, "prefix", &json!(label));
            let message = format!(
                "the signature is right, but it is labelled {label:?} where {right:?} belongs: another version of the scheme"
            );
            list.push((Mistake::SignatureLabel, message, changed));
        }
    }
    // A scheme whose signatures are pairs has the version as their name.
    if let Some(right) = scheme.pointer("/from/pair").and_then(Value::as_str) {
        for label in ["v0", "v1", "v2", "s", "sig", "signature"].into_iter().filter(|label| *label != right) {
            let mut changed = scheme.clone();
            set(&mut changed, "/from/pair", label);
            let message =
                format!("the signature is right, but it is labelled {label:?} where {right:?} belongs");
            list.push((Mistake::SignatureLabel, message, changed));
        }
    }
    list
}

fn encodings(scheme: &Value) -> Vec<Change> {
    let right = scheme.pointer("/versions/0/encoding").and_then(Value::as_str).unwrap_or("hex");
    let others = ["hex", "base64", "base64url"].into_iter().filter(|encoding| *encoding != right);
    others
        .map(|encoding| {
            let mut changed = scheme.clone();
            each_version(&mut changed, "encoding", &json!(encoding));
            let message = format!("the signature is right, but written in {encoding} where {right} belongs");
            (Mistake::SignatureEncoding, message, changed)
        })
        .collect()
}

fn algorithms(scheme: &Value) -> Vec<Change> {
    let right = scheme.pointer("/versions/0/algorithm").and_then(Value::as_str).unwrap_or_default();
    if !right.starts_with("hmac-") {
        return Vec::new();
    }
    let all = ["hmac-sha256", "hmac-sha1", "hmac-sha512", "hmac-sha384", "hmac-md5"];
    all.into_iter()
        .filter(|algorithm| *algorithm != right)
        .map(|algorithm| {
            let mut changed = scheme.clone();
            each_version(&mut changed, "algorithm", &json!(algorithm));
            let message = format!("the signature is made with {algorithm} where {right} belongs");
            (Mistake::SignatureAlgorithm, message, changed)
        })
        .collect()
}

fn contents(scheme: &Value) -> Vec<Change> {
    let Some(right) = scheme.get("content").and_then(Value::as_str) else { return Vec::new() };
    let all = [
        "{body}",
        "{timestamp}.{body}",
        "{timestamp}{body}",
        "{timestamp}:{body}",
        "{body}{timestamp}",
        "{body}.{timestamp}",
        "{id}.{body}",
        "{id}.{timestamp}.{body}",
        "{id}{timestamp}{body}",
        "{timestamp}.{id}.{body}",
        "{id}.{timestamp}",
        "v0:{timestamp}:{body}",
    ];
    all.into_iter()
        .filter(|content| *content != right)
        .map(|content| {
            let mut changed = scheme.clone();
            set(&mut changed, "/content", content);
            let message = format!("signed is {content} where {right} belongs");
            (Mistake::SignedContent, message, changed)
        })
        .collect()
}

/// Guesses that a header of the request holds what belongs into the signature's.
fn moved(trial: &Trial<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for right in signature_headers(&trial.provider) {
        for (name, value) in &trial.headers {
            if name.eq_ignore_ascii_case(right.as_bytes()) || value.len() < 16 {
                continue;
            }
            let shown = String::from_utf8_lossy(name).into_owned();
            let message =
                format!("the signature stands in the header {shown}, and {right} is where it belongs");
            let (right, value) = (right.clone().into_bytes(), value.clone());
            guesses.push(Guess::new(Mistake::WrongHeader, message, move |trial: &mut Trial<'_>| {
                trial.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&right));
                trial.headers.push((right.clone(), value.clone()));
            }));
        }
    }
    guesses
}

/// Guesses that the request is from another provider whose headers it has.
fn providers(trial: &Trial<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for name in Provider::detect(&trial.headers).into_iter().take(8) {
        if let Ok(provider) = Provider::named(name)
            && name != trial.provider.name()
        {
            let (title, right) = (provider.title(), trial.provider.name());
            let message = format!("the request is one of {title}: verify it as {name}, not as {right}");
            guesses.push(Guess::new(Mistake::OtherProvider, message, move |trial| {
                trial.provider = provider.clone();
            }));
        }
    }
    guesses
}

/// Says what the headers look like where nothing makes them verify.
pub(super) fn likely(trial: &Trial<'_>, error: &Error) -> Vec<Finding> {
    if !matches!(error.code(), Code::MissingHeader | Code::MalformedHeader) {
        return Vec::new();
    }
    let detected = Provider::detect(&trial.headers);
    let Some(name) = detected.first().filter(|_| !detected.contains(&trial.provider.name())) else {
        return Vec::new();
    };
    let message = format!(
        "the headers look like those of {name}, but the request does not verify as one of its either with this secret"
    );
    vec![Finding { mistake: Mistake::OtherProvider, message, certain: false }]
}

/// Returns the scheme of a provider that signs, as its file has it.
pub(super) fn scheme(provider: &Provider) -> Option<Value> {
    let file: Value = serde_json::from_str(provider.to_json()).ok()?;
    file.pointer("/scheme/signature").cloned()
}

/// Returns the provider with another scheme; nothing where that makes no sense.
pub(super) fn with_scheme(provider: &Provider, scheme: Value) -> Option<Provider> {
    let mut file: Value = serde_json::from_str(provider.to_json()).ok()?;
    *file.pointer_mut("/scheme/signature")? = scheme;
    Provider::from_json(&file.to_string()).ok()
}

/// Lists the headers in which the proof may stand.
pub(super) fn signature_headers(provider: &Provider) -> Vec<String> {
    let Ok(file) = serde_json::from_str::<Value>(provider.to_json()) else { return Vec::new() };
    let from = file.pointer("/scheme/signature/from").or_else(|| file.pointer("/scheme/bearer"));
    let places = match from {
        Some(Value::Array(places)) => places.iter().collect(),
        Some(place) => vec![place],
        None => Vec::new(),
    };
    places.into_iter().filter_map(|place| place.get("header")?.as_str().map(str::to_owned)).collect()
}

/// Writes a text in the place of another one.
fn set(scheme: &mut Value, place: &str, text: &str) {
    if let Some(value) = scheme.pointer_mut(place) {
        *value = json!(text);
    }
}

pub(super) fn each_version(scheme: &mut Value, member: &str, value: &Value) {
    for version in scheme.get_mut("versions").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(version) = version.as_object_mut() {
            version.insert(member.to_owned(), value.clone());
        }
    }
}
