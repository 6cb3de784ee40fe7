//! The body of a request: lent by JavaScript, without a copy.

use hookproof::{Content, Event};
use napi::bindgen_prelude::{BufferSlice, FunctionCallContext};

use crate::convert::Record;

/// Borrows the bytes of a view, of whatever kind and offset; the face hands over no shared and no detached memory.
pub(crate) fn argument<'call>(
    call: &'call FunctionCallContext,
    index: usize,
) -> napi::Result<BufferSlice<'call>> {
    call.get(index)
}

/// Writes where in the request's bytes the signed ones and the payload stand.
///
/// The bytes themselves stay where they are, unless the signed ones were written anew.
pub(crate) fn write(record: &mut Record, event: &Event<'_>) {
    let data = event.data_range();
    record.length(data.as_ref().map(|range| range.start));
    record.length(data.as_ref().map(|range| range.end));
    record.length(Some(event.body().len()));
    let anew = event.proof().content() == Content::Reserialized;
    record.text(anew.then(|| std::str::from_utf8(event.body()).unwrap_or_default()));
}
