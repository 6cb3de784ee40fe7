//! Whether a cost grows with a quantity as a straight line does.

/// The straight line that is nearest to some points, by least squares.
pub struct Line {
    /// By how much the cost grows with one more.
    pub slope: f64,
    /// What none of it costs.
    pub start: f64,
    /// R²: which share of the variation the line explains.
    pub explained: f64,
}

impl Line {
    /// Lays the line through points of a quantity and a cost.
    #[must_use]
    pub fn through(points: &[(f64, f64)]) -> Self {
        let count: f64 = points.iter().map(|_| 1.0).sum();
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
        let (mean_quantity, mean_cost) = (mean(|point| point.0), mean(|point| point.1));
        let products = points.iter().map(|(quantity, cost)| (quantity - mean_quantity) * (cost - mean_cost));
        let squares = points.iter().map(|(quantity, _)| (quantity - mean_quantity).powi(2));
        let slope = products.sum::<f64>() / squares.sum::<f64>();
        let start = slope.mul_add(-mean_quantity, mean_cost);
        let missed = points.iter().map(|(quantity, cost)| (cost - slope.mul_add(*quantity, start)).powi(2));
        let varied = points.iter().map(|(_, cost)| (cost - mean_cost).powi(2));
        let explained = 1.0 - missed.sum::<f64>() / varied.sum::<f64>();
        Self { slope, start, explained }
    }
}
