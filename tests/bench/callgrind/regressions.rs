//! What `check.py` measures: `bench_regressions count` under callgrind, `bench_regressions ratios` without it.
#![expect(clippy::print_stdout, reason = "the figures are the purpose")]
#![expect(clippy::unwrap_used, reason = "a benchmark of a request that cannot be made measures nothing")]

mod counted;
#[path = "../../../core/benches/support/delivery.rs"]
mod delivery;
mod ratios;
mod tokens;
#[path = "../../../core/benches/support/verifier.rs"]
mod verifier;

use std::process::ExitCode;

use delivery::Delivery;
use serde_json::json;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        // Callgrind numbers what it counted in this order.
        Some("count") => println!("{}", json!(counted::run())),
        Some("ratios") => println!("{}", json!(ratios::measured())),
        _ => {
            println!("bench_regressions count | ratios");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Makes a request whose body, about 16 KiB, is much to read: numbers, escapes, letters beyond ASCII.
fn many_values(provider: &'static str) -> Delivery {
    let ticket = r#"{"id":"tkt_1","holder":{"name":"Zoë Ünal","email":"guest@example.com"},"price":{"amount":49.5,"currency":"EUR"},"scanned":true,"notes":null,"tags":["early","vip \"gold\"","línea\n2"]}"#;
    let tickets = vec![ticket; 88].join(",");
    let body = format!(
        r#"{{"id":"evt_5f7b","type":"a.b","event":"a.b","timestamp":"2026-09-21T12:53:20Z","data":[{tickets}]}}"#
    );
    delivery::with_body(provider, body.into_bytes())
}
