//! The vectors that all three languages read: what `verify`, `sign`, the retry plans and the replies must give.
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/case.rs"]
mod case;

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::{
    Attempt, Error, Event, Kind, Message, Outcome, Provider, RetryPolicy, Signed, Signer, SignerBuilder,
    Timestamp,
};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn document(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Lists the documents of a folder; a folder without any would make a test pass for nothing.
fn documents(name: &str) -> Vec<Value> {
    let files = std::fs::read_dir(folder().join(name)).unwrap().map(|entry| entry.unwrap().path());
    let documents: Vec<_> = files.map(|path| document(&path)).collect();
    assert!(!documents.is_empty(), "no vectors in {name}");
    documents
}

#[test]
fn every_document_keeps_the_schema() {
    let schema = jsonschema::validator_for(&document(&folder().join("vectors.schema.json"))).unwrap();
    let single = ["idempotency.json", "retry.json", "deliveries.json", "addresses.json", "replies.json"]
        .map(|name| document(&folder().join(name)));
    for document in single.into_iter().chain(documents("verify")).chain(documents("sign")) {
        let errors: Vec<_> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn every_request_gets_its_verdict() {
    let mut differences = Vec::new();
    for document in documents("verify") {
        // A body that something parsed before does not exist in Rust: `verify` takes bytes.
        for case in case::list(&document["cases"]).filter(|case| case["body_parsed"].is_null()) {
            if let Some(difference) = difference(case) {
                differences.push(format!("{}: {difference}", case["id"]));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

fn difference(case: &Value) -> Option<String> {
    let expect = &case["expect"];
    let (verdict, code, event) = answer(case::judge(case));
    if (verdict, code.as_str()) != (expect["verdict"].as_str()?, expect["code"].as_str().unwrap_or_default())
    {
        return Some(format!("expected {expect}, got {verdict} {code}"));
    }
    expect["event"].as_object().into_iter().flatten().find_map(|(member, expected)| {
        let found = &event[member];
        let equal = match (expected.as_f64(), found.as_f64()) {
            (Some(expected), Some(found)) => (expected - found).abs() < 1e-6,
            _ => expected == found,
        };
        (!equal).then(|| format!("expected {member} {expected}, got {found}"))
    })
}

fn answer(outcome: Result<Event<'static>, Error>) -> (&'static str, String, Value) {
    match outcome {
        Ok(event) => ("accept", String::new(), described(&event)),
        Err(error) => {
            let verdict = match error.kind() {
                Kind::Configuration | Kind::Verification => "reject",
                Kind::Payload => "payload",
                Kind::KeysUnavailable => "unavailable",
            };
            (verdict, error.code().as_str().to_owned(), Value::Null)
        }
    }
}

fn described(event: &Event<'_>) -> Value {
    let proof = event.proof();
    json!({
        "id": event.id(),
        "type": event.event_type(),
        "is_ping": event.is_ping(),
        "covers": proof.covers().iter().collect::<Vec<_>>(),
        "sent_at": event.sent_at().map(seconds),
        "occurred_at": event.occurred_at().map(seconds),
        "attributes": event.attributes().collect::<std::collections::BTreeMap<_, _>>(),
        "data": event.data().map(|data| serde_json::from_str::<Value>(data).unwrap_or_default()),
        "body_base64": STANDARD.encode(event.body()),
        "key_index": proof.key_index(),
        "key_label": proof.key_label(),
        "algorithm": proof.algorithm(),
        "content": proof.content().as_str(),
    })
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "tests compare within a microsecond")]
fn seconds(moment: Timestamp) -> f64 {
    moment.unix_seconds() as f64 + f64::from(moment.subsec_nanoseconds()) / 1e9
}

#[test]
fn deliveries_are_the_same_one_exactly_when_they_should_be() {
    let key = |case: &Value| {
        let outcome = case::judge(case);
        outcome.unwrap_or_else(|error| panic!("{}: {error}", case["id"])).idempotency_key()
    };
    let mut wrong = Vec::new();
    for group in case::list(&document(&folder().join("idempotency.json"))["groups"]) {
        let keys: Vec<_> = case::list(&group["cases"]).map(key).collect();
        let mut distinct = keys.clone();
        distinct.sort();
        distinct.dedup();
        let expected = if group["relation"] == "same" { 1 } else { keys.len() };
        if distinct.len() != expected {
            wrong.push(format!("{}: {keys:?}", group["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn signers_write_what_receivers_expect() {
    for document in documents("sign") {
        for case in case::list(&document["cases"]) {
            let id = &case["id"];
            let body = case::body(&case["message"]);
            let signed =
                signer(case).unwrap_or_else(|error| panic!("{id}: {error}")).sign(&message(case, &body));
            let signed = signed.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(signed.body, body, "{id}");
            for (name, value) in case["expect"]["headers"].as_object().into_iter().flatten() {
                assert_eq!(signed.header(name), value.as_str(), "{id}: {name}");
            }
            if case["verify_only"] == true {
                // The bytes of a token are the signer's own choice, so a receiver judges it.
                let verified = case::judge(&request(case, &signed));
                assert!(verified.is_ok(), "{id}: {verified:?}");
            } else {
                let expected = case["expect"]["headers"].as_object().unwrap().len();
                assert_eq!(signed.headers.len(), expected, "{id}: {signed:?}");
            }
        }
    }
}

/// Makes a conformance case of a signed message.
fn request(case: &Value, signed: &Signed) -> Value {
    let mut request = case["verify"].clone();
    request["provider"] = case["provider"].clone();
    request["headers"] = json!(signed.headers);
    request["body_base64"] = json!(STANDARD.encode(&signed.body));
    if request["now"].is_null() {
        request["now"] = case["message"]["now"].clone();
    }
    request
}

fn signer(case: &Value) -> Result<Signer, Error> {
    let options = &case["options"];
    let mut builder = Signer::builder(case::provider(&case["provider"])?)?;
    builder = case::texts(&case["secret"]).fold(builder, SignerBuilder::secret);
    builder = case::texts(&options["issuer"]).fold(builder, SignerBuilder::issuer);
    builder = case::texts(&options["audience"]).fold(builder, SignerBuilder::audience);
    builder = case::texts(&options["key_id"]).fold(builder, SignerBuilder::key_id);
    for (name, value) in options["claims"].as_object().into_iter().flatten() {
        builder = builder.claim(name, value.to_string());
    }
    builder.build()
}

fn message<'a>(case: &'a Value, body: &'a [u8]) -> Message<'a> {
    let given = &case["message"];
    let mut message = Message::new(body).at(given["now"].as_i64().unwrap_or_default());
    message.id = given["id"].as_str();
    message.event_type = given["type"].as_str();
    message.method = given["method"].as_str();
    message.url = given["url"].as_str();
    for (name, value) in given["attributes"].as_object().into_iter().flatten() {
        message = message.with_attribute(name, value.as_str().unwrap_or_default());
    }
    message
}

#[test]
fn retry_plans_give_their_delays_and_decisions() {
    for plan in case::list(&document(&folder().join("retry.json"))["plans"]) {
        let name = plan["provider"].as_str().unwrap();
        let policy = Provider::named(name).unwrap().retry_policy().unwrap();
        if let Some(delays) = plan["base_delays_us"].as_array() {
            let found: Vec<_> = policy.schedule().into_iter().map(microseconds).collect();
            assert_eq!(&found, delays, "{name}");
        }
        for seeded in case::list(&plan["seeded"]) {
            let retry = u32::try_from(seeded["retry"].as_u64().unwrap()).unwrap();
            let found = policy.delay(retry, seeded["seed"].as_u64().unwrap()).map(microseconds);
            assert_eq!(found.unwrap_or_default(), seeded["delay_us"], "{name}: {seeded}");
        }
        for decision in case::list(&plan["decisions"]) {
            check_decision(name, &policy, decision);
        }
    }
}

fn check_decision(name: &str, policy: &RetryPolicy, case: &Value) {
    let number = u32::try_from(case["attempt"].as_u64().unwrap()).unwrap();
    let status = case["status"].as_u64().map(|status| u16::try_from(status).unwrap());
    let mut attempt = Attempt::new(number, status, case["seed"].as_u64().unwrap_or_default());
    if let Some(value) = case["retry_after"].as_str() {
        attempt = attempt.with_retry_after(value, case["now"].as_i64().unwrap_or_default());
    }
    let decision = policy.next(&attempt);
    assert_eq!(decision.action.as_str(), case["expect"]["action"], "{name}: {case}");
    if let Some(delay) = case["expect"].get("delay_us") {
        assert_eq!(&decision.delay.map(microseconds).unwrap_or_default(), delay, "{name}: {case}");
    }
}

fn microseconds(delay: Duration) -> Value {
    u64::try_from(delay.as_micros()).unwrap().into()
}

#[test]
fn providers_are_answered_as_they_want_it() {
    for case in case::list(&document(&folder().join("replies.json"))["cases"]) {
        let provider = Provider::named(case["provider"].as_str().unwrap()).unwrap();
        let outcome = Outcome::named(case["outcome"].as_str().unwrap()).unwrap();
        let reply = provider.reply(outcome);
        assert_eq!(json!(reply.status), case["status"], "{case}");
        if let Some(body) = case.get("body") {
            assert_eq!(json!(reply.body), *body, "{case}");
        }
    }
}
