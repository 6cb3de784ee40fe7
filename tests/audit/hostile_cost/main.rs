//! What the worst requests cost, at every provider with a receiver of 16 secrets: processor time of one `verify`.
//!
//! A megabyte that anybody may send must not cost more than 50 ms, else a few of them a second stop a receiver. Bodies are
//! sent forged, with headers that look right, and signed, which shows what reading an authentic one costs; then with URLs
//! and headers that are as long as they may be. All are tried at a receiver of one secret, and the dearest of them at one
//! of 16. `cargo run --release -p hookproof --example hostile_cost` prints the worst of each provider, and fails above the
//! limit, which grows on slower machines as SHA-256 of a mebibyte does.
#![expect(clippy::print_stdout, reason = "the figures are the purpose")]
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]
#![expect(clippy::arithmetic_side_effects, reason = "sizes are constants, and characters are of ASCII")]

#[expect(dead_code, reason = "the requests of cases are judged elsewhere")]
#[path = "../../../core/tests/support/case.rs"]
mod case;
#[path = "clock.rs"]
mod clock;
#[path = "hostile.rs"]
mod hostile;
#[path = "kinds.rs"]
mod kinds;
#[path = "receivers.rs"]
mod receivers;

use std::cmp::Reverse;
use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use clock::{floor, slowness, took};
use hookproof::Verifier;
use hostile::Hostile;
use kinds::{Kind, bodies};
use receivers::{Receiver, SECRETS};

const LIMIT: Duration = Duration::from_millis(50);
/// How many of a provider's requests are measured at the receiver of many secrets.
const DEAREST: usize = 6;
/// The smallest of so many figures counts: an interrupt is no fault of the request. Near the limit there are more.
const TIMES: usize = 3;
const TIMES_NEAR_THE_LIMIT: usize = 12;
/// How often what is above the limit is measured once more, after a pause: another program that fills the processor's cache
/// for a second makes all figures of that second large.
const PAUSES: usize = 5;
const PAUSE: Duration = Duration::from_secs(2);
/// What is written again is parsed in the same way everywhere, so these stand for all: a fast signature, the slow ones,
/// one that tries a third form of the body, and one whose signature stands beside a URL.
const REWRITERS: [&str; 6] =
    ["standard-webhooks", "paystack", "telnyx", "discord", "fast-events", "hubspot-v3"];

/// The dearest request of one provider.
struct Worst {
    provider: String,
    cost: Duration,
    request: String,
    tried: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let shown: usize = std::env::args().nth(1).map_or(Ok(20), |text| text.parse())?;
    let before = floor();
    let bodies = bodies();
    let mut all = Vec::new();
    for receiver in Receiver::all()? {
        all.push(worst(&receiver, &bodies, false));
        if REWRITERS.contains(&receiver.provider.as_str()) {
            all.push(worst(&receiver, &bodies, true));
        }
    }
    all.sort_unstable_by_key(|worst| Reverse(worst.cost));
    let tried: usize = all.iter().map(|worst| worst.tried).sum();
    // As slow as the machine was at its slowest: the clock of a busy one changes.
    let floor = before.max(floor());
    println!(
        "{tried} requests of up to 1 MiB, every provider, {SECRETS} secrets: processor time of one verify, at most {:.0} ms; \
         SHA-256 of 1 MiB takes {:.2} ms",
        milliseconds(LIMIT.mul_f64(slowness(floor))),
        milliseconds(floor),
    );
    for Worst { provider, cost, request, .. } in all.iter().take(shown) {
        println!("{:>9.2} ms  {provider:<24} {request}", milliseconds(*cost));
    }
    match all.first().filter(|worst| worst.cost > LIMIT.mul_f64(slowness(floor))) {
        Some(worst) => Err(format!("{}: a request that costs too much", worst.provider).into()),
        None => Ok(()),
    }
}

/// Finds the dearest request of a provider, at a receiver that also takes what was written again or at one that does not.
fn worst(receiver: &Receiver, bodies: &[Kind], rewrites: bool) -> Worst {
    let (one, many) = if rewrites { &receiver.rewriting } else { &receiver.usual };
    let mut requests: Vec<(Duration, Hostile)> = Vec::new();
    let mut tried = 0;
    Hostile::each(receiver, bodies, &mut |request| {
        tried += 1;
        requests.push((cost(&request, one, receiver, 1), request));
        // A body has a megabyte: only the dearest are kept.
        requests.sort_unstable_by_key(|(cost, _)| Reverse(*cost));
        requests.truncate(DEAREST);
    });
    let figures = requests.iter().map(|(_, request)| {
        let mut least = cost(request, many, receiver, TIMES);
        if least > LIMIT.mul_f64(0.6) {
            least = least.min(cost(request, many, receiver, TIMES_NEAR_THE_LIMIT));
        }
        for _ in 0..PAUSES {
            if least <= LIMIT {
                break;
            }
            sleep(PAUSE);
            least = least.min(cost(request, many, receiver, TIMES));
        }
        (least, request)
    });
    let (cost, request) = figures
        .max_by_key(|(cost, _)| *cost)
        .map_or_else(Default::default, |(cost, request)| (cost, request.name.clone()));
    let request = if rewrites { format!("{request}, accept_reserialized") } else { request };
    Worst { provider: receiver.provider.clone(), cost, request, tried }
}

fn cost(request: &Hostile, verifier: &Verifier, receiver: &Receiver, times: usize) -> Duration {
    let lines: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let shown =
        hookproof::Request::new(&request.body, &lines).with_method(&receiver.method).with_url(&request.url);
    let once = || took(|| verifier.verify_at(&shown, receiver.now).map(|event| event.idempotency_key()));
    (0..times).map(|_| once()).min().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
