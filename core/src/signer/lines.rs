use super::invalid;
use super::message::Message;
use crate::envelope::check_identifier;
use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::octets::are_printable;
use crate::provider::Provider;
use crate::request::Request;
use crate::scheme::{BearerScheme, SignatureScheme, VersionKey};
use crate::source::{Pieces, Place, Source};
use crate::template::{Given, Template, Variable};
use crate::view::View;

/// The header lines of a message, as they are put together.
pub(super) struct Lines<'p> {
    provider: &'p Provider,
    pub(super) lines: Vec<(String, String)>,
}

impl<'p> Lines<'p> {
    pub(super) fn new(provider: &'p Provider) -> Self {
        Self { provider, lines: Vec::new() }
    }

    /// Writes the headers that name the event, where the provider has such headers.
    pub(super) fn describe(&mut self, message: &Message<'_>) -> Result<(), Error> {
        let envelope = self.provider.envelope();
        // A receiver refuses any other id, so that nobody can take it for another one.
        if let (Some(slot), Some(id)) = (envelope.id.first().and_then(Source::header), message.id)
            && check_identifier(id, String::new).is_err()
        {
            let name = self.provider.tables().headers.name(slot);
            return Err(invalid(format!(
                "the id for the header {name} is not 1 to 255 visible ASCII characters"
            )));
        }
        let named =
            [(envelope.id.as_slice(), message.id), (envelope.event_type.as_slice(), message.event_type)];
        let attributes = message
            .attributes
            .iter()
            .map(|(name, value)| (envelope.attribute(name).unwrap_or_default(), Some(value.as_str())));
        for (sources, value) in named.into_iter().chain(attributes) {
            if let (Some(slot), Some(value)) = (sources.first().and_then(Source::header), value) {
                self.set(slot, value.to_owned())?;
            }
        }
        Ok(())
    }

    /// Computes the signatures, one for each key, over the request as its receiver will see it.
    pub(super) fn sign(
        &mut self,
        scheme: &SignatureScheme,
        keys: &[VersionKey],
        message: &Message<'_>,
    ) -> Result<(), Error> {
        let id = signed_id(scheme, message)?;
        let timestamp = match &scheme.timestamp {
            Some(rule) => Some(rule.write(message.now).ok_or_else(|| invalid("now is out of range".into()))?),
            None => None,
        };
        if let (Some(rule), Some(text)) = (&scheme.timestamp, &timestamp)
            && let Some(source) = rule.from.first()
        {
            self.add(source, text)?;
        }
        let from =
            scheme.from.first().ok_or_else(|| invalid("the provider says no place for signatures".into()))?;
        let content = scheme.contents.first().ok_or_else(|| invalid("the provider signs nothing".into()))?;
        for (source, value) in scheme.fixed_values() {
            self.add(source, value)?;
        }
        self.announce(content)?;
        let signatures = self.signatures(scheme, keys, content, message, (id, timestamp.as_deref()))?;
        for signature in signatures {
            self.add(from, &signature)?;
        }
        Ok(())
    }

    /// Says what the request is: that its body is a form, and which of its headers are signed.
    fn announce(&mut self, content: &Template) -> Result<(), Error> {
        let headers = &self.provider.tables().headers;
        if content.has(Variable::reads_form)
            && let Some(slot) = headers.known("Content-Type")
            && self.line(headers.name(slot)).is_none()
        {
            self.set(slot, "application/x-www-form-urlencoded".to_owned())?;
        }
        for list in content.header_lists() {
            let names = list.write(self.lines.iter().map(|(name, _)| name.as_str()));
            self.add(&list.names, &names)?;
        }
        Ok(())
    }

    fn signatures(
        &self,
        scheme: &SignatureScheme,
        keys: &[VersionKey],
        content: &Template,
        message: &Message<'_>,
        (id, timestamp): (Option<&str>, Option<&str>),
    ) -> Result<Vec<String>, Error> {
        let request = self.request(message);
        let view = View::new(self.provider.tables(), &request, message.url.map(Into::into));
        let given = Given { id, timestamp, ..Given::of(&view) };
        let sign = |VersionKey { version, key }: &VersionKey| {
            let parts = content.fill(&Given { secret: key.secret(), ..given })?;
            let (version, signature) =
                scheme.versions.get(*version).zip(key.sign(&parts)).ok_or_else(|| {
                    Error::new(Code::InvalidSecret, "the secret is a public key, which signs nothing")
                })?;
            Ok(version.write(&signature))
        };
        keys.iter().map(sign).collect()
    }

    /// Returns the claims that bind a token to its request.
    pub(super) fn bindings(
        &self,
        scheme: &BearerScheme,
        message: &Message<'_>,
    ) -> Result<Vec<(String, String)>, Error> {
        let request = self.request(message);
        let view = View::new(self.provider.tables(), &request, message.url.map(Into::into));
        let mut claims = Vec::new();
        for rule in &scheme.requires {
            claims.extend(rule.write(&Given::of(&view))?.map(|(name, value)| (name.to_owned(), value)));
        }
        Ok(claims)
    }

    /// Returns the request as its receiver will see it.
    fn request<'r>(&'r self, message: &Message<'r>) -> Request<'r> {
        let mut request = Request::new(message.body, &self.lines);
        (request.method, request.url) = (message.method, message.url);
        request
    }

    /// Adds a value to a header that holds several: `t=1,v1=…` or `v1,… v1,…`.
    fn add(&mut self, source: &Source, value: &str) -> Result<(), Error> {
        let tables = self.provider.tables();
        let Place::Header { slot, repeats } = source.place else {
            let place = source.describe(tables);
            return Err(invalid(format!(
                "{place} would have to be written, and a signer only writes headers"
            )));
        };
        if source.part.after.is_some() {
            let place = source.describe(tables);
            return Err(invalid(format!(
                "{place} holds more than the signature, which a signer cannot write"
            )));
        }
        let name = tables.headers.name(slot);
        let (piece, separator) = match &source.part.pieces {
            Pieces::Whole => (value.to_owned(), None),
            Pieces::Split { separator } => (value.to_owned(), Some(separator)),
            Pieces::Pairs { separator, key, .. } => (format!("{key}={value}"), Some(separator)),
        };
        check_printable(name, &piece)?;
        match self.line(name) {
            Some(line) if !repeats => {
                let separator = separator.ok_or_else(|| {
                    invalid(format!("the header {name} holds one signature, so sign with one secret"))
                })?;
                line.push_str(separator);
                line.push_str(&piece);
            }
            _ => self.lines.push((name.to_owned(), piece)),
        }
        Ok(())
    }

    pub(super) fn set(&mut self, slot: Slot, value: String) -> Result<(), Error> {
        let name = self.provider.tables().headers.name(slot);
        check_printable(name, &value)?;
        match self.line(name) {
            Some(line) => *line = value,
            None => self.lines.push((name.to_owned(), value)),
        }
        Ok(())
    }

    fn line(&mut self, name: &str) -> Option<&mut String> {
        self.lines.iter_mut().find_map(|(known, line)| (known == name).then_some(line))
    }
}

/// Takes the id that is signed, which must not be able to pass for another one.
fn signed_id<'m>(scheme: &SignatureScheme, message: &Message<'m>) -> Result<Option<&'m str>, Error> {
    if scheme.id.is_empty() {
        return Ok(None);
    }
    let id =
        message.id.ok_or_else(|| invalid("the provider signs the id, so sign needs it: pass id".into()))?;
    let separator = scheme.contents.iter().find_map(Template::separator_after_id);
    if check_identifier(id, String::new).is_err() || separator.is_some_and(|separator| id.contains(separator))
    {
        let without = separator.map(|separator| format!(" without {separator:?}")).unwrap_or_default();
        return Err(invalid(format!("the id is not 1 to 255 visible ASCII characters{without}")));
    }
    Ok(Some(id))
}

/// Checks a header's value: a line break in it would let whoever chose it add headers of their own to the request.
fn check_printable(name: &str, value: &str) -> Result<(), Error> {
    if are_printable(value.as_bytes()) {
        Ok(())
    } else {
        Err(invalid(format!("the value for the header {name} is not printable ASCII")))
    }
}
