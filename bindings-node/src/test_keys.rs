//! Keys for tests with bearer tokens.

use napi_derive::napi;

use crate::error::{Fallible, fallible};

/// Both halves of a key pair.
#[napi(object, object_from_js = false)]
pub struct TestKeys {
    /// The PEM text.
    pub private_key: String,
    /// The text of the key set.
    pub jwks: String,
}

/// Makes a key pair.
#[napi(catch_unwind)]
pub fn generate_keys(key_id: String) -> Fallible<TestKeys> {
    let keys = hookproof::TestKeys::generate(&key_id);
    fallible(keys.map(|keys| TestKeys { private_key: keys.private_key, jwks: keys.jwks }))
}
