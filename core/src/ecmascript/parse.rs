use std::borrow::Cow;

use super::MAX_DEPTH;
use super::number;
use super::string;
use super::value::{Member, Value};

/// Reads a whole text as ECMAScript `JSON.parse` does; `None` where that throws, or below [`MAX_DEPTH`].
pub(super) fn document(text: &str) -> Option<Value<'_>> {
    let mut parser = Parser { rest: text, elements: Vec::new(), members: Vec::new() };
    let value = parser.value(MAX_DEPTH)?;
    parser.skip_white_space();
    parser.rest.is_empty().then_some(value)
}

struct Parser<'a> {
    /// What has not been read yet.
    rest: &'a str,
    /// The elements of all arrays that are still open, the innermost last. One stack for all of them, since a vector
    /// of its own for each would make a body of many tiny arrays cost far more memory than its size.
    elements: Vec<Value<'a>>,
    /// The members of all objects that are still open, for the same reason.
    members: Vec<Member<'a>>,
}

impl<'a> Parser<'a> {
    /// Reads one value, which may hold `depth` levels of arrays and objects.
    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.skip_white_space();
        match self.rest.bytes().next()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b'"' => self.string().map(Value::String),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value<'a>> {
        self.expect('{')?;
        let start = self.members.len();
        if self.accept('}') {
            return Some(Value::Object(Box::default()));
        }
        loop {
            self.skip_white_space();
            let key = self.string()?;
            self.expect(':')?;
            let value = self.value(depth)?;
            self.members.push(Member::new(key, value, self.members.len()));
            if !self.accept(',') {
                self.expect('}')?;
                return Some(Value::object(self.members.split_off(start)));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value<'a>> {
        self.expect('[')?;
        let start = self.elements.len();
        if self.accept(']') {
            return Some(Value::Array(Box::default()));
        }
        loop {
            let element = self.value(depth)?;
            self.elements.push(element);
            if !self.accept(',') {
                self.expect(']')?;
                return Some(Value::Array(self.elements.split_off(start).into_boxed_slice()));
            }
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let (string, rest) = string::read(self.rest)?;
        self.rest = rest;
        Some(string)
    }

    fn number(&mut self) -> Option<Value<'a>> {
        let (number, rest) = number::read(self.rest)?;
        self.rest = rest;
        Some(number)
    }

    fn literal(&mut self, literal: &'static str) -> Option<Value<'a>> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(Value::Verbatim(literal))
    }

    /// Reads a punctuator, with the white space before it, or fails.
    fn expect(&mut self, punctuator: char) -> Option<()> {
        self.accept(punctuator).then_some(())
    }

    /// Reads a punctuator, with the white space before it, if it comes next.
    fn accept(&mut self, punctuator: char) -> bool {
        self.skip_white_space();
        let rest = self.rest.strip_prefix(punctuator);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Skips what JSON calls white space: less than Unicode or JavaScript source text does, and no byte order mark.
    fn skip_white_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}
