//! The form of an answer: envelope, order of members, white space, headers.

use chrono::{DateTime, Utc};
use fastrand::Rng;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde_json::{Map, Value};

use super::disguise::disguised;
use super::envelope;
use super::fault::Fault;
use super::http::{Answer, Call, Content, Outcome, Verb};
use super::variation;
use super::wire::Postscript;
use super::world::World;

/// Makes the answer that is sent. For HEAD it is the whole one: the HTTP library sends its head alone.
pub(crate) fn response(world: &World, call: &Call, outcome: Outcome, postscript: &Postscript) -> Response<Bytes> {
    let answer = outcome.unwrap_or_else(|refusal| Answer {
        status: refusal.status,
        content: Content::Error(refusal.document(&world.behaviour), refusal.invalid),
        headers: refusal.headers,
    });
    let status = status(world, call, &answer);
    let body = body(world, call, status, answer.content);
    let trailing = world.behaviour.shows(Fault::HeadSendsBody)
        || (world.behaviour.shows(Fault::HeadOfErrorSendsBody) && status.is_client_error());
    if call.method == Method::HEAD && trailing {
        postscript.set(body.as_deref().unwrap_or_default().as_bytes());
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&http_date(world.now())).map(|date| (header::DATE, date)));
    for (name, value) in answer.headers {
        headers.append(name, value);
    }
    if let Some(body) = body {
        if let Some(media_type) = media_type(world, call, status) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        *response.body_mut() = Bytes::from(body);
    }
    response
}

fn status(world: &World, call: &Call, answer: &Answer) -> StatusCode {
    let behaviour = &world.behaviour;
    let entity = matches!(answer.content, Content::Entity(_)) && answer.status == StatusCode::OK;
    let user = call.path.as_deref().is_some_and(|path| path.len() == 2 && path[0] == "users");
    let missing = answer.status == StatusCode::NOT_FOUND;
    let snapshots = call.path.as_deref().is_some_and(|path| path.len() == 3 && path[2] == "snapshots");
    let list = call.path.as_deref().is_some_and(|path| path.len() == 3);
    match call.method {
        Method::GET if snapshots && behaviour.shows(Fault::SnapshotsAre206) => StatusCode::PARTIAL_CONTENT,
        Method::GET if entity && behaviour.shows(Fault::EntityIs202) => StatusCode::ACCEPTED,
        Method::GET if entity && user && behaviour.shows(Fault::UserIs206) => StatusCode::PARTIAL_CONTENT,
        Method::HEAD if missing && behaviour.shows(Fault::MissingHeadIs200) => StatusCode::OK,
        Method::HEAD if missing && is_of(call, "alertConfigs") && behaviour.shows(Fault::RemovedHeadIs200) => {
            StatusCode::OK
        }
        Method::HEAD if missing && list && behaviour.shows(Fault::MissingContextHeadIs200) => StatusCode::OK,
        _ => answer.status,
    }
}

/// Whether a request names JSON as what it accepts.
fn asks_for_json(call: &Call) -> bool {
    call.header(&header::ACCEPT).iter().any(|accepted| accepted.contains("json"))
}

/// The media type of every body.
fn media_type(world: &World, call: &Call, status: StatusCode) -> Option<&'static str> {
    let behaviour = &world.behaviour;
    match behaviour {
        _ if behaviour.shows(Fault::TextMediaType) => Some("text/plain"),
        _ if behaviour.shows(Fault::ErrorsAreHtml) && status.is_client_error() => Some("text/html"),
        _ if behaviour.shows(Fault::ErrorsAreHtmlUnasked) && status.is_client_error() && !asks_for_json(call) => {
            Some("text/html")
        }
        _ if behaviour.shows(Fault::CreatedUnlabelled) && status == StatusCode::CREATED => None,
        _ if behaviour.shows(Fault::CreatedInLatin1) && status == StatusCode::CREATED => {
            Some("application/json; charset=ISO-8859-1")
        }
        _ if behaviour.shows(Fault::PatchAnswersText) && call.method == Method::PATCH && status.is_success() => {
            Some("text/plain")
        }
        _ if behaviour.shows(Fault::EnvelopeIsJavascript) && call.query.is_on("envelope") => Some("text/javascript"),
        _ if behaviour.shows(Fault::HeadUnlabelled) && call.method == Method::HEAD => Some("application/octet-stream"),
        _ => Some("application/json"),
    }
}

/// The body, if there is one.
fn body(world: &World, call: &Call, status: StatusCode, content: Content) -> Option<String> {
    if is_without_body(world, call, status) {
        return None;
    }
    let kind = Kind::of(&content);
    let form = if is_spaced(world, call, kind) { Form::Spaced } else { Form::Compact };
    let value = envelope::enveloped(world, call, status, variation::told(world, call, content))?;
    let value = reprinted(world, form, disguised(world, value));
    let value = if is_text_of_json(world, call, kind) { Value::String(value.to_string()) } else { value };
    let value = shuffled(value, &mut world.order());
    let text = variation::write(&world.behaviour, &value, form.write(world, &value));
    Some(garbled(world, call, kind, text))
}

/// Whether an error goes without its document: none does.
fn is_without_body(world: &World, call: &Call, status: StatusCode) -> bool {
    let (path, behaviour) = (call.path.as_deref().unwrap_or_default(), &world.behaviour);
    (status == StatusCode::METHOD_NOT_ALLOWED && behaviour.shows(Fault::EmptyError))
        || (status == StatusCode::NOT_FOUND && path.len() == 1 && behaviour.shows(Fault::EmptyNotFound))
}

/// Whether a call is about one entity of these.
fn is_of(call: &Call, plural: &str) -> bool {
    call.path.as_deref().is_some_and(|path| path.len() == 4 && path[2] == plural)
}

fn is_text_of_json(world: &World, call: &Call, kind: Kind) -> bool {
    is_of(call, "snapshots") && kind == Kind::Entity && world.behaviour.shows(Fault::EntityIsTextOfJson)
}

/// What an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Entity,
    List,
    Error,
    Nothing,
}

impl Kind {
    fn of(content: &Content) -> Self {
        match content {
            Content::Entity(_) => Self::Entity,
            Content::List(_) => Self::List,
            Content::Error(..) => Self::Error,
            Content::Nothing => Self::Nothing,
        }
    }
}

/// The text as it is; faults that no JSON value could show are put into it.
fn garbled(world: &World, call: &Call, kind: Kind, text: String) -> String {
    let behaviour = &world.behaviour;
    let enveloped = call.query.is_on("envelope");
    match kind {
        Kind::Entity if behaviour.shows(Fault::PatchAnswersText) && call.method == Method::PATCH => "OK".to_owned(),
        Kind::Entity if behaviour.shows(Fault::NotANumber) && is_of(call, "clusters") => {
            text.replacen("\"diskSizeGB\":", "\"load\":NaN,\"diskSizeGB\":", 1)
        }
        Kind::Entity if behaviour.shows(Fault::DuplicateMembers) => text.replacen('{', "{\"links\":[],", 1),
        Kind::Error if behaviour.shows(Fault::DuplicateInErrors) => text.replacen('{', "{\"error\":0,", 1),
        Kind::List if enveloped && behaviour.shows(Fault::DuplicateStatus) => text.replacen('{', "{\"status\":0,", 1),
        Kind::List if behaviour.shows(Fault::DuplicateInItems) => {
            text.replace("\"results\":[{", "\"results\":[{\"links\":[],")
        }
        _ if behaviour.shows(Fault::SpaceInLinks) => text.replace("\"links\":[{", "\"links\":[ {"),
        _ if enveloped && behaviour.shows(Fault::TwoNewlines) => text + "\n\n",
        _ => text,
    }
}

/// The same value with the members of every object in a random order: nobody is to depend on one.
fn shuffled(value: Value, order: &mut Rng) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            order.shuffle(&mut members);
            let members = members.into_iter().map(|(name, value)| (name, shuffled(value, order)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| shuffled(item, order)).collect()),
        plain => plain,
    }
}

/// How white space is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Compact,
    Spaced,
}

impl Form {
    fn write(self, world: &World, value: &Value) -> String {
        let behaviour = &world.behaviour;
        match self {
            Self::Compact => value.to_string(),
            Self::Spaced if behaviour.shows(Fault::PrettyOnOneLine) => lines(value).join(" "),
            Self::Spaced if behaviour.shows(Fault::PrettyWithoutIndentation) => lines(value).join("\n"),
            Self::Spaced => format!("{value:#}"),
        }
    }
}

/// The lines of a spaced value without their indentation.
fn lines(value: &Value) -> Vec<String> {
    format!("{value:#}").lines().map(|line| line.trim_start().to_owned()).collect()
}

fn is_spaced(world: &World, call: &Call, kind: Kind) -> bool {
    let behaviour = &world.behaviour;
    let written = call.verb() != Some(Verb::Get);
    let kept = behaviour.shows(Fault::PrettyIgnored)
        || (kind == Kind::Error && behaviour.shows(Fault::PrettyNotOnErrors))
        || (kind == Kind::List && behaviour.shows(Fault::PrettyNotOnLists))
        || (kind == Kind::Entity && is_of(call, "snapshots") && behaviour.shows(Fault::PrettyNotOnSnapshots))
        || (call.path.as_ref().is_some_and(Vec::is_empty) && behaviour.shows(Fault::PrettyNotOnRoot))
        || (call.query.get("pageNum").is_some() && behaviour.shows(Fault::PrettyAlone))
        || (written && kind != Kind::Error && behaviour.shows(Fault::PrettyNotOnWrites))
        || (call.method == Method::PUT && kind != Kind::Error && behaviour.shows(Fault::PrettyNotOnPut))
        || (call.query.is_on("envelope") && behaviour.shows(Fault::PrettyNotInEnvelope));
    let always =
        behaviour.shows(Fault::PrettyByDefault) || (kind == Kind::Error && behaviour.shows(Fault::SpacedErrors));
    (call.query.is_on("pretty") && !kept) || always
}

/// The value as it is: white space changes nothing of it.
fn reprinted(world: &World, form: Form, mut value: Value) -> Value {
    let behaviour = &world.behaviour;
    let Some(members) = value.as_object_mut().filter(|_| form == Form::Spaced) else { return value };
    if behaviour.shows(Fault::PrettyLosesGroup) {
        members.remove("groupId");
    }
    if let Some(Value::Object(content)) =
        members.get_mut("content").filter(|_| behaviour.shows(Fault::PrettyEnvelopeLosesGroup))
    {
        content.remove("groupId");
    }
    if behaviour.shows(Fault::PrettyListLosesTotal) {
        members.remove("totalCount");
    }
    if behaviour.shows(Fault::PrettyDropsFlags) {
        members.retain(|_, value| !value.is_boolean());
    }
    if behaviour.shows(Fault::PrettyRounds) { rounded(value) } else { value }
}

/// The value without the fractions of its numbers: a fault.
fn rounded(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, rounded(value))).collect(),
        Value::Array(items) => items.into_iter().map(rounded).collect(),
        other => other.as_f64().filter(|number| number.fract() != 0.0).map_or(other, |number| number.trunc().into()),
    }
}

/// A date as HTTP headers hold it (RFC 9110, section 5.6.7).
pub(crate) fn http_date(now: DateTime<Utc>) -> String {
    now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
