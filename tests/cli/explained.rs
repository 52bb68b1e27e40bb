//! `explain` and the completions know the words that people meet.

use crate::bench::{folder, refused, say};

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
