//! Bearer tokens: a compact JWS (RFC 7515) with claims (RFC 7519), verified against the keys of an issuer.
//!
//! What a token says about itself is believed in one direction only: it may be refused for it, never accepted.

mod bearer;
mod cache;
mod claims;
mod compact;
mod equality;
mod header;
mod policy;
mod shared_secret;
mod signing_key;
#[cfg(test)]
pub(crate) mod testing;
mod verify;

pub(crate) use bearer::PresentedToken;
pub(crate) use cache::TokenCache;
pub(crate) use claims::Claims;
pub(crate) use policy::TokenPolicy;
pub(crate) use shared_secret::SharedSecret;
pub(crate) use signing_key::SigningKey;
pub(crate) use verify::{VerifiedToken, verify, verify_shared};
