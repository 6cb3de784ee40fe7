//! What stays of the times of many rounds.

/// Returns the median, which a round that something else disturbed does not move.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
