use super::strict_json::{Object, Value};
use super::{Keys, endpoint, freshness};

/// How many bytes of an answer are read, after any content coding was undone.
pub(super) const MAX_BODY_BYTES: usize = 512 * 1024;

/// What a server answered to a [`KeyRequest`](super::KeyRequest).
///
/// A redirect is an answer like any other, and not followed: it would take the question to a server that nobody named.
#[derive(Clone, Copy, Debug)]
pub struct KeyAnswer<'a> {
    /// The status code.
    pub status: u16,
    /// The header `Cache-Control`, if there is one.
    pub cache_control: Option<&'a str>,
    /// The header `Age`, if there is one.
    pub age: Option<&'a str>,
    /// The body; of one that is larger than the request allows, any piece that is.
    pub body: &'a [u8],
}

impl KeyAnswer<'_> {
    /// Reads the address of the key set out of a discovery document (`OpenID` Connect Discovery 1.0, section 4.3).
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with the document.
    pub(super) fn discovered(&self, issuer: &str, allow_loopback: bool) -> Result<String, String> {
        let text = self.text()?;
        let document = Object::parse(text).map_err(|problem| format!("is malformed: {problem}"))?;
        // Compared as it is written: whoever may serve documents for one issuer must not speak for another.
        if document.get("issuer").and_then(Value::string).as_deref() != Some(issuer) {
            return Err(format!("does not have the issuer {issuer:?}"));
        }
        let url = document.get("jwks_uri").and_then(Value::string).ok_or("has no jwks_uri")?;
        endpoint::check(&url, allow_loopback)
            .map_err(|problem| format!("names a jwks_uri that cannot be used: {problem}"))?;
        Ok(url.into_owned())
    }

    /// Reads a key set.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with the document.
    pub(super) fn key_set(&self) -> Result<(Keys, &str), String> {
        let text = self.text()?;
        let keys = Keys::parse(text).map_err(|error| format!("cannot be used: {error}"))?;
        Ok((keys, text))
    }

    /// Returns how long the document stays fresh, in milliseconds.
    pub(super) fn lifetime_millis(&self) -> u64 {
        freshness::lifetime_millis(self.cache_control, self.age)
    }

    fn text(&self) -> Result<&str, String> {
        if self.status != 200 {
            return Err(format!("was answered with status {}, expected 200", self.status));
        }
        if self.body.len() > MAX_BODY_BYTES {
            return Err(format!("has more than {MAX_BODY_BYTES} bytes"));
        }
        str::from_utf8(self.body).map_err(|_| "is not UTF-8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://issuer.example";

    fn answer(body: &str) -> KeyAnswer<'_> {
        KeyAnswer { status: 200, cache_control: None, age: None, body: body.as_bytes() }
    }

    fn problem(body: &str) -> String {
        answer(body).discovered(ISSUER, false).unwrap_err()
    }

    #[test]
    fn reads_the_address_of_the_key_set() {
        let document = r#"{"issuer":"https://issuer.example","jwks_uri":"https://keys.example/a","x":[1]}"#;
        assert_eq!(answer(document).discovered(ISSUER, false).unwrap(), "https://keys.example/a");
    }

    #[test]
    fn the_issuer_must_be_exactly_the_configured_one() {
        for issuer in [
            r#""https://issuer.example/""#,
            r#""https://ISSUER.example""#,
            r#""https://issuer.example.evil.test""#,
            r#"["https://issuer.example"]"#,
            "null",
        ] {
            let document = format!(r#"{{"issuer":{issuer},"jwks_uri":"https://keys.example/a"}}"#);
            assert_eq!(problem(&document), "does not have the issuer \"https://issuer.example\"");
        }
        assert!(problem(r#"{"jwks_uri":"https://keys.example/a"}"#).contains("issuer"));
    }

    #[test]
    fn the_address_must_be_https() {
        for url in ["http://keys.example/a", "http://127.0.0.1/a", "file:///keys", "//keys.example", ""] {
            let document = format!(r#"{{"issuer":"https://issuer.example","jwks_uri":"{url}"}}"#);
            assert!(problem(&document).starts_with("names a jwks_uri that cannot be used"), "{url}");
        }
        assert_eq!(problem(r#"{"issuer":"https://issuer.example"}"#), "has no jwks_uri");
        let local = r#"{"issuer":"https://issuer.example","jwks_uri":"http://127.0.0.1:8/a"}"#;
        assert!(answer(local).discovered(ISSUER, true).is_ok());
    }

    #[test]
    fn anything_but_a_good_answer_is_a_failure() {
        for status in [0, 204, 206, 301, 302, 304, 307, 404, 429, 500, 503] {
            let found = KeyAnswer { status, ..answer(r#"{"keys":[]}"#) }.key_set().err().unwrap();
            assert_eq!(found, format!("was answered with status {status}, expected 200"));
        }
        let huge = " ".repeat(MAX_BODY_BYTES + 1);
        assert_eq!(answer(&huge).key_set().err().unwrap(), "has more than 524288 bytes");
        let binary = KeyAnswer { body: b"\x1f\x8b\x08", ..answer("") };
        assert_eq!(binary.key_set().err().unwrap(), "is not UTF-8");
        for garbage in ["", "<html>", "{}", "[]", r#"{"keys":1}"#] {
            assert!(answer(garbage).key_set().is_err(), "{garbage}");
        }
        assert!(
            problem(r#"{"issuer":"https://issuer.example","issuer":"https://evil.test"}"#).contains("twice")
        );
    }

    #[test]
    fn a_document_may_have_as_many_bytes_as_the_limit() {
        let keys = r#"{"keys":[]}"#;
        let document = format!("{keys}{}", " ".repeat(MAX_BODY_BYTES - keys.len()));
        assert_eq!(answer(&document).key_set().unwrap().1.len(), MAX_BODY_BYTES);
    }
}
