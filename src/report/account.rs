//! What one case found, as paragraphs of plain text: for a terminal, and inside reports of other formats.

use super::paint::Colour;
use super::wrap::wrapped;
use super::{Sources, curl, labels, script, view, visible};
use crate::record::{CaseResult, StoredExchange, TargetIdentity};
use crate::verdict::{Finding, Source, Verdict};

/// Width of a terminal that lines are made for.
pub(super) const WIDTH: usize = 80;
/// Most findings of one case that are told; a walk over many pages may fail on each.
const MOST_FINDINGS: usize = 4;
/// The label of what the author of a case says about the target.
const SAYS: &str = "target";
/// Most characters of an expected or actual value.
const MOST_CHARACTERS: usize = 400;

/// What an account needs beside the result.
pub(super) struct Account<'a> {
    pub(super) colour: Colour,
    pub(super) sources: &'a Sources<'a>,
    /// The statement of a requirement, where it is known.
    pub(super) statement: &'a dyn Fn(&str) -> Option<String>,
    pub(super) target: &'a TargetIdentity,
}

impl Account<'_> {
    /// The purpose and everything that was not as expected, each line indented.
    pub(super) fn of(&self, result: &CaseResult) -> String {
        let mut text = wrapped(&visible::line(&result.purpose), 2, WIDTH);
        if let Some(cause) = labels::cause(&result.because) {
            text.push_str(&labelled("cause", &cause));
        }
        if let Some(note) = labels::note_beside_findings(result) {
            text.push_str(&labelled("reason", &note));
        }
        if let Some(standing) = result.standing {
            text.push_str(&labelled("standing", labels::standing(standing)));
        }
        let telling: Vec<&Finding> =
            result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass).collect();
        for finding in telling.iter().take(MOST_FINDINGS) {
            text.push_str(&self.finding(result, finding));
        }
        if telling.len() > MOST_FINDINGS {
            let more = labels::count(telling.len() - MOST_FINDINGS, "more finding");
            text.push_str(&wrapped(&format!("… and {more}"), 2, WIDTH));
        }
        text.push_str(&repeated(result).map(|how| labelled("repeat", &how)).unwrap_or_default());
        text
    }

    fn finding(&self, result: &CaseResult, finding: &Finding) -> String {
        let mut text = String::from("\n");
        for id in &finding.requirements {
            let statement = (self.statement)(id).map(|statement| format!(": {statement}")).unwrap_or_default();
            text.push_str(&wrapped(&visible::line(&format!("{id}{statement}")), 2, WIDTH));
        }
        let line = |text: &str| visible::clip(&visible::line(text), MOST_CHARACTERS);
        if let Some(says) = &finding.says {
            text.push_str(&labelled(SAYS, &line(says)));
        }
        text.push_str(&labelled(&finding.check, &line(&labels::message(finding))));
        for (label, value) in [("expected", &finding.expected), ("actual", &finding.actual)] {
            if let Some(value) = value {
                text.push_str(&labelled(label, &visible::clip(&value.to_string(), MOST_CHARACTERS)));
            }
        }
        text.push_str(&finding.source.as_ref().map(|source| self.source(source)).unwrap_or_default());
        text.push_str(&view::exchange(result, finding).map(|exchange| self.exchange(exchange)).unwrap_or_default());
        text
    }

    fn source(&self, source: &Source) -> String {
        let place = self.colour.dim(&visible::line(&labels::place(source)));
        let line = (self.sources)(source).map(|line| {
            let line = visible::clip(&visible::line(line.trim()), WIDTH);
            format!("    {} | {line}\n", source.line)
        });
        format!("    at {place}\n{}", line.unwrap_or_default())
    }

    fn exchange(&self, exchange: &StoredExchange) -> String {
        let curl = curl::command(exchange, self.target);
        let curl: Vec<String> = curl.lines().map(|line| format!("    {}\n", self.colour.dim(line))).collect();
        let url = wrapped(&visible::line(&exchange.url), 13, WIDTH);
        format!("{}{url}{}", labelled("exchange", &headline(exchange)), curl.concat())
    }
}

/// How to see it again.
fn repeated(result: &CaseResult) -> Option<String> {
    let script = format!("{}/{}", script::FOLDER, script::file_name(&result.id));
    let command = format!("atlaspec run {}", curl::quoted(&result.id));
    script::is_repeatable(result).then(|| format!("{command} with the same options, or {script} beside the reports"))
}

/// Method, URL, who and the status of the answer.
pub(super) fn summary(exchange: &StoredExchange) -> String {
    visible::line(&format!("{} {} as {}: {}", exchange.method, exchange.url, sender(exchange), exchange.status))
}

fn headline(exchange: &StoredExchange) -> String {
    format!("{} as {}, answered {}", exchange.method, sender(exchange), exchange.status)
}

fn sender(exchange: &StoredExchange) -> String {
    let user = exchange.user.as_deref().unwrap_or("nobody");
    exchange.credentials.as_ref().map_or_else(|| user.to_owned(), |how| format!("{user} ({how})"))
}

/// A paragraph after its label, all lines of it under each other.
fn labelled(label: &str, text: &str) -> String {
    let label = visible::line(label);
    let indent = 4 + label.chars().count().max(8) + 1;
    let lines = wrapped(&visible::line(text), indent, WIDTH);
    format!("    {label:<8} {}", lines.trim_start())
}
