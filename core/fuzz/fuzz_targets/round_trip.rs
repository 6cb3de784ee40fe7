//! Whole `verify`: what the signer wrote is accepted, and a flipped bit is refused or in nothing that was proven.
#![no_main]

use hookproof::{Kind, Message};
use hookproof_fuzz::{NOW, URL, Written, as_bytes, built_in, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &[u8])| {
    let (place, Some(written)) = (usize::from(input.0), Written::read(input.1)) else { return };
    let Some((signer, verifier)) = built_in(written.provider).and_then(|it| it.both()) else { return };
    let mut message = Message::new(written.body).at(NOW).with_method("POST").with_url(URL);
    (message.id, message.event_type) = (written.text(0), written.text(1));
    let Ok(mut signed) = signer.sign(&message) else { return };
    let event = match verify(verifier, &signed.body, &signed.headers) {
        Err(error) => return assert_eq!(error.kind(), Kind::Payload, "{error:?}"),
        Ok(event) => event,
    };
    let mut headers =
        signed.headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect::<Vec<_>>();
    let last = headers.last_mut().map(|(_, value)| value).filter(|_| place & 8 != 0);
    let bytes = last.unwrap_or(&mut signed.body);
    let at = (place >> 4) % bytes.len().max(1);
    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (place % 8));
    let Some(forged) = as_bytes(verify(verifier, &signed.body, &headers), &headers) else { return };
    let covers = |part| event.proof().covers().contains(part);
    assert!(!covers("body") || forged.body() == event.body(), "{forged:?}");
    assert!(!covers("id") || forged.id() == event.id(), "{forged:?}");
    assert!(!covers("type") || forged.event_type() == event.event_type(), "{forged:?}");
    assert!(!covers("timestamp") || forged.sent_at() == event.sent_at(), "{forged:?}");
});
