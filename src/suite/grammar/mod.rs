//! The case format as a table: every key, what it is for and what its value may be.

mod expectation;
mod step;

use serde_json::Value;

use crate::yaml::{self, Choice, Format, Key, KeyFound, Object, Rest, Shape, format_of};

pub(super) use expectation::{BLOCKS, STATUS};
use step::{BODY, STEPS};

/// The JSON Schema of case files, for editors.
pub fn case_schema() -> Value {
    yaml::schema("case", "Case files of atlaspec, format 1", &[&CASES, &REQUIREMENTS])
}

/// The keys of case files and requirements whose path ends in this one.
pub fn keys_of_case_files(path: &str) -> Vec<KeyFound> {
    yaml::keys_named(&[&CASES, &REQUIREMENTS], path)
}

/// The names of all keys of case files and requirements.
pub fn names_of_keys() -> Vec<&'static str> {
    yaml::names_of_keys(&[&CASES, &REQUIREMENTS])
}

static ID: Format =
    format_of!("an id like `chapter.name-in-kebab-case`", r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$");
static CHAPTER: Format = format_of!("a name in kebab-case", r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$");
static PURPOSE: Format =
    format_of!("a sentence that starts with `Ensure that` and ends with a full stop", r"^Ensure that [^\s].*\.$");
static SENTENCE: Format = format_of!("a text", r"[^\s]");
static TEMPLATE: Format = format_of!("a template", r"^\{[A-Za-z].*\}$");

/// `{name}` alone, which stands for a value of any type.
const ANY_TEMPLATE: Shape = Shape::Format(&TEMPLATE);
const IDS: Shape = Shape::Filled(&Shape::Format(&ID));
const FORMAT_ONE: Shape = Shape::Whole(1, 1);

/// A file of cases and invariants.
pub(super) static CASES: Object = Object {
    name: "case-file",
    title: "a case file",
    doc: "Cases and invariants of one chapter.",
    keys: &[
        Key::new("format", FORMAT_ONE, "the format's number").required(),
        Key::new("chapter", Shape::Format(&CHAPTER), "the chapter's name; the folder bears it").required(),
        Key::new("cases", Shape::Filled(&Shape::Object(&CASE)), "cases"),
        Key::new("invariants", Shape::Filled(&Shape::Object(&INVARIANT)), "invariants"),
    ],
    choice: Choice::AnyOf(&["cases", "invariants"]),
    rest: Rest::Refused,
};

/// The file of requirements.
pub(super) static REQUIREMENTS: Object = Object {
    name: "requirements-file",
    title: "the file of requirements",
    doc: "What the specification demands, one observable statement an entry.",
    keys: &[
        Key::new("format", FORMAT_ONE, "the format's number").required(),
        Key::new("requirements", Shape::Filled(&Shape::Object(&REQUIREMENT)), "requirements").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static REQUIREMENT: Object = Object {
    name: "requirement",
    title: "a requirement",
    doc: "One observable statement of the specification.",
    keys: &[
        Key::new("id", Shape::Format(&ID), "its name").required(),
        Key::new("level", Shape::Words(&["must", "should", "may"]), "how much it weighs").required(),
        Key::new("statement", Shape::Format(&SENTENCE), "what it says").required(),
        Key::new("section", Shape::Format(&SENTENCE), "where the specification says so").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static CASE: Object = Object {
    name: "case",
    title: "a case",
    doc: "What is sent and what must hold.",
    keys: &[
        Key::new("id", Shape::Format(&ID), "`chapter.name-in-kebab-case`, unique, never reused").required(),
        Key::new("purpose", Shape::Format(&PURPOSE), "one sentence: `Ensure that …`").required(),
        Key::new("requirements", IDS, "ids out of `requirements.yaml`").required(),
        Key::new("needs", Shape::List(&Shape::Text), "claims, users, sources and parameters the target must have"),
        Key::new("effects", Shape::Words(&["reads", "writes"]), "whether it writes; default `reads`").has_default(),
        Key::new("hazard", Shape::Words(&["lockout"]), "`lockout`: the case logs in wrongly"),
        Key::new("holds", Shape::List(&Shape::Format(&LOCK)), "locks: cases that hold the same never run at once"),
        Key::new(
            "for-each",
            Shape::Named(&Shape::OneOf(&[Shape::Filled(&Shape::Any), ANY_TEMPLATE])),
            "names and lists of values: one verdict for every combination",
        ),
        Key::new("vary", Shape::Object(&VARY), "conditions under which every judged request is sent"),
        Key::new("let", Shape::Named(&Shape::Any), "names and values, computed in order once before the preamble"),
        Key::new(
            "fixtures",
            Shape::Named(&BODY),
            "documents by name: created before the preamble, with `document` or a body of your own, and deleted at the end",
        ),
        Key::new("preamble", STEPS, "steps that prepare"),
        Key::new("steps", STEPS, "steps that are judged").required(),
        Key::new("postamble", STEPS, "steps that clean up"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static VARY: Object = Object {
    name: "vary",
    title: "`vary`",
    doc: "Conditions under which every request of `steps` is sent; each is a dimension of the case.",
    keys: &[
        Key::new("switches", HOW, "none, `envelope=true`, `pretty=true` and both"),
        Key::new("connection", HOW, "one that is used again, and one of its own"),
        Key::new("user", Shape::Words(USERS), "each user who may read, or write, in `group`"),
        Key::new("groups", HOW, "`group`, and `other-groups.owner` in its place in every step"),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};

/// Every value with every other of another dimension, or each value in some test.
const HOW: Shape = Shape::Words(&["all", "in-turn"]);
const USERS: &[&str] = &["readers", "writers", "readers-in-turn", "writers-in-turn"];

static LOCK: Format = format_of!("the name of a lock", r"^[a-z][a-z0-9.-]*$");

static INVARIANT: Object = Object {
    name: "invariant",
    title: "an invariant",
    doc: "A case without a request: judged on every exchange that `when` selects.",
    keys: &[
        Key::new("id", Shape::Format(&ID), "`chapter.name-in-kebab-case`, unique, never reused").required(),
        Key::new("purpose", Shape::Format(&PURPOSE), "one sentence: `Ensure that …`").required(),
        Key::new("requirements", IDS, "ids out of `requirements.yaml`").required(),
        Key::new("when", Shape::Object(&WHEN), "the exchanges it looks at; default all"),
        Key::new("expect", BLOCKS, "what must hold").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static WHEN: Object = Object {
    name: "when",
    title: "`when`",
    doc: "Selects exchanges.",
    keys: &[
        Key::new("status", STATUS, "the status, as in an expectation"),
        Key::new("method", Shape::OneOf(&[METHOD_NAME, METHOD_NAMES, Shape::Object(&NOT_METHOD)]), "the method"),
        Key::new("body", Shape::Words(&["entity", "list", "error", "json", "any"]), "what the body is; default `any`")
            .has_default(),
        Key::new("envelope", Shape::Truth, "whether the request asked for an envelope"),
        Key::new("pretty", Shape::Truth, "whether the request asked for pretty printing"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static METHOD: Format = format_of!("a method", r"^[A-Z]+$");
const METHOD_NAME: Shape = Shape::Format(&METHOD);
const METHOD_NAMES: Shape = Shape::Filled(&METHOD_NAME);

static NOT_METHOD: Object = Object {
    name: "other-method",
    title: "a method that it is not",
    doc: "Any other method.",
    keys: &[Key::new("not", Shape::OneOf(&[METHOD_NAME, METHOD_NAMES]), "the method or methods").required()],
    choice: Choice::Free,
    rest: Rest::Refused,
};
