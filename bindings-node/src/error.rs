//! Errors of the core as values that the face throws.

use hookproof::Error;
use napi::Either;

use crate::convert::Record;

/// The class, the code and the sentence of an error.
pub(crate) type Failure = Vec<String>;

/// What an export gives that may fail. The face tells the two apart: only a failure is an array.
pub(crate) type Fallible<T> = Either<T, Failure>;

/// Makes the value of a call's result.
pub(crate) fn fallible<T>(result: Result<T, Error>) -> Fallible<T> {
    match result {
        Ok(value) => Either::A(value),
        Err(error) => {
            let (class, code) = (error.kind().class_name(), error.code().as_str());
            Either::B(vec![class.to_owned(), code.to_owned(), error.to_string()])
        }
    }
}

/// Writes an error as a record, where a call gives a record.
pub(crate) fn record(error: &Error) -> Record {
    let mut record = Record::new('!');
    record.text(Some(error.kind().class_name()));
    record.text(Some(error.code().as_str()));
    record.text(Some(&error.to_string()));
    record
}
