//! How a request proves itself: by a signature over its parts, or by a token that says who calls.

mod algorithm;
mod bearer;
mod check;
mod claim_rule;
mod covers;
mod decoded;
mod key_form;
mod requirement;
mod signature;
mod timestamp;
mod version;

use std::sync::Arc;

use serde::Deserialize;

use crate::template::Lists;

pub(crate) use bearer::{BearerForm, BearerScheme};
pub(crate) use check::{Check, Match};
pub(crate) use key_form::Purpose;
pub(crate) use signature::{SignatureForm, SignatureScheme, VersionKey};

/// The `scheme` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum SchemeForm {
    Signature(SignatureForm),
    Bearer(BearerForm),
}

impl SchemeForm {
    /// Returns what the templates of the provider call by name.
    pub(crate) fn lists(&self) -> Lists {
        match self {
            Self::Signature(form) => form.lists(),
            Self::Bearer(form) => form.lists(),
        }
    }
}

/// A scheme resolved to slots.
#[derive(Clone, Debug)]
pub(crate) enum Scheme {
    Signature(Arc<SignatureScheme>),
    Bearer(Arc<BearerScheme>),
}
