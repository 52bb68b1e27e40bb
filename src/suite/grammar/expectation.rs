//! The table of expectations and matchers.

use super::step::PROVES;
use super::{ANY_TEMPLATE, SENTENCE};
use crate::suite::rule::{ChallengeRule, OwnRule, Rule};
use crate::yaml::{Choice, Format, Key, Object, Rest, Shape, format_of};

/// A block of expectations, or several.
pub(in crate::suite) const BLOCKS: Shape =
    Shape::OneOf(&[Shape::Object(&BLOCK), Shape::Filled(&Shape::Object(&BLOCK))]);

static STATUS_CLASS: Format = format_of!("a class like `4xx`", r"^[1-5]xx$");

/// Which status codes are as expected.
pub(in crate::suite) const STATUS: Shape = Shape::OneOf(&[
    STATUS_CODE,
    Shape::Format(&STATUS_CLASS),
    ANY_TEMPLATE,
    Shape::Filled(&Shape::OneOf(&[STATUS_CODE, Shape::Format(&STATUS_CLASS), ANY_TEMPLATE])),
    Shape::Object(&OTHER_STATUS),
]);
const STATUS_CODE: Shape = Shape::Whole(100, 599);

static OTHER_STATUS: Object = Object {
    name: "status-condition",
    title: "a condition on the status",
    doc: "A status that is not this, or below this.",
    keys: &[
        Key::new(
            "not",
            Shape::OneOf(&[
                STATUS_CODE,
                Shape::Format(&STATUS_CLASS),
                ANY_TEMPLATE,
                Shape::Filled(&Shape::OneOf(&[STATUS_CODE, Shape::Format(&STATUS_CLASS)])),
            ]),
            "any other status",
        ),
        Key::new("below", Shape::Whole(101, 600), "a status below this"),
    ],
    choice: Choice::One(&["not", "below"]),
    rest: Rest::Refused,
};

// Statics, because matchers stand inside matchers.
static MATCHER_FORMS: [Shape; 2] = [Shape::Object(&MATCHERS), Shape::Plain];
static MATCHER: Shape = Shape::OneOf(&MATCHER_FORMS);
const COUNT: Shape = Shape::OneOf(&[Shape::Whole(1, 10_000), ANY_TEMPLATE]);

/// The keys of expectations, after those given.
macro_rules! expectations {
    ($($key:expr),* $(,)?) => {
        &[
            $($key,)*
            Key::new("status", STATUS, "`200`, `[200, 204]`, `4xx`, `{ not: 429 }` or `{ below: 500 }`"),
            Key::new("headers", Shape::Named(&MATCHER), "each named header matches"),
            Key::new("media-type", Shape::Words(&["json"]), "`json`: `application/json` or a `+json` type"),
            Key::new("schema", Shape::Format(&SENTENCE), "the body is valid against this payload schema"),
            Key::new("body", Shape::Named(&MATCHER), "JSONPath and what its value matches"),
            Key::new("text", Shape::OneOf(&MATCHER_FORMS), "matcher on the body as text"),
            Key::new("bytes", Shape::OneOf(&MATCHER_FORMS), "matcher on the number of body bytes"),
            Key::new("mentions", Shape::Format(&SENTENCE), "the error document names this field"),
            Key::new("white-space", Shape::Words(&["none", "indented"]), "white space outside strings"),
            Key::new("everywhere", Shape::Filled(&Shape::Words(Rule::WORDS)), "rules for the whole body"),
            Key::new("own-request", Shape::Filled(&Shape::Words(OwnRule::WORDS)), "rules that hold a response against its request"),
            Key::new("challenge", Shape::Words(ChallengeRule::WORDS), "the challenge of the response"),
            Key::new("reason-phrase", Shape::Words(&["standard", "exact"]), "member `reason` is the phrase of the status"),
            Key::new("values", Shape::Named(&MATCHER), "value (a template) and what it matches"),
            Key::new("time", Shape::OneOf(&MATCHER_FORMS), "matcher on the seconds that the response took"),
        ]
    };
}

static BLOCK: Object = Object {
    name: "expectations",
    title: "a block of expectations",
    doc: "What must hold.",
    keys: expectations![
        Key::new("proves", PROVES, "the requirements that this block is about"),
        Key::new("given", Shape::Object(&PART), "what has to hold for the block to say anything"),
        Key::new("each", Shape::Object(&PART), "walk, burst: what holds for every single response"),
        Key::new("first", Shape::Object(&COUNTED), "burst: what holds for each of the first N responses"),
        Key::new("last", Shape::Object(&COUNTED), "burst: what holds for each of the last N responses"),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};

/// Expectations inside `each`, `given` and `until`.
pub(super) static PART: Object = Object {
    name: "answer-expectations",
    title: "expectations about a response",
    doc: "What must hold for each response.",
    keys: expectations![],
    choice: Choice::Some,
    rest: Rest::Refused,
};

static COUNTED: Object = Object {
    name: "counted-expectations",
    title: "expectations about some responses",
    doc: "What must hold for each of the first or last responses.",
    keys: expectations![Key::new("count", COUNT, "how many responses").required()],
    choice: Choice::Some,
    rest: Rest::Refused,
};

const WHOLE_OR_TEMPLATE: Shape = Shape::OneOf(&[Shape::Number, ANY_TEMPLATE]);
const DATE: Shape = Shape::Format(&SENTENCE);

static MATCHERS: Object = Object {
    name: "matcher",
    title: "a matcher",
    doc: "Conditions on a value, all of which hold.",
    keys: &[
        Key::new("equals", Shape::Any, "is this value"),
        Key::new("not", Shape::OneOf(&MATCHER_FORMS), "does not match"),
        Key::new("one-of", Shape::Filled(&MATCHER), "matches one of them"),
        Key::new("all-of", Shape::Filled(&MATCHER), "matches each"),
        Key::new("above", WHOLE_OR_TEMPLATE, "is a number above"),
        Key::new("below", WHOLE_OR_TEMPLATE, "is a number below"),
        Key::new("at-least", WHOLE_OR_TEMPLATE, "is a number of at least"),
        Key::new("at-most", WHOLE_OR_TEMPLATE, "is a number of at most"),
        Key::new(
            "type",
            Shape::Words(&["string", "integer", "number", "boolean", "array", "object", "null"]),
            "is of this type",
        ),
        Key::new("present", Shape::Truth, "is there at all, or is not"),
        Key::new("length", Shape::OneOf(&MATCHER_FORMS), "is an array, string or object of that length"),
        Key::new("matches", Shape::Text, "is a string in which the pattern is found"),
        Key::new(
            "contains",
            Shape::OneOf(&MATCHER_FORMS),
            "is an array with an element that matches, or a string with that text in it",
        ),
        Key::new("every", Shape::OneOf(&MATCHER_FORMS), "is an array whose elements all match"),
        Key::new("unique", Shape::True, "is an array without two equal elements"),
        Key::new("reversed", Shape::OneOf(&[Shape::List(&Shape::Any), ANY_TEMPLATE]), "is that list backwards"),
        Key::new("date", Shape::Words(&["iso-8601", "utc", "seconds"]), "is a date so written"),
        Key::new("instant", DATE, "is a date of the same instant, to the second"),
        Key::new("before", DATE, "is a date before"),
        Key::new("after", DATE, "is a date after"),
        Key::new("leads-to", Shape::Format(&SENTENCE), "is the same URL"),
        Key::new("same-as", Shape::Any, "is the same value, or what is alike in all of a list of values"),
        Key::new(
            "except",
            Shape::OneOf(&[Shape::List(&Shape::Text), ANY_TEMPLATE]),
            "beside `same-as`: members left out, by name",
        ),
        Key::new(
            "says",
            Shape::Format(&SENTENCE),
            "in the outermost matcher: what a response that does not match does, in a sentence for reports (a template)",
        ),
        Key::new("kept", Shape::Any, "shows this value, which was sent, by meaning; members may be missing, or more"),
        Key::new("where", Shape::Named(&MATCHER), "is a value in which each path matches"),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};
