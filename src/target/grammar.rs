//! The target file as a table.

use serde_json::Value;

use crate::suite::vocabulary::{CLAIMS, PARAMETERS};
use crate::yaml::{self, Choice, Format, Key, KeyFound, Object, Rest, Shape, format_of};

/// The JSON Schema of target files, for editors.
pub fn target_schema() -> Value {
    yaml::schema_of_layers("target", "Target files of atlaspec", &TARGET, EXTENDS)
}

/// The keys that a target file may have.
pub fn keys_of_target_files() -> impl Iterator<Item = &'static str> {
    TARGET.names()
}

/// The keys of target files whose path ends in this one: `rate`, `limits.rate`.
pub fn keys_of_target_files_named(path: &str) -> Vec<KeyFound> {
    yaml::keys_named(&[&TARGET], path)
}

/// The key that names the files below.
pub(super) const EXTENDS: &str = "extends";

static NAME: Format = format_of!(
    "a name of at most 64 letters, digits, `.`, `_` and `-`, which does not end in `.`",
    r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$"
);
static HTTP: Format = format_of!("an http or https URL", r"^https?://[^\s]+$");
static PLAIN: Format = format_of!("an http URL", r"^http://[^\s]+$");
static PROXY: Format = format_of!("an http URL or `environment`", r"^(environment|http://[^\s]+)$");
static DURATION: Format = format_of!("a duration like `500ms`, `30s` or `2m`", r"^[0-9]+(ms|s|m|h)$");
static USERNAME: Format =
    format_of!("a user name: not empty, and without line breaks or other control characters", r"^[^\x00-\x1F\x7F]+$");
static FILLED: Format = format_of!("a text that is not empty", r"[^\s]");

const TIME: Shape = Shape::Format(&DURATION);

const ROLE: Shape = Shape::Words(&["read-write", "read-only"]);

/// A target file.
pub(super) static TARGET: Object = Object {
    name: "target-file",
    title: "a target file",
    doc: "Where an implementation is, who may log in, what it claims and what a tester must know.",
    keys: &[
        Key::new(
            EXTENDS,
            Shape::OneOf(&[Shape::Format(&FILLED), Shape::Filled(&Shape::Format(&FILLED))]),
            "a target file, or several, that this one is laid over: objects are joined, other values replaced, `null` removes",
        ),
        Key::new("name", Shape::Format(&NAME), "names the target in reports and its folder under `reports/`")
            .required(),
        Key::new("base-url", Shape::Format(&HTTP), "where the API's root is").required(),
        Key::new("tls", Shape::Object(&TLS), "whom to trust"),
        Key::new("timeout", TIME, "the time of one exchange; default `30s`").has_default(),
        Key::new("connect-timeout", TIME, "the time until a connection is there; default that of the exchange")
            .has_default(),
        Key::new(
            "proxy",
            Shape::Format(&PROXY),
            "an http URL of the proxy to send through, or `environment`; default is none",
        ),
        Key::new(
            "headers",
            Shape::Named(&Shape::OneOf(&[Shape::Format(&FILLED), Shape::Object(&KEY)])),
            "header lines of every request to the target: a text, or the place of a secret one",
        ),
        Key::new("users", Shape::Named(&Shape::Object(&USER)), "who may log in, by name").required(),
        Key::new("sources", Shape::Named(&Shape::Format(&FILLED)), "local addresses to send from, by name"),
        Key::new("claims", Shape::List(&Shape::Words(CLAIMS)), "what the target implements"),
        Key::new("limits", Shape::Object(&LIMITS), "the numbers of its edition").has_default(),
        Key::new("failed-logins", Shape::Object(&FAILED_LOGINS), "how often a user may log in wrongly"),
        Key::new("nonce-lifetime", TIME, "how long a nonce lives"),
        Key::new("consistency-delay", TIME, "how long a write may take to be seen by reads; default `0s`")
            .has_default(),
        Key::new(
            "plain-addresses",
            Shape::List(&Shape::Format(&PLAIN)),
            "http URLs on which the API must not answer, beside the base URL's own port",
        )
        .has_default(),
        Key::new("parameters", Shape::Object(&PARAMETERS), "what a tester must know"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static TLS: Object = Object {
    name: "tls",
    title: "`tls`",
    doc: "Whom to trust.",
    keys: &[
        Key::new("ca", Shape::Format(&FILLED), "certificate authorities: a PEM file or PEM text"),
        Key::new("insecure", Shape::Truth, "`true` accepts any certificate; such a run certifies nothing"),
        Key::new(
            "client-certificate",
            Shape::Format(&FILLED),
            "the certificate that we show, and those it hangs on: a PEM file or PEM text",
        ),
        Key::new(
            "client-key",
            Shape::Hidden(&Shape::Object(&KEY)),
            "where the private key of that certificate is (PEM): `{ file: PATH }`, `{ env: NAME }` or a command",
        ),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};

static USER: Object = Object {
    name: "user",
    title: "a user",
    doc: "Somebody who may log in.",
    keys: &[
        Key::new("username", Shape::Format(&USERNAME), "the user name on the wire").required(),
        Key::new(
            "api-key",
            Shape::Hidden(&Shape::Object(&KEY)),
            "where the key is: `{ env: NAME }`, `{ file: PATH }` or a command",
        )
        .required(),
        Key::new("role", ROLE, "what the user may do; default `read-write`").has_default(),
        Key::new("groups", Shape::Named(&ROLE), "ids of groups that the user is a member of, and the role in each"),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};

static KEY: Object = Object {
    name: "api-key",
    title: "the place of a key like `{ env: NAME }`, never the key itself",
    doc: "Where an API key is; the key itself is never written into the file.",
    keys: &[
        Key::new("env", Shape::Format(&FILLED), "the environment variable that holds it"),
        Key::new("file", Shape::Format(&FILLED), "the file that holds it"),
        Key::new("command", Shape::Filled(&Shape::Text), "the program, and its arguments, that prints it"),
    ],
    choice: Choice::One(&["env", "file", "command"]),
    rest: Rest::Refused,
};

static LIMITS: Object = Object {
    name: "limits",
    title: "`limits`",
    doc: "The numbers of the target's edition of the API.",
    keys: &[
        Key::new("page-maximum", Shape::Whole(1, 100_000), "most items of a page; default 100").has_default(),
        Key::new("rate", Shape::Whole(1, 1_000_000), "requests of a window and group; default 100").has_default(),
        Key::new("window", TIME, "length of the window, a divisor or multiple of a minute; default `60s`")
            .has_default(),
        Key::new(
            "scope",
            Shape::Words(&["resources", "groups"]),
            "what counts: certain resources (default), or every one of a group, and then no group is asked more often",
        )
        .has_default(),
    ],
    choice: Choice::Some,
    rest: Rest::Refused,
};

static FAILED_LOGINS: Object = Object {
    name: "failed-logins",
    title: "`failed-logins`",
    doc: "How often a user may log in wrongly before the account is locked.",
    keys: &[
        Key::new("limit", Shape::Whole(0, 1_000_000), "so many times").required(),
        Key::new("per", TIME, "within so much time").required(),
    ],
    choice: Choice::Free,
    rest: Rest::Refused,
};
