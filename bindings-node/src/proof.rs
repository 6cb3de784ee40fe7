//! Proofs.

use hookproof::Proof;

use crate::convert::Record;

/// Writes what was proven; `face/proof.cjs` reads it in this order.
pub(crate) fn write(record: &mut Record, proof: &Proof) {
    record.length(Some(proof.key_index()));
    record.word(proof.algorithm());
    record.word(proof.content().as_str());
    record.words(proof.covers().iter());
    record.text(proof.key_label());
    record.text(proof.claims());
}
