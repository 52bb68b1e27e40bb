//! Words of reports and of the file formats, for `explain`.

use std::fmt::Write as _;

use crate::suite::{OwnRule, Rule, Suite, keys_of_case_files, names_of_keys};
use crate::target::{keys_of_target_files, keys_of_target_files_named};

use super::list::{level_word, strongest};

/// A word of reports, the words that mean the same, and what it means.
const WORDS: &[(&str, &[&str], &str)] = &[
    ("pass", &["passed"], "a verdict: all expectations of the test are met"),
    ("fail", &["failed"], "a verdict: a MUST requirement is violated; the run is not conformant"),
    (
        "warn",
        &["warning"],
        "a verdict: a SHOULD requirement is violated; the run stays conformant, unless `--fail-on should` is given",
    ),
    ("observed", &["info", "note"], "a verdict: a MAY requirement is not met; this is only reported"),
    (
        "inconclusive",
        &["unclear"],
        "a verdict: the test could not be judged, because it could not be set up, or something else changed meanwhile; the \
         `reason` of the result says which, and the run is inconclusive",
    ),
    (
        "flaky",
        &[],
        "a verdict: the test did not pass at first, and passed when `--retries` tried it again; the run is inconclusive",
    ),
    ("defect", &["suite-error"], "a verdict: atlaspec itself made a mistake; please report it"),
    (
        "not-applicable",
        &["not_applicable"],
        "skipped: the target file does not claim or declare what the test needs; `atlaspec check FILE` says which lines add tests",
    ),
    ("not-selected", &["not_selected"], "skipped: a filter, a shard, `--fail-fast` or an interrupt left the test out"),
    ("skipped", &["aside", "set-aside"], "not run: either not applicable or not selected"),
    (
        "conformant",
        &[],
        "a conclusion: no MUST requirement is violated, and everything that was chosen was judged; exit code 0",
    ),
    ("non-conformant", &["not-conformant"], "a conclusion: a MUST requirement is violated; exit code 1"),
    ("undecided", &[], "a conclusion: inconclusive; something could not be judged, or nothing was; exit code 3"),
    (
        "no-violation",
        &["no_violation"],
        "the conclusion of an audit: recorded traffic shows no violation, which proves no conformance",
    ),
    ("must", &[], "a level: a violation makes the target not conformant"),
    ("should", &[], "a level: a violation is a warning"),
    ("may", &[], "a level: what is not met is only reported"),
    ("as-expected", &["expected-failure"], "a standing: the test fails, and the list of known failures names it"),
    ("regression", &[], "a standing: the test fails, and the list of known failures does not name it"),
    ("stale", &[], "an entry of the list of known failures whose tests do not fail any more: remove it"),
    ("unmatched", &[], "an entry of the list of known failures that names nothing: correct or remove it"),
    (
        "expired",
        &[],
        "an entry of the list of known failures whose last day is over: fix the failure, or give a new date and reason",
    ),
];

/// A word of reports.
pub(super) fn report_word(word: &str) -> Option<String> {
    let plain = word.to_ascii_lowercase();
    let (name, others, meaning) =
        WORDS.iter().find(|(name, others, _)| *name == plain || others.contains(&plain.as_str()))?;
    let also = if others.is_empty() { String::new() } else { format!("\n  also         {}\n", others.join(", ")) };
    Some(format!("{name}: a word of reports\n\n  {meaning}\n{also}\nSee `docs/reports.md` and `docs/glossary.md`.\n"))
}

/// A key or a rule of the file formats.
pub(super) fn format_word(word: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let formats = [("case files", keys_of_case_files(word)), ("target files", keys_of_target_files_named(word))];
    for (format, keys) in formats {
        for key in keys {
            let mut text = format!("{}: a key of {}, in {format}\n\n  {}\n\n", word, key.of, key.doc);
            if format == "target files" {
                let _ = writeln!(text, "  stands at    {}", key.path);
            }
            let _ = writeln!(text, "  value        {}", key.value);
            let _ = writeln!(text, "  required     {}", if key.is_required { "yes" } else { "no" });
            parts.push(text);
        }
    }
    let rule = |says: &str, of: &str| format!("{word}: a rule of `{of}`, in case files\n\n  {says}\n");
    parts.extend(Rule::named(word).map(|it| rule(it.says(), "everywhere")));
    parts.extend(OwnRule::named(word).map(|it| rule(it.says(), "own-request")));
    parts
}

/// A chapter of the suite: its requirements, cases and invariants.
pub(super) fn chapter(suite: &Suite, name: &str) -> Option<String> {
    let cases: Vec<_> = suite.cases.iter().filter(|it| it.chapter == name).collect();
    let invariants: Vec<_> = suite.invariants.iter().filter(|it| it.chapter == name).collect();
    if cases.is_empty() && invariants.is_empty() {
        return None;
    }
    let mut text =
        format!("{name}: a chapter, {} cases and {} invariants\n\nRequirements\n", cases.len(), invariants.len());
    let judged = |id: &String| {
        cases.iter().any(|it| it.requirements.contains(id)) || invariants.iter().any(|it| it.requirements.contains(id))
    };
    for it in suite.requirements.iter().filter(|it| judged(&it.id)) {
        let _ = writeln!(text, "  {} ({})\n      {}", it.id, level_word(it.level), it.statement);
    }
    let cases = cases.iter().map(|it| (&it.id, &it.requirements, &it.purpose));
    let invariants = invariants.iter().map(|it| (&it.id, &it.requirements, &it.purpose));
    text.push_str("\nCases and invariants\n");
    for (id, requirements, purpose) in cases.chain(invariants) {
        let _ = writeln!(text, "  {id} ({})\n      {purpose}", level_word(strongest(suite, requirements)));
    }
    let _ = writeln!(text, "\nRun it\n  atlaspec run --chapter {name}");
    Some(text)
}

/// All words that are explained here, to guess what was meant.
pub(super) fn words(suite: &Suite) -> Vec<String> {
    let reports = WORDS.iter().flat_map(|(name, others, _)| std::iter::once(*name).chain(others.iter().copied()));
    let rules = Rule::WORDS.iter().chain(OwnRule::WORDS).copied();
    let fixed = reports.chain(rules).chain(names_of_keys()).chain(keys_of_target_files());
    let chapters = suite.cases.iter().map(|it| it.chapter.clone());
    chapters.chain(fixed.map(str::to_owned)).collect()
}
