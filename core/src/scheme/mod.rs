//! How a request proves itself: by a signature over its parts, or by a token that says who calls.

mod algorithm;
mod bearer;
mod claim_rule;
mod decoded;
mod key_form;
mod requirement;
mod signature;
mod timestamp;

use std::sync::Arc;

use serde::Deserialize;

pub(crate) use bearer::{BearerForm, BearerScheme};
pub(crate) use key_form::Purpose;
pub(crate) use signature::{Check, Match, SignatureForm, SignatureScheme, VersionKey};

use crate::proof::Covers;
use crate::source::Source;
use crate::template::Variable;

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
        let scheme = match self {
            Self::Signature(scheme) => scheme,
            // A token shows who calls, and signs nothing of the request but what its claims repeat.
            Self::Bearer(scheme) => return scheme.covers(id, event_type),
        };
        let signs = |wanted: fn(&Variable) -> bool| scheme.always_signs(|content| content.has(wanted));
        let body = scheme.binds_body();
        let is_signed = |source: &Source| {
            (body && source.is_within_body()) || scheme.always_signs(|content| content.covers(source))
        };
        let are_signed = |sources: &[Source]| !sources.is_empty() && sources.iter().all(is_signed);
        let whole_url =
            signs(|variable| matches!(variable, Variable::UrlWithoutQuery)) && signs(Variable::holds_query);
        let timestamp = scheme.timestamp.as_ref().is_some_and(|rule| are_signed(&rule.from));
        Covers::default()
            .with("body", body)
            .with("id", signs(|variable| matches!(variable, Variable::Id)) || are_signed(id))
            .with("method", signs(|variable| matches!(variable, Variable::Method)))
            .with("timestamp", timestamp || signs(|variable| matches!(variable, Variable::Timestamp)))
            .with("type", are_signed(event_type))
            .with("url", signs(|variable| matches!(variable, Variable::Url(_))) || whole_url)
    }
}
