//! A verification, and all that it reads.

use std::sync::Arc;

use hookproof::Request;
use napi::bindgen_prelude::{Buffer, FunctionCallContext};
use napi::{Env, Result, Task};

use crate::convert::Text;
use crate::error::guard;
use crate::forced_panic::forced_panic;
use crate::headers::{Lines, Named};
use crate::{body, error, event};

/// A verification in another thread, with all that it reads.
pub struct Verification {
    verifier: hookproof::Verifier,
    body: Buffer,
    now: i64,
    names: Arc<[String]>,
    lines: Lines,
    method: Option<String>,
    url: Option<String>,
}

impl Task for Verification {
    type Output = Vec<String>;
    type JsValue = Vec<String>;

    fn compute(&mut self) -> Result<Vec<String>> {
        // A panic that reaches the thread pool would abort the process, and napi guards no task.
        Ok(guard(|| self.judge(), |inside| vec![error::record_of(inside).finish()]))
    }

    fn resolve(&mut self, _env: Env, output: Vec<String>) -> Result<Vec<String>> {
        Ok(output)
    }
}

impl Verification {
    /// Reads the arguments of a bound function.
    pub(crate) fn read(
        verifier: hookproof::Verifier,
        names: Arc<[String]>,
        call: &FunctionCallContext,
    ) -> Result<Self> {
        let rest = names.len().saturating_add(2);
        Ok(Self {
            verifier,
            body: call.get(0)?,
            now: call.get(1)?,
            lines: Lines::read(call, 2, &names)?,
            names,
            method: optional(call, rest)?,
            url: optional(call, rest.saturating_add(1))?,
        })
    }

    /// Gives the record of an event and its idempotency key, or the record of an error alone.
    fn judge(&self) -> Vec<String> {
        forced_panic("thread");
        let headers = Named { names: &self.names, lines: &self.lines };
        let mut request = Request::new(&self.body, &headers);
        request.method = self.method.as_deref();
        request.url = self.url.as_deref();
        match self.verifier.verify_at(&request, self.now) {
            // The key may be a hash of the whole body, which is not to be made in the event loop either.
            Ok(event) => vec![event::record(&event).finish(), event.idempotency_key()],
            Err(error) => vec![error::record(&error).finish()],
        }
    }
}

pub(crate) fn verify(verifier: &hookproof::Verifier, request: &Request<'_>, now: i64) -> Text {
    let record = match verifier.verify_at(request, now) {
        Ok(event) => event::record(&event),
        Err(error) => error::record(&error),
    };
    record.cross()
}

/// Reads the request and the moment out of the arguments of a bound function.
pub(crate) fn with_request<T>(
    names: &[String],
    call: &FunctionCallContext,
    judge: impl FnOnce(&Request<'_>, i64) -> T,
) -> Result<T> {
    let body = body::argument(call, 0)?;
    let now: i64 = call.get(1)?;
    let lines = Lines::read(call, 2, names)?;
    let headers = Named { names, lines: &lines };
    let rest = names.len().saturating_add(2);
    let (method, url) = (optional(call, rest)?, optional(call, rest.saturating_add(1))?);
    let mut request = Request::new(&body, &headers);
    request.method = method.as_deref();
    request.url = url.as_deref();
    forced_panic("request");
    Ok(judge(&request, now))
}

fn optional(call: &FunctionCallContext, index: usize) -> Result<Option<String>> {
    if index < call.length() { call.get(index) } else { Ok(None) }
}
