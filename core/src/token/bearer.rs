use super::compact::CompactToken;
use crate::error::{Code, Error};
use crate::octets::all;

const SCHEME: &str = "bearer";

/// A token as a request presents it, of which nothing is believed.
#[derive(Clone, Copy)]
pub(crate) struct PresentedToken<'a> {
    text: &'a str,
    is_bare: bool,
}

impl<'a> PresentedToken<'a> {
    /// Takes a value that is a token and nothing else.
    pub(crate) fn bare(value: &'a str) -> Self {
        Self { text: value, is_bare: true }
    }

    /// Takes the token out of the value of an `Authorization` header (RFC 6750 section 2.1).
    ///
    /// The scheme's name is case-insensitive, and exactly one space follows it.
    ///
    /// # Errors
    /// `malformed_header`. The message never repeats the value: it may be a credential for something else.
    pub(crate) fn bearer(value: &'a str) -> Result<Self, Error> {
        let (scheme, rest) = value.split_at_checked(SCHEME.len()).unwrap_or_default();
        let token = rest.strip_prefix(' ').filter(|_| scheme.eq_ignore_ascii_case(SCHEME));
        let token = token
            .ok_or_else(|| malformed("the authorization header is not \"Bearer\", one space and a token"))?;
        if token.is_empty() {
            return Err(malformed("the authorization header has an empty token behind \"Bearer\""));
        }
        Ok(Self { text: token, is_bare: false })
    }

    /// Returns the whole text, which may have any character.
    pub(super) fn text(self) -> &'a str {
        self.text
    }

    /// Splits the token.
    ///
    /// Behind "Bearer" a token has only the characters of RFC 9110's `token68`. Two values joined by a comma, line feeds
    /// and bytes beyond ASCII have no place in that alphabet, so they end here and reach no parser.
    ///
    /// # Errors
    /// `malformed_header`, and those of [`CompactToken::parse`].
    pub(super) fn parts(self) -> Result<CompactToken<'a>, Error> {
        if !self.is_bare && !all(self.text.as_bytes(), is_token_character) {
            return Err(malformed("the authorization header has a character that no token can have"));
        }
        CompactToken::parse(self.text)
    }
}

fn malformed(message: &'static str) -> Error {
    Error::new(Code::MalformedHeader, message)
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

    fn refusal(value: &str) -> Option<Code> {
        let parts = PresentedToken::bearer(value).and_then(PresentedToken::parts);
        parts.err().map(|error| error.code())
    }

    #[test]
    fn takes_the_token_behind_the_scheme_in_any_case() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR a.b.c"] {
            assert_eq!(PresentedToken::bearer(value).unwrap().text(), "a.b.c");
            assert_eq!(refusal(value), None);
        }
    }

    #[test]
    fn refuses_every_other_form() {
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer  a.b.c",
            " Bearer a.b.c",
            "Bearer\ta.b.c",
            "Bearer a.b.c ",
            "Bearer a.b.c\n",
            "Bearer a b",
            "Bearer a,Bearer b",
            "Bearer a\0",
            "Bearer \u{e9}",
            "Bearer \"a\"",
            "Bearer:a",
            "Bearera.b.c",
            "Basic a.b.c",
            "a.b.c",
            "Beare\u{157} a.b.c",
            "Bear\u{1f600}",
        ] {
            assert_eq!(refusal(value), Some(Code::MalformedHeader), "{value:?}");
        }
    }

    #[test]
    fn leaves_padding_to_the_parser_of_the_token() {
        assert_eq!(refusal("Bearer a.b.dGVzdA=="), None);
    }

    #[test]
    fn a_bare_token_is_split_as_it_is() {
        assert!(PresentedToken::bare("a b.c.d").parts().is_ok());
        let error = PresentedToken::bare("Bearer a").parts().err().unwrap();
        assert_eq!(error.code(), Code::MalformedToken);
    }

    #[test]
    fn the_message_does_not_repeat_the_value() {
        for value in ["Basic c2VjcmV0", "Bearer c2VjcmV0 "] {
            let error = PresentedToken::bearer(value).and_then(PresentedToken::parts).err().unwrap();
            assert!(!error.to_string().contains("c2VjcmV0"));
        }
    }
}
