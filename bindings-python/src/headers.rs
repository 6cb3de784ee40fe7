//! Reads headers in the shapes that Python's frameworks keep them in.

use std::borrow::Cow;

use hookproof::Verifier;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::convert::{Octets, wrong_type};

const SHAPES: &str = "a mapping or an iterable of pairs of str or bytes";

/// The header lines of one request.
pub(crate) struct Lines<'v, 'py> {
    /// Whose headers are collected; without one all are.
    verifier: Option<&'v Verifier>,
    lines: Vec<(Cow<'v, [u8]>, Octets<'py>)>,
}

impl<'v, 'py> Lines<'v, 'py> {
    /// Collects the lines that the verifier reads; the others are not looked at.
    pub(crate) fn collect(verifier: &'v Verifier, headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        Self::read(Some(verifier), headers)
    }

    /// Collects all lines.
    pub(crate) fn all(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        Self::read(None, headers)
    }

    /// Reads the lines out of a dict, another mapping, any object with `items()`, or an iterable of pairs.
    fn read(verifier: Option<&'v Verifier>, headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut lines = Self { verifier, lines: Vec::with_capacity(4) };
        if let Ok(dict) = headers.cast_exact::<PyDict>() {
            for (name, value) in dict {
                lines.add(&name, &value)?;
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
            let (name, value) = split(&pair?)?;
            lines.add(&name, &value)?;
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

    fn add(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let Some(name) = self.wanted(name)? else { return Ok(()) };
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
        let name = if let Ok(text) = name.cast::<PyString>() {
            // A name with a lone surrogate is nobody's.
            text.to_str().map_or(&b""[..], str::as_bytes)
        } else if let Ok(bytes) = name.cast::<PyBytes>() {
            bytes.as_bytes()
        } else {
            return Err(wrong_type("a header's name", name, "str or bytes"));
        };
        let Some(verifier) = self.verifier else {
            return Ok(Some(Cow::Owned(name.to_vec())));
        };
        let mut known = verifier.header_names().map(str::as_bytes);
        Ok(known.find(|known| known.eq_ignore_ascii_case(name)).map(Cow::Borrowed))
    }
}

type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Takes a pair apart: a tuple, or a list as some ASGI servers have it.
fn split<'py>(pair: &Bound<'py, PyAny>) -> PyResult<Pair<'py>> {
    if let Ok(tuple) = pair.cast::<PyTuple>() {
        return tuple.extract().map_err(|_| wrong_pair(pair));
    }
    let list = pair.cast::<PyList>().map_err(|_| wrong_pair(pair))?;
    list.to_tuple().extract().map_err(|_| wrong_pair(pair))
}

fn wrong_pair(pair: &Bound<'_, PyAny>) -> PyErr {
    wrong_type("an item of headers", pair, "a pair of a name and a value")
}
