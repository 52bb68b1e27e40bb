//! Conditions under which every judged request of a case is sent: a dimension each.

use serde_json::{Value, json};

use super::vocabulary::{NOBODY, OUTSIDER, OWNER};
use super::{Case, Scope, Step};
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

/// A condition that a case varies, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Varied {
    /// The condition.
    pub condition: Condition,
    /// Whether its values take turns: each is tried in some test of the case, but not with every value of the others.
    pub in_turn: bool,
}

/// The values of a condition, and the query parameters or the connection that they stand for.
const SWITCHES: [(&str, &[&str]); 4] =
    [("none", &[]), ("envelope", &["envelope"]), ("pretty", &["pretty"]), ("both", &["envelope", "pretty"])];
/// The group of the target file, and the owner's other one, as ids of tests name them.
const GROUPS: [&str; 2] = ["own", "other"];
/// The name of the dimension of users.
const USER: &str = "user";
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
            Self::Readers | Self::Writers => USER,
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
    let elsewhere = elsewhere(scope);
    paths(case).all(|path| scope.text(&path).ok() != elsewhere.text(&path).ok())
}

/// The scope in which the group is one that there is not: what is the same there does not lie in the group.
fn elsewhere(scope: &Scope) -> Scope {
    let mut elsewhere = scope.clone();
    elsewhere.set("group", json!(NO_GROUP));
    elsewhere
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

/// What a target has of the combinations of a case: in the owner's other group, each user may do what the case lets them
/// do, and no user but the owner reads outside the group.
pub(super) struct Possible<'a> {
    case: &'a Case,
    scope: &'a Scope,
    /// The loop variables, and the values that they would have in no group; nothing where users are not varied.
    elsewhere: Vec<(&'a str, Option<Value>)>,
}

impl<'a> Possible<'a> {
    /// What the target of `scope` has of this case.
    pub(super) fn of(case: &'a Case, scope: &'a Scope) -> Self {
        let moved = elsewhere(scope);
        let loops = case.for_each.iter().filter(|_| varies_users(case));
        let elsewhere = loops.map(|(name, list)| (name.as_str(), moved.value(list).ok())).collect();
        Self { case, scope, elsewhere }
    }

    /// Whether the target has this combination.
    pub(super) fn is(&self, variables: &[(String, Value)]) -> bool {
        let chosen = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let user = varies_users(self.case).then(|| chosen(USER)).flatten();
        let reads_outside =
            || self.elsewhere.iter().any(|(name, moved)| chosen(name).is_some_and(|it| stays(it, moved.as_ref())));
        if user.is_some_and(|user| user != OWNER) && reads_outside() {
            return false;
        }
        if chosen(Condition::Groups.name()).is_none_or(|group| group != GROUPS[1]) {
            return true;
        }
        let varied = |it: &Varied| match it.condition {
            Condition::Readers => user.is_none_or(|user| is_among(self.scope, "other-readers", user)),
            Condition::Writers => user.is_none_or(|user| is_among(self.scope, "other-writers", user)),
            _ => true,
        };
        let named = |step: &Step| match step.action.request().map(|request| request.user.as_str()) {
            None | Some(OWNER | NOBODY) => true,
            Some(user) => {
                let variable = user.strip_prefix('{').and_then(|user| user.strip_suffix('}'));
                let user = variable.map_or_else(|| Some(json!(user)), |name| chosen(name).cloned());
                user.is_some_and(|user| is_the_same_in_both(self.scope, &user))
            }
        };
        self.case.vary.iter().all(varied) && self.case.all_steps().all(named)
    }
}

fn varies_users(case: &Case) -> bool {
    case.vary.iter().any(|it| it.condition.name() == USER)
}

/// Whether a value is a path that does not lie in the group, or may not: among the values elsewhere it is the same.
fn stays(value: &Value, elsewhere: Option<&Value>) -> bool {
    let is_path = value.as_str().is_some_and(|text| text.starts_with('/'));
    is_path && elsewhere.and_then(Value::as_array).is_none_or(|values| values.contains(value))
}

/// Whether the target file says so of a user.
fn is_among(scope: &Scope, names: &str, user: &Value) -> bool {
    scope.declared(names).and_then(Value::as_array).is_some_and(|names| names.contains(user))
}

/// Whether a user may do the same in both groups: write, only read, or nothing.
fn is_the_same_in_both(scope: &Scope, user: &Value) -> bool {
    let may = |role: &str| is_among(scope, role, user) && is_among(scope, &format!("other-{role}"), user);
    let is_stranger = || {
        let groups = scope.declared("strangers").and_then(Value::as_array);
        let other = scope.text(OTHER_GROUP).ok();
        let is_it =
            |row: &Value| row.get("user") == Some(user) && row.get("group").and_then(Value::as_str) == other.as_deref();
        user == OUTSIDER && groups.is_some_and(|rows| rows.iter().any(is_it))
    };
    may("writers") || may("read-only") || is_stranger()
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
        for Varied { condition, .. } in &case.vary {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::suite::{Uniques, load};

    /// A case of a document with these conditions, whose step logs in as this user.
    fn case(vary: &str, user: &str, for_each: &str) -> Case {
        let text = format!(
            "format: 1\nchapter: lists\ncases:\n  - id: lists.one\n    purpose: Ensure that a list is one.\n    \
             requirements: [lists.total]\n    needs: [document, users.reader, users.outsider]\n    for-each: {for_each}\n    \
             vary: {vary}\n    steps:\n      - request: GET {{document.list}}\n        as: {user}\n        \
             expect: {{ status: 200 }}\n"
        );
        let requirements =
            "format: 1\nrequirements:\n  - { id: lists.total, level: must, statement: S., section: L }\n";
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = [file("cases/requirements.yaml", requirements), file("cases/lists/a.yaml", &text)];
        load(&files).expect("a suite").cases.remove(0)
    }

    fn scope() -> Scope {
        let globals = json!({
            "group": "own", "other-groups": { "owner": "far" }, "document": { "list": "/groups/{group}/boats" },
            "readers": ["owner", "second", "reader", "guest"], "writers": ["owner", "second"],
            "read-only": ["reader", "guest"], "other-readers": ["owner", "second", "guest"],
            "other-writers": ["owner", "guest"], "other-read-only": ["second"],
            "strangers": [{ "user": "outsider", "group": "far" }], "lists": ["/groups/{group}/boats", "/users/o"],
        });
        Scope::new(Arc::new(globals.as_object().expect("an object").clone()), Uniques::new("t"))
    }

    fn is_possible_with(case: &Case, variables: &[(&str, &str)]) -> bool {
        let variables: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        Possible::of(case, &scope()).is(&variables)
    }

    #[test]
    fn a_user_does_in_the_other_group_only_what_is_declared() {
        let writing = case("{ user: writers, groups: all }", "owner", "{ n: [1] }");
        assert!(is_possible_with(&writing, &[("user", "second"), ("groups", "own")]));
        assert!(is_possible_with(&writing, &[("user", "owner"), ("groups", "other")]));
        assert!(!is_possible_with(&writing, &[("user", "second"), ("groups", "other")]));
        let reading = case("{ user: readers-in-turn, groups: in-turn }", "owner", "{ n: [1] }");
        assert!(is_possible_with(&reading, &[("user", "second"), ("groups", "other")]));
        assert!(!is_possible_with(&reading, &[("user", "reader"), ("groups", "other")]));
    }

    #[test]
    fn a_named_user_must_be_the_same_in_both_groups() {
        let named = |user: &str| case("{ groups: all }", user, "{ n: [1] }");
        assert!(is_possible_with(&named("outsider"), &[("groups", "other")]));
        assert!(!is_possible_with(&named("reader"), &[("groups", "other")]));
        assert!(is_possible_with(&named("reader"), &[("groups", "own")]));
        assert!(is_possible_with(&named("nobody"), &[("groups", "other")]));
        let varied = case("{ groups: all }", "'{who}'", "{ who: [guest] }");
        assert!(!is_possible_with(&varied, &[("who", "guest"), ("groups", "other")]));
    }

    #[test]
    fn only_the_owner_reads_outside_the_group() {
        let listed = case("{ user: readers }", "owner", "{ path: '{lists}' }");
        assert!(is_possible_with(&listed, &[("user", "second"), ("path", "/groups/own/boats")]));
        assert!(!is_possible_with(&listed, &[("user", "second"), ("path", "/users/o")]));
        assert!(is_possible_with(&listed, &[("user", "owner"), ("path", "/users/o")]));
    }
}
