use crate::error::{Code, Error};
use crate::octets::all;

const SCHEME: &[u8] = b"bearer";

/// Takes the token out of the value of an `Authorization` header (RFC 6750 section 2.1).
///
/// The scheme's name is case-insensitive, exactly one space follows it, and the token has only the characters of
/// RFC 9110's `token68`. Two values joined by a comma, line feeds and bytes beyond ASCII have no place in that
/// alphabet, so they end here and reach no parser.
///
/// # Errors
/// `malformed_header`. The message never repeats the value: it may be a credential for something else.
pub(crate) fn bearer(value: &[u8]) -> Result<&str, Error> {
    let malformed = |message| Error::new(Code::MalformedHeader, message);
    let has_scheme = value.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME));
    let token = value.get(SCHEME.len()..).and_then(|rest| rest.strip_prefix(b" ")).filter(|_| has_scheme);
    let token = token
        .ok_or_else(|| malformed("the authorization header is not \"Bearer\", one space and a token"))?;
    if token.is_empty() {
        return Err(malformed("the authorization header has an empty token behind \"Bearer\""));
    }
    let text = str::from_utf8(token).ok().filter(|text| all(text.as_bytes(), is_token_character));
    text.ok_or_else(|| malformed("the authorization header has a character that no token can have"))
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch, a compiler can look at sixteen bytes at once"
)]
fn is_token_character(byte: u8) -> bool {
    // Between the hyphen and the nine are the dot, the slash and the digits.
    let is_in_row = matches!(byte, b'-'..=b'9');
    let is_mark = (byte == b'_') | (byte == b'~') | (byte == b'+') | (byte == b'=');
    byte.is_ascii_alphabetic() | is_in_row | is_mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_characters_of_a_token() {
        for byte in 0..=255_u8 {
            let expected = byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
            assert_eq!(is_token_character(byte), expected, "{byte}");
        }
    }

    #[test]
    fn takes_the_token_behind_the_scheme_in_any_case() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR a.b.c"] {
            assert_eq!(bearer(value.as_bytes()).unwrap(), "a.b.c");
        }
    }

    #[test]
    fn refuses_every_other_form() {
        let values: [&[u8]; 19] = [
            b"",
            b"Bearer",
            b"Bearer ",
            b"Bearer  a.b.c",
            b" Bearer a.b.c",
            b"Bearer\ta.b.c",
            b"Bearer a.b.c ",
            b"Bearer a.b.c\n",
            b"Bearer a b",
            b"Bearer a,Bearer b",
            b"Bearer a\0",
            b"Bearer \xc3\xa9",
            b"Bearer \xff",
            b"Bearer \"a\"",
            b"Bearer:a",
            b"Bearera.b.c",
            b"Basic a.b.c",
            b"a.b.c",
            b"Beare\xc5\x97 a.b.c",
        ];
        for value in values {
            assert_eq!(bearer(value).unwrap_err().code(), Code::MalformedHeader, "{}", value.escape_ascii());
        }
    }

    #[test]
    fn leaves_padding_to_the_parser_of_the_token() {
        assert_eq!(bearer(b"Bearer a.b.dGVzdA==").unwrap(), "a.b.dGVzdA==");
    }

    #[test]
    fn the_message_does_not_repeat_the_value() {
        assert!(!bearer(b"Basic c2VjcmV0").unwrap_err().to_string().contains("c2VjcmV0"));
    }
}
