use serde::Deserialize;

use super::algorithm::{Algorithm, LONGEST_SIGNATURE};
use super::decoded::Decoded;
use super::key_form::KeyForm;
use crate::encoding::Encoding;
use crate::error::{Code, Error};

/// One kind of signature that may stand in the header, told by its prefix: `v1,`, `sha256=` or none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionForm {
    #[serde(default)]
    prefix: String,
    /// Whether a signature counts without the prefix, too.
    #[serde(default)]
    prefix_optional: bool,
    pub(super) algorithm: Algorithm,
    encoding: Option<Encoding>,
    key: KeyForm,
}

/// A kind of signature, checked.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    prefix: String,
    prefix_optional: bool,
    pub(crate) algorithm: Algorithm,
    /// Absent where the signature is a text that is compared as it stands.
    pub(crate) encoding: Option<Encoding>,
    pub(super) key: KeyForm,
}

impl Version {
    pub(super) fn check(form: VersionForm) -> Result<Self, Error> {
        let VersionForm { prefix, prefix_optional, algorithm, encoding, key } = form;
        if encoding.is_none() && algorithm != Algorithm::Token {
            let message = format!("a version with {} needs an \"encoding\"", algorithm.name());
            return Err(Error::new(Code::InvalidProvider, message));
        }
        Ok(Self { prefix, prefix_optional, algorithm, encoding, key })
    }

    pub(super) fn after_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.prefix.is_empty() {
            return Some(text);
        }
        text.strip_prefix(self.prefix.as_str()).or_else(|| self.prefix_optional.then_some(text))
    }

    /// Decodes a signature, or returns nothing where it cannot be one.
    pub(super) fn decode(&self, text: &str) -> Option<Decoded> {
        let decoded = match self.encoding {
            Some(_) if text.len() > LONGEST_SIGNATURE.saturating_mul(2) => None,
            Some(encoding) => Decoded::decode(encoding, text),
            None => Some(Decoded::Long(text.as_bytes().to_vec())),
        };
        let fits = |found: usize| self.algorithm.signature_bytes().is_none_or(|expected| found == expected);
        decoded.filter(|decoded| !decoded.bytes().is_empty() && fits(decoded.bytes().len()))
    }

    /// Describes the signatures that the provider sends.
    pub(super) fn expected(&self) -> String {
        let prefix = if self.prefix.is_empty() { String::new() } else { format!("{:?} and ", self.prefix) };
        match (self.encoding, self.algorithm.signature_bytes()) {
            (Some(encoding), Some(bytes)) => format!("{prefix}{bytes} bytes as {}", encoding.describe()),
            (Some(encoding), None) => format!("{prefix}{}", encoding.describe()),
            (None, _) => format!("{prefix}a token"),
        }
    }

    /// Writes a signature as a sender does.
    pub(crate) fn write(&self, signature: &[u8]) -> String {
        let text = match self.encoding {
            Some(encoding) => encoding.encode(signature),
            None => String::from_utf8_lossy(signature).into_owned(),
        };
        format!("{}{text}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(json: &str) -> Result<Version, Error> {
        Version::check(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn only_a_token_is_not_encoded() {
        assert!(version(r#"{"algorithm": "token", "key": "text"}"#).is_ok());
        let error = version(r#"{"algorithm": "hmac-sha256", "key": "text"}"#).unwrap_err();
        assert_eq!(error.code(), Code::InvalidProvider);
        assert!(error.to_string().contains("hmac-sha256 needs an \"encoding\""), "{error}");
    }

    #[test]
    fn a_signature_has_the_length_of_its_algorithm() {
        let version = version(r#"{"algorithm": "hmac-md5", "encoding": "hex", "key": "text"}"#).unwrap();
        assert!(version.decode(&"00".repeat(16)).is_some());
        for text in ["", "0", "00", &"00".repeat(15), &"00".repeat(17), &"0g".repeat(16)] {
            assert!(version.decode(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_signature_of_no_fixed_length_is_limited_before_it_is_decoded() {
        let version =
            version(r#"{"algorithm": "rsa-sha256", "encoding": "hex", "key": "public-key"}"#).unwrap();
        assert!(version.decode(&"00".repeat(LONGEST_SIGNATURE)).is_some());
        assert!(version.decode(&"00".repeat(LONGEST_SIGNATURE + 1)).is_none());
        assert!(version.decode("").is_none());
    }

    #[test]
    fn a_token_may_be_longer_but_not_empty() {
        let version = version(r#"{"algorithm": "token", "key": "text"}"#).unwrap();
        assert_eq!(version.decode(&"x".repeat(5000)).unwrap().bytes().len(), 5000);
        assert!(version.decode("").is_none());
        assert_eq!(version.write(b"abc"), "abc");
    }

    #[test]
    fn says_what_it_expects_and_writes_it_so() {
        let of = |json: &str| version(json).unwrap();
        let prefixed = of(r#"{"prefix": "v1=", "algorithm": "hmac-sha1", "encoding": "hex", "key": "text"}"#);
        assert_eq!(prefixed.expected(), "\"v1=\" and 20 bytes as hexadecimal digits");
        assert_eq!(prefixed.write(&[0xab]), "v1=ab");
        assert_eq!(prefixed.after_prefix("v1=00"), Some("00"));
        assert_eq!(prefixed.after_prefix("00"), None);
        let token = of(r#"{"prefix": "t ", "prefix_optional": true, "algorithm": "token", "key": "text"}"#);
        assert_eq!(token.expected(), "\"t \" and a token");
        assert_eq!((token.after_prefix("t a"), token.after_prefix("a")), (Some("a"), Some("a")));
        let open = of(r#"{"algorithm": "rsa-sha256", "encoding": "base64", "key": "public-key"}"#);
        assert_eq!(open.expected(), Encoding::Base64.describe());
    }
}
