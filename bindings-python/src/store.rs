use std::num::NonZeroUsize;

use hookproof::{Claim, Owner};
use pyo3::prelude::*;

use crate::convert::{duration, number, text};
use crate::error::{guard, invalid_option};

/// Who has seen which delivery, in memory; `hookproof.MemoryStore` wraps it and reads the clock.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct MemoryStore {
    inner: hookproof::MemoryStore,
}

#[pymethods]
impl MemoryStore {
    #[new]
    fn new(py: Python<'_>, capacity: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        guard(py, || {
            let capacity =
                capacity.map(|capacity| number::<usize>("capacity", capacity, "from 1 up")).transpose()?;
            let capacity = match capacity.map(NonZeroUsize::new) {
                Some(Some(capacity)) => capacity,
                Some(None) => return Err(invalid_option(py, "capacity is not a whole number from 1 up")),
                None => hookproof::MemoryStore::DEFAULT_CAPACITY,
            };
            Ok(Self { inner: hookproof::MemoryStore::with_capacity(capacity) })
        })
    }

    /// Returns the state of the claim, and its owner where it is new.
    fn claim(
        &self,
        key: &Bound<'_, PyAny>,
        now_millis: i64,
        lease_seconds: &Bound<'_, PyAny>,
    ) -> PyResult<(&'static str, Option<String>)> {
        guard(key.py(), || {
            let lease = duration("lease_seconds", lease_seconds)?;
            Ok(match self.inner.claim(&text("the key", key)?, now_millis, lease) {
                Claim::New(owner) => ("new", Some(u64::from(owner).to_string())),
                Claim::Running => ("running", None),
                Claim::Done => ("done", None),
                Claim::Full => ("full", None),
            })
        })
    }

    fn complete(
        &self,
        key: &Bound<'_, PyAny>,
        owner: &Bound<'_, PyAny>,
        now_millis: i64,
        retention_seconds: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        guard(key.py(), || {
            let (key, owner) = (text("the key", key)?, read_owner(owner)?);
            let retention = duration("retention_seconds", retention_seconds)?;
            Ok(owner.is_some_and(|owner| self.inner.complete(&key, owner, now_millis, retention)))
        })
    }

    fn release(&self, key: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(key.py(), || {
            let (key, owner) = (text("the key", key)?, read_owner(owner)?);
            Ok(owner.is_some_and(|owner| self.inner.release(&key, owner)))
        })
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }
}

/// Reads an owner; nothing for a text that no claim ever returned.
fn read_owner(owner: &Bound<'_, PyAny>) -> PyResult<Option<Owner>> {
    Ok(text("the owner", owner)?.parse::<u64>().ok().map(Owner::from))
}
