use serde::Deserialize;

use crate::envelope::EnvelopeForm;
use crate::handshake::HandshakeForm;
use crate::reply::Replies;
use crate::retry::RetryPolicy;
use crate::scheme::SchemeForm;

/// A provider file, as `provider.schema.json` describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderForm {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(crate) name: Name,
    pub(crate) title: Option<String>,
    #[serde(default)]
    pub(crate) docs: Vec<String>,
    pub(crate) evidence: Option<Evidence>,
    #[serde(default)]
    pub(crate) assumed: Vec<String>,
    pub(crate) scheme: SchemeForm,
    pub(crate) event: EnvelopeForm,
    #[serde(default)]
    pub(crate) handshakes: Vec<HandshakeForm>,
    #[serde(default)]
    pub(crate) replies: Replies,
    pub(crate) retry: Option<RetryPolicy>,
}

/// How well the facts of a provider file are founded.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Evidence {
    Source,
    Documentation,
    SecondHand,
}

impl Evidence {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Documentation => "documentation",
            Self::SecondHand => "second-hand",
        }
    }
}

/// A provider's name. It is part of idempotency keys, so it has no colon and one spelling.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Name(pub(crate) String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let letters =
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if letters && (1..=64).contains(&name.len()) && !name.starts_with('-') && !name.ends_with('-') {
            Ok(Self(name))
        } else {
            Err("a name is 1 to 64 lower-case letters, digits and inner hyphens")
        }
    }
}
