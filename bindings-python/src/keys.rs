//! Keys that have to be fetched. `hookproof/_keys.py` makes the requests.

use hookproof::{KeyAnswer, KeyNeed, KeyRequest, KeyState};
use pyo3::prelude::*;

use crate::clock::clocks;
use crate::error::{guard, raised};

/// What to fetch and when; `hookproof._keys` fetches it.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct RemoteKeys {
    inner: hookproof::RemoteKeys,
}

/// A request to make: its ticket, the URL, its time in seconds, and the largest body in bytes.
type Asked = (u64, String, f64, usize);

impl RemoteKeys {
    pub(crate) fn new(inner: hookproof::RemoteKeys) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl RemoteKeys {
    /// Says how the keys are.
    fn state(&self, py: Python<'_>) -> PyResult<&'static str> {
        guard(py, || {
            Ok(match self.inner.state(clocks()) {
                KeyState::Fresh(_) => "fresh",
                KeyState::Due => "due",
                KeyState::Missing => "missing",
            })
        })
    }

    /// Starts a fetch, if one is needed and allowed, and returns its first request.
    fn start(&self, py: Python<'_>, unknown_key: bool) -> PyResult<Option<Asked>> {
        let need = if unknown_key { KeyNeed::UnknownKey } else { KeyNeed::Due };
        guard(py, || Ok(self.inner.start(need, clocks()).map(asked)))
    }

    /// Takes an answer, and returns the next request of the fetch; None where it has ended.
    fn answered(
        &self,
        py: Python<'_>,
        ticket: u64,
        status: u16,
        cache_control: Option<&str>,
        age: Option<&str>,
        body: &[u8],
    ) -> PyResult<Option<Asked>> {
        let answer = KeyAnswer { status, cache_control, age, body };
        guard(py, || Ok(self.inner.answered(ticket, Ok(answer), clocks()).map(asked)))
    }

    /// Takes the word that there is no answer.
    fn failed(&self, py: Python<'_>, ticket: u64, reason: &str) -> PyResult<()> {
        // The fetch has ended with it: there is no next request.
        guard(py, || self.inner.answered(ticket, Err(reason), clocks()).map_or(Ok(()), |_| Ok(())))
    }

    /// Raises `KeysUnavailableError` where there are no keys.
    fn require(&self, py: Python<'_>) -> PyResult<()> {
        guard(py, || self.inner.require().map_err(|error| raised(py, &error)))
    }
}

fn asked(request: KeyRequest) -> Asked {
    (request.ticket, request.url, request.timeout.as_secs_f64(), request.max_body)
}
