//! What holds for every input, searched with inputs that nobody thought of.
//!
//! The examples are the same on every run; `PROPTEST_RNG_SEED=… PROPTEST_CASES=…` draws others.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value yields null where there is nothing")]

#[path = "support/case.rs"]
#[expect(dead_code, reason = "the vectors use the rest")]
mod case;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use hookproof::{
    Code, Event, Headers, Kind, Message, Provider, Request, Signed, Signer, Verifier, VerifierBuilder,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::Value;

const NOW: i64 = 1_790_000_000;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &[u8] = br#"{"type":"a.b","data":{"n":1}}"#;

/// A sender of the vectors whose secret the receiver shares, and its message.
struct Sender {
    name: String,
    signer: Signer,
    verifier: Verifier,
    message: Value,
    body: Vec<u8>,
}

static SENDERS: LazyLock<Vec<Sender>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/sign");
    let mut senders: Vec<Sender> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let document: Value =
                serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
            let case = document["cases"].get(0)?.clone();
            sender(&case)
        })
        .collect();
    senders.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(senders.len() > 70, "of the providers with a shared secret there are {}", senders.len());
    senders
});

fn sender(case: &Value) -> Option<Sender> {
    let name = case["provider"].as_str()?;
    let build = |secrets: &[String]| -> Result<(Signer, Verifier), hookproof::Error> {
        let (mut signer, mut verifier) = (Signer::builder(name)?, Verifier::builder(name)?);
        for secret in secrets {
            signer = signer.secret(secret);
            verifier = verifier.secret(secret);
        }
        Ok((signer.build()?, verifier.build()?))
    };
    let (signer, verifier) = build(&case::texts(&case["secret"]).collect::<Vec<_>>()).ok()?;
    let (message, body) = (case["message"].clone(), case::body(&case["message"]));
    let sender = Sender { name: name.to_owned(), signer, verifier, message, body };
    let request = sender.sign(&sender.body).ok()?;
    // Not those that sign with a key whose other half the receiver has.
    sender.judge(&sender.body, &request).is_ok().then_some(sender)
}

impl Sender {
    fn sign(&self, body: &[u8]) -> Result<Signed, hookproof::Error> {
        let given = &self.message;
        let mut message = Message::new(body).at(NOW);
        message.id = given["id"].as_str();
        message.event_type = given["type"].as_str();
        message.method = given["method"].as_str();
        message.url = given["url"].as_str();
        for (name, value) in given["attributes"].as_object().into_iter().flatten() {
            message = message.with_attribute(name, value.as_str().unwrap_or_default());
        }
        self.signer.sign(&message)
    }

    fn judge(&self, body: &[u8], signed: &Signed) -> Result<Event<'static>, hookproof::Error> {
        let mut request = Request::new(body, &signed.headers);
        request.method = self.message["method"].as_str();
        request.url = self.message["url"].as_str();
        self.verifier.verify_at(&request, NOW).map(Event::into_owned)
    }

    fn covers_body(&self) -> bool {
        let event = self.judge(&self.body, &self.sign(&self.body).unwrap()).unwrap();
        event.proof().covers().contains("body")
    }
}

fn fields(body: &[u8]) -> Vec<Vec<u8>> {
    let mut fields: Vec<Vec<u8>> = body.split(|byte| *byte == b'&').map(percent_decoded).collect();
    fields.sort();
    fields
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let Some((first, others)) = rest.split_first() {
        let pair = others.get(..2).and_then(|pair| hex::decode(pair).ok());
        match (first, pair) {
            (b'%', Some(byte)) => {
                decoded.extend(byte);
                rest = others.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                decoded.push(b' ');
                rest = others;
            }
            _ => {
                decoded.push(*first);
                rest = others;
            }
        }
    }
    // A name without a sign of equality is one with an empty value.
    if decoded.last() == Some(&b'=') {
        decoded.pop();
    }
    decoded
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let json = "\\{\"(id|event|type|data)\":(\"[a-z]{0,9}\"|[0-9]{1,9}|\\[\\]|null)\\}";
    prop_oneof![json.prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..300)]
}

fn config() -> ProptestConfig {
    // Read first, so that the environment can ask for other examples and for more.
    let given = ProptestConfig::default();
    let rng_seed =
        if given.rng_seed == RngSeed::Random { RngSeed::Fixed(20_261_122) } else { given.rng_seed };
    ProptestConfig { rng_seed, failure_persistence: None, ..given }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_signed_verifies(place in any::<Index>(), body in bodies()) {
        let sender = place.get(&SENDERS);
        let Ok(signed) = sender.sign(&body) else { return Ok(()) };
        match sender.judge(&body, &signed) {
            Ok(event) => prop_assert!(body.starts_with(event.body())),
            // Authentic, though not what the provider sends.
            Err(error) => prop_assert_eq!(error.kind(), Kind::Payload, "{}: {}", sender.name, error),
        }
    }

    #[test]
    fn a_flipped_bit_of_a_signed_body_is_refused(
        place in any::<Index>(), body in bodies(), at in any::<Index>(), bit in 0_u8..8
    ) {
        let sender = place.get(&SENDERS);
        let Ok(signed) = sender.sign(&body) else { return Ok(()) };
        prop_assume!(!body.is_empty());
        let mut flipped = body.clone();
        flipped[at.index(body.len())] ^= 1 << bit;
        // A provider that signs no final newline is sent the same message with one and without.
        prop_assume!(flipped.trim_ascii_end() != body.trim_ascii_end());
        match sender.judge(&flipped, &signed) {
            // A form is signed field by field, and a field may be written in two ways.
            Ok(event) => prop_assert!(
                !event.proof().covers().contains("body") || fields(&flipped) == fields(&body),
                "{} accepts {:?} for {:?}", sender.name, flipped, body
            ),
            Err(error) if error.kind() == Kind::Payload => prop_assert!(!sender.covers_body()),
            Err(error) => prop_assert_ne!(error.kind(), Kind::Configuration, "{}", error),
        }
    }

    #[test]
    fn nothing_that_is_covered_can_be_changed_by_a_header(
        place in any::<Index>(), line in any::<Index>(), at in any::<Index>(), bit in 0_u8..7
    ) {
        let sender = place.get(&SENDERS);
        let signed = sender.sign(&sender.body).unwrap();
        let honest = sender.judge(&sender.body, &signed).unwrap();
        let mut changed = signed.clone();
        prop_assume!(!changed.headers.is_empty());
        let line = line.index(changed.headers.len());
        let value = changed.headers[line].1.clone().into_bytes();
        prop_assume!(!value.is_empty() && value.is_ascii());
        let mut other = value.clone();
        other[at.index(value.len())] ^= 1 << bit;
        changed.headers[line].1 = String::from_utf8(other).unwrap();
        if let Ok(event) = sender.judge(&sender.body, &changed) {
            // A request may come to prove less, such as one that is said to be no form any more.
            let (found, expected) = (proven(&event, &event), proven(&event, &honest));
            prop_assert_eq!(found, expected, "{}: {:?}", sender.name, changed.headers);
        }
    }

    #[test]
    fn every_shape_of_headers_has_the_same_verdict(
        lines in prop::collection::vec((header_name(), header_value()), 0..6), honest in any::<bool>()
    ) {
        let verifier = standard();
        let mut lines: BTreeMap<String, String> =
            lines.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        if honest {
            lines.extend(authentic().into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)));
        }
        let judge = |headers: &dyn Headers| {
            verifier.verify_at(&Request::new(BODY, headers), NOW).map(|event| event.id().map(str::to_owned))
                .map_err(|error| error.code())
        };
        let pairs: Vec<(String, String)> = lines.clone().into_iter().collect();
        let bytes: Vec<(Vec<u8>, Vec<u8>)> =
            pairs.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())).collect();
        let map: HashMap<String, String> = lines.clone().into_iter().collect();
        let shouted: Vec<(String, String)> =
            pairs.iter().rev().map(|(name, value)| (name.to_ascii_uppercase(), value.clone())).collect();
        let verdict = judge(&pairs);
        prop_assert_eq!(&verdict, &judge(&bytes));
        prop_assert_eq!(&verdict, &judge(&lines));
        prop_assert_eq!(&verdict, &judge(&map));
        prop_assert_eq!(&verdict, &judge(&shouted));
        prop_assert!(!honest || verdict == Ok(Some("msg_1".to_owned())));
    }

    #[test]
    fn a_clock_anywhere_accepts_exactly_the_tolerance(
        now in prop_oneof![any::<i64>(), NOW - 302..NOW + 302, Just(i64::MIN), Just(i64::MAX), Just(0)]
    ) {
        let headers = authentic();
        match standard().verify_at(&Request::new(BODY, &headers), now) {
            Ok(_) => prop_assert!((NOW - 300..=NOW + 300).contains(&now)),
            Err(error) if error.code() == Code::TimestampTooOld => prop_assert!(now > NOW + 300),
            Err(error) => {
                prop_assert_eq!(error.code(), Code::TimestampTooNew);
                prop_assert!(now < NOW - 300);
            }
        }
    }

    #[test]
    fn one_right_secret_among_many_is_enough(
        strangers in prop::collection::vec("[!-~]{1,30}", 1..8), own in "[!-~]{31,40}", place in any::<Index>()
    ) {
        let signer = Signer::builder("github").unwrap().secret(&own).build().unwrap();
        let signed = signer.sign(&Message::new(b"{}").at(NOW)).unwrap();
        let verifier = |secrets: &[String]| {
            let builder = Verifier::builder("github").unwrap();
            secrets.iter().fold(builder, VerifierBuilder::secret).build().unwrap()
        };
        let refused = verifier(&strangers).verify_at(&Request::new(b"{}", &signed.headers), NOW);
        prop_assert_eq!(refused.unwrap_err().code(), Code::NoMatchingSignature);
        let mut held = strangers.clone();
        let place = place.index(held.len().saturating_add(1));
        held.insert(place, own);
        let headers = signed.headers;
        let verifier = verifier(&held);
        let event = verifier.verify_at(&Request::new(b"{}", &headers), NOW).unwrap();
        prop_assert_eq!(event.proof().key_index(), place);
    }

    #[test]
    fn any_options_build_a_verifier_or_say_what_is_wrong(
        name in prop_oneof![select(Provider::names().collect::<Vec<_>>()).prop_map(str::to_owned), ".{0,9}"],
        secret in prop_oneof![Just(SECRET.to_owned()), ".{0,40}"],
        (issuer, audience, algorithm, endpoint) in (".{0,20}", ".{0,20}", ".{0,9}", ".{0,70}"),
        (tolerance, max_body, given) in (any::<u64>(), any::<usize>(), any::<u8>())
    ) {
        let Ok(mut builder) = Verifier::builder(name.as_str()) else { return Ok(()) };
        let is_given = |place: u8| given & (1 << place) != 0;
        if is_given(0) { builder = builder.secret(&secret) }
        if is_given(1) { builder = builder.issuer(&issuer) }
        if is_given(2) { builder = builder.audience(&audience) }
        if is_given(3) { builder = builder.algorithm(&algorithm) }
        if is_given(4) { builder = builder.endpoint(&endpoint) }
        if is_given(5) { builder = builder.tolerance(Duration::from_secs(tolerance)) }
        if is_given(6) { builder = builder.max_body(max_body) }
        if is_given(7) { builder = builder.jwks(&secret) }
        match builder.build() {
            Ok(verifier) => {
                let outcome = verifier.verify(b"{", &[("x", "y")]);
                prop_assert!(outcome.is_err());
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), Kind::Configuration);
                prop_assert!(secret.len() < 9 || !error.to_string().contains(&secret));
            }
        }
    }
}

/// Returns the parts of an event that the proof of another one, or its own, says are proven.
fn proven(proof_of: &Event<'_>, event: &Event<'_>) -> Vec<String> {
    let covers = proof_of.proof().covers();
    [
        ("body", format!("{:?}", event.body())),
        ("id", format!("{:?}", event.id())),
        ("type", format!("{:?}", event.event_type())),
        ("timestamp", format!("{:?}", event.sent_at())),
    ]
    .into_iter()
    .filter(|(name, _)| covers.contains(name))
    .map(|(_, value)| value)
    .collect()
}

fn standard() -> Verifier {
    Verifier::builder("standard-webhooks").unwrap().secret(SECRET).build().unwrap()
}

fn authentic() -> Vec<(String, String)> {
    let signer = Signer::builder("standard-webhooks").unwrap().secret(SECRET).build().unwrap();
    let mut message = Message::new(BODY).at(NOW);
    message.id = Some("msg_1");
    signer.sign(&message).unwrap().headers
}

fn header_name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE", "__proto__", "", " webhook-id"])
            .prop_map(str::to_owned),
        ".{0,12}",
    ]
}

fn header_value() -> impl Strategy<Value = String> {
    prop_oneof![".{0,20}", "[0-9]{0,25}", "(v1|v1a|v2),[A-Za-z0-9+/=]{0,90}", Just(NOW.to_string())]
}

#[test]
fn a_field_that_is_no_utf_8_is_not_proven() {
    // Such fields are read as U+FFFD, whatever their bytes are.
    let twilio = SENDERS.iter().find(|sender| sender.name == "twilio").unwrap();
    let covers_body = |signed: &[u8], sent: &[u8]| {
        let event = twilio.judge(sent, &twilio.sign(signed).unwrap()).unwrap();
        event.proof().covers().contains("body")
    };
    assert!(covers_body(b"a=%C3%A9", b"a=%C3%A9"));
    assert!(!covers_body(b"a=%80", b"a=%81"));
    assert!(!covers_body(b"\x80=1", b"\x81=1"));
}
