//! Reads a target file: every problem at once, and keys and certificates through the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

use super::document::Document;
use super::grammar::{EXTENDS, TARGET};
use super::name::is_name_of_device;
use super::{FailedLogins, Limits, Proxy, Role, Scope, Target, User, written};
use crate::suite::vocabulary::{self, Meaning, OWNER};
use crate::suite::{TemplateError, Uniques, names};
use crate::yaml::{self, Content, Node, Position, Problem, Shape, did_you_mean, duration};

/// Where the target file says that a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In this environment variable.
    Environment(String),
    /// In this file, relative to the target file.
    File(String),
    /// Printed by this program with these arguments.
    Command(Vec<String>),
}

/// The target that a file describes. `keys` finds keys and `files` reads certificates (paths relative to the target
/// file); what they cannot give is a problem at the place that asked for it.
pub fn load(
    file: &str,
    text: &str,
    keys: &mut dyn FnMut(&KeySource) -> Result<SecretString, String>,
    files: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Target, Vec<Problem>> {
    let document = Document::of_text(file, text).map_err(|problem| vec![problem])?;
    load_document(&document, &mut |_, source| keys(source), &mut |_, path| files(path))
}

/// The target that a file describes with all that it is joined from. `keys` and `files` are told the folder that a path
/// is relative to: that of the file in which it was written.
pub fn load_document(document: &Document, keys: Keys<'_>, files: Files<'_>) -> Result<Target, Vec<Problem>> {
    let (mut tree, mut problems) = (document.tree().clone(), Vec::new());
    let names = document.names();
    yaml::check_joined(&Shape::Object(&TARGET), &mut tree, &names, &mut problems);
    let mut reading = Reading { document, names, problems };
    if let Some(entry) = tree.entry(EXTENDS) {
        reading.problem(entry.at, "`extends` is followed in files only", None);
    }
    let target = reading.target(&tree, keys, files);
    let mut problems = reading.problems;
    problems.sort();
    match target {
        Some(target) if problems.is_empty() => Ok(target),
        _ => Err(problems),
    }
}

fn is_claimed(tree: &Node, claim: &str) -> bool {
    tree.get("claims").map(Node::items).unwrap_or_default().iter().any(|item| item.text() == Some(claim))
}

/// The longest time that a target file may state.
const LONGEST_TIME: Duration = Duration::from_hours(24);
/// The time that a quick target takes for one request.
const REQUEST: Duration = Duration::from_millis(20);
/// How many requests the rate chapter sends into a window beside those of the rate.
const MORE_REQUESTS: u64 = 16;
/// The least that is known of a target's clock: its `Date` tells whole seconds.
const CLOCK: Duration = Duration::from_secs(1);
/// How much of a window there is for the requests: from one wait of the rate chapter to the next.
const SHARE_PERCENT: u32 = 56;

/// The shortest window that the requests of the rate chapter fit into.
fn shortest_window(rate: u64) -> Duration {
    let requests = u32::try_from(rate.saturating_add(MORE_REQUESTS)).unwrap_or(u32::MAX);
    let needed = REQUEST.saturating_mul(requests).saturating_add(CLOCK).saturating_mul(100) / SHARE_PERCENT;
    let divisor = (1..60).filter(|seconds| 60 % seconds == 0).map(Duration::from_secs).find(|it| *it >= needed);
    divisor.unwrap_or_else(|| Duration::from_mins(needed.as_secs().div_ceil(60).max(1)))
}

pub(super) struct Reading<'a> {
    document: &'a Document,
    names: Vec<&'a str>,
    problems: Vec<Problem>,
}

/// Fetches a key from its place, beside a folder.
pub(super) type Keys<'k> = &'k mut dyn FnMut(&Path, &KeySource) -> Result<SecretString, String>;

/// Reads a file, beside a folder.
pub(super) type Files<'f> = &'f mut dyn FnMut(&Path, &str) -> Result<String, String>;

impl<'a> Reading<'a> {
    pub(super) fn problem(&mut self, at: Position, message: impl Into<String>, help: Option<String>) {
        self.problems.push(Problem { help, ..at.within(&self.names, message) });
    }

    /// The folder that a path at this place is relative to.
    pub(super) fn folder(&self, at: Position) -> &'a Path {
        self.document.folder(at)
    }

    /// The target as far as it can be read, or `None` without a base URL.
    fn target(&mut self, tree: &Node, keys: Keys<'_>, files: Files<'_>) -> Option<Target> {
        let base_url = self.base_url(tree);
        let tls = self.tls(tree, keys, files);
        let headers = self.headers(tree, keys);
        let proxy = self.proxy(tree);
        let users = self.users(tree, keys);
        let sources = self.sources(tree);
        let plain_addresses = self.plain_addresses(tree);
        let limits = self.limits(tree);
        let parameters = self.parameters(tree);
        let claims = tree.get("claims").map(Node::items).unwrap_or_default();
        Some(Target {
            name: self.name(tree)?,
            base_url: base_url?,
            tls,
            timeout: self.time_limit(tree, "timeout").unwrap_or(Duration::from_secs(30)),
            connect_timeout: self.time_limit(tree, "connect-timeout"),
            proxy,
            headers,
            users,
            sources,
            claims: claims.iter().filter_map(Node::text).map(str::to_owned).collect::<BTreeSet<_>>(),
            limits,
            failed_logins: self.failed_logins(tree),
            nonce_lifetime: self.time(tree, "nonce-lifetime"),
            consistency_delay: self.time(tree, "consistency-delay").unwrap_or_default(),
            plain_addresses,
            parameters,
        })
    }

    fn base_url(&mut self, tree: &Node) -> Option<Url> {
        let node = tree.get("base-url")?;
        let mut url = self.url(node)?;
        if !url.username().is_empty() || url.password().is_some() {
            let help = Some("users and the places of their keys stand under `users`".to_owned());
            self.problem(node.at, "a base URL with a user or password in it", help);
        }
        if url.query().is_some() || url.fragment().is_some() {
            self.problem(node.at, "a base URL with a query or fragment", None);
        }
        // One slash at the end stays: it is how the root was written, and servers tell the two apart.
        let path = url.path().trim_end_matches('/').to_owned();
        let slash = if url.path().ends_with('/') { "/" } else { "" };
        url.set_path(&(path + slash));
        Some(url)
    }

    /// An absolute http or https URL; the grammar reports what does not look like one.
    fn url(&mut self, node: &Node) -> Option<Url> {
        let text = node.text()?;
        let (scheme, rest) = text.split_once("://")?;
        if !["http", "https"].contains(&scheme) || rest.is_empty() {
            return None;
        }
        match Url::parse(text) {
            Ok(url) => Some(url),
            Err(error) => {
                self.problem(node.at, format!("no URL: {error}"), None);
                None
            }
        }
    }

    fn proxy(&mut self, tree: &Node) -> Proxy {
        match tree.get("proxy").map(|node| (node, node.text())) {
            Some((_, Some("environment"))) => Proxy::Environment,
            Some((node, Some(_))) => self.url(node).map_or(Proxy::None, |url| {
                if !url.username().is_empty() || url.password().is_some() {
                    let help = Some("write `environment` and put the URL into HTTPS_PROXY".to_owned());
                    self.problem(node.at, "a proxy with a user or password in its URL", help);
                }
                Proxy::At(url)
            }),
            _ => Proxy::None,
        }
    }

    fn plain_addresses(&mut self, tree: &Node) -> Vec<Url> {
        let nodes = tree.get("plain-addresses").map(Node::items).unwrap_or_default();
        nodes.iter().filter_map(|node| self.url(node)).collect()
    }

    fn users(&mut self, tree: &Node, keys: Keys<'_>) -> BTreeMap<String, User> {
        let mut users = BTreeMap::new();
        let Some(node) = tree.get("users") else { return users };
        if matches!(node.content, Content::Map(_)) && node.get(OWNER).is_none() {
            self.problem(node.at, "there is no user `owner`, whom nearly every case logs in as", None);
        }
        for entry in node.entries() {
            // A member of a group is tried wherever cases vary the user.
            if !vocabulary::USERS.contains(&entry.key.as_str()) && entry.value.get("groups").is_none() {
                let help = did_you_mean(&entry.key, vocabulary::USERS.iter().copied());
                self.problem(entry.at, format!("no case logs in as `{}`", entry.key), help);
            }
            if let Some(user) = self.user(&entry.value, keys) {
                users.insert(entry.key.clone(), user);
            }
        }
        users
    }

    fn user(&mut self, node: &Node, keys: Keys<'_>) -> Option<User> {
        let key = node.get("api-key")?;
        let source = key_source(key)?;
        let role = role(node.get("role"));
        let groups = node.get("groups").map(Node::entries).unwrap_or_default();
        let groups = groups.iter().map(|entry| (entry.key.clone(), self::role(Some(&entry.value)))).collect();
        let username = node.get("username")?.text()?.to_owned();
        match keys(self.folder(key.at), &source) {
            Ok(key) => Some(User { username, key, role, groups }),
            Err(reason) => {
                self.problem(key.at, reason, None);
                None
            }
        }
    }

    fn sources(&mut self, tree: &Node) -> BTreeMap<String, IpAddr> {
        let mut sources = BTreeMap::new();
        for entry in tree.get("sources").map(Node::entries).unwrap_or_default() {
            if !vocabulary::SOURCES.contains(&entry.key.as_str()) {
                let help = did_you_mean(&entry.key, vocabulary::SOURCES.iter().copied());
                self.problem(entry.at, format!("no case sends from `{}`", entry.key), help);
            }
            let Some(text) = entry.value.text() else { continue };
            match text.parse() {
                Ok(address) => {
                    sources.insert(entry.key.clone(), address);
                }
                Err(_) => self.problem(entry.value.at, format!("`{text}` is no IP address"), None),
            }
        }
        sources
    }

    fn limits(&mut self, tree: &Node) -> Limits {
        let default = Limits::default();
        let Some(node) = tree.get("limits") else { return default };
        let number = |key: &str| node.get(key).and_then(Node::whole);
        let window = self.time_limit(node, "window").unwrap_or(default.window);
        let seconds = window.as_secs();
        if window.subsec_millis() != 0 || seconds == 0 || (60 % seconds != 0 && !seconds.is_multiple_of(60)) {
            let at = node.get("window").map_or(node.at, |window| window.at);
            self.problem(at, "a window is a divisor or a multiple of a minute, in whole seconds", None);
        }
        let rate = number("rate").unwrap_or(default.rate);
        let shortest = shortest_window(rate);
        if window < shortest && is_claimed(tree, "rate-limits") {
            let at = node.get("window").map_or(node.at, |window| window.at);
            let help = format!("the shortest window that works for {rate} requests is {}s", shortest.as_secs());
            self.problem(at, "the requests of the rate chapter do not fit into this window", Some(help));
        }
        Limits {
            page_maximum: number("page-maximum").unwrap_or(default.page_maximum),
            rate,
            window,
            scope: match node.get("scope").and_then(Node::text) {
                Some("groups") => Scope::Groups,
                _ => Scope::Resources,
            },
        }
    }

    fn failed_logins(&mut self, tree: &Node) -> Option<FailedLogins> {
        let node = tree.get("failed-logins")?;
        let limit = usize::try_from(node.get("limit").and_then(Node::whole)?).ok()?;
        Some(FailedLogins { limit, per: self.time(node, "per")? })
    }

    fn time(&mut self, node: &Node, key: &str) -> Option<Duration> {
        let value = node.get(key)?;
        let time = duration(value.text()?);
        // Of the right form and still none: the number is too large.
        if time.is_none() && value.text().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
            self.problem(value.at, "no duration that a program can count", None);
        }
        if time.is_some_and(|time| time > LONGEST_TIME) {
            self.problem(value.at, format!("`{key}` is a day at most"), None);
        }
        time
    }

    /// A time within which something must be over: none at all is too short.
    fn time_limit(&mut self, node: &Node, key: &str) -> Option<Duration> {
        let time = self.time(node, key);
        if time.is_some_and(|time| time.is_zero()) {
            self.problem(node.get(key)?.at, format!("`{key}` must be longer than zero"), None);
        }
        time
    }

    fn name(&mut self, tree: &Node) -> Option<String> {
        let node = tree.get("name")?;
        let name = node.text()?;
        if is_name_of_device(name) {
            self.problem(node.at, format!("`{name}` cannot be the name of a folder on Windows"), None);
        }
        Some(name.to_owned())
    }

    fn parameters(&mut self, tree: &Node) -> Map<String, Value> {
        let Some(node) = tree.get("parameters") else { return Map::new() };
        let own: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
        for entry in node.entries() {
            self.own_name(&entry.key, entry.at);
            let mut texts = Vec::new();
            entry.value.each_text(&mut |at, text| texts.push((at, text)));
            for (at, text) in texts {
                self.template(at, text, node, &own);
            }
        }
        self.kinds(node);
        self.custom(node);
        let Value::Object(parameters) = node.json() else { return Map::new() };
        self.bounded(node, &parameters);
        self.standing(node, &parameters);
        parameters
    }

    /// Parameters may name each other, but must not grow beyond all bounds by that.
    fn bounded(&mut self, node: &Node, parameters: &Map<String, Value>) {
        let scope = crate::suite::Scope::new(Arc::new(parameters.clone()), Uniques::new("check"));
        for entry in node.entries() {
            let filled = scope.value(&entry.value.json());
            if let Some(error) = filled.err().filter(TemplateError::is_excess) {
                self.problem(entry.at, error.to_string(), None);
            }
        }
    }

    /// A list that has to stand still is none that a run writes to.
    fn standing(&mut self, node: &Node, parameters: &Map<String, Value>) {
        let Some(lists) = node.get("list") else { return };
        let written = written::written(parameters);
        for name in written::STANDING {
            for list in lists.get(name).map(Node::one_or_many).unwrap_or_default() {
                let Some(path) = list.text() else { continue };
                let place = written::place(path, parameters);
                if let Some((writer, _)) = written.iter().find(|(_, written)| *written == place) {
                    let message = format!("`list.{name}` is the list of `{writer}`, which moves while others read it");
                    let help = "name another list, which stands still, or leave it out".to_owned();
                    self.problem(list.at, message, Some(help));
                }
            }
        }
    }

    /// A name of the user's own must not stand for something that every case has.
    fn own_name(&mut self, name: &str, at: Position) {
        if matches!(vocabulary::meaning(name), Meaning::Always | Meaning::Declared(_)) || name == "users" {
            self.problem(at, format!("`{name}` is a name that every case has already"), None);
        }
    }

    fn template(&mut self, at: Position, text: &str, parameters: &Node, own: &[&str]) {
        let found = match names(text) {
            Ok(found) => found,
            Err(error) => return self.problem(at, error.to_string(), None),
        };
        for name in found {
            let declared = name.split('.').try_fold(parameters, |node, part| node.get(part)).is_some();
            if !declared && !matches!(vocabulary::meaning(&name), Meaning::Always | Meaning::Declared(_)) {
                let help = did_you_mean(&name, own.iter().copied().chain(vocabulary::ALWAYS.iter().copied()));
                self.problem(at, format!("`{{{name}}}` names no parameter of this file"), help);
            }
        }
    }
}

fn role(node: Option<&Node>) -> Role {
    match node.and_then(Node::text) {
        Some("read-only") => Role::ReadOnly,
        _ => Role::ReadWrite,
    }
}

/// The place of a key.
pub(super) fn key_source(node: &Node) -> Option<KeySource> {
    let text = |key: &str| node.get(key)?.text().map(str::to_owned);
    let command = node.get("command").map(Node::items).unwrap_or_default();
    text("env").map(KeySource::Environment).or_else(|| text("file").map(KeySource::File)).or_else(|| {
        let words: Vec<String> = command.iter().filter_map(Node::text).map(str::to_owned).collect();
        (!words.is_empty()).then_some(KeySource::Command(words))
    })
}
