//! A target that no file describes: where it is and who logs in stand on the command line, the key never does.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use secrecy::SecretString;
use serde_json::json;

use crate::discover::Origin;
use crate::target::{self, KeySource, Target};

use super::hidden::{self, Answer};
use super::output::Output;
use super::{Failure, files, keys};

/// The variable that holds the key.
const VARIABLE: &str = "ATLASPEC_API_KEY";
/// How problems name the target file that is in no file.
const NAME: &str = "the command line, as a target file";

/// Arguments for a target without a target file.
#[derive(Clone, Debug, Args)]
pub(super) struct BareArgs {
    /// The API's root, where no target file says it; the key is read from `ATLASPEC_API_KEY`, a file, or asked for
    #[arg(long, value_name = "URL", requires = "user", value_parser = NonEmptyStringValueParser::new())]
    pub(super) url: Option<String>,
    /// Who logs in at --url
    #[arg(long, value_name = "NAME", requires = "url")]
    user: Option<String>,
    /// File that holds the API key of --user
    #[arg(long, value_name = "FILE", requires = "url")]
    api_key_file: Option<PathBuf>,
    /// Certificate authority to trust at --url beside the system's (a PEM file)
    #[arg(long, value_name = "FILE", requires = "url")]
    ca: Option<PathBuf>,
    /// Accept any certificate at --url; the run says so
    #[arg(long, requires = "url", conflicts_with = "ca")]
    insecure: bool,
    /// Proxy to send through to --url: its http URL, or `environment` for the one that `HTTPS_PROXY` names
    #[arg(long, value_name = "PROXY", requires = "url")]
    proxy: Option<String>,
}

/// Whether the key is needed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Requests are going to be sent.
    Needed,
    /// Nothing is sent.
    Unneeded,
}

/// Where the key comes from.
enum Place {
    File(PathBuf),
    Environment,
}

impl BareArgs {
    /// The target at `--url`, or `None` without that option.
    pub(super) fn target(&self, key: Key, output: &Output) -> Result<Option<Target>, Failure> {
        let Some(url) = &self.url else { return Ok(None) };
        let key = match key {
            Key::Needed => self.key(output)?,
            Key::Unneeded => SecretString::from("unread"),
        };
        let text = self.as_target_file(url);
        let mut fetch = |_: &KeySource| Ok(key.clone());
        let mut authorities = |path: &str| {
            files::read(Path::new(path)).map_err(|failure| format!("`{path}` cannot be read: {}", failure.cause()))
        };
        target::load(NAME, &text, &mut fetch, &mut authorities)
            .map(Some)
            .map_err(|problems| Failure::Problems(problems, vec![(NAME.to_owned(), text)]))
    }

    /// The name of the target at `--url`.
    pub(super) fn name(&self) -> Option<String> {
        self.url.as_deref().map(name_of)
    }

    /// How the target is reached, as a target file says it.
    pub(super) fn origin(&self) -> Result<Origin, Failure> {
        let api_key = match self.place() {
            Place::File(path) => format!("{{ file: {} }}", json!(absolute(&path)?)),
            Place::Environment => format!("{{ env: {VARIABLE} }}"),
        };
        let tls = match (&self.ca, self.insecure) {
            (Some(path), _) => Some(format!("{{ ca: {} }}", json!(absolute(path)?))),
            (None, true) => Some("{ insecure: true }".to_owned()),
            (None, false) => None,
        };
        Ok(Origin { api_key, tls, proxy: self.proxy.clone() })
    }

    fn as_target_file(&self, url: &str) -> String {
        let user = self.user.as_deref().unwrap_or_default();
        let tls = match (&self.ca, self.insecure) {
            (Some(path), _) => format!("tls: {{ ca: {} }}\n", json!(path.display().to_string())),
            (None, true) => "tls: { insecure: true }\n".to_owned(),
            (None, false) => String::new(),
        };
        let proxy = self.proxy.as_ref().map(|proxy| format!("proxy: {}\n", json!(proxy))).unwrap_or_default();
        format!(
            "name: {}\nbase-url: {}\n{tls}{proxy}users:\n  owner: {{ username: {}, api-key: {{ env: {VARIABLE} }} }}\n",
            json!(name_of(url)),
            json!(url),
            json!(user)
        )
    }

    fn place(&self) -> Place {
        self.api_key_file.clone().map_or(Place::Environment, Place::File)
    }

    /// The key: out of the file that was named, else out of the environment, else asked for.
    fn key(&self, output: &Output) -> Result<SecretString, Failure> {
        let folder = Path::new("");
        match self.place() {
            Place::File(path) => {
                let source = KeySource::File(path.display().to_string());
                keys::fetch_and_warn(&source, folder, output).map_err(Failure::Usage)
            }
            Place::Environment => match keys::fetch(&KeySource::Environment(VARIABLE.to_owned()), folder) {
                Ok(key) => Ok(key),
                Err(_) if std::io::stdin().is_terminal() => self.ask(),
                Err(reason) => {
                    Err(Failure::Usage(format!("{reason}: put the API key there, or name its file by --api-key-file")))
                }
            },
        }
    }

    /// Asks for the key without showing it.
    fn ask(&self) -> Result<SecretString, Failure> {
        let user = self.user.as_deref().unwrap_or_default();
        let question = format!("API key of {}: ", user.escape_debug());
        let answer = hidden::ask(&question)
            .map_err(|error| Failure::Machine(format!("the API key cannot be asked for: {error}")))?;
        let Answer::Line(key) = answer else { return Err(Failure::Interrupted) };
        let key = key.trim();
        if key.is_empty() { Err(Failure::Usage("the key is empty".to_owned())) } else { Ok(SecretString::from(key)) }
    }
}

/// A path that means the same wherever the target file lies.
fn absolute(path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path).map_err(|error| Failure::File(path.to_owned(), error))?;
    Ok(path.display().to_string())
}

/// Host and port of a URL as a name of a target.
fn name_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let plain: String =
        host.chars().map(|c| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '-' }).collect();
    let plain = plain.trim_matches(['-', '.']);
    if plain.is_empty() { "target".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_named_after_its_host() {
        assert_eq!(name_of("https://staging.example.com/api"), "staging.example.com");
        assert_eq!(name_of("https://127.0.0.1:8443"), "127.0.0.1-8443");
        assert_eq!(name_of("https://u:p@h/x"), "h");
        assert_eq!(name_of("https://[::1]:1/"), "1--1");
        assert_eq!(name_of("nonsense?"), "nonsense");
        assert_eq!(name_of("https://"), "target");
    }
}
