//! Signers.

use hookproof::{Error, Message, SignerBuilder};
use napi::bindgen_prelude::{Buffer, BufferSlice};
use napi_derive::napi;

use crate::convert::{duration, pairs};
use crate::error::{Fallible, fallible};
use crate::provider::Provider;

/// Signs messages as one provider does.
#[napi]
pub struct Signer(hookproof::Signer);

/// The options of a signer; the face has checked their types.
#[napi(object, object_to_js = false)]
pub struct SignerOptions {
    /// The secrets.
    pub secrets: Vec<Buffer>,
    /// The issuer of tokens.
    pub issuer: Option<String>,
    /// The audience of tokens.
    pub audience: Option<String>,
    /// The id of the key.
    pub key_id: Option<String>,
    /// The algorithm of tokens.
    pub algorithm: Option<String>,
    /// How long a token is valid.
    pub lifetime_seconds: Option<f64>,
    /// Names and JSON texts of claims.
    pub claims: Vec<(String, String)>,
}

/// The parts of a message beside its body.
#[napi(object, object_to_js = false)]
pub struct MessageParts {
    /// The id.
    pub id: Option<String>,
    /// The event's type.
    pub event_type: Option<String>,
    /// The moment, in unix seconds.
    pub now: i64,
    /// The method.
    pub method: Option<String>,
    /// The receiver's URL.
    pub url: Option<String>,
    /// Names and values of attributes.
    pub attributes: Vec<(String, String)>,
}

/// Builds a signer.
#[napi(catch_unwind)]
pub fn build_signer(provider: &Provider, options: SignerOptions) -> Fallible<Signer> {
    fallible(build(provider, options).map(Signer))
}

fn build(provider: &Provider, options: SignerOptions) -> Result<hookproof::Signer, Error> {
    let mut builder = hookproof::Signer::builder(&provider.0)?;
    builder = options.secrets.iter().fold(builder, SignerBuilder::secret);
    builder = options.issuer.into_iter().fold(builder, SignerBuilder::issuer);
    builder = options.audience.into_iter().fold(builder, SignerBuilder::audience);
    builder = options.key_id.into_iter().fold(builder, SignerBuilder::key_id);
    builder = options.algorithm.into_iter().fold(builder, SignerBuilder::algorithm);
    builder = options.lifetime_seconds.map(duration).into_iter().fold(builder, SignerBuilder::lifetime);
    builder = options.claims.into_iter().fold(builder, |builder, (name, json)| builder.claim(name, json));
    builder.build()
}

#[napi]
impl Signer {
    /// Signs one attempt to deliver a message, and returns its header lines.
    #[napi(catch_unwind)]
    pub fn sign(&self, body: BufferSlice, parts: MessageParts) -> Fallible<SignedHeaders> {
        let mut message = Message::new(&body).at(parts.now);
        message.id = parts.id.as_deref();
        message.event_type = parts.event_type.as_deref();
        message.method = parts.method.as_deref();
        message.url = parts.url.as_deref();
        message.attributes = parts.attributes;
        fallible(self.0.sign(&message).map(|signed| SignedHeaders { headers: pairs(signed.headers) }))
    }
}

/// The headers of a signed message; its body is the one that was given.
#[napi(object, object_from_js = false)]
pub struct SignedHeaders {
    /// Names and values.
    pub headers: Vec<Vec<String>>,
}
