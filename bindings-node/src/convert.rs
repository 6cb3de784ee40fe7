//! Values that cross: numbers, times, pairs, texts, and the text of a [`Record`].

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use hookproof::{Moment, Timestamp};
use napi::bindgen_prelude::{BigInt, FunctionCallContext, Latin1String};
use napi::{Either, Error, JsString, JsValue as _, Result, Status, sys};

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

/// Adds the UTF-8 of a text among a call's arguments to some bytes.
///
/// V8 copies Latin-1, and takes four times as long to write UTF-8. So what is ASCII is copied: a text with as many bytes
/// of UTF-8 as it has units. Anything else is written as UTF-8: narrowed without that look at it, an id with another
/// character in the place of a signed one would pass for the signed id.
pub(crate) fn add_text(call: &FunctionCallContext, index: usize, bytes: &mut Vec<u8>) -> Result<()> {
    let text: JsString = call.get(index)?;
    let length = text.utf8_len()?;
    let start = bytes.len();
    // With room for the zero that is written behind it.
    bytes.resize(start.saturating_add(length).saturating_add(1), 0);
    let units = narrow(call.env.raw(), text, bytes.get_mut(start..).unwrap_or_default())?;
    bytes.truncate(start.saturating_add(units));
    if units != length {
        bytes.truncate(start);
        bytes.extend_from_slice(call.get::<String>(index)?.as_bytes());
    }
    Ok(())
}

/// Copies the low byte of each unit of a text, as far as there is room for them and a zero; returns how many there were.
#[expect(unsafe_code, reason = "napi has no call that reads a text into memory which is there already")]
fn narrow(env: sys::napi_env, text: JsString<'_>, room: &mut [u8]) -> Result<usize> {
    let mut units = 0;
    // SAFETY: the text is of the call that is under way, in this environment, and no more is written than there is
    // room for.
    let status = unsafe {
        let place = room.as_mut_ptr().cast();
        sys::napi_get_value_string_latin1(env, text.raw(), place, room.len(), &raw mut units)
    };
    if status == sys::Status::napi_ok {
        Ok(units)
    } else {
        Err(Error::new(Status::from(status), "a text cannot be read"))
    }
}

/// A text for JavaScript.
pub(crate) type Text = Either<Latin1String, String>;

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

    /// Adds a name of the core's own.
    pub(crate) fn word(&mut self, word: &str) {
        self.0.push_str(word);
        self.0.push(';');
    }

    /// Adds a whole number that may be absent, which is an empty word.
    pub(crate) fn number(&mut self, number: Option<i64>) {
        if number.is_some_and(i64::is_negative) {
            self.0.push('-');
        }
        self.count(number.map(i64::unsigned_abs));
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

    /// Adds a length or a place that may be absent, which is an empty word.
    pub(crate) fn length(&mut self, length: Option<usize>) {
        self.count(length.map(|length| u64::try_from(length).unwrap_or(u64::MAX)));
    }

    /// Adds a text that may be absent, which is not the same as an empty one.
    pub(crate) fn text(&mut self, text: Option<&str>) {
        self.length(text.map(|text| if text.is_ascii() { text.len() } else { text.encode_utf16().count() }));
        self.0.push_str(text.unwrap_or_default());
    }

    /// Writes the digits by hand: there are many numbers in a record, and formatting them takes a tenth of a call.
    fn count(&mut self, count: Option<u64>) {
        if let Some(count) = count {
            self.digits(count);
        }
        self.0.push(';');
    }

    fn digits(&mut self, number: u64) {
        if number > 9 {
            self.digits(number / 10);
        }
        let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        self.0.push(digit.unwrap_or_default());
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// Gives the text that crosses: V8 copies what is ASCII, as most records are, and decodes anything else.
    pub(crate) fn cross(self) -> Text {
        if self.0.is_ascii() { Either::A(self.0.into()) } else { Either::B(self.0) }
    }
}
