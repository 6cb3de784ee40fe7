use crate::error::{Code, Error};

/// A signature algorithm that can be bound to a key.
///
/// The list is closed on purpose: `none` has no value here. The algorithms with a shared secret are only ever
/// allowed by a provider whose keys are secrets, so that nothing can ask for "a public key used as an HMAC secret".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl Algorithm {
    const ALL: [Self; 6] = [Self::Rs256, Self::Rs384, Self::Rs512, Self::Hs256, Self::Hs384, Self::Hs512];

    /// Finds an algorithm by its registered name (RFC 7518 section 3.1), which is case-sensitive.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Reads one entry of a receiver's list of algorithms.
    ///
    /// # Errors
    /// `invalid_option` for a name that is not supported, `none` and `HS256` among them.
    pub(crate) fn configured(name: &str) -> Result<Self, Error> {
        Self::named(name).filter(|algorithm| !algorithm.is_shared()).ok_or_else(|| {
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
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// Tells whether sender and receiver hold the same secret.
    pub(crate) fn is_shared(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// Returns the same algorithm as the cryptography library calls it.
    pub(crate) fn backend(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Rs384 => jsonwebtoken::Algorithm::RS384,
            Self::Rs512 => jsonwebtoken::Algorithm::RS512,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Hs384 => jsonwebtoken::Algorithm::HS384,
            Self::Hs512 => jsonwebtoken::Algorithm::HS512,
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
