use std::borrow::Cow;

use serde::Deserialize;

/// Returns the text of a JSON string, or of a whole number as it is written; nothing for any other value.
///
/// Some systems number their objects (`"id": 14810`). A number is never computed with, so that one beyond 2^53
/// stays the one that was sent.
pub(crate) fn text(raw: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

    if let Some(rest) = raw.strip_prefix('"') {
        let plain = rest.strip_suffix('"').filter(|inside| !inside.as_bytes().contains(&b'\\'));
        if let Some(inside) = plain {
            return Some(Cow::Borrowed(inside));
        }
        return serde_json::from_str::<Text<'_>>(raw).ok().map(|text| text.0);
    }
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(Cow::Borrowed(raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strings_and_whole_numbers() {
        assert_eq!(text(r#""a\u00e9""#).as_deref(), Some("aé"));
        assert!(matches!(text(r#""plain""#), Some(Cow::Borrowed("plain"))));
        assert_eq!(text("14810").as_deref(), Some("14810"));
        assert_eq!(text("12345678901234567890").as_deref(), Some("12345678901234567890"));
        assert_eq!(text("-7").as_deref(), Some("-7"));
    }

    #[test]
    fn takes_nothing_else_for_a_text() {
        for raw in ["null", "true", "{}", "[]", "1.5", "1e3", "-", "", r#""\ud800""#] {
            assert_eq!(text(raw), None, "{raw}");
        }
    }
}
