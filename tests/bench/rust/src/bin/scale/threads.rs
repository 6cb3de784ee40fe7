//! One verifier, and as many threads as the machine has processors.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use hookproof::Verifier;
use hookproof_bench::Failure;
use hookproof_bench::deliveries::{Deliveries, Received};
use hookproof_bench::output::print;
use hookproof_bench::rounds::{Figures, Pace};
use serde_json::json;

/// How many turns of the other rows one takes here: threads have to be started.
const TURNS: u32 = 10;

pub fn measure(deliveries: &Deliveries, pace: Pace) -> Result<(), Failure> {
    let processors = thread::available_parallelism()?.get();
    for bytes in [200, 1024, 16_384] {
        let found = deliveries.signed.iter().find(|it| it.row == "hex-hmac" && it.bytes == bytes);
        let delivery = found.ok_or("the file lacks a size of hex-hmac")?;
        scaled("hex-hmac", bytes, &delivery.verifier()?, &delivery.accepted, processors, pace)?;
    }
    let token = deliveries.tokens.accepted.first().ok_or("the file has no tokens")?;
    // All threads ask one cache.
    let verifier = deliveries.tokens.verifier()?;
    scaled("rs256-repeated", token.token.len(), &verifier, &token.received, processors, pace)
}

fn scaled(
    work: &str,
    bytes: usize,
    verifier: &Verifier,
    request: &Received,
    processors: usize,
    pace: Pace,
) -> Result<(), Failure> {
    let turn = pace.turn.saturating_mul(TURNS);
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); processors];
    for _ in 0..pace.rounds {
        // One after the other in each round, so that what slows the machine slows all.
        for (threads, rates) in (1..).zip(&mut rates) {
            rates.push(rate(verifier, request, threads, turn)?);
        }
    }
    let mut alone = None;
    for (threads, rates) in (1_u32..).zip(rates) {
        let figures = Figures::of(rates);
        let each = figures.median / f64::from(threads);
        let alone = *alone.get_or_insert(each);
        print(&json!({
            "language": "rust",
            "row": "scale-threads",
            "work": work,
            "bytes": bytes,
            "threads": threads,
            "per_second": figures.median.round(),
            "quartiles": figures.quartiles.map(f64::round),
            "per_second_and_thread": each.round(),
            "of_one_thread": (each / alone * 1000.0).round() / 1000.0,
        }));
    }
    Ok(())
}

/// Counts how many requests a second so many threads verify together.
fn rate(verifier: &Verifier, request: &Received, threads: usize, turn: Duration) -> Result<f64, Failure> {
    let start_line = Barrier::new(threads);
    let rates = thread::scope(|scope| {
        let started: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| rate_of_one(verifier, request, &start_line, turn))).collect();
        started
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a thread died"))
            .collect::<Result<Vec<_>, _>>()
    })?;
    rates.into_iter().sum()
}

fn rate_of_one(
    verifier: &Verifier,
    request: &Received,
    start_line: &Barrier,
    turn: Duration,
) -> Result<f64, Failure> {
    start_line.wait();
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < turn {
        // The clock is looked at now and then only: it costs a tenth of a verification.
        for _ in 0..64 {
            black_box(verifier.verify(&request.body, &request.headers)?);
        }
        count = count.saturating_add(64);
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
