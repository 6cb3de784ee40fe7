use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};

use super::policy::{TokenPolicy, TokenTimes};
use super::verify::VerifiedToken;
use crate::keys::Keys;

/// How many tokens are remembered at most.
const CAPACITY: usize = 1024;

/// Longer tokens are verified each time: real ones are a tenth of this, and nobody fills the memory with others.
const MAX_TOKEN_BYTES: usize = 4 * 1024;

/// Remembers tokens that were verified, so that a sender who uses one token for an hour costs one RSA operation.
///
/// It can only repeat a success, never make one: what is remembered was accepted by this verifier's policy under
/// exactly these keys. A change of the key set forgets everything, times are compared on every hit, and whoever is
/// not found takes the whole way. The name of a token is the SHA-256 of all its text, signature included.
#[derive(Default)]
pub(crate) struct TokenCache {
    entries: RwLock<Entries>,
}

/// Two halves: when the younger one is full, the older one is forgotten. That keeps what is used, in constant time.
#[derive(Default)]
struct Entries {
    /// The keys that accepted them. Held, so that no other set can come to lie at the same address.
    keys: Option<Arc<Keys>>,
    young: HashMap<Name, Entry>,
    old: HashMap<Name, Entry>,
}

type Name = [u8; 32];

#[derive(Clone)]
struct Entry {
    token: Arc<VerifiedToken>,
    times: TokenTimes,
}

impl TokenCache {
    /// Finds a token that these keys have accepted before, if its times still hold.
    pub(super) fn find(
        &self,
        token: &str,
        keys: &Arc<Keys>,
        policy: &TokenPolicy,
        now: i64,
    ) -> Option<Arc<VerifiedToken>> {
        let name = name_of(token)?;
        let entry = self.young(keys, &name).or_else(|| self.with(keys, |entries| entries.find(&name)))?;
        policy.holds(&entry.times, now).then_some(entry.token)
    }

    /// Remembers a token that these keys have accepted.
    pub(super) fn remember(
        &self,
        token: &str,
        keys: &Arc<Keys>,
        verified: &Arc<VerifiedToken>,
        times: TokenTimes,
    ) {
        let Some(name) = name_of(token) else { return };
        let entry = Entry { token: Arc::clone(verified), times };
        self.with(keys, |entries| entries.insert(name, entry));
    }

    /// Finds a token among the young, as most are that come again: many threads can look at once.
    fn young(&self, keys: &Arc<Keys>, name: &Name) -> Option<Entry> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.is_of(keys).then(|| entries.young.get(name).cloned()).flatten()
    }

    fn with<T>(&self, keys: &Arc<Keys>, work: impl FnOnce(&mut Entries) -> T) -> T {
        // A thread that died here can have left out an entry, and no more.
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.keep_only_those_of(keys);
        work(&mut entries)
    }
}

impl Entries {
    fn is_of(&self, keys: &Arc<Keys>) -> bool {
        self.keys.as_ref().is_some_and(|own| Arc::ptr_eq(own, keys))
    }

    fn keep_only_those_of(&mut self, keys: &Arc<Keys>) {
        if !self.is_of(keys) {
            *self = Self { keys: Some(Arc::clone(keys)), ..Self::default() };
        }
    }

    fn find(&mut self, name: &Name) -> Option<Entry> {
        if let Some(entry) = self.young.get(name) {
            return Some(entry.clone());
        }
        let entry = self.old.remove(name)?;
        self.insert(*name, entry.clone());
        Some(entry)
    }

    fn insert(&mut self, name: Name, entry: Entry) {
        if self.young.len() >= CAPACITY / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, entry);
    }
}

fn name_of(token: &str) -> Option<Name> {
    (token.len() <= MAX_TOKEN_BYTES).then(|| Sha256::digest(token).into())
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
