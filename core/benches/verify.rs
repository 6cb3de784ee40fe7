//! What a verification costs: `cargo bench -p hookproof`. Prints nanoseconds, medians of many short rounds.
//!
//! `tests/bench/against.sh REVISION` compares with another state of the repository.
#![expect(clippy::print_stdout, reason = "the numbers are the purpose")]
#![expect(clippy::unwrap_used, reason = "a benchmark of a refused request measures nothing")]

#[path = "support/delivery.rs"]
mod delivery;
#[path = "support/median.rs"]
mod median;
#[path = "support/verifier.rs"]
mod verifier;

use std::hint::black_box;
use std::time::Instant;

use delivery::{Delivery, FIRST, NOW, SIZES, delivery};
use hookproof::Request;
use median::median;
use verifier::verifier;

const ROUNDS: usize = 101;

fn main() {
    println!("{:<20}{:>12}{:>12}{:>12}", "ns, body of bytes", SIZES[0], SIZES[1], SIZES[2]);
    for provider in FIRST {
        let times = SIZES.map(|bytes| time(&delivery(provider, bytes)));
        println!("{provider:<20}{:>12.0}{:>12.0}{:>12.0}", times[0], times[1], times[2]);
    }
}

fn time(delivery: &Delivery) -> f64 {
    let verifier = verifier(delivery);
    let turns = delivery.turns();
    let round = || {
        let start = Instant::now();
        for _ in 0..turns {
            let request = Request::new(&delivery.body, &delivery.headers);
            black_box(verifier.verify_at(&request, NOW).unwrap());
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(turns)
    };
    median((0..ROUNDS).map(|_| round()).collect())
}
