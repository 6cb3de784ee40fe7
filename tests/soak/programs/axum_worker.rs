//! A worker of the soak: axum, with a store on Redis.

use std::env;
use std::error::Error;
use std::io::{self, Write as _};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hookproof::axum::{WebhookEvent, WebhookLayer};
use hookproof::{Receiver, RedisStore, Verifier};
use tokio::net::TcpListener;
use tokio::time::sleep;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = RedisStore::connect(env::var("SOAK_REDIS")?).await?;
    let lease = Duration::from_secs(env::var("SOAK_LEASE_SECONDS")?.parse()?);
    let verifier = Verifier::builder("fourvenues")?.secret(env::var("SOAK_SECRET")?).build()?;
    let receiver = Receiver::new(verifier).with_store(store).with_lease(lease);
    let app = Router::new().route("/hooks", post(hooks).layer(WebhookLayer::new(receiver)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    note(&format!("listening {}", listener.local_addr()?.port()))?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn hooks(headers: HeaderMap, event: WebhookEvent) -> Result<StatusCode, StatusCode> {
    let told = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let note = |step| {
        let line = format!("{step} {} {}", event.id().unwrap_or_default(), told("X-Soak-Delivery"));
        note(&line).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    };
    if told("X-Soak-Handler") == "hang" {
        note("hanging")?;
        sleep(Duration::from_secs(3600)).await;
    }
    sleep(Duration::from_millis(2)).await;
    if told("X-Soak-Handler") == "fail" {
        note("failing")?;
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    note("handled")?;
    Ok(StatusCode::OK)
}

/// Writes a line of the ledger, whole lines at a time: whoever kills this process finds no half of one.
fn note(line: &str) -> io::Result<()> {
    io::stdout().lock().write_all(format!("{line}\n").as_bytes())
}
