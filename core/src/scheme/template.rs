use std::fmt;

use serde::Deserialize;

/// What is signed, as a text with placeholders: `{id}.{timestamp}.{body}`.
///
/// The message is never put together as text: its parts are handed to the hash one after the other as the bytes
/// that were received. A body with `$&`, a byte order mark or invalid UTF-8 in it is therefore just a body.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Template(Vec<Part>);

/// One piece of the signed content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Variable(Variable),
}

/// A value of the request that can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    Body,
    Id,
    Method,
    Timestamp,
    Url,
}

impl Variable {
    const ALL: [Self; 5] = [Self::Body, Self::Id, Self::Method, Self::Timestamp, Self::Url];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Id => "id",
            Self::Method => "method",
            Self::Timestamp => "timestamp",
            Self::Url => "url",
        }
    }
}

/// The values that a template asks for, each as it was received.
#[derive(Clone, Copy, Default)]
pub(crate) struct Values<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) url: &'a str,
}

impl<'a> Values<'a> {
    fn of(&self, variable: Variable) -> &'a [u8] {
        match variable {
            Variable::Body => self.body,
            Variable::Id => self.id.as_bytes(),
            Variable::Method => self.method.as_bytes(),
            Variable::Timestamp => self.timestamp.as_bytes(),
            Variable::Url => self.url.as_bytes(),
        }
    }
}

impl Template {
    pub(crate) fn uses(&self, variable: Variable) -> bool {
        self.0.contains(&Part::Variable(variable))
    }

    /// Lists the parts of the signed content in order.
    pub(crate) fn parts<'a>(&'a self, values: &Values<'a>) -> Vec<&'a [u8]> {
        let bytes = |part: &'a Part| match part {
            Part::Literal(text) => text.as_bytes(),
            Part::Variable(variable) => values.of(*variable),
        };
        self.0.iter().map(bytes).collect()
    }

    /// Returns the literal that ends `variable` in the signed content, if one does.
    ///
    /// A value that contains it would let bytes move between the parts: `msg_x` with `1.{…}` and `msg_x.1` with
    /// `{…}` have the same signed content under `{id}.{body}`.
    pub(crate) fn separator_after(&self, variable: Variable) -> Option<&str> {
        self.0.windows(2).find_map(|pair| match pair {
            [Part::Variable(found), Part::Literal(separator)] if *found == variable => {
                Some(separator.as_str())
            }
            _ => None,
        })
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (literal, placeholder) = rest.split_once('{').unwrap_or((rest, ""));
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            if literal.len() == rest.len() {
                break;
            }
            let (name, after) = placeholder
                .split_once('}')
                .ok_or_else(|| format!("the placeholder {{{placeholder} has no closing brace"))?;
            let variable =
                Variable::ALL.into_iter().find(|variable| variable.name() == name).ok_or_else(|| {
                    let known = Variable::ALL.map(Variable::name).join("}, {");
                    format!("unknown placeholder {{{name}}}, expected one of {{{known}}}")
                })?;
            parts.push(Part::Variable(variable));
            rest = after;
        }
        if !parts.iter().any(|part| matches!(part, Part::Variable(_))) {
            return Err(
                "the signed content has no placeholder, so one signature would fit every request".into()
            );
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Variable(variable) => write!(f, "{{{}}}", variable.name()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn fills_in_bytes_and_never_interprets_them() {
        let values = Values { body: b"$& {id} \xff", id: "msg_1", timestamp: "1", ..Values::default() };
        assert_eq!(
            template("v0:{id}.{timestamp}.{body}").parts(&values).concat(),
            b"v0:msg_1.1.$& {id} \xff"
        );
    }

    #[test]
    fn names_the_separator_that_must_not_stand_in_a_value() {
        let template = template("{id}.{timestamp}:{body}");
        assert_eq!(template.separator_after(Variable::Id), Some("."));
        assert_eq!(template.separator_after(Variable::Timestamp), Some(":"));
        assert_eq!(template.separator_after(Variable::Body), None);
    }

    #[test]
    fn refuses_what_it_cannot_fill_in() {
        for text in ["{boddy}", "{body", "constant", "", "{}"] {
            assert!(Template::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn shows_itself_as_it_was_written() {
        assert_eq!(template("v0:{timestamp}:{body}").to_string(), "v0:{timestamp}:{body}");
    }
}
