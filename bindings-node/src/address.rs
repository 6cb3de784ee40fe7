//! Which addresses a sender may connect to.

use hookproof::AddressRefusal;
use napi_derive::napi;

use crate::error::{Fallible, fallible};

/// Decides about addresses.
#[napi]
pub struct AddressPolicy(hookproof::AddressPolicy);

/// Builds a policy out of addresses and ranges.
#[napi(catch_unwind)]
pub fn build_address_policy(allow: Vec<String>, deny: Vec<String>) -> Fallible<AddressPolicy> {
    fallible(hookproof::AddressPolicy::new(allow, deny).map(AddressPolicy))
}

#[napi]
impl AddressPolicy {
    /// Returns why an address is refused; nothing where it is permitted.
    #[napi(catch_unwind)]
    pub fn refusal(&self, address: String) -> Fallible<Option<&'static str>> {
        fallible(self.0.refusal_of(&address).map(|refusal| refusal.map(AddressRefusal::as_str)))
    }
}
