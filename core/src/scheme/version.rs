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
