//! How a provider file says where a value stands.

use serde::Deserialize;

use super::part::{Part, Pieces};
use super::{Place, Source};
use crate::document::Pointer;
use crate::tables::Tables;

/// Where a value stands in a request, as a provider file says it.
///
/// `{"header": "Webhook-Id"}`, `{"header": "Stripe-Signature", "pair": "v1", "separator": ","}`,
/// `{"header": "Webhook-Signature", "split": " "}`, `{"json": "/data/id"}`, `{"form": "sig"}`, `{"query": "sig"}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "SourceFile")]
pub(crate) struct SourceForm {
    place: PlaceForm,
    part: Part,
}

#[derive(Clone, Debug)]
enum PlaceForm {
    Header { name: String, repeats: bool },
    Json(Pointer),
    Form(String),
    Query(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    header: Option<String>,
    json: Option<Pointer>,
    form: Option<String>,
    query: Option<String>,
    split: Option<String>,
    pair: Option<String>,
    separator: Option<String>,
    after: Option<String>,
    #[serde(default)]
    blanks: bool,
    #[serde(default)]
    repeats: bool,
}

impl TryFrom<SourceFile> for SourceForm {
    type Error = &'static str;

    fn try_from(file: SourceFile) -> Result<Self, Self::Error> {
        let SourceFile { header, json, form, query, split, pair, separator, after, blanks, repeats } = file;
        let place = match (header, json, form, query) {
            (Some(name), None, None, None) => {
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
                    return Err("\"header\" is not a header name");
                }
                PlaceForm::Header { name, repeats }
            }
            (None, Some(pointer), None, None) if !repeats => PlaceForm::Json(pointer),
            (None, None, Some(name), None) if !repeats => PlaceForm::Form(name),
            (None, None, None, Some(name)) if !repeats => PlaceForm::Query(name),
            _ => return Err("expected one of \"header\", \"json\", \"form\" and \"query\""),
        };
        let pieces = match (split, pair, separator) {
            (None, None, None) => Pieces::Whole,
            (Some(separator), None, None) if !separator.is_empty() => Pieces::Split { separator },
            (None, Some(key), Some(separator)) if !separator.is_empty() => {
                Pieces::Pairs { separator, key, blanks }
            }
            _ => return Err("expected \"split\" alone, or \"pair\" with a \"separator\""),
        };
        if after.as_deref() == Some("") {
            return Err("\"after\" is empty");
        }
        Ok(Self { place, part: Part { pieces, after } })
    }
}

impl SourceForm {
    pub(crate) fn resolve(self, tables: &mut Tables) -> Source {
        let place = match self.place {
            PlaceForm::Header { name, repeats } => {
                Place::Header { slot: tables.headers.slot(&name), repeats }
            }
            PlaceForm::Json(pointer) => Place::Json { slot: tables.pointers.slot(&pointer), pointer },
            PlaceForm::Form(name) => {
                // Whether a body is a form is told by this header.
                tables.headers.slot("Content-Type");
                Place::Form(name)
            }
            PlaceForm::Query(name) => Place::Query(name),
        };
        Source { place, part: self.part }
    }
}

/// One source, or several of which the first that has a value counts.
#[derive(Clone, Debug, Default, Deserialize)]
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

impl SourceForms {
    pub(crate) fn resolve(self, tables: &mut Tables) -> Vec<Source> {
        self.0.into_iter().map(|form| form.resolve(tables)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::source::Values;

    fn divide(json: &str, text: &str) -> Vec<String> {
        let form: SourceForm = serde_json::from_str(json).unwrap();
        let mut values = Values::new();
        form.part.divide(Cow::Borrowed(text), &mut values);
        values.into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn lists_pieces_and_pairs() {
        assert_eq!(divide(r#"{"header": "a", "split": " "}"#, "v1,x v1,y"), ["v1,x", "v1,y"]);
        let pairs = r#"{"header": "a", "pair": "v1", "separator": ","}"#;
        assert_eq!(divide(pairs, "t=1,v1=x,v1=y=,v1,v0=z"), ["x", "y="]);
        assert!(divide(pairs, "t=1, v1=x").is_empty());
        let blanks = r#"{"header": "a", "pair": "v1", "separator": ",", "blanks": true}"#;
        assert_eq!(divide(blanks, "t=1, v1=x,v1=y"), ["x", "y"]);
    }

    #[test]
    fn takes_what_comes_after_a_marker() {
        assert_eq!(divide(r#"{"header": "a", "after": ":"}"#, "Application key:signature"), ["signature"]);
        assert_eq!(divide(r#"{"header": "a", "split": "&", "after": "|"}"#, "k|x&l|y&z"), ["x", "y"]);
    }

    #[test]
    fn refuses_forms_that_say_two_things_or_nothing() {
        for json in [
            "{}",
            r#"{"header": "a", "json": "/b"}"#,
            r#"{"header": "a", "pair": "t"}"#,
            r#"{"header": "a", "split": ""}"#,
            r#"{"header": "a", "after": ""}"#,
            r#"{"header": "a b"}"#,
            r#"{"header": "a", "sort": 1}"#,
            r#"{"json": "/a", "repeats": true}"#,
        ] {
            assert!(serde_json::from_str::<SourceForm>(json).is_err(), "{json}");
        }
    }
}
