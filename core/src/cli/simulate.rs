#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::exit::{Failure, Outcome};
use super::output::{Output, STRONG, styled};
use super::plan::shown;
use super::plot::{Chart, Series};
use super::providers::table;
use crate::{Load, Outage, Provider, RetryPolicy};

/// An outage that is simulated.
#[derive(Args, Debug)]
pub(super) struct Simulate {
    /// How many senders have a message for the receiver
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    senders: u32,
    /// Over how many seconds those messages are made, from the beginning of the outage on
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "simulate", value_parser = clap::value_parser!(u64).range(0..=604_800))]
    spread: u64,
    /// How long nothing answers, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, requires = "simulate", value_parser = clap::value_parser!(u64).range(1..=604_800))]
    outage: u64,
    /// How many requests a second the receiver takes afterwards; it refuses the rest
    #[arg(long, value_name = "N", default_value_t = 50, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..))]
    capacity: u32,
}

/// How many points a chart has: more than a picture has columns to show.
const POINTS: usize = 240;

impl Simulate {
    pub(super) fn run(&self, provider: &Provider, seed: u64, output: Output) -> Outcome<Chart> {
        let length = Duration::from_secs(self.outage);
        let spread = Duration::from_secs(self.spread);
        let outage = Outage { senders: self.senders, spread, length, capacity: self.capacity, seed };
        output.line(format_args!(
            "{}: {} senders within {} s, an outage of {}, a receiver of {} requests a second, seed {seed}",
            styled(STRONG, provider.title()),
            self.senders,
            self.spread,
            shown(length),
            self.capacity
        ))?;
        let mut rows = table(&[
            "jitter",
            "requests",
            "peak a second",
            "peak / capacity",
            "delivered",
            "lost",
            "recovered after",
        ]);
        let mut loads = Vec::new();
        for (name, policy) in policies(provider)? {
            let load = outage.simulate(&policy);
            let times = f64::from(load.peak) / f64::from(self.capacity);
            rows.add_row([
                name.clone(),
                load.attempts.to_string(),
                load.peak.to_string(),
                format!("{times:.1}"),
                load.delivered.to_string(),
                load.lost.to_string(),
                load.recovered_after.map_or("-".to_owned(), shown),
            ]);
            output.object(&json!({
                "jitter": name, "attempts": load.attempts, "peak": load.peak, "delivered": load.delivered,
                "lost": load.lost, "recovered_after_seconds": load.recovered_after.map(|it| it.as_secs_f64()),
            }))?;
            loads.push((name, load));
        }
        output.line(rows.trim_fmt())?;
        Ok(self.chart(provider.title(), &loads))
    }

    fn chart(&self, title: &str, loads: &[(String, Load)]) -> Chart {
        // What comes long after the outage is a few requests an hour: it would only squeeze the rest.
        let shown = usize::try_from(self.outage.saturating_mul(4)).unwrap_or(usize::MAX);
        let longest = loads.iter().map(|(_, load)| load.arrived.len()).max().unwrap_or(0).min(shown);
        let width = longest.div_ceil(POINTS).max(1);
        let series = loads.iter().map(|(name, load)| Series {
            name: name.clone(),
            points: load
                .arrived
                .get(..load.arrived.len().min(longest))
                .unwrap_or_default()
                .chunks(width)
                .zip(0_u32..)
                .map(|(seconds, index)| {
                    let minutes = f64::from(index) * real(width) / 60.0;
                    (minutes, f64::from(seconds.iter().copied().max().unwrap_or(0)))
                })
                .collect(),
        });
        Chart {
            title: format!("{title}: {} senders, an outage of {} min", self.senders, self.outage / 60),
            x: "minutes since the outage began".into(),
            y: "requests a second".into(),
            series: series.collect(),
        }
    }
}

/// Returns the provider's own plan, and the same plan with each kind of jitter.
fn policies(provider: &Provider) -> Outcome<Vec<(String, RetryPolicy)>> {
    let file: Value =
        serde_json::from_str(provider.to_json()).map_err(|error| Failure::usage(error.to_string()))?;
    let plan = &file["retry"];
    let own = match &plan["jitter"] {
        Value::Null => "none".to_owned(),
        Value::String(name) => name.clone(),
        Value::Object(form) => form.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let mut policies = vec![(format!("{own} (the provider's)"), provider.retry_policy()?)];
    let others = [
        ("none", json!("none")),
        ("additive_percent 10", json!({ "additive_percent": 10 })),
        ("equal", json!("equal")),
        ("full", json!("full")),
        ("decorrelated", json!("decorrelated")),
    ];
    for (name, jitter) in others.into_iter().filter(|(name, _)| *name != own) {
        let mut changed = plan.clone();
        changed["jitter"] = jitter;
        if changed["cap_seconds"].is_null() && name == "decorrelated" {
            let longest = provider.retry_policy()?.schedule().into_iter().max().unwrap_or_default();
            changed["cap_seconds"] = longest.as_secs_f64().into();
        }
        // A plan whose first delay is 0 has no decorrelated form.
        if let Ok(policy) = RetryPolicy::from_json(&changed.to_string()) {
            policies.push((name.to_owned(), policy));
        }
    }
    Ok(policies)
}

fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
