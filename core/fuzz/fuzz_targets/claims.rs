//! Headers and claims of tokens that are signed: what is accepted says what was asked for, as `serde_json` reads it.
#![no_main]

use std::sync::LazyLock;

use hookproof::{Kind, Verifier};
use hookproof_fuzz::{ISSUER, NOW, signed_token, split, verifier_of, verify};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, from_slice};

static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| verifier_of(include_str!("../providers/claims.json"), 60));

fuzz_target!(|input: &[u8]| {
    let Some((header, claims)) = split(input, b"\n") else { return };
    if let Err(error) = verify(&VERIFIER, b"{}", &[("X-Token", signed_token(header, claims))]) {
        return assert_eq!(error.kind(), Kind::Verification, "{error:?}");
    }
    let header: Value = from_slice(header).expect("an accepted header is JSON");
    assert!(header["alg"] == "HS256" && header.get("crit").is_none() && header.get("b64").is_none());
    let claims: Value = from_slice(claims).expect("accepted claims are JSON");
    let seconds = |name: &str| claims[name].as_f64().map(|seconds| seconds - NOW as f64);
    assert!(claims["iss"] == ISSUER && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
    assert!(seconds("exp").is_some_and(|left| left > -60.0));
    assert!(
        seconds("iat").is_some_and(|ago| ago <= 60.0) && seconds("nbf").is_none_or(|early| early <= 60.0)
    );
});
