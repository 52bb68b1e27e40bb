//! What is certified, what is refused, and what a check says.

use data_encoding::BASE64;

use super::sample::{OTHER, PRIVATE, SUITE, aside, case, key, now, request, results, run, run_of, yardstick};
use super::*;
use crate::record::{Outcome, Run};
use crate::verdict::Verdict;
use chrono::TimeDelta;

fn refused(run: &Run, class: Class) -> Vec<String> {
    let refusals = certify(run, &request(class), &yardstick()).expect_err("it is refused");
    assert!(refusals.iter().all(|refusal| !refusal.advice.is_empty()));
    refusals.into_iter().map(|refusal| refusal.reason).collect()
}

fn statement() -> Statement {
    certify(&run(), &request(Class::Full), &yardstick()).expect("it is certified")
}

fn expected() -> Expected {
    Expected { now: now() + TimeDelta::days(1), suites: vec![SUITE.to_owned()], artifact: None }
}

fn check(text: &str) -> Checked {
    verify(text, &key(PRIVATE).public(), &expected())
}

/// Kinds and words of what is wrong.
fn wrong(checked: &Checked) -> Vec<(FlawKind, &str)> {
    checked.flaws.iter().map(|flaw| (flaw.kind, flaw.message.as_str())).collect()
}

fn sealed(statement: &Statement) -> Envelope {
    Envelope::seal(&statement.to_bytes(), &key(PRIVATE))
}

/// What is wrong with a statement that the right key signed after this change.
fn with(change: impl FnOnce(&mut Statement)) -> Vec<(FlawKind, String)> {
    let mut statement = statement();
    change(&mut statement);
    let checked = check(&sealed(&statement).to_json());
    wrong(&checked).into_iter().map(|(kind, message)| (kind, message.to_owned())).collect()
}

/// What is wrong with a payload that the right key signed.
fn of_payload(payload: &str) -> (FlawKind, String) {
    let checked = check(&Envelope::seal(payload.as_bytes(), &key(PRIVATE)).to_json());
    assert_eq!(checked.statement, None);
    let [flaw] = checked.flaws.as_slice() else { panic!("{checked:?}") };
    (flaw.kind, flaw.message.clone())
}

#[test]
fn a_whole_run_is_certified_and_the_same_run_gives_the_same_bytes() {
    let statement = statement();
    insta::assert_json_snapshot!(statement);
    let [one, two] = [sealed(&statement).to_json(), sealed(&self::statement()).to_json()];
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
    let request = Request {
        artifact: Some(Artifact { name: Some("server.tar".to_owned()), digest: digest_of(b"server") }),
        url: Some("https://ci.example.com/7".to_owned()),
        ..request(Class::Core)
    };
    let statement = certify(&run, &request, &yardstick()).expect("it is certified");
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
    run.selection.shard = Some("1/2".to_owned());
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
fn reading_alone_is_certified_as_core_and_not_as_full() {
    let mut results = results();
    results[2] = aside("writes.create", "writes.created", Outcome::NotSelected);
    let mut run = run_of(results);
    assert_eq!(refused(&run, Class::Core), ["writes.create did not run"]);
    run.selection.read_only = true;
    run.selection.complete = false;
    assert_eq!(refused(&run, Class::Full), ["the run was read-only, and the class `full` is about writing too"]);
    let statement = certify(&run, &request(Class::Core), &yardstick()).expect("it is certified");
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
    assert!(certify(&run, &request(Class::Core), &yardstick()).is_ok());
}

#[test]
fn cases_that_are_missing_from_a_run_are_seen() {
    let mut short = results();
    short.pop();
    assert_eq!(refused(&run_of(short.clone()), Class::Full)[0], "the run has no result of writes.create of its suite");
    let mut run = run_of(short);
    run.suite.digest = digest_of(b"another");
    let yardstick = Yardstick { other_suites: vec![run.suite.digest.clone()], ..yardstick() };
    let refusals = certify(&run, &request(Class::Core), &yardstick).expect_err("it is refused");
    assert_eq!(refusals[0].reason, "the run has results of 2 of the 3 cases of its suite");
    run.suite.cases = 2;
    assert!(certify(&run, &request(Class::Core), &yardstick).is_ok(), "another suite that somebody vouches for");
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
    for url in ["https://u:s3cret@staging.example.com", "https://staging.example.com?k=s3cret", "s3cret"] {
        assert_eq!(of(url), ["the base URL is no plain URL, or holds credentials or a query"], "{url}");
    }
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
fn forged_and_altered_envelopes_are_told_apart() {
    let good = sealed(&statement());
    let (mine, other) = (key(PRIVATE).public().id(), key(OTHER).public().id());
    let of = |envelope: &Envelope| {
        let checked = check(&envelope.to_json());
        assert_eq!(checked.statement, None, "nothing is believed that the key does not vouch for");
        wrong(&checked).into_iter().map(|(kind, message)| (kind, message.to_owned())).collect::<Vec<_>>()
    };
    let altered = String::from_utf8(statement().to_bytes()).expect("text").replace("staging", "another");
    assert_eq!(
        of(&Envelope { payload: BASE64.encode(altered.as_bytes()), ..good.clone() }),
        [(
            FlawKind::Altered,
            format!(
                "signature 1 is not one of this payload by the key {mine}: one of the two was altered, or the \
                     signature is forged"
            )
        )]
    );
    assert_eq!(
        of(&Envelope::seal(&statement().to_bytes(), &key(OTHER))),
        [(FlawKind::OtherKey, format!("signature 1 is by another key: {other}, not {mine}"))]
    );
    let mut claimed = Envelope::seal(&statement().to_bytes(), &key(OTHER));
    claimed.signatures[0].keyid = mine;
    assert_eq!(of(&claimed)[0].0, FlawKind::Altered, "the name of a key proves nothing");
    assert_eq!(
        of(&Envelope { payload: "%".to_owned(), ..good.clone() }),
        [(FlawKind::BadBase64, "the payload is no Base64".to_owned())]
    );
    let mut bad = good.clone();
    bad.signatures[0].sig = "%".to_owned();
    assert_eq!(of(&bad), [(FlawKind::BadBase64, "signature 1 is no Base64".to_owned())]);
    assert_eq!(
        of(&Envelope { signatures: vec![], ..good.clone() }),
        [(FlawKind::Unsigned, "there is no signature".to_owned())]
    );
    let typed = of(&Envelope { payload_type: "application/json".to_owned(), ..good });
    let type_message = "the payload type is `application/json`, not `application/vnd.in-toto+json`";
    assert_eq!((typed[0].0, typed[0].1.as_str()), (FlawKind::WrongPayloadType, type_message));
    assert_eq!((typed[1].0, typed.len()), (FlawKind::Altered, 2), "the type is signed too");
}

#[test]
fn one_good_signature_is_enough_and_the_others_are_mentioned() {
    let mut envelope = sealed(&statement());
    let foreign = Envelope::seal(&statement().to_bytes(), &key(OTHER)).signatures.remove(0);
    let broken = Signature { keyid: String::new(), sig: "%".to_owned() };
    envelope.signatures.splice(0..0, [foreign, broken]);
    let checked = check(&envelope.to_json());
    assert_eq!(wrong(&checked), []);
    assert_eq!(checked.notes, ["1 more by other keys: not checked", "1 more that no key made: not counted"]);
    envelope.signatures[2].keyid = String::new();
    assert!(check(&envelope.to_json()).is_good(), "a key is tried whatever it is called");
}

#[test]
fn statements_of_others_are_told_apart() {
    assert_eq!(of_payload("no JSON").0, FlawKind::UnknownStatement);
    let statement = String::from_utf8(statement().to_bytes()).expect("text");
    let (kind, message) = of_payload(&statement.replace("Statement/v1", "Statement/v0.1"));
    assert_eq!(kind, FlawKind::UnknownStatement);
    assert!(message.contains("is of type `https://in-toto.io/Statement/v0.1`"), "{message}");
    let (kind, message) = of_payload(&statement.replace("test-result/v0.1", "vulns/v0.1"));
    assert_eq!(kind, FlawKind::UnknownPredicate);
    assert!(message.contains("vulns/v0.1"), "{message}");
    let (kind, message) = of_payload(&statement.replace("atlaspecCertificate", "somethingElse"));
    assert_eq!((kind, message.as_str()), (FlawKind::Foreign, "this is a test result, but no certificate of atlaspec"));
    let (kind, message) = of_payload(&statement.replace("\"format\":1", "\"format\":2"));
    let later = "the certificate has format 2; this program reads format 1";
    assert_eq!((kind, message.as_str()), (FlawKind::Foreign, later));
    let (kind, message) = of_payload(&statement.replace("\"class\":\"full\"", "\"class\":\"royal\""));
    assert_eq!(kind, FlawKind::Foreign);
    assert!(message.contains("unknown variant `royal`"), "{message}");
}

#[test]
fn members_that_nobody_knows_are_ignored() {
    let statement = String::from_utf8(statement().to_bytes()).expect("text");
    let longer = statement.replace("\"class\":", "\"later\":{\"a\":1},\"class\":");
    assert_eq!(wrong(&check(&Envelope::seal(longer.as_bytes(), &key(PRIVATE)).to_json())), []);
}

#[test]
fn statements_that_contradict_themselves_are_refused() {
    use FlawKind::{Contradiction, NotConformant};
    let of = |change: fn(&mut Statement)| with(change).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(of(|it| it.subject.clear()), [Contradiction]);
    assert_eq!(of(|it| it.subject[0].digest.clear()), [Contradiction, Contradiction]);
    assert_eq!(of(|it| it.subject[0].uri = Some("https://other.example.com".to_owned())), [Contradiction]);
    assert_eq!(of(|it| it.predicate.passed_tests.truncate(1)), [Contradiction]);
    assert_eq!(of(|it| it.predicate.result = TestResult::Warned), [Contradiction]);
    assert_eq!(of(|it| it.predicate.configuration.clear()), [Contradiction, Contradiction]);
    assert_eq!(
        of(|it| it.predicate.atlaspec_certificate.validity.until = now() - TimeDelta::days(1))[0],
        Contradiction
    );
    let failed = of(|it| {
        it.predicate.result = TestResult::Failed;
        it.predicate.failed_tests = vec!["lists.walk".to_owned()];
    });
    assert_eq!(failed, [NotConformant]);
}

#[test]
fn a_certificate_holds_for_its_time_its_suite_and_its_software() {
    let text = sealed(&statement()).to_json();
    let of = |expected: Expected| {
        let checked = verify(&text, &key(PRIVATE).public(), &expected);
        assert!(checked.statement.is_some(), "what is signed is shown all the same");
        checked.flaws.into_iter().map(|flaw| flaw.message).collect::<Vec<_>>()
    };
    let (from, until) = (now(), now() + TimeDelta::days(90));
    let second = TimeDelta::seconds(1);
    assert_eq!(of(Expected { now: from - second, ..expected() }), ["it is not valid before 2026-11-23 13:00:00 UTC"]);
    assert_eq!(of(Expected { now: from, ..expected() }), [""; 0]);
    assert_eq!(of(Expected { now: until - second, ..expected() }), [""; 0]);
    assert_eq!(of(Expected { now: until, ..expected() }), ["it expired at 2027-02-21 13:00:00 UTC"]);
    let other = Expected { suites: vec![digest_of(b"another")], ..expected() };
    assert_eq!(of(other), [format!("it rests on the suite {SUITE}, which is not the one of this program")]);
    let software = Expected { artifact: Some(digest_of(b"server")), ..expected() };
    assert_eq!(of(software), ["it is about an address and names no software"]);
}

#[test]
fn software_is_compared_by_its_digest() {
    let artifact = Artifact { name: None, digest: digest_of(b"server") };
    let request = Request { artifact: Some(artifact), ..request(Class::Full) };
    let statement = certify(&run(), &request, &yardstick()).expect("it is certified");
    let of = |bytes: &[u8]| {
        let expected = Expected { artifact: Some(digest_of(bytes)), ..expected() };
        verify(&sealed(&statement).to_json(), &key(PRIVATE).public(), &expected).flaws
    };
    assert_eq!(of(b"server"), []);
    let [flaw] = of(b"another").try_into().expect("one flaw");
    assert_eq!(flaw.kind, FlawKind::OtherArtifact);
    assert_eq!(
        flaw.message,
        format!("it is about the software {}, not {}", digest_of(b"server"), digest_of(b"another"))
    );
}

#[test]
fn a_page_must_be_the_one_that_was_signed() {
    let page = format!("<!doctype html><h1>staging</h1>{SLOT}");
    let statement = statement().with_page(page_digest(&page));
    let full = carry(&page, &sealed(&statement).to_json());
    assert_eq!(wrong(&check(&full)), []);
    let message = "the page around the envelope is not the one that was signed: believe nothing that it shows";
    assert_eq!(wrong(&check(&full.replace("staging", "mine"))), [(FlawKind::AlteredPage, message)]);
    let unsigned = carry(&page, &sealed(&self::statement()).to_json());
    assert_eq!(wrong(&check(&unsigned)), [(FlawKind::AlteredPage, message)]);
    assert_eq!(wrong(&check("<html></html>")), [(FlawKind::NoEnvelope, "this page carries no envelope")]);
    for text in ["", "[]", "{\"payload\": 1}"] {
        assert_eq!(wrong(&check(text))[0].0, FlawKind::NoEnvelope, "{text}");
    }
}

#[test]
fn digests_are_read_in_either_case() {
    assert_eq!(parse_digest(&SUITE.to_uppercase().replace("SHA256", "sha256")), Some(SUITE.to_owned()));
    for bad in ["", "sha256:", "sha1:00", &SUITE[..70], &SUITE.replace('f', "g")] {
        assert_eq!(parse_digest(bad), None, "{bad}");
    }
}
