//! The rows of bearer tokens, signed with RSA.

use std::hint::black_box;
use std::slice::from_ref;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof_bench::Failure;
use hookproof_bench::deliveries::{Bearer, Tokens};
use hookproof_bench::output;
use hookproof_bench::rounds::{Contender, Pace};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

type Check<'a> = (&'a str, &'a dyn Fn(&Bearer) -> bool);

/// Measures a token that was never seen before and one that always comes again.
///
/// There are more tokens than the cache of verified ones holds, each contender goes through all in order, and whoever
/// drops the oldest has never kept the one that comes next.
pub fn measure(tokens: &Tokens, pace: Pace) -> Result<(), Failure> {
    let verifier = tokens.verifier()?;
    let hookproof = |request: &Bearer| {
        let received = &request.received;
        black_box(verifier.verify(&received.body, &received.headers)).is_ok()
    };
    let (key, validation) = (DecodingKey::from_rsa_pem(tokens.public_key.as_bytes())?, validation(tokens));
    let jsonwebtoken =
        |request: &Bearer| black_box(decode::<Value>(&request.token, &key, &validation)).is_ok();
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der(&tokens.public_key)?)?;
    let rsa = |request: &Bearer| bare.verify_sig(request.signed.as_bytes(), &request.signature).is_ok();
    let checks: [Check<'_>; 3] =
        [("hookproof", &hookproof), ("jsonwebtoken", &jsonwebtoken), ("aws-lc-rs, signature alone", &rsa)];

    let first = tokens.accepted.first().ok_or("there are no tokens")?;
    for (name, check) in &checks {
        if !check(first) || check(&tokens.rejected) {
            return Err(format!("{name} does not tell a token from its forgery").into());
        }
    }
    for (row, requests) in [("rs256-first", tokens.accepted.as_slice()), ("rs256-repeated", from_ref(first))]
    {
        let contenders = checks.iter().map(|(name, check)| Contender::new(name, check, requests)).collect();
        output::measure(row, first.token.len(), contenders, pace)?;
    }
    Ok(())
}

fn validation(tokens: &Tokens) -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[&tokens.issuer]);
    validation.set_audience(&[&tokens.audience]);
    validation
}

/// The bytes of a PEM text.
fn der(pem: &str) -> Result<Vec<u8>, Failure> {
    Ok(STANDARD.decode(pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>())?)
}
