//! What the tests of this module share. The keys were made for these tests and protect nothing.

use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::aws_lc;

use super::TokenPolicy;
use crate::encoding::Encoding::Base64url;
use crate::keys::{Algorithm, KeySet};

pub(crate) const FIRST_KEY: &str = include_str!("fixtures/test-only-rsa-2048-pkcs8.pem");
pub(crate) const SECOND_KEY: &str = include_str!("fixtures/test-only-rsa-2048-pkcs1.pem");
pub(crate) const WEAK_KEY: &str = include_str!("fixtures/test-only-rsa-1024.pem");
pub(crate) const ELLIPTIC_KEY: &str = include_str!("fixtures/test-only-ec-p256.pem");

pub(crate) const NOW: i64 = 1_790_000_000;

/// A policy that asks for issuer, audience and a lifetime with one minute of leeway.
pub(crate) fn policy() -> TokenPolicy {
    TokenPolicy {
        algorithms: vec![Algorithm::Rs256],
        issuers: vec!["https://issuer.test".to_owned()],
        any_issuer: false,
        audiences: vec!["acme".to_owned()],
        any_audience: false,
        single_audience: false,
        required_claims: Vec::new(),
        key_id_required: false,
        leeway_seconds: 60,
        past_claims: Vec::new(),
        subject_max_chars: None,
        pinned_claims: Vec::new(),
    }
}

pub(crate) fn key_set(keys: &[String]) -> KeySet {
    KeySet::from_jwks(&format!(r#"{{"keys":[{}]}}"#, keys.join(","))).unwrap()
}

/// Writes the public half of a key as a JWK with more members, each with a comma before it.
pub(crate) fn jwk(pem: &str, members: &str) -> String {
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let components = aws_lc::DEFAULT_PROVIDER.key_utils.rsa_pub_components_from_private_key;
    let (n, e) = components(key.as_bytes()).unwrap();
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"{members}}}"#, Base64url.encode(&n), Base64url.encode(&e))
}

/// Signs any bytes as header and claims, also such as no honest signer would.
pub(crate) fn sign_parts(pem: &str, algorithm: Algorithm, header: &[u8], claims: &[u8]) -> String {
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let input = format!("{}.{}", Base64url.encode(header), Base64url.encode(claims));
    let signer = (aws_lc::DEFAULT_PROVIDER.signer_factory)(&algorithm.backend(), &key).unwrap();
    format!("{input}.{}", Base64url.encode(&signer.try_sign(input.as_bytes()).unwrap()))
}
