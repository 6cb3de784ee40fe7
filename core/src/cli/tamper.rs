use clap::Args;

/// Requests that a receiver has to refuse.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Faults {
    /// Change the request after it was signed: a byte of the body, or of the token where the body is not signed
    #[arg(long)]
    pub(super) tamper: bool,
    /// Date the request two and a quarter hours back
    #[arg(long)]
    pub(super) stale: bool,
}

/// Far beyond every provider's tolerance, and beyond the hour that a token lives.
const STALE_SECONDS: i64 = 8_100;

impl Faults {
    /// Returns the moment at which a request is dated.
    pub(super) fn moment(self, now: i64) -> i64 {
        if self.stale { now.saturating_sub(STALE_SECONDS) } else { now }
    }

    /// Changes a signed request, if it is to be.
    pub(super) fn apply(self, signs_body: bool, headers: &mut [(String, Vec<u8>)], body: &mut Vec<u8>) {
        if !self.tamper {
            return;
        }
        if signs_body {
            change_body(body);
        } else if let Some((_, value)) = headers.iter_mut().find(|(name, _)| is_proof(name)) {
            change_token(value);
        }
    }
}

fn is_proof(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "authorization" || name.contains("signature") || name.contains("token")
}

/// Changes the last letter of a string or digit, so that JSON stays JSON: a receiver must not be saved by its parser.
fn change_body(body: &mut Vec<u8>) {
    let (mut in_string, mut escaped, mut last) = (false, false, None);
    for (index, byte) in body.iter().enumerate() {
        let is_plain = !escaped;
        escaped = in_string && is_plain && *byte == b'\\';
        if is_plain && *byte == b'"' {
            in_string = !in_string;
        } else if is_plain && (byte.is_ascii_digit() || (in_string && byte.is_ascii_alphabetic())) {
            last = Some(index);
        }
    }
    match last.and_then(|index| body.get_mut(index)) {
        Some(byte) => *byte = other(*byte),
        None => body.push(b' '),
    }
}

/// Changes a letter in the middle of the last part: the end of base64 may hold bits that mean nothing.
fn change_token(value: &mut [u8]) {
    let start =
        value.iter().rposition(|byte| *byte == b'.' || *byte == b' ').map_or(0, |at| at.saturating_add(1));
    let middle = start.midpoint(value.len());
    if let Some(byte) = value.get_mut(middle) {
        *byte = other(*byte);
    }
}

fn other(byte: u8) -> u8 {
    match byte {
        b'0' => b'1',
        b'1'..=b'9' => b'0',
        b'a' | b'A' => b'b',
        _ => b'a',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tampered_body_is_still_json_and_another_one() {
        for text in
            [r#"{"a":1}"#, r#"{"a":"b"}"#, r#"{"a":10}"#, r#"{"a":true}"#, r#"["x\n"]"#, r#"["\u00e9"]"#]
        {
            let mut body = text.as_bytes().to_vec();
            change_body(&mut body);
            assert_ne!(body, text.as_bytes());
            assert_eq!(body.len(), text.len());
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok(), "{text}");
        }
        let mut empty = Vec::new();
        change_body(&mut empty);
        assert_eq!(empty, b" ");
    }

    #[test]
    fn a_tampered_token_differs_in_its_signature() {
        let mut token = b"Bearer aaaa.bbbb.cccccccc".to_vec();
        change_token(&mut token);
        assert_eq!(token, b"Bearer aaaa.bbbb.ccccaccc");
    }
}
