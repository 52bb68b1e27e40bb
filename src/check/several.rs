//! Expectations on several answers: those of a burst, and the pages of a walk.

use std::ops::Range;

use serde_json::Value;

use super::Judge;
use super::answer::Answer;
use super::matcher::Matching;
use super::outcome::{Trouble, finding, stated};
use super::walk;
use crate::exchange::Exchange;
use crate::suite::{Block, Check, Expectation, Scope};
use crate::verdict::{Finding, Location, Verdict};

/// The answers that are judged together.
struct Answers<'a> {
    /// What one of them is called: `answer` or `page`.
    noun: &'static str,
    all: Vec<Answer<'a>>,
    /// The index of the first in its case.
    first_number: usize,
    /// What a walk left behind.
    summary: Option<&'a Value>,
    scope: &'a Scope,
}

impl Judge {
    /// Judges the answers of a burst. An expectation holds if it holds for each answer that it speaks about; there
    /// is one finding for each, which names the first answer that breaks it.
    pub fn burst(&self, blocks: &[Block], exchanges: &[Exchange], first_number: usize, scope: &Scope) -> Vec<Finding> {
        let all = exchanges.iter().map(|exchange| self.read(exchange)).collect();
        self.all_blocks(blocks, &Answers { noun: "response", all, first_number, summary: None, scope })
    }

    /// Judges a walk: `body` and `values` on its summary, all else on every page.
    pub fn walk(
        &self,
        blocks: &[Block],
        summary: &Value,
        exchanges: &[Exchange],
        first_number: usize,
        scope: &Scope,
    ) -> Vec<Finding> {
        let all = exchanges.iter().map(|exchange| self.read(exchange)).collect();
        self.all_blocks(blocks, &Answers { noun: "page", all, first_number, summary: Some(summary), scope })
    }

    fn all_blocks(&self, blocks: &[Block], answers: &Answers<'_>) -> Vec<Finding> {
        let whole = 0..answers.all.len();
        let mut findings = Vec::new();
        for block in blocks {
            let before = findings.len();
            for expectation in &block.expectations {
                self.expectation(expectation, whole.clone(), answers, Level::Step, &mut findings);
            }
            for finding in &mut findings[before..] {
                finding.requirements.clone_from(&block.proves);
            }
        }
        findings
    }

    fn expectation(
        &self,
        expectation: &Expectation,
        range: Range<usize>,
        answers: &Answers<'_>,
        level: Level,
        findings: &mut Vec<Finding>,
    ) {
        let count = answers.all.len();
        let found = match &expectation.check {
            Check::Each(inner) => return self.inside(inner, range, answers, findings),
            Check::First(template, inner) => match answers.number(template) {
                Ok(number) if number <= count => return self.inside(inner, 0..number, answers, findings),
                wrong => too_few(expectation, count, wrong),
            },
            Check::Last(template, inner) => match answers.number(template) {
                Ok(number) if number <= count => return self.inside(inner, count - number..count, answers, findings),
                wrong => too_few(expectation, count, wrong),
            },
            check => match (level, answers.summary, check) {
                (Level::Step, Some(summary), Check::Body(path, matcher)) => {
                    let matching = Matching { judge: self, scope: answers.scope, document: None };
                    let outcome = matching.at_path(summary, path, matcher);
                    let outcome =
                        outcome.map_err(|trouble| trouble.of_named("$", &Location::root(), walk::name_of_part));
                    self.with_cause(finding(check.name(), outcome, "", ""), answers)
                }
                (_, _, Check::Value(template, matcher)) => {
                    finding(check.name(), self.saved(template, matcher, answers.scope), "", "")
                }
                _ => self.over(check, range, answers),
            },
        };
        findings.push(stated(found, expectation, answers.scope));
    }

    fn inside(&self, inner: &[Expectation], range: Range<usize>, answers: &Answers<'_>, findings: &mut Vec<Finding>) {
        for expectation in inner {
            self.expectation(expectation, range.clone(), answers, Level::Answer, findings);
        }
    }

    /// One check on each answer of a range.
    fn over(&self, check: &Check, range: Range<usize>, answers: &Answers<'_>) -> Finding {
        let name = check.name();
        if range.is_empty() {
            let why = format!("there is no {} to judge", answers.noun);
            return Finding::inconclusive(name, why);
        }
        let mut broken = Vec::new();
        let mut unclear = Vec::new();
        for at in range {
            match self.check(check, &answers.all[at], answers.scope) {
                Ok(()) => {}
                Err(trouble @ Trouble::Broken(_)) => broken.push((at, trouble)),
                Err(trouble @ Trouble::Unclear(_)) => unclear.push((at, trouble)),
            }
        }
        let mut troubles = if broken.is_empty() { unclear } else { broken };
        if troubles.is_empty() {
            return Finding::pass(name);
        }
        let more = troubles.len() - 1;
        let (at, trouble) = troubles.swap_remove(0);
        let prefix = format!("{} {} of {}: ", answers.noun, at + 1, answers.all.len());
        let suffix = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let found = finding(name, Err(trouble), &prefix, &suffix);
        Finding { exchange: Some(answers.first_number + at), ..found }
    }
}

impl Judge {
    /// A finding about the summary of a walk, as one about the page that shows it, with the page whose links led the
    /// walk astray, if there is one. Where the whole walk is wrong, that page shows it.
    fn with_cause(&self, found: Finding, answers: &Answers<'_>) -> Finding {
        let is_order = matches!(&found.location, Some(Location::Body { pointer }) if walk::is_identity(&pointer.0));
        let found = answers.on_its_page(found);
        let of_whole = matches!(found.location, None | Some(Location::WalkEnd));
        if found.verdict != Verdict::Fail || !(of_whole || is_order) {
            return found;
        }
        let shown_on = found.exchange.filter(|_| !of_whole).map_or(answers.all.len(), |at| at - answers.first_number);
        let mut pages = answers.all.iter().take(shown_on).enumerate();
        let flawed = pages.find_map(|(page, answer)| Some((page, self.flaw_of_links(answer)?)));
        let Some((page, flaw)) = flawed else { return found };
        let cause = Some(flaw.message);
        if of_whole {
            return Finding { exchange: Some(answers.first_number + page), location: flaw.location, cause, ..found };
        }
        Finding { cause, ..found }
    }
}

impl Answers<'_> {
    /// A finding about the summary of a walk, as one about the page that shows it. The summary itself is the body of no
    /// response.
    fn on_its_page(&self, found: Finding) -> Finding {
        let place = match &found.location {
            Some(Location::Body { pointer }) => walk::place(&pointer.0, &self.all),
            _ => None,
        };
        let exchange = place.as_ref().map(|(page, _)| self.first_number + page);
        Finding { exchange, location: place.map(|(_, location)| location), also: Vec::new(), ..found }
    }

    /// How many answers a template says.
    fn number(&self, template: &Value) -> Result<usize, String> {
        let value = self.scope.value(template).map_err(|error| error.to_string())?;
        let number = super::number::whole(&value).or_else(|| value.as_str()?.parse().ok());
        number
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| format!("{} is no number of responses", super::show::value(&value)))
    }
}

/// Where an expectation stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// In the step: about all it left behind.
    Step,
    /// Under `each`, `first` or `last`: about single answers.
    Answer,
}

fn too_few(expectation: &Expectation, count: usize, number: Result<usize, String>) -> Finding {
    let why = match number {
        Ok(number) => format!("there are {count} responses where {number} are judged"),
        Err(why) => why,
    };
    Finding::inconclusive(expectation.check.name(), why)
}
