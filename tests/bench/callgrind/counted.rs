//! The cases whose instructions are counted.

use std::hint::black_box;

use hookproof::{Message, Request, Signer, Verifier};

use crate::delivery::{Delivery, FIRST, NOW, SIZES, delivery};
use crate::many_values;
use crate::tokens::Tokens;
use crate::verifier::verifier;

/// So many that what an allocator does now and then, some 2,400 instructions at moments of its own, is a trifle for each.
const CALLS: usize = 100;
/// Fewer, since each has to be signed: that is 30 million instructions.
const TOKENS: usize = 10;

type Call = Box<dyn Fn() -> bool>;

/// The name of a case and the number of calls that were counted.
pub type Case = (String, usize);

/// Runs every case, each in one call of `counted`, and returns them in that order.
pub fn run() -> Vec<Case> {
    let mut cases = Vec::new();
    for provider in FIRST {
        for bytes in SIZES {
            again(
                &mut cases,
                format!("verify {provider}, {bytes} bytes"),
                &verifies(delivery(provider, bytes), true),
            );
        }
    }
    for provider in ["fourvenues", "standard-webhooks", "stripe"] {
        again(&mut cases, format!("verify {provider}, many values"), &verifies(many_values(provider), true));
        again(&mut cases, format!("refuse {provider}, 200 bytes"), &verifies(forged(provider), false));
        again(&mut cases, format!("build a verifier of {provider}"), &builds(provider));
        again(&mut cases, format!("sign for {provider}, 200 bytes"), &signs(provider));
    }
    again(&mut cases, "make an idempotency key".to_owned(), &makes_a_key());
    let tokens = Tokens::new(TOKENS);
    // The keys are read, and their tables made, at the first token: that one is not counted.
    let verifier = Tokens::verifier();
    assert!(tokens.is_accepted(&verifier, 0), "the token is not accepted");
    let first: Vec<Call> = (1..=TOKENS)
        .map(|number| -> Call {
            let (verifier, tokens) = (verifier.clone(), tokens.clone());
            Box::new(move || tokens.is_accepted(&verifier, number))
        })
        .collect();
    cases.push(("verify a token at first sight".to_owned(), TOKENS));
    counted(&first.iter().collect::<Vec<_>>());
    cases
}

/// The function that callgrind is told to count in.
#[inline(never)]
fn counted(calls: &[&Call]) {
    for call in calls {
        assert!(black_box(call)(), "the case is not what it is called");
    }
}

/// Counts a call that is the same each time, but for the first, which finds nothing prepared.
fn again(cases: &mut Vec<Case>, name: String, call: &Call) {
    assert!(call(), "the case {name} is not what it is called");
    cases.push((name, CALLS));
    counted(&[call; CALLS]);
}

fn verifies(delivery: Delivery, accepts: bool) -> Call {
    let verifier = verifier(&delivery);
    Box::new(move || {
        let request = Request::new(&delivery.body, &delivery.headers);
        black_box(verifier.verify_at(&request, NOW)).is_ok() == accepts
    })
}

/// Another body of the same length under the same signature.
fn forged(provider: &'static str) -> Delivery {
    let mut delivery = delivery(provider, 200);
    delivery.body.iter_mut().rev().take(1).for_each(|byte| *byte = b' ');
    delivery
}

fn builds(provider: &'static str) -> Call {
    let secret = delivery(provider, 200).secret.unwrap();
    Box::new(move || black_box(Verifier::builder(provider).unwrap().secret(secret).build()).is_ok())
}

fn signs(provider: &'static str) -> Call {
    let Delivery { secret, body, .. } = delivery(provider, 200);
    let signer = Signer::builder(provider).unwrap().secret(secret.unwrap()).build().unwrap();
    let id = (provider == "standard-webhooks").then_some("msg_1");
    Box::new(move || {
        let mut message = Message::new(&body).at(NOW);
        message.id = id;
        black_box(signer.sign(&message)).is_ok()
    })
}

fn makes_a_key() -> Call {
    let delivery = delivery("standard-webhooks", 200);
    let verifier = verifier(&delivery);
    Box::new(move || {
        let key = verifier.idempotency_key(Some("msg_2b2d8bb8c9f9c1d0"), Some("order.paid"), &delivery.body);
        !black_box(key).is_empty()
    })
}
