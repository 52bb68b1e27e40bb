//! The names that templates of cases know of a target.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::paths::{self, Place};
use super::{Role, Target, User, derived, missing};
use crate::suite::vocabulary::{OUTSIDER, OWNER, READER};

impl Target {
    /// Everything that templates can name: parameters and their defaults, limits, addresses, user names.
    pub fn globals(&self) -> Map<String, Value> {
        let mut globals = self.parameters.clone();
        self.fill_lists(&mut globals);
        self.fill_group_paths(&mut globals);
        missing::fill(&mut globals);
        derived::fill(&mut globals);
        for name in ["forbidden-methods", "date-members", "unit-members"] {
            globals.entry(name).or_insert_with(|| json!([]));
        }
        globals.insert("base-url".into(), json!(self.base_url.as_str().trim_end_matches('/')));
        globals.insert("origin".into(), json!(self.base_url.origin().ascii_serialization()));
        globals.insert(
            "limits".into(),
            json!({
                "page-maximum": self.limits.page_maximum,
                "rate": self.limits.rate,
                "window": self.limits.window.as_secs(),
            }),
        );
        if let Some(lifetime) = self.nonce_lifetime {
            globals.insert("nonce-lifetime".into(), json!(duration_text(lifetime)));
            globals.insert("half-nonce-lifetime".into(), json!(duration_text(lifetime / 2)));
        }
        globals.insert("consistency-delay".into(), json!(duration_text(self.consistency_delay)));
        let users = self.users.iter().map(|(name, user)| (name.clone(), json!({ "username": user.username })));
        globals.insert("users".into(), Value::Object(users.collect()));
        let others = self.users.keys().filter(|name| *name != OWNER);
        globals.insert("others".into(), others.map(|name| json!(name)).collect());
        globals.insert("strangers".into(), self.strangers());
        let own_role = |name: &str| (name == READER).then_some(Role::ReadOnly);
        insert_members(&mut globals, "", &self.members(self.own_group(), own_role));
        insert_members(&mut globals, "other-", &self.members(self.other_group(OWNER), |_| None));
        let sources = self.sources.iter().map(|(name, address)| (name.clone(), json!(address)));
        globals.insert("sources".into(), Value::Object(sources.collect()));
        globals.insert("plain-addresses".into(), json!(self.all_plain_addresses()));
        globals
    }

    /// The members of a group and their roles in it: `owner`, whom `known` names, and those whose groups the file names.
    fn members(&self, group: Option<&str>, known: impl Fn(&str) -> Option<Role>) -> Vec<(&String, Role)> {
        let role = |name: &str, user: &User| match name {
            OWNER => Some(Role::ReadWrite),
            _ => known(name).or_else(|| self.declared_role(user, group?)),
        };
        self.users.iter().filter_map(|(name, user)| Some((name, role(name, user)?))).collect()
    }

    /// The role that the file gives a user in a group; it may call `group` so.
    fn declared_role(&self, user: &User, group: &str) -> Option<Role> {
        let is_own = self.own_group() == Some(group);
        let is_it = |id: &str| id == group || (is_own && id == "{group}");
        user.groups.iter().find(|(id, _)| is_it(id)).map(|(_, role)| *role)
    }

    fn own_group(&self) -> Option<&str> {
        self.parameters.get("group").and_then(Value::as_str)
    }

    /// The id of another group, of which this user is a member.
    fn other_group(&self, member: &str) -> Option<&str> {
        self.parameters.get("other-groups")?.get(member)?.as_str()
    }

    /// Users and the groups of which they are not members, with a member of each: where the file names groups of a user,
    /// it names all.
    fn strangers(&self) -> Value {
        let groups =
            [(OWNER, self.own_group()), (OWNER, self.other_group(OWNER)), (OUTSIDER, self.other_group(OUTSIDER))];
        let known = groups.into_iter().filter_map(|(member, id)| Some((member, id?)));
        let of_group = |(member, id): (&'static str, &str)| {
            let is_stranger = |name: &str, user: &User| {
                name != member && !user.groups.is_empty() && self.declared_role(user, id).is_none()
            };
            let row = |name: &String| json!({ "name": format!("{name} in {id}"), "user": name, "group": id, "member": member });
            let strangers = self.users.iter().filter(|(name, user)| is_stranger(name, user));
            strangers.map(|(name, _)| row(name)).collect::<Vec<_>>()
        };
        Value::Array(known.flat_map(of_group).collect())
    }

    /// `lists` and `entities` hold what is declared elsewhere, unless the file names them itself.
    fn fill_lists(&self, globals: &mut Map<String, Value>) {
        let declared = |group: &str, members: &[&str]| -> Vec<Value> {
            let group = self.parameters.get(group);
            let named = members.iter().filter_map(|member| group?.get(*member));
            named.flat_map(|named| named.as_array().cloned().unwrap_or_else(|| vec![named.clone()])).collect()
        };
        let lists = declared("list", &["long", "short", "empty", "exact", "filtered"]);
        globals.entry("lists").or_insert_with(|| Value::Array(lists));
        let entity: Vec<Value> = self.parameters.get("entity").cloned().into_iter().collect();
        globals.entry("entities").or_insert_with(|| Value::Array(entity));
    }

    /// `group-paths` holds what the file names there, and every path named elsewhere that can be read and is of the
    /// group.
    fn fill_group_paths(&self, globals: &mut Map<String, Value>) {
        let Some(group) = self.own_group() else {
            globals.entry("group-paths").or_insert_with(|| json!([]));
            return;
        };
        let readable = paths::named(globals, &[&READ, &paths::LISTS, &READ_BESIDE]);
        let of_group = readable.filter(|path| is_of(group, path)).map(str::to_owned);
        let paths = paths::beside(globals.get("group-paths"), of_group);
        globals.insert("group-paths".into(), paths);
    }

    /// The addresses that the file names, the base URL's own port spoken to in http, and port 80 where the base URL
    /// has the default port.
    fn all_plain_addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self.plain_addresses.iter().map(|url| url.as_str().to_owned()).collect();
        if let (Some(host), Some(port)) = (self.base_url.host(), self.base_url.port_or_known_default()) {
            let path = self.base_url.path().trim_end_matches('/');
            addresses.push(format!("http://{host}:{port}{path}/"));
            if port == 443 {
                addresses.push(format!("http://{host}{path}/"));
            }
        }
        let mut seen = BTreeSet::new();
        addresses.retain(|address| seen.insert(address.clone()));
        addresses
    }
}

/// Adds the names of the members of a group who may read there, of those who may write, and of those who may only read.
fn insert_members(globals: &mut Map<String, Value>, prefix: &str, members: &[(&String, Role)]) {
    let mut insert = |name: &str, of: &dyn Fn(Role) -> bool| {
        let names = members.iter().filter(|(_, role)| of(*role)).map(|(name, _)| json!(name)).collect();
        globals.insert(format!("{prefix}{name}"), names);
    };
    insert("readers", &|_| true);
    insert("writers", &|role| role == Role::ReadWrite);
    insert("read-only", &|role| role == Role::ReadOnly);
}

/// Where a target file names what is read first of all.
const READ: [Place; 3] = [paths::ALL_LISTS, ("entities", None), ("entity", None)];

/// Where it names what else can be read.
const READ_BESIDE: [Place; 4] =
    [("timestamps", Some("path")), ("limited", Some("path")), ("limited", Some("other")), ("limited", Some("free"))];

/// The length from which on nothing else than a group has its id.
const UNMISTAKABLE: usize = 12;

/// Whether a path is of the group: it names the parameter, is of the form `/groups/<GROUP-ID>`, or holds an id that is
/// too long to be that of anything else.
pub(super) fn is_of(group: &str, path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').collect();
    let named = group.len() >= UNMISTAKABLE && segments.contains(&group);
    named || segments.contains(&"{group}") || segments.windows(2).any(|pair| pair == ["groups", group])
}

/// A duration in the words of the formats.
fn duration_text(duration: Duration) -> String {
    match duration.as_millis() {
        milliseconds if milliseconds % 1000 == 0 => format!("{}s", milliseconds / 1000),
        milliseconds => format!("{milliseconds}ms"),
    }
}
