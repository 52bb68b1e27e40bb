//! Parameters whose names and values are an author's own: `parameters: { custom: { … } }`.

use serde_json::Value;

use super::Target;
use super::load::Reading;
use crate::suite::vocabulary::{CUSTOM, is_custom, is_name};
use crate::yaml::{Node, nearest};

impl Reading<'_> {
    /// Checks that cases can write the names.
    pub(super) fn custom(&mut self, parameters: &Node) {
        for entry in parameters.get(CUSTOM).map(Node::entries).unwrap_or_default() {
            if !is_name(&entry.key) {
                let help = "write a small letter, then letters, digits and `-`".to_owned();
                self.problem(entry.at, format!("no case can use the name `{}`", entry.key), Some(help));
            }
        }
    }
}

impl Target {
    /// What to say of a parameter of an author's own that the file lacks; `None` for other parameters.
    pub(super) fn lacks_custom(&self, name: &str) -> Option<String> {
        let own = name.strip_prefix(CUSTOM)?.strip_prefix('.').filter(|_| is_custom(name))?;
        let declared = self.parameters.get(CUSTOM).and_then(Value::as_object);
        let near = nearest(own, declared.into_iter().flat_map(|declared| declared.keys()).map(String::as_str));
        Some(
            near.map_or_else(
                || "a name of the suite's own".to_owned(),
                |near| format!("the file has `{CUSTOM}.{near}`"),
            ),
        )
    }
}
