use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Inner, Signer, Signing, Token, TokenKey, invalid};
use crate::error::{Code, Error};
use crate::keys::Algorithm;
use crate::provider::Provider;
use crate::scheme::{BearerScheme, Purpose, Scheme};
use crate::secret::Secret;
use crate::token::{SharedSecret, SigningKey};

/// Collects the keys and options of a [`Signer`], and checks them all in [`build`](Self::build).
#[must_use = "call build to get a signer"]
pub struct SignerBuilder {
    provider: Provider,
    secrets: Vec<Zeroizing<Vec<u8>>>,
    issuer: Option<String>,
    audience: Option<String>,
    key_id: Option<String>,
    algorithm: Option<String>,
    lifetime: Duration,
    claims: Vec<(String, String)>,
}

impl SignerBuilder {
    pub(super) fn new(provider: Provider) -> Self {
        Self {
            provider,
            secrets: Vec::new(),
            issuer: None,
            audience: None,
            key_id: None,
            algorithm: None,
            lifetime: Duration::from_secs(3600),
            claims: Vec::new(),
        }
    }

    /// Adds a secret in the provider's form; for a bearer provider, the PEM text of the RSA private key. With
    /// several, while one replaces another, a message gets a signature of each.
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push(Zeroizing::new(secret.as_ref().to_vec()));
        self
    }

    /// Sets the issuer of bearer tokens.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets the audience of bearer tokens.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Sets the id under which the public key stands in the issuer's key set.
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Sets the algorithm of bearer tokens. Default: the provider's first.
    pub fn algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.algorithm = Some(algorithm.into());
        self
    }

    /// Sets how long a bearer token is valid. Default: 3600 seconds.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Adds a claim to bearer tokens, its value as JSON text: `("sub", "\"robot\"")`. `iat` and `exp` are added
    /// when a message is signed, unless they are given here.
    pub fn claim(mut self, name: impl Into<String>, json: impl Into<String>) -> Self {
        self.claims.push((name.into(), json.into()));
        self
    }

    /// Checks everything and makes the signer.
    ///
    /// # Errors
    /// `invalid_secret`: there is none, or one is not of the provider's form. `invalid_key`: the private key is
    /// none. `invalid_option`: an option is missing or malformed.
    pub fn build(self) -> Result<Signer, Error> {
        if self.secrets.is_empty() {
            let name = self.provider.name();
            return Err(Error::new(
                Code::InvalidSecret,
                format!("no secret was given, and {name} needs one"),
            ));
        }
        let signing = match self.provider.scheme() {
            Scheme::Signature(scheme) => {
                let key = |secret: &Zeroizing<Vec<u8>>| scheme.key(secret, Purpose::Sign);
                let keys = self.secrets.iter().map(key).collect::<Result<_, _>>()?;
                Signing::Signature { scheme: Arc::clone(scheme), keys }
            }
            Scheme::Bearer(scheme) => self.bearer(scheme)?,
        };
        Ok(Signer(Arc::new(Inner { provider: self.provider, signing })))
    }

    fn bearer(&self, scheme: &Arc<BearerScheme>) -> Result<Signing, Error> {
        let [secret] = self.secrets.as_slice() else {
            return Err(invalid("a token is signed with one key: give one secret".into()));
        };
        let mut claims = serde_json::Map::new();
        for (name, json) in &self.claims {
            let value = serde_json::from_str(json)
                .map_err(|error| invalid(format!("the value of the claim {name:?} is not JSON: {error}")))?;
            claims.insert(name.clone(), value);
        }
        for (claim, option, value) in [("iss", "issuer", &self.issuer), ("aud", "audience", &self.audience)] {
            if let Some(value) = value {
                claims.insert(claim.into(), value.as_str().into());
            } else if let Some(issuer) = scheme.issuers.first().filter(|_| claim == "iss") {
                claims.insert(claim.into(), issuer.as_str().into());
            } else if !claims.contains_key(claim) && !scheme.may_lack(claim) {
                return Err(invalid(format!(
                    "the option {option} is missing, and every receiver asks for it"
                )));
            }
        }
        let algorithm = match &self.algorithm {
            Some(name) => Algorithm::named(name).filter(|named| named.is_shared() == scheme.is_shared()),
            None => scheme.algorithms.first().copied(),
        };
        let algorithm =
            algorithm.ok_or_else(|| invalid("the option algorithm is not one of the provider's".into()))?;
        let token = Token {
            algorithm,
            key_id: self.key_id.clone(),
            lifetime_seconds: i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX),
            claims,
        };
        let key = if scheme.is_shared() {
            TokenKey::Shared(SharedSecret::new(Secret::new(secret)?.bytes()))
        } else {
            TokenKey::Private(SigningKey::from_pem(secret)?)
        };
        Ok(Signing::Bearer { scheme: Arc::clone(scheme), key, token })
    }
}
