//! Where values stand in a request.

mod form;
mod part;

use std::borrow::Cow;

pub(crate) use self::form::{SourceForm, SourceForms};
use self::part::Part;
pub(crate) use self::part::{Pieces, Values, split_once};
use crate::document::{Pointer, scalar_text};
use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::tables::Tables;
use crate::view::View;

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
