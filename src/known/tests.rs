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

/// What the first list says of a finding.
const SAY: super::Say<'static> = &|_, finding| finding.message.clone();

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
fn what_could_not_be_judged_because_of_known_failures_alone_is_as_expected() {
    let fails = |id: &str, requirement: &str| {
        let finding = Finding { requirements: vec![requirement.to_owned()], ..Finding::fail("status", "was 500") };
        CaseResult { findings: vec![finding], ..sample::case(id, Outcome::Fail) }
    };
    let held_up = |because: &[&str]| CaseResult {
        because: because.iter().map(|id| (*id).to_owned()).collect(),
        ..sample::case("lists.held-up", Outcome::Inconclusive)
    };
    let judge = |because: &[&str], others: Vec<CaseResult>| {
        let mut run =
            Run::from_results(sample::parts([vec![fails("lists.a", "lists.one"), held_up(because)], others].concat()));
        let at = run.results.iter().position(|it| it.id == "lists.held-up").unwrap();
        run.results[at] = held_up(because);
        let list = LIST.split("  - cases: 'lists.walk").next().unwrap();
        let run = self::list(list).judge(run);
        (run.results[at].standing, run.exit_code())
    };
    assert_eq!(judge(&["lists.one"], vec![]), (Some(Standing::AsExpected), 0));
    assert_eq!(judge(&["lists.one", "lists.two"], vec![]), (Some(Standing::Unsettled), 3));
    let regression = vec![fails("lists.c", "lists.one")];
    assert_eq!(judge(&["lists.one"], regression), (Some(Standing::Unsettled), 1));
    assert_eq!(judge(&[], vec![]), (Some(Standing::Unsettled), 3));
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
    10:5: a known failure needs one of `cases` or `requirement`
    11:5: `onwer` is no key of a known failure
    ");
}

#[test]
fn a_failure_of_no_requirement_is_listed_by_its_id() {
    let results = [("lists.a", Outcome::Fail), ("lists.w[x=*{\"]", Outcome::Fail), ("lists.b", Outcome::Inconclusive)];
    let run = run(&results);
    let first = first_list(&run, SAY);
    assert!(!first.text.contains('\u{1b}'), "{}", first.text);
    let list = list(&first.text);
    assert_eq!((list.len(), first.entries, first.tests), (2, 2, 2), "{}", first.text);
    let lists = |id: &str| list.lists(&list.entries[1], &result(id, Outcome::Fail));
    assert!(lists("lists.w[x=*{\"]") && !lists("lists.w[x=a{\"]"));
    let judged = list.judge(run);
    assert_eq!((judged.exit_code(), judged.known_failures.unwrap().problems), (3, vec![]));
    let none = first_list(&super::tests::run(&[]), SAY).text;
    assert!(KnownFailures::load("k", &none, day("2026-01-01")).unwrap().is_empty());
}

/// A result that judges a requirement, and violates these.
fn violating(id: &str, verdict: Outcome, violated: &[&str]) -> CaseResult {
    let about = |id: &str| Finding { requirements: vec![id.to_owned()], ..Finding::fail("status", "was 500") };
    let findings = violated.iter().map(|id| about(id)).collect();
    CaseResult { findings, requirements: vec!["lists.total".to_owned()], ..sample::case(id, verdict) }
}

fn run_of(results: Vec<CaseResult>) -> Run {
    Run::from_results(sample::parts(results))
}

const BY_REQUIREMENT: &str = "\
format: 1
known-failures:
  - requirement: lists.t*
    cases: lists.walk[*]
    reason: totals are guessed
";

#[test]
fn an_entry_about_a_requirement_excuses_no_other_violation() {
    let walk = |violated: &[&str]| violating("lists.walk[size=7]", Outcome::Fail, violated);
    let judged = |results: Vec<CaseResult>| {
        let run = list(BY_REQUIREMENT).judge(run_of(results));
        (run.exit_code(), run.results[0].standing)
    };
    assert_eq!(judged(vec![walk(&["lists.total"])]), (0, Some(Standing::AsExpected)));
    assert_eq!(judged(vec![walk(&["lists.total", "lists.order"])]), (1, Some(Standing::Regression)));
    assert_eq!(judged(vec![walk(&["lists.order"])]), (1, Some(Standing::Regression)));
    let other = violating("lists.other", Outcome::Fail, &["lists.total"]);
    assert_eq!(judged(vec![other, walk(&["lists.total"])]), (1, Some(Standing::Regression)));
}

#[test]
fn an_entry_about_a_requirement_is_stale_when_no_test_violates_it() {
    let passing = |size: u8| violating(&format!("lists.walk[size={size}]"), Outcome::Pass, &[]);
    let failing = violating("lists.walk[size=9]", Outcome::Fail, &["lists.total"]);
    let judged = |results: Vec<CaseResult>| {
        let run = list(BY_REQUIREMENT).judge(run_of(results));
        let problems = run.known_failures.as_ref().unwrap().problems.clone();
        (run.exit_code(), problems.into_iter().map(|it| (it.flaw, it.pattern, it.cases.len())).collect::<Vec<_>>())
    };
    assert_eq!(judged(vec![passing(7), failing]), (0, vec![]));
    let stale = |flaw, cases| (flaw, "lists.t* in lists.walk[*]".to_owned(), cases);
    assert_eq!(judged(vec![passing(7), passing(8)]), (1, vec![stale(ListFlaw::Stale, 2)]));
    let left_out = violating("lists.walk", Outcome::NotSelected, &[]);
    assert_eq!(judged(vec![passing(7), left_out]), (0, vec![]), "what was left out may fail");
    let other = violating("lists.other", Outcome::Pass, &[]);
    assert_eq!(judged(vec![other]), (1, vec![stale(ListFlaw::Unmatched, 0)]));
}

#[test]
fn a_failure_that_comes_and_goes_is_never_stale() {
    let text = LIST.replace("    reason: 'ABC-1", "    sometimes: true\n    reason: 'ABC-1");
    let walk = ("lists.walk[size=7]", Outcome::Fail);
    for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Flaky] {
        let run = list(&text).judge(run(&[("lists.a", outcome), walk]));
        assert_eq!((run.exit_code(), run.results[0].standing), (0, Some(Standing::AsExpected)), "{outcome:?}");
    }
    let wrong = text.replace("sometimes: true", "sometimes: false");
    assert!(KnownFailures::load("k", &wrong, day("2026-01-01")).is_err());
}

#[test]
fn the_first_list_is_by_requirement_and_case() {
    let sizes = [7, 8, 9].map(|size| violating(&format!("lists.walk[size={size}]"), Outcome::Fail, &["lists.total"]));
    let both = violating("lists.both", Outcome::Fail, &["lists.total", "lists.order"]);
    let run = run_of(sizes.into_iter().chain([both, violating("lists.walk[size=1]", Outcome::Pass, &[])]).collect());
    let first = first_list(&run, SAY);
    assert_eq!((first.entries, first.tests), (3, 4), "{}", first.text);
    assert!(first.text.contains("  - requirement: \"lists.total\"\n    cases: \"lists.walk[*]\"\n"), "{}", first.text);
    let judged = list(&first.text).judge(run);
    assert_eq!((judged.exit_code(), judged.known_failures.unwrap().problems), (0, vec![]));
}
