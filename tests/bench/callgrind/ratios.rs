//! What verifying takes beside the one operation in it that no code of ours makes faster, in the same run.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use hookproof::Request;
use sha2::{Digest as _, Sha256};

use crate::delivery::{Delivery, NOW, SIZES, delivery};
use crate::many_values;
use crate::tokens::Tokens;
use crate::verifier::verifier;

const PROVIDERS: [&str; 4] = ["fourvenues", "github", "standard-webhooks", "stripe"];
/// More than the cache of verified ones holds.
const TOKENS: usize = 1500;
const ROUNDS: usize = 401;
/// How many tokens are verified in a turn, which takes less than a millisecond.
const TOKENS_IN_A_TURN: u32 = 20;

/// Measures all of them.
pub fn measured() -> BTreeMap<String, f64> {
    let mut ratios = BTreeMap::new();
    for provider in PROVIDERS {
        for bytes in SIZES {
            let name = format!("verify {provider}, {bytes} bytes / SHA-256");
            ratios.insert(name, to_hash(&delivery(provider, bytes)));
        }
        let name = format!("verify {provider}, many values / SHA-256");
        ratios.insert(name, to_hash(&many_values(provider)));
    }
    let (tokens, key) = (Tokens::new(TOKENS), Tokens::key());
    let (verifier, next) = (Tokens::verifier(), Cell::new(0_usize));
    let verify = || {
        next.set(next.get().saturating_add(1).checked_rem(tokens.len()).unwrap_or(0));
        assert!(tokens.is_accepted(&verifier, next.get()));
    };
    let rsa = || assert!(tokens.has_signature_of(&key, black_box(0)));
    ratios.insert("verify a token at first sight / RSA".to_owned(), ratio(&verify, &rsa, TOKENS_IN_A_TURN));
    let again = || assert!(tokens.is_accepted(&verifier, black_box(0)));
    ratios.insert("verify a token again / RSA".to_owned(), ratio(&again, &rsa, TOKENS_IN_A_TURN));
    ratios
}

fn to_hash(delivery: &Delivery) -> f64 {
    let verifier = verifier(delivery);
    let verify = || {
        let request = Request::new(&delivery.body, &delivery.headers);
        assert!(black_box(verifier.verify_at(&request, NOW)).is_ok());
    };
    let hash = || {
        black_box(Sha256::digest(black_box(&delivery.body)));
    };
    ratio(&verify, &hash, delivery.turns())
}

/// Divides what the two take, a turn of one after a turn of the other.
///
/// The lower quartiles of many short turns: what else the machine does only ever adds, and seldom to most of them.
fn ratio(work: &dyn Fn(), floor: &dyn Fn(), turns: u32) -> f64 {
    let (mut works, mut floors) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            works.push(seconds(work, turns));
            floors.push(seconds(floor, turns));
        } else {
            floors.push(seconds(floor, turns));
            works.push(seconds(work, turns));
        }
    }
    lower_quartile(works) / lower_quartile(floors)
}

fn seconds(call: &dyn Fn(), turns: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..turns {
        call();
    }
    start.elapsed().as_secs_f64()
}

fn lower_quartile(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 4).copied().unwrap_or(f64::NAN)
}
