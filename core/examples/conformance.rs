//! Reads cases, one JSON object a line, and writes one answer a line: the Rust side of the conformance harness.

#[path = "../tests/support/case.rs"]
mod case;

use std::io::{BufRead as _, Write as _};

use hookproof::{Error, Event, Kind};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case = read(&line?)?;
        // A panic is an answer here, the worst one, and must not end the run.
        let judged = std::panic::catch_unwind(|| case::judge(&case));
        let mut answer = judged.map_or_else(|_| json!({"verdict": "crash"}), answer);
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("id".into(), case.get("id").cloned().unwrap_or_default());
        }
        writeln!(output, "{}", ascii(&answer))?;
    }
    Ok(())
}

/// Reads a case. A text of Rust holds no lone surrogate: where JSON cannot be read for one, each is a U+FFFD.
fn read(line: &str) -> serde_json::Result<Value> {
    serde_json::from_str(line).or_else(|_| serde_json::from_str(&without_surrogates(line)))
}

fn without_surrogates(line: &str) -> String {
    let mut written = String::new();
    let mut rest = line;
    while let Some((before, escape)) = rest.find('\\').map(|at| rest.split_at(at)) {
        let surrogate =
            escape.get(2..4).is_some_and(|digits| matches!(u8::from_str_radix(digits, 16), Ok(0xd8..=0xdf)));
        let length = if escape.starts_with("\\u") { 6 } else { 2 };
        let (escape, behind) = escape.split_at_checked(length).unwrap_or((escape, ""));
        written.extend([before, if surrogate && length == 6 { "\\ufffd" } else { escape }]);
        rest = behind;
    }
    written + rest
}

/// Writes a value in ASCII: a type that holds U+2028 would be two lines to some readers of lines.
fn ascii(value: &Value) -> String {
    let escaped = |unit| match u8::try_from(unit) {
        Ok(byte @ b' '..=b'~') => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    value.to_string().encode_utf16().map(escaped).collect()
}

fn answer(outcome: Result<Event<'static>, Error>) -> Value {
    match outcome {
        Ok(event) => json!({"verdict": "accept", "event": {
            "id": event.id(),
            "type": event.event_type(),
            "idempotency_key": event.idempotency_key(),
            "is_ping": event.is_ping(),
            "covers": event.proof().covers().iter().collect::<Vec<_>>(),
        }}),
        Err(error) => json!({"verdict": verdict(error.kind()), "code": error.code().as_str()}),
    }
}

fn verdict(kind: Kind) -> &'static str {
    match kind {
        Kind::Configuration | Kind::Verification => "reject",
        Kind::Payload => "payload",
        Kind::KeysUnavailable => "unavailable",
    }
}
