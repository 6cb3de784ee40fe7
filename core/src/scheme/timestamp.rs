use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;

use crate::error::{Code, Error};
use crate::source::{Source, SourceForms, first};
use crate::tables::Tables;
use crate::timestamp::Timestamp;
use crate::view::View;

/// The `timestamp` member of a scheme: where the signed time stands and how far it may be off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimestampForm {
    from: SourceForms,
    format: Format,
    tolerance_seconds: u32,
}

/// How the time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    UnixSeconds,
    UnixMilliseconds,
    /// Seconds, or milliseconds where seconds would lie beyond the year 5000: the sender uses both.
    Unix,
    /// An ISO 8601 date and time with an offset (RFC 3339).
    Rfc3339,
    /// The date of HTTP headers (RFC 9110 section 5.6.7).
    HttpDate,
}

/// The rule of one provider, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct TimestampRule {
    pub(crate) from: Vec<Source>,
    format: Format,
    pub(crate) tolerance: Duration,
}

/// A time that was read: the text that is signed, and the moment it names.
pub(crate) struct Sent<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) moment: Timestamp,
}

impl TimestampRule {
    pub(crate) fn resolve(form: TimestampForm, tables: &mut Tables) -> Self {
        let tolerance = Duration::from_secs(form.tolerance_seconds.into());
        Self { from: form.from.resolve(tables), format: form.format, tolerance }
    }

    /// Writes a moment as a sender does.
    pub(crate) fn write(&self, unix_seconds: i64) -> Option<String> {
        let moment = || jiff::Timestamp::from_second(unix_seconds).ok();
        match self.format {
            Format::UnixSeconds | Format::Unix => Some(unix_seconds.to_string()),
            Format::UnixMilliseconds => Some(unix_seconds.checked_mul(1000)?.to_string()),
            Format::Rfc3339 => Some(moment()?.to_string()),
            Format::HttpDate => {
                let system = Timestamp::from_unix_seconds(unix_seconds).to_system_time()?;
                (unix_seconds >= 0).then(|| httpdate::fmt_http_date(system))
            }
        }
    }

    /// Reads the time and checks that it is near `now`: both ways, exactly the tolerance included.
    ///
    /// Both ways, because a request that is dated ahead would stay replayable until its time has come.
    pub(crate) fn check<'a>(
        &self,
        view: &View<'_, 'a>,
        tolerance: Option<Duration>,
        now: i64,
    ) -> Result<Sent<'a>, Error> {
        let place = || self.from.first().map(|source| source.describe(view.tables)).unwrap_or_default();
        let text = first(&self.from, view)?
            .ok_or_else(|| Error::new(Code::MissingHeader, format!("{} is missing", place())))?;
        let is_pair_without_value = text.is_empty() && !self.from.iter().any(Source::is_undivided);
        if is_pair_without_value {
            return Err(Error::new(Code::MalformedHeader, format!("{} holds an empty timestamp", place())));
        }
        let moment = self.format.parse(&text).ok_or_else(|| {
            let form = self.format.describe();
            Error::new(Code::MalformedTimestamp, format!("the timestamp in {} is not {form}", place()))
        })?;
        // Whole seconds, which is what the clock has: a fraction is neither held against a sender nor needed.
        let off = moment.unix_seconds().abs_diff(now);
        let tolerance = tolerance.unwrap_or(self.tolerance).as_secs();
        if off > tolerance {
            let (code, side) = if moment.unix_seconds() > now {
                (Code::TimestampTooNew, "future")
            } else {
                (Code::TimestampTooOld, "past")
            };
            let place = place();
            return Err(Error::new(
                code,
                format!(
                    "the timestamp in {place} is {off} s in the {side}, and the tolerance is {tolerance} s"
                ),
            ));
        }
        Ok(Sent { text, moment })
    }
}

impl Format {
    fn parse(self, text: &str) -> Option<Timestamp> {
        match self {
            Self::UnixSeconds => digits(text).map(Timestamp::from_unix_seconds),
            Self::UnixMilliseconds => digits(text).and_then(milliseconds),
            Self::Unix => match digits(text)? {
                seconds if seconds < 100_000_000_000 => Some(Timestamp::from_unix_seconds(seconds)),
                number => milliseconds(number),
            },
            Self::Rfc3339 => Timestamp::parse_lenient(text).filter(|_| is_rfc3339(text)),
            Self::HttpDate => {
                let moment = httpdate::parse_http_date(text).ok()?;
                let elapsed = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
                i64::try_from(elapsed.as_secs()).ok().map(Timestamp::from_unix_seconds)
            }
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::UnixSeconds => "a whole number of unix seconds",
            Self::UnixMilliseconds => "a whole number of unix milliseconds",
            Self::Unix => "a whole number of unix seconds or milliseconds",
            Self::Rfc3339 => "an RFC 3339 date and time",
            Self::HttpDate => "an HTTP date",
        }
    }
}

/// Reads ASCII digits as the sender writes them. A sign, a blank, a leading zero or a fraction is refused: the
/// text is signed as it stands, and a reader that forgives it would accept a second spelling of one moment.
fn digits(text: &str) -> Option<i64> {
    // Behind a first digit the parser takes digits only.
    let canonical = match text.as_bytes() {
        [b'0', rest @ ..] => rest.is_empty(),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    canonical.then(|| text.parse().ok()).flatten()
}

/// Tells whether a moment is written as RFC 3339 section 5.6 has it. The parser takes more of ISO 8601: a date without
/// hyphens, a time without seconds, a decimal comma, the name of a zone.
fn is_rfc3339(text: &str) -> bool {
    let shape: String =
        text.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    let shape = shape.to_ascii_uppercase();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let fraction = rest.strip_prefix('.').filter(|rest| rest.starts_with('0'));
    let zone = fraction.map_or(rest, |fraction| fraction.trim_start_matches('0'));
    matches!(zone, "Z" | "+00:00" | "-00:00")
}

fn milliseconds(number: i64) -> Option<Timestamp> {
    let nanoseconds = number.checked_rem(1000)?.checked_mul(1_000_000)?;
    Some(Timestamp::new(number.checked_div(1000)?, u32::try_from(nanoseconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    #[test]
    fn reads_digits_only() {
        assert_eq!(digits("1790000000"), Some(1_790_000_000));
        assert_eq!(digits("0"), Some(0));
        for text in [
            "",
            "+1",
            "-1",
            " 1",
            "1 ",
            "01",
            "00",
            "1.0",
            "1e9",
            "1_000",
            "NaN",
            "٣",
            "１",
            "0x1",
            "-9223372036854775808",
            "99999999999999999999",
            "9223372036854775808",
        ] {
            assert_eq!(digits(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_date_and_time_has_one_form() {
        for text in ["2026-09-21T14:13:20Z", "2026-09-21t14:13:20.5z", "2026-09-21T14:13:20.634234626-07:00"]
        {
            assert!(Format::Rfc3339.parse(text).is_some(), "{text}");
        }
        for text in [
            "2026-09-21 14:13:20Z",
            "20260921T141320Z",
            "2026-09-21T14:13Z",
            "2026-09-21T14:13:20,5Z",
            "2026-09-21T14:13:20.Z",
            "2026-09-21T14:13:20Z[UTC]",
            "2026-09-21T14:13:20+02",
            "2026-09-21T14:13:20+0200",
            "2026-09-1T14:13:20Z",
            "+002026-09-21T14:13:20Z",
        ] {
            assert!(Format::Rfc3339.parse(text).is_none(), "{text}");
        }
    }

    fn code(format: &str, sent: &str, tolerance: u64, now: i64) -> Option<Code> {
        let form =
            format!(r#"{{"from": {{"header": "t"}}, "format": "{format}", "tolerance_seconds": 300}}"#);
        let mut tables = Tables::default();
        let rule = TimestampRule::resolve(serde_json::from_str(&form).unwrap(), &mut tables);
        let lines = [("t", sent)];
        let view = View::new(&tables, &Request::new(b"", &lines), None);
        rule.check(&view, Some(Duration::from_secs(tolerance)), now).err().map(|error| error.code())
    }

    #[test]
    fn exactly_the_tolerance_is_accepted_on_both_sides() {
        let code = |sent, tolerance, now| code("unix-seconds", sent, tolerance, now);
        assert_eq!(code("1000", 300, 1300), None);
        assert_eq!(code("1000", 300, 1301), Some(Code::TimestampTooOld));
        assert_eq!(code("1000", 300, 700), None);
        assert_eq!(code("1000", 300, 699), Some(Code::TimestampTooNew));
        assert_eq!(code("1000", 0, 1000), None);
    }

    #[test]
    fn every_format_names_a_moment() {
        assert_eq!(code("unix-milliseconds", "1000999", 300, 1300), None);
        assert_eq!(code("unix-milliseconds", "1000999", 0, 1000), None);
        assert_eq!(code("unix-milliseconds", "1001000", 300, 700), Some(Code::TimestampTooNew));
        assert_eq!(code("unix", "1790000000", 0, 1_790_000_000), None);
        assert_eq!(code("unix", "1790000000123", 1, 1_790_000_000), None);
        assert_eq!(code("rfc3339", "2020-01-01T00:00:00-07:00", 0, 1_577_862_000), None);
        assert_eq!(code("http-date", "Sun, 06 Nov 1994 08:49:37 GMT", 0, 784_111_777), None);
        for format in ["unix-milliseconds", "unix", "rfc3339", "http-date"] {
            assert_eq!(code(format, "yesterday", 300, 0), Some(Code::MalformedTimestamp), "{format}");
        }
    }

    #[test]
    fn extreme_clocks_do_not_overflow() {
        assert_eq!(code("unix-seconds", "9223372036854775807", 300, i64::MIN), Some(Code::TimestampTooNew));
        assert_eq!(code("unix-seconds", "0", u64::MAX, i64::MAX), None);
        assert_eq!(code("unix-milliseconds", "9223372036854775807", 300, 0), Some(Code::TimestampTooNew));
    }

    #[test]
    fn milliseconds_begin_where_seconds_would_be_beyond_the_year_5000() {
        assert_eq!(code("unix", "99999999999", 0, 99_999_999_999), None);
        assert_eq!(code("unix", "100000000000", 0, 100_000_000), None);
    }

    #[test]
    fn says_which_form_was_expected() {
        for (format, expected) in [
            ("unix-seconds", "a whole number of unix seconds"),
            ("unix-milliseconds", "a whole number of unix milliseconds"),
            ("unix", "a whole number of unix seconds or milliseconds"),
            ("rfc3339", "an RFC 3339 date and time"),
            ("http-date", "an HTTP date"),
        ] {
            let format: Format = serde_json::from_value(format.into()).unwrap();
            assert_eq!(format.describe(), expected);
        }
    }
}
