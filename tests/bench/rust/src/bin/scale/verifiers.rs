//! A verifier for each tenant: what ten thousand take to build and to keep.

use std::hint::black_box;
use std::time::Instant;

use hookproof::Verifier;
use hookproof_bench::Failure;
use hookproof_bench::deliveries::{Deliveries, Tokens};
use hookproof_bench::output::{print, tenth};
use hookproof_bench::rounds::Figures;
use serde_json::json;

const TENANTS: u32 = 10_000;
const BATCH: u32 = 100;

type Build<'a> = Box<dyn Fn(u32) -> Result<Verifier, Failure> + 'a>;

pub fn measure(deliveries: &Deliveries) -> Result<(), Failure> {
    // All are kept to the end, so that none lies where another was.
    let mut kept = Vec::new();
    let kinds: [(&str, Build<'_>); 4] = [
        ("fourvenues", Box::new(|tenant| with_secret("fourvenues", &format!("the secret of {tenant:08}")))),
        ("stripe", Box::new(|tenant| with_secret("stripe", &format!("whsec_of_tenant_{tenant:08}")))),
        ("standard-webhooks", Box::new(|tenant| with_secret("standard-webhooks", &whsec(tenant)))),
        ("jwt-bearer, keys given", Box::new(|_| with_key_set(&deliveries.tokens))),
    ];
    for (name, build) in &kinds {
        // What is read once for all is not this verifier's.
        black_box(build(0)?);
        let before = resident_bytes()?;
        let mut verifiers = Vec::with_capacity(usize::try_from(TENANTS)?);
        let mut times = Vec::new();
        for batch in 0..TENANTS.div_euclid(BATCH) {
            let start = Instant::now();
            for place in 0..BATCH {
                verifiers.push(build(batch.saturating_mul(BATCH).saturating_add(place))?);
            }
            times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH));
        }
        let bytes = resident_bytes()?.saturating_sub(before).div_euclid(u64::from(TENANTS));
        let figures = Figures::of(times);
        print(&json!({
            "language": "rust",
            "row": "scale-verifiers",
            "provider": name,
            "verifiers": TENANTS,
            "bytes_each": bytes,
            "ns_each": tenth(figures.median),
            "quartiles": figures.quartiles.map(tenth),
        }));
        kept.push(verifiers);
    }
    black_box(kept);
    Ok(())
}

fn with_secret(provider: &str, secret: &str) -> Result<Verifier, Failure> {
    Ok(Verifier::builder(provider)?.secret(secret).build()?)
}

fn whsec(tenant: u32) -> String {
    // Base64 of 24 bytes, which needs no padding.
    format!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZI{tenant:08}")
}

fn with_key_set(tokens: &Tokens) -> Result<Verifier, Failure> {
    tokens.verifier()
}

/// What of this process is in memory: also what C code allocates, which a counting allocator would not see.
fn resident_bytes() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes =
        line.and_then(|line| line.split_whitespace().next()).ok_or("the system tells no VmRSS")?;
    Ok(kibibytes.parse::<u64>()?.saturating_mul(1024))
}
