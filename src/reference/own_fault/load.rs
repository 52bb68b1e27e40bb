//! Reads a file of faults: every problem at once.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde_json_path::JsonPath;

use super::grammar::FAULT_FILE;
use super::when::{PathPattern, Statuses, When};
use super::{Edit, OwnFault};
use crate::yaml::{self, Node, Position, Problem, Shape};

/// The longest delay of a response.
const LONGEST_DELAY: Duration = Duration::from_hours(1);

impl OwnFault {
    /// The faults that a file holds, in its order.
    pub fn load(file: &str, text: &str) -> Result<Vec<Self>, Vec<Problem>> {
        let mut tree = yaml::parse(file, text).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        yaml::check(&Shape::Object(&FAULT_FILE), &mut tree, file, &mut problems);
        if !problems.is_empty() {
            problems.sort();
            return Err(problems);
        }
        let mut reader = Reader { file, problems };
        let nodes = tree.get("faults").map(Node::items).unwrap_or_default();
        let mut faults: Vec<Self> = Vec::new();
        for node in nodes {
            let fault = reader.fault(node);
            if faults.iter().any(|earlier| earlier.name == fault.name) {
                reader.problem(node.at, format!("another fault is called `{}`", fault.name));
            }
            faults.push(fault);
        }
        if reader.problems.is_empty() { Ok(faults) } else { Err(reader.problems) }
    }
}

struct Reader<'f> {
    file: &'f str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: Position, message: impl Into<String>) {
        self.problems.push(at.problem(self.file, message));
    }

    fn fault(&mut self, node: &Node) -> OwnFault {
        let name = text_of(node, "name").unwrap_or_default();
        let when = node.get("when").map(when).unwrap_or_default();
        let edit = node.get("edit").map(|node| self.edit(node)).unwrap_or_default();
        OwnFault { name, when, edit }
    }

    fn edit(&mut self, node: &Node) -> Edit {
        let entries = |key: &str| node.get(key).map(Node::entries).unwrap_or_default();
        let status =
            node.get("status").and_then(Node::whole).and_then(|it| StatusCode::from_u16(u16::try_from(it).ok()?).ok());
        let delay = node.get("delay").map(|node| self.delay(node)).unwrap_or_default();
        let headers =
            entries("headers").iter().filter_map(|entry| self.header(&entry.key, entry.at, &entry.value)).collect();
        let removed = node.get("remove").map(Node::one_or_many).unwrap_or_default();
        let remove = removed.iter().filter_map(|node| self.path(node.text()?, node.at)).collect();
        let set = entries("set")
            .iter()
            .filter_map(|entry| Some((self.path(&entry.key, entry.at)?, entry.value.json())))
            .collect();
        let add = entries("add").iter().filter_map(|entry| {
            let members = entry.value.json().as_object()?.clone();
            Some((self.path(&entry.key, entry.at)?, members))
        });
        let add = add.collect();
        Edit { delay, status, headers, body: text_of(node, "body"), remove, set, add }
    }

    fn delay(&mut self, node: &Node) -> Duration {
        let delay = node.text().and_then(yaml::duration).filter(|delay| *delay <= LONGEST_DELAY);
        if delay.is_none() {
            self.problem(node.at, "a response is delayed by an hour at most");
        }
        delay.unwrap_or_default()
    }

    fn header(&mut self, name: &str, at: Position, value: &Node) -> Option<(HeaderName, Option<HeaderValue>)> {
        let value = value.text().and_then(|text| HeaderValue::from_str(text).ok());
        let Ok(read) = name.parse::<HeaderName>() else {
            self.problem(at, format!("`{name}` is not the name of a header"));
            return None;
        };
        Some((read, value))
    }

    fn path(&mut self, text: &str, at: Position) -> Option<JsonPath> {
        let read = JsonPath::parse(text);
        if let Err(error) = &read {
            self.problem(at, format!("`{text}` is not a JSONPath: {error}"));
        }
        read.ok()
    }
}

fn text_of(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

fn when(node: &Node) -> When {
    let texts = |key: &str| node.get(key).map(Node::one_or_many).unwrap_or_default();
    let parameter = |entry: &yaml::Entry| {
        let value = entry.value.text().map_or_else(|| entry.value.json().to_string(), str::to_owned);
        (entry.key.clone(), value)
    };
    When {
        methods: texts("method").iter().filter_map(|node| node.text().map(str::to_owned)).collect(),
        path: text_of(node, "path").map(|text| PathPattern::new(&text)),
        statuses: texts("status").iter().filter_map(statuses).collect(),
        query: node.get("query").map(Node::entries).unwrap_or_default().iter().map(parameter).collect(),
        user: text_of(node, "user"),
        skip: node.get("skip").and_then(Node::whole).unwrap_or_default(),
        times: node.get("times").and_then(Node::whole),
    }
}

fn statuses(node: &Node) -> Option<Statuses> {
    if let Some(code) = node.whole() {
        return u16::try_from(code).ok().map(Statuses::Code);
    }
    let text = node.text()?;
    match text.strip_suffix("xx") {
        Some(class) => class.parse().ok().map(Statuses::Class),
        None => text.parse().ok().map(Statuses::Code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_with_its_place() {
        let text = "format: 1\nfaults:\n  - name: a\n    edit: { remove: '$[', headers: { 'x y': z }, delay: 9h }\n  - name: a\n    edit: { status: 500 }\n";
        let problems = OwnFault::load("f.yaml", text).expect_err("problems");
        let told: Vec<(usize, &str)> = problems.iter().map(|it| (it.source.line, it.message.as_str())).collect();
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 4, 4, 5], "{told:?}");
        assert!(told[0].1.contains("an hour") && told[3].1 == "another fault is called `a`", "{told:?}");
        let unknown = OwnFault::load("f.yaml", "format: 1\nfaults:\n  - name: a\n    edit: { stauts: 500 }\n");
        assert!(unknown.expect_err("a problem")[0].help.as_deref().is_some_and(|help| help.contains("`status`")));
    }

    #[test]
    fn conditions_and_edits_are_read() {
        let text = "format: 1\nfaults:\n  - name: slow\n    when: { method: GET, path: /groups/*, status: [404, 5xx], query: { pretty: true, pageNum: 2 }, user: reader, skip: 1, times: 2 }\n    edit: { delay: 300ms, status: 503, headers: { Retry-After: '3', ETag: null }, set: { $.a: [1] }, add: { $: { b: null } } }\n";
        let faults = OwnFault::load("f.yaml", text).expect("faults");
        let [OwnFault { when, edit, .. }] = &faults[..] else { panic!("one fault: {faults:?}") };
        assert_eq!(when.statuses, [Statuses::Code(404), Statuses::Class(5)]);
        assert_eq!(when.query, [("pretty".to_owned(), "true".to_owned()), ("pageNum".to_owned(), "2".to_owned())]);
        assert_eq!(
            (when.methods.join(","), when.user.as_deref(), when.skip, when.times),
            ("GET".to_owned(), Some("reader"), 1, Some(2))
        );
        assert_eq!((edit.delay, edit.status.map(|it| it.as_u16())), (Duration::from_millis(300), Some(503)));
        assert!(
            edit.headers.len() == 2
                && edit.headers[1].1.is_none()
                && edit.set.len() == 1
                && edit.add[0].1.contains_key("b")
        );
    }
}
