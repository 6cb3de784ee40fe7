//! The native module of the Python package `hookproof`: calls, conversions and errors.
//!
//! There is no logic in here. What a request means is decided in the core, and how it is offered in Python's
//! files beside this crate. The Node binding has the same rooms with the same names.

mod body;
mod cli;
mod convert;
mod delivery;
mod error;
mod event;
mod handshake;
mod headers;
mod json;
mod keys;
mod proof;
mod provider;
mod reply;
mod retry;
mod scripts;
mod signer;
mod store;
mod verifier;

/// The module that Python imports as `hookproof._native`.
#[pyo3::pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use super::cli::run_cli;
    #[pymodule_export]
    use super::delivery::Delivery;
    #[pymodule_export]
    use super::event::Event;
    #[pymodule_export]
    use super::handshake::Handshake;
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
    use super::scripts::{redis_script, sql_statements, store_key, store_millis};
    #[pymodule_export]
    use super::signer::{Signed, Signer};
    #[pymodule_export]
    use super::store::{MemoryStore, SqliteStore};
    #[pymodule_export]
    use super::verifier::Verifier;

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
