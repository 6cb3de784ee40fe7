use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::value::RawValue;

use super::exported::Exported;
use super::refresh::{Fetched, Judged, Refresh, Step};
use super::{KeyAnswer, KeyNeed, KeyRequest, KeySet, KeySource, KeyState, Keys, Moment, freshness, shown};
use crate::error::{Code, Error};

/// The keys of an issuer that are fetched: says what to fetch and when, and judges the answers.
///
/// It does no I/O and reads no clock. A host asks [`state`](Self::state) before it verifies, makes the requests that
/// [`start`](Self::start) gives, and hands each answer to [`answered`](Self::answered). The rules hold whatever the
/// host does:
///
/// - one fetch at a time; 15 seconds from the end of one to the start of the next, whether it succeeded or failed;
///   never more than 5 requests in a minute, all kinds together;
/// - keys stay fresh for the `max-age` of their document, between 5 minutes and 24 hours, an hour without one;
/// - a fetch that fails leaves the keys that are there, for at most 24 hours beyond their lifetime;
/// - a key that the set does not have is worth an early fetch, under the same limits;
/// - the discovery document must name exactly the configured issuer.
///
/// Cloning is cheap and gives the same keys.
///
/// ```
/// use hookproof::{KeyAnswer, KeyNeed, KeyState, Moment, Verifier};
///
/// let verifier = Verifier::builder("pitchpoint")?
///     .issuer("https://securetoken.google.com/acme")
///     .audience("acme")
///     .build()?;
/// let keys = verifier.remote_keys().expect("they are found by discovery");
///
/// let now = Moment { unix_millis: 1_790_000_000_000, monotonic_millis: 0 };
/// assert_eq!(keys.state(now), KeyState::Missing);
/// let request = keys.start(KeyNeed::Due, now).expect("it is the first");
/// assert_eq!(request.url, "https://securetoken.google.com/acme/.well-known/openid-configuration");
///
/// let document = br#"{"issuer": "https://securetoken.google.com/acme", "jwks_uri": "https://keys.example/jwks"}"#;
/// let answer = KeyAnswer { status: 200, cache_control: None, age: None, body: document };
/// let request = keys.answered(request.ticket, Ok(answer), now).expect("the key set is next");
/// assert_eq!(request.url, "https://keys.example/jwks");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone)]
pub struct RemoteKeys {
    keys: KeySet,
    refresh: Arc<Mutex<Refresh>>,
    landed: Arc<Condvar>,
    allow_loopback: bool,
}

impl RemoteKeys {
    pub(crate) fn new(source: KeySource, keys: KeySet, timeout: Duration, allow_loopback: bool) -> Self {
        let refresh = Arc::new(Mutex::new(Refresh::new(source, timeout)));
        Self { keys, refresh, landed: Arc::default(), allow_loopback }
    }

    /// Says how the keys are, and forgets those that are too old to be used.
    #[must_use]
    pub fn state(&self, now: Moment) -> KeyState {
        let mut refresh = self.lock();
        refresh.give_up_lost(now);
        if refresh.are_expired(now) {
            refresh.set_fetched(None);
            self.keys.clear();
        }
        if self.keys.snapshot().is_none() {
            return KeyState::Missing;
        }
        refresh.state(now)
    }

    /// Starts a fetch and returns its first request.
    ///
    /// Nothing where there is no need, where one is under way, or where it is too early for one: then
    /// [`is_under_way`](Self::is_under_way) tells whether there is something to wait for.
    #[must_use = "a fetch that nobody makes is in the way of the next one"]
    pub fn start(&self, need: KeyNeed, now: Moment) -> Option<KeyRequest> {
        if need == KeyNeed::Due && matches!(self.state(now), KeyState::Fresh(_)) {
            return None;
        }
        self.lock().start(now)
    }

    /// Takes the answer to a request, or a word about why there is none, and returns the next request of the fetch;
    /// nothing where the fetch has ended.
    ///
    /// What is wrong with an answer is no error here: the keys stay as they are, and verification says what is missing.
    /// An answer to a request that was given up is not read.
    #[must_use = "a fetch may go on with another request"]
    pub fn answered(
        &self,
        ticket: u64,
        answer: Result<KeyAnswer<'_>, &str>,
        now: Moment,
    ) -> Option<KeyRequest> {
        let (step, issuer) = {
            let mut refresh = self.lock();
            refresh.give_up_lost(now);
            (refresh.step(ticket)?, refresh.source().name().to_owned())
        };
        // Judged without the lock: those who verify with warm keys wait for a pointer, never for half a megabyte of
        // JSON.
        let mut parsed = None;
        let judged = match (answer, step) {
            (Err(problem), _) => Err(format!("could not be fetched: {problem}")),
            (Ok(answer), Step::Discovery) => {
                answer.discovered(&issuer, self.allow_loopback).map(Judged::Address)
            }
            (Ok(answer), Step::KeySet) => answer.key_set().map(|(keys, text)| {
                parsed = Some(keys);
                Judged::KeySet { text: text.into(), lifetime_millis: answer.lifetime_millis() }
            }),
        };
        let mut refresh = self.lock();
        // It may have been given up meanwhile, and another fetch may have brought newer keys.
        refresh.step(ticket)?;
        if let Some(keys) = parsed {
            self.keys.install(keys);
        }
        let next = refresh.land(ticket, judged.unwrap_or_else(Judged::Failure), now);
        if next.is_none() {
            self.landed.notify_all();
        }
        next
    }

    /// Checks that there are keys.
    ///
    /// # Errors
    /// `keys_unavailable`, with the reason for which the last fetch failed.
    pub fn require(&self) -> Result<(), Error> {
        match self.keys.snapshot() {
            Some(_) => Ok(()),
            None => Err(self.explain(Error::new(Code::KeysUnavailable, "no key set was loaded"))),
        }
    }

    /// Tells whether a fetch is under way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.lock().is_under_way()
    }

    /// Waits until no fetch is under way, at most for some time.
    #[cfg(feature = "fetch")]
    pub(crate) fn wait(&self, most: Duration) {
        let waited = self.landed.wait_timeout_while(self.lock(), most, |refresh| refresh.is_under_way());
        drop(waited);
    }

    /// Writes the key set that was fetched last, with the time of that, as a JSON text for another process; nothing
    /// where none was fetched.
    ///
    /// Public keys are no secret, but whoever can change the text can sign requests: keep it where only you may write.
    #[must_use]
    pub fn export(&self) -> Option<String> {
        let refresh = self.lock();
        let fetched = refresh.fetched()?;
        let jwks = serde_json::from_str::<&RawValue>(&fetched.text).ok()?;
        let age = i64::try_from(fetched.age_millis).unwrap_or(i64::MAX);
        let exported = Exported {
            source: refresh.source().name().to_owned(),
            fetched_at_millis: fetched.at.unix_millis.saturating_sub(age),
            lifetime_millis: fetched.lifetime_millis,
            jwks,
        };
        exported.write()
    }

    /// Takes a key set that another process exported, so that this one starts with warm keys.
    ///
    /// It is as old as it is: it is fetched again when its time comes. Returns whether it was taken; not one that is
    /// too old to be used, or older than what is there.
    ///
    /// # Errors
    /// `invalid_key`: it is no exported key set, or that of another issuer or address.
    pub fn import(&self, text: &str, now: Moment) -> Result<bool, Error> {
        let exported = Exported::parse(text)?;
        let keys = Keys::parse(exported.jwks.get())?;
        let mut refresh = self.lock();
        if exported.source != refresh.source().name() {
            let (found, expected) = (shown(&exported.source), refresh.source().name());
            return Err(Error::new(
                Code::InvalidKey,
                format!("the exported keys are those of {found}, expected {expected:?}"),
            ));
        }
        let age = now.unix_millis.saturating_sub(exported.fetched_at_millis);
        let imported = Fetched {
            text: exported.jwks.get().into(),
            at: now,
            // A time to come says nothing about the age: such keys can be used, and are due.
            age_millis: u64::try_from(age).unwrap_or(exported.lifetime_millis),
            lifetime_millis: exported.lifetime_millis.min(freshness::MOST_MILLIS),
        };
        let is_newer = refresh.fetched().is_none_or(|present| imported.age(now) < present.age(now));
        let previous = refresh.set_fetched(Some(imported));
        if !is_newer || refresh.are_expired(now) {
            refresh.set_fetched(previous);
            return Ok(false);
        }
        self.keys.install(keys);
        Ok(true)
    }

    /// Takes keys that were handed in and not fetched: newer ones are due, and an export has nothing to tell.
    pub(crate) fn replace(&self, text: &str) -> Result<(), Error> {
        let keys = Keys::parse(text)?;
        let mut refresh = self.lock();
        refresh.set_fetched(None);
        self.keys.install(keys);
        Ok(())
    }

    /// Says what an error of a verification means where newer keys could change it.
    ///
    /// A key that the set does not have is the request's fault only if the set is known to be the newest. While a
    /// fetch is under way or after one that failed, an issuer that has just changed its keys would have its events
    /// refused for good: there the sender is asked to come back.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let refresh = self.lock();
        let unavailable = |message: String| Error::new(Code::KeysUnavailable, message);
        match (error.code(), refresh.last_failure()) {
            (Code::KeysUnavailable | Code::UnknownKey, Some(failure)) => {
                unavailable(format!("{error}; the last attempt to fetch keys failed: {failure}"))
            }
            (Code::UnknownKey, None) if refresh.is_under_way() => {
                unavailable(format!("{error}, and newer keys are on their way"))
            }
            _ => error,
        }
    }

    /// Locks the rules. No step of them can panic halfway, so what a poisoned lock guards is still whole.
    fn lock(&self) -> MutexGuard<'_, Refresh> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys").field("source", &self.lock().source().name()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
