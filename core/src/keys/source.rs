use super::endpoint;

/// Where the keys of an issuer are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// In the document that the issuer's discovery document names.
    Discovery {
        /// The issuer, exactly as it is configured.
        issuer: String,
    },
    /// In the document at a configured address.
    Document {
        /// The address.
        url: String,
    },
}

impl KeySource {
    /// Keys by discovery (`OpenID` Connect Discovery 1.0, section 4).
    ///
    /// # Errors
    /// Why the issuer names no address, as half a sentence about "it".
    pub(crate) fn discovery(issuer: &str, allow_loopback: bool) -> Result<Self, String> {
        endpoint::check(issuer, allow_loopback)?;
        if issuer.contains('?') {
            return Err("it has a query".to_owned());
        }
        Ok(Self::Discovery { issuer: issuer.to_owned() })
    }

    /// Keys at an address that the receiver knows.
    ///
    /// # Errors
    /// Why it is no address, as half a sentence about "it".
    pub(crate) fn document(url: &str, allow_loopback: bool) -> Result<Self, String> {
        endpoint::check(url, allow_loopback)?;
        Ok(Self::Document { url: url.to_owned() })
    }

    /// Returns the address of the first document to fetch.
    pub(super) fn first_url(&self) -> String {
        match self {
            Self::Discovery { issuer } => {
                format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
            }
            Self::Document { url } => url.clone(),
        }
    }

    /// Returns what a person configured: the issuer or the address.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Discovery { issuer } => issuer,
            Self::Document { url } => url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_discovery_document_stands_below_the_issuer() {
        let url = |issuer| KeySource::discovery(issuer, false).unwrap().first_url();
        let expected = "https://issuer.example/a/.well-known/openid-configuration";
        assert_eq!(url("https://issuer.example/a"), expected);
        assert_eq!(url("https://issuer.example/a/"), expected);
    }

    #[test]
    fn an_issuer_that_is_no_address_has_no_discovery() {
        for issuer in
            ["acme", "http://issuer.example", "https://issuer.example?x", "https://issuer.example#x"]
        {
            assert!(KeySource::discovery(issuer, false).is_err(), "{issuer}");
        }
    }
}
