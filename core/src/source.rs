use serde::Deserialize;

use crate::envelope::{Pointer, PointerTable};
use crate::error::{Code, Error};
use crate::header_table::{HeaderTable, Slot};

/// Where a value stands in a request, as a provider file says it.
///
/// `{"header": "Webhook-Id"}`, `{"header": "Stripe-Signature", "pair": "v1", "separator": ","}`,
/// `{"header": "Webhook-Signature", "split": " "}` or `{"json": "/data/id"}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "SourceFile")]
pub(crate) enum SourceForm {
    Header { name: String, part: HeaderPart },
    Json(Pointer),
}

/// Which part of a header's value is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeaderPart {
    /// All of it.
    Whole,
    /// Each of the pieces between separators.
    Pieces { separator: String },
    /// The value of each `key=value` pair with this key.
    Pairs { separator: String, key: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    header: Option<String>,
    split: Option<String>,
    pair: Option<String>,
    separator: Option<String>,
    json: Option<Pointer>,
}

impl TryFrom<SourceFile> for SourceForm {
    type Error = &'static str;

    fn try_from(file: SourceFile) -> Result<Self, Self::Error> {
        match file {
            SourceFile { header: None, split: None, pair: None, separator: None, json: Some(pointer) } => {
                Ok(Self::Json(pointer))
            }
            SourceFile { header: Some(name), split, pair, separator, json: None } => {
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
                    return Err("\"header\" is not a header name");
                }
                let part = match (split, pair, separator) {
                    (None, None, None) => HeaderPart::Whole,
                    (Some(separator), None, None) if !separator.is_empty() => {
                        HeaderPart::Pieces { separator }
                    }
                    (None, Some(key), Some(separator)) if !separator.is_empty() => {
                        HeaderPart::Pairs { separator, key }
                    }
                    _ => return Err("expected \"split\" alone, or \"pair\" with a \"separator\""),
                };
                Ok(Self::Header { name, part })
            }
            _ => Err("expected either \"header\" or \"json\""),
        }
    }
}

/// Where a value stands, resolved to slots of the provider's tables.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Header(HeaderSource),
    Json(usize),
}

/// Where a value stands in a header.
#[derive(Clone, Debug)]
pub(crate) struct HeaderSource {
    pub(crate) slot: Slot,
    pub(crate) part: HeaderPart,
}

impl SourceForm {
    pub(crate) fn resolve(self, headers: &mut HeaderTable, pointers: &mut PointerTable) -> Source {
        match self {
            Self::Header { name, part } => Source::Header(HeaderSource { slot: headers.slot(&name), part }),
            Self::Json(pointer) => Source::Json(pointers.slot(&pointer)),
        }
    }

    /// Resolves a source that has to be a header, because it is read before the body may be.
    pub(crate) fn resolve_header(self, headers: &mut HeaderTable, what: &str) -> Result<HeaderSource, Error> {
        match self {
            Self::Header { name, part } => Ok(HeaderSource { slot: headers.slot(&name), part }),
            Self::Json(_) => Err(Error::new(
                Code::InvalidProvider,
                format!("{what} must stand in a header: the body is not read before it is verified"),
            )),
        }
    }
}

impl HeaderSource {
    /// Lists the values that `text`, the header's value, holds.
    pub(crate) fn values<'s, 't: 's>(&'s self, text: &'t str) -> Box<dyn Iterator<Item = &'t str> + 's> {
        match &self.part {
            HeaderPart::Whole => Box::new(std::iter::once(text)),
            HeaderPart::Pieces { separator } => Box::new(text.split(separator.as_str())),
            HeaderPart::Pairs { separator, key } => Box::new(
                text.split(separator.as_str())
                    .filter_map(|pair| pair.split_once('='))
                    .filter_map(move |(found, value)| (found == key).then_some(value)),
            ),
        }
    }

    /// Returns the one value that `text` holds: an ambiguous header names two moments or two ids.
    pub(crate) fn single<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut values = self.values(text);
        let first = values.next().filter(|value| !value.is_empty())?;
        values.next().is_none().then_some(first)
    }
}

/// One source, or several of which the first that has a value counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "OneOrMany")]
pub(crate) struct SourceForms(pub(crate) Vec<SourceForm>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<SourceForm>),
    One(SourceForm),
}

impl From<OneOrMany> for SourceForms {
    fn from(forms: OneOrMany) -> Self {
        Self(match forms {
            OneOrMany::Many(forms) => forms,
            OneOrMany::One(form) => vec![form],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(json: &str) -> Option<HeaderSource> {
        let form: SourceForm = serde_json::from_str(json).ok()?;
        form.resolve_header(&mut HeaderTable::default(), "it").ok()
    }

    #[test]
    fn lists_pieces_and_pairs() {
        let pieces = header(r#"{"header": "a", "split": " "}"#).unwrap();
        assert_eq!(pieces.values("v1,x v1,y").collect::<Vec<_>>(), ["v1,x", "v1,y"]);
        let pairs = header(r#"{"header": "a", "pair": "v1", "separator": ","}"#).unwrap();
        assert_eq!(pairs.values("t=1,v1=x,v1=y=,v1,v0=z").collect::<Vec<_>>(), ["x", "y="]);
    }

    #[test]
    fn a_single_value_is_neither_empty_nor_repeated() {
        let time = header(r#"{"header": "a", "pair": "t", "separator": ","}"#).unwrap();
        assert_eq!(time.single("t=1,v1=x"), Some("1"));
        for text in ["t=,v1=x", "t=1,t=2", "t=1,t=1", "t", ""] {
            assert_eq!(time.single(text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_forms_that_say_two_things_or_nothing() {
        for json in [
            "{}",
            r#"{"header": "a", "json": "/b"}"#,
            r#"{"header": "a", "pair": "t"}"#,
            r#"{"header": "a", "split": ""}"#,
            r#"{"header": "a b"}"#,
            r#"{"header": "a", "sort": 1}"#,
        ] {
            assert!(serde_json::from_str::<SourceForm>(json).is_err(), "{json}");
        }
    }
}
