//! What a verifier is built from, and what its options do to a request.

mod claims;
mod contents;
mod covers;
mod events;
mod keys;
mod options;
mod requests;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Verifier, VerifierBuilder};
use crate::error::{Code, Error};
use crate::event::Event;
use crate::keys::Algorithm;
use crate::provider::Provider;
use crate::request::Request;
use crate::token::SharedSecret;

const NOW: i64 = 1_790_000_000;
const BODY: &[u8] = br#"{"id":"1"}"#;
const SECRET: &str = "a secret of these tests";

fn builder(provider: &str) -> VerifierBuilder {
    Verifier::builder(provider).unwrap()
}

/// A provider whose tokens are signed with a shared secret, from anybody, for anybody, without any rule of its own.
fn plain() -> VerifierBuilder {
    bound_by("[]")
}

/// The same with rules that bind a token to its request.
fn bound_by(requires: &str) -> VerifierBuilder {
    let provider = format!(
        r#"{{"name": "plain", "title": "Plain", "docs": ["https://plain.test"], "evidence": "documentation",
            "scheme": {{"bearer": {{"header": "T", "bare": true, "algorithms": ["HS256", "HS512"],
                "key_id": "optional", "any_issuer": true, "any_audience": true, "leeway_seconds": 5,
                "required_claims": [], "requires": {requires}}}}},
            "event": {{"body": "any", "digest": "{{body}}"}}}}"#
    );
    Verifier::builder(Provider::from_json(&provider).unwrap()).unwrap().secret(SECRET)
}

/// A provider that signs its requests: the members of its scheme beside place and version, and its event.
fn signing(members: &str, event: &str) -> Result<Provider, Error> {
    Provider::from_json(&format!(
        r#"{{"name": "a", "title": "A", "docs": ["https://a.test"], "evidence": "documentation",
            "scheme": {{"signature": {{"from": {{"header": "S"}}, {members}}}}}, "event": {event}}}"#
    ))
}

const HMAC: &str = r#""versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}]"#;

fn tag(content: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    hex::encode(mac.chain_update(content).finalize().into_bytes())
}

fn token(claims: &str) -> String {
    SharedSecret::new(SECRET.as_bytes()).sign(claims, Algorithm::Hs256).unwrap()
}

/// Verifies a token that came with a body, and tells what is wrong with it.
fn verdict(verifier: &Verifier, token: &str, body: &[u8]) -> Option<Code> {
    verify(verifier, token, body).err().map(|error| error.code())
}

fn verify(verifier: &Verifier, token: &str, body: &[u8]) -> Result<Event<'static>, Error> {
    let lines = [("T", token)];
    verifier.verify_at(&Request::new(body, &lines), NOW).map(Event::into_owned)
}

/// Returns why a verifier cannot be built.
fn refusal(builder: VerifierBuilder) -> (Code, String) {
    let error = builder.build().unwrap_err();
    (error.code(), error.to_string())
}

fn is_refused(builder: VerifierBuilder, code: Code, reason: &str) {
    let (found, message) = refusal(builder);
    assert_eq!(found, code, "{message}");
    assert!(message.contains(reason), "{message}");
}
