use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;

use super::algorithm::{Algorithm, Key, LONGEST_SIGNATURE};
use super::key_form::{KeyForm, Purpose};
use super::template::{Template, Values, Variable};
use super::timestamp::TimestampRule;
use crate::encoding::Encoding;
use crate::error::{Code, Error};
use crate::header_table::{HeaderTable, Picked};
use crate::secret::Secret;
use crate::source::{HeaderSource, SourceForm};

/// How many signatures of one request are looked at. Rotation needs two or three; each costs a comparison, so
/// a header full of them must not become work.
const MOST_SIGNATURES: usize = 32;

/// The `scheme.signature` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureForm {
    from: SourceForm,
    versions: Vec<Version>,
    content: Template,
    timestamp: Option<super::timestamp::TimestampForm>,
    #[serde(default)]
    trims_newlines: bool,
}

/// One kind of signature that may stand in the header, told by its prefix: `v1,`, `sha256=` or none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Version {
    #[serde(default)]
    pub(crate) prefix: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) encoding: Encoding,
    pub(crate) key: KeyForm,
}

/// A signature over headers and the body, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct SignatureScheme {
    pub(crate) from: HeaderSource,
    pub(crate) versions: Vec<Version>,
    pub(crate) content: Template,
    pub(crate) id: Option<HeaderSource>,
    pub(crate) timestamp: Option<TimestampRule>,
    trims_newlines: bool,
}

/// A key of the user's, and the version of signatures that it is for.
#[derive(Clone)]
pub(crate) struct VersionKey {
    pub(crate) version: usize,
    pub(crate) key: Key,
}

/// The parts of a request that a signature is checked against.
pub(crate) struct Signed<'a> {
    pub(crate) method: Option<&'a str>,
    pub(crate) url: Option<&'a str>,
    pub(crate) body: &'a [u8],
    pub(crate) accept_reserialized: bool,
}

/// What a matching signature has shown.
pub(crate) struct Match<'a> {
    pub(crate) body: Cow<'a, [u8]>,
    pub(crate) content: Content,
    pub(crate) key_index: usize,
    pub(crate) algorithm: &'static str,
    pub(crate) timestamp: Option<i64>,
}

/// Which form of the body the signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Content {
    /// The bytes as they came.
    Raw,
    /// The bytes without the line breaks at their end.
    Trimmed,
    /// The bytes of ECMAScript's `JSON.stringify(JSON.parse(body))`.
    Reserialized,
}

impl Content {
    /// Returns the name that all languages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Trimmed => "trimmed",
            Self::Reserialized => "reserialized",
        }
    }
}

/// A signature of the request, decoded.
struct Candidate {
    version: usize,
    bytes: [u8; LONGEST_SIGNATURE],
    length: usize,
}

impl SignatureScheme {
    pub(crate) fn resolve(
        form: SignatureForm,
        id: &[SourceForm],
        headers: &mut HeaderTable,
    ) -> Result<Self, Error> {
        let invalid = |message: &'static str| Error::new(Code::InvalidProvider, message);
        let SignatureForm { from, versions, content, timestamp, trims_newlines } = form;
        if versions.is_empty() {
            return Err(invalid("scheme.signature.versions is empty, expected at least one"));
        }
        let from = from.resolve_header(headers, "scheme.signature.from")?;
        let id = match (content.uses(Variable::Id), id) {
            (false, _) => None,
            (true, [id]) => Some(id.clone().resolve_header(headers, "event.id, which is signed,")?),
            (true, _) => return Err(invalid("{id} is signed, so event.id needs exactly one source")),
        };
        let timestamp = timestamp.map(|form| TimestampRule::resolve(form, headers)).transpose()?;
        if content.uses(Variable::Timestamp) != timestamp.is_some() {
            return Err(invalid(
                "scheme.signature needs \"timestamp\" if its content has {timestamp}, and only then",
            ));
        }
        Ok(Self { from, versions, content, id, timestamp, trims_newlines })
    }

    /// Makes a key of a secret: for the version whose prefix the secret has, else for the first.
    pub(crate) fn key(&self, secret: &Secret, purpose: Purpose) -> Result<VersionKey, Error> {
        let claimed = self.versions.iter().position(|version| version.key.claims(secret));
        let index = claimed.unwrap_or(0);
        let version = self
            .versions
            .get(index)
            .ok_or_else(|| Error::new(Code::InvalidProvider, "the provider has no signature version"))?;
        Ok(VersionKey { version: index, key: version.key.parse(secret, version.algorithm, purpose)? })
    }

    /// Checks a request against all keys.
    pub(crate) fn verify<'a>(
        &self,
        picked: &Picked<'_, 'a>,
        signed: &Signed<'a>,
        keys: &[VersionKey],
        tolerance: Option<Duration>,
        now: i64,
    ) -> Result<Match<'a>, Error> {
        let header = picked.required(self.from.slot)?;
        let id = self.id.as_ref().map(|source| self.id(source, picked)).transpose()?;
        let timestamp = match &self.timestamp {
            Some(rule) => Some(rule.check(picked, tolerance, now)?),
            None => None,
        };
        let candidates = self.candidates(header, picked)?;
        let values = Values {
            body: signed.body,
            id: id.unwrap_or_default(),
            method: self.needed(Variable::Method, signed.method)?,
            timestamp: timestamp.map(|(text, _)| text).unwrap_or_default(),
            url: self.needed(Variable::Url, signed.url)?,
        };
        for (content, body) in self.bodies(signed) {
            let values = Values { body: &body, ..values };
            if let Some((key_index, version)) = self.matching(&candidates, &values, keys) {
                let algorithm = version.algorithm.name();
                let timestamp = timestamp.map(|(_, seconds)| seconds);
                return Ok(Match { body, content, key_index, algorithm, timestamp });
            }
        }
        let name = picked.name(self.from.slot);
        let (found, keys) = (candidates.len(), keys.len());
        Err(Error::new(
            Code::NoMatchingSignature,
            format!(
                "none of the {found} signatures in {name} is right for any of the {keys} configured keys"
            ),
        ))
    }

    /// Reads the signed id, which must not be able to pass for another one.
    fn id<'a>(&self, source: &HeaderSource, picked: &Picked<'_, 'a>) -> Result<&'a str, Error> {
        let id = picked.identifier(source.slot)?;
        let moves = self.content.separator_after(Variable::Id).filter(|separator| id.contains(*separator));
        if let Some(separator) = moves {
            let name = picked.name(source.slot);
            return Err(Error::new(
                Code::MalformedHeader,
                format!(
                    "the header {name} contains {separator:?}, which separates the parts that are signed"
                ),
            ));
        }
        Ok(id)
    }

    fn needed<'a>(&self, variable: Variable, value: Option<&'a str>) -> Result<&'a str, Error> {
        match value {
            None if self.content.uses(variable) => Err(Error::new(
                Code::InvalidOption,
                format!("the provider signs the {0}, so verify needs it: pass {0}", variable.name()),
            )),
            value => Ok(value.unwrap_or_default()),
        }
    }

    /// Decodes the signatures of the request.
    fn candidates(&self, header: &str, picked: &Picked<'_, '_>) -> Result<Vec<Candidate>, Error> {
        let mut candidates = Vec::new();
        let mut known = false;
        for text in self.from.values(header).take(MOST_SIGNATURES) {
            for (index, version) in self.versions.iter().enumerate() {
                let Some(encoded) = text.strip_prefix(version.prefix.as_str()) else { continue };
                known = true;
                let mut candidate = Candidate { version: index, bytes: [0; LONGEST_SIGNATURE], length: 0 };
                candidate.length =
                    version.encoding.decode_into(encoded, &mut candidate.bytes).map_or(0, <[u8]>::len);
                if candidate.length == version.algorithm.signature_bytes() {
                    candidates.push(candidate);
                }
            }
        }
        if candidates.is_empty() {
            let name = picked.name(self.from.slot);
            let found = if known { "no well-formed signature" } else { "no signature of a known version" };
            let expected = self.expected();
            return Err(Error::new(
                Code::MalformedHeader,
                format!("the header {name} has {found}, expected {expected}"),
            ));
        }
        Ok(candidates)
    }

    /// Describes the signatures that the provider sends.
    fn expected(&self) -> String {
        let describe = |version: &Version| {
            let (prefix, encoding) = (&version.prefix, version.encoding.describe());
            let bytes = version.algorithm.signature_bytes();
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix:?} and ") };
            format!("{prefix}{bytes} bytes as {encoding}")
        };
        self.versions.iter().map(describe).collect::<Vec<_>>().join(", or ")
    }

    /// Lists the forms of the body that may have been signed: always the raw bytes first.
    fn bodies<'a>(&self, signed: &Signed<'a>) -> impl Iterator<Item = (Content, Cow<'a, [u8]>)> {
        let body = signed.body;
        let trimmed = self.trims_newlines.then(|| trim_newlines(body)).filter(|it| it.len() < body.len());
        let trimmed = trimmed.map(|trimmed| (Content::Trimmed, Cow::Borrowed(trimmed)));
        let reserialized = signed.accept_reserialized.then_some(body);
        // Lazy: a request that verifies as it came is never parsed for this.
        let reserialized = reserialized.into_iter().filter_map(move |body| {
            let text = std::str::from_utf8(body).ok()?;
            let written = crate::ecmascript::reserialize(text)?;
            (written != body).then_some((Content::Reserialized, Cow::Owned(written)))
        });
        std::iter::once((Content::Raw, Cow::Borrowed(body))).chain(trimmed).chain(reserialized)
    }

    /// Finds a key that makes one of the signatures: any key may match any signature of its version.
    fn matching(
        &self,
        candidates: &[Candidate],
        values: &Values<'_>,
        keys: &[VersionKey],
    ) -> Option<(usize, &Version)> {
        let message = self.content.parts(values);
        keys.iter().enumerate().find_map(|(index, VersionKey { version, key })| {
            let mut candidates = candidates.iter().filter(|it| it.version == *version).peekable();
            candidates.peek()?;
            let expected = key.expect(&message);
            let found = candidates.any(|it| expected.matches(it.bytes.get(..it.length).unwrap_or_default()));
            found.then(|| self.versions.get(*version).map(|version| (index, version)))?
        })
    }
}

fn trim_newlines(body: &[u8]) -> &[u8] {
    let end =
        body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last.saturating_add(1));
    body.get(..end).unwrap_or_default()
}
