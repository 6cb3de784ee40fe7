use std::borrow::Cow;
use std::fmt::Write;
use std::iter;

/// Reads the string that `text` starts with, and returns it as `QuoteJSONString` writes it, without the quotes,
/// together with what comes after it.
pub(super) fn read(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let (plain, mut rest) = split_plain(text.strip_prefix('"')?)?;
    if let Some(rest) = rest.strip_prefix('"') {
        return Some((Cow::Borrowed(plain), rest));
    }
    let mut quoted = plain.to_owned();
    loop {
        rest = read_escapes(rest, &mut quoted)?;
        let (plain, after) = split_plain(rest)?;
        quoted.push_str(plain);
        if let Some(after) = after.strip_prefix('"') {
            return Some((Cow::Owned(quoted), after));
        }
        rest = after;
    }
}

/// Splits before the first character that ends a string, starts an escape or may not stand in a string.
fn split_plain(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    text.split_at_checked(end)
}

/// Reads the escape that `text` starts with, or a whole run of `\u` escapes, and returns what comes after it.
fn read_escapes<'a>(text: &'a str, quoted: &mut String) -> Option<&'a str> {
    // A raw control character is no escape, so it fails here.
    let mut characters = text.strip_prefix('\\')?.chars();
    match characters.next()? {
        'u' => return read_code_units(text, quoted),
        '/' => quoted.push('/'),
        // The short escapes that are read are the ones that are written.
        letter @ ('"' | '\\' | 'b' | 'f' | 'n' | 'r' | 't') => {
            quoted.push('\\');
            quoted.push(letter);
        }
        _ => return None,
    }
    Some(characters.as_str())
}

/// Reads a run of `\u` escapes. They are taken together because two of them may make one character.
fn read_code_units<'a>(text: &'a str, quoted: &mut String) -> Option<&'a str> {
    let mut rest = text;
    let code_units = iter::from_fn(|| {
        let (code_unit, after) = split_code_unit(rest)?;
        rest = after;
        Some(code_unit)
    });
    for decoded in char::decode_utf16(code_units) {
        match decoded {
            Ok(character) => quote(character, quoted),
            Err(lone_surrogate) => escape(lone_surrogate.unpaired_surrogate(), quoted),
        }
    }
    // Nothing was read if the escape is malformed; a malformed one after others fails at the next call.
    (rest.len() < text.len()).then_some(rest)
}

/// Splits one `\u` escape off, as the code unit that it stands for.
fn split_code_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    // Rust would read `+123` as well.
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code_unit = u16::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)?;
    Some((code_unit, rest))
}

/// Writes one character inside a string.
fn quote(character: char, quoted: &mut String) {
    match character {
        '"' => quoted.push_str("\\\""),
        '\\' => quoted.push_str("\\\\"),
        '\u{8}' => quoted.push_str("\\b"),
        '\u{c}' => quoted.push_str("\\f"),
        '\n' => quoted.push_str("\\n"),
        '\r' => quoted.push_str("\\r"),
        '\t' => quoted.push_str("\\t"),
        '\0'..' ' => escape(character, quoted),
        _ => quoted.push(character),
    }
}

/// Writes a code unit as an escape, with the lower-case digits that ECMAScript prescribes.
fn escape(code_unit: impl Into<u32>, quoted: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = write!(quoted, "\\u{:04x}", code_unit.into());
}
