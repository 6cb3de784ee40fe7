//! Signs messages as a provider does: the sender's half of every scheme.

mod builder;
mod message;

use std::fmt;
use std::sync::Arc;

pub use builder::SignerBuilder;
pub use message::{Message, Signed};

use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::keys::Algorithm;
use crate::provider::Provider;
use crate::scheme::{BearerScheme, SignatureScheme, Values, Variable, VersionKey};
use crate::source::{HeaderPart, HeaderSource, Source};
use crate::token::SigningKey;

/// Signs messages as one provider does. It is immutable and cheap to clone.
///
/// ```
/// use hookproof::{Message, Signer};
///
/// let signer = Signer::builder("eventsair")?.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").build()?;
/// let message = Message::new(br#"{"test": 2432232314}"#).with_id("msg_p5jXN8AQM9LWM0D4loKWxJek").at(1_614_265_330);
/// let signed = signer.sign(&message)?;
/// assert_eq!(signed.header("webhook-signature"), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone)]
pub struct Signer(Arc<Inner>);

struct Inner {
    provider: Provider,
    signing: Signing,
}

/// The keys of a signer, by the kind of proof that they make.
enum Signing {
    Signature { scheme: Arc<SignatureScheme>, keys: Vec<VersionKey> },
    Bearer { scheme: Arc<BearerScheme>, key: SigningKey, token: Token },
}

/// What the tokens of a signer say.
struct Token {
    algorithm: Algorithm,
    key_id: Option<String>,
    lifetime_seconds: i64,
    claims: serde_json::Map<String, serde_json::Value>,
}

impl Signer {
    /// Starts a signer for a provider, built in (by name) or your own.
    ///
    /// # Errors
    /// `unknown_provider`: none of that name is built in.
    pub fn builder<P: TryInto<Provider, Error: Into<Error>>>(provider: P) -> Result<SignerBuilder, Error> {
        provider.try_into().map(SignerBuilder::new).map_err(Into::into)
    }

    /// Signs one attempt to deliver a message.
    ///
    /// The headers are those that the provider's receivers read, with the provider's spelling. The body comes back
    /// as it went in: send exactly these bytes.
    ///
    /// # Errors
    /// `invalid_option`: the scheme needs a part that the message does not have, or a part cannot stand in a header.
    pub fn sign(&self, message: &Message<'_>) -> Result<Signed, Error> {
        let mut lines = Lines { provider: &self.0.provider, lines: Vec::new() };
        match &self.0.signing {
            Signing::Signature { scheme, keys } => lines.sign(scheme, keys, message)?,
            Signing::Bearer { scheme, key, token } => {
                let claims = token.claims_at(message.now);
                let token = key.sign(token.key_id.as_deref(), &claims, token.algorithm)?;
                lines.set(scheme.header, format!("Bearer {token}"))?;
            }
        }
        lines.describe(message)?;
        Ok(Signed { headers: lines.lines, body: message.body.to_vec() })
    }

    /// Returns the provider as which this signs.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }
}

impl Token {
    fn claims_at(&self, now: i64) -> String {
        let mut claims = self.claims.clone();
        claims.entry("iat").or_insert_with(|| now.into());
        claims.entry("exp").or_insert_with(|| now.saturating_add(self.lifetime_seconds).into());
        serde_json::Value::Object(claims).to_string()
    }
}

/// The header lines of a signed message, as they are put together.
struct Lines<'p> {
    provider: &'p Provider,
    lines: Vec<(String, String)>,
}

impl Lines<'_> {
    /// Computes the signatures, one for each key, and writes them with what they cover.
    fn sign(
        &mut self,
        scheme: &SignatureScheme,
        keys: &[VersionKey],
        message: &Message<'_>,
    ) -> Result<(), Error> {
        let id = scheme.id.as_ref().map(|source| signed_id(scheme, source, message)).transpose()?;
        let timestamp = message.now.to_string();
        let values = Values {
            body: message.body,
            id: id.map(|(_, id)| id).unwrap_or_default(),
            method: needed(scheme, Variable::Method, message.method)?,
            timestamp: &timestamp,
            url: needed(scheme, Variable::Url, message.url)?,
        };
        let parts = scheme.content.parts(&values);
        if let Some((source, id)) = id {
            self.add(source, id)?;
        }
        if let Some(rule) = &scheme.timestamp {
            self.add(&rule.from, &timestamp)?;
        }
        for VersionKey { version, key } in keys {
            let signed = scheme.versions.get(*version).zip(key.sign(&parts));
            let (version, signature) = signed.ok_or_else(|| {
                Error::new(Code::InvalidSecret, "the secret is a public key, which signs nothing")
            })?;
            self.add(&scheme.from, &format!("{}{}", version.prefix, version.encoding.encode(&signature)))?;
        }
        Ok(())
    }

    /// Writes the headers that name the event, where the provider has such headers.
    fn describe(&mut self, message: &Message<'_>) -> Result<(), Error> {
        let provider = self.provider;
        let (id, event_type) = provider.envelope().identity();
        let named = [(id, message.id), (event_type, message.event_type)];
        let attributes = message.attributes.iter().map(|(name, value)| {
            (provider.envelope().attribute(name).unwrap_or_default(), Some(value.as_str()))
        });
        for (sources, value) in named.into_iter().chain(attributes) {
            if let (Some(Source::Header(source)), Some(value)) = (sources.first(), value) {
                self.set(source.slot, value.to_owned())?;
            }
        }
        Ok(())
    }

    /// Adds a value to a header that holds several: `t=1,v1=…` or `v1,… v1,…`.
    fn add(&mut self, source: &HeaderSource, value: &str) -> Result<(), Error> {
        let name = self.provider.headers().name(source.slot);
        let (piece, separator) = match &source.part {
            HeaderPart::Whole => (value.to_owned(), None),
            HeaderPart::Pieces { separator } => (value.to_owned(), Some(separator)),
            HeaderPart::Pairs { separator, key } => (format!("{key}={value}"), Some(separator)),
        };
        match self.lines.iter_mut().find(|(known, _)| known == name) {
            None => self.set(source.slot, piece),
            Some((_, line)) => {
                let separator = separator.ok_or_else(|| {
                    invalid(format!("the header {name} holds one signature, so sign with one secret"))
                })?;
                line.push_str(separator);
                line.push_str(&piece);
                Ok(())
            }
        }
    }

    fn set(&mut self, slot: Slot, value: String) -> Result<(), Error> {
        let name = self.provider.headers().name(slot);
        // A line break here would let whoever chose the value add headers of their own to the request.
        if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(invalid(format!("the value for the header {name} is not printable ASCII")));
        }
        match self.lines.iter_mut().find(|(known, _)| known == name) {
            Some((_, line)) => *line = value,
            None => self.lines.push((name.to_owned(), value)),
        }
        Ok(())
    }
}

/// Takes the id that is signed, which must not be able to pass for another one.
fn signed_id<'s, 'm>(
    scheme: &SignatureScheme,
    source: &'s HeaderSource,
    message: &Message<'m>,
) -> Result<(&'s HeaderSource, &'m str), Error> {
    let id =
        message.id.ok_or_else(|| invalid("the provider signs the id, so sign needs it: pass id".into()))?;
    let separator = scheme.content.separator_after(Variable::Id);
    let visible = (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || separator.is_some_and(|separator| id.contains(separator)) {
        let without = separator.map(|separator| format!(" without {separator:?}")).unwrap_or_default();
        return Err(invalid(format!("the id is not 1 to 255 visible ASCII characters{without}")));
    }
    Ok((source, id))
}

fn needed<'a>(
    scheme: &SignatureScheme,
    variable: Variable,
    value: Option<&'a str>,
) -> Result<&'a str, Error> {
    match value {
        None if scheme.content.uses(variable) => {
            Err(invalid(format!("the provider signs the {0}, so sign needs it: pass {0}", variable.name())))
        }
        value => Ok(value.unwrap_or_default()),
    }
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidOption, message)
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("provider", &self.provider().name()).finish_non_exhaustive()
    }
}
