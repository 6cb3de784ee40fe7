use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::exit::{Exit, Outcome};
use super::input;
use super::output::{FAINT, Output, STRONG, styled};
use super::plot::{Chart, Series};
use super::providers::table;
use super::simulate::Simulate;
use super::{picture, plot};
use crate::RetryPolicy;

/// Show when a provider tries again, as a table, a plot and a picture; or what its plan does to a receiver
#[derive(Args, Debug)]
pub(super) struct Plan {
    /// A provider, or the file of one of your own
    provider: String,
    /// The seed of the jitter [default: a random one]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Plot it in the terminal
    #[arg(long)]
    plot: bool,
    /// Draw it into a file
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Simulate how many senders come back to a receiver after an outage, for each kind of jitter
    #[arg(long)]
    simulate: bool,
    #[command(flatten)]
    simulation: Simulate,
}

impl Plan {
    pub(super) fn run(&self, output: Output) -> Outcome {
        let provider = input::provider(&self.provider)?;
        let policy = provider.retry_policy()?;
        let seed = self.seed.map_or_else(input::seed, Ok)?;
        let chart = if self.simulate {
            self.simulation.run(&provider, seed, output)?
        } else {
            schedule(provider.title(), &policy, seed, output)?
        };
        if self.plot {
            output.line(plot::draw(&chart))?;
        }
        if let Some(path) = &self.png {
            picture::write(&chart, path)?;
            output.note(format_args!("wrote {}", path.display()));
        }
        Ok(Exit::Accepted)
    }
}

fn schedule(title: &str, policy: &RetryPolicy, seed: u64, output: Output) -> Outcome<Chart> {
    output.line(format_args!("{}: {} retries, seed {seed}", styled(STRONG, title), policy.retries()))?;
    let mut rows = table(&["retry", "planned delay", "with jitter", "after the first attempt"]);
    let mut since = Duration::ZERO;
    let mut points = vec![(0.0, 0.0)];
    for (retry, (base, delay)) in
        (1_u32..).zip(policy.schedule().into_iter().zip(policy.schedule_seeded(seed)))
    {
        since = since.saturating_add(delay);
        points.push((f64::from(retry), since.as_secs_f64()));
        rows.add_row([retry.to_string(), shown(base), shown(delay), shown(since)]);
        output.object(&json!({
            "retry": retry, "base_seconds": base.as_secs_f64(), "delay_seconds": delay.as_secs_f64(),
            "since_first_seconds": since.as_secs_f64(),
        }))?;
    }
    output.line(rows.trim_fmt())?;
    if let Some(words) = policy.disabled_after() {
        output.line(format_args!("The endpoint is disabled after {words}."))?;
    }
    for assumed in policy.assumed() {
        output.line(styled(FAINT, format_args!("Assumed: {assumed}.")))?;
    }
    Ok(Chart {
        title: format!("{title}: attempts over time"),
        x: "retry".into(),
        y: "seconds after the first attempt".into(),
        series: vec![Series { name: title.to_owned(), points }],
    })
}

/// Writes a duration as people say it, to the millisecond where that matters.
pub(super) fn shown(delay: Duration) -> String {
    let seconds = delay.as_secs();
    if seconds < 60 {
        return format!("{:.3} s", delay.as_secs_f64());
    }
    let (hours, minutes, rest) = (seconds / 3600, (seconds % 3600) / 60, seconds % 60);
    let short = format!("{minutes:02} min {rest:02} s");
    if hours > 0 { format!("{hours} h {short}") } else { short }
}
