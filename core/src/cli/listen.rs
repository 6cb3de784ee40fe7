use std::net::TcpListener;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::client::{Client, Trust, check_url};
use super::exit::{Exit, Failure, Outcome};
use super::journal::Journal;
use super::keys::{Checks, Keys};
use super::output::{Output, STRONG, styled};
use super::reception::Reception;
use super::server::serve;
use super::verifying::Verifying;

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
    #[command(flatten)]
    trust: Trust,
    /// Save every request, to the byte, in this folder: for `hookproof replay`, `verify` and `explain`
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// End after this many requests
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

impl Listen {
    pub(super) fn run(&self, output: Output) -> Outcome {
        if let Some(url) = &self.forward {
            check_url(url)?;
        }
        let verifying = Verifying::read(&self.keys, &self.checks)?;
        let (title, name) = (verifying.provider.title().to_owned(), verifying.provider.name().to_owned());
        let most_body = verifying.max_body;
        let client = Client::new(Reception::PATIENCE, &self.trust)?;
        let journal = Journal::open(self.save.clone(), output)?;
        let reception = Reception::new(verifying, journal, self.forward.clone(), client)?;
        let address = format!("{}:{}", self.host, self.port);
        let listener = TcpListener::bind(&address).map_err(Failure::about(&address))?;
        let url = format!("http://{}/", listener.local_addr().map_err(Failure::about(&address))?);
        output.line(format_args!("listening for {title} on {}", styled(STRONG, &url)))?;
        output.object(&json!({ "listening": url, "provider": name }))?;
        let answered = serve(listener, most_body, move |incoming| reception.receive(incoming));
        for _ in 0..self.count.unwrap_or(u64::MAX) {
            match answered.recv() {
                Ok(told) => told?,
                Err(_) => break,
            }
        }
        Ok(Exit::Accepted)
    }
}
