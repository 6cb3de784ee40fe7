//! The one flow of a request: size, handshake, verify, ping, claim, handler, complete or release, reply.

mod choice;
#[cfg(any(feature = "tower", feature = "cli"))]
mod coding;
mod delivery;
mod hooks;
mod judged;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::choice::Choice;
#[cfg(feature = "cli")]
pub(crate) use self::coding::Undecoded;
#[cfg(any(feature = "tower", feature = "cli"))]
pub(crate) use self::coding::decode;
pub use self::delivery::{ClaimedDelivery, Received};
pub(crate) use self::hooks::BoxError;
use self::hooks::Hooks;
use self::judged::Judged;
use crate::error::{Code, Error, Kind};
use crate::event::Event;
use crate::handshake::Handshake;
use crate::provider::Provider;
use crate::reply::{Outcome, Reply};
use crate::request::Request;
use crate::store::{Claim, MemoryStore, Store, StoreError};
use crate::verifier::Verifier;

/// Receives the requests of one provider: verifies, deduplicates, runs a handler and says how to reply.
///
/// The flow is the same everywhere: a body over the limit is refused; an unsigned handshake is answered; the request is
/// verified; a ping or a signed handshake is answered; the delivery is claimed in the store; the handler runs; the
/// claim is completed, or released if the handler failed. A delivery that comes again is answered without running the
/// handler; one that comes while the first is running is asked to come back.
///
/// A future that is dropped in the middle, or whose handler panics, leaves its claim behind: it ends with the lease, and
/// a retry is handled then. No runtime is needed but the one that the store and the handler want.
///
/// ```
/// use hookproof::{Message, Receiver, Request, Signer, Verifier};
///
/// let receiver = Receiver::new(Verifier::builder("fourvenues")?.secret("s3cr3t").build()?);
/// let signer = Signer::builder("fourvenues")?.secret("s3cr3t").build()?;
/// let signed = signer.sign(&Message::new(br#"{"id":"5f7b","event":"payment.success","payload":{}}"#))?;
///
/// let reply = futures_executor::block_on(receiver.receive(
///     &Request::new(&signed.body, &signed.headers),
///     async |event| {
///         assert_eq!(event.id(), Some("5f7b"));
///         Ok::<_, std::io::Error>(())
///     },
/// ));
/// assert_eq!(reply.status, 200);
/// # Ok::<(), hookproof::Error>(())
/// ```
pub struct Receiver<S = MemoryStore> {
    choice: Choice,
    provider: Provider,
    store: S,
    max_body: usize,
    lease: Duration,
    retention: Duration,
    hooks: Hooks,
}

/// The retries of most senders end within days; what a receiver remembers must outlive them with room to spare.
const LEAST_RETENTION: Duration = Duration::from_secs(3 * 24 * 60 * 60);

impl Receiver {
    /// The largest body unless told otherwise: 1 MiB.
    pub const DEFAULT_MAX_BODY: usize = 1024 * 1024;
    /// How long a claim holds unless told otherwise: a minute.
    pub const DEFAULT_LEASE: Duration = Duration::from_secs(60);

    /// Makes a receiver that verifies every request with one verifier, and has a [`MemoryStore`] of its own.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        let provider = verifier.provider().clone();
        Self::of(Choice::Fixed(verifier), provider)
    }

    /// Makes a receiver for many tenants: each request is verified with the verifier that a function chooses for it,
    /// by its headers, method and URL, which nothing has proven yet.
    ///
    /// Where the function knows nobody (`None`), the request is not authentic. Where it fails, the sender is asked to
    /// come back. Copy out of the request what the future needs. Give each tenant's verifier an
    /// [`endpoint`](crate::VerifierBuilder::endpoint) of its own, so that no tenant's delivery passes for another's.
    ///
    /// ```
    /// use hookproof::{Provider, Receiver, Request, Verifier};
    ///
    /// let one = Verifier::builder("fourvenues")?.secret("one").endpoint("one").build()?;
    /// let receiver = Receiver::choosing(Provider::named("fourvenues")?, move |request: &Request<'_>| {
    ///     let found = (request.url == Some("https://example.com/hooks/one")).then(|| one.clone());
    ///     async move { Ok::<_, std::io::Error>(found) }
    /// });
    /// # Ok::<(), hookproof::Error>(())
    /// ```
    pub fn choosing<C, F, E>(provider: Provider, choose: C) -> Self
    where
        C: Fn(&Request<'_>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Option<Verifier>, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::of(Choice::by(choose), provider)
    }

    fn of(choice: Choice, provider: Provider) -> Self {
        let span = provider.retry_policy().map(|policy| policy.longest_span()).unwrap_or_default();
        Self {
            choice,
            provider,
            store: MemoryStore::new(),
            max_body: Self::DEFAULT_MAX_BODY,
            lease: Self::DEFAULT_LEASE,
            retention: span.saturating_mul(2).max(LEAST_RETENTION),
            hooks: Hooks::default(),
        }
    }
}

impl<S> Receiver<S> {
    /// Returns the provider whose requests this receives.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Returns the largest body, in bytes.
    #[must_use]
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// Answers a request that an error ended before it was verified: a body that was too large to be read.
    pub fn refuse(&self, error: &Error) -> Reply {
        self.refused(error, Instant::now())
    }

    fn refused(&self, error: &Error, began: Instant) -> Reply {
        match error.kind() {
            Kind::Verification | Kind::Payload => self.hooks.rejected(error),
            Kind::Configuration | Kind::KeysUnavailable => self.hooks.failed(error, None),
        }
        self.answered(Outcome::of(error), None, began)
    }

    fn answered(&self, outcome: Outcome, event: Option<&Event<'static>>, began: Instant) -> Reply {
        self.hooks.ended(outcome, event, began.elapsed());
        self.provider.reply(outcome)
    }

    #[cfg(feature = "tower")]
    pub(crate) fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    /// Tells whether a URL that is signed was not configured: then verification says so, and none is made up.
    #[cfg(feature = "tower")]
    pub(crate) fn lacks_url(&self) -> bool {
        matches!(&self.choice, Choice::Fixed(verifier) if verifier.lacks_url())
    }
}

impl<S: Store> Receiver<S> {
    /// Takes one request and returns how to reply; nothing that a request does is an error.
    ///
    /// The handler runs only for a new, authentic event that is no ping. One that fails is answered with the
    /// provider's reply for `handler_failed`, and a retry runs it again.
    pub fn receive<'r, H, F, E>(
        &'r self,
        request: &Request<'_>,
        handler: H,
    ) -> impl Future<Output = Reply> + Send + use<'r, S, H, F, E>
    where
        H: FnOnce(Arc<Event<'static>>) -> F + Send + 'r,
        F: Future<Output = Result<(), E>> + Send,
        E: Into<BoxError>,
    {
        let begun = self.begin(request);
        async move {
            let delivery = match begun.await {
                Received::Answered(reply) => return reply,
                Received::New(delivery) => delivery,
            };
            let result = handler(Arc::clone(delivery.event())).await.map_err(Into::into);
            match result {
                Ok(()) => delivery.complete().await,
                Err(error) => delivery.fail(error).await,
            }
        }
    }

    /// Verifies and claims: the first half of [`receive`](Self::receive), for handlers that run elsewhere.
    pub fn begin<'r>(
        &'r self,
        request: &Request<'_>,
    ) -> impl Future<Output = Received<'r, S>> + Send + use<'r, S> {
        self.received(request, false)
    }

    /// Answers a request that cannot be an event, for it is no POST: a handshake, or a method that is not allowed.
    pub fn greet<'r>(&'r self, request: &Request<'_>) -> impl Future<Output = Reply> + Send + use<'r, S> {
        let greeting = self.received(request, true);
        async move {
            match greeting.await {
                Received::Answered(reply) => reply,
                Received::New(delivery) => delivery.release().await,
            }
        }
    }

    fn received<'r>(
        &'r self,
        request: &Request<'_>,
        is_handshake_only: bool,
    ) -> impl Future<Output = Received<'r, S>> + Send + use<'r, S> {
        let began = Instant::now();
        // Judged before the first await: the headers of a host need not be fit to be sent to another thread.
        let judging = match self.check_size(request.body) {
            Err(error) => choice::Judging::Done(Judged::Refused(error)),
            Ok(()) => self.choice.judge(request, is_handshake_only),
        };
        async move {
            match judging.finish().await {
                Judged::Refused(error) => Received::Answered(self.refused(&error, began)),
                Judged::Unknowable(error) => {
                    self.hooks.failed(&*error, None);
                    Received::Answered(self.answered(Outcome::KeysUnavailable, None, began))
                }
                Judged::Answered(outcome, event) => {
                    Received::Answered(self.answered(outcome, event.as_deref(), began))
                }
                Judged::Greeted(handshake, event) => {
                    Received::Answered(self.greeted(*handshake, event.as_deref(), began).await)
                }
                Judged::Authentic(event) => self.claimed(*event, began).await,
            }
        }
    }

    fn check_size(&self, body: &[u8]) -> Result<(), Error> {
        if body.len() > self.max_body { Err(too_large(body.len(), self.max_body)) } else { Ok(()) }
    }

    /// Answers a handshake, after what it hands over was stored.
    async fn greeted(&self, handshake: Handshake, event: Option<&Event<'static>>, began: Instant) -> Reply {
        let reply = handshake.reply.clone();
        if let Err(error) = self.hooks.greeted(handshake).await {
            // Not answered as if it were: the provider would sign with a secret that nobody has.
            self.hooks.failed(&*error, event);
            return self.answered(Outcome::HandlerFailed, event, began);
        }
        self.hooks.ended(Outcome::Ping, event, began.elapsed());
        reply
    }

    /// Claims after it was verified, always: a forged request must neither fill the store nor mark an id as seen.
    async fn claimed(&self, event: Event<'static>, began: Instant) -> Received<'_, S> {
        let key = event.idempotency_key();
        let owner = match self.store.claim(&key, self.lease).await {
            Ok(Claim::New(owner)) => owner,
            Ok(held @ (Claim::Running | Claim::Done)) => {
                self.hooks.repeated(&event);
                let outcome = if held == Claim::Done { Outcome::Duplicate } else { Outcome::Running };
                return Received::Answered(self.answered(outcome, Some(&event), began));
            }
            // Not handled without a claim: that would run the handler twice for the deliveries of a bad hour.
            Ok(Claim::Full) => {
                return self.without_store(&StoreError::new("the store is full"), &event, began);
            }
            Err(error) => return self.without_store(&error, &event, began),
        };
        Received::New(ClaimedDelivery::new(self, Arc::new(event), key, owner, began))
    }

    fn without_store(&self, error: &StoreError, event: &Event<'static>, began: Instant) -> Received<'_, S> {
        self.hooks.failed(error, Some(event));
        Received::Answered(self.answered(Outcome::StoreUnavailable, Some(event), began))
    }
}

impl<S> fmt::Debug for Receiver<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("provider", &self.provider.name()).finish_non_exhaustive()
    }
}

/// Makes the error for a body over the limit, of which may be known no more than that it is.
pub(crate) fn too_large(found: usize, limit: usize) -> Error {
    Error::new(Code::BodyTooLarge, format!("the body has {found} bytes, and the limit is {limit}"))
}
