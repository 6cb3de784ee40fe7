//! The body of a request: lent by JavaScript, without a copy.

use hookproof::{Content, Event, Payload};
use napi::bindgen_prelude::{BufferSlice, FunctionCallContext};
use napi_derive::napi;

use crate::convert::Record;

/// Borrows the bytes of a view, of whatever kind and offset; the face hands over no shared and no detached memory.
pub(crate) fn argument<'call>(
    call: &'call FunctionCallContext,
    index: usize,
) -> napi::Result<BufferSlice<'call>> {
    call.get(index)
}

/// Tells whether a body that may be anything is JSON, which `write` leaves for later.
#[napi(catch_unwind)]
pub fn is_json(body: BufferSlice) -> bool {
    Payload::whole_if_json().range(&body).is_some()
}

/// Writes where in the request's bytes the signed ones and the payload stand.
///
/// The bytes themselves stay where they are, unless the signed ones were written anew.
pub(crate) fn write(record: &mut Record, event: &Event<'_>) {
    let payload = event.payload();
    record.length(payload.is_unread().then_some(1));
    let data = if payload.is_unread() { None } else { event.data_range() };
    record.length(data.as_ref().map(|range| range.start));
    record.length(data.as_ref().map(|range| range.end));
    record.length(Some(event.body().len()));
    let anew = event.proof().content() == Content::Reserialized;
    record.text(anew.then(|| std::str::from_utf8(event.body()).unwrap_or_default()));
}
