//! Which runs are certified, and why others are not.

use chrono::TimeDelta;

use super::{check, sealed, statement, wrong};
use crate::certificate::sample::{aside, case, now, results, run, run_of, terms, yardstick};
use crate::certificate::*;
use crate::record::{Outcome, Run};
use crate::verdict::Verdict;

fn refused(run: &Run, class: Class) -> Vec<String> {
    let refusals = certify(run, &terms(class), &yardstick()).expect_err("it is refused");
    assert!(refusals.iter().all(|refusal| !refusal.advice.is_empty()));
    refusals.into_iter().map(|refusal| refusal.reason).collect()
}

#[test]
fn a_whole_run_is_certified_and_the_same_run_gives_the_same_bytes() {
    let statement = statement();
    insta::assert_json_snapshot!(statement);
    let [one, two] = [sealed(&statement).to_json(), sealed(&super::statement()).to_json()];
    assert_eq!(one, two);
    let checked = check(&one);
    assert_eq!(wrong(&checked), []);
    assert_eq!(checked.statement, Some(statement));
}

#[test]
fn warnings_and_what_is_left_out_are_stated() {
    let mut results = results();
    results[1] = case("lists.walk[size=7]", &[("lists.total", Verdict::Pass), ("lists.polite", Verdict::Fail)]);
    results[2] = aside("writes.create", "writes.created", Outcome::NotApplicable);
    let mut run = run_of(results);
    run.target.claims.pop();
    run.target.limits = vec!["page-maximum: 500".to_owned()];
    let terms = Terms {
        artifact: Some(Artifact { name: Some("server.tar".to_owned()), digest: digest_of(b"server") }),
        url: Some("https://ci.example.com/7".to_owned()),
        ..terms(Class::Core)
    };
    let statement = certify(&run, &terms, &yardstick()).expect("it is certified");
    let (predicate, facts) = (&statement.predicate, statement.facts());
    assert_eq!(predicate.result, TestResult::Warned);
    assert_eq!(
        (&predicate.passed_tests[..], &predicate.warned_tests[..]),
        (&["auth.nobody".to_owned()][..], &["lists.walk[size=7]".to_owned()][..])
    );
    assert_eq!(predicate.url.as_deref(), Some("https://ci.example.com/7"));
    assert_eq!((facts.class, &facts.target.claims_left_out[..]), (Class::Core, &["writes".to_owned()][..]));
    assert_eq!(facts.target.limits, ["page-maximum: 500"]);
    assert_eq!((facts.cases.warned, facts.cases.not_applicable), (1, 1));
    assert_eq!(facts.requirements.not_followed, ["lists.polite"]);
    assert_eq!(facts.requirements.not_judged, ["writes.created"]);
    assert_eq!(statement.artifact(), Some((hexadecimal(&digest_of(b"server")), Some("server.tar"))));
    assert_eq!(wrong(&check(&sealed(&statement).to_json())), []);
}

#[test]
fn what_did_not_pass_is_refused() {
    let of = |index: usize, result| {
        let mut results = results();
        results[index] = result;
        refused(&run_of(results), Class::Full)
    };
    assert_eq!(
        of(1, case("lists.walk[size=7]", &[("lists.total", Verdict::Fail)])),
        ["the target does not conform: lists.total broken"]
    );
    assert_eq!(
        of(0, case("auth.nobody", &[("auth.required", Verdict::Inconclusive)]))[0],
        "auth.nobody could not be judged"
    );
    assert_eq!(of(0, case("auth.nobody", &[]))[0], "the suite itself is at fault in auth.nobody");
    let set_aside =
        results().into_iter().map(|it| aside(&it.id, &it.requirements[0], Outcome::NotApplicable)).collect();
    assert_eq!(refused(&run_of(set_aside), Class::Core), ["no case passed"]);
}

#[test]
fn a_part_of_a_run_is_refused_and_everything_is_said_at_once() {
    let mut run = run();
    run.selection.complete = false;
    run.selection.filters = vec!["lists.*".to_owned(), "chapter auth".to_owned()];
    run.selection.shard = "1/2".parse().ok();
    run.selection.read_only = true;
    run.target.insecure = true;
    run.target.claims = vec![];
    run.tool.version = "9.9.9".to_owned();
    run.suite.digest = digest_of(b"another");
    run.started = now() - TimeDelta::days(40);
    let other = digest_of(b"another");
    assert_eq!(
        refused(&run, Class::Full),
        [
            "only a part of the suite was chosen: lists.*, chapter auth",
            "this is shard 1/2 of a run",
            "the run was read-only, and the class `full` is about writing too",
            &format!("the suite `atlas-v1.0`, {other}, is not the one of this program"),
            "the target's TLS certificate was left unchecked, so nobody knows who answered",
            "the run was judged by atlaspec 9.9.9, not by this program",
            "the run of 2026-10-14 13:00 UTC is 39 days old; at most 30 days are allowed",
            "the class `full` is for targets that claim everything; this one leaves out lists, writes",
        ]
    );
}

#[test]
fn an_interrupted_run_is_refused() {
    let mut run = run();
    run.selection.interrupted = true;
    // As the engine folds such a run.
    run.conclusion = crate::record::Conclusion::Undecided;
    assert_eq!(refused(&run, Class::Full), ["the run was interrupted"]);
}

#[test]
fn a_run_that_ended_at_a_failure_is_refused() {
    let mut run = run();
    run.selection.ended_by = Some("lists.walk".to_owned());
    run.selection.complete = false;
    run.conclusion = crate::record::Conclusion::Undecided;
    assert_eq!(refused(&run, Class::Full), ["the run ended early, when lists.walk failed"]);
}

#[test]
fn reading_alone_is_certified_as_core_and_not_as_full() {
    let mut results = results();
    results[2] = aside("writes.create", "writes.created", Outcome::NotSelected);
    let mut run = run_of(results);
    assert_eq!(refused(&run, Class::Core), ["writes.create did not run"]);
    run.selection.read_only = true;
    run.selection.complete = false;
    assert_eq!(refused(&run, Class::Full), ["the run was read-only, and the class `full` is about writing too"]);
    let statement = certify(&run, &terms(Class::Core), &yardstick()).expect("it is certified");
    assert!(statement.facts().run.read_only);
    assert_eq!(statement.facts().requirements.not_judged, ["writes.created"]);
    run.target.claims = vec!["writes".to_owned()];
    assert_eq!(
        refused(&run, Class::Core),
        ["the target does not claim `lists`, without which there is no reading to certify"]
    );
}

#[test]
fn full_means_that_every_must_was_judged() {
    let mut results = results();
    results[2] = aside("writes.create", "writes.created", Outcome::NotApplicable);
    let run = run_of(results);
    assert_eq!(refused(&run, Class::Full), ["nothing was judged about writes.created, each of which is a must"]);
    assert!(certify(&run, &terms(Class::Core), &yardstick()).is_ok());
}

#[test]
fn cases_that_are_missing_from_a_run_are_seen() {
    let mut short = results();
    short.pop();
    assert_eq!(refused(&run_of(short.clone()), Class::Full)[0], "the run has no result of writes.create of its suite");
    let mut run = run_of(short);
    run.suite.digest = digest_of(b"another");
    let yardstick = Yardstick { other_suites: vec![run.suite.digest.clone()], ..yardstick() };
    let refusals = certify(&run, &terms(Class::Core), &yardstick).expect_err("it is refused");
    assert_eq!(refusals[0].reason, "the run has results of 2 of the 3 cases of its suite");
    run.suite.cases = 2;
    assert!(certify(&run, &terms(Class::Core), &yardstick).is_ok(), "another suite that somebody vouches for");
}

#[test]
fn a_stored_run_that_somebody_wrote_over_is_seen() {
    let mut results = results();
    results[1] = case("lists.walk[size=7]", &[("lists.total", Verdict::Fail)]);
    let broken = run_of(results);
    let mut repainted = broken.clone();
    repainted.results[1].verdict = Outcome::Pass;
    assert_eq!(
        refused(&repainted, Class::Full)[0],
        "the stored run contradicts itself: the verdict on lists.walk[size=7] does not follow from its findings"
    );
    let mut concluded = broken;
    concluded.conclusion = crate::record::Conclusion::Conformant;
    assert_eq!(
        refused(&concluded, Class::Full)[0],
        "the stored run contradicts itself: its conclusion does not follow from its results"
    );
    let mut required = run();
    required.requirements[0].verdict = crate::record::RequirementVerdict::NotApplicable;
    assert_eq!(
        refused(&required, Class::Full)[0],
        "the stored run contradicts itself: verdicts on requirements do not follow from its results"
    );
}

#[test]
fn addresses_that_cannot_be_certified_are_named_and_secrets_in_them_are_not() {
    let of = |url: &str| {
        let mut run = run();
        run.target.base_url = url.to_owned();
        refused(&run, Class::Full)
    };
    assert_eq!(of("http://staging.example.com"), ["the base URL http://staging.example.com is not https"]);
    for url in [
        "https://u:s3cret@staging.example.com",
        "https://staging.example.com?k=s3cret",
        "https://staging.example.com/#s3cret",
        "s3cret",
        "",
        "https:",
        "https:staging.example.com",
        "https://staging.example.com\\api",
        " https://staging.example.com",
        "https://staging.example.com/a b",
        "https://staging.\nexample.com",
        "https://STAGING.example.com",
        "https://staging.example.com:443/api",
        "https://staging.example.com/../api",
        "javascript:alert(1)",
        "ftp://staging.example.com/",
    ] {
        assert_eq!(of(url), ["the base URL is no plain URL, or holds credentials or a query"], "{url}");
    }
}

#[test]
fn addresses_that_a_run_writes_are_certified() {
    for url in ["https://staging.example.com", "https://staging.example.com/", "https://127.0.0.1:8443/api/atlas/v1.0"]
    {
        let mut run = run();
        run.target.base_url = url.to_owned();
        assert!(certify(&run, &terms(Class::Full), &yardstick()).is_ok(), "{url}");
    }
}

#[test]
fn a_stored_run_of_which_a_part_was_added_or_taken_is_seen() {
    let of = |change: fn(&mut Run)| {
        let mut run = run();
        change(&mut run);
        refused(&run, Class::Core).remove(0)
    };
    let contradiction = |what: &str| format!("the stored run contradicts itself: {what}");
    for (change, what) in [
        ((|run| run.results.push(run.results[0].clone())) as fn(&mut Run), "`auth.nobody` is there twice"),
        (|run| run.requirements.push(run.requirements[0].clone()), "`auth.required` is there twice"),
        (|run| run.suite.requirements = 5, "it lists 4 requirements, and its suite has 5"),
        (
            |run| run.results[0].requirements = vec!["auth.other".to_owned()],
            "auth.nobody is about `auth.other`, which is not among its requirements",
        ),
        (
            |run| run.results[1].findings[0].requirements = vec!["lists.other".to_owned()],
            "lists.walk[size=7] is about `lists.other`, which is not among its requirements",
        ),
        (|run| run.counts.pass = 4, "its conclusion does not follow from its results"),
        (|run| run.counts.not_applicable = 1, "its conclusion does not follow from its results"),
        (|run| run.requirements[0].cases.clear(), "verdicts on requirements do not follow from its results"),
    ] {
        assert_eq!(of(change), contradiction(what));
    }
    let mut more = results();
    more.push(case("writes.invented", &[("writes.created", Verdict::Pass)]));
    assert_eq!(refused(&run_of(more), Class::Full), [contradiction("its suite does not have writes.invented")]);
}

/// Whoever certifies at once may do so within the second in which the run began.
#[test]
fn a_run_of_less_than_a_second_is_certified() {
    let mut run = run();
    run.started = now() + TimeDelta::milliseconds(300);
    run.duration_ms = 200;
    let yardstick = Yardstick { now: now() + TimeDelta::milliseconds(600), ..yardstick() };
    assert!(certify(&run, &terms(Class::Full), &yardstick).is_ok());
}

#[test]
fn times_must_fit() {
    let mut run = run();
    run.started = now() + TimeDelta::hours(1);
    let reasons = refused(&run, Class::Full);
    assert_eq!(
        reasons,
        ["the run began in the future, at 2026-11-23 14:00 UTC", "the certificate would hold before the run began"]
    );
}

#[test]
fn the_statement_is_as_its_schema_says() {
    let schema = include_str!("../../../schemas/certificate.schema.json");
    let schema = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let signed = statement().with_page(digest_of(b"page"));
    let mut value = serde_json::to_value(&signed).expect("plain data");
    let problems: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(problems, [""; 0]);
    // Every member that is written is one that the schema knows.
    let facts = &schema["$defs"]["facts"]["properties"];
    let written = value["predicate"]["atlaspecCertificate"].as_object().expect("an object");
    for (name, inner) in written {
        assert!(facts.get(name).is_some(), "{name}");
        for member in inner.as_object().into_iter().flat_map(|inner| inner.keys()) {
            assert!(facts[name]["properties"].get(member).is_some(), "{name}.{member}");
        }
    }
    value["predicate"]["atlaspecCertificate"]["class"] = "royal".into();
    let problems: Vec<String> = validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect();
    assert_eq!(problems, ["/predicate/atlaspecCertificate/class"]);
}
