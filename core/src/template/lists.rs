use std::collections::BTreeMap;

use serde::Deserialize;

use super::header_list::{HeaderList, HeaderListForm};
use super::parameters::ParameterList;
use crate::error::{Code, Error};
use crate::source::{Source, SourceForm};
use crate::tables::Tables;

/// What the templates of a scheme call by name, because it takes more than a name to say what it is.
///
/// `parameters` arranges the parameters of a form or a query, `listed_headers` the headers that a request lists as
/// signed, and `values` are parts of texts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Lists {
    pub(crate) parameters: Named<ParameterList>,
    pub(crate) listed_headers: Named<HeaderListForm>,
    pub(crate) values: Named<SourceForm>,
}

pub(crate) type Named<T> = BTreeMap<String, T>;

impl Lists {
    pub(super) fn parameters(&self, name: &str, tables: &mut Tables) -> Result<ParameterList, Error> {
        let list = named(&self.parameters, "parameters", name)?;
        if list.reads_form() {
            tables.headers.slot("Content-Type");
        }
        let known = tables.parameter_lists.iter().position(|other| other == name);
        let slot = known.unwrap_or(tables.parameter_lists.len());
        if known.is_none() {
            tables.parameter_lists.push(name.to_owned());
        }
        Ok(list.at(slot))
    }

    pub(super) fn listed_headers(&self, name: &str, tables: &mut Tables) -> Result<HeaderList, Error> {
        Ok(named(&self.listed_headers, "listed_headers", name)?.resolve(tables))
    }

    pub(super) fn value(&self, name: &str, tables: &mut Tables) -> Result<Source, Error> {
        Ok(named(&self.values, "values", name)?.resolve(tables))
    }
}

fn named<T: Clone>(known: &Named<T>, member: &str, name: &str) -> Result<T, Error> {
    known.get(name).cloned().ok_or_else(|| {
        let placeholder = if member == "values" { "value" } else { member };
        Error::new(
            Code::InvalidProvider,
            format!("a template uses {{{placeholder}:{name}}}, which \"{member}\" does not describe"),
        )
    })
}
