//! The implementation under test: where it is, who may log in, what it claims and what a tester must know.
//!
//! In the words of ISO/IEC 9646 `claims` are its ICS and `parameters` its IXIT.

mod custom;
mod derived;
mod document;
mod globals;
mod grammar;
mod has;
mod headers;
mod join;
mod kinds;
mod load;
mod missing;
mod name;
mod notes;
mod paths;
mod places;
mod resolved;
mod setting;
mod tls;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

pub use document::{Document, Part};
pub use grammar::{keys_of_target_files, keys_of_target_files_named, target_schema};
pub use join::{Broken, Unreadable, Written, join};
pub use load::{KeySource, load, load_document};
pub use name::is_name_of_device;

/// A target, ready to be judged.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name in reports.
    pub name: String,
    /// The API's root, without a slash at its end.
    pub base_url: Url,
    /// Whom to trust.
    pub tls: Tls,
    /// The time one exchange may take.
    pub timeout: Duration,
    /// The time until a connection is there, if it is less.
    pub connect_timeout: Option<Duration>,
    /// What stands between us and the target.
    pub proxy: Proxy,
    /// Header lines of every request to the target's origin.
    pub headers: Vec<Header>,
    /// Who may log in, by the name that cases use.
    pub users: BTreeMap<String, User>,
    /// Local addresses to send from, by the name that cases use.
    pub sources: BTreeMap<String, IpAddr>,
    /// What it claims to implement.
    pub claims: BTreeSet<String>,
    /// Its limits.
    pub limits: Limits,
    /// How often a user may log in wrongly, if that is limited.
    pub failed_logins: Option<FailedLogins>,
    /// How long a nonce lives, if it is known.
    pub nonce_lifetime: Option<Duration>,
    /// How long a write may take to be seen.
    pub consistency_delay: Duration,
    /// Plain http addresses on which the API must not answer, beside the base URL's own port.
    pub plain_addresses: Vec<Url>,
    /// What a tester must know; strings may hold templates.
    pub parameters: Map<String, Value>,
}

/// The shortest lifetime that a nonce is trusted to have where the target file tells none.
const LEAST_NONCE_LIFETIME: Duration = Duration::from_secs(10);

impl Target {
    /// How long a nonce is trusted to live.
    pub fn trusted_nonce_lifetime(&self) -> Duration {
        self.nonce_lifetime.unwrap_or(LEAST_NONCE_LIFETIME)
    }

    /// Whether a URL is of the target's origin, so that credentials may go there.
    pub fn same_origin(&self, url: &Url) -> bool {
        self.base_url.origin() == url.origin()
    }

    /// What may show nowhere: keys of users, secret header lines.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        let lines = self.headers.iter().filter_map(|header| match &header.value {
            HeaderText::Secret(text) => Some(text),
            HeaderText::Open(_) => None,
        });
        self.users.values().map(|user| &user.key).chain(lines)
    }
}

/// What stands between us and the target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// Nothing, whatever the environment says.
    #[default]
    None,
    /// The proxy at this URL.
    At(Url),
    /// The proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`), unless `NO_PROXY` has the host.
    Environment,
}

/// A header line of every request.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: HeaderText,
}

/// The value of a header line.
#[derive(Clone, Debug)]
pub enum HeaderText {
    /// For everybody to see.
    Open(String),
    /// A secret.
    Secret(SecretString),
}

/// Who we are to a target that asks for a certificate.
#[derive(Clone, Debug)]
pub struct Identity {
    /// PEM text of the certificate, and of those it hangs on.
    pub certificate: String,
    /// PEM text of its private key.
    pub key: SecretString,
}

/// Whom to trust.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// The certificate that we show.
    pub identity: Option<Identity>,
    /// PEM text of certificate authorities beside the system's.
    pub ca: Option<String>,
    /// Whether any certificate is taken.
    pub insecure: bool,
}

/// Somebody who may log in.
#[derive(Clone, Debug)]
pub struct User {
    /// The user name on the wire.
    pub username: String,
    /// The API key.
    pub key: SecretString,
    /// What the user may do.
    pub role: Role,
    /// What the user may do in each group, where that is known: ids of groups, or templates of them.
    pub groups: BTreeMap<String, Role>,
}

/// What a user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Read and write.
    #[default]
    ReadWrite,
    /// Read only.
    ReadOnly,
}

/// How often a user may log in wrongly before something happens to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedLogins {
    /// So many times
    pub limit: usize,
    /// within so much time.
    pub per: Duration,
}

/// What the rate limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Certain resources, which `parameters.limited` names.
    #[default]
    Resources,
    /// Every resource of a group.
    Groups,
}

/// The numbers of an edition of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most items of a page.
    pub page_maximum: u64,
    /// Requests let through in one window and group.
    pub rate: u64,
    /// Length of the rate limit's window.
    pub window: Duration,
    /// What counts.
    pub scope: Scope,
}

impl Limits {
    /// What differs from the specification, as a report says it: `page-maximum: 500`.
    pub fn differences(&self) -> Vec<String> {
        let stated = Self::default();
        let numbers = [
            ("page-maximum", self.page_maximum, stated.page_maximum),
            ("rate", self.rate, stated.rate),
            ("window in seconds", self.window.as_secs(), stated.window.as_secs()),
        ];
        numbers
            .into_iter()
            .filter(|(_, ours, theirs)| ours != theirs)
            .map(|(name, ours, _)| format!("{name}: {ours}"))
            .collect()
    }
}

impl Default for Limits {
    /// As the specification states them.
    fn default() -> Self {
        Self { page_maximum: 100, rate: 100, window: Duration::from_mins(1), scope: Scope::default() }
    }
}

#[cfg(test)]
mod tests;
