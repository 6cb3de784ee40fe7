//! Public keys of an issuer: a JWKS document in, keys that may verify tokens out.
//!
//! No I/O happens here. A host fetches a document, [`KeySet::replace`] judges it, and a document that is not one
//! leaves the keys that were there before.

mod algorithm;
mod document;
mod jwk;
mod rsa;
mod set;
mod shown;
pub(crate) mod strict_json;

pub(crate) use algorithm::Algorithm;
pub(crate) use document::Keys;
pub(crate) use jwk::{Key, Signature};
pub(crate) use rsa::{MAX_MODULUS_BITS, MIN_MODULUS_BITS, bit_length};
pub use set::KeySet;
pub(crate) use shown::shown;

/// How many characters a key id may have, in a key set and in a token.
pub(crate) const MAX_KEY_ID_CHARS: usize = 255;
