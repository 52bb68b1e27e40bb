//! The parameters of a target file: what a tester must know of a target, by group.

use super::CUSTOM;
use crate::yaml::{Choice, Format, Key, Object, Rest, Shape, format_of};

static PATH: Format = format_of!("a path that starts with `/`", r"^(/[^\s]*|\{[A-Za-z][^\s]*)$");
/// A path, or several.
const ONE_OR_MANY: Shape = Shape::OneOf(&[Shape::Format(&PATH), Shape::Filled(&Shape::Format(&PATH))]);
static METHOD: Format = format_of!("a method", r"^[A-Z]+$");

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
        Key::new("entity", Shape::Format(&PATH), "path of one entity that does not change"),
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
        Key::new(
            CUSTOM,
            Shape::Named(&Shape::Any),
            "parameters that cases of your own use as `{custom.NAME}`, by name",
        ),
        Key::new("date-members", Shape::List(&Shape::Text), "names of members that hold dates").has_default(),
        Key::new("unit-members", Shape::List(&Shape::Text), "names of numeric members that hold a value in a unit")
            .has_default(),
    ],
    choice: Choice::Free,
    rest: Rest::Own(
        &Shape::OneOf(&[Shape::Text, Shape::Number, Shape::Truth]),
        "write it under `custom`, for cases that use it as `{custom.NAME}`",
    ),
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
        Key::new(
            "written",
            Shape::Filled(&Shape::Text),
            "members that only a write of the document changes, like `updated` or a count of revisions",
        ),
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
    doc: "A response that holds BSON timestamps.",
    keys: &[
        Key::new("path", Shape::Format(&PATH), "path of the response").required(),
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
