//! The suite's own files load, and what is wrong in fixtures is said exactly.

use std::fs;
use std::path::{Path, PathBuf};

use atlaspec::suite;
use atlaspec::yaml::Problem;

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            found.push(path);
        }
    }
}

/// Texts of all files below some folders of the project, by their path in it.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let root = PathBuf::from(option_env!("LINT_ROOT").unwrap_or(env!("CARGO_MANIFEST_DIR")));
    let mut found = Vec::new();
    folders.iter().for_each(|folder| files_below(&root.join(folder), &mut found));
    found
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// A problem in one line, as the command line would begin it.
fn line(problem: &Problem) -> String {
    let at = &problem.source;
    let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{}:{}:{}: {}{help}", at.file, at.line, at.column, problem.message)
}

#[test]
fn the_suite_of_the_project_loads() {
    let files = texts(&["cases", "schemas/payloads"]);
    if !files.iter().any(|(path, _)| path == "cases/requirements.yaml") {
        return;
    }
    if let Err(problems) = suite::load(&files) {
        panic!("\n{}\n", problems.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
}
