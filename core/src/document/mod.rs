//! JSON bodies as far as rules read them: pointers into them, how deep they may be, texts in them.

pub(crate) mod depth;
mod pointer;
mod scalar;
mod scan;
mod skip;

pub(crate) use pointer::{JsonValues, Pointer, PointerTable, first_byte};
pub(crate) use scalar::text as scalar_text;
