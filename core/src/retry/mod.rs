//! When a sender tries again: the plan as data, the delays, the decision after an attempt.

mod decision;
mod delivery;
mod jitter;
mod plan;
mod policy;
mod retry_after;
mod status;

#[cfg(test)]
mod provider_plans;

pub use decision::{Action, Attempt, Decision};
pub use delivery::{Delivery, DeliveryState};
pub use policy::RetryPolicy;
