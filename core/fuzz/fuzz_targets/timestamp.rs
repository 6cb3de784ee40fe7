//! Timestamps of every format: canonical digits, one reading, no overflow.
#![no_main]

use std::sync::LazyLock;

use hookproof::{Code, Timestamp, Verifier};
use hookproof_fuzz::{timed, verify};
use libfuzzer_sys::fuzz_target;

const FORMATS: [&str; 5] = ["unix-seconds", "unix-milliseconds", "unix", "rfc3339", "http-date"];
static VERIFIERS: LazyLock<[Verifier; 5]> = LazyLock::new(|| FORMATS.map(timed));

fuzz_target!(|input: (u8, &str)| {
    let (format, text) = (usize::from(input.0) % FORMATS.len(), input.1);
    let sent_at = match verify(&VERIFIERS[format], b"{}", &[("X-Token", "token"), ("X-Time", text)]) {
        Ok(event) => event.sent_at().expect("an accepted timestamp names a moment"),
        Err(error) => {
            return assert!(matches!(error.code(), Code::MalformedTimestamp | Code::MalformedHeader));
        }
    };
    let number = text.parse().ok().filter(|number: &i64| number.to_string() == text && *number >= 0);
    match (format, number, sent_at.unix_seconds()) {
        (0, Some(number), seconds) => assert_eq!(seconds, number),
        (2, Some(number), seconds) if number < 100_000_000_000 => assert_eq!(seconds, number),
        (1 | 2, Some(number), seconds) => assert_eq!(seconds, number / 1000),
        (3, ..) => assert_eq!(Some(sent_at), Timestamp::parse_lenient(text)),
        (4, _, seconds) => assert!(seconds >= 0 && text.len() >= 24, "{text:?}"),
        _ => panic!("{text:?} is not how a number is written"),
    }
});
