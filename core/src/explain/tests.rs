//! Each usual mistake is made, and found by its name; nothing that is told gives a secret or a signature away.

use proptest::prelude::*;

use super::*;
use crate::signer::{Message, Signer};

const NOW: i64 = 1_790_000_000;
const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &str = r#"{"type": "Event.Created", "data": {"name": "Zoë", "url": "a/b", "list": [1, 2]}}"#;

struct Case {
    provider: &'static str,
    secret: Vec<u8>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    now: i64,
}

fn signed(provider: &'static str, secret: &str, body: &str) -> Case {
    let message = Message::new(body.as_bytes()).with_id("msg_1").with_type("a.b").at(NOW);
    let signed = Signer::builder(provider).unwrap().secret(secret).build().unwrap().sign(&message).unwrap();
    Case { provider, secret: secret.into(), headers: signed.headers, body: signed.body, now: NOW }
}

fn standard() -> Case {
    signed("eventsair", WHSEC, BODY)
}

impl Case {
    fn explain(&self) -> Explanation {
        let provider = Provider::named(self.provider).unwrap();
        let request = Request::new(&self.body, &self.headers);
        let explanation = Explain::new(provider).secret(&self.secret).explain(&request, self.now);
        self.assert_discreet(&explanation);
        explanation
    }

    /// No text may hold the secret or any signature.
    fn assert_discreet(&self, explanation: &Explanation) {
        let told = format!("{explanation:?}");
        let secret = String::from_utf8_lossy(&self.secret).trim().to_owned();
        assert!(!told.contains(secret.trim_start_matches("whsec_")), "{told}");
        for (name, value) in self.headers.iter().filter(|(name, _)| name.to_lowercase().contains("signature"))
        {
            let bare = value.rsplit([',', '=']).find(|part| part.len() > 20).unwrap_or(value);
            assert!(!told.contains(bare), "{name} in {told}");
        }
    }

    /// Expects one mistake that certainly explains the refusal.
    fn is(&self, mistake: Mistake) -> String {
        let explanation = self.explain();
        let found: Vec<_> = explanation.findings.iter().map(|found| (found.mistake, found.certain)).collect();
        assert_eq!(found, [(mistake, true)], "{explanation:?}");
        explanation.findings[0].message.clone()
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1
    }
}

#[test]
fn what_is_accepted_needs_no_finding() {
    let explanation = standard().explain();
    assert!(explanation.is_accepted() && explanation.findings.is_empty());
    assert!(explanation.steps.iter().all(|step| step.passed));
}

#[test]
fn finds_a_line_break() {
    for end in ["\n", "\r\n", "  \n"] {
        let mut case = standard();
        case.body.extend_from_slice(end.as_bytes());
        case.is(Mistake::TrailingNewline);
    }
    let mut case = signed("eventsair", WHSEC, &format!("{BODY}\n"));
    case.body.pop();
    case.is(Mistake::TrailingNewline);
}

#[test]
fn finds_a_body_that_was_written_again() {
    let compact: String = BODY.replace(": ", ":").replace(", ", ",");
    let php = compact.replace('ë', "\\u00eb").replace('/', "\\/");
    let python = BODY.replace('ë', "\\u00eb");
    for (body, writer) in [
        (compact.as_str(), "JSON.stringify"),
        (php.as_str(), "PHP"),
        (python.as_str(), "json.dumps with \\u"),
    ] {
        let mut case = signed("fourvenues", "s3cr3t", body);
        case.body = BODY.as_bytes().to_vec();
        let message = case.is(Mistake::ReserializedBody);
        assert!(message.contains(writer), "{message}");
        assert!(message.contains("raw bytes"), "{message}");
    }
    let mut case = signed("fourvenues", "s3cr3t", BODY);
    case.body = compact.into_bytes();
    case.is(Mistake::ReserializedBody);
    // Only a parser turns 1.0 into 1.
    let mut case = signed("fourvenues", "s3cr3t", r#"{"a":1}"#);
    case.body = br#"{"a": 1.0}"#.to_vec();
    case.is(Mistake::ReserializedBody);
}

#[test]
fn finds_a_body_that_was_recoded() {
    let lines = "{\n\"a\": 1\n}";
    let mut case = signed("fourvenues", "s3cr3t", lines);
    case.body = lines.replace('\n', "\r\n").into_bytes();
    case.is(Mistake::RecodedBody);
    case.body = format!("\u{feff}{lines}").into_bytes();
    case.is(Mistake::RecodedBody);
    case.body = crate::encoding::Encoding::Base64.encode(lines.as_bytes()).into_bytes();
    case.is(Mistake::RecodedBody);
    let mut case = signed("fourvenues", "s3cr3t", "");
    case.body = b"[1]".to_vec();
    case.is(Mistake::EmptyBody);
}

#[test]
fn finds_white_space_and_quotes_around_the_secret() {
    for secret in
        [format!("{WHSEC}\n"), format!(" {WHSEC}"), format!("\u{feff}{WHSEC}"), format!("\"{WHSEC}\"")]
    {
        let case = Case { secret: secret.into_bytes(), ..standard() };
        case.is(Mistake::SecretWhiteSpace);
    }
}

#[test]
fn finds_a_secret_in_another_form() {
    let bare = WHSEC.trim_start_matches("whsec_");
    // The sender signs with the text, where the bytes belong.
    let mut case = signed("fourvenues", bare, BODY);
    case.provider = "fourvenues";
    case.secret = WHSEC.into();
    case.is(Mistake::SecretForm);
    // The sender signs with the bytes, where the text belongs.
    let bytes = crate::encoding::Encoding::Base64.decode(bare).unwrap();
    let message = Message::new(BODY.as_bytes()).at(NOW);
    let signer = Signer::builder("fourvenues").unwrap().secret(&bytes).build().unwrap();
    let headers = signer.sign(&message).unwrap().headers;
    Case { provider: "fourvenues", secret: bare.into(), headers, body: BODY.into(), now: NOW }
        .is(Mistake::SecretForm);
    // Stripe's secret is used whole.
    let mut case = signed("stripe", WHSEC, BODY);
    case.secret = bare.into();
    case.is(Mistake::SecretForm);
}

#[test]
fn names_a_secret_of_another_family() {
    let case = Case { secret: b"whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=".to_vec(), ..standard() };
    let explanation = case.explain();
    assert_eq!(explanation.error.unwrap().code(), crate::Code::InvalidSecret);
    assert_eq!(explanation.findings[0].mistake, Mistake::SecretFamily);
    assert!(!explanation.findings[0].certain);
}

#[test]
fn finds_another_label_encoding_or_algorithm() {
    let mut case = standard();
    let labelled = case.header("webhook-signature").replace("v1,", "v0,");
    *case.header("webhook-signature") = labelled;
    case.is(Mistake::SignatureLabel);

    let mut case = signed("stripe", "whsec_0123456789", BODY);
    let labelled = case.header("stripe-signature").replace("v1=", "v0=");
    *case.header("stripe-signature") = labelled;
    case.is(Mistake::SignatureLabel);

    let mut case = signed("fast-events", "s3cr3t", BODY);
    let bytes = crate::encoding::Encoding::Base64.decode(case.header("x-fe-webhook-signature")).unwrap();
    *case.header("x-fe-webhook-signature") = hex::encode(bytes);
    case.is(Mistake::SignatureEncoding);

    let mut case = signed("github-sha1", "s3cr3t", BODY);
    let value = case.headers.pop().unwrap().1.replace("sha1=", "sha256=");
    case.headers.push(("X-Hub-Signature-256".into(), value));
    case.provider = "github";
    case.is(Mistake::SignatureAlgorithm);
}

#[test]
fn finds_that_something_else_was_signed() {
    let mut case = standard();
    let file = Provider::named("eventsair")
        .unwrap()
        .to_json()
        .replace("{id}.{timestamp}.{body}", "{timestamp}.{body}");
    let message = Message::new(BODY.as_bytes()).with_id("msg_1").at(NOW);
    let signer = Signer::builder(Provider::from_json(&file).unwrap()).unwrap().secret(WHSEC).build().unwrap();
    case.headers = signer.sign(&message).unwrap().headers;
    let message = case.is(Mistake::SignedContent);
    assert!(message.contains("{timestamp}.{body} where {id}.{timestamp}.{body}"), "{message}");
}

#[test]
fn finds_a_signature_in_another_header() {
    let mut case = signed("fourvenues", "s3cr3t", BODY);
    case.headers[0].0 = "X-Signature".into();
    assert!(case.is(Mistake::WrongHeader).contains("X-Signature"));
}

#[test]
fn finds_another_provider() {
    let mut case = standard();
    for (name, _) in &mut case.headers {
        *name = name.to_lowercase().replace("webhook-", "svix-");
    }
    // Several providers send as Svix does, and a signature cannot tell them apart.
    case.is(Mistake::OtherProvider);
    let mut case = signed("github", "s3cr3t", BODY);
    case.provider = "stripe";
    case.secret = b"another".to_vec();
    let explanation = case.explain();
    assert_eq!(
        (explanation.findings[0].mistake, explanation.findings[0].certain),
        (Mistake::OtherProvider, false)
    );
}

#[test]
fn says_how_far_the_clock_is_off() {
    for (off, said) in [
        (-412, "6 min 52 s behind"),
        (400, "6 min 40 s ahead of"),
        (-7203, "time zone"),
        (-100_000, "1 d 3 h"),
    ] {
        let case = Case { now: NOW - off, ..standard() };
        let message = case.is(Mistake::ClockSkew);
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn finds_two_mistakes_at_once() {
    let mut case = Case { secret: format!("{WHSEC}\n").into_bytes(), ..standard() };
    case.body.push(b'\n');
    let explanation = case.explain();
    let found: Vec<_> = explanation.findings.iter().map(|found| found.mistake).collect();
    assert_eq!(found, [Mistake::SecretWhiteSpace, Mistake::TrailingNewline]);
}

#[test]
fn claims_nothing_where_nothing_explains_it() {
    let mut case = standard();
    case.body = case.body.iter().map(|byte| if *byte == b'Z' { b'Y' } else { *byte }).collect();
    let explanation = case.explain();
    assert!(explanation.findings.is_empty(), "{explanation:?}");
    let failed: Vec<_> = explanation.steps.iter().filter(|step| !step.passed).map(|step| step.kind).collect();
    assert_eq!(failed, [StepKind::Signed, StepKind::Verdict]);
}

proptest! {
    // Few cases: each one tries every mistake.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_request_of_any_provider_makes_it_panic(
        provider in prop::sample::select(Provider::names().collect::<Vec<_>>()),
        secret in prop_oneof!["[ -~]{0,40}", "whsec_[A-Za-z0-9+/]{32}", "\\PC{0,20}"],
        values in prop::collection::vec("[ -~]{0,60}", 0..8),
        body in prop_oneof!["\\PC{0,60}", "[\\[\\]{}\",:\\\\u0-9a-f \n]{0,60}"],
        now: i64,
    ) {
        let provider = Provider::named(provider).unwrap();
        let description = provider.describe();
        let names = description["headers"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        let headers: Vec<_> = names.chain(["X-Other".to_owned()]).zip(values).collect();
        let request = Request::new(body.as_bytes(), &headers).with_method("POST").with_url("https://example.com/hooks");
        let explanation = Explain::new(provider).secret(&secret).explain(&request, now);
        prop_assert_eq!(explanation.is_accepted(), explanation.error.is_none());
    }
}
