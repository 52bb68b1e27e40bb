//! What the pages show of files is accepted by the program: YAML by `check`, JSON by a parser.
//!
//! The words behind ```` ```yaml ```` say what a snippet is: `case`, `target`, `known-failures` or `faults`; `part` if it is a part of such a
//! file. `.ci/integrations` checks those of CI systems, `.ci/docs` runs the `console` blocks.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::bench::{folder, say, write};
use crate::documents::documents;

/// A block of a page.
struct Snippet {
    page: String,
    /// The first word is the language.
    words: Vec<String>,
    text: String,
}

impl Snippet {
    fn is(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }
}

/// The blocks of all pages in these languages.
fn snippets(languages: &[&str]) -> Vec<Snippet> {
    let mut found = Vec::new();
    for (path, text) in documents() {
        let page = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut block: Option<Snippet> = None;
        for line in text.lines() {
            match (line.strip_prefix("```"), &mut block) {
                (Some(words), None) => {
                    let words = words.split_whitespace().map(str::to_owned).collect();
                    block = Some(Snippet { page: page.clone(), words, text: String::new() });
                }
                (Some(_), Some(_)) => found.extend(block.take()),
                (None, Some(block)) => block.text.extend([line, "\n"]),
                (None, None) => {}
            }
        }
    }
    found.retain(|it| it.words.first().is_some_and(|language| languages.contains(&language.as_str())));
    found
}

/// What `check` says of a folder with the snippet in it.
fn accepted(snippet: &Snippet, folder: &TempDir, files: &[&str]) {
    let said = say(folder.path(), &[&["check"], files].concat());
    assert_eq!(said.code, Some(0), "{} {:?}: {}", snippet.page, snippet.words, said.err);
}

/// A suite of its own that has these cases or invariants: its first lines, and the requirements that they judge.
fn suite_of(part: &str) -> (String, String) {
    let after = |line: &'_ str, key: &str| line.trim().trim_start_matches("- ").strip_prefix(key).map(str::to_owned);
    let id = part.lines().find_map(|line| after(line, "id: ")).expect("an id");
    let (chapter, _) = id.split_once('.').expect("a chapter");
    let lists = part.lines().filter_map(|line| after(line, "requirements: "));
    let ids: BTreeSet<String> = lists
        .flat_map(|list| list.trim_matches(['[', ']']).split(", ").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let row = |id: &String| format!("  - {{ id: {id}, level: must, statement: It is so., section: One }}\n");
    let requirements = format!("format: 1\nrequirements:\n{}", ids.iter().map(row).collect::<String>());
    (format!("format: 1\nchapter: {chapter}\n"), requirements)
}

/// The least that a target file says.
const LEAST: &str =
    "name: t\nbase-url: https://example.com/\nusers: { owner: { username: o, api-key: { env: PATH } } }\n";

#[test]
fn every_yaml_snippet_is_what_it_says_to_be() {
    // What a page calls a file is there for the next snippet that names it.
    let shared = folder();
    let authority = rcgen::generate_simple_self_signed(vec!["staging.example.com".to_owned()]).expect("a certificate");
    write(shared.path(), "staging-ca.pem", authority.cert.pem());
    let mut checked = BTreeSet::new();
    for snippet in snippets(&["yaml"]) {
        let dir = folder();
        let text = &snippet.text;
        let kind = snippet.words.get(1).map_or("", String::as_str);
        checked.insert(kind.to_owned());
        match kind {
            "case" => {
                let mut whole = text.clone();
                if snippet.is("part") {
                    let (head, requirements) = suite_of(text);
                    whole = head + text;
                    write(dir.path(), "s/requirements.yaml", requirements);
                }
                write(dir.path(), "s/a.yaml", whole);
                accepted(&snippet, &dir, &["s"]);
            }
            "target" => {
                let head = if snippet.is("part") { LEAST } else { "" };
                let file = snippet.value("file").unwrap_or("part.yaml");
                write(shared.path(), file, format!("{head}{text}"));
                accepted(&snippet, &shared, &[file]);
            }
            "known-failures" => {
                // The last day of an entry comes, whatever the page says.
                let dated = text.lines().map(|line| line.split_once("expires:").map_or(line, |_| "    owner: a"));
                let owned = dated.filter(|line| !line.trim().starts_with("owner: team")).collect::<Vec<_>>().join("\n");
                write(dir.path(), "known.yaml", owned);
                accepted(&snippet, &dir, &["known.yaml"]);
            }
            "faults" => {
                write(dir.path(), "faults.yaml", text);
                accepted(&snippet, &dir, &["faults.yaml"]);
            }
            // Checked by `.ci/integrations` with the schemas of these systems.
            "github-workflows" | "gitlab-ci" => {}
            other => panic!("{}: a snippet in YAML that is no kind of file: `{other}`", snippet.page),
        }
    }
    let kinds = ["case", "faults", "github-workflows", "gitlab-ci", "known-failures", "target"];
    assert_eq!(checked.iter().map(String::as_str).collect::<Vec<_>>(), kinds);
}

#[test]
fn every_json_snippet_is_json() {
    let snippets = snippets(&["json"]);
    assert!(snippets.len() > 1, "{}", snippets.len());
    for snippet in snippets {
        let read = serde_json::from_str::<serde_json::Value>(&snippet.text);
        assert!(read.is_ok(), "{}: {read:?}: {}", snippet.page, snippet.text);
    }
}

#[test]
fn every_page_is_in_the_book() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let summary = fs::read_to_string(root.join("docs/SUMMARY.md")).expect("a summary");
    let pages = documents().into_iter().filter(|(path, _)| path.parent() == Some(&root.join("docs")));
    for (path, _) in pages {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name == "SUMMARY.md" || summary.contains(&format!("]({name})")), "{name}");
    }
}
