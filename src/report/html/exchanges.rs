//! Exchanges and their bodies, as the page shows them.

use super::latency::duration;
use super::markup::Markup;
use crate::record::{StoredBody, StoredExchange, TargetIdentity};
use crate::report::body::{self, Line};
use crate::report::{account, curl, labels, visible};
use crate::verdict::Location;

/// Most bytes of a body that are shown.
const MOST_BYTES: usize = 12 * 1024;
/// Most bytes of one line.
const LONGEST_LINE: usize = 4 * 1024;
/// Lines shown before the first place that offends, where what comes earlier is left out.
const LINES_BEFORE: usize = 30;
/// Most lines that are marked; of more, the first and the last are.
const MOST_MARKED: usize = 12;
/// About what the tags of one exchange take.
const TAGS: usize = 1_000;
/// Most characters of a method, and of a URL.
const LONGEST_METHOD: usize = 40;
const LONGEST_URL: usize = 1_000;
/// Most bytes of a command.
const LONGEST_COMMAND: usize = 16 * 1024;
/// Most headers that are shown.
const MOST_HEADERS: usize = 100;
/// Most characters of a header's line.
const LONGEST_HEADER: usize = 2_000;

/// One exchange in full.
pub(super) struct ExchangeView {
    pub(super) anchor: String,
    pub(super) number: usize,
    /// How many exchanges right before it are not kept, in words.
    pub(super) gap: String,
    pub(super) line: String,
    pub(super) method: String,
    pub(super) url: String,
    pub(super) who: String,
    pub(super) status: u16,
    pub(super) status_class: String,
    pub(super) role: &'static str,
    pub(super) time: String,
    pub(super) request_headers: Markup,
    pub(super) request_body: Option<BodyView>,
    pub(super) response_headers: Markup,
    pub(super) response_body: Option<BodyView>,
    pub(super) trailing: Option<BodyView>,
    pub(super) curl: Markup,
}

/// A body: its lines, and what a reader must know of them.
pub(super) struct BodyView {
    pub(super) note: String,
    pub(super) text: Markup,
}

impl ExchangeView {
    /// The exchange of this number, with these places of its answer marked.
    pub(super) fn of(
        anchor: String,
        number: usize,
        exchange: &StoredExchange,
        target: &TargetIdentity,
        offences: &[&Location],
    ) -> Self {
        let shown = |body: &Option<StoredBody>| body.as_ref().map(|body| BodyView::of(body, &[]));
        let user = exchange.user.as_deref().unwrap_or("nobody");
        let how = exchange.credentials.as_ref().map(|how| format!(" ({how})")).unwrap_or_default();
        let mark = if offences.contains(&&Location::Status) { " offending" } else { "" };
        Self {
            anchor,
            number,
            gap: gap(exchange),
            line: visible::clip(&account::summary(exchange), LONGEST_URL),
            method: visible::line(&visible::clip(&exchange.method, LONGEST_METHOD)),
            url: visible::line(&visible::clip(&exchange.url, LONGEST_URL)),
            who: visible::line(&format!("{user}{how}")),
            status: exchange.status,
            status_class: format!("{}{mark}", status_class(exchange.status)),
            role: labels::role(exchange.role),
            time: duration(exchange.duration_us),
            request_headers: headers(&exchange.request_headers, &[]),
            request_body: shown(&exchange.request_body),
            response_headers: headers(&exchange.response_headers, offences),
            response_body: exchange.response_body.as_ref().map(|body| BodyView::of(body, offences)),
            trailing: shown(&exchange.response_trailing),
            curl: Markup::of(&command(exchange, target)),
        }
    }

    /// About how many bytes of the page it takes.
    pub(super) fn size(&self) -> usize {
        let bodies = [&self.request_body, &self.response_body, &self.trailing];
        let bodies: usize = bodies.into_iter().flatten().map(|body| body.text.len()).sum();
        TAGS + bodies + self.request_headers.len() + self.response_headers.len() + self.curl.len() + 4 * self.url.len()
    }
}

/// What is missing before an exchange, if anything is.
fn gap(exchange: &StoredExchange) -> String {
    if exchange.left_out == 0 {
        String::new()
    } else {
        format!("… {}", labels::count(exchange.left_out, "more exchange"))
    }
}

impl BodyView {
    fn of(stored: &StoredBody, offences: &[&Location]) -> Self {
        let lines = body::lines(&stored.text);
        let marked = marked(&stored.text, &lines, offences);
        let window = window(&lines, &marked);
        let mut note = labels::count(stored.bytes, "byte");
        if lines.len() > stored.text.lines().count() {
            note.push_str(", indented here");
        }
        let whole = window.len() == lines.len() && lines.iter().all(|line| line.text.len() <= LONGEST_LINE);
        if stored.cut || !whole {
            note.push_str(", cut here");
        }
        Self { note, text: shown(&lines, &marked, window) }
    }
}

/// The numbers of the lines that hold what offends.
fn marked(text: &str, lines: &[Line], offences: &[&Location]) -> Vec<usize> {
    let mut marked = Vec::new();
    for offence in offences {
        let range = match offence {
            Location::Body { pointer } => body::locate(text, &pointer.0),
            Location::Byte { at } => Some(*at..at + 1),
            Location::Status
            | Location::Header { .. }
            | Location::Text
            | Location::Size
            | Location::Time
            | Location::WalkEnd
            | Location::Saved { .. }
            | Location::Request => None,
        };
        let Some(range) = range else { continue };
        let touches = |line: &Line| line.of.start < range.end && range.start < line.of.end;
        let of: Vec<usize> = (0..lines.len()).filter(|at| touches(&lines[*at])).collect();
        match of.as_slice() {
            [first, .., last] if of.len() > MOST_MARKED => marked.extend([*first, *last]),
            all => marked.extend(all),
        }
    }
    marked.sort_unstable();
    marked.dedup();
    marked
}

/// The lines that are shown: from the beginning, or from shortly before the first that is marked.
fn window(lines: &[Line], marked: &[usize]) -> std::ops::Range<usize> {
    let until = |from: usize| {
        let ends = lines[from..].iter().scan(0, |used, line| {
            *used += line.text.len().min(LONGEST_LINE) + 1;
            Some(*used)
        });
        from + ends.take_while(|used| *used <= MOST_BYTES).count()
    };
    let end = until(0);
    match marked.first() {
        Some(first) if *first >= end => {
            let from = first.saturating_sub(LINES_BEFORE);
            from..until(from).max(first + 1)
        }
        _ => 0..end,
    }
}

fn shown(lines: &[Line], marked: &[usize], window: std::ops::Range<usize>) -> Markup {
    let mut shown = Markup::default();
    left_out(&mut shown, window.start, "\n");
    for at in window.clone() {
        if at > window.start {
            shown.text("\n");
        }
        let text = line(&lines[at].text);
        if marked.contains(&at) {
            let indent = text.len() - text.trim_start().len();
            shown.text(&text[..indent]);
            shown.within("<mark>", &text[indent..], "</mark>");
        } else {
            shown.text(&text);
        }
    }
    let rest = lines.len() - window.end;
    if rest > 0 {
        shown.text("\n");
    }
    left_out(&mut shown, rest, "");
    shown
}

fn left_out(shown: &mut Markup, lines: usize, end: &str) {
    if lines > 0 {
        shown.within("<i>", &format!("… {} left out", labels::count(lines, "line")), "</i>");
        shown.text(end);
    }
}

fn line(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_LINE);
    let rest = &text[end..];
    let more = if rest.is_empty() { String::new() } else { format!(" … ({} more bytes)", rest.len()) };
    visible::block(&text[..end]) + &more
}

/// The command whole, or why it is not shown: a part of it would do something else.
fn command(exchange: &StoredExchange, target: &TargetIdentity) -> String {
    let command = curl::command(exchange, target);
    if command.len() <= LONGEST_COMMAND {
        return command;
    }
    format!("# the command takes {}; what was sent is in run.json", labels::count(command.len(), "byte"))
}

fn headers(headers: &[(String, String)], offences: &[&Location]) -> Markup {
    let mut shown = Markup::default();
    for (at, (name, value)) in headers.iter().take(MOST_HEADERS).enumerate() {
        if at > 0 {
            shown.text("\n");
        }
        let line = visible::line(&visible::clip(&format!("{name}: {value}"), LONGEST_HEADER));
        let is_it = |place: &&Location| matches!(place, Location::Header { name: it } if it.eq_ignore_ascii_case(name));
        if offences.iter().any(is_it) {
            shown.within("<mark>", &line, "</mark>");
        } else {
            shown.text(&line);
        }
    }
    if headers.len() > MOST_HEADERS {
        shown.text("\n");
    }
    left_out(&mut shown, headers.len().saturating_sub(MOST_HEADERS), "");
    shown
}

fn status_class(status: u16) -> &'static str {
    match status {
        200..=299 => "good",
        500.. => "bad",
        _ => "plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::PathStep;

    fn view(text: &str, offences: &[Location]) -> BodyView {
        let offences: Vec<&Location> = offences.iter().collect();
        BodyView::of(&StoredBody { text: text.to_owned(), bytes: text.len(), cut: false }, &offences)
    }

    fn place(names: &[&str]) -> Location {
        Location::at(names.iter().map(|name| PathStep::Name((*name).to_owned())))
    }

    #[test]
    fn the_line_that_offends_is_marked() {
        let view = view(r#"{"a":{"b":1},"c":"<x>"}"#, &[place(&["a", "b"]), place(&["c"])]);
        let lines =
            ["{", "  \"a\": {", "    <mark>\"b\": 1</mark>", "  },", "  <mark>\"c\": \"&lt;x&gt;\"</mark>", "}"];
        assert_eq!(view.text.to_string(), lines.join("\n"));
        assert_eq!(view.note, "23 bytes, indented here");
    }

    #[test]
    fn a_byte_that_offends_marks_its_line() {
        assert_eq!(view("ok\nbad\n", &[Location::Byte { at: 4 }]).text.to_string(), "ok\n<mark>bad</mark>");
    }

    #[test]
    fn a_long_body_is_shown_around_its_offence_and_says_so() {
        let members: Vec<String> = (0..5_000).map(|number| format!("\"m{number}\":{number}")).collect();
        let text = format!("{{{}}}", members.join(","));
        let view = view(&text, &[place(&["m4000"])]);
        let shown = view.text.to_string();
        assert!(shown.contains("<mark>\"m4000\": 4000,</mark>"), "{shown}");
        assert!(shown.starts_with("<i>… 3971 lines left out</i>"), "{shown}");
        assert!(shown.len() < MOST_BYTES + 200, "{}", shown.len());
        assert!(view.note.ends_with("cut here"), "{}", view.note);
    }

    #[test]
    fn a_long_line_is_cut_and_says_so() {
        let view = view(&"y".repeat(100_000), &[]);
        assert!(view.text.to_string().ends_with("y … (95904 more bytes)"));
        assert!(view.note.ends_with("cut here"), "{}", view.note);
    }

    #[test]
    fn a_header_that_offends_is_marked() {
        let given = [("A".to_owned(), "1".to_owned()), ("Content-Type".to_owned(), "<b>".to_owned())];
        let shown = headers(&given, &[&Location::header("content-type")]);
        assert_eq!(shown.to_string(), "A: 1\n<mark>Content-Type: &lt;b&gt;</mark>");
    }
}
