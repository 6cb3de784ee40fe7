//! Events.

use hookproof::Event;

use crate::convert::{Record, milliseconds};
use crate::{body, handshake, proof};

/// Writes an event as a record: what is asked for most comes first, and `face/event.cjs` reads it in this order.
pub(crate) fn record(event: &Event<'_>) -> Record {
    let mut record = Record::new('+');
    record.text(event.id());
    record.text(event.event_type());
    record.length(event.is_ping().then_some(1));
    record.number(event.sent_at().map(milliseconds));
    record.number(event.occurred_at().map(milliseconds));
    body::write(&mut record, event);
    proof::write(&mut record, event.proof());
    handshake::write(&mut record, event.handshake());
    for (name, value) in event.attributes() {
        record.text(Some(name));
        record.text(Some(value));
    }
    record
}
