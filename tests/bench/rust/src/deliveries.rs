//! The requests that every language measures, as `tests/bench/deliveries.py` writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hookproof::{Provider, Verifier};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

use crate::Failure;

/// All of them.
pub struct Deliveries {
    /// The signed requests, by row and size.
    pub signed: Vec<Delivery>,
    /// The requests with a bearer token.
    pub tokens: Tokens,
}

/// One signed request and its forgery.
pub struct Delivery {
    /// The name of the row.
    pub row: String,
    /// The size of the body.
    pub bytes: usize,
    /// What the signature is made with, as the provider hands it out.
    pub secret: String,
    /// The request that is to be accepted.
    pub accepted: Received,
    /// The same body under a signature that is wrong.
    pub rejected: Received,
    provider: Value,
}

/// A request as a server of Rust's ecosystem hands it over.
#[derive(Clone)]
pub struct Received {
    /// The headers of the `http` crate.
    pub headers: HeaderMap,
    /// The bytes of the body.
    pub body: Arc<[u8]>,
}

/// More tokens than a cache of verified ones holds, and the keys of their issuer.
pub struct Tokens {
    /// Whom a token must be from.
    pub issuer: String,
    /// Whom it must be for.
    pub audience: String,
    /// The key set, as JSON.
    pub jwks: String,
    /// The same public key as PEM.
    pub public_key: String,
    /// One request for each token.
    pub accepted: Vec<Bearer>,
    /// The first with one bit of its signature changed.
    pub rejected: Bearer,
    provider: Value,
}

/// A request with a token, and the parts that a bare verification of the signature starts from.
pub struct Bearer {
    /// The request.
    pub received: Received,
    /// The token's text.
    pub token: String,
    /// What of it is signed.
    pub signed: String,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

impl Deliveries {
    /// Reads the file.
    ///
    /// # Errors
    /// There is none, or it is not what `deliveries.py` writes.
    pub fn read(path: &str) -> Result<Self, Failure> {
        let written: WrittenDeliveries = serde_json::from_slice(&std::fs::read(path)?)?;
        let signed = written.signed.into_iter().map(Delivery::new).collect::<Result<_, _>>()?;
        Ok(Self { signed, tokens: Tokens::new(written.tokens)? })
    }
}

impl Delivery {
    fn new(written: WrittenDelivery) -> Result<Self, Failure> {
        let body: Arc<[u8]> = STANDARD.decode(&written.body)?.into();
        Ok(Self {
            row: written.row,
            bytes: written.bytes,
            secret: written.secret,
            accepted: Received { headers: headers(&written.headers)?, body: Arc::clone(&body) },
            rejected: Received { headers: headers(&written.rejected)?, body },
            provider: written.provider,
        })
    }

    /// Makes the verifier of these requests.
    ///
    /// # Errors
    /// As building one fails.
    pub fn verifier(&self) -> Result<Verifier, Failure> {
        Ok(Verifier::builder(provider(&self.provider)?)?.secret(&self.secret).build()?)
    }
}

impl Tokens {
    fn new(written: WrittenTokens) -> Result<Self, Failure> {
        let headers = headers(&written.headers)?;
        let plain = Received { headers, body: STANDARD.decode(&written.body)?.into() };
        let accepted: Vec<_> =
            written.tokens.iter().map(|token| Bearer::new(&plain, token)).collect::<Result<_, _>>()?;
        let rejected = accepted.first().ok_or("the file has no tokens")?.forged(&plain)?;
        Ok(Self {
            issuer: written.issuer,
            audience: written.audience,
            jwks: written.jwks.to_string(),
            public_key: written.public_key,
            accepted,
            rejected,
            provider: written.provider,
        })
    }

    /// Makes the verifier of these requests.
    ///
    /// # Errors
    /// As building one fails.
    pub fn verifier(&self) -> Result<Verifier, Failure> {
        let builder = Verifier::builder(provider(&self.provider)?)?;
        Ok(builder.issuer(&self.issuer).audience(&self.audience).jwks(&self.jwks).build()?)
    }
}

impl Bearer {
    fn new(plain: &Received, token: &str) -> Result<Self, Failure> {
        let (signed, signature) = token.rsplit_once('.').ok_or("a token has no signature")?;
        let mut received = plain.clone();
        received.headers.insert(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}"))?);
        Ok(Self {
            received,
            token: token.to_owned(),
            signed: signed.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature)?,
        })
    }

    fn forged(&self, plain: &Received) -> Result<Self, Failure> {
        let mut signature = self.signature.clone();
        *signature.last_mut().ok_or("a signature is empty")? ^= 1;
        Self::new(plain, &format!("{}.{}", self.signed, URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[derive(Deserialize)]
struct WrittenDeliveries {
    signed: Vec<WrittenDelivery>,
    tokens: WrittenTokens,
}

#[derive(Deserialize)]
struct WrittenDelivery {
    row: String,
    bytes: usize,
    provider: Value,
    secret: String,
    body: String,
    headers: BTreeMap<String, String>,
    rejected: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct WrittenTokens {
    provider: Value,
    issuer: String,
    audience: String,
    jwks: Value,
    public_key: String,
    body: String,
    headers: BTreeMap<String, String>,
    tokens: Vec<String>,
}

/// A provider's name, or its document.
fn provider(written: &Value) -> Result<Provider, Failure> {
    Ok(match written.as_str() {
        Some(name) => Provider::named(name)?,
        None => Provider::from_json(&written.to_string())?,
    })
}

fn headers(written: &BTreeMap<String, String>) -> Result<HeaderMap, Failure> {
    let line = |(name, value): (&String, &String)| -> Result<_, Failure> {
        Ok((HeaderName::try_from(name)?, HeaderValue::try_from(value)?))
    };
    written.iter().map(line).collect()
}
