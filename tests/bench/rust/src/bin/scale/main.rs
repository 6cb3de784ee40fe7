//! How the cost grows: `scale FILE [--rounds N] [--quick]`.
//!
//! With threads, verifiers, secrets, signatures and bytes. FILE is what `tests/bench/deliveries.py` wrote.

mod growth;
mod threads;
mod verifiers;

use hookproof_bench::Failure;
use hookproof_bench::deliveries::Deliveries;
use hookproof_bench::options::Options;
use hookproof_bench::output::print_versions;

fn main() -> Result<(), Failure> {
    let options = Options::of_this_process()?;
    let deliveries = Deliveries::read(&options.file.ok_or("the file of the deliveries is missing")?)?;
    print_versions(&["hookproof"]);
    // First, as long as nothing that was freed is there to be used again.
    verifiers::measure(&deliveries)?;
    growth::secrets(options.pace)?;
    growth::signatures(options.pace)?;
    growth::bytes(options.pace)?;
    threads::measure(&deliveries, options.pace)
}
