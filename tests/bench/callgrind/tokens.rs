//! Tokens of one issuer that differ, and what a bare verification of their signatures takes.

use std::rc::Rc;

use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hookproof::{Message, Request, Signer, Verifier};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};

use crate::delivery::NOW;

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "https://receiver.example";
const PROVIDER: &str = "jwt-bearer";
const BODY: &[u8] = br#"{"id":"evt_5f7b","event":"a.b"}"#;
// Made for tests; it protects nothing.
const KEY: &str = include_str!("../../../core/src/token/fixtures/test-only-rsa-2048-pkcs8.pem");

#[derive(Clone)]
pub struct Tokens(Rc<Vec<Token>>);

struct Token {
    headers: Vec<(String, String)>,
    signed: String,
    signature: Vec<u8>,
}

impl Tokens {
    /// Signs one more than the number.
    pub fn new(number: usize) -> Self {
        let signer = Signer::builder(PROVIDER).unwrap().secret(KEY).issuer(ISSUER).audience(AUDIENCE);
        let signer = signer.build().unwrap();
        // Each was issued at another second.
        let tokens = (0_i64..).take(number.saturating_add(1)).map(|age| {
            let message = Message::new(BODY).at(NOW.saturating_sub(age));
            Token::new(signer.sign(&message).unwrap().headers)
        });
        Self(Rc::new(tokens.collect()))
    }

    /// Makes a verifier that accepts them, and has not seen one.
    pub fn verifier() -> Verifier {
        let key =
            Jwk::from_encoding_key(&EncodingKey::from_rsa_pem(KEY.as_bytes()).unwrap(), Algorithm::RS256);
        let jwks = format!(r#"{{"keys":[{}]}}"#, serde_json::to_string(&key.unwrap()).unwrap());
        let builder = Verifier::builder(PROVIDER).unwrap().issuer(ISSUER).audience(AUDIENCE);
        builder.jwks(jwks).build().unwrap()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Verifies one of them.
    pub fn is_accepted(&self, verifier: &Verifier, number: usize) -> bool {
        let token = self.0.get(number).unwrap();
        verifier.verify_at(&Request::new(BODY, &token.headers), NOW).is_ok()
    }

    /// Verifies the signature of one of them, and nothing else.
    pub fn has_signature_of(&self, key: &ParsedPublicKey, number: usize) -> bool {
        let token = self.0.get(number).unwrap();
        key.verify_sig(token.signed.as_bytes(), &token.signature).is_ok()
    }

    pub fn key() -> ParsedPublicKey {
        let text: String = KEY.lines().filter(|line| !line.starts_with("-----")).collect();
        let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap();
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key()).unwrap()
    }
}

impl Token {
    fn new(headers: Vec<(String, String)>) -> Self {
        let text = headers.iter().find_map(|(_, value)| value.strip_prefix("Bearer ")).unwrap();
        let (signed, signature) = text.rsplit_once('.').unwrap();
        let (signed, signature) = (signed.to_owned(), URL_SAFE_NO_PAD.decode(signature).unwrap());
        Self { headers, signed, signature }
    }
}
