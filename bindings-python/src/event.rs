use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyMappingProxy, PyString};

use crate::convert::{datetime, repr};
use crate::error::guard;
use crate::handshake::Handshake;
use crate::proof::Proof;
use crate::{body, json};

/// An authentic request: what it says, and what was proven of it.
///
/// `Verifier.verify` returns it; it cannot be changed. Everything that the provider sends is kept: unknown
/// types and members are no error, and `data` is parsed only when it is asked for.
///
/// >>> from hookproof import Signer, Verifier
/// >>> body = b'{"id": "5f7b", "event": "payment.success", "payload": {"payment_id": "p1"}}'
/// >>> signed = Signer("fourvenues", secret="s3cr3t").sign(body)
/// >>> event = Verifier("fourvenues", secret="s3cr3t").verify(signed.body, signed.headers)
/// >>> event.type, event.id, event.data
/// ('payment.success', '5f7b', {'payment_id': 'p1'})
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Event {
    /// The event without its body, which stands beside it as Python's own object.
    event: hookproof::Event<'static>,
    body: Py<PyBytes>,
    verifier: hookproof::Verifier,
    data: PyOnceLock<Py<PyAny>>,
    attributes: PyOnceLock<Py<PyMappingProxy>>,
    idempotency_key: PyOnceLock<Py<PyString>>,
    handshake: PyOnceLock<Py<Handshake>>,
    proof: PyOnceLock<Py<Proof>>,
}

impl Event {
    /// Joins what the core found with the body that it was given: the same object, if those are the signed
    /// bytes.
    pub(crate) fn new(
        verifier: &hookproof::Verifier,
        event: hookproof::Event<'static>,
        signed: Cow<'_, [u8]>,
        given: Bound<'_, PyBytes>,
    ) -> Self {
        let body = match signed {
            Cow::Borrowed(bytes) if bytes.len() == given.as_bytes().len() => given,
            changed => PyBytes::new(given.py(), &changed),
        };
        Self {
            event,
            body: body.unbind(),
            verifier: verifier.clone(),
            data: PyOnceLock::new(),
            attributes: PyOnceLock::new(),
            idempotency_key: PyOnceLock::new(),
            handshake: PyOnceLock::new(),
            proof: PyOnceLock::new(),
        }
    }
}

#[pymethods]
impl Event {
    /// The name of the provider.
    #[getter]
    fn provider<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.event.provider())
    }

    /// The id of the event or delivery, opaque; None where the provider sends none.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.event.id()
    }

    /// The event's type as the provider writes it. The set is open: expect types you do not know.
    #[getter]
    fn r#type(&self) -> Option<&str> {
        self.event.event_type()
    }

    /// The payload, parsed from JSON once; None for a ping or a body that is not JSON.
    ///
    /// Raises `PayloadError` (`malformed_body`) for an integer with more digits than Python converts.
    #[getter]
    fn data(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let data = self.data.get_or_try_init(py, || {
                let whole = self.event.data_range().and_then(|range| self.body.as_bytes(py).get(range));
                match whole.and_then(|bytes| std::str::from_utf8(bytes).ok()) {
                    Some(text) => json::parse(py, "the payload", text).map(Bound::unbind),
                    None => Ok(py.None()),
                }
            });
            data.map(|data| data.clone_ref(py))
        })
    }

    /// The bytes that were verified: the object that was given, unless another form of it was signed.
    #[getter]
    fn body(&self, py: Python<'_>) -> Py<PyBytes> {
        self.body.clone_ref(py)
    }

    /// When this attempt was sent, a datetime in UTC; None where the provider does not sign that.
    #[getter]
    fn sent_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || self.event.sent_at().map_or(Ok(None), |moment| datetime(py, moment)))
    }

    /// When the event happened, a datetime in UTC; None where the provider does not tell.
    #[getter]
    fn occurred_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || self.event.occurred_at().map_or(Ok(None), |moment| datetime(py, moment)))
    }

    /// What else the provider tells: a read-only mapping of str to str.
    ///
    /// Such as the tenant, parts of the topic, ids of entities.
    #[getter]
    fn attributes(&self, py: Python<'_>) -> PyResult<Py<PyMappingProxy>> {
        guard(py, || {
            let attributes = self.attributes.get_or_try_init(py, || {
                let attributes = PyDict::new(py);
                for (name, value) in self.event.attributes() {
                    attributes.set_item(name, value)?;
                }
                Ok(PyMappingProxy::new(py, attributes.as_mapping()).unbind())
            });
            attributes.map(|attributes| attributes.clone_ref(py))
        })
    }

    /// The key under which this delivery is recognised when it comes again, at most 201 ASCII characters.
    ///
    /// It holds the provider, the endpoint and a hash of the id, or of type and body where the provider has
    /// no id that stays the same over retries.
    #[getter]
    fn idempotency_key(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        guard(py, || {
            let key = self.idempotency_key.get_or_init(py, || {
                let (id, kind, bytes) = (self.event.id(), self.event.event_type(), self.body.as_bytes(py));
                // It may be a hash of the whole body.
                let key = body::detached(py, bytes.len(), || self.verifier.idempotency_key(id, kind, bytes));
                PyString::new(py, &key).unbind()
            });
            Ok(key.clone_ref(py))
        })
    }

    /// Whether this is a test of the connection, which must be answered but not handled.
    #[getter]
    fn is_ping(&self) -> bool {
        self.event.is_ping()
    }

    /// The answer that the sender waits for, where this is a signed handshake (then also a ping).
    #[getter]
    fn handshake(&self, py: Python<'_>) -> PyResult<Option<Py<Handshake>>> {
        guard(py, || {
            let Some(found) = self.event.handshake() else { return Ok(None) };
            let handshake = self.handshake.get_or_try_init(py, || Py::new(py, Handshake::new(py, found)?));
            handshake.map(|handshake| Some(handshake.clone_ref(py)))
        })
    }

    /// What was proven and what was not.
    #[getter]
    fn proof(&self, py: Python<'_>) -> PyResult<Py<Proof>> {
        guard(py, || {
            let proof =
                self.proof.get_or_try_init(py, || Py::new(py, Proof::new(self.event.proof().clone())));
            proof.map(|proof| proof.clone_ref(py))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        // No body and no payload: they hold personal data, and a repr ends in logs.
        guard(py, || {
            let provider = repr(py, Some(self.event.provider()))?;
            let (id, kind) = (repr(py, self.event.id())?, repr(py, self.event.event_type())?);
            let ping = if self.event.is_ping() { " is_ping=True" } else { "" };
            Ok(format!("<Event provider={provider} id={id} type={kind}{ping}>"))
        })
    }
}
