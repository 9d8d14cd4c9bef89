//! The lag of the last hour as a line in SVG, without a script and without a style of its own.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::history::{HOUR, POINT, Point};
use crate::html::Html;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 48.0;
/// Points that lie farther apart are not joined: nothing was seen in between.
const GAP: u32 = 3;

/// Draws one value of each point; nothing if there are fewer than two.
pub(super) fn draw<'p>(
    html: &mut Html,
    points: impl Iterator<Item = &'p Point>,
    value: impl Fn(&Point) -> Option<f64>,
    label: &str,
    print: impl Fn(f64) -> String,
) {
    let now = Instant::now();
    let known: Vec<(Duration, f64)> = points
        .filter_map(|point| Some((now.saturating_duration_since(point.at), value(point)?)))
        .collect();
    if known.len() < 2 {
        return;
    }
    let most = known.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    html.raw("<figure><svg viewBox=\"0 0 360 50\" role=\"img\" aria-label=\"");
    html.text(format!("{label} over the last hour, at most {}", print(most)));
    html.raw("\"><line x1=\"0\" y1=\"49\" x2=\"360\" y2=\"49\" class=\"axis\"/>");
    for line in lines(&known, most) {
        html.raw("<polyline points=\"").text(line).raw("\"/>");
    }
    html.raw("</svg><figcaption>").text(label).raw(", last hour: at most ").text(print(most));
    html.raw("</figcaption></figure>");
}

/// Lines of points that follow one another closely.
fn lines(known: &[(Duration, f64)], most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut before: Option<Duration> = None;
    for (age, value) in known {
        let x = WIDTH * (1.0 - age.as_secs_f64() / HOUR.as_secs_f64()).max(0.0);
        let y = if most > 0.0 { 1.0 + HEIGHT * (1.0 - value / most) } else { 1.0 + HEIGHT };
        if before.is_none_or(|before| before.saturating_sub(*age) > POINT * GAP) {
            lines.push(String::new());
        }
        before = Some(*age);
        if let Some(line) = lines.last_mut() {
            let _ = write!(line, "{x:.1},{y:.1} ");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_is_not_drawn() {
        let at = |seconds, value| (Duration::from_secs(seconds), value);
        let known = [at(3_600, 0.0), at(3_590, 10.0), at(1_000, 5.0), at(990, 10.0)];
        assert_eq!(lines(&known, 10.0), ["0.0,49.0 1.0,1.0 ", "260.0,25.0 261.0,1.0 "]);
        assert_eq!(lines(&known[..1], 0.0), ["0.0,49.0 "]);
    }
}
