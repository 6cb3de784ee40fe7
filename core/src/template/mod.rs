//! Texts with placeholders: what is signed, what has to be equal, what a handshake is answered with.

mod filter;
mod header_list;
mod lists;
mod parameters;
mod parse;
mod url;
mod variable;

use std::borrow::Cow;

use serde::Deserialize;
use smallvec::SmallVec;

pub(crate) use header_list::{HeaderList, HeaderListForm};
pub(crate) use lists::{Lists, Named};
pub(crate) use parameters::ParameterList;
pub(crate) use variable::{Given, Variable};

use crate::error::{Code, Error};
use crate::source::Source;
use crate::tables::Tables;
use crate::view::View;
use filter::Filter;

/// A template as a provider file has it, checked for its form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct TemplateForm(Vec<PartForm>);

/// One piece of a template, before names are resolved to slots.
#[derive(Clone, Debug)]
enum PartForm {
    Literal(String),
    Value {
        variable: variable::VariableForm,
        filters: Vec<Filter>,
    },
    /// Left out where one of the values in it is absent.
    Optional(Vec<PartForm>),
}

/// What is signed, as a text with placeholders: `{id}.{timestamp}.{body}`.
///
/// The message is never put together as text: its parts are handed to the hash one after the other as the bytes
/// that were received. A body with `$&`, a byte order mark or invalid UTF-8 in it is therefore just a body.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Literal(String),
    Value { variable: Variable, filters: Vec<Filter> },
    Optional(Vec<Part>),
}

/// The parts of a filled-in template, in order.
pub(crate) type Message<'m> = SmallVec<[Cow<'m, [u8]>; 6]>;

impl TryFrom<String> for TemplateForm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse::template(&text).map(Self)
    }
}

impl TemplateForm {
    pub(crate) fn resolve(self, tables: &mut Tables, lists: &Lists) -> Result<Template, Error> {
        Ok(Template(resolve(self.0, tables, lists)?))
    }
}

fn resolve(forms: Vec<PartForm>, tables: &mut Tables, lists: &Lists) -> Result<Vec<Part>, Error> {
    forms
        .into_iter()
        .map(|form| {
            Ok(match form {
                PartForm::Literal(text) => Part::Literal(text),
                PartForm::Value { variable, filters } => {
                    Part::Value { variable: variable.resolve(tables, lists)?, filters }
                }
                PartForm::Optional(parts) => Part::Optional(resolve(parts, tables, lists)?),
            })
        })
        .collect()
}

impl Template {
    /// Tells whether the template has a value for which `test` holds.
    pub(crate) fn has(&self, test: impl Fn(&Variable) -> bool + Copy) -> bool {
        fn any(parts: &[Part], test: impl Fn(&Variable) -> bool + Copy) -> bool {
            parts.iter().any(|part| match part {
                Part::Literal(_) => false,
                Part::Value { variable, .. } => test(variable),
                Part::Optional(parts) => any(parts, test),
            })
        }
        any(&self.0, test)
    }

    /// Tells whether `test` holds for all values of the template.
    pub(crate) fn all(&self, test: impl Fn(&Variable) -> bool + Copy) -> bool {
        !self.has(|variable| !test(variable))
    }

    /// Tells whether the template is filled in with a secret.
    pub(crate) fn needs_secret(&self) -> bool {
        fn any(parts: &[Part]) -> bool {
            parts.iter().any(|part| match part {
                Part::Literal(_) => false,
                Part::Value { variable, filters } => {
                    matches!(variable, Variable::Secret) || filters.iter().any(Filter::needs_secret)
                }
                Part::Optional(parts) => any(parts),
            })
        }
        any(&self.0)
    }

    /// Returns the text of a template without placeholders.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Tells whether the value of a source is part of the text, so that a signature over it covers the value.
    pub(crate) fn covers(&self, source: &Source, is_form: Option<bool>) -> bool {
        self.has(|variable| variable.holds(source, is_form))
    }

    /// Lists the lists of signed headers that the template is filled in with.
    pub(crate) fn header_lists(&self) -> impl Iterator<Item = &HeaderList> {
        self.0.iter().filter_map(|part| match part {
            Part::Value { variable: Variable::ListedHeaders(list), .. } => Some(&**list),
            _ => None,
        })
    }

    /// Returns the literal that ends the id in the signed content, if one does.
    ///
    /// An id that contains it would let bytes move between the parts: `msg_x` with `1.{…}` and `msg_x.1` with
    /// `{…}` have the same signed content under `{id}.{body}`.
    pub(crate) fn separator_after_id(&self) -> Option<&str> {
        self.0.windows(2).find_map(|pair| match pair {
            [Part::Value { variable: Variable::Id, .. }, Part::Literal(separator)] => {
                Some(separator.as_str())
            }
            _ => None,
        })
    }

    /// Fills the template in for one request.
    ///
    /// # Errors
    /// `invalid_option` where the request was handed in without its method or URL, `missing_header` where it has
    /// no value for a placeholder that needs one.
    pub(crate) fn fill<'g>(&'g self, given: &Given<'g, '_>) -> Result<Message<'g>, Error> {
        let mut message = Message::new();
        fill(&self.0, given, false, &mut message)?;
        Ok(message)
    }

    /// Fills the template in and joins it to one text.
    pub(crate) fn text(&self, given: &Given<'_, '_>) -> Result<Vec<u8>, Error> {
        Ok(self.fill(given)?.concat())
    }
}

fn fill<'g>(
    parts: &'g [Part],
    given: &Given<'g, '_>,
    optional: bool,
    message: &mut Message<'g>,
) -> Result<(), Error> {
    for part in parts {
        match part {
            Part::Literal(text) => message.push(Cow::Borrowed(text.as_bytes())),
            Part::Value { variable, filters } => {
                let empty = (!optional && variable.is_empty_where_absent()).then_some(Cow::Borrowed(&[][..]));
                let value = variable.value(given)?.or(empty).ok_or_else(|| missing(variable, given.view))?;
                message.push(filters.iter().try_fold(value, |value, filter| filter.apply(&value, given))?);
            }
            Part::Optional(parts) => {
                let start = message.len();
                match fill(parts, given, true, message) {
                    Err(error) if error.code() == Code::MissingHeader => message.truncate(start),
                    outcome => outcome?,
                }
            }
        }
    }
    Ok(())
}

fn missing(variable: &Variable, view: &View<'_, '_>) -> Error {
    let place = variable.describe(view.tables);
    Error::new(Code::MissingHeader, format!("{place} is missing, and it is part of what is signed"))
}

impl std::fmt::Display for TemplateForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        parse::write(&self.0, f)
    }
}

#[cfg(test)]
mod tests;
