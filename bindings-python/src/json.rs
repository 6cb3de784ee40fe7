//! Crosses JSON as text, read and written by Python's own `json`.

use hookproof::Code;
use pyo3::exceptions::{PyRecursionError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

use crate::convert::{text, text_or, wrong_type};
use crate::error::coded;

/// Parses JSON text that the core has checked. `what` it is stands in the message of the error.
pub(crate) fn parse<'py>(py: Python<'py>, what: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    // The text and not its bytes: `json.loads` guesses the encoding of bytes, and could guess another one.
    LOADS.import(py, "json", "loads")?.call1((text,)).map_err(|error| {
        // Python refuses to convert integers of more than 4300 digits, and a sender must not be able to raise
        // a ValueError that nobody expects.
        let reason = if error.is_instance_of::<PyRecursionError>(py) {
            "is nested too deeply for Python's remaining stack"
        } else if error.is_instance_of::<PyValueError>(py) {
            "has an integer of more digits than Python converts"
        } else {
            return error;
        };
        coded(py, Code::MalformedBody, &format!("{what} {reason}"))
    })
}

/// Writes a value as JSON text; `what` it is stands in the message of the error, which has this code.
pub(crate) fn write(what: &str, value: &Bound<'_, PyAny>, code: Code) -> PyResult<String> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "allow_nan"), false)?;
    let text = DUMPS.import(py, "json", "dumps")?.call((value,), Some(&options)).map_err(|error| {
        if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyRecursionError>(py) {
            coded(py, code, &format!("{what} cannot be written as JSON: {}", error.value(py)))
        } else {
            error
        }
    })?;
    Ok(text.cast::<PyString>()?.to_str()?.to_owned())
}

/// Reads a key set, a JSON document that is given as text or as a dict.
pub(crate) fn key_set(what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyString>() {
        return text_or(Code::InvalidKey, what, value);
    }
    if !value.is_instance_of::<PyDict>() {
        return Err(wrong_type(what, value, "a dict or JSON text"));
    }
    write(what, value, Code::InvalidKey)
}

/// Reads claims: a dict of names to values of any JSON type.
pub(crate) fn claims(value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, String)>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let claims = value.cast::<PyDict>().map_err(|_| wrong_type("the option claims", value, "a dict"))?;
    claims
        .items()
        .iter()
        .map(|item| {
            let (name, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            let name = text("a claim's name", &name)?;
            let json = write(&format!("the claim {name:?}"), &value, Code::InvalidOption)?;
            Ok((name, json))
        })
        .collect()
}
