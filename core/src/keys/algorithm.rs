use crate::error::{Code, Error};

/// A signature algorithm that can be bound to a key.
///
/// The list is closed on purpose: `none` and the shared-secret algorithms have no value here, so that no
/// configuration and no token can ask for "a public key used as an HMAC secret".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

impl Algorithm {
    const ALL: [Self; 3] = [Self::Rs256, Self::Rs384, Self::Rs512];

    /// Finds an algorithm by its registered name (RFC 7518 section 3.1), which is case-sensitive.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Reads one entry of a receiver's list of algorithms.
    ///
    /// # Errors
    /// `invalid_option` for a name that is not supported, `none` and `HS256` among them.
    pub(crate) fn configured(name: &str) -> Result<Self, Error> {
        Self::named(name).ok_or_else(|| {
            Error::new(
                Code::InvalidOption,
                format!(
                    "algorithm {name:?} is not supported for bearer tokens, expected RS256, RS384 or RS512"
                ),
            )
        })
    }

    /// Returns the registered name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    /// Returns the same algorithm as the cryptography library calls it.
    pub(crate) fn backend(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Rs384 => jsonwebtoken::Algorithm::RS384,
            Self::Rs512 => jsonwebtoken::Algorithm::RS512,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_algorithm() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
        }
    }

    #[test]
    fn refuses_to_configure_an_algorithm_without_a_public_key() {
        for name in ["none", "None", "HS256", "rs256", "RS256 ", "PS256", "ES256", ""] {
            assert_eq!(Algorithm::configured(name).unwrap_err().code(), Code::InvalidOption, "{name:?}");
        }
    }
}
