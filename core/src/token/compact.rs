use crate::encoding::Encoding;
use crate::error::{Code, Error};
use crate::keys::Signature;

/// How long a token may be. Real ones have half a kilobyte to two; servers refuse larger headers anyway.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The parts of a compact JWS (RFC 7515 section 7.1), split and not yet believed.
pub(crate) struct CompactToken<'a> {
    /// The text that was signed: header and claims as they were received, with the dot between them.
    pub(crate) signing_input: &'a str,
    header: &'a str,
    claims: &'a str,
    signature: &'a str,
}

impl<'a> CompactToken<'a> {
    /// Splits a token.
    ///
    /// # Errors
    /// `malformed_token` when it has more than 16 kB, does not have exactly three segments, or has no header or
    /// no claims (a detached payload).
    pub(crate) fn parse(token: &'a str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN_BYTES {
            let found = token.len();
            return Err(malformed(format!(
                "the bearer token has {found} bytes, expected at most {MAX_TOKEN_BYTES}"
            )));
        }
        let three = || {
            let (signing_input, signature) = token.rsplit_once('.')?;
            let (header, claims) = signing_input.split_once('.')?;
            (!claims.contains('.')).then_some(Self { signing_input, header, claims, signature })
        };
        let parts = three().ok_or_else(|| {
            let found = token.split('.').count();
            malformed(format!("the bearer token has {found} segments between dots, expected 3"))
        })?;
        require_content("header", parts.header)?;
        require_content("claims", parts.claims)?;
        Ok(parts)
    }

    /// Decodes the JSON text of the header.
    pub(crate) fn header(&self) -> Result<String, Error> {
        text("header", self.header)
    }

    /// Decodes the signature. To be called after the header was judged, so that a token with `alg: none`, which
    /// has no signature, is refused for the algorithm that it asks for.
    pub(crate) fn signature(&self) -> Result<Signature, Error> {
        require_content("signature", self.signature)?;
        decode("signature", self.signature).map(Signature)
    }

    /// Decodes the JSON text of the claims. To be called once the signature is known to be right.
    pub(crate) fn claims(&self) -> Result<String, Error> {
        text("claims", self.claims)
    }
}

fn require_content(name: &str, segment: &str) -> Result<(), Error> {
    if segment.is_empty() {
        Err(malformed(format!("the bearer token's {name} segment is empty")))
    } else {
        Ok(())
    }
}

fn text(name: &str, segment: &str) -> Result<String, Error> {
    let bytes = decode(name, segment)?;
    String::from_utf8(bytes).map_err(|_| malformed(format!("the bearer token's {name} segment is not UTF-8")))
}

/// Decodes canonical base64url only: with several spellings of one token, a list of revoked or used tokens that
/// compares texts would miss all spellings but one.
fn decode(name: &str, segment: &str) -> Result<Vec<u8>, Error> {
    Encoding::Base64url.decode(segment).ok_or_else(|| {
        malformed(format!("the bearer token's {name} segment is not canonical base64url without padding"))
    })
}

fn malformed(message: String) -> Error {
    Error::new(Code::MalformedToken, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is said about a token of which some segment cannot be had.
    fn message(token: &str) -> String {
        let parts = CompactToken::parse(token);
        let error =
            parts.and_then(|parts| Ok((parts.header()?, parts.signature()?.0, parts.claims()?))).unwrap_err();
        assert_eq!(error.code(), Code::MalformedToken);
        error.to_string()
    }

    #[test]
    fn splits_into_three() {
        let token = CompactToken::parse("e30.e30.AQ").unwrap();
        assert_eq!((token.signing_input, token.signature().unwrap().0), ("e30.e30", vec![1]));
        assert_eq!((token.header().unwrap(), token.claims().unwrap()), ("{}".to_owned(), "{}".to_owned()));
    }

    #[test]
    fn refuses_any_other_number_of_segments() {
        for (token, found) in
            [("", 1), ("e30", 1), ("e30.e30", 2), ("a.b.c.d", 4), ("a.b.c.d.e", 5), ("....", 5)]
        {
            let expected = format!("the bearer token has {found} segments between dots, expected 3");
            assert_eq!(message(token), expected, "{token:?}");
        }
    }

    #[test]
    fn refuses_an_empty_segment() {
        for (token, name) in
            [(".e30.AQ", "header"), ("e30..AQ", "claims"), ("e30.e30.", "signature"), ("..", "header")]
        {
            assert_eq!(message(token), format!("the bearer token's {name} segment is empty"));
        }
    }

    #[test]
    fn refuses_segments_that_are_not_canonical_base64url() {
        for signature in ["AQ==", "AR", "A", "+/8", "A Q", "é"] {
            assert!(message(&format!("e30.e30.{signature}")).contains("signature segment is not canonical"));
        }
        assert!(message("e30=.e30.AQ").contains("header segment is not canonical"));
        assert!(message("e30.e31.AQ").contains("claims segment is not canonical"));
    }

    #[test]
    fn refuses_text_that_is_not_utf_8() {
        assert_eq!(message("_w.e30.AQ"), "the bearer token's header segment is not UTF-8");
        assert_eq!(message("e30.gA.AQ"), "the bearer token's claims segment is not UTF-8");
    }

    #[test]
    fn refuses_a_token_over_16_kb() {
        let sized = |bytes: usize| format!("e30.{}.AQ", "A".repeat(bytes - 7));
        assert!(CompactToken::parse(&sized(16 * 1024)).is_ok());
        assert_eq!(
            message(&sized(16 * 1024 + 1)),
            "the bearer token has 16385 bytes, expected at most 16384"
        );
    }
}
