//! The values that placeholders stand for.

use std::borrow::Cow;
use std::fmt;

use super::header_list::HeaderList;
use super::lists::Lists;
use super::parameters::ParameterList;
use super::url::{Port, before_query, path, with_port};
use crate::error::{Code, Error};
use crate::source::{Place, Source, SourceForm};
use crate::tables::Tables;
use crate::view::{Parameters, View};

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
    /// The label under which the secret is configured.
    KeyLabel,
    /// A value that stands somewhere in the request.
    Source(Box<Source>),
    /// The parameters of a form or a query, arranged.
    Parameters(Box<ParameterList>),
    /// The headers that the request lists as signed, arranged.
    ListedHeaders(Box<HeaderList>),
}

/// What a template is filled in with.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g, 'a> {
    pub(crate) view: &'g View<'g, 'a>,
    pub(crate) id: Option<&'g str>,
    pub(crate) timestamp: Option<&'g str>,
    pub(crate) secret: &'g [u8],
    pub(crate) label: Option<&'g str>,
}

impl<'g, 'a> Given<'g, 'a> {
    /// Fills templates in with what stands in a request alone.
    pub(crate) fn of(view: &'g View<'g, 'a>) -> Self {
        Self { view, id: None, timestamp: None, secret: &[], label: None }
    }
}

/// The placeholders, and whether each takes an argument.
const NAMES: [(&str, bool); 19] = [
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
    ("key_label", false),
    ("header", true),
    ("json", true),
    ("form", true),
    ("query", true),
    ("value", true),
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

    pub(super) fn resolve(self, tables: &mut Tables, lists: &Lists) -> Result<Variable, Error> {
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
            "key_label" => Variable::KeyLabel,
            "value" => Variable::Source(Box::new(lists.value(&self.argument, tables)?)),
            "parameters" => Variable::Parameters(Box::new(lists.parameters(&self.argument, tables)?)),
            "listed_headers" => {
                Variable::ListedHeaders(Box::new(lists.listed_headers(&self.argument, tables)?))
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
            Self::KeyLabel => Some(Cow::Borrowed(labelled(given.label)?.as_bytes())),
            Self::Method => Some(Cow::Borrowed(needed("method", view.method)?.as_bytes())),
            Self::Url(port) => Some(text(with_port(needed("url", view.url.as_deref())?, *port))),
            Self::UrlWithoutQuery => {
                Some(Cow::Borrowed(before_query(needed("url", view.url.as_deref())?).as_bytes()))
            }
            Self::Path => {
                Some(Cow::Borrowed(before_query(path(needed("url", view.url.as_deref())?)).as_bytes()))
            }
            Self::PathWithQuery => Some(Cow::Borrowed(path(needed("url", view.url.as_deref())?).as_bytes())),
            Self::Source(source) => source.part(view)?.map(text),
            Self::Parameters(list) => Some(list.text(view))
                .filter(|text| !text.is_empty())
                .map(|text| Cow::Borrowed(text.as_bytes())),
            Self::ListedHeaders(list) => list.text(view)?.map(|text| Cow::Owned(text.into_bytes())),
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

    /// Tells whether the value of a source is part of this one. Whether the body is a form is known of a request.
    pub(super) fn holds(&self, source: &Source, is_form: Option<bool>) -> bool {
        match self {
            Self::Source(signed) => source.is_part_of(signed),
            Self::Parameters(list) => list.holds(source, is_form),
            Self::ListedHeaders(list) => list.holds(source),
            _ => false,
        }
    }

    /// Tells whether another value holds all of this one.
    pub(crate) fn is_part_of(&self, other: &Self, is_form: Option<bool>) -> bool {
        match (self, other) {
            (Self::Source(source), _) => other.holds(source, is_form),
            (Self::Parameters(list), Self::Parameters(other)) => list.is_part_of(other),
            (Self::Url(_) | Self::UrlWithoutQuery | Self::Path | Self::PathWithQuery, Self::Url(_))
            | (Self::Path, Self::PathWithQuery) => true,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Tells whether the value is one of the fields of a form or a query, or several of them.
    pub(crate) fn reads_parameters(&self) -> bool {
        match self {
            Self::Source(source) => matches!(source.place, Place::Form(_) | Place::Query(_)),
            Self::Parameters(_) => true,
            _ => false,
        }
    }

    /// Tells whether other fields could be written as the same value.
    pub(crate) fn is_ambiguous(&self, fields: &Parameters<'_>) -> bool {
        matches!(self, Self::Parameters(list) if list.is_ambiguous(fields))
    }

    /// Tells whether the value is read out of a form, so that its sender says that the body is one.
    pub(crate) fn reads_form(&self) -> bool {
        match self {
            Self::Source(source) => matches!(source.place, Place::Form(_)),
            Self::Parameters(list) => list.reads_form(),
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
            Self::ListedHeaders(list) => list.describe(tables),
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

fn labelled(label: Option<&str>) -> Result<&str, Error> {
    label.ok_or_else(|| {
        Error::new(Code::InvalidOption, "the answer names the secret, so give it a label: its public name")
    })
}

impl fmt::Display for VariableForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.argument.is_empty() { Ok(()) } else { write!(f, ":{}", self.argument) }
    }
}
