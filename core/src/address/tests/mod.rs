//! Which addresses are refused, and for what reason.

mod blocks;
mod embedded;
mod properties;
mod rules;

use super::*;
use AddressRefusal as Refusal;

const NONE: [&str; 0] = [];

fn address(text: &str) -> IpAddr {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn refusal(text: &str) -> Option<Refusal> {
    AddressPolicy::default().refusal(address(text))
}
