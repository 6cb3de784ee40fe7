use std::time::Duration;

/// How a plan spreads its delays, so that deliveries which failed together do not come back together.
///
/// `u` is the draw of the retry (see [`Draw`]). Every result is a whole number of microseconds, rounded down, and
/// no result exceeds the plan's cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jitter {
    /// The base delay as it is.
    None,
    /// base + u × the given time.
    Additive(Duration),
    /// base + u × the given percentage of base: never earlier than planned, and in proportion.
    AdditivePercent(u32),
    /// u × base.
    Full,
    /// base / 2 + u × base / 2.
    Equal,
    /// first + u × (3 × the delay before − first), where first is the first base delay and stands for the delay
    /// before the first retry. Grows by itself, so the other base delays count for nothing; needs a cap.
    Decorrelated,
}

impl Jitter {
    /// Returns the delay before retry `retry`, given its base delay, the first base delay and the delay before.
    pub(super) fn apply(self, delays: Neighbours, draw: Draw) -> Duration {
        let Neighbours { base, first, previous } = delays;
        match self {
            Self::None => base,
            Self::Additive(span) => base.saturating_add(draw.share_of(span)),
            Self::AdditivePercent(percent) => base.saturating_add(draw.share_of(part(base, percent))),
            Self::Full => draw.share_of(base),
            Self::Equal => {
                let half = part(base, 50);
                half.saturating_add(draw.share_of(base.saturating_sub(half)))
            }
            Self::Decorrelated => {
                let span = previous.saturating_mul(3).saturating_sub(first);
                first.saturating_add(draw.share_of(span))
            }
        }
    }

    /// Returns what no delay with this base can exceed, or `None` when only the plan's cap bounds it.
    pub(super) fn longest(self, base: Duration) -> Option<Duration> {
        match self {
            Self::None | Self::Full | Self::Equal => Some(base),
            Self::Additive(span) => Some(base.saturating_add(span)),
            Self::AdditivePercent(percent) => Some(base.saturating_add(part(base, percent))),
            Self::Decorrelated => None,
        }
    }
}

/// The delays that a jittered one depends on.
#[derive(Clone, Copy)]
pub(super) struct Neighbours {
    pub(super) base: Duration,
    pub(super) first: Duration,
    pub(super) previous: Duration,
}

/// A number u in [0, 1) that anyone can compute again: output number `retry` (counted from 1) of `SplitMix64` with
/// the seed as its initial state, its upper 53 bits over 2^53.
///
/// Kept as those 53 bits: with integers the delay is exact, so that an implementation in another language cannot
/// differ by a rounding.
#[derive(Clone, Copy)]
pub(super) struct Draw(u64);

const DRAW_BITS: u32 = 53;

impl Draw {
    pub(super) fn new(seed: u64, retry: u32) -> Self {
        Self(splitmix64(seed, u64::from(retry)) >> 11)
    }

    /// Returns u × `span` in whole microseconds, rounded down.
    fn share_of(self, span: Duration) -> Duration {
        let product = span.as_micros().saturating_mul(u128::from(self.0));
        from_micros(product >> DRAW_BITS)
    }
}

/// Returns output number `count` (counted from 1) of `SplitMix64`.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. Jitter needs spread,
/// not secrecy: the delays of a plan are public.
fn splitmix64(seed: u64, count: u64) -> u64 {
    let state = seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Returns `percent` hundredths of `span` in whole microseconds, rounded down.
fn part(span: Duration, percent: u32) -> Duration {
    from_micros(span.as_micros().saturating_mul(u128::from(percent)) / 100)
}

fn from_micros(micros: u128) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn delays(base: Duration) -> Neighbours {
        Neighbours { base, first: base, previous: base }
    }

    #[test]
    fn the_generator_is_the_published_splitmix64() {
        // The values that Rosetta Code lists for seed 1234567.
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (count, expected) in (1..).zip(published) {
            assert_eq!(splitmix64(1_234_567, count), expected);
        }
    }

    #[test]
    fn a_draw_is_exact_to_the_microsecond() {
        // 6457827717110365317 >> 11 = 3153236189995295; × 10^6 >> 53 = 350079.
        assert_eq!(Draw::new(1_234_567, 1).share_of(SECOND), Duration::from_micros(350_079));
        assert_eq!(Draw(0).share_of(SECOND), Duration::ZERO);
        // The largest draw stays below the whole: the interval is half open.
        assert_eq!(Draw((1 << 53) - 1).share_of(SECOND), Duration::from_micros(999_999));
    }

    #[test]
    fn every_kind_stays_in_its_range_and_has_its_mean() {
        const COUNT: u32 = 20_000;
        let base = 10 * SECOND;
        for (jitter, from, to) in [
            (Jitter::None, base, base),
            (Jitter::Additive(SECOND), base, base + SECOND),
            (Jitter::AdditivePercent(10), base, base + SECOND),
            (Jitter::Full, Duration::ZERO, base),
            (Jitter::Equal, base / 2, base),
            (Jitter::Decorrelated, base, 3 * base),
        ] {
            let mut sum = Duration::ZERO;
            for retry in 1..=COUNT {
                let delay = jitter.apply(delays(base), Draw::new(42, retry));
                assert!(delay >= from && delay <= to, "{jitter:?} gave {delay:?}");
                assert!(jitter.longest(base).is_none_or(|longest| delay <= longest), "{jitter:?}");
                sum += delay;
            }
            let mean = sum.as_secs_f64() / f64::from(COUNT);
            let expected = from.midpoint_seconds(to);
            assert!((mean - expected).abs() < 0.15, "{jitter:?} has mean {mean}, not {expected}");
        }
    }

    #[test]
    fn the_largest_delays_do_not_overflow() {
        for jitter in [Jitter::Additive(Duration::MAX), Jitter::AdditivePercent(100), Jitter::Decorrelated] {
            let delay = jitter.apply(delays(Duration::MAX), Draw(1));
            assert!(delay >= Duration::from_micros(u64::MAX), "{jitter:?}");
        }
    }

    trait Midpoint {
        fn midpoint_seconds(self, other: Self) -> f64;
    }

    impl Midpoint for Duration {
        fn midpoint_seconds(self, other: Self) -> f64 {
            f64::midpoint(self.as_secs_f64(), other.as_secs_f64())
        }
    }
}
