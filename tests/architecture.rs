//! Imports go strictly downwards: this test holds the direction, and fails on a module that it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and those of ours that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("verdict", &["reason"]),
    ("exchange", &[]),
    ("reason", &["exchange"]),
    ("digest", &[]),
    ("clock", &[]),
    ("id_pattern", &[]),
    ("yaml", &["verdict"]),
    ("suite", &["exchange", "id_pattern", "reason", "verdict", "yaml"]),
    ("target", &["suite", "exchange", "reason", "verdict", "yaml"]),
    ("client", &["target", "digest", "exchange", "clock"]),
    ("client_rules", &["digest", "exchange", "verdict"]),
    ("check", &["suite", "exchange", "verdict", "digest"]),
    ("discover", &["check", "client", "target", "suite", "exchange", "clock", "yaml"]),
    ("record", &["exchange", "reason", "verdict"]),
    ("audit", &["check", "client_rules", "record", "suite", "exchange", "reason", "verdict"]),
    ("known", &["id_pattern", "record", "verdict", "yaml"]),
    ("certificate", &["record", "verdict"]),
    ("reference", &["digest", "exchange", "clock", "verdict", "yaml"]),
    ("run", &["client", "check", "record", "suite", "target", "exchange", "reason", "verdict", "clock", "yaml"]),
    ("proof", &["run", "client", "record", "suite", "exchange", "verdict"]),
    ("report", &["certificate", "record", "exchange", "reason", "verdict"]),
    (
        "cli",
        &[
            "audit",
            "run",
            "proof",
            "report",
            "discover",
            "known",
            "client",
            "client_rules",
            "check",
            "certificate",
            "record",
            "reference",
            "suite",
            "target",
            "exchange",
            "reason",
            "verdict",
            "clock",
            "id_pattern",
            "yaml",
        ],
    ),
];

#[test]
fn imports_go_downwards() {
    let mut wrong = Vec::new();
    for (module, text, path) in sources() {
        let allowed = MAY_IMPORT.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            wrong.push(format!("{}: the module `{module}` is not known here", path.display()));
            continue;
        };
        for imported in imports(&text) {
            if imported != module && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{}: `{module}` may not import `{imported}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_allowed_imports_have_no_circle() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    for (start, _) in MAY_IMPORT {
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<&str> = allowed[start].to_vec();
        while let Some(module) = ahead.pop() {
            assert_ne!(module, *start, "`{start}` imports itself in a circle");
            if seen.insert(module) {
                ahead.extend(allowed[module]);
            }
        }
    }
}

#[test]
fn an_import_is_seen_however_it_is_written() {
    let text = "use crate::suite::Case;\nfn f() { crate::record::x(); }\nuse crate::{check, run::Engine};\n";
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, ["check", "record", "run", "suite"]);
}

/// Module, text and path of every source file below `src`, the two roots aside.
fn sources() -> Vec<(String, String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files
        .into_iter()
        .filter(|path| !["main.rs", "lib.rs"].iter().any(|name| path == &root.join(name)))
        .map(|path| {
            let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
            let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (module, text, path)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules of ours that a text names: `crate::NAME` and `use crate::{NAME, …}`. Comments are not imports.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for part in code.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => found.extend(first_name(part)),
            Some(list) => {
                let list = &list[..list.find("};").unwrap_or(list.len())];
                found.extend(top_level(list).into_iter().filter_map(first_name));
            }
        }
    }
    found
}

/// The items of a list in braces, nested lists kept whole.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0_usize, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                items.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[start..]);
    items
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}
