//! Conditions under which every judged request of a case is sent: a dimension each.

use serde_json::{Value, json};

use super::vocabulary::OWNER;
use super::{Case, Scope};
use crate::exchange::Connection;

/// A condition that a case varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The parameters `envelope` and `pretty`.
    Switches,
    /// Whether the connection is used again.
    Connection,
    /// The users who may read in the group.
    Readers,
    /// The users who may write in the group.
    Writers,
    /// The group, and the other one in which the owner may write.
    Groups,
}

/// The values of a condition, and the query parameters or the connection that they stand for.
const SWITCHES: [(&str, &[&str]); 4] =
    [("none", &[]), ("envelope", &["envelope"]), ("pretty", &["pretty"]), ("both", &["envelope", "pretty"])];
/// The group of the target file, and the owner's other one, as ids of tests name them.
const GROUPS: [&str; 2] = ["own", "other"];
/// An id that no group has.
const NO_GROUP: &str = "atlaspec-no-group";
/// The parameter that holds the id of the other group.
const OTHER_GROUP: &str = "{other-groups.owner}";
const CONNECTIONS: [(&str, Connection); 2] = [("reused", Connection::Pooled), ("fresh", Connection::Raw)];

impl Condition {
    /// The name of its dimension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Switches => "switches",
            Self::Connection => "connection",
            Self::Readers | Self::Writers => "user",
            Self::Groups => "groups",
        }
    }

    /// Its values for a case at a target that claims what `claims` says.
    pub(crate) fn values(self, case: &Case, scope: &Scope, claims: &dyn Fn(&str) -> bool) -> Vec<Value> {
        let users = |name: &str| {
            let members = scope.declared(name).and_then(Value::as_array).cloned().unwrap_or_default();
            if is_in_group(case, scope) { members } else { vec![json!(OWNER)] }
        };
        match self {
            Self::Switches => {
                let claimed = SWITCHES.iter().filter(|(_, names)| names.iter().all(|name| claims(name)));
                claimed.map(|(name, _)| json!(name)).collect()
            }
            Self::Connection => CONNECTIONS.iter().map(|(name, _)| json!(name)).collect(),
            Self::Readers => users("readers"),
            Self::Writers => users("writers"),
            Self::Groups => {
                let known = if has_another_group(case, scope) { &GROUPS[..] } else { &GROUPS[..1] };
                known.iter().map(|name| json!(name)).collect()
            }
        }
    }
}

/// Whether each path that a case needs lies in `group`, of whose members alone the roles are known: one that does not
/// name the group as `{group}` may lie anywhere.
fn is_in_group(case: &Case, scope: &Scope) -> bool {
    let mut elsewhere = scope.clone();
    elsewhere.set("group", json!(NO_GROUP));
    paths(case).all(|path| scope.text(&path).ok() != elsewhere.text(&path).ok())
}

/// Whether the paths that a case needs are others in the owner's other group.
fn has_another_group(case: &Case, scope: &Scope) -> bool {
    enter_other_group(&mut scope.clone()) && is_in_group(case, scope)
}

/// The templates of the paths that a case needs.
fn paths(case: &Case) -> impl Iterator<Item = String> {
    let path = |need: &String| match need.as_str() {
        "document" => Some("{document.list}".to_owned()),
        "entity" | "missing.entity" | "missing.list" => Some(format!("{{{need}}}")),
        "list.exact-count" => None,
        need => need.starts_with("list.").then(|| format!("{{{need}}}")),
    };
    case.needs.iter().filter_map(path)
}

/// Makes `{group}` stand for the owner's other group, if there is one.
fn enter_other_group(scope: &mut Scope) -> bool {
    let Ok(id) = scope.text(OTHER_GROUP) else { return false };
    scope.set("group", Value::String(id));
    true
}

/// Binds what the variables of a test say about all of its steps.
pub(super) fn bind(scope: &mut Scope, variables: &[(String, Value)]) {
    if variables.iter().any(|(name, value)| name == Condition::Groups.name() && value == GROUPS[1]) {
        enter_other_group(scope);
    }
}

/// How the judged requests of one test are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Query parameters that are set.
    pub query: Vec<(String, Value)>,
    /// The connection, where it is not that of the step.
    pub connection: Option<Connection>,
    /// The user, in the place of the owner.
    pub user: Option<String>,
}

impl Conditions {
    /// The conditions of a test with these variables.
    pub(crate) fn of(case: &Case, variables: &[(String, Value)]) -> Self {
        let mut conditions = Self::default();
        for condition in &case.vary {
            let value = variables.iter().find(|(name, _)| name == condition.name());
            let Some(value) = value.and_then(|(_, value)| value.as_str()) else { continue };
            match condition {
                Condition::Switches => {
                    let names = SWITCHES.iter().find(|(name, _)| *name == value).map_or(&[][..], |(_, names)| *names);
                    conditions.query = names.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
                }
                Condition::Connection => {
                    conditions.connection = CONNECTIONS.iter().find(|(name, _)| *name == value).map(|(_, it)| *it);
                }
                Condition::Readers | Condition::Writers => conditions.user = Some(value.to_owned()),
                Condition::Groups => {}
            }
        }
        conditions
    }
}
