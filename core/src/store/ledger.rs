use std::collections::{BTreeMap, HashMap};

use super::claim::Owner;
use super::entry::Digest;

/// Entries by key, by the end of their time and, for those that are done, by age. No clock, no lock, no policy.
///
/// All three always hold the same entries. Each step costs O(log n).
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: HashMap<Digest, Entry>,
    by_end: BTreeMap<(i64, u64), Digest>,
    done_by_age: BTreeMap<u64, Digest>,
    last_serial: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    state: State,
    /// Unique in this ledger and rising: the owner of a claim, the age of what is done.
    serial: u64,
    /// The unix millisecond from which on the entry counts for nothing.
    end: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Done,
}

impl Entry {
    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn is_owned_by(&self, owner: Owner) -> bool {
        self.state == State::Running && self.serial == u64::from(owner)
    }
}

impl Ledger {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the entry of this key if its time has not ended.
    pub(super) fn live(&self, key: &Digest, now: i64) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| entry.end > now)
    }

    /// Sets the entry of this key, in place of one that may be there, and returns its serial as the owner.
    pub(super) fn set(&mut self, key: Digest, state: State, end: i64) -> Owner {
        self.remove(&key);
        // 2^64 entries take longer than any process lives; wrapping is the form of addition that cannot panic.
        self.last_serial = self.last_serial.wrapping_add(1);
        let serial = self.last_serial;
        self.by_end.insert((end, serial), key);
        if state == State::Done {
            self.done_by_age.insert(serial, key);
        }
        self.entries.insert(key, Entry { state, serial, end });
        Owner::from(serial)
    }

    pub(super) fn remove(&mut self, key: &Digest) {
        if let Some(entry) = self.entries.remove(key) {
            self.by_end.remove(&(entry.end, entry.serial));
            self.done_by_age.remove(&entry.serial);
        }
    }

    /// Forgets up to `most` entries whose time has ended.
    pub(super) fn remove_ended(&mut self, now: i64, most: usize) {
        for _ in 0..most {
            match self.by_end.first_key_value() {
                Some((&(end, _), &key)) if end <= now => self.remove(&key),
                _ => break,
            }
        }
    }

    /// Forgets the entry that has been done for longest; false when none is done.
    pub(super) fn remove_oldest_done(&mut self) -> bool {
        let Some((_, key)) = self.done_by_age.pop_first() else { return false };
        self.remove(&key);
        true
    }

    #[cfg(test)]
    pub(super) fn assert_consistent(&self) {
        assert_eq!(self.entries.len(), self.by_end.len());
        let done = self.entries.values().filter(|entry| entry.state == State::Done).count();
        assert_eq!(done, self.done_by_age.len());
    }
}
