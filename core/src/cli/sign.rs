use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::exit::{Exit, Outcome};
use super::input;
use super::keys::{Keys, Signing};
use super::output::Output;
use crate::Message;

/// Print the headers that a provider would send with a body
#[derive(Args, Debug)]
pub(super) struct Sign {
    #[command(flatten)]
    keys: Keys,
    #[command(flatten)]
    signing: Signing,
    /// The body, to the byte; - is what is piped in
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    body: PathBuf,
    /// The id of the message
    #[arg(long)]
    id: Option<String>,
    /// The type of the event
    #[arg(short, long, value_name = "TYPE")]
    event: Option<String>,
    /// The moment to sign, in unix seconds [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    at: Option<i64>,
    /// The method, for schemes that sign it
    #[arg(long, default_value = "POST")]
    method: String,
    /// The receiver's URL, for schemes that sign it
    #[arg(long)]
    url: Option<String>,
    /// An attribute that the provider sends in a header, such as `tenant=OU1243`
    #[arg(long, value_name = "NAME=VALUE", value_parser = attribute)]
    attribute: Vec<(String, String)>,
}

impl Sign {
    pub(super) fn run(&self, output: Output) -> Outcome {
        let body = input::file(&self.body)?;
        let signer = self.keys.signer(&self.signing)?;
        let mut message =
            Message::new(&body).at(self.at.unwrap_or_else(input::seconds)).with_method(&self.method);
        (message.id, message.event_type) = (self.id.as_deref(), self.event.as_deref());
        message.url = self.url.as_deref();
        message.attributes.clone_from(&self.attribute);
        let headers = signer.sign(&message)?.headers;
        for (name, value) in &headers {
            output.line(format_args!("{name}: {value}"))?;
        }
        output.object(&json!({ "headers": headers }))?;
        Ok(Exit::Accepted)
    }
}

fn attribute(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
