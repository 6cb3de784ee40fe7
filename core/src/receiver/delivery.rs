use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::{BoxError, Receiver};
use crate::event::Event;
use crate::reply::{Outcome, Reply};
use crate::store::{MemoryStore, Owner, Store, StoreError};

/// What became of a request before a handler ran.
#[derive(Debug)]
pub enum Received<'r, S: Store = MemoryStore> {
    /// There is nothing to handle: send this.
    Answered(Reply),
    /// A new, authentic event: handle it, then end the delivery.
    New(ClaimedDelivery<'r, S>),
}

/// A delivery between its claim and its end. One that is dropped without an end is free when its lease is over.
#[must_use = "a delivery that is not ended is handled again after its lease"]
pub struct ClaimedDelivery<'r, S: Store = MemoryStore> {
    receiver: &'r Receiver<S>,
    event: Arc<Event<'static>>,
    key: String,
    owner: Owner,
    began: Instant,
}

impl<'r, S: Store> ClaimedDelivery<'r, S> {
    pub(super) fn new(
        receiver: &'r Receiver<S>,
        event: Arc<Event<'static>>,
        key: String,
        owner: Owner,
        began: Instant,
    ) -> Self {
        Self { receiver, event, key, owner, began }
    }

    /// Returns the event to handle.
    #[must_use]
    pub fn event(&self) -> &Arc<Event<'static>> {
        &self.event
    }

    /// Marks the delivery as done, after the handler returned and never before, and returns the reply.
    pub async fn complete(self) -> Reply {
        let Receiver { store, retention, .. } = self.receiver;
        self.settled(store.complete(&self.key, self.owner, *retention).await);
        self.answered(Outcome::Accepted)
    }

    /// Gives the delivery back, so that a retry is handled again, tells of the error, and returns the reply.
    pub async fn fail(self, error: impl Into<BoxError>) -> Reply {
        let error: BoxError = error.into();
        self.receiver.hooks.failed(&*error, Some(&self.event));
        self.release().await
    }

    /// Gives the delivery back, so that a retry is handled again, and returns the reply to a failed handler.
    pub async fn release(self) -> Reply {
        self.settled(self.receiver.store.release(&self.key, self.owner).await);
        self.answered(Outcome::HandlerFailed)
    }

    /// Tells of a store that failed. It changes no reply: what the handler did counts.
    fn settled(&self, settled: Result<bool, StoreError>) {
        let error = match settled {
            Ok(true) => return,
            Ok(false) => StoreError::new("the lease ended before the handler did"),
            Err(error) => error,
        };
        self.receiver.hooks.failed(&error, Some(&self.event));
    }

    fn answered(&self, outcome: Outcome) -> Reply {
        self.receiver.answered(outcome, Some(&self.event), self.began)
    }
}

impl<S: Store> fmt::Debug for ClaimedDelivery<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedDelivery").field("event", &self.event).finish_non_exhaustive()
    }
}
