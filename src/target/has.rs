//! What a target has of what cases need, and what to write where if it lacks something.

use serde_json::Value;

use super::{Proxy, Target, globals, paths, written};
use crate::reason::{KeyKind, MissingKey, Reason};
use crate::suite::vocabulary::{self, CLAIMS, Meaning, Parameter, line_for};
use crate::yaml::Presence;

/// The member of a kind that says whether it belongs to the group.
const IN_GROUP: &str = "in-group";
/// The member of a document that says whether it has a PATCH.
const PATCH: &str = "patch";

impl Target {
    /// Whether the target has what a case needs, or what is missing.
    pub fn has(&self, need: &str) -> Result<(), Reason> {
        let unless = |there: bool, kind| if there { Ok(()) } else { Err(lacks(kind, need, None)) };
        if CLAIMS.contains(&need) {
            return unless(self.claims.contains(need), KeyKind::Claim);
        }
        if let Some(source) = need.strip_prefix("sources.") {
            if self.proxy != Proxy::None {
                return Err(Reason::SourcesBehindProxy);
            }
            return unless(self.sources.contains_key(source), KeyKind::Source);
        }
        let of_kind = vocabulary::need_of_kind(need);
        let declared = of_kind.as_ref().map(|(plural, kind, _)| self.parameters.get(*plural)?.get(*kind));
        let name = of_kind.as_ref().map_or(need, |(_, _, name)| name);
        match (vocabulary::meaning(name), declared) {
            (Meaning::Always, _) => Ok(()),
            (Meaning::Declared(name), _) => match name.strip_prefix("users.") {
                Some(user) => unless(self.users.contains_key(user), KeyKind::User),
                None => unless(self.nonce_lifetime.is_some(), KeyKind::NonceLifetime),
            },
            (Meaning::Parameter(parameter), Some(kind)) if self.has_of_kind(kind, &parameter) => Ok(()),
            (Meaning::Parameter(parameter), None) if self.has_parameter(&parameter) => Ok(()),
            (Meaning::Parameter(parameter), kind) => {
                let name = kind.map_or(parameter.name.as_str(), |_| need);
                let purpose = self.lacks_custom(name).unwrap_or_else(|| parameter.doc.to_owned());
                Err(lacks(KeyKind::Parameter, name, Some(purpose)))
            }
            (Meaning::Unknown, _) => {
                Err(Reason::CaseError { cause: format!("`{need}` is nothing that a target file can say") })
            }
        }
    }

    /// The paths of the lists that a run writes to, without a slash at their ends.
    pub fn written_lists(&self) -> Vec<String> {
        written::written(&self.parameters).into_iter().map(|(_, path)| path).collect()
    }

    /// Whether a parameter is there; one of a group of kinds, whether any kind has it.
    fn has_parameter(&self, parameter: &Parameter) -> bool {
        if let Some(group) = parameter.group.filter(|group| vocabulary::plural(group).is_some()) {
            let kinds = paths::kinds(&self.parameters, group);
            return kinds.iter().any(|(_, kind)| self.has_of_kind(Some(kind), parameter));
        }
        let group = parameter.group.and_then(|group| self.parameters.get(group));
        match parameter.name.split_once('.') {
            _ if parameter.presence == Presence::Default && parameter.group.is_none() => true,
            Some((_, member)) => has_member(group, member, parameter.presence),
            None => self.parameters.get(&parameter.name).is_some_and(|value| *value != Value::Null),
        }
    }

    /// Whether one kind of a group has what a case needs.
    fn has_of_kind(&self, kind: Option<&Value>, parameter: &Parameter) -> bool {
        match parameter.name.split_once('.') {
            Some((_, IN_GROUP)) => kind.is_some_and(|kind| self.is_in_group(kind)),
            Some((_, PATCH)) => kind.is_some_and(|kind| kind.get(PATCH) != Some(&Value::Bool(false))),
            Some((_, member)) => has_member(kind, member, parameter.presence),
            None => kind.is_some(),
        }
    }

    /// Whether a kind belongs to `group`: the file says so, or the path of its list does.
    fn is_in_group(&self, kind: &Value) -> bool {
        let stated = kind.get(IN_GROUP).and_then(Value::as_bool);
        let path = kind.get("list").and_then(Value::as_str);
        let group = self.parameters.get("group").and_then(Value::as_str);
        stated.unwrap_or_else(|| group.zip(path).is_some_and(|(group, path)| globals::is_of(group, path)))
    }
}

/// Whether a group has a member. What has a default is there as soon as its group is.
fn has_member(group: Option<&Value>, member: &str, presence: Presence) -> bool {
    group.is_some_and(|group| group.get(member).is_some() || presence == Presence::Default)
}

fn lacks(kind: KeyKind, name: &str, purpose: Option<String>) -> Reason {
    Reason::lacks(MissingKey { kind, name: name.to_owned(), line: line_for(name), purpose })
}
