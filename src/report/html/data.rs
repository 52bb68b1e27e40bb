//! The list of all cases as data that the page's script shows: what a passing case needs to be found and understood.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cases::{Places, class, id_shown, is_fine};
use super::reasons::MOST_CHARACTERS;
use super::timeline::Timeline;
use crate::record::{CaseResult, Outcome, Run, StoredExchange};
use crate::report::{view, visible, words};

/// Most exchanges of a case in its line.
const MOST_EXCHANGES: usize = 4;
/// Most characters of a URL.
const LONGEST_URL: usize = 160;
/// Most characters of a purpose.
const LONGEST_PURPOSE: usize = 400;

/// What the script reads. Texts that many cases share stand once, in `texts`.
#[derive(Serialize)]
struct Data {
    outcomes: Vec<(&'static str, &'static str)>,
    texts: Vec<String>,
    cases: Vec<Row>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    bar: Option<[u64; 3]>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// All cases in the order of the chapters, as JSON that may stand inside a `script` element.
pub(super) fn data(run: &Run, places: &Places<'_>, timeline: Option<&Timeline>) -> String {
    let mut texts = Texts::default();
    let chapters = view::chapters(run);
    let results = chapters.iter().flat_map(|chapter| &chapter.results);
    let numbered = results.filter_map(|result| Some((places.number(&result.id)?, *result)));
    let cases = numbered
        .map(|(number, result)| {
            let bar = timeline.and_then(|timeline| timeline.places[number]);
            row(number, result, &run.target.base_url, places, &mut texts, bar)
        })
        .collect();
    let outcomes = words::OUTCOMES.map(|outcome| (class(outcome), words::outcome(outcome))).into();
    let data = Data { outcomes, texts: texts.all, cases };
    inert(&serde_json::to_string(&data).expect("texts and numbers are JSON"))
}

/// No `<` and `&` remain: nothing in the text can end the element or begin a comment.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
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

fn row(
    number: usize,
    result: &CaseResult,
    base: &str,
    places: &Places<'_>,
    texts: &mut Texts,
    bar: Option<[u64; 3]>,
) -> Row {
    let aside = matches!(result.verdict, Outcome::NotApplicable | Outcome::NotSelected);
    let fine = is_fine(result.verdict);
    let unjudged = aside || matches!(result.verdict, Outcome::Inconclusive | Outcome::Defect);
    let shown = if fine { result.exchanges.len().min(MOST_EXCHANGES) } else { 0 };
    Row {
        number,
        id: id_shown(&result.id),
        anchor: places.anchor(number).to_owned(),
        chapter_text: texts.number(&result.chapter, LONGEST_PURPOSE),
        verdict: class(result.verdict),
        level: words::level(result.level),
        purpose_text: texts.number(&result.purpose, LONGEST_PURPOSE),
        about_texts: result.requirements.iter().map(|id| texts.number(id, LONGEST_PURPOSE)).collect(),
        began: result.started_ms,
        took: if aside || !has_time(result) { String::new() } else { words::duration(result.duration_ms) },
        reason_text: (result.reason.is_some() || unjudged).then(|| texts.number(view::reason(result), MOST_CHARACTERS)),
        standing: result.standing.map(words::standing),
        file_text: texts.number(&result.source.file, LONGEST_PURPOSE),
        line: result.source.line,
        checks: checks(result, texts),
        sent: result.exchanges.iter().take(shown).map(|exchange| sent(exchange, base, texts)).collect(),
        more: if fine { result.exchanges.len() - shown } else { 0 },
        bar,
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
    let path = exchange.url.strip_prefix(base.trim_end_matches('/')).unwrap_or(&exchange.url);
    let asked = format!("{} {}", exchange.method, if path.is_empty() { "/" } else { path });
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
        let text = inert(&serde_json::to_string("</script><!--<script>&amp;").expect("a text"));
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let back: String = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(back, "</script><!--<script>&amp;");
    }

    #[test]
    fn texts_are_told_once_and_harmless() {
        let mut texts = Texts::default();
        assert_eq!((texts.number("a\0", 9), texts.number("b", 9), texts.number("a\0", 9)), (0, 1, 0));
        assert_eq!(texts.all, ["a␀", "b"]);
    }
}
