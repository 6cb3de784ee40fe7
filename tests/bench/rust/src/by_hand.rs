//! What somebody writes who uses no library for it: the signature, compared in constant time, and nothing else.
//! Neither the age of the request nor the form of its headers is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hookproof_bench::Failure;
use hookproof_bench::deliveries::{Delivery, Received};
use sha2::Sha256;

/// A check of one sender's requests.
pub struct ByHand {
    key: Vec<u8>,
    accepts: fn(&[u8], &Received) -> Option<()>,
}

impl ByHand {
    pub fn of(delivery: &Delivery) -> Result<Self, Failure> {
        let key = delivery.secret.as_bytes().to_vec();
        Ok(match delivery.row.as_str() {
            "standard-webhooks" => {
                let key = STANDARD.decode(delivery.secret.trim_start_matches("whsec_"))?;
                Self { key, accepts: standard_webhooks }
            }
            "hex-hmac" => {
                Self { key, accepts: |key, request| hex_of_body(key, request, "x-webhook-signature") }
            }
            "signature-alone" => {
                Self { key, accepts: |key, request| hex_of_body(key, request, "x-signature") }
            }
            "stripe" => Self { key, accepts: stripe },
            row => return Err(format!("nobody wrote a check for the row {row}").into()),
        })
    }

    pub fn accepts(&self, request: &Received) -> bool {
        (self.accepts)(&self.key, request).is_some()
    }
}

fn standard_webhooks(key: &[u8], request: &Received) -> Option<()> {
    let (id, timestamp) = (header(request, "webhook-id")?, header(request, "webhook-timestamp")?);
    let signature = STANDARD.decode(header(request, "webhook-signature")?.strip_prefix("v1,")?).ok()?;
    is_mac(key, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", &request.body], &signature)
}

fn hex_of_body(key: &[u8], request: &Received, name: &str) -> Option<()> {
    is_mac(key, &[&request.body], &hex::decode(header(request, name)?).ok()?)
}

fn stripe(key: &[u8], request: &Received) -> Option<()> {
    let (timestamp, signature) =
        header(request, "stripe-signature")?.strip_prefix("t=")?.split_once(",v1=")?;
    is_mac(key, &[timestamp.as_bytes(), b".", &request.body], &hex::decode(signature).ok()?)
}

fn is_mac(key: &[u8], parts: &[&[u8]], signature: &[u8]) -> Option<()> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(signature).ok()
}

fn header<'a>(request: &'a Received, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}
