/// Keys without a stated lifetime are fetched again after an hour.
const DEFAULT_MILLIS: u64 = 60 * 60 * 1000;

/// A server that says "do not cache" does not get a request for each webhook.
const LEAST_MILLIS: u64 = 5 * 60 * 1000;

/// A server that says "cache for a year" may still have to withdraw a key.
pub(super) const MOST_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// Reads how long a document stays fresh, in milliseconds, from its `Cache-Control` and `Age` (RFC 9111 section 4.2).
///
/// `max-age` less the time that the document has spent in caches already, and never under 5 minutes or over 24 hours.
/// An hour where nothing is said, or nothing that can be read.
pub(super) fn lifetime_millis(cache_control: Option<&str>, age: Option<&str>) -> u64 {
    let directives = || cache_control.unwrap_or_default().split(',').map(str::trim);
    let is_forbidden = |directive: &str| {
        directive.eq_ignore_ascii_case("no-store") || directive.eq_ignore_ascii_case("no-cache")
    };
    if directives().any(is_forbidden) {
        return LEAST_MILLIS;
    }
    let Some(max_age) = directives().find_map(max_age) else { return DEFAULT_MILLIS };
    let age = age.and_then(seconds).unwrap_or(0);
    max_age.saturating_sub(age).saturating_mul(1000).clamp(LEAST_MILLIS, MOST_MILLIS)
}

fn max_age(directive: &str) -> Option<u64> {
    let (name, value) = directive.split_once('=')?;
    name.eq_ignore_ascii_case("max-age").then(|| seconds(value.trim_matches('"'))).flatten()
}

/// Reads digits; a number that is too large for the type is as good as the largest.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60 * 1000;

    fn lifetime(cache_control: &str) -> u64 {
        lifetime_millis(Some(cache_control), None)
    }

    #[test]
    fn honours_max_age() {
        assert_eq!(lifetime("public, max-age=19204, must-revalidate, no-transform"), 19_204_000);
        assert_eq!(lifetime("MAX-AGE=\"600\""), 600_000);
        assert_eq!(lifetime_millis(Some("max-age=3600"), Some("600")), 50 * MINUTE);
    }

    #[test]
    fn stays_within_5_minutes_and_24_hours() {
        for least in ["max-age=0", "max-age=299", "no-store", "no-cache, max-age=3600", "private, No-Store"] {
            assert_eq!(lifetime(least), 5 * MINUTE, "{least}");
        }
        assert_eq!(lifetime_millis(Some("max-age=600"), Some("9999999")), 5 * MINUTE);
        for most in ["max-age=86401", "max-age=31536000", "max-age=99999999999999999999999"] {
            assert_eq!(lifetime(most), 24 * 60 * MINUTE, "{most}");
        }
    }

    #[test]
    fn an_hour_where_nothing_readable_is_said() {
        assert_eq!(lifetime_millis(None, None), 60 * MINUTE);
        for silent in [
            "",
            "public",
            "max-age",
            "max-age=",
            "max-age=-1",
            "max-age=1.5",
            "s-maxage=600",
            "x-max-age=600",
        ] {
            assert_eq!(lifetime(silent), 60 * MINUTE, "{silent:?}");
        }
        assert_eq!(lifetime_millis(Some("max-age=3600"), Some("soon")), 60 * MINUTE);
    }

    proptest! {
        #[test]
        fn any_headers_stay_within_the_bounds(cache_control in ".{0,60}", age in ".{0,20}") {
            let found = lifetime_millis(Some(&cache_control), Some(&age));
            prop_assert!((5 * MINUTE..=24 * 60 * MINUTE).contains(&found));
        }
    }
}
