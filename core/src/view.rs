use std::borrow::Cow;
use std::cell::OnceCell;

use crate::document::{JsonValues, first_byte};
use crate::header_table::Picked;
use crate::headers::Headers;
use crate::request::Request;
use crate::tables::Tables;

/// One request as a provider's rules look at it. Headers are picked at once; the body and the query are parsed
/// when a rule asks for a value in them, at most once.
pub(crate) struct View<'t, 'a> {
    pub(crate) tables: &'t Tables,
    pub(crate) picked: Picked<'t, 'a>,
    pub(crate) body: &'a [u8],
    pub(crate) method: Option<&'a str>,
    pub(crate) url: Option<Cow<'a, str>>,
    headers: &'a dyn Headers,
    json: OnceCell<Result<Document<'a>, String>>,
    form: OnceCell<Parameters<'a>>,
}

/// A body that is JSON: the values that the rules read, and the first byte that counts.
struct Document<'a> {
    values: JsonValues<'a>,
    first: u8,
}

/// The parameters of a form or a query, in order.
pub(crate) type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

impl<'t, 'a> View<'t, 'a> {
    pub(crate) fn new(tables: &'t Tables, request: &Request<'a>, url: Option<Cow<'a, str>>) -> Self {
        Self {
            tables,
            picked: tables.headers.pick(request.headers),
            body: request.body,
            method: request.method,
            url,
            headers: request.headers,
            json: OnceCell::new(),
            form: OnceCell::new(),
        }
    }

    /// Returns the same request with another body: the one that turned out to be signed.
    pub(crate) fn with_body<'b>(&self, body: &'b [u8]) -> View<'t, 'b>
    where
        'a: 'b,
    {
        View {
            tables: self.tables,
            picked: self.picked.shortened(),
            body,
            method: self.method,
            url: self.url.clone(),
            headers: self.headers,
            json: OnceCell::new(),
            form: OnceCell::new(),
        }
    }

    /// Returns the JSON text at a pointer; nothing where there is none, or where the body is not JSON.
    pub(crate) fn json(&self, slot: usize) -> Option<&'a str> {
        self.parsed().as_ref().ok()?.values.raw(slot)
    }

    /// Returns the first byte of a body that is JSON, which tells its kind, or what is wrong with the body.
    pub(crate) fn document(&self) -> Result<u8, &str> {
        self.parsed().as_ref().map(|document| document.first).map_err(String::as_str)
    }

    fn parsed(&self) -> &Result<Document<'a>, String> {
        self.json.get_or_init(|| {
            let text = std::str::from_utf8(self.body)
                .map_err(|error| format!("not UTF-8: invalid at byte {}", error.valid_up_to()))?;
            let values = self.tables.pointers.read(text)?;
            Ok(Document { values, first: first_byte(text).unwrap_or_default() })
        })
    }

    /// Returns the parameters of an urlencoded body; none where the content type is another.
    pub(crate) fn form(&self) -> &Parameters<'a> {
        self.form.get_or_init(|| {
            if self.is_form() { form_urlencoded::parse(self.body).collect() } else { Vec::new() }
        })
    }

    pub(crate) fn is_form(&self) -> bool {
        let media_type = |value: &[u8]| {
            let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
            value.get(..end).unwrap_or_default().trim_ascii().to_ascii_lowercase()
        };
        self.header(b"content-type")
            .is_some_and(|value| media_type(value) == b"application/x-www-form-urlencoded")
    }

    /// Returns the parameters of the URL's query.
    pub(crate) fn query(&self) -> Parameters<'_> {
        let query = self.url.as_deref().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        form_urlencoded::parse(query.as_bytes()).collect()
    }

    /// Returns a header whose name only the request knows; nothing where it is absent or repeated.
    pub(crate) fn header(&self, wanted: &[u8]) -> Option<&'a [u8]> {
        let (mut found, mut count) = (None, 0_usize);
        self.headers.for_each(&mut |name, value| {
            if name.eq_ignore_ascii_case(wanted) {
                found = Some(value);
                count = count.saturating_add(1);
            }
        });
        found.filter(|_| count == 1)
    }
}
