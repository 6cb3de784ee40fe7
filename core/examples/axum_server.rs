//! An axum server that receives the webhooks of Fourvenues, each event once, also with several processes.
//!
//! ```sh
//! FOURVENUES_SECRET=s3cr3t cargo run --example axum_server --features axum,sqlite -- 127.0.0.1:8080 deliveries.sqlite
//! ```

use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use hookproof::axum::{WebhookEvent, WebhookLayer};
use hookproof::{Receiver, SqliteStore, Store, Verifier};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let file = arguments.next().unwrap_or_else(|| "deliveries.sqlite".to_owned());
    let verifier = Verifier::builder("fourvenues")?.secret(std::env::var("FOURVENUES_SECRET")?).build()?;
    let receiver = Receiver::new(verifier)
        .with_store(SqliteStore::open(file)?)
        .on_reject(|error| eprintln!("refused a request: {error} ({})", error.code().as_str()))
        .on_error(|error, event| eprintln!("failed: {error}, at {event:?}"))
        .on_outcome(|outcome, _, took| eprintln!("{} in {took:?}", outcome.as_str()));
    let listener = TcpListener::bind(address).await?;
    eprintln!("listening on http://{}/hooks", listener.local_addr()?);
    axum::serve(listener, app(receiver)).await?;
    Ok(())
}

/// `layer`, not `route_layer`: the receiver also answers other methods than POST.
pub fn app<S: Store + 'static>(receiver: Receiver<S>) -> Router {
    Router::new().route("/hooks", post(payment).layer(WebhookLayer::new(receiver)))
}

/// Runs once for each authentic event. Any answer but a success makes the sender come back.
async fn payment(event: WebhookEvent) -> StatusCode {
    match event.event_type() {
        Some("payment.success") => eprintln!("paid: {}", event.data().unwrap_or_default()),
        other => eprintln!("nothing to do for {other:?}"),
    }
    StatusCode::OK
}
