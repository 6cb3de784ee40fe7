//! Measures hookproof beside what a user of Rust would pick instead: `measure FILE [--rounds N] [--quick]`.
//!
//! FILE is what `tests/bench/deliveries.py` wrote, at most five minutes ago: the libraries look at the clock.

mod by_hand;
mod signed;
mod tokens;

use hookproof_bench::Failure;
use hookproof_bench::deliveries::Deliveries;
use hookproof_bench::options::Options;
use hookproof_bench::output::print_versions;

fn main() -> Result<(), Failure> {
    let options = Options::of_this_process()?;
    let deliveries = Deliveries::read(&options.file.ok_or("the file of the deliveries is missing")?)?;
    print_versions(&["hookproof", "standardwebhooks", "svix", "jsonwebtoken", "hmac", "sha2", "aws-lc-rs"]);
    for delivery in &deliveries.signed {
        signed::measure(delivery, options.pace)?;
    }
    tokens::measure(&deliveries.tokens, options.pace)
}
