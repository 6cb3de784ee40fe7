//! Verifiers.

use hookproof::{Code, KeyState, VerifierBuilder};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::clock::clocks;
use crate::convert::{
    Octets, number, optional_duration, optional_text, secrets, text, text_or, texts, wrong_type,
};
use crate::error::{coded, guard, invalid_option, raised};
use crate::event::Event;
use crate::handshake::Handshake;
use crate::json;
use crate::keys::RemoteKeys;
use crate::provider::Provider;
use crate::verification::Verification;

/// Verifies the requests of one provider; `hookproof.Verifier` adds the asynchronous form.
#[pyclass(frozen, subclass, module = "hookproof._native")]
pub(crate) struct Verifier(hookproof::Verifier);

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (
        provider, *, secret=None, key_labels=None, tolerance=None, issuer=None, audience=None,
        algorithms=None, required_claims=None, claims=None, jwks=None, jwks_uri=None, keys=None,
        fetch_keys=true, fetch_timeout=None, allow_insecure_loopback=false, accept_reserialized=false,
        endpoint=None, max_body=None, url=None, verify_token=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn new(
        provider: &Bound<'_, PyAny>,
        secret: Option<&Bound<'_, PyAny>>,
        key_labels: Option<&Bound<'_, PyAny>>,
        tolerance: Option<&Bound<'_, PyAny>>,
        issuer: Option<&Bound<'_, PyAny>>,
        audience: Option<&Bound<'_, PyAny>>,
        algorithms: Option<&Bound<'_, PyAny>>,
        required_claims: Option<&Bound<'_, PyAny>>,
        claims: Option<&Bound<'_, PyAny>>,
        jwks: Option<&Bound<'_, PyAny>>,
        jwks_uri: Option<&Bound<'_, PyAny>>,
        keys: Option<&Bound<'_, PyAny>>,
        fetch_keys: bool,
        fetch_timeout: Option<&Bound<'_, PyAny>>,
        allow_insecure_loopback: bool,
        accept_reserialized: bool,
        endpoint: Option<&Bound<'_, PyAny>>,
        max_body: Option<&Bound<'_, PyAny>>,
        url: Option<&Bound<'_, PyAny>>,
        verify_token: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = provider.py();
        guard(py, || {
            let failed = |error: hookproof::Error| raised(py, &error);
            let mut builder = hookproof::Verifier::builder(Provider::read(provider)?).map_err(failed)?;
            builder = with_secrets(py, builder, &secrets(secret)?, key_labels)?;
            builder = texts("the option issuer", issuer)?.into_iter().fold(builder, VerifierBuilder::issuer);
            builder =
                texts("the option audience", audience)?.into_iter().fold(builder, VerifierBuilder::audience);
            builder = texts("the option algorithms", algorithms)?
                .into_iter()
                .fold(builder, VerifierBuilder::algorithm);
            builder = texts("the option required_claims", required_claims)?
                .into_iter()
                .fold(builder, VerifierBuilder::required_claim);
            for (name, value) in json::claims(claims)? {
                builder = builder.claim(name, value);
            }
            if let Some(jwks) = jwks {
                builder = builder.jwks(json::key_set("the option jwks", jwks)?);
            }
            builder = optional_text("the option jwks_uri", jwks_uri)?
                .into_iter()
                .fold(builder, VerifierBuilder::jwks_uri);
            builder = optional_duration("the option fetch_timeout", fetch_timeout)?
                .into_iter()
                .fold(builder, VerifierBuilder::fetch_timeout);
            builder = builder.fetch_keys(fetch_keys).allow_insecure_loopback(allow_insecure_loopback);
            builder = optional_duration("the option tolerance", tolerance)?
                .into_iter()
                .fold(builder, VerifierBuilder::tolerance);
            builder = optional_text("the option endpoint", endpoint)?
                .into_iter()
                .fold(builder, VerifierBuilder::endpoint);
            if let Some(bytes) = max_body {
                builder = builder.max_body(number("the option max_body", bytes, "of bytes")?);
            }
            builder = optional_text("the option url", url)?.into_iter().fold(builder, VerifierBuilder::url);
            builder = optional_text("the option verify_token", verify_token)?
                .into_iter()
                .fold(builder, VerifierBuilder::verify_token);
            let inner = builder.accept_reserialized(accept_reserialized).build().map_err(failed)?;
            if let Some(keys) = keys {
                let keys = text_or(Code::InvalidKey, "the option keys", keys)?;
                inner.import_keys(&keys, clocks()).map_err(failed)?;
            }
            if inner.remote_keys().is_some() {
                // What fetches keys is loaded now: a process that forked while another thread loads it would wait for ever.
                py.import(intern!(py, "hookproof._keys"))?;
            }
            Ok(Self(inner))
        })
    }

    /// Verifies a request and returns what it says; it never returns for one that is not authentic.
    ///
    /// `body` is the raw body: bytes-like, or a str that stands for its UTF-8. `headers` is a mapping, an
    /// object with `items()`, or an iterable of pairs, of str or bytes; names in any case. `now` is in unix
    /// seconds, default: the system's clock. `method` and `url` matter to providers that sign them.
    ///
    /// Where keys are fetched, it waits for them, at most 5 seconds, if there are none; keys that are there
    /// make nobody wait, and newer ones are fetched by another thread.
    ///
    /// Raises `VerificationError` for a request that is not authentic, `PayloadError` for an authentic one
    /// that is not what the provider sends, `KeysUnavailableError` when no key can be had, and
    /// `ConfigurationError` (`body_already_parsed`, `invalid_option`) for what the caller gets wrong. Nothing
    /// else but a `TypeError` for a wrong argument leaves it, whatever the bytes.
    #[pyo3(signature = (body, headers, *, now=None, method=None, url=None))]
    fn verify<'py>(
        slf: &Bound<'py, Self>,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        method: Option<&Bound<'py, PyAny>>,
        url: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Event>> {
        let (py, this) = (slf.py(), slf.get());
        guard(py, || {
            let call = Verification::read(&this.0, body, headers, now, method, url)?;
            let Some(keys) = this.0.remote_keys() else { return call.verify() };
            let state = keys.state(clocks());
            match call.judge() {
                Ok(event) => {
                    if state == KeyState::Due {
                        slf.call_method0(intern!(py, "_refresh_keys"))?;
                    }
                    event
                }
                Err(error) if matches!(error.code(), Code::KeysUnavailable | Code::UnknownKey) => {
                    slf.call_method0(intern!(py, "_await_keys"))?;
                    call.verify()
                }
                Err(error) => Err(raised(py, &error)),
            }
        })
    }

    /// Verifies with the keys that are there.
    #[pyo3(signature = (body, headers, *, now=None, method=None, url=None))]
    fn _verify_at_once<'py>(
        &self,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        method: Option<&Bound<'py, PyAny>>,
        url: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Event>> {
        guard(body.py(), || Verification::read(&self.0, body, headers, now, method, url)?.verify())
    }

    /// Answers a request if it is a handshake, such as a URL check or a challenge; None for any other.
    ///
    /// A handshake that the provider signs is verified first; `verify` also recognises those, as pings whose
    /// `Event.handshake` holds the answer. Call this before `verify` for requests other than POST and where
    /// `answers_unsigned`. The arguments are those of `verify`; without a `method` the request is a POST, and
    /// `url` needs its query.
    ///
    /// Raises what `verify` raises, for providers with signed handshakes.
    #[pyo3(signature = (body, headers, *, now=None, method=None, url=None))]
    fn handshake(
        &self,
        body: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        method: Option<&Bound<'_, PyAny>>,
        url: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Handshake>> {
        let py = body.py();
        guard(py, || {
            let call = Verification::read(&self.0, body, headers, now, method, url)?;
            let pairs = call.lines.as_pairs();
            let found = call.run(&pairs, |request, now| self.0.handshake(request, now));
            let found = found.map_err(|error| raised(py, &error))?;
            found.map(|handshake| Handshake::new(py, &handshake)).transpose()
        })
    }

    /// Whether the provider has handshakes that it does not sign.
    #[getter]
    fn answers_unsigned(&self) -> bool {
        self.0.answers_unsigned()
    }

    /// Replaces the key set of a bearer provider by a document that was just fetched from its issuer.
    ///
    /// The JWKS is a dict or JSON text. Raises `ConfigurationError`: `invalid_key` where it is no key set,
    /// and then the old keys stay; `invalid_option` where the provider has no key set.
    fn update_keys(&self, jwks: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = jwks.py();
        guard(py, || {
            let document = json::key_set("the key set", jwks)?;
            self.0.update_keys(&document).map_err(|error| raised(py, &error))
        })
    }

    /// Writes the key set that was fetched last, with the time of that, as a JSON text for another process.
    ///
    /// None where none was fetched. Public keys are no secret, but whoever can change the text can sign
    /// requests: keep it where only you may write.
    fn export_keys(&self, py: Python<'_>) -> PyResult<Option<String>> {
        guard(py, || Ok(self.0.export_keys()))
    }

    /// Takes a key set that another process exported, so that this one starts with warm keys.
    ///
    /// It is as old as it is: newer keys are fetched when its time comes. Returns whether it was taken; not one
    /// that is too old to be used, or older than what is there. Raises `ConfigurationError`: `invalid_key` where
    /// it is no exported key set, or that of another issuer; `invalid_option` where no keys are fetched.
    fn import_keys(&self, keys: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = keys.py();
        guard(py, || {
            let text = text_or(Code::InvalidKey, "the exported keys", keys)?;
            self.0.import_keys(&text, clocks()).map_err(|error| raised(py, &error))
        })
    }

    /// The keys that have to be fetched; None where they were given, or are secrets.
    #[getter]
    fn _remote_keys(&self) -> Option<RemoteKeys> {
        self.0.remote_keys().cloned().map(RemoteKeys::new)
    }

    /// The provider whose requests this verifies.
    #[getter]
    fn provider(&self) -> Provider {
        Provider::new(self.0.provider().clone())
    }

    fn __repr__(&self) -> String {
        format!("<Verifier '{}'>", self.0.provider().name())
    }
}

/// Gives the builder its secrets, each with the label beside it in the other list.
fn with_secrets(
    py: Python<'_>,
    mut builder: VerifierBuilder,
    secrets: &[Octets<'_>],
    labels: Option<&Bound<'_, PyAny>>,
) -> PyResult<VerifierBuilder> {
    let labels = key_labels(labels)?;
    if labels.len() > secrets.len() {
        let (labels, secrets) = (labels.len(), secrets.len());
        let message = format!("the option key_labels has {labels} labels for {secrets} secrets");
        return Err(invalid_option(py, &message));
    }
    let labels = labels.into_iter().chain(std::iter::repeat(None));
    for (secret, label) in secrets.iter().zip(labels) {
        let secret =
            secret.bytes().ok_or_else(|| coded(py, Code::InvalidSecret, "the secret is no Unicode text"))?;
        builder = match label {
            Some(label) => builder.labelled_secret(label, secret),
            None => builder.secret(secret),
        };
    }
    Ok(builder)
}

/// Reads the labels of secrets: one text, or a list in which None stands for no label.
fn key_labels(labels: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Option<String>>> {
    const WHAT: &str = "the option key_labels";
    let Some(labels) = labels else { return Ok(Vec::new()) };
    if labels.is_instance_of::<PyString>() {
        return Ok(vec![Some(text(WHAT, labels)?)]);
    }
    let items = labels.try_iter().map_err(|_| wrong_type(WHAT, labels, "a list of str"))?;
    let label = |label: PyResult<Bound<'_, PyAny>>| {
        let label = label?;
        if label.is_none() { Ok(None) } else { text(WHAT, &label).map(Some) }
    };
    items.map(label).collect()
}
