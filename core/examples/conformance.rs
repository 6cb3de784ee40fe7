//! Reads cases, one JSON object a line, and writes one answer a line: the Rust side of the conformance harness.

#[path = "../tests/support/case.rs"]
mod case;

use std::io::{BufRead as _, Write as _};

use hookproof::{Error, Event, Kind};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line?)?;
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
