use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use crate::document::JsonValues;
use crate::error::{Code, Error};
use crate::header_table::Picked;
use crate::headers::Headers;
use crate::request::Request;
use crate::tables::Tables;
use crate::written::Written;

/// How many fields a form or a query may have; real ones have up to a hundred. Schemes that sign fields sort them and write
/// them again, for each form of the URL, so that a megabyte of `a&a&a` would cost two seconds before it is refused.
const MOST_PARAMETERS: usize = 4096;

/// How long a URL may be, in bytes: as long as a header. A scheme that signs the URL in several forms writes each of them.
const LONGEST_URL: usize = 64 * 1024;

/// One request as a provider's rules look at it. Headers are picked at once; the body and the query are parsed
/// when a rule asks for a value in them, at most once.
pub(crate) struct View<'t, 'a> {
    pub(crate) tables: &'t Tables,
    pub(crate) picked: Picked<'t, 'a>,
    pub(crate) body: &'a [u8],
    pub(crate) method: Option<&'a str>,
    pub(crate) url: Option<Cow<'a, str>>,
    headers: &'a dyn Headers,
    /// The first byte that counts of a body that is JSON, or what is wrong with it.
    json: OnceCell<Result<u8, String>>,
    /// The values in it that the rules read, once it has been read.
    values: RefCell<JsonValues<'a>>,
    form: OnceCell<Parameters<'a>>,
    written: Written,
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
            values: RefCell::default(),
            form: OnceCell::new(),
            written: Written::default(),
        }
    }

    /// Checks that the URL is not too long, and that a form, where the rules read one, and the query do not have too many
    /// fields.
    ///
    /// An error, and not a list that ends early: what stands behind its end would be signed by nobody.
    pub(crate) fn check_parameters(&self) -> Result<(), Error> {
        if let Some(length) = self.url.as_deref().map(str::len).filter(|length| *length > LONGEST_URL) {
            let reason = format!("the URL has {length} bytes, and the limit is {LONGEST_URL}");
            return Err(Error::new(Code::MalformedHeader, reason));
        }
        let reads_forms = self.tables.headers.has_content_type();
        let in_form = if reads_forms && self.is_form() { fields(self.body) } else { 0 };
        let (place, code, found) = match self.url.as_deref().map_or(0, |url| fields(url.as_bytes())) {
            in_query if in_query > MOST_PARAMETERS => ("query", Code::MalformedHeader, in_query),
            _ => ("form", Code::BodyTooLarge, in_form),
        };
        if found > MOST_PARAMETERS {
            return Err(Error::new(
                code,
                format!("the {place} has {found} fields, and the limit is {MOST_PARAMETERS}"),
            ));
        }
        Ok(())
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
            values: RefCell::default(),
            form: OnceCell::new(),
            written: Written::default(),
        }
    }

    /// Returns the JSON text at a pointer; nothing where there is none, or where the body is not JSON.
    pub(crate) fn json(&self, slot: usize) -> Option<&'a str> {
        self.parsed().as_ref().ok()?;
        self.values.borrow().raw(slot)
    }

    /// Returns the first byte of a body that is JSON, which tells its kind, or what is wrong with the body.
    pub(crate) fn document(&self) -> Result<u8, &str> {
        self.parsed().as_ref().copied().map_err(String::as_str)
    }

    /// Tells whether somebody has asked for a value in the body, so that it is known whether it is JSON.
    pub(crate) fn has_read_body(&self) -> bool {
        self.json.get().is_some()
    }

    fn parsed(&self) -> &Result<u8, String> {
        self.json.get_or_init(|| self.tables.pointers.read(self.body, &mut self.values.borrow_mut()))
    }

    /// Returns the parameters of an urlencoded body; none where the content type is another.
    pub(crate) fn form(&self) -> &Parameters<'a> {
        self.form.get_or_init(|| {
            if self.is_form() { form_urlencoded::parse(self.body).collect() } else { Vec::new() }
        })
    }

    /// Returns the list of parameters with a slot, which is written when it is first asked for.
    pub(crate) fn written(&self, slot: usize, write: &dyn Fn() -> String) -> &str {
        self.written.text(slot, write)
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

/// Counts what stands between ampersands.
fn fields(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'&').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(fields_in_form: usize, fields_in_query: usize) -> Option<Code> {
        let mut tables = Tables::default();
        tables.headers.slot("Content-Type");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = vec!["a"; fields_in_form].join("&");
        let url = format!("https://a.b/?{}", vec!["a=1"; fields_in_query].join("&"));
        let view = View::new(&tables, &Request::new(body.as_bytes(), &headers), Some(url.into()));
        view.check_parameters().err().map(|error| error.code())
    }

    #[test]
    fn a_form_and_a_query_have_at_most_4096_fields() {
        assert_eq!(code(4096, 4096), None);
        assert_eq!(code(4097, 1), Some(Code::BodyTooLarge));
        assert_eq!(code(1, 4097), Some(Code::MalformedHeader));
    }

    #[test]
    fn a_url_is_no_longer_than_a_header() {
        let tables = Tables::default();
        let none: [(&str, &str); 0] = [];
        let code = |length: usize| {
            let url = "/".repeat(length);
            let view = View::new(&tables, &Request::new(b"", &none), Some(url.into()));
            view.check_parameters().err().map(|error| error.code())
        };
        assert_eq!(code(LONGEST_URL), None);
        assert_eq!(code(LONGEST_URL + 1), Some(Code::MalformedHeader));
    }

    #[test]
    fn a_body_that_no_rule_reads_as_a_form_is_not_counted() {
        let (tables, body) = (Tables::default(), "a&".repeat(5000));
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        assert!(
            View::new(&tables, &Request::new(body.as_bytes(), &headers), None).check_parameters().is_ok()
        );
    }
}
