use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _};
use serde::Deserialize;
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;

/// How a signature is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Algorithm {
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
    #[serde(rename = "hmac-sha384")]
    HmacSha384,
    #[serde(rename = "hmac-sha512")]
    HmacSha512,
    #[serde(rename = "ed25519")]
    Ed25519,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha384 => "hmac-sha384",
            Self::HmacSha512 => "hmac-sha512",
            Self::Ed25519 => "ed25519",
        }
    }

    /// Returns how many bytes a signature has.
    pub(crate) fn signature_bytes(self) -> usize {
        match self {
            Self::HmacSha256 => 32,
            Self::HmacSha384 => 48,
            Self::HmacSha512 | Self::Ed25519 => 64,
        }
    }
}

/// The longest signature of any algorithm, in bytes.
pub(crate) const LONGEST_SIGNATURE: usize = 64;

/// A key that is ready to use: hashed into its initial state once, when the verifier is built.
#[derive(Clone)]
pub(crate) enum Key {
    HmacSha256(Hmac<Sha256>),
    HmacSha384(Hmac<Sha384>),
    HmacSha512(Hmac<Sha512>),
    Ed25519Public(Box<VerifyingKey>),
    Ed25519Private(Box<SigningKey>),
}

impl Key {
    /// Makes a MAC key, or returns nothing for an algorithm that has none.
    pub(crate) fn mac(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::HmacSha256 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha256),
            Algorithm::HmacSha384 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha384),
            Algorithm::HmacSha512 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha512),
            Algorithm::Ed25519 => None,
        }
    }

    /// Prepares to compare signatures of one message with what this key makes of it.
    pub(crate) fn expect<'k>(&'k self, message: &[&[u8]]) -> Expected<'k> {
        match self {
            Self::HmacSha256(state) => Expected::Tag(Tag::of(state.clone(), message)),
            Self::HmacSha384(state) => Expected::Tag(Tag::of(state.clone(), message)),
            Self::HmacSha512(state) => Expected::Tag(Tag::of(state.clone(), message)),
            Self::Ed25519Public(key) => Expected::Signature(key, message.concat()),
            Self::Ed25519Private(_) => Expected::Nothing,
        }
    }

    /// Signs one message, or returns nothing where the key is public.
    pub(crate) fn sign(&self, message: &[&[u8]]) -> Option<Vec<u8>> {
        match self {
            Self::HmacSha256(state) => Some(Tag::of(state.clone(), message).into_bytes()),
            Self::HmacSha384(state) => Some(Tag::of(state.clone(), message).into_bytes()),
            Self::HmacSha512(state) => Some(Tag::of(state.clone(), message).into_bytes()),
            Self::Ed25519Private(key) => Some(key.sign(&message.concat()).to_bytes().to_vec()),
            Self::Ed25519Public(_) => None,
        }
    }
}

/// What a signature of one message has to be for one key.
pub(crate) enum Expected<'k> {
    Tag(Tag),
    Signature(&'k VerifyingKey, Vec<u8>),
    Nothing,
}

impl Expected<'_> {
    pub(crate) fn matches(&self, signature: &[u8]) -> bool {
        match self {
            Self::Tag(tag) => tag.matches(signature),
            // Strict: a small-order key or R would let one signature fit many messages (RFC 8032 section 5.1.7).
            Self::Signature(key, message) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Nothing => false,
        }
    }
}

/// An authentication tag. It has no `==`, so that nobody compares it in variable time by accident: the time that
/// takes tells an attacker how many leading bytes are right.
pub(crate) struct Tag {
    bytes: [u8; LONGEST_SIGNATURE],
    length: usize,
}

impl Tag {
    fn of<M: hmac::Mac>(mut mac: M, message: &[&[u8]]) -> Self {
        for part in message {
            mac.update(part);
        }
        let output = mac.finalize().into_bytes();
        let mut bytes = [0; LONGEST_SIGNATURE];
        for (to, from) in bytes.iter_mut().zip(output.iter()) {
            *to = *from;
        }
        Self { bytes, length: output.len() }
    }

    fn value(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Compares in constant time; only the length, which is public, may end it early.
    fn matches(&self, signature: &[u8]) -> bool {
        self.value().ct_eq(signature).into()
    }

    fn into_bytes(self) -> Vec<u8> {
        self.value().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn computes_the_published_tags() {
        let message: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
        for (algorithm, tag) in [
            (Algorithm::HmacSha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                Algorithm::HmacSha384,
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            ),
        ] {
            let key = Key::mac(algorithm, b"Jefe").unwrap();
            assert_eq!(hex::encode(key.sign(&message).unwrap()), tag);
            assert!(key.expect(&message).matches(&hex::decode(tag).unwrap()));
            assert!(
                !key.expect(&message).matches(&hex::decode(&tag[2..]).unwrap()),
                "a shorter tag is no match"
            );
            assert!(!key.expect(&message).matches(&[]), "an empty tag is no match");
            assert_eq!(key.sign(&message).unwrap().len(), algorithm.signature_bytes());
        }
    }

    #[test]
    fn a_private_key_never_verifies_and_a_public_key_never_signs() {
        let private = SigningKey::from_bytes(&[7; 32]);
        let signature = Key::Ed25519Private(Box::new(private.clone())).sign(&[b"x"]).unwrap();
        let public = Key::Ed25519Public(Box::new(private.verifying_key()));
        assert!(public.expect(&[b"x"]).matches(&signature));
        assert!(public.sign(&[b"x"]).is_none());
        assert!(!Key::Ed25519Private(Box::new(private)).expect(&[b"x"]).matches(&signature));
    }
}
