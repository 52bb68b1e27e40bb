//! Embeds the suite: every file of `cases` and `schemas/payloads`, found anew at each change, so that none is left out.

#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a build script talks to cargo")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut files = Vec::new();
    for (folder, extension) in [("cases", "yaml"), ("schemas/payloads", "json")] {
        println!("cargo::rerun-if-changed={folder}");
        collect(&root.join(folder), extension, &mut files);
    }
    files.sort();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("embedded.rs");
    let mut out = fs::File::create(out).expect("the build folder can be written");
    writeln!(out, "&[").expect("written");
    for file in files {
        let name = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        // Told from the checkout that is compiled: several may share one build folder.
        let path = format!("/{name}");
        writeln!(out, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")
            .expect("written");
    }
    writeln!(out, "]").expect("written");
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
}
