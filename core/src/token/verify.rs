use std::sync::Arc;

use super::bearer::PresentedToken;
use super::cache::TokenCache;
use super::claims::Claims;
use super::header::TokenHeader;
use super::policy::{TokenPolicy, TokenTimes};
use super::shared_secret::SharedSecret;
use crate::error::{Code, Error};
use crate::keys::{Key, KeySet, Keys, Signature};

/// A token that was signed by a key of the set and says what the policy asks for.
#[derive(Clone, Debug)]
pub(crate) struct VerifiedToken {
    /// The key id in the token's header.
    pub(crate) key_id: Option<Arc<str>>,
    /// The place in the key set's document of the key that matched, counted from 0.
    pub(crate) key_index: usize,
    /// The registered name of the algorithm.
    pub(crate) algorithm: &'static str,
    /// The JSON text of the claims, as it was signed.
    pub(crate) claims: Arc<str>,
}

/// Verifies a compact JWS. One that was verified before is recognised before it is looked at.
///
/// In this order: size and shape, header, signature bytes, key, signature, claims. The claims are not decoded
/// before the signature is right, so that a stranger's JSON never reaches their parser. Keys are asked for last
/// of all that needs none: a malformed token must not make a receiver fetch keys.
///
/// # Errors
/// `malformed_header`, `malformed_token`, `unsupported_algorithm`, `keys_unavailable` when no key set was ever loaded, `unknown_key`,
/// `no_matching_signature`, and those of [`TokenPolicy::check`].
pub(crate) fn verify(
    token: PresentedToken<'_>,
    keys: &KeySet,
    cache: &TokenCache,
    policy: &TokenPolicy,
    now: i64,
) -> Result<Arc<VerifiedToken>, Error> {
    // One snapshot for both looks: a token is remembered under the keys that have accepted it.
    let keys = keys.snapshot();
    if let Some(verified) = keys.as_ref().and_then(|keys| cache.find(token.text(), keys, policy, now)) {
        return Ok(verified);
    }
    let (verified, times) = verify_with(token, keys.as_deref(), policy, now)?;
    let verified = Arc::new(verified);
    if let Some(keys) = &keys {
        cache.remember(token.text(), keys, &verified, times);
    }
    Ok(verified)
}

fn verify_with(
    token: PresentedToken<'_>,
    keys: Option<&Keys>,
    policy: &TokenPolicy,
    now: i64,
) -> Result<(VerifiedToken, TokenTimes), Error> {
    let parts = token.parts()?;
    let header = TokenHeader::parse(&parts.header()?, &policy.algorithms, policy.key_id_required)?;
    let signature = parts.signature()?;
    let keys = keys.ok_or_else(|| {
        Error::new(Code::KeysUnavailable, "no key set was loaded that could verify the bearer token")
    })?;
    let key_index = signing_key(parts.signing_input, &signature, &header, keys)?.index();

    let text = parts.claims()?;
    let claims = Claims::parse(&text)?;
    policy.check(&claims, now)?;
    let (times, algorithm) = (policy.times(&claims), header.algorithm.name());
    let key_id = header.key_id.map(Arc::from);
    Ok((VerifiedToken { key_id, key_index, algorithm, claims: text.into() }, times))
}

/// Verifies a compact JWS that was signed with a shared secret; several while one replaces another.
///
/// # Errors
/// As [`verify`], without those about key sets.
pub(crate) fn verify_shared(
    token: PresentedToken<'_>,
    secrets: &[SharedSecret],
    policy: &TokenPolicy,
    now: i64,
) -> Result<VerifiedToken, Error> {
    let parts = token.parts()?;
    let header = TokenHeader::parse(&parts.header()?, &policy.algorithms, policy.key_id_required)?;
    let signature = parts.signature()?;
    let (input, algorithm) = (parts.signing_input.as_bytes(), header.algorithm);
    let matching = secrets.iter().position(|secret| secret.verifies(algorithm, input, &signature.0));
    let key_index = matching.ok_or_else(|| {
        Error::new(
            Code::NoMatchingSignature,
            "the token's signature is right for none of the configured secrets",
        )
    })?;

    let claims = parts.claims()?;
    policy.check(&Claims::parse(&claims)?, now)?;
    let key_id = header.key_id.map(Arc::from);
    Ok(VerifiedToken { key_id, key_index, algorithm: algorithm.name(), claims: claims.into() })
}

/// Finds the key that made a signature.
fn signing_key<'a>(
    signing_input: &str,
    signature: &Signature,
    header: &TokenHeader,
    keys: &'a Keys,
) -> Result<&'a Key, Error> {
    let (algorithm, key_id) = (header.algorithm, header.key_id.as_deref());
    let mut candidates = keys.candidates(key_id, algorithm).peekable();
    if candidates.peek().is_none() {
        return Err(Error::new(Code::UnknownKey, keys.explain_missing(key_id, algorithm)));
    }
    let signed = |key: &&Key| key.verifies(algorithm, signing_input.as_bytes(), signature);
    candidates.find(signed).ok_or_else(|| {
        Error::new(Code::NoMatchingSignature, "the bearer token's signature matches no key of the key set")
    })
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
