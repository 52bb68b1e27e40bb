//! What the rules for clients found, as a run that every report can show: a case a rule.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::client_rules::{Rule, RuleInfo};
use crate::exchange::Exchange;
use crate::reason::Reason;
use crate::record::{
    self, BODY_LIMIT_FAILING, CaseResult, Outcome, Redaction, RequirementResult, Run, RunParts, Selection,
    StoredExchange, Subject, SuiteIdentity, TargetIdentity, Tool,
};
use crate::verdict::{Finding, Level, Source, Verdict};

/// Most findings of a rule that are shown; the rest is counted.
const MOST_SHOWN: usize = 20;

/// Findings by rule, with the exchanges that show them.
#[derive(Debug)]
pub(super) struct ClientReport {
    began: DateTime<Utc>,
    redaction: Redaction,
    seen: Vec<Seen>,
}

/// What was found about one rule.
#[derive(Debug, Default)]
struct Seen {
    passes: u64,
    failures: u64,
    unclear: u64,
    findings: Vec<Finding>,
    exchanges: Vec<StoredExchange>,
}

/// Whom the report is about.
pub(super) struct Judged {
    pub(super) name: String,
    pub(super) base_url: String,
    pub(super) ended: DateTime<Utc>,
}

impl ClientReport {
    /// Nothing found yet.
    pub(super) fn new(began: DateTime<Utc>, redaction: Redaction) -> Self {
        let seen = Rule::table().iter().map(|_| Seen::default()).collect();
        Self { began, redaction, seen }
    }

    /// Adds what was found, and the exchange that shows it where there is one.
    pub(super) fn add(&mut self, findings: Vec<Finding>, exchange: Option<&Exchange>) {
        for finding in findings {
            let Some(info) = finding.requirements.iter().find_map(|id| Rule::named(id)) else { continue };
            let seen = &mut self.seen[info.rule as usize];
            seen.add(finding, exchange, self.began, &self.redaction);
        }
    }

    /// The run: judged from its findings alone, as any other.
    pub(super) fn finish(self, judged: Judged) -> Run {
        let took = (judged.ended - self.began).num_milliseconds();
        let duration_ms = u64::try_from(took).unwrap_or(0);
        let results = Rule::table().iter().zip(self.seen).map(|(info, seen)| seen.result(info, duration_ms)).collect();
        let requirements =
            Rule::table().iter().map(|it| RequirementResult::unjudged(it.id, it.level, it.statement, it.section));
        Run::from_results(RunParts {
            tool: Tool::this(),
            suite: identity(),
            target: TargetIdentity { name: judged.name, base_url: judged.base_url, ..TargetIdentity::default() },
            started: self.began,
            duration_ms,
            selection: Selection::everything(),
            requirements: requirements.collect(),
            results,
        })
    }
}

/// The statement that a place of a finding leads to.
pub(super) fn line_of(source: &Source) -> Option<String> {
    let info = Rule::table().get(source.line.checked_sub(1)?).filter(|_| source.file == Rule::FILE)?;
    Some(info.statement.to_owned())
}

/// The statement of a rule by its id.
pub(super) fn statement(id: &str) -> Option<String> {
    Rule::named(id).map(|info| info.statement.to_owned())
}

fn identity() -> SuiteIdentity {
    let mut hash = Sha256::new();
    for info in Rule::table() {
        hash.update(format!("{} {:?} {}\n", info.id, info.level, info.statement));
    }
    let count = Rule::table().len();
    let digest = format!("sha256:{}", HEXLOWER.encode(&hash.finalize()));
    SuiteIdentity { name: Rule::FILE.to_owned(), digest, cases: count, requirements: count }
}

fn level_of(id: &str) -> Option<Level> {
    Rule::named(id).map(|info| info.level)
}

impl Seen {
    fn add(&mut self, finding: Finding, exchange: Option<&Exchange>, began: DateTime<Utc>, redaction: &Redaction) {
        let count = match finding.verdict {
            Verdict::Pass => &mut self.passes,
            Verdict::Fail => &mut self.failures,
            Verdict::Inconclusive => &mut self.unclear,
        };
        *count += 1;
        if finding.verdict == Verdict::Pass || self.findings.len() >= MOST_SHOWN {
            return;
        }
        let mut finding = redaction.finding(finding);
        if let Some(exchange) = exchange {
            finding.exchange = Some(self.exchanges.len());
            self.exchanges.push(StoredExchange::from_exchange(exchange, began, redaction, BODY_LIMIT_FAILING));
        }
        self.findings.push(finding);
    }

    fn result(self, info: &RuleInfo, duration_ms: u64) -> CaseResult {
        let judged = self.passes + self.failures + self.unclear;
        let mut findings = self.findings;
        let unseen = self.failures + self.unclear - findings.len() as u64;
        if self.passes > 0 {
            let message = format!("{} of {judged} occasions as expected", self.passes);
            findings.push(of(info, Verdict::Pass, message));
        }
        if unseen > 0 {
            let verdict = if self.failures > 0 { Verdict::Fail } else { Verdict::Inconclusive };
            findings.push(of(info, verdict, format!("and {unseen} more of the kind, which are not shown")));
        }
        for finding in &mut findings {
            finding.source = Some(info.source());
        }
        let reason = (judged == 0).then(|| Reason::NoOccasion { occasion: occasion(info).to_owned() });
        let verdict = if judged == 0 { Outcome::NotApplicable } else { record::outcome(&findings, level_of) };
        let subject = Subject {
            id: info.id.to_owned(),
            chapter: Rule::CHAPTER.to_owned(),
            purpose: info.statement.to_owned(),
            level: info.level,
            requirements: vec![info.id.to_owned()],
            source: info.source(),
        };
        let exchanges = self.exchanges;
        CaseResult { duration_ms, reason, findings, exchanges, ..CaseResult::new(subject, verdict) }
    }
}

/// What there was none of, without its article.
fn occasion(info: &RuleInfo) -> &'static str {
    let occasion = info.occasion;
    occasion.strip_prefix("a ").or(occasion.strip_prefix("an ")).unwrap_or(occasion)
}

fn of(info: &RuleInfo, verdict: Verdict, message: String) -> Finding {
    let mut finding = Finding::new(info.id.trim_start_matches("client."), verdict, message);
    finding.requirements = vec![info.id.to_owned()];
    finding
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn report(findings: Vec<Finding>) -> Run {
        let mut report = ClientReport::new(DateTime::UNIX_EPOCH, Redaction::new([]).expect("no keys"));
        report.add(findings, None);
        let judged = Judged { name: "x".into(), base_url: "http://x".into(), ended: DateTime::UNIX_EPOCH };
        report.finish(judged)
    }

    fn found(rule: Rule, verdict: Verdict) -> Finding {
        of(rule.info(), verdict, "m".to_owned())
    }

    #[test]
    fn a_rule_is_a_case_and_a_requirement() {
        let run = report(vec![
            found(Rule::NonceCounts, Verdict::Pass),
            found(Rule::NonceCounts, Verdict::Fail),
            found(Rule::PageSize, Verdict::Fail),
        ]);
        assert_eq!((run.exit_code(), run.counts.fail, run.counts.warn), (1, 1, 1));
        let counts = run.results.iter().find(|it| it.id == "client.nonce-counts").expect("the rule");
        let told: Vec<&str> = counts.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(told, ["m", "1 of 2 occasions as expected"]);
        assert_eq!(line_of(&counts.source), statement("client.nonce-counts"));
        let idle = run.results.iter().find(|it| it.id == "client.content-type").expect("the rule");
        assert_eq!(idle.verdict, Outcome::NotApplicable);
        let occasion = "POST, PUT or PATCH with a body".to_owned();
        assert_eq!(idle.reason, Some(Reason::NoOccasion { occasion }));
    }

    #[test]
    fn a_flood_of_findings_is_counted() {
        let run = report((0..50).map(|_| found(Rule::NoHammering, Verdict::Fail)).collect());
        let result = run.results.iter().find(|it| it.id == "client.no-hammering").expect("the rule");
        assert_eq!(result.findings.len(), MOST_SHOWN + 1);
        assert_eq!(result.findings[MOST_SHOWN].message, "and 30 more of the kind, which are not shown");
    }

    #[test]
    fn a_client_that_was_not_seen_is_undecided() {
        assert_eq!(report(Vec::new()).exit_code(), 3);
    }
}
