use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _};
use md5::Md5;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Declares the algorithms once, with the name of each and how many bytes its signatures have.
macro_rules! algorithms {
    ($($variant:ident = $name:literal, $bytes:expr;)+) => {
        /// How a signature is computed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub(crate) enum Algorithm {
            $(#[serde(rename = $name)] $variant,)+
        }

        impl Algorithm {
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns how many bytes a signature has, where they are always the same.
            pub(crate) fn signature_bytes(self) -> Option<usize> {
                match self { $(Self::$variant => $bytes,)+ }
            }
        }
    };
}

impl Algorithm {
    /// Tells whether this is a plain hash, which is only as secret as what is hashed.
    pub(crate) fn is_digest(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha256)
    }
}

algorithms! {
    HmacMd5 = "hmac-md5", Some(16);
    HmacSha1 = "hmac-sha1", Some(20);
    HmacSha256 = "hmac-sha256", Some(32);
    HmacSha384 = "hmac-sha384", Some(48);
    HmacSha512 = "hmac-sha512", Some(64);
    Md5 = "md5", Some(16);
    Sha1 = "sha1", Some(20);
    Sha256 = "sha256", Some(32);
    Token = "token", None;
    Ed25519 = "ed25519", Some(64);
    EcdsaP256Sha256 = "ecdsa-p256-sha256", None;
    RsaSha256 = "rsa-sha256", None;
}

/// The longest signature of any algorithm, in bytes: RSA with 8192 bits.
pub(crate) const LONGEST_SIGNATURE: usize = 1024;

/// The longest authentication tag, in bytes.
const LONGEST_TAG: usize = 64;

/// A key that is ready to use: hashed into its initial state once, when the verifier is built.
#[derive(Clone)]
pub(crate) enum Key {
    HmacMd5(Hmac<Md5>),
    HmacSha1(Hmac<Sha1>),
    HmacSha256(Hmac<Sha256>),
    HmacSha384(Hmac<Sha384>),
    HmacSha512(Hmac<Sha512>),
    /// A secret that is hashed with the message. The scheme's content says where it stands.
    Digest(Algorithm, Zeroizing<Vec<u8>>),
    /// A secret that stands in the request as it is.
    Token(Zeroizing<Vec<u8>>),
    Ed25519Public(Box<VerifyingKey>),
    Ed25519Private(Box<SigningKey>),
    /// A public key of an algorithm that signs the SHA-256 of the message.
    Public(Box<ParsedPublicKey>),
}

impl Key {
    /// Makes a key of a shared secret, or returns nothing for an algorithm that has none.
    pub(crate) fn shared(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        let secret = || Zeroizing::new(bytes.to_vec());
        match algorithm {
            Algorithm::HmacMd5 => Hmac::new_from_slice(bytes).ok().map(Self::HmacMd5),
            Algorithm::HmacSha1 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha1),
            Algorithm::HmacSha256 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha256),
            Algorithm::HmacSha384 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha384),
            Algorithm::HmacSha512 => Hmac::new_from_slice(bytes).ok().map(Self::HmacSha512),
            Algorithm::Md5 | Algorithm::Sha1 | Algorithm::Sha256 => Some(Self::Digest(algorithm, secret())),
            Algorithm::Token => Some(Self::Token(secret())),
            Algorithm::Ed25519 | Algorithm::EcdsaP256Sha256 | Algorithm::RsaSha256 => None,
        }
    }

    /// Makes a key of a DER `SubjectPublicKeyInfo`, or returns nothing where it is none for the algorithm.
    pub(crate) fn public(algorithm: Algorithm, der: &[u8]) -> Option<Self> {
        let key = match algorithm {
            Algorithm::EcdsaP256Sha256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, der),
            Algorithm::RsaSha256 => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der),
            _ => return None,
        };
        key.ok().map(Box::new).map(Self::Public)
    }

    /// Returns the secret that a template may ask for.
    pub(crate) fn secret(&self) -> &[u8] {
        match self {
            Self::Digest(_, secret) | Self::Token(secret) => secret,
            _ => &[],
        }
    }

    /// Tells whether a signature is checked with a public key.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self, Self::Ed25519Public(_) | Self::Public(_))
    }

    /// Tells whether hashing takes two or three times as long as with SHA-1 and SHA-256, which most processors have
    /// instructions for.
    pub(crate) fn is_slow(&self) -> bool {
        matches!(
            self,
            Self::HmacMd5(_) | Self::HmacSha384(_) | Self::HmacSha512(_) | Self::Digest(Algorithm::Md5, _)
        )
    }

    /// Prepares to compare signatures of one message with what this key makes of it.
    pub(crate) fn expect<'k>(&'k self, message: &[impl AsRef<[u8]>]) -> Expected<'k> {
        match self {
            Self::Ed25519Public(key) => Expected::Ed25519(key, join(message)),
            Self::Public(key) => Expected::Public(key, sha256(message)),
            Self::Token(secret) => Expected::Token(secret),
            _ => self.tag(message).map_or(Expected::Nothing, Expected::Tag),
        }
    }

    /// Signs one message, or returns nothing where the key is public.
    pub(crate) fn sign(&self, message: &[impl AsRef<[u8]>]) -> Option<Vec<u8>> {
        match self {
            Self::Ed25519Private(key) => Some(key.sign(&join(message)).to_bytes().to_vec()),
            Self::Token(secret) => Some(secret.to_vec()),
            _ => self.tag(message).map(Tag::into_bytes),
        }
    }

    /// Computes the tag of one message, or returns nothing where the key makes none: a private key never verifies,
    /// and a public one never signs.
    fn tag(&self, message: &[impl AsRef<[u8]>]) -> Option<Tag> {
        match self {
            Self::HmacMd5(state) => Some(Tag::of(state.clone(), message)),
            Self::HmacSha1(state) => Some(Tag::of(state.clone(), message)),
            Self::HmacSha256(state) => Some(Tag::of(state.clone(), message)),
            Self::HmacSha384(state) => Some(Tag::of(state.clone(), message)),
            Self::HmacSha512(state) => Some(Tag::of(state.clone(), message)),
            Self::Digest(Algorithm::Md5, _) => Some(Tag::digest(Md5::new(), message)),
            Self::Digest(Algorithm::Sha1, _) => Some(Tag::digest(Sha1::new(), message)),
            Self::Digest(Algorithm::Sha256, _) => Some(Tag::digest(Sha256::new(), message)),
            _ => None,
        }
    }
}

fn join(message: &[impl AsRef<[u8]>]) -> Vec<u8> {
    message.iter().map(AsRef::as_ref).collect::<Vec<_>>().concat()
}

/// Hashes once for all signatures of a message, however many of them a stranger sends along.
fn sha256(message: &[impl AsRef<[u8]>]) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in message {
        context.update(part.as_ref());
    }
    context.finish()
}

/// What a signature of one message has to be for one key.
pub(crate) enum Expected<'k> {
    Tag(Tag),
    Token(&'k [u8]),
    Ed25519(&'k VerifyingKey, Vec<u8>),
    Public(&'k ParsedPublicKey, digest::Digest),
    Nothing,
}

impl Expected<'_> {
    pub(crate) fn matches(&self, signature: &[u8]) -> bool {
        match self {
            Self::Tag(tag) => tag.matches(signature),
            // Hashed first, so that not even the token's length shows in the time that this takes.
            Self::Token(secret) => Sha256::digest(secret).ct_eq(&Sha256::digest(signature)).into(),
            // Strict: a small-order key or R would let one signature fit many messages (RFC 8032 section 5.1.7).
            Self::Ed25519(key, message) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Public(key, digest) => key.verify_digest_sig(digest, signature).is_ok(),
            Self::Nothing => false,
        }
    }

    /// Tells whether a comparison is an operation with a public key, and with Ed25519 a hash of the whole message too.
    pub(crate) fn is_costly(&self) -> bool {
        matches!(self, Self::Ed25519(..) | Self::Public(..))
    }
}

/// An authentication tag. It has no `==`, so that nobody compares it in variable time by accident: the time that
/// takes tells an attacker how many leading bytes are right.
pub(crate) struct Tag {
    bytes: [u8; LONGEST_TAG],
    length: usize,
}

impl Tag {
    fn of<M: hmac::Mac>(mut mac: M, message: &[impl AsRef<[u8]>]) -> Self {
        for part in message {
            mac.update(part.as_ref());
        }
        Self::new(&mac.finalize().into_bytes())
    }

    fn digest<D: Digest>(mut hash: D, message: &[impl AsRef<[u8]>]) -> Self {
        for part in message {
            hash.update(part.as_ref());
        }
        Self::new(&hash.finalize())
    }

    fn new(output: &[u8]) -> Self {
        let mut bytes = [0; LONGEST_TAG];
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
        verify_slices_are_equal(self.value(), signature).is_ok()
    }

    fn into_bytes(self) -> Vec<u8> {
        self.value().to_vec()
    }
}

#[cfg(test)]
#[path = "algorithm_tests.rs"]
mod tests;
