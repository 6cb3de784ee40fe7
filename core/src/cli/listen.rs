#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::client::{Client, check_url};
use super::exit::{Exit, Failure, Outcome};
use super::explain::hints;
use super::input;
use super::keys::{Checks, Keys};
use super::message::Message;
use super::output::{BAD, FAINT, GOOD, HINT, Output, STRONG, harmless, styled};
use super::replay::forwarded;
use super::server::{Incoming, serve};
use super::verify::{described, request, summary};
use crate::{Claim, Error, Event, Explain, MemoryStore, Outcome as Verdict, Provider, Reply, Verifier};

/// Receive requests, verify them, and say of each what it is and what was proven, or why it is refused
///
/// The answers are the provider's own: what it is told for a duplicate, or for a request that is not authentic. It ends
/// with Ctrl-C. Exit status 3: the port cannot be used.
#[derive(Args, Debug)]
pub(super) struct Listen {
    #[command(flatten)]
    keys: Keys,
    #[command(flatten)]
    checks: Checks,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The address to listen on: 0.0.0.0 is reachable from other machines
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    host: String,
    /// Hand what is authentic on to this URL, to the byte, and answer what it answers
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    /// Save every request, to the byte, in this folder: for `hookproof replay`, `verify` and `explain`
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// Refuse larger bodies, in bytes
    #[arg(long, default_value_t = 1024 * 1024, value_name = "BYTES")]
    max_body: usize,
    /// End after this many requests
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

/// Longer than any local handler runs.
const LEASE: Duration = Duration::from_secs(60);
/// As long as anybody watches a terminal.
const RETENTION: Duration = Duration::from_secs(86_400);

struct Receiver<'l> {
    listen: &'l Listen,
    provider: Provider,
    verifier: Verifier,
    explain: Explain<'static>,
    store: MemoryStore,
    client: Client,
    output: Output,
    seen: u64,
}

/// What came of a request.
struct Judged<'e> {
    verdict: Verdict,
    reply: Reply,
    event: Option<Event<'e>>,
    error: Option<Error>,
    note: Option<String>,
}

impl Listen {
    pub(super) fn run(&self, output: Output) -> Outcome {
        if let Some(url) = &self.forward {
            check_url(url)?;
        }
        let provider = self.keys.provider()?;
        let mut receiver = Receiver {
            listen: self,
            verifier: self.keys.verifier(&self.checks)?,
            explain: self.keys.explain(&self.checks)?,
            store: MemoryStore::new(),
            client: Client::new(Duration::from_secs(30)),
            seen: 0,
            provider,
            output,
        };
        if let Some(folder) = &self.save {
            std::fs::create_dir_all(folder).map_err(Failure::about(folder.display()))?;
            receiver.seen = saved_before(folder);
        }
        let address = format!("{}:{}", self.host, self.port);
        let listener = TcpListener::bind(&address).map_err(Failure::about(&address))?;
        let bound = listener.local_addr().map_err(Failure::about(&address))?;
        let title = receiver.provider.title();
        output.line(format_args!(
            "listening for {title} on {}",
            styled(STRONG, format_args!("http://{bound}/"))
        ))?;
        output.object(
            &json!({ "listening": format!("http://{bound}/"), "provider": receiver.provider.name() }),
        )?;
        let mut left = self.count.unwrap_or(u64::MAX);
        let mut closed = None;
        serve(&listener, self.max_body, |incoming| {
            left = left.saturating_sub(1);
            let reply = receiver.receive(incoming).unwrap_or_else(|failure| {
                closed = Some(failure);
                receiver.provider.reply(Verdict::HandlerFailed)
            });
            (reply, left > 0 && closed.is_none())
        })
        .map_err(Failure::about(&address))?;
        closed.map_or(Ok(Exit::Accepted), Err)
    }
}

impl Receiver<'_> {
    fn receive(&mut self, incoming: Incoming) -> Outcome<Reply> {
        let now = input::seconds();
        let (message, too_large) = match incoming {
            Incoming::Request(message) => (message, false),
            Incoming::TooLarge(message) => (message, true),
            Incoming::Broken(why) => {
                self.output.line(format_args!("{}  {} {why}", clock(now), styled(BAD, "✗")))?;
                return Ok(Reply { status: 400, headers: Vec::new(), body: String::new() });
            }
        };
        self.seen = self.seen.saturating_add(1);
        if let Some(folder) = self.listen.save.as_ref().filter(|_| !too_large) {
            let path = folder.join(format!("{:04}.http", self.seen));
            std::fs::write(&path, message.to_bytes(now)).map_err(Failure::about(path.display()))?;
        }
        let judged = if too_large { self.judged(Verdict::TooLarge) } else { self.judge(&message, now) };
        self.tell(&message, &judged, now)?;
        Ok(judged.reply)
    }

    fn judged(&self, verdict: Verdict) -> Judged<'static> {
        Judged { verdict, reply: self.provider.reply(verdict), event: None, error: None, note: None }
    }

    fn judge<'m>(&self, message: &'m Message, now: i64) -> Judged<'m> {
        let given = request(message, &message.target);
        let is_post = message.method == "POST";
        if !is_post || self.verifier.answers_unsigned() {
            // What is none, or is refused, is judged below as an event, with its reasons.
            if let Ok(Some(handshake)) = self.verifier.handshake(&given, now) {
                let note = Some(format!("handshake {}", handshake.name));
                return Judged { reply: handshake.reply, note, ..self.judged(Verdict::Ping) };
            }
        }
        if !is_post {
            return self.judged(Verdict::MethodNotAllowed);
        }
        let event = match self.verifier.verify_at(&given, now) {
            Ok(event) => event,
            Err(error) => return Judged { error: Some(error.clone()), ..self.judged(Verdict::of(&error)) },
        };
        if let Some(handshake) = event.handshake() {
            let (reply, note) = (handshake.reply.clone(), Some(format!("handshake {}", handshake.name)));
            return Judged { reply, note, event: Some(event), ..self.judged(Verdict::Ping) };
        }
        if event.is_ping() {
            return Judged { event: Some(event), ..self.judged(Verdict::Ping) };
        }
        let key = event.idempotency_key();
        let judged = match self.store.claim(&key, input::millis(), LEASE) {
            Claim::Done => self.judged(Verdict::Duplicate),
            Claim::Running => self.judged(Verdict::Running),
            Claim::Full => self.judged(Verdict::StoreUnavailable),
            Claim::New(owner) => {
                let judged = self.handle(message);
                if judged.verdict == Verdict::Accepted {
                    self.store.complete(&key, owner, input::millis(), RETENTION);
                } else {
                    self.store.release(&key, owner);
                }
                judged
            }
        };
        Judged { event: Some(event), ..judged }
    }

    /// Hands an authentic, new request to the developer's own receiver, if there is one.
    fn handle(&self, message: &Message) -> Judged<'static> {
        let Some(url) = &self.listen.forward else { return self.judged(Verdict::Accepted) };
        match self.client.send(&message.method, url, &forwarded(message), &message.body) {
            Ok(answer) => {
                let accepted = (200..=299).contains(&answer.status);
                let verdict = if accepted { Verdict::Accepted } else { Verdict::HandlerFailed };
                let note = format!("{url} answered {} in {} ms", answer.status, answer.took.as_millis());
                let headers =
                    answer.headers.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                let reply = Reply { status: answer.status, headers: headers.collect(), body };
                Judged { reply, note: Some(note), ..self.judged(verdict) }
            }
            Err(reason) => {
                let note = Some(format!("{url} did not answer: {reason}"));
                Judged { note, ..self.judged(Verdict::HandlerFailed) }
            }
        }
    }

    fn tell(&self, message: &Message, judged: &Judged<'_>, now: i64) -> Outcome<()> {
        let good = matches!(judged.verdict, Verdict::Accepted | Verdict::Duplicate | Verdict::Ping);
        let (style, mark) = if good { (GOOD, "✓") } else { (BAD, "✗") };
        let what = match (&judged.event, &judged.error) {
            (Some(event), _) => summary(event),
            (_, Some(error)) => format!("{}: {error}", error.code().as_str()),
            _ => harmless(&format!("{} {}", message.method, message.target)),
        };
        let (verdict, status) = (judged.verdict.as_str(), judged.reply.status);
        let verdict = styled(style, format_args!("{mark} {verdict}"));
        self.output.line(format_args!("{}  {verdict}  {what}  → {status}", clock(now)))?;
        let mut object = json!({ "number": self.seen, "outcome": judged.verdict.as_str(), "status": status });
        if let Some(event) = &judged.event {
            object["event"] = described(event);
        }
        if let Some(error) = &judged.error {
            let explanation = self.explain.explain(&request(message, &message.target), now);
            for line in hints(&explanation) {
                self.output.line(format_args!("          {line}"))?;
            }
            object["code"] = error.code().as_str().into();
            object["message"] = error.to_string().into();
            object["findings"] = super::explain::described(&explanation)["findings"].take();
        }
        if let Some(note) = &judged.note {
            self.output.line(format_args!("          {} {}", styled(HINT, "·"), harmless(note)))?;
            object["note"] = note.as_str().into();
        }
        self.output.object(&object)?;
        Ok(())
    }
}

/// Returns the time of day in UTC.
fn clock(now: i64) -> String {
    let moment = jiff::Timestamp::from_second(now).unwrap_or_default().to_string();
    styled(FAINT, moment.get(11..19).unwrap_or_default())
}

/// Returns the highest number of the saved requests in a folder, so that none is written over.
fn saved_before(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.path().file_stem()?.to_str()?.parse().ok()).max().unwrap_or(0)
}
