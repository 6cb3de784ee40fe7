//! What the programs of this workspace share: the requests that are measured, and the clock.

pub mod deliveries;
pub mod fit;
pub mod options;
pub mod output;
pub mod rounds;

/// What stops a program: a benchmark of anything but its requests would mislead.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
