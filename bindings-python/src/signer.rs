//! Signers, and what they sign.

use hookproof::{Message, SignerBuilder};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::convert::{moment, optional_duration, optional_text, secrets, text, wrong_type};
use crate::error::{guard, raised};
use crate::provider::Provider;
use crate::{body, json};

/// Signs messages as one provider does: the sender's half of every scheme.
///
/// The provider is a name or a `Provider`. Options, all by keyword:
///
/// - `secret`: str, bytes or a list of them, in the provider's form; for a bearer provider the PEM text of
///   the RSA private key. With several, while one replaces another, a message gets a signature of each.
/// - `issuer`, `audience`, `key_id`: what a bearer token says, and where its public key stands in the key
///   set.
/// - `algorithm`: of bearer tokens. Default: the provider's first.
/// - `lifetime`: how long a bearer token is valid, seconds or a timedelta. Default: 3600.
/// - `claims`: more claims for bearer tokens, a dict of any JSON values.
///
/// Raises `ConfigurationError`: `invalid_secret`, `invalid_key`, `invalid_option`, `unknown_provider`.
///
/// >>> from hookproof import Signer
/// >>> signer = Signer("eventsair", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
/// >>> signed = signer.sign(b'{"test": 2432232314}', id="msg_p5jXN8AQM9LWM0D4loKWxJek", now=1614265330)
/// >>> signed.headers.get("Webhook-Signature")
/// 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Signer {
    inner: hookproof::Signer,
}

#[pymethods]
impl Signer {
    #[new]
    #[pyo3(signature = (
        provider, *, secret=None, issuer=None, audience=None, key_id=None, algorithm=None, lifetime=None,
        claims=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn new(
        provider: &Bound<'_, PyAny>,
        secret: Option<&Bound<'_, PyAny>>,
        issuer: Option<&Bound<'_, PyAny>>,
        audience: Option<&Bound<'_, PyAny>>,
        key_id: Option<&Bound<'_, PyAny>>,
        algorithm: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
        claims: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = provider.py();
        guard(py, || {
            let failed = |error: hookproof::Error| raised(py, &error);
            let mut builder = hookproof::Signer::builder(Provider::read(provider)?).map_err(failed)?;
            for secret in secrets(secret)? {
                builder = builder.secret(secret.bytes().unwrap_or_default());
            }
            builder =
                optional_text("the option issuer", issuer)?.into_iter().fold(builder, SignerBuilder::issuer);
            builder = optional_text("the option audience", audience)?
                .into_iter()
                .fold(builder, SignerBuilder::audience);
            builder =
                optional_text("the option key_id", key_id)?.into_iter().fold(builder, SignerBuilder::key_id);
            builder = optional_text("the option algorithm", algorithm)?
                .into_iter()
                .fold(builder, SignerBuilder::algorithm);
            builder = optional_duration("the option lifetime", lifetime)?
                .into_iter()
                .fold(builder, SignerBuilder::lifetime);
            for (name, value) in json::claims(claims)? {
                builder = builder.claim(name, value);
            }
            Ok(Self { inner: builder.build().map_err(failed)? })
        })
    }

    /// Signs one attempt to deliver a message.
    ///
    /// The body is bytes-like, or a str that stands for its UTF-8: send exactly the bytes that come back.
    /// `id` is the same over all attempts; `now` is the moment of this one in unix seconds, default: the
    /// system's clock. `type`, `method`, `url` and `attributes` (a dict of str to str, such as `tenant`)
    /// matter where the provider sends or signs them.
    ///
    /// Raises `ConfigurationError`: `invalid_option` where a part is missing or cannot stand in a header.
    #[pyo3(signature = (body, *, id=None, r#type=None, now=None, method=None, url=None, attributes=None))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn sign(
        &self,
        body: &Bound<'_, PyAny>,
        id: Option<&Bound<'_, PyAny>>,
        r#type: Option<&Bound<'_, PyAny>>,
        now: Option<&Bound<'_, PyAny>>,
        method: Option<&Bound<'_, PyAny>>,
        url: Option<&Bound<'_, PyAny>>,
        attributes: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Signed> {
        let py = body.py();
        guard(py, || {
            let body = body::bytes(body)?;
            let (id, kind) = (optional_text("id", id)?, optional_text("type", r#type)?);
            let (method, url) = (optional_text("method", method)?, optional_text("url", url)?);
            let mut message = Message::new(body.as_bytes()).at(moment(now)?);
            message.id = id.as_deref();
            message.event_type = kind.as_deref();
            message.method = method.as_deref();
            message.url = url.as_deref();
            message.attributes = pairs(attributes)?;
            let signed = body::detached(py, body.as_bytes().len(), || self.inner.sign(&message));
            let signed = signed.map_err(|error| raised(py, &error))?;
            let headers = PyDict::new(py);
            for (name, value) in &signed.headers {
                headers.set_item(name, value)?;
            }
            Ok(Signed { headers: headers.unbind(), body: body.unbind() })
        })
    }

    /// The provider as which this signs.
    #[getter]
    fn provider(&self) -> Provider {
        Provider::new(self.inner.provider().clone())
    }

    fn __repr__(&self) -> String {
        format!("<Signer '{}'>", self.inner.provider().name())
    }
}

/// A signed message: what to put into the request.
#[pyclass(frozen, get_all, module = "hookproof")]
pub(crate) struct Signed {
    /// The header lines, a dict of str to str, each name once, as the provider spells them.
    headers: Py<PyDict>,
    /// The bytes to send, unchanged.
    body: Py<PyBytes>,
}

#[pymethods]
impl Signed {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        // Names without values: a bearer token is a credential.
        guard(py, || {
            Ok(format!(
                "<Signed headers={} body_bytes={}>",
                self.headers.bind(py).keys().repr()?,
                self.body.as_bytes(py).len()
            ))
        })
    }
}

fn pairs(attributes: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, String)>> {
    let Some(attributes) = attributes else { return Ok(Vec::new()) };
    let attributes = attributes
        .cast::<PyDict>()
        .map_err(|_| wrong_type("attributes", attributes, "a dict of str to str"))?;
    let pair = |item: Bound<'_, PyAny>| {
        let (name, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let name = text("an attribute's name", &name)?;
        let value = text(&format!("the attribute {name:?}"), &value)?;
        Ok((name, value))
    };
    attributes.items().iter().map(pair).collect()
}
