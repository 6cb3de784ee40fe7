//! Verifies requests: one provider and its keys, immutable and cheap to share.

mod builder;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use builder::VerifierBuilder;

use crate::error::{Code, Error};
use crate::event::{Event, Scope};
use crate::header_table::Picked;
use crate::headers::Headers;
use crate::keys::KeySet;
use crate::proof::{Covers, Proof};
use crate::provider::Provider;
use crate::request::Request;
use crate::scheme::{BearerScheme, Content, Match, SignatureScheme, Signed, VersionKey};
use crate::timestamp::Timestamp;
use crate::token::{self, TokenPolicy, VerifiedToken};

/// Verifies the requests of one provider and turns each into an [`Event`].
///
/// Building fails when the keys are unusable; verifying returns an event or an error and never a bool, so that a
/// forgotten check cannot pass for a success. A verifier is immutable and cheap to clone: share one between threads.
///
/// ```
/// use hookproof::Verifier;
///
/// let verifier = Verifier::builder("fourvenues")?.secret("s3cr3t").build()?;
/// let body = br#"{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}"#;
/// let headers = [("X-Webhook-Signature", "2b2d8bb8c9f9c1d0f8e3b6ad7b7c25c2bf2e7b3ed8d2e7ab7b6bb0b7f0a5c1aa")];
/// assert!(verifier.verify(body, &headers).is_err(), "not what the secret makes of this body");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    provider: Provider,
    proving: Proving,
    covers: Covers,
    scope: Arc<Scope>,
    tolerance: Option<Duration>,
    max_body: Option<usize>,
    accept_reserialized: bool,
}

/// The keys of a verifier, by the kind of proof that they check.
enum Proving {
    Signature { scheme: Arc<SignatureScheme>, keys: Vec<VersionKey>, labels: Vec<Option<Arc<str>>> },
    Bearer { scheme: Arc<BearerScheme>, policy: TokenPolicy, keys: KeySet },
}

impl Verifier {
    /// Starts a verifier for a provider, built in (by name) or your own.
    ///
    /// # Errors
    /// `unknown_provider`: none of that name is built in.
    pub fn builder<P: TryInto<Provider, Error: Into<Error>>>(provider: P) -> Result<VerifierBuilder, Error> {
        provider.try_into().map(VerifierBuilder::new).map_err(Into::into)
    }

    /// Verifies a request against the system's clock.
    ///
    /// # Errors
    /// As [`verify_at`](Self::verify_at).
    pub fn verify<'a>(&self, body: &'a [u8], headers: &'a dyn Headers) -> Result<Event<'a>, Error> {
        self.verify_at(&Request::new(body, headers), system_seconds())
    }

    /// Verifies a request at a moment that is handed in, in unix seconds.
    ///
    /// The body's size and the headers are checked first, then the proof, and only an authentic body is parsed.
    ///
    /// # Errors
    /// Any code of the kinds `Verification`, `Payload` and `KeysUnavailable`; `invalid_option` where the scheme
    /// signs the method or the URL and the request has none.
    pub fn verify_at<'a>(&self, request: &Request<'a>, now: i64) -> Result<Event<'a>, Error> {
        let inner = &*self.0;
        inner.check_size(request.body)?;
        let picked = inner.provider.headers().pick(request.headers);
        inner.provider.envelope().check_headers(&picked)?;
        match &inner.proving {
            Proving::Signature { scheme, keys, labels } => {
                let signed = inner.signed(request);
                let found = scheme.verify(&picked, &signed, keys, inner.tolerance, now)?;
                inner.signed_event(&picked, found, labels)
            }
            Proving::Bearer { scheme, policy, keys } => {
                let token = token::bearer(picked.required(scheme.header)?.as_bytes())?;
                let verified = token::verify(token, keys, policy, now)?;
                inner.token_event(&picked, request.body, verified)
            }
        }
    }

    /// Replaces the key set of a bearer provider by a document that was just fetched from its issuer.
    ///
    /// # Errors
    /// `invalid_key`: the document is no key set; the old keys stay. `invalid_option`: the provider has no key set.
    pub fn update_keys(&self, jwks: &str) -> Result<(), Error> {
        match &self.0.proving {
            Proving::Bearer { keys, .. } => keys.replace(jwks),
            Proving::Signature { .. } => Err(Error::new(
                Code::InvalidOption,
                format!("the provider {} signs with a secret and has no key set", self.provider().name()),
            )),
        }
    }

    /// Returns what [`Event::idempotency_key`] gives for an event of this verifier with this id, type and body.
    ///
    /// For a host that keeps an event's parts in an object of its own and wants the key only when it is asked for.
    #[must_use]
    pub fn idempotency_key(&self, id: Option<&str>, event_type: Option<&str>, body: &[u8]) -> String {
        self.0.scope.idempotency_key(id, event_type, body)
    }

    /// Returns the provider whose requests this verifies.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }

    /// Lists the headers that are read, as the provider spells them, so that a host need not hand over the others.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.0.provider.headers().names()
    }
}

impl Inner {
    fn check_size(&self, body: &[u8]) -> Result<(), Error> {
        match self.max_body {
            Some(most) if body.len() > most => {
                let found = body.len();
                Err(Error::new(
                    Code::BodyTooLarge,
                    format!("the body has {found} bytes, and the limit is {most}"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn signed<'a>(&self, request: &Request<'a>) -> Signed<'a> {
        Signed {
            method: request.method,
            url: request.url,
            body: request.body,
            accept_reserialized: self.accept_reserialized,
        }
    }

    fn signed_event<'a>(
        &self,
        picked: &Picked<'_, 'a>,
        found: Match<'a>,
        labels: &[Option<Arc<str>>],
    ) -> Result<Event<'a>, Error> {
        let proof = Proof {
            covers: self.covers,
            key_index: found.key_index,
            key_label: labels.get(found.key_index).cloned().flatten(),
            algorithm: found.algorithm,
            claims: None,
            content: found.content,
        };
        let sent_at = found.timestamp.map(Timestamp::from_unix_seconds);
        match found.body {
            Cow::Borrowed(body) => self.event(picked, body, proof, sent_at),
            // What was signed is read, not what came: the two could say different things.
            Cow::Owned(written) => Ok(self.event(picked, &written, proof, sent_at)?.into_owned()),
        }
    }

    fn token_event<'a>(
        &self,
        picked: &Picked<'_, 'a>,
        body: &'a [u8],
        token: VerifiedToken,
    ) -> Result<Event<'a>, Error> {
        let proof = Proof {
            covers: self.covers,
            key_index: token.key_index,
            key_label: token.key_id.map(Arc::from),
            algorithm: token.algorithm,
            claims: Some(token.claims),
            content: Content::Raw,
        };
        self.event(picked, body, proof, None)
    }

    fn event<'a>(
        &self,
        picked: &Picked<'_, 'a>,
        body: &'a [u8],
        proof: Proof,
        sent_at: Option<Timestamp>,
    ) -> Result<Event<'a>, Error> {
        let contents = self.provider.envelope().read(picked, body)?;
        Ok(Event {
            scope: Arc::clone(&self.scope),
            id: contents.id,
            event_type: contents.event_type,
            body: Cow::Borrowed(body),
            data: contents.data,
            sent_at,
            occurred_at: contents.occurred_at,
            attributes: contents.attributes,
            is_ping: contents.is_ping,
            proof,
        })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("provider", &self.provider().name()).finish_non_exhaustive()
    }
}

/// Reads the system's clock in whole unix seconds. A clock before 1970 reads 0, so that everything is too new.
fn system_seconds() -> i64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
