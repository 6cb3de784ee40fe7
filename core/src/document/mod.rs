//! JSON bodies as far as rules read them: pointers into them, how deep they may be, texts in them.

pub(crate) mod depth;
mod pointer;
mod scalar;
mod scan;
mod skip;

pub(crate) use pointer::{JsonValues, Pointer, PointerTable, is_json};
pub(crate) use scalar::text as scalar_text;
