//! Writes JSON again with other white space and other escapes, and leaves everything else as it stands.

use std::fmt::Write as _;

/// Where white space stands outside of strings.
#[derive(Clone, Copy)]
pub(super) enum Spacing {
    Compact,
    AfterSeparators,
    Indented(usize),
}

/// How characters are written within strings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    Kept,
    /// `\u00e9` for é.
    Ascii,
    /// é for `\u00e9`, `/` for `\/`.
    Unescaped,
    /// `\u00e9` for é and `\/` for `/`.
    Php,
}

/// Rewrites a text; nothing for one that is not a JSON object or array. Its validity is not checked further: what is
/// wrong comes out wrong, and verifies nothing.
pub(super) fn rewrite(text: &str, spacing: Spacing, escapes: Escapes) -> Option<String> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut output = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                let mut string = String::new();
                while let Some(inner) = characters.next() {
                    match inner {
                        '"' => break,
                        '\\' => {
                            string.push('\\');
                            string.extend(characters.next());
                        }
                        other => string.push(other),
                    }
                }
                output.push('"');
                write_string(&mut output, &string, escapes);
                output.push('"');
            }
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                depth = depth.saturating_add(1);
                output.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if !matches!(characters.peek(), Some('}' | ']')) {
                    break_line(&mut output, spacing, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !output.ends_with(['{', '[']) {
                    break_line(&mut output, spacing, depth);
                }
                output.push(character);
            }
            ',' => {
                output.push(',');
                if matches!(spacing, Spacing::AfterSeparators) {
                    output.push(' ');
                }
                break_line(&mut output, spacing, depth);
            }
            ':' => output.push_str(if matches!(spacing, Spacing::Compact) { ":" } else { ": " }),
            other => output.push(other),
        }
    }
    Some(output)
}

fn break_line(output: &mut String, spacing: Spacing, depth: usize) {
    if let Spacing::Indented(width) = spacing {
        output.push('\n');
        output.push_str(&" ".repeat(width.saturating_mul(depth.min(128))));
    }
}

fn write_string(output: &mut String, string: &str, escapes: Escapes) {
    let plain = if escapes == Escapes::Unescaped { unescaped(string) } else { None };
    let string = plain.as_deref().unwrap_or(string);
    if matches!(escapes, Escapes::Kept | Escapes::Unescaped) {
        output.push_str(string);
        return;
    }
    let mut after_backslash = false;
    for character in string.chars() {
        let is_slash = character == '/' && !after_backslash && escapes == Escapes::Php;
        after_backslash = character == '\\' && !after_backslash;
        if is_slash {
            output.push_str("\\/");
        } else if character.is_ascii() {
            output.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(output, "\\u{unit:04x}");
            }
        }
    }
}

/// Turns the escapes of a string into what they stand for, but for those that JSON needs.
fn unescaped(string: &str) -> Option<String> {
    let text: String = serde_json::from_str(&format!("\"{string}\"")).ok()?;
    let written = serde_json::to_string(&text).ok()?;
    Some(written.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ \"a\":[1,\"x, y: \\\"z\\\" é/\"],\n\"b\" : {}, \"c\":[ ] }";

    #[test]
    fn writes_the_white_space_of_other_programs() {
        let written = |spacing| rewrite(TEXT, spacing, Escapes::Kept).unwrap();
        assert_eq!(written(Spacing::Compact), r#"{"a":[1,"x, y: \"z\" é/"],"b":{},"c":[]}"#);
        assert_eq!(written(Spacing::AfterSeparators), r#"{"a": [1, "x, y: \"z\" é/"], "b": {}, "c": []}"#);
        let indented =
            "{\n  \"a\": [\n    1,\n    \"x, y: \\\"z\\\" é/\"\n  ],\n  \"b\": {},\n  \"c\": []\n}";
        assert_eq!(written(Spacing::Indented(2)), indented);
    }

    #[test]
    fn writes_the_escapes_of_other_programs() {
        let written = |text, escapes| rewrite(text, Spacing::Compact, escapes).unwrap();
        assert_eq!(written(r#"["é/😀\n"]"#, Escapes::Ascii), r#"["\u00e9/\ud83d\ude00\n"]"#);
        assert_eq!(written(r#"["é/\/"]"#, Escapes::Php), r#"["\u00e9\/\/"]"#);
        assert_eq!(written(r#"["\u00e9\/\"\ud83d\ude00"]"#, Escapes::Unescaped), r#"["é/\"😀"]"#);
    }

    #[test]
    fn anything_else_is_left_alone() {
        for text in ["", "text", "1", "\"a\""] {
            assert_eq!(rewrite(text, Spacing::Compact, Escapes::Kept), None);
        }
        for text in ["{", "[\"", "{\"a\\", "}}]]", "[,,:"] {
            let _ = rewrite(text, Spacing::Indented(4), Escapes::Php);
        }
    }
}
