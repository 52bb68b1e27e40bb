//! Cause and consequence: which violations, failures and inconclusive tests are consequences of another violation.
//!
//! A violation is a consequence if every finding that shows it has the symptom of a finding about another violated
//! requirement, which shows at least as much. Verdicts stay as they are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::run::{CaseResult, Outcome, RequirementResult};
use super::symptom::Symptom;
use crate::verdict::{Datum, Finding, Level, Location, Verdict};

/// What is known of a violated requirement.
struct Violation<'a> {
    id: &'a str,
    level: Level,
    /// The symptoms of each finding that shows it.
    findings: Vec<&'a [Symptom]>,
    symptoms: BTreeSet<&'a Symptom>,
    tests: BTreeSet<&'a str>,
    /// Whether a finding says itself what is wrong, and not what comes of that.
    is_direct: bool,
    position: usize,
}

/// Names the causes of violated requirements, of failures and of inconclusive tests.
pub(super) fn name(requirements: &mut [RequirementResult], results: &mut [CaseResult], base_url: &str) {
    let symptoms: Vec<Vec<Vec<Symptom>>> = results.iter().map(|result| of_each(result, base_url)).collect();
    let violations = violations(requirements, results, &symptoms);
    let because = explained(&violations);
    let of_tests: Vec<Vec<String>> = results
        .iter()
        .zip(&symptoms)
        .map(|(result, symptoms)| of_test(result, symptoms, &violations, &because))
        .collect();
    for requirement in requirements {
        requirement.because = because.get(&requirement.id).cloned().unwrap_or_default();
    }
    for (result, because) in results.iter_mut().zip(of_tests) {
        result.because = because;
    }
}

/// The symptoms of each finding of a result. What else is wrong with a response of a wrong status comes of that.
fn of_each(result: &CaseResult, base_url: &str) -> Vec<Vec<Symptom>> {
    let mut all: Vec<Vec<Symptom>> =
        result.findings.iter().map(|finding| Symptom::all(result, finding, base_url)).collect();
    for (at, finding) in result.findings.iter().enumerate() {
        if !is_failure(finding) || finding.location != Some(Location::Status) {
            continue;
        }
        let of_status = all[at].clone();
        if of_status.is_empty() {
            continue;
        }
        for (other, symptoms) in result.findings.iter().zip(&mut all).filter(|(other, _)| is_failure(other)) {
            if other.exchange == finding.exchange && other.location != Some(Location::Status) {
                symptoms.clone_from(&of_status);
            }
        }
    }
    all
}

/// The violated requirements, those that may be causes of others before these: what weighs most, then what is wrong
/// whatever was sent before, then what shows most.
fn violations<'a>(
    requirements: &'a [RequirementResult],
    results: &'a [CaseResult],
    symptoms: &'a [Vec<Vec<Symptom>>],
) -> Vec<Violation<'a>> {
    let positions: BTreeMap<&str, usize> =
        requirements.iter().enumerate().map(|(at, requirement)| (requirement.id.as_str(), at)).collect();
    let mut all: BTreeMap<&str, Violation<'a>> = BTreeMap::new();
    for (result, of_each) in results.iter().zip(symptoms).filter(|(result, _)| result.verdict != Outcome::Flaky) {
        for (finding, of_it) in result.findings.iter().zip(of_each).filter(|(finding, _)| is_failure(finding)) {
            for id in &finding.requirements {
                let Some(&position) = positions.get(id.as_str()) else { continue };
                let violation = all.entry(id).or_insert_with(|| Violation {
                    id,
                    level: requirements[position].level,
                    findings: Vec::new(),
                    symptoms: BTreeSet::new(),
                    tests: BTreeSet::new(),
                    is_direct: false,
                    position,
                });
                violation.findings.push(of_it);
                violation.symptoms.extend(of_it);
                violation.is_direct |= is_direct(finding, of_it);
                violation.tests.insert(finding.seen_in.as_deref().unwrap_or(&result.id));
            }
        }
    }
    let mut all: Vec<Violation<'a>> = all.into_values().collect();
    all.sort_by_key(|it| {
        let depends = !it.symptoms.iter().all(|symptom| symptom.is_of_response());
        (
            Reverse(it.level),
            depends,
            Reverse(it.is_direct),
            Reverse(it.symptoms.len()),
            Reverse(it.tests.len()),
            it.position,
        )
    });
    all
}

/// Whether a finding says itself that a value is missing, or that a rule about responses is broken.
fn is_direct(finding: &Finding, symptoms: &[Symptom]) -> bool {
    let is_rule = finding.cause.is_none() && symptoms.iter().any(|symptom| matches!(symptom, Symptom::Rule(_)));
    is_rule || finding.actual == Some(Datum::Missing)
}

fn is_failure(finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail
}

/// The causes of each violation that has any: violations before it that are no consequences themselves.
fn explained(violations: &[Violation<'_>]) -> BTreeMap<String, Vec<String>> {
    let mut roots: Vec<&Violation<'_>> = Vec::new();
    let mut because = BTreeMap::new();
    for violation in violations {
        match causes(&violation.findings, &roots) {
            Some(causes) => {
                because.insert(violation.id.to_owned(), causes);
            }
            None => roots.push(violation),
        }
    }
    because
}

/// The violations that all these findings are symptoms of, if each is one of at least one of them.
fn causes(findings: &[&[Symptom]], roots: &[&Violation<'_>]) -> Option<Vec<String>> {
    let shows = |finding: &[Symptom], root: &Violation<'_>| {
        finding.iter().any(|symptom| root.symptoms.iter().any(|other| other.explains(symptom)))
    };
    let explained = |finding: &&[Symptom]| roots.iter().any(|root| shows(finding, root));
    if findings.is_empty() || !findings.iter().all(explained) {
        return None;
    }
    let is_all = |root: &&&Violation<'_>| findings.iter().all(|finding| shows(finding, root));
    if let Some(one) = roots.iter().find(is_all) {
        return Some(vec![one.id.to_owned()]);
    }
    let is_any = |root: &&&Violation<'_>| findings.iter().any(|finding| shows(finding, root));
    Some(roots.iter().filter(is_any).map(|root| root.id.to_owned()).collect())
}

/// The violations of which the failure of a test, or that it is inconclusive, is a consequence.
fn of_test(
    result: &CaseResult,
    symptoms: &[Vec<Symptom>],
    violations: &[Violation<'_>],
    because: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    match result.verdict {
        Outcome::Fail | Outcome::Warn | Outcome::Observed => {
            let named = result.findings.iter().filter(|it| is_failure(it)).flat_map(|finding| &finding.requirements);
            let causes: Option<Vec<&Vec<String>>> = named.map(|id| because.get(id)).collect();
            let causes: BTreeSet<&String> = causes.into_iter().flatten().flatten().collect();
            causes.into_iter().cloned().collect()
        }
        Outcome::Inconclusive => {
            let unclear = result.findings.iter().zip(symptoms);
            let unclear = unclear.filter(|(finding, _)| finding.verdict == Verdict::Inconclusive);
            let unclear: Vec<&[Symptom]> = unclear.map(|(_, of_it)| of_it.as_slice()).collect();
            let roots: Vec<&Violation<'_>> =
                violations.iter().filter(|violation| !because.contains_key(violation.id)).collect();
            causes(&unclear, &roots).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RequirementVerdict, Run, RunParts, StoredBody, StoredExchange, sample};
    use super::*;
    use crate::reason::Reason;
    use crate::verdict::PathStep;

    const BODY: &str = r#"{"results":[{"created":"2020-01-01 00:00:00Z","total":7}],"links":[]}"#;

    fn at(names: &[&str]) -> Location {
        Location::at(names.iter().map(|name| match name.parse() {
            Ok(index) => PathStep::Index(index),
            Err(_) => PathStep::Name((*name).to_owned()),
        }))
    }

    fn finding(about: &str, location: Location) -> Finding {
        let about = vec![about.to_owned()];
        Finding {
            requirements: about,
            location: Some(location),
            exchange: Some(0),
            ..Finding::fail("body", "is wrong")
        }
    }

    /// A test that sends nothing but one request.
    fn test(id: &str, method: &str, status: u16, finding: Finding) -> CaseResult {
        let response_body = Some(StoredBody { text: BODY.to_owned(), bytes: BODY.len(), cut: false });
        let exchange = StoredExchange { method: method.to_owned(), status, response_body, ..sample::exchange() };
        let verdict = if finding.verdict == Verdict::Fail { Outcome::Fail } else { Outcome::Inconclusive };
        CaseResult { findings: vec![finding], exchanges: vec![exchange], ..sample::case(id, verdict) }
    }

    /// A body rule, which is judged on the responses of all tests.
    fn rule(about: &str, location: Location) -> CaseResult {
        let seen = Finding { seen_in: Some("some.test".to_owned()), ..finding(about, location) };
        test(&format!("rule.{about}"), "GET", 200, seen)
    }

    fn run(results: Vec<CaseResult>) -> Run {
        let requirements = ["a", "b", "c"].map(|id| RequirementResult::unjudged(id, Level::Must, "", "")).into();
        Run::from_results(RunParts { requirements, ..sample::parts(results) })
    }

    fn because(results: Vec<CaseResult>) -> Vec<Vec<String>> {
        run(results).requirements.into_iter().map(|requirement| requirement.because).collect()
    }

    #[test]
    fn what_another_test_sees_at_the_place_that_a_rule_names_is_a_consequence() {
        let created = || at(&["results", "0", "created"]);
        let run =
            run(vec![rule("b", created()), test("x", "GET", 200, finding("a", at(&["results", "3", "created"])))]);
        assert_eq!(run.requirements[0].because, Vec::<String>::new(), "no such item: that is another mistake");
        let run = self::run(vec![rule("b", created()), test("x", "GET", 200, finding("a", created()))]);
        let [a, b, _] = run.requirements.as_slice() else { panic!("{:?}", run.requirements) };
        assert_eq!((a.because.as_slice(), b.because.as_slice()), (&[][..], &["a".to_owned()][..]), "the first stays");
        assert_eq!((a.verdict, b.verdict), (RequirementVerdict::Fail, RequirementVerdict::Fail), "verdicts stay");
        assert_eq!(run.results.iter().map(|it| it.because.len()).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn a_violation_of_its_own_stays_one() {
        let elsewhere = test("x", "GET", 200, finding("a", at(&["results", "0", "total"])));
        let both = test("y", "GET", 200, finding("a", at(&["results", "0", "created"])));
        assert_eq!(
            because(vec![rule("b", at(&["results", "0", "created"])), elsewhere, both])[0],
            Vec::<String>::new()
        );
        // An array may be wrong in many ways.
        let array = || at(&["links"]);
        assert_eq!(
            because(vec![rule("b", array()), test("x", "GET", 200, finding("a", array()))])[0],
            Vec::<String>::new()
        );
        // That two requests were accepted is wrong of each.
        let accepted = |id: &str, about: &str| test(id, "POST", 201, finding(about, Location::Status));
        assert_eq!(because(vec![accepted("x", "a"), accepted("y", "b")]), vec![Vec::<String>::new(); 3]);
    }

    #[test]
    fn a_walk_that_went_astray_is_a_consequence_of_the_links_that_led_it() {
        let links = || at(&["links"]);
        let page = |sentence: &str, number: usize| format!("$.links of page {number} {sentence}");
        let mut next = rule("b", links());
        next.findings[0].message = page("has no link next", 2);
        let walk = |cause: String| {
            let found =
                Finding { message: "$.ids has 9 elements".to_owned(), cause: Some(cause), ..finding("a", links()) };
            [test("x", "GET", 200, found.clone()), test("y", "GET", 200, found)]
        };
        let because_of = |cause| because([vec![next.clone()], walk(cause).to_vec()].concat())[0].clone();
        assert_eq!(because_of(page("has no link next", 31)), ["b"]);
        assert_eq!(because_of(page("has a link next", 31)), Vec::<String>::new());
    }

    #[test]
    fn what_was_written_before_is_no_cause_of_what_is_wrong_in_itself() {
        let created = || at(&["results", "0", "created"]);
        let written = test("x", "PATCH", 200, finding("a", created()));
        let reread = test("y", "GET", 200, finding("b", created()));
        assert_eq!(because(vec![written, reread]), [vec!["b".to_owned()], Vec::new(), Vec::new()]);
    }

    #[test]
    fn a_must_is_never_a_consequence_of_a_should() {
        let of = |id: &str, level| RequirementResult::unjudged(id, level, "", "");
        let requirements = vec![of("a", Level::Must), of("b", Level::Should)];
        let failing = |id: &str, about: &str| test(id, "GET", 500, finding(about, Location::Status));
        let results = vec![failing("x", "a"), failing("y", "b"), failing("z", "b")];
        let run = Run::from_results(RunParts { requirements, ..sample::parts(results) });
        assert_eq!(run.requirements[0].because, Vec::<String>::new());
        assert_eq!(run.requirements[1].because, ["a"]);
    }

    #[test]
    fn an_inconclusive_test_names_what_made_its_preparation_fail() {
        let reason = Some(Box::new(Reason::Preparation { finding: None }));
        let unclear = Finding { verdict: Verdict::Inconclusive, reason, ..finding("a", Location::Status) };
        let results =
            vec![test("x", "GET", 500, unclear.clone()), test("y", "GET", 500, finding("b", Location::Status))];
        let run = run(results);
        assert_eq!(run.results[0].because, ["b"]);
        assert_eq!(self::run(vec![test("x", "GET", 500, unclear)]).results[0].because, Vec::<String>::new());
    }

    #[test]
    fn what_else_is_wrong_with_a_response_of_a_wrong_status_comes_of_that() {
        let mut missing = test("x", "GET", 500, finding("a", Location::Status));
        missing.findings.push(finding("a", at(&["results", "0", "nothing"])));
        assert_eq!(because(vec![missing, rule_of_status("b", 500), rule_of_status("b", 502)])[0], ["b"]);
    }

    fn rule_of_status(about: &str, status: u16) -> CaseResult {
        let seen = Finding { seen_in: Some("some.test".to_owned()), ..finding(about, Location::Status) };
        CaseResult {
            exchanges: vec![StoredExchange { status, ..sample::exchange() }],
            ..test("rule", "GET", status, seen)
        }
    }
}
