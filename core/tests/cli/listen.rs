//! `listen` with more than one sender, with bodies that are packed, and with keys that have to be fetched.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::program::{Folder, Listening, System, hookproof, lines, text};

const BODY: &[u8] = br#"{"id":"5f7b","event":"payment.success","payload":{}}"#;

fn address(listening: &Listening) -> String {
    listening.url.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Signs a body, sends another one for it, and returns the answer.
fn post(listening: &Listening, signs: &[u8], headers: &str, body: &[u8]) -> String {
    let folder = Folder::new("post");
    let file = folder.file("body", std::str::from_utf8(signs).unwrap());
    let signed = hookproof(&["sign", "-p", "fourvenues", "-s", "asasasasas", "--body", &file]);
    let signed = text(&signed).replace('\n', "\r\n");
    let mut stream = TcpStream::connect(address(listening)).unwrap();
    let head = format!("POST / HTTP/1.1\r\n{signed}{headers}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Answers requests as a server that is told how, one thread for each.
fn server(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, answer) = (stream.unwrap(), answer.clone());
            thread::spawn(move || answer(stream));
        }
    });
    url
}

/// Reads a request as far as its head, and returns its path.
fn path(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_sender_that_says_nothing_keeps_nobody_waiting() {
    let system = System::new("fourvenues");
    let mut listening = system.listen(&[]);
    let silent: Vec<_> = (0..8).map(|_| TcpStream::connect(address(&listening)).unwrap()).collect();
    let mut slow = TcpStream::connect(address(&listening)).unwrap();
    slow.write_all(b"POST / HTTP/1.1\r\nContent-Le").unwrap();
    let began = Instant::now();
    assert_eq!(system.send(&listening.url.clone(), &[]).status.code(), Some(0));
    assert_eq!(listening.next()["outcome"], "accepted");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    drop((silent, slow));
}

#[test]
fn a_slow_forward_keeps_nobody_waiting_but_its_own_delivery() {
    let (arrived, waits) = mpsc::channel();
    let (open, gate) = mpsc::channel::<()>();
    let gate = std::sync::Arc::new(std::sync::Mutex::new(gate));
    let url = server(move |mut stream| {
        path(&mut stream);
        arrived.send(()).unwrap();
        let _ = gate.lock().unwrap().recv();
        stream.write_all(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--forward", &url]);
    let target = listening.url.clone();
    thread::scope(|scope| {
        let first = scope.spawn(|| system.send(&target, &["--id", "slow", "--json"]));
        waits.recv().unwrap();
        assert_eq!(system.send(&target, &["--tamper"]).status.code(), Some(1));
        assert_eq!(listening.next()["outcome"], "not_authentic");
        assert_eq!(system.send(&target, &["--id", "slow"]).status.code(), Some(1));
        let said = listening.next();
        assert_eq!((said["outcome"].as_str(), said["status"].as_u64()), (Some("running"), Some(503)));
        open.send(()).unwrap();
        let first = first.join().unwrap();
        let reply = &lines(&first)[0]["reply"];
        // The application's own answer, with what a sender heeds of it.
        assert!(reply["headers"].as_array().unwrap().contains(&json!(["retry-after", "7"])), "{reply}");
        assert_eq!(listening.next()["outcome"], "handler_failed");
        open.send(()).unwrap();
    });
    // The claim was given back, so a retry is handed on again.
    assert_eq!(system.send(&target, &["--id", "slow"]).status.code(), Some(1));
    assert_eq!(listening.next()["outcome"], "handler_failed");
}

#[test]
fn a_forward_that_nobody_answers_is_a_failed_handler() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--forward", &format!("http://{free}/")]);
    assert_eq!(system.send(&listening.url.clone(), &[]).status.code(), Some(1));
    let said = listening.next();
    assert_eq!((said["outcome"].as_str(), said["status"].as_u64()), (Some("handler_failed"), Some(500)));
    assert!(said["note"].as_str().unwrap().contains("did not answer"), "{said}");
}

#[test]
fn every_line_of_json_has_the_same_members() {
    let system = System::new("fourvenues");
    let mut listening = system.listen(&[]);
    let members = |value: Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    system.send(&listening.url.clone(), &[]);
    let accepted = members(listening.next());
    system.send(&listening.url.clone(), &["--tamper"]);
    assert_eq!(members(listening.next()), accepted);
    post(&listening, BODY, "Content-Encoding: br\r\n", BODY);
    assert_eq!(members(listening.next()), accepted);
}

#[test]
fn a_packed_body_is_verified_as_it_was_signed_and_saved_as_it_came() {
    let folder = Folder::new("packed");
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--save", &folder.path("saved"), "--max-body", "2000"]);
    let gzip = "Content-Encoding: gzip\r\n";
    assert!(post(&listening, BODY, gzip, &packed(BODY)).starts_with("HTTP/1.1 200"));
    assert_eq!(listening.next()["event"]["type"], "payment.success");
    let saved = folder.path("saved/0001.http");
    assert!(std::fs::read(&saved).unwrap().ends_with(&packed(BODY)));
    for command in ["verify", "explain"] {
        let judged = hookproof(&[command, &saved, "-p", "fourvenues", "-s", "asasasasas"]);
        assert_eq!(judged.status.code(), Some(0), "{}", text(&judged));
        let bounded = hookproof(&[
            command,
            &saved,
            "--json",
            "-p",
            "fourvenues",
            "-s",
            "asasasasas",
            "--max-body",
            "20",
        ]);
        let code = lines(&bounded)[0]["code"].clone();
        assert_eq!((bounded.status.code(), code), (Some(1), json!("body_too_large")));
    }
    // A bomb: a few bytes that would be a million.
    assert!(
        post(&listening, BODY, gzip, &packed(" ".repeat(1_000_000).as_bytes())).starts_with("HTTP/1.1 413")
    );
    assert_eq!(listening.next()["outcome"], "too_large");
    assert!(post(&listening, BODY, gzip, BODY).starts_with("HTTP/1.1 400"));
    assert_eq!(listening.next()["code"], "malformed_body");
    let answer = post(&listening, BODY, "Content-Encoding: br\r\n", BODY);
    assert!(
        answer.starts_with("HTTP/1.1 415") && answer.contains("Accept-Encoding: gzip, deflate"),
        "{answer}"
    );
    assert_eq!(listening.next()["outcome"], "not_authentic");
    let replayed = hookproof(&["replay", &saved, &listening.url]);
    assert_eq!((replayed.status.code(), listening.next()["outcome"].as_str()), (Some(0), Some("duplicate")));
}

#[test]
fn keys_are_fetched_from_the_issuer_and_a_503_says_that_there_are_none() {
    let folder = Folder::new("issuer");
    assert_eq!(hookproof(&["keys", &folder.path("keys")]).status.code(), Some(0));
    let jwks = std::fs::read_to_string(folder.path("keys/jwks.json")).unwrap();
    let issuer = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", issuer.local_addr().unwrap());
    let documents = (json!({ "issuer": origin, "jwks_uri": format!("{origin}/keys") }).to_string(), jwks);
    thread::spawn(move || {
        for stream in issuer.incoming() {
            let mut stream = stream.unwrap();
            let document = if path(&mut stream) == "/keys" { &documents.1 } else { &documents.0 };
            let length = document.len();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{document}").unwrap();
        }
    });
    let both = ["-p", "pitchpoint", "--issuer", &origin, "--audience", "acme"];
    let private = folder.path("keys/private.pem");
    let send = |url: &str, more: &[&str]| {
        let key = ["--private-key", &private, "--key-id", "test", "--claim", "sub=robot"];
        hookproof(&[&["send", url][..], &both, &key, more].concat()).status.code()
    };
    let options = ["--allow-insecure-loopback", "--save", &folder.path("saved")];
    let mut listening = Listening::start(&[&both[..], &options].concat());
    assert_eq!(send(&listening.url.clone(), &[]), Some(0));
    assert_eq!(listening.next()["outcome"], "accepted");
    assert_eq!(send(&listening.url.clone(), &["--tamper"]), Some(1));
    assert_eq!(listening.next()["code"], "no_matching_signature");
    let saved = folder.path("saved/0001.http");
    for command in ["verify", "explain"] {
        let judged = hookproof(&[&[command, &saved, "--allow-insecure-loopback"][..], &both].concat());
        assert_eq!(judged.status.code(), Some(0), "{}", text(&judged));
        // http is for this machine, and only where it is asked for.
        let refused = hookproof(&[&[command, &saved][..], &both].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    }

    let nobody = ["--jwks-uri", "http://127.0.0.1:1/keys", "--allow-insecure-loopback"];
    let mut listening = Listening::start(&[&both[..], &nobody].concat());
    assert_eq!(send(&listening.url.clone(), &[]), Some(1));
    let said = listening.next();
    assert_eq!((said["outcome"].as_str(), said["status"].as_u64()), (Some("keys_unavailable"), Some(503)));
    assert!(said["message"].as_str().unwrap().contains("127.0.0.1:1/keys"), "{said}");
    let judged = hookproof(&[&["verify", &saved, "--json"][..], &both, &nobody].concat());
    let verdict = lines(&judged)[0]["verdict"].clone();
    assert_eq!((judged.status.code(), verdict), (Some(3), json!("undecided")), "{}", text(&judged));
}

#[test]
fn a_sender_of_too_much_gets_its_answer() {
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--max-body", "1000"]);
    let folder = Folder::new("much");
    let body = format!("{{\"id\":\"1\",\"event\":\"x\",\"payload\":\"{}\"}}", "x".repeat(3_000_000));
    let sent = system.send(&listening.url.clone(), &["--body", &folder.file("body", &body), "--json"]);
    assert_eq!(lines(&sent)[0]["reply"]["status"], 413, "{}", text(&sent));
    assert_eq!(listening.next()["outcome"], "too_large");
}

#[test]
fn it_ends_after_as_many_requests_as_it_was_told() {
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--count", "2"]);
    for _ in 0..2 {
        assert_eq!(system.send(&listening.url.clone(), &[]).status.code(), Some(0));
    }
    assert_eq!(listening.process.wait().unwrap().code(), Some(0));
}
