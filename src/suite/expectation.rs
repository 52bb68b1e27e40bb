//! What must hold: expectations on an answer, and matchers on a JSON value. Both may hold templates.

use serde_json::Value;

use super::rule::{ChallengeRule, OwnRule, Rule};
use crate::verdict::Source;

/// Expectations that speak about the same requirements.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The requirements; the loader fills in the step's or the case's where the block names none.
    pub proves: Vec<String>,
    /// What has to be so for the block to say anything about an answer.
    pub given: Vec<Expectation>,
    /// The expectations, in the order of the file.
    pub expectations: Vec<Expectation>,
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What.
    pub check: Check,
    /// The line that states it.
    pub source: Source,
    /// What a response that breaks it does, in a sentence of the author (a template).
    pub says: Option<String>,
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
    /// A rule that holds the answer against its own request.
    Own(OwnRule),
    /// The challenge of the answer.
    Challenge(ChallengeRule),
    /// Member `reason` is the phrase of the status.
    ReasonPhrase(PhraseForm),
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
            Self::Own(_) => "own-request",
            Self::Challenge(_) => "challenge",
            Self::ReasonPhrase(_) => "reason-phrase",
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

/// How the phrase of a status is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseForm {
    /// In any case.
    Standard,
    /// As the standards write it.
    Exact,
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
    /// Shows this, which was sent, wherever it shows it at all.
    Kept(Value),
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
