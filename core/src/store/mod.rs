//! Who has seen this delivery: claims with a lease, an owner and three states.

mod claim;
mod contract;
mod entry;
mod ledger;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod scripts;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;

pub use claim::{Claim, Owner};
pub use contract::{Store, StoreError};
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use scripts::{CLAIMS_PER_CLEARING, CLEARED_AT_ONCE, RedisScript, store_key, store_millis};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use statements::{Placeholder, SqlDialect, SqlStatement, SqlStatements};
