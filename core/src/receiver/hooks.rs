use std::error::Error as StdError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::Duration;

use crate::error::Error;
use crate::event::Event;
use crate::handshake::Handshake;
use crate::reply::Outcome;

/// Whatever a handler or a hook fails with.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// Whom a receiver tells what happens. What the application's functions do changes no reply to an event.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(super) on_reject: Option<Box<OnReject>>,
    pub(super) on_duplicate: Option<Box<OnDuplicate>>,
    pub(super) on_error: Option<Box<OnError>>,
    pub(super) on_outcome: Option<Box<OnOutcome>>,
    on_handshake: Option<Box<OnHandshake>>,
}

type OnReject = dyn Fn(&Error) + Send + Sync;
type OnDuplicate = dyn Fn(&Event<'static>) + Send + Sync;
type OnError = dyn Fn(&(dyn StdError + 'static), Option<&Event<'static>>) + Send + Sync;
type OnOutcome = dyn Fn(Outcome, Option<&Event<'static>>, Duration) + Send + Sync;
type OnHandshake = dyn Fn(Handshake) -> Keeping + Send + Sync;
type Keeping = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

impl Hooks {
    pub(super) fn keep_with<F, E>(&mut self, hook: impl Fn(Handshake) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.on_handshake = Some(Box::new(move |handshake| {
            let keeping = hook(handshake);
            Box::pin(async move { keeping.await.map_err(Into::into) })
        }));
    }

    /// Tells of a request that was refused.
    pub(crate) fn rejected(&self, error: &Error) {
        self.on_reject.iter().for_each(|hook| guarded(|| hook(error)));
    }

    /// Tells of a delivery that was handled before or is being handled.
    pub(super) fn repeated(&self, event: &Event<'static>) {
        self.on_duplicate.iter().for_each(|hook| guarded(|| hook(event)));
    }

    /// Tells of what is the receiver's own: its handler, its store, its setting.
    pub(crate) fn failed(&self, error: &(dyn StdError + 'static), event: Option<&Event<'static>>) {
        self.on_error.iter().for_each(|hook| guarded(|| hook(error, event)));
    }

    /// Tells what came of a request.
    pub(crate) fn ended(&self, outcome: Outcome, event: Option<&Event<'static>>, took: Duration) {
        self.on_outcome.iter().for_each(|hook| guarded(|| hook(outcome, event, took)));
    }

    /// Tells of a handshake and waits: unlike the others this one may fail, for it may be what stores a secret.
    pub(super) async fn greeted(&self, handshake: Handshake) -> Result<(), BoxError> {
        match &self.on_handshake {
            Some(hook) => hook(handshake).await,
            None => Ok(()),
        }
    }
}

/// Runs a function of the application. One that panics must not cost the event; the panic's own hook reports it.
fn guarded(run: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(run));
}
