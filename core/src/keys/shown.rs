/// Prints text that a stranger chose: short, and with control characters escaped.
///
/// A key id with a line feed would otherwise write lines of its own into the log of whoever logs the error.
pub(crate) fn shown(text: &str) -> String {
    const MAX_CHARS: usize = 64;
    match text.char_indices().nth(MAX_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start:?}…"),
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_a_strangers_text_short_and_escaped() {
        assert_eq!(shown("a\nb\u{202e}"), r#""a\nb\u{202e}""#);
        assert_eq!(shown(&"é".repeat(100)), format!("\"{}\"…", "é".repeat(64)));
    }
}
