use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::{Place, Source};
use crate::view::{Parameters, View};

/// One arrangement: sorted by name, each written as `before` name `between` value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParameterList {
    of: Of,
    #[serde(default)]
    before: String,
    #[serde(default)]
    between: String,
    /// What stands between two parameters.
    #[serde(default)]
    join: String,
    /// Whether equal values of one name are written once.
    #[serde(default)]
    unique: bool,
    /// Names that are left out.
    #[serde(default)]
    except: Vec<String>,
    /// Texts in values that are written as others.
    #[serde(default)]
    replace: BTreeMap<String, String>,
    /// Whether names and values are urlencoded again.
    #[serde(default)]
    encode: bool,
    /// Its place among the arrangements of the provider.
    #[serde(skip)]
    slot: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Form,
    Query,
    /// The form's, and the query's where there is no form.
    FormOrQuery,
}

impl ParameterList {
    /// Tells whether the value of a source is one of the parameters, for a request of which it may be known whether
    /// its body is a form.
    pub(super) fn holds(&self, source: &Source, is_form: Option<bool>) -> bool {
        let (name, of) = match &source.place {
            Place::Form(name) => (name, self.of != Of::Query),
            Place::Query(name) => {
                (name, self.of == Of::Query || (self.of == Of::FormOrQuery && is_form == Some(false)))
            }
            _ => return false,
        };
        of && !self.except.contains(name)
    }

    /// Tells whether another list has all the parameters of this one.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        self.of == other.of && other.except.iter().all(|name| self.except.contains(name))
    }

    /// Tells whether fields hold a text that is replaced, or one that it could have been replaced by.
    pub(super) fn is_ambiguous(&self, fields: &Parameters<'_>) -> bool {
        let replaced = |value: &str| {
            self.replace.iter().any(|(from, to)| value.contains(from.as_str()) || value.contains(to.as_str()))
        };
        fields.iter().any(|(_, value)| replaced(value))
    }

    pub(super) fn reads_form(&self) -> bool {
        self.of != Of::Query
    }

    /// Tells whether these are all parameters of the query.
    pub(super) fn is_whole_query(&self) -> bool {
        self.of == Of::Query && self.except.is_empty()
    }

    pub(super) fn at(self, slot: usize) -> Self {
        Self { slot, ..self }
    }

    pub(super) fn text<'v>(&self, view: &'v View<'_, '_>) -> &'v str {
        view.written(self.slot, &|| self.arrange(view))
    }

    fn arrange(&self, view: &View<'_, '_>) -> String {
        let query;
        let parameters: &[(Cow<'_, str>, Cow<'_, str>)] = match self.of {
            Of::Form => view.form(),
            Of::FormOrQuery if view.is_form() => view.form(),
            Of::Query | Of::FormOrQuery => {
                query = view.query();
                &query
            }
        };
        let mut sorted: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .filter(|(name, _)| !self.except.iter().any(|except| except == name))
            .collect();
        sorted.sort_unstable();
        if self.unique {
            sorted.dedup();
        }
        let written: Vec<String> = sorted.into_iter().map(|(name, value)| self.write(name, value)).collect();
        written.join(&self.join)
    }

    fn write(&self, name: &str, value: &str) -> String {
        let encoded = |text: &str| {
            if self.encode {
                form_urlencoded::byte_serialize(text.as_bytes()).collect()
            } else {
                text.to_owned()
            }
        };
        let value = self.replace.iter().fold(value.to_owned(), |value, (from, to)| value.replace(from, to));
        let (before, between) = (&self.before, &self.between);
        format!("{before}{}{between}{}", encoded(name), encoded(&value))
    }
}
