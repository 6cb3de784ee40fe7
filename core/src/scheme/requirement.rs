use serde::Deserialize;

use crate::error::{Code, Error};
use crate::source::{Source, SourceForm};
use crate::tables::Tables;
use crate::template::{Given, Lists, Template, TemplateForm, Variable};

/// Something that has to be equal beside the signature: a fixed version header, or a hash of the body that stands
/// in the signed URL.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequirementForm {
    value: SourceForm,
    equals: TemplateForm,
    #[serde(default)]
    when: When,
}

/// When the value has to be there. Where it need not be, it must be right if it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum When {
    #[default]
    Always,
    /// Only if the body is neither empty nor a form, whose fields are signed by themselves.
    NotForm,
    /// Only if the request has it.
    Present,
}

/// A requirement, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    value: Source,
    equals: Template,
    when: When,
}

impl RequirementForm {
    pub(crate) fn resolve(self, tables: &mut Tables, lists: &Lists) -> Result<Requirement, Error> {
        if self.when == When::NotForm {
            tables.headers.slot("Content-Type");
        }
        let equals = self.equals.resolve(tables, lists)?;
        Ok(Requirement { value: self.value.resolve(tables), equals, when: self.when })
    }
}

impl Requirement {
    /// Tells whether the body cannot be another one, of a request of which it may be known whether that is a form.
    pub(crate) fn binds_body(&self, is_form: Option<bool>) -> bool {
        let is_there = match self.when {
            When::Always => true,
            When::NotForm => is_form != Some(true),
            When::Present => false,
        };
        is_there && self.equals.has(|variable| matches!(variable, Variable::Body))
    }

    /// Returns the place and the text, where the text is the same in every request.
    pub(crate) fn fixed_value(&self) -> Option<(&Source, &str)> {
        self.value.header().and(self.equals.literal()).map(|text| (&self.value, text))
    }

    pub(crate) fn check(&self, given: &Given<'_, '_>) -> Result<(), Error> {
        let view = given.view;
        let place = || self.value.describe(view.tables);
        let Some(value) = self.value.value(view)? else {
            return match self.when {
                When::Present => Ok(()),
                When::NotForm if view.body.is_empty() || view.is_form() => Ok(()),
                When::Always | When::NotForm => {
                    Err(Error::new(Code::MissingHeader, format!("{} is missing", place())))
                }
            };
        };
        // Nothing secret is compared here: everybody can compute what is expected.
        if value.as_bytes() == self.equals.text(given)? {
            Ok(())
        } else {
            Err(Error::new(
                Code::NoMatchingSignature,
                format!("{} is not what the request asks for", place()),
            ))
        }
    }
}
