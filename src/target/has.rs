//! What a target has of what cases need, and what to write where if it lacks something.

use serde_json::Value;

use super::{Proxy, Target, written};
use crate::suite::vocabulary::{self, CLAIMS, Meaning, Parameter, line_for};
use crate::yaml::Presence;

impl Target {
    /// Whether the target has what a case needs, or what is missing and the line to write.
    pub fn has(&self, need: &str) -> Result<(), String> {
        let line = || format!("add `{}` to the target file", line_for(need));
        if CLAIMS.contains(&need) {
            let claimed = self.claims.contains(need).then_some(());
            let missing = || format!("the target does not claim `{need}`: {} if it implements that", line());
            return claimed.ok_or_else(missing);
        }
        if let Some(source) = need.strip_prefix("sources.") {
            if self.proxy != Proxy::None {
                return Err("behind a `proxy` the target does not see the addresses of `sources`".to_owned());
            }
            let there = self.sources.contains_key(source).then_some(());
            return there.ok_or_else(|| format!("there is no source address `{source}`: {}", line()));
        }
        match vocabulary::meaning(need) {
            Meaning::Always => Ok(()),
            Meaning::Declared(name) => self.has_declared(&name, &line()),
            Meaning::Parameter(parameter) => self.has_parameter(&parameter),
            Meaning::Unknown => Err(format!("`{need}` is nothing that a target file can say")),
        }
    }

    /// The paths of the lists that a run writes to, without a slash at their ends.
    pub fn written_lists(&self) -> Vec<String> {
        written::written(&self.parameters).into_iter().map(|(_, path)| path).collect()
    }

    fn has_declared(&self, name: &str, line: &str) -> Result<(), String> {
        match name.strip_prefix("users.") {
            Some(user) if self.users.contains_key(user) => Ok(()),
            Some(user) => Err(format!("there is no user `{user}`: {line}")),
            None if self.nonce_lifetime.is_some() => Ok(()),
            None => Err(format!("it is not known how long a nonce lives: {line}")),
        }
    }

    fn has_parameter(&self, parameter: &Parameter) -> Result<(), String> {
        let missing = || {
            let Parameter { name, doc, .. } = parameter;
            Err(format!("there is no `{name}`: add `{}` to the target file ({doc})", line_for(name)))
        };
        let group = parameter.group.and_then(|group| self.parameters.get(group));
        let declared = match parameter.name.split_once('.') {
            _ if parameter.presence == Presence::Default && parameter.group.is_none() => true,
            // What has a default is there as soon as its group is.
            Some((_, member)) => {
                group.is_some_and(|group| group.get(member).is_some() || parameter.presence == Presence::Default)
            }
            None => self.parameters.get(&parameter.name).is_some_and(|value| *value != Value::Null),
        };
        if declared { Ok(()) } else { missing() }
    }
}
