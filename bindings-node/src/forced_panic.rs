//! A panic on demand, for the test that none crosses into the host: `tests/audit/panics`.

/// Panics where `HOOKPROOF_FORCED_PANIC` names the place. Debug builds alone have it: whoever can set a variable in the
/// environment of a server must not be able to make its verifier fail.
#[cfg(debug_assertions)]
pub(crate) fn forced_panic(place: &str) {
    let wanted = std::env::var_os("HOOKPROOF_FORCED_PANIC");
    assert!(wanted.is_none_or(|wanted| wanted != place), "forced at {place}");
}

#[cfg(not(debug_assertions))]
pub(crate) fn forced_panic(_place: &str) {}
