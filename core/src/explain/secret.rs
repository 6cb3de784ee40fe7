use serde_json::{Value, json};

use super::guess::Guess;
use super::label::{each_version, scheme, with_scheme};
use super::{Finding, Mistake, Trial};
use crate::encoding::Encoding;
use crate::error::{Code, Error};

const FAMILIES: [&str; 4] = ["whsec_", "whpk_", "whsk_", "v1,"];

/// Lists what may be wrong with the secret, without ever saying what it is.
pub(super) fn guesses(trial: &Trial<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    let mut add = |mistake, message: &str, change: &dyn Fn(&[u8]) -> Option<Vec<u8>>| {
        let changed: Vec<_> =
            trial.secrets.iter().map(|secret| change(secret).unwrap_or_else(|| secret.clone())).collect();
        if changed != trial.secrets && changed.iter().all(|secret| !secret.is_empty()) {
            guesses.push(Guess::new(mistake, message, move |trial| trial.secrets.clone_from(&changed)));
        }
    };
    let space = "the secret has white space around it, often the line break of a file: strip it";
    add(Mistake::SecretWhiteSpace, space, &|secret| Some(trimmed(secret).to_vec()));
    let quotes = "the secret has quotes around it, as some .env readers leave them: take them off";
    add(Mistake::SecretWhiteSpace, quotes, &|secret| unquoted(trimmed(secret)));
    let prefix =
        "the secret was used without its prefix (`whsec_…`), which is part of it here: give all of it";
    add(Mistake::SecretForm, prefix, &|secret| Some([b"whsec_", trimmed(secret)].concat()));
    let bare = "the secret was used with a prefix (`whsec_…`) that the sender takes off: give the rest alone";
    add(Mistake::SecretForm, bare, &|secret| trimmed(secret).strip_prefix(b"whsec_").map(<[u8]>::to_vec));
    let decode = |encoding: Encoding| {
        move |secret: &[u8]| {
            let text = std::str::from_utf8(trimmed(secret)).ok()?;
            encoding.decode(text.strip_prefix("whsec_").unwrap_or(text))
        }
    };
    for (encoding, name) in [
        (Encoding::Base64, "base64"),
        (Encoding::Base64url, "base64url"),
        (Encoding::Hex, "hexadecimal digits"),
    ] {
        let message = format!(
            "the key is what the secret says in {name}, and its text was used: decode it to bytes first"
        );
        add(Mistake::SecretForm, &message, &decode(encoding));
    }
    guesses.extend(as_text(trial));
    guesses
}

/// Makes the guess that the sender takes the secret's text for the key where its bytes belong.
fn as_text(trial: &Trial<'_>) -> Option<Guess> {
    let mut scheme = scheme(&trial.provider)?;
    if scheme.pointer("/versions/0/key")? == "text" {
        return None;
    }
    each_version(&mut scheme, "key", &json!("text"));
    let provider = with_scheme(&trial.provider, scheme)?;
    let message = "the sender signs with the text of the secret as its key, where the decoded bytes belong: \
                   its own code has to decode it";
    Some(Guess::new(Mistake::SecretForm, message, move |trial| trial.provider = provider.clone()))
}

/// Says what is wrong with a secret that cannot be used, where correcting it alone does not prove that.
pub(super) fn likely(trial: &Trial<'_>, error: &Error) -> Vec<Finding> {
    if !matches!(error.code(), Code::InvalidSecret | Code::InvalidKey) {
        return Vec::new();
    }
    let family = trial.secrets.iter().find_map(|secret| {
        FAMILIES.into_iter().find(|family| trimmed(secret).starts_with(family.as_bytes()))
    });
    let (mistake, message) = match family {
        _ if trial.secrets.iter().any(|secret| trimmed(secret) != secret.as_slice()) => (
            Mistake::SecretWhiteSpace,
            "the secret has white space around it; without it, it would still not fit this request"
                .to_owned(),
        ),
        Some(family) if family != "whsec_" => (
            Mistake::SecretFamily,
            format!("a secret that starts with {family} is a key of another family: {error}"),
        ),
        _ => (Mistake::SecretFamily, format!("{error}: it may be the secret of another provider")),
    };
    vec![Finding { mistake, message, certain: false }]
}

/// Tells whether the provider's keys are the text of its secrets.
pub(super) fn form(scheme: &Value) -> &'static str {
    match scheme.pointer("/versions/0/key") {
        Some(Value::String(form)) if form == "hex" => "hexadecimal digits",
        Some(Value::String(form)) if form == "public-key" => "a public key",
        Some(Value::String(form)) if form.starts_with("text") => "text that is the key as it stands",
        Some(Value::Object(form)) if form.contains_key("base64") => "base64 behind an optional prefix",
        Some(Value::Object(_)) => "an Ed25519 key",
        _ => "a secret",
    }
}

fn trimmed(secret: &[u8]) -> &[u8] {
    let secret = secret.strip_prefix("\u{feff}".as_bytes()).unwrap_or(secret);
    std::str::from_utf8(secret).map_or(secret.trim_ascii(), |text| text.trim().as_bytes())
}

fn unquoted(secret: &[u8]) -> Option<Vec<u8>> {
    [b"\"", b"'", b"`"]
        .into_iter()
        .find_map(|quote| Some(trimmed(secret.strip_prefix(quote)?.strip_suffix(quote)?).to_vec()))
}
