//! What every store keeps of a delivery: the digest of its key, and the moment its time ends.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of an idempotency key.
///
/// Entries are then of one size, so that the bound on their number is a bound on memory too: a sender with ids of
/// a megabyte cannot use up the memory. Unlike a truncated key, a digest lets no two keys collide.
pub(super) type Digest = [u8; 32];

pub(super) fn digest(key: &str) -> Digest {
    Sha256::digest(key).into()
}

/// Returns when a time that starts now ends. Never now: a lease of nothing would let two handlers run at once.
pub(super) fn end(now_millis: i64, span: Duration) -> i64 {
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    now_millis.saturating_add(span.max(1))
}
