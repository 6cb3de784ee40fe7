//! The key set of a verifier, after it was built: how keys come in, and go out to another process.

use super::Verifier;
use super::proving::{Proving, TokenKeys};
use crate::error::{Code, Error};
use crate::keys::{Moment, RemoteKeys};

impl Verifier {
    /// Replaces the key set of a bearer provider by a document that was just fetched from its issuer.
    ///
    /// # Errors
    /// `invalid_key`: the document is no key set; the old keys stay. `invalid_option`: the provider has no key set.
    pub fn update_keys(&self, jwks: &str) -> Result<(), Error> {
        match &self.0.proving {
            Proving::Bearer { keys: TokenKeys::Public { remote: Some(remote), .. }, .. } => {
                remote.replace(jwks)
            }
            Proving::Bearer { keys: TokenKeys::Public { keys, .. }, .. } => keys.replace(jwks),
            _ => Err(Error::new(
                Code::InvalidOption,
                format!("the provider {} signs with a secret and has no key set", self.provider().name()),
            )),
        }
    }

    /// Writes the key set that was fetched last as [`RemoteKeys::export`] does; nothing where none was fetched.
    #[must_use]
    pub fn export_keys(&self) -> Option<String> {
        self.remote_keys().and_then(RemoteKeys::export)
    }

    /// Takes a key set that another process exported, as [`RemoteKeys::import`] does.
    ///
    /// # Errors
    /// `invalid_key`: it is no exported key set, or another issuer's. `invalid_option`: this verifier fetches no keys.
    pub fn import_keys(&self, text: &str, now: Moment) -> Result<bool, Error> {
        let remote = self.remote_keys().ok_or_else(|| {
            Error::new(
                Code::InvalidOption,
                "exported keys were given to a verifier that fetches none: it has a secret, jwks, or fetch_keys as \
                 false",
            )
        })?;
        remote.import(text, now)
    }

    /// Returns the keys that have to be fetched from an issuer; nothing where they were given, or are secrets.
    ///
    /// Verifying fetches nothing by itself: the host does, as [`RemoteKeys`] says.
    #[must_use]
    pub fn remote_keys(&self) -> Option<&RemoteKeys> {
        match &self.0.proving {
            Proving::Bearer { keys: TokenKeys::Public { remote, .. }, .. } => remote.as_ref(),
            _ => None,
        }
    }
}
