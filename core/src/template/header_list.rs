use serde::Deserialize;

use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::source::{Source, SourceForm};
use crate::tables::Tables;
use crate::view::View;

/// One arrangement of the headers that a request lists as signed, each written as name `between` value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderListForm {
    /// Where the names stand.
    names: SourceForm,
    /// What stands between two names.
    separator: String,
    /// What stands between name and value; without it the values alone are signed.
    between: Option<String>,
    /// What stands between two headers.
    #[serde(default)]
    join: String,
    /// The headers that must be listed.
    #[serde(default)]
    needs: Vec<String>,
}

/// The list, resolved to slots.
///
/// Joined texts are ambiguous: whoever chooses the list could let one value stand for all of them, and leave out
/// the header that he wants to change. So some headers must be on it, and none may be on it twice.
#[derive(Clone, Debug)]
pub(crate) struct HeaderList {
    pub(crate) names: Source,
    separator: String,
    between: Option<String>,
    join: String,
    needs: Vec<(String, Slot)>,
}

impl HeaderListForm {
    pub(super) fn resolve(self, tables: &mut Tables) -> HeaderList {
        let needs = self.needs.into_iter().map(|name| (name.clone(), tables.headers.slot(&name))).collect();
        let Self { names, separator, between, join, .. } = self;
        HeaderList { names: names.resolve(tables), separator, between, join, needs }
    }
}

impl HeaderList {
    /// Joins the headers that the request lists; nothing where it lists none. One that is listed and absent, or that
    /// the provider's rules do not read, makes the request malformed: a host hands over no other headers.
    pub(super) fn text(&self, view: &View<'_, '_>) -> Result<Option<String>, Error> {
        let Some(text) = self.names.part(view)? else {
            return Ok(None);
        };
        let names: Vec<&str> = text.split(self.separator.as_str()).map(str::trim).collect();
        let left_out =
            |(needed, _): &&(String, Slot)| !names.iter().any(|name| name.eq_ignore_ascii_case(needed));
        if let Some((name, _)) = self.needs.iter().find(left_out) {
            return Err(Error::new(
                Code::MalformedHeader,
                format!("the header {name} is not among the headers that are listed as signed"),
            ));
        }
        let mut written = Vec::new();
        let mut listed = Vec::new();
        for name in names {
            let slot = view.tables.headers.known(name);
            // A list of one long header a thousand times would have its value written a thousand times.
            if slot.is_some_and(|slot| listed.contains(&slot)) {
                return Err(Error::new(
                    Code::MalformedHeader,
                    format!("the header {name} is listed as signed twice"),
                ));
            }
            listed.extend(slot);
            let value = slot.map(|slot| view.picked.strict(slot)).transpose()?.flatten();
            let value = value.ok_or_else(|| {
                Error::new(
                    Code::MissingHeader,
                    format!(
                        "the header {name:?} is listed as signed, and it is missing or not one that is read"
                    ),
                )
            })?;
            written.push(match &self.between {
                Some(between) => format!("{}{between}{}", name.to_ascii_lowercase(), value.trim()),
                None => value.to_owned(),
            });
        }
        Ok(Some(written.join(&self.join)))
    }

    /// Writes the list of the headers that a sender has, and of those that must be listed.
    pub(crate) fn write<'n>(&'n self, present: impl Iterator<Item = &'n str>) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in present.chain(self.needs.iter().map(|(name, _)| name.as_str())) {
            let name = name.to_ascii_lowercase();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(&self.separator)
    }

    pub(super) fn holds(&self, source: &Source) -> bool {
        source.header().is_some_and(|header| self.needs.iter().any(|(_, slot)| *slot == header))
    }

    pub(super) fn describe(&self, tables: &Tables) -> String {
        format!("the list of signed headers in {}", self.names.describe(tables))
    }
}
