//! The verifier of a delivery.

use hookproof::{Verifier, VerifierBuilder};

use crate::delivery::Delivery;

pub fn verifier(delivery: &Delivery) -> Verifier {
    let mut builder = Verifier::builder(delivery.provider).unwrap();
    builder = delivery.secret.iter().fold(builder, VerifierBuilder::secret);
    builder = delivery.issuer.iter().fold(builder, VerifierBuilder::issuer);
    builder = delivery.audience.iter().fold(builder, VerifierBuilder::audience);
    delivery.jwks.iter().fold(builder, VerifierBuilder::jwks).build().unwrap()
}
