//! Where the public keys come from.

use std::time::Duration;

use super::proving::TokenKeys;
use crate::error::{Code, Error};
use crate::keys::{KeySet, KeySource, MAX_TIMEOUT, RemoteKeys};
use crate::token::TokenPolicy;

/// Where the public keys of an issuer come from: they are given, or fetched, or handed in later.
pub(super) struct KeyOptions {
    pub(super) jwks: Option<String>,
    pub(super) jwks_uri: Option<String>,
    pub(super) fetch: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) allow_insecure_loopback: bool,
}

impl Default for KeyOptions {
    fn default() -> Self {
        Self { jwks: None, jwks_uri: None, fetch: true, timeout: None, allow_insecure_loopback: false }
    }
}

impl KeyOptions {
    /// Names the options that mean nothing to a provider which signs with a secret, and tells whether each is absent.
    pub(super) fn absent(&self) -> [(&'static str, bool); 2] {
        [("jwks", self.jwks.is_none()), ("jwks_uri", self.jwks_uri.is_none())]
    }

    /// Makes the keys.
    ///
    /// # Errors
    /// `invalid_key`: the key set that was given is malformed or has no usable key. `invalid_option`: there is no way
    /// to find keys that could be trusted.
    pub(super) fn keys(&self, policy: &TokenPolicy) -> Result<TokenKeys, Error> {
        let (keys, remote) = match (&self.jwks, &self.jwks_uri) {
            (Some(_), Some(_)) => {
                return Err(invalid_option(
                    "the options jwks and jwks_uri were both given, and keys are either given or fetched"
                        .into(),
                ));
            }
            (Some(document), None) => {
                let keys = KeySet::from_jwks(document)?;
                keys.require_usable(&policy.algorithms)?;
                (keys, None)
            }
            (None, _) => {
                let keys = KeySet::new();
                (keys.clone(), self.remote(keys, &policy.issuers)?)
            }
        };
        Ok(TokenKeys::Public { keys, remote, cache: Box::default() })
    }

    fn remote(&self, keys: KeySet, issuers: &[String]) -> Result<Option<RemoteKeys>, Error> {
        let timeout = self.timeout.unwrap_or(MAX_TIMEOUT);
        if timeout.is_zero() || timeout > MAX_TIMEOUT {
            return Err(invalid_option(
                "the option fetch_timeout is not above 0 and at most 5 seconds".into(),
            ));
        }
        if !self.fetch {
            return Ok(None);
        }
        let source = self.source(issuers)?;
        Ok(Some(RemoteKeys::new(source, keys, timeout, self.allow_insecure_loopback)))
    }

    fn source(&self, issuers: &[String]) -> Result<KeySource, Error> {
        let loopback = self.allow_insecure_loopback;
        match (&self.jwks_uri, issuers) {
            (Some(url), _) => KeySource::document(url, loopback).map_err(|problem| {
                invalid_option(format!("the option jwks_uri is not an address to fetch keys from: {problem}"))
            }),
            (None, [issuer]) => KeySource::discovery(issuer, loopback).map_err(|problem| {
                invalid_option(format!(
                    "the keys of the issuer {issuer:?} cannot be found by discovery, for {problem}: give jwks, or \
                     jwks_uri, or fetch_keys as false"
                ))
            }),
            // With one document for all, an issuer among several could sign in the name of another.
            (None, _) => Err(invalid_option(
                "the keys of several issuers cannot be found by discovery: give jwks, or jwks_uri where they share a \
                 document, or fetch_keys as false"
                    .into(),
            )),
        }
    }
}

pub(super) fn invalid_option(message: String) -> Error {
    Error::new(Code::InvalidOption, message)
}
