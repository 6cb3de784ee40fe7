//! Processor time of this thread, and how fast the processor is.

use std::hint::black_box;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// How long the machine that the limits were set on takes for one SHA-256 of a mebibyte.
const USUAL_FLOOR: Duration = Duration::from_micros(600);

/// Tells how many times slower this machine is, never less than once.
pub(crate) fn slowness(floor: Duration) -> f64 {
    (floor.as_secs_f64() / USUAL_FLOOR.as_secs_f64()).max(1.0)
}

/// Measures one SHA-256 of a mebibyte: what a provider's signature costs at least.
pub(crate) fn floor() -> Duration {
    let body = vec![b'a'; 1 << 20];
    (0..20).map(|_| took(|| Sha256::digest(black_box(&body)))).min().unwrap_or(USUAL_FLOOR)
}

/// Measures the processor time of one call: other programs do not count.
pub(crate) fn took<T>(call: impl FnOnce() -> T) -> Duration {
    let started = now();
    black_box(call());
    now().saturating_sub(started)
}

#[cfg(unix)]
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// Where a thread's time cannot be asked for, the clock on the wall has to do.
#[cfg(not(unix))]
fn now() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
