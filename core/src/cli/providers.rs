#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

use clap::Args;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use terminal_size::{Width, terminal_size_of};

use super::exit::{Exit, Outcome};
use super::input;
use super::output::{Output, STRONG, styled};
use super::plan::shown;
use crate::{Provider, Sample};

/// List the providers that are built in, or tell what is known of one
#[derive(Args, Debug)]
pub(super) struct Providers {
    /// A provider
    name: Option<String>,
}

impl Providers {
    pub(super) fn run(&self, output: Output) -> Outcome {
        match &self.name {
            Some(name) => one(&input::provider(name)?, output)?,
            None => all(output)?,
        }
        Ok(Exit::Accepted)
    }
}

fn all(output: Output) -> Outcome<()> {
    let mut table = table(&["name", "title", "algorithm", "proves", "retries"]);
    for name in Provider::names() {
        let description = Provider::named(name)?.describe();
        let retries =
            description["retry_delays_seconds"].as_array().map_or("?".to_owned(), |it| it.len().to_string());
        output.object(&json!({
            "name": name, "title": description["title"], "algorithms": description["algorithms"],
            "covers": description["covers"],
        }))?;
        let text = |member: &str| words(&description[member]);
        table.add_row([name.to_owned(), text("title"), text("algorithms"), text("covers"), retries]);
    }
    output.line(table.trim_fmt())?;
    Ok(())
}

fn one(provider: &Provider, output: Output) -> Outcome<()> {
    let mut description = provider.describe();
    let samples: Vec<_> = Sample::of(provider)?.iter().map(|sample| sample.name().to_owned()).collect();
    let documented = Sample::are_documented(provider);
    if let Value::Object(members) = &mut description {
        members.insert("samples".to_owned(), if documented { json!(samples) } else { json!([]) });
    }
    output.object(&description)?;
    output.line(format_args!("{} ({})", styled(STRONG, provider.title()), provider.name()))?;
    let rows = [
        ("signed with", "algorithms"),
        ("written in", "encodings"),
        ("signed is", "signed_content"),
        ("so it proves", "covers"),
        ("headers read", "headers"),
        ("tolerance, s", "tolerance_seconds"),
        ("duplicates by", "idempotency"),
        ("handshakes", "handshakes"),
        ("samples", "samples"),
        ("evidence", "evidence"),
        ("assumed", "assumed"),
        ("pages", "docs"),
    ];
    for (label, member) in rows {
        let text = description.get(member).map(words).unwrap_or_default();
        if !text.is_empty() {
            output.line(format_args!("  {label:<14} {text}"))?;
        }
    }
    let replies = description["replies"].as_object().into_iter().flatten();
    let replies: Vec<_> = replies.map(|(outcome, status)| format!("{outcome} {status}")).collect();
    output.line(format_args!("  {:<14} {}", "answers", replies.join(", ")))?;
    match provider.retry_policy() {
        Ok(policy) => output.line(format_args!(
            "  {:<14} {} within {} at most (`hookproof plan {}`)",
            "retries",
            policy.retries(),
            shown(policy.longest_span()),
            provider.name()
        ))?,
        Err(error) => output.line(format_args!("  {:<14} {error}", "retries"))?,
    }
    Ok(())
}

/// Writes a value as text: a list with commas, nothing for null.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Makes a table without lines: they are noise when it is piped on. In a terminal it is as wide as that.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    // A name is to be copied.
    if let Some(first) = table.column_mut(0) {
        first.set_constraint(ColumnConstraint::ContentWidth);
    }
    if let Some((Width(columns), _)) = terminal_size_of(std::io::stdout()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
    }
    table
}
