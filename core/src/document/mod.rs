//! JSON bodies as far as rules read them: pointers into them, how deep they may be, texts in them.

mod depth;
mod pointer;
mod scalar;

pub(crate) use depth::{MAX_DEPTH, is_shallow};
pub(crate) use pointer::{JsonValues, Pointer, PointerTable, first_byte};
pub(crate) use scalar::text as scalar_text;
