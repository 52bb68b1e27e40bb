//! The file of a user's own faults as a table.

use serde_json::Value;

use crate::yaml::{self, Choice, Format, Key, Object, Rest, Shape, format_of};

/// The JSON Schema of files of faults, for editors.
pub fn faults_schema() -> Value {
    yaml::schema("faults", "Faults of the reference server that a user wrote, format 1", &[&FAULT_FILE])
}

static NAME: Format = format_of!("a name of small letters, digits and hyphens", r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$");
static TEXT: Format = format_of!("a text that is not empty", r"[^\s]");
static METHOD: Format = format_of!("a method", r"^[A-Z]+$");
static PATH: Format = format_of!("a path below the base URL: `/groups/*/hosts`", r"^/[^\s?#]*$");
static CLASS: Format = format_of!("a status or a class of them: `404`, `4xx`", r"^[1-5]([0-9][0-9]|xx)$");
static DURATION: Format = format_of!("a duration: `300ms`, `3s`, at most `1h`", r"^[0-9]+(ms|s|m|h)$");
static JSON_PATH: Format = format_of!("a JSONPath: `$.results[0].id`", r"^\$");
static FIELD: Format = format_of!("the value of a header: one line of visible ASCII and blanks", r"^[\x20-\x7e]*$");

const METHODS: Shape = Shape::OneOf(&[Shape::Format(&METHOD), Shape::Filled(&Shape::Format(&METHOD))]);
const STATUS: Shape = Shape::OneOf(&[Shape::Whole(100, 599), Shape::Format(&CLASS)]);
const STATUSES: Shape = Shape::OneOf(&[Shape::Whole(100, 599), Shape::Format(&CLASS), Shape::Filled(&STATUS)]);
const PATHS: Shape = Shape::OneOf(&[Shape::Format(&JSON_PATH), Shape::Filled(&Shape::Format(&JSON_PATH))]);

/// A file of faults.
pub(super) static FAULT_FILE: Object = Object {
    name: "fault-file",
    title: "a file of faults",
    doc: "Faults that the reference server shows, each as a row: when it shows, and what it does to the response.",
    keys: &[
        Key::new("format", Shape::Whole(1, 1), "the format's number").required(),
        Key::new("faults", Shape::Filled(&Shape::Object(&FAULT)), "the faults, in the order in which they are applied")
            .required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static FAULT: Object = Object {
    name: "fault",
    title: "a fault",
    doc: "What becomes of some responses.",
    keys: &[
        Key::new("name", Shape::Format(&NAME), "its name").required(),
        Key::new("about", Shape::Format(&TEXT), "what the server does wrong, in a sentence"),
        Key::new("when", Shape::Object(&WHEN), "which responses it alters; without it, all"),
        Key::new("edit", Shape::Object(&EDIT), "what it does to them").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static WHEN: Object = Object {
    name: "when",
    title: "a condition",
    doc: "Everything that is said here must be so.",
    keys: &[
        Key::new("method", METHODS, "the method, or several: `[GET, HEAD]`"),
        Key::new(
            "path",
            Shape::Format(&PATH),
            "the path below the base URL. `*` stands for one segment, `**` for any number of them",
        ),
        Key::new("status", STATUSES, "the status that the response has without this fault: `404`, `2xx`, `[200, 201]`"),
        Key::new("query", Shape::Named(&Shape::Plain), "parameters of the query, and the value of each"),
        Key::new("user", Shape::Format(&NAME), "the user whose name the credentials have: `reader`"),
        Key::new("skip", Shape::Whole(0, 1_000_000), "how many such responses pass unaltered first").has_default(),
        Key::new("times", Shape::Whole(1, 1_000_000), "how many are altered then; without it, all"),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};

static EDIT: Object = Object {
    name: "edit",
    title: "an edit",
    doc: "What becomes of a response. The body comes before its values.",
    keys: &[
        Key::new("delay", Shape::Format(&DURATION), "how much later it is sent"),
        Key::new("status", Shape::Whole(200, 599), "the status. An envelope keeps the one that it has"),
        Key::new(
            "headers",
            Shape::Named(&Shape::OneOf(&[Shape::Format(&FIELD), Shape::Null])),
            "headers that are set, or removed by `null`",
        ),
        Key::new("body", Shape::Text, "the text that is sent in place of the body"),
        Key::new("remove", PATHS, "members and items of a JSON body that are removed"),
        Key::new("set", Shape::Named(&Shape::Any), "values of a JSON body by their JSONPath, and what they become"),
        Key::new(
            "add",
            Shape::Named(&Shape::Named(&Shape::Any)),
            "objects of a JSON body by their JSONPath, and the members that they get",
        ),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};
