use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Code, Error};

/// How long an exported text may be: a key set, which has a limit of its own, and what stands around it.
const MAX_BYTES: usize = 600 * 1024;

/// A key set with the time at which it was fetched, as a JSON text that a process leaves to the next one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exported<'a> {
    /// The issuer or the address that was configured.
    pub(super) source: String,
    /// When the document was fetched, in unix milliseconds.
    pub(super) fetched_at_millis: i64,
    /// How long it was fresh from then on.
    pub(super) lifetime_millis: u64,
    /// The document.
    #[serde(borrow)]
    pub(super) jwks: &'a RawValue,
}

impl<'a> Exported<'a> {
    /// # Errors
    /// `invalid_key`: it is no such text. The message quotes nothing of it.
    pub(super) fn parse(text: &'a str) -> Result<Self, Error> {
        let malformed = |problem: String| {
            Error::new(Code::InvalidKey, format!("the exported keys are malformed: {problem}"))
        };
        if text.len() > MAX_BYTES {
            return Err(malformed(format!("they have more than {MAX_BYTES} bytes")));
        }
        serde_json::from_str(text).map_err(|error| {
            malformed(format!(
                "not what an export writes, at line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }

    /// Writes the text; nothing where a document cannot be written, which no document that was parsed is.
    pub(super) fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
