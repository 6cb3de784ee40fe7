use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::client::{Answer, Client, Trust, check_url};
use super::exit::{Exit, Failure, Outcome};
use super::input;
use super::keys::{Keys, Signing};
use super::output::{HINT, Output, styled};
use super::show;
use super::tamper::Faults;
use crate::{Action, Delivery, Message, Provider, RetryPolicy, Sample, Signer};

/// Send a signed request to a receiver, as the provider sends it
///
/// Without --body, a sample of the provider's events is sent. Exit status 0: the receiver accepted it by the provider's
/// rules; 1: it did not; 3: no answer came.
#[derive(Args, Debug)]
pub(super) struct Send {
    /// Where to
    url: String,
    #[command(flatten)]
    keys: Keys,
    #[command(flatten)]
    signing: Signing,
    /// The type of the event; of a sample, one that `hookproof providers NAME` lists
    #[arg(short, long, value_name = "TYPE")]
    event: Option<String>,
    /// Send this file as the body, to the byte; - is what is piped in
    #[arg(short, long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// The id of the event [default: a random one]
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    faults: Faults,
    /// Send it this many times more, with the same id, as a provider does that missed an answer
    #[arg(long, value_name = "N", default_value_t = 0)]
    duplicate: u32,
    /// Try again until it is accepted or the provider's plan ends
    #[arg(long)]
    retry: bool,
    /// How many times faster than planned to try again: 60 makes a second of a minute
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, requires = "retry", value_parser = speed)]
    speed: f64,
    /// The seed of the jitter [default: a random one]
    #[arg(long, value_name = "N", requires = "retry")]
    seed: Option<u64>,
    /// How long to wait for an answer, in seconds [default: the provider's time-out, else 15]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..=600))]
    timeout: Option<u16>,
    /// A further header, such as `X-Source: test`
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    #[command(flatten)]
    trust: Trust,
}

/// What is sent: the same in every attempt, but for the moment that is signed.
struct Outgoing<'s> {
    send: &'s Send,
    signer: Signer,
    id: String,
    event_type: Option<String>,
    sample: Option<Sample>,
    dated: i64,
    /// What a provider sends beside the headers that a signer makes.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    user_agent: String,
}

impl Send {
    pub(super) fn run(&self, output: Output) -> Outcome {
        check_url(&self.url)?;
        let provider = self.keys.provider()?;
        let policy = provider.retry_policy().ok();
        let outgoing = self.outgoing(&provider, output)?;
        let planned = policy.as_ref().and_then(RetryPolicy::timeout).map_or(15, |timeout| timeout.as_secs());
        let client = Client::new(Duration::from_secs(self.timeout.map_or(planned, u64::from)), &self.trust)?;
        if self.faults.stale && !covers(&provider, "timestamp") && !is_token(&provider) {
            output.note(format_args!(
                "{} {} signs no time, so a stale request is as good as a new one: only its id tells",
                styled(HINT, "note:"),
                provider.title()
            ));
        }
        let mut exit = self.deliver(&outgoing, &client, policy.as_ref(), output)?;
        for _ in 0..self.duplicate {
            exit = outgoing.attempt(&client, policy.as_ref(), 1, output)?.1;
        }
        Ok(exit)
    }

    /// Makes the first attempt and, if asked to, those that the plan has.
    fn deliver(
        &self,
        outgoing: &Outgoing<'_>,
        client: &Client,
        policy: Option<&RetryPolicy>,
        output: Output,
    ) -> Outcome {
        let (mut answer, mut exit) = outgoing.attempt(client, policy, 1, output)?;
        let Some(policy) = policy.filter(|_| self.retry) else {
            if self.retry {
                return Err(Failure::usage(
                    "no retry plan is known for this provider, so --retry cannot follow it",
                ));
            }
            return Ok(exit);
        };
        let seed = self.seed.map_or_else(input::seed, Ok)?;
        let mut delivery = Delivery::new(seed, input::millis());
        loop {
            // The plan counts its own time: what --speed compresses must not count against a deadline.
            let now = delivery.due_at().unwrap_or_else(input::millis);
            let (status, retry_after) = (
                answer.as_ref().map(|answer| answer.status),
                answer.as_ref().and_then(|answer| answer.header("retry-after")),
            );
            let decision = delivery.record(policy, status, retry_after, now)?;
            show::decision(&decision, &delivery, output)?;
            let Some(delay) = decision.delay else { return Ok(exit) };
            wait(delay, self.speed, delivery.attempts(), policy.retries(), output);
            (answer, exit) =
                outgoing.attempt(client, Some(policy), delivery.attempts().saturating_add(1), output)?;
        }
    }

    fn outgoing(&self, provider: &Provider, output: Output) -> Outcome<Outgoing<'_>> {
        let id = self.id.clone().map_or_else(input::uuid, Ok)?;
        let mut outgoing = Outgoing {
            send: self,
            signer: self.keys.signer(&self.signing)?,
            event_type: self.event.clone(),
            sample: None,
            headers: Vec::new(),
            dated: self.faults.moment(input::seconds()),
            body: Vec::new(),
            user_agent: concat!("hookproof/", env!("CARGO_PKG_VERSION")).to_owned(),
            id,
        };
        let samples = Sample::of(provider)?;
        let sample = match &self.event {
            None => samples.first(),
            Some(name) => samples.iter().find(|sample| sample.name() == name),
        };
        if let Some(sample) = sample {
            let uuid = self.id.as_deref().map_or_else(input::uuid, |id| Ok(input::uuid_of(id)))?;
            let filled = sample.fill(&outgoing.id, &uuid, outgoing.dated);
            outgoing.event_type = sample.event_type().map(str::to_owned);
            outgoing.sample = Some(sample.clone());
            outgoing.body = filled.body;
            outgoing.headers = filled.headers;
            outgoing.user_agent = filled.user_agent.unwrap_or(outgoing.user_agent);
        }
        match (&self.body, sample) {
            (Some(path), _) => outgoing.body = input::file(path)?,
            (None, Some(_)) if Sample::are_documented(provider) => {}
            (None, Some(_)) => output.note(format_args!(
                "{} {} has no samples here: this body is hookproof's own, --body sends yours",
                styled(HINT, "note:"),
                provider.title()
            )),
            (None, None) => {
                let names: Vec<_> = samples.iter().map(Sample::name).collect();
                return Err(Failure::usage(format!(
                    "there is no sample of that type: send one with --body, or one of {}",
                    names.join(", ")
                )));
            }
        }
        Ok(outgoing)
    }
}

impl Outgoing<'_> {
    /// Signs the request for now, sends it and shows what came of it.
    fn attempt(
        &self,
        client: &Client,
        policy: Option<&RetryPolicy>,
        number: u32,
        output: Output,
    ) -> Outcome<(Option<Answer>, Exit)> {
        let now = self.send.faults.moment(input::seconds());
        let mut message =
            Message::new(&self.body).with_id(&self.id).at(now).with_method("POST").with_url(&self.send.url);
        message.event_type = self.event_type.as_deref();
        if let Some(sample) = &self.sample {
            // Some providers name every request of a delivery anew.
            message.attributes = sample.fill(&self.id, &input::uuid()?, self.dated).attributes;
        }
        let signed = self.signer.sign(&message)?;
        let mut headers = vec![
            ("Content-Type".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), self.user_agent.clone().into_bytes()),
        ];
        headers.extend(signed.headers.into_iter().map(|(name, value)| (name, value.into_bytes())));
        let further = self.headers.iter().chain(&self.send.headers);
        let further = further.map(|(name, value)| (name.clone(), value.clone().into_bytes()));
        headers.extend(further);
        let mut body = signed.body;
        self.send.faults.apply(covers(self.signer.provider(), "body"), &mut headers, &mut body);
        show::request(&self.send.url, &headers, &body, output)?;
        let answer = client.send("POST", &self.send.url, &headers, &body);
        let accepted = answer.as_ref().is_ok_and(|answer| is_success(policy, answer.status));
        show::answer(&self.send.url, number, &headers, &body, &answer, accepted, output)?;
        let exit = if answer.is_ok() { Exit::accepted(accepted) } else { Exit::Unreachable };
        Ok((answer.ok(), exit))
    }
}

/// Tells whether a receiver has accepted by the provider's rules: Fast Events takes 200 alone.
fn is_success(policy: Option<&RetryPolicy>, status: u16) -> bool {
    policy.map_or((200..=299).contains(&status), |policy| {
        policy.next(&crate::Attempt::new(1, Some(status), 0)).action == Action::Delivered
    })
}

fn covers(provider: &Provider, part: &str) -> bool {
    let description = provider.describe();
    description.get("covers").and_then(Value::as_array).into_iter().flatten().any(|name| name == part)
}

fn is_token(provider: &Provider) -> bool {
    provider.describe().get("scheme").is_some_and(|scheme| scheme == "bearer")
}

/// Waits for the next attempt behind a line that counts down.
fn wait(delay: Duration, speed: f64, attempt: u32, retries: u32, output: Output) {
    let waited = Duration::try_from_secs_f64(delay.as_secs_f64() / speed).unwrap_or(delay);
    let bar = if output.is_json() { ProgressBar::hidden() } else { ProgressBar::new(100) };
    if let Ok(style) = ProgressStyle::with_template("  {msg} {bar:30} {percent}%") {
        bar.set_style(style);
    }
    bar.set_message(format!("retry {attempt} of {retries} in {delay:.1?}"));
    for _ in 0..100 {
        sleep(waited.checked_div(100).unwrap_or_default());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let compressed = if speed > 1.0 { format!(" (waited {waited:.1?})") } else { String::new() };
    // The bar itself is gone, and nowhere to be seen where the output is not a terminal.
    let _ = output.line(format_args!("retry {attempt} of {retries} after {delay:.1?}{compressed}"));
}

fn speed(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "expected a number".to_owned())?;
    if factor.is_finite() && factor >= 0.001 {
        Ok(factor)
    } else {
        Err("expected a number of at least 0.001".into())
    }
}

pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("expected NAME: VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
