use std::borrow::Cow;
use std::cell::Cell;
use std::time::Duration;

use smallvec::SmallVec;

use super::algorithm::Key;
use super::decoded::Decoded;
use super::signature::{SignatureScheme, VersionKey};
use super::version::Version;
use crate::error::{Code, Error};
use crate::proof::Content;
use crate::source::{Values, first, split_once};
use crate::template::{Given, Message, Template};
use crate::timestamp::Timestamp;
use crate::view::View;

/// How many signatures of one request are looked at. Rotation needs two or three; each costs a comparison, so
/// a header full of them must not become work.
const MOST_SIGNATURES: usize = 32;

/// How many of them are checked with public keys, over all keys: rotation needs four. A check takes a tenth of a
/// millisecond, so that 32 signatures and a dozen keys would be a request that costs more than all it could say.
const MOST_PUBLIC_KEY_CHECKS: usize = 64;

/// How much of a body is hashed for them. Ed25519 hashes the message anew for every signature, and a stranger who sends
/// a megabyte with 32 signatures must not have 32 megabytes hashed. Also how much is hashed with shared secrets beyond
/// once for each, and half of it with slow algorithms: for contents that differ in the spelling of a URL, and for other
/// forms of the body. A megabyte at a receiver of 16 secrets must not be hashed a hundred times.
const MOST_HASHED_BYTES: usize = 8 * 1024 * 1024;

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

impl SignatureScheme {
    /// Checks a request against all keys.
    pub(crate) fn verify<'a>(&self, view: &View<'_, 'a>, check: &Check<'_>) -> Result<Match<'a>, Error> {
        // Whether anything is there at all comes first: it is what a misdirected request lacks.
        let mut texts = Values::new();
        self.signatures(view, &mut texts)?;
        let id = self.id(view)?;
        let sent = match &self.timestamp {
            Some(rule) => Some(rule.check(view, check.tolerance, check.now)?),
            None => None,
        };
        let mut candidates = Candidates::new();
        self.candidates(&texts, view, &mut candidates)?;
        let timestamp = sent.as_ref().map(|sent| sent.text.as_ref());
        let given = Given { id: id.as_deref(), timestamp, ..Given::of(view) };
        let matched = |body, content, found| {
            let sent_at = sent.as_ref().map(|sent| sent.moment);
            Match { body, content, found, sent_at }
        };
        let limits = Limits::of(view.body.len(), check.keys);
        // The bytes as they came are always tried first.
        if let Some(found) = self.judge(&candidates, &given, check.keys, &limits)? {
            return Ok(matched(Cow::Borrowed(view.body), Content::Raw, found));
        }
        for (content, body) in self.other_bodies(view.body, check.accept_reserialized) {
            let found = {
                let view = view.with_body(&body);
                self.judge(&candidates, &Given { view: &view, ..given }, check.keys, &limits)?
            };
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
        limits: &Limits,
    ) -> Result<Option<Found>, Error> {
        let found = self.matching(candidates, given, keys, limits)?;
        if found.is_some() {
            self.requires.iter().try_for_each(|requirement| requirement.check(given))?;
        }
        Ok(found)
    }

    fn place(&self, view: &View<'_, '_>) -> String {
        self.from.first().map(|source| source.describe(view.tables)).unwrap_or_default()
    }

    /// Reads the texts of the signatures from all their places.
    fn signatures<'a>(&self, view: &View<'_, 'a>, texts: &mut Values<'a>) -> Result<(), Error> {
        let mut present = false;
        for source in &self.from {
            present |= source.values(view, texts)?;
        }
        if !present {
            return Err(Error::new(Code::MissingHeader, format!("{} is missing", self.place(view))));
        }
        texts.truncate(MOST_SIGNATURES);
        Ok(())
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
    fn candidates(
        &self,
        texts: &[Cow<'_, str>],
        view: &View<'_, '_>,
        candidates: &mut Candidates,
    ) -> Result<(), Error> {
        let mut known = false;
        for text in texts {
            for (index, version) in self.versions.iter().enumerate() {
                let Some(encoded) = version.after_prefix(text) else { continue };
                known = true;
                if let Some(decoded) = version.decode(encoded) {
                    candidates.push(Candidate { version: index, decoded });
                }
            }
        }
        if candidates.is_empty() { Err(self.no_signature(known, view)) } else { Ok(()) }
    }

    #[cold]
    fn no_signature(&self, known: bool, view: &View<'_, '_>) -> Error {
        let place = self.place(view);
        let found = if known { "no well-formed signature" } else { "no signature of a known version" };
        let expected = self.versions.iter().map(Version::expected).collect::<Vec<_>>().join(", or ");
        Error::new(Code::MalformedHeader, format!("{place} has {found}, expected {expected}"))
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
        limits: &Limits,
    ) -> Result<Option<Found>, Error> {
        let mut tried: Vec<Message<'_>> = Vec::new();
        for (content_index, content) in self.contents.iter().enumerate() {
            let shared = content.fill(given)?;
            // Most spellings of a URL are the same one. A content with a secret in it is not what is compared here.
            if tried.contains(&shared) && !content.needs_secret() {
                continue;
            }
            for (key_index, VersionKey { version, key }) in keys.iter().enumerate() {
                let mut candidates = candidates.iter().filter(|it| it.version == *version).peekable();
                if candidates.peek().is_none() || !limits.allow(key) {
                    continue;
                }
                // Only a content that holds the secret differs from key to key.
                let expected = if key.secret().is_empty() {
                    key.expect(&shared)
                } else {
                    key.expect(&content.fill(&Given { secret: key.secret(), ..*given })?)
                };
                let within_limit = || !expected.is_costly() || take_one(&limits.public_key_checks);
                if candidates.any(|it| within_limit() && expected.matches(it.decoded.bytes())) {
                    let algorithm =
                        self.versions.get(*version).map_or("", |version| version.algorithm.name());
                    return Ok(Some(Found { key_index, content_index, algorithm }));
                }
            }
            if self.contents.len() > 1 {
                tried.push(shared);
            }
        }
        Ok(None)
    }
}

/// What one request may have computed for it. Every key is tried with the request as it came, however large it is.
struct Limits {
    public_key_checks: Cell<usize>,
    /// How many contents are hashed, each for one key.
    hashes: Cell<usize>,
}

impl Limits {
    fn of(body_bytes: usize, keys: &[VersionKey]) -> Self {
        let slow = keys.iter().any(|VersionKey { key, .. }| key.is_slow());
        let most = if slow { MOST_HASHED_BYTES / 2 } else { MOST_HASHED_BYTES };
        let repeated = most.checked_div(body_bytes).unwrap_or(most).max(4);
        Self {
            public_key_checks: Cell::new(public_key_checks(body_bytes)),
            hashes: Cell::new(keys.len().saturating_add(repeated)),
        }
    }

    /// Tells whether one more content may be hashed for a key.
    fn allow(&self, key: &Key) -> bool {
        (!key.is_public() || self.public_key_checks.get() > 0) && take_one(&self.hashes)
    }
}

/// Returns how many signatures may be checked with public keys for a body of a size: at least four, however large it is.
fn public_key_checks(body_bytes: usize) -> usize {
    let by_size = MOST_HASHED_BYTES.checked_div(body_bytes).unwrap_or(MOST_PUBLIC_KEY_CHECKS);
    by_size.clamp(4, MOST_PUBLIC_KEY_CHECKS)
}

fn take_one(checks: &Cell<usize>) -> bool {
    let left = checks.get().checked_sub(1);
    checks.set(left.unwrap_or(0));
    left.is_some()
}

fn trim_newlines(body: &[u8]) -> &[u8] {
    let end =
        body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last.saturating_add(1));
    body.get(..end).unwrap_or_default()
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
