use std::time::Duration;

use serde_json::Value;

use super::exit::Outcome;
use super::input;
use super::keys::{Checks, Keys};
use crate::{Error, Explain, Provider, Verifier, VerifierBuilder};

/// What a verifier is made of, read once: a secret may be piped in.
pub(super) struct Verifying {
    pub(super) provider: Provider,
    pub(super) max_body: usize,
    secrets: Vec<Vec<u8>>,
    tolerance: Option<Duration>,
    issuer: Option<String>,
    audience: Option<String>,
    claims: Vec<(String, String)>,
    jwks: Option<String>,
    jwks_uri: Option<String>,
    allow_insecure_loopback: bool,
    accept_reserialized: bool,
    url: Option<String>,
}

impl Verifying {
    pub(super) fn read(keys: &Keys, checks: &Checks) -> Outcome<Self> {
        Ok(Self {
            provider: keys.provider()?,
            max_body: checks.max_body,
            secrets: keys.secrets()?,
            tolerance: checks.tolerance.map(Duration::from_secs),
            issuer: keys.issuer.clone(),
            audience: keys.audience.clone(),
            claims: keys.claims.clone(),
            jwks: checks.jwks.as_deref().map(input::text).transpose()?,
            jwks_uri: checks.jwks_uri.clone(),
            allow_insecure_loopback: checks.allow_insecure_loopback,
            accept_reserialized: checks.accept_reserialized,
            url: checks.public_url.clone(),
        })
    }

    pub(super) fn verifier(&self) -> Result<Verifier, Error> {
        let mut builder = Verifier::builder(&self.provider)?;
        builder = self.secrets.iter().fold(builder, VerifierBuilder::secret);
        if let Some(tolerance) = self.tolerance {
            builder = builder.tolerance(tolerance);
        }
        self.configured(builder).build()
    }

    /// Makes what explains a refusal, with the keys that a verifier has fetched.
    pub(super) fn explain(&self, verifier: Option<&Verifier>) -> Explain<'_> {
        let fetched = verifier.and_then(Verifier::export_keys).and_then(|text| key_set(&text));
        let mut explain = self.secrets.iter().fold(Explain::new(self.provider.clone()), Explain::secret);
        if let Some(tolerance) = self.tolerance {
            explain = explain.tolerance(tolerance);
        }
        explain.configure(move |builder| {
            let builder = self.configured(builder);
            match &fetched {
                Some(jwks) => builder.jwks(jwks),
                None => builder,
            }
        })
    }

    /// Sets the options of a verifier beside its secrets and its tolerance.
    fn configured(&self, mut builder: VerifierBuilder) -> VerifierBuilder {
        builder = self.issuer.iter().fold(builder, VerifierBuilder::issuer);
        builder = self.audience.iter().fold(builder, VerifierBuilder::audience);
        builder = self.jwks.iter().fold(builder, VerifierBuilder::jwks);
        builder = self.jwks_uri.iter().fold(builder, VerifierBuilder::jwks_uri);
        builder = self.url.iter().fold(builder, VerifierBuilder::url);
        for (name, json) in &self.claims {
            builder = builder.claim(name, json);
        }
        if self.allow_insecure_loopback {
            builder = builder.allow_insecure_loopback(true);
        }
        if self.accept_reserialized { builder.accept_reserialized(true) } else { builder }
    }
}

/// Reads the key set out of an export.
fn key_set(export: &str) -> Option<String> {
    let export: Value = serde_json::from_str(export).ok()?;
    export.get("jwks").map(Value::to_string)
}
