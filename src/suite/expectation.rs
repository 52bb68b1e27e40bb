//! What must hold: expectations on an answer, and matchers on a JSON value. Both may hold templates.

use serde_json::Value;

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
            Self::Own(_) => "own-request",
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

/// A rule that holds an answer against its own request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnRule {
    /// A page holds as many items as were asked for, and fewer only if it is the last.
    SizeHonoured,
    /// A page asked for without a size holds as many items as the default says.
    SizeDefault,
    /// A page never holds more than the maximum.
    SizeMaximum,
    /// `totalCount` fits the number of the page and what it holds.
    TotalFits,
    /// There is a link `previous` unless the page is the first.
    PreviousFits,
    /// There is a link `next` unless the page is the last.
    NextFits,
    /// The link `self` of a page leads to that page.
    SelfIsPage,
    /// The links `next` and `previous` lead one page on and one back.
    LinksStep,
    /// The links `next` and `previous` keep the size of the page and its filters.
    LinksKeepQuery,
    /// No list is returned for a paging parameter that is no positive integer.
    PagingRefused,
    /// The link `self` of an entity does not lead to what it lies in.
    SelfIsOwn,
    /// The entities of a list have links `self` of their own.
    ItemsDiffer,
    /// An entity in an envelope comes with `status` and `content` alone.
    EnvelopeOfEntity,
    /// A list with an envelope has `status` beside its own fields.
    EnvelopeOfList,
    /// An error in an envelope comes with `status` and `content`.
    EnvelopeOfError,
    /// The `status` of an envelope is that of the answer.
    EnvelopeStatus,
    /// The `error` of an error document is the status of the answer.
    ErrorIsStatus,
    /// The Allow of a 405 does not name the method that was refused.
    AllowFits,
    /// A request entity sent as JSON is not refused for its media type.
    JsonAccepted,
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
