//! The system's clock, which a test can stop.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use hookproof::Moment;
use pyo3::prelude::*;

/// Where a test has stopped the clock, in unix milliseconds; `RUNNING` where none has.
static STOPPED: AtomicI64 = AtomicI64::new(RUNNING);
const RUNNING: i64 = i64::MIN;

/// Stops the clock at a moment in unix milliseconds, or lets it run where that is None; returns where it stood.
///
/// It is not what a sender can reach: nothing of a request comes here, only who runs code in this process.
#[pyfunction]
pub(crate) fn stop_clock(millis: Option<i64>) -> Option<i64> {
    stopped(STOPPED.swap(millis.unwrap_or(RUNNING), Ordering::Relaxed))
}

/// Returns where the clock was stopped, in unix milliseconds; None where it runs.
#[pyfunction]
pub(crate) fn stopped_clock() -> Option<i64> {
    stopped(STOPPED.load(Ordering::Relaxed))
}

fn stopped(millis: i64) -> Option<i64> {
    (millis != RUNNING).then_some(millis)
}

/// Reads the clock in whole unix seconds, rounded down. A system's clock before 1970 reads 0, so that everything is
/// too new.
pub(crate) fn unix_seconds() -> i64 {
    match stopped_clock() {
        Some(millis) => millis.div_euclid(1000),
        None => i64::try_from(since_1970().as_secs()).unwrap_or(i64::MAX),
    }
}

/// Reads both clocks of the system, which no test stops: the one that tells the time, and the one that nobody can
/// set. By them keys are fetched.
pub(crate) fn clocks() -> Moment {
    static START: OnceLock<Instant> = OnceLock::new();
    let monotonic = START.get_or_init(Instant::now).elapsed();
    Moment {
        unix_millis: i64::try_from(since_1970().as_millis()).unwrap_or(i64::MAX),
        monotonic_millis: u64::try_from(monotonic.as_millis()).unwrap_or(u64::MAX),
    }
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
