//! A receiver of each provider with many secrets, and a request that was once right.

use std::error::Error;
use std::fs;
use std::path::Path;

use hookproof::{Message, Provider, Signer, Verifier};
use serde_json::Value;

use crate::case;

/// More than a rotation needs: a receiver for many customers may hold as many.
pub(crate) const SECRETS: usize = 16;

pub(crate) type Lines = Vec<(String, String)>;

pub(crate) struct Receiver {
    pub(crate) provider: String,
    /// With one secret, and with many.
    pub(crate) usual: (Verifier, Verifier),
    /// The same two, which also take what was parsed and written again.
    pub(crate) rewriting: (Verifier, Verifier),
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Lines,
    pub(crate) body: Vec<u8>,
    pub(crate) now: i64,
    signer: Option<Signer>,
}

impl Receiver {
    /// Makes a receiver for each built-in provider, out of the first request in its vectors that is accepted.
    pub(crate) fn all() -> Result<Vec<Self>, Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/verify");
        Provider::names()
            .map(|name| {
                let text = fs::read_to_string(folder.join(format!("{name}.json")))?;
                let document: Value = serde_json::from_str(&text)?;
                let mut cases = document.get("cases").map(case::list).into_iter().flatten();
                let accepted =
                    |case: &&Value| case.pointer("/expect/verdict").is_some_and(|it| it == "accept");
                Self::of(name, cases.find(accepted).ok_or("no vector is accepted")?)
            })
            .collect()
    }

    fn of(name: &str, case: &Value) -> Result<Self, Box<dyn Error>> {
        let own = case.get("secret").map(case::texts).into_iter().flatten().next();
        let mut many = case.clone();
        if let Some(own) = &own {
            // The right one comes last: all others are tried in vain first.
            many["secret"] = Value::from([others(case, own), vec![own.clone()]].concat());
        }
        let rewriting = |case: &Value| {
            let mut case = case.clone();
            // A bearer token signs no body, and its receiver takes no such option.
            case["options"]["accept_reserialized"] = Value::from(own.is_some());
            case::verifier(&case)
        };
        let text =
            |name: &str, other: &str| case.get(name).and_then(Value::as_str).unwrap_or(other).to_owned();
        let line =
            |line: &Value| Some((line.get(0)?.as_str()?.to_owned(), line.get(1)?.as_str()?.to_owned()));
        Ok(Self {
            provider: name.to_owned(),
            usual: (case::verifier(case)?, case::verifier(&many)?),
            rewriting: (rewriting(case)?, rewriting(&many)?),
            signer: own.as_ref().and_then(|own| Signer::builder(name).ok()?.secret(own).build().ok()),
            method: text("method", "POST"),
            url: text("url", "https://hooks.example.com/in"),
            headers: case.get("headers").map(case::list).into_iter().flatten().filter_map(line).collect(),
            body: case::body(case),
            now: case.get("now").and_then(Value::as_i64).unwrap_or_default(),
        })
    }

    /// Signs a body as the provider does; nothing where only the provider itself can.
    pub(crate) fn sign(&self, body: &[u8], url: &str) -> Option<(Lines, Vec<u8>)> {
        let mut message = Message::new(body).at(self.now).with_method(&self.method).with_url(url);
        (message.id, message.event_type) = (Some("msg_1"), Some("t"));
        let signed = self.signer.as_ref()?.sign(&message).ok()?;
        Some((signed.headers, signed.body))
    }
}

/// Makes secrets of the same form: one character is another of its kind. Where there is no such secret, as of a public
/// key in a PEM text, the same one again costs as much.
fn others(case: &Value, own: &str) -> Vec<String> {
    let mut case = case.clone();
    let mut found: Vec<String> = Vec::new();
    let places = own.char_indices().skip(8).filter(|(_, character)| character.is_ascii_alphanumeric());
    let made =
        places.flat_map(|(place, character)| (1..10).map(move |step| (place, rotated(character, step))));
    if !own.contains("-----BEGIN") {
        for (place, character) in made.take(200) {
            let mut other = own.to_owned();
            other.replace_range(place..=place, &character.to_string());
            case["secret"] = Value::from(vec![other.clone()]);
            if case::verifier(&case).is_ok() && !found.contains(&other) {
                found.push(other);
            }
        }
    }
    let last = found.last().cloned().unwrap_or_else(|| own.to_owned());
    found.resize(SECRETS - 1, last);
    found
}

/// Returns another digit for a digit, another letter from a to f for one of those.
fn rotated(character: char, step: u8) -> char {
    let (first, count) = match character {
        '0'..='9' => (b'0', 10),
        'a'..='f' => (b'a', 6),
        'A'..='F' => (b'A', 6),
        'a'..='z' => (b'g', 20),
        _ => (b'G', 20),
    };
    let place = u8::try_from(character).unwrap_or(first).saturating_sub(first);
    char::from(first + (place + step) % count)
}
