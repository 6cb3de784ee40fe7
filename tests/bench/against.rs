//! The same requests through two states of the crate, in turns. `against.sh` builds this with both.
#[path = "delivery.rs"]
mod delivery;
#[path = "median.rs"]
mod median;

use std::hint::black_box;
use std::time::Instant;

use delivery::{Delivery, FIRST, NOW, SIZES, delivery};
use median::median;

const ROUNDS: usize = 301;

macro_rules! side {
    ($module:ident) => {
        mod $module {
            use ::$module::{Request, Verifier};

            use super::*;

            pub fn verifier(delivery: &Delivery) -> Verifier {
                let mut builder = Verifier::builder(delivery.provider).unwrap();
                builder = delivery.secret.iter().fold(builder, |builder, secret| builder.secret(secret));
                builder = delivery.issuer.iter().fold(builder, |builder, issuer| builder.issuer(issuer));
                builder = delivery.audience.iter().fold(builder, |builder, audience| builder.audience(audience));
                delivery.jwks.iter().fold(builder, |builder, jwks| builder.jwks(jwks)).build().unwrap()
            }

            pub fn round(verifier: &Verifier, delivery: &Delivery) -> f64 {
                let turns = delivery.turns();
                let start = Instant::now();
                for _ in 0..turns {
                    let request = Request::new(&delivery.body, &delivery.headers);
                    black_box(verifier.verify_at(&request, NOW).unwrap());
                }
                start.elapsed().as_secs_f64() * 1e9 / f64::from(turns)
            }
        }
    };
}

mod before_and_after {
    use super::*;

    side!(before);
    side!(hookproof);

    /// Measures one provider with both, a round of one after a round of the other.
    pub fn times(delivery: &Delivery) -> (f64, f64) {
        let verifiers = (before::verifier(delivery), hookproof::verifier(delivery));
        let rounds = (0..ROUNDS)
            .map(|_| (before::round(&verifiers.0, delivery), hookproof::round(&verifiers.1, delivery)));
        let (before, after): (Vec<f64>, Vec<f64>) = rounds.unzip();
        (median(before), median(after))
    }
}

fn main() {
    for bytes in SIZES {
        println!("{:<20}{:>12}{:>12}{:>8}", format!("{bytes} bytes, ns"), "before", "after", "ratio");
        let mut product = 1.0;
        for provider in FIRST {
            let (before, after) = before_and_after::times(&delivery(provider, bytes));
            product *= after / before;
            println!("{provider:<20}{before:>12.0}{after:>12.0}{:>8.2}", after / before);
        }
        println!("{:<44}{:>8.2}\n", "geometric mean", product.powf(0.1));
    }
}
