//! Keys show nowhere: not in output, reports or arguments, whatever fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use data_encoding::BASE64;

use crate::bench::{Served, atlaspec, folder, say, with_line, write};

/// A case that fails on a request of the owner's, so that its exchanges are shown.
const FAILING: &str = "\
format: 1
chapter: lists
cases:
  - id: lists.failing
    purpose: Ensure that what fails shows no key.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {list.long}
        expect: { status: 418 }
";

fn texts_below(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let texts = |path: PathBuf| {
        if path.is_dir() {
            return texts_below(&path);
        }
        vec![(path.display().to_string(), fs::read_to_string(path).expect("a text"))]
    };
    entries.flat_map(texts).collect()
}

#[cfg(target_os = "linux")]
fn arguments_of_all_processes() -> String {
    let processes = fs::read_dir("/proc").expect("processes").flatten();
    processes
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .fold(String::new(), |text, line| text + &String::from_utf8_lossy(&line))
}

#[cfg(not(target_os = "linux"))]
fn arguments_of_all_processes() -> String {
    String::new()
}

/// What is said of a run that is no ground for a certificate; the private key is not in it either.
fn refusal(folder: &Path) -> String {
    let private = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
    write(folder, "private.pem", format!("-----BEGIN PRIVATE KEY-----\n{private}\n-----END PRIVATE KEY-----\n"));
    let said = say(folder, &["certify", "r/run.json", "--key", "private.pem", "--verbose"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(!said.err.contains(&private[20..]), "{said:?}");
    said.out + &said.err
}

#[test]
fn a_key_shows_nowhere() {
    let served = Served::start(&["--tls"]);
    let key = served.key("owner");
    let basic = BASE64.encode(format!("owner@example.com:{key}").as_bytes());
    let dir = folder();
    let owner = "  owner: { username: \"owner@example.com\", api-key: { env: ATLASPEC_CANARY } }";
    write(dir.path(), "t.yaml", with_line(&served.target(), "owner", owner));
    write(dir.path(), "mine/a.yaml", FAILING);
    for arguments in [
        &["--only-cases", "mine", "--verbose"][..],
        &["--only-cases", "mine", "--format", "json"],
        &["methods.*", "auth.basic*", "auth.wrong*", "--verbose", "--prove", "--sample", "3"],
    ] {
        let child = atlaspec(dir.path(), &["run", "--target", "t.yaml", "--reports", "r"])
            .args(arguments)
            .env("ATLASPEC_CANARY", &key)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let processes = arguments_of_all_processes();
        let output = child.wait_with_output().expect("it ends");
        let judged = i32::from(arguments[0] == "--only-cases");
        assert_eq!(output.status.code(), Some(judged), "{}", String::from_utf8_lossy(&output.stdout));
        let mut texts = texts_below(&dir.path().join("r"));
        // Beside the seven that every run leaves: the script that repeats the failure, or the proof of the passes.
        let names: Vec<&String> = texts.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        texts.push(("standard output".to_owned(), String::from_utf8_lossy(&output.stdout).into_owned()));
        texts.push(("standard error".to_owned(), String::from_utf8_lossy(&output.stderr).into_owned()));
        texts.push(("arguments".to_owned(), processes));
        texts.push(("a refused certificate".to_owned(), refusal(dir.path())));
        for (name, text) in texts {
            assert!(!text.contains(&key) && !text.contains(&basic), "{arguments:?}: the key shows in {name}");
        }
    }
}

/// What is said of a file that everybody can read: its name, never the key.
#[cfg(unix)]
#[test]
fn a_key_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let served = Served::start(&["--tls"]);
    let key = served.key("owner");
    let file = served.folder.path().join("keys/owner.key");
    let dir = folder();
    write(dir.path(), "mine/a.yaml", FAILING);
    let target = served.folder.path().join("t.yaml").display().to_string();
    for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
        let said = say(dir.path(), &["run", "--target", &target, "--only-cases", "mine", "--reports", "r"]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert_eq!(
            said.err.contains("warning: every user of this machine can read the key in"),
            warned,
            "{}",
            said.err
        );
        assert!(said.err.contains("owner.key`: run `chmod 600") == warned && !said.err.contains(&key), "{}", said.err);
    }
}

/// What `run --url` and `init` say and write, with the key from the environment and from a file, and through a header.
#[test]
fn a_key_shows_nowhere_where_no_target_file_is() {
    let served = Served::start(&["--tls"]);
    let key = served.key("owner");
    let target = served.target();
    let url = target.lines().find_map(|line| line.strip_prefix("base-url: ")).expect("a base URL").trim_matches('"');
    let keys = served.folder.path().join("keys");
    let (ca, file) = (keys.join("ca.pem").display().to_string(), keys.join("owner.key").display().to_string());
    let dir = folder();
    let gateway = "gateway-canary-81f3";
    write(dir.path(), "t.yaml", target.clone() + "headers: { x-gateway: { env: ATLASPEC_GATEWAY } }\n");
    write(dir.path(), "mine/a.yaml", FAILING);
    let bare = ["--url", url, "--user", "owner@example.com", "--ca", &ca];
    let run = ["run", "lists.*", "--only-cases", "mine", "--verbose", "--reports", "r"];
    let init = ["init", "--output", "found.yaml", "--force"];
    for (arguments, in_file) in [
        (&run[..], false),
        (&init, false),
        (&init, true),
        (&["run", "--target", "t.yaml", "--only-cases", "mine", "--reports", "r"], true),
    ] {
        let mut command = atlaspec(dir.path(), arguments);
        if !arguments.contains(&"--target") {
            command.args(bare);
        }
        match in_file {
            true if !arguments.contains(&"--target") => command.args(["--api-key-file", &file]),
            true => command.env("ATLASPEC_GATEWAY", gateway),
            false => command.env("ATLASPEC_API_KEY", &key),
        };
        let output = command.output().expect("the program runs");
        let judged = i32::from(arguments[0] == "run");
        assert_eq!(output.status.code(), Some(judged), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let mut texts = if dir.path().join("r").exists() { texts_below(&dir.path().join("r")) } else { Vec::new() };
        if let Ok(found) = fs::read_to_string(dir.path().join("found.yaml")) {
            texts.push(("the target file".to_owned(), found));
        }
        texts.push(("standard output".to_owned(), String::from_utf8_lossy(&output.stdout).into_owned()));
        texts.push(("standard error".to_owned(), String::from_utf8_lossy(&output.stderr).into_owned()));
        for (name, text) in texts {
            assert!(!text.contains(&key) && !text.contains(gateway), "{arguments:?}: a secret shows in {name}");
        }
    }
}
