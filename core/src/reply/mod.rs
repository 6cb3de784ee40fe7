//! How a receiver answers: what can come of a request, and the reply that each provider expects for it.

mod outcome;
mod replies;

pub use outcome::Outcome;
pub use replies::{Replies, Reply};
