//! What of a receiver can be set: its store, its limits, and whom it tells what happens.

use std::time::Duration;

use super::{BoxError, Receiver};
use crate::error::Error;
use crate::event::Event;
use crate::handshake::Handshake;
use crate::reply::Outcome;
use crate::store::Store;

impl<S> Receiver<S> {
    /// Sets the store. Default: a [`MemoryStore`](crate::MemoryStore) of its own, which is enough for one process.
    #[must_use]
    pub fn with_store<T: Store>(self, store: T) -> Receiver<T> {
        let Self { choice, provider, store: _, max_body, lease, retention, hooks } = self;
        Receiver { choice, provider, store, max_body, lease, retention, hooks }
    }

    /// Sets the largest body, in bytes. Default: 1 MiB.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how long a claim holds; longer than the handler ever takes. Default: a minute.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Sets how long a handled delivery is remembered. Default: twice the provider's longest span of retries, at least
    /// 3 days.
    #[must_use]
    pub fn with_retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }

    /// Calls a function for each request that is not authentic or not what the provider sends. Default: nothing.
    #[must_use]
    pub fn on_reject(mut self, hook: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        self.hooks.on_reject = Some(Box::new(hook));
        self
    }

    /// Calls a function for each delivery that was handled or is being handled. Default: nothing.
    #[must_use]
    pub fn on_duplicate(mut self, hook: impl Fn(&Event<'static>) + Send + Sync + 'static) -> Self {
        self.hooks.on_duplicate = Some(Box::new(hook));
        self
    }

    /// Calls a function when the handler, the store or the setting fails; without an event where there is none yet.
    /// Default: nothing.
    #[must_use]
    pub fn on_error(
        mut self,
        hook: impl Fn(&(dyn std::error::Error + 'static), Option<&Event<'static>>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.on_error = Some(Box::new(hook));
        self
    }

    /// Calls a function before a handshake is answered, so that what it hands over ([`Handshake::keep`]) can be
    /// stored. When it fails, the reply is that for `handler_failed`. A handshake that the provider does not sign may
    /// be from anybody: keep only what you are waiting for. Default: nothing.
    #[must_use]
    pub fn on_handshake<F, E>(mut self, hook: impl Fn(Handshake) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hooks.keep_with(hook);
        self
    }

    /// Calls a function once for each request with what came of it, the event where there is one, and the time that
    /// it took: for metrics, whose labels the few names of outcomes fit. Default: nothing.
    #[must_use]
    pub fn on_outcome(
        mut self,
        hook: impl Fn(Outcome, Option<&Event<'static>>, Duration) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.on_outcome = Some(Box::new(hook));
        self
    }
}
