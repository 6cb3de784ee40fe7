//! Realistic events of the providers whose events are documented, for tests and for trying a receiver.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Code, Error};
use crate::provider::Provider;

/// A sample of what a provider sends: a type, headers that name the event, and a body.
///
/// ```
/// use hookproof::{Provider, Sample};
///
/// let samples = Sample::of(&Provider::named("fast-events")?)?;
/// assert_eq!(samples[0].event_type(), Some("order.created"));
/// let message = samples[0].fill("5f7b", "0b2f0a5d-8f5c-4a55-9a51-2f0a5d8f5c01", 1_790_000_000);
/// assert!(message.body.starts_with(br#"{"id":14810,"#));
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sample {
    event_type: String,
    sends_type: bool,
    attributes: BTreeMap<String, String>,
    body: String,
    user_agent: Option<String>,
    headers: BTreeMap<String, String>,
}

/// A sample with its own id and moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SampleMessage {
    /// The bytes to send.
    pub body: Vec<u8>,
    /// The attributes that the provider sends in headers.
    pub attributes: Vec<(String, String)>,
    /// Who the provider says it is, where that is documented.
    pub user_agent: Option<String>,
    /// Headers that the provider sends beside those that a signer makes.
    pub headers: Vec<(String, String)>,
}

/// A file of `providers/samples`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    user_agent: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    events: Vec<Form>,
    /// What the provider does not document: for whoever reads the file.
    #[serde(default, rename = "assumed")]
    _assumed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(rename = "type")]
    event_type: String,
    #[serde(default = "yes")]
    sends_type: bool,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    body: Option<Box<RawValue>>,
    #[serde(default)]
    empty_body: bool,
}

// The texts of the files by provider, as the build script found them.
include!(concat!(env!("OUT_DIR"), "/samples.rs"));

/// Every other provider has one sample, whose content is made up.
const ANY: &str = r#"{"events": [{"type": "test", "body":
    {"id":"{{id}}","type":"test","timestamp":"{{time}}","data":{"message":"This is a sample of hookproof"}}}]}"#;

impl Sample {
    /// Lists the samples of a provider, at least one.
    ///
    /// # Errors
    /// `invalid_provider`: a file of samples is malformed, which its test excludes.
    pub fn of(provider: &Provider) -> Result<Vec<Self>, Error> {
        let text = SAMPLES.iter().find_map(|(name, text)| (*name == provider.name()).then_some(*text));
        let file: File = serde_json::from_str(text.unwrap_or(ANY)).map_err(|error| {
            Error::new(Code::InvalidProvider, format!("the samples are malformed: {error}"))
        })?;
        let (user_agent, headers) = (file.user_agent, file.headers);
        let sample = |form: Form| Self {
            event_type: form.event_type,
            sends_type: form.sends_type,
            attributes: form.attributes,
            body: form
                .body
                .filter(|_| !form.empty_body)
                .map(|body| body.get().to_owned())
                .unwrap_or_default(),
            user_agent: user_agent.clone(),
            headers: headers.clone(),
        };
        Ok(file.events.into_iter().map(sample).collect())
    }

    /// Tells whether the samples of a provider are what it documents, or made up.
    #[must_use]
    pub fn are_documented(provider: &Provider) -> bool {
        SAMPLES.iter().any(|(name, _)| *name == provider.name())
    }

    /// Returns the name of the sample: its type, or `ping`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.event_type
    }

    /// Returns the event's type; nothing for a request that sends none.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.sends_type.then_some(self.event_type.as_str())
    }

    /// Fills in the id, a UUID and the moment in unix seconds.
    #[must_use]
    pub fn fill(&self, id: &str, uuid: &str, now: i64) -> SampleMessage {
        let time = jiff::Timestamp::from_second(now).unwrap_or_default().to_string();
        let filled =
            |text: &str| text.replace("{{id}}", id).replace("{{uuid}}", uuid).replace("{{time}}", &time);
        let each = |texts: &BTreeMap<String, String>| {
            texts.iter().map(|(name, value)| (name.clone(), filled(value))).collect()
        };
        SampleMessage {
            body: filled(&self.body).into_bytes(),
            attributes: each(&self.attributes),
            user_agent: self.user_agent.clone(),
            headers: each(&self.headers),
        }
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::{Message, Signer};
    use crate::verifier::Verifier;

    #[test]
    fn every_sample_is_an_event_of_its_provider() {
        for (name, secret) in [
            ("fourvenues", "s3cr3t"),
            ("fast-events", "s3cr3t"),
            ("eventsair", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ] {
            let provider = Provider::named(name).unwrap();
            for sample in Sample::of(&provider).unwrap() {
                let filled = sample.fill("msg_1", "u-1", 1_790_000_000);
                assert!(!filled.body.windows(2).any(|pair| pair == b"{{"), "{name}: a placeholder is left");
                let mut message = Message::new(&filled.body).with_id("msg_1").at(1_790_000_000);
                message.event_type = sample.event_type();
                message.attributes.clone_from(&filled.attributes);
                let signed =
                    Signer::builder(name).unwrap().secret(secret).build().unwrap().sign(&message).unwrap();
                let verifier = Verifier::builder(name).unwrap().secret(secret).build().unwrap();
                let request = crate::Request::new(&signed.body, &signed.headers);
                let event = verifier.verify_at(&request, 1_790_000_000).unwrap();
                assert_eq!(event.event_type(), sample.event_type(), "{name}");
                assert_eq!(event.is_ping(), sample.name() == "ping", "{name}");
            }
        }
    }

    /// What the guides of the four platforms name; a change here is a change of what is known.
    #[test]
    fn every_known_event_has_a_sample() {
        let contact = ["Created", "Updated", "Deleted", "Anonymized"].map(|it| format!("Event.Contact.{it}"));
        let agenda =
            ["Created", "Updated", "Deleted"].map(|it| format!("Event.ActivityBreakAgendaItem.{it}"));
        let invoice = ["Created", "Finalized"].map(|it| format!("Event.Invoice.{it}"));
        let event =
            ["Registration.Created", "Created", "Archived", "Deleted"].map(|it| format!("Event.{it}"));
        let orders = ["created", "updated", "deleted", "refunded"].map(|it| format!("order.{it}"));
        let events = ["created", "updated", "deleted"].map(|it| format!("event.{it}"));
        let others = ["scan.created", "tickets.downloaded", "invoice.downloaded", "ping"].map(str::to_owned);
        let known: [(&str, Vec<String>); 4] = [
            ("fourvenues", vec!["payment.success".into(), "ticket.request_refund".into()]),
            ("eventsair", [&contact[..], &agenda, &invoice, &event].concat()),
            ("fast-events", [&orders[..], &events, &others].concat()),
            ("pitchpoint", vec!["orders/placed".into(), "orders/updated".into()]),
        ];
        for (provider, mut known) in known {
            let samples = Sample::of(&Provider::named(provider).unwrap()).unwrap();
            let mut found: Vec<_> = samples.iter().map(|sample| sample.name().to_owned()).collect();
            known.sort();
            found.sort();
            assert_eq!(found, known, "{provider}");
        }
    }

    #[test]
    fn a_provider_without_documented_samples_has_one() {
        let provider = Provider::named("github").unwrap();
        assert_eq!(Sample::of(&provider).unwrap().len(), 1);
        assert!(!Sample::are_documented(&provider));
    }

    #[test]
    fn every_file_of_samples_is_that_of_a_provider() {
        let names = SAMPLES.map(|(name, _)| name);
        for name in names {
            assert!(Sample::of(&Provider::named(name).unwrap()).unwrap().len() >= 2, "{name}");
        }
        assert!(names.contains(&"pitchpoint"));
    }
}
