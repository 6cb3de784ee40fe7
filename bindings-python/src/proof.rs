//! Proofs.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFrozenSet, PyString};

use crate::error::guard;
use crate::json;

/// Says what was proven about a request and what was not.
///
/// A signature proves the bytes it covers and nothing else. A bearer token proves who calls and nothing of
/// what is said. Read `covers` before you trust a part of an event.
///
/// >>> from hookproof import Signer, Verifier
/// >>> signed = Signer("github", secret="s3cr3t").sign(b"{}", type="push")
/// >>> event = Verifier("github", secret="s3cr3t").verify(signed.body, signed.headers)
/// >>> event.type, "body" in event.proof.covers, "type" in event.proof.covers
/// ('push', True, False)
///
/// GitHub does not sign the header that names the event.
#[pyclass(frozen, module = "hookproof")]
pub(crate) struct Proof {
    proof: hookproof::Proof,
    covers: PyOnceLock<Py<PyFrozenSet>>,
    claims: PyOnceLock<Py<PyAny>>,
}

impl Proof {
    pub(crate) fn new(proof: hookproof::Proof) -> Self {
        Self { proof, covers: PyOnceLock::new(), claims: PyOnceLock::new() }
    }
}

#[pymethods]
impl Proof {
    /// Which parts the signature covers: some of `body`, `id`, `method`, `timestamp`, `type` and `url`.
    #[getter]
    fn covers(&self, py: Python<'_>) -> PyResult<Py<PyFrozenSet>> {
        guard(py, || {
            let covers = self
                .covers
                .get_or_try_init(py, || PyFrozenSet::new(py, self.proof.covers().iter()).map(Bound::unbind));
            covers.map(|covers| covers.clone_ref(py))
        })
    }

    /// The place, from 0, of the key that matched among the secrets or in the key set.
    #[getter]
    fn key_index(&self) -> usize {
        self.proof.key_index()
    }

    /// The label of the key that matched, or the key id of a bearer token; None where it has none.
    #[getter]
    fn key_label(&self) -> Option<&str> {
        self.proof.key_label()
    }

    /// The algorithm, such as `hmac-sha256`, `ed25519` or `RS256`.
    #[getter]
    fn algorithm<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.proof.algorithm())
    }

    /// The verified claims of a bearer token as a dict, parsed once; None where there is no token.
    ///
    /// Raises `PayloadError` (`malformed_body`) for a number with more digits than Python converts.
    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        guard(py, || {
            let Some(text) = self.proof.claims() else { return Ok(None) };
            let claims = self
                .claims
                .get_or_try_init(py, || json::parse(py, "the token's claims", text).map(Bound::unbind));
            claims.map(|claims| Some(claims.clone_ref(py)))
        })
    }

    /// Which form of the body was signed: `raw`, `trimmed` (of newlines at its end) or `reserialized`.
    #[getter]
    fn content<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.proof.content().as_str())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        // No claims: they are about a person.
        guard(py, || {
            let covers: Vec<_> = self.proof.covers().iter().collect();
            let (covers, algorithm) = (covers.join(" "), self.proof.algorithm());
            Ok(format!(
                "<Proof covers='{covers}' algorithm='{algorithm}' key_index={}>",
                self.proof.key_index()
            ))
        })
    }
}
