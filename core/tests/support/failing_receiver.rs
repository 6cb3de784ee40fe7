//! A receiver that fails on purpose, and knows what it was sent and when.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::any;
use hookproof::Verifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::sleep;

/// What the sender signs with.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Longer than any sender waits.
const NEVER: Duration = Duration::from_secs(3600);

pub struct FailingReceiver {
    port: u16,
    seen: Arc<Seen>,
}

struct Seen {
    verifier: Verifier,
    /// When the requests for each path came, in unix milliseconds.
    requests: Mutex<HashMap<String, Vec<i64>>>,
    ids: Mutex<BTreeSet<String>>,
    forged: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

impl FailingReceiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen {
            verifier: Verifier::builder("standard-webhooks").unwrap().secret(SECRET).build().unwrap(),
            requests: Mutex::default(),
            ids: Mutex::default(),
            forged: AtomicUsize::default(),
            open: AtomicUsize::default(),
            most_open: AtomicUsize::default(),
        });
        let routes = Router::new().route("/{path}", any(answer)).with_state(seen.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { port, seen }
    }

    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}/{path}", self.port)
    }

    /// Returns when the requests for a path came, in unix milliseconds.
    pub fn requests(&self, path: &str) -> Vec<i64> {
        self.seen.requests.lock().unwrap().get(path).cloned().unwrap_or_default()
    }

    /// Waits until a path was asked for so many times.
    pub async fn wait_for(&self, path: &str, count: usize) {
        for _ in 0..3000 {
            if self.requests(path).len() >= count {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("{path} was not asked for {count} times, but {:?}", self.requests(path));
    }

    pub fn every_request_was_authentic(&self) -> bool {
        self.seen.forged.load(Ordering::SeqCst) == 0
    }

    pub fn most_at_once(&self) -> usize {
        self.seen.most_open.load(Ordering::SeqCst)
    }

    /// Returns the ids of all messages that came.
    pub fn ids(&self) -> Vec<String> {
        self.seen.ids.lock().unwrap().iter().cloned().collect()
    }
}

/// Starts a receiver whose answer of 200 has a body that never ends, and returns its URL.
pub async fn start_endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 4096]).await;
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while connection.write_all(&[b'x'; 4096]).await.is_ok() {}
    });
    url
}

async fn answer(
    State(seen): State<Arc<Seen>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())).collect();
    match seen.verifier.verify(&body, &headers) {
        Ok(event) => {
            seen.ids.lock().unwrap().insert(event.id().unwrap_or_default().to_owned());
        }
        Err(_) => {
            seen.forged.fetch_add(1, Ordering::SeqCst);
        }
    }
    let number = {
        let mut requests = seen.requests.lock().unwrap();
        let times = requests.entry(path.clone()).or_default();
        times.push(now_millis());
        times.len()
    };
    let open = seen.open.fetch_add(1, Ordering::SeqCst).saturating_add(1);
    seen.most_open.fetch_max(open, Ordering::SeqCst);
    let response = reply(&path, number).await;
    seen.open.fetch_sub(1, Ordering::SeqCst);
    response
}

async fn reply(path: &str, number: usize) -> Response<Body> {
    let response = Response::builder();
    let response = match (path, number) {
        ("recovers", 1) => response.status(StatusCode::SERVICE_UNAVAILABLE).header("retry-after", "1"),
        ("recovers", 2) | ("interrupted", 1) => response.status(StatusCode::INTERNAL_SERVER_ERROR),
        ("recovers", 3) | ("interrupted", 2) => {
            sleep(NEVER).await;
            response
        }
        ("gone", _) => response.status(StatusCode::GONE),
        ("redirects", _) => {
            response.status(StatusCode::FOUND).header("location", "http://169.254.169.254/latest/meta-data/")
        }
        ("elsewhere", _) => response.status(StatusCode::TEMPORARY_REDIRECT).header("location", "/followed"),
        ("slow", _) => {
            sleep(Duration::from_millis(300)).await;
            response
        }
        _ => response,
    };
    response.body(Body::empty()).unwrap()
}

fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
