use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::label::{scheme, signature_headers};
use super::{Trial, secret, token};
use crate::error::{Code, Error, Kind};
use crate::headers::Headers as _;

/// One thing that was read or checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What it is about.
    pub kind: StepKind,
    /// What was found, in one sentence without a secret and without a signature.
    pub text: String,
    /// False for the step at which the request is refused.
    pub passed: bool,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepKind {
    /// The provider and its scheme.
    Provider,
    /// The receiver's secrets.
    Secret,
    /// A header that the provider's rules read.
    Header,
    /// The body.
    Body,
    /// What is signed.
    Signed,
    /// The verdict.
    Verdict,
}

impl StepKind {
    /// Returns the name, for scripts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Secret => "secret",
            Self::Header => "header",
            Self::Body => "body",
            Self::Signed => "signed",
            Self::Verdict => "verdict",
        }
    }
}

impl Trial<'_> {
    /// Returns the text of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        line.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }
}

/// Tells what was read and what came of it.
pub(super) fn of(trial: &Trial<'_>, error: Option<&Error>) -> Vec<Step> {
    let code = error.map(Error::code);
    let about_secret = matches!(code, Some(Code::InvalidSecret | Code::InvalidKey));
    let mut steps = Vec::new();
    let mut add = |kind, passed, text: String| steps.push(Step { kind, text, passed });
    add(StepKind::Provider, true, provider(trial));
    let form = scheme(&trial.provider).map_or("a token", |scheme| secret::form(&scheme));
    let count = trial.secrets.len();
    if count > 0 || about_secret {
        add(StepKind::Secret, !about_secret, format!("{count} given, expected as {form}"));
    }
    for line in headers(trial) {
        let missing = line.ends_with(MISSING) && code == Some(Code::MissingHeader);
        let about = matches!(code, Some(Code::MalformedHeader | Code::DuplicateHeader))
            && error.is_some_and(|error| {
                line.split(':').next().is_some_and(|name| error.to_string().contains(name))
            });
        add(StepKind::Header, !(missing || about), line);
    }
    add(StepKind::Body, !matches!(code, Some(Code::MalformedBody | Code::BodyTooLarge)), body(&trial.body));
    for text in signed(trial) {
        add(StepKind::Signed, code != Some(Code::NoMatchingSignature), text);
    }
    for (name, value) in token::told(trial).into_iter().flatten() {
        add(StepKind::Signed, true, format!("the token says {name} = {value} (not verified here)"));
    }
    match error {
        None => add(StepKind::Verdict, true, "the request is authentic".into()),
        Some(error) => {
            let authentic = if error.kind() == Kind::Payload { "authentic, but " } else { "" };
            add(StepKind::Verdict, false, format!("{}: {authentic}{error}", error.code().as_str()));
        }
    }
    steps
}

const MISSING: &str = "is not there";

fn provider(trial: &Trial<'_>) -> String {
    let description = trial.provider.describe();
    let list = |name: &str| {
        let texts = description.get(name).and_then(|list| list.as_array()).into_iter().flatten();
        texts.filter_map(|text| text.as_str()).collect::<Vec<_>>().join(" or ")
    };
    let mut text = format!("{}, {}", trial.provider.title(), list("algorithms"));
    let encodings = list("encodings");
    if !encodings.is_empty() {
        let _ = write!(text, ", written in {encodings}");
    }
    text
}

/// Describes the headers that the rules read. What proves the request is described by its shape alone.
fn headers(trial: &Trial<'_>) -> Vec<String> {
    let proofs = signature_headers(&trial.provider);
    let description = trial.provider.describe();
    let names = description.get("headers").and_then(|names| names.as_array()).into_iter().flatten();
    let mut lines = Vec::new();
    for name in names.filter_map(|name| name.as_str()) {
        let mut values = Vec::new();
        trial.headers.for_each(&mut |known, value| {
            if known.eq_ignore_ascii_case(name.as_bytes()) {
                values.push(String::from_utf8_lossy(value).into_owned());
            }
        });
        let is_proof = proofs.iter().any(|proof| proof.eq_ignore_ascii_case(name));
        match values.as_slice() {
            [] if is_proof || !is_optional(name) => lines.push(format!("{name}: {MISSING}")),
            [] => {}
            [value] if is_proof => lines.push(format!("{name}: {}", shape(value))),
            [value] => lines.push(format!("{name}: {}", value.chars().take(120).collect::<String>())),
            many => lines.push(format!("{name}: occurs {} times", many.len())),
        }
    }
    lines
}

fn is_optional(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

/// Describes a proof without showing it: it may be a password, and a signature can be used again.
fn shape(value: &str) -> String {
    let label: String = value.chars().take_while(char::is_ascii_alphanumeric).take(8).collect();
    let is_label =
        value.get(label.len()..).is_some_and(|rest| rest.starts_with([',', '=', ' '])) && label.len() < 8;
    let start = if is_label { format!(", starting with {label:?}") } else { String::new() };
    let bare = value.rsplit([',', '=', ' ']).find(|part| !part.is_empty()).unwrap_or_default();
    let letters = if bare.len() >= 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        "hexadecimal digits"
    } else {
        "text"
    };
    format!("{} characters of {letters}{start}", value.len())
}

fn body(body: &[u8]) -> String {
    let mut text = format!(
        "{} bytes, SHA-256 {}…",
        body.len(),
        hex::encode(Sha256::digest(body)).get(..12).unwrap_or_default()
    );
    let json = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
    text.push_str(match (body.is_empty(), json) {
        (true, _) => ", empty",
        (_, true) => ", JSON",
        _ => ", not JSON",
    });
    if body.ends_with(b"\n") {
        text.push_str(", ends with a line break");
    }
    if body.starts_with("\u{feff}".as_bytes()) {
        text.push_str(", starts with a byte order mark");
    }
    text
}

/// Says what is signed: the template, and with what its parts are filled.
fn signed(trial: &Trial<'_>) -> Vec<String> {
    let description = trial.provider.describe();
    let contents = description.get("signed_content").and_then(|list| list.as_array()).into_iter().flatten();
    let contents: Vec<_> =
        contents.filter_map(|text| text.as_str()).filter(|text| !text.is_empty()).collect();
    if contents.is_empty() {
        return vec!["nothing of the request: the proof shows who calls, not what is said".into()];
    }
    let bytes = trial.body.len();
    contents
        .iter()
        .map(|content| format!("{content}, where {{body}} is these {bytes} bytes as they are"))
        .collect()
}
