//! Welch's t-test, here of the difference between two differences, with the slowest part of them cropped at several places.
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of samples are far below 2^53"
)]

/// How many places samples are cropped at, besides not at all.
const CROPS: u32 = 20;
/// A t-test of fewer samples says little.
const FEWEST: usize = 1000;

/// What the comparison gave.
pub struct Figures {
    /// Welch's t where it is farthest from zero.
    pub t: f64,
    /// By how much the difference of the means differs, where that is known best.
    pub difference: f64,
    /// The standard error of that difference.
    pub error: f64,
}

/// Compares two differences between two samples each, as they are, and without what is slower than a threshold, for
/// several thresholds.
pub fn compare(mut samples: [[Vec<f64>; 2]; 2]) -> Figures {
    let mut all: Vec<f64> = samples.iter().flatten().flatten().copied().collect();
    samples.iter_mut().flatten().chain([&mut all]).for_each(|it| it.sort_by(f64::total_cmp));
    // 1 - 2^(-k/2): close together where few samples are slow.
    let quantiles = (1..=CROPS).map(|crop| 1.0 - 0.5_f64.powf(f64::from(crop) / 2.0));
    let thresholds = quantiles.filter_map(|quantile| quantile_of(&all, quantile)).chain([f64::INFINITY]);
    let cropped = |threshold| samples.each_ref().map(|pair| pair.each_ref().map(|it| below(it, threshold)));
    let tests: Vec<_> = thresholds.filter_map(|threshold| welch(&cropped(threshold))).collect();
    let by =
        |rank: fn(&Figures) -> f64| tests.iter().max_by(move |one, other| rank(one).total_cmp(&rank(other)));
    let none = Figures { t: f64::NAN, difference: f64::NAN, error: f64::NAN };
    let (most, sharpest) = (by(|it| it.t.abs()).unwrap_or(&none), by(|it| -it.error).unwrap_or(&none));
    Figures { t: most.t, ..*sharpest }
}

fn quantile_of(sorted: &[f64], quantile: f64) -> Option<f64> {
    sorted.get(share(sorted.len(), quantile)).copied()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is one")]
fn share(length: usize, quantile: f64) -> usize {
    (length as f64 * quantile) as usize
}

fn below(sorted: &[f64], threshold: f64) -> &[f64] {
    sorted.get(..sorted.partition_point(|time| *time < threshold)).unwrap_or_default()
}

fn welch(samples: &[[&[f64]; 2]; 2]) -> Option<Figures> {
    if samples.iter().flatten().any(|samples| samples.len() < FEWEST) {
        return None;
    }
    let [[own_first, own_last], [other_first, other_last]] = samples.map(|pair| pair.map(moments));
    let difference = (own_last.mean - own_first.mean) - (other_last.mean - other_first.mean);
    let error =
        [own_first, own_last, other_first, other_last].iter().map(|it| it.error_squared).sum::<f64>().sqrt();
    Some(Figures { t: difference / error, difference, error })
}

#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    /// The square of the standard error of the mean.
    error_squared: f64,
}

fn moments(samples: &[f64]) -> Moments {
    let count = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    Moments { mean, error_squared: squares / (count - 1.0) / count }
}
