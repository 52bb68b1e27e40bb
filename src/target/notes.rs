//! What a target file says that is allowed, and that its author may not expect.

use serde_json::Value;

use super::Target;

impl Target {
    /// Why the target cannot conform, whatever its tests show; `None` if it can.
    pub fn cannot_conform(&self) -> Option<String> {
        let is_plain = self.base_url.scheme() == "http";
        is_plain.then(|| format!("only an https target can conform, and {} is plain http", self.base_url))
    }

    /// Sentences about the file for its author, before anything is sent.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.cannot_conform().into_iter().collect();
        let document = self.parameters.get("document");
        let member = |name: &str| document.and_then(|document| document.get(name));
        let unmodifiable = member("unmodifiable").and_then(Value::as_object);
        let volatile: Vec<&str> =
            member("volatile").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        for name in unmodifiable.into_iter().flat_map(|members| members.keys()) {
            if volatile.contains(&name.as_str()) {
                notes.push(format!(
                    "`{name}` is in `document.unmodifiable` and in `document.volatile`: an update of it must be refused, \
                     and its value is not compared"
                ));
            }
        }
        notes
    }
}
