//! How a request proves itself: by a signature over its parts, or by a token that says who calls.

mod algorithm;
mod bearer;
mod key_form;
mod signature;
mod template;
mod timestamp;

use std::sync::Arc;

use serde::Deserialize;

pub(crate) use bearer::{BearerForm, BearerScheme};
pub(crate) use key_form::Purpose;
pub use signature::Content;
pub(crate) use signature::{Match, SignatureForm, SignatureScheme, Signed, VersionKey};
pub(crate) use template::{Values, Variable};

use crate::proof::Covers;
use crate::source::Source;

/// The `scheme` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum SchemeForm {
    Signature(SignatureForm),
    Bearer(BearerForm),
}

/// A scheme resolved to slots.
#[derive(Clone, Debug)]
pub(crate) enum Scheme {
    Signature(Arc<SignatureScheme>),
    Bearer(Arc<BearerScheme>),
}

impl Scheme {
    /// Works out what a proof covers from what is signed, so that it cannot claim more.
    pub(crate) fn covers(&self, id: &[Source], event_type: &[Source]) -> Covers {
        let Self::Signature(scheme) = self else {
            // A token shows who calls. It is made before the request and signs nothing of it.
            return Covers::default();
        };
        let signed = |variable| scheme.content.uses(variable);
        let body = signed(Variable::Body);
        let within_body = |sources: &[Source]| {
            !sources.is_empty() && sources.iter().all(|source| matches!(source, Source::Json(_)))
        };
        Covers::default()
            .with("body", body)
            .with("id", signed(Variable::Id) || (body && within_body(id)))
            .with("method", signed(Variable::Method))
            .with("timestamp", signed(Variable::Timestamp))
            .with("type", body && within_body(event_type))
            .with("url", signed(Variable::Url))
    }
}
