//! One JSON object a line on standard output, and nothing else.
#![expect(clippy::print_stdout, reason = "the lines are what the programs are for")]

use serde_json::{Map, Value, json};

use crate::Failure;
use crate::rounds::Pace;
use crate::rounds::{Contender, Figures, measured};

const LOCK: &str = include_str!("../Cargo.lock");

/// Prints which version of each is measured.
pub fn print_versions(packages: &[&str]) {
    let mut versions: Map<String, Value> =
        packages.iter().map(|package| ((*package).to_owned(), json!(version(package)))).collect();
    versions.insert("rustc".to_owned(), json!(env!("RUSTC_VERSION")));
    print(&json!({ "language": "rust", "versions": versions }));
}

/// Prints one line.
pub fn print(line: &Value) {
    println!("{line}");
}

/// Measures a row and prints it.
///
/// # Errors
/// A contender has no figures.
pub fn measure<R>(
    row: &str,
    bytes: usize,
    mut contenders: Vec<Contender<'_, R>>,
    pace: Pace,
) -> Result<(), Failure> {
    let figures = measured(&mut contenders, pace);
    let each = |value: fn(&Figures) -> Value| -> Map<String, Value> {
        contenders
            .iter()
            .zip(&figures)
            .map(|(contender, it)| (contender.name.to_owned(), value(it)))
            .collect()
    };
    let (ns, quartiles) = (each(|it| json!(tenth(it.median))), each(|it| json!(it.quartiles.map(tenth))));
    if ns.values().any(Value::is_null) {
        return Err(format!("the row {row} has a contender without figures").into());
    }
    print(&json!({ "language": "rust", "row": row, "bytes": bytes, "ns": ns, "quartiles": quartiles }));
    Ok(())
}

/// Rounds to a tenth: what comes after is noise.
#[must_use]
pub fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Finds the version that the lock file has; the newest where it has several.
fn version(package: &str) -> Option<&'static str> {
    let name = format!("name = \"{package}\"");
    let mut lines = LOCK.lines();
    let mut found = None;
    while let Some(line) = lines.next() {
        if line == name {
            found = lines.next().and_then(|line| line.split('"').nth(1));
        }
    }
    found
}
