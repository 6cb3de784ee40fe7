//! Keys that are fetched from a real server of this machine, which counts the requests.
#![cfg(feature = "fetch")]
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use hookproof::{Code, Headers, Message, Signer, Verifier};
use serde_json::{Value, json};

const PEM: &str = include_str!("../../tests/vectors/keys/rsa-2048-test-key.pem");
const BODY: &[u8] = br#"{"order_id":"12345"}"#;

/// What a document is answered with.
type Answer = Arc<dyn Fn(TcpStream) + Send + Sync>;

/// A good issuer, until it is told to answer something else. It ends with the process.
struct Issuer {
    origin: String,
    requests: Arc<Mutex<Vec<String>>>,
    hostile: Arc<Mutex<Option<(String, Answer)>>>,
}

impl Issuer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Self { origin, requests: Arc::default(), hostile: Arc::default() };
        let (origin, requests, hostile) =
            (issuer.origin.clone(), Arc::clone(&issuer.requests), Arc::clone(&issuer.hostile));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let path = path(&stream);
                requests.lock().unwrap().push(path.clone());
                let answer = match hostile.lock().unwrap().as_ref() {
                    Some((at, answer)) if path.ends_with(at) => Arc::clone(answer),
                    _ => good(&origin, &path),
                };
                thread::spawn(move || answer(stream));
            }
        });
        issuer
    }

    fn becomes(&self, at: &str, answer: impl Fn(TcpStream) + Send + Sync + 'static) {
        *self.hostile.lock().unwrap() = Some((at.to_owned(), Arc::new(answer)));
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn verifier(&self) -> Verifier {
        self.patient_verifier(Duration::from_millis(400))
    }

    fn patient_verifier(&self, timeout: Duration) -> Verifier {
        Verifier::builder("pitchpoint")
            .unwrap()
            .issuer(&self.origin)
            .audience("acme")
            .allow_insecure_loopback(true)
            .fetch_timeout(timeout)
            .build()
            .unwrap()
    }

    fn signed(&self, key_id: &str) -> Vec<(String, String)> {
        let signer = Signer::builder("pitchpoint").unwrap().secret(PEM).issuer(&self.origin).audience("acme");
        let signer = signer.key_id(key_id).claim("sub", "\"robot\"").build().unwrap();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let message = Message::new(BODY).with_id("d1").with_type("orders/placed").at(now.try_into().unwrap());
        signer.sign(&message).unwrap().headers
    }
}

fn path(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let path = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    path
}

fn good(origin: &str, path: &str) -> Answer {
    let body = if path == "/jwks" {
        jwks()
    } else {
        json!({"issuer": origin, "jwks_uri": format!("{origin}/jwks")})
    };
    respond(200, "Cache-Control: max-age=3600\r\n", body.to_string())
}

fn respond(status: u16, headers: &'static str, body: String) -> Answer {
    Arc::new(move |mut stream| {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n");
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    })
}

fn jwks() -> Value {
    let vector: Value =
        serde_json::from_str(include_str!("../../tests/vectors/verify/pitchpoint.json")).unwrap();
    let mut documents = vector["cases"].as_array().unwrap().iter().map(|case| &case["options"]["jwks"]);
    documents.find(|jwks| jwks["keys"][0]["alg"] == "RS256").unwrap().clone()
}

fn key_id() -> String {
    jwks()["keys"][0]["kid"].as_str().unwrap().to_owned()
}

fn code<H: Headers>(verifier: &Verifier, headers: &H) -> Option<Code> {
    verifier.verify_fetching(BODY, headers).err().map(|error| error.code())
}

#[test]
fn the_first_request_fetches_and_threads_share_it() {
    let issuer = Issuer::start();
    let (verifier, headers) = (issuer.verifier(), issuer.signed(&key_id()));
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(code(&verifier, &headers), None));
        }
    });
    assert_eq!(issuer.requests(), ["/.well-known/openid-configuration", "/jwks"]);
    verifier.prewarm().unwrap();
    for _ in 0..20 {
        assert_eq!(code(&verifier, &issuer.signed("unknown")), Some(Code::UnknownKey));
        assert_eq!(code(&verifier, &headers), None);
    }
    assert_eq!(issuer.requests().len(), 2);
}

#[test]
fn a_hostile_server_gives_no_keys_and_gets_few_requests() {
    let redirect = "Location: /jwks\r\n";
    let hang: Answer = Arc::new(|stream| {
        thread::sleep(Duration::from_secs(3));
        drop(stream);
    });
    let drip: Answer = Arc::new(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let cases: [(&str, Answer, &str); 7] = [
        ("configuration", respond(503, "", "busy".into()), "status 503"),
        ("configuration", respond(302, redirect, String::new()), "status 302"),
        ("configuration", respond(200, "", r#"{"issuer":"https://issuer.example"}"#.into()), "issuer"),
        ("jwks", respond(200, "", "x".repeat(600_000)), "has more than 524288 bytes"),
        ("jwks", respond(200, "", "<html>".into()), "cannot be used"),
        ("jwks", hang, "could not be fetched: timeout"),
        ("jwks", drip, "could not be fetched: timeout"),
    ];
    for (at, answer, says) in cases {
        let issuer = Issuer::start();
        issuer.becomes(at, move |stream| answer(stream));
        let (verifier, headers) = (issuer.verifier(), issuer.signed(&key_id()));
        let started = Instant::now();
        for _ in 0..10 {
            let error = verifier.verify_fetching(BODY, &headers).unwrap_err();
            assert_eq!(error.code(), Code::KeysUnavailable);
            assert!(error.to_string().contains(says), "{error}");
        }
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(issuer.requests().len(), if at == "jwks" { 2 } else { 1 });
    }
}

#[test]
fn due_keys_make_nobody_wait_and_survive_an_outage() {
    let issuer = Issuer::start();
    let verifier = issuer.patient_verifier(Duration::from_secs(5));
    verifier.update_keys(&jwks().to_string()).unwrap();
    issuer.becomes("configuration", |stream| {
        thread::sleep(Duration::from_secs(2));
        drop(stream);
    });
    let headers = issuer.signed(&key_id());
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(code(&verifier, &headers), None);
    }
    assert!(started.elapsed() < Duration::from_millis(1800));
    while verifier.remote_keys().unwrap().is_under_way() {
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(code(&verifier, &headers), None);
    assert_eq!(code(&verifier, &issuer.signed("unknown")), Some(Code::KeysUnavailable));
    assert_eq!(issuer.requests().len(), 1);
}
