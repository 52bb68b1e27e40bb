//! What the documents say to type and where they lead.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::{folder, say};

/// Every Markdown file that users read, by its path.
pub(crate) fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder =
        |folder: PathBuf| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let all = ["", "docs", "examples"].into_iter().flat_map(|folder| in_folder(root.join(folder)));
    let mut all: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    all.sort();
    all.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// Where the links of a text lead, outside code.
fn links(text: &str) -> Vec<String> {
    let mut code = false;
    let prose = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    });
    let prose = prose.collect::<Vec<_>>().join("\n");
    prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The anchors of a text's headings, as GitHub and GitLab make them.
fn anchors(text: &str) -> Vec<String> {
    let plain = |heading: &str| {
        let letters = heading.trim().to_lowercase();
        letters.chars().filter(|c| c.is_alphanumeric() || "-_ ".contains(*c)).collect::<String>().replace(' ', "-")
    };
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| plain(line.trim_start_matches('#'))).collect()
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut dead = Vec::new();
    let mut followed = 0;
    for (path, text) in documents() {
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let to = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            let there = to.exists();
            let text = || fs::read_to_string(&to).expect("a document");
            if !there || !anchor.is_empty() && !anchors(&text()).iter().any(|it| it == anchor) {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(followed > 20, "{followed}");
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

/// The words of the commands of `atlaspec` in blocks of a console or a pipeline, without what the shell does.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = text.replace("\\\n", " ");
    let typed = lines.lines().map(str::trim).filter_map(|line| {
        let line =
            line.strip_prefix("$ ").or_else(|| line.strip_prefix("- run: ")).or_else(|| line.strip_prefix("- "))?;
        line.strip_prefix("atlaspec ").or_else(|| line.strip_prefix("cargo run --release -- "))
    });
    let ends = |word: &&str| ["#", "|", "||", ">", "<", "2>", "&&", "&"].contains(word);
    let words = |line: &str| line.split_whitespace().take_while(|word| !ends(word)).map(plain).collect();
    typed.map(words).collect()
}

/// A word without quotes; what a shell or a pipeline fills in is a number.
fn plain(word: &str) -> String {
    word.trim_matches('\'').replace("$CI_NODE_INDEX/$CI_NODE_TOTAL", "1/3")
}

#[test]
fn every_command_in_the_documents_is_understood() {
    let dir = folder();
    let mut tried = 0;
    for (path, text) in documents() {
        for mut words in commands(&text).into_iter().filter(|words| !words.iter().any(|word| word.contains("${{"))) {
            tried += 1;
            words.push("--help".to_owned());
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let said = say(dir.path(), &words);
            assert_eq!(said.code, Some(0), "{}: {words:?}: {}", path.display(), said.err);
            assert!(said.out.contains("Usage: atlaspec"), "{words:?}");
        }
    }
    assert!(tried > 20, "{tried}");
}
