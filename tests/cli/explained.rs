//! `explain` and the completions know the words that people meet.

use crate::bench::{Said, atlaspec, folder, refused, say};

/// What a command prints.
fn printed(arguments: &[&str]) -> String {
    let said = say(folder().path(), arguments);
    assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
    said.out
}

#[test]
fn chapters_words_and_keys_are_explained() {
    for (word, says) in [
        (
            "lists",
            &[
                "lists: a chapter, ",
                "lists.page-number-default (must)",
                "lists.empty (must)",
                "atlaspec run --chapter lists",
            ][..],
        ),
        ("inconclusive", &["a verdict: the test could not be judged"]),
        ("Unclear", &["inconclusive: a word of reports"]),
        ("not_applicable", &["not-applicable: a word of reports", "atlaspec check FILE"]),
        ("undecided", &["a conclusion", "exit code 3"]),
        ("same-as", &["same-as: a key of a matcher, in case files", "is the same value"]),
        ("at-least", &["a number of at least", "value        a number or a template"]),
        ("for-each", &["for-each: a key of a case, in case files"]),
        ("list.long", &["list.long: a key of ", "in target files", "stands at    parameters.list.long"]),
        ("limits.rate", &["a whole number from 1 to 1000000"]),
        ("no-null", &["a rule of `everywhere`", "No member is `null`."]),
        ("size-maximum", &["a rule of `own-request`"]),
    ] {
        let printed = printed(&["explain", word]);
        for text in says {
            assert!(printed.contains(text), "{word}: {text:?} is not said: {printed}");
        }
    }
    // A word may be several things: each is told.
    let status = printed(&["explain", "status"]);
    assert!(status.contains("a key of ") && status.matches("in case files").count() >= 1, "{status}");
    let dir = folder();
    refused(dir.path(), &["explain", "inconclusiv"], 2, &["did you mean `inconclusive`?"]);
    refused(dir.path(), &["explain", "sameas"], 2, &["did you mean `same-as`?"]);
    refused(
        dir.path(),
        &["explain", "list.lon"],
        2,
        &["no requirement, case, invariant, fault, variation, chapter or word"],
    );
}

#[test]
fn completions_know_ids_and_chapters() {
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(&["completions", shell]);
        for name in ["lists.page-number-default", "lists.empty", "envelope", "total-missing"] {
            assert!(script.contains(name), "{shell}: {name}");
        }
    }
}

/// What the script of bash is offered for words, of which the last is begun.
fn offered(folder: &std::path::Path, words: &[&str]) -> Vec<String> {
    let mut command = atlaspec(folder, &[&["--", "atlaspec"], words].concat());
    command.env("ATLASPEC_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "false");
    let said: Said = command.output().expect("the program runs").into();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{words:?}");
    said.out.lines().map(str::to_owned).collect()
}

#[test]
fn a_live_completion_knows_the_names_that_the_words_before_name() {
    let dir = folder();
    let embedded = offered(dir.path(), &["run", "lists.page-number-d"]);
    assert!(embedded.iter().all(|name| name.starts_with("lists.page-number-d")), "{embedded:?}");
    assert!(offered(dir.path(), &["run", "--chapter", "li"]).contains(&"lists".to_owned()));
    let requirements = offered(dir.path(), &["run", "--requirement", "lists.page-number-d"]);
    assert_eq!(requirements, ["lists.page-number-default"]);
    assert!(offered(dir.path(), &["explain", "empty-is-4"]).contains(&"empty-is-404".to_owned()), "a fault");
    assert!(offered(dir.path(), &["serve", "--fault", "empty-is-4"]).contains(&"empty-is-404".to_owned()));

    assert_eq!(say(dir.path(), &["new", "suite", "mine", "--chapter", "things"]).code, Some(0));
    for option in [&["--cases", "mine"][..], &["--only-cases=mine"]] {
        let case = offered(dir.path(), &[&["run"], option, &["things."]].concat());
        assert!(!case.is_empty() && case.iter().all(|name| name.starts_with("things.")), "{case:?}");
        assert_eq!(offered(dir.path(), &[&["run"], option, &["--chapter", "thin"]].concat()), ["things"]);
    }
    assert_eq!(offered(dir.path(), &["run", "--only-cases", "mine", "lists.pa"]), Vec::<String>::new());
    // A folder that cannot be read has no names, and what is typed is not disturbed by complaints.
    assert_eq!(offered(dir.path(), &["run", "--only-cases", "none", "lists.pa"]), Vec::<String>::new());
    let script = say(dir.path(), &["completions", "--live", "bash"]);
    assert!(script.code == Some(0) && script.out.contains("ATLASPEC_COMPLETE=\"bash\""), "{script:?}");
}
