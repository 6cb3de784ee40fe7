//! A million calls, good and hostile, leave nothing behind: no memory, no handle, no thread.
//!
//! `cargo run --release --example robustness_endurance -- 1000000` prints the figures and fails where they grow.

#![expect(clippy::print_stdout, reason = "it prints its figures")]

#[path = "../../../core/tests/support/case.rs"]
mod case;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use hookproof::{Kind, Message, Signer, SignerBuilder};
use serde_json::Value;

/// Ten bytes that each call lost would be more.
const MOST_GROWTH_KIB: i64 = 8 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let calls: usize = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let seed: u64 = std::env::var("SEED").map_or(Ok(20_261_122), |text| text.parse())?;
    let (requests, messages) = (cases("verify")?, cases("sign")?);
    let requests: Vec<Value> = requests.into_iter().filter(is_small).collect();
    let mut drawn = Drawn(seed);
    let warm_up = calls / 5;
    let rest = calls.saturating_sub(warm_up);
    run(warm_up, &requests, &messages, &mut drawn)?;
    let before = Held::now();
    let started = Instant::now();
    run(rest, &requests, &messages, &mut drawn)?;
    let elapsed = started.elapsed().as_secs_f64();
    let after = Held::now();
    let growth = after.resident_kib.saturating_sub(before.resident_kib);
    let (files, threads) =
        (after.files.saturating_sub(before.files), after.threads.saturating_sub(before.threads));
    let per_second = u32::try_from(rest).map(f64::from)? / elapsed;
    println!(
        "robustness rust endurance: calls={calls} seed={seed} calls_per_second={per_second:.0} rss_mib={} \
         rss_growth_kib={growth} open_files_growth={files} threads_growth={threads}",
        after.resident_kib / 1024,
    );
    if growth > MOST_GROWTH_KIB || files != 0 || threads != 0 {
        return Err("the process grew".into());
    }
    Ok(())
}

/// Makes calls of every kind: a verifier is built for each request, and a signer for each message.
fn run(
    count: usize,
    requests: &[Value],
    messages: &[Value],
    drawn: &mut Drawn,
) -> Result<(), Box<dyn Error>> {
    for _ in 0..count {
        if drawn.below(8) == 0 {
            let Some(case) = messages.get(drawn.below(messages.len())) else { continue };
            sign(case)?;
        } else {
            let Some(case) = requests.get(drawn.below(requests.len())) else { continue };
            judge(case)?;
        }
    }
    Ok(())
}

fn judge(case: &Value) -> Result<(), Box<dyn Error>> {
    let expect = case.get("expect").ok_or("a case without an expectation")?;
    let expected = (
        expect.get("verdict").and_then(Value::as_str).unwrap_or_default(),
        expect.get("code").and_then(Value::as_str).unwrap_or_default(),
    );
    let found = match case::judge(case) {
        Ok(event) => {
            // Reads what is read late.
            let _ = (event.data(), event.idempotency_key(), event.attributes().count());
            ("accept", "")
        }
        Err(error) => {
            let verdict = match error.kind() {
                Kind::Configuration | Kind::Verification => "reject",
                Kind::Payload => "payload",
                Kind::KeysUnavailable => "unavailable",
            };
            (verdict, error.code().as_str())
        }
    };
    if found == expected { Ok(()) } else { Err(format!("{:?}: {found:?}", case.get("id")).into()) }
}

fn sign(case: &Value) -> Result<(), Box<dyn Error>> {
    let part = |name: &str| case.get(name).ok_or("a case without a part");
    let (given, options) = (part("message")?, part("options")?);
    let option = |name: &str| options.get(name).and_then(Value::as_str);
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let mut builder = Signer::builder(case::provider(part("provider")?)?)?;
    builder = case::texts(part("secret")?).fold(builder, SignerBuilder::secret);
    builder = option("issuer").into_iter().fold(builder, SignerBuilder::issuer);
    builder = option("audience").into_iter().fold(builder, SignerBuilder::audience);
    builder = option("key_id").into_iter().fold(builder, SignerBuilder::key_id);
    let body = case::body(given);
    let mut message = Message::new(&body).at(given.get("now").and_then(Value::as_i64).unwrap_or_default());
    message.id = text("id");
    message.event_type = text("type");
    message.method = text("method");
    message.url = text("url");
    for (name, value) in given.get("attributes").and_then(Value::as_object).into_iter().flatten() {
        message = message.with_attribute(name, value.as_str().unwrap_or_default());
    }
    builder.build()?.sign(&message)?;
    Ok(())
}

fn cases(folder: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(folder);
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    // The order in which a folder is listed differs between machines, and a seed must mean the same.
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let document: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        cases.extend(document.get("cases").map(case::list).into_iter().flatten().cloned());
    }
    Ok(cases)
}

/// Tells cases without a body of megabytes or one that something parsed before, which Rust does not have.
fn is_small(case: &Value) -> bool {
    case.get("body_repeat").is_none() && case.get("body_parsed").is_none()
}

/// What a process can run out of; 0 where the system does not tell.
struct Held {
    resident_kib: i64,
    files: i64,
    threads: i64,
}

impl Held {
    fn now() -> Self {
        let count = |folder: &str| fs::read_dir(folder).map_or(0, Iterator::count);
        let resident = fs::read_to_string("/proc/self/status")
            .ok()
            .and_then(|text| {
                let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
                line.trim().trim_end_matches(" kB").parse().ok()
            })
            .unwrap_or_default();
        let number = |count: usize| i64::try_from(count).unwrap_or_default();
        Self {
            resident_kib: resident,
            files: number(count("/proc/self/fd")),
            threads: number(count("/proc/self/task")),
        }
    }
}

/// Draws numbers, the same for a seed on every machine (xorshift64*).
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or_default().checked_rem(limit).unwrap_or_default()
    }
}
