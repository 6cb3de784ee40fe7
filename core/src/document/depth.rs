/// How deep arrays and objects may be nested in a body: the default limit of most parsers, far beyond what any
/// provider sends.
pub(crate) const MAX_DEPTH: usize = 128;

/// Tells whether a JSON text is nested no deeper than [`MAX_DEPTH`].
///
/// Skipping parsers have no limit of their own, but the application parses `data` again, and a parser that recurses
/// would run out of stack there: `RecursionError` in Python, an abort elsewhere.
pub(crate) fn is_shallow(text: &str) -> bool {
    // Few brackets cannot nest deeply, wherever they stand, and counting is many times faster than following them.
    if has_few_brackets(text.as_bytes()) {
        return true;
    }
    let mut depth = 0_usize;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    true
}

/// Counts in pieces of 255 bytes, whose counts fit into a byte, because compilers vectorise that.
fn has_few_brackets(text: &[u8]) -> bool {
    let opening = |piece: &[u8]| {
        piece.iter().fold(0_u8, |count, byte| count.wrapping_add(u8::from(matches!(byte, b'{' | b'['))))
    };
    let mut left = MAX_DEPTH;
    text.chunks(255).all(|piece| {
        let within = left.checked_sub(opening(piece).into());
        left = within.unwrap_or_default();
        within.is_some()
    })
}

/// Moves past the closing quote of a string.
fn skip_string(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn takes_exactly_the_limit() {
        assert!(is_shallow(&nested(MAX_DEPTH)));
        assert!(!is_shallow(&nested(MAX_DEPTH + 1)));
        // With more brackets than can be told from their number alone.
        assert!(is_shallow(&format!("[[],{}]", nested(MAX_DEPTH - 1))));
        assert!(!is_shallow(&format!("[[],{}]", nested(MAX_DEPTH))));
        assert!(!is_shallow(&r#"{"a":"#.repeat(MAX_DEPTH + 1)));
    }

    #[test]
    fn counts_neither_siblings_nor_brackets_in_strings() {
        assert!(is_shallow(&"[]".repeat(1000)));
        assert!(is_shallow(&format!(r#""\"{}""#, "[".repeat(1000))));
        assert!(!is_shallow(&format!(r#"["{}",{}]"#, "]".repeat(1000), nested(MAX_DEPTH))));
    }
}
