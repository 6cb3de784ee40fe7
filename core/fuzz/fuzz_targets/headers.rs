//! Headers and signatures of every built-in provider: nobody but the holder of the key gets anything in.
#![no_main]

use hookproof::Kind;
use hookproof_fuzz::{NOW, Written, built_in};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(written) = Written::read(input) else { return };
    let Some(ends) = built_in(written.provider) else { return };
    let request = written.request();
    let error = ends.verifier.verify_at(&request, NOW).expect_err("a request that this key has not signed");
    assert_eq!(error.kind(), Kind::Verification, "{error:?}");
    let _ = ends.verifier.handshake(&request, NOW);
});
