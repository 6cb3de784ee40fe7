use std::borrow::Cow;

use super::{Scheme, SignatureScheme};
use crate::envelope::Envelope;
use crate::proof::Covers;
use crate::source::{Place, Source};
use crate::template::{Template, Variable};
use crate::view::View;

impl Scheme {
    /// Works out what every proof covers from what is signed, so that it cannot claim more.
    pub(crate) fn covers(&self, envelope: &Envelope) -> Covers {
        match self {
            Self::Signature(scheme) => {
                Signed { scheme, contents: &scheme.contents, view: None }.covers(envelope)
            }
            // A token shows who calls, and signs nothing of the request but what its claims repeat.
            Self::Bearer(scheme) => scheme.covers(envelope),
        }
    }
}

impl SignatureScheme {
    /// Works out what the proof of one request covers: of a form all fields may be signed, and of a body that is
    /// none nothing.
    pub(crate) fn covers_of(&self, view: &View<'_, '_>, content_index: usize, envelope: &Envelope) -> Covers {
        let content = self.contents.get(content_index);
        let contents = content.map_or(self.contents.as_slice(), std::slice::from_ref);
        Signed { scheme: self, contents, view: Some(view) }.covers(envelope)
    }
}

/// What is signed: one of the contents, or whichever of them was in a certain request.
struct Signed<'s, 't, 'a> {
    scheme: &'s SignatureScheme,
    contents: &'s [Template],
    view: Option<&'s View<'t, 'a>>,
}

impl Signed<'_, '_, '_> {
    fn covers(&self, envelope: &Envelope) -> Covers {
        let body = self.has_body();
        let has = |wanted: fn(&Variable) -> bool| self.always(|content| content.has(wanted));
        let whole_url =
            has(|variable| matches!(variable, Variable::UrlWithoutQuery)) && has(Variable::holds_query);
        let time = self.scheme.timestamp.as_ref().is_some_and(|rule| self.hold(&rule.from, body));
        let id = match &envelope.digest {
            Some(digest) if envelope.id.is_empty() || self.has_none(&envelope.id) => {
                digest.all(|variable| self.has_variable(variable, body))
            }
            _ => self.hold(&envelope.id, body),
        };
        Covers::default()
            .with("body", body)
            .with("id", has(|variable| matches!(variable, Variable::Id)) || id)
            .with("method", has(|variable| matches!(variable, Variable::Method)))
            .with("timestamp", time || has(|variable| matches!(variable, Variable::Timestamp)))
            .with("type", self.hold(&envelope.event_type, body))
            .with("url", has(|variable| matches!(variable, Variable::Url(_))) || whole_url)
    }

    /// Tells whether all that could have been signed passes a test.
    fn always(&self, test: impl Fn(&Template) -> bool) -> bool {
        !self.scheme.is_token() && self.contents.iter().all(test)
    }

    /// Tells whether the body is bound to what is signed: by itself, by its hash, or by all fields of the form that
    /// it is, other than the signature.
    fn has_body(&self) -> bool {
        self.always(|content| content.has(|variable| matches!(variable, Variable::Body)))
            || self.scheme.requires_body(self.is_form())
            || self.view.is_some_and(|view| view.is_form() && self.has_form(view))
    }

    fn has_form(&self, view: &View<'_, '_>) -> bool {
        let is_signature = |name: &str| {
            self.scheme.from.iter().any(|source| matches!(&source.place, Place::Form(known) if known == name))
        };
        // What is no UTF-8 is read as U+FFFD, so that a field with it may have been signed for other bytes.
        let is_exact = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
            !name.contains(char::REPLACEMENT_CHARACTER) && !value.contains(char::REPLACEMENT_CHARACTER)
        };
        let fields = view.form();
        fields.iter().all(is_exact)
            && fields.iter().all(|(name, _)| is_signature(name) || self.has_source(&Source::form_field(name)))
            && self.always(|content| !content.has(|variable| variable.is_ambiguous(fields)))
    }

    fn is_form(&self) -> Option<bool> {
        self.view.map(View::is_form)
    }

    fn has_source(&self, source: &Source) -> bool {
        self.always(|content| content.covers(source, self.is_form()))
    }

    fn has_variable(&self, wanted: &Variable, body: bool) -> bool {
        match wanted {
            Variable::Body => body,
            Variable::Source(source) => self.hold(std::slice::from_ref(source), body),
            _ => self.always(|content| content.has(|variable| wanted.is_part_of(variable, self.is_form()))),
        }
    }

    /// Tells whether a request is known to have none of these values.
    fn has_none(&self, sources: &[Source]) -> bool {
        self.view.is_some_and(|view| sources.iter().all(|source| source.lenient(view).is_none()))
    }

    /// Tells whether the value that stands in one of these places is covered. Of a request the place is known.
    fn hold(&self, sources: &[Source], body: bool) -> bool {
        let is_signed = |source: &Source| (body && source.is_within_body()) || self.has_source(source);
        let read = |view| sources.iter().find(|source| source.lenient(view).is_some());
        match self.view.and_then(read) {
            Some(source) => is_signed(source),
            None => !sources.is_empty() && sources.iter().all(is_signed),
        }
    }
}
