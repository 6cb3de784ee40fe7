//! Signs messages as a provider does: the sender's half of every scheme.

mod builder;
mod lines;
mod message;

use std::fmt;
use std::sync::Arc;

pub use builder::SignerBuilder;
pub use message::{Message, Signed};

use crate::error::{Code, Error};
use crate::keys::Algorithm;
use crate::provider::Provider;
use crate::scheme::{BearerScheme, SignatureScheme, VersionKey};
use crate::token::{SharedSecret, SigningKey};
use lines::Lines;

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
    Bearer { scheme: Arc<BearerScheme>, key: TokenKey, token: Token },
}

/// What tokens are signed with.
enum TokenKey {
    Private(SigningKey),
    Shared(SharedSecret),
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
        let mut lines = Lines::new(&self.0.provider);
        lines.describe(message)?;
        match &self.0.signing {
            Signing::Signature { scheme, keys } => lines.sign(scheme, keys, message)?,
            Signing::Bearer { scheme, key, token } => {
                let claims = token.claims_at(message.now, lines.bindings(scheme, message)?);
                let token = match key {
                    TokenKey::Private(key) => key.sign(token.key_id.as_deref(), &claims, token.algorithm)?,
                    TokenKey::Shared(secret) => secret.sign(&claims, token.algorithm)?,
                };
                lines.set(scheme.header, if scheme.bare { token } else { format!("Bearer {token}") })?;
            }
        }
        Ok(Signed { headers: lines.lines, body: message.body.to_vec() })
    }

    /// Returns the provider as which this signs.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }
}

impl Token {
    fn claims_at(&self, now: i64, bindings: Vec<(String, String)>) -> String {
        let mut claims = self.claims.clone();
        claims.extend(bindings.into_iter().map(|(name, value)| (name, value.into())));
        claims.entry("iat").or_insert_with(|| now.into());
        claims.entry("exp").or_insert_with(|| now.saturating_add(self.lifetime_seconds).into());
        serde_json::Value::Object(claims).to_string()
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
