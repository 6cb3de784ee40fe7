//! Retry plans.

use std::time::Duration;

use hookproof::{Attempt, Code};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{moment, number, optional_text, seed};
use crate::error::{guard, raised};
use crate::json;
use crate::provider::Provider;

/// When a sender tries again; `hookproof.RetryPolicy` wraps it.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct RetryPolicy {
    pub(crate) inner: hookproof::RetryPolicy,
}

/// An action, a delay, and whether to slow down.
pub(crate) type Decision = (&'static str, Option<Duration>, bool);

#[pymethods]
impl RetryPolicy {
    #[new]
    fn new(provider: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = provider.py();
        guard(py, || {
            let inner = Provider::read(provider)?.retry_policy().map_err(|error| raised(py, &error))?;
            Ok(Self { inner })
        })
    }

    #[staticmethod]
    fn from_dict(plan: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = plan.py();
        guard(py, || {
            let plan = json::write("the retry plan", plan, Code::InvalidOption)?;
            let inner = hookproof::RetryPolicy::from_json(&plan).map_err(|error| raised(py, &error))?;
            Ok(Self { inner })
        })
    }

    #[getter]
    fn retries(&self) -> u32 {
        self.inner.retries()
    }

    #[getter]
    fn longest_span(&self) -> Duration {
        self.inner.longest_span()
    }

    #[getter]
    fn timeout(&self) -> Option<Duration> {
        self.inner.timeout()
    }

    #[getter]
    fn disabled_after(&self) -> Option<&str> {
        self.inner.disabled_after()
    }

    #[getter]
    fn assumed(&self) -> Vec<&str> {
        self.inner.assumed().collect()
    }

    fn delay(&self, retry: &Bound<'_, PyAny>, seed: &Bound<'_, PyAny>) -> PyResult<Option<Duration>> {
        guard(retry.py(), || Ok(self.inner.delay(count("retry", retry)?, self::seed(seed)?)))
    }

    fn base_delay(&self, retry: &Bound<'_, PyAny>) -> PyResult<Option<Duration>> {
        guard(retry.py(), || Ok(self.inner.base_delay(count("retry", retry)?)))
    }

    fn schedule(&self, seed: &Bound<'_, PyAny>) -> PyResult<Vec<Duration>> {
        guard(seed.py(), || Ok(self.inner.schedule_seeded(self::seed(seed)?)))
    }

    fn next(
        &self,
        attempt: &Bound<'_, PyAny>,
        status: Option<&Bound<'_, PyAny>>,
        retry_after: Option<&Bound<'_, PyAny>>,
        now: Option<&Bound<'_, PyAny>>,
        seed: &Bound<'_, PyAny>,
    ) -> PyResult<Decision> {
        guard(attempt.py(), || {
            let status = status.map(|status| number("status", status, "from 0 to 65535")).transpose()?;
            let retry_after = optional_text("retry_after", retry_after)?;
            let attempt = Attempt::new(count("attempt", attempt)?, status, self::seed(seed)?);
            Ok(decision(self.inner.next(&match &retry_after {
                Some(value) => attempt.with_retry_after(value, moment(now)?),
                None => attempt,
            })))
        })
    }
}

/// Hands a decision over.
pub(crate) fn decision(made: hookproof::Decision) -> Decision {
    (made.action.as_str(), made.delay, made.throttle)
}

/// Reads which retry or attempt is meant. No plan has more than 2^32 - 1.
fn count(what: &str, value: &Bound<'_, PyAny>) -> PyResult<u32> {
    number(what, value, "from 0 to 4294967295")
}
