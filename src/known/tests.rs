use super::*;
use crate::record::{CaseResult, Conclusion, ListFlaw, Outcome, Run, Standing, sample};
use crate::verdict::Finding;

const LIST: &str = "\
format: 1
known-failures:
  - cases: lists.a
    reason: 'ABC-1: totals are guessed'
    owner: team-lists
    link: https://example.com/ABC-1
    expires: 2026-12-31
  - cases: 'lists.walk[*]'
    reason: walks are broken
";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn list(text: &str) -> KnownFailures {
    KnownFailures::load("known.yaml", text, day("2026-12-31")).unwrap()
}

fn result(id: &str, verdict: Outcome) -> CaseResult {
    CaseResult { findings: vec![Finding::fail("status", "was \u{1b}[31m 500")], ..sample::case(id, verdict) }
}

fn run(results: &[(&str, Outcome)]) -> Run {
    Run::from_results(sample::parts(results.iter().map(|(id, verdict)| result(id, *verdict)).collect()))
}

/// Flaw, line and column, and the cases of a problem.
type Told = (ListFlaw, usize, usize, Vec<String>);

/// What is told of each problem; and the exit code.
fn judged(text: &str, results: &[(&str, Outcome)]) -> (Vec<Told>, u8) {
    let run = list(text).judge(run(results));
    let code = run.exit_code();
    let problems = run.known_failures.unwrap().problems.into_iter();
    (problems.map(|it| (it.flaw, it.source.line, it.source.column, it.cases)).collect(), code)
}

#[test]
fn listed_failures_are_excused_and_the_target_stays_not_conformant() {
    let run = list(LIST).judge(run(&[
        ("lists.a", Outcome::Fail),
        ("lists.b", Outcome::Pass),
        ("lists.walk[size=7]", Outcome::Fail),
        ("lists.walk[size=8]", Outcome::Flaky),
    ]));
    assert_eq!((run.exit_code(), run.conclusion), (0, Conclusion::NonConformant));
    assert!(run.results.iter().all(|result| result.standing == Some(Standing::AsExpected)));
    let list = run.known_failures.unwrap();
    assert_eq!((list.entries, list.problems), (2, vec![]));
    let excuse = &list.excused[0];
    assert_eq!((excuse.case.as_str(), excuse.reason.as_str()), ("lists.a", "ABC-1: totals are guessed"));
    assert_eq!((excuse.owner.as_deref(), excuse.expires.as_deref()), (Some("team-lists"), Some("2026-12-31")));
    assert_eq!((excuse.source.line, excuse.source.column), (3, 12));
}

#[test]
fn a_failure_that_nobody_listed_is_a_regression() {
    let all = [("lists.a", Outcome::Fail), ("lists.c", Outcome::Fail), ("lists.walk[size=7]", Outcome::Fail)];
    let run = list(LIST).judge(run(&all));
    assert_eq!((run.exit_code(), run.results[1].standing), (1, Some(Standing::Regression)));
}

#[test]
fn what_could_not_be_judged_is_never_excused() {
    let walk = ("lists.walk[size=7]", Outcome::Fail);
    for (outcome, code) in [(Outcome::Inconclusive, 3), (Outcome::Defect, 2)] {
        let run = list(LIST).judge(run(&[("lists.a", outcome), walk]));
        assert_eq!((run.exit_code(), run.results[0].standing), (code, Some(Standing::Unsettled)));
        assert_eq!(run.known_failures.unwrap().problems, []);
    }
    assert_eq!(judged(LIST, &[("lists.a", Outcome::Fail), walk, ("lists.z", Outcome::Flaky)]), (vec![], 3));
}

#[test]
fn an_entry_whose_cases_pass_is_stale() {
    let all =
        [("lists.a", Outcome::Warn), ("lists.walk[size=7]", Outcome::Pass), ("lists.walk[size=8]", Outcome::Fail)];
    let stale = |line, column, id: &str| (ListFlaw::Stale, line, column, vec![id.to_owned()]);
    assert_eq!(judged(LIST, &all), (vec![stale(3, 12, "lists.a"), stale(8, 12, "lists.walk[size=7]")], 1));
}

#[test]
fn an_entry_without_a_case_is_unmatched_unless_the_user_left_the_case_out() {
    let unmatched = |line| (ListFlaw::Unmatched, line, 12, vec![]);
    let others = [("lists.b", Outcome::Pass)];
    assert_eq!(judged(LIST, &others), (vec![unmatched(3), unmatched(8)], 1));
    let aside = [("lists.a", Outcome::NotApplicable), ("lists.walk", Outcome::NotSelected), others[0]];
    assert_eq!(judged(LIST, &aside), (vec![unmatched(3)], 1));
}

#[test]
fn an_expired_entry_excuses_nothing() {
    let tomorrow = KnownFailures::load("known.yaml", LIST, day("2027-01-01")).unwrap();
    let run = tomorrow.judge(run(&[("lists.a", Outcome::Fail), ("lists.walk[size=7]", Outcome::Fail)]));
    let list = run.known_failures.as_ref().unwrap();
    assert_eq!((list.problems.len(), list.problems[0].flaw), (1, ListFlaw::Expired));
    assert_eq!(list.problems[0].message, "it expired after 2026-12-31: ABC-1: totals are guessed");
    assert_eq!((run.exit_code(), run.results[0].standing), (1, Some(Standing::Regression)));
}

#[test]
fn every_problem_of_a_file_is_told_with_its_place() {
    let text = "\
format: 1
known-failures:
  - cases: lists.a
    reason: x
  - cases: lists.a
    reason: y
    expires: 2026-02-30
  - cases: '{a'
    reason: z
  - reason: w
    onwer: me
";
    let problems = KnownFailures::load("known.yaml", text, day("2026-01-01")).unwrap_err();
    let told: Vec<String> =
        problems.iter().map(|it| format!("{}:{}: {}", it.source.line, it.source.column, it.message)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    5:12: `lists.a` is listed already, at line 3
    7:14: no day of the calendar
    8:12: not a pattern of ids: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
    10:5: a known failure needs `cases`: a glob of ids of cases, instances and invariants: `lists.walk[*]`
    11:5: `onwer` is no key of a known failure
    ");
}

#[test]
fn the_first_list_excuses_exactly_what_failed() {
    let results = [("lists.a", Outcome::Fail), ("lists.w[x=*{\"]", Outcome::Fail), ("lists.b", Outcome::Inconclusive)];
    let run = run(&results);
    let text = first_list(&run);
    assert!(!text.contains('\u{1b}'), "{text}");
    let list = list(&text);
    assert_eq!(list.len(), 2, "{text}");
    assert!(list.entries[1].lists("lists.w[x=*{\"]") && !list.entries[1].lists("lists.w[x=a{\"]"));
    let judged = list.judge(run);
    assert_eq!((judged.exit_code(), judged.known_failures.unwrap().problems), (3, vec![]));
    assert!(KnownFailures::load("k", &first_list(&super::tests::run(&[])), day("2026-01-01")).unwrap().is_empty());
}
