//! Where keys come from: the environment, a file, or a command.

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::AsyncReadExt as _;

use crate::target::KeySource;

use super::files;

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
    if key.is_empty() { Err("the key is empty".to_owned()) } else { Ok(SecretString::from(key)) }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn from_environment(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| match error {
        std::env::VarError::NotPresent => format!("the environment variable `{name}` is not set"),
        std::env::VarError::NotUnicode(_) => format!("the environment variable `{name}` is not UTF-8"),
    })
}

fn from_file(path: &Path) -> Result<String, String> {
    let bytes = files::read_bytes(path, LARGEST)
        .map_err(|failure| format!("`{}` cannot be read: {}", path.display(), failure.cause()))?;
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8", path.display()))
}

/// What a command prints. It runs on a thread of its own, with a clock that can end it.
fn from_command(words: &[String], patience: Duration) -> Result<String, String> {
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

async fn printed(program: &str, arguments: &[String], patience: Duration) -> Result<String, String> {
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
        let mut bytes = Vec::new();
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
        String::from_utf8(bytes).map_err(|_| format!("`{program}` printed what is not UTF-8"))
    };
    let late = |_| format!("`{program}` printed no key within {patience:?}");
    tokio::time::timeout(patience, work).await.map_err(late)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], patience: Duration) -> Result<String, String> {
        from_command(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>(), patience)
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
