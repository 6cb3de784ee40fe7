//! Events.

use hookproof::Timestamp;
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
    // What is nearly always asked for is Python's own from the start, and read without a call of this module.
    /// The id of the event or delivery, opaque; None where the provider sends none.
    #[pyo3(get)]
    id: Py<PyAny>,
    /// The event's type as the provider writes it. The set is open: expect types you do not know.
    #[pyo3(get)]
    r#type: Py<PyAny>,
    /// The bytes that were verified: the object that was given, unless another form of it was signed.
    #[pyo3(get)]
    body: Py<PyBytes>,
    verifier: hookproof::Verifier,
    payload: hookproof::Payload,
    sent: Option<Timestamp>,
    occurred: Option<Timestamp>,
    is_ping: bool,
    told: Vec<(String, String)>,
    proven: hookproof::Proof,
    handshake: Option<Py<Handshake>>,
    data: PyOnceLock<Py<PyAny>>,
    attributes: PyOnceLock<Py<PyMappingProxy>>,
    idempotency_key: PyOnceLock<Py<PyString>>,
    proof: PyOnceLock<Py<Proof>>,
}

impl Event {
    /// Takes what the core found; the body is the object that was given, if those are the signed bytes.
    pub(crate) fn bound<'py>(
        verifier: &hookproof::Verifier,
        event: &hookproof::Event<'_>,
        given: &Bound<'py, PyBytes>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = given.py();
        let body = if std::ptr::eq(event.body(), given.as_bytes()) {
            given.clone()
        } else {
            PyBytes::new(py, event.body())
        };
        let handshake = event.handshake().map(|found| Py::new(py, Handshake::new(py, found)?));
        let event = Self {
            id: text_or_none(py, event.id()),
            r#type: text_or_none(py, event.event_type()),
            body: body.unbind(),
            verifier: verifier.clone(),
            payload: event.payload().clone(),
            sent: event.sent_at(),
            occurred: event.occurred_at(),
            is_ping: event.is_ping(),
            told: event.attributes().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            proven: event.proof().clone(),
            handshake: handshake.transpose()?,
            data: PyOnceLock::new(),
            attributes: PyOnceLock::new(),
            idempotency_key: PyOnceLock::new(),
            proof: PyOnceLock::new(),
        };
        // In its place at once: it is large, and every function that it is returned through would move it.
        Bound::new(py, event)
    }
}

#[pymethods]
impl Event {
    /// The name of the provider.
    #[getter]
    fn provider<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.verifier.provider().name())
    }

    /// The payload, parsed from JSON once; None for a ping or a body that is not JSON.
    ///
    /// Raises `PayloadError` (`malformed_body`) for an integer with more digits than Python converts.
    #[getter]
    fn data(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let data = self.data.get_or_try_init(py, || {
                let bytes = self.body.as_bytes(py);
                // It may be that the whole body is read for it only now.
                let range = body::detached(py, bytes.len(), || self.payload.range(bytes));
                match range
                    .and_then(|range| bytes.get(range))
                    .and_then(|bytes| std::str::from_utf8(bytes).ok())
                {
                    Some(text) => json::parse(py, "the payload", text).map(Bound::unbind),
                    None => Ok(py.None()),
                }
            });
            data.map(|data| data.clone_ref(py))
        })
    }

    /// When this attempt was sent, a datetime in UTC; None where the provider does not sign that.
    #[getter]
    fn sent_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || self.sent.map_or(Ok(None), |moment| datetime(py, moment)))
    }

    /// When the event happened, a datetime in UTC; None where the provider does not tell.
    #[getter]
    fn occurred_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || self.occurred.map_or(Ok(None), |moment| datetime(py, moment)))
    }

    /// What else the provider tells: a read-only mapping of str to str.
    ///
    /// Such as the tenant, parts of the topic, ids of entities.
    #[getter]
    fn attributes(&self, py: Python<'_>) -> PyResult<Py<PyMappingProxy>> {
        guard(py, || {
            let attributes = self.attributes.get_or_try_init(py, || {
                let attributes = PyDict::new(py);
                for (name, value) in &self.told {
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
                let (id, kind, bytes) = (text(py, &self.id), text(py, &self.r#type), self.body.as_bytes(py));
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
        self.is_ping
    }

    /// The answer that the sender waits for, where this is a signed handshake (then also a ping).
    #[getter]
    fn handshake(&self, py: Python<'_>) -> Option<Py<Handshake>> {
        self.handshake.as_ref().map(|handshake| handshake.clone_ref(py))
    }

    /// What was proven and what was not.
    #[getter]
    fn proof(&self, py: Python<'_>) -> PyResult<Py<Proof>> {
        guard(py, || {
            let proof = self.proof.get_or_try_init(py, || Py::new(py, Proof::new(self.proven.clone())));
            proof.map(|proof| proof.clone_ref(py))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        // No body and no payload: they hold personal data, and a repr ends in logs.
        guard(py, || {
            let provider = repr(py, Some(self.verifier.provider().name()))?;
            let (id, kind) = (self.id.bind(py).repr()?, self.r#type.bind(py).repr()?);
            let ping = if self.is_ping { " is_ping=True" } else { "" };
            Ok(format!("<Event provider={provider} id={id} type={kind}{ping}>"))
        })
    }
}

fn text_or_none(py: Python<'_>, text: Option<&str>) -> Py<PyAny> {
    text.map_or_else(|| py.None(), |text| PyString::new(py, text).into_any().unbind())
}

/// Lends a text that came from the core, and so has no lone surrogate; nothing for None.
fn text<'e>(py: Python<'e>, value: &'e Py<PyAny>) -> Option<&'e str> {
    value.cast_bound::<PyString>(py).ok()?.to_str().ok()
}
