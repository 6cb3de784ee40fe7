//! Verifiers.

use std::sync::Arc;

use hookproof::{Error, VerifierBuilder};
use napi::bindgen_prelude::{AsyncTask, Buffer, BufferSlice, Function, FunctionCallContext};
use napi::{Either, Env, Result};
use napi_derive::napi;

use crate::convert::{Text, clocks, duration};
use crate::error;
use crate::error::{Fallible, fallible, guard};
use crate::handshake::Handshake;
use crate::keys::RemoteKeys;
use crate::provider::Provider;
use crate::verification::{Verification, verify, with_request};

/// Verifies the requests of one provider.
#[napi]
pub struct Verifier(hookproof::Verifier);

/// The options of a verifier; the face has checked their types.
#[napi(object, object_to_js = false)]
pub struct VerifierOptions {
    /// The secrets.
    pub secrets: Vec<Buffer>,
    /// The labels of the secrets, in their order.
    pub key_labels: Vec<Option<String>>,
    /// How far a timestamp may be off.
    pub tolerance_seconds: Option<f64>,
    /// The accepted issuers.
    pub issuers: Vec<String>,
    /// The accepted audiences.
    pub audiences: Vec<String>,
    /// The accepted algorithms.
    pub algorithms: Vec<String>,
    /// The claims that must be there.
    pub required_claims: Vec<String>,
    /// Names and JSON texts of pinned claims.
    pub claims: Vec<(String, String)>,
    /// The text of the key set.
    pub jwks: Option<String>,
    /// The address of the key set.
    pub jwks_uri: Option<String>,
    /// What another process exported.
    pub keys: Option<String>,
    /// Whether keys are fetched.
    pub fetch_keys: Option<bool>,
    /// How long a fetch may take.
    pub fetch_timeout_seconds: Option<f64>,
    /// Whether http from this machine will do.
    pub allow_insecure_loopback: bool,
    /// Whether the form of ECMAScript's round trip is accepted.
    pub accept_reserialized: bool,
    /// The name of the endpoint.
    pub endpoint: Option<String>,
    /// The limit on the body, in bytes.
    pub max_body: Option<i64>,
    /// The URL that the sender calls.
    pub url: Option<String>,
    /// The token that registers the endpoint.
    pub verify_token: Option<String>,
}

/// Builds a verifier.
#[napi(catch_unwind)]
pub fn build_verifier(provider: &Provider, options: VerifierOptions) -> Fallible<Verifier> {
    fallible(build(provider, options).map(Verifier))
}

fn build(provider: &Provider, options: VerifierOptions) -> std::result::Result<hookproof::Verifier, Error> {
    let mut builder = hookproof::Verifier::builder(&provider.0)?;
    let labels = options.key_labels.into_iter().chain(std::iter::repeat(None));
    for (secret, label) in options.secrets.iter().zip(labels) {
        builder = match label {
            Some(label) => builder.labelled_secret(label, secret),
            None => builder.secret(secret),
        };
    }
    builder = options.tolerance_seconds.map(duration).into_iter().fold(builder, VerifierBuilder::tolerance);
    builder = options.issuers.into_iter().fold(builder, VerifierBuilder::issuer);
    builder = options.audiences.into_iter().fold(builder, VerifierBuilder::audience);
    builder = options.algorithms.into_iter().fold(builder, VerifierBuilder::algorithm);
    builder = options.required_claims.into_iter().fold(builder, VerifierBuilder::required_claim);
    builder = options.claims.into_iter().fold(builder, |builder, (name, json)| builder.claim(name, json));
    builder = options.jwks.into_iter().fold(builder, VerifierBuilder::jwks);
    builder = options.jwks_uri.into_iter().fold(builder, VerifierBuilder::jwks_uri);
    builder = options.fetch_keys.into_iter().fold(builder, VerifierBuilder::fetch_keys);
    let fetch_timeout = options.fetch_timeout_seconds.map(duration);
    builder = fetch_timeout.into_iter().fold(builder, VerifierBuilder::fetch_timeout);
    builder = builder.allow_insecure_loopback(options.allow_insecure_loopback);
    builder = options.endpoint.into_iter().fold(builder, VerifierBuilder::endpoint);
    builder = options.url.into_iter().fold(builder, VerifierBuilder::url);
    builder = options.verify_token.into_iter().fold(builder, VerifierBuilder::verify_token);
    if let Some(bytes) = options.max_body {
        builder = builder.max_body(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    let verifier = builder.accept_reserialized(options.accept_reserialized).build()?;
    if let Some(keys) = options.keys {
        verifier.import_keys(&keys, clocks())?;
    }
    Ok(verifier)
}

#[napi]
impl Verifier {
    /// Lists the headers that are read, in the order in which the bound function takes them.
    #[napi(catch_unwind)]
    pub fn header_names(&self) -> Vec<&str> {
        self.0.header_names().collect()
    }

    /// Returns a function that verifies: `(body, now, ...headers, method, url)` in, a record out.
    ///
    /// A function that is bound once is called in a third of the time of a method, which has to find its receiver
    /// again on every call.
    #[napi(catch_unwind)]
    pub fn bind<'env>(&self, env: &'env Env) -> Result<Function<'env, (), Text>> {
        let verifier = self.0.clone();
        let names: Vec<String> = verifier.header_names().map(str::to_owned).collect();
        env.create_function_from_closure("verify", move |call: FunctionCallContext| {
            let work = || with_request(&names, &call, |request, now| verify(&verifier, request, now));
            guard(work, |inside| Ok(error::record_of(inside).cross()))
        })
    }

    /// Returns a function that verifies in another thread, with the same arguments, and promises the record and the
    /// idempotency key.
    ///
    /// The body has to be a buffer that nobody else holds: this reads it while JavaScript runs.
    #[napi(catch_unwind)]
    pub fn bind_apart<'env>(&self, env: &'env Env) -> Result<Function<'env, (), AsyncTask<Verification>>> {
        let verifier = self.0.clone();
        let names: Arc<[String]> = verifier.header_names().map(str::to_owned).collect();
        env.create_function_from_closure("verifyApart", move |call: FunctionCallContext| {
            Ok(AsyncTask::new(Verification::read(verifier.clone(), Arc::clone(&names), &call)?))
        })
    }

    /// Returns a function that answers handshakes, with the same arguments; nothing where the request is none.
    #[napi(catch_unwind)]
    pub fn bind_handshake<'env>(
        &self,
        env: &'env Env,
    ) -> Result<Function<'env, (), Fallible<Option<Handshake>>>> {
        let verifier = self.0.clone();
        let names: Vec<String> = verifier.header_names().map(str::to_owned).collect();
        env.create_function_from_closure("handshake", move |call: FunctionCallContext| {
            let work = || {
                let answer = with_request(&names, &call, |request, now| verifier.handshake(request, now))?;
                Ok(fallible(answer.map(|handshake| handshake.map(Handshake::from))))
            };
            guard(work, |inside| Ok(Either::B(inside.map(str::to_owned).to_vec())))
        })
    }

    /// Tells whether the provider has handshakes that it does not sign.
    #[napi(catch_unwind)]
    pub fn answers_unsigned(&self) -> bool {
        self.0.answers_unsigned()
    }

    /// Replaces the key set; nothing is returned when it worked.
    #[napi(catch_unwind)]
    pub fn update_keys(&self, jwks: String) -> Fallible<()> {
        fallible(self.0.update_keys(&jwks))
    }

    /// Writes the key set that was fetched last; nothing where none was.
    #[napi(catch_unwind)]
    pub fn export_keys(&self) -> Option<String> {
        self.0.export_keys()
    }

    /// Takes a key set that was exported, and tells whether it did.
    #[napi(catch_unwind)]
    pub fn import_keys(&self, keys: String) -> Fallible<bool> {
        fallible(self.0.import_keys(&keys, clocks()))
    }

    /// Returns the keys that have to be fetched; nothing where they were given, or are secrets.
    #[napi(catch_unwind)]
    pub fn remote_keys(&self) -> Option<RemoteKeys> {
        self.0.remote_keys().cloned().map(RemoteKeys)
    }

    /// Returns the idempotency key of an event.
    #[napi(catch_unwind)]
    pub fn idempotency_key(
        &self,
        id: Option<String>,
        event_type: Option<String>,
        body: BufferSlice,
    ) -> String {
        self.0.idempotency_key(id.as_deref(), event_type.as_deref(), &body)
    }
}
