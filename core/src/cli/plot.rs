use std::fmt::Write as _;

use textplots::{Chart as Dots, Plot as _, Shape};

/// Lines over two axes, for the terminal and for a file.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) x: String,
    pub(super) y: String,
    pub(super) series: Vec<Series>,
}

pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

impl Chart {
    /// Returns the largest values of both axes, above 0.
    pub(super) fn ends(&self) -> (f64, f64) {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let x = points().map(|point| point.0).fold(0.0, f64::max);
        let y = points().map(|point| point.1).fold(0.0, f64::max);
        (if x > 0.0 { x } else { 1.0 }, if y > 0.0 { y } else { 1.0 })
    }
}

/// Draws a chart with dots, one plot for each series: a terminal has no colours to count on.
pub(super) fn draw(chart: &Chart) -> String {
    let (right, top) = chart.ends();
    let mut text = format!("\n{} ({} over {})", chart.title, chart.y, chart.x);
    for series in &chart.series {
        let points: Vec<_> = series.points.iter().map(|(x, y)| (narrow(*x), narrow(*y))).collect();
        let shape = Shape::Lines(&points);
        let mut dots = Dots::new_with_y_range(120, 40, 0.0, narrow(right), 0.0, narrow(top));
        let dots = dots.lineplot(&shape);
        dots.axis();
        dots.figures();
        let _ = write!(text, "\n{}\n{dots}", series.name);
    }
    text
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a dot has no more digits")]
fn narrow(number: f64) -> f32 {
    number as f32
}
