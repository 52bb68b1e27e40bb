//! Wrong words on the command line, and output that nobody reads.

use std::io::Read as _;
use std::process::Stdio;

use crate::bench::{atlaspec, folder, refused, say, write};

#[test]
fn words_that_match_nothing_are_named() {
    let dir = folder();
    for (arguments, says) in [
        (&["run", "lits.*"][..], "no case or invariant `lits.*`: did you mean `lists.*`?"),
        (&["run", "lists"], "no case or invariant `lists`: did you mean `lists.*`?"),
        (&["run", "lists.*", "nothing"], "error: no case or invariant `nothing`\n"),
        (&["run", "{a"], "`{a` is not a pattern of ids: unclosed alternate group"),
        (&["run", "--chapter", "lits"], "no chapter `lits`: did you mean `lists`?"),
        (&["run", "--requirement", "lists.totl"], "no requirement `lists.totl`: did you mean `lists.total`?"),
        (&["run", "lists.*", "--chapter", "auth"], "no case passes all of them together"),
        (&["run", "--timeout", "5"], "a duration is a number and a unit"),
        (&["run", "--jobs", "0"], "0 is not in 1..=256"),
        (&["run", "--fail-fast", "--write-known-failures", "k.yaml"], "cannot be used with"),
        (&["selftest", "lists.*"], "no fault of the reference server is called `lists.*`; `atlaspec list faults`"),
        (&["man", "rn"], "no command is called `rn`: did you mean `run`?"),
        (&["explain", "lists.totl"], "called `lists.totl`: did you mean `lists.total`?"),
        (&["list", "cases", "xyz*"], "nothing matches `xyz*`"),
        (&["report", "run.json"], "run.json: No such file"),
        (&["frobnicate"], "unrecognized subcommand 'frobnicate'"),
    ] {
        refused(dir.path(), arguments, 2, &[says]);
    }
}

#[test]
fn filters_of_any_depth_and_length_are_refused_and_shortened() {
    let dir = folder();
    let nested = |depth: usize| format!("{}a{}", "{".repeat(depth), "}".repeat(depth));
    let (deep, deeper, long) = (nested(150), nested(50_000), "*a".repeat(1_000));
    write(dir.path(), "known.yaml", format!("format: 1\nknown-failures:\n  - {{ cases: '{deep}', reason: r }}\n"));
    let known = &["run", "--known-failures", "known.yaml"][..];
    for (arguments, says) in [
        (&["run", &deep][..], "{{{…` is not a pattern of ids: braces are nested more than 10 deep"),
        (&["run", &deeper], "{{{…` is not a pattern of ids: it has 100001 bytes; at most 1000 are allowed"),
        (&["list", "cases", &deep], "is not a pattern of ids: braces are nested more than 10 deep"),
        (&["selftest", &deep], "is not a pattern of ids: braces are nested more than 10 deep"),
        (&["run", &long], "*a*a…` is not a pattern of ids: it has 2000 bytes; at most 1000 are allowed"),
        (known, "known.yaml:3:14"),
        (known, "not a pattern of ids: braces are nested more than 10 deep"),
        (&["check", "known.yaml"], "not a pattern of ids: braces are nested more than 10 deep"),
    ] {
        refused(dir.path(), arguments, 2, &[says]);
    }
}

#[test]
fn a_stored_run_that_is_none_is_named() {
    let dir = folder();
    for (text, says) in [
        ("", "run.json: this is no stored run: EOF"),
        ("{\"format\": 1", "run.json: this is no stored run: EOF"),
        ("[]", "run.json: this is no stored run: "),
        ("{\"format\": 3}", "run.json: the stored run has format 3, but this program reads format 2"),
        ("{\"format\": 2}", "run.json: this is no stored run: missing field"),
    ] {
        write(dir.path(), "run.json", text);
        for format in ["human", "html", "json", "junit", "markdown"] {
            refused(dir.path(), &["report", "run.json", "--format", format, "--output", "out"], 2, &[says]);
            assert!(!dir.path().join("out").exists(), "{format} wrote");
        }
    }
}

/// Reads a few bytes of standard output and hangs up.
fn hang_up(arguments: &[&str]) -> (Option<i32>, String) {
    let dir = folder();
    let mut child = atlaspec(dir.path(), arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut some = [0; 16];
    child.stdout.take().expect("it is piped").read_exact(&mut some).expect("some bytes");
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_reader_who_hangs_up_ends_a_command_quietly_and_changes_no_verdict() {
    for arguments in [&["list", "cases"][..], &["schema", "case"], &["completions", "bash"]] {
        assert_eq!(hang_up(arguments), (Some(0), String::new()), "{arguments:?}");
    }
    assert_eq!(hang_up(&["run", "lists.total*", "--verbose"]), (Some(0), String::new()));
}

#[test]
fn colour_is_there_when_asked_for_and_fits_the_terminal_otherwise() {
    let dir = folder();
    let run = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = atlaspec(dir.path(), &["run", "lists.total-of-empty"]);
        let output = command.args(arguments).envs(variable).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let plain = run(&[], None);
    assert!(!plain.contains('\x1b'), "no terminal, no colour: {plain}");
    assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
    assert!(run(&["--color", "always"], Some(("NO_COLOR", "1"))).contains('\x1b'), "what is asked for wins");
    assert!(!run(&["--color", "never"], Some(("CLICOLOR_FORCE", "1"))).contains('\x1b'));
    assert!(!run(&[], Some(("NO_COLOR", "1"))).contains('\x1b'));
}

#[test]
fn help_and_complaints_have_the_colour_that_is_asked_for() {
    let dir = folder();
    for words in [&["run", "--help"][..], &["run", "--no-such-option"], &["--color", "never", "run", "--jobs", "x"]] {
        let of = |colour: &[&str]| {
            let said = say(dir.path(), &[words, colour].concat());
            said.out + &said.err
        };
        assert!(of(&["--color", "always"]).contains('\x1b'), "{words:?}");
        assert!(of(&["--color=always"]).contains('\x1b'), "{words:?}");
        assert!(!of(&["--color", "never"]).contains('\x1b') && !of(&[]).contains('\x1b'), "{words:?}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = folder();
    let page = |command: &[&str]| say(dir.path(), &[&["man"], command].concat());
    let all = page(&[]);
    assert!(all.code == Some(0) && all.out.contains("atlaspec\\-run(1)"), "{all:?}");
    for command in ["run", "audit", "selftest", "serve", "check", "list", "explain", "init", "report", "diff", "merge"]
    {
        let said = page(&[command]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains(&format!("atlaspec\\-{command} \\- ")), "{}", said.out);
        assert!(said.out.contains("\\-\\-color"), "options of every command are told, too");
    }
}

#[test]
fn a_fault_is_explained_with_what_it_violates_and_who_sees_it() {
    let dir = folder();
    let said = say(dir.path(), &["explain", "total-missing"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for text in
        ["a list has no totalCount", "lists.shape (must)", "lists.fields\n", "serve --tls --fault total-missing"]
    {
        assert!(said.out.contains(text), "{text}: {}", said.out);
    }
    let said = say(dir.path(), &["explain", "lists.shape"]);
    assert!(said.out.contains("\nViolated by the faults\n") && said.out.contains("  total-missing\n"), "{}", said.out);
}

#[test]
fn what_is_no_recording_is_named() {
    let dir = folder();
    for (text, says) in [
        ("", "a.har is not a HAR file: it is empty"),
        ("hello", "a.har is not a HAR file: it does not begin with an object"),
        ("{\"a\": 1}", "a.har is not a HAR file: it has no member `log`"),
        ("{\"log\": {}}", "a.har is not a HAR file: its `log` has no `entries`"),
        ("{\"log\": {\"entries\": []}}", "a.har: no JSON response is recorded"),
    ] {
        write(dir.path(), "a.har", text);
        refused(dir.path(), &["audit", "a.har"], 2, &[says]);
    }
}

#[test]
fn the_examples_of_the_help_are_accepted() {
    let dir = folder();
    let said = say(dir.path(), &["--help"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("Exit codes:") && said.out.lines().all(|line| line.chars().count() <= 100));
    let said = say(dir.path(), &["run", "lists.*", "auth.*", "--dry-run"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("lists.total-of-empty") && said.out.contains("Skipped, not selected"));
    assert!(!dir.path().join("reports").exists(), "nothing is written");
}
