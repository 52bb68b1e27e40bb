//! Holds a tree against a shape and reports everything that does not fit.

use super::settle::settle;
use super::synonyms;
use super::{Choice, Key, Object, Presence, Rest, Shape, either};
use crate::yaml::{Content, Entry, Node, Problem, did_you_mean};

/// Adds everything in `node` that is not as `shape` says to `problems`; numbers in it that are due as texts become texts.
pub(crate) fn check(shape: &Shape, node: &mut Node, file: &str, problems: &mut Vec<Problem>) {
    check_joined(shape, node, &[file], problems);
}

/// The same for a tree that was joined from several files.
pub(crate) fn check_joined(shape: &Shape, node: &mut Node, files: &[&str], problems: &mut Vec<Problem>) {
    settle(shape, node);
    for (at, written) in node.odd_numbers() {
        let message = format!("`{written}` is a number that JSON does not know");
        let help = Some("write it in quotes if it is a text, otherwise in decimal digits".to_owned());
        problems.push(Problem { help, ..at.within(files, message) });
    }
    Checker { files, problems }.check(shape, node);
}

struct Checker<'a> {
    files: &'a [&'a str],
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn check(&mut self, shape: &Shape, node: &Node) {
        match (shape, &node.content) {
            // That is told for the whole tree.
            (_, Content::OddNumber(_)) => {}
            (Shape::OneOf(shapes), _) => match choose(shapes, node) {
                Some(chosen) => self.check(chosen, node),
                None => self.unexpected(shape, node),
            },
            (Shape::Hidden(inner), _) => self.check_hidden(inner, node),
            (Shape::List(inner), Content::List(items)) => self.check_all(inner, items.iter()),
            (Shape::Filled(inner), Content::List(items)) if !items.is_empty() => {
                self.check_all(inner, items.iter());
            }
            (Shape::Named(inner), Content::Map(entries)) => {
                self.check_all(inner, entries.iter().map(|entry| &entry.value));
            }
            (Shape::Object(object), Content::Map(entries)) => self.check_object(object, node, entries),
            _ if admits(shape, node) => {}
            _ => self.unexpected(shape, node),
        }
    }

    /// Says that something does not fit and what may have been meant, and never what stands there.
    fn check_hidden(&mut self, inner: &Shape, node: &Node) {
        let mut found = Vec::new();
        if inner.takes(&node.content) {
            Checker { files: self.files, problems: &mut found }.check(inner, node);
        }
        if !found.is_empty() || !inner.takes(&node.content) {
            let help = found.into_iter().find_map(|problem| problem.help);
            let message = format!("expected {}", inner.wanted());
            self.problems.push(Problem { help, ..node.at.within(self.files, message) });
        }
    }

    fn check_all<'n>(&mut self, shape: &Shape, nodes: impl Iterator<Item = &'n Node>) {
        for node in nodes {
            self.check(shape, node);
        }
    }

    fn unexpected(&mut self, shape: &Shape, node: &Node) {
        let mut problem = node.at.within(self.files, format!("expected {}, found {}", shape.wanted(), found(node)));
        problem.help = node.text().and_then(|text| did_you_mean(text, shape.words()));
        self.problems.push(problem);
    }

    fn check_object(&mut self, object: &Object, node: &Node, entries: &[Entry]) {
        for entry in entries {
            match (object.key(&entry.key), &object.rest) {
                (Some(key), _) => self.check_key(object, key, node, entry),
                (None, Rest::Own(shape, _)) if shape.takes(&entry.value.content) => self.check(shape, &entry.value),
                (None, Rest::Own(shape, advice)) if did_you_mean(&entry.key, object.names()).is_none() => {
                    let message = format!("`{}` is a name of your own: expected {}", entry.key, shape.wanted());
                    let help = Some((*advice).to_owned());
                    self.problems.push(Problem { help, ..entry.value.at.within(self.files, message) });
                }
                (None, _) => self.unknown(object, entry),
            }
        }
        for key in object.keys.iter().filter(|key| key.presence == Presence::Required) {
            if node.get(key.name).is_none() {
                let message = format!("{} needs `{}`: {}", object.title, key.name, key.doc);
                self.problems.push(node.at.within(self.files, message));
            }
        }
        self.check_choice(object, node, entries);
    }

    fn check_key(&mut self, object: &Object, key: &Key, node: &Node, entry: &Entry) {
        let allowed = key.with.is_empty() || key.with.iter().any(|other| node.get(other).is_some());
        // Without any action the missing action is the problem, not all that should stand beside it.
        if !allowed && let Some(present) = chosen_key(object, node) {
            let with = either(key.with.iter().map(|other| format!("`{other}`")).collect());
            let message = format!("`{}` goes with {with}, not with `{present}`", entry.key);
            self.problems.push(entry.at.within(self.files, message));
        }
        self.check(&key.shape, &entry.value);
    }

    fn unknown(&mut self, object: &Object, entry: &Entry) {
        let mut problem = entry.at.within(self.files, format!("`{}` is no key of {}", entry.key, object.title));
        problem.help = did_you_mean(&entry.key, object.names())
            .or_else(|| Some(format!("write `{}`", synonyms::meant(&entry.key, object.names())?)))
            .or_else(|| Some(format!("its keys are {}", object.names().collect::<Vec<_>>().join(", "))));
        self.problems.push(problem);
    }

    fn check_choice(&mut self, object: &Object, node: &Node, entries: &[Entry]) {
        let quoted = |keys: &[&str]| either(keys.iter().map(|key| format!("`{key}`")).collect());
        match &object.choice {
            Choice::Some if entries.is_empty() => {
                self.problems.push(node.at.within(self.files, format!("{} needs a key at least", object.title)));
            }
            Choice::AnyOf(keys) if keys.iter().all(|key| node.get(key).is_none()) => {
                let message = format!("{} needs one of {}", object.title, quoted(keys));
                self.problems.push(node.at.within(self.files, message));
            }
            Choice::Free | Choice::Some | Choice::AnyOf(_) => {}
            Choice::One(keys) => {
                let mut present = entries.iter().filter(|entry| keys.contains(&entry.key.as_str()));
                match (present.next(), present.next()) {
                    (None, _) => {
                        let message = format!("{} needs one of {}", object.title, quoted(keys));
                        self.problems.push(node.at.within(self.files, message));
                    }
                    (Some(first), Some(second)) => {
                        let message =
                            format!("{} has `{}` already, and `{}` beside it", object.title, first.key, second.key);
                        self.problems.push(second.at.within(self.files, message));
                    }
                    (Some(_), None) => {}
                }
            }
        }
    }
}

/// The key of the object's choice that is there.
fn chosen_key(object: &Object, node: &Node) -> Option<&'static str> {
    match &object.choice {
        Choice::One(keys) => keys.iter().copied().find(|key| node.get(key).is_some()),
        _ => None,
    }
}

/// The alternative that a value means to be, or `None` if it can be none of them.
pub(super) fn choose<'a>(shapes: &'a [Shape], node: &Node) -> Option<&'a Shape> {
    if let Some(shape) = shapes.iter().find(|shape| admits(shape, node)) {
        return Some(shape);
    }
    // A scalar that fits none is told about all of them.
    let collection = matches!(node.content, Content::Map(_) | Content::List(_));
    shapes.iter().rev().filter(|_| collection).find(|shape| shape.takes(&node.content))
}

/// Whether a value fits, or, for what has something inside, clearly means to.
pub(super) fn admits(shape: &Shape, node: &Node) -> bool {
    match (shape, &node.content) {
        (Shape::Whole(least, most), Content::Number(number)) => {
            number.as_u64().is_some_and(|number| (*least..=*most).contains(&number))
        }
        (Shape::True, Content::Bool(truth)) => *truth,
        (Shape::Format(format), Content::Text(text)) => format.regex.is_match(text),
        (Shape::Words(words), Content::Text(text)) => words.contains(&text.as_str()),
        (Shape::Filled(_), Content::List(items)) => !items.is_empty(),
        (Shape::Object(object), Content::Map(_)) => {
            object.keys.iter().all(|key| key.presence != Presence::Required || node.get(key.name).is_some())
        }
        (Shape::OneOf(shapes), _) => shapes.iter().any(|shape| admits(shape, node)),
        _ => shape.takes(&node.content),
    }
}

fn found(node: &Node) -> String {
    match &node.content {
        Content::Null => "nothing".into(),
        Content::Bool(truth) => format!("`{truth}`"),
        Content::Number(number) => format!("`{number}`"),
        Content::OddNumber(written) => format!("`{written}`"),
        Content::Text(text) if text.is_empty() => "an empty text".into(),
        Content::Text(text) if text.chars().count() > 60 => {
            format!("`{}…`", text.chars().take(60).collect::<String>())
        }
        Content::Text(text) => format!("`{text}`"),
        Content::List(items) if items.is_empty() => "an empty list".into(),
        Content::List(_) => "a list".into(),
        Content::Map(_) => "a map".into(),
    }
}
