use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::exit::{Exit, Failure, Outcome};
use super::input;
use super::keys::{Checks, Keys};
use super::message::Message;
use super::output::{BAD, GOOD, Output, harmless, styled};
use super::send::header;
use super::verifying::Verifying;
use crate::{Error, Event, Kind, Request};

/// Verify a request from files, or one that was saved
///
/// Exit status 0: authentic; 1: not.
#[derive(Args, Debug)]
pub(super) struct Verify {
    #[command(flatten)]
    keys: Keys,
    #[command(flatten)]
    checks: Checks,
    #[command(flatten)]
    given: Given,
}

/// A request that is judged.
#[derive(Args, Debug)]
pub(super) struct Given {
    /// A saved request: the head as on the wire, an empty line, the body
    #[arg(value_name = "REQUEST.http", conflicts_with_all = ["body", "headers"])]
    request: Option<PathBuf>,
    /// The body, to the byte; - is what is piped in
    #[arg(short, long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// A header of the request
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// A file with the headers, one a line
    #[arg(long, value_name = "FILE")]
    headers_file: Option<PathBuf>,
    /// The method, for schemes that sign it
    #[arg(long)]
    method: Option<String>,
    /// The moment to judge it at, in unix seconds [default: when the request was saved, else now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    at: Option<i64>,
}

impl Given {
    /// Reads the request, and the moment to judge it at.
    pub(super) fn read(&self) -> Outcome<(Message, i64)> {
        if let Some(path) = &self.request {
            let (message, received) = Message::read(path)?;
            return Ok((message, self.at.or(received).unwrap_or_else(input::seconds)));
        }
        let Some(path) = &self.body else {
            return Err(Failure::usage("there is no request: give a saved one, or --body and --header"));
        };
        let mut headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
        if let Some(path) = &self.headers_file {
            for line in input::text(path)?.lines().filter(|line| !line.trim().is_empty()) {
                let (name, value) = header(line)
                    .map_err(|error| Failure::usage(format!("{}: {line:?}: {error}", path.display())))?;
                headers.push((name, value.into_bytes()));
            }
        }
        let message = Message {
            method: self.method.clone().unwrap_or_else(|| "POST".to_owned()),
            target: String::new(),
            headers,
            body: input::file(path)?,
        };
        Ok((message, self.at.unwrap_or_else(input::seconds)))
    }
}

/// Hands a message over to the core.
pub(super) fn request<'m>(message: &'m Message, url: &'m str) -> Request<'m> {
    let request = Request::new(&message.body, &message.headers).with_method(&message.method);
    if url.is_empty() { request } else { request.with_url(url) }
}

impl Verify {
    pub(super) fn run(&self, output: Output) -> Outcome {
        let verifying = Verifying::read(&self.keys, &self.checks)?;
        let verifier = verifying.verifier()?;
        let (mut message, now) = self.given.read()?;
        let unpacked = message.unpack(verifying.max_body).map_err(|it| it.error(verifying.max_body));
        let judged = unpacked.and_then(|_| {
            verifier.prewarm()?;
            verifier.verify_at(&request(&message, &message.target), now)
        });
        match judged {
            Ok(event) => {
                output.line(format_args!("{} {}", styled(GOOD, "authentic:"), summary(&event)))?;
                output.object(&described(&event))?;
                Ok(Exit::Accepted)
            }
            Err(error) => {
                let nothing = EVENT_MEMBERS.map(|name| (name.to_owned(), Value::Null));
                refused(&error, nothing.into_iter().collect(), output)
            }
        }
    }
}

/// What an event has for programs, beside the verdict.
const EVENT_MEMBERS: [&str; 8] =
    ["id", "type", "is_ping", "data", "attributes", "sent_at", "occurred_at", "proof"];

/// Tells of a request that was refused, or that nobody can judge now; programs read the further members too.
pub(super) fn refused(error: &Error, mut members: Map<String, Value>, output: Output) -> Outcome {
    let (code, message) = (error.code().as_str(), error.to_string());
    let (verdict, word, exit) = match error.kind() {
        Kind::KeysUnavailable => ("undecided", "undecided:", Exit::Unreachable),
        // What is wrong is the command line, such as a URL that the scheme signs and nobody gave.
        Kind::Configuration => return Err(Failure::Usage(message)),
        Kind::Verification | Kind::Payload => ("rejected", "not authentic:", Exit::Rejected),
    };
    output.line(format_args!("{} {code}: {}", styled(BAD, word), harmless(&message)))?;
    members.extend(
        [("verdict", verdict), ("code", code), ("message", &message)]
            .map(|(name, text)| (name.to_owned(), text.into())),
    );
    output.object(&Value::Object(members))?;
    Ok(exit)
}

/// Tells of an event what a developer looks for first.
pub(super) fn summary(event: &Event<'_>) -> String {
    let what =
        if event.is_ping() { "a test of the connection" } else { event.event_type().unwrap_or("an event") };
    let id = event.id().map(|id| format!(", id {id}")).unwrap_or_default();
    let covers: Vec<_> = event.proof().covers().iter().collect();
    let proven = if covers.is_empty() {
        "nothing of the request itself, only who sent it".to_owned()
    } else {
        covers.join(", ")
    };
    harmless(&format!("{what}{id}; proven: {proven} ({})", event.proof().algorithm()))
}

/// Describes an event for programs.
pub(super) fn described(event: &Event<'_>) -> Value {
    let proof = event.proof();
    json!({
        "verdict": "accepted",
        "code": null,
        "message": null,
        "id": event.id(),
        "type": event.event_type(),
        "is_ping": event.is_ping(),
        "data": event.data().and_then(|data| serde_json::from_str::<Value>(data).ok()),
        "attributes": event.attributes().collect::<std::collections::BTreeMap<_, _>>(),
        "sent_at": event.sent_at().map(crate::Timestamp::unix_seconds),
        "occurred_at": event.occurred_at().map(crate::Timestamp::unix_seconds),
        "proof": {
            "covers": proof.covers().iter().collect::<Vec<_>>(),
            "algorithm": proof.algorithm(),
            "key_index": proof.key_index(),
            "content": proof.content().as_str(),
        },
    })
}
