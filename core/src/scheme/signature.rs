use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;
use smallvec::SmallVec;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Key, LONGEST_SIGNATURE};
use super::decoded::Decoded;
use super::key_form::{KeyForm, Purpose};
use super::requirement::{Requirement, RequirementForm};
use super::timestamp::{TimestampForm, TimestampRule};
use crate::encoding::Encoding;
use crate::error::{Code, Error};
use crate::proof::Content;
use crate::secret::Secret;
use crate::source::{Source, SourceForm, SourceForms, Values, first, split_once};
use crate::tables::Tables;
use crate::template::{Given, HeaderListForm, Lists, Named, ParameterList, Template, TemplateForm, Variable};
use crate::timestamp::Timestamp;
use crate::view::View;

/// How many signatures of one request are looked at. Rotation needs two or three; each costs a comparison, so
/// a header full of them must not become work.
const MOST_SIGNATURES: usize = 32;

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

/// One kind of signature that may stand in the header, told by its prefix: `v1,`, `sha256=` or none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionForm {
    #[serde(default)]
    prefix: String,
    /// Whether a signature counts without the prefix, too.
    #[serde(default)]
    prefix_optional: bool,
    algorithm: Algorithm,
    encoding: Option<Encoding>,
    key: KeyForm,
}

/// A kind of signature, checked.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    prefix: String,
    prefix_optional: bool,
    pub(crate) algorithm: Algorithm,
    /// Absent where the signature is a text that is compared as it stands.
    pub(crate) encoding: Option<Encoding>,
    key: KeyForm,
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
    requires: Vec<Requirement>,
    trims_newlines: bool,
    /// Whether fields of a form or a query are signed, so that what is covered differs from request to request.
    pub(crate) signs_parameters: bool,
}

/// A key of the user's, and the version of signatures that it is for.
#[derive(Clone)]
pub(crate) struct VersionKey {
    pub(crate) version: usize,
    pub(crate) key: Key,
}

/// What a matching signature has shown.
pub(crate) struct Match<'a> {
    pub(crate) body: Cow<'a, [u8]>,
    pub(crate) content: Content,
    pub(crate) found: Found,
    pub(crate) sent_at: Option<Timestamp>,
}

/// Which key signed which of the contents, and how.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) key_index: usize,
    pub(crate) content_index: usize,
    pub(crate) algorithm: &'static str,
}

/// A signature of the request, decoded.
struct Candidate {
    version: usize,
    decoded: Decoded,
}

type Candidates = SmallVec<[Candidate; 2]>;

/// What a signature is checked against, besides the request.
pub(crate) struct Check<'k> {
    pub(crate) keys: &'k [VersionKey],
    pub(crate) tolerance: Option<Duration>,
    pub(crate) accept_reserialized: bool,
    pub(crate) now: i64,
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
    pub(super) fn requires_body(&self) -> bool {
        self.requires.iter().any(Requirement::binds_body)
    }

    /// Checks a request against all keys.
    pub(crate) fn verify<'a>(&self, view: &View<'_, 'a>, check: &Check<'_>) -> Result<Match<'a>, Error> {
        // Whether anything is there at all comes first: it is what a misdirected request lacks.
        let texts = self.signatures(view)?;
        let id = self.id(view)?;
        let sent = match &self.timestamp {
            Some(rule) => Some(rule.check(view, check.tolerance, check.now)?),
            None => None,
        };
        let candidates = self.candidates(&texts, view)?;
        let timestamp = sent.as_ref().map(|sent| sent.text.as_ref());
        let given = Given { id: id.as_deref(), timestamp, ..Given::of(view) };
        let matched = |body, content, found| {
            let sent_at = sent.as_ref().map(|sent| sent.moment);
            Match { body, content, found, sent_at }
        };
        // The bytes as they came are always tried first.
        if let Some(found) = self.judge(&candidates, &given, check.keys)? {
            return Ok(matched(Cow::Borrowed(view.body), Content::Raw, found));
        }
        for (content, body) in self.other_bodies(view.body, check.accept_reserialized) {
            let found =
                self.judge(&candidates, &Given { view: &view.with_body(&body), ..given }, check.keys)?;
            if let Some(found) = found {
                return Ok(matched(body, content, found));
            }
        }
        let place = self.place(view);
        let (found, keys) = (candidates.len(), check.keys.len());
        Err(Error::new(
            Code::NoMatchingSignature,
            format!(
                "none of the {found} signatures in {place} is right for any of the {keys} configured keys"
            ),
        ))
    }

    /// Finds the key that signed the request with one body, and checks what else has to be equal then.
    fn judge(
        &self,
        candidates: &[Candidate],
        given: &Given<'_, '_>,
        keys: &[VersionKey],
    ) -> Result<Option<Found>, Error> {
        let found = self.matching(candidates, given, keys)?;
        if found.is_some() {
            self.requires.iter().try_for_each(|requirement| requirement.check(given))?;
        }
        Ok(found)
    }

    fn place(&self, view: &View<'_, '_>) -> String {
        self.from.first().map(|source| source.describe(view.tables)).unwrap_or_default()
    }

    /// Reads the texts of the signatures from all their places.
    fn signatures<'a>(&self, view: &View<'_, 'a>) -> Result<Values<'a>, Error> {
        let mut texts = Values::new();
        let mut present = false;
        for source in &self.from {
            if let Some(values) = source.values(view)? {
                present = true;
                texts.extend(values);
            }
        }
        if !present {
            return Err(Error::new(Code::MissingHeader, format!("{} is missing", self.place(view))));
        }
        texts.truncate(MOST_SIGNATURES);
        Ok(texts)
    }

    /// Reads the signed id, which must not be able to pass for another one.
    fn id<'a>(&self, view: &View<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let Some(source) = self.id.first() else {
            return Ok(None);
        };
        let place = || source.describe(view.tables);
        let id = first(&self.id, view)?
            .ok_or_else(|| Error::new(Code::MissingHeader, format!("{} is missing", place())))?;
        let mut separators = self.contents.iter().filter_map(Template::separator_after_id);
        let moves = separators.find(|separator| split_once(&id, separator).is_some());
        if let Some(separator) = moves {
            return Err(Error::new(
                Code::MalformedHeader,
                format!("{} contains {separator:?}, which separates the parts that are signed", place()),
            ));
        }
        Ok(Some(id))
    }

    /// Decodes the signatures of the request.
    fn candidates(&self, texts: &[Cow<'_, str>], view: &View<'_, '_>) -> Result<Candidates, Error> {
        let mut candidates = Candidates::new();
        let mut known = false;
        for text in texts {
            for (index, version) in self.versions.iter().enumerate() {
                let Some(encoded) = version.after_prefix(text) else { continue };
                known = true;
                let decoded = version.decode(encoded);
                candidates.extend(decoded.map(|decoded| Candidate { version: index, decoded }));
            }
        }
        if candidates.is_empty() {
            let place = self.place(view);
            let found = if known { "no well-formed signature" } else { "no signature of a known version" };
            let expected = self.versions.iter().map(Version::expected).collect::<Vec<_>>().join(", or ");
            return Err(Error::new(
                Code::MalformedHeader,
                format!("{place} has {found}, expected {expected}"),
            ));
        }
        Ok(candidates)
    }

    /// Lists the other forms of the body that may have been signed.
    fn other_bodies<'a>(
        &self,
        body: &'a [u8],
        accept_reserialized: bool,
    ) -> impl Iterator<Item = (Content, Cow<'a, [u8]>)> + use<'a> {
        let trimmed = self.trims_newlines.then(|| trim_newlines(body)).filter(|it| it.len() < body.len());
        let trimmed = trimmed.map(|trimmed| (Content::Trimmed, Cow::Borrowed(trimmed)));
        let reserialized = accept_reserialized.then_some(body);
        // Lazy: a request that verifies as it came is never parsed for this.
        let reserialized = reserialized.into_iter().filter_map(|body| {
            let text = std::str::from_utf8(body).ok()?;
            let written = crate::ecmascript::reserialize(text)?;
            (written != body).then_some((Content::Reserialized, Cow::Owned(written)))
        });
        trimmed.into_iter().chain(reserialized)
    }

    /// Finds a key that makes one of the signatures: any key may match any signature of its version, over any of
    /// the contents.
    fn matching(
        &self,
        candidates: &[Candidate],
        given: &Given<'_, '_>,
        keys: &[VersionKey],
    ) -> Result<Option<Found>, Error> {
        for (content_index, content) in self.contents.iter().enumerate() {
            let shared = content.fill(given)?;
            for (key_index, VersionKey { version, key }) in keys.iter().enumerate() {
                let mut candidates = candidates.iter().filter(|it| it.version == *version).peekable();
                if candidates.peek().is_none() {
                    continue;
                }
                // Only a content that holds the secret differs from key to key.
                let expected = if key.secret().is_empty() {
                    key.expect(&shared)
                } else {
                    key.expect(&content.fill(&Given { secret: key.secret(), ..*given })?)
                };
                if candidates.any(|candidate| expected.matches(candidate.decoded.bytes())) {
                    let algorithm =
                        self.versions.get(*version).map_or("", |version| version.algorithm.name());
                    return Ok(Some(Found { key_index, content_index, algorithm }));
                }
            }
        }
        Ok(None)
    }
}

impl Version {
    fn check(form: VersionForm) -> Result<Self, Error> {
        let VersionForm { prefix, prefix_optional, algorithm, encoding, key } = form;
        if encoding.is_none() && algorithm != Algorithm::Token {
            let message = format!("a version with {} needs an \"encoding\"", algorithm.name());
            return Err(Error::new(Code::InvalidProvider, message));
        }
        Ok(Self { prefix, prefix_optional, algorithm, encoding, key })
    }

    fn after_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(self.prefix.as_str()).or_else(|| self.prefix_optional.then_some(text))
    }

    /// Decodes a signature, or returns nothing where it cannot be one.
    fn decode(&self, text: &str) -> Option<Decoded> {
        let decoded = match self.encoding {
            Some(_) if text.len() > LONGEST_SIGNATURE.saturating_mul(2) => None,
            Some(encoding) => Decoded::decode(encoding, text),
            None => Some(Decoded::Long(text.as_bytes().to_vec())),
        };
        let fits = |found: usize| self.algorithm.signature_bytes().is_none_or(|expected| found == expected);
        decoded.filter(|decoded| !decoded.bytes().is_empty() && fits(decoded.bytes().len()))
    }

    /// Describes the signatures that the provider sends.
    fn expected(&self) -> String {
        let prefix = if self.prefix.is_empty() { String::new() } else { format!("{:?} and ", self.prefix) };
        match (self.encoding, self.algorithm.signature_bytes()) {
            (Some(encoding), Some(bytes)) => format!("{prefix}{bytes} bytes as {}", encoding.describe()),
            (Some(encoding), None) => format!("{prefix}{}", encoding.describe()),
            (None, _) => format!("{prefix}a token"),
        }
    }

    /// Writes a signature as a sender does.
    pub(crate) fn write(&self, signature: &[u8]) -> String {
        let text = match self.encoding {
            Some(encoding) => encoding.encode(signature),
            None => String::from_utf8_lossy(signature).into_owned(),
        };
        format!("{}{text}", self.prefix)
    }
}

fn trim_newlines(body: &[u8]) -> &[u8] {
    let end =
        body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last.saturating_add(1));
    body.get(..end).unwrap_or_default()
}
