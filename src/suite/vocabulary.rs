//! What a case may ask of a target, and a target file therefore may say: claims, users, sources and parameters.
//!
//! The same table names what a target lacks, completes target files in editors and checks `needs` of cases.

use std::sync::LazyLock;

use crate::yaml::{Choice, Format, Key, Object, Presence, Rest, Shape, format_of};

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

/// The duration of the target file that a case may need.
pub(crate) const NONCE_LIFETIME: &str = "nonce-lifetime";

/// Half of that duration.
pub(crate) const HALF_NONCE_LIFETIME: &str = "half-nonce-lifetime";

static PATH: Format = format_of!("a path that starts with `/`", r"^(/[^\s]*|\{[A-Za-z][^\s]*)$");
/// A path, or several.
const ONE_OR_MANY: Shape = Shape::OneOf(&[Shape::Format(&PATH), Shape::Filled(&Shape::Format(&PATH))]);
static METHOD: Format = format_of!("a method", r"^[A-Z]+$");

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

/// What a target's tester must know.
pub(crate) static PARAMETERS: Object = Object {
    name: "parameters",
    title: "`parameters`",
    doc: "What a tester must know about the target; strings may name other parameters as templates.",
    keys: &[
        Key::new("group", Shape::Text, "id of the group that `owner` works in"),
        Key::new("other-groups", Shape::Object(&OTHER_GROUPS), "ids of groups beside `group`"),
        Key::new(
            "group-paths",
            Shape::List(&Shape::Format(&PATH)),
            "paths of resources of `group` that can be read, beside those named elsewhere",
        )
        .has_default(),
        Key::new("list", Shape::Object(&LIST), "lists to page through"),
        Key::new("lists", Shape::List(&Shape::Format(&PATH)), "paths of all lists worth reading").has_default(),
        Key::new(
            "entities",
            Shape::List(&Shape::Format(&PATH)),
            "paths of single entities worth reading, of several kinds",
        )
        .has_default(),
        Key::new("entity", Shape::Format(&PATH), "path of one entity that stands still"),
        Key::new("missing", Shape::Object(&MISSING), "paths of what does not exist"),
        Key::new(
            "forbidden-methods",
            Shape::List(&Shape::Object(&FORBIDDEN)),
            "methods that are not supported, harmless if they were",
        )
        .has_default(),
        Key::new(
            "protected-requests",
            Shape::Filled(&Shape::Object(&PROTECTED)),
            "writes that API whitelists protect, each harmless and accepted from `{sources.allowed}`",
        ),
        Key::new("document", Shape::Object(&DOCUMENT), "the one kind of document that can be created and removed"),
        Key::new("documents", Shape::Named(&Shape::Object(&DOCUMENT)), "several such kinds, by name"),
        Key::new("dated", Shape::Object(&DATED), "the one list that can be asked for by date"),
        Key::new("dated-lists", Shape::Named(&Shape::Object(&DATED)), "several such lists, by name"),
        Key::new("timestamps", Shape::Object(&TIMESTAMPS), "the one response that holds BSON timestamps"),
        Key::new("timestamp-resources", Shape::Named(&Shape::Object(&TIMESTAMPS)), "several such responses, by name"),
        Key::new("job", Shape::Object(&JOB), "the one kind of asynchronous operation"),
        Key::new("jobs", Shape::Named(&Shape::Object(&JOB)), "several such kinds, by name"),
        Key::new("limited", Shape::Object(&LIMITED), "rate-limited resources"),
        Key::new(
            "limited-resources",
            Shape::Named(&Shape::Object(&LIMITED)),
            "several sets of such resources, by name",
        ),
        Key::new("restricted", Shape::Object(&RESTRICTED), "the one resource that API whitelists protect"),
        Key::new("restricted-resources", Shape::Named(&Shape::Object(&RESTRICTED)), "several such resources, by name"),
        Key::new("date-members", Shape::List(&Shape::Text), "names of members that hold dates").has_default(),
        Key::new("unit-members", Shape::List(&Shape::Text), "names of numeric members that hold a value in a unit")
            .has_default(),
    ],
    choice: Choice::Free,
    rest: Rest::Own(&Shape::OneOf(&[Shape::Text, Shape::Number, Shape::Truth])),
};

static OTHER_GROUPS: Object = Object {
    name: "other-groups",
    title: "`other-groups`",
    doc: "Ids of groups beside `group`, as they stand in paths.",
    keys: &[
        Key::new("owner", Shape::Text, "id of another group that `owner` may write in"),
        Key::new("outsider", Shape::Text, "id of a group that `outsider` may write in"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static LIST: Object = Object {
    name: "list",
    title: "`list`",
    doc: "Lists to page through.",
    keys: &[
        Key::new(
            "long",
            ONE_OR_MANY,
            "path of a list with more items than a page holds, which stands still; one or several",
        ),
        Key::new("short", ONE_OR_MANY, "path of a list with 2 to 100 items; one or several"),
        Key::new("empty", ONE_OR_MANY, "path of an empty list; one or several"),
        Key::new("exact", Shape::Format(&PATH), "path of a list whose number of items is known"),
        Key::new("exact-count", Shape::Whole(4, u64::MAX), "how many items `list.exact` holds"),
        Key::new(
            "filtered",
            ONE_OR_MANY,
            "path with a query that filters a list and leaves at least 4 items; one or several",
        ),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static MISSING: Object = Object {
    name: "missing",
    title: "`missing`",
    doc: "Paths of what does not exist.",
    keys: &[
        Key::new("entity", Shape::Format(&PATH), "path of an entity that does not exist, in a context that does"),
        Key::new("list", Shape::Format(&PATH), "path of a list in a context that does not exist"),
        Key::new(
            "lists",
            Shape::List(&Shape::Format(&PATH)),
            "paths of other lists in contexts that do not exist, beside those made from `list`",
        )
        .has_default(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static FORBIDDEN: Object = Object {
    name: "forbidden-method",
    title: "a forbidden method",
    doc: "A method that a resource does not support.",
    keys: &[
        Key::new("method", Shape::Format(&METHOD), "the method").required(),
        Key::new("path", Shape::Format(&PATH), "path of the resource").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static PROTECTED: Object = Object {
    name: "protected-request",
    title: "a protected request",
    doc: "A write that API whitelists protect.",
    keys: &[
        Key::new("method", Shape::Format(&METHOD), "the method").required(),
        Key::new("path", Shape::Format(&PATH), "path of the resource").required(),
        Key::new("body", Shape::Named(&Shape::Any), "a valid body; the same may be sent any number of times")
            .required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static DOCUMENT: Object = Object {
    name: "document",
    title: "`document`",
    doc: "A kind of document that can be created, changed and removed.",
    keys: &[
        Key::new("list", Shape::Format(&PATH), "path of the list to POST to").required(),
        Key::new("in-group", Shape::Truth, "whether the list is one of `group`; default: its path says so")
            .has_default(),
        Key::new(
            "valid",
            Shape::Named(&Shape::Any),
            "a valid document; `{unique}`, `{unique-address}` or `{unique-number}` where a value must be unique",
        )
        .required(),
        Key::new("unique", Shape::Text, "name of the member that must be unique"),
        Key::new("update", Shape::Named(&Shape::Any), "members and new values for a valid PATCH or PUT"),
        Key::new("patch", Shape::Truth, "`false` where there is no PATCH; default `true`").has_default(),
        Key::new("optional", Shape::Object(&OPTIONAL), "an optional member, not in `valid`"),
        Key::new("nested", Shape::Text, "name of an object member of `valid`, for misspellings inside it"),
        Key::new(
            "items",
            Shape::Text,
            "name of a member of `valid` that is an array of objects, for misspellings inside the first",
        ),
        Key::new("misspellings", Shape::Filled(&Shape::Text), "misspelt member names").has_default(),
        Key::new("recased", Shape::Named(&Shape::Text), "members of `valid` and `update`: their names in another case")
            .has_default(),
        Key::new(
            "unmodifiable",
            Shape::Named(&Shape::Any),
            "members that no update may change, with a value other than theirs",
        ),
        Key::new("volatile", Shape::List(&Shape::Text), "members that the server maintains").has_default(),
        Key::new("required", Shape::Filled(&Shape::Text), "members of `valid` that a POST must have"),
        Key::new(
            "defaults",
            Shape::Named(&Shape::Any),
            "members that `valid` leaves out, and the defaults that they have",
        ),
        Key::new(
            "texts",
            Shape::List(&Shape::Text),
            "members that hold a text of the client's; default: seen in `valid`",
        )
        .has_default(),
        Key::new("numbers", Shape::List(&Shape::Text), "members that hold a number; default: seen in `valid`")
            .has_default(),
        Key::new("flags", Shape::List(&Shape::Text), "members that are true or false; default: seen in `valid`")
            .has_default(),
        Key::new(
            "arrays",
            Shape::List(&Shape::Text),
            "members that hold plain values in order; default: seen in `valid`",
        )
        .has_default(),
        Key::new(
            "objects",
            Shape::List(&Shape::Text),
            "dotted paths of objects in `valid`; default: all that it holds",
        )
        .has_default(),
        Key::new("item-places", Shape::List(&Shape::Number), "places in `items`; default: the first and the last")
            .has_default(),
        Key::new("date-places", Shape::List(&Shape::Any), "where `valid` holds dates; default: derived; `[]` for none")
            .has_default(),
        Key::new("text-places", Shape::List(&Shape::Text), "where `valid` holds nested texts; default: derived")
            .has_default(),
        Key::new("number-places", Shape::List(&Shape::Text), "where `valid` holds nested numbers; default: derived")
            .has_default(),
        Key::new("unsupported", Shape::Filled(&Shape::Format(&METHOD)), "methods that a document does not support"),
        Key::new("own", Shape::Truth, "`true` where the list belongs to `owner` alone, and no other user may see it"),
        Key::new("date", Shape::Text, "name of a date member that may be set"),
        Key::new("complete", Shape::Truth, "whether a PUT demands every member"),
        Key::new("missing-list", Shape::Format(&PATH), "path of such a list in a context that does not exist"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static OPTIONAL: Object = Object {
    name: "optional",
    title: "an optional member",
    doc: "An optional member and a value for it.",
    keys: &[
        Key::new("name", Shape::Text, "its name").required(),
        Key::new("value", Shape::Any, "a value that is not its default").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static DATED: Object = Object {
    name: "dated",
    title: "`dated`",
    doc: "A list that can be asked for by date.",
    keys: &[
        Key::new("list", Shape::Format(&PATH), "path of the list"),
        Key::new("from", Shape::Text, "query parameter of the earliest date"),
        Key::new("to", Shape::Text, "query parameter of the latest date"),
        Key::new("member", Shape::Text, "the member that it filters by"),
        Key::new(
            "between",
            Shape::Text,
            "an instant in UTC without a zone: the list has items in the hour before it and in the hour after it",
        ),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static TIMESTAMPS: Object = Object {
    name: "timestamps",
    title: "`timestamps`",
    doc: "An answer that holds BSON timestamps.",
    keys: &[
        Key::new("path", Shape::Format(&PATH), "path of the answer").required(),
        Key::new("at", Shape::Text, "JSONPath to the timestamps in it").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static JOB: Object = Object {
    name: "job",
    title: "`job`",
    doc: "An asynchronous operation.",
    keys: &[
        Key::new("list", Shape::Format(&PATH), "where to POST it").required(),
        Key::new("in-group", Shape::Truth, "whether the list is one of `group`; default: its path says so")
            .has_default(),
        Key::new("valid", Shape::Named(&Shape::Any), "a valid body").required(),
        Key::new("done", Shape::Named(&Shape::Any), "what holds once it is done, by JSONPath").required(),
        Key::new("required", Shape::Filled(&Shape::Text), "members of `valid` that must not be left out"),
        Key::new(
            "kept",
            Shape::Filled(&Shape::Text),
            "members of `valid` that a finished operation shows as they were sent",
        ),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static LIMITED: Object = Object {
    name: "limited",
    title: "`limited`",
    doc: "Rate-limited resources.",
    keys: &[
        Key::new("path", Shape::Format(&PATH), "path of a rate-limited resource"),
        Key::new("other", Shape::Format(&PATH), "path of one in another group that `second` is a member of"),
        Key::new("free", Shape::Format(&PATH), "path of one that is not rate limited"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static RESTRICTED: Object = Object {
    name: "restricted",
    title: "`restricted`",
    doc: "Resources that API whitelists protect.",
    keys: &[
        Key::new("path", Shape::Format(&PATH), "path of the resource").required(),
        Key::new("update", Shape::Named(&Shape::Any), "members and values of a valid PATCH of it"),
        Key::new("other-update", Shape::Named(&Shape::Any), "the same members with other values"),
        Key::new("whitelist", Shape::Format(&PATH), "path of the whitelist of `owner`, to which entries are POSTed"),
        Key::new("entry", Shape::Named(&Shape::Any), "a valid entry that permits `{sources.refused}`"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

/// The line of a target file that says what a case needs.
pub(crate) fn line_for(need: &str) -> String {
    if CLAIMS.contains(&need) {
        return format!("claims: [{need}]");
    }
    match need.split_once('.') {
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
        assert_eq!(meaning("document.vaild"), Meaning::Unknown);
        assert_eq!(meaning("groups"), Meaning::Unknown);
    }
}
