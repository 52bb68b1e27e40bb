//! The target file of what was found, with a comment for all that only a person can know.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::choose::Found;
use crate::suite::vocabulary::{CLAIMS, OWNER, PARAMETERS, members};
use crate::target::Target;
use crate::yaml::Key;

/// How the target was reached, as the target file says it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The place of the key of `owner`: `{ env: NAME }`.
    pub api_key: String,
    /// What `tls` holds, if anything: `{ ca: ca.pem }`.
    pub tls: Option<String>,
    /// What `proxy` says, if anything.
    pub proxy: Option<String>,
}

/// Users with a meaning, beside `owner`.
const USERS: [(&str, &str); 4] = [
    ("second", "another member who may read and write in the group, and of the group of `limited.other`"),
    ("reader", "a member who may only read: add `role: read-only`"),
    ("outsider", "somebody who is no member of the group"),
    ("other", "may use the whitelisted resource from `sources.other`"),
];

/// What a claim says, where nothing was found that supports it.
const CLAIMED: [(&str, &str); 12] = [
    ("lists", "paged lists"),
    ("envelope", "`envelope=true`"),
    ("pretty", "`pretty=true`"),
    ("writes", "creation, change and removal of a kind of document: describe it as `document`"),
    ("roles", "read-only users: add `reader`"),
    ("groups", "resources tied to groups with members: add `outsider`"),
    ("whitelist", "resources protected by API whitelists: add `restricted` and `sources`"),
    ("dates", "dates in documents and queries"),
    ("timestamps", "BSON timestamps"),
    ("asynchronous", "operations answered with 202: add `job`"),
    ("rate-limits", "rate-limited resources: add `limited`"),
    ("browse", "a root that links on"),
];

/// What stands above a file that `init` writes.
const HEAD: &str = "\
# Written by `atlaspec init` from what browsing found. Lines that begin with `# ` wait for what only you know:
# take the mark away and complete them. `atlaspec check` on this file says what they enable.
";

/// A target file that loads as it is.
pub fn target_file(target: &Target, origin: &Origin, found: &Found) -> String {
    target_file_below(HEAD, target, origin, found)
}

/// The same below these lines.
pub fn target_file_below(above: &str, target: &Target, origin: &Origin, found: &Found) -> String {
    let mut text = above.to_owned();
    head(&mut text, target, origin);
    claims(&mut text, found);
    settings(&mut text);
    parameters(&mut text, found);
    text
}

fn head(text: &mut String, target: &Target, origin: &Origin) {
    line(text, format_args!("name: {}", json!(target.name)));
    line(text, format_args!("base-url: {}", json!(target.base_url.as_str())));
    match &origin.tls {
        Some(tls) => line(text, format_args!("tls: {tls}")),
        None => line(text, format_args!("# tls: {{ ca: staging-ca.pem }}  # authorities to trust beside the system's")),
    }
    match &origin.proxy {
        Some(proxy) => line(text, format_args!("proxy: {}", json!(proxy))),
        None => line(text, format_args!("# proxy: environment  # or the http URL of the proxy to send through")),
    }
    line(text, format_args!("users:"));
    let username = target.users.get(OWNER).map_or("", |user| &user.username);
    line(text, format_args!("  owner: {{ username: {}, api-key: {} }}", json!(username), origin.api_key));
    for (name, doc) in USERS {
        line(text, format_args!("  # {name}: {{ username: …, api-key: {{ env: … }} }}  # {doc}"));
    }
}

fn claims(text: &mut String, found: &Found) {
    let claimed = found.claims();
    line(text, format_args!("claims:{}", if claimed.is_empty() { " []" } else { "" }));
    for (name, doc) in CLAIMED {
        let mark = if claimed.contains(&name) { "" } else { "# " };
        line(text, format_args!("  {mark}- {name}  # {doc}"));
    }
    debug_assert!(CLAIMS.iter().all(|claim| CLAIMED.iter().any(|(name, _)| name == claim)));
}

fn settings(text: &mut String) {
    for (setting, doc) in [
        ("nonce-lifetime: 30s", "how long a nonce lives"),
        ("consistency-delay: 0s", "how long a write may take to be seen by reads"),
        ("limits: { page-maximum: 100, rate: 100, window: 60s }", "where your edition differs"),
        ("sources: { allowed: 192.0.2.1, refused: 192.0.2.2 }", "local addresses to send from, for whitelists"),
    ] {
        line(text, format_args!("# {setting}  # {doc}"));
    }
}

fn parameters(text: &mut String, found: &Found) {
    let parameters = found.parameters();
    line(text, format_args!("parameters:{}", if parameters.is_empty() { " {}" } else { "" }));
    // Names that others refer to come first.
    for key in PARAMETERS.keys {
        let inner = members(key.name);
        match (parameters.get(key.name), inner.is_empty()) {
            (Some(Value::Object(there)), _) => {
                line(text, format_args!("  {}:", key.name));
                for member in inner {
                    match there.get(member.name) {
                        Some(value) => entry(text, member, &in_group(value, found)),
                        None => absent(text, "  ", member),
                    }
                }
            }
            (Some(Value::Array(items)), _) if key.name != "date-members" => {
                line(text, format_args!("  {}:  # {}", key.name, key.doc));
                for item in items {
                    line(text, format_args!("    - {}", in_group(item, found)));
                }
            }
            (Some(value), _) if key.name == "group" => {
                line(text, format_args!("  group: {value}  # {}", key.doc));
            }
            (Some(value), _) => {
                line(text, format_args!("  {}: {}  # {}", key.name, in_group(value, found), key.doc));
            }
            (None, true) => line(text, format_args!("  # {}: …  # {}", key.name, key.doc)),
            (None, false) => {
                line(text, format_args!("  # {}:  # {}", key.name, key.doc));
                for member in inner {
                    absent(text, "", member);
                }
            }
        }
    }
}

fn entry(text: &mut String, member: &Key, value: &Value) {
    line(text, format_args!("    {}: {value}  # {}", member.name, member.doc));
}

fn absent(text: &mut String, indent: &str, member: &Key) {
    if indent.is_empty() {
        line(text, format_args!("  #   {}: …  # {}", member.name, member.doc));
    } else {
        line(text, format_args!("  {indent}# {}: …  # {}", member.name, member.doc));
    }
}

/// A path with the group as a name: the file then says once which group it is.
fn in_group(value: &Value, found: &Found) -> Value {
    match (value, &found.group) {
        (Value::String(path), Some(group)) => {
            let own = format!("/groups/{group}");
            match path.strip_prefix(&own) {
                Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => {
                    json!(format!("/groups/{{group}}{rest}"))
                }
                _ => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::target::{self, KeySource};

    fn load(text: &str) -> Target {
        let mut keys = |_: &KeySource| Ok(SecretString::from("k"));
        target::load("t.yaml", text, &mut keys, &mut |path| Err(path.to_owned())).expect("it loads")
    }

    fn target() -> Target {
        load("name: t\nbase-url: https://h/api\nusers: { owner: { username: \"a: #b\", api-key: { env: K } } }\n")
    }

    fn origin() -> Origin {
        Origin {
            api_key: "{ env: ATLASPEC_API_KEY }".to_owned(),
            tls: Some("{ insecure: true }".to_owned()),
            proxy: Some("environment".to_owned()),
        }
    }

    #[test]
    fn it_loads_as_it_is_and_says_what_was_found() {
        let found = Found {
            root: true,
            group: Some("57b6e9e4e4b0aaaabbbb0000".to_owned()),
            lists: vec!["/groups".to_owned(), "/groups/57b6e9e4e4b0aaaabbbb0000/hosts".to_owned()],
            short: Some("/groups/57b6e9e4e4b0aaaabbbb0000/hosts?a='b\"".to_owned()),
            exact: Some(("/groups/57b6e9e4e4b0aaaabbbb00001".to_owned(), 7)),
            date_members: vec!["created".to_owned()],
            ..Found::default()
        };
        let text = target_file(&target(), &origin(), &found);
        let loaded = load(&text);
        assert_eq!(loaded.users["owner"].username, "a: #b");
        assert_eq!(loaded.proxy, target::Proxy::Environment);
        assert!(loaded.tls.insecure && loaded.claims.contains("lists") && !loaded.claims.contains("writes"));
        assert_eq!(loaded.parameters["lists"], json!(["/groups", "/groups/{group}/hosts"]));
        assert_eq!(loaded.parameters["list"]["short"], json!("/groups/{group}/hosts?a='b\""));
        assert_eq!(loaded.parameters["list"]["exact"], json!("/groups/57b6e9e4e4b0aaaabbbb00001"), "another group");
        assert_eq!((&loaded.parameters["list"]["exact-count"], loaded.parameters.get("document")), (&json!(7), None));
    }

    #[test]
    fn where_nothing_was_found_it_loads_too() {
        let loaded = load(&target_file(&target(), &origin(), &Found::default()));
        assert!(loaded.claims.is_empty() && loaded.parameters.is_empty());
    }

    #[test]
    fn every_claim_and_parameter_stands_in_it() {
        let text = target_file(&target(), &origin(), &Found::default());
        for claim in CLAIMS {
            assert!(text.contains(&format!("- {claim}  # ")), "{claim}");
        }
        for key in PARAMETERS.keys {
            assert!(text.contains(&format!("# {}:", key.name)), "{}", key.name);
        }
    }
}
