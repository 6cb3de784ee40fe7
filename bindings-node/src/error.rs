//! Errors of the core as values that the face throws.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hookproof::Error;
use napi::Either;

use crate::convert::Record;
use crate::forced_panic::forced_panic;

/// The class, the code and the sentence of an error.
pub(crate) type Failure = Vec<String>;

/// What an export gives that may fail. The face tells the two apart: only a failure is an array.
pub(crate) type Fallible<T> = Either<T, Failure>;

/// The class, the code and the sentence for a panic: no panic is known to be reachable, and what it said is not told.
const INSIDE: [&str; 3] =
    ["HookproofError", "internal_error", "hookproof failed inside: please report what it was given"];

/// Runs a bound function so that a panic becomes a failure like any other; `failed` turns that into its value.
///
/// The other exports are guarded by napi, and the face gives what that throws the same class, code and sentence.
pub(crate) fn guard<T>(work: impl FnOnce() -> T, failed: impl FnOnce([&str; 3]) -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| failed(INSIDE))
}

/// Makes the value of a call's result.
pub(crate) fn fallible<T>(result: Result<T, Error>) -> Fallible<T> {
    forced_panic("export");
    match result {
        Ok(value) => Either::A(value),
        Err(error) => {
            let (class, code) = (error.kind().class_name(), error.code().as_str());
            Either::B(vec![class.to_owned(), code.to_owned(), error.message().to_owned()])
        }
    }
}

/// Writes an error as a record, where a call gives a record.
pub(crate) fn record(error: &Error) -> Record {
    record_of([error.kind().class_name(), error.code().as_str(), error.message()])
}

/// Writes the class, the code and the sentence of an error as a record.
pub(crate) fn record_of(parts: [&str; 3]) -> Record {
    let mut record = Record::new('!');
    for part in parts {
        record.text(Some(part));
    }
    record
}
