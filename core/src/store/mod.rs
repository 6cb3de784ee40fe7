//! Who has seen this delivery: claims with a lease, an owner and three states.

mod claim;
mod ledger;
mod memory;

pub use claim::{Claim, Owner};
pub use memory::MemoryStore;
