//! The tower layer and axum's extractor, before a real server on the loopback, over real HTTP.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../examples/axum_server.rs"]
#[expect(dead_code, reason = "its `main` is not called")]
mod example;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::map_request;
use axum::routing::post;
use flate2::Compression;
use flate2::write::GzEncoder;
use hookproof::axum::{WebhookEvent, WebhookLayer};
use hookproof::{Claim, Message, Owner, Receiver, Signed, Signer, SqliteStore, Store, StoreError, Verifier};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const BODY: &[u8] = br#"{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}"#;

fn verifier(provider: &str, secret: &str) -> Verifier {
    Verifier::builder(provider).unwrap().secret(secret).build().unwrap()
}

fn signed(body: &[u8]) -> Signed {
    let signer = Signer::builder("fourvenues").unwrap().secret("s3cr3t").build().unwrap();
    signer.sign(&Message::new(body)).unwrap()
}

fn receiver() -> Receiver {
    Receiver::new(verifier("fourvenues", "s3cr3t"))
}

/// An application that counts what its handler gets, and answers with a status that a test sets.
#[derive(Clone)]
struct Application {
    handled: Arc<AtomicUsize>,
    status: Arc<Mutex<StatusCode>>,
    pause: Arc<Mutex<Duration>>,
    address: SocketAddr,
}

impl Application {
    async fn serve<S: Store + 'static>(receiver: Receiver<S>) -> Self {
        Self::with(|application| {
            let handler = async move |event: WebhookEvent, body: axum::body::Bytes| {
                assert_eq!(event.body(), body, "the handler may read the body as well");
                application.handled.fetch_add(1, Ordering::Relaxed);
                let pause = *application.pause.lock().unwrap();
                tokio::time::sleep(pause).await;
                *application.status.lock().unwrap()
            };
            Router::new().route("/hooks", post(handler).layer(WebhookLayer::new(receiver)))
        })
        .await
    }

    async fn with(app: impl FnOnce(Self) -> Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let application = Self {
            handled: Arc::default(),
            status: Arc::new(Mutex::new(StatusCode::OK)),
            pause: Arc::new(Mutex::new(Duration::from_millis(20))),
            address: listener.local_addr().unwrap(),
        };
        let app = app(application.clone());
        tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        application
    }

    fn handled(&self) -> usize {
        self.handled.load(Ordering::Relaxed)
    }

    async fn deliver(&self, signed: &Signed) -> Answer {
        let lines = signed
            .headers
            .iter()
            .fold(String::new(), |lines, (name, value)| lines + name + ": " + value + "\r\n");
        self.send("POST", &lines, &signed.body).await
    }

    async fn send(&self, method: &str, lines: &str, body: &[u8]) -> Answer {
        self.send_raw(method, &format!("{lines}Content-Length: {}\r\n", body.len()), body).await
    }

    async fn send_raw(&self, method: &str, lines: &str, body: &[u8]) -> Answer {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let head = format!("{method} /hooks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
        // A server that has answered already may have closed its side.
        let _ = connection.write_all(body).await;
        let mut text = Vec::new();
        let _ = connection.read_to_end(&mut text).await;
        let text = String::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

#[tokio::test]
async fn an_authentic_event_is_handled_once() {
    let application = Application::serve(receiver()).await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.handled(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_deliveries_at_once_one_is_handled() {
    let application = Application::serve(receiver()).await;
    let signed = Arc::new(signed(BODY));
    let deliveries: Vec<_> = (0..16)
        .map(|_| {
            let (application, signed) = (application.clone(), Arc::clone(&signed));
            tokio::spawn(async move { application.deliver(&signed).await.status })
        })
        .collect();
    for delivery in deliveries {
        assert!([200, 503].contains(&delivery.await.unwrap()));
    }
    assert_eq!(application.handled(), 1);
}

#[tokio::test]
async fn a_tampered_request_reaches_no_handler_and_is_told_nothing() {
    let application = Application::serve(receiver()).await;
    let mut tampered = signed(BODY);
    tampered.body[10] ^= 1;
    let answer = application.deliver(&tampered).await;
    assert_eq!((answer.status, answer.body.as_str()), (403, ""));
    assert_eq!(application.send("POST", "", BODY).await.status, 403);
    assert_eq!(application.handled(), 0);
}

#[tokio::test]
async fn a_success_as_the_answer_to_a_bad_signature_runs_no_handler() {
    let application = Application::serve(Receiver::new(verifier("fast-events", "s3cr3t-s3cr3t"))).await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.handled(), 0);
}

#[tokio::test]
async fn another_method_is_not_allowed() {
    let application = Application::serve(receiver()).await;
    for method in ["GET", "PUT", "DELETE"] {
        let answer = application.send(method, "", b"").await;
        assert_eq!(answer.status, 405);
        assert!(answer.head.contains("\r\nallow: post"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_comes() {
    let application = Application::serve(receiver().with_max_body(BODY.len())).await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.send("POST", "", &[b'x'; 1000]).await.status, 413);
    // Declared, and never sent: it is refused before it is read.
    assert_eq!(application.send_raw("POST", "Content-Length: 1000000000\r\n", b"").await.status, 413);
    let chunk = format!("3e8\r\n{}\r\n0\r\n\r\n", "x".repeat(1000));
    let answer = application.send_raw("POST", "Transfer-Encoding: chunked\r\n", chunk.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (413, ""));
}

#[tokio::test]
async fn a_handler_that_fails_gets_the_event_again() {
    let application = Application::serve(receiver()).await;
    *application.status.lock().unwrap() = StatusCode::BAD_GATEWAY;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 502, "its own answer is sent");
    *application.status.lock().unwrap() = StatusCode::ACCEPTED;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 202);
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.handled(), 2);
}

/// A store that is down.
struct Down;

impl Store for Down {
    async fn claim(&self, _: &str, _: Duration) -> Result<Claim, StoreError> {
        Err(StoreError::new("the store is down"))
    }

    async fn complete(&self, _: &str, _: Owner, _: Duration) -> Result<bool, StoreError> {
        Err(StoreError::new("the store is down"))
    }

    async fn release(&self, _: &str, _: Owner) -> Result<bool, StoreError> {
        Err(StoreError::new("the store is down"))
    }
}

#[tokio::test]
async fn without_its_store_it_asks_the_sender_to_come_back() {
    let application = Application::serve(receiver().with_store(Down)).await;
    let answer = application.deliver(&signed(BODY)).await;
    assert_eq!((answer.status, answer.body.as_str()), (503, ""));
    assert!(answer.head.contains("\r\nretry-after: "), "{answer:?}");
    assert_eq!(application.handled(), 0);
}

#[tokio::test]
async fn a_sender_that_goes_away_leaves_a_claim_that_ends_with_its_lease() {
    let lease = Duration::from_secs(1);
    let application = Application::serve(receiver().with_lease(lease)).await;
    *application.pause.lock().unwrap() = Duration::from_secs(600);
    let gone = tokio::spawn({
        let application = application.clone();
        async move { application.deliver(&signed(BODY)).await.status }
    });
    while application.handled() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Its connection is closed, and the server drops what it did for it.
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    *application.pause.lock().unwrap() = Duration::ZERO;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 503);
    tokio::time::sleep(lease).await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    assert_eq!(application.handled(), 2);
}

#[tokio::test]
async fn a_compressed_body_is_verified_as_it_was_before() {
    let application = Application::serve(receiver()).await;
    let mut signed = signed(BODY);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(BODY).unwrap();
    signed.body = encoder.finish().unwrap();
    signed.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
    assert_eq!(application.deliver(&signed).await.status, 200);
    assert_eq!(application.handled(), 1);

    signed.body.truncate(20);
    assert_eq!(application.deliver(&signed).await.status, 400);
    assert_eq!(application.send("POST", "Content-Encoding: br\r\n", BODY).await.status, 415);
    assert_eq!(application.handled(), 1);
}

#[tokio::test]
async fn a_body_that_something_else_has_read_is_the_receivers_own_fault() {
    let codes = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&codes);
    let receiver = receiver().on_error(move |error, _| told.lock().unwrap().push(error.to_string()));
    let application = Application::with(|_| {
        let route = post(async |_: WebhookEvent| ()).layer(WebhookLayer::new(receiver));
        let eaten = map_request(async |request: Request<Body>| request.map(|_| Body::empty()));
        Router::new().route("/hooks", route).layer(eaten)
    })
    .await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 500);
    let told = codes.lock().unwrap();
    assert!(told[0].contains("put the WebhookLayer outside"), "{told:?}");
}

#[tokio::test]
async fn without_the_layer_no_handler_runs() {
    let application = Application::with(|application| {
        let handler = async move |_: WebhookEvent| {
            application.handled.fetch_add(1, Ordering::Relaxed);
        };
        Router::new().route("/hooks", post(handler))
    })
    .await;
    let answer = application.deliver(&signed(BODY)).await;
    assert_eq!((answer.status, answer.body.as_str()), (500, ""));
    assert_eq!(application.handled(), 0);
}

#[tokio::test]
async fn the_example_receives_on_a_file() {
    let folder = std::env::temp_dir().join(format!("hookproof-axum-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("deliveries.sqlite");
    let receiver = receiver().with_store(SqliteStore::open(&file).unwrap());
    let application = Application::with(|_| example::app(receiver)).await;
    assert_eq!(application.deliver(&signed(BODY)).await.status, 200);
    let another = SqliteStore::open(&file).unwrap();
    let key = verifier("fourvenues", "s3cr3t").idempotency_key(Some("5f7b"), Some("payment.success"), BODY);
    assert_eq!(Store::claim(&another, &key, Duration::from_secs(1)).await.unwrap(), Claim::Done);
    assert_eq!(application.send("GET", "", b"").await.status, 405);
    drop(another);
    let _ = std::fs::remove_dir_all(folder);
}
