//! The store on a Redis server, which these tests start, kill and start again.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
#![cfg(feature = "redis")]

#[path = "support/store_scenarios.rs"]
mod store_scenarios;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hookproof::{Claim, Code, RedisStore, Store};
use tokio::net::UnixStream;
use tokio::runtime::Handle;
use tokio::time::sleep;

const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// A server of one test, on a socket that nobody else can find.
struct Server {
    folder: PathBuf,
    process: Child,
}

impl Server {
    /// Starts a server; without one the test is skipped, unless services are required.
    async fn start(name: &str) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("hookproof-redis-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        match spawn(&folder) {
            Ok(process) => {
                let server = Self { folder, process };
                server.wait().await;
                Some(server)
            }
            Err(error) => {
                let _ = fs::remove_dir_all(&folder);
                assert!(
                    std::env::var_os("HOOKPROOF_REQUIRE_SERVICES").is_none(),
                    "redis-server is required and does not start: {error}"
                );
                println!("skipped {name}: redis-server does not start: {error}");
                None
            }
        }
    }

    async fn wait(&self) {
        for _ in 0..500 {
            if UnixStream::connect(self.folder.join("redis.sock")).await.is_ok() {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("redis-server does not answer");
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn restart(&mut self) {
        self.process = spawn(&self.folder).unwrap();
        self.wait().await;
    }

    async fn store(&self) -> RedisStore {
        let url = format!("redis+unix://{}", self.folder.join("redis.sock").display());
        RedisStore::connect(url).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn spawn(folder: &PathBuf) -> std::io::Result<Child> {
    // A socket that a killed server left behind answers nobody.
    let _ = fs::remove_file(folder.join("redis.sock"));
    Command::new("redis-server")
        .args(["--port", "0", "--unixsocket", "redis.sock", "--save", "", "--appendonly", "yes"])
        .args(["--appendfsync", "always", "--dir"])
        .arg(folder)
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_the_promises_of_every_store() {
    let Some(server) = Server::start("promises").await else { return };
    store_scenarios::keeps_its_promises(&server.store().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_threads_gets_a_delivery() {
    let Some(server) = Server::start("threads").await else { return };
    let (store, runtime) = (Arc::new(server.store().await), Handle::current());
    tokio::task::spawn_blocking(move || {
        store_scenarios::gives_each_key_to_one_of_many_threads(&store, |job| runtime.block_on(job));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_is_told_and_found_again() {
    let Some(mut server) = Server::start("down").await else { return };
    let store = server.store().await;
    let Claim::New(owner) = store.claim("event", LEASE).await.unwrap() else { panic!() };
    server.kill();
    let error = store.complete("event", owner, DAY).await.unwrap_err();
    assert!(error.to_string().starts_with("the store cannot be asked: "), "{error}");
    assert!(store.claim("event", LEASE).await.is_err(), "never taken for new");
    server.restart().await;
    // The connection notices the server's return within its pause between two attempts.
    let mut claim = store.claim("event", LEASE).await;
    for _ in 0..100 {
        if claim.is_ok() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
        claim = store.claim("event", LEASE).await;
    }
    assert_eq!(claim.unwrap(), Claim::Running, "the server kept the claim, and its owner is still there");
    assert!(store.complete("event", owner, DAY).await.unwrap());
    assert_eq!(store.claim("event", LEASE).await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn it_starts_without_its_server_and_answers_with_an_error() {
    let store = RedisStore::connect("redis+unix:///nonexistent/redis.sock").await.unwrap();
    assert!(store.claim("event", LEASE).await.is_err());
    let error = RedisStore::connect("http://127.0.0.1/").await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidOption);
}
