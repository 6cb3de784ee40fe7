//! Samples of what providers send, for the test kit.

use hookproof::Sample;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{guard, raised};
use crate::provider::Provider;

/// The event's type, the bytes to send, attributes, and who the provider says it is.
type SampleMessage = (Option<String>, Py<PyBytes>, Vec<(String, String)>, Option<String>);

/// Fills in the sample of a name; None where the provider has none of that name.
#[pyfunction]
pub(crate) fn sample_message(
    py: Python<'_>,
    provider: &Provider,
    name: &str,
    id: &str,
    uuid: &str,
    now: i64,
) -> PyResult<Option<SampleMessage>> {
    guard(py, || {
        let samples = Sample::of(&provider.inner).map_err(|error| raised(py, &error))?;
        let Some(sample) = samples.iter().find(|sample| sample.name() == name) else { return Ok(None) };
        let filled = sample.fill(id, uuid, now);
        let body = PyBytes::new(py, &filled.body).unbind();
        Ok(Some((sample.event_type().map(str::to_owned), body, filled.attributes, filled.user_agent)))
    })
}
