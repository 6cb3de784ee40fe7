//! Bearer tokens as a stranger sends them: none is accepted, and no error is anything but a refusal.
#![no_main]

use std::sync::LazyLock;

use hookproof::{Kind, Provider, Verifier};
use hookproof_fuzz::{ends, verify};
use libfuzzer_sys::fuzz_target;

static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| ends(&Provider::named("jwt-bearer").unwrap()).unwrap().verifier);

fuzz_target!(|token: &[u8]| {
    let headers = [("Authorization", [b"Bearer ", token].concat())];
    let error = verify(&VERIFIER, b"{}", &headers).expect_err("nobody signed this");
    assert_eq!(error.kind(), Kind::Verification, "{error:?}");
});
