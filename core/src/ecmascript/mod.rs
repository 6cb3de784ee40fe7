//! The bytes of ECMAScript `JSON.stringify(JSON.parse(text))`.
//!
//! Some senders sign what their own JavaScript makes of a body: parsed and written again. A receiver that has to
//! check such a signature needs those bytes exactly, so this module follows ECMA-262 (`JSON.parse`,
//! `SerializeJSONProperty`, `QuoteJSONString`, `Number::toString`, `OrdinaryOwnPropertyKeys`) and not what a
//! JSON library of another language happens to print. `serde_json` cannot stand in for it: it refuses lone
//! surrogates, keeps `1.0` and `-0`, and orders members in its own way.

mod number;
mod parse;
mod string;
mod value;
mod write;

/// How many arrays and objects may stand inside each other, the outermost one counted.
///
/// ECMAScript has no such limit. This is the one that the envelope reader has: a deeper body could not become an
/// event anyway, and without a limit one megabyte of `[` would overflow the stack before anything is verified.
pub(crate) const MAX_DEPTH: usize = 128;

/// Returns the UTF-8 bytes of `JSON.stringify(JSON.parse(text))`.
///
/// `None` stands for a text where `JSON.parse` throws, or where the nesting is deeper than [`MAX_DEPTH`].
/// The text comes from whoever sends requests, so the work is bounded: n log n in its length, whatever it holds.
pub(crate) fn reserialize(text: &str) -> Option<Vec<u8>> {
    let value = parse::document(text)?;
    let mut output = String::with_capacity(text.len());
    value.write(&mut output);
    Some(output.into_bytes())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
