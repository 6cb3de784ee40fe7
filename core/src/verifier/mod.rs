//! Verifies requests: one provider and its keys, immutable and cheap to share.

mod builder;
mod key_options;
mod keys;
mod proving;
mod token_options;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use builder::VerifierBuilder;
use proving::{Authentic, Proving};
use zeroize::Zeroizing;

use crate::error::{Code, Error};
use crate::event::{Event, Scope};
use crate::handshake::{Handshake, HandshakeRule};
use crate::headers::Headers;
use crate::proof::Covers;
use crate::provider::Provider;
use crate::request::Request;
use crate::template::Given;
use crate::view::View;

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
    public_url: Option<String>,
    /// The first secret, for the answers to challenges; empty where the provider has none.
    secret: Zeroizing<Vec<u8>>,
    /// The label of that secret, for answers that name it.
    label: Option<String>,
    verify_token: Option<String>,
    accept_reserialized: bool,
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
        let view = View::new(inner.provider.tables(), request, inner.url(request));
        view.check_parameters()?;
        let envelope = inner.provider.envelope();
        envelope.check_headers(&view)?;
        let authentic = inner.prove(&view, now)?;
        let mut event = match authentic.body {
            Cow::Borrowed(body) if body.len() == view.body.len() => inner.event(&view, authentic)?,
            _ => inner.event_of_other_body(&view, authentic)?,
        };
        if let Some(id) = envelope.id_at(now, &event.body) {
            event.id = Some(id);
        }
        Ok(event)
    }

    /// Answers a request if it is a handshake: a URL check, a challenge, a connection test.
    ///
    /// A handshake that the provider signs is verified first; `verify` also recognises those, as pings whose
    /// [`Event::handshake`] holds the answer. Receivers call this before `verify` for requests other than POST and
    /// where [`answers_unsigned`](Self::answers_unsigned).
    ///
    /// # Errors
    /// As [`verify_at`](Self::verify_at), for providers with signed handshakes.
    pub fn handshake(&self, request: &Request<'_>, now: i64) -> Result<Option<Handshake>, Error> {
        let inner = &*self.0;
        inner.check_size(request.body)?;
        let rules = inner.provider.handshakes();
        let view = View::new(inner.provider.tables(), request, inner.url(request));
        view.check_parameters()?;
        for rule in rules.iter().filter(|rule| !rule.signed) {
            if let Some(handshake) = inner.answer(rule, &view)? {
                return Ok(Some(handshake));
            }
        }
        if rules.iter().all(|rule| !rule.signed) {
            return Ok(None);
        }
        Ok(self.verify_at(request, now)?.handshake.map(|handshake| *handshake))
    }

    /// Tells whether the provider has handshakes that it does not sign.
    #[must_use]
    pub fn answers_unsigned(&self) -> bool {
        self.0.provider.handshakes().iter().any(|rule| !rule.signed)
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

    /// Tells whether the scheme signs the whole URL and none was configured.
    #[cfg(feature = "tower")]
    pub(crate) fn lacks_url(&self) -> bool {
        let inner = &*self.0;
        let signs_url = match &inner.proving {
            Proving::Signature { scheme, .. } => {
                scheme.written.iter().any(|content| content.contains("{url"))
            }
            Proving::Bearer { .. } => false,
        };
        inner.public_url.is_none() && (signs_url || inner.covers.contains("url"))
    }

    /// Lists the headers that are read, as the provider spells them, so that a host need not hand over the others.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.0.provider.tables().headers.names()
    }

    /// Returns the name of such a header as the provider spells it, for one of a request in any case; nothing for a header
    /// that is not read.
    #[must_use]
    pub fn header_name(&self, name: &[u8]) -> Option<&str> {
        let headers = &self.0.provider.tables().headers;
        headers.find(name).map(|slot| headers.name(slot))
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

    /// Returns the URL that the sender called: the one that the endpoint was registered with, if it is configured,
    /// with the query of this request. What a proxy says of the host is not asked.
    fn url<'a>(&self, request: &Request<'a>) -> Option<Cow<'a, str>> {
        let Some(public) = &self.public_url else {
            return request.url.map(Cow::Borrowed);
        };
        let query = request.url.and_then(|url| url.split_once('?')).map(|(_, query)| query);
        Some(Cow::Owned(match query {
            Some(query) if !public.contains('?') => format!("{public}?{query}"),
            _ => public.clone(),
        }))
    }

    fn signed_handshake(&self, view: &View<'_, '_>) -> Result<Option<Handshake>, Error> {
        for rule in self.provider.handshakes().iter().filter(|rule| rule.signed) {
            if let Some(handshake) = self.answer(rule, view)? {
                return Ok(Some(handshake));
            }
        }
        Ok(None)
    }

    fn answer(&self, rule: &HandshakeRule, view: &View<'_, '_>) -> Result<Option<Handshake>, Error> {
        let given = Given { secret: &self.secret, label: self.label.as_deref(), ..Given::of(view) };
        rule.answer(&given, self.verify_token.as_deref())
    }

    /// Reads what was signed where that is not what came: the two could say different things.
    fn event_of_other_body<'a>(
        &self,
        view: &View<'_, 'a>,
        authentic: Authentic<'a>,
    ) -> Result<Event<'a>, Error> {
        let Authentic { body, proof, sent_at } = authentic;
        match body {
            Cow::Borrowed(body) => {
                self.event(&view.with_body(body), Authentic { body: Cow::Borrowed(body), proof, sent_at })
            }
            Cow::Owned(written) => {
                let authentic = Authentic { body: Cow::Borrowed(&written), proof, sent_at };
                Ok(self.event(&view.with_body(&written), authentic)?.into_owned())
            }
        }
    }

    #[inline]
    fn event<'a>(&self, view: &View<'_, 'a>, authentic: Authentic<'_>) -> Result<Event<'a>, Error> {
        // A handshake may have no body of an event's form, and is recognised before one is looked for.
        let handshake = self.signed_handshake(view)?;
        let contents = match &handshake {
            Some(_) => self.provider.envelope().read_leniently(view),
            None => self.provider.envelope().read(view)?,
        };
        Ok(Event {
            scope: Arc::clone(&self.scope),
            id: contents.id,
            event_type: contents.event_type,
            body: Cow::Borrowed(view.body),
            payload: contents.payload,
            sent_at: authentic.sent_at,
            occurred_at: contents.occurred_at,
            attributes: contents.attributes,
            is_ping: contents.is_ping || handshake.is_some(),
            handshake: handshake.map(Box::new),
            proof: authentic.proof,
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

#[cfg(test)]
mod tests;
