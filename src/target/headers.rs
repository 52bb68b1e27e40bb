//! Header lines of every request, as the target file says them.

use super::load::{Keys, Reading, key_source};
use super::{Header, HeaderText};
use crate::yaml::{Entry, Node};

/// What the client says itself, and what would make the cases say something else.
const OWN: [&str; 9] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

impl Reading<'_> {
    pub(super) fn headers(&mut self, tree: &Node, keys: Keys<'_>) -> Vec<Header> {
        let entries = tree.get("headers").map(Node::entries).unwrap_or_default();
        entries.iter().filter_map(|entry| self.header(entry, keys)).collect()
    }

    fn header(&mut self, entry: &Entry, keys: Keys<'_>) -> Option<Header> {
        let name = entry.key.to_ascii_lowercase();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if OWN.contains(&name.as_str()) {
            self.problem(entry.at, format!("`{name}` is sent by the cases themselves"), None);
        } else if name.is_empty() || !name.bytes().all(token) {
            self.problem(entry.at, format!("`{name}` is no name of a header"), None);
        }
        let value = match (entry.value.text(), key_source(&entry.value)) {
            (Some(text), _) if text.chars().any(|c| c.is_control() && c != '\t') => {
                self.problem(entry.value.at, "a header line with a control character in it", None);
                return None;
            }
            (Some(text), _) => HeaderText::Open(text.to_owned()),
            (None, Some(source)) => match keys(self.folder(entry.value.at), &source) {
                Ok(text) => HeaderText::Secret(text),
                Err(reason) => {
                    self.problem(entry.value.at, reason, None);
                    return None;
                }
            },
            (None, None) => return None,
        };
        Some(Header { name, value })
    }
}
