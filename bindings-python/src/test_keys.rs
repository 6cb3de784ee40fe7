//! Keys for tests with bearer tokens.

use pyo3::prelude::*;

use crate::convert::text;
use crate::error::{guard, raised};

/// Makes a key pair: the private key as PEM text, and the text of a key set with its public half.
#[pyfunction]
pub(crate) fn generate_keys(key_id: &Bound<'_, PyAny>) -> PyResult<(String, String)> {
    let py = key_id.py();
    guard(py, || {
        let id = text("the key id", key_id)?;
        // A second of work at the worst, which other threads need not wait for.
        let keys = py.detach(|| hookproof::TestKeys::generate(&id)).map_err(|error| raised(py, &error))?;
        Ok((keys.private_key, keys.jwks))
    })
}
