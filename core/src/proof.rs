use std::fmt;
use std::sync::Arc;

/// What was proven about a request and what was not.
///
/// A signature proves the bytes it covers and nothing else. A bearer token proves who calls and nothing of what is
/// said. Four platforms differ exactly here, so an [`Event`](crate::Event) carries its proof.
///
/// ```
/// use hookproof::{Signer, Message, Verifier};
///
/// let signed = Signer::builder("github")?.secret("s3cr3t").build()?.sign(&Message::new(b"{}").with_type("push"))?;
/// let event = Verifier::builder("github")?.secret("s3cr3t").build()?.verify(&signed.body, &signed.headers)?;
/// assert_eq!(event.event_type(), Some("push"));
/// assert!(event.proof().covers().contains("body"));
/// assert!(!event.proof().covers().contains("type"), "GitHub does not sign the header that names the event");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proof {
    pub(crate) covers: Covers,
    pub(crate) key_index: usize,
    pub(crate) key_label: Option<Arc<str>>,
    pub(crate) algorithm: &'static str,
    pub(crate) claims: Option<Arc<str>>,
    pub(crate) content: Content,
}

impl Proof {
    /// Returns which parts of the event the signature covers.
    #[must_use]
    pub fn covers(&self) -> Covers {
        self.covers
    }

    /// Returns the place, from 0, of the key that matched among the secrets or in the key set.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.key_index
    }

    /// Returns the label of the key that matched: as configured, or the key id of a bearer token.
    #[must_use]
    pub fn key_label(&self) -> Option<&str> {
        self.key_label.as_deref()
    }

    /// Returns the algorithm, such as `hmac-sha256`, `ed25519` or `RS256`.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.algorithm
    }

    /// Returns the verified claims of a bearer token, as JSON text.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }

    /// Returns which form of the body was signed.
    #[must_use]
    pub fn content(&self) -> Content {
        self.content
    }
}

/// Which form of the body the signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Content {
    /// The bytes as they came.
    Raw,
    /// The bytes without the line breaks at their end.
    Trimmed,
    /// The bytes of ECMAScript's `JSON.stringify(JSON.parse(body))`.
    Reserialized,
}

impl Content {
    /// Returns the name that all languages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Trimmed => "trimmed",
            Self::Reserialized => "reserialized",
        }
    }
}

/// A set of the parts of a request that a proof covers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Covers(u8);

impl Covers {
    const NAMES: [&'static str; 6] = ["body", "id", "method", "timestamp", "type", "url"];

    /// Tells whether a part is covered: `body`, `id`, `method`, `timestamp`, `type` or `url`.
    #[must_use]
    pub fn contains(self, name: &str) -> bool {
        self.iter().any(|known| known == name)
    }

    /// Lists the parts that are covered, in alphabetical order.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        Self::bits().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| name)
    }

    pub(crate) fn with(self, name: &str, covered: bool) -> Self {
        let bit = Self::bits().find(|(_, known)| covered && *known == name).map_or(0, |(bit, _)| bit);
        Self(self.0 | bit)
    }

    fn bits() -> impl Iterator<Item = (u8, &'static str)> {
        [1, 2, 4, 8, 16, 32].into_iter().zip(Self::NAMES)
    }
}

impl fmt::Debug for Covers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_is_covered_in_order() {
        let covers = Covers::default().with("type", true).with("body", true).with("id", false);
        assert_eq!(covers.iter().collect::<Vec<_>>(), ["body", "type"]);
        assert!(covers.contains("body") && !covers.contains("id") && !covers.contains("nothing"));
    }
}
