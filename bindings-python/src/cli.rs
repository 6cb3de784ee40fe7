//! The command line.

use std::ffi::OsString;

use pyo3::prelude::*;

use crate::error::guard;

/// Runs the command line `hookproof` with these arguments, the program's name first, and returns its exit status.
#[pyfunction]
pub(crate) fn run_cli(py: Python<'_>, args: Vec<OsString>) -> PyResult<u8> {
    guard(py, || Ok(py.detach(|| hookproof::cli::run(args))))
}
