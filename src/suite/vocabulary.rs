//! What a case may ask of a target, and a target file therefore may say: claims, users, sources and parameters.
//!
//! The same table names what a target lacks, completes target files in editors and checks `needs` of cases.

mod parameters;

use std::sync::LazyLock;

pub(crate) use self::parameters::PARAMETERS;
use crate::yaml::{Key, Presence, Shape};

/// What a target may claim to implement.
pub(crate) static CLAIMS: &[&str] = &[
    "lists",
    "envelope",
    "pretty",
    "writes",
    "roles",
    "groups",
    "whitelist",
    "dates",
    "timestamps",
    "asynchronous",
    "rate-limits",
    "browse",
];

/// The user whom nearly every case logs in as, who browses, and who deletes what others have created.
pub(crate) const OWNER: &str = "owner";

/// The user who may read in the group and nothing else.
pub(crate) const READER: &str = "reader";

/// Who sends no credentials.
pub(crate) const NOBODY: &str = "nobody";

/// The user who is not a member of the group.
pub(crate) const OUTSIDER: &str = "outsider";

/// Users that cases may log in as.
pub(crate) static USERS: &[&str] = &[OWNER, "second", READER, OUTSIDER, "other"];

/// Source addresses that cases may send from.
pub(crate) static SOURCES: &[&str] = &["allowed", "other", "refused"];

/// Names that have a value in every case.
pub(crate) static ALWAYS: &[&str] = &[
    "unique",
    "unique-address",
    "unique-number",
    "base-url",
    "origin",
    "limits.page-maximum",
    "limits.rate",
    "limits.window",
    "consistency-delay",
    "plain-addresses",
    "readers",
    "writers",
    "read-only",
    "strangers",
    "others",
];

/// The group of parameters whose names and values are an author's own.
pub(crate) const CUSTOM: &str = "custom";

/// The duration of the target file that a case may need.
pub(crate) const NONCE_LIFETIME: &str = "nonce-lifetime";

/// Half of that duration.
pub(crate) const HALF_NONCE_LIFETIME: &str = "half-nonce-lifetime";

/// Groups of parameters that describe one kind of resource, and the key under which a target file declares several of
/// them by name.
pub(crate) static KINDS: &[(&str, &str)] = &[
    ("document", "documents"),
    ("dated", "dated-lists"),
    ("timestamps", "timestamp-resources"),
    ("job", "jobs"),
    ("limited", "limited-resources"),
    ("restricted", "restricted-resources"),
];

/// Lists of which a target file may name one path or several.
pub(crate) static SEVERAL: &[&str] = &["list.long", "list.short", "list.empty", "list.filtered"];

/// The key under which several kinds of a group are declared.
pub(crate) fn plural(group: &str) -> Option<&'static str> {
    KINDS.iter().find(|(singular, _)| *singular == group).map(|(_, plural)| *plural)
}

/// A need of one kind, `documents.boats.update`, as the kind's place and the name that cases use:
/// `("documents", "boats", "document.update")`.
pub(crate) fn need_of_kind(need: &str) -> Option<(&'static str, &str, String)> {
    let (plural, rest) = need.split_once('.')?;
    let (singular, plural) = KINDS.iter().find(|(_, name)| *name == plural)?;
    let (kind, member) = rest.split_once('.').map_or((rest, None), |(kind, member)| (kind, Some(member)));
    let name = member.map_or_else(|| (*singular).to_owned(), |member| format!("{singular}.{member}"));
    Some((plural, kind, name))
}

/// The same need of one kind: `document.update` of `boats` is `documents.boats.update`.
pub(crate) fn of_kind(need: &str, group: &str, kind: &str) -> Option<String> {
    let rest = need.strip_prefix(group).filter(|rest| rest.is_empty() || rest.starts_with('.'))?;
    Some(format!("{}.{kind}{rest}", plural(group)?))
}

/// The line of a target file that says what a case needs.
pub(crate) fn line_for(need: &str) -> String {
    if CLAIMS.contains(&need) {
        return format!("claims: [{need}]");
    }
    match need.split_once('.') {
        _ if need == "strangers" => {
            "users: { outsider: { …, groups: { … } } }, or another user with `groups` who is not a member of a group"
                .to_owned()
        }
        _ if ["others", "readers", "writers", "read-only"].contains(&need) => {
            "users: { reader: { …, groups: { … } } }, or another user besides `owner`".to_owned()
        }
        _ if need == NONCE_LIFETIME => format!("{need}: 30s"),
        Some(("users", user)) => format!("users: {{ {user}: {{ username: …, api-key: {{ env: … }} }} }}"),
        Some(("sources", source)) => format!("sources: {{ {source}: … }}"),
        Some((plural, rest)) if need_of_kind(need).is_some() => {
            let inner = rest.rsplit('.').fold("…".to_owned(), |inner, name| format!("{{ {name}: {inner} }}"));
            format!("parameters: {{ {plural}: {inner} }}")
        }
        Some((group, member)) => format!("parameters: {{ {group}: {{ {member}: … }} }}"),
        None => format!("parameters: {{ {need}: … }}"),
    }
}

/// What a name out of a template or of `needs` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// There in every case.
    Always,
    /// Something of the target file that is no parameter; a case needs it by this name.
    Declared(String),
    /// A parameter, or a value inside it.
    Parameter(Parameter),
    /// No name of the vocabulary.
    Unknown,
}

/// A parameter, or a group of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Its name: `group`, or `list.long`.
    pub(crate) name: String,
    /// The group it belongs to, or that it is.
    pub(crate) group: Option<&'static str>,
    /// Whether something stands for it where a target leaves it out.
    pub(crate) presence: Presence,
    /// What it is for.
    pub(crate) doc: &'static str,
}

/// What a dotted name means; what goes on inside a parameter's value is not looked at.
pub(crate) fn meaning(name: &str) -> Meaning {
    let inside = |known: &str| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if ALWAYS.iter().any(|known| inside(known)) || name == "limits" {
        return Meaning::Always;
    }
    if [NONCE_LIFETIME, HALF_NONCE_LIFETIME].contains(&name) {
        return Meaning::Declared(NONCE_LIFETIME.to_owned());
    }
    if let Some(source) = name.strip_prefix("sources.") {
        let known = SOURCES.contains(&source);
        return if known { Meaning::Declared(name.to_owned()) } else { Meaning::Unknown };
    }
    if let Some(user) = name.strip_prefix("users.") {
        let user = user.strip_suffix(".username").unwrap_or(user);
        let known = USERS.contains(&user);
        return if known { Meaning::Declared(format!("users.{user}")) } else { Meaning::Unknown };
    }
    parameter(name).map_or(Meaning::Unknown, Meaning::Parameter)
}

fn parameter(name: &str) -> Option<Parameter> {
    let mut parts = name.split('.');
    let key = PARAMETERS.key(parts.next()?)?;
    if key.name == CUSTOM {
        let name = parts.next().map_or_else(|| CUSTOM.to_owned(), |member| format!("{CUSTOM}.{member}"));
        return Some(Parameter { name, group: Some(CUSTOM), presence: key.presence, doc: key.doc });
    }
    let Shape::Object(object) = key.shape else {
        return Some(Parameter { name: key.name.into(), group: None, presence: key.presence, doc: key.doc });
    };
    let group = Some(key.name);
    match parts.next() {
        None => Some(Parameter { name: key.name.into(), group, presence: key.presence, doc: key.doc }),
        Some(member) => {
            let member = object.key(member)?;
            let name = format!("{}.{}", key.name, member.name);
            Some(Parameter { name, group, presence: member.presence, doc: member.doc })
        }
    }
}

/// Whether this is a parameter of an author's own, and not what is inside one: `custom.author`.
pub(crate) fn is_custom(name: &str) -> bool {
    name.strip_prefix(CUSTOM).and_then(|rest| rest.strip_prefix('.')).is_some_and(is_name)
}

/// Whether an author may give this name to a value: a small letter, then letters, digits and `-`.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The members of a group of parameters; none if it is no group.
pub(crate) fn members(group: &str) -> &'static [Key] {
    match PARAMETERS.key(group).map(|key| &key.shape) {
        Some(Shape::Object(object)) => object.keys,
        _ => &[],
    }
}

/// All parameters by their full names, groups included.
pub(crate) fn parameter_names() -> Vec<String> {
    let mut names = Vec::new();
    for key in PARAMETERS.keys {
        names.push(key.name.to_owned());
        names.extend(members(key.name).iter().map(|member| format!("{}.{}", key.name, member.name)));
    }
    names
}

/// Everything that `needs` of a case may name.
pub(crate) static NEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = CLAIMS.iter().map(|&claim| claim.to_owned()).collect();
    names.push(NONCE_LIFETIME.to_owned());
    names.extend(USERS.iter().map(|user| format!("users.{user}")));
    names.extend(SOURCES.iter().map(|source| format!("sources.{source}")));
    names.extend(parameter_names());
    names
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_what_the_table_says() {
        assert_eq!(meaning("limits.rate"), Meaning::Always);
        assert_eq!(meaning("users.second.username"), Meaning::Declared("users.second".into()));
        assert_eq!(meaning("users.nobody"), Meaning::Unknown);
        assert_eq!(meaning("sources.other"), Meaning::Declared("sources.other".into()));
        assert_eq!(meaning("sources.nowhere"), Meaning::Unknown);
        let Meaning::Parameter(valid) = meaning("document.valid.name") else { panic!("a parameter") };
        assert_eq!((valid.name.as_str(), valid.group), ("document.valid", Some("document")));
        let Meaning::Parameter(own) = meaning("custom.author.name") else { panic!("a parameter") };
        assert_eq!((own.name.as_str(), own.group), ("custom.author", Some(CUSTOM)));
        assert_eq!(meaning("document.vaild"), Meaning::Unknown);
        assert_eq!(meaning("groups"), Meaning::Unknown);
    }
}
