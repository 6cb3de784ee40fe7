use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::variable::Given;
use crate::encoding::Encoding;
use crate::error::{Code, Error};

/// What is done with a value before it is filled in: `{body|sha256|hex}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Md5,
    Sha1,
    Sha256,
    /// An HMAC with the secret, which answers challenges.
    HmacSha1,
    HmacSha256,
    Encode(Encoding),
    /// Percent-escapes of these characters are undone, those of others stay.
    Decode(String),
    /// These characters are percent-escaped.
    Escape(String),
    /// ASCII letters in lower case.
    Lower,
    /// The text as the inside of a JSON string.
    Json,
    /// A line break at the end.
    Line,
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, argument) = text.split_once(':').unwrap_or((text, ""));
        match (name, argument.is_empty()) {
            ("md5", true) => Ok(Self::Md5),
            ("sha1", true) => Ok(Self::Sha1),
            ("sha256", true) => Ok(Self::Sha256),
            ("hmac_sha1", true) => Ok(Self::HmacSha1),
            ("hmac_sha256", true) => Ok(Self::HmacSha256),
            ("hex", true) => Ok(Self::Encode(Encoding::Hex)),
            ("base64", true) => Ok(Self::Encode(Encoding::Base64)),
            ("base64url", true) => Ok(Self::Encode(Encoding::Base64url)),
            ("json", true) => Ok(Self::Json),
            ("line", true) => Ok(Self::Line),
            ("lower", true) => Ok(Self::Lower),
            ("decode", false) if argument.is_ascii() => Ok(Self::Decode(argument.into())),
            ("escape", false) if argument.is_ascii() => Ok(Self::Escape(argument.into())),
            _ => Err(format!(
                "unknown filter {text:?}, expected md5, sha1, sha256, hmac_sha1, hmac_sha256, hex, base64, base64url, json, line, lower, decode:… or escape:…"
            )),
        }
    }

    pub(super) fn needs_secret(&self) -> bool {
        matches!(self, Self::HmacSha1 | Self::HmacSha256)
    }

    pub(super) fn apply<'g>(&self, value: &[u8], given: &Given<'g, '_>) -> Result<Cow<'g, [u8]>, Error> {
        let bytes = match self {
            Self::Md5 => Md5::digest(value).to_vec(),
            Self::Sha1 => Sha1::digest(value).to_vec(),
            Self::Sha256 => Sha256::digest(value).to_vec(),
            Self::HmacSha1 => hmac::<Hmac<Sha1>>(value, given.secret)?,
            Self::HmacSha256 => hmac::<Hmac<Sha256>>(value, given.secret)?,
            Self::Encode(encoding) => encoding.encode(value).into_bytes(),
            Self::Decode(characters) => decode(value, characters.as_bytes()),
            Self::Escape(characters) => escape(value, characters.as_bytes()),
            Self::Json => json(value)?,
            Self::Line => [value, b"\n"].concat(),
            Self::Lower => value.to_ascii_lowercase(),
        };
        Ok(Cow::Owned(bytes))
    }
}

fn hmac<M: Mac + hmac::KeyInit>(value: &[u8], secret: &[u8]) -> Result<Vec<u8>, Error> {
    let mac = <M as hmac::KeyInit>::new_from_slice(secret);
    let mac = mac.map_err(|_| Error::new(Code::InvalidSecret, "the secret is no HMAC key"))?;
    Ok(mac.chain_update(value).finalize().into_bytes().to_vec())
}

/// Undoes the percent-escapes of some characters.
fn decode(text: &[u8], characters: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|digits| hex::decode(digits).ok());
        match escaped.as_deref() {
            Some([byte]) if characters.contains(byte) => {
                decoded.push(*byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    decoded
}

fn escape(text: &[u8], characters: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for byte in text {
        if characters.contains(byte) {
            escaped.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            escaped.push(*byte);
        }
    }
    escaped
}

/// Writes a text as the inside of a JSON string: a challenge that came from outside must not add members.
fn json(value: &[u8]) -> Result<Vec<u8>, Error> {
    let text = String::from_utf8_lossy(value);
    let quoted = serde_json::to_string(&text)
        .map_err(|error| Error::new(Code::MalformedBody, format!("a challenge is not text: {error}")))?;
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Ok(inside.unwrap_or_default().as_bytes().to_vec())
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Md5 => f.write_str("md5"),
            Self::Sha1 => f.write_str("sha1"),
            Self::Sha256 => f.write_str("sha256"),
            Self::HmacSha1 => f.write_str("hmac_sha1"),
            Self::HmacSha256 => f.write_str("hmac_sha256"),
            Self::Encode(Encoding::Hex) => f.write_str("hex"),
            Self::Encode(Encoding::Base64) => f.write_str("base64"),
            Self::Encode(Encoding::Base64url) => f.write_str("base64url"),
            Self::Decode(characters) => write!(f, "decode:{characters}"),
            Self::Escape(characters) => write!(f, "escape:{characters}"),
            Self::Json => f.write_str("json"),
            Self::Line => f.write_str("line"),
            Self::Lower => f.write_str("lower"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undoes_only_the_escapes_that_are_named() {
        assert_eq!(decode(b"a%2Fb%2fc%20%%2", b"/"), b"a/b/c%20%%2");
        assert_eq!(escape(b"it's", b"'"), b"it%27s");
    }

    #[test]
    fn json_text_cannot_leave_its_string() {
        assert_eq!(json(b"a\",\"b\n").unwrap(), br#"a\",\"b\n"#);
    }

    #[test]
    fn refuses_unknown_filters() {
        for text in ["", "sha3", "hex:1", "decode", "decode:é"] {
            assert!(Filter::parse(text).is_err(), "{text:?}");
        }
    }

    const NAMES: [&str; 13] = [
        "md5",
        "sha1",
        "sha256",
        "hmac_sha1",
        "hmac_sha256",
        "hex",
        "base64",
        "base64url",
        "json",
        "line",
        "lower",
        "decode:/?",
        "escape:'",
    ];

    #[test]
    fn a_filter_is_written_as_it_is_read() {
        for name in NAMES {
            assert_eq!(Filter::parse(name).unwrap().to_string(), name);
        }
        for name in ["md5:1", "line:1", "lower:1", "escape", "escape:é"] {
            assert!(Filter::parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn only_a_mac_needs_the_secret() {
        for name in NAMES {
            assert_eq!(Filter::parse(name).unwrap().needs_secret(), name.starts_with("hmac"), "{name}");
        }
    }
}
