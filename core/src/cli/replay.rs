use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::client::{Client, Trust, check_url};
use super::exit::{Exit, Failure, Outcome};
use super::message::Message;
use super::output::{BAD, GOOD, Output, STRONG, styled};
use super::send::header;
use super::server::reason;

/// Send saved requests once more, to the byte
///
/// Their signatures are those that they came with: a receiver that checks the time refuses them when they are old.
/// Exit status 0: every answer was a 2xx.
#[derive(Args, Debug)]
pub(super) struct Replay {
    /// A folder that `hookproof listen --save` wrote, or one file of it
    from: PathBuf,
    /// Where to
    url: String,
    /// A further header
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    #[command(flatten)]
    trust: Trust,
}

/// Headers that belong to a connection and not to a request.
pub(super) const HOP_BY_HOP: [&str; 6] =
    ["host", "connection", "content-length", "transfer-encoding", "expect", "keep-alive"];

impl Replay {
    pub(super) fn run(&self, output: Output) -> Outcome {
        check_url(&self.url)?;
        let client = Client::new(Duration::from_secs(30), &self.trust)?;
        let mut exit = Exit::Accepted;
        for path in self.files()? {
            let (message, _) = Message::read(&path)?;
            let mut headers = forwarded(&message);
            headers
                .extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())));
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let answer = client.send(&message.method, &self.url, &headers, &message.body);
            match answer {
                Ok(answer) => {
                    let accepted = (200..=299).contains(&answer.status);
                    let style = if accepted { GOOD } else { BAD };
                    let status = format!("{} {}", answer.status, reason(answer.status));
                    output.line(format_args!("{}  {}", styled(STRONG, &name), styled(style, status)))?;
                    output.object(&json!({ "file": name, "status": answer.status, "error": null }))?;
                    exit = if accepted { exit } else { Exit::Rejected };
                }
                Err(reason) => {
                    output.object(&json!({ "file": name, "status": null, "error": reason }))?;
                    return Err(Failure::Unreachable(format!("{}: {reason}", self.url)));
                }
            }
        }
        Ok(exit)
    }

    /// Lists the saved requests in the order in which they came.
    fn files(&self) -> Outcome<Vec<PathBuf>> {
        if !self.from.is_dir() {
            return Ok(vec![self.from.clone()]);
        }
        let shown = || self.from.display();
        let entries = std::fs::read_dir(&self.from).map_err(Failure::about(shown()))?;
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|it| it == "http"))
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(Failure::usage(format!("{} has no saved request (*.http)", shown())));
        }
        Ok(files)
    }
}

/// Returns the headers of a request that go with it to another receiver.
pub(super) fn forwarded(message: &Message) -> Vec<(String, Vec<u8>)> {
    let goes = |name: &str| !HOP_BY_HOP.iter().any(|known| name.eq_ignore_ascii_case(known));
    message.headers.iter().filter(|(name, _)| goes(name)).cloned().collect()
}
