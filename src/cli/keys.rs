//! Where keys come from: the environment, a file, or a command.

use std::path::Path;

use secrecy::SecretString;

use crate::target::KeySource;

use super::files;

/// The largest key.
const LARGEST: u64 = 64 * 1024;

/// Fetches a key; paths are relative to the folder of the target file.
pub(super) fn fetch(source: &KeySource, folder: &Path) -> Result<SecretString, String> {
    let text = match source {
        KeySource::Environment(name) => from_environment(name)?,
        KeySource::File(path) => from_file(&folder.join(path))?,
        KeySource::Command(words) => from_command(words)?,
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

fn from_command(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let output = std::process::Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("`{program}` cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program}` failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{program}` printed what is not UTF-8"))
}
