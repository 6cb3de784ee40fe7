use serde::Deserialize;

use crate::error::{Code, Error};
use crate::tables::Tables;
use crate::template::{Given, Lists, Template, TemplateForm, Variable};
use crate::token::Claims;

/// A claim that binds a token to its request: a hash of the body, or the URL.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimRuleForm {
    claim: String,
    /// The texts of which one the claim has to be.
    equals: Vec<TemplateForm>,
    #[serde(default)]
    when: When,
}

/// When the claim has to be there. Where it need not be, it must be right if it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum When {
    #[default]
    Always,
    /// If the request has a body, and only then.
    Body,
    /// Only if the token has it.
    Present,
}

/// The rule, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct ClaimRule {
    claim: String,
    equals: Vec<Template>,
    when: When,
}

impl ClaimRuleForm {
    pub(crate) fn resolve(self, tables: &mut Tables, lists: &Lists) -> Result<ClaimRule, Error> {
        let equals =
            self.equals.into_iter().map(|form| form.resolve(tables, lists)).collect::<Result<_, _>>()?;
        Ok(ClaimRule { claim: self.claim, equals, when: self.when })
    }
}

impl ClaimRule {
    /// Tells whether every accepted token is bound to a value for which `test` holds.
    pub(crate) fn binds(&self, test: fn(&Variable) -> bool) -> bool {
        self.when != When::Present && !self.equals.is_empty() && self.equals.iter().all(|text| text.has(test))
    }

    /// Checks the claim of a verified token.
    pub(crate) fn check(&self, claims: &Claims<'_>, given: &Given<'_, '_>) -> Result<(), Error> {
        let wrong = |problem: &str| {
            Err(Error::new(Code::WrongClaim, format!("the token's claim {} {problem}", self.claim)))
        };
        let without_body = given.view.body.is_empty();
        let Some(claim) = claims.get(&self.claim).filter(|value| !value.is_null()) else {
            let may_lack = match self.when {
                When::Present => true,
                When::Body => without_body,
                When::Always => false,
            };
            return if may_lack { Ok(()) } else { wrong("is missing") };
        };
        if self.when == When::Body && without_body {
            return wrong("belongs to a body, and the request has none");
        }
        let Some(claim) = claim.string() else {
            return wrong("is not a string");
        };
        for expected in &self.equals {
            // Nothing secret is compared here: everybody can compute what is expected.
            if claim.as_bytes() == expected.text(given)? {
                return Ok(());
            }
        }
        wrong("belongs to another request")
    }

    /// Returns the claim that a sender writes for a request, if it has one.
    pub(crate) fn write(&self, given: &Given<'_, '_>) -> Result<Option<(&str, String)>, Error> {
        let needed = self.when != When::Body || !given.view.body.is_empty();
        match self.equals.first().filter(|_| needed) {
            None => Ok(None),
            Some(text) => {
                let value = String::from_utf8_lossy(&text.text(given)?).into_owned();
                Ok(Some((self.claim.as_str(), value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;
    use crate::view::View;

    /// Returns what a sender writes for a request with a body.
    fn written(when: &str, body: &[u8]) -> Option<(String, String)> {
        let form =
            format!(r#"{{"claim": "hash", "equals": ["{{body|hex}}", "{{body}}"], "when": "{when}"}}"#);
        let form: ClaimRuleForm = serde_json::from_str(&form).unwrap();
        let mut tables = Tables::default();
        let rule = form.resolve(&mut tables, &Lists::default()).unwrap();
        let lines = [("a", "b")];
        let view = View::new(&tables, &Request::new(body, &lines), None);
        let claim = rule.write(&Given::of(&view)).unwrap();
        claim.map(|(name, value)| (name.to_owned(), value))
    }

    #[test]
    fn a_sender_writes_the_first_spelling_where_the_claim_belongs() {
        let claim = |value: &str| Some(("hash".to_owned(), value.to_owned()));
        for when in ["always", "body", "present"] {
            assert_eq!(written(when, b"Z"), claim("5a"), "{when}");
        }
        assert_eq!(written("always", b""), claim(""));
        assert_eq!(written("present", b""), claim(""));
        assert_eq!(written("body", b""), None);
    }
}
