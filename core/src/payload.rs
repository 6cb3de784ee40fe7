use std::ops::Range;
use std::sync::OnceLock;

use crate::document::is_json;

/// Where in an event's body its payload stands.
///
/// Where a provider's body may be anything, the payload is all of it if it is JSON, and that is looked at when the payload
/// is first asked for: reading a body of many small values takes as long as hashing it, and a handler that goes by a header
/// or a claim never asks.
///
/// ```
/// use hookproof::{Message, Signer, Verifier};
///
/// let signed = Signer::builder("github")?.secret("s3cr3t").build()?.sign(&Message::new(b"[1, 2]"))?;
/// let verifier = Verifier::builder("github")?.secret("s3cr3t").build()?;
/// let event = verifier.verify(&signed.body, &signed.headers)?;
/// assert_eq!(event.payload().range(event.body()), Some(0..6));
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Payload(Place);

#[derive(Clone, Debug)]
enum Place {
    Known(Option<Range<usize>>),
    /// All of the body, if it is JSON; it may be known by now whether it is.
    WholeIfJson(OnceLock<bool>),
}

impl Payload {
    pub(crate) fn at(range: Option<Range<usize>>) -> Self {
        Self(Place::Known(range))
    }

    /// Returns that of a body that may be anything: all of it, if it is JSON.
    #[must_use]
    pub fn whole_if_json() -> Self {
        Self(Place::WholeIfJson(OnceLock::new()))
    }

    /// Returns where in the event's body the payload stands, in bytes; nothing for a ping or a body that is not JSON.
    ///
    /// `body` is that of the event: what was found out once holds for it.
    #[must_use]
    pub fn range(&self, body: &[u8]) -> Option<Range<usize>> {
        match &self.0 {
            Place::Known(range) => range.clone(),
            Place::WholeIfJson(known) => known.get_or_init(|| is_json(body)).then_some(0..body.len()),
        }
    }

    /// Tells whether the body still has to be read for [`range`](Self::range).
    #[must_use]
    pub fn is_unread(&self) -> bool {
        matches!(&self.0, Place::WholeIfJson(known) if known.get().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_the_body_once_and_when_asked() {
        for (body, expected) in
            [(&b" [1] "[..], Some(0..5)), (b"a=b", None), (b"\"\xff\"", None), (b"", None)]
        {
            let payload = Payload::whole_if_json();
            assert!(payload.is_unread());
            assert_eq!(payload.range(body), expected);
            assert!(!payload.is_unread(), "{body:?}");
            assert_eq!(payload.range(body), expected);
        }
    }

    #[test]
    fn knows_a_place_from_the_start() {
        for range in [None, Some(3..7)] {
            let payload = Payload::at(range.clone());
            assert!(!payload.is_unread());
            assert_eq!(payload.range(b""), range);
        }
    }
}
