use std::time::{Duration, SystemTime};

/// A moment: unix seconds and the nanoseconds within the second.
///
/// ```
/// use hookproof::Timestamp;
///
/// let moment = Timestamp::parse_lenient("2024-01-1T10:00:00.7777748Z").unwrap();
/// assert_eq!((moment.unix_seconds(), moment.subsec_nanoseconds()), (1_704_103_200, 777_774_800));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    unix_seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    pub(crate) fn new(unix_seconds: i64, nanoseconds: u32) -> Self {
        Self { unix_seconds, nanoseconds }
    }

    pub(crate) fn from_unix_seconds(unix_seconds: i64) -> Self {
        Self::new(unix_seconds, 0)
    }

    /// Reads an ISO 8601 date and time with an offset, or returns nothing where there is none in `text`.
    ///
    /// The day may have one digit and the fraction of the second up to nine, because Pitchpoint documents
    /// `2024-01-1T10:00:00.7777748Z`. A time without an offset is refused: its moment is not known.
    #[must_use]
    pub fn parse_lenient(text: &str) -> Option<Self> {
        // Nothing longer is a timestamp, and what the parser does with it is then of no interest.
        if !(11..=64).contains(&text.len()) {
            return None;
        }
        let padded = pad_day(text);
        let moment: jiff::Timestamp = padded.as_deref().unwrap_or(text).parse().ok()?;
        // jiff counts nanoseconds towards the sign of the seconds; ours count upwards.
        let (mut unix_seconds, mut nanoseconds) = (moment.as_second(), moment.subsec_nanosecond());
        if nanoseconds < 0 {
            unix_seconds = unix_seconds.checked_sub(1)?;
            nanoseconds = nanoseconds.checked_add(1_000_000_000)?;
        }
        Some(Self { unix_seconds, nanoseconds: u32::try_from(nanoseconds).ok()? })
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    /// Returns the nanoseconds within the second, 0 to 999,999,999.
    #[must_use]
    pub fn subsec_nanoseconds(self) -> u32 {
        self.nanoseconds
    }

    /// Returns the moment as the standard library's type, or nothing where that cannot hold it.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let whole = Duration::from_secs(self.unix_seconds.unsigned_abs());
        let second = if self.unix_seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        second?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }
}

/// Gives a one-digit day its zero: `2024-01-1T…` becomes `2024-01-01T…`.
fn pad_day(text: &str) -> Option<String> {
    let (date, day_and_time) = text.split_at_checked(8)?;
    let time = day_and_time.get(1..)?;
    let one_digit = day_and_time.starts_with(|character: char| character.is_ascii_digit())
        && time.starts_with(['T', 't', ' ']);
    one_digit.then(|| format!("{date}0{day_and_time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<(i64, u32)> {
        Timestamp::parse_lenient(text).map(|moment| (moment.unix_seconds(), moment.subsec_nanoseconds()))
    }

    #[test]
    fn reads_days_of_one_and_two_digits() {
        assert_eq!(parse("2024-01-1T10:00:00.7777748Z"), Some((1_704_103_200, 777_774_800)));
        assert_eq!(parse("2024-01-01T10:00:00Z"), Some((1_704_103_200, 0)));
        assert_eq!(parse("2024-02-28T12:34:56Z"), Some((1_709_123_696, 0)));
    }

    #[test]
    fn reads_fractions_and_offsets() {
        assert_eq!(parse("2026-09-21T13:33:20.3Z"), Some((1_789_997_600, 300_000_000)));
        assert_eq!(parse("2020-01-01T00:00:00-07:00"), Some((1_577_862_000, 0)));
        assert_eq!(parse("1969-12-31T23:59:59.25Z"), Some((-1, 250_000_000)));
    }

    #[test]
    fn refuses_what_names_no_moment() {
        for text in
            ["", "yesterday", "2021-01-28 09:00:00", "2024-13-01T00:00:00Z", "2024-01-T10:00:00Z", "é"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse(&"1".repeat(100_000)), None);
    }

    #[test]
    fn converts_to_system_time_on_both_sides_of_the_epoch() {
        let before = Timestamp::parse_lenient("1969-12-31T23:59:59.25Z").unwrap();
        let expected = SystemTime::UNIX_EPOCH - Duration::from_millis(750);
        assert_eq!(before.to_system_time(), Some(expected));
    }
}
