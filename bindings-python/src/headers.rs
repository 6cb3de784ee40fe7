//! Reads headers in the shapes that Python's frameworks keep them in.

use std::borrow::Cow;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::convert::{Octets, as_text, wrong_type};
use crate::error::guard;

const SHAPES: &str = "a mapping or an iterable of pairs of str or bytes";

/// The header lines of one request.
pub(crate) struct Lines<'v, 'py> {
    /// Whose headers are collected; without one all are.
    verifier: Option<&'v hookproof::Verifier>,
    lines: Vec<(Cow<'v, [u8]>, Octets<'py>)>,
}

impl<'v, 'py> Lines<'v, 'py> {
    /// Collects the lines that a verifier reads; the others are not looked at.
    pub(crate) fn collect(verifier: &'v hookproof::Verifier, headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        Self::read(Some(verifier), headers)
    }

    /// Collects all lines.
    pub(crate) fn all(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        Self::read(None, headers)
    }

    /// Reads the lines out of a dict, another mapping, any object with `items()`, or an iterable of pairs.
    fn read(verifier: Option<&'v hookproof::Verifier>, headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut lines = Self { verifier, lines: Vec::with_capacity(4) };
        if let Ok(dict) = headers.cast_exact::<PyDict>() {
            for (name, value) in dict {
                lines.add(&name, &value)?;
            }
            return Ok(lines);
        }
        if let Ok(list) = headers.cast_exact::<PyList>() {
            for pair in list {
                lines.add_pair(&pair)?;
            }
            return Ok(lines);
        }
        if let Ok(environ) = headers.cast_exact::<EnvironHeaders>() {
            let mut name = Vec::with_capacity(64);
            for (key, value) in environ.get().dict.bind(headers.py()) {
                lines.add_of_environ(&key, &value, &mut name)?;
            }
            return Ok(lines);
        }
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
            return Err(wrong_type("headers", headers, SHAPES));
        }
        // `items` and not `keys`: multi-valued mappings list a repeated header there once for each line.
        let pairs = match headers.getattr_opt(intern!(headers.py(), "items"))? {
            Some(items) => items.call0()?.try_iter()?,
            None => headers.try_iter().map_err(|_| wrong_type("headers", headers, SHAPES))?,
        };
        for pair in pairs {
            lines.add_pair(&pair?)?;
        }
        Ok(lines)
    }

    /// Lends the lines to the core, text as its UTF-8.
    ///
    /// Not as Latin-1: narrowing UTF-16 units or code points to bytes once turned another id into the signed
    /// one. As UTF-8 whatever is not ASCII is seen, and refused, by the core. A lone surrogate has no UTF-8
    /// form; one byte that is not ASCII stands for it, and is refused alike.
    pub(crate) fn as_pairs(&self) -> Vec<(&[u8], &[u8])> {
        self.lines.iter().map(|(name, value)| (&**name, value.bytes().unwrap_or(b"\xff"))).collect()
    }

    /// Takes a pair apart: a tuple, or a list as some ASGI servers have it.
    fn add_pair(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>() {
            if tuple.len() != 2 {
                return Err(wrong_pair(pair));
            }
            let (name, value) = (tuple.get_borrowed_item(0)?, tuple.get_borrowed_item(1)?);
            return self.add(&name, &value);
        }
        let list = pair.cast::<PyList>().map_err(|_| wrong_pair(pair))?;
        let (name, value) = list.to_tuple().extract::<Pair<'_>>().map_err(|_| wrong_pair(pair))?;
        self.add(&name, &value)
    }

    /// Adds an item of an environ, if it is a header. Its name is written into room that is there for it.
    fn add_of_environ(
        &mut self,
        key: &Bound<'py, PyAny>,
        value: &Bound<'py, PyAny>,
        name: &mut Vec<u8>,
    ) -> PyResult<()> {
        let key = as_text(key).and_then(|key| key.to_str().ok());
        let Some(underscored) = key.and_then(header) else { return Ok(()) };
        name.clear();
        name.extend(underscored.bytes().map(|byte| if byte == b'_' { b'-' } else { byte }));
        self.wanted_bytes(name).map_or(Ok(()), |name| self.add_lines(name, value))
    }

    fn add(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        self.wanted(name)?.map_or(Ok(()), |name| self.add_lines(name, value))
    }

    /// Adds the value of a header: a text, bytes, or a list of them.
    fn add_lines(&mut self, name: Cow<'v, [u8]>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Some(value) = Octets::of(value) {
            self.lines.push((name, value));
            return Ok(());
        }
        if value.is_none() {
            // What `headers.get(name)` gives for an absent header.
            return Ok(());
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            for line in value.try_iter()? {
                self.push(name.clone(), &line?)?;
            }
            return Ok(());
        }
        self.push(name, value)
    }

    fn push(&mut self, name: Cow<'v, [u8]>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let value = Octets::of(value).ok_or_else(|| {
            let name = String::from_utf8_lossy(&name);
            wrong_type(&format!("the header {name}"), value, "str or bytes")
        })?;
        self.lines.push((name, value));
        Ok(())
    }

    /// Returns the name of a line to collect, as the verifier spells it where there is one.
    fn wanted(&self, name: &Bound<'py, PyAny>) -> PyResult<Option<Cow<'v, [u8]>>> {
        let name = if let Some(text) = as_text(name) {
            // A name with a lone surrogate is nobody's.
            text.to_str().map_or(&b""[..], str::as_bytes)
        } else if let Ok(bytes) = name.cast::<PyBytes>() {
            bytes.as_bytes()
        } else {
            return Err(wrong_type("a header's name", name, "str or bytes"));
        };
        Ok(self.wanted_bytes(name))
    }

    fn wanted_bytes(&self, name: &[u8]) -> Option<Cow<'v, [u8]>> {
        match self.verifier {
            Some(verifier) => verifier.header_name(name).map(|name| Cow::Borrowed(name.as_bytes())),
            None => Some(Cow::Owned(name.to_vec())),
        }
    }
}

type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

fn wrong_pair(pair: &Bound<'_, PyAny>) -> PyErr {
    wrong_type("an item of headers", pair, "a pair of a name and a value")
}

/// The headers in an environ of WSGI, or in Django's `META`; made at no cost, and read without copying them.
#[pyclass(frozen, module = "hookproof._native")]
pub(crate) struct EnvironHeaders {
    dict: Py<PyDict>,
}

#[pymethods]
impl EnvironHeaders {
    #[new]
    fn __new__(environ: Py<PyDict>) -> Self {
        Self { dict: environ }
    }

    /// Lists the headers, each with its name as it is on the wire but for case.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
        guard(py, || {
            let mut items = Vec::new();
            for (key, value) in self.dict.bind(py) {
                let key = as_text(&key).and_then(|key| key.to_str().ok());
                if let Some(name) = key.and_then(header) {
                    items.push((name.replace('_', "-"), value));
                }
            }
            Ok(items)
        })
    }

    /// Returns a header by its name in lower case; None where it is absent.
    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || {
            let name = name.to_ascii_uppercase().replace('-', "_");
            let key = if is_plain(&name) { name } else { format!("HTTP_{name}") };
            self.dict.bind(py).get_item(key)
        })
    }
}

/// Returns the name of the header under a key, with underscores for hyphens; nothing for what is no header.
///
/// `HTTP_CONTENT_TYPE` is none: only who sends a header with an underscore can make it, and a second reader would take
/// it for the type of the body.
fn header(key: &str) -> Option<&str> {
    match key.strip_prefix("HTTP_") {
        Some(name) => (!is_plain(name)).then_some(name),
        None => is_plain(key).then_some(key),
    }
}

/// Tells the two names that stand for themselves.
fn is_plain(name: &str) -> bool {
    matches!(name, "CONTENT_TYPE" | "CONTENT_LENGTH")
}
