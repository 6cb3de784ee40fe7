use std::sync::Arc;
use std::time::Duration;

use super::{Inner, Proving, Verifier};
use crate::error::{Code, Error};
use crate::event::Scope;
use crate::keys::{Algorithm, KeySet};
use crate::provider::Provider;
use crate::scheme::{BearerScheme, Purpose, Scheme, SignatureScheme};
use crate::secret::Secret;
use crate::token::TokenPolicy;

/// Collects the keys and options of a [`Verifier`], and checks them all in [`build`](Self::build).
#[must_use = "call build to get a verifier"]
pub struct VerifierBuilder {
    provider: Provider,
    secrets: Vec<(Option<String>, Vec<u8>)>,
    tolerance: Option<Duration>,
    endpoint: Option<String>,
    max_body: Option<usize>,
    accept_reserialized: bool,
    issuers: Vec<String>,
    audiences: Vec<String>,
    algorithms: Vec<String>,
    required_claims: Vec<String>,
    claims: Vec<(String, String)>,
    jwks: Option<String>,
}

impl VerifierBuilder {
    pub(super) fn new(provider: Provider) -> Self {
        Self {
            provider,
            secrets: Vec::new(),
            tolerance: None,
            endpoint: None,
            max_body: None,
            accept_reserialized: false,
            issuers: Vec::new(),
            audiences: Vec::new(),
            algorithms: Vec::new(),
            required_claims: Vec::new(),
            claims: Vec::new(),
            jwks: None,
        }
    }

    /// Adds a secret: text in the provider's form, or its bytes. Add several while one replaces another.
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push((None, secret.as_ref().to_vec()));
        self
    }

    /// Adds a secret under a name that the [`Proof`](crate::Proof) tells when it matched.
    pub fn labelled_secret(mut self, label: impl Into<String>, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push((Some(label.into()), secret.as_ref().to_vec()));
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
        self.issuers.push(issuer.into());
        self
    }

    /// Adds an accepted audience of bearer tokens; it is compared exactly.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Adds an accepted algorithm of bearer tokens, such as `RS256`. Default: the provider's.
    pub fn algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.algorithms.push(algorithm.into());
        self
    }

    /// Adds a claim that tokens must have, to those that the provider requires.
    pub fn required_claim(mut self, claim: impl Into<String>) -> Self {
        self.required_claims.push(claim.into());
        self
    }

    /// Pins a claim of bearer tokens to a value, given as JSON text: `("sub", "\"robot\"")`.
    pub fn claim(mut self, name: impl Into<String>, json: impl Into<String>) -> Self {
        self.claims.push((name.into(), json.into()));
        self
    }

    /// Gives the issuer's public keys as the text of a JWKS document (RFC 7517).
    pub fn jwks(mut self, json: impl Into<String>) -> Self {
        self.jwks = Some(json.into());
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
        let (id, event_type) = self.provider.envelope().identity();
        let covers = self.provider.scheme().covers(id, event_type);
        let proving = match self.provider.scheme() {
            Scheme::Signature(scheme) => self.signature(scheme)?,
            Scheme::Bearer(scheme) => self.bearer(scheme)?,
        };
        Ok(Verifier(Arc::new(Inner {
            provider: self.provider,
            proving,
            covers,
            scope: Arc::new(scope),
            tolerance: self.tolerance,
            max_body: self.max_body,
            accept_reserialized: self.accept_reserialized,
        })))
    }

    fn signature(&self, scheme: &Arc<SignatureScheme>) -> Result<Proving, Error> {
        let name = self.provider.name();
        let token_options = [
            ("issuer", self.issuers.is_empty()),
            ("audience", self.audiences.is_empty()),
            ("algorithms", self.algorithms.is_empty()),
            ("required_claims", self.required_claims.is_empty()),
            ("claims", self.claims.is_empty()),
            ("jwks", self.jwks.is_none()),
        ];
        if let Some((option, _)) = token_options.into_iter().find(|(_, absent)| !absent) {
            return Err(invalid_option(format!(
                "the option {option} is for bearer tokens, and {name} signs with a secret"
            )));
        }
        if self.secrets.is_empty() {
            return Err(Error::new(
                Code::InvalidSecret,
                format!("no secret was given, and {name} needs one"),
            ));
        }
        let key = |(_, secret): &(_, Vec<u8>)| scheme.key(&Secret::new(secret)?, Purpose::Verify);
        let keys = self.secrets.iter().map(key).collect::<Result<_, _>>()?;
        let labels = self.secrets.iter().map(|(label, _)| label.as_deref().map(Arc::from)).collect();
        Ok(Proving::Signature { scheme: Arc::clone(scheme), keys, labels })
    }

    fn bearer(&self, scheme: &Arc<BearerScheme>) -> Result<Proving, Error> {
        let name = self.provider.name();
        if !self.secrets.is_empty() {
            return Err(invalid_option(format!(
                "a secret was given, and {name} signs with a private key: give its public keys as jwks"
            )));
        }
        for (option, values) in [("issuer", &self.issuers), ("audience", &self.audiences)] {
            if values.is_empty() || values.iter().any(|value| value.trim().is_empty()) {
                return Err(invalid_option(format!(
                    "the option {option} is missing or blank, and without it a token for anybody would do"
                )));
            }
        }
        let policy = self.policy(scheme)?;
        let keys = match &self.jwks {
            Some(document) => {
                let keys = KeySet::from_jwks(document)?;
                keys.require_usable(&policy.algorithms)?;
                keys
            }
            None => KeySet::new(),
        };
        Ok(Proving::Bearer { scheme: Arc::clone(scheme), policy, keys })
    }

    fn policy(&self, scheme: &BearerScheme) -> Result<TokenPolicy, Error> {
        let names = if self.algorithms.is_empty() { &scheme.algorithms } else { &self.algorithms };
        let pinned = |(name, json): &(String, String)| {
            let value = serde_json::from_str(json).map_err(|error| {
                invalid_option(format!("the value that the claim {name:?} is pinned to is not JSON: {error}"))
            })?;
            Ok::<_, Error>((name.clone(), value))
        };
        let leeway = self.tolerance.map_or_else(|| scheme.leeway_seconds.into(), |leeway| leeway.as_secs());
        Ok(TokenPolicy {
            algorithms: names.iter().map(|name| Algorithm::configured(name)).collect::<Result<_, _>>()?,
            issuers: self.issuers.clone(),
            audiences: self.audiences.clone(),
            single_audience: scheme.single_audience,
            required_claims: scheme.required_claims.iter().chain(&self.required_claims).cloned().collect(),
            key_id_required: scheme.key_id_required,
            leeway_seconds: i64::try_from(leeway).unwrap_or(i64::MAX),
            past_claims: scheme.past_claims.clone(),
            subject_max_chars: scheme.subject_max_characters,
            pinned_claims: self.claims.iter().map(pinned).collect::<Result<_, _>>()?,
        })
    }
}

fn endpoint(name: &str) -> Result<String, Error> {
    if (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(name.to_owned())
    } else {
        Err(invalid_option("the option endpoint is not 1 to 64 visible ASCII characters".into()))
    }
}

fn invalid_option(message: String) -> Error {
    Error::new(Code::InvalidOption, message)
}
