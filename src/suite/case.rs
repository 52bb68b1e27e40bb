//! A test case as its author wrote it, validated; never changed by running it.
//!
//! Strings and values may hold templates (`{name}`), which `suite::template` fills in when a step is run.

use serde_json::Value;

use crate::verdict::{Level, Source};

/// One observable statement of the specification.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name: `chapter.name`.
    pub id: String,
    /// Its weight.
    pub level: Level,
    /// What it says, in the suite's words.
    pub statement: String,
    /// Where the specification, or the standard it names, says so.
    pub section: String,
    /// Where it stands in `requirements.yaml`.
    pub source: Source,
}

/// A whole suite: requirements, cases and invariants, cross-checked.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// `custom`, until whoever loaded it knows better.
    pub name: String,
    /// In the order of their file.
    pub requirements: Vec<Requirement>,
    /// Ordered by id.
    pub cases: Vec<Case>,
    /// Ordered by id.
    pub invariants: Vec<Invariant>,
    /// `sha256:` and the hexadecimal digest of all its files, names included.
    pub digest: String,
    /// The text of each file, for showing lines: path (as in [`Source::file`]) and text.
    pub files: Vec<(String, String)>,
    /// Payload schemas by name, as JSON.
    pub schemas: Vec<(String, Value)>,
}

impl Suite {
    /// What a requirement says, if there is one of this id.
    pub fn statement(&self, id: &str) -> Option<String> {
        self.requirements.iter().find(|it| it.id == id).map(|it| it.statement.clone())
    }
}

/// Whether running a case changes the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effects {
    /// It only reads.
    #[default]
    Reads,
    /// It creates, changes or deletes.
    Writes,
}

/// What running a case may do to a real target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// Wrong logins may lock an account.
    Lockout,
}

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// `chapter.name`, without loop variables.
    pub id: String,
    /// The chapter of its file.
    pub chapter: String,
    /// `Ensure that …`
    pub purpose: String,
    /// What it judges; at least one.
    pub requirements: Vec<String>,
    /// Claims, users, sources and parameters that the target must have.
    pub needs: Vec<String>,
    /// Whether it writes.
    pub effects: Effects,
    /// What it may do to a real target.
    pub hazard: Option<Hazard>,
    /// Locks it holds while it runs.
    pub holds: Vec<String>,
    /// Loop variables: a name and an array, or a template that gives one.
    pub for_each: Vec<(String, Value)>,
    /// Names bound once before the preamble, in order.
    pub bindings: Vec<(String, Value)>,
    /// Prepares; a failure is inconclusive.
    pub preamble: Vec<Step>,
    /// Judged.
    pub steps: Vec<Step>,
    /// Cleans up; always runs.
    pub postamble: Vec<Step>,
    /// The line of its id.
    pub source: Source,
}

/// The lock of a case that no other may disturb.
const EVERYTHING: &str = "everything";

impl Case {
    /// Whether no other case may run at the same time.
    pub fn runs_alone(&self) -> bool {
        self.holds.iter().any(|name| name == EVERYTHING)
    }
}

/// One step of a case.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// Names to save from the answer, in order.
    pub save: Vec<(String, Selector)>,
    /// What must hold.
    pub expect: Vec<Block>,
    /// The requirements that the action itself speaks about (a comparison, a poll, an obstacle): the step's own, else
    /// all of the case. Never empty.
    pub proves: Vec<String>,
    /// The line of its action.
    pub source: Source,
}

/// Expectations that speak about the same requirements.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The requirements; the loader fills in the step's or the case's where the block names none.
    pub proves: Vec<String>,
    /// The expectations, in the order of the file.
    pub expectations: Vec<Expectation>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends one request.
    Request {
        /// What is sent.
        request: RequestTemplate,
        /// Whether a refused or closed connection is as good as the expected answer.
        silence_accepted: bool,
    },
    /// Sends the same request several times, one after the other.
    Burst {
        /// What is sent.
        request: RequestTemplate,
        /// How often: a number or a template that gives one.
        count: Value,
    },
    /// Follows a link from page to page.
    Walk {
        /// The first page.
        request: RequestTemplate,
        /// The link to follow.
        following: String,
        /// The most pages to read.
        at_most: usize,
    },
    /// Reads plain, changed, plain again.
    Compare {
        /// The plain reading.
        request: RequestTemplate,
        /// Query parameters of the changed reading.
        change_query: Vec<(String, Value)>,
        /// Headers of the changed reading.
        change_headers: Vec<(String, Value)>,
        /// JSONPath of the place where the changed answer holds the value.
        at: String,
        /// Members that are not compared: an array, or a template that gives one.
        except: Value,
    },
    /// Repeats a request until something holds.
    Poll {
        /// What is sent.
        request: RequestTemplate,
        /// What must come to hold.
        until: Vec<Expectation>,
        /// The time between two tries: a duration text or a template.
        every: String,
        /// The time allowed in all.
        within: String,
    },
    /// Waits.
    Wait(Wait),
}

impl Action {
    /// What is sent; nothing by a wait.
    pub fn request(&self) -> Option<&RequestTemplate> {
        match self {
            Self::Request { request, .. }
            | Self::Burst { request, .. }
            | Self::Walk { request, .. }
            | Self::Compare { request, .. }
            | Self::Poll { request, .. } => Some(request),
            Self::Wait(_) => None,
        }
    }
}

/// What to wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The next turn of the rate limit's window, by the target's clock.
    NextWindow,
    /// This second of the current window.
    WindowSecond(u64),
    /// A duration text (`5s`) or a template that gives one.
    Duration(String),
}

/// A request with templates in it.
#[derive(Clone, Debug)]
pub struct RequestTemplate {
    /// The method.
    pub method: String,
    /// Path below the base URL, or absolute URL.
    pub url: String,
    /// Parameters to set on the URL.
    pub query: Vec<(String, Value)>,
    /// Headers to send; `null` leaves a default one out.
    pub headers: Vec<(String, Value)>,
    /// The body.
    pub body: Option<Body>,
    /// `Content-Type` where there is a body; `None` is the default.
    pub content_type: Option<String>,
    /// A user of the target file, a template, or `nobody`.
    pub user: String,
    /// How the user proves who they are.
    pub credentials: CredentialsTemplate,
    /// Name of a source address.
    pub from: Option<String>,
    /// The kind of connection.
    pub connection: crate::exchange::Connection,
}

/// Credentials with templates in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsTemplate {
    /// One that needs nothing filled in.
    Plain(crate::exchange::Credentials),
    /// A nonce that was saved before.
    Nonce {
        /// Template of the nonce.
        nonce: String,
        /// The count.
        count: u32,
    },
}

/// A body with templates in it.
#[derive(Clone, Debug)]
pub enum Body {
    /// This value.
    Json(Value),
    /// A value with members set and removed.
    Merge {
        /// The value to start from.
        merge: Value,
        /// Members to set; objects merge deeply.
        with: Value,
        /// Dotted paths of members to remove.
        remove: Vec<String>,
        /// Whether members go out in reverse order.
        reversed: bool,
    },
    /// These characters.
    Text(String),
}

/// What to save from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The status code.
    Status,
    /// A header by name.
    Header(String),
    /// The nonce of the Digest challenge.
    ChallengeNonce,
    /// The URL of what was created.
    Location,
    /// The absolute URL of a link, by relation.
    Link(String),
    /// JSONPath in the body.
    Body(String),
    /// JSONPath in the body that was sent.
    RequestBody(String),
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What.
    pub check: Check,
    /// The line that states it.
    pub source: Source,
}

/// What an expectation checks. Values and strings may hold templates.
#[derive(Clone, Debug)]
pub enum Check {
    /// The status code.
    Status(StatusMatcher),
    /// A header, by name.
    Header(String, Matcher),
    /// The media type is JSON's.
    MediaTypeJson,
    /// The body is valid against a payload schema, by name.
    Schema(String),
    /// The value at a JSONPath (a template) of the body.
    Body(String, Matcher),
    /// The body as text.
    Text(Matcher),
    /// The number of body bytes, trailing ones included.
    Bytes(Matcher),
    /// The error document names this field.
    Mentions(String),
    /// White space outside strings.
    WhiteSpace(WhiteSpace),
    /// A rule for the whole body.
    Everywhere(Rule),
    /// The challenge of the answer.
    Challenge(ChallengeRule),
    /// Member `reason` is the phrase of the status.
    ReasonPhrase,
    /// About a saved value.
    Value(Value, Matcher),
    /// The seconds that the answer took.
    Time(Matcher),
    /// For every single answer of a walk or burst.
    Each(Vec<Expectation>),
    /// For the first `count` answers of a burst (a number or template).
    First(Value, Vec<Expectation>),
    /// For the last `count` answers of a burst.
    Last(Value, Vec<Expectation>),
}

impl Check {
    /// The key of the case format that states it; the name of its findings.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Header(..) => "headers",
            Self::MediaTypeJson => "media-type",
            Self::Schema(_) => "schema",
            Self::Body(..) => "body",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Mentions(_) => "mentions",
            Self::WhiteSpace(_) => "white-space",
            Self::Everywhere(_) => "everywhere",
            Self::Challenge(_) => "challenge",
            Self::ReasonPhrase => "reason-phrase",
            Self::Value(..) => "values",
            Self::Time(_) => "time",
            Self::Each(_) => "each",
            Self::First(..) => "first",
            Self::Last(..) => "last",
        }
    }
}

/// Which status codes are as expected.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusMatcher {
    /// This one.
    Code(u16),
    /// A class: 4 for `4xx`.
    Class(u16),
    /// One of these.
    OneOf(Vec<StatusMatcher>),
    /// Not this.
    Not(Box<StatusMatcher>),
    /// Below this.
    Below(u16),
    /// The value of a template.
    Template(String),
}

/// White space outside strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhiteSpace {
    /// None, one final newline aside.
    None,
    /// Line breaks and indentation.
    Indented,
}

/// A rule for a whole body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// No object names a member twice (judged on the bytes).
    UniqueMembers,
    /// No `null`.
    NoNull,
    /// Every date is an ISO-8601 string.
    DatesIso8601,
    /// Every date is designated UTC.
    DatesUtc,
    /// A BSON timestamp is an object of `date` and `increment` alone.
    TimestampsShape,
    /// Its date is to the second.
    TimestampsSeconds,
    /// Its increment is an integer of 32 bits.
    TimestampsInt32,
    /// A numeric member known to need a unit names it.
    UnitsInNames,
    /// `links` is an array of objects with `rel` and `href` strings.
    LinkShape,
    /// An entity inside a list has `self` and no other link.
    ItemsOnlySelf,
    /// A relation name that is not registered is a URI.
    ExtensionRelIsUri,
}

/// What is expected of the challenge of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeRule {
    /// A well-formed Digest challenge is there.
    Digest,
    /// Its Digest challenge names a qop.
    DigestWithQop,
    /// Basic is not offered.
    NoBasic,
    /// Its Digest challenge says `stale=true`.
    Stale,
    /// There is no challenge.
    None,
}

/// A condition on a JSON value. Values may hold templates.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// Is this value; numbers by value.
    Equals(Value),
    /// Does not match.
    Not(Box<Matcher>),
    /// Matches one of these.
    OneOf(Vec<Matcher>),
    /// Matches all of these; an object with several matchers is this.
    AllOf(Vec<Matcher>),
    /// Is a number above this.
    Above(Value),
    /// Is a number below this.
    Below(Value),
    /// Is a number of at least this.
    AtLeast(Value),
    /// Is a number of at most this.
    AtMost(Value),
    /// Is of this JSON type.
    Type(JsonType),
    /// Is there, or is not.
    Present(bool),
    /// Has a length that matches.
    Length(Box<Matcher>),
    /// A pattern is found in the string (a template until it is compiled).
    Matches(String),
    /// An element matches, or the string holds this text.
    Contains(Box<Matcher>),
    /// Every element matches.
    Every(Box<Matcher>),
    /// No two elements are equal.
    Unique,
    /// Is this list backwards.
    Reversed(Value),
    /// Is a date so written.
    Date(DateForm),
    /// Is a date of this instant, to the second.
    Instant(Value),
    /// Is a date before this.
    Before(Value),
    /// Is a date after this.
    After(Value),
    /// Is the same URL.
    LeadsTo(Value),
    /// Is the same as this, or as what is alike in all of these (an array of baselines).
    SameAs {
        /// The values to compare with; each may be a template.
        baselines: Vec<Value>,
        /// Members left out, by name: an array, or a template that gives one.
        except: Value,
    },
    /// Each JSONPath in the value matches.
    Where(Vec<(String, Matcher)>),
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// A string.
    String,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    Array,
    /// An object.
    Object,
    /// `null`.
    Null,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// Any ISO-8601 form.
    Iso8601,
    /// ISO-8601, designated UTC.
    Utc,
    /// ISO-8601, designated UTC, to the second.
    Seconds,
}

/// A case without a request: judged on every exchange that `when` selects.
#[derive(Clone, Debug)]
pub struct Invariant {
    /// `chapter.name`.
    pub id: String,
    /// The chapter of its file.
    pub chapter: String,
    /// `Ensure that …`
    pub purpose: String,
    /// What it judges.
    pub requirements: Vec<String>,
    /// Which exchanges it looks at.
    pub when: When,
    /// What must hold.
    pub expect: Vec<Block>,
    /// The line of its id.
    pub source: Source,
}

/// Selects exchanges; each `None` selects all.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// By status.
    pub status: Option<StatusMatcher>,
    /// By method.
    pub methods: Option<Methods>,
    /// By what the body is.
    pub body: Option<BodyKind>,
    /// By whether the request asked for an envelope.
    pub envelope: Option<bool>,
    /// By whether the request asked for pretty printing.
    pub pretty: Option<bool>,
}

/// Which methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Methods {
    /// These.
    Only(Vec<String>),
    /// All but these.
    Not(Vec<String>),
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// A 2xx answer with an object that is no list.
    Entity,
    /// A 2xx answer with an object that has `results`.
    List,
    /// A 4xx or 5xx answer with a body.
    Error,
    /// Any JSON.
    Json,
}
