//! Handshakes.

use napi_derive::napi;

use crate::convert::Record;
use crate::reply::Reply;

/// A request that asks for a certain answer.
#[napi(object, object_from_js = false)]
pub struct Handshake {
    /// The provider's name for it.
    pub name: String,
    /// What to answer.
    pub reply: Reply,
    /// What to keep.
    pub keep: Option<String>,
}

impl From<hookproof::Handshake> for Handshake {
    fn from(handshake: hookproof::Handshake) -> Self {
        Self { name: handshake.name, reply: handshake.reply.into(), keep: handshake.keep }
    }
}

/// Writes the handshake of an event, of which most have none; `face/handshake.cjs` reads it in this order.
pub(crate) fn write(record: &mut Record, handshake: Option<&hookproof::Handshake>) {
    record.text(handshake.map(|handshake| &*handshake.name));
    let Some(hookproof::Handshake { reply, keep, .. }) = handshake else { return };
    record.number(Some(reply.status.into()));
    record.text(Some(&reply.body));
    record.text(keep.as_deref());
    record.length(Some(reply.headers.len()));
    for (name, value) in &reply.headers {
        record.text(Some(name));
        record.text(Some(value));
    }
}
