use serde::Deserialize;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Key};
use super::key_form::Purpose;
use super::requirement::{Requirement, RequirementForm};
use super::timestamp::{TimestampForm, TimestampRule};
use super::version::{Version, VersionForm};
use crate::error::{Code, Error};
use crate::secret::Secret;
use crate::source::{Source, SourceForm, SourceForms};
use crate::tables::Tables;
use crate::template::{HeaderListForm, Lists, Named, ParameterList, Template, TemplateForm, Variable};

/// The `scheme.signature` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureForm {
    from: SourceForms,
    versions: Vec<VersionForm>,
    #[serde(default)]
    content: OneOrMany,
    timestamp: Option<TimestampForm>,
    #[serde(default)]
    requires: Vec<RequirementForm>,
    #[serde(default)]
    parameters: Named<ParameterList>,
    #[serde(default)]
    listed_headers: Named<HeaderListForm>,
    #[serde(default)]
    values: Named<SourceForm>,
    #[serde(default)]
    trims_newlines: bool,
}

/// What is signed, or the several things of which one is.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<TemplateForm>),
    One(TemplateForm),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// A signature over parts of a request, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct SignatureScheme {
    pub(crate) from: Vec<Source>,
    pub(crate) versions: Vec<Version>,
    pub(crate) contents: Vec<Template>,
    /// The contents as the provider file has them.
    pub(crate) written: Vec<String>,
    pub(crate) id: Vec<Source>,
    pub(crate) timestamp: Option<TimestampRule>,
    pub(super) requires: Vec<Requirement>,
    pub(super) trims_newlines: bool,
    /// Whether fields of a form or a query are signed, so that what is covered differs from request to request.
    pub(crate) signs_parameters: bool,
}

/// A key of the user's, and the version of signatures that it is for.
#[derive(Clone)]
pub(crate) struct VersionKey {
    pub(crate) version: usize,
    pub(crate) key: Key,
}

impl SignatureForm {
    /// Returns what the templates of the provider call by name.
    pub(crate) fn lists(&self) -> Lists {
        let (parameters, listed_headers) = (self.parameters.clone(), self.listed_headers.clone());
        Lists { parameters, listed_headers, values: self.values.clone() }
    }
}

impl SignatureScheme {
    pub(crate) fn resolve(
        form: SignatureForm,
        lists: &Lists,
        id: &[Source],
        tables: &mut Tables,
    ) -> Result<Self, Error> {
        let invalid = |message: &'static str| Error::new(Code::InvalidProvider, message);
        let forms = match form.content {
            OneOrMany::Many(forms) => forms,
            OneOrMany::One(form) => vec![form],
        };
        let is_token = form.versions.iter().all(|version| version.algorithm == Algorithm::Token);
        // A token is sent as it is, whatever the request says.
        let forms = if is_token && forms.is_empty() { vec![TemplateForm::default()] } else { forms };
        let written = forms.iter().map(ToString::to_string).collect();
        let contents =
            forms.into_iter().map(|content| content.resolve(tables, lists)).collect::<Result<Vec<_>, _>>()?;
        let versions = form.versions.into_iter().map(Version::check).collect::<Result<Vec<_>, _>>()?;
        let from = form.from.resolve(tables);
        let timestamp = form.timestamp.map(|form| TimestampRule::resolve(form, tables));
        let requires = form
            .requires
            .into_iter()
            .map(|requirement| requirement.resolve(tables, lists))
            .collect::<Result<_, _>>()?;
        if versions.is_empty() || contents.is_empty() || from.is_empty() {
            return Err(invalid(
                "scheme.signature needs \"from\", \"versions\" and \"content\", none of them empty",
            ));
        }
        if !is_token && contents.iter().any(|content| !content.has(|_| true)) {
            return Err(invalid(
                "the signed content has no placeholder, so one signature would fit every request",
            ));
        }
        // A hash without the secret in it is one that anybody can make.
        let digests = |version: &Version| version.algorithm.is_digest();
        let has_secret = |content: &Template| content.has(|variable| matches!(variable, Variable::Secret));
        if versions.iter().all(digests) != contents.iter().all(has_secret)
            || versions.iter().any(digests) != contents.iter().any(has_secret)
        {
            return Err(invalid(
                "{secret} is signed with md5, sha1 and sha256, always, and with nothing else",
            ));
        }
        let uses = |wanted: fn(&Variable) -> bool| contents.iter().any(|content| content.has(wanted));
        if uses(|variable| matches!(variable, Variable::Timestamp)) && timestamp.is_none() {
            return Err(invalid("{timestamp} is signed, so scheme.signature needs \"timestamp\""));
        }
        let signs_id = uses(|variable| matches!(variable, Variable::Id));
        if signs_id && (id.is_empty() || id.iter().any(|source| source.header().is_none())) {
            return Err(invalid("{id} is signed, so event.id must stand in a header"));
        }
        let id = if signs_id { id.to_vec() } else { Vec::new() };
        let signs_parameters = uses(Variable::reads_parameters);
        let trims_newlines = form.trims_newlines;
        Ok(Self {
            from,
            versions,
            contents,
            written,
            id,
            timestamp,
            requires,
            trims_newlines,
            signs_parameters,
        })
    }

    /// Makes a key of a secret: for the version whose prefix the secret has, else for the first.
    pub(crate) fn key(&self, secret: &[u8], purpose: Purpose) -> Result<VersionKey, Error> {
        // A PEM text ends with a line break; the white space around any other secret is a mistake.
        let pem = secret.trim_ascii();
        let secret = Secret::new(if pem.starts_with(b"-----BEGIN ") { pem } else { secret })?;
        let (index, version) = self.version_of(&secret)?;
        Ok(VersionKey { version: index, key: version.key.parse(&secret, version.algorithm, purpose)? })
    }

    /// Returns the bytes that a shared secret stands for, to answer challenges with.
    pub(crate) fn key_bytes(&self, secret: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let secret = Secret::new(secret)?;
        self.version_of(&secret)?.1.key.bytes(&secret)
    }

    fn version_of(&self, secret: &Secret) -> Result<(usize, &Version), Error> {
        let claimed = self.versions.iter().position(|version| version.key.claims(secret));
        let index = claimed.unwrap_or(0);
        let version = self
            .versions
            .get(index)
            .ok_or_else(|| Error::new(Code::InvalidProvider, "the provider has no signature version"))?;
        Ok((index, version))
    }

    /// Lists the values that every request must have beside the signature, and that are always the same.
    pub(crate) fn fixed_values(&self) -> impl Iterator<Item = (&Source, &str)> {
        self.requires.iter().filter_map(Requirement::fixed_value)
    }

    /// Tells whether it is a token that is sent as it is, which signs nothing.
    pub(super) fn is_token(&self) -> bool {
        self.versions.iter().any(|version| version.algorithm == Algorithm::Token)
    }

    /// Tells whether a hash of the body has to be right beside the signature.
    pub(super) fn requires_body(&self, is_form: Option<bool>) -> bool {
        self.requires.iter().any(|requirement| requirement.binds_body(is_form))
    }
}
