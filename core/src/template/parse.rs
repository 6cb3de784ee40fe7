use std::fmt;

use super::PartForm;
use super::filter::Filter;
use super::variable::VariableForm;

/// Reads a template: `{name}`, `{name:argument}` and `{name|filter}` are filled in, `[…]` is optional, and `{{`,
/// `}}`, `[[` and `]]` stand for the characters themselves.
pub(super) fn template(text: &str) -> Result<Vec<PartForm>, String> {
    let mut reader = Reader { rest: text };
    reader.parts(false)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn parts(&mut self, optional: bool) -> Result<Vec<PartForm>, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        while let Some(next) = self.rest.chars().next() {
            self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
            if matches!(next, '{' | '}' | '[' | ']') && self.rest.starts_with(next) {
                self.rest = self.rest.get(1..).unwrap_or_default();
                literal.push(next);
                continue;
            }
            match next {
                '{' => {
                    flush(&mut literal, &mut parts);
                    parts.push(self.placeholder()?);
                }
                '[' if optional => return Err("an optional part stands in an optional part".into()),
                '[' => {
                    flush(&mut literal, &mut parts);
                    parts.push(PartForm::Optional(self.parts(true)?));
                }
                ']' if optional => {
                    flush(&mut literal, &mut parts);
                    return Ok(parts);
                }
                '}' | ']' => {
                    return Err(format!("a lone {next:?}; write {next}{next} for the character itself"));
                }
                _ => literal.push(next),
            }
        }
        if optional {
            return Err("an optional part has no closing bracket".into());
        }
        flush(&mut literal, &mut parts);
        Ok(parts)
    }

    fn placeholder(&mut self) -> Result<PartForm, String> {
        let (inside, rest) = self
            .rest
            .split_once('}')
            .ok_or_else(|| format!("the placeholder {{{} has no closing brace", self.rest))?;
        self.rest = rest;
        let mut pieces = inside.split('|');
        let variable = VariableForm::parse(pieces.next().unwrap_or_default())?;
        let filters = pieces.map(Filter::parse).collect::<Result<_, _>>()?;
        Ok(PartForm::Value { variable, filters })
    }
}

fn flush(literal: &mut String, parts: &mut Vec<PartForm>) {
    if !literal.is_empty() {
        parts.push(PartForm::Literal(std::mem::take(literal)));
    }
}

/// Writes a template as it was read.
pub(super) fn write(parts: &[PartForm], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in parts {
        match part {
            PartForm::Literal(text) => {
                for character in text.chars() {
                    let twice = if matches!(character, '{' | '}' | '[' | ']') { 2 } else { 1 };
                    (0..twice).try_for_each(|_| write!(f, "{character}"))?;
                }
            }
            PartForm::Value { variable, filters } => {
                write!(f, "{{{variable}")?;
                filters.iter().try_for_each(|filter| write!(f, "|{filter}"))?;
                f.write_str("}")?;
            }
            PartForm::Optional(parts) => {
                f.write_str("[")?;
                write(parts, f)?;
                f.write_str("]")?;
            }
        }
    }
    Ok(())
}
