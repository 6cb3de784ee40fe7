//! Builds verifiers: collects what a user gives, and checks it.

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::key_options::{KeyOptions, invalid_option};
use super::proving::{Proving, TokenKeys};
use super::token_options::TokenOptions;
use super::{Inner, Verifier};
use crate::error::{Code, Error};
use crate::event::Scope;
use crate::handshake::HandshakeRule;
use crate::provider::Provider;
use crate::scheme::{BearerScheme, Purpose, Scheme, SignatureScheme};
use crate::secret::Secret;
use crate::token::{SharedSecret, TokenPolicy};

/// Collects the keys and options of a [`Verifier`], and checks them all in [`build`](Self::build).
#[must_use = "call build to get a verifier"]
pub struct VerifierBuilder {
    provider: Provider,
    secrets: Vec<(Option<String>, Zeroizing<Vec<u8>>)>,
    tolerance: Option<Duration>,
    endpoint: Option<String>,
    max_body: Option<usize>,
    url: Option<String>,
    verify_token: Option<String>,
    accept_reserialized: bool,
    tokens: TokenOptions,
    keys: KeyOptions,
}

impl VerifierBuilder {
    pub(super) fn new(provider: Provider) -> Self {
        Self {
            provider,
            secrets: Vec::new(),
            tolerance: None,
            endpoint: None,
            max_body: None,
            url: None,
            verify_token: None,
            accept_reserialized: false,
            tokens: TokenOptions::default(),
            keys: KeyOptions::default(),
        }
    }

    /// Adds a secret: text in the provider's form, or its bytes. Add several while one replaces another.
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push((None, Zeroizing::new(secret.as_ref().to_vec())));
        self
    }

    /// Adds a secret under a name that the [`Proof`](crate::Proof) tells when it matched.
    pub fn labelled_secret(mut self, label: impl Into<String>, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push((Some(label.into()), Zeroizing::new(secret.as_ref().to_vec())));
        self
    }

    /// Sets how far a timestamp may be off, in either direction, or by how much clocks may differ when a token's
    /// times are checked. Default: the provider's. It has no effect where the provider sends no time.
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Names this endpoint in idempotency keys, so that two endpoints of one provider never take each other's
    /// deliveries for duplicates: 1 to 64 visible ASCII characters. Default: `default`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Refuses a larger body with `body_too_large` before anything is computed, in bytes. Default: no limit, for
    /// the server in front has one.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Sets the URL that the sender calls, as it stands in the sender's settings, for schemes that sign it. The query
    /// is that of the request where this URL has none. Default: the URL of the request.
    ///
    /// Behind a proxy the request's own URL is another one, and headers that tell the original one can be forged.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets the token that a sender must know to register this endpoint, where it has such a handshake (Meta).
    /// Without it such a handshake is not answered.
    pub fn verify_token(mut self, token: impl Into<String>) -> Self {
        self.verify_token = Some(token.into());
        self
    }

    /// Also accepts a signature over ECMAScript's `JSON.stringify(JSON.parse(body))`. Default: false.
    ///
    /// For a sender that signs what it parsed (Fourvenues' guide does), behind software that has already parsed
    /// the body. The raw bytes are always tried first.
    pub fn accept_reserialized(mut self, accept: bool) -> Self {
        self.accept_reserialized = accept;
        self
    }

    /// Adds an accepted issuer of bearer tokens; it is compared exactly.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.tokens.issuers.push(issuer.into());
        self
    }

    /// Adds an accepted audience of bearer tokens; it is compared exactly.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.tokens.audiences.push(audience.into());
        self
    }

    /// Adds an accepted algorithm of bearer tokens, such as `RS256`. Default: the provider's.
    pub fn algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.tokens.algorithms.push(algorithm.into());
        self
    }

    /// Adds a claim that tokens must have, to those that the provider requires.
    pub fn required_claim(mut self, claim: impl Into<String>) -> Self {
        self.tokens.required_claims.push(claim.into());
        self
    }

    /// Pins a claim of bearer tokens to a value, given as JSON text: `("sub", "\"robot\"")`.
    pub fn claim(mut self, name: impl Into<String>, json: impl Into<String>) -> Self {
        self.tokens.claims.push((name.into(), json.into()));
        self
    }

    /// Gives the issuer's public keys as the text of a JWKS document (RFC 7517). Then none are fetched.
    pub fn jwks(mut self, json: impl Into<String>) -> Self {
        self.keys.jwks = Some(json.into());
        self
    }

    /// Sets the https address of the issuer's JWKS document. Default: what the issuer's discovery document
    /// (`{issuer}/.well-known/openid-configuration`) names.
    pub fn jwks_uri(mut self, url: impl Into<String>) -> Self {
        self.keys.jwks_uri = Some(url.into());
        self
    }

    /// Sets whether keys that were not given are to be fetched. Default: true. Without it they come from
    /// [`Verifier::update_keys`] alone.
    pub fn fetch_keys(mut self, fetch: bool) -> Self {
        self.keys.fetch = fetch;
        self
    }

    /// Sets how long a fetch of keys may take in all. Default, and most: 5 seconds.
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.keys.timeout = Some(timeout);
        self
    }

    /// Also fetches keys over http from this machine: `localhost`, `127.0.0.1` or `[::1]`. For tests and development.
    /// Default: false.
    pub fn allow_insecure_loopback(mut self, allow: bool) -> Self {
        self.keys.allow_insecure_loopback = allow;
        self
    }

    /// Checks everything and makes the verifier.
    ///
    /// # Errors
    /// `invalid_secret`: there is none, or one is not of the provider's form. `invalid_key`: the key set is
    /// malformed or has no usable key. `invalid_option`: an option is missing, does not fit or has no such value.
    pub fn build(self) -> Result<Verifier, Error> {
        let scope = Scope {
            provider: self.provider.name().to_owned(),
            endpoint: endpoint(self.endpoint.as_deref().unwrap_or("default"))?,
            idempotency: self.provider.envelope().idempotency,
        };
        let covers = self.provider.scheme().covers(self.provider.envelope());
        let proving = match self.provider.scheme() {
            Scheme::Signature(scheme) => self.signature(scheme)?,
            Scheme::Bearer(scheme) => self.bearer(scheme)?,
        };
        // Kept only where an answer is made with it.
        let needed = self.provider.handshakes().iter().any(HandshakeRule::needs_secret);
        let (label, secret) = match (self.provider.scheme(), self.secrets.first()) {
            (Scheme::Signature(scheme), Some((label, secret))) if needed => {
                (label.clone(), scheme.key_bytes(secret)?)
            }
            _ => (None, Zeroizing::default()),
        };
        Ok(Verifier(Arc::new(Inner {
            secret,
            label,
            verify_token: self.verify_token,
            provider: self.provider,
            proving,
            covers,
            scope: Arc::new(scope),
            tolerance: self.tolerance,
            max_body: self.max_body,
            public_url: self.url,
            accept_reserialized: self.accept_reserialized,
        })))
    }

    fn signature(&self, scheme: &Arc<SignatureScheme>) -> Result<Proving, Error> {
        let name = self.provider.name();
        let mut all = self.tokens.absent().into_iter().chain(self.keys.absent());
        if let Some((option, _)) = all.find(|(_, absent)| !absent) {
            return Err(invalid_option(format!(
                "the option {option} is for bearer tokens, and {name} signs with a secret"
            )));
        }
        self.require_secret()?;
        let key = |(_, secret): &(_, Zeroizing<Vec<u8>>)| scheme.key(secret, Purpose::Verify);
        let keys = self.secrets.iter().map(key).collect::<Result<_, _>>()?;
        Ok(Proving::Signature { scheme: Arc::clone(scheme), keys, labels: self.labels() })
    }

    fn bearer(&self, scheme: &Arc<BearerScheme>) -> Result<Proving, Error> {
        let policy = self.tokens.policy(scheme, self.tolerance)?;
        let keys = if scheme.is_shared() { self.shared_secrets()? } else { self.key_set(&policy)? };
        Ok(Proving::Bearer { scheme: Arc::clone(scheme), policy, keys })
    }

    fn shared_secrets(&self) -> Result<TokenKeys, Error> {
        let name = self.provider.name();
        if let Some((option, _)) = self.keys.absent().into_iter().find(|(_, absent)| !absent) {
            return Err(invalid_option(format!(
                "the option {option} is for key sets, and {name} signs with a secret"
            )));
        }
        self.require_secret()?;
        let secret =
            |(_, secret): &(_, Zeroizing<Vec<u8>>)| Ok(SharedSecret::new(Secret::new(secret)?.bytes()));
        let secrets = self.secrets.iter().map(secret).collect::<Result<_, Error>>()?;
        Ok(TokenKeys::Shared { secrets, labels: self.labels() })
    }

    fn key_set(&self, policy: &TokenPolicy) -> Result<TokenKeys, Error> {
        if !self.secrets.is_empty() {
            let name = self.provider.name();
            return Err(invalid_option(format!(
                "a secret was given, and {name} signs with a private key: give its public keys as jwks"
            )));
        }
        self.keys.keys(policy)
    }

    fn require_secret(&self) -> Result<(), Error> {
        if self.secrets.is_empty() {
            let name = self.provider.name();
            return Err(Error::new(
                Code::InvalidSecret,
                format!("no secret was given, and {name} needs one"),
            ));
        }
        Ok(())
    }

    fn labels(&self) -> Vec<Option<Arc<str>>> {
        self.secrets.iter().map(|(label, _)| label.as_deref().map(Arc::from)).collect()
    }
}

fn endpoint(name: &str) -> Result<String, Error> {
    if (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(name.to_owned())
    } else {
        Err(invalid_option("the option endpoint is not 1 to 64 visible ASCII characters".into()))
    }
}
