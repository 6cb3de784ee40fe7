//! Replies and outcomes.

use hookproof::{Code, Outcome};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::error::guard;

/// How to answer a request: status, headers, body.
///
/// >>> from hookproof import Provider
/// >>> reply = Provider.named("fourvenues").reply("running")
/// >>> reply.status, reply.headers, reply.body
/// (503, {'Retry-After': '10'}, b'')
#[pyclass(frozen, get_all, module = "hookproof")]
pub(crate) struct Reply {
    /// The HTTP status, 200 to 599.
    status: u16,
    /// The headers to send, a dict of str to str.
    headers: Py<PyDict>,
    /// The bytes to send, mostly none: a cause would tell an attacker what to improve.
    body: Py<PyBytes>,
    /// What came of the request, such as `accepted`: few and fixed names, fit for labels of a metric.
    outcome: Py<PyString>,
}

impl Reply {
    pub(crate) fn new(py: Python<'_>, outcome: Outcome, reply: &hookproof::Reply) -> PyResult<Self> {
        let headers = PyDict::new(py);
        for (name, value) in &reply.headers {
            headers.set_item(name, value)?;
        }
        Ok(Self {
            status: reply.status,
            headers: headers.unbind(),
            body: PyBytes::new(py, reply.body.as_bytes()).unbind(),
            outcome: PyString::intern(py, outcome.as_str()).unbind(),
        })
    }
}

#[pymethods]
impl Reply {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(format!("<Reply {} {}>", self.status, self.outcome.bind(py))))
    }
}

/// Returns what an error with this code means for the reply; an unknown code means `misconfigured`.
#[pyfunction]
pub(crate) fn outcome_of(py: Python<'_>, code: &str) -> PyResult<&'static str> {
    guard(py, || {
        let found = Code::ALL.iter().find(|known| known.as_str() == code);
        Ok(found.map_or(Outcome::Misconfigured, |code| Outcome::of_code(*code)).as_str())
    })
}
