//! Providers.

use hookproof::{Code, Outcome, Request, Sample};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::body;
use crate::convert::{optional_text, text, text_or, wrong_type};
use crate::error::{guard, invalid_option, raised};
use crate::handshake::Handshake;
use crate::headers::Lines;
use crate::json;
use crate::reply::Reply;

/// What is known about one sender of webhooks.
///
/// How it signs, where things stand in its requests, how it retries and how it wants to be answered.
/// It is data. Those that are built in are found by name; any other is given in the same form.
///
/// >>> from hookproof import Provider
/// >>> Provider.named("fourvenues").title
/// 'Fourvenues'
/// >>> crm = Provider.from_dict({
/// ...     "name": "small-crm",
/// ...     "scheme": {"signature": {
/// ...         "from": {"header": "X-Crm-Signature"},
/// ...         "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
/// ...         "content": "{body}",
/// ...     }},
/// ...     "event": {"id": {"json": "/id"}, "type": {"json": "/kind"}},
/// ... })
/// >>> crm.name
/// 'small-crm'
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Provider {
    pub(crate) inner: hookproof::Provider,
}

impl Provider {
    pub(crate) fn new(inner: hookproof::Provider) -> Self {
        Self { inner }
    }

    /// Reads the first argument of every constructor: a name, or a provider.
    pub(crate) fn read(value: &Bound<'_, PyAny>) -> PyResult<hookproof::Provider> {
        if let Ok(provider) = value.cast::<Self>() {
            return Ok(provider.get().inner.clone());
        }
        let name = value
            .cast::<PyString>()
            .map_err(|_| wrong_type("the provider", value, "a name or a Provider"))?;
        hookproof::Provider::named(&name.to_string_lossy()).map_err(|error| raised(value.py(), &error))
    }

    fn parse(py: Python<'_>, json: &str) -> PyResult<Self> {
        hookproof::Provider::from_json(json).map(Self::new).map_err(|error| raised(py, &error))
    }
}

#[pymethods]
impl Provider {
    /// Returns the built-in provider of a name, such as `fourvenues` or `standard-webhooks`.
    ///
    /// Raises `ConfigurationError`: `unknown_provider` where none has that name.
    #[staticmethod]
    fn named(name: &Bound<'_, PyAny>) -> PyResult<Self> {
        guard(name.py(), || {
            text("the provider's name", name)?;
            Self::read(name).map(Self::new)
        })
    }

    /// Reads a provider from the text of a provider file.
    ///
    /// Raises `ConfigurationError`: `invalid_provider` with the place that breaks the form.
    #[staticmethod]
    fn from_json(json: &Bound<'_, PyAny>) -> PyResult<Self> {
        guard(json.py(), || Self::parse(json.py(), &text_or(Code::InvalidProvider, "the provider", json)?))
    }

    /// Reads a provider from a dict in the form of a provider file.
    ///
    /// Raises `ConfigurationError`: `invalid_provider` with the place that breaks the form.
    #[staticmethod]
    fn from_dict(form: &Bound<'_, PyDict>) -> PyResult<Self> {
        guard(form.py(), || {
            Self::parse(form.py(), &json::write("the provider", form, Code::InvalidProvider)?)
        })
    }

    /// Lists the names of the built-in providers in alphabetical order.
    #[staticmethod]
    fn names(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        guard(py, || PyTuple::new(py, hookproof::Provider::names().collect::<Vec<_>>()))
    }

    /// Names the built-in providers that a request with these headers could be from, the likeliest first.
    ///
    /// It is a guess from header names, for logs and set-up help. It proves nothing: whoever sends a request
    /// chooses its headers, so never choose the provider to verify with by them. `headers` is what
    /// `Verifier.verify` takes.
    ///
    /// >>> from hookproof import Provider
    /// >>> Provider.detect({"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=00"})[0]
    /// 'github'
    #[staticmethod]
    fn detect(headers: &Bound<'_, PyAny>) -> PyResult<Vec<&'static str>> {
        guard(headers.py(), || Ok(hookproof::Provider::detect(&Lines::all(headers)?.as_pairs())))
    }

    /// The name: lower-case letters, digits and hyphens.
    #[getter]
    fn name(&self) -> &str {
        self.inner.name()
    }

    /// The name as people write it.
    #[getter]
    fn title(&self) -> &str {
        self.inner.title()
    }

    /// The pages that the facts come from.
    #[getter]
    fn docs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        guard(py, || PyTuple::new(py, self.inner.docs().collect::<Vec<_>>()))
    }

    /// What the facts are founded on: `source`, `documentation` or `second-hand`.
    ///
    /// None for a provider of your own that does not say it.
    #[getter]
    fn evidence(&self) -> Option<&str> {
        self.inner.evidence()
    }

    /// What the provider does not document and this library assumes, in words.
    #[getter]
    fn assumed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        guard(py, || PyTuple::new(py, self.inner.assumed().collect::<Vec<_>>()))
    }

    /// Returns the provider in the form of a provider file, a new dict each time.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || json::parse(py, "the provider", self.inner.to_json()))
    }

    /// Describes the provider for people and tools, a new dict each time.
    ///
    /// It tells the headers, what is signed and how, what that covers, retry plan, replies and handshakes.
    ///
    /// >>> from hookproof import Provider
    /// >>> Provider.named("slack").describe().get("tolerance_seconds")
    /// 300
    fn describe<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || json::parse(py, "the description", &self.inner.describe().to_string()))
    }

    /// Lists the names of the samples of this provider's events, at least one.
    ///
    /// They are event types, and `ping` for a test ping. `signed_request` of `hookproof.testing` and the command
    /// line send them.
    ///
    /// >>> from hookproof import Provider
    /// >>> Provider.named("fourvenues").samples()[0]
    /// 'payment.success'
    fn samples(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        guard(py, || {
            let samples = Sample::of(&self.inner).map_err(|error| raised(py, &error))?;
            Ok(samples.iter().map(|sample| sample.name().to_owned()).collect())
        })
    }

    /// Answers a handshake that is not signed and needs no secret; None for any other request.
    ///
    /// With it an endpoint can be registered before there is a secret: Asana and Notion hand theirs over this
    /// way. Anybody can send such a request, so keep what it hands over only while you are registering the
    /// endpoint. The arguments are those of `Verifier.handshake`.
    ///
    /// Raises `VerificationError` (`duplicate_header`, `malformed_header`) where a value that tells the
    /// handshake is ambiguous.
    ///
    /// >>> from hookproof import Provider
    /// >>> handshake = Provider.named("asana").handshake(b"{}", {"X-Hook-Secret": "b537207f"})
    /// >>> handshake.keep, handshake.reply.headers
    /// ('b537207f', {'X-Hook-Secret': 'b537207f'})
    #[pyo3(signature = (body, headers, *, method=None, url=None))]
    fn handshake(
        &self,
        body: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        method: Option<&Bound<'_, PyAny>>,
        url: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Handshake>> {
        let py = body.py();
        guard(py, || {
            let (body, lines) = (body::bytes(body)?, Lines::all(headers)?);
            let (method, url) = (optional_text("method", method)?, optional_text("url", url)?);
            let pairs = lines.as_pairs();
            let mut request = Request::new(body.as_bytes(), &pairs);
            request.method = method.as_deref();
            request.url = url.as_deref();
            let found = self.inner.handshake(&request).map_err(|error| raised(py, &error))?;
            found.map(|handshake| Handshake::new(py, &handshake)).transpose()
        })
    }

    /// Returns how the provider wants to be answered when this came of a request.
    ///
    /// The outcomes are `accepted`, `duplicate`, `running`, `ping`, `not_authentic`, `stale`,
    /// `keys_unavailable`, `malformed`, `too_large`, `handler_failed`, `store_unavailable`, `misconfigured`
    /// and `method_not_allowed`. Raises `ConfigurationError`: `invalid_option` for any other.
    ///
    /// >>> from hookproof import Provider
    /// >>> Provider.named("fourvenues").reply("not_authentic").status
    /// 403
    fn reply(&self, outcome: &Bound<'_, PyAny>) -> PyResult<Reply> {
        let py = outcome.py();
        guard(py, || {
            let name = text("the outcome", outcome)?;
            let found = Outcome::named(&name).ok_or_else(|| {
                let known: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
                invalid_option(py, &format!("the outcome {name:?} is none of {}", known.join(", ")))
            })?;
            Reply::new(py, found, &self.inner.reply(found))
        })
    }

    fn __repr__(&self) -> String {
        format!("<Provider '{}'>", self.inner.name())
    }
}
