use std::collections::BTreeMap;

use serde::Deserialize;

use crate::document::Pointer;
use crate::source::SourceForms;
use crate::template::TemplateForm;

/// The `event` member of a provider file: where the parts of an event stand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvelopeForm {
    #[serde(default)]
    pub(crate) body: BodyForm,
    #[serde(default)]
    pub(crate) id: SourceForms,
    #[serde(rename = "type", default)]
    pub(crate) event_type: SourceForms,
    /// Where the payload stands; without it the payload is the whole body.
    pub(crate) data: Option<Pointer>,
    #[serde(default)]
    pub(crate) occurred_at: SourceForms,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, AttributeForm>,
    pub(crate) ping: Option<PingForm>,
    #[serde(default)]
    pub(crate) idempotency: Idempotency,
    /// Where a delivery has no id of its own: what tells it from others. The SHA-256 of this text is its id then.
    pub(crate) digest: Option<TemplateForm>,
}

/// What the body of an authentic request has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BodyForm {
    /// A JSON object.
    #[default]
    Object,
    /// Any JSON value.
    Json,
    /// Anything: what is JSON is read, the rest is passed on as bytes.
    Any,
}

/// Which requests are tests of the connection and no events.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PingForm {
    /// One whose signed body has no bytes.
    EmptyBody(bool),
    /// One of these event types.
    Types(Vec<String>),
}

impl PingForm {
    pub(crate) fn is_empty_body(&self) -> bool {
        matches!(self, Self::EmptyBody(true))
    }

    pub(crate) fn types(&self) -> &[String] {
        match self {
            Self::Types(types) => types,
            Self::EmptyBody(_) => &[],
        }
    }
}

/// What makes two deliveries the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Idempotency {
    /// Their id; where a delivery has none, their type and body.
    #[default]
    Id,
    /// Their type and body, because the system has no id that is stable over retries.
    Digest,
    /// Nothing: a notification that only says "look again" may be the same as the one before and still be another.
    None,
}

impl Idempotency {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Digest => "digest",
            Self::None => "none",
        }
    }
}

/// Where an attribute stands, or which members of an object are attributes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum AttributeForm {
    Members(MembersForm),
    Value(SourceForms),
}

/// The members of an object whose names end alike, each an attribute of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MembersForm {
    pub(crate) members: Pointer,
    pub(crate) ending: String,
    #[serde(default)]
    pub(crate) except: Vec<String>,
}
