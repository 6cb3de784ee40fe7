//! The private native module of the npm package `hookproof`: calls, conversions, errors. It decides nothing.
//!
//! Whatever can fail returns its failure as a value, and the face throws it: a throw that starts in native code costs
//! more than the verification. Every export is guarded against panics, because a panic in a synchronous call would
//! abort the whole Node process.
#![expect(clippy::needless_pass_by_value, reason = "napi hands the arguments of an export over by value")]

mod address;
mod body;
mod cli;
mod convert;
mod delivery;
mod error;
mod event;
mod forced_panic;
mod handshake;
mod headers;
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
