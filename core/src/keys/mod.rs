//! Public keys of an issuer: a JWKS document in, keys that may verify tokens out.
//!
//! No I/O happens here. A host fetches what [`RemoteKeys`] asks for when it asks for it, and an answer that is no key
//! set leaves the keys that were there before.

mod algorithm;
mod answer;
mod budget;
mod document;
mod endpoint;
mod exported;
mod freshness;
mod jwk;
mod moment;
mod refresh;
mod remote;
mod rsa;
mod set;
mod shown;
mod source;
pub(crate) mod strict_json;
#[cfg(test)]
mod wycheproof_tests;

pub(crate) use algorithm::Algorithm;
pub use answer::KeyAnswer;
pub(crate) use document::Keys;
pub(crate) use jwk::{Key, Signature};
pub use moment::Moment;
pub(crate) use refresh::MAX_TIMEOUT;
pub use refresh::{KeyNeed, KeyRequest, KeyState};
pub use remote::RemoteKeys;
pub(crate) use rsa::{MAX_MODULUS_BITS, MIN_MODULUS_BITS, bit_length};
pub use set::KeySet;
pub(crate) use shown::shown;
pub(crate) use source::KeySource;

/// How many characters a key id may have, in a key set and in a token.
pub(crate) const MAX_KEY_ID_CHARS: usize = 255;
