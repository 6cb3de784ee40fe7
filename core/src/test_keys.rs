//! Keys for tests with bearer tokens, whose issuer nobody else has the keys of.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::aws_lc;
use serde_json::json;

use crate::error::{Code, Error};
use crate::keys::MAX_KEY_ID_CHARS;

/// An RSA key pair of 2048 bits: one half to sign test tokens with, the other to verify them.
pub struct TestKeys {
    /// The private key as PEM text (PKCS#8), for a signer.
    pub private_key: String,
    /// The key set with its public half as JSON text (RFC 7517), for a verifier.
    pub jwks: String,
}

impl TestKeys {
    /// Makes a new key pair, out of the system's randomness.
    ///
    /// # Errors
    /// `invalid_option` for a key id without 1 to 255 characters, `invalid_key` when the system gives no key.
    pub fn generate(key_id: &str) -> Result<Self, Error> {
        if !(1..=MAX_KEY_ID_CHARS).contains(&key_id.chars().count()) {
            let message = format!("the key id does not have 1 to {MAX_KEY_ID_CHARS} characters");
            return Err(Error::new(Code::InvalidOption, message));
        }
        let failed = || Error::new(Code::InvalidKey, "no key could be made");
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| failed())?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| failed())?;
        let private_key = pem(der.as_ref());
        let key = EncodingKey::from_rsa_pem(private_key.as_bytes()).map_err(|_| failed())?;
        let components =
            (aws_lc::DEFAULT_PROVIDER.key_utils.rsa_pub_components_from_private_key)(key.as_bytes());
        let (modulus, exponent) = components.map_err(|_| failed())?;
        let jwks = json!({"keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_id,
            "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent),
        }]});
        Ok(Self { private_key, jwks: jwks.to_string() })
    }
}

fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in encoded.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, Request, Signer, Verifier};

    #[test]
    fn one_half_verifies_what_the_other_signs() {
        let keys = TestKeys::generate("k1").unwrap();
        let mut builder = Signer::builder("jwt-bearer").unwrap().secret(&keys.private_key);
        builder = builder.issuer("https://issuer.test").audience("acme").key_id("k1");
        let signed = builder.build().unwrap().sign(&Message::new(b"{}").at(1_790_000_000)).unwrap();
        let verifier =
            Verifier::builder("jwt-bearer").unwrap().issuer("https://issuer.test").audience("acme");
        let request = Request::new(&signed.body, &signed.headers);
        let event = verifier.jwks(&keys.jwks).build().unwrap().verify_at(&request, 1_790_000_000).unwrap();
        assert_eq!(event.proof().key_label(), Some("k1"));
    }

    #[test]
    fn refuses_a_key_id_that_no_token_can_have() {
        for key_id in ["", &"k".repeat(256)] {
            assert_eq!(TestKeys::generate(key_id).err().unwrap().code(), Code::InvalidOption);
        }
    }
}
