//! Handshakes.

use hookproof::Outcome;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::convert::repr;
use crate::error::guard;
use crate::reply::Reply;

/// A request that asks for a certain answer: a URL check, a challenge, a connection test.
///
/// Send its reply and do nothing else: a handshake is never an event.
///
/// >>> from hookproof import Provider
/// >>> handshake = Provider.named("trello").handshake(b"", {}, method="HEAD")
/// >>> handshake.name, handshake.reply.status, handshake.keep
/// ('head', 200, None)
#[pyclass(frozen, get_all, module = "hookproof")]
pub(crate) struct Handshake {
    /// The provider's name for it, such as `url_verification`.
    name: Py<PyString>,
    /// What to answer; its outcome is `ping`.
    reply: Py<Reply>,
    /// What to keep, where the provider hands over a secret or token this way (Asana, Notion); else None.
    ///
    /// It is as secret as the secret that it becomes: do not log it.
    keep: Option<Py<PyString>>,
}

impl Handshake {
    pub(crate) fn new(py: Python<'_>, handshake: &hookproof::Handshake) -> PyResult<Self> {
        Ok(Self {
            name: PyString::new(py, &handshake.name).unbind(),
            reply: Py::new(py, Reply::new(py, Outcome::Ping, &handshake.reply)?)?,
            keep: handshake.keep.as_deref().map(|keep| PyString::new(py, keep).unbind()),
        })
    }
}

#[pymethods]
impl Handshake {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        // Neither what is kept nor the reply's body: they are secret, or made with a secret.
        guard(py, || Ok(format!("<Handshake {}>", repr(py, self.name.to_str(py).ok())?)))
    }
}
