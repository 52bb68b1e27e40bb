//! Options from the environment.

use std::path::Path;

use crate::bench::{Said, atlaspec, folder, say, write};

fn with(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    atlaspec(dir, arguments).envs(variables.iter().copied()).output().expect("the program runs").into()
}

const TARGET: &str =
    "name: mine\nbase-url: https://127.0.0.1:9/\nusers:\n  owner: { username: o, api-key: { env: PATH } }\n";

#[test]
fn a_variable_is_as_good_as_its_option_and_the_command_line_wins() {
    let dir = folder();
    write(dir.path(), "t.yaml", TARGET);
    let plan = &["run", "--dry-run"][..];
    assert!(say(dir.path(), plan).out.contains("reference"), "no target is the embedded server");
    let said = with(dir.path(), plan, &[("ATLASPEC_TARGET", "t.yaml"), ("ATLASPEC_JOBS", "2")]);
    assert!(said.code == Some(0) && said.out.contains("mine"), "{said:?}");
    let said = with(dir.path(), plan, &[("ATLASPEC_TARGET", "t.yaml"), ("ATLASPEC_JOBS", "0")]);
    assert!(said.code == Some(2) && said.err.contains("'--jobs <N>': 0 is not in 1..=256"), "{said:?}");
    let words = &["run", "--dry-run", "--jobs", "3", "--url", "https://h.example/", "--user", "u"];
    let said = with(dir.path(), words, &[("ATLASPEC_TARGET", "t.yaml"), ("ATLASPEC_JOBS", "0")]);
    assert!(said.code == Some(0) && said.out.contains("h.example"), "{said:?}");
    // What is said about --url alone means nothing where there is another target.
    let about = [("ATLASPEC_USER", "u"), ("ATLASPEC_CA", "no.pem"), ("ATLASPEC_INSECURE", "1")];
    let said = with(dir.path(), &["run", "--dry-run", "--target", "t.yaml"], &about);
    assert!(said.code == Some(0) && said.out.contains("mine"), "{said:?}");
    let said = with(dir.path(), plan, &[("ATLASPEC_URL", "https://h.example/"), ("ATLASPEC_USER", "u")]);
    assert!(said.code == Some(0) && said.out.contains("h.example"), "{said:?}");
}

#[test]
fn flags_are_read_as_true_or_false() {
    let dir = folder();
    for (value, code) in [("true", 0), ("1", 0), ("yes", 0), ("maybe", 2)] {
        let said = with(dir.path(), &["run", "lists.total*"], &[("ATLASPEC_DRY_RUN", value)]);
        assert_eq!(said.code, Some(code), "{value}: {said:?}");
        assert!(!dir.path().join("reports").exists(), "{value}");
    }
    let said = with(dir.path(), &["run", "lists.total*", "--dry-run"], &[("ATLASPEC_READ_ONLY", "false")]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let help = |variables: &[(&str, &str)]| with(dir.path(), &["run", "--help"], variables).out;
    assert!(help(&[("ATLASPEC_COLOR", "always")]).contains('\x1b'));
    let help = help(&[("ATLASPEC_PROXY", "http://u:secret@h/")]);
    assert!(help.contains("[env: ATLASPEC_MAX_RATE]") && !help.contains("secret"), "{help}");
}

#[test]
fn an_empty_target_is_an_error_and_never_the_embedded_server() {
    let dir = folder();
    for (words, variables) in [
        (&["run", "--target", ""][..], &[][..]),
        (&["run", "--url", "", "--user", "u"], &[]),
        (&["run"], &[("ATLASPEC_TARGET", "")]),
        (&["run"], &[("ATLASPEC_URL", ""), ("ATLASPEC_USER", "u")]),
    ] {
        let said = with(dir.path(), words, variables);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{words:?}: {said:?}");
        assert!(said.err.contains("a value is required"), "{words:?}: {said:?}");
        assert!(!dir.path().join("reports").exists());
    }
}

#[test]
fn a_run_of_the_embedded_server_says_so() {
    let dir = folder();
    let said = say(dir.path(), &["run", "lists.total-of-empty"]);
    let told = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("This was the embedded reference server: no target was given."), "{}", said.out);
    let run = std::fs::read_to_string(dir.path().join("reports/reference/run.json")).expect("a run");
    assert!(run.contains("\"embedded\": true"), "{run}");
}
