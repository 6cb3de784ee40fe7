//! Reads the body of a request: the bytes that were received.

use hookproof::Code;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMemoryView, PyString};

use crate::convert::wrong_type;
use crate::error::coded;
use crate::fork;

/// From how many bytes on other threads may run meanwhile. Letting go of the interpreter and taking it again
/// costs about 30 ns, hashing this much about 1 µs.
const DETACHED_FROM: usize = 2048;

/// Does work that reads a whole body of this length. Holding the interpreter while a large one is hashed would make
/// the other threads of a server wait for it.
pub(crate) fn detached<T: Send>(py: Python<'_>, length: usize, work: impl FnOnce() -> T + Send) -> T {
    if length < DETACHED_FROM { work() } else { fork::detached(py, work) }
}

/// Returns the body as bytes: the very object where it is bytes already, UTF-8 where it is text, a copy where
/// it could change under the hands of the verifier.
pub(crate) fn bytes<'py>(body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = body.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    let py = body.py();
    if let Ok(text) = body.cast::<PyString>() {
        return encoded(text);
    }
    if body.is_instance_of::<PyDict>() || body.is_instance_of::<PyList>() {
        // Writing it again would give other bytes than those that were signed, now and then.
        let message = "the body was parsed before it was verified: pass the raw bytes, such as request.body in \
                       Django, request.get_data() in Flask or await request.body() in FastAPI";
        return Err(coded(py, Code::BodyAlreadyParsed, message));
    }
    let view = PyMemoryView::from(body).map_err(|_| wrong_type("the body", body, "bytes or str"))?;
    Ok(view.call_method0(intern!(py, "tobytes"))?.cast_into::<PyBytes>()?)
}

/// Encodes a text as UTF-8. A lone surrogate, which has no such form, gets bytes that no sender can have
/// signed as JSON, so that the request is refused as unauthentic and not with a `UnicodeEncodeError`.
fn encoded<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    let py = text.py();
    match text.to_str() {
        Ok(text) => Ok(PyBytes::new(py, text.as_bytes())),
        Err(_) => Ok(text
            .call_method1(intern!(py, "encode"), (intern!(py, "utf-8"), intern!(py, "surrogatepass")))?
            .cast_into::<PyBytes>()?),
    }
}
