//! Samples of what providers send, for the test kit.

use hookproof::Sample;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::convert::pairs;
use crate::error::{Fallible, fallible};
use crate::provider::Provider;

/// A sample with its own id and moment.
#[napi(object, object_from_js = false)]
pub struct SampleMessage {
    /// The event's type, where the request says one.
    pub event_type: Option<String>,
    /// The bytes to send.
    pub body: Buffer,
    /// Names and values of attributes.
    pub attributes: Vec<Vec<String>>,
    /// Who the provider says it is.
    pub user_agent: Option<String>,
}

#[napi]
impl Provider {
    /// Lists the names of the samples: event types, and `ping`.
    #[napi(catch_unwind)]
    pub fn samples(&self) -> Vec<String> {
        // Only a malformed file of the library's own fails, which a test of the core excludes.
        let samples = Sample::of(&self.0).unwrap_or_default();
        samples.iter().map(|sample| sample.name().to_owned()).collect()
    }
}

/// Fills in a sample; nothing where there is none of that name.
#[napi(catch_unwind)]
pub fn sample_message(
    provider: &Provider,
    name: String,
    id: String,
    uuid: String,
    now: i64,
) -> Fallible<Option<SampleMessage>> {
    fallible(Sample::of(&provider.0).map(|samples| {
        let sample = samples.into_iter().find(|sample| sample.name() == name)?;
        let filled = sample.fill(&id, &uuid, now);
        Some(SampleMessage {
            event_type: sample.event_type().map(str::to_owned),
            body: filled.body.into(),
            attributes: pairs(filled.attributes),
            user_agent: filled.user_agent,
        })
    }))
}
