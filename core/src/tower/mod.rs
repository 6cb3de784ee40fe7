//! The receiver as a tower layer, for axum and whatever else takes such layers.
//!
//! The layer answers everything but new, authentic events: forged requests, repetitions, pings, handshakes, other
//! methods than POST, bodies over the limit. A new event goes into the request's extensions, as [`WebhookEvent`], and
//! the request with its body to the service inside. A 2xx of that service completes the delivery; any other answer, or
//! an error, gives it back, so that a retry is handled again.
//!
//! ```
//! use bytes::Bytes;
//! use hookproof::tower::{WebhookEvent, WebhookLayer};
//! use hookproof::{Message, Receiver, Signer, Verifier};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! let receiver = Receiver::new(Verifier::builder("fourvenues")?.secret("s3cr3t").build()?);
//! let tickets = WebhookLayer::new(receiver).layer(service_fn(async |request: Request<Full<Bytes>>| {
//!     let event = request.extensions().get::<WebhookEvent>().expect("the layer put it there");
//!     assert_eq!(event.event_type(), Some("payment.success"));
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::default()))
//! }));
//!
//! let signer = Signer::builder("fourvenues")?.secret("s3cr3t").build()?;
//! let signed = signer.sign(&Message::new(br#"{"id":"5f7b","event":"payment.success","payload":{}}"#))?;
//! let mut request = Request::post("/hooks");
//! for (name, value) in &signed.headers {
//!     request = request.header(name, value);
//! }
//! let request = request.body(Full::from(signed.body.clone()))?;
//! let reply = futures_executor::block_on(tickets.oneshot(request))?;
//! assert_eq!(reply.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod service;

use std::ops::Deref;
use std::sync::Arc;

use tower_layer::Layer;

pub use self::service::Webhook;
use crate::event::Event;
use crate::receiver::Receiver;
use crate::store::{MemoryStore, Store};

/// Puts a [`Receiver`] in front of a service.
///
/// It must see the body before anything that reads it, and other methods than POST, with which some providers shake
/// hands: in axum, `post(handler).layer(layer)`, not `route_layer`.
#[derive(Debug)]
pub struct WebhookLayer<S = MemoryStore>(Arc<Receiver<S>>);

impl<S: Store> WebhookLayer<S> {
    /// Makes a layer of a receiver.
    #[must_use]
    pub fn new(receiver: Receiver<S>) -> Self {
        Self(Arc::new(receiver))
    }
}

impl<S> Clone for WebhookLayer<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I, S> Layer<I> for WebhookLayer<S> {
    type Service = Webhook<I, S>;

    fn layer(&self, inner: I) -> Self::Service {
        Webhook::new(inner, Arc::clone(&self.0))
    }
}

/// The event of a request that passed the [`WebhookLayer`]: in the request's extensions, and an extractor for axum.
#[derive(Clone, Debug)]
pub struct WebhookEvent(pub Arc<Event<'static>>);

impl Deref for WebhookEvent {
    type Target = Event<'static>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
