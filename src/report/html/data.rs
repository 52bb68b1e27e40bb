//! The list of all cases as data that the page's script shows: what a passing case needs to be found and understood.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::{fmt, io};

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::cases::{Places, class, id_shown, is_fine};
use super::evidence;
use super::reasons::MOST_CHARACTERS;
use super::timeline::Bar;
use crate::record::{CaseResult, Outcome, Run, StoredExchange, is_zero};
use crate::report::{labels, view, visible};

/// Most exchanges of a case in its line.
const MOST_EXCHANGES: usize = 4;
/// Most characters of a URL.
const LONGEST_URL: usize = 160;
/// Most characters of a purpose.
const LONGEST_PURPOSE: usize = 400;

/// All cases in the order of the chapters, as JSON that may stand inside a `script` element. It is written as it is
/// made, so that it is nowhere whole but on the page.
pub(super) struct CaseData<'a> {
    pub(super) run: &'a Run,
    pub(super) places: &'a Places<'a>,
    /// The place of each result's bar in the timeline.
    pub(super) bars: Vec<Option<Bar>>,
}

impl fmt::Display for CaseData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        serde_json::to_writer(Inert(f), self).map_err(|_| fmt::Error)
    }
}

impl Serialize for CaseData<'_> {
    /// The texts come last: the cases name them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = RefCell::new(Texts::default());
        let mut members = serializer.serialize_map(Some(3))?;
        members
            .serialize_entry("outcomes", &labels::OUTCOMES.map(|outcome| (class(outcome), labels::outcome(outcome))))?;
        members.serialize_entry("cases", &Rows { data: self, texts: &texts })?;
        members.serialize_entry("texts", &texts.borrow().all)?;
        members.end()
    }
}

/// The rows of all cases, each made when it is written. Texts that many share stand once, in `texts`.
struct Rows<'r, 'a> {
    data: &'r CaseData<'a>,
    texts: &'r RefCell<Texts>,
}

impl Serialize for Rows<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chapters = view::chapters(self.data.run);
        let results = chapters.iter().flat_map(|chapter| &chapter.results);
        let numbered = results.filter_map(|result| Some((self.data.places.number(&result.id)?, *result)));
        serializer.collect_seq(numbered.map(|(number, result)| Row {
            bar: self.data.bars.get(number).copied().flatten(),
            ..row(number, result, self.data, &mut self.texts.borrow_mut())
        }))
    }
}

/// One case. Numbers named `…_text` are places in `texts`.
#[derive(Serialize)]
struct Row {
    number: usize,
    id: String,
    anchor: String,
    chapter_text: usize,
    verdict: &'static str,
    level: &'static str,
    purpose_text: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    about_texts: Vec<usize>,
    began: u64,
    took: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_text: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    file_text: usize,
    line: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<(usize, usize)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sent: Vec<(usize, usize, u16, String)>,
    #[serde(skip_serializing_if = "is_zero")]
    more: usize,
    /// What altered responses it would have noticed, and where it noticed none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    noticed_texts: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar: Option<Bar>,
}

/// Takes JSON and escapes `<`, `>` and `&`, which can only stand within its strings: nothing in it can end the element
/// or begin a comment.
struct Inert<W>(W);

impl<W: fmt::Write> io::Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        for part in text.split_inclusive(['<', '>', '&']) {
            let (plain, escape) = match part.as_bytes().last() {
                Some(b'<') => (&part[..part.len() - 1], "\\u003c"),
                Some(b'>') => (&part[..part.len() - 1], "\\u003e"),
                Some(b'&') => (&part[..part.len() - 1], "\\u0026"),
                _ => (part, ""),
            };
            self.0.write_str(plain).and_then(|()| self.0.write_str(escape)).map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Texts that are told once.
#[derive(Default)]
struct Texts {
    all: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Texts {
    fn number(&mut self, text: &str, longest: usize) -> usize {
        let text = visible::line(&visible::clip(text, longest));
        if let Some(known) = self.known.get(&text) {
            return *known;
        }
        self.all.push(text.clone());
        self.known.insert(text, self.all.len() - 1);
        self.all.len() - 1
    }
}

/// An invariant is judged on the exchanges of others and has no time of its own.
fn has_time(result: &CaseResult) -> bool {
    result.started_ms > 0 || result.duration_ms > 0
}

fn row(number: usize, result: &CaseResult, data: &CaseData<'_>, texts: &mut Texts) -> Row {
    let base = &data.run.target.base_url;
    let aside = matches!(result.verdict, Outcome::NotApplicable | Outcome::NotSelected);
    let fine = is_fine(result.verdict);
    let unjudged = aside || matches!(result.verdict, Outcome::Inconclusive | Outcome::Defect | Outcome::Flaky);
    let shown = if fine { result.exchanges.len().min(MOST_EXCHANGES) } else { 0 };
    Row {
        number,
        id: id_shown(&result.id),
        anchor: data.places.anchor(number).to_owned(),
        chapter_text: texts.number(&result.chapter, LONGEST_PURPOSE),
        verdict: class(result.verdict),
        level: labels::level(result.level),
        purpose_text: texts.number(&result.purpose, LONGEST_PURPOSE),
        about_texts: result.requirements.iter().map(|id| texts.number(id, LONGEST_PURPOSE)).collect(),
        began: result.started_ms,
        took: if aside || !has_time(result) { String::new() } else { labels::duration(result.duration_ms) },
        reason_text: (unjudged || labels::note(result).is_some() || !result.because.is_empty())
            .then(|| texts.number(&labels::why(result), MOST_CHARACTERS)),
        standing: result.standing.map(labels::standing),
        file_text: texts.number(&result.source.file, LONGEST_PURPOSE),
        line: result.source.line,
        checks: checks(result, texts),
        sent: result.exchanges.iter().take(shown).map(|exchange| sent(exchange, base, texts)).collect(),
        more: if fine { result.exchanges.len() - shown } else { 0 },
        noticed_texts: evidence::told(result).iter().map(|line| texts.number(line, LONGEST_PURPOSE)).collect(),
        bar: None,
    }
}

/// How often each check was met.
fn checks(result: &CaseResult, texts: &mut Texts) -> Vec<(usize, usize)> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    let passed = result.findings.iter().filter(|finding| finding.verdict == crate::verdict::Verdict::Pass);
    for finding in passed {
        let check = texts.number(&finding.check, LONGEST_URL);
        match counts.iter_mut().find(|(known, _)| *known == check) {
            Some((_, count)) => *count += 1,
            None => counts.push((check, 1)),
        }
    }
    counts
}

/// What was asked, by whom, the status of the answer and the time it took.
fn sent(exchange: &StoredExchange, base: &str, texts: &mut Texts) -> (usize, usize, u16, String) {
    let asked = format!("{} {}", exchange.method, view::path(exchange, base));
    let user = exchange.user.as_deref().unwrap_or("nobody");
    let who = exchange.credentials.as_ref().map_or_else(|| user.to_owned(), |how| format!("{user} ({how})"));
    let time = super::latency::duration(exchange.duration_us);
    (texts.number(&asked, LONGEST_URL), texts.number(&who, LONGEST_URL), exchange.status, time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        let mut text = String::new();
        serde_json::to_writer(Inert(&mut text), &["</script><!--<script>&amp;", "ä"]).expect("texts are JSON");
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(back, ["</script><!--<script>&amp;", "ä"]);
    }

    #[test]
    fn texts_are_told_once_and_harmless() {
        let mut texts = Texts::default();
        assert_eq!((texts.number("a\0", 9), texts.number("b", 9), texts.number("a\0", 9)), (0, 1, 0));
        assert_eq!(texts.all, ["a␀", "b"]);
    }
}
