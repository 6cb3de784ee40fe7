//! Proofs.

use hookproof::Proof;

use crate::convert::Record;

/// Writes what was proven; `face/proof.cjs` reads it in this order.
pub(crate) fn write(record: &mut Record, proof: &Proof) {
    record.count(Some(proof.key_index()));
    record.word(Some(proof.algorithm()));
    record.word(Some(proof.content().as_str()));
    record.words(proof.covers().iter());
    record.text(proof.key_label());
    record.text(proof.claims());
}
