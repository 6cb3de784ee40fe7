//! Provider files: read, described and used without a crash, and a key of one lets in what its own signer wrote.
#![no_main]

use hookproof::{Code, Kind, Message, Provider, Request};
use hookproof_fuzz::{NOW, URL, ends};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let provider = match Provider::from_json(text) {
        Err(error) => return assert_eq!(error.code(), Code::InvalidProvider),
        Ok(provider) => provider,
    };
    assert!(Provider::from_json(provider.to_json()).is_ok());
    let _ = provider.describe();
    let Some(ends) = ends(&provider) else { return };
    let body = br#"{"id":"1","type":"t","data":{"id":"2"}}"#;
    let message =
        Message::new(body).at(NOW).with_id("msg_1").with_type("t").with_method("POST").with_url(URL);
    let Some(signed) = ends.signer.and_then(|signer| signer.sign(&message).ok()) else { return };
    let request = Request::new(&signed.body, &signed.headers).with_method("POST").with_url(URL);
    if let Err(error) = ends.verifier.verify_at(&request, NOW) {
        assert!(error.kind() != Kind::KeysUnavailable, "{error:?}");
    }
    let _ = ends.verifier.verify_at(&Request::new(body, &[("X-Signature", "00")]), NOW);
});
