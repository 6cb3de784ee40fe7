//! Signs, verifies, parses, deduplicates and schedules retries for webhooks of any provider.
//!
//! Nothing in here reads a clock, a socket or a source of randomness, except [`Verifier::verify`], which asks the
//! system for the time, and what the feature `fetch` adds. What a host hands in decides what comes out, the same in Rust, Python and Node.
//!
//! ```
//! use hookproof::{Message, Signer, Verifier};
//!
//! let signer = Signer::builder("fourvenues")?.secret("s3cr3t").build()?;
//! let signed = signer.sign(&Message::new(br#"{"id":"5f7b","event":"payment.success","payload":{}}"#))?;
//!
//! let verifier = Verifier::builder("fourvenues")?.secret("s3cr3t").build()?;
//! let event = verifier.verify(&signed.body, &signed.headers)?;
//! assert_eq!((event.id(), event.event_type()), (Some("5f7b"), Some("payment.success")));
//! # Ok::<(), hookproof::Error>(())
//! ```
#![forbid(unsafe_code)]

mod address;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod clock;
mod document;
mod ecmascript;
mod encoding;
mod envelope;
mod error;
mod event;
mod explain;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handshake;
mod header_table;
mod headers;
mod keys;
mod octets;
mod payload;
mod proof;
mod provider;
mod receiver;
mod reply;
mod request;
mod retry;
mod sample;
mod scheme;
mod secret;
mod signer;
mod simulation;
mod source;
mod store;
mod tables;
mod template;
#[cfg(feature = "cli")]
mod test_keys;
mod timestamp;
mod token;
#[cfg(feature = "tower")]
pub mod tower;
mod verifier;
mod view;
mod written;

pub use address::{AddressPolicy, AddressRefusal};
pub use error::{Code, Error, Kind};
pub use event::Event;
pub use explain::{Explain, Explanation, Finding, Mistake, Step, StepKind};
pub use handshake::Handshake;
pub use headers::Headers;
pub use keys::{KeyAnswer, KeyNeed, KeyRequest, KeySet, KeyState, Moment, RemoteKeys};
pub use payload::Payload;
pub use proof::{Content, Covers, Proof};
pub use provider::Provider;
pub use receiver::{ClaimedDelivery, Received, Receiver};
pub use reply::{Outcome, Reply};
pub use request::Request;
pub use retry::{Action, Attempt, Decision, Delivery, DeliveryState, RetryPolicy};
pub use sample::{Sample, SampleMessage};
pub use secret::Secret;
pub use signer::{Message, Signed, Signer, SignerBuilder};
pub use simulation::{Load, Outage};
#[cfg(feature = "redis")]
pub use store::RedisStore;
#[cfg(feature = "sqlite")]
pub use store::SqliteStore;
pub use store::{Claim, MemoryStore, Owner, Store, StoreError};
// For the stores of the bindings on their hosts' own clients; not meant for users.
#[doc(hidden)]
pub use store::{
    CLAIMS_PER_CLEARING, CLEARED_AT_ONCE, Placeholder, RedisScript, SqlDialect, SqlStatement, SqlStatements,
    store_key, store_millis,
};
// For the command line and the test kits of the bindings; not meant for users.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use test_keys::TestKeys;
pub use timestamp::Timestamp;
pub use verifier::{Verifier, VerifierBuilder};

/// Runs the Rust examples of the README. Not a crate-level `include_str!`: that would break `cargo package`.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Runs the examples of the guide, where the features are there that it is about.
#[cfg(all(doctest, feature = "axum", feature = "sqlite"))]
#[doc = include_str!("../../docs/receive-rust.md")]
struct Guide;

/// Runs the Rust examples of the guide to sending.
#[cfg(doctest)]
#[doc = include_str!("../../docs/send.md")]
struct SendingGuide;
