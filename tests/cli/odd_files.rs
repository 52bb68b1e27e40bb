//! What is not a regular file, what is not ours, and limits of the system: no run waits for it, follows it or spoils it.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bench::{Said, Served, atlaspec, folder, say, say_soon, write};

const NOTES: &str = "my own notes, without a line break";
/// A short run.
const RUN: [&str; 6] = ["run", "--target", "t.yaml", "lists.total-of-empty", "--reports", "r"];

fn fifo(folder: &Path, name: &str) {
    fs::create_dir_all(folder.join(name).parent().expect("a folder")).expect("it can be made");
    assert!(Command::new("mkfifo").arg(folder.join(name)).status().expect("mkfifo runs").success());
}

#[test]
fn a_fifo_or_a_device_is_refused_by_name_wherever_a_file_is_read() {
    let dir = folder();
    fifo(dir.path(), "p");
    let url = ["--url", "http://127.0.0.1:9/", "--user", "u"];
    for (path, name) in [("p", "a FIFO"), ("/dev/zero", "a character device")] {
        for command in [
            &["check", path][..],
            &["run", "--target", path],
            &["run", "--only-cases", path],
            &["run", "--known-failures", path],
            &[&["run"], &url[..], &["--api-key-file", path]].concat(),
            &[&["init"], &url[..], &["--api-key-file", path]].concat(),
            &[&["run"], &url[..], &["--ca", path]].concat(),
            &["report", path],
            &["diff", path, path],
            &["merge", path],
            &["audit", path],
            &["certify", path, "--key", path],
            &["verify", path, "--key", path],
            &["cleanup", "--target", path],
        ] {
            let said = say_soon(atlaspec(dir.path(), command).env("ATLASPEC_API_KEY", "k"));
            assert_eq!(said.code, Some(2), "{command:?}: {said:?}");
            assert!(said.err.contains(&format!("this is {name}")), "{command:?}: {said:?}");
        }
    }
}

#[test]
fn a_report_never_takes_the_place_of_a_device() {
    let served = Served::start(&[]);
    assert_eq!(say(served.folder.path(), &RUN).code, Some(0));
    fifo(served.folder.path(), "p");
    symlink("p", served.folder.path().join("link")).expect("a link");
    for path in ["p", "link"] {
        let said = say(served.folder.path(), &["report", "r/run.json", "--format", "html", "--output", path]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(&format!("{path}: this is a FIFO")), "{said:?}");
    }
}

/// Makes something stand at this name in the folder of the reports, and runs.
fn run_beside(served: &Served, make: impl Fn(&Path)) -> Said {
    let reports = served.folder.path().join("r");
    let _ = fs::remove_dir_all(&reports);
    fs::create_dir(&reports).expect("it can be made");
    make(&reports);
    say_soon(&mut atlaspec(served.folder.path(), &RUN))
}

#[test]
fn no_link_in_the_reports_folder_is_followed() {
    let served = Served::start(&[]);
    let notes = write(served.folder.path(), "notes.txt", NOTES);
    for (name, code, says) in [
        ("journal.jsonl", 2, "error: r/journal.jsonl: this is a symbolic link"),
        ("exchanges.har.part", 2, "exchanges.har: this is a symbolic link"),
        ("history.jsonl", 0, "note: this run is missing in r/history.jsonl: this is a symbolic link"),
        ("exchanges.har", 0, ""),
        ("run.json", 0, ""),
        ("report.html", 0, ""),
    ] {
        let said = run_beside(&served, |reports| symlink("../notes.txt", reports.join(name)).expect("a link"));
        assert_eq!(said.code, Some(code), "{name}: {said:?}");
        assert!(said.err.contains(says), "{name}: {said:?}");
        assert_eq!(fs::read_to_string(&notes).expect("notes"), NOTES, "{name}");
    }
}

#[test]
fn no_fifo_in_the_reports_folder_holds_a_run() {
    let served = Served::start(&[]);
    for (name, code, says) in [
        ("journal.jsonl", 2, "error: r/journal.jsonl: this is a FIFO"),
        ("exchanges.har.part", 2, "exchanges.har: this is a FIFO"),
        ("history.jsonl", 0, "note: this run is missing in r/history.jsonl: this is a FIFO"),
        ("run.json", 2, "error: r/run.json: this is a FIFO"),
        ("junit.xml", 2, "`atlaspec report r/journal.jsonl --reports DIR` writes the reports"),
    ] {
        let said = run_beside(&served, |reports| fifo(reports, name));
        assert_eq!(said.code, Some(code), "{name}: {said:?}");
        assert!(said.err.contains(says), "{name}: {said:?}");
    }
}

#[test]
fn what_is_not_ours_is_kept_as_it_is() {
    let served = Served::start(&[]);
    for text in [NOTES, "{}\n{}\n", "\u{feff}x"] {
        let said = run_beside(&served, |reports| drop(write(reports, "journal.jsonl", text)));
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.err.contains("is not a journal; it is kept as r/not-a-journal.jsonl"), "{said:?}");
        let kept = served.folder.path().join("r/not-a-journal.jsonl");
        assert_eq!(fs::read_to_string(kept).expect("it is kept"), text);
    }
    let said = run_beside(&served, |reports| drop(write(reports, "history.jsonl", NOTES)));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("is not a history of runs and is left alone"), "{said:?}");
    let text = fs::read_to_string(served.folder.path().join("r/history.jsonl")).expect("notes");
    assert_eq!(text, NOTES);
}

#[test]
fn a_history_that_stays_locked_costs_its_line_alone() {
    let served = Served::start(&[]);
    assert_eq!(say(served.folder.path(), &RUN).code, Some(0));
    let history = File::open(served.folder.path().join("r/history.jsonl")).expect("a history");
    history.lock().expect("a lock");
    let said = say_soon(&mut atlaspec(served.folder.path(), &RUN));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("note: this run is missing in r/history.jsonl: another program has locked"), "{said:?}");
}

/// The program under a limit of the shell.
fn limited(folder: &Path, limit: &str, arguments: &[&str]) -> Said {
    let program = assert_cmd::cargo::cargo_bin!("atlaspec");
    let script = format!("ulimit {limit}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.current_dir(folder).args(["-c", &script]).arg(program).args(arguments).stdin(Stdio::null());
    say_soon(&mut command)
}

#[test]
fn a_limit_on_the_size_of_files_is_like_a_full_disk() {
    let served = Served::start(&[]);
    let said = limited(served.folder.path(), "-f 16", &RUN);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("File too large"), "{said:?}");
    assert!(!served.folder.path().join("r/report.html").exists(), "no report is there in part");
}

#[test]
fn where_few_files_may_be_open_the_reports_are_written_all_the_same() {
    let served = Served::start(&[]);
    for limit in [22, 26] {
        let _ = fs::remove_dir_all(served.folder.path().join("r"));
        let arguments = ["run", "--target", "t.yaml", "lists.*", "--jobs", "32", "--reports", "r"];
        let said = limited(served.folder.path(), &format!("-n {limit}"), &arguments);
        assert!(matches!(said.code, Some(0 | 3)), "{limit}: {said:?}");
        let text = fs::read_to_string(served.folder.path().join("r/run.json")).expect("a run");
        let run: Value = serde_json::from_str(&text).expect("JSON");
        assert!(run["results"].as_array().is_some_and(|results| !results.is_empty()), "{limit}");
        for name in ["report.html", "junit.xml", "summary.md", "exchanges.har", "history.jsonl"] {
            assert!(served.folder.path().join("r").join(name).exists(), "{limit}: {name}");
        }
    }
}
