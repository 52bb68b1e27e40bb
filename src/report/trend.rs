//! The trend of the runs of one target, as a small picture.

use std::fmt::Write as _;

use crate::record::{Conclusion, Point};

/// Width and height of the picture, and the space around the line.
const WIDTH: f64 = 160.0;
const HEIGHT: f64 = 32.0;
const MARGIN: f64 = 4.0;

/// A line of the share of cases that held, a point a run, the last one marked; empty where there is nothing to compare.
///
/// An `<svg>` to stand inside a page: it has a text for those who do not see it, takes its colour from the page and
/// needs neither style nor script. It is made of numbers and dates alone.
pub fn sparkline(points: &[Point]) -> String {
    let [first, .., last] = points else { return String::new() };
    let lowest = points.iter().map(share).fold(1.0, f64::min);
    // A line that never fell runs along the top.
    let bottom = lowest.min(0.9);
    let places: Vec<(f64, f64)> =
        points.iter().enumerate().map(|(at, point)| place(at, points.len(), share(point), bottom)).collect();
    let line = places.iter().fold(String::new(), |mut line, (x, y)| {
        let _ = write!(line, "{}{x:.1},{y:.1}", if line.is_empty() { "" } else { " " });
        line
    });
    let (x, y) = places[places.len() - 1];
    let told = told(points.len(), first, last);
    format!(
        r#"<svg class="sparkline {}" role="img" aria-label="{told}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><title>{told}</title><polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="{x:.1}" cy="{y:.1}" r="3" fill="currentColor"/></svg>"#,
        class(last.conclusion)
    )
}

/// What the picture shows, in a sentence; empty where there is nothing to compare.
pub(super) fn label(points: &[Point]) -> String {
    let [first, .., last] = points else { return String::new() };
    told(points.len(), first, last)
}

fn told(runs: usize, first: &Point, last: &Point) -> String {
    format!(
        "tests that passed in {runs} runs since {}: at first {} of {}, now {} of {}",
        first.started.format("%Y-%m-%d"),
        first.good,
        first.judged,
        last.good,
        last.judged
    )
}

fn class(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Conformant | Conclusion::NoViolation => "pass",
        Conclusion::NonConformant => "fail",
        Conclusion::Undecided => "inconclusive",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs few digits")]
fn share(point: &Point) -> f64 {
    point.good as f64 / point.judged.max(point.good).max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs few digits")]
fn place(at: usize, count: usize, share: f64, bottom: f64) -> (f64, f64) {
    let across = at as f64 / (count - 1).max(1) as f64;
    let up = (share - bottom) / (1.0 - bottom);
    (MARGIN + across * (WIDTH - 2.0 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2.0 * MARGIN))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone as _, Utc};

    use super::*;

    fn point(day: i64, good: usize, judged: usize) -> Point {
        let first = Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).single().expect("a date");
        Point {
            started: first + TimeDelta::days(day),
            conclusion: if good == judged { Conclusion::Conformant } else { Conclusion::NonConformant },
            good,
            judged,
            suite: "sha256:0".to_owned(),
            complete: true,
        }
    }

    #[test]
    fn the_line_rises_with_what_holds() {
        let svg = sparkline(&[point(0, 50, 100), point(1, 75, 100), point(2, 100, 100)]);
        assert!(svg.contains(r#"points="4.0,28.0 80.0,16.0 156.0,4.0""#), "{svg}");
        assert!(svg.contains(r#"class="sparkline pass""#), "{svg}");
        assert!(
            svg.contains("tests that passed in 3 runs since 2026-11-01: at first 50 of 100, now 100 of 100"),
            "{svg}"
        );
    }

    #[test]
    fn one_run_is_no_trend_and_nothing_judged_divides_nothing() {
        assert_eq!(sparkline(&[point(0, 1, 1)]), "");
        let svg = sparkline(&[point(0, 0, 0), point(1, 0, 0)]);
        assert!(svg.contains(r#"points="4.0,28.0 156.0,28.0""#), "{svg}");
    }
}
