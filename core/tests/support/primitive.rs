//! A provider, given as data, that signs the body with one algorithm and nothing else: what published vectors need.

use hookproof::{Code, Error, Provider, Request, Verifier};

/// Returns a provider whose signature stands in hexadecimal digits in `X-Signature`.
pub fn provider(algorithm: &str, key: &str) -> Provider {
    let json = format!(
        r#"{{
            "name": "vectors",
            "scheme": {{"signature": {{
                "from": {{"header": "X-Signature"}},
                "versions": [{{"algorithm": "{algorithm}", "encoding": "hex", "key": {key}}}],
                "content": "{{body}}"
            }}}},
            "event": {{"body": "any"}}
        }}"#
    );
    Provider::from_json(&json).unwrap()
}

/// Builds a verifier of such a provider.
pub fn verifier(algorithm: &str, key: &str, secret: impl AsRef<[u8]>) -> Result<Verifier, Error> {
    Verifier::builder(provider(algorithm, key))?.secret(secret).build()
}

/// Verifies a message; a refusal for anything but the signature is a failure of the test.
pub fn accepts(verifier: &Verifier, message: &[u8], signature: &[u8]) -> bool {
    let headers = [("X-Signature", hex::encode(signature))];
    match verifier.verify_at(&Request::new(message, &headers), 0) {
        Ok(event) => {
            assert_eq!(event.body(), message);
            true
        }
        // An empty signature, or one of another length, is malformed before anything is computed.
        Err(error) => {
            assert!(matches!(error.code(), Code::NoMatchingSignature | Code::MalformedHeader), "{error:?}");
            false
        }
    }
}
