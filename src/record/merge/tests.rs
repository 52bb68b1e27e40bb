use super::*;
use crate::reason::Reason;
use crate::record::{Conclusion, Judged, ListFlaw, Standing, sample};
use crate::verdict::{Finding, Source, Verdict};

fn result(id: &str, verdict: Outcome) -> CaseResult {
    let finding = |verdict| vec![Finding { exchange: Some(0), ..Finding::new("status", verdict, "") }];
    CaseResult {
        started_ms: 1,
        duration_ms: 2,
        findings: match verdict {
            Outcome::Fail => finding(Verdict::Fail),
            Outcome::Pass => finding(Verdict::Pass),
            _ => Vec::new(),
        },
        ..sample::case(id, verdict)
    }
}

fn elsewhere(id: &str, shard: &str) -> CaseResult {
    let reason = Reason::OtherShard { shard: shard.parse().unwrap() };
    CaseResult { reason: Some(reason), ..result(id, Outcome::NotSelected) }
}

fn run(shard: &str, started: i64, results: Vec<CaseResult>) -> (String, Run) {
    let run = Run::from_results(RunParts {
        started: DateTime::from_timestamp_millis(started).unwrap(),
        duration_ms: 100,
        selection: Selection { complete: false, shard: Some(shard.parse().unwrap()), ..Selection::everything() },
        ..sample::parts(results)
    });
    (format!("{}.json", shard.replace('/', "-")), run)
}

/// Two shards with a case each, one that is set aside and an invariant.
fn shards() -> Vec<(String, Run)> {
    let aside = || result("lists.z", Outcome::NotApplicable);
    let broken = |broken, exchanges| CaseResult {
        judged: Some(Judged { exchanges, broken, ..Judged::default() }),
        ..result("links.invariant", Outcome::Fail)
    };
    let one = vec![result("lists.a", Outcome::Pass), elsewhere("lists.b", "2/2"), aside(), broken(1, 9)];
    let two = vec![elsewhere("lists.a", "1/2"), result("lists.b", Outcome::Pass), aside(), broken(2, 5)];
    vec![run("1/2", 5000, one), run("2/2", 5050, two)]
}

fn told(runs: &[(String, Run)]) -> Vec<String> {
    merge(runs).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn all_shards_together_are_a_whole_run() {
    let run = merge(&shards()).unwrap();
    let ended: Vec<_> = run.results.iter().map(|it| (it.id.as_str(), it.verdict)).collect();
    let (pass, fail, aside) = (Outcome::Pass, Outcome::Fail, Outcome::NotApplicable);
    assert_eq!(ended, [("links.invariant", fail), ("lists.a", pass), ("lists.b", pass), ("lists.z", aside)]);
    assert_eq!((run.selection.complete, run.selection.shard, run.conclusion), (true, None, Conclusion::NonConformant));
    assert_eq!((run.counts.pass, run.counts.fail, run.counts.not_applicable, run.counts.not_selected), (2, 1, 1, 0));
    assert_eq!((run.duration_ms, run.results[2].started_ms), (150, 51));
    let invariant = &run.results[0];
    assert_eq!(invariant.judged, Some(Judged { exchanges: 14, broken: 3, ..Judged::default() }));
    assert_eq!(invariant.findings.len(), 2);
}

#[test]
fn an_invariant_that_one_shard_did_not_meet_is_judged_by_the_other() {
    let mut runs = shards();
    runs[0].1.results[0] = result("links.invariant", Outcome::NotApplicable);
    runs[1].1.results[0] = result("links.invariant", Outcome::Pass);
    let run = merge(&runs).unwrap();
    assert_eq!((run.results[0].verdict, run.conclusion), (Outcome::Pass, Conclusion::Conformant));
}

#[test]
fn the_conclusion_is_folded_anew_and_never_taken_over() {
    let mut runs = shards();
    for (_, run) in &mut runs {
        run.conclusion = Conclusion::Conformant;
    }
    assert_eq!(merge(&runs).unwrap().conclusion, Conclusion::NonConformant);
    runs[1].1.selection.interrupted = true;
    runs[0].1.results[0] = result("links.invariant", Outcome::Pass);
    runs[1].1.results[0] = result("links.invariant", Outcome::Pass);
    let run = merge(&runs).unwrap();
    assert_eq!((run.conclusion, run.exit_code()), (Conclusion::Undecided, 3));
}

#[test]
fn a_shard_that_ended_at_a_failure_makes_no_whole_run() {
    let mut runs = shards();
    runs[1].1.selection.ended_by = Some("links.invariant".to_owned());
    let selection = merge(&runs).unwrap().selection;
    assert_eq!((selection.ended_by.as_deref(), selection.complete), (Some("links.invariant"), false));
}

#[test]
fn the_port_of_a_loopback_address_tells_no_targets_apart() {
    let mut runs = shards();
    for ((_, run), port) in runs.iter_mut().zip([4001, 4002]) {
        run.target.base_url = format!("https://127.0.0.1:{port}/api");
        let id = format!("plain[127.0.0.1:{port}]");
        run.results.push(result(&id, Outcome::NotApplicable));
    }
    let merged = merge(&runs).unwrap();
    assert_eq!(merged.target.base_url, "https://127.0.0.1:4001/api");
    assert_eq!(merged.results.iter().filter(|it| it.id == "plain[127.0.0.1:4001]").count(), 1);
    for other in ["https://127.0.0.1:4002/other", "http://127.0.0.1:4002/api", "https://h:4002/api"] {
        runs[1].1.target.base_url = other.to_owned();
        assert_eq!(told(&runs), ["2-2.json: its target is not that of 1-2.json"], "{other}");
    }
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let mut runs = shards();
    runs[1].1.suite.digest = "sha256:other".to_owned();
    runs[1].1.target.base_url = "http://other".to_owned();
    assert_eq!(
        told(&runs),
        ["2-2.json: its suite is not that of 1-2.json", "2-2.json: its target is not that of 1-2.json"]
    );
    let mut runs = shards();
    runs[1].0 = "again.json".to_owned();
    runs[1].1.selection.shard = "1/2".parse().ok();
    assert_eq!(told(&runs), ["again.json: shard 1/2 is there already, in 1-2.json", "these shards are missing: 2/2"]);
    runs[1].1.selection.shard = "2/3".parse().ok();
    assert_eq!(
        told(&runs),
        ["again.json: its number of shards is not that of 1-2.json", "these shards are missing: 2/2"]
    );
    runs[1].1.selection.shard = None;
    assert_eq!(told(&runs), ["again.json: this is no run of a shard", "these shards are missing: 2/2"]);
    assert_eq!(told(&[]), ["there is no run to merge"]);
}

#[test]
fn a_case_has_one_shard() {
    let mut runs = shards();
    runs.push(run("3/3", 5000, vec![result("lists.a", Outcome::Pass)]));
    for (number, (_, run)) in runs.iter_mut().enumerate() {
        run.selection.shard = format!("{}/3", number + 1).parse().ok();
        for result in &mut run.results {
            if let Some(Reason::OtherShard { shard }) = &mut result.reason {
                shard.of = 3;
            }
        }
    }
    let told = told(&runs);
    assert!(told.contains(&"`lists.a` was run by several shards: 1-2.json, 3-3.json".to_owned()), "{told:?}");
    let mut runs = shards();
    runs[0].1.results.retain(|result| result.id != "lists.a");
    assert_eq!(super::tests::told(&runs), ["`lists.a` was run by no shard"]);
}

#[test]
fn lists_of_known_failures_come_together() {
    let problem = |flaw, line, cases: &[&str]| ListProblem {
        flaw,
        pattern: "x".to_owned(),
        cases: cases.iter().map(|&case| case.to_owned()).collect(),
        message: String::new(),
        source: Source { line, ..Source::default() },
    };
    let list = |problems| KnownList { file: "k".to_owned(), entries: 3, excused: Vec::new(), problems };
    let mut runs = shards();
    runs[0].1.known_failures =
        Some(list(vec![problem(ListFlaw::Unmatched, 1, &[]), problem(ListFlaw::Stale, 2, &["a"])]));
    assert_eq!(told(&runs), ["2-2.json: its list of known failures is not that of 1-2.json"]);
    runs[1].1.known_failures =
        Some(list(vec![problem(ListFlaw::Unmatched, 1, &[]), problem(ListFlaw::Stale, 2, &["b"])]));
    runs[0].1.results[0].standing = Some(Standing::AsExpected);
    let merged = merge(&runs).unwrap();
    let problems = merged.known_failures.clone().unwrap().problems;
    assert_eq!(problems, [problem(ListFlaw::Unmatched, 1, &[]), problem(ListFlaw::Stale, 2, &["a", "b"])]);
    assert_eq!(merged.exit_code(), 1);
}
