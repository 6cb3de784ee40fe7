use std::time::{Duration, UNIX_EPOCH};

/// Reads a `Retry-After` value as the time to wait from `now` (unix seconds): whole seconds or an HTTP date.
///
/// A date in the past means no wait. What is neither form is `None`: the plan's own delay stands (RFC 9110,
/// section 10.2.3).
pub(super) fn parse(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim_matches([' ', '\t']);
    delta_seconds(value).or_else(|| until_http_date(value, now))
}

/// Reads ASCII digits only: `str::parse` alone would take `+1`. More digits than fit mean a long wait, which the
/// caller bounds.
fn delta_seconds(value: &str) -> Option<Duration> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

fn until_http_date(value: &str, now: i64) -> Option<Duration> {
    let date = httpdate::parse_http_date(value).ok()?;
    let date = i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    let seconds = date.saturating_sub(now);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110.
    const DATE: i64 = 784_111_777;

    fn seconds(value: &str, now: i64) -> Option<u64> {
        parse(value, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn whole_seconds_are_read() {
        assert_eq!(seconds("120", DATE), Some(120));
        assert_eq!(seconds(" 0\t", DATE), Some(0));
        assert_eq!(seconds("0120", DATE), Some(120));
    }

    #[test]
    fn more_digits_than_fit_are_a_long_wait() {
        assert_eq!(seconds("99999999999999999999999", DATE), Some(u64::MAX));
    }

    #[test]
    fn the_three_http_date_forms_are_read() {
        for value in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(seconds(value, DATE - 90), Some(90), "{value}");
        }
    }

    #[test]
    fn a_date_in_the_past_is_no_wait() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT", DATE), Some(0));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT", i64::MAX), Some(0));
    }

    #[test]
    fn a_clock_at_the_edge_does_not_overflow() {
        assert_eq!(
            seconds("Sun, 06 Nov 1994 08:49:37 GMT", i64::MIN),
            Some(u64::try_from(i64::MAX).unwrap())
        );
    }

    #[test]
    fn a_malformed_value_is_ignored() {
        for value in [
            "",
            " ",
            "+1",
            "-1",
            "1.5",
            "1e3",
            "1_000",
            "120, 60",
            "12 0",
            "\u{ff11}",
            "soon",
            "Sun, 06 Nov 1994 08:49:37",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse(value, DATE), None, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(value in "\\PC*", now: i64) {
            let _ = parse(&value, now);
        }

        #[test]
        fn no_text_like_a_date_panics(
            value in "(Sun|Mon|Sunday), [0-9]{2}[ -](Jan|Feb|Dec)[ -][0-9]{2,4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
            now: i64,
        ) {
            let _ = parse(&value, now);
        }
    }
}
