//! The example that sends from a job table, as processes of their own, against a real Redis and a receiver that fails
//! on purpose.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
#![cfg(feature = "redis")]

#[path = "support/failing_receiver.rs"]
mod failing_receiver;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio::time::sleep;

use failing_receiver::{FailingReceiver, SECRET};

/// How late an attempt may come: the worker's longest pause, and a busy machine.
const LATEST: i64 = 1500;
/// How long a worker may take for a whole table.
const LIMIT: Duration = Duration::from_secs(60);

/// Short delays, a receiver gets 1 s, and everything else is as in Standard Webhooks.
const PLAN: &str = r#"{"delays": {"list_seconds": [0.3, 0.5, 0.7, 0.9]}, "success": ["2xx"], "retry_on": "any_failure",
    "disable_on": [410], "honours_retry_after": true, "timeout_seconds": 1}"#;

#[tokio::test(flavor = "multi_thread")]
async fn attempts_come_at_the_planned_times() {
    let Some(table) = Table::start("plan").await else { return };
    let receiver = FailingReceiver::start().await;
    let ids = ["recovers", "gone", "redirects", "elsewhere"];
    for id in ids {
        table.add(id, &receiver.url("127.0.0.1", id));
    }
    let attempts = table.work(&["--allow", "127.0.0.1/32", "--plan", PLAN, "--until-done"]).finish();

    let statuses = |id: &str| -> Vec<Value> {
        attempts.iter().filter(|line| line["id"] == id).map(|line| line["status"].clone()).collect()
    };
    // The third one got no answer within its second.
    assert_eq!(statuses("recovers"), [json!(503), json!(500), Value::Null, json!(200)]);
    assert_eq!(statuses("gone"), [json!(410)]);
    assert_eq!(statuses("redirects"), vec![json!(302); 5], "a redirect is a failure");
    assert_eq!(statuses("elsewhere"), vec![json!(307); 5]);
    assert!(receiver.requests("followed").is_empty(), "no redirect was followed");
    let states = ids.map(|id| last(&attempts, id)["state"].as_str().unwrap());
    assert_eq!(states, ["delivered", "disabled", "gave_up", "gave_up"]);

    for id in ids {
        let arrivals = receiver.requests(id);
        let due: Vec<_> = attempts
            .iter()
            .filter(|line| line["id"] == id)
            .filter_map(|line| line["due_at"].as_i64())
            .collect();
        assert_eq!(arrivals.len(), due.len() + 1, "{id}");
        for (due, arrived) in due.iter().zip(&arrivals[1..]) {
            let late = arrived - due;
            assert!((0..=LATEST).contains(&late), "{id} came {late} ms after it was due");
        }
    }
    // What the receiver asked for: later than the plan's 0.3 s.
    let first_two = receiver.requests("recovers");
    assert!(first_two[1] - first_two[0] >= 1000, "{first_two:?}");
    assert!(receiver.every_request_was_authentic(), "signed anew at each attempt");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_was_sending_is_sent_again() {
    let Some(table) = Table::start("killed").await else { return };
    let receiver = FailingReceiver::start().await;
    table.add("interrupted", &receiver.url("127.0.0.1", "interrupted"));

    // The first attempt fails, and the second one hangs.
    let mut worker = table.work(&["--allow", "127.0.0.1/32", "--plan", PLAN]);
    receiver.wait_for("interrupted", 2).await;
    let before = worker.kill();
    assert_eq!((before.len(), &before[0]["status"]), (1, &json!(500)));

    let after = table.work(&["--allow", "127.0.0.1/32", "--plan", PLAN, "--until-done"]).finish();
    assert_eq!(after.len(), 1, "{after:?}");
    assert_eq!(
        (&after[0]["status"], &after[0]["attempt"]),
        (&json!(200), &json!(2)),
        "it went on, not from anew"
    );
    let arrivals = receiver.requests("interrupted");
    assert_eq!(arrivals.len(), 3);
    // The lease is taken before the request arrives, and lasts a second for the attempt and two more.
    let waited = arrivals[2] - arrivals[1];
    assert!((2500..=3000 + LATEST).contains(&waited), "{waited} ms");
    assert_eq!(receiver.ids(), ["interrupted"], "a repetition has the same id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_slow_holds_up_nobody_else() {
    let Some(table) = Table::start("slow").await else { return };
    let receiver = FailingReceiver::start().await;
    for number in 0..24 {
        table.add(&format!("slow-{number}"), &receiver.url("127.0.0.1", "slow"));
    }
    let attempts = table.work(&["--allow", "127.0.0.1", "--plan", PLAN, "--until-done"]).finish();
    assert_eq!(attempts.len(), 24);
    assert!(attempts.iter().all(|line| line["state"] == "delivered"), "{attempts:?}");
    assert!(receiver.most_at_once() > 4, "{} at once", receiver.most_at_once());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_send_every_delivery_once() {
    let Some(table) = Table::start("two").await else { return };
    let receiver = FailingReceiver::start().await;
    for number in 0..60 {
        table.add(&format!("event-{number}"), &receiver.url("127.0.0.1", "fine"));
    }
    let options = ["--allow", "127.0.0.1", "--plan", PLAN, "--until-done"];
    let (first, second) = (table.work(&options), table.work(&options));
    let mut attempts = first.finish();
    attempts.extend(second.finish());
    assert_eq!(attempts.len(), 60);
    assert_eq!(receiver.requests("fine").len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_the_own_network_is_never_connected_to() {
    let Some(table) = Table::start("refused").await else { return };
    let receiver = FailingReceiver::start().await;
    let hosts =
        ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"];
    for (number, host) in hosts.iter().enumerate() {
        table.add(&format!("host-{number}"), &receiver.url(host, "fine"));
    }
    table.add("file", "file:///etc/passwd");
    let plan = r#"{"delays": {"list_seconds": [0.1]}, "success": ["2xx"], "retry_on": "any_failure"}"#;
    let attempts = table.work(&["--plan", plan, "--until-done"]).finish();
    for (number, host) in hosts.iter().enumerate() {
        let line = last(&attempts, &format!("host-{number}"));
        assert_eq!((line["state"].as_str(), line["attempt"].as_u64()), (Some("gave_up"), Some(2)), "{host}");
        let problem = line["problem"].as_str().unwrap();
        assert!(problem.contains("loopback") || problem.contains("unspecified"), "{host}: {problem}");
    }
    assert_eq!(last(&attempts, "file")["state"], "gave_up");
    assert!(receiver.requests("fine").is_empty());

    // Where it is allowed, the same name leads there.
    table.add("allowed", &receiver.url("localhost", "fine"));
    let attempts = table.work(&["--allow", "127.0.0.1", "--plan", plan, "--until-done"]).finish();
    assert_eq!(last(&attempts, "allowed")["state"], "delivered", "{attempts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let Some(table) = Table::start("endless").await else { return };
    table.add("endless", &failing_receiver::start_endless().await);
    let started = Instant::now();
    let plan = r#"{"delays": {"list_seconds": []}, "success": ["2xx"], "retry_on": "any_failure", "timeout_seconds": 30}"#;
    let attempts = table.work(&["--allow", "127.0.0.1", "--plan", plan, "--until-done"]).finish();
    assert_eq!(last(&attempts, "endless")["state"], "delivered");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

fn last<'a>(attempts: &'a [Value], id: &str) -> &'a Value {
    attempts.iter().rev().find(|line| line["id"] == id).unwrap_or_else(|| panic!("no attempt of {id}"))
}

/// A job table on a Redis of its own.
struct Table {
    folder: PathBuf,
    server: Child,
}

impl Table {
    /// Starts a server; without one the test is skipped, unless services are required.
    async fn start(name: &str) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("hookproof-send-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let spawned = Command::new("redis-server")
            .args(["--port", "0", "--unixsocket", "redis.sock", "--save", ""])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn();
        match spawned {
            Ok(server) => {
                let table = Self { folder, server };
                for _ in 0..500 {
                    if UnixStream::connect(table.folder.join("redis.sock")).await.is_ok() {
                        return Some(table);
                    }
                    sleep(Duration::from_millis(10)).await;
                }
                panic!("redis-server does not answer");
            }
            Err(error) => {
                let _ = fs::remove_dir_all(&folder);
                let required = std::env::var_os("HOOKPROOF_REQUIRE_SERVICES").is_some();
                assert!(!required, "redis-server is required and does not start: {error}");
                println!("skipped {name}: redis-server does not start: {error}");
                None
            }
        }
    }

    fn add(&self, id: &str, url: &str) {
        let body = json!({"type": "order.paid", "timestamp": "2026-01-01T00:00:00Z", "data": {"order": id}});
        let job = json!({"id": id, "url": url, "type": "order.paid", "body": body.to_string()});
        let mut process = self.program("add", &[]);
        writeln!(process.stdin.take().unwrap(), "{job}").unwrap();
        assert!(process.wait().unwrap().success());
    }

    fn work(&self, options: &[&str]) -> Worker {
        Worker::reading(self.program("work", options))
    }

    fn program(&self, verb: &str, options: &[&str]) -> Child {
        let url = format!("redis+unix://{}", self.folder.join("redis.sock").display());
        Command::new(program())
            .args([verb, &url])
            .args(options)
            .env("HOOKPROOF_SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns the example, which `cargo test` has built beside this test.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push("send_deliveries");
    assert!(path.exists(), "build it first: cargo build --all-features --example send_deliveries");
    path
}

/// A process that sends, and what it prints.
struct Worker {
    process: Child,
    lines: Option<JoinHandle<Vec<Value>>>,
}

impl Worker {
    fn reading(mut process: Child) -> Self {
        let output = BufReader::new(process.stdout.take().unwrap());
        let read = || output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
        Self { process, lines: Some(std::thread::spawn(read)) }
    }

    /// Kills it as a crash would, without a chance to save anything.
    fn kill(&mut self) -> Vec<Value> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.printed()
    }

    /// Waits until it has nothing left to do.
    fn finish(mut self) -> Vec<Value> {
        let started = Instant::now();
        while self.process.try_wait().unwrap().is_none() {
            if started.elapsed() > LIMIT {
                let printed = self.kill();
                panic!("the worker does not end: {printed:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(self.process.wait().unwrap().success());
        self.printed()
    }

    fn printed(&mut self) -> Vec<Value> {
        self.lines.take().unwrap().join().unwrap()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
