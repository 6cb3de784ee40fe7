use aws_lc_rs::rsa::PublicEncryptingKey;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::Deserialize;
use sha1::{Digest as _, Sha1};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Key};
use crate::encoding::{Encoding, decode_lenient};
use crate::error::{Code, Error};
use crate::secret::Secret;

/// How a provider writes its secrets down.
///
/// Look-alikes are the trap here: `whsec_…` is base64 for Standard Webhooks and the literal key for Stripe.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum KeyForm {
    /// The text is the key, byte for byte.
    Text,
    /// The text in Unicode's compatibility decomposition (NFKD) is the key.
    TextNfkd,
    /// The SHA-1 of the text is the key.
    TextSha1,
    /// The key in hexadecimal digits.
    Hex,
    /// The key in base64 of either alphabet, padded or not.
    Base64Any,
    /// Standard base64 behind an optional prefix.
    Base64(Base64Form),
    /// An Ed25519 key in base64 behind a prefix that tells its half.
    Ed25519(Ed25519Form),
    /// The 32 bytes of an Ed25519 key: the public half to verify, the seed to sign.
    Ed25519Bare(Encoding),
    /// A public key as PEM text, or as the base64 of its `SubjectPublicKeyInfo`.
    PublicKey,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base64Form {
    #[serde(default)]
    prefix: String,
    /// How many bytes the decoded key has at least.
    #[serde(default = "one")]
    min_bytes: usize,
    #[serde(default)]
    max_bytes: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ed25519Form {
    public_prefix: String,
    private_prefix: String,
}

/// What a key is wanted for: a receiver holds public keys, a sender private ones, and both the shared secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Verify,
    Sign,
}

impl KeyForm {
    /// Tells whether the secret's prefix says that it is of this form.
    pub(crate) fn claims(&self, secret: &Secret) -> bool {
        let starts = |prefix: &str| !prefix.is_empty() && secret.bytes().starts_with(prefix.as_bytes());
        match self {
            Self::Base64(form) => starts(&form.prefix),
            Self::Ed25519(form) => starts(&form.public_prefix) || starts(&form.private_prefix),
            _ => false,
        }
    }

    /// Makes a key of a secret.
    pub(crate) fn parse(
        &self,
        secret: &Secret,
        algorithm: Algorithm,
        purpose: Purpose,
    ) -> Result<Key, Error> {
        match self {
            Self::Ed25519(form) => form.decode(secret, purpose),
            Self::Ed25519Bare(encoding) => ed25519_bare(*encoding, secret, purpose),
            Self::PublicKey => public_key(algorithm, secret, purpose),
            _ => shared(algorithm, &self.bytes(secret)?),
        }
    }

    /// Returns the bytes of a shared secret; of a public key its text.
    pub(crate) fn bytes(&self, secret: &Secret) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = match self {
            Self::TextNfkd => Zeroizing::new(text(secret)?.nfkd().collect::<String>()).as_bytes().to_vec(),
            Self::TextSha1 => Sha1::digest(secret.bytes()).to_vec(),
            Self::Hex => return decoded(Encoding::Hex, secret),
            Self::Base64Any => return base64_of_either_alphabet(secret),
            Self::Base64(form) => return form.decode(secret),
            Self::Text | Self::Ed25519(_) | Self::Ed25519Bare(_) | Self::PublicKey => secret.bytes().to_vec(),
        };
        Ok(Zeroizing::new(bytes))
    }
}

impl Base64Form {
    fn decode(&self, secret: &Secret) -> Result<Zeroizing<Vec<u8>>, Error> {
        let text = text(secret)?;
        if let Some(family) = ["whpk_", "whsk_"].into_iter().find(|family| text.starts_with(family)) {
            return Err(invalid(format!(
                "the secret is an Ed25519 key ({family}…) where a shared secret belongs"
            )));
        }
        let encoded = text.strip_prefix(&self.prefix).unwrap_or(text);
        let key = Encoding::Base64.decode(encoded).map(Zeroizing::new).ok_or_else(|| {
            let prefix = if self.prefix.is_empty() { String::new() } else { format!("{} and ", self.prefix) };
            invalid(format!("the secret is not {prefix}{}", Encoding::Base64.describe()))
        })?;
        if key.len() < self.min_bytes || self.max_bytes.is_some_and(|most| key.len() > most) {
            let most = self.max_bytes.map(|most| format!(" and at most {most}")).unwrap_or_default();
            let (found, least) = (key.len(), self.min_bytes);
            return Err(invalid(format!(
                "the secret decodes to {found} bytes, expected at least {least}{most}"
            )));
        }
        Ok(key)
    }
}

impl Ed25519Form {
    fn decode(&self, secret: &Secret, purpose: Purpose) -> Result<Key, Error> {
        let text = text(secret)?;
        match purpose {
            Purpose::Verify => self.public(text),
            Purpose::Sign => self.private(text),
        }
    }

    fn public(&self, text: &str) -> Result<Key, Error> {
        let Some(encoded) = text.strip_prefix(&self.public_prefix) else {
            return Err(invalid(format!(
                "the key is a private one ({}…); a receiver needs the public half ({}…)",
                self.private_prefix, self.public_prefix
            )));
        };
        let bytes = Encoding::Base64.decode(encoded);
        ed25519_public(bytes, &format!("{} and base64 of an Ed25519 point", self.public_prefix))
    }

    fn private(&self, text: &str) -> Result<Key, Error> {
        let Some(encoded) = text.strip_prefix(&self.private_prefix) else {
            return Err(invalid(format!(
                "the key is a public one ({}…); a sender needs the private half ({}…)",
                self.public_prefix, self.private_prefix
            )));
        };
        let malformed =
            || invalid(format!("the key is not {} and base64 of 32 or 64 bytes", self.private_prefix));
        let bytes = Encoding::Base64.decode(encoded).map(Zeroizing::new).ok_or_else(malformed)?;
        let (seed, public) = bytes.split_at_checked(32).ok_or_else(malformed)?;
        let key = SigningKey::from_bytes(seed.try_into().map_err(|_| malformed())?);
        // The two halves of a 64-byte key must agree: signing with a foreign public half leaks the private one.
        match public.len() {
            0 => {}
            32 if public == key.verifying_key().as_bytes() => {}
            32 => {
                return Err(invalid("the public half of the key does not belong to its private half".into()));
            }
            _ => return Err(malformed()),
        }
        Ok(Key::Ed25519Private(Box::new(key)))
    }
}

fn ed25519_public(bytes: Option<Vec<u8>>, expected: &str) -> Result<Key, Error> {
    let key = bytes
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| invalid(format!("the key is not {expected}")))?;
    // A small-order key verifies a forged signature of any message.
    if key.is_weak() {
        return Err(invalid("the key is an Ed25519 point of small order, which anyone can sign for".into()));
    }
    Ok(Key::Ed25519Public(Box::new(key)))
}

fn ed25519_bare(encoding: Encoding, secret: &Secret, purpose: Purpose) -> Result<Key, Error> {
    let expected = format!("an Ed25519 key: 32 bytes as {}", encoding.describe());
    let bytes = encoding.decode(text(secret)?);
    match purpose {
        Purpose::Verify => ed25519_public(bytes, &expected),
        Purpose::Sign => {
            let seed = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).map(Zeroizing::new);
            let seed = seed.ok_or_else(|| invalid(format!("the key is not {expected}")))?;
            Ok(Key::Ed25519Private(Box::new(SigningKey::from_bytes(&seed))))
        }
    }
}

/// Reads a public key in PEM or in bare base64.
fn public_key(algorithm: Algorithm, secret: &Secret, purpose: Purpose) -> Result<Key, Error> {
    if purpose == Purpose::Sign {
        return Err(Error::new(
            Code::InvalidOption,
            format!("signing with {} is not supported: only its sender holds the key", algorithm.name()),
        ));
    }
    let malformed = || invalid("the key is neither PEM nor base64 of a public key".into());
    let text = text(secret)?;
    let encoded: String = match text.strip_prefix("-----BEGIN PUBLIC KEY-----") {
        Some(rest) => rest
            .strip_suffix("-----END PUBLIC KEY-----")
            .ok_or_else(malformed)?
            .split_ascii_whitespace()
            .collect(),
        None => text.to_owned(),
    };
    let der = Encoding::Base64.decode(&encoded).filter(|der| !der.is_empty()).ok_or_else(malformed)?;
    // This reader refuses small keys, which the other one would only find when it verifies.
    let small = algorithm == Algorithm::RsaSha256 && PublicEncryptingKey::from_der(&der).is_err();
    // Checked when it is given: a key of the wrong kind would turn every request into a forgery.
    Key::public(algorithm, &der)
        .filter(|_| !small)
        .ok_or_else(|| invalid(format!("the key is no public key for {}", algorithm.name())))
}

fn decoded(encoding: Encoding, secret: &Secret) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = encoding.decode(text(secret)?).filter(|bytes| !bytes.is_empty()).map(Zeroizing::new);
    bytes.ok_or_else(|| invalid(format!("the secret is not {}", encoding.describe())))
}

/// Reads base64 as Node's `Buffer` does, which is what some senders' own code relies on.
fn base64_of_either_alphabet(secret: &Secret) -> Result<Zeroizing<Vec<u8>>, Error> {
    let url_safe = Zeroizing::new(text(secret)?.trim_end_matches('=').replace('+', "-").replace('/', "_"));
    let bytes = decode_lenient(&url_safe).filter(|bytes| !bytes.is_empty()).map(Zeroizing::new);
    bytes.ok_or_else(|| invalid("the secret is not base64".into()))
}

fn text(secret: &Secret) -> Result<&str, Error> {
    secret.text().ok_or_else(|| invalid("the secret is not text".into()))
}

fn shared(algorithm: Algorithm, bytes: &[u8]) -> Result<Key, Error> {
    Key::shared(algorithm, bytes).ok_or_else(|| {
        Error::new(Code::InvalidProvider, format!("{} takes no shared secret", algorithm.name()))
    })
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidSecret, message)
}

fn one() -> usize {
    1
}

#[cfg(test)]
#[path = "key_form_tests.rs"]
mod tests;
