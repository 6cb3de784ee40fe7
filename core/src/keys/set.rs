use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Algorithm, Keys};
use crate::error::Error;

/// The public keys of an issuer, shared by all verifiers that were given it and replaceable while they run.
///
/// Cloning is cheap and gives the same set: a document that one clone takes is seen by all.
///
/// ```
/// use hookproof::KeySet;
///
/// let keys = KeySet::new();
/// keys.replace(r#"{"keys": []}"#)?;
/// assert!(keys.replace("<html>busy</html>").is_err()); // the keys that were there stay
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct KeySet {
    current: Arc<RwLock<Option<Arc<Keys>>>>,
}

impl KeySet {
    /// Creates a set into which no document was loaded yet.
    ///
    /// A verifier fails with `keys_unavailable` until [`replace`](Self::replace) succeeds once.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a set from the text of a JWKS document (RFC 7517).
    ///
    /// Keys that cannot verify a bearer token are skipped: of another type or algorithm, for encryption, or RSA
    /// keys under 2048 or over 8192 bits.
    ///
    /// # Errors
    /// `invalid_key` when the text is not such a document: more than 512 kB, more than 100 keys, more than 64
    /// levels, a member that occurs twice, or no array `keys`.
    pub fn from_jwks(text: &str) -> Result<Self, Error> {
        let keys = Keys::parse(text)?;
        Ok(Self { current: Arc::new(RwLock::new(Some(Arc::new(keys)))) })
    }

    /// Puts the keys of a freshly fetched document in the place of the old ones.
    ///
    /// A document without keys is taken: it is how an issuer withdraws them all.
    ///
    /// # Errors
    /// `invalid_key` as in [`from_jwks`](Self::from_jwks); the old keys then stay, so that a broken answer of the
    /// issuer's server does not stop verification.
    pub fn replace(&self, text: &str) -> Result<(), Error> {
        self.install(Keys::parse(text)?);
        Ok(())
    }

    /// Puts other keys in the place of the old ones. They were parsed before the lock is taken: readers wait for a
    /// pointer, never for half a megabyte of JSON.
    pub(crate) fn install(&self, keys: Keys) {
        let keys = Arc::new(keys);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let old = current.replace(keys);
        drop(current);
        drop(old);
    }

    /// Takes all keys away, so that none is known, which is not the same as knowing that there is none.
    pub(crate) fn clear(&self) {
        self.current.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Returns the keys of this moment, or nothing when none were ever loaded.
    ///
    /// The lock is held for the copy of a pointer. A poisoned one is taken all the same: no code between locking
    /// and unlocking can leave the pointer half written.
    pub(crate) fn snapshot(&self) -> Option<Arc<Keys>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks that the document which a user gave at construction holds a key that can ever be used.
    ///
    /// A set into which nothing was loaded passes: its keys are still to come.
    ///
    /// # Errors
    /// `invalid_key` with the reasons for which the keys were skipped.
    pub(crate) fn require_usable(&self, algorithms: &[Algorithm]) -> Result<(), Error> {
        self.snapshot().map_or(Ok(()), |keys| keys.require_usable(algorithms))
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usable = self.snapshot().map(|keys| keys.usable_count());
        f.debug_struct("KeySet").field("usable_keys", &usable).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Encoding;
    use crate::error::Code;

    fn document(key_id: &str) -> String {
        let n = Encoding::Base64url.encode(&[0xff; 256]);
        format!(r#"{{"keys":[{{"kty":"RSA","kid":"{key_id}","e":"AQAB","n":"{n}"}}]}}"#)
    }

    fn has(set: &KeySet, key_id: &str) -> bool {
        set.snapshot().unwrap().candidates(Some(key_id), Algorithm::Rs256).next().is_some()
    }

    #[test]
    fn a_new_set_has_no_snapshot() {
        let set = KeySet::new();
        assert!(set.snapshot().is_none());
        assert!(set.require_usable(&[Algorithm::Rs256]).is_ok());
    }

    #[test]
    fn a_document_replaces_the_keys_of_every_clone() {
        let set = KeySet::from_jwks(&document("old")).unwrap();
        let clone = set.clone();
        let snapshot = set.snapshot().unwrap();
        clone.replace(&document("new")).unwrap();
        assert!(has(&set, "new") && !has(&set, "old"));
        assert!(
            snapshot.candidates(Some("old"), Algorithm::Rs256).next().is_some(),
            "a snapshot stays as it was"
        );
    }

    #[test]
    fn a_bad_document_keeps_the_old_keys() {
        let set = KeySet::from_jwks(&document("old")).unwrap();
        assert_eq!(set.replace("{}").unwrap_err().code(), Code::InvalidKey);
        assert!(has(&set, "old"));
    }

    #[test]
    fn an_empty_document_withdraws_all_keys_but_cannot_be_constructed_upon() {
        let set = KeySet::from_jwks(&document("old")).unwrap();
        set.replace(r#"{"keys":[]}"#).unwrap();
        assert!(!has(&set, "old"));
        assert_eq!(set.require_usable(&[Algorithm::Rs256]).unwrap_err().code(), Code::InvalidKey);
    }

    #[test]
    fn survives_a_thread_that_panicked_with_the_lock() {
        let set = KeySet::from_jwks(&document("old")).unwrap();
        let clone = set.clone();
        let panicked = std::thread::spawn(move || {
            let _guard = clone.current.write().unwrap();
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        assert!(has(&set, "old"));
        set.replace(&document("new")).unwrap();
        assert!(has(&set, "new"));
    }

    #[test]
    fn debug_output_counts_keys() {
        assert_eq!(format!("{:?}", KeySet::new()), "KeySet { usable_keys: None, .. }");
        let set = KeySet::from_jwks(&document("x")).unwrap();
        assert_eq!(format!("{set:?}"), "KeySet { usable_keys: Some(1), .. }");
        set.replace(r#"{"keys":[]}"#).unwrap();
        assert_eq!(format!("{set:?}"), "KeySet { usable_keys: Some(0), .. }");
    }
}
