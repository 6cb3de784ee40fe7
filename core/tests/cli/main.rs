//! The command line as a new user meets it: one process listens, another one sends.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a failing test panics")]

mod discretion;
mod listen;
mod program;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};

use program::{Folder, System, WHSEC, hookproof, lines, text};

/// Sends a good, a tampered and a stale request and a duplicate: the outcomes at the receiver, its status, and the exit
/// status of the sender.
fn expect(provider: &str, expected: [(&str, u16, i32); 4]) {
    let system = System::new(provider);
    let mut listening = system.listen(&[]);
    let url = listening.url.clone();
    let requests: [&[&str]; 4] =
        [&["--id", "msg_1"], &["--tamper"], &["--stale", "--id", "msg_2"], &["--id", "msg_1"]];
    for (arguments, expected) in requests.into_iter().zip(expected) {
        let sent = system.send(&url, arguments);
        let said = listening.next();
        let found = (
            said["outcome"].as_str().unwrap().to_owned(),
            u16::try_from(said["status"].as_u64().unwrap()).unwrap(),
            sent.status.code().unwrap(),
        );
        assert_eq!(
            found,
            (expected.0.to_owned(), expected.1, expected.2),
            "{provider} {arguments:?}: {said} {}",
            text(&sent)
        );
    }
}

#[test]
fn fourvenues_is_sent_and_received() {
    // It signs no time, so only its id tells an old request.
    expect(
        "fourvenues",
        [("accepted", 200, 0), ("not_authentic", 403, 1), ("accepted", 200, 0), ("duplicate", 200, 0)],
    );
}

#[test]
fn eventsair_is_sent_and_received() {
    expect(
        "eventsair",
        [("accepted", 200, 0), ("not_authentic", 401, 1), ("stale", 401, 1), ("duplicate", 200, 0)],
    );
}

#[test]
fn fast_events_is_sent_and_received() {
    // Its receivers answer 200 to a forgery too, and the digest of an order is its id.
    expect(
        "fast-events",
        [("accepted", 200, 0), ("not_authentic", 200, 0), ("accepted", 200, 0), ("duplicate", 200, 0)],
    );
}

#[test]
fn pitchpoint_is_sent_and_received() {
    expect(
        "pitchpoint",
        [("accepted", 200, 0), ("not_authentic", 403, 1), ("stale", 403, 1), ("duplicate", 200, 0)],
    );
}

#[test]
fn a_test_webhook_is_a_ping() {
    let system = System::new("fast-events");
    let mut listening = system.listen(&[]);
    assert_eq!(system.send(&listening.url.clone(), &["-e", "ping"]).status.code(), Some(0));
    assert_eq!(listening.next()["outcome"], "ping");
}

#[test]
fn every_sample_of_the_four_systems_is_accepted() {
    for provider in ["fourvenues", "eventsair", "fast-events", "pitchpoint"] {
        let system = System::new(provider);
        let mut listening = system.listen(&[]);
        let described = &lines(&hookproof(&["providers", provider, "--json"]))[0];
        for sample in described["samples"].as_array().unwrap() {
            let sample = sample.as_str().unwrap();
            let sent = system.send(&listening.url.clone(), &["-e", sample]);
            assert_eq!(sent.status.code(), Some(0), "{provider} {sample}: {}", text(&sent));
            let said = listening.next();
            let expected = if sample == "ping" { Value::Null } else { json!(sample) };
            assert_eq!(said["event"]["type"], expected, "{provider}: {said}");
        }
    }
}

#[test]
fn a_refused_request_comes_with_its_reason() {
    let system = System::new("eventsair");
    let mut listening = system.listen(&[]);
    system.send(&listening.url.clone(), &["--stale"]);
    let said = listening.next();
    assert_eq!(said["code"], "timestamp_too_old");
    assert_eq!(said["findings"][0]["mistake"], "clock_skew");
}

#[test]
fn what_is_saved_can_be_verified_explained_and_replayed() {
    let folder = Folder::new("saved");
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--save", &folder.path("requests")]);
    system.send(&listening.url.clone(), &[]);
    listening.next();
    let file = folder.path("requests/0001.http");
    let keys = ["-p", "fourvenues", "-s", "asasasasas"];
    let verified = hookproof(&[&["verify", &file, "--json"][..], &keys].concat());
    assert_eq!(
        (verified.status.code(), lines(&verified)[0]["type"].as_str()),
        (Some(0), Some("payment.success"))
    );

    let replayed = hookproof(&["replay", &folder.path("requests"), &listening.url, "--json"]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed));
    assert_eq!(listening.next()["outcome"], "duplicate");

    let wrong = hookproof(&["explain", &file, "--json", "-p", "fourvenues", "-s", "asasasasas "]);
    let explained = &lines(&wrong)[0];
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(explained["findings"][0]["mistake"], "secret_white_space", "{explained}");
}

#[test]
fn what_is_authentic_is_forwarded_to_the_byte() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mine", target.local_addr().unwrap());
    let handler = std::thread::spawn(move || {
        let (mut stream, _) = target.accept().unwrap();
        let mut received = Vec::new();
        let mut part = [0; 4096];
        while !received.ends_with(b"}") {
            let count = stream.read(&mut part).unwrap();
            received.extend_from_slice(&part[..count]);
        }
        stream
            .write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            .unwrap();
        String::from_utf8(received).unwrap()
    });
    let system = System::new("fast-events");
    let mut listening = system.listen(&["--forward", &url]);
    let body = Folder::new("forward");
    let file = body.file("body.json", "{\"a\": 1.0,\r\n \"b\": \"é\"}");
    let forged = system.send(&listening.url.clone(), &["--tamper"]);
    assert_eq!(
        (forged.status.code(), listening.next()["outcome"].as_str().unwrap().to_owned()),
        (Some(0), "not_authentic".into())
    );
    let sent = system.send(&listening.url.clone(), &["--body", &file, "--json"]);
    let said = listening.next();
    assert_eq!((said["outcome"].as_str(), said["status"].as_u64()), (Some("accepted"), Some(202)), "{said}");
    // To Fast Events only 200 is a success.
    assert_eq!((sent.status.code(), lines(&sent)[0]["reply"]["body"].as_str()), (Some(1), Some("ok")));
    let received = handler.join().unwrap();
    assert!(received.ends_with("\r\n\r\n{\"a\": 1.0,\r\n \"b\": \"é\"}"), "{received}");
    assert!(received.to_lowercase().contains("x-fe-webhook-signature: "), "{received}");
}

#[test]
fn retries_follow_the_plan_until_it_is_accepted() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", target.local_addr().unwrap());
    let receiver = std::thread::spawn(move || {
        for status in ["503 Service Unavailable", "500 Internal Server Error", "200 OK"] {
            let (mut stream, _) = target.accept().unwrap();
            let _ = stream.read(&mut [0; 16 * 1024]).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let system = System::new("fourvenues");
    let sent = system.send(&url, &["--retry", "--speed", "100", "--seed", "7", "--json"]);
    receiver.join().unwrap();
    assert_eq!(sent.status.code(), Some(0), "{}", text(&sent));
    let delays: Vec<_> = lines(&sent).into_iter().filter_map(|line| line["delay_seconds"].as_f64()).collect();
    let plan = lines(&hookproof(&["plan", "fourvenues", "--seed", "7", "--json"]));
    assert_eq!(
        delays,
        [plan[0]["delay_seconds"].as_f64().unwrap(), plan[1]["delay_seconds"].as_f64().unwrap()]
    );
}

#[test]
fn the_plan_is_that_of_the_vectors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/retry.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let plan =
        vectors["plans"].as_array().unwrap().iter().find(|plan| plan["provider"] == "fourvenues").unwrap();
    let shown = lines(&hookproof(&["plan", "fourvenues", "--seed", "42", "--json"]));
    for case in plan["seeded"].as_array().unwrap().iter().filter(|case| case["seed"] == 42) {
        let retry = usize::try_from(case["retry"].as_u64().unwrap()).unwrap();
        let seconds = shown[retry - 1]["delay_seconds"].as_f64().unwrap();
        let micros = format!("{:.0}", seconds * 1e6);
        assert_eq!(micros, case["delay_us"].to_string(), "retry {retry}");
    }
}

#[test]
fn a_plan_is_drawn_and_simulated() {
    let folder = Folder::new("plan");
    let png = folder.path("plan.png");
    let drawn = hookproof(&["plan", "eventsair", "--plot", "--png", &png]);
    assert_eq!(drawn.status.code(), Some(0), "{}", text(&drawn));
    assert!(text(&drawn).contains("10 h 00 min 00 s"), "{}", text(&drawn));
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    let arguments = ["plan", "standard-webhooks", "--simulate", "--senders", "500", "--json", "--seed", "1"];
    let loads = lines(&hookproof(&arguments));
    assert!(loads.len() >= 5, "{loads:?}");
    assert!(
        loads.iter().all(|load| load["delivered"].as_u64().unwrap() + load["lost"].as_u64().unwrap() == 500)
    );
}

#[test]
fn signs_what_was_published_and_verifies_it() {
    let folder = Folder::new("sign");
    let body = folder.file("body", r#"{"test": 2432232314}"#);
    let keys = ["-p", "standard-webhooks", "--secret-env", "HOOKPROOF_TEST", "--body", &body];
    let message = ["--id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "--at", "1614265330"];
    let signed = hookproof(&[&["sign"][..], &keys, &message].concat());
    let headers = text(&signed);
    assert!(headers.contains("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), "{headers}");
    let file = folder.file("headers", &headers);
    let verify = [&["verify", "--headers-file", &file, "--at", "1614265330"][..], &keys].concat();
    assert_eq!(hookproof(&verify).status.code(), Some(0));
    let late = [&["verify", "--headers-file", &file][..], &keys].concat();
    assert_eq!(hookproof(&late).status.code(), Some(1));
}

#[test]
fn scripts_can_tell_why_it_failed() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{free}/");
    let send = |more: &[&str]| hookproof(&[&["send", &nobody][..], more].concat()).status.code();
    assert_eq!(send(&["-p", "fourvenues", "-s", "x"]), Some(3), "no answer");
    assert_eq!(send(&["-p", "fourvenues", "-s", ""]), Some(2), "no secret");
    assert_eq!(send(&["-p", "nobody", "-s", "x"]), Some(2), "no such provider");
    assert_eq!(send(&["-p", "fourvenues", "-s", "x", "-e", "none"]), Some(2), "no such sample");
    assert_eq!(send(&["-p", "fourvenues", "--secret-env", "HOOKPROOF_NOT_SET"]), Some(2));
    assert_eq!(send(&["-p", "fourvenues", "--secret-file", "no-such-file"]), Some(3));
    assert_eq!(hookproof(&["send", "ftp://x/", "-p", "fourvenues", "-s", "x"]).status.code(), Some(2));
    assert_eq!(hookproof(&["listen", "-p", "fourvenues"]).status.code(), Some(2));
    assert_eq!(hookproof(&[]).status.code(), Some(2));
    assert_eq!(hookproof(&["--help"]).status.code(), Some(0));
    assert_eq!(hookproof(&["--version"]).status.code(), Some(0));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_eq!(hookproof(&["listen", "-p", "fourvenues", "-s", "x", "--port", &port]).status.code(), Some(3));
}

#[test]
fn no_secret_is_ever_printed() {
    let folder = Folder::new("discreet");
    let request = folder.file(
        "request.http",
        "POST / HTTP/1.1\r\nWebhook-Id: msg_1\r\nWebhook-Timestamp: 1614265330\r\nWebhook-Signature: v1,AAAA\r\n\r\n{}",
    );
    for command in ["explain", "verify"] {
        for json in [&[][..], &["--json"]] {
            let output =
                hookproof(&[&[command, &request, "-p", "eventsair", "-s", WHSEC][..], json].concat());
            assert_eq!(output.status.code(), Some(1));
            assert!(!text(&output).contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "{}", text(&output));
        }
    }
    for secret in ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        let output = hookproof(&["explain", &request, "-p", "eventsair", "-s", secret]);
        assert!(!text(&output).contains("MfKQ9r8GKYqrTwjU"), "{}", text(&output));
    }
}

#[test]
fn what_is_no_request_stops_nobody() {
    let system = System::new("fourvenues");
    let mut listening = system.listen(&["--max-body", "100"]);
    let address = listening.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let say = |bytes: &[u8]| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert_eq!(say(b""), "");
    assert!(say(b"hello\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert!(say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 405"));
    assert_eq!(listening.next()["outcome"], "method_not_allowed");
    assert!(say(b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n").starts_with("HTTP/1.1 413"));
    assert_eq!(listening.next()["outcome"], "too_large");
    assert!(say(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n").starts_with("HTTP/1.1 400"));
    let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n3\r\n{}\n\r\n0\r\n\r\n";
    assert!(say(chunked).starts_with("HTTP/1.1 403"));
    assert_eq!(listening.next()["code"], "missing_header");
    let endless = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
    assert!(say(endless).starts_with("HTTP/1.1 413"));
    assert_eq!(listening.next()["outcome"], "too_large");
    let folder = Folder::new("small");
    let sent = system.send(&listening.url.clone(), &["--body", &folder.file("body", "not JSON")]);
    assert_eq!((sent.status.code(), listening.next()["outcome"].as_str()), (Some(1), Some("malformed")));
}
