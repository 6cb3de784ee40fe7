use std::borrow::Cow;
use std::sync::Arc;

use super::Inner;
use crate::error::Error;
use crate::keys::{KeySet, RemoteKeys};
use crate::proof::{Content, Proof};
use crate::scheme::{BearerScheme, Check, Match, SignatureScheme, VersionKey};
use crate::timestamp::Timestamp;
use crate::token::{self, PresentedToken, SharedSecret, TokenCache, TokenPolicy, VerifiedToken};
use crate::view::View;

/// The keys of a verifier, by the kind of proof that they check.
pub(super) enum Proving {
    Signature { scheme: Arc<SignatureScheme>, keys: Vec<VersionKey>, labels: Vec<Option<Arc<str>>> },
    Bearer { scheme: Arc<BearerScheme>, policy: TokenPolicy, keys: TokenKeys },
}

/// A request of whose sender there is a proof: the body that was signed, which need not be the one that came.
pub(super) struct Authentic<'a> {
    pub(super) body: Cow<'a, [u8]>,
    pub(super) proof: Proof,
    pub(super) sent_at: Option<Timestamp>,
}

/// What the tokens of a provider are signed with.
pub(super) enum TokenKeys {
    Public { keys: KeySet, remote: Option<RemoteKeys>, cache: Box<TokenCache> },
    Shared { secrets: Vec<SharedSecret>, labels: Vec<Option<Arc<str>>> },
}

impl TokenKeys {
    /// Verifies a token, and returns the label of its key.
    fn verify(
        &self,
        token: PresentedToken<'_>,
        policy: &TokenPolicy,
        now: i64,
    ) -> Result<(Arc<VerifiedToken>, Option<Arc<str>>), Error> {
        match self {
            Self::Public { keys, remote, cache } => {
                let verified = token::verify(token, keys, cache, policy, now);
                let verified = verified.map_err(|error| match remote {
                    Some(remote) => remote.explain(error),
                    None => error,
                })?;
                let label = verified.key_id.clone();
                Ok((verified, label))
            }
            Self::Shared { secrets, labels } => {
                let verified = token::verify_shared(token, secrets, policy, now)?;
                let label = labels.get(verified.key_index).cloned().flatten();
                Ok((Arc::new(verified), label))
            }
        }
    }
}

impl Inner {
    /// Checks that the request comes from whom the keys belong to.
    pub(super) fn prove<'a>(&self, view: &View<'_, 'a>, now: i64) -> Result<Authentic<'a>, Error> {
        match &self.proving {
            Proving::Signature { scheme, keys, labels } => {
                let (tolerance, accept_reserialized) = (self.tolerance, self.accept_reserialized);
                let Match { body, content, found, sent_at } =
                    scheme.verify(view, &Check { keys, tolerance, accept_reserialized, now })?;
                let covers = if scheme.signs_parameters {
                    scheme.covers_of(view, found.content_index, self.provider.envelope())
                } else {
                    self.covers
                };
                let proof = Proof {
                    covers,
                    key_index: found.key_index,
                    key_label: labels.get(found.key_index).cloned().flatten(),
                    algorithm: found.algorithm,
                    claims: None,
                    content,
                };
                Ok(Authentic { body, proof, sent_at })
            }
            Proving::Bearer { scheme, policy, keys } => {
                let text = view.picked.required(scheme.header)?;
                let token =
                    if scheme.bare { PresentedToken::bare(text) } else { PresentedToken::bearer(text)? };
                let (verified, key_label) = keys.verify(token, policy, now)?;
                scheme.check_claims(&verified.claims, view)?;
                let proof = Proof {
                    covers: self.covers,
                    key_index: verified.key_index,
                    key_label,
                    algorithm: verified.algorithm,
                    claims: Some(Arc::clone(&verified.claims)),
                    content: Content::Raw,
                };
                Ok(Authentic { body: Cow::Borrowed(view.body), proof, sent_at: None })
            }
        }
    }
}
