use super::*;
use crate::record::{Conclusion, Outcome, sample};
use crate::verdict::Finding;

fn result(id: &str, verdict: Outcome) -> CaseResult {
    let findings = match verdict {
        Outcome::NotSelected => Vec::new(),
        Outcome::Fail => vec![Finding::fail("status", "500")],
        _ => vec![Finding::pass("status")],
    };
    CaseResult { started_ms: 10, duration_ms: 5, findings, ..sample::case(id, verdict) }
}

fn begun() -> Begun {
    Begun {
        journal: JOURNAL_FORMAT,
        name: "1234".to_owned(),
        tool: sample::tool(),
        suite: sample::suite(),
        target: sample::target(),
        started: DateTime::UNIX_EPOCH,
        selection: Selection::everything(),
        requirements: Vec::new(),
        results: vec![result("lists.a", Outcome::NotSelected), result("lists.b", Outcome::NotSelected)],
    }
}

fn text(lines: &[Line<'_>]) -> String {
    let first = Line::Begun(Cow::Owned(begun()));
    std::iter::once(&first).chain(lines).map(|line| line.written().unwrap()).collect()
}

fn judged(id: &str, verdict: Outcome) -> Line<'static> {
    Line::Result(Cow::Owned(result(id, verdict)))
}

#[test]
fn a_killed_run_is_undecided_and_the_rest_is_not_run() {
    let run = Journal::from_text(&text(&[judged("lists.b", Outcome::Pass)])).unwrap().run();
    let ended: Vec<_> = run.results.iter().map(|result| (result.id.as_str(), result.verdict)).collect();
    assert_eq!(ended, [("lists.a", Outcome::NotSelected), ("lists.b", Outcome::Pass)]);
    assert_eq!((run.conclusion, run.selection.interrupted, run.duration_ms), (Conclusion::Undecided, true, 15));
}

#[test]
fn a_failure_stays_one_in_a_killed_run() {
    let run = Journal::from_text(&text(&[judged("lists.b", Outcome::Fail)])).unwrap().run();
    assert_eq!(run.exit_code(), 1);
}

#[test]
fn a_run_that_ended_is_whole() {
    let ended = Line::Ended { duration_ms: 77, interrupted: false, ended_by: None };
    let lines = [judged("lists.a", Outcome::Pass), judged("lists.b", Outcome::Pass), ended];
    let run = Journal::from_text(&text(&lines)).unwrap().run();
    assert_eq!((run.conclusion, run.duration_ms), (Conclusion::Conformant, 77));
}

#[test]
fn a_run_that_ended_at_a_failure_says_so() {
    let ended = Line::Ended { duration_ms: 77, interrupted: false, ended_by: Some("lists.b".to_owned()) };
    let run = Journal::from_text(&text(&[judged("lists.b", Outcome::Fail), ended])).unwrap().run();
    assert_eq!((run.selection.ended_by.as_deref(), run.selection.complete), (Some("lists.b"), false));
}

#[test]
fn wherever_the_last_line_is_cut_the_rest_is_read() {
    let whole = text(&[judged("lists.a", Outcome::Pass), judged("lists.b", Outcome::Pass)]);
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for end in last..whole.len() {
        let run = Journal::from_text(&whole[..end]).unwrap().run();
        assert_eq!((run.counts.pass, run.counts.not_selected), (1, 1), "cut at {end}");
    }
}

#[test]
fn what_is_no_journal_says_where() {
    let told = |text: &str| Journal::from_text(text).unwrap_err().to_string();
    assert_eq!(told(""), "this is no journal of a run: it does not begin as one");
    let broken = text(&[]) + "{\"result\":3}\n" + &judged("lists.a", Outcome::Pass).written().unwrap();
    assert!(told(&broken).starts_with("line 2 is no line of a journal: "), "{}", told(&broken));
    let later = text(&[]).replace("\"journal\":2", "\"journal\":3");
    assert_eq!(told(&later), "the journal has format 3; this program reads format 2");
}

#[test]
fn what_was_created_is_known_from_before_the_request() {
    let creating = |number| {
        let text = |text: &str| text.to_owned();
        Line::Creating(Cow::Owned(Creating {
            number,
            case: text("methods.a"),
            method: text("POST"),
            url: text("http://h/l"),
            user: Some(text("owner")),
        }))
    };
    let created =
        |number, url: &str| Line::Settled { number, fate: Fate::Created { status: 201, url: Some(url.to_owned()) } };
    let lines = [
        creating(1),
        created(1, "http://h/l/1"),
        creating(2),
        created(2, "http://h/l/2"),
        Line::Settled { number: 1, fate: Fate::Deleted },
        creating(3),
    ];
    let run = Journal::from_text(&text(&lines)).unwrap().run();
    assert_eq!(run.left_behind, ["what POST http://h/l may have created (no response; methods.a)", "http://h/l/2"]);
}
