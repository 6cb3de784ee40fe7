use std::collections::BTreeMap;

use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use crate::error::Error;
use crate::reply::Reply;
use crate::source::{Source, SourceForm};
use crate::tables::Tables;
use crate::template::{Given, Lists, Template, TemplateForm};
use crate::view::View;

/// One of the `handshakes` of a provider file: a request that asks for a certain answer and is no event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandshakeForm {
    name: String,
    /// Whether the request is signed, and so has to be verified before it is answered.
    signed: bool,
    method: String,
    #[serde(default)]
    when: Vec<ConditionForm>,
    reply: ReplyForm,
    /// What the receiver has to keep: a secret or token that the provider hands over this way.
    keep: Option<TemplateForm>,
}

/// Something that a handshake has: a value, a certain value, or the receiver's own verify token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionForm {
    value: SourceForm,
    equals: Option<String>,
    /// How many hexadecimal digits it has, at least and at most, and nothing else.
    hex_digits: Option<(usize, usize)>,
    #[serde(default)]
    is_verify_token: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyForm {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, TemplateForm>,
    #[serde(default)]
    body: TemplateForm,
}

/// A rule for one kind of handshake, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct HandshakeRule {
    name: String,
    pub(crate) signed: bool,
    method: String,
    when: Vec<Condition>,
    status: u16,
    headers: Vec<(String, Template)>,
    body: Template,
    keep: Option<Template>,
}

#[derive(Clone, Debug)]
struct Condition {
    value: Source,
    equals: Option<String>,
    hex_digits: Option<(usize, usize)>,
    is_verify_token: bool,
}

/// A request that asks for a certain answer: a URL check, a challenge, a connection test.
///
/// Send [`reply`](Self::reply) and do nothing else: a handshake is never an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handshake {
    /// The provider's name for it, such as `url_verification`.
    pub name: String,
    /// What to answer.
    pub reply: Reply,
    /// What to keep, where the provider hands over a secret or token this way (Asana, Notion). It is as secret as
    /// the secret that it becomes: do not log it.
    pub keep: Option<String>,
}

impl HandshakeForm {
    pub(crate) fn resolve(self, tables: &mut Tables) -> Result<HandshakeRule, Error> {
        let lists = Lists::default();
        let mut resolve = |form: TemplateForm| form.resolve(tables, &lists);
        let mut headers = Vec::with_capacity(self.reply.headers.len());
        for (name, value) in self.reply.headers {
            headers.push((name, resolve(value)?));
        }
        let body = resolve(self.reply.body)?;
        let keep = self.keep.map(resolve).transpose()?;
        let condition = |form: ConditionForm| Condition {
            value: form.value.resolve(tables),
            equals: form.equals,
            hex_digits: form.hex_digits,
            is_verify_token: form.is_verify_token,
        };
        let when = self.when.into_iter().map(condition).collect();
        let (name, signed, method, status) = (self.name, self.signed, self.method, self.reply.status);
        Ok(HandshakeRule { name, signed, method, when, status, headers, body, keep })
    }
}

impl HandshakeRule {
    /// Returns the provider's name for this kind of handshake.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Tells whether the answer is made with the receiver's secret.
    pub(crate) fn needs_secret(&self) -> bool {
        self.body.needs_secret() || self.headers.iter().any(|(_, value)| value.needs_secret())
    }

    /// Answers a request if it is this handshake. A signed one must have been verified before.
    pub(crate) fn answer(
        &self,
        given: &Given<'_, '_>,
        verify_token: Option<&str>,
    ) -> Result<Option<Handshake>, Error> {
        let view = given.view;
        // A host that does not hand over the method means a POST, which is all that webhooks use otherwise.
        if view.method.unwrap_or("POST") != self.method {
            return Ok(None);
        }
        for condition in &self.when {
            if !condition.holds(view, verify_token)? || !self.is_safe(condition, view)? {
                return Ok(None);
            }
        }
        let text = |template: &Template| {
            let bytes = template.text(given)?;
            Ok::<_, Error>(String::from_utf8_lossy(&bytes).into_owned())
        };
        let mut headers = Vec::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            // What came in a header or a query goes out in a header: a line break would add headers to the reply.
            let value = text(value)?.replace(|character: char| !matches!(character, ' '..='~'), "");
            headers.push((name.clone(), value));
        }
        let keep = self.keep.as_ref().map(text).transpose()?;
        let reply = Reply { status: self.status, headers, body: text(&self.body)? };
        Ok(Some(Handshake { name: self.name.clone(), reply, keep }))
    }
}

impl HandshakeRule {
    /// Checks that an answer cannot be used as the signature of an event.
    ///
    /// X answers a challenge from anybody with an HMAC of it, made with the secret that also signs its events. Whoever
    /// sends an event's body as the challenge would be handed its signature. A challenge is therefore a short text of
    /// letters and digits, which is no JSON object and so no event.
    fn is_safe(&self, condition: &Condition, view: &View<'_, '_>) -> Result<bool, Error> {
        if self.signed || !self.needs_secret() {
            return Ok(true);
        }
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=.".contains(&byte);
        let value = condition.value.value(view)?.unwrap_or_default();
        Ok((1..=255).contains(&value.len()) && value.bytes().all(letter))
    }
}

impl Condition {
    fn holds(&self, view: &View<'_, '_>, verify_token: Option<&str>) -> Result<bool, Error> {
        let Some(value) = self.value.value(view)? else {
            return Ok(false);
        };
        if self.is_verify_token {
            // Without a token of the receiver's own nobody may subscribe this endpoint.
            return Ok(verify_token.is_some_and(|token| token.as_bytes().ct_eq(value.as_bytes()).into()));
        }
        let is_hex = |(least, most): (usize, usize)| {
            (least..=most).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        Ok(self.hex_digits.is_none_or(is_hex)
            && self.equals.as_ref().is_none_or(|expected| *expected == value))
    }
}
