//! The stores: in memory, and in an SQLite file.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use hookproof::{Claim, Owner, StoreError};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::convert::{duration, number, text, wrong_type};
use crate::error::{guard, invalid_option, raised};

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
    ) -> PyResult<Claimed> {
        guard(key.py(), || {
            let lease = duration("lease_seconds", lease_seconds)?;
            Ok(claimed(self.inner.claim(&text("the key", key)?, now_millis, lease)))
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
            let (held, retention) = completion(key, owner, retention_seconds)?;
            Ok(held.is_some_and(|(key, owner)| self.inner.complete(&key, owner, now_millis, retention)))
        })
    }

    fn release(&self, key: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(key.py(), || {
            let held = held(key, owner)?;
            Ok(held.is_some_and(|(key, owner)| self.inner.release(&key, owner)))
        })
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }
}

/// Who has seen which delivery, in an SQLite file; `hookproof.SqliteStore` wraps it and reads the clock.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct SqliteStore {
    inner: hookproof::SqliteStore,
}

#[pymethods]
impl SqliteStore {
    // Keeps the GIL, so that no other thread forks while the file is open for being checked.
    #[new]
    fn new(py: Python<'_>, path: &Bound<'_, PyAny>, timeout: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        guard(py, || {
            let path: PathBuf =
                path.extract().map_err(|_| wrong_type("the path", path, "str or PathLike"))?;
            let timeout = timeout.map(|timeout| duration("timeout", timeout)).transpose()?;
            let timeout = timeout.unwrap_or(hookproof::SqliteStore::DEFAULT_TIMEOUT);
            let opened = hookproof::SqliteStore::open_with_timeout(path, timeout);
            Ok(Self { inner: opened.map_err(|error| raised(py, &error))? })
        })
    }

    /// Returns the state of the claim, and its owner where it is new.
    fn claim(
        &self,
        key: &Bound<'_, PyAny>,
        now_millis: i64,
        lease_seconds: &Bound<'_, PyAny>,
    ) -> PyResult<Claimed> {
        guard(key.py(), || {
            let (name, lease) = (text("the key", key)?, duration("lease_seconds", lease_seconds)?);
            let claim = key.py().detach(|| self.inner.claim(&name, now_millis, lease));
            Ok(claimed(claim.map_err(|error| unavailable(&error))?))
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
            let (held, retention) = completion(key, owner, retention_seconds)?;
            let Some((name, owner)) = held else { return Ok(false) };
            let done = key.py().detach(|| self.inner.complete(&name, owner, now_millis, retention));
            done.map_err(|error| unavailable(&error))
        })
    }

    fn release(&self, key: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(key.py(), || {
            let Some((name, owner)) = held(key, owner)? else { return Ok(false) };
            key.py().detach(|| self.inner.release(&name, owner)).map_err(|error| unavailable(&error))
        })
    }

    /// Closes the file until the next call.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        guard(py, || {
            py.detach(|| self.inner.close());
            Ok(())
        })
    }
}

/// The state of a claim, and its owner where it is new.
type Claimed = (&'static str, Option<String>);

fn claimed(claim: Claim) -> Claimed {
    match claim {
        Claim::New(owner) => ("new", Some(u64::from(owner).to_string())),
        Claim::Running => ("running", None),
        Claim::Done => ("done", None),
        Claim::Full => ("full", None),
    }
}

/// Makes the exception for a store that cannot be asked: not one of hookproof's, but the system's.
fn unavailable(error: &StoreError) -> PyErr {
    PyOSError::new_err(error.to_string())
}

/// A delivery by its key, and who holds it.
type Held = (String, Owner);

/// Reads what `complete` is told: who holds which delivery, and how long it is to be remembered.
fn completion(
    key: &Bound<'_, PyAny>,
    owner: &Bound<'_, PyAny>,
    retention_seconds: &Bound<'_, PyAny>,
) -> PyResult<(Option<Held>, Duration)> {
    Ok((held(key, owner)?, duration("retention_seconds", retention_seconds)?))
}

/// Reads who holds which delivery; nothing for an owner that no claim ever returned.
fn held(key: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<Option<Held>> {
    let (key, owner) = (text("the key", key)?, text("the owner", owner)?);
    Ok(owner.parse::<u64>().ok().map(|owner| (key, Owner::from(owner))))
}
