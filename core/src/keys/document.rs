use super::strict_json::{Object, Value};
use super::{Algorithm, Key, shown};
use crate::error::{Code, Error};

/// How much text a key set may have. Real sets have one to twenty kilobytes.
const MAX_DOCUMENT_BYTES: usize = 512 * 1024;

/// How many keys a set may have, usable or not.
const MAX_KEYS: usize = 100;

/// How many keys are tried for one token.
///
/// Only a token without key id, or a set that gives one id to many keys, needs more than one. Without a bound a
/// forged token would buy a hundred RSA operations with one request.
const MAX_KEYS_TRIED: usize = 32;

/// How many keys an error message explains.
const MAX_KEYS_EXPLAINED: usize = 5;

/// The keys of one JWKS document (RFC 7517 section 5).
///
/// A key that cannot be used is skipped, as the specification asks: issuers publish keys of other kinds beside
/// those for signatures. The reason is kept, so that an error can say more than "unknown key".
pub(crate) struct Keys {
    usable: Vec<Key>,
    skipped: Vec<Skipped>,
}

/// A key that was not taken, and why.
struct Skipped {
    index: usize,
    key_id: Option<String>,
    reason: String,
}

impl Keys {
    /// Reads the text of a document.
    ///
    /// # Errors
    /// `invalid_key` when the text is longer than 512 kB, is not a JSON object with unique members in at most
    /// 64 levels, has no array `keys`, or has more than 100 keys.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        // The limits stand before the work: whoever answers for the issuer must not decide how much that is.
        if text.len() > MAX_DOCUMENT_BYTES {
            let found = text.len();
            return Err(invalid(format!(
                "the key set has {found} bytes, expected at most {MAX_DOCUMENT_BYTES}"
            )));
        }
        let document =
            Object::parse(text).map_err(|problem| invalid(format!("the key set is malformed: {problem}")))?;
        let elements = document.get("keys").ok_or_else(|| invalid("the key set has no member \"keys\""))?;
        let elements =
            elements.array().ok_or_else(|| invalid("the key set's member \"keys\" is not an array"))?;
        if elements.len() > MAX_KEYS {
            let found = elements.len();
            return Err(invalid(format!("the key set has {found} keys, expected at most {MAX_KEYS}")));
        }

        let mut keys = Self { usable: Vec::with_capacity(elements.len()), skipped: Vec::new() };
        for (index, element) in elements.into_iter().enumerate() {
            let jwk = element.object();
            let key = jwk.as_ref().ok_or_else(|| "it is not a JSON object".to_owned());
            match key.and_then(|jwk| Key::from_jwk(index, jwk)) {
                Ok(key) => keys.usable.push(key),
                Err(reason) => {
                    let key_id = jwk.and_then(|jwk| jwk.get("kid")).and_then(Value::string);
                    keys.skipped.push(Skipped { index, key_id: key_id.map(Into::into), reason });
                }
            }
        }
        Ok(keys)
    }

    /// Iterates over the keys that may have signed a token.
    ///
    /// With a key id these are the keys of exactly that id, without one all of them; at most 32 in either case.
    pub(crate) fn candidates<'a>(
        &'a self,
        key_id: Option<&str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a Key> {
        let matches = move |key: &&Key| key_id.is_none_or(|wanted| key.id() == Some(wanted));
        self.usable.iter().filter(matches).filter(move |key| key.accepts(algorithm)).take(MAX_KEYS_TRIED)
    }

    /// Says in one sentence why there is no candidate.
    pub(crate) fn explain_missing(&self, key_id: Option<&str>, algorithm: Algorithm) -> String {
        let Some(wanted) = key_id else {
            return format!("the key set has no usable key for {}: {}", algorithm.name(), self.reasons());
        };
        let shown_id = shown(wanted);
        let skipped = self.skipped.iter().find(|key| key.key_id.as_deref() == Some(wanted));
        let bound = self.usable.iter().find(|key| key.id() == Some(wanted)).and_then(Key::bound_to);
        match (skipped, bound) {
            (Some(skipped), _) => format!("the key set has key {shown_id}, but {}", skipped.reason),
            (None, Some(bound)) => {
                format!(
                    "the key set has key {shown_id}, but its alg is {}, not {}",
                    bound.name(),
                    algorithm.name()
                )
            }
            (None, None) => format!("the key set has no key {shown_id}"),
        }
    }

    /// Checks that a token signed with one of the algorithms could be verified at all.
    ///
    /// # Errors
    /// `invalid_key` with the reasons for which the keys were skipped.
    pub(crate) fn require_usable(&self, algorithms: &[Algorithm]) -> Result<(), Error> {
        let usable = self.usable.iter().any(|key| algorithms.iter().any(|algorithm| key.accepts(*algorithm)));
        if usable {
            Ok(())
        } else {
            Err(invalid(format!("the key set has no usable key: {}", self.reasons())))
        }
    }

    /// Returns how many keys can be used.
    pub(crate) fn usable_count(&self) -> usize {
        self.usable.len()
    }

    fn reasons(&self) -> String {
        let skipped = self.skipped.iter().map(|key| (key.index, key.key_id.as_deref(), key.reason.clone()));
        let bound = self.usable.iter().filter_map(|key| {
            key.bound_to().map(|bound| (key.index(), key.id(), format!("its alg is {}", bound.name())))
        });
        let name =
            |index: usize, key_id: Option<&str>| key_id.map_or_else(|| format!("number {index}"), shown);
        let reasons: Vec<_> = skipped
            .chain(bound)
            .take(MAX_KEYS_EXPLAINED)
            .map(|(index, key_id, reason)| format!("key {}: {reason}", name(index, key_id)))
            .collect();
        if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join("; ") }
    }
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Code::InvalidKey, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Encoding;

    fn rsa(members: &str) -> String {
        format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"{members}}}"#, Encoding::Base64url.encode(&[0xff; 256]))
    }

    fn document(keys: &[String]) -> String {
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    fn error(text: &str) -> String {
        let error = Keys::parse(text).err().unwrap();
        assert_eq!(error.code(), Code::InvalidKey);
        error.to_string()
    }

    #[test]
    fn refuses_a_document_that_is_not_a_key_set() {
        assert_eq!(error(""), "the key set is malformed: it is not a JSON object");
        assert_eq!(error("null"), "the key set is malformed: it is not a JSON object");
        assert_eq!(error("<html>"), "the key set is malformed: it is not a JSON object");
        assert_eq!(error("{}"), "the key set has no member \"keys\"");
        assert_eq!(error(r#"{"keys":{}}"#), "the key set's member \"keys\" is not an array");
        assert_eq!(error(r#"{"keys":null}"#), "the key set's member \"keys\" is not an array");
        assert!(error(r#"{"keys":["#).starts_with("the key set is malformed: EOF"));
    }

    #[test]
    fn refuses_duplicate_members_anywhere() {
        assert!(error(r#"{"keys":[],"keys":[]}"#).contains("\"keys\" occurs twice"));
        assert!(error(&document(&[rsa(r#","e":"AQ""#)])).contains("\"e\" occurs twice"));
        assert!(error(r#"{"keys":[],"x":[{"a":{"b":1,"b":2}}]}"#).contains("\"b\" occurs twice"));
    }

    #[test]
    fn keeps_the_limits_of_size_number_and_depth() {
        let keys = |count: usize| document(&vec!["{}".to_owned(); count]);
        assert!(Keys::parse(&keys(100)).is_ok());
        assert_eq!(error(&keys(101)), "the key set has 101 keys, expected at most 100");

        let padded = |bytes: usize| format!("{}{}", r#"{"keys":[]}"#, " ".repeat(bytes - 11));
        assert!(Keys::parse(&padded(512 * 1024)).is_ok());
        assert_eq!(error(&padded(512 * 1024 + 1)), "the key set has 524289 bytes, expected at most 524288");

        let deep = format!(r#"{{"keys":[],"x":{}{}}}"#, "[".repeat(64), "]".repeat(64));
        assert!(error(&deep).contains("nested deeper than 64 levels"));
    }

    #[test]
    fn skips_keys_that_cannot_be_used_and_takes_the_others() {
        let text = document(&[
            r#"{"kty":"FUTURE","kid":"f"}"#.to_owned(),
            "5".to_owned(),
            rsa(r#","kid":"enc","use":"enc""#),
            rsa(r#","kid":"good""#),
        ]);
        let keys = Keys::parse(&text).unwrap();
        let good: Vec<_> = keys.candidates(Some("good"), Algorithm::Rs256).map(Key::index).collect();
        assert_eq!((keys.usable_count(), good), (1, vec![3]));
        assert!(keys.candidates(Some("enc"), Algorithm::Rs256).next().is_none());
    }

    #[test]
    fn a_key_id_selects_the_keys_of_exactly_that_id() {
        let text = document(&[rsa(r#","kid":"a""#), rsa(""), rsa(r#","kid":"b""#), rsa(r#","kid":"a""#)]);
        let keys = Keys::parse(&text).unwrap();
        let indexes = |key_id| keys.candidates(key_id, Algorithm::Rs256).map(Key::index).collect::<Vec<_>>();
        assert_eq!(indexes(Some("a")), [0, 3]);
        assert!(indexes(Some("A")).is_empty());
        assert!(indexes(Some("__proto__")).is_empty());
        assert_eq!(indexes(None), [0, 1, 2, 3]);
    }

    #[test]
    fn tries_at_most_32_keys() {
        let keys = Keys::parse(&document(&vec![rsa(r#","kid":"a""#); 100])).unwrap();
        assert_eq!(keys.candidates(None, Algorithm::Rs256).count(), 32);
        assert_eq!(keys.candidates(Some("a"), Algorithm::Rs256).count(), 32);
    }

    #[test]
    fn explains_why_a_key_is_missing() {
        let text = document(&[
            format!(
                r#"{{"kty":"RSA","kid":"small","e":"AQAB","n":"{}"}}"#,
                Encoding::Base64url.encode(&[0xff; 128])
            ),
            rsa(r#","kid":"bound","alg":"RS384""#),
        ]);
        let keys = Keys::parse(&text).unwrap();
        let explain = |key_id| keys.explain_missing(key_id, Algorithm::Rs256);
        assert_eq!(
            explain(Some("small")),
            r#"the key set has key "small", but it is 1024 bits long, expected 2048 to 8192"#
        );
        assert_eq!(explain(Some("bound")), r#"the key set has key "bound", but its alg is RS384, not RS256"#);
        assert_eq!(explain(Some("x\n")), r#"the key set has no key "x\n""#);
        assert_eq!(
            explain(None),
            "the key set has no usable key for RS256: key \"small\": it is 1024 bits long, expected 2048 to 8192; \
             key \"bound\": its alg is RS384"
        );
    }

    #[test]
    fn requires_a_key_for_one_of_the_configured_algorithms() {
        let keys = Keys::parse(&document(&[rsa(r#","alg":"RS384""#)])).unwrap();
        assert!(keys.require_usable(&[Algorithm::Rs256, Algorithm::Rs384]).is_ok());
        let error = keys.require_usable(&[Algorithm::Rs256]).unwrap_err();
        assert_eq!(error.code(), Code::InvalidKey);
        assert_eq!(error.to_string(), "the key set has no usable key: key number 0: its alg is RS384");
        let error = Keys::parse(r#"{"keys":[]}"#).unwrap().require_usable(&[Algorithm::Rs256]).unwrap_err();
        assert_eq!(error.to_string(), "the key set has no usable key: it is empty");
    }
}
