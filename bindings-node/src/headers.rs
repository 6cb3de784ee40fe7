//! The header lines of a request, picked by the face.

use napi::bindgen_prelude::{FunctionCallContext, Unknown};
use napi::{Result, ValueType};

/// Reads the lines of each header out of a call's arguments, which are in the order of the names: a text, a list of
/// texts where there are several lines, undefined where there is none.
pub(crate) fn arguments<'n>(
    call: &FunctionCallContext,
    first: usize,
    names: &'n [String],
) -> Result<Vec<(&'n str, String)>> {
    let mut lines = Vec::with_capacity(names.len());
    for (name, index) in names.iter().zip(first..call.length()) {
        // Text crosses as UTF-8. Read as Latin-1 it would be narrowed, and an id with another character in the place
        // of a signed one would pass for the signed id.
        match call.get::<Unknown>(index)?.get_type()? {
            ValueType::Undefined => {}
            ValueType::String => lines.push((name.as_str(), call.get(index)?)),
            _ => {
                let values: Vec<String> = call.get(index)?;
                lines.extend(values.into_iter().map(|value| (name.as_str(), value)));
            }
        }
    }
    Ok(lines)
}
