//! The table of steps: actions, the keys beside them, bodies and selectors.

use super::expectation::{BLOCKS, PART};
use super::{ANY_TEMPLATE, IDS, TEMPLATE};
use crate::yaml::{Choice, Format, Key, Object, Rest, Shape, format_of};

/// Steps of a part of a case.
pub(super) const STEPS: Shape = Shape::Filled(&Shape::Object(&STEP));

/// All actions that send something.
const SENDING: &[&str] = &["request", "burst", "walk", "compare", "poll"];

static REQUEST_LINE: Format = format_of!(
    "`METHOD URL` with the method in capitals and a path below the base URL, like `GET /groups`",
    r"^([A-Z]+|\{[A-Za-z].*\})( ([/{?][^\s]*)?)?$"
);
static DURATION: Format = format_of!("a duration like `500ms`, `5s` or `2m`", r"^[0-9]+(ms|s|m|h)$");
static USER: Format = format_of!("the name of a user", r"^([a-z][a-z0-9-]*|\{[A-Za-z].*\})$");
static SELECTOR: Format = format_of!(
    "a selector: `status`, `location`, `self`, `media-type`, `challenge.nonce`, `header.NAME`, `link.REL`, a JSONPath or `request.$…`",
    r"^(status|location|self|media-type|challenge\.nonce|header\.[^\s]+|link\.[^\s]+|(request\.)?\$.*)$"
);

const LINE: Shape = Shape::Format(&REQUEST_LINE);
const TIME: Shape = Shape::OneOf(&[Shape::Format(&DURATION), ANY_TEMPLATE]);
const COUNT: Shape = Shape::OneOf(&[Shape::Whole(1, 10_000), ANY_TEMPLATE]);
const VALUES: Shape = Shape::Named(&Shape::OneOf(&[Shape::Text, Shape::Number, Shape::Truth]));
const SEGMENTS: Shape = Shape::Named(&Shape::Text);
const HEADERS: Shape = Shape::Named(&Shape::OneOf(&[Shape::Text, Shape::Number, Shape::Truth, Shape::Null]));
const NAMES: Shape = Shape::OneOf(&[Shape::List(&Shape::Text), ANY_TEMPLATE]);

static STEP: Object = Object {
    name: "step",
    title: "a step",
    doc: "One action, what it sends, what is saved from the answer and what must hold.",
    keys: &[
        Key::new("request", LINE, "`METHOD URL`: sends one request and reads its response"),
        Key::new("burst", LINE, "`METHOD URL`: sends the request `count` times, one after the other"),
        Key::new("walk", LINE, "`METHOD URL`: reads a page, then the page that its link names, and so on"),
        Key::new(
            "compare",
            LINE,
            "`METHOD URL`: reads plain, changed, plain again; judges whether the value is the same",
        ),
        Key::new("poll", LINE, "`METHOD URL`: repeats the request until the expectations of `until` hold"),
        Key::new("wait", WAIT, "`next-window`, `{ window-second: N }`, `{ window-percent: N }` or a duration"),
        Key::new("as", Shape::Format(&USER), "a user of the target file, or `nobody`; default `owner`")
            .has_default()
            .with(SENDING),
        Key::new("credentials", CREDENTIALS, "how the user logs in; default `right`")
            .has_default()
            .with(&["request", "burst", "poll"]),
        Key::new("from", Shape::Format(&USER), "a source address of the target file").with(SENDING),
        Key::new("segments", SEGMENTS, "segments of the path, and what is sent in their place").with(SENDING),
        Key::new("query", VALUES, "parameters that are set on the URL").with(SENDING),
        Key::new("headers", HEADERS, "headers to send; `null` leaves one out that is sent by default").with(SENDING),
        Key::new("body", BODY, "a JSON value, or one of the forms of bodies").with(SENDING),
        Key::new("content-type", Shape::Text, "default `application/json` where there is a body")
            .has_default()
            .with(SENDING),
        Key::new("connection", Shape::Words(&["pooled", "raw"]), "the kind of connection; default `pooled`")
            .has_default()
            .with(&["request"]),
        Key::new("silence", Shape::Words(&["accepted"]), "a refused or closed connection is as good as the response")
            .with(&["request"]),
        Key::new("change", Shape::Object(&CHANGE), "what the second reading changes").with(&["compare"]),
        Key::new("at", Shape::Text, "JSONPath of the place where the changed response holds the value; default `$`")
            .has_default()
            .with(&["compare"]),
        Key::new("except", NAMES, "members, by name, that are not compared").with(&["compare"]),
        Key::new("following", Shape::Text, "the link to follow, `*` for every link; default `next`")
            .has_default()
            .with(&["walk"]),
        Key::new("at-most", Shape::Whole(1, 10_000), "the most pages to read; default 200")
            .has_default()
            .with(&["walk"]),
        Key::new("depth", Shape::Whole(1, 100), "with `following: \"*\"`, how many links from the first page to go")
            .with(&["walk"]),
        Key::new("to", Shape::Text, "with `following: \"*\"`, a URL: the first page that links to it is the last")
            .with(&["walk"]),
        Key::new("until", Shape::Object(&PART), "what must come to hold").with(&["poll"]),
        Key::new("every", TIME, "the time between two tries; default 200ms").has_default().with(&["poll"]),
        Key::new("within", TIME, "the time allowed in all; default 30s").has_default().with(&["poll"]),
        Key::new("count", COUNT, "how often").with(&["burst"]),
        Key::new("if", Shape::Format(&USER), "a saved name: where it has no value, the step is left out"),
        Key::new("save", Shape::Named(&Shape::Format(&SELECTOR)), "names, and what of the answer they stand for")
            .with(&["request", "walk", "compare", "poll"]),
        Key::new("proves", PROVES, "requirements of all expectations of the step that name none").with(SENDING),
        Key::new("expect", BLOCKS, "what must hold"),
    ],
    choice: Choice::One(&["request", "burst", "walk", "compare", "poll", "wait"]),
    rest: Rest::Refused,
};

/// One requirement or several.
pub(super) const PROVES: Shape = Shape::OneOf(&[Shape::Format(&super::ID), IDS]);

const WAIT: Shape = Shape::OneOf(&[
    Shape::Words(&["next-window"]),
    Shape::Object(&WINDOW_SECOND),
    Shape::Object(&WINDOW_PERCENT),
    Shape::Format(&DURATION),
    Shape::Format(&TEMPLATE),
]);

static WINDOW_SECOND: Object = Object {
    name: "window-second",
    title: "a second of the window",
    doc: "Waits until that second of the current window.",
    keys: &[Key::new("window-second", Shape::Whole(0, 3600), "the second").required()],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static WINDOW_PERCENT: Object = Object {
    name: "window-percent",
    title: "a part of the window",
    doc: "Waits until so many hundredths of the current window are over.",
    keys: &[Key::new("window-percent", Shape::Whole(0, 99), "the hundredths").required()],
    choice: Choice::Free,
    rest: Rest::Refused,
};

const CREDENTIALS: Shape = Shape::OneOf(&[
    Shape::Words(&[
        "right",
        "wrong-key",
        "unknown-user",
        "basic-wrong-key",
        "invented-nonce",
        "other-uri",
        "other-method",
        "one-digit-changed",
        "cut-off",
        "replayed",
    ]),
    Shape::Object(&NONCE),
    Shape::Object(&KEY_OF),
]);

static KEY_OF: Object = Object {
    name: "key-of",
    title: "credentials with the key of another",
    doc: "The user's name with the key of another user of the target file.",
    keys: &[Key::new("key-of", Shape::Format(&USER), "whose key").required()],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static NONCE: Object = Object {
    name: "nonce",
    title: "credentials over a nonce",
    doc: "The right answer to this nonce with this count; a challenge is not answered.",
    keys: &[
        Key::new("nonce", Shape::Text, "the nonce, usually a template").required(),
        Key::new("count", Shape::Whole(1, 4_294_967_295), "the count").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static CHANGE: Object = Object {
    name: "change",
    title: "`change`",
    doc: "What the second reading of a comparison changes.",
    keys: &[Key::new("query", VALUES, "query parameters to set"), Key::new("headers", HEADERS, "headers to send")],
    choice: Choice::Some,
    rest: Rest::Refused,
};

/// What a request sends.
pub(super) const BODY: Shape =
    Shape::OneOf(&[Shape::Object(&MERGE), Shape::Object(&TEXT), Shape::Object(&ENDED), Shape::Any]);

static MERGE: Object = Object {
    name: "merged-body",
    title: "a merged body",
    doc: "A value with members set and removed.",
    keys: &[
        Key::new("merge", Shape::Any, "the value to start from").required(),
        Key::new("with", Shape::Any, "members to set; objects merge deeply, `null` sets null"),
        Key::new("set", Shape::Named(&Shape::Any), "dotted paths through objects and arrays, and what is set there"),
        Key::new("remove", Shape::List(&Shape::Text), "dotted paths of members to remove"),
        Key::new("order", Shape::Words(&["reversed"]), "`reversed`: members go out in reverse order"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static TEXT: Object = Object {
    name: "text-body",
    title: "a body of text",
    doc: "These characters, whatever they are.",
    keys: &[Key::new("text", Shape::Text, "the characters").required()],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static ENDED: Object = Object {
    name: "ended-body",
    title: "a body with another ending",
    doc: "A value as JSON, with other characters in the place of its last one.",
    keys: &[
        Key::new("json", Shape::Any, "the value").required(),
        Key::new("ending", Shape::Text, "the characters").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};
