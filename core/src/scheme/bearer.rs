use serde::Deserialize;

use crate::error::{Code, Error};
use crate::header_table::{HeaderTable, Slot};

/// The `scheme.bearer` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BearerForm {
    header: String,
    algorithms: Vec<String>,
    key_id: Presence,
    leeway_seconds: u32,
    required_claims: Vec<String>,
    #[serde(default)]
    past_claims: Vec<String>,
    #[serde(default)]
    single_audience: bool,
    subject_max_characters: Option<usize>,
}

/// Whether something has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// A bearer token of an issuer whose public keys are known, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct BearerScheme {
    pub(crate) header: Slot,
    pub(crate) algorithms: Vec<String>,
    pub(crate) key_id_required: bool,
    pub(crate) leeway_seconds: u32,
    pub(crate) required_claims: Vec<String>,
    pub(crate) past_claims: Vec<String>,
    pub(crate) single_audience: bool,
    pub(crate) subject_max_characters: Option<usize>,
}

impl BearerScheme {
    pub(crate) fn resolve(form: BearerForm, headers: &mut HeaderTable) -> Result<Self, Error> {
        if form.algorithms.is_empty() {
            return Err(Error::new(
                Code::InvalidProvider,
                "scheme.bearer.algorithms is empty, expected at least one",
            ));
        }
        Ok(Self {
            header: headers.slot(&form.header),
            algorithms: form.algorithms,
            key_id_required: form.key_id == Presence::Required,
            leeway_seconds: form.leeway_seconds,
            required_claims: form.required_claims,
            past_claims: form.past_claims,
            single_audience: form.single_audience,
            subject_max_characters: form.subject_max_characters,
        })
    }
}
