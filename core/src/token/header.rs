use crate::error::{Code, Error};
use crate::keys::strict_json::Object;
use crate::keys::{Algorithm, MAX_KEY_ID_CHARS, shown};

/// Header members that change what a token's bytes mean. None of them is supported, so each is a reason to refuse.
///
/// `crit` lists extensions that a receiver must understand (RFC 7515 section 4.1.11) and several libraries skip
/// it; `b64` makes the signed bytes others than the received ones (RFC 7797); `zip` and `enc` belong to encrypted
/// tokens, and a receiver that half-understands those has decompressed bombs and accepted unsigned contents.
const EXTENSIONS: [&str; 4] = ["crit", "b64", "zip", "enc"];

/// What a token's header asks for: how to verify it, and with which key.
///
/// Nothing else of the header is used. `jwk`, `jku`, `x5c` and `x5u` carry or name a key that whoever made the
/// token has chosen; they are not even looked at.
#[derive(Debug)]
pub(crate) struct TokenHeader {
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<String>,
}

impl TokenHeader {
    /// Reads the JSON text of a header.
    ///
    /// # Errors
    /// `malformed_token` for anything but a JSON object with unique members, a string `alg`, and strings `typ`
    /// and `kid` where they are present (`kid` always, when it is required).
    /// `unsupported_algorithm` for an `alg` that is not `allowed`, and for `crit`, `b64`, `zip` or `enc`.
    pub(crate) fn parse(text: &str, allowed: &[Algorithm], key_id_required: bool) -> Result<Self, Error> {
        let header = Object::parse(text)
            .map_err(|problem| malformed(format!("the bearer token's header is malformed: {problem}")))?;
        let algorithm = algorithm(&header, allowed)?;
        if let Some(extension) = EXTENSIONS.into_iter().find(|extension| header.get(extension).is_some()) {
            return Err(unsupported(format!(
                "the bearer token's header has {extension}, which is not supported"
            )));
        }
        if header.get("typ").is_some_and(|value| value.string().is_none()) {
            return Err(malformed("the bearer token's header has a typ that is not a string"));
        }
        Ok(Self { algorithm, key_id: key_id(&header, key_id_required)? })
    }
}

/// The list comes from the receiver's configuration. A receiver that lets the token choose accepts `none`, or an
/// HMAC made with the public key as its secret.
fn algorithm(header: &Object<'_>, allowed: &[Algorithm]) -> Result<Algorithm, Error> {
    let name = header.get("alg").ok_or_else(|| malformed("the bearer token's header has no alg"))?;
    let name = name
        .string()
        .ok_or_else(|| malformed("the bearer token's header has an alg that is not a string"))?;
    let algorithm = Algorithm::named(&name).filter(|algorithm| allowed.contains(algorithm));
    algorithm.ok_or_else(|| {
        let expected: Vec<_> = allowed.iter().map(|algorithm| algorithm.name()).collect();
        unsupported(format!("the bearer token's alg is {}, expected {}", shown(&name), expected.join(" or ")))
    })
}

fn key_id(header: &Object<'_>, required: bool) -> Result<Option<String>, Error> {
    let Some(value) = header.get("kid") else {
        return if required { Err(malformed("the bearer token's header has no kid")) } else { Ok(None) };
    };
    let key_id = value
        .string()
        .ok_or_else(|| malformed("the bearer token's header has a kid that is not a string"))?;
    if (1..=MAX_KEY_ID_CHARS).contains(&key_id.chars().count()) {
        Ok(Some(key_id.into_owned()))
    } else {
        Err(malformed(format!("the bearer token's kid does not have 1 to {MAX_KEY_ID_CHARS} characters")))
    }
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Code::MalformedToken, message)
}

fn unsupported(message: String) -> Error {
    Error::new(Code::UnsupportedAlgorithm, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<TokenHeader, Error> {
        TokenHeader::parse(text, &[Algorithm::Rs256], false)
    }

    fn code(text: &str) -> Code {
        parse(text).unwrap_err().code()
    }

    #[test]
    fn reads_algorithm_and_key_id() {
        let header = parse(r#"{"alg":"RS256","kid":"k","typ":"at+jwt","foo":{"bar":1}}"#).unwrap();
        assert_eq!((header.algorithm, header.key_id.as_deref()), (Algorithm::Rs256, Some("k")));
        let escaped = parse(r#"{ "\u0061lg" : "RS\u003256" }"#).unwrap();
        assert_eq!((escaped.algorithm, escaped.key_id), (Algorithm::Rs256, None));
    }

    #[test]
    fn refuses_every_algorithm_that_was_not_configured() {
        for name in
            ["none", "None", "NONE", "nOnE", "", "HS256", "RS384", "PS256", "ES256", "rs256", "RS256 "]
        {
            assert_eq!(code(&format!(r#"{{"alg":"{name}"}}"#)), Code::UnsupportedAlgorithm, "{name:?}");
        }
        let allowed = [Algorithm::Rs256, Algorithm::Rs384];
        assert!(TokenHeader::parse(r#"{"alg":"RS384"}"#, &allowed, false).is_ok());
        assert_eq!(
            TokenHeader::parse(r#"{"alg":"none"}"#, &allowed, false).unwrap_err().to_string(),
            "the bearer token's alg is \"none\", expected RS256 or RS384"
        );
        assert!(TokenHeader::parse(r#"{"alg":"RS256"}"#, &[], false).is_err());
    }

    #[test]
    fn refuses_an_alg_that_is_not_a_string() {
        for text in ["{}", r#"{"alg":null}"#, r#"{"alg":["RS256"]}"#, r#"{"alg":256}"#, r#"{"ALG":"RS256"}"#]
        {
            assert_eq!(code(text), Code::MalformedToken, "{text}");
        }
    }

    #[test]
    fn refuses_members_that_change_the_meaning() {
        let members = [
            r#""crit":["x"]"#,
            r#""crit":[]"#,
            r#""crit":null"#,
            r#""b64":false"#,
            r#""b64":true"#,
            r#""zip":"DEF""#,
            r#""enc":"A128GCM""#,
        ];
        for member in members {
            assert_eq!(
                code(&format!(r#"{{"alg":"RS256",{member}}}"#)),
                Code::UnsupportedAlgorithm,
                "{member}"
            );
        }
    }

    #[test]
    fn ignores_keys_that_the_token_brings_along() {
        let text = r#"{"alg":"RS256","jwk":{"kty":"RSA"},"jku":"https://x","x5u":1,"x5c":[],"x5t":"a"}"#;
        assert!(parse(text).is_ok());
    }

    #[test]
    fn takes_a_typ_only_as_a_string() {
        assert!(parse(r#"{"alg":"RS256","typ":""}"#).is_ok());
        assert_eq!(code(r#"{"alg":"RS256","typ":null}"#), Code::MalformedToken);
        assert_eq!(code(r#"{"alg":"RS256","typ":["JWT"]}"#), Code::MalformedToken);
    }

    #[test]
    fn takes_a_key_id_only_as_a_string_of_1_to_255_characters() {
        let with = |key_id: &str| format!(r#"{{"alg":"RS256","kid":{key_id}}}"#);
        assert!(parse(&with(&format!("\"{}\"", "é".repeat(255)))).is_ok());
        for key_id in ["1", "null", "[\"k\"]", "{}", "true", "\"\"", &format!("\"{}\"", "k".repeat(256))] {
            assert_eq!(code(&with(key_id)), Code::MalformedToken, "{key_id}");
        }
    }

    #[test]
    fn a_key_id_may_be_required() {
        let error = TokenHeader::parse(r#"{"alg":"RS256"}"#, &[Algorithm::Rs256], true).unwrap_err();
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            (Code::MalformedToken, "the bearer token's header has no kid")
        );
    }

    #[test]
    fn refuses_json_that_two_readers_could_read_differently() {
        assert_eq!(code(r#"{"alg":"RS256","alg":"none"}"#), Code::MalformedToken);
        assert_eq!(code(r#"{"alg":"none","\u0061lg":"RS256"}"#), Code::MalformedToken);
        assert_eq!(code(r#"{"alg":"RS256","x":{"a":1,"a":2}}"#), Code::MalformedToken);
        let deep = format!(r#"{{"alg":"RS256","x":{}{}}}"#, "[".repeat(64), "]".repeat(64));
        assert_eq!(code(&deep), Code::MalformedToken);
        for text in ["[]", "null", "\"RS256\"", "{}{}", "{\"alg\":\"RS256\"", "\u{feff}{\"alg\":\"RS256\"}"] {
            assert_eq!(code(text), Code::MalformedToken, "{text}");
        }
    }
}
