//! The extractor for axum: a handler's parameter of the type [`WebhookEvent`].
//!
//! ```
//! use axum::Router;
//! use axum::routing::post;
//! use hookproof::axum::{WebhookEvent, WebhookLayer};
//! use hookproof::{Receiver, Verifier};
//!
//! async fn tickets(event: WebhookEvent) {
//!     println!("{:?} {:?}", event.event_type(), event.id());
//! }
//!
//! let receiver = Receiver::new(Verifier::builder("fourvenues")?.secret("s3cr3t").build()?);
//! let app: Router = Router::new().route("/hooks", post(tickets).layer(WebhookLayer::new(receiver)));
//! # Ok::<(), hookproof::Error>(())
//! ```

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

pub use crate::tower::{Webhook, WebhookEvent, WebhookLayer};

/// Takes the event that the layer put into the request. It stays there for other extractors.
impl<State: Sync> FromRequestParts<State> for WebhookEvent {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &State) -> Result<Self, MissingLayer> {
        parts.extensions.get::<Self>().cloned().ok_or(MissingLayer)
    }
}

/// Says that a handler takes a [`WebhookEvent`] where no [`WebhookLayer`] is.
///
/// It is answered with 500: without the layer nothing was verified, so the handler must not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the route has no WebhookLayer: add `.layer(WebhookLayer::new(receiver))` to it")]
pub struct MissingLayer;

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
