//! Sends webhooks from a job table on Redis: signed anew at each attempt, tried again as a plan says, and never to an
//! address of the sender's own network.
//!
//! ```text
//! send_deliveries add  REDIS_URL < jobs      one JSON object a line: {"id", "url", "type", "body"}
//! send_deliveries work REDIS_URL [--provider NAME] [--plan JSON] [--allow NETWORK]… [--until-done]
//! ```
//!
//! The secret is in `HOOKPROOF_SECRET`. Any number of workers share a table. A worker may be killed at any moment: what
//! it was sending is sent again, under the same id, once its lease is over. Every attempt is printed as a line of JSON.

mod attempt;
mod guard;
mod jobs;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hookproof::{AddressPolicy, Delivery, Provider, RetryPolicy, Signer};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use attempt::Sender;
use jobs::{Job, Jobs, Taken};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How many requests one worker has open at once: a receiver that hangs holds up one of them.
const AT_ONCE: usize = 16;
/// How long a receiver may take where the plan does not say.
const TIMEOUT: Duration = Duration::from_secs(15);
/// What a lease lasts beyond the time limit of an attempt.
const MARGIN: Duration = Duration::from_secs(2);
/// How often an idle worker looks for new jobs.
const PAUSE: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["add", url] => add(&Jobs::connect(url).await?).await,
        ["work", url, options @ ..] => {
            let options = Options::read(options)?;
            work(Jobs::connect(url).await?, options).await
        }
        _ => Err("expected: add REDIS_URL, or work REDIS_URL [option]…".into()),
    }
}

/// Reads new jobs from the standard input.
async fn add(jobs: &Jobs) -> Result<(), Failure> {
    for line in std::io::stdin().lock().lines() {
        let mut job: Job = serde_json::from_str(&line?)?;
        // The seed spreads the retries of many deliveries that failed together.
        job.delivery = Delivery::new(RandomState::new().hash_one(&job.id), now_millis()).to_json();
        jobs.add(&job, now_millis()).await?;
    }
    Ok(())
}

async fn work(jobs: Jobs, options: Options) -> Result<(), Failure> {
    let timeout = options.plan.timeout().unwrap_or(TIMEOUT);
    let signer = Signer::builder(options.provider)?.secret(std::env::var("HOOKPROOF_SECRET")?).build()?;
    let sender = Sender::new(signer, options.addresses, timeout)?;
    let worker = Worker { jobs, sender, plan: options.plan, lease: timeout.saturating_add(MARGIN) };
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        tasks.spawn(worker.clone().run(options.until_done));
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

#[derive(Clone)]
struct Worker {
    jobs: Jobs,
    sender: Sender,
    plan: RetryPolicy,
    lease: Duration,
}

impl Worker {
    async fn run(self, until_done: bool) -> Result<(), Failure> {
        loop {
            match self.jobs.take(now_millis(), self.lease).await? {
                Taken::Job { job, lease } => self.attempt(job, lease).await?,
                // Not later than the next one is due, and not so late that a new one waits for long.
                Taken::Nothing { next: Some(next) } => {
                    let due = u64::try_from(next.saturating_sub(now_millis())).unwrap_or_default();
                    sleep(Duration::from_millis(due).min(PAUSE)).await;
                }
                Taken::Nothing { next: None } if until_done => return Ok(()),
                Taken::Nothing { next: None } => sleep(PAUSE).await,
            }
        }
    }

    /// Makes one attempt, lets the delivery decide what is next, and saves that before anything else happens.
    async fn attempt(&self, mut job: Job, lease: i64) -> Result<(), Failure> {
        let mut delivery = Delivery::from_json(&job.delivery)?;
        let answer = self.sender.send(&job).await;
        delivery.record(&self.plan, answer.status, answer.retry_after.as_deref(), now_millis())?;
        job.delivery = delivery.to_json();
        let saved = self.jobs.save(&job, delivery.due_at(), lease).await?;
        let line = json!({
            "id": job.id,
            "attempt": delivery.attempts(),
            "status": answer.status,
            "problem": answer.problem,
            "state": delivery.state().as_str(),
            "due_at": delivery.due_at(),
            "saved": saved,
        });
        writeln!(std::io::stdout().lock(), "{line}")?;
        Ok(())
    }
}

struct Options {
    provider: Provider,
    plan: RetryPolicy,
    addresses: AddressPolicy,
    until_done: bool,
}

impl Options {
    fn read(words: &[&str]) -> Result<Self, Failure> {
        let (mut provider, mut plan, mut allow, mut until_done) =
            ("standard-webhooks", None, Vec::new(), false);
        let mut words = words.iter().copied();
        while let Some(name) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{name} needs a value"));
            match name {
                "--provider" => provider = value()?,
                "--plan" => plan = Some(RetryPolicy::from_json(value()?)?),
                "--allow" => allow.push(value()?),
                "--until-done" => until_done = true,
                other => return Err(format!("there is no option {other}").into()),
            }
        }
        let provider = Provider::named(provider)?;
        let plan = plan.map_or_else(|| provider.retry_policy(), Ok)?;
        Ok(Self { provider, plan, addresses: AddressPolicy::new(allow, [""; 0])?, until_done })
    }
}

/// The clock that all workers of a table share: those of other machines have to be in step.
fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
