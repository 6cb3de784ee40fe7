//! The header lines of a request, picked by the face.

use hookproof::Headers;
use napi::bindgen_prelude::{FunctionCallContext, Unknown};
use napi::{Result, ValueType};

use crate::convert::add_text;

/// Room for the lines of a signed request, so that they are gathered without moving.
const USUAL_BYTES: usize = 256;

/// The header lines that a verifier reads: one behind the other, as what is copied so often must not take a place on
/// the heap for each.
pub(crate) struct Lines {
    bytes: Vec<u8>,
    /// Where in the list of names the name of each line stands, and where in the bytes the line ends.
    ends: Vec<(usize, usize)>,
}

/// Lines and their names.
pub(crate) struct Named<'a> {
    pub(crate) names: &'a [String],
    pub(crate) lines: &'a Lines,
}

impl Lines {
    /// Reads the lines of each header out of a call's arguments, which are in the order of the names: a text, a list of
    /// texts where there are several lines, undefined where there is none.
    pub(crate) fn read(call: &FunctionCallContext, first: usize, names: &[String]) -> Result<Self> {
        let mut lines =
            Self { bytes: Vec::with_capacity(USUAL_BYTES), ends: Vec::with_capacity(names.len()) };
        for (name, index) in (first..call.length()).take(names.len()).enumerate() {
            match call.get::<Unknown>(index)?.get_type()? {
                ValueType::Undefined => {}
                ValueType::String => {
                    add_text(call, index, &mut lines.bytes)?;
                    lines.ends.push((name, lines.bytes.len()));
                }
                _ => {
                    for line in call.get::<Vec<String>>(index)? {
                        lines.bytes.extend_from_slice(line.as_bytes());
                        lines.ends.push((name, lines.bytes.len()));
                    }
                }
            }
        }
        Ok(lines)
    }
}

impl Headers for Named<'_> {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        let mut start = 0;
        for (name, end) in &self.lines.ends {
            if let (Some(name), Some(line)) = (self.names.get(*name), self.lines.bytes.get(start..*end)) {
                visit(name.as_bytes(), line);
            }
            start = *end;
        }
    }
}
