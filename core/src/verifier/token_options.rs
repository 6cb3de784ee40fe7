//! What a user wants of bearer tokens.

use std::time::Duration;

use super::key_options::invalid_option;
use crate::error::Error;
use crate::keys::Algorithm;
use crate::scheme::BearerScheme;
use crate::token::TokenPolicy;

/// Whose bearer tokens are accepted, for whom, and what has to stand in them.
#[derive(Default)]
pub(super) struct TokenOptions {
    pub(super) issuers: Vec<String>,
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Vec<String>,
    pub(super) required_claims: Vec<String>,
    pub(super) claims: Vec<(String, String)>,
}

impl TokenOptions {
    /// Names the options that mean nothing to a provider which sends no tokens, and tells whether each is absent.
    pub(super) fn absent(&self) -> [(&'static str, bool); 5] {
        [
            ("issuer", self.issuers.is_empty()),
            ("audience", self.audiences.is_empty()),
            ("algorithms", self.algorithms.is_empty()),
            ("required_claims", self.required_claims.is_empty()),
            ("claims", self.claims.is_empty()),
        ]
    }

    /// Makes the rules that tokens are checked by.
    ///
    /// # Errors
    /// `invalid_option`: an option is missing, does not fit or has no such value.
    pub(super) fn policy(
        &self,
        scheme: &BearerScheme,
        tolerance: Option<Duration>,
    ) -> Result<TokenPolicy, Error> {
        let issuers = if self.issuers.is_empty() { &scheme.issuers } else { &self.issuers };
        let any_issuer = scheme.any_issuer && issuers.is_empty();
        let any_audience = scheme.any_audience && self.audiences.is_empty();
        for (option, values, any) in
            [("issuer", issuers, any_issuer), ("audience", &self.audiences, any_audience)]
        {
            if !any && (values.is_empty() || values.iter().any(|value| value.trim().is_empty())) {
                return Err(invalid_option(format!(
                    "the option {option} is missing or blank, and without it a token for anybody would do"
                )));
            }
        }
        let pinned = |(name, json): &(String, String)| {
            let value = serde_json::from_str(json).map_err(|error| {
                invalid_option(format!("the value that the claim {name:?} is pinned to is not JSON: {error}"))
            })?;
            Ok::<_, Error>((name.clone(), value))
        };
        let leeway = tolerance.map_or_else(|| scheme.leeway_seconds.into(), |leeway| leeway.as_secs());
        Ok(TokenPolicy {
            algorithms: self.allowed(scheme)?,
            issuers: issuers.clone(),
            any_issuer,
            audiences: self.audiences.clone(),
            any_audience,
            single_audience: scheme.single_audience,
            required_claims: scheme.required_claims.iter().chain(&self.required_claims).cloned().collect(),
            key_id_required: scheme.key_id_required,
            leeway_seconds: i64::try_from(leeway).unwrap_or(i64::MAX),
            past_claims: scheme.past_claims.clone(),
            subject_max_chars: scheme.subject_max_characters,
            pinned_claims: self.claims.iter().map(pinned).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the algorithms that tokens may use: the provider's, or those that the user lists, of the same kind.
    fn allowed(&self, scheme: &BearerScheme) -> Result<Vec<Algorithm>, Error> {
        if self.algorithms.is_empty() {
            return Ok(scheme.algorithms.clone());
        }
        if !scheme.is_shared() {
            return self.algorithms.iter().map(|name| Algorithm::configured(name)).collect();
        }
        let named = |name: &String| {
            let named = Algorithm::named(name).filter(|named| scheme.algorithms.contains(named));
            named.ok_or_else(|| {
                invalid_option(format!("the option algorithms has {name:?}, which the provider does not use"))
            })
        };
        self.algorithms.iter().map(named).collect()
    }
}
