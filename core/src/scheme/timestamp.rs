use std::time::Duration;

use serde::Deserialize;

use crate::error::{Code, Error};
use crate::header_table::{HeaderTable, Picked};
use crate::source::{HeaderPart, HeaderSource, SourceForm};

/// The `timestamp` member of a scheme: where the signed time stands and how far it may be off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimestampForm {
    from: SourceForm,
    format: Format,
    tolerance_seconds: u32,
}

/// How the time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    UnixSeconds,
}

/// The rule of one provider, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct TimestampRule {
    pub(crate) from: HeaderSource,
    tolerance: Duration,
}

impl TimestampRule {
    pub(crate) fn resolve(form: TimestampForm, headers: &mut HeaderTable) -> Result<Self, Error> {
        let Format::UnixSeconds = form.format;
        let from = form.from.resolve_header(headers, "scheme.signature.timestamp.from")?;
        Ok(Self { from, tolerance: Duration::from_secs(form.tolerance_seconds.into()) })
    }

    /// Reads the time and checks that it is near `now`: both ways, exactly the tolerance included.
    ///
    /// Both ways, because a request that is dated ahead would stay replayable until its time has come.
    pub(crate) fn check<'a>(
        &self,
        picked: &Picked<'_, 'a>,
        tolerance: Option<Duration>,
        now: i64,
    ) -> Result<(&'a str, i64), Error> {
        let header = picked.required(self.from.slot)?;
        let name = picked.name(self.from.slot);
        let whole = (self.from.part == HeaderPart::Whole).then_some(header);
        let text = whole.or_else(|| self.from.single(header)).ok_or_else(|| {
            Error::new(
                Code::MalformedHeader,
                format!("the header {name} does not hold exactly one timestamp"),
            )
        })?;
        let sent = unix_seconds(text).ok_or_else(|| {
            Error::new(
                Code::MalformedTimestamp,
                format!("the timestamp in {name} is not a whole number of unix seconds"),
            )
        })?;
        let tolerance = tolerance.unwrap_or(self.tolerance).as_secs();
        let off = sent.abs_diff(now);
        if off > tolerance {
            let (code, side) =
                if sent < now { (Code::TimestampTooOld, "past") } else { (Code::TimestampTooNew, "future") };
            return Err(Error::new(
                code,
                format!(
                    "the timestamp in {name} is {off} s in the {side}, and the tolerance is {tolerance} s"
                ),
            ));
        }
        Ok((text, sent))
    }
}

/// Reads ASCII digits as the sender writes them. A sign, a blank, a leading zero or a fraction is refused: the
/// text is signed as it stands, and a reader that forgives it would accept a second spelling of one moment.
fn unix_seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_only() {
        assert_eq!(unix_seconds("1790000000"), Some(1_790_000_000));
        assert_eq!(unix_seconds("0"), Some(0));
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
            assert_eq!(unix_seconds(text), None, "{text:?}");
        }
    }

    fn code(sent: &str, tolerance: u64, now: i64) -> Option<Code> {
        let form = r#"{"from": {"header": "t"}, "format": "unix-seconds", "tolerance_seconds": 300}"#;
        let mut headers = HeaderTable::default();
        let rule = TimestampRule::resolve(serde_json::from_str(form).unwrap(), &mut headers).unwrap();
        let lines = [("t", sent)];
        let result = rule.check(&headers.pick(&lines), Some(Duration::from_secs(tolerance)), now);
        result.err().map(|error| error.code())
    }

    #[test]
    fn exactly_the_tolerance_is_accepted_on_both_sides() {
        assert_eq!(code("1000", 300, 1300), None);
        assert_eq!(code("1000", 300, 1301), Some(Code::TimestampTooOld));
        assert_eq!(code("1000", 300, 700), None);
        assert_eq!(code("1000", 300, 699), Some(Code::TimestampTooNew));
        assert_eq!(code("1000", 0, 1000), None);
    }

    #[test]
    fn extreme_clocks_do_not_overflow() {
        assert_eq!(code("9223372036854775807", 300, i64::MIN), Some(Code::TimestampTooNew));
        assert_eq!(code("0", u64::MAX, i64::MAX), None);
    }
}
