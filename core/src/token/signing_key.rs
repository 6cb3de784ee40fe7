use std::fmt;

use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::aws_lc;

use crate::encoding::Encoding::Base64url;
use crate::error::{Code, Error};
use crate::keys::strict_json::Object;
use crate::keys::{Algorithm, MAX_KEY_ID_CHARS, MAX_MODULUS_BITS, MIN_MODULUS_BITS, bit_length};

/// How much text a private key may have; one of 8192 bits has 6.4 kB. The PEM parser recurses over its input.
const MAX_PEM_BYTES: usize = 16 * 1024;

/// An RSA private key that signs bearer tokens: parsed and checked when it is given, wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct SigningKey {
    key: EncodingKey,
}

impl SigningKey {
    /// Reads a PEM text, `BEGIN PRIVATE KEY` (PKCS#8) or `BEGIN RSA PRIVATE KEY` (PKCS#1).
    ///
    /// # Errors
    /// `invalid_key` for anything but an unencrypted RSA private key of 2048 to 8192 bits.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        // None of the messages below repeats what a parser said: it may quote what it stumbled over.
        let expected = "expected the PEM text of an unencrypted RSA private key";
        if pem.len() > MAX_PEM_BYTES {
            return Err(invalid(format!("the signing key has {} bytes, {expected}", pem.len())));
        }
        let not_a_key = || invalid(format!("the signing key is something else: {expected}"));
        let key = EncodingKey::from_rsa_pem(pem).map_err(|_| not_a_key())?;
        // Reading the public half proves that the private one parses, which `from_rsa_pem` alone does not look at.
        let public_half =
            (aws_lc::DEFAULT_PROVIDER.key_utils.rsa_pub_components_from_private_key)(key.as_bytes());
        let (modulus, _) = public_half.map_err(|_| {
            invalid(format!("the signing key is damaged or under {MIN_MODULUS_BITS} bits: {expected}"))
        })?;
        let bits = bit_length(&modulus);
        if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&bits) {
            let range = format!("{MIN_MODULUS_BITS} to {MAX_MODULUS_BITS}");
            return Err(invalid(format!("the signing key has {bits} bits, expected {range}")));
        }
        Ok(Self { key })
    }

    /// Signs claims and returns the compact token: the text that stands behind `Bearer `.
    ///
    /// The claims are signed as the text that they are; nothing is added to them.
    ///
    /// # Errors
    /// `invalid_option` for claims that are not a JSON object with unique members or for a key id without 1 to
    /// 255 characters, `invalid_key` when the key cannot sign.
    pub(crate) fn sign(
        &self,
        key_id: Option<&str>,
        claims: &str,
        algorithm: Algorithm,
    ) -> Result<String, Error> {
        Object::parse(claims).map_err(|problem| {
            invalid_option(format!("the claims of the bearer token are malformed: {problem}"))
        })?;
        let header = header(key_id, algorithm)?;
        let mut token =
            format!("{}.{}", Base64url.encode(header.as_bytes()), Base64url.encode(claims.as_bytes()));
        let cannot_sign = || invalid(format!("the signing key cannot sign with {}", algorithm.name()));
        // The backend is named here instead of going through `jsonwebtoken::crypto::sign`: that one asks for a default of
        // the whole process, which another crate may have replaced, and which panics when a build switches on both
        // backends.
        let signer = (aws_lc::DEFAULT_PROVIDER.signer_factory)(&algorithm.backend(), &self.key);
        let signature =
            signer.map_err(|_| cannot_sign())?.try_sign(token.as_bytes()).map_err(|_| cannot_sign())?;
        token.push('.');
        token.push_str(&Base64url.encode(&signature));
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    /// Says that there is a key. Its contents never reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

pub(super) fn header(key_id: Option<&str>, algorithm: Algorithm) -> Result<String, Error> {
    let alg = algorithm.name();
    let Some(key_id) = key_id else { return Ok(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#)) };
    if !(1..=MAX_KEY_ID_CHARS).contains(&key_id.chars().count()) {
        return Err(invalid_option(format!("the key id does not have 1 to {MAX_KEY_ID_CHARS} characters")));
    }
    let key_id = serde_json::Value::from(key_id);
    Ok(format!(r#"{{"alg":"{alg}","kid":{key_id},"typ":"JWT"}}"#))
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidKey, message)
}

fn invalid_option(message: String) -> Error {
    Error::new(Code::InvalidOption, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::testing::{ELLIPTIC_KEY, FIRST_KEY, NOW, SECOND_KEY, WEAK_KEY, jwk, key_set, policy};
    use crate::token::{PresentedToken, TokenCache, verify};

    const CLAIMS: &str = r#"{"iss":"https://issuer.test","aud":"acme","exp":1790000600}"#;

    fn message(pem: &[u8]) -> String {
        let error = SigningKey::from_pem(pem).unwrap_err();
        assert_eq!(error.code(), Code::InvalidKey);
        error.to_string()
    }

    #[test]
    fn signs_what_verification_accepts() {
        for pem in [FIRST_KEY, SECOND_KEY] {
            let key = SigningKey::from_pem(pem.as_bytes()).unwrap();
            let token = key.sign(Some("a\"\n"), CLAIMS, Algorithm::Rs256).unwrap();
            let keys = key_set(&[jwk(pem, r#","kid":"a\"\n""#)]);
            let verified =
                verify(PresentedToken::bare(&token), &keys, &TokenCache::default(), &policy(), NOW).unwrap();
            assert_eq!((&*verified.claims, verified.key_id.as_deref()), (CLAIMS, Some("a\"\n")));
        }
    }

    #[test]
    fn signs_without_a_key_id() {
        let key = SigningKey::from_pem(FIRST_KEY.as_bytes()).unwrap();
        let token = key.sign(None, CLAIMS, Algorithm::Rs256).unwrap();
        assert!(token.starts_with(&format!("{}.", Base64url.encode(br#"{"alg":"RS256","typ":"JWT"}"#))));
        assert!(
            verify(
                PresentedToken::bare(&token),
                &key_set(&[jwk(FIRST_KEY, "")]),
                &TokenCache::default(),
                &policy(),
                NOW
            )
            .is_ok()
        );
    }

    #[test]
    fn refuses_a_key_under_2048_bits() {
        assert!(message(WEAK_KEY.as_bytes()).contains("under 2048 bits"));
    }

    #[test]
    fn refuses_what_is_not_an_rsa_private_key() {
        let public = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
        let encrypted = FIRST_KEY.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        let damaged = FIRST_KEY.replacen("MII", "MIJ", 1);
        let oversized = FIRST_KEY.repeat(10);
        for pem in ["", "x", "whsec_abc", ELLIPTIC_KEY, public, &encrypted, &damaged, &oversized] {
            assert!(
                message(pem.as_bytes()).contains("expected the PEM text of an unencrypted RSA private key")
            );
        }
        assert!(SigningKey::from_pem(b"\xff\xfe").is_err());
    }

    #[test]
    fn refuses_claims_and_key_ids_that_verification_would_refuse() {
        let key = SigningKey::from_pem(FIRST_KEY.as_bytes()).unwrap();
        for claims in ["", "[]", "{\"a\":1,\"a\":2}", "{"] {
            assert_eq!(key.sign(None, claims, Algorithm::Rs256).unwrap_err().code(), Code::InvalidOption);
        }
        for key_id in ["", &"k".repeat(256)] {
            assert_eq!(
                key.sign(Some(key_id), "{}", Algorithm::Rs256).unwrap_err().code(),
                Code::InvalidOption
            );
        }
    }

    #[test]
    fn debug_output_holds_nothing_of_the_key() {
        let key = SigningKey::from_pem(FIRST_KEY.as_bytes()).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey { .. }");
    }

    #[test]
    fn the_text_of_a_key_is_limited_to_the_byte() {
        let padded = |bytes| format!("{FIRST_KEY:\n<bytes$}");
        assert!(SigningKey::from_pem(padded(MAX_PEM_BYTES).as_bytes()).is_ok());
        let found = message(padded(MAX_PEM_BYTES + 1).as_bytes());
        assert!(found.contains(&format!("has {} bytes", MAX_PEM_BYTES + 1)), "{found}");
    }
}
