//! The command line, as `cargo install hookproof --features cli` installs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(hookproof::cli::run(std::env::args_os()))
}
