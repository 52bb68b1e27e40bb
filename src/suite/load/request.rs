//! Reads a step: its action, what it sends, what it saves.

use std::time::Duration;

use serde_json::Value;

use super::case::{METHODS, Part, texts, word};
use super::reading::Reading;
use super::text::{json_path, request_line};
use crate::exchange::{Connection, Credentials};
use crate::suite::vocabulary::{NOBODY, OWNER, SOURCES, USERS};
use crate::suite::{Action, Body, CredentialsTemplate, Effects, RequestTemplate, Selector, Step, Wait};
use crate::yaml::{self, Entry, Node, Position, did_you_mean, nearest};

/// The longest wait of a case: more keeps a whole run for hours.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The keys that name an action.
const ACTIONS: [&str; 6] = ["request", "burst", "walk", "compare", "poll", "wait"];
/// Methods that change something.
const WRITING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

impl Reading<'_> {
    /// A step, or `None` if it has no action.
    pub(super) fn step(&mut self, node: &Node, part: Part, effects: Effects) -> Option<Step> {
        let line = ACTIONS.iter().find_map(|action| node.entry(action))?;
        for entry in
            node.entries().iter().filter(|entry| !["save", "expect", "proves", "if"].contains(&entry.key.as_str()))
        {
            self.templates(&entry.value);
        }
        let only_if = self.only_if(node);
        let save = self.save(node);
        let proves = self.step_proves(node, part);
        let action = self.action(node, line);
        self.check_request(node, line, &action, effects);
        let expect = self.blocks(node, part, line);
        Some(Step { action, only_if, save, expect, proves, source: line.at.of(self.file) })
    }

    /// The name that must have a value, which an earlier step may have saved.
    fn only_if(&mut self, node: &Node) -> Option<String> {
        let entry = node.entry("if")?;
        let name = entry.value.text()?;
        if !self.names.knows(name) {
            self.problem(entry.value.at, format!("no earlier step saves `{name}`"));
        }
        Some(name.to_owned())
    }

    fn action(&mut self, node: &Node, line: &Entry) -> Action {
        let request = Self::request(node, line);
        self.method(line.value.at, &request.method);
        let duration = |key, default: &str| word(node, key).unwrap_or(default).to_owned();
        match line.key.as_str() {
            "burst" => {
                let count = node.get("count").map(Node::json);
                if count.is_none() {
                    self.problem(line.at, "a burst needs `count`");
                }
                Action::Burst { request, count: count.unwrap_or(Value::from(1)) }
            }
            "walk" => self.walk(node, line, request),
            "compare" => self.compare(node, line, request),
            "poll" => {
                if node.get("until").is_none() {
                    self.problem(line.at, "a poll needs `until`");
                }
                let until = node.get("until").map(|until| self.part(until)).unwrap_or_default();
                Action::Poll { request, until, every: duration("every", "200ms"), within: duration("within", "30s") }
            }
            "wait" => Action::Wait(self.wait(&line.value)),
            _ => Action::Request { request, silence_accepted: node.get("silence").is_some() },
        }
    }

    /// A method that is nearly one of HTTP is a slip. One that is meant to be unknown is written as a value.
    fn method(&mut self, at: Position, method: &str) {
        if METHODS.contains(&method) || method.contains('{') {
            return;
        }
        if let Some(near) = nearest(method, METHODS).filter(|near| !near.eq_ignore_ascii_case(method)) {
            let help = format!(
                "write `{near}`; a method that is unknown on purpose stands in `for-each: {{ method: [{method}] }}`, and the \
                 step is `{{method}} URL`"
            );
            self.problem_with(at, format!("`{method}` is not a method of HTTP"), Some(help));
        }
    }

    fn wait(&mut self, node: &Node) -> Wait {
        if node.text().and_then(yaml::duration).is_some_and(|time| time > LONGEST_WAIT) {
            self.problem(node.at, "a wait is an hour at most");
        }
        if let Some(percent) = node.get("window-percent").and_then(Node::whole) {
            return Wait::WindowPercent(percent);
        }
        match (node.text(), node.get("window-second").and_then(Node::whole)) {
            (_, Some(second)) => Wait::WindowSecond(second),
            (Some(duration), None) if duration != "next-window" => Wait::Duration(duration.to_owned()),
            _ => Wait::NextWindow,
        }
    }

    fn walk(&mut self, node: &Node, line: &Entry, request: RequestTemplate) -> Action {
        let following = word(node, "following").unwrap_or("next").to_owned();
        if following != "*" && (node.get("depth").is_some() || node.get("to").is_some()) {
            self.problem(line.at, "`depth` and `to` are of use where every link is followed: `following: \"*\"`");
        }
        Action::Walk {
            request,
            following,
            at_most: whole(node, "at-most").unwrap_or(200),
            depth: whole(node, "depth").unwrap_or(usize::MAX),
            to: word(node, "to").map(str::to_owned),
        }
    }

    fn compare(&mut self, node: &Node, line: &Entry, request: RequestTemplate) -> Action {
        let change = node.get("change");
        if change.is_none() {
            self.problem(line.at, "a comparison needs `change`");
        }
        if let Some(at) = node.get("at") {
            self.path(at.at, at.text().unwrap_or_default());
        }
        Action::Compare {
            request,
            change_query: pairs(change.and_then(|change| change.get("query"))),
            change_headers: pairs(change.and_then(|change| change.get("headers"))),
            at: word(node, "at").unwrap_or("$").to_owned(),
            except: node.get("except").map_or(Value::Array(Vec::new()), Node::json),
        }
    }

    fn request(node: &Node, line: &Entry) -> RequestTemplate {
        let (method, url) = request_line(line.value.text().unwrap_or_default());
        RequestTemplate {
            method: method.to_owned(),
            url: url.to_owned(),
            segments: pairs(node.get("segments")),
            query: pairs(node.get("query")),
            headers: pairs(node.get("headers")),
            body: node.get("body").map(body),
            content_type: word(node, "content-type").map(str::to_owned),
            user: word(node, "as").unwrap_or(OWNER).to_owned(),
            credentials: credentials(node.get("credentials")),
            from: word(node, "from").map(str::to_owned),
            connection: match word(node, "connection") {
                Some("raw") => Connection::Raw,
                _ => Connection::Pooled,
            },
        }
    }

    /// Checks who sends a request, from where, and whether the case may.
    fn check_request(&mut self, node: &Node, line: &Entry, action: &Action, effects: Effects) {
        let Some(request) = action.request() else { return };
        let at = |key: &str| node.get(key).map_or(line.at, |value| value.at);
        match request.user.as_str() {
            NOBODY => {}
            template if template.starts_with('{') => {}
            user => self.check_user(at("as"), user, &[NOBODY]),
        }
        if let CredentialsTemplate::Plain(Credentials::KeyOf(other)) = &request.credentials {
            self.check_user(at("credentials"), other, &[]);
        }
        match request.from.as_deref() {
            None => {}
            Some(template) if template.starts_with('{') => {}
            Some(source) if SOURCES.contains(&source) => self.uses(at("from"), &format!("sources.{source}")),
            Some(source) => {
                let help = did_you_mean(source, SOURCES.iter().copied());
                self.problem_with(at("from"), format!("there is no source address `{source}`"), help);
            }
        }
        // A kind of document may have no PATCH.
        if request.method == "PATCH" && !request.url.starts_with("{restricted") && self.names.needs_of("document") {
            self.always_needs("document.patch");
        }
        let rightly = request.credentials == CredentialsTemplate::Plain(Credentials::Right) && request.user != NOBODY;
        if effects == Effects::Reads && rightly && WRITING.contains(&request.method.as_str()) {
            self.problem(line.value.at, format!("{} in a case whose `effects` are not `writes`", request.method));
        }
    }

    /// Checks the name of a user of the target file; `also` names who may stand there, too.
    fn check_user(&mut self, at: Position, user: &str, also: &[&'static str]) {
        match user {
            OWNER => self.always_needs("users.owner"),
            user if USERS.contains(&user) => self.uses(at, &format!("users.{user}")),
            user => {
                let help = did_you_mean(user, USERS.iter().chain(also).copied());
                self.problem_with(at, format!("there is no user `{user}`"), help);
            }
        }
    }

    /// The requirements that the step's own verdict is about; what it judges itself proves them.
    fn step_proves(&mut self, node: &Node, part: Part) -> Vec<String> {
        let named = self.proves(node);
        let judges = ["compare", "poll"].iter().any(|action| node.get(action).is_some());
        if part == Part::Steps && judges {
            match (&named, self.listed.as_slice()) {
                (Some(named), _) => self.proven.extend(named.iter().cloned()),
                (None, [only]) => {
                    self.proven.insert(only.clone());
                }
                (None, _) => {
                    self.problem(node.at, "the case has several requirements: say with `proves` which of them");
                }
            }
        }
        named.filter(|named| !named.is_empty()).unwrap_or_else(|| self.listed.clone())
    }

    fn save(&mut self, node: &Node) -> Vec<(String, Selector)> {
        let mut saved = Vec::new();
        for entry in node.get("save").map(Node::entries).unwrap_or_default() {
            let Some(text) = entry.value.text() else { continue };
            self.template(entry.value.at, text);
            self.bind(&entry.key, entry.at);
            let selector = selector(text);
            if let Selector::Body(path) | Selector::RequestBody(path) = &selector {
                self.path(entry.value.at, path);
            } else if node.get("walk").is_some() {
                self.problem(entry.value.at, "from a walk, a JSONPath in its summary is saved");
            }
            saved.push((entry.key.clone(), selector));
        }
        saved
    }

    /// Checks a JSONPath.
    pub(super) fn path(&mut self, at: Position, path: &str) {
        if let Some(message) = json_path(path) {
            self.problem(at, message);
        }
    }
}

fn selector(text: &str) -> Selector {
    match text {
        "status" => Selector::Status,
        "location" => Selector::Location,
        "media-type" => Selector::MediaType,
        "self" => Selector::Link("self".into()),
        "challenge.nonce" => Selector::ChallengeNonce,
        _ => {
            let rest = |prefix| text.strip_prefix(prefix).map(str::to_owned);
            if let Some(name) = rest("header.") {
                Selector::Header(name)
            } else if let Some(relation) = rest("link.") {
                Selector::Link(relation)
            } else if let Some(path) = rest("request.") {
                Selector::RequestBody(path)
            } else {
                Selector::Body(text.to_owned())
            }
        }
    }
}

fn credentials(node: Option<&Node>) -> CredentialsTemplate {
    let Some(node) = node else { return CredentialsTemplate::Plain(Credentials::Right) };
    if let Some(other) = word(node, "key-of") {
        return CredentialsTemplate::Plain(Credentials::KeyOf(other.to_owned()));
    }
    if let (Some(nonce), Some(count)) = (word(node, "nonce"), node.get("count").and_then(Node::whole)) {
        return CredentialsTemplate::Nonce { nonce: nonce.to_owned(), count: u32::try_from(count).unwrap_or(u32::MAX) };
    }
    CredentialsTemplate::Plain(node.text().and_then(Credentials::named).unwrap_or_default())
}

fn body(node: &Node) -> Body {
    if let Some(merge) = node.get("merge") {
        return Body::Merge {
            merge: merge.json(),
            with: node.get("with").map_or(Value::Object(serde_json::Map::new()), Node::json),
            set: pairs(node.get("set")),
            remove: texts(node.get("remove")),
            reversed: node.get("order").is_some(),
        };
    }
    if let (Some(json), Some(ending)) = (node.get("json"), word(node, "ending")) {
        return Body::Ended { json: json.json(), ending: ending.to_owned() };
    }
    match word(node, "text") {
        Some(text) => Body::Text(text.to_owned()),
        None => Body::Json(node.json()),
    }
}

fn pairs(node: Option<&Node>) -> Vec<(String, Value)> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect()
}

fn whole(node: &Node, key: &str) -> Option<usize> {
    usize::try_from(node.get(key)?.whole()?).ok()
}
