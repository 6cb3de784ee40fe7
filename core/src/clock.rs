//! The system's clock, for what takes no moment from its caller.

use std::time::SystemTime;

/// Reads the system's clock in unix milliseconds. A clock before 1970 reads 0.
pub(crate) fn unix_millis() -> i64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Reads the system's clock in whole unix seconds.
pub(crate) fn unix_seconds() -> i64 {
    unix_millis() / 1000
}
