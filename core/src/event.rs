use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::envelope::{Attributes, Idempotency};
use crate::error::{Code, Error};
use crate::handshake::Handshake;
use crate::payload::Payload;
use crate::proof::Proof;
use crate::timestamp::Timestamp;

/// An authentic request: what it says, and what was proven of it.
///
/// Everything that the provider sends is kept: unknown types and members are no error, and `data` is parsed only
/// when it is asked for.
#[derive(Clone)]
pub struct Event<'a> {
    pub(crate) scope: Arc<Scope>,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) event_type: Option<Cow<'a, str>>,
    pub(crate) body: Cow<'a, [u8]>,
    pub(crate) payload: Payload,
    pub(crate) sent_at: Option<Timestamp>,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) is_ping: bool,
    pub(crate) handshake: Option<Box<Handshake>>,
    pub(crate) proof: Proof,
}

/// What the events of one verifier have in common.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) provider: String,
    pub(crate) endpoint: String,
    pub(crate) idempotency: Idempotency,
}

impl Scope {
    /// Makes the key of [`Event::idempotency_key`] from the parts of an event.
    pub(crate) fn idempotency_key(&self, id: Option<&str>, event_type: Option<&str>, body: &[u8]) -> String {
        let Self { provider, endpoint, idempotency } = self;
        let mut hash = Sha256::new();
        let mut add_prefixed = |text: &str| {
            // The length keeps apart two texts that would join to the same bytes.
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        };
        add_prefixed(endpoint);
        let basis = if let Some(id) = id.filter(|_| *idempotency != Idempotency::Digest) {
            hash.update(id);
            "id"
        } else {
            add_prefixed(event_type.unwrap_or_default());
            hash.update(body);
            "digest"
        };
        format!("{provider}:{endpoint}:{basis}:{}", hex::encode(hash.finalize()))
    }
}

impl Event<'_> {
    /// Returns the name of the provider.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.scope.provider
    }

    /// Returns the id of the event or delivery, opaque; nothing where the provider sends none.
    ///
    /// Where a provider sends none and a body is not all that tells its deliveries apart (a callback by GET), it is a
    /// digest of what does. Where nothing does, each delivery gets an id of its own.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the event's type as the provider writes it. The set is open: expect types you do not know.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.event_type.as_deref()
    }

    /// Returns the bytes that were verified.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the JSON text of the payload; nothing for a ping or a body that is not JSON.
    #[must_use]
    pub fn data(&self) -> Option<&str> {
        std::str::from_utf8(self.body.get(self.payload.range(&self.body)?)?).ok()
    }

    /// Returns where in [`body`](Self::body) the payload stands.
    #[must_use]
    pub fn data_range(&self) -> Option<Range<usize>> {
        self.payload.range(&self.body)
    }

    /// Returns the same for a host that keeps an event's parts in an object of its own, and reads the payload only when it
    /// is asked for.
    #[must_use]
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// Parses the payload into a type of yours.
    ///
    /// # Errors
    /// `malformed_body`: there is no payload, or it is not of that type.
    pub fn data_as<'e, T: Deserialize<'e>>(&'e self) -> Result<T, Error> {
        let data =
            self.data().ok_or_else(|| Error::new(Code::MalformedBody, "the event has no JSON payload"))?;
        serde_json::from_str(data).map_err(|error| {
            // Only the place is told: the parser's message may quote a value of the body.
            let (line, column) = (error.line(), error.column());
            let message = format!("the payload is not of the expected type, at line {line} column {column}");
            Error::new(Code::MalformedBody, message)
        })
    }

    /// Returns when this attempt was sent, where the provider signs that.
    #[must_use]
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.sent_at
    }

    /// Returns when the event happened, where the provider tells.
    #[must_use]
    pub fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at
    }

    /// Lists what else the provider tells of the event: tenant, topic parts, entity ids.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Returns one attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Tells whether this is a test of the connection, which must be answered but not handled.
    #[must_use]
    pub fn is_ping(&self) -> bool {
        self.is_ping
    }

    /// Returns the answer that the sender waits for, where this is a signed handshake. It is a ping then.
    #[must_use]
    pub fn handshake(&self) -> Option<&Handshake> {
        self.handshake.as_deref()
    }

    /// Returns what was proven and what was not.
    #[must_use]
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Returns the key under which this delivery is recognised when it comes again:
    /// `provider:endpoint:basis:sha256`, at most 201 ASCII characters.
    ///
    /// The basis is `id`, or `digest` (of type and body) where the provider has no id that stays the same over
    /// retries. Endpoint and value are hashed, so that no store confuses two keys by folding case or joining.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        self.scope.idempotency_key(self.id(), self.event_type(), self.body())
    }

    /// Copies what is borrowed from the request, so that the event can outlive it.
    #[must_use]
    pub fn into_owned(self) -> Event<'static> {
        let (event, body) = self.detach();
        Event { body: Cow::Owned(body.into_owned()), ..event }
    }
}

impl<'a> Event<'a> {
    /// Takes the body out of the event, for a host that keeps those bytes in an object of its own.
    ///
    /// The event that comes back has an empty body, so no `data`, and outlives the request; the body is borrowed from
    /// the request unless it was rewritten. [`Verifier::idempotency_key`](crate::Verifier::idempotency_key) makes the
    /// key of the two.
    #[must_use]
    pub fn detach(self) -> (Event<'static>, Cow<'a, [u8]>) {
        fn own(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        let event = Event {
            scope: self.scope,
            id: self.id.map(own),
            event_type: self.event_type.map(own),
            body: Cow::Borrowed(&[]),
            payload: self.payload,
            sent_at: self.sent_at,
            occurred_at: self.occurred_at,
            attributes: self.attributes.into_iter().map(|(name, value)| (name, own(value))).collect(),
            is_ping: self.is_ping,
            handshake: self.handshake,
            proof: self.proof,
        };
        (event, self.body)
    }
}

impl fmt::Debug for Event<'_> {
    /// Shows no body and no payload: they hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("provider", &self.provider())
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("body_bytes", &self.body.len())
            .field("is_ping", &self.is_ping)
            .field("covers", &self.proof.covers())
            .finish_non_exhaustive()
    }
}
