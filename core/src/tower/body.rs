use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::error::{Code, Error};
use crate::receiver::{BoxError, Receiver, decode, too_large};
use crate::reply::{Outcome, Reply};

/// Reads the body, bounded, and undoes its coding: senders sign what they hand to their HTTP client.
pub(super) async fn read<S, B>(receiver: &Receiver<S>, headers: &HeaderMap, body: B) -> Result<Bytes, Reply>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let (began, limit) = (Instant::now(), receiver.max_body());
    let declared = declared_length(headers);
    if let Some(declared) = declared.filter(|declared| *declared > limit) {
        // Before a byte of it is read: a limit that is checked afterwards has let the memory be filled.
        return Err(receiver.refuse(&too_large(declared, limit)));
    }
    let bytes = match Limited::new(body, limit).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(receiver.refuse(&too_large(limit.saturating_add(1), limit)));
        }
        Err(error) => return Err(cut_off(receiver, &*error, began.elapsed())),
    };
    if bytes.is_empty() && declared.is_some_and(|declared| declared > 0) {
        return Err(receiver.refuse(&Error::new(
            Code::BodyAlreadyParsed,
            "the body was read before it could be verified: put the WebhookLayer outside of the layers that read it",
        )));
    }
    let Some(name) = headers.get(CONTENT_ENCODING) else { return Ok(bytes) };
    match decode(name.as_bytes(), &bytes, limit) {
        Ok(plain) => Ok(plain.map_or(bytes, Bytes::from)),
        Err(undecoded) => Err(receiver.undecoded(&undecoded, began)),
    }
}

/// Makes the headers say what the body is now that it was read and decoded.
pub(super) fn describe(headers: &mut HeaderMap, length: usize) {
    headers.remove(CONTENT_ENCODING);
    headers.remove(TRANSFER_ENCODING);
    headers.insert(CONTENT_LENGTH, length.into());
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Answers a body that ended in the middle. It is nobody's lie, so whoever is still there is asked to come back.
fn cut_off<S>(
    receiver: &Receiver<S>,
    error: &(dyn std::error::Error + Send + Sync + 'static),
    took: Duration,
) -> Reply {
    receiver.hooks().failed(error, None);
    receiver.hooks().ended(Outcome::HandlerFailed, None, took);
    receiver.provider().reply(Outcome::HandlerFailed)
}
