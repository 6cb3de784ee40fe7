//! Key set documents: what is taken is JSON with a list of keys, and a document alone lets nobody in.
#![no_main]

use hookproof::{Code, KeySet, Kind, Provider, Request, Verifier};
use hookproof_fuzz::{AUDIENCE, ISSUER, NOW};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, from_str};

/// RFC 7519's unsigned token asks for `none`; this one asks for RS256 with a signature of zeros.
const TOKEN: &str = concat!("Bearer eyJhbGciOiJSUzI1NiJ9.e30.", include_str!("../keys/zeros.txt"));

fuzz_target!(|text: &str| {
    let taken = KeySet::from_jwks(text).map_err(|error| assert_eq!(error.code(), Code::InvalidKey)).is_ok();
    let document = from_str::<Value>(text).ok();
    let keys = document.as_ref().and_then(|document| document["keys"].as_array()).map(Vec::len);
    assert!(!taken || keys.is_some_and(|keys| keys <= 100), "{text}");
    let builder = Verifier::builder(&Provider::named("jwt-bearer").unwrap()).unwrap();
    match builder.issuer(ISSUER).audience(AUDIENCE).jwks(text).build() {
        Err(error) => assert_eq!(error.code(), Code::InvalidKey),
        Ok(verifier) => {
            assert!(taken && keys != Some(0));
            let error =
                verifier.verify_at(&Request::new(b"{}", &[("Authorization", TOKEN)]), NOW).unwrap_err();
            assert_eq!(error.kind(), Kind::Verification);
        }
    }
});
