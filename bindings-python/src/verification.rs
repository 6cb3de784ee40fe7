//! A verification, and all that it reads.

use hookproof::Request;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::body;
use crate::convert::{moment, optional_text};
use crate::error::raised;
use crate::event::Event;
use crate::forced_panic::forced_panic;
use crate::headers::Lines;

/// A verification: its verifier, and its arguments, read.
pub(crate) struct Verification<'v, 'py> {
    verifier: &'v hookproof::Verifier,
    body: Bound<'py, PyBytes>,
    pub(crate) lines: Lines<'v, 'py>,
    method: Option<String>,
    url: Option<String>,
    now: i64,
}

impl<'v, 'py> Verification<'v, 'py> {
    pub(crate) fn read(
        verifier: &'v hookproof::Verifier,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        method: Option<&Bound<'py, PyAny>>,
        url: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let (body, lines) = (body::bytes(body)?, Lines::collect(verifier, headers)?);
        let (method, url) = (optional_text("method", method)?, optional_text("url", url)?);
        Ok(Self { verifier, body, lines, method, url, now: moment(now)? })
    }

    pub(crate) fn verify(&self) -> PyResult<Bound<'py, Event>> {
        self.judge().unwrap_or_else(|error| Err(raised(self.body.py(), &error)))
    }

    /// Verifies, and keeps the core's error for who asks for its code; the other one is Python's.
    pub(crate) fn judge(&self) -> Result<PyResult<Bound<'py, Event>>, hookproof::Error> {
        let (verifier, pairs) = (self.verifier, self.lines.as_pairs());
        let event = self.run(&pairs, |request, now| verifier.verify_at(request, now))?;
        Ok(Event::bound(verifier, &event, &self.body))
    }

    /// Does some work on the request.
    pub(crate) fn run<'a, T: Send>(
        &'a self,
        lines: &'a (dyn hookproof::Headers + Sync),
        work: impl FnOnce(&Request<'a>, i64) -> T + Send,
    ) -> T {
        let bytes = self.body.as_bytes();
        let (method, url, now) = (self.method.as_deref(), self.url.as_deref(), self.now);
        let work = || {
            forced_panic("request");
            let mut request = Request::new(bytes, lines);
            request.method = method;
            request.url = url;
            work(&request, now)
        };
        body::detached(self.body.py(), bytes.len(), work)
    }
}
