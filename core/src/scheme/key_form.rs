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
mod tests {
    use super::*;

    fn parse(form: &KeyForm, algorithm: Algorithm, purpose: Purpose, secret: &str) -> Result<Key, Code> {
        form.parse(&Secret::new(secret).unwrap(), algorithm, purpose).map_err(|error| error.code())
    }

    fn base64() -> KeyForm {
        KeyForm::Base64(Base64Form { prefix: "whsec_".into(), min_bytes: 24, max_bytes: Some(64) })
    }

    fn pair() -> KeyForm {
        KeyForm::Ed25519(Ed25519Form { public_prefix: "whpk_".into(), private_prefix: "whsk_".into() })
    }

    #[test]
    fn a_shared_secret_is_canonical_base64_of_the_right_size() {
        let verify = |secret: &str| parse(&base64(), Algorithm::HmacSha256, Purpose::Verify, secret).is_ok();
        assert!(verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assert!(verify("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "the prefix is optional");
        for secret in
            ["whsec_", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "not base64!", "whpk_AAAA"]
        {
            assert!(!verify(secret), "{secret}");
        }
    }

    #[test]
    fn each_side_needs_its_own_half_of_a_pair() {
        let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
        let private = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let code = |purpose, key| parse(&pair(), Algorithm::Ed25519, purpose, key).err();
        assert_eq!(code(Purpose::Verify, public), None);
        assert_eq!(code(Purpose::Sign, private), None);
        assert_eq!(code(Purpose::Verify, private), Some(Code::InvalidSecret));
        assert_eq!(code(Purpose::Sign, public), Some(Code::InvalidSecret));
    }

    #[test]
    fn the_halves_of_a_64_byte_key_must_agree() {
        let mut bytes = [7; 64];
        let code = |bytes: &[u8]| {
            let key = format!("whsk_{}", Encoding::Base64.encode(bytes));
            parse(&pair(), Algorithm::Ed25519, Purpose::Sign, &key).err()
        };
        assert_eq!(code(&bytes), Some(Code::InvalidSecret));
        let key = Secret::new(format!("whsk_{}", Encoding::Base64.encode(&bytes))).unwrap();
        let error = pair().parse(&key, Algorithm::Ed25519, Purpose::Sign).err().unwrap();
        assert!(error.to_string().contains("does not belong to its private half"), "{error}");
        bytes[32..].copy_from_slice(SigningKey::from_bytes(&[7; 32]).verifying_key().as_bytes());
        assert_eq!(code(&bytes), None);
        assert_eq!(code(&bytes[..33]), Some(Code::InvalidSecret));
    }

    #[test]
    fn refuses_a_public_key_of_small_order() {
        let identity = "whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assert_eq!(
            parse(&pair(), Algorithm::Ed25519, Purpose::Verify, identity).err(),
            Some(Code::InvalidSecret)
        );
    }

    #[test]
    fn the_size_of_a_shared_secret_has_both_bounds() {
        let of = |bytes: usize| format!("whsec_{}", Encoding::Base64.encode(&vec![7; bytes]));
        let code = |bytes| parse(&base64(), Algorithm::HmacSha256, Purpose::Verify, &of(bytes)).err();
        assert_eq!((code(24), code(64)), (None, None));
        assert_eq!((code(23), code(65)), (Some(Code::InvalidSecret), Some(Code::InvalidSecret)));
    }

    #[test]
    fn an_unlimited_secret_has_one_byte_at_least() {
        let form: KeyForm = serde_json::from_str(r#"{"base64": {}}"#).unwrap();
        let code = |secret| parse(&form, Algorithm::HmacSha256, Purpose::Verify, secret).err();
        assert_eq!(code("AA=="), None);
        assert_eq!(code(&Encoding::Base64.encode(&[7; 4096])), None);
        let optional: KeyForm = serde_json::from_str(r#"{"base64": {"prefix": "x_"}}"#).unwrap();
        let empty = parse(&optional, Algorithm::HmacSha256, Purpose::Verify, "x_").err();
        assert_eq!(empty, Some(Code::InvalidSecret));
    }

    #[test]
    fn each_form_gives_its_own_bytes() {
        let bytes = |form: &KeyForm, secret: &str| {
            form.bytes(&Secret::new(secret).unwrap())
                .map(|bytes| bytes.to_vec())
                .map_err(|error| error.code())
        };
        assert_eq!(bytes(&KeyForm::Text, "0a").unwrap(), b"0a");
        assert_eq!(bytes(&KeyForm::TextNfkd, "\u{e9}").unwrap(), b"e\xcc\x81");
        assert_eq!(
            bytes(&KeyForm::TextSha1, "abc").unwrap(),
            hex::decode("a9993e364706816aba3e25717850c26c9cd0d89d").unwrap()
        );
        assert_eq!(bytes(&KeyForm::Hex, "0aFF").unwrap(), [0x0a, 0xff]);
        assert_eq!(bytes(&KeyForm::Hex, "0g"), Err(Code::InvalidSecret));
        for secret in ["-_8", "+/8=", "-_8=", "+/8"] {
            assert_eq!(bytes(&KeyForm::Base64Any, secret).unwrap(), [0xfb, 0xff], "{secret}");
        }
        assert_eq!(bytes(&KeyForm::Base64Any, "="), Err(Code::InvalidSecret));
        assert_eq!(bytes(&KeyForm::Base64Any, "a b"), Err(Code::InvalidSecret));
        assert_eq!(bytes(&KeyForm::PublicKey, "abc").unwrap(), b"abc");
        assert_eq!(bytes(&pair(), "whpk_").unwrap(), b"whpk_");
        assert_eq!(bytes(&KeyForm::Ed25519Bare(Encoding::Hex), "00").unwrap(), b"00");
    }

    #[test]
    fn a_prefix_tells_which_form_a_secret_has() {
        let claims = |form: &KeyForm, secret: &str| form.claims(&Secret::new(secret).unwrap());
        assert!(claims(&base64(), "whsec_AAAA"));
        assert!(!claims(&base64(), "AAAA"));
        assert!(claims(&pair(), "whpk_AAAA"));
        assert!(claims(&pair(), "whsk_AAAA"));
        assert!(!claims(&pair(), "whsec_AAAA"));
        assert!(!claims(&KeyForm::Text, "whsec_AAAA"));
        let without: KeyForm = serde_json::from_str(r#"{"base64": {}}"#).unwrap();
        assert!(!claims(&without, "AAAA"), "no prefix is no sign");
    }

    #[test]
    fn a_bare_key_has_32_bytes() {
        let form = KeyForm::Ed25519Bare(Encoding::Hex);
        let public = hex::encode(SigningKey::from_bytes(&[7; 32]).verifying_key().as_bytes());
        let code = |purpose, key: &str| parse(&form, Algorithm::Ed25519, purpose, key).err();
        assert_eq!(code(Purpose::Verify, &public), None);
        assert_eq!(code(Purpose::Sign, &"07".repeat(32)), None);
        for key in [&public[2..], &format!("{public}00"), "zz"] {
            assert_eq!(code(Purpose::Verify, key), Some(Code::InvalidSecret), "{key}");
            assert_eq!(code(Purpose::Sign, key), Some(Code::InvalidSecret), "{key}");
        }
        let key = parse(&form, Algorithm::Ed25519, Purpose::Sign, &"07".repeat(32)).unwrap();
        let public = parse(&form, Algorithm::Ed25519, Purpose::Verify, &public).unwrap();
        assert!(public.expect(&[b"x"]).matches(&key.sign(&[b"x"]).unwrap()));
    }

    #[test]
    fn a_public_key_fits_its_algorithm_and_is_not_for_signing() {
        // The P-256 key of RFC 7515, appendix A.3.
        let point = "3059301306072a8648ce3d020106082a8648ce3d030107034200047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad";
        let encoded = Encoding::Base64.encode(&hex::decode(point).unwrap());
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----");
        let code = |algorithm, purpose, key: &str| parse(&KeyForm::PublicKey, algorithm, purpose, key).err();
        for key in [&encoded, &pem] {
            assert_eq!(code(Algorithm::EcdsaP256Sha256, Purpose::Verify, key), None);
            for other in [Algorithm::RsaSha256, Algorithm::Ed25519, Algorithm::HmacSha256] {
                assert_eq!(code(other, Purpose::Verify, key), Some(Code::InvalidSecret));
            }
            let signing = code(Algorithm::EcdsaP256Sha256, Purpose::Sign, key);
            assert_eq!(signing, Some(Code::InvalidOption));
        }
        for key in ["-----BEGIN PUBLIC KEY-----", &pem[..pem.len() - 1], "?", &encoded[..8]] {
            let malformed = code(Algorithm::EcdsaP256Sha256, Purpose::Verify, key);
            assert_eq!(malformed, Some(Code::InvalidSecret), "{key}");
        }
    }

    #[test]
    fn an_algorithm_of_key_pairs_takes_no_shared_secret() {
        for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256Sha256, Algorithm::RsaSha256] {
            let found = parse(&KeyForm::Text, algorithm, Purpose::Verify, "secret").err();
            assert_eq!(found, Some(Code::InvalidProvider));
        }
    }
}
