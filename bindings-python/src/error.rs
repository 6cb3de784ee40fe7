//! Turns the core's errors into Python's exceptions, whose classes stand in `hookproof/_errors.py`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hookproof::{Code, Error, Kind};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

use crate::forced_panic::forced_panic;

/// Runs an export so that a panic becomes an exception like any other.
///
/// The framework's own `PanicException` is no `Exception`: it would pass every `except Exception` of a server
/// and end its worker. No panic is known to be reachable; if there is one, whoever sends requests must not be
/// able to use it. It then arrives as the base class `HookproofError` with the code `internal_error`.
pub(crate) fn guard<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let work = || {
        forced_panic("export");
        work()
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let message = "hookproof failed inside: please report what it was given";
        Err(exception(py, classes(py).map(|classes| &classes.base), intern!(py, "internal_error"), message))
    })
}

/// Makes the exception for an error of the core.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    coded(py, error.code(), error.message())
}

/// Makes the exception for a code of the core that a conversion found.
pub(crate) fn coded(py: Python<'_>, code: Code, message: &str) -> PyErr {
    exception(py, classes(py).map(|classes| classes.of(code.kind())), &name(py, code), message)
}

/// Makes the exception for an option with a value that it cannot have.
pub(crate) fn invalid_option(py: Python<'_>, message: &str) -> PyErr {
    coded(py, Code::InvalidOption, message)
}

fn exception(
    py: Python<'_>,
    class: PyResult<&Py<PyAny>>,
    code: &Bound<'_, PyString>,
    message: &str,
) -> PyErr {
    let built = class.and_then(|class| {
        let instance = class.bind(py).call1((message,))?;
        instance.setattr(intern!(py, "code"), code)?;
        Ok(PyErr::from_value(instance))
    });
    built.unwrap_or_else(|error| error)
}

/// Returns a code as text. Its object is kept: looking for it anew takes a fifth of the time of a refusal.
fn name(py: Python<'_>, code: Code) -> Bound<'_, PyString> {
    static NAMES: PyOnceLock<Vec<(Code, Py<PyString>)>> = PyOnceLock::new();
    let interned = |code: Code| PyString::intern(py, code.as_str());
    let names =
        NAMES.get_or_init(py, || Code::ALL.iter().map(|code| (*code, interned(*code).unbind())).collect());
    let found = names.iter().find(|(known, _)| *known == code);
    found.map_or_else(|| interned(code), |(_, name)| name.bind(py).clone())
}

/// The exception classes, one for each kind.
struct Classes {
    base: Py<PyAny>,
    configuration: Py<PyAny>,
    verification: Py<PyAny>,
    payload: Py<PyAny>,
    keys_unavailable: Py<PyAny>,
}

impl Classes {
    fn of(&self, kind: Kind) -> &Py<PyAny> {
        match kind {
            Kind::Configuration => &self.configuration,
            Kind::Verification => &self.verification,
            Kind::Payload => &self.payload,
            Kind::KeysUnavailable => &self.keys_unavailable,
        }
    }
}

fn classes(py: Python<'_>) -> PyResult<&Classes> {
    static CLASSES: PyOnceLock<Classes> = PyOnceLock::new();
    CLASSES.get_or_try_init(py, || {
        let module = py.import("hookproof._errors")?;
        let class = |name: &str| module.getattr(name).map(Bound::unbind);
        Ok(Classes {
            base: class("HookproofError")?,
            configuration: class(Kind::Configuration.class_name())?,
            verification: class(Kind::Verification.class_name())?,
            payload: class(Kind::Payload.class_name())?,
            keys_unavailable: class(Kind::KeysUnavailable.class_name())?,
        })
    })
}
