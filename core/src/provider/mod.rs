//! What is known about one sender, as data.

mod builtin;
mod describe;
mod detect;
mod form;

use std::fmt;
use std::sync::Arc;

use crate::envelope::Envelope;
use crate::error::{Code, Error};
use crate::handshake::{Handshake, HandshakeRule};
use crate::reply::{Outcome, Replies, Reply};
use crate::request::Request;
use crate::retry::RetryPolicy;
use crate::scheme::{BearerScheme, Scheme, SchemeForm, SignatureScheme};
use crate::tables::Tables;
use crate::template::Given;
use crate::view::View;
use form::{Evidence, ProviderForm};

/// What is known about one sender of webhooks: how it signs, where things stand in its requests, how it retries
/// and how it wants to be answered.
///
/// A provider is data. Those that are built in are found by name; any other is given in the same JSON form, which
/// `provider.schema.json` beside the built-in files describes.
///
/// ```
/// use hookproof::Provider;
///
/// let crm = Provider::from_json(r#"{
///     "name": "small-crm",
///     "scheme": {"signature": {
///         "from": {"header": "X-Crm-Signature"},
///         "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
///         "content": "{body}"
///     }},
///     "event": {"id": {"json": "/id"}, "type": {"json": "/kind"}}
/// }"#)?;
/// assert_eq!(crm.name(), "small-crm");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    form: Head,
    scheme: Scheme,
    envelope: Envelope,
    handshakes: Vec<HandshakeRule>,
    tables: Tables,
    replies: Replies,
    retry: Option<RetryPolicy>,
    json: String,
}

/// What a provider file says about itself.
struct Head {
    name: String,
    title: String,
    docs: Vec<String>,
    evidence: Option<Evidence>,
    assumed: Vec<String>,
}

impl Provider {
    /// Returns the built-in provider of a name, such as `fourvenues` or `standard-webhooks`.
    ///
    /// # Errors
    /// `unknown_provider`: none has that name.
    pub fn named(name: &str) -> Result<Self, Error> {
        builtin::find(name)
    }

    /// Reads a provider file.
    ///
    /// # Errors
    /// `invalid_provider`: it breaks the form; the message names the place and what was expected there.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let form: ProviderForm = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            let place = if path == "." { String::new() } else { format!(" at {path}") };
            Error::new(Code::InvalidProvider, format!("the provider is invalid{place}: {}", error.inner()))
        })?;
        deserializer.end().map_err(|error| {
            Error::new(Code::InvalidProvider, format!("the provider is invalid: {error}"))
        })?;
        Self::resolve(form, json)
    }

    /// Lists the names of the built-in providers in alphabetical order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        builtin::names()
    }

    /// Returns the name: lower-case letters, digits and hyphens.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.form.name
    }

    /// Returns the name as people write it.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.form.title
    }

    /// Lists the pages that the facts come from.
    pub fn docs(&self) -> impl Iterator<Item = &str> {
        self.0.form.docs.iter().map(String::as_str)
    }

    /// Returns what the facts are founded on: `source`, `documentation` or `second-hand`; nothing for a provider of
    /// your own that does not say it.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        self.0.form.evidence.map(Evidence::as_str)
    }

    /// Lists what the provider does not document and this library assumes.
    pub fn assumed(&self) -> impl Iterator<Item = &str> {
        self.0.form.assumed.iter().map(String::as_str)
    }

    /// Returns the provider in its JSON form.
    #[must_use]
    pub fn to_json(&self) -> &str {
        &self.0.json
    }

    /// Returns how the provider wants to be answered.
    #[must_use]
    pub fn reply(&self, outcome: Outcome) -> Reply {
        self.0.replies.reply(outcome)
    }

    /// Answers a handshake that is not signed and needs no secret, so that an endpoint can be registered before
    /// there is a secret: Asana and Notion hand theirs over this way.
    ///
    /// # Errors
    /// `duplicate_header`, `malformed_header`: a value that tells the handshake is ambiguous.
    pub fn handshake(&self, request: &Request<'_>) -> Result<Option<Handshake>, Error> {
        let view = View::new(self.tables(), request, request.url.map(Into::into));
        for rule in self.handshakes().iter().filter(|rule| !rule.signed && !rule.needs_secret()) {
            if let Some(handshake) = rule.answer(&Given::of(&view), None)? {
                return Ok(Some(handshake));
            }
        }
        Ok(None)
    }

    /// Returns when the provider tries again.
    ///
    /// # Errors
    /// `invalid_option`: the provider has no retry plan.
    pub fn retry_policy(&self) -> Result<RetryPolicy, Error> {
        self.0.retry.clone().ok_or_else(|| {
            let name = self.name();
            Error::new(Code::InvalidOption, format!("no retry plan is known for the provider {name}"))
        })
    }

    pub(crate) fn scheme(&self) -> &Scheme {
        &self.0.scheme
    }

    pub(crate) fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    pub(crate) fn handshakes(&self) -> &[HandshakeRule] {
        &self.0.handshakes
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.0.tables
    }

    fn resolve(form: ProviderForm, json: &str) -> Result<Self, Error> {
        let mut tables = Tables::default();
        let lists = form.scheme.lists();
        let envelope = Envelope::resolve(form.event, &lists, &mut tables)?;
        let scheme = match form.scheme {
            SchemeForm::Signature(scheme) => {
                Scheme::Signature(SignatureScheme::resolve(scheme, &lists, &envelope.id, &mut tables)?.into())
            }
            SchemeForm::Bearer(scheme) => {
                Scheme::Bearer(BearerScheme::resolve(scheme, &lists, &mut tables)?.into())
            }
        };
        let handshakes =
            form.handshakes.into_iter().map(|form| form.resolve(&mut tables)).collect::<Result<_, _>>()?;
        let name = form.name.0;
        let title = form.title.unwrap_or_else(|| name.clone());
        Ok(Self(Arc::new(Inner {
            form: Head { name, title, docs: form.docs, evidence: form.evidence, assumed: form.assumed },
            scheme,
            envelope,
            handshakes,
            tables,
            replies: form.replies,
            retry: form.retry,
            json: json.to_owned(),
        })))
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.name()).finish()
    }
}

impl TryFrom<&str> for Provider {
    type Error = Error;

    fn try_from(name: &str) -> Result<Self, Error> {
        Self::named(name)
    }
}

impl TryFrom<&Provider> for Provider {
    type Error = Error;

    fn try_from(provider: &Provider) -> Result<Self, Error> {
        Ok(provider.clone())
    }
}
