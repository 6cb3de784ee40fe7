//! What an authentic request says: which event it is, and where in the body its data stand.

mod form;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub(crate) use form::{BodyForm, EnvelopeForm, Idempotency, PingForm};

use sha2::{Digest as _, Sha256};

use crate::document::scalar_text;
use crate::error::{Code, Error};
use crate::payload::Payload;
use crate::source::Source;
use crate::tables::Tables;
use crate::template::{Given, Lists, Template};
use crate::timestamp::Timestamp;
use crate::view::View;
use form::AttributeForm;

/// How the events of one provider are read, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    body: BodyForm,
    pub(crate) id: Vec<Source>,
    pub(crate) event_type: Vec<Source>,
    data: Option<usize>,
    occurred_at: Vec<Source>,
    attributes: Vec<(Arc<str>, Vec<Source>)>,
    members: Vec<Members>,
    ping: Option<PingForm>,
    pub(crate) idempotency: Idempotency,
    pub(crate) digest: Option<Template>,
}

/// Attributes that are the members of an object whose names end alike.
#[derive(Clone, Debug)]
struct Members {
    name: String,
    of: usize,
    ending: String,
    except: Vec<String>,
}

/// Names and values. The names are mostly those of the provider file, which all its events share.
pub(crate) type Attributes<'a> = Vec<(Arc<str>, Cow<'a, str>)>;

/// What was read out of one request.
pub(crate) struct Contents<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) event_type: Option<Cow<'a, str>>,
    pub(crate) payload: Payload,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) attributes: Attributes<'a>,
    pub(crate) is_ping: bool,
}

impl Envelope {
    pub(crate) fn resolve(form: EnvelopeForm, lists: &Lists, tables: &mut Tables) -> Result<Self, Error> {
        let id = form.id.resolve(tables);
        let event_type = form.event_type.resolve(tables);
        let occurred_at = form.occurred_at.resolve(tables);
        let (mut attributes, mut members) = (Vec::new(), Vec::new());
        for (name, attribute) in form.attributes {
            match attribute {
                AttributeForm::Value(sources) => attributes.push((name.into(), sources.resolve(tables))),
                AttributeForm::Members(form) => {
                    let of = tables.pointers.slot(&form.members);
                    members.push(Members { name, of, ending: form.ending, except: form.except });
                }
            }
        }
        let data = form.data.map(|pointer| tables.pointers.slot(&pointer));
        let digest = form.digest.map(|digest| digest.resolve(tables, lists)).transpose()?;
        let (body, ping, idempotency) = (form.body, form.ping, form.idempotency);
        if digest.is_some() && idempotency != Idempotency::Id {
            return Err(Error::new(
                Code::InvalidProvider,
                "event.digest makes an id, which another \"idempotency\" than \"id\" would not look at",
            ));
        }
        Ok(Self { body, id, event_type, data, occurred_at, attributes, members, ping, idempotency, digest })
    }

    /// Names what makes two deliveries the same.
    pub(crate) fn basis(&self) -> &'static str {
        if self.digest.is_some() && self.id.is_empty() { "digest" } else { self.idempotency.as_str() }
    }

    /// Returns where an attribute stands.
    pub(crate) fn attribute(&self, name: &str) -> Option<&[Source]> {
        self.attributes.iter().find_map(|(known, sources)| (**known == *name).then_some(sources.as_slice()))
    }

    /// Checks the headers that decide what happens with a request, before anything costly is done.
    pub(crate) fn check_headers(&self, view: &View<'_, '_>) -> Result<(), Error> {
        for slot in self.event_type.iter().filter_map(Source::header) {
            view.picked.strict(slot)?;
        }
        for source in &self.id {
            let Some(slot) = source.header() else { continue };
            if let Some(id) = view.picked.strict(slot)? {
                check_identifier(id, || source.describe(view.tables))?;
            }
        }
        Ok(())
    }

    /// Reads an authentic request.
    pub(crate) fn read<'a>(&self, view: &View<'_, 'a>) -> Result<Contents<'a>, Error> {
        if view.body.is_empty() && self.ping.as_ref().is_some_and(PingForm::is_empty_body) {
            return Ok(self.contents(view, true));
        }
        if self.body != BodyForm::Any {
            self.check_body(view)?;
        }
        let contents = self.contents(view, false);
        Ok(Contents { payload: self.payload(view), ..contents })
    }

    /// Reads an authentic handshake, whose body may be of another form than an event's.
    pub(crate) fn read_leniently<'a>(&self, view: &View<'_, 'a>) -> Contents<'a> {
        Contents { payload: whole_if_json(view), ..self.contents(view, false) }
    }

    /// Returns where the payload stands. Whether a body that may be anything is JSON is left for later, unless another
    /// rule has asked for that.
    fn payload(&self, view: &View<'_, '_>) -> Payload {
        match self.data {
            Some(slot) => Payload::at(view.json(slot).and_then(|raw| range_within(view.body, raw))),
            None if self.body == BodyForm::Any && !view.has_read_body() => Payload::whole_if_json(),
            None => whole_if_json(view),
        }
    }

    /// Checks that the body is the JSON that the provider sends.
    fn check_body(&self, view: &View<'_, '_>) -> Result<(), Error> {
        match view.document() {
            Ok(first) if self.body == BodyForm::Object && first != b'{' => {
                Err(Error::new(Code::MalformedBody, "the body is JSON, but not an object"))
            }
            Ok(_) => Ok(()),
            Err(problem) => Err(Error::new(Code::MalformedBody, format!("the body is {problem}"))),
        }
    }

    fn contents<'a>(&self, view: &View<'_, 'a>, empty: bool) -> Contents<'a> {
        let read = |sources: &[Source]| sources.iter().find_map(|source| source.lenient(view));
        let event_type = read(&self.event_type);
        let named_ping = || {
            let names = self.ping.as_ref().map_or(&[][..], PingForm::types);
            event_type.as_ref().is_some_and(|name| names.iter().any(|ping| ping == name))
        };
        Contents {
            id: read(&self.id).or_else(|| self.digest(view)),
            payload: Payload::at(None),
            occurred_at: read(&self.occurred_at).and_then(|text| Timestamp::parse_lenient(&text)),
            attributes: self.attributes(view),
            is_ping: empty || named_ping(),
            event_type,
        }
    }

    /// Makes an id of what tells the delivery from others.
    fn digest<'a>(&self, view: &View<'_, 'a>) -> Option<Cow<'a, str>> {
        let text = self.digest.as_ref()?.text(&Given::of(view)).ok()?;
        Some(Cow::Owned(hex::encode(Sha256::digest(text))))
    }

    /// Makes an id for a delivery that nothing tells from another: of the moment it came, and of its body.
    pub(crate) fn id_at<'a>(&self, now: i64, body: &[u8]) -> Option<Cow<'a, str>> {
        if self.idempotency != Idempotency::None {
            return None;
        }
        let hash = Sha256::new_with_prefix(now.to_be_bytes()).chain_update(body).finalize();
        Some(Cow::Owned(hex::encode(hash)))
    }

    fn attributes<'a>(&self, view: &View<'_, 'a>) -> Attributes<'a> {
        let mut attributes = Vec::with_capacity(self.attributes.len());
        for (name, sources) in &self.attributes {
            if let Some(value) = sources.iter().find_map(|source| source.lenient(view)) {
                attributes.push((Arc::clone(name), value));
            }
        }
        for members in &self.members {
            members.read(view, &mut attributes);
        }
        attributes
    }
}

/// Checks that an id is 1 to 255 visible ASCII characters, so that no two readers or stores take it for different
/// ones.
pub(crate) fn check_identifier(id: &str, place: impl FnOnce() -> String) -> Result<(), Error> {
    if (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::new(
            Code::MalformedHeader,
            format!("{} is not an id of 1 to 255 visible ASCII characters", place()),
        ))
    }
}

impl Members {
    fn read<'a>(&self, view: &View<'_, 'a>, attributes: &mut Attributes<'a>) {
        type Object<'a> = BTreeMap<Cow<'a, str>, &'a serde_json::value::RawValue>;
        let object = view.json(self.of).and_then(|raw| serde_json::from_str::<Object<'a>>(raw).ok());
        for (name, value) in object.into_iter().flatten() {
            let wanted = name.ends_with(&self.ending) && !self.except.iter().any(|except| *except == name);
            if let Some(value) = scalar_text(value.get()).filter(|_| wanted) {
                attributes.push((format!("{}.{name}", self.name).into(), value));
            }
        }
    }
}

/// Returns where in the body a piece of it stands.
/// Returns all of the body as the payload, if it is JSON.
fn whole_if_json(view: &View<'_, '_>) -> Payload {
    Payload::at(view.document().is_ok().then_some(0..view.body.len()))
}

fn range_within(body: &[u8], piece: &str) -> Option<Range<usize>> {
    let start = piece.as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    let end = start.checked_add(piece.len())?;
    (end <= body.len()).then_some(start..end)
}
