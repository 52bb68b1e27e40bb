//! A test case as its author wrote it, validated; never changed by running it.
//!
//! Strings and values may hold templates (`{name}`), which `suite::template` fills in when a step is run.

use serde_json::Value;

use super::expectation::{Block, Expectation};
use super::vary::Varied;
use crate::verdict::Source;

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
    /// Conditions under which its judged requests are sent, a dimension each.
    pub vary: Vec<Varied>,
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

    /// The steps of all its parts, in the order in which they are performed.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> + Clone {
        self.preamble.iter().chain(&self.steps).chain(&self.postamble)
    }

    /// Whether nothing is sent but GET and HEAD, and DELETE of the root, which the specification refuses.
    pub fn is_harmless(&self) -> bool {
        let mut requests = self.all_steps().filter_map(|step| step.action.request());
        let refused =
            |request: &RequestTemplate| request.method == "DELETE" && matches!(request.url.as_str(), "" | "/");
        let reads = |request: &RequestTemplate| ["GET", "HEAD"].contains(&request.method.as_str());
        let probes = self.effects == Effects::Reads || requests.clone().any(refused);
        probes && requests.all(|request| reads(request) || refused(request))
    }
}

/// One step of a case.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// A name: where nothing was saved under it, the step is left out.
    pub only_if: Option<String>,
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

impl Step {
    /// Whether it reads something and saves what the body holds, with which later steps compare what they read.
    pub fn saves_a_reading(&self) -> bool {
        let reads = self.action.request().is_some_and(|request| request.method == "GET");
        reads && self.save.iter().any(|(_, selector)| matches!(selector, Selector::Body(_)))
    }
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
        /// Where every link is followed, how many links from the first page.
        depth: usize,
        /// Where every link is followed, the URL that is looked for.
        to: Option<String>,
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
    /// Until so many hundredths of the current window are over.
    WindowPercent(u64),
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
    /// Segments of its path, and what stands in their place.
    pub segments: Vec<(String, Value)>,
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
        /// Dotted paths, through objects and arrays, and what is set there.
        set: Vec<(String, Value)>,
        /// Dotted paths of members to remove.
        remove: Vec<String>,
        /// Whether members go out in reverse order.
        reversed: bool,
    },
    /// These characters.
    Text(String),
    /// A value as JSON, with these characters in the place of its last one.
    Ended {
        /// The value.
        json: Value,
        /// Template of the characters.
        ending: String,
    },
}

/// What to save from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The status code.
    Status,
    /// A header by name.
    Header(String),
    /// The media type, in one spelling for all that mean the same.
    MediaType,
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
