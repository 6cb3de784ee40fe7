//! What an authentic request says: which event it is, and where in the body its data stand.

mod depth;
mod form;
mod pointer;
mod scalar;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) use depth::{MAX_DEPTH, is_shallow};
pub(crate) use form::{BodyForm, EnvelopeForm, Idempotency, PingForm};
pub(crate) use pointer::{JsonValues, Pointer, PointerTable};

use crate::error::{Code, Error};
use crate::header_table::{HeaderTable, Picked};
use crate::source::{Source, SourceForms};
use crate::timestamp::Timestamp;
use form::AttributeForm;

/// How the events of one provider are read, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    body: BodyForm,
    id: Vec<Source>,
    event_type: Vec<Source>,
    data: Option<usize>,
    occurred_at: Vec<Source>,
    attributes: Vec<(String, Vec<Source>)>,
    members: Vec<Members>,
    ping: Option<PingForm>,
    pub(crate) idempotency: Idempotency,
    pointers: PointerTable,
}

/// Attributes that are the members of an object whose names end alike.
#[derive(Clone, Debug)]
struct Members {
    name: String,
    of: usize,
    ending: String,
    except: Vec<String>,
}

/// What was read out of one request.
pub(crate) struct Contents<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) event_type: Option<Cow<'a, str>>,
    pub(crate) data: Option<Range<usize>>,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(crate) is_ping: bool,
}

impl Envelope {
    pub(crate) fn resolve(form: EnvelopeForm, headers: &mut HeaderTable) -> Self {
        let mut pointers = PointerTable::default();
        let mut resolve = |forms: SourceForms, pointers: &mut PointerTable| -> Vec<Source> {
            forms.0.into_iter().map(|source| source.resolve(headers, pointers)).collect()
        };
        let id = resolve(form.id, &mut pointers);
        let event_type = resolve(form.event_type, &mut pointers);
        let occurred_at = resolve(form.occurred_at, &mut pointers);
        let (mut attributes, mut members) = (Vec::new(), Vec::new());
        for (name, attribute) in form.attributes {
            match attribute {
                AttributeForm::Value(sources) => attributes.push((name, resolve(sources, &mut pointers))),
                AttributeForm::Members(form) => {
                    let of = pointers.slot(&form.members);
                    members.push(Members { name, of, ending: form.ending, except: form.except });
                }
            }
        }
        let data = form.data.map(|pointer| pointers.slot(&pointer));
        let (body, ping, idempotency) = (form.body, form.ping, form.idempotency);
        Self { body, id, event_type, data, occurred_at, attributes, members, ping, idempotency, pointers }
    }

    /// Returns the sources of the id and of the type, which the proof has to know.
    pub(crate) fn identity(&self) -> (&[Source], &[Source]) {
        (&self.id, &self.event_type)
    }

    /// Returns where an attribute stands.
    pub(crate) fn attribute(&self, name: &str) -> Option<&[Source]> {
        self.attributes.iter().find_map(|(known, sources)| (known == name).then_some(sources.as_slice()))
    }

    /// Checks the headers that decide what happens with a request, before anything costly is done.
    pub(crate) fn check_headers(&self, picked: &Picked<'_, '_>) -> Result<(), Error> {
        for source in &self.event_type {
            if let Source::Header(header) = source {
                picked.strict(header.slot)?;
            }
        }
        for source in &self.id {
            if let Source::Header(header) = source
                && picked.is_present(header.slot)
            {
                picked.identifier(header.slot)?;
            }
        }
        Ok(())
    }

    /// Reads an authentic body.
    pub(crate) fn read<'a>(&self, picked: &Picked<'_, 'a>, body: &'a [u8]) -> Result<Contents<'a>, Error> {
        if body.is_empty() && self.ping.as_ref().is_some_and(PingForm::is_empty_body) {
            let values = Reader { picked, values: JsonValues::empty() };
            return Ok(self.contents(&values, None, true));
        }
        let document = self.parse(body)?;
        let whole = document.as_ref().map(|_| 0..body.len());
        let values = Reader { picked, values: document.unwrap_or_else(JsonValues::empty) };
        let data = match self.data {
            Some(slot) => values.values.raw(slot).and_then(|raw| range_within(body, raw)),
            None => whole,
        };
        Ok(self.contents(&values, data, false))
    }

    /// Parses the body as far as the provider's events need it; nothing for a body that need not be JSON.
    fn parse<'a>(&self, body: &'a [u8]) -> Result<Option<JsonValues<'a>>, Error> {
        let parsed = self.parse_strictly(body);
        if self.body == BodyForm::Any { Ok(parsed.ok()) } else { parsed.map(Some) }
    }

    fn parse_strictly<'a>(&self, body: &'a [u8]) -> Result<JsonValues<'a>, Error> {
        let malformed = |message: String| Error::new(Code::MalformedBody, message);
        let text = std::str::from_utf8(body).map_err(|error| {
            malformed(format!("the body is not UTF-8: invalid at byte {}", error.valid_up_to()))
        })?;
        if !is_shallow(text) {
            return Err(malformed(format!("the body is nested deeper than {MAX_DEPTH} levels")));
        }
        // The parser's own message quotes nothing of the body: it names what it expected and the place.
        let values =
            self.pointers.read(text).map_err(|error| malformed(format!("the body is not JSON: {error}")))?;
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        if self.body == BodyForm::Object && text.bytes().find(|byte| !blank(byte)) != Some(b'{') {
            return Err(malformed("the body is JSON, but not an object".into()));
        }
        Ok(values)
    }

    fn contents<'a>(
        &self,
        values: &Reader<'_, '_, 'a>,
        data: Option<Range<usize>>,
        empty: bool,
    ) -> Contents<'a> {
        let event_type = values.first(&self.event_type);
        let named_ping = || {
            let names = self.ping.as_ref().map_or(&[][..], PingForm::types);
            event_type.as_ref().is_some_and(|name| names.iter().any(|ping| ping == name))
        };
        Contents {
            id: values.first(&self.id),
            data,
            occurred_at: values.first(&self.occurred_at).and_then(|text| Timestamp::parse_lenient(&text)),
            attributes: self.attributes(values),
            is_ping: empty || named_ping(),
            event_type,
        }
    }

    fn attributes<'a>(&self, values: &Reader<'_, '_, 'a>) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        let mut attributes = Vec::with_capacity(self.attributes.len());
        for (name, sources) in &self.attributes {
            if let Some(value) = values.first(sources) {
                attributes.push((Cow::Owned(name.clone()), value));
            }
        }
        for members in &self.members {
            members.read(&values.values, &mut attributes);
        }
        attributes
    }
}

impl Members {
    fn read<'a>(&self, values: &JsonValues<'a>, attributes: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>) {
        type Object<'a> = BTreeMap<Cow<'a, str>, &'a serde_json::value::RawValue>;
        let object = values.raw(self.of).and_then(|raw| serde_json::from_str::<Object<'a>>(raw).ok());
        for (name, value) in object.into_iter().flatten() {
            let wanted = name.ends_with(&self.ending) && !self.except.iter().any(|except| *except == name);
            if let Some(value) = scalar::text(value.get()).filter(|_| wanted) {
                attributes.push((Cow::Owned(format!("{}.{name}", self.name)), value));
            }
        }
    }
}

/// The places of one request that values are read from.
struct Reader<'p, 't, 'a> {
    picked: &'p Picked<'t, 'a>,
    values: JsonValues<'a>,
}

impl<'a> Reader<'_, '_, 'a> {
    /// Returns the value of the first source that has one.
    fn first(&self, sources: &[Source]) -> Option<Cow<'a, str>> {
        sources.iter().find_map(|source| match source {
            Source::Header(header) => {
                let text = self.picked.lenient(header.slot)?;
                header.single(text).map(|value| Cow::Owned(value.to_owned()))
            }
            Source::Json(slot) => scalar::text(self.values.raw(*slot)?),
        })
    }
}

/// Returns where in the body a piece of it stands.
fn range_within(body: &[u8], piece: &str) -> Option<Range<usize>> {
    let start = piece.as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    let end = start.checked_add(piece.len())?;
    (end <= body.len()).then_some(start..end)
}
