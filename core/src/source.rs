use std::borrow::Cow;

use serde::Deserialize;
use smallvec::SmallVec;

use crate::document::{Pointer, scalar_text};
use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::tables::Tables;
use crate::view::View;

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

/// Which part of a text is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) pieces: Pieces,
    /// Only what comes after the last occurrence of this.
    pub(crate) after: Option<String>,
}

/// How a text is divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// It is one value.
    #[default]
    Whole,
    /// Each of the pieces between separators is one.
    Split { separator: String },
    /// The value of each `key=value` pair with this key is one; blanks may stand before a key.
    Pairs { separator: String, key: String, blanks: bool },
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

/// Where a value stands, resolved to slots of the provider's tables.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) place: Place,
    pub(crate) part: Part,
}

#[derive(Clone, Debug)]
pub(crate) enum Place {
    Header { slot: Slot, repeats: bool },
    Json { slot: usize, pointer: Pointer },
    Form(String),
    Query(String),
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

impl Source {
    /// Returns the place of a field of a form.
    pub(crate) fn form_field(name: &str) -> Self {
        Self { place: Place::Form(name.to_owned()), part: Part::default() }
    }

    /// Returns the header that the value stands in.
    pub(crate) fn header(&self) -> Option<Slot> {
        match self.place {
            Place::Header { slot, .. } => Some(slot),
            _ => None,
        }
    }

    /// Tells whether the value stands in the body.
    pub(crate) fn is_within_body(&self) -> bool {
        matches!(self.place, Place::Json { .. } | Place::Form(_))
    }

    /// Tells whether the value is the whole text that stands there.
    pub(crate) fn is_undivided(&self) -> bool {
        self.part.pieces == Pieces::Whole
    }

    /// Tells whether both read the same place, and the other one all of it or the same part.
    pub(crate) fn is_part_of(&self, other: &Self) -> bool {
        let place = match (&self.place, &other.place) {
            (Place::Header { slot, .. }, Place::Header { slot: other, .. }) => slot == other,
            (Place::Json { pointer, .. }, Place::Json { pointer: other, .. }) => pointer == other,
            (Place::Form(name), Place::Form(other)) | (Place::Query(name), Place::Query(other)) => {
                name == other
            }
            _ => false,
        };
        place && (self.part == other.part || other.part == Part::default())
    }

    /// Names the place in a message.
    pub(crate) fn describe(&self, tables: &Tables) -> String {
        match &self.place {
            Place::Header { slot, .. } => format!("the header {}", tables.headers.name(*slot)),
            Place::Json { pointer, .. } => format!("the body's member {pointer}"),
            Place::Form(name) => format!("the form field {name}"),
            Place::Query(name) => format!("the query parameter {name}"),
        }
    }

    /// Reads the text that stands there, undivided, where there may be only one.
    fn text<'a>(&self, view: &View<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let parameters = match &self.place {
            Place::Header { slot, .. } => return Ok(view.picked.strict(*slot)?.map(Cow::Borrowed)),
            Place::Json { slot, .. } => return Ok(view.json(*slot).and_then(scalar_text)),
            Place::Form(name) => named(name, view.form()),
            Place::Query(name) => named(name, &view.query()),
        };
        let count = parameters.len();
        if count > 1 {
            // Two readers could take different ones.
            let place = self.describe(view.tables);
            return Err(Error::new(
                Code::DuplicateHeader,
                format!("{place} occurs {count} times, expected one"),
            ));
        }
        Ok(parameters.into_iter().next().map(Cow::Owned))
    }

    /// Adds all values that stand there to a list; tells whether the place is there at all.
    pub(crate) fn values<'a>(&self, view: &View<'_, 'a>, values: &mut Values<'a>) -> Result<bool, Error> {
        if let Place::Header { slot, repeats: true } = self.place {
            let before = values.len();
            for line in view.picked.all(slot)? {
                self.part.divide(Cow::Borrowed(line), values);
            }
            return Ok(values.len() > before);
        }
        let text = self.text(view)?;
        let is_there = text.is_some();
        if let Some(text) = text {
            self.part.divide(text, values);
        }
        Ok(is_there)
    }

    /// Reads the one value that stands there: an ambiguous text names two moments or two ids.
    pub(crate) fn value<'a>(&self, view: &View<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let Some(text) = self.text(view)? else {
            return Ok(None);
        };
        if self.part.is_whole() {
            return Ok(Some(text));
        }
        let mut values = Values::new();
        self.part.divide(text, &mut values);
        if values.is_empty() && self.part.after.is_some() {
            // A text without the marker is the value in another form, which the next source may know.
            return Ok(None);
        }
        self.only(values, view).map(Some)
    }

    /// Reads the one value that stands there, if the text has such a part at all.
    pub(crate) fn part<'a>(&self, view: &View<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let mut values = Values::new();
        self.values(view, &mut values)?;
        if values.is_empty() { Ok(None) } else { self.only(values, view).map(Some) }
    }

    fn only<'a>(&self, mut values: Values<'a>, view: &View<'_, '_>) -> Result<Cow<'a, str>, Error> {
        values.pop().filter(|_| values.is_empty()).ok_or_else(|| {
            let place = self.describe(view.tables);
            Error::new(Code::MalformedHeader, format!("{place} does not hold exactly one value"))
        })
    }

    /// Reads a value that is only passed on: nothing where it is absent, ambiguous or not printable.
    pub(crate) fn lenient<'a>(&self, view: &View<'_, 'a>) -> Option<Cow<'a, str>> {
        // An empty header is none; an empty text in the body is what the sender wrote there.
        self.value(view).ok().flatten().filter(|value| !value.is_empty() || self.header().is_none())
    }
}

/// Lists the values of the parameters with a name.
fn named(wanted: &str, parameters: &[(Cow<'_, str>, Cow<'_, str>)]) -> Vec<String> {
    let values = parameters.iter().filter(|(name, _)| name == wanted);
    values.map(|(_, value)| value.clone().into_owned()).collect()
}

/// Reads the value of the first source that has one.
pub(crate) fn first<'a>(sources: &[Source], view: &View<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
    for source in sources {
        if let Some(value) = source.value(view)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// The values of one place. There are seldom more than one or two, and they need no allocation.
pub(crate) type Values<'a> = SmallVec<[Cow<'a, str>; 2]>;

impl Part {
    fn is_whole(&self) -> bool {
        self.pieces == Pieces::Whole && self.after.is_none()
    }

    /// Adds the values that a text holds to a list.
    pub(crate) fn divide<'a>(&self, text: Cow<'a, str>, values: &mut Values<'a>) {
        match text {
            text if self.is_whole() => values.push(text),
            Cow::Borrowed(text) => self.visit(text, &mut |part| values.push(Cow::Borrowed(part))),
            Cow::Owned(text) => self.visit(&text, &mut |part| values.push(Cow::Owned(part.to_owned()))),
        }
    }

    fn visit<'t>(&self, text: &'t str, visit: &mut dyn FnMut(&'t str)) {
        self.pieces.visit(text, &mut |piece| match &self.after {
            None => visit(piece),
            Some(marker) => piece.rsplit_once(marker.as_str()).into_iter().for_each(|(_, rest)| visit(rest)),
        });
    }
}

impl Pieces {
    fn visit<'t>(&self, text: &'t str, visit: &mut dyn FnMut(&'t str)) {
        match self {
            Self::Whole => visit(text),
            Self::Split { separator } => split(text, separator).for_each(visit),
            Self::Pairs { separator, key, blanks } => {
                for (found, value) in split(text, separator).filter_map(|pair| pair.split_once('=')) {
                    let found = if *blanks { found.trim_start_matches(' ') } else { found };
                    if found == key {
                        visit(value);
                    }
                }
            }
        }
    }
}

/// Lists what stands between separators.
fn split<'t>(text: &'t str, separator: &str) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let pair = split_once(text, separator);
        rest = pair.map(|(_, rest)| rest);
        Some(pair.map_or(text, |(piece, _)| piece))
    })
}

/// Divides a text at the first separator. That is nearly always one character, and the search for a longer text
/// prepares tables first, which takes longer than to look through a header.
pub(crate) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    match separator.as_bytes() {
        [character] => text.split_once(char::from(*character)),
        _ => text.split_once(separator),
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
    use super::*;

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
