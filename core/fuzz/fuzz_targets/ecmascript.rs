//! What ECMAScript makes of a body: it takes what is JSON, keeps the value, and changes nothing the second time.
#![no_main]

use hookproof::fuzzing::reserialize;
use hookproof_fuzz::{depth, same};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, from_slice, from_str};

fuzz_target!(|text: &str| {
    let written = reserialize(text);
    let is_json = from_str::<serde::de::IgnoredAny>(text).is_ok() && depth(text) <= 128;
    assert_eq!(written.is_some(), is_json, "{text:?}");
    let Some(written) = written else { return };
    let again = std::str::from_utf8(&written).ok().and_then(reserialize);
    assert_eq!(again.as_ref(), Some(&written), "{text:?}");
    // Numbers that no double holds and lone surrogates are JSON, and still no `Value`.
    if let Ok(value) = from_str::<Value>(text) {
        let read = from_slice(&written).expect("what was written is JSON");
        assert!(same(&value, &read), "{value} became {read}");
    }
});
