//! Hexadecimal digits, base64 and base64url: a text stands for bytes only if these bytes are written as that text.
#![no_main]

use hookproof::fuzzing::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (encoding, text) = (input.0 % 3, input.1);
    let [allocated, sliced] = decode(encoding, text, &mut [0; 64]);
    let fits = allocated.as_ref().is_some_and(|(bytes, _)| bytes.len() <= 64);
    assert!(!fits || sliced.is_some(), "a buffer that is large enough changes nothing");
    if sliced.is_some() {
        assert_eq!(sliced, allocated, "two readers of one text");
    }
    if let Some((_, written)) = allocated {
        let canonical = if encoding == 0 { text.to_ascii_lowercase() } else { text.to_owned() };
        assert_eq!(written, canonical, "a second spelling was read");
    }
});
