//! The clock: contenders are measured in turns, so that what slows the machine slows all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How often each contender has its turn.
    pub rounds: usize,
    /// How long a turn takes, about.
    pub turn: Duration,
}

/// One of those that are compared: what it does with a request, and the requests that it gets in turn.
pub struct Contender<'a, R> {
    /// The name in the output.
    pub name: &'a str,
    call: &'a dyn Fn(&R) -> bool,
    requests: &'a [R],
    next: usize,
}

/// What one call takes, in nanoseconds.
pub struct Figures {
    /// The median of the rounds.
    pub median: f64,
    /// The first and the third quartile.
    pub quartiles: [f64; 2],
}

impl<'a, R> Contender<'a, R> {
    /// Makes one whose call tells whether it accepted the request.
    pub fn new(name: &'a str, call: &'a dyn Fn(&R) -> bool, requests: &'a [R]) -> Self {
        Self { name, call, requests, next: 0 }
    }

    fn run(&mut self, calls: u32) -> Duration {
        let start = Instant::now();
        for _ in 0..calls {
            if self.next >= self.requests.len() {
                self.next = 0;
            }
            if let Some(request) = self.requests.get(self.next) {
                black_box((self.call)(black_box(request)));
            }
            self.next = self.next.saturating_add(1);
        }
        start.elapsed()
    }

    /// Warms up for a few turns, and finds how many calls make one.
    fn calls_per_turn(&mut self, turn: Duration) -> u32 {
        let mut calls = 1_u32;
        loop {
            let time = self.run(calls);
            if time >= turn {
                let per_call = time.as_secs_f64() / f64::from(calls);
                let _warm = self.run(calls);
                return rounded(turn.as_secs_f64() / per_call).max(1);
            }
            calls = calls.saturating_mul(2);
        }
    }
}

impl Figures {
    /// Takes them of the times of the rounds.
    #[must_use]
    pub fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self { median: at(&times, 0.5), quartiles: [at(&times, 0.25), at(&times, 0.75)] }
    }
}

/// Measures what one call of each takes, in the order that they came in.
pub fn measured<R>(contenders: &mut [Contender<'_, R>], pace: Pace) -> Vec<Figures> {
    let calls: Vec<u32> =
        contenders.iter_mut().map(|contender| contender.calls_per_turn(pace.turn)).collect();
    let mut times: Vec<Vec<f64>> = calls.iter().map(|_| Vec::with_capacity(pace.rounds)).collect();
    for round in 0..pace.rounds {
        for place in turned(contenders.len(), round) {
            let (Some(contender), Some(calls), Some(times)) =
                (contenders.get_mut(place), calls.get(place), times.get_mut(place))
            else {
                continue;
            };
            times.push(contender.run(*calls).as_secs_f64() * 1e9 / f64::from(*calls));
        }
    }
    times.into_iter().map(Figures::of).collect()
}

/// Everybody is first once, and in every second round everybody has another before them.
fn turned(length: usize, round: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.rotate_left(round.checked_rem(length).unwrap_or(0));
    if !round.is_multiple_of(2) {
        order.reverse();
    }
    order
}

/// The value below which a share of the sorted ones lies, by nearest rank.
fn at(sorted: &[f64], share: f64) -> f64 {
    let last = u32::try_from(sorted.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let place = usize::try_from(rounded(f64::from(last) * share)).unwrap_or(usize::MAX);
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast stops at the ends of the range, and all of these are counts"
)]
fn rounded(number: f64) -> u32 {
    number.round() as u32
}
