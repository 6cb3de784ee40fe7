use std::convert::Infallible;
use std::io::BufWriter;
use std::path::Path;

use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::{FONT_8X13, FONT_9X18_BOLD};
use embedded_graphics::pixelcolor::{Rgb888, RgbColor as _};
use embedded_graphics::prelude::{
    DrawTarget, Drawable as _, OriginDimensions, Pixel, Point, Primitive as _, Size,
};
use embedded_graphics::primitives::{Line, PrimitiveStyle};
use embedded_graphics::text::{Alignment, Text};

use super::exit::{Failure, Outcome};
use super::plot::Chart;

const WIDTH: u32 = 960;
const HEIGHT: u32 = 540;
/// The lines between which the chart stands.
const LEFT: i32 = 90;
const RIGHT: i32 = 930;
const TOP: i32 = 60;
const BOTTOM: i32 = 470;
const TICKS: u8 = 5;

const INK: Rgb888 = Rgb888::new(40, 40, 40);
const GRID: Rgb888 = Rgb888::new(225, 225, 225);
/// Colours that those who do not see all of them can tell apart (Okabe and Ito).
const COLORS: [Rgb888; 6] = [
    Rgb888::new(0, 114, 178),
    Rgb888::new(230, 159, 0),
    Rgb888::new(0, 158, 115),
    Rgb888::new(213, 94, 0),
    Rgb888::new(204, 121, 167),
    Rgb888::new(86, 180, 233),
];

/// Draws a chart into a PNG file.
pub(super) fn write(chart: &Chart, path: &Path) -> Outcome<()> {
    let mut canvas =
        Canvas(vec![255; usize::try_from(WIDTH.saturating_mul(HEIGHT).saturating_mul(3)).unwrap_or(0)]);
    let Ok(()) = draw(chart, &mut canvas);
    let file = std::fs::File::create(path).map_err(Failure::about(path.display()))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&canvas.0));
    written.map_err(|error| Failure::Unreachable(format!("{}: {error}", path.display())))
}

fn draw(chart: &Chart, canvas: &mut Canvas) -> Result<(), Infallible> {
    let (right, top) = chart.ends();
    let small = MonoTextStyle::new(&FONT_8X13, INK);
    let title = ascii(&chart.title);
    Text::new(&title, Point::new(LEFT, 30), MonoTextStyle::new(&FONT_9X18_BOLD, INK)).draw(canvas)?;
    for tick in 0..=TICKS {
        let share = f64::from(tick) / f64::from(TICKS);
        let (x, y) = (across(share), up(share));
        Line::new(Point::new(LEFT, y), Point::new(RIGHT, y))
            .into_styled(PrimitiveStyle::with_stroke(GRID, 1))
            .draw(canvas)?;
        let label = |end: f64| figure(share * end);
        Text::with_alignment(&label(top), Point::new(LEFT - 8, y.saturating_add(4)), small, Alignment::Right)
            .draw(canvas)?;
        Text::with_alignment(&label(right), Point::new(x, BOTTOM + 18), small, Alignment::Center)
            .draw(canvas)?;
    }
    Text::with_alignment(&ascii(&chart.x), Point::new(RIGHT, BOTTOM + 38), small, Alignment::Right)
        .draw(canvas)?;
    Text::new(&ascii(&chart.y), Point::new(LEFT, TOP - 10), small).draw(canvas)?;
    for (from, to) in [
        (Point::new(LEFT, TOP), Point::new(LEFT, BOTTOM)),
        (Point::new(LEFT, BOTTOM), Point::new(RIGHT, BOTTOM)),
    ] {
        Line::new(from, to).into_styled(PrimitiveStyle::with_stroke(INK, 1)).draw(canvas)?;
    }
    for ((series, color), row) in chart.series.iter().zip(COLORS.into_iter().cycle()).zip(0_i32..) {
        let points: Vec<_> =
            series.points.iter().map(|(x, y)| Point::new(across(x / right), up(y / top))).collect();
        // One pixel wide and drawn twice: what the library computes for the corners of wide lines can overflow.
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            for side in [Point::zero(), Point::new(0, 1)] {
                let line = Line::new(shifted(*from, side), shifted(*to, side));
                line.into_styled(PrimitiveStyle::with_stroke(color, 1)).draw(canvas)?;
            }
        }
        let style = MonoTextStyle::new(&FONT_8X13, color);
        let place = Point::new(RIGHT, row.saturating_mul(16).saturating_add(TOP));
        Text::with_alignment(&ascii(&series.name), place, style, Alignment::Right).draw(canvas)?;
    }
    Ok(())
}

fn shifted(point: Point, by: Point) -> Point {
    Point::new(point.x.saturating_add(by.x), point.y.saturating_add(by.y))
}

/// Returns the column of a share of the width.
fn across(share: f64) -> i32 {
    LEFT.saturating_add(pixels(share, RIGHT - LEFT))
}

fn up(share: f64) -> i32 {
    BOTTOM.saturating_sub(pixels(share, BOTTOM - TOP))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a share of a few hundred pixels"
)]
fn pixels(share: f64, of: i32) -> i32 {
    (share * f64::from(of)).round() as i32
}

fn figure(number: f64) -> String {
    if number >= 100.0 || number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.1}") }
}

/// The built-in font has no other characters.
fn ascii(text: &str) -> String {
    text.chars().map(|character| if character.is_ascii() { character } else { '?' }).collect()
}

/// The pixels of the picture, three bytes each.
struct Canvas(Vec<u8>);

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(WIDTH, HEIGHT)
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(point, color) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y)) else { continue };
            if x >= WIDTH || y >= HEIGHT {
                continue;
            }
            let start = y.saturating_mul(WIDTH).saturating_add(x).saturating_mul(3);
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            let bytes = self.0.iter_mut().skip(start).take(3);
            for (byte, part) in bytes.zip([color.r(), color.g(), color.b()]) {
                *byte = part;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::plot::Series;

    #[test]
    fn a_chart_becomes_a_picture() {
        let points = vec![(0.0, 0.0), (1.0, 5.0), (2.0, 305.0)];
        let chart = Chart {
            title: "Zoë".into(),
            x: "retry".into(),
            y: "seconds".into(),
            series: vec![Series { name: "plan".into(), points }],
        };
        let path = std::env::temp_dir().join(format!("hookproof-picture-{}.png", std::process::id()));
        write(&chart, &path).unwrap();
        let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((frame.width, frame.height), (WIDTH, HEIGHT));
        let blue = pixels.chunks(3).filter(|pixel| *pixel == [0, 114, 178]).count();
        assert!(blue > 500, "{blue} pixels of the line");
    }
}
