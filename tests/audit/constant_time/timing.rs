//! Whether the time that a verification takes says where a forged value differs from the right one.
//!
//! As dudect does it (Reparaz, Balasch and Verbauwhede: Dude, is my code constant time?, 2017): classes of requests in
//! random order, and Welch's t-test on how long each took, also after cropping what an interrupt made slow. In one class
//! the value is wrong in its first byte, in the other in its last. Reading texts takes its time too, which is no secret
//! (4 ns between such tokens): so the same texts also go to a verifier that holds another secret, where all are equally
//! wrong, and what is tested is by how much the difference between the classes differs between the two.
//!
//! Not the crate `dudect-bencher`: it stands on a version of clap that is no longer kept, and has no verdict that a build
//! could fail on.
//!
//! `cargo run --release -p hookproof --example constant_time -- 1000000` takes so many samples of each comparison.
#![expect(clippy::print_stdout, reason = "the figures are the purpose")]
#![expect(clippy::indexing_slicing, reason = "indices are bits, or taken modulo a length")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a divisor is the number of secrets, of which there are some"
)]

#[path = "comparisons.rs"]
mod comparisons;
#[path = "welch.rs"]
mod welch;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use comparisons::{Comparison, equal_until_the_first_difference};
use welch::{Figures, compare};

/// Beyond this, dudect speaks of a difference that is probably there; below 5 it sees none.
const SUSPECT: f64 = 10.0;
/// A busy machine disturbs a round; a leak is in every one.
const ROUNDS: u32 = 3;
/// How many secrets, so that no single one is what is measured.
const SECRETS: u32 = 16;

fn main() -> ExitCode {
    let samples = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200_000);
    println!(
        "{:<28}{:>9}{:>9}{:>12}{:>14}  verdict",
        "comparison", "samples", "max |t|", "difference", "visible from"
    );
    let mut failed = false;
    for index in 0..Comparison::all(0, &clear).len() {
        failed |= !passes(index, samples, false);
    }
    failed |= !passes(0, samples, true);
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn clear(secret: &str) -> Vec<u8> {
    secret.as_bytes().to_vec()
}

/// Makes another secret of the same length.
fn unrelated(secret: &str) -> Vec<u8> {
    secret.bytes().rev().collect()
}

/// Makes the comparison with an index for each secret, at verifiers that have it or, concealed, something else.
fn with(conceal: &dyn Fn(&str) -> Vec<u8>, index: usize) -> Vec<Comparison> {
    (0..SECRETS).map(|number| Comparison::all(number, conceal).swap_remove(index)).collect()
}

/// Measures until a round shows what it should: nothing, or for the control, the leak.
fn passes(index: usize, samples: usize, is_control: bool) -> bool {
    let mut verifiers = [with(&clear, index), with(&unrelated, index)];
    let name = if is_control { "control: ends early" } else { verifiers[0][0].name };
    for round in 1..=ROUNDS {
        let figures = measure(&mut verifiers, samples, is_control, u64::from(round));
        assert!(figures.t.is_finite(), "too few samples to tell anything");
        let leaks = figures.t.abs() > SUSPECT;
        let verdict = if leaks { "depends on the secret" } else { "constant" };
        println!(
            "{name:<28}{samples:>9}{:>9.2}{:>9.2} ns{:>11.2} ns  {verdict}",
            figures.t.abs(),
            figures.difference,
            SUSPECT * figures.error,
        );
        if leaks == is_control {
            return true;
        }
    }
    false
}

fn measure(verifiers: &mut [Vec<Comparison>; 2], samples: usize, is_control: bool, seed: u64) -> Figures {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let text = |secret: &Comparison| secret.text(secret.right());
    let rights = verifiers.each_ref().map(|secrets| secrets.iter().map(text).collect::<Vec<_>>());
    let last = verifiers[0][0].right().len().saturating_sub(1);
    let (mut given, mut url) = (String::with_capacity(512), String::with_capacity(512));
    let mut times: [[Vec<f64>; 2]; 2] = Default::default();
    for sample in 0..samples {
        let [holder, class] = [random.next_byte() & 1, random.next_byte() & 1].map(usize::from);
        let number = usize::from(random.next_byte()) % verifiers[0].len();
        let value = verifiers[0][number].wrong_at([0, last][class], random.next_byte());
        let verifier = &mut verifiers[holder][number];
        // All are copied to the same place before the clock starts: their own addresses are not measured.
        verifier.put(&value, &mut url);
        given.clone_from(&value);
        let start = Instant::now();
        let mut accepted = black_box(verifier.verify(black_box(&url)));
        if is_control {
            // What the other verifier would expect differs from the first byte on.
            let right = if holder == 0 { rights[0][number].as_bytes() } else { &[b'-'; 71] };
            accepted |= equal_until_the_first_difference(black_box(given.as_bytes()), black_box(right));
        }
        let time = start.elapsed();
        assert!(!black_box(accepted), "a forged value was accepted");
        // Caches and the frequency of the processor settle first.
        if sample >= samples / 20 {
            times[holder][class].push(time.as_secs_f64() * 1e9);
        }
    }
    for (verifier, right) in verifiers[0].iter_mut().zip(&rights[0]) {
        verifier.put(right, &mut url);
        assert!(verifier.verify(&url), "the right value was refused");
    }
    compare(times)
}

/// Marsaglia's xorshift: the order of the classes only has to be in step with nothing else.
struct Random(u64);

impl Random {
    fn next_byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [.., byte] = self.0.to_le_bytes();
        byte
    }
}
