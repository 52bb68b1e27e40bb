//! When which case ran, as bars in lanes. Stretches in which the run only waited are drawn shorter.

use std::fmt::Write as _;
use std::ops::Range;

use super::cases::class;
use crate::record::{CaseResult, Outcome, Run};
use crate::report::labels;

/// Width of the picture in its own units.
pub(super) const WIDTH: u64 = 10_000;
/// Widths of all stretches of waiting together, and of one.
const ALL_WAITING: u64 = 3_000;
const ONE_WAITING: u64 = 500;
/// A bar is never narrower.
const NARROWEST: u64 = 12;
/// Height of a lane, and of a bar in it.
const LANE: usize = 10;
const BAR: usize = 8;
/// Height of the line that a case is while it waits.
const LINE: usize = 2;
/// Most lanes: more are drawn over each other.
const MOST_LANES: usize = 32;
/// The longest cases that are named.
const LONGEST: usize = 8;

/// The timeline of a run.
pub(super) struct Timeline {
    pub(super) height: usize,
    pub(super) bars: Vec<Bars>,
    /// The path of the stretches that were only waited through.
    pub(super) waiting: String,
    pub(super) summary: String,
    pub(super) end: String,
    pub(super) longest: Vec<Long>,
    /// The place of each result's bar.
    pub(super) places: Vec<Option<Bar>>,
}

/// Where a bar begins, its width, and its lane.
pub(super) type Bar = [u64; 3];

/// The bars of one colour as one path.
pub(super) struct Bars {
    pub(super) class: &'static str,
    pub(super) path: String,
}

/// A case that took long: which it is, when it began, how long it took and how much of that it waited.
pub(super) struct Long {
    pub(super) result: usize,
    pub(super) began: String,
    pub(super) took: String,
    pub(super) waited: String,
}

/// A case's part of the run's time, in milliseconds.
struct Span {
    result: usize,
    time: Range<u64>,
    waits: Vec<Range<u64>>,
}

/// The timeline, or `None` where nothing ran.
pub(super) fn timeline(run: &Run) -> Option<Timeline> {
    let mut spans: Vec<Span> = run.results.iter().enumerate().filter_map(|(at, result)| span(at, result)).collect();
    spans.sort_by_key(|span| (span.time.start, span.result));
    let end = spans.iter().map(|span| span.time.end).max()?.max(1);
    let axis = Axis::of(&spans, end);
    let (lanes, count) = lanes(&spans);
    let mut places = vec![None; run.results.len()];
    let mut bars: Vec<Bars> =
        labels::OUTCOMES.map(|outcome| Bars { class: class(outcome), path: String::new() }).into();
    for (span, lane) in spans.iter().zip(&lanes) {
        let (from, to) = (axis.at(span.time.start), axis.at(span.time.end));
        let from = from.min(WIDTH - NARROWEST);
        let width = to.saturating_sub(from).max(NARROWEST);
        places[span.result] = Some([from, width, *lane as u64]);
        let of = class(run.results[span.result].verdict);
        if let Some(bars) = bars.iter_mut().find(|bars| bars.class == of) {
            draw(&mut bars.path, span, &axis, from..from + width, lane * LANE);
        }
    }
    bars.retain(|bars| !bars.path.is_empty());
    let height = count * LANE;
    let mut waiting = String::new();
    for gap in &axis.gaps {
        rectangle(&mut waiting, axis.at(gap.start)..axis.at(gap.end), 0, height);
    }
    let waited = axis.gaps.iter().map(|gap| gap.end - gap.start).sum();
    let summary = summary(spans.len(), count, end, waited);
    Some(Timeline { height, bars, waiting, summary, end: labels::duration(end), longest: longest(&spans), places })
}

fn span(at: usize, result: &CaseResult) -> Option<Span> {
    let aside = matches!(result.verdict, Outcome::NotApplicable | Outcome::NotSelected);
    // An invariant is judged on the exchanges of others and has no time of its own.
    if aside || (result.started_ms == 0 && result.duration_ms == 0) {
        return None;
    }
    let waits: Vec<Range<u64>> =
        result.waits.iter().map(|wait| wait.started_ms..wait.started_ms.saturating_add(wait.duration_ms)).collect();
    let own = result.started_ms.saturating_add(result.duration_ms);
    let end = waits.iter().map(|wait| wait.end).fold(own, u64::max);
    Some(Span { result: at, time: result.started_ms..end, waits })
}

/// What a case did as bars, what it waited as the line that joins them.
fn draw(path: &mut String, span: &Span, axis: &Axis, whole: Range<u64>, y: usize) {
    if span.waits.is_empty() {
        return rectangle(path, whole, y, BAR);
    }
    rectangle(path, whole, y + (BAR - LINE) / 2, LINE);
    for part in working(span) {
        let from = axis.at(part.start).min(WIDTH - NARROWEST);
        rectangle(path, from..axis.at(part.end).max(from + NARROWEST), y, BAR);
    }
}

fn rectangle(path: &mut String, x: Range<u64>, y: usize, height: usize) {
    let width = x.end.saturating_sub(x.start);
    // Writing to a string cannot fail.
    let _ = write!(path, "M{} {y}h{width}v{height}h-{width}z", x.start);
}

fn summary(cases: usize, lanes: usize, end: u64, waited: u64) -> String {
    let mut text = format!("{} in {}", labels::count(cases, "case"), labels::duration(end));
    if lanes > 1 {
        let _ = write!(text, ", up to {lanes} at the same time");
    }
    if waited > 0 {
        let _ = write!(text, "; for {} of it, every case that ran waited for the clock", labels::duration(waited));
    }
    text
}

/// The first free lane for each span, and how many there are.
fn lanes(spans: &[Span]) -> (Vec<usize>, usize) {
    let mut free_from: Vec<u64> = Vec::new();
    let mut lanes = Vec::with_capacity(spans.len());
    for span in spans {
        let free = free_from.iter().position(|free| *free <= span.time.start);
        let lane = free.unwrap_or_else(|| {
            if free_from.len() < MOST_LANES {
                free_from.push(0);
            }
            free_from.len() - 1
        });
        free_from[lane] = span.time.end.max(free_from[lane]);
        lanes.push(lane);
    }
    (lanes, free_from.len())
}

fn longest(spans: &[Span]) -> Vec<Long> {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| (std::cmp::Reverse(span.time.end - span.time.start), span.result));
    let long = |span: &&Span| {
        let waited: u64 = span.waits.iter().map(|wait| wait.end - wait.start).sum();
        Long {
            result: span.result,
            began: labels::duration(span.time.start),
            took: labels::duration(span.time.end - span.time.start),
            waited: if waited == 0 { String::new() } else { labels::duration(waited) },
        }
    };
    spans.iter().take(LONGEST).map(long).collect()
}

/// From the run's time to the picture.
struct Axis {
    end: u64,
    gaps: Vec<Range<u64>>,
    gap_width: u64,
}

impl Axis {
    fn of(spans: &[Span], end: u64) -> Self {
        let gaps = gaps(spans, end);
        let gap_width = ONE_WAITING.min(ALL_WAITING / gaps.len().max(1) as u64);
        Self { end, gaps, gap_width }
    }

    fn at(&self, time: u64) -> u64 {
        let waited: u64 = self.gaps.iter().map(|gap| gap.end - gap.start).sum();
        let busy = (self.end - waited).max(1);
        let room = WIDTH - self.gap_width * self.gaps.len() as u64;
        let (mut work, mut x) = (time, 0);
        for gap in self.gaps.iter().filter(|gap| gap.start < time) {
            let part = gap.end.min(time) - gap.start;
            work -= part;
            x += self.gap_width * part / (gap.end - gap.start);
        }
        (x + room * work / busy).min(WIDTH)
    }
}

/// Stretches in which nothing but waiting happened, if they are long enough to be worth shortening.
fn gaps(spans: &[Span], end: u64) -> Vec<Range<u64>> {
    let mut work: Vec<Range<u64>> = spans.iter().flat_map(working).collect();
    work.sort_by_key(|part| part.start);
    let (mut gaps, mut until) = (Vec::new(), 0);
    for part in work {
        if part.start > until {
            gaps.push(until..part.start);
        }
        until = until.max(part.end);
    }
    if end > until {
        gaps.push(until..end);
    }
    let least = (end / 50).max(500);
    gaps.retain(|gap| gap.end - gap.start >= least);
    gaps
}

/// What of a span is no waiting.
fn working(span: &Span) -> Vec<Range<u64>> {
    let mut parts = Vec::new();
    let mut from = span.time.start;
    for wait in &span.waits {
        parts.push(from..wait.start.max(from));
        from = from.max(wait.end);
    }
    parts.push(from..span.time.end.max(from));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(result: usize, time: Range<u64>, waits: &[(u64, u64)]) -> Span {
        Span { result, time, waits: waits.iter().map(|(from, to)| *from..*to).collect() }
    }

    #[test]
    fn cases_at_the_same_time_stand_in_lanes() {
        let spans = [span(0, 0..10, &[]), span(1, 5..15, &[]), span(2, 10..20, &[])];
        assert_eq!(lanes(&spans), (vec![0, 1, 0], 2));
    }

    #[test]
    fn what_is_only_waited_through_is_drawn_shorter() {
        let spans = [span(0, 0..1_000, &[]), span(1, 500..62_000, &[(1_000, 61_000)])];
        let axis = Axis::of(&spans, 62_000);
        assert_eq!(axis.gaps, [Range { start: 1_000, end: 61_000 }]);
        assert_eq!(axis.at(0), 0);
        assert_eq!(axis.at(1_000), (WIDTH - ONE_WAITING) / 2);
        assert_eq!(axis.at(61_000) - axis.at(1_000), ONE_WAITING);
        assert_eq!(axis.at(62_000), WIDTH);
    }

    #[test]
    fn a_wait_during_which_others_work_is_no_gap() {
        let spans = [span(0, 0..9_000, &[]), span(1, 0..9_500, &[(100, 9_000)])];
        assert_eq!(gaps(&spans, 9_500), Vec::<Range<u64>>::new());
    }

    #[test]
    fn the_longest_are_named_with_what_they_waited() {
        let spans = [span(0, 0..5, &[]), span(1, 5..70_005, &[(10, 60_010)])];
        let longest = longest(&spans);
        assert_eq!((longest[0].result, longest[0].took.as_str()), (1, "1 min 10 s"));
        assert_eq!((longest[0].waited.as_str(), longest[1].waited.as_str()), ("1 min 0 s", ""));
    }
}
