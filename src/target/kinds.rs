//! Kinds of documents and other things, as a target file declares them.

use super::load::Reading;
use crate::suite::vocabulary;
use crate::yaml::Node;

/// Templates with a fresh value at every use.
const UNIQUE: [&str; 3] = ["{unique}", "{unique-address}", "{unique-number}"];

impl Reading<'_> {
    /// Of a group, a file declares one kind alone, or several by name.
    pub(super) fn kinds(&mut self, parameters: &Node) {
        for (group, plural) in vocabulary::KINDS {
            let (alone, several) = (parameters.entry(group), parameters.entry(plural));
            if let (Some(alone), Some(_)) = (alone, several) {
                let help = format!("move it into `{plural}`, under a name of its own");
                self.problem(alone.at, format!("`{group}` and `{plural}` stand beside each other"), Some(help));
            }
            for entry in several.map(|entry| entry.value.entries()).unwrap_or_default() {
                let letters = entry.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
                if !letters || entry.key.is_empty() {
                    let message = format!("`{}` is not a name of letters, digits, `_` and `-`", entry.key);
                    self.problem(entry.at, message, None);
                }
            }
        }
        let alone = parameters.entry("document").map(|entry| ("document".to_owned(), &entry.value));
        let several = parameters.get("documents").map(Node::entries).unwrap_or_default();
        let several = several.iter().map(|entry| (format!("documents.{}", entry.key), &entry.value));
        for (place, document) in alone.into_iter().chain(several) {
            self.recognisable(&place, document);
            self.optional_apart(document);
        }
    }

    /// What a run creates has a value that is the run's own, by which it is found again.
    fn recognisable(&mut self, place: &str, document: &Node) {
        let member = || document.get("valid")?.get(document.get("unique")?.text()?);
        let Some(member) = member() else { return };
        let mut marked = false;
        member.each_text(&mut |_, text| marked |= UNIQUE.iter().any(|unique| text.contains(unique)));
        if !marked {
            let message = format!(
                "`{place}.unique` names this member, and it has no `{{unique}}` in it, by which what a run creates is \
                 told from other things"
            );
            let help = "an IP address is `{unique-address}`, a number `{unique-number}`".to_owned();
            self.problem(member.at, message, Some(help));
        }
    }

    /// The optional member is left out and added; what an update changes is another one.
    fn optional_apart(&mut self, document: &Node) {
        let Some(optional) = document.get("optional").and_then(|optional| optional.get("name")) else { return };
        let Some(name) = optional.text() else { return };
        if document.get("update").is_some_and(|update| update.get(name).is_some()) {
            let message = format!("`update` changes `{name}` as well: the two must be different members");
            self.problem(optional.at, message, None);
        }
    }
}
