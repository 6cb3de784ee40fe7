//! The rows of the requests that are signed with a shared secret.

use std::hint::black_box;
use std::slice::from_ref;

use hookproof_bench::Failure;
use hookproof_bench::deliveries::{Delivery, Received};
use hookproof_bench::output;
use hookproof_bench::rounds::{Contender, Pace};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::by_hand::ByHand;

type Accepts<'a> = Box<dyn Fn(&Received) -> bool + 'a>;
type Check<'a> = (&'static str, Accepts<'a>);

/// Measures the rows of one delivery, after every contender was seen to tell the request from its forgery.
pub fn measure(delivery: &Delivery, pace: Pace) -> Result<(), Failure> {
    let (accepted, rejected) = (from_ref(&delivery.accepted), from_ref(&delivery.rejected));
    let (by_hand, peers) = (ByHand::of(delivery)?, peers(delivery)?);
    let reads_event = reads_event(delivery)?;
    let signature = |request: &Received| by_hand.accepts(request);
    let with_json = |request: &Received| {
        by_hand.accepts(request) && black_box(serde_json::from_slice::<Value>(&request.body)).is_ok()
    };
    let mut checks: Vec<Check<'_>> =
        vec![("hookproof", Box::new(&reads_event)), ("hmac", Box::new(signature))];
    // The body of a signature alone is no JSON.
    if delivery.row != "signature-alone" {
        checks.push(("hmac + serde_json", Box::new(with_json)));
    }
    checks.extend(peers.iter().map(|(name, check)| -> Check<'_> { (name, Box::new(check)) }));
    all_are_right(&checks, delivery)?;
    let sha256 = |request: &Received| black_box(Sha256::digest(&request.body)).len() == 32;
    let mut contenders = contenders(&checks, accepted);
    contenders.push(Contender::new("sha256", &sha256, accepted));
    output::measure(&delivery.row, delivery.bytes, contenders, pace)?;

    if delivery.row == "hex-hmac" {
        let checks: [Check<'_>; 2] =
            [("hookproof", reads_data(delivery)?), ("hmac + serde_json", Box::new(with_json))];
        all_are_right(&checks, delivery)?;
        output::measure("data", delivery.bytes, self::contenders(&checks, accepted), pace)?;
    }
    if delivery.row == "standard-webhooks" {
        let mut rows = vec![
            Contender::new("hookproof", &reads_event, rejected),
            Contender::new("accept", &reads_event, accepted),
        ];
        let named: Vec<_> =
            peers.iter().map(|(name, check)| (name, format!("{name} accept"), check)).collect();
        for (name, accept, check) in &named {
            rows.push(Contender::new(name, check, rejected));
            rows.push(Contender::new(accept, check, accepted));
        }
        output::measure("reject", delivery.bytes, rows, pace)?;
    }
    Ok(())
}

/// Verifies to an event and reads its id and type.
fn reads_event(delivery: &Delivery) -> Result<impl Fn(&Received) -> bool + use<>, Failure> {
    let verifier = delivery.verifier()?;
    Ok(move |request: &Received| {
        verifier
            .verify(&request.body, &request.headers)
            .is_ok_and(|event| black_box(event.id()).is_some() & black_box(event.event_type()).is_some())
    })
}

/// The same, and reads the data as well.
fn reads_data(delivery: &Delivery) -> Result<Accepts<'static>, Failure> {
    let verifier = delivery.verifier()?;
    Ok(Box::new(move |request: &Received| {
        verifier
            .verify(&request.body, &request.headers)
            .is_ok_and(|event| black_box(event.data_as::<Value>()).is_ok())
    }))
}

/// The libraries that know this sender's way.
fn peers(delivery: &Delivery) -> Result<Vec<Check<'static>>, Failure> {
    if delivery.row != "standard-webhooks" {
        return Ok(Vec::new());
    }
    let standard = standardwebhooks::Webhook::new(&delivery.secret)?;
    let svix = svix::webhooks::Webhook::new(&delivery.secret)?;
    Ok(vec![
        ("standardwebhooks", Box::new(move |it| standard.verify(&it.body, &it.headers).is_ok())),
        ("svix", Box::new(move |it| svix.verify(&it.body, &it.headers).is_ok())),
    ])
}

/// Nothing that is fast and wrong is measured.
fn all_are_right(checks: &[Check<'_>], delivery: &Delivery) -> Result<(), Failure> {
    for (name, check) in checks {
        if !check(&delivery.accepted) || check(&delivery.rejected) {
            let row = &delivery.row;
            return Err(format!("{name} does not tell a request of the row {row} from its forgery").into());
        }
    }
    Ok(())
}

fn contenders<'a>(checks: &'a [Check<'a>], requests: &'a [Received]) -> Vec<Contender<'a, Received>> {
    checks.iter().map(|(name, check)| Contender::new(name, check, requests)).collect()
}
