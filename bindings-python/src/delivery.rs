//! Outgoing deliveries.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

use crate::convert::{number, optional_text, seed, text};
use crate::error::{guard, raised};
use crate::retry::{Decision, RetryPolicy, decision};

/// The sending of one message to one endpoint; `hookproof.Delivery` wraps it. Times are unix milliseconds.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct Delivery {
    inner: Mutex<hookproof::Delivery>,
}

#[pymethods]
impl Delivery {
    #[new]
    fn new(seed: &Bound<'_, PyAny>, now_millis: i64) -> PyResult<Self> {
        guard(seed.py(), || Ok(hookproof::Delivery::new(self::seed(seed)?, now_millis).into()))
    }

    #[staticmethod]
    fn from_json(state: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = state.py();
        guard(py, || {
            let read = hookproof::Delivery::from_json(&text("the state", state)?);
            read.map(Self::from).map_err(|error| raised(py, &error))
        })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(self.lock().to_json()))
    }

    fn record(
        &self,
        policy: &Bound<'_, RetryPolicy>,
        status: Option<&Bound<'_, PyAny>>,
        retry_after: Option<&Bound<'_, PyAny>>,
        now_millis: i64,
    ) -> PyResult<Decision> {
        guard(policy.py(), || {
            let status = status.map(|status| number("status", status, "from 0 to 65535")).transpose()?;
            let retry_after = optional_text("retry_after", retry_after)?;
            let made = self.lock().record(&policy.get().inner, status, retry_after.as_deref(), now_millis);
            made.map(decision).map_err(|error| raised(policy.py(), &error))
        })
    }

    #[getter]
    fn state(&self) -> &'static str {
        self.lock().state().as_str()
    }

    #[getter]
    fn attempts(&self) -> u32 {
        self.lock().attempts()
    }

    #[getter]
    fn started_at(&self) -> i64 {
        self.lock().started_at()
    }

    #[getter]
    fn due_at(&self) -> Option<i64> {
        self.lock().due_at()
    }

    #[getter]
    fn last_status(&self) -> Option<u16> {
        self.lock().last_status()
    }
}

impl Delivery {
    /// Locks the state. It changes in one step that cannot panic halfway, so a poisoned one is still whole.
    fn lock(&self) -> MutexGuard<'_, hookproof::Delivery> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<hookproof::Delivery> for Delivery {
    fn from(inner: hookproof::Delivery) -> Self {
        Self { inner: Mutex::new(inner) }
    }
}
