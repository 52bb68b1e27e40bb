//! The file of known failures as a table.

use serde_json::Value;

use crate::yaml::{self, Choice, Format, Key, Object, Rest, Shape, format_of};

/// The JSON Schema of files of known failures, for editors.
pub fn known_failures_schema() -> Value {
    yaml::schema("known-failures", "Known failures of a target, format 1", &[&KNOWN_FAILURES])
}

static PATTERN: Format = format_of!("a glob of ids, with single spaces at most", r"^[^\s]+( [^\s]+)*$");
static TEXT: Format = format_of!("a text that is not empty", r"[^\s]");
static LINK: Format = format_of!("an http or https URL", r"^https?://[^\s]+$");
static DATE: Format = format_of!("a date like `2026-12-31`, in quotes or not", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

/// A file of known failures.
pub(super) static KNOWN_FAILURES: Object = Object {
    name: "known-failures-file",
    title: "a file of known failures",
    doc: "Cases that a target is known to fail, and why that is borne for now.",
    keys: &[
        Key::new("format", Shape::Whole(1, 1), "the format's number").required(),
        Key::new("known-failures", Shape::List(&Shape::Object(&ENTRY)), "what is known to fail").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static ENTRY: Object = Object {
    name: "known-failure",
    title: "a known failure",
    doc: "Cases that run and must fail.",
    keys: &[
        Key::new("cases", Shape::Format(&PATTERN), "a glob of ids of cases, tests and invariants: `lists.walk[*]`"),
        Key::new("requirement", Shape::Format(&PATTERN), "a glob of ids of requirements that they violate: `lists.*`"),
        Key::new("sometimes", Shape::True, "the failure comes and goes: tests may pass"),
        Key::new("reason", Shape::Format(&TEXT), "why they fail").required(),
        Key::new("owner", Shape::Format(&TEXT), "who mends it"),
        Key::new("link", Shape::Format(&LINK), "where that is followed"),
        Key::new("expires", Shape::Format(&DATE), "the last day on which the entry excuses anything"),
    ],
    choice: Choice::AnyOf(&["cases", "requirement"]),
    rest: Rest::Refused,
};
