//! Who has seen this delivery: claims with a lease, an owner and three states.

mod claim;
mod ledger;
mod memory;
mod scripts;
mod statements;

pub use claim::{Claim, Owner};
pub use memory::MemoryStore;
pub use scripts::{CLAIMS_PER_CLEARING, CLEARED_AT_ONCE, RedisScript, store_key, store_millis};
pub use statements::{Placeholder, SqlDialect, SqlStatement, SqlStatements};
