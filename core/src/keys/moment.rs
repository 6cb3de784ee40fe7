/// A point in time on both clocks of a host, handed in so that nothing here reads one.
///
/// The monotonic clock decides how often something is fetched, for nobody can set it. The age of keys is what either
/// clock says, whichever says more: a process that was frozen (a laptop, a function of a cloud) finds only the unix
/// clock ahead, and a clock that was set back must not make old keys young.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub unix_millis: i64,
    /// Milliseconds since any moment that stays the same for the life of the process.
    pub monotonic_millis: u64,
}

impl Moment {
    /// Returns how many milliseconds have passed since an earlier moment, by the clock that says more.
    pub(super) fn since(self, earlier: Self) -> u64 {
        let by_unix = self.unix_millis.saturating_sub(earlier.unix_millis);
        let by_monotonic = self.monotonic_millis.saturating_sub(earlier.monotonic_millis);
        u64::try_from(by_unix).unwrap_or(0).max(by_monotonic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_that_says_more_counts() {
        let earlier = Moment { unix_millis: 1_000, monotonic_millis: 50 };
        let later = |unix_millis, monotonic_millis| Moment { unix_millis, monotonic_millis }.since(earlier);
        assert_eq!(later(1_010, 60), 10);
        assert_eq!(later(9_000, 60), 8_000, "it was frozen");
        assert_eq!(later(-5, 60), 10, "its clock was set back");
        assert_eq!(later(0, 0), 0);
    }
}
