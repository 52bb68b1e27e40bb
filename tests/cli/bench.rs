//! What the tests share: the program, a folder to work in, and the reference server in another process.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// The program, in a folder.
pub(crate) fn atlaspec(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("atlaspec"));
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE");
    command
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        // How long a run takes depends on the machine, and so does how often it tells its progress.
        let err = text(output.stderr);
        let err = err.split_inclusive('\n').filter(|line| !line.starts_with("progress: ")).collect();
        Self { code: output.status.code(), out: text(output.stdout), err }
    }
}

/// Runs the program to its end.
pub(crate) fn say(folder: &Path, arguments: &[&str]) -> Said {
    atlaspec(folder, arguments).output().expect("the program runs").into()
}

/// Runs a program to its end, which it must find within a minute.
pub(crate) fn say_soon(command: &mut Command) -> Said {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let (id, (ended, end)) = (child.id(), std::sync::mpsc::channel());
    std::thread::spawn(move || ended.send(child.wait_with_output()));
    let Ok(output) = end.recv_timeout(std::time::Duration::from_mins(1)) else {
        signal("KILL", id);
        panic!("it does not end: {command:?}");
    };
    output.expect("it ends").into()
}

/// Sends a signal to a process of ours, without the program `kill`, which not every machine has.
#[cfg(unix)]
pub(crate) fn signal(name: &str, process: u32) {
    use rustix::process::{Pid, Signal, kill_process};

    let signal = match name {
        "INT" => Signal::INT,
        "TERM" => Signal::TERM,
        "HUP" => Signal::HUP,
        "KILL" => Signal::KILL,
        other => panic!("no test sends {other}"),
    };
    let process = i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process");
    kill_process(process, signal).expect("it is ours");
}

/// There are no signals.
#[cfg(not(unix))]
pub(crate) fn signal(name: &str, _process: u32) {
    panic!("{name} cannot be sent here");
}

/// Asserts the exit code, that each of these stands on stderr, and that nothing was judged. Where the target is to
/// blame, reports say so; otherwise nothing is written.
pub(crate) fn refused(folder: &Path, arguments: &[&str], code: i32, texts: &[&str]) {
    let said = say(folder, arguments);
    assert_eq!(said.code, Some(code), "{arguments:?}: {said:?}");
    for text in texts {
        assert!(said.err.contains(text), "{arguments:?}: {text:?} is not said: {}", said.err);
    }
    assert_eq!(said.out, "", "{arguments:?}");
    assert!(code == 3 || !folder.join("reports").exists(), "{arguments:?} left reports");
}

/// A folder for one test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Writes a file below a folder; returns its path.
pub(crate) fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    fs::write(&path, text).expect("it can be written");
    path
}

/// Writes a file below a folder that its owner alone can read.
pub(crate) fn write_secret(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = write(folder, name, text);
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("it is ours");
    path
}

/// `serve` in another process; killed when dropped.
pub(crate) struct Served {
    child: Child,
    /// Holds `t.yaml` and the folder `keys`.
    pub(crate) folder: TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// Starts one; returns when it answers.
    pub(crate) fn start(options: &[&str]) -> Self {
        let folder = folder();
        let target = fs::File::create(folder.path().join("t.yaml")).expect("it can be written");
        let mut child = atlaspec(folder.path(), &["serve", "--print-target", "--secrets", "keys"])
            .args(options)
            .stdout(target)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut first = String::new();
        let stderr = child.stderr.take().expect("it is piped");
        BufReader::new(stderr).read_line(&mut first).expect("a line");
        assert!(first.contains("until interrupted"), "{first}");
        Self { child, folder }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends by itself.
    pub(crate) fn end(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// The text of its target file.
    pub(crate) fn target(&self) -> String {
        fs::read_to_string(self.folder.path().join("t.yaml")).expect("a target file")
    }

    /// The key of a user.
    pub(crate) fn key(&self, user: &str) -> String {
        fs::read_to_string(self.folder.path().join(format!("keys/{user}.key"))).expect("a key")
    }
}

/// The target file with the line of one key at the top level, or of one user, replaced.
pub(crate) fn with_line(target: &str, key: &str, line: &str) -> String {
    let is_it = |old: &str| old.trim_start().starts_with(&format!("{key}:"));
    assert_eq!(target.lines().filter(|old| is_it(old)).count(), 1, "{key}");
    let lines = target.lines().map(|old| if is_it(old) { line } else { old });
    lines.flat_map(|line| [line, "\n"]).collect()
}
