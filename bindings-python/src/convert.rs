//! Reads arguments: text, numbers, times. A wrong type is a `TypeError`, a wrong value `invalid_option`.

use std::time::Duration;

use hookproof::{Code, Timestamp};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDelta, PyFloat, PyInt, PyString};

use crate::clock::unix_seconds;
use crate::error::{coded, invalid_option};

/// Makes the `TypeError` for an argument that is something else.
pub(crate) fn wrong_type(what: &str, found: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    let name = found.get_type().name().map_or_else(|_| "of another type".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{what} is {name}, expected {expected}"))
}

/// Writes a text as Python's `repr` does.
pub(crate) fn repr(py: Python<'_>, text: Option<&str>) -> PyResult<String> {
    text.map_or_else(
        || Ok("None".to_owned()),
        |text| Ok(PyString::new(py, text).repr()?.to_string_lossy().into_owned()),
    )
}

/// Reads a text.
pub(crate) fn text(what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    text_or(Code::InvalidOption, what, value)
}

/// Reads a text; the code is that of the error for one that is no Unicode.
pub(crate) fn text_or(code: Code, what: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = value.cast::<PyString>().map_err(|_| wrong_type(what, value, "str"))?;
    // A lone surrogate has no UTF-8 form. It must not leave as UnicodeEncodeError, which is a ValueError.
    text.to_str()
        .map(str::to_owned)
        .map_err(|_| coded(value.py(), code, &format!("{what} is no Unicode text: it has a lone surrogate")))
}

/// Reads a text that may be absent.
pub(crate) fn optional_text(what: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<String>> {
    value.map(|value| text(what, value)).transpose()
}

/// Reads one text or several.
pub(crate) fn texts(what: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    if value.is_instance_of::<PyString>() {
        return Ok(vec![text(what, value)?]);
    }
    if value.is_instance_of::<PyBytes>() {
        return Err(wrong_type(what, value, "str or a list of str"));
    }
    let items = value.try_iter().map_err(|_| wrong_type(what, value, "str or a list of str"))?;
    items.map(|item| text(what, &item?)).collect()
}

/// Reads the secrets, text or bytes, one or a list of them. They stay Python's objects: no copy stays behind
/// here.
pub(crate) fn secrets<'py>(value: Option<&Bound<'py, PyAny>>) -> PyResult<Vec<Octets<'py>>> {
    const EXPECTED: &str = "str, bytes or a list of them";
    let Some(value) = value else { return Ok(Vec::new()) };
    let one = |secret: &Bound<'py, PyAny>| {
        let octets = Octets::of(secret).ok_or_else(|| wrong_type("the secret", secret, EXPECTED))?;
        if octets.bytes().is_none() {
            let message = "the secret is no Unicode text: it has a lone surrogate; give its bytes";
            return Err(coded(secret.py(), Code::InvalidSecret, message));
        }
        Ok(octets)
    };
    if Octets::of(value).is_some() {
        return Ok(vec![one(value)?]);
    }
    let items = value.try_iter().map_err(|_| wrong_type("the secret", value, EXPECTED))?;
    items.map(|secret| one(&secret?)).collect()
}

/// Bytes that Python keeps as bytes or as text, which stands for its UTF-8.
pub(crate) enum Octets<'py> {
    Text(Bound<'py, PyString>),
    Bytes(Bound<'py, PyBytes>),
}

impl<'py> Octets<'py> {
    pub(crate) fn of(value: &Bound<'py, PyAny>) -> Option<Self> {
        if let Some(text) = as_text(value) {
            Some(Self::Text(text.clone()))
        } else {
            value.cast::<PyBytes>().ok().map(|bytes| Self::Bytes(bytes.clone()))
        }
    }

    /// Lends the bytes; nothing for a text with a lone surrogate, which has no UTF-8 form.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => text.to_str().ok().map(str::as_bytes),
            Self::Bytes(bytes) => Some(bytes.as_bytes()),
        }
    }
}

/// Takes a value for a text, if it is one.
pub(crate) fn as_text<'a, 'py>(value: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyString>> {
    // Most are no subclass, and that is seen without a call of the interpreter.
    value.cast_exact().ok().or_else(|| value.cast().ok())
}

/// Reads a duration: seconds as a number, or a `timedelta`.
pub(crate) fn duration(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let found = if value.is_instance_of::<PyDelta>() {
        value.extract::<Duration>().ok()
    } else if value.is_instance_of::<PyInt>() {
        value.extract::<u64>().ok().map(Duration::from_secs)
    } else if value.is_instance_of::<PyFloat>() {
        value.extract::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    } else {
        return Err(wrong_type(what, value, "int, float or timedelta"));
    };
    found.ok_or_else(|| invalid_option(value.py(), &format!("{what} is not a number of seconds from 0 up")))
}

/// Reads a duration that may be absent.
pub(crate) fn optional_duration(what: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Duration>> {
    value.map(|value| duration(what, value)).transpose()
}

/// Reads a whole number that fits; the range is in the error.
pub(crate) fn number<'py, N>(what: &str, value: &Bound<'py, PyAny>, range: &str) -> PyResult<N>
where
    N: for<'a> FromPyObject<'a, 'py>,
{
    let number = value.cast::<PyInt>().map_err(|_| wrong_type(what, value, "int"))?;
    number.extract().map_err(|_| invalid_option(value.py(), &format!("{what} is not a whole number {range}")))
}

/// Reads a seed, 0 to 2^64 - 1.
pub(crate) fn seed(value: &Bound<'_, PyAny>) -> PyResult<u64> {
    number("the seed", value, "from 0 to 18446744073709551615")
}

/// Reads the moment `now` in unix seconds, a fraction cut off downwards; the system's clock where none is
/// given.
pub(crate) fn moment(value: Option<&Bound<'_, PyAny>>) -> PyResult<i64> {
    let Some(value) = value else { return Ok(unix_seconds()) };
    let seconds = if value.is_instance_of::<PyInt>() {
        value.extract().ok()
    } else if value.is_instance_of::<PyFloat>() {
        // NaN and the infinities raise here. They must not compare their way past a tolerance.
        value.call_method0(intern!(value.py(), "__floor__")).and_then(|whole| whole.extract()).ok()
    } else {
        return Err(wrong_type("now", value, "int or float"));
    };
    seconds.ok_or_else(|| invalid_option(value.py(), "now is not a moment in unix seconds"))
}

/// Makes a `datetime` in UTC, or nothing for a moment outside of the years 1 to 9999.
pub(crate) fn datetime(py: Python<'_>, moment: Timestamp) -> PyResult<Option<Bound<'_, PyAny>>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let epoch = EPOCH.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        let utc = module.getattr("timezone")?.getattr("utc")?;
        module.getattr("datetime")?.call1((1970, 1, 1, 0, 0, 0, 0, utc)).map(Bound::unbind)
    })?;
    let (days, seconds) =
        (moment.unix_seconds().div_euclid(86_400), moment.unix_seconds().rem_euclid(86_400));
    let microseconds = moment.subsec_nanoseconds() / 1000;
    let since = match (i32::try_from(days), i32::try_from(seconds), i32::try_from(microseconds)) {
        (Ok(days), Ok(seconds), Ok(microseconds)) => PyDelta::new(py, days, seconds, microseconds, true),
        _ => return Ok(None),
    };
    // Python raises OverflowError for years that it does not have, and a sender's odd date must break
    // nothing.
    Ok(since.and_then(|since| epoch.bind(py).add(since)).ok())
}
