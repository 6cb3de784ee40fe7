//! Values that cross: numbers, times, pairs, and the text of a [`Record`].

use std::fmt::{Display, Write as _};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use hookproof::{Moment, Timestamp};
use napi::bindgen_prelude::BigInt;

/// Turns seconds that the face has checked into a duration; what no duration can hold is the longest one.
pub(crate) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// Turns a duration into whole microseconds, which a JavaScript number holds exactly for 285 years.
pub(crate) fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Turns a moment into whole milliseconds since 1970, which is what a `Date` holds.
pub(crate) fn milliseconds(moment: Timestamp) -> i64 {
    let part = i64::from(moment.subsec_nanoseconds() / 1_000_000);
    moment.unix_seconds().saturating_mul(1000).saturating_add(part)
}

/// Reads both clocks: the system's, and the one that nobody can set.
pub(crate) fn clocks() -> Moment {
    static START: OnceLock<Instant> = OnceLock::new();
    let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let monotonic = START.get_or_init(Instant::now).elapsed();
    Moment {
        unix_millis: i64::try_from(unix.as_millis()).unwrap_or(i64::MAX),
        monotonic_millis: u64::try_from(monotonic.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Turns a seed that the face has checked into its 64 bits.
pub(crate) fn seed(value: &BigInt) -> u64 {
    value.get_u64().1
}

/// Lists pairs as arrays of two, which is how JavaScript writes them.
pub(crate) fn pairs(pairs: Vec<(String, String)>) -> Vec<Vec<String>> {
    pairs.into_iter().map(|(name, value)| vec![name, value]).collect()
}

/// Several values as one flat text, which `face/record.cjs` reads.
///
/// One string crosses faster than an object of a dozen members, and the face reads only those fields that are asked
/// for. There are two kinds of fields. A word ends with a semicolon: numbers and names that are the core's own, none of
/// which has one. A text may hold anything, so it starts with its length in UTF-16 units, which is a word.
pub(crate) struct Record(String);

impl Record {
    /// Starts a record with the letter that says of what kind it is.
    pub(crate) fn new(kind: char) -> Self {
        let mut text = String::with_capacity(256);
        text.push(kind);
        Self(text)
    }

    /// Adds a number or a name of the core's own; what is absent is an empty word.
    pub(crate) fn word(&mut self, word: Option<impl Display>) {
        if let Some(word) = word {
            // Writing to a String cannot fail.
            let _ = write!(self.0, "{word}");
        }
        self.0.push(';');
    }

    /// Adds a list of names of the core's own, with commas between them, as one word.
    pub(crate) fn words(&mut self, words: impl Iterator<Item = &'static str>) {
        for (index, word) in words.enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.0.push_str(word);
        }
        self.0.push(';');
    }

    /// Adds a count that may be absent. These are most of the numbers, and formatting them takes a tenth of a call.
    pub(crate) fn count(&mut self, count: Option<usize>) {
        if let Some(count) = count {
            self.digits(count);
        }
        self.0.push(';');
    }

    /// Adds a text that may be absent, which is not the same as an empty one.
    pub(crate) fn text(&mut self, text: Option<&str>) {
        self.count(text.map(|text| if text.is_ascii() { text.len() } else { text.encode_utf16().count() }));
        self.0.push_str(text.unwrap_or_default());
    }

    fn digits(&mut self, number: usize) {
        if number > 9 {
            self.digits(number / 10);
        }
        let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        self.0.push(digit.unwrap_or_default());
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}
