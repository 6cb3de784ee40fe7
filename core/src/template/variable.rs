use std::borrow::Cow;
use std::fmt;

use super::parameters::{ParameterList, ParametersForm};
use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::source::{Place, Source, SourceForm};
use crate::tables::Tables;
use crate::view::View;

/// A placeholder as it is written: a name, and for some an argument.
#[derive(Clone, Debug)]
pub(super) struct VariableForm {
    name: &'static str,
    argument: String,
}

/// A value that a placeholder stands for.
#[derive(Clone, Debug)]
pub(crate) enum Variable {
    /// The bytes of the body.
    Body,
    /// The event's id, where it stands in a header.
    Id,
    /// The method in upper case.
    Method,
    /// The timestamp, as the text that was received.
    Timestamp,
    /// The URL that the sender called.
    Url(Port),
    /// The URL without its query.
    UrlWithoutQuery,
    /// The URL's path.
    Path,
    /// The URL's path and query.
    PathWithQuery,
    /// The secret, for schemes that hash it with the message.
    Secret,
    /// A value that stands somewhere in the request.
    Source(Box<Source>),
    /// The parameters of a form or a query, arranged.
    Parameters(Box<ParameterList>),
    /// The headers that a header lists, as `name:value;name:value`.
    ListedHeaders(Box<HeaderList>),
}

/// The header that lists headers, and those that it must list.
///
/// Joined texts are ambiguous: whoever chooses the list could let one value stand for all of them, and leave out
/// the header that he wants to change.
#[derive(Clone, Debug)]
pub(crate) struct HeaderList {
    list: Slot,
    needed: Vec<(String, Slot)>,
}

/// What becomes of the URL's port: senders and proxies disagree about the default one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    AsGiven,
    Added,
    Removed,
}

/// What a template is filled in with.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g, 'a> {
    pub(crate) view: &'g View<'g, 'a>,
    pub(crate) id: Option<&'g str>,
    pub(crate) timestamp: Option<&'g str>,
    pub(crate) secret: &'g [u8],
}

/// The placeholders, and whether each takes an argument.
const NAMES: [(&str, bool); 17] = [
    ("body", false),
    ("id", false),
    ("method", false),
    ("timestamp", false),
    ("url", false),
    ("url_with_port", false),
    ("url_without_port", false),
    ("url_without_query", false),
    ("path", false),
    ("path_with_query", false),
    ("secret", false),
    ("header", true),
    ("json", true),
    ("form", true),
    ("query", true),
    ("parameters", true),
    ("listed_headers", true),
];

impl VariableForm {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, argument) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let known = NAMES.into_iter().find(|(known, _)| *known == name);
        match (known, argument) {
            (Some((name, true)), Some(argument)) if !argument.is_empty() => {
                Ok(Self { name, argument: argument.to_owned() })
            }
            (Some((name, false)), None) => Ok(Self { name, argument: String::new() }),
            (Some((name, true)), _) => {
                Err(format!("the placeholder {{{name}}} needs an argument: {{{name}:…}}"))
            }
            (Some((name, false)), Some(_)) => Err(format!("the placeholder {{{name}}} takes no argument")),
            (None, _) => {
                let known = NAMES.map(|(name, _)| name).join("}, {");
                Err(format!("unknown placeholder {{{text}}}, expected one of {{{known}}}"))
            }
        }
    }

    pub(super) fn resolve(self, tables: &mut Tables, lists: &ParametersForm) -> Result<Variable, Error> {
        let source = |file: &str, argument: &str, tables: &mut Tables| {
            let json = serde_json::json!({ file: argument });
            let form = serde_json::from_value::<SourceForm>(json)
                .map_err(|error| Error::new(Code::InvalidProvider, format!("in a template: {error}")))?;
            Ok::<_, Error>(Variable::Source(Box::new(form.resolve(tables))))
        };
        Ok(match self.name {
            "body" => Variable::Body,
            "id" => Variable::Id,
            "method" => Variable::Method,
            "timestamp" => Variable::Timestamp,
            "url" => Variable::Url(Port::AsGiven),
            "url_with_port" => Variable::Url(Port::Added),
            "url_without_port" => Variable::Url(Port::Removed),
            "url_without_query" => Variable::UrlWithoutQuery,
            "path" => Variable::Path,
            "path_with_query" => Variable::PathWithQuery,
            "secret" => Variable::Secret,
            "parameters" => Variable::Parameters(Box::new(lists.list(&self.argument, tables)?)),
            "listed_headers" => {
                Variable::ListedHeaders(Box::new(HeaderList::resolve(&self.argument, tables)))
            }
            place => source(place, &self.argument, tables)?,
        })
    }
}

impl Variable {
    /// Returns the value, or nothing where the request has none.
    pub(super) fn value<'g>(&'g self, given: &Given<'g, '_>) -> Result<Option<Cow<'g, [u8]>>, Error> {
        let text = |text: Cow<'g, str>| match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        let view = given.view;
        Ok(match self {
            Self::Body => Some(Cow::Borrowed(view.body)),
            Self::Id => given.id.map(|id| Cow::Borrowed(id.as_bytes())),
            Self::Timestamp => given.timestamp.map(|timestamp| Cow::Borrowed(timestamp.as_bytes())),
            Self::Secret => Some(Cow::Borrowed(given.secret)),
            Self::Method => Some(Cow::Borrowed(needed("method", view.method)?.as_bytes())),
            Self::Url(port) => Some(text(with_port(needed("url", view.url.as_deref())?, *port))),
            Self::UrlWithoutQuery => {
                Some(Cow::Borrowed(before_query(needed("url", view.url.as_deref())?).as_bytes()))
            }
            Self::Path => {
                Some(Cow::Borrowed(before_query(path(needed("url", view.url.as_deref())?)).as_bytes()))
            }
            Self::PathWithQuery => Some(Cow::Borrowed(path(needed("url", view.url.as_deref())?).as_bytes())),
            Self::Source(source) => source.value(view)?.map(text),
            Self::Parameters(list) => {
                Some(list.text(view).into_bytes()).filter(|text| !text.is_empty()).map(Cow::Owned)
            }
            Self::ListedHeaders(list) => Some(Cow::Owned(list.text(view)?)),
        })
    }

    /// Tells whether the absence of the value is signed as an empty text: Adyen joins eight members of the body
    /// of which some are absent, and a request without parameters has an empty list of them.
    pub(super) fn is_empty_where_absent(&self) -> bool {
        match self {
            Self::Source(source) => matches!(source.place, Place::Json { .. }),
            Self::Parameters(_) => true,
            _ => false,
        }
    }

    /// Tells whether the value of a source is part of this one.
    pub(super) fn holds(&self, source: &Source) -> bool {
        match self {
            Self::Source(signed) => source.is_part_of(signed),
            Self::Parameters(list) => list.holds(source),
            Self::ListedHeaders(list) => list.holds(source),
            _ => false,
        }
    }

    /// Tells whether all parameters of the query are part of the value.
    pub(crate) fn holds_query(&self) -> bool {
        matches!(self, Self::Parameters(list) if list.is_whole_query())
    }

    pub(super) fn describe(&self, tables: &Tables) -> String {
        match self {
            Self::Source(source) => source.describe(tables),
            Self::Id => "the id".into(),
            Self::Timestamp => "the timestamp".into(),
            _ => "a value".into(),
        }
    }
}

fn needed<'v>(name: &str, value: Option<&'v str>) -> Result<&'v str, Error> {
    value.ok_or_else(|| {
        Error::new(Code::InvalidOption, format!("the provider signs the {name}, so pass {name}"))
    })
}

/// Returns a URL with its default port written out, or with any port taken out.
fn with_port(url: &str, port: Port) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Cow::Borrowed(url);
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some((authority, tail)) = rest.split_at_checked(end) else {
        return Cow::Borrowed(url);
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // A colon within brackets belongs to an IPv6 address.
    let colon = host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
    match (port, colon) {
        (Port::Added, None) => {
            let number = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
            Cow::Owned(format!("{scheme}://{authority}:{number}{tail}"))
        }
        (Port::Removed, Some(_)) => {
            let bare = authority.rsplit_once(':').map_or(authority, |(bare, _)| bare);
            Cow::Owned(format!("{scheme}://{bare}{tail}"))
        }
        _ => Cow::Borrowed(url),
    }
}

/// Returns a URL, or its path, without query and fragment.
fn before_query(url: &str) -> &str {
    url.find(['?', '#']).and_then(|end| url.get(..end)).unwrap_or(url)
}

/// Returns the path and query of a URL.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or("/")
}

impl HeaderList {
    fn resolve(argument: &str, tables: &mut Tables) -> Self {
        let mut names = argument.split(',');
        let list = tables.headers.slot(names.next().unwrap_or_default());
        Self { list, needed: names.map(|name| (name.to_owned(), tables.headers.slot(name))).collect() }
    }

    /// Joins the headers that the header lists. One that is listed and absent, or ambiguous, makes the request
    /// malformed.
    fn text(&self, view: &View<'_, '_>) -> Result<Vec<u8>, Error> {
        let names: Vec<&str> = view.picked.required(self.list)?.split(',').map(str::trim).collect();
        let left_out =
            |(needed, _): &&(String, Slot)| !names.iter().any(|name| name.eq_ignore_ascii_case(needed));
        if let Some((name, _)) = self.needed.iter().find(left_out) {
            return Err(Error::new(
                Code::MalformedHeader,
                format!("the header {name} is not among the headers that are listed as signed"),
            ));
        }
        let mut joined = Vec::new();
        for name in names {
            let value = view.header(name.as_bytes()).ok_or_else(|| {
                Error::new(
                    Code::MissingHeader,
                    format!("the header {name:?} is listed as signed, and it is missing"),
                )
            })?;
            if !joined.is_empty() {
                joined.push(b';');
            }
            joined.extend_from_slice(name.to_ascii_lowercase().as_bytes());
            joined.push(b':');
            joined.extend_from_slice(value.trim_ascii());
        }
        Ok(joined)
    }

    fn holds(&self, source: &Source) -> bool {
        source.header().is_some_and(|header| self.needed.iter().any(|(_, slot)| *slot == header))
    }
}

impl fmt::Display for VariableForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.argument.is_empty() { Ok(()) } else { write!(f, ":{}", self.argument) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_and_removes_ports() {
        let port = |url, port| with_port(url, port).into_owned();
        assert_eq!(port("https://a.b/c?d", Port::Added), "https://a.b:443/c?d");
        assert_eq!(port("http://a.b", Port::Added), "http://a.b:80");
        assert_eq!(port("https://u:p@a.b/c", Port::Added), "https://u:p@a.b:443/c");
        assert_eq!(port("https://a.b:1/c", Port::Added), "https://a.b:1/c");
        assert_eq!(port("https://u:p@a.b:1234/c", Port::Removed), "https://u:p@a.b/c");
        assert_eq!(port("https://[::1]/c", Port::Removed), "https://[::1]/c");
        assert_eq!(port("https://[::1]:8/c", Port::Removed), "https://[::1]/c");
        assert_eq!(port("/relative:8", Port::Removed), "/relative:8");
    }

    #[test]
    fn takes_path_and_query_of_a_url() {
        assert_eq!(path("https://a.b/c/d?e=f#g"), "/c/d?e=f");
        assert_eq!(path("https://a.b"), "/");
        assert_eq!(path("/c?d"), "/c?d");
        assert_eq!(before_query("https://a.b/c/d?e=f#g"), "https://a.b/c/d");
        assert_eq!(before_query("https://a.b/c#g?h"), "https://a.b/c");
        assert_eq!(before_query(path("https://a.b/c/d?e=f#g")), "/c/d");
    }
}
