//! The native module of the Python package `hookproof`: calls, conversions and errors.
//!
//! There is no logic in here. What a request means is decided in the core, and how it is offered in Python's
//! files beside this crate. The Node binding has the same rooms with the same names.

mod address;
mod body;
mod cli;
mod clock;
mod convert;
mod delivery;
mod error;
mod event;
mod forced_panic;
mod fork;
mod handshake;
mod headers;
mod json;
mod keys;
mod proof;
mod provider;
mod reply;
mod retry;
mod sample;
mod scripts;
mod signer;
mod store;
mod test_keys;
mod verification;
mod verifier;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The module that Python imports as `hookproof._native`.
#[pyo3::pymodule(gil_used = true)]
mod _native {
    use pyo3::prelude::*;

    use super::{claim_interpreter, fork};

    #[pymodule_export]
    use super::address::AddressPolicy;
    #[pymodule_export]
    use super::cli::run_cli;
    #[pymodule_export]
    use super::clock::{stop_clock, stopped_clock};
    #[pymodule_export]
    use super::delivery::Delivery;
    #[pymodule_export]
    use super::event::Event;
    #[pymodule_export]
    use super::handshake::Handshake;
    #[pymodule_export]
    use super::headers::EnvironHeaders;
    #[pymodule_export]
    use super::keys::RemoteKeys;
    #[pymodule_export]
    use super::proof::Proof;
    #[pymodule_export]
    use super::provider::Provider;
    #[pymodule_export]
    use super::reply::{Reply, outcome_of};
    #[pymodule_export]
    use super::retry::RetryPolicy;
    #[pymodule_export]
    use super::sample::sample_message;
    #[pymodule_export]
    use super::scripts::{redis_script, sql_statements, store_key, store_millis};
    #[pymodule_export]
    use super::signer::{Signed, Signer};
    #[pymodule_export]
    use super::store::{MemoryStore, SqliteStore};
    #[pymodule_export]
    use super::test_keys::generate_keys;
    #[pymodule_export]
    use super::verifier::Verifier;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        claim_interpreter(module.py())?;
        fork::register(module)
    }

    /// The version of the package, which is the workspace's.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// Of so many new claims in a store on SQL one clears away what has ended.
    #[pymodule_export]
    const CLAIMS_PER_CLEARING: u32 = hookproof::CLAIMS_PER_CLEARING;

    /// How many ended deliveries it clears away.
    #[pymodule_export]
    const CLEARED_AT_ONCE: u32 = hookproof::CLEARED_AT_ONCE;
}

/// Refuses to be imported by a second interpreter of the process.
///
/// What is kept once for a process, such as the exception classes, would be the first interpreter's: the other one's
/// `except VerificationError` would not catch what is raised there. From Python 3.12 on an interpreter with a GIL of
/// its own is refused by Python; others are not, such as those in which `mod_wsgi` runs applications.
fn claim_interpreter(py: Python<'_>) -> PyResult<()> {
    static SYS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    // Each interpreter has its own `sys`; that of the first is kept, so that no other one gets its address.
    let sys = py.import("sys")?;
    if SYS.get_or_init(py, || sys.clone().unbind()).is(&sys) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "hookproof works in one interpreter of a process, and another one has imported it; with mod_wsgi set \
         WSGIApplicationGroup %{GLOBAL}",
    ))
}
