//! What verification makes of a request.

use super::BoxError;
use crate::clock;
use crate::error::Error;
use crate::event::Event;
use crate::handshake::Handshake;
use crate::reply::Outcome;
use crate::request::Request;
use crate::verifier::Verifier;

/// What verification made of a request.
pub(super) enum Judged {
    Refused(Error),
    /// Nobody could say with which keys to verify it.
    Unknowable(BoxError),
    Answered(Outcome, Option<Box<Event<'static>>>),
    Greeted(Box<Handshake>, Option<Box<Event<'static>>>),
    Authentic(Box<Event<'static>>),
}

impl Judged {
    pub(super) fn by(verifier: &Verifier, request: &Request<'_>, is_handshake_only: bool) -> Self {
        Self::verified(verifier, request, is_handshake_only).unwrap_or_else(Self::Refused)
    }

    fn verified(verifier: &Verifier, request: &Request<'_>, is_handshake_only: bool) -> Result<Self, Error> {
        let now = clock::unix_seconds();
        if verifier.answers_unsigned() {
            // Before it is verified: such a request has no signature, and is never an event.
            if let Some(handshake) = verifier.handshake(request, now)? {
                return Ok(Self::Greeted(Box::new(handshake), None));
            }
        }
        if is_handshake_only {
            return Ok(Self::Answered(Outcome::MethodNotAllowed, None));
        }
        let event = Box::new(verifier.verify_at(request, now)?.into_owned());
        Ok(match event.handshake().cloned() {
            Some(handshake) => Self::Greeted(Box::new(handshake), Some(event)),
            None if event.is_ping() => Self::Answered(Outcome::Ping, Some(event)),
            None => Self::Authentic(event),
        })
    }
}
