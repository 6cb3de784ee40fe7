//! What the stores on Redis and on SQL share, as text that every language runs on its own client.
//!
//! What must be atomic is one Lua script or one SQL statement, so the promises do not depend on who calls. The
//! server's clock counts: the clocks of several machines differ by more than a lease may.

use std::time::Duration;

use sha1::{Digest as _, Sha1};

use super::entry::digest;

/// A Lua script of the store on Redis: one key a call, so that it also runs on a cluster.
///
/// `KEYS[1]` is the delivery, a prefix and its [`store_key`]. `ARGV[1]` is the owner, a random
/// text that nobody else has; `ARGV[2]` the lease or the retention in milliseconds. A claim answers `new`,
/// `running` or `done`, the others 1 or 0.
#[derive(Clone, Copy, Debug)]
pub struct RedisScript {
    /// What the script does.
    pub name: &'static str,
    /// The Lua source.
    pub source: &'static str,
}

impl RedisScript {
    /// Asks for a delivery.
    pub const CLAIM: Self = Self { name: "claim", source: include_str!("scripts/claim.lua") };
    /// Marks a delivery as done.
    pub const COMPLETE: Self = Self { name: "complete", source: include_str!("scripts/complete.lua") };
    /// Gives a delivery back.
    pub const RELEASE: Self = Self { name: "release", source: include_str!("scripts/release.lua") };
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CLAIM, Self::COMPLETE, Self::RELEASE];

    /// Returns the name under which a server knows a script that it has run: the SHA-1 of the source in hex.
    #[must_use]
    pub fn sha1(&self) -> String {
        hex::encode(Sha1::digest(self.source))
    }
}

/// A hundred years: what ends later may as well, and no server's clock overflows.
const LONGEST_MILLIS: i64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// Of this many claims that were new one clears away what has ended.
pub const CLAIMS_PER_CLEARING: u32 = 64;

/// How many ended deliveries are cleared at once: twice of what was added since the last time, so that the table
/// shrinks again, and few enough that no request pays for all of them.
pub const CLEARED_AT_ONCE: u32 = 128;

/// Returns the name under which a shared store keeps a delivery: the SHA-256 of the idempotency key in hex.
///
/// Keys in clear could be merged by a collation, folded in case or cut off, and would be as long as a sender likes.
#[must_use]
pub fn store_key(idempotency_key: &str) -> String {
    hex::encode(digest(idempotency_key))
}

/// Returns a lease or a retention in whole milliseconds, rounded up, at least one, at most a hundred years.
#[must_use]
pub fn store_millis(span: Duration) -> i64 {
    let millis = span.as_nanos().div_ceil(1_000_000);
    i64::try_from(millis).unwrap_or(LONGEST_MILLIS).clamp(1, LONGEST_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_a_hash_of_its_own() {
        let mut hashes: Vec<String> = RedisScript::ALL.iter().map(RedisScript::sha1).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), 3);
        assert!(hashes.iter().all(|hash| hash.len() == 40));
    }

    #[test]
    fn a_script_names_one_key() {
        for script in RedisScript::ALL {
            assert!(
                script.source.contains("KEYS[1]") && !script.source.contains("KEYS[2]"),
                "{}",
                script.name
            );
        }
    }

    #[test]
    fn a_delivery_is_kept_under_its_hash() {
        assert_eq!(store_key("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(store_key("ABC"), store_key("abc"));
        assert_ne!(store_key("abc\0"), store_key("abc"));
    }

    #[test]
    fn a_span_is_never_nothing_and_never_overflows() {
        let cases = [
            (Duration::ZERO, 1),
            (Duration::from_nanos(1), 1),
            (Duration::from_micros(1001), 2),
            (Duration::from_secs(60), 60_000),
            (Duration::MAX, LONGEST_MILLIS),
        ];
        for (span, millis) in cases {
            assert_eq!(store_millis(span), millis, "{span:?}");
        }
    }
}
