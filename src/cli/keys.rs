//! Where keys come from: the environment, a file, or a command. What a key was read into is wiped.

use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt as _;
use zeroize::Zeroizing;

use crate::target::KeySource;

use super::files;
use super::output::Output;

/// The time that a command may take: enough to touch a token or to type a passphrase.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest key.
const LARGEST: u64 = 64 * 1024;

/// Fetches a key; paths are relative to the folder of the target file.
pub(super) fn fetch(source: &KeySource, folder: &Path) -> Result<SecretString, String> {
    let text = match source {
        KeySource::Environment(name) => from_environment(name)?,
        KeySource::File(path) => from_file(&folder.join(path))?,
        KeySource::Command(words) => from_command(words, PATIENCE)?,
    };
    let key = text.trim_end_matches(['\r', '\n']);
    match check(key) {
        Ok(()) => Ok(SecretString::from(key)),
        Err(why) => Err(format!("the key in {}: {why}", place(source))),
    }
}

/// What a key cannot hold: it is sent in one line, and no key was ever meant to begin with a byte order mark.
fn check(key: &str) -> Result<(), &'static str> {
    match key {
        "" => Err("it is empty"),
        key if key.starts_with('\u{feff}') => Err("it begins with a byte order mark: save it without one"),
        key if key.contains(char::is_control) => Err("it holds a line break or another control character"),
        _ => Ok(()),
    }
}

/// Where a key comes from, for people.
fn place(source: &KeySource) -> String {
    match source {
        KeySource::Environment(name) => format!("the environment variable `{name}`"),
        KeySource::File(path) => format!("the file `{path}`"),
        KeySource::Command(words) => format!("the output of `{}`", words.first().map_or("", String::as_str)),
    }
}

/// Fetches a key, and warns of a file that everybody can read.
pub(super) fn fetch_and_warn(source: &KeySource, folder: &Path, output: &Output) -> Result<SecretString, String> {
    let key = fetch(source, folder)?;
    if key.expose_secret().trim() != key.expose_secret() {
        let place = place(source);
        output.complain(&format!(
            "warning: the key in {place} begins or ends with a blank, which is sent as a part of it"
        ));
    }
    if let KeySource::File(path) = source {
        warn_if_exposed(&folder.join(path), output);
    }
    Ok(key)
}

/// Warns of a file with a key that every user of the machine can read.
pub(super) fn warn_if_exposed(path: &Path, output: &Output) {
    if files::is_world_readable(path) {
        let path = path.display();
        output.complain(&format!(
            "warning: every user of this machine can read the key in `{path}`: run `chmod 600 '{path}'`"
        ));
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn from_environment(name: &str) -> Result<Zeroizing<String>, String> {
    std::env::var(name).map(Zeroizing::new).map_err(|error| match error {
        std::env::VarError::NotPresent => format!("the environment variable `{name}` is not set"),
        std::env::VarError::NotUnicode(_) => format!("the environment variable `{name}` is not UTF-8"),
    })
}

fn from_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let bytes = files::read_secret(path, LARGEST)
        .map_err(|failure| format!("`{}` cannot be read: {}", path.display(), failure.cause()))?;
    text_of(&bytes).ok_or_else(|| format!("`{}` is not UTF-8", path.display()))
}

/// The text of these bytes, which are wiped by whoever holds them.
fn text_of(bytes: &[u8]) -> Option<Zeroizing<String>> {
    std::str::from_utf8(bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// What a command prints. It runs on a thread of its own, with a clock that can end it.
fn from_command(words: &[String], patience: Duration) -> Result<Zeroizing<String>, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let outcome = std::thread::scope(|scope| {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(|error| error.to_string())?.block_on(printed(program, arguments, patience))
        };
        scope.spawn(run).join()
    });
    outcome.unwrap_or_else(|_| Err(format!("`{program}` cannot be run")))
}

async fn printed(program: &str, arguments: &[String], patience: Duration) -> Result<Zeroizing<String>, String> {
    let broken = |error: std::io::Error| format!("`{program}` cannot be run: {error}");
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(broken)?;
    let stdout = child.stdout.take();
    let work = async {
        // Never moved while it grows: what is left behind in memory is not wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(files::room_for(LARGEST)));
        if let Some(stdout) = stdout {
            stdout.take(LARGEST + 1).read_to_end(&mut bytes).await.map_err(broken)?;
        }
        if bytes.len() as u64 > LARGEST {
            return Err(format!("`{program}` prints more than the {LARGEST} bytes that a key may have"));
        }
        let status = child.wait().await.map_err(broken)?;
        if !status.success() {
            return Err(format!("`{program}` failed: {status}"));
        }
        text_of(&bytes).ok_or_else(|| format!("`{program}` printed what is not UTF-8"))
    };
    let late = |_| format!("`{program}` printed no key within {patience:?}");
    tokio::time::timeout(patience, work).await.map_err(late)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], patience: Duration) -> Result<String, String> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        from_command(&words, patience).map(|text| text.to_string())
    }

    #[test]
    fn what_a_key_is_read_into_has_room_for_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "k".repeat(60_000)).unwrap();
        let bytes = files::read_secret(&path, LARGEST).unwrap();
        assert_eq!((bytes.len(), bytes.capacity()), (60_000, files::room_for(LARGEST)), "it grew, and left a copy");
        assert_eq!(fetch(&KeySource::File("key".to_owned()), folder.path()).unwrap().expose_secret().len(), 60_000);
    }

    #[test]
    fn a_command_that_prints_no_key_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let name = pipe.to_str().unwrap();
        let brief = Duration::from_millis(200);
        // Nobody writes there as long as the command may take.
        assert_eq!(command(&["cat", name], brief), Err("`cat` printed no key within 200ms".to_owned()));
        // It holds its output open in a process that it left behind, and that ends with the pipe.
        let left = format!("cat '{name}' & echo k");
        assert_eq!(command(&["sh", "-c", &left], brief), Err("`sh` printed no key within 200ms".to_owned()));
        drop(std::fs::File::options().write(true).open(&pipe).unwrap());
    }

    #[test]
    fn a_command_is_believed_as_far_as_a_key_goes() {
        assert_eq!(command(&["printf", "k\n"], PATIENCE), Ok("k\n".to_owned()));
        assert_eq!(command(&["sh", "-c", "exit 3"], PATIENCE), Err("`sh` failed: exit status: 3".to_owned()));
        let endless = command(&["yes"], PATIENCE).unwrap_err();
        assert_eq!(endless, "`yes` prints more than the 65536 bytes that a key may have");
    }
}
