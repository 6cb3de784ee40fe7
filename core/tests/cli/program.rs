//! Runs the program, and keeps one that listens.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

pub const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const ISSUER: &str = "https://securetoken.google.com/acme";

pub fn hookproof(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookproof"))
        .args(arguments)
        .env("HOOKPROOF_TEST", WHSEC)
        .output()
        .unwrap()
}

pub fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// A folder that is gone with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("hookproof-cli-{process}-{count}-{name}"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A `hookproof listen` that runs.
pub struct Listening {
    pub process: Child,
    lines: BufReader<ChildStdout>,
    pub url: String,
}

impl Listening {
    pub fn start(arguments: &[&str]) -> Self {
        let mut listening = Self::spawn(&[&["--json"], arguments].concat());
        let said = listening.next();
        said["listening"].as_str().unwrap().clone_into(&mut listening.url);
        listening
    }

    /// Starts one that talks to people.
    pub fn start_as_text(arguments: &[&str]) -> Self {
        let mut listening = Self::spawn(arguments);
        let mut line = String::new();
        listening.lines.read_line(&mut line).unwrap();
        line.trim().rsplit(' ').next().unwrap().clone_into(&mut listening.url);
        listening
    }

    fn spawn(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_hookproof"))
            .args(["listen", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines, url: String::new() }
    }

    /// Ends it, and returns what it has said since.
    pub fn rest(mut self) -> String {
        self.process.kill().unwrap();
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        rest
    }

    /// Returns what it says of the next request.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("it said {line:?}"))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What both sides of a system are given.
pub struct System {
    pub sends: Vec<String>,
    pub receives: Vec<String>,
    _folder: Folder,
}

impl System {
    pub fn new(provider: &str) -> Self {
        let folder = Folder::new(provider);
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (sends, receives) = if provider == "pitchpoint" {
            let made = hookproof(&["keys", &folder.path("keys")]);
            assert_eq!(made.status.code(), Some(0), "{}", text(&made));
            let both = ["-p", provider, "--issuer", ISSUER, "--audience", "acme", "--claim", "sub=robot"];
            let (private, public) = (folder.path("keys/private.pem"), folder.path("keys/jwks.json"));
            (
                [texts(&both), texts(&["--private-key", &private, "--key-id", "test"])].concat(),
                [texts(&both), texts(&["--jwks", &public])].concat(),
            )
        } else {
            let secret = if provider == "eventsair" { WHSEC } else { "asasasasas" };
            let both = texts(&["-p", provider, "-s", secret]);
            (both.clone(), both)
        };
        Self { sends, receives, _folder: folder }
    }

    pub fn listen(&self, more: &[&str]) -> Listening {
        let mut arguments: Vec<&str> = self.receives.iter().map(String::as_str).collect();
        arguments.extend(more);
        Listening::start(&arguments)
    }

    pub fn send(&self, url: &str, more: &[&str]) -> Output {
        let mut arguments = vec!["send", url];
        arguments.extend(self.sends.iter().map(String::as_str));
        arguments.extend(more);
        hookproof(&arguments)
    }
}
