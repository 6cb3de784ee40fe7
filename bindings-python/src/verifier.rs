use hookproof::{Code, Request, VerifierBuilder};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::convert::{Octets, duration, moment, number, optional_text, secrets, text, texts, wrong_type};
use crate::error::{coded, guard, invalid_option, raised};
use crate::event::Event;
use crate::handshake::Handshake;
use crate::headers::Lines;
use crate::provider::Provider;
use crate::{body, json};

/// From how many bytes on other threads may run meanwhile. Letting go of the interpreter and taking it again
/// costs about 30 ns, hashing this much about 1 µs.
const DETACHED_FROM: usize = 2048;

/// Verifies the requests of one provider; `hookproof.Verifier` adds the asynchronous form.
#[pyclass(frozen, subclass, module = "hookproof._native")]
pub(crate) struct Verifier {
    inner: hookproof::Verifier,
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (
        provider, *, secret=None, key_labels=None, tolerance=None, issuer=None, audience=None,
        algorithms=None, required_claims=None, claims=None, jwks=None, accept_reserialized=false,
        endpoint=None, max_body=None, url=None,
        verify_token=None
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
            if let Some(tolerance) = tolerance {
                builder = builder.tolerance(duration("the option tolerance", tolerance)?);
            }
            if let Some(endpoint) = optional_text("the option endpoint", endpoint)? {
                builder = builder.endpoint(endpoint);
            }
            if let Some(bytes) = max_body {
                builder = builder.max_body(number("the option max_body", bytes, "of bytes")?);
            }
            if let Some(url) = optional_text("the option url", url)? {
                builder = builder.url(url);
            }
            if let Some(token) = optional_text("the option verify_token", verify_token)? {
                builder = builder.verify_token(token);
            }
            let inner = builder.accept_reserialized(accept_reserialized).build().map_err(failed)?;
            Ok(Self { inner })
        })
    }

    /// Verifies a request and returns what it says; it never returns for one that is not authentic.
    ///
    /// `body` is the raw body: bytes-like, or a str that stands for its UTF-8. `headers` is a mapping, an
    /// object with `items()`, or an iterable of pairs, of str or bytes; names in any case. `now` is in unix
    /// seconds, default: the system's clock. `method` and `url` matter to providers that sign them.
    ///
    /// Raises `VerificationError` for a request that is not authentic, `PayloadError` for an authentic one
    /// that is not what the provider sends, `KeysUnavailableError` when no key was ever loaded, and
    /// `ConfigurationError` (`body_already_parsed`, `invalid_option`) for what the caller gets wrong. Nothing
    /// else but a `TypeError` for a wrong argument leaves it, whatever the bytes.
    #[pyo3(signature = (body, headers, *, now=None, method=None, url=None))]
    fn verify(
        &self,
        body: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        method: Option<&Bound<'_, PyAny>>,
        url: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Event> {
        let py = body.py();
        guard(py, || {
            let body = body::bytes(body)?;
            let lines = Lines::collect(&self.inner, headers)?;
            let (bytes, lines) = (body.as_bytes(), lines.as_pairs());
            let (method, url, now) =
                (optional_text("method", method)?, optional_text("url", url)?, moment(now)?);
            let verify = || {
                let mut request = Request::new(bytes, &lines);
                request.method = method.as_deref();
                request.url = url.as_deref();
                self.inner.verify_at(&request, now).map(hookproof::Event::detach)
            };
            // Holding the interpreter while a large body is hashed would make threads of a server wait for
            // it.
            let found = if bytes.len() < DETACHED_FROM { verify() } else { py.detach(verify) };
            let (event, signed) = found.map_err(|error| raised(py, &error))?;
            Ok(Event::new(&self.inner, event, signed, body.clone()))
        })
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
            let (body, lines) = (body::bytes(body)?, Lines::collect(&self.inner, headers)?);
            let (bytes, lines) = (body.as_bytes(), lines.as_pairs());
            let (method, url, now) =
                (optional_text("method", method)?, optional_text("url", url)?, moment(now)?);
            let answer = || {
                let mut request = Request::new(bytes, &lines);
                request.method = method.as_deref();
                request.url = url.as_deref();
                self.inner.handshake(&request, now)
            };
            let found = if bytes.len() < DETACHED_FROM { answer() } else { py.detach(answer) };
            let found = found.map_err(|error| raised(py, &error))?;
            found.map(|handshake| Handshake::new(py, &handshake)).transpose()
        })
    }

    /// Whether the provider has handshakes that it does not sign.
    #[getter]
    fn answers_unsigned(&self) -> bool {
        self.inner.answers_unsigned()
    }

    /// Replaces the key set of a bearer provider by a document that was just fetched from its issuer.
    ///
    /// The JWKS is a dict or JSON text. Raises `ConfigurationError`: `invalid_key` where it is no key set,
    /// and then the old keys stay; `invalid_option` where the provider has no key set.
    fn update_keys(&self, jwks: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = jwks.py();
        guard(py, || {
            let document = json::key_set("the key set", jwks)?;
            self.inner.update_keys(&document).map_err(|error| raised(py, &error))
        })
    }

    /// The provider whose requests this verifies.
    #[getter]
    fn provider(&self) -> Provider {
        Provider::new(self.inner.provider().clone())
    }

    fn __repr__(&self) -> String {
        format!("<Verifier '{}'>", self.inner.provider().name())
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
