//! Which addresses a sender may connect to.

use pyo3::prelude::*;

use crate::convert::{text, texts};
use crate::error::{guard, raised};

/// Decides about addresses; `hookproof.AddressPolicy` wraps it and resolves names.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct AddressPolicy {
    inner: hookproof::AddressPolicy,
}

#[pymethods]
impl AddressPolicy {
    #[new]
    fn new(allow: &Bound<'_, PyAny>, deny: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = allow.py();
        guard(py, || {
            let (allow, deny) =
                (texts("the option allow", Some(allow))?, texts("the option deny", Some(deny))?);
            let inner = hookproof::AddressPolicy::new(allow, deny).map_err(|error| raised(py, &error))?;
            Ok(Self { inner })
        })
    }

    /// Returns why an address is refused; None where it is permitted.
    fn refusal(&self, address: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
        let py = address.py();
        guard(py, || {
            let found = self.inner.refusal_of(&text("the address", address)?);
            Ok(found.map_err(|error| raised(py, &error))?.map(hookproof::AddressRefusal::as_str))
        })
    }
}
