//! The command line.

use std::ffi::OsString;

use napi_derive::napi;

/// Runs the command line `hookproof` with these arguments, the program's name first, and returns its exit status.
#[napi(catch_unwind)]
pub fn run_cli(args: Vec<String>) -> u32 {
    hookproof::cli::run(args.into_iter().map(OsString::from)).into()
}
