use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::claim::{Claim, Owner};
use super::memory::MemoryStore;
use crate::clock;

/// Remembers which deliveries were handled, so that a handler runs once for each.
///
/// Of any number of concurrent claims of one key exactly one is [`Claim::New`]. A claim that is neither completed nor
/// released ends with its lease. An error tells that the store cannot be asked: the receiver then answers 503, and
/// the sender comes back.
///
/// The methods are awaited by [`Receiver`](crate::Receiver), on any runtime unless a store says otherwise. A store of
/// your own may write them as `async fn`.
pub trait Store: Send + Sync {
    /// Asks for the delivery with this idempotency key, for the time of the lease.
    fn claim(&self, key: &str, lease: Duration) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Marks a claimed delivery as done for the retention; false, and no effect, for a former owner.
    fn complete(
        &self,
        key: &str,
        owner: Owner,
        retention: Duration,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Gives a claimed delivery back because its handler failed; false, and no effect, for a former owner.
    fn release(&self, key: &str, owner: Owner) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// Reads the system's clock; the methods of the type itself take the moment from their caller.
impl Store for MemoryStore {
    async fn claim(&self, key: &str, lease: Duration) -> Result<Claim, StoreError> {
        Ok(Self::claim(self, key, clock::unix_millis(), lease))
    }

    async fn complete(&self, key: &str, owner: Owner, retention: Duration) -> Result<bool, StoreError> {
        Ok(Self::complete(self, key, owner, clock::unix_millis(), retention))
    }

    async fn release(&self, key: &str, owner: Owner) -> Result<bool, StoreError> {
        Ok(Self::release(self, key, owner))
    }
}

/// Several receivers may share a store.
impl<S: Store> Store for Arc<S> {
    fn claim(&self, key: &str, lease: Duration) -> impl Future<Output = Result<Claim, StoreError>> + Send {
        S::claim(self, key, lease)
    }

    fn complete(
        &self,
        key: &str,
        owner: Owner,
        retention: Duration,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        S::complete(self, key, owner, retention)
    }

    fn release(&self, key: &str, owner: Owner) -> impl Future<Output = Result<bool, StoreError>> + Send {
        S::release(self, key, owner)
    }
}

/// Says that a store cannot be asked: it is down, locked, full, or not what it should be.
///
/// It is no [`Error`](crate::Error) of a request. Whoever gets it must not run the handler: without a claim, every
/// delivery of a bad hour would be handled twice.
pub struct StoreError {
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// Makes an error of one sentence.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Adds what the store's own client said. It is shown behind the sentence.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self})")
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_executor::block_on;

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    /// As a receiver sees a store that it shares: through the trait, and behind an `Arc`.
    fn claimed(store: &impl Store, key: &str) -> Claim {
        block_on(store.claim(key, LEASE)).unwrap()
    }

    #[test]
    fn a_shared_store_is_the_same_store() {
        let store = Arc::new(MemoryStore::new());
        let Claim::New(owner) = claimed(&store, "a") else { panic!("nobody had it") };
        assert_eq!(claimed(&*store, "a"), Claim::Running);
        assert!(block_on(Store::release(&store, "a", owner)).unwrap());
        assert!(!block_on(Store::release(&store, "a", owner)).unwrap(), "it was given back");
        let Claim::New(owner) = claimed(&store, "a") else { panic!("it was given back") };
        assert!(block_on(Store::complete(&store, "a", owner, LEASE)).unwrap());
        assert!(!block_on(Store::complete(&store, "a", Owner::from(0), LEASE)).unwrap());
        assert_eq!(claimed(&store, "a"), Claim::Done);
    }

    #[test]
    fn an_error_says_what_the_client_of_the_store_said() {
        let plain = StoreError::new("it is down");
        assert_eq!(
            (plain.to_string(), format!("{plain:?}")),
            ("it is down".into(), "StoreError(it is down)".into())
        );
        assert!(plain.source().is_none());
        let error = plain.with_source("refused");
        assert_eq!(error.to_string(), "it is down: refused");
        assert_eq!(error.source().unwrap().to_string(), "refused");
    }
}
