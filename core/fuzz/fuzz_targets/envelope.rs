//! The JSON envelope, against `serde_json`: the same bodies, the same values, and of equal names the last.
#![no_main]

use std::sync::LazyLock;

use hookproof::{Code, Verifier};
use hookproof_fuzz::{depth, text_at, verifier_of, verify};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, from_str};

static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| verifier_of(include_str!("../providers/envelope.json"), 0));

fuzz_target!(|text: &str| {
    let event = verify(&VERIFIER, text.as_bytes(), &[("X-Token", "token")]);
    let is_json = from_str::<serde::de::IgnoredAny>(text).is_ok() && depth(text) <= 128;
    assert_eq!(event.is_ok(), is_json, "{event:?}");
    let event = match event {
        Err(error) => return assert_eq!(error.code(), Code::MalformedBody),
        Ok(event) => event,
    };
    // Numbers that no double holds and lone surrogates are JSON, and still no `Value`.
    let Ok(value) = from_str::<Value>(text) else { return };
    assert_eq!(event.id(), text_at(&value, "/id", event.id()).as_deref());
    assert_eq!(event.event_type(), text_at(&value, "/a/0/b", event.event_type()).as_deref());
    assert_eq!(event.data().map(|data| from_str(data).unwrap()), value.pointer("/data").cloned());
});
