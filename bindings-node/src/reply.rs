//! Replies and outcomes.

use hookproof::{Code, Outcome};
use napi_derive::napi;

use crate::convert::pairs;

/// How to answer a request.
#[napi(object, object_from_js = false)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names and values, in the order to send them.
    pub headers: Vec<Vec<String>>,
    /// The body.
    pub body: String,
}

impl From<hookproof::Reply> for Reply {
    fn from(reply: hookproof::Reply) -> Self {
        Self { status: reply.status, headers: pairs(reply.headers), body: reply.body }
    }
}

/// Lists the names of the outcomes.
#[napi(catch_unwind)]
pub fn outcome_names() -> Vec<&'static str> {
    Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect()
}

/// Returns what an error with this code means for the reply; an unknown code means `misconfigured`.
#[napi(catch_unwind)]
pub fn outcome_of(code: String) -> &'static str {
    let found = Code::ALL.iter().find(|known| known.as_str() == code);
    found.map_or(Outcome::Misconfigured, |code| Outcome::of_code(*code)).as_str()
}
