//! `--watch`: a change of a file starts the work again, and Ctrl-C ends it.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::bench::{atlaspec, folder, refused, signal, write};

/// The time that anything may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// A command that watches.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = atlaspec(folder, arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let (lines, received) = channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let lines = lines.clone();
            std::thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).try_for_each(|it| lines.send(it))
            });
        }
        Self { child, lines: received }
    }

    /// What is printed until it waits for a change.
    fn turn(&self) -> String {
        let mut turn = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error} after {turn}"));
            if line.starts_with("watching ") {
                // What stdout says comes through another pipe.
                while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(500)) {
                    turn.push_str(&line);
                }
                return turn;
            }
            turn.push_str(&line);
            turn.push('\n');
        }
    }

    /// Interrupts it; returns the exit code.
    fn end(mut self) -> Option<i32> {
        signal("INT", self.child.id());
        while self.lines.recv_timeout(PATIENCE).is_ok() {}
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// A case that the reference server passes if `size` is as the specification says.
fn case(name: &str, status: &str) -> String {
    format!(
        "format: 1\nchapter: own\ncases:\n  - id: own.{name}\n    purpose: Ensure that the list can be read.\n    \
         requirements: [lists.page-number-default]\n    needs: [list.long]\n    steps:\n      \
         - request: GET {{list.long}}\n        expect: {{ status: {status} }}\n"
    )
}

#[test]
fn a_change_of_a_file_or_of_what_it_extends_checks_again() {
    let dir = folder();
    write(
        dir.path(),
        "base.yaml",
        "base-url: http://127.0.0.1:9/\nusers: { owner: { username: o, api-key: { env: K } } }\n",
    );
    write(dir.path(), "t.yaml", "extends: [base.yaml, more.yaml]\nname: t\n");
    let watch = Watch::start(dir.path(), &["check", "--watch", "t.yaml"]);
    assert!(watch.turn().contains("`more.yaml` cannot be read"));
    write(dir.path(), "more.yaml", "claims: []\n");
    assert!(watch.turn().contains("no problems: 1 target file"));
    write(dir.path(), "base.yaml", "base-url: nowhere\nusers: {}\n");
    assert!(watch.turn().contains("expected an http or https URL"));
    // As editors save: another file takes its place.
    write(dir.path(), "new", "base-url: http://127.0.0.1:9/\nusers: { owner: { username: o, api-key: { env: K } } }\n");
    fs::rename(dir.path().join("new"), dir.path().join("base.yaml")).unwrap();
    assert!(watch.turn().contains("no problems: 1 target file"));
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn a_changed_or_new_case_file_in_a_folder_is_run() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", case("a", "200"));
    write(dir.path(), "mine/z.yaml", case("z", "404"));
    let counts = || {
        let run = fs::read_to_string(dir.path().join("reports/reference/run.json")).expect("a run");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        (run["counts"]["pass"].as_u64(), run["counts"]["fail"].as_u64())
    };
    let watch = Watch::start(dir.path(), &["run", "--watch", "--only-cases", "mine"]);
    assert!(watch.turn().contains("own.z"));
    assert_eq!(counts(), (Some(1), Some(1)));
    write(dir.path(), "mine/more/b.yaml", case("b", "200"));
    watch.turn();
    assert_eq!(counts(), (Some(2), Some(1)));
    write(dir.path(), "mine/z.yaml", case("z", "200"));
    watch.turn();
    assert_eq!(counts(), (Some(3), Some(0)));
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn where_no_file_is_named_there_is_nothing_to_watch() {
    let dir = folder();
    refused(dir.path(), &["run", "--watch"], 2, &["--watch has no file to watch"]);
    refused(dir.path(), &["check", "--watch"], 2, &["--watch has no file to watch"]);
}
