use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Code, Error};

/// Key material as the user gave it: checked when it is given, wiped on drop, never printed.
///
/// A secret is text or its bytes. It is refused with `invalid_secret` when it is empty, blank, or has white space
/// at either end: such a value is a missing environment variable or a line read with its newline, and a verifier
/// that took it would accept forgeries made with the empty key, or nothing at all.
///
/// ```
/// use hookproof::{Code, Secret};
///
/// assert!(Secret::new("s3cr3t").is_ok());
/// assert_eq!(Secret::new("s3cr3t\n").unwrap_err().code(), Code::InvalidSecret);
/// assert_eq!(format!("{:?}", Secret::new("s3cr3t")?), "Secret(…)");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Checks and takes a secret.
    ///
    /// # Errors
    /// `invalid_secret`: it is empty, blank, or has white space at either end.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = secret.as_ref();
        if bytes.is_empty() {
            return Err(Error::new(Code::InvalidSecret, "the secret is empty"));
        }
        let trimmed = trimmed_length(bytes);
        if trimmed == 0 {
            return Err(Error::new(Code::InvalidSecret, "the secret is blank"));
        }
        if trimmed != bytes.len() {
            return Err(Error::new(
                Code::InvalidSecret,
                "the secret has white space at its start or end, often a newline from a file or a setting; strip it",
            ));
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the text of a secret whose form is text.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Counts the bytes that stay when white space at both ends is taken off: Unicode's for text, ASCII's for bytes.
/// A byte order mark counts as white space, because that is how it gets into a secret.
fn trimmed_length(bytes: &[u8]) -> usize {
    let blank = |character: char| character.is_whitespace() || character == '\u{feff}';
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_matches(blank).len(),
        Err(_) => bytes.trim_ascii().len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_secret() {
        for secret in ["", " ", "\t\n", "\u{a0}", "s3cr3t\n", " s3cr3t", "s3cr3t\u{2028}", "\u{feff}s3cr3t"] {
            assert_eq!(Secret::new(secret).unwrap_err().code(), Code::InvalidSecret, "{secret:?}");
        }
        assert_eq!(Secret::new(b"\xff\n").unwrap_err().code(), Code::InvalidSecret);
    }

    #[test]
    fn takes_any_other_text_or_bytes() {
        for secret in ["x", "with blanks inside", "sécret"] {
            assert_eq!(Secret::new(secret).unwrap().bytes(), secret.as_bytes());
        }
        assert_eq!(Secret::new(b"\xff\x00").unwrap().text(), None);
    }

    #[test]
    fn never_shows_itself() {
        assert!(!format!("{:?}", Secret::new("s3cr3t").unwrap()).contains("s3cr3t"));
    }
}
