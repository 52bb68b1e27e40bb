//! Reads a case or an invariant. What is of the wrong shape was reported by the grammar and reads as if left out.

use super::names::Names;
use super::names::OWN_NAMES;
use super::reading::Reading;
use crate::suite::vocabulary::{self, Meaning};
use crate::suite::{BodyKind, Case, Condition, Effects, Hazard, Invariant, Methods, Step, TemplateError, Varied, When};
use crate::yaml::{Node, did_you_mean};

/// A part of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Prepares.
    Preamble,
    /// Is judged.
    Steps,
    /// Cleans up.
    Postamble,
}

impl Reading<'_> {
    /// A case, or `None` if it has no id.
    pub(super) fn case(&mut self, node: &Node, chapter: &str) -> Option<Case> {
        let source = node.get("id")?.at.of(self.file);
        let id = self.id(node, chapter);
        self.list_requirements(node);
        let needs = self.needs(node);
        self.begin(Names::of(&needs));
        let effects = match word(node, "effects") {
            Some("writes") => Effects::Writes,
            _ => Effects::Reads,
        };
        let for_each = self.bindings(node, "for-each");
        let vary = self.vary(node);
        let bindings = self.bindings(node, "let");
        self.bind_values(node);
        let mut preamble = self.created(node, effects);
        preamble.extend(self.steps(node, Part::Preamble, effects));
        let steps = self.steps(node, Part::Steps, effects);
        let mut postamble = self.steps(node, Part::Postamble, effects);
        postamble.extend(self.deleted(node, effects));
        self.check_proven(node);
        Some(Case {
            id,
            chapter: chapter.to_owned(),
            purpose: word(node, "purpose").unwrap_or_default().to_owned(),
            requirements: self.listed.clone(),
            needs: std::mem::take(&mut self.names).all_needs(),
            effects,
            hazard: word(node, "hazard").map(|_| Hazard::Lockout),
            holds: texts(node.get("holds")),
            for_each,
            vary,
            bindings,
            preamble,
            steps,
            postamble,
            source,
        })
    }

    /// An invariant, or `None` if it has no id.
    pub(super) fn invariant(&mut self, node: &Node, chapter: &str) -> Option<Invariant> {
        let source = node.get("id")?.at.of(self.file);
        let id = self.id(node, chapter);
        self.list_requirements(node);
        self.begin(Names::default());
        let expect = self.invariant_blocks(node);
        self.methods(node);
        self.check_proven(node);
        Some(Invariant {
            id,
            chapter: chapter.to_owned(),
            purpose: word(node, "purpose").unwrap_or_default().to_owned(),
            requirements: self.listed.clone(),
            when: node.get("when").map(when).unwrap_or_default(),
            expect,
            source,
        })
    }

    /// No exchange has a method that nobody knows: what is meant is another one.
    fn methods(&mut self, node: &Node) {
        let Some(method) = node.get("when").and_then(|when| when.get("method")) else { return };
        for item in method.get("not").unwrap_or(method).one_or_many() {
            // That a method is in capitals is asked by the grammar.
            let is_method = |name: &&str| name.bytes().all(|byte| byte.is_ascii_uppercase());
            let Some(name) = item.text().filter(is_method).filter(|name| !METHODS.contains(name)) else { continue };
            let help = did_you_mean(name, METHODS);
            self.problem_with(item.at, format!("no request has the method `{name}`"), help);
        }
    }

    fn needs(&mut self, node: &Node) -> Vec<String> {
        let items = node.get("needs").map(Node::items).unwrap_or_default();
        for item in items {
            let Some(name) = item.text() else { continue };
            let known = &vocabulary::NEEDS;
            if !known.iter().any(|known| known == name) && !vocabulary::is_custom(name) {
                let mut help = did_you_mean(name, known.iter().map(String::as_str));
                let message = match vocabulary::meaning(name) {
                    Meaning::Parameter(parameter) => format!("what is inside `{}` cannot be needed", parameter.name),
                    Meaning::Always => format!("`{name}` is always there: no case needs to say so"),
                    Meaning::Declared(_) | Meaning::Unknown => {
                        help.get_or_insert_with(|| OWN_NAMES.to_owned());
                        format!("`{name}` is no claim, user, source or parameter of a target")
                    }
                };
                self.problem_with(item.at, message, help);
            }
        }
        texts(node.get("needs"))
    }

    fn bindings(&mut self, node: &Node, key: &str) -> Vec<(String, serde_json::Value)> {
        let mut bindings = Vec::new();
        for entry in node.get(key).map(Node::entries).unwrap_or_default() {
            self.templates(&entry.value);
            self.bind(&entry.key, entry.at);
            bindings.push((entry.key.clone(), entry.value.json()));
        }
        bindings
    }

    /// Binds what the file itself tells; a value that names something of the target, or saved by a step, stays unknown.
    fn bind_values(&mut self, node: &Node) {
        for entry in node.get("let").map(Node::entries).unwrap_or_default() {
            let bound = self.scope.bind(entry.key.clone(), &entry.value.json());
            if let Some(error) = bound.err().filter(TemplateError::is_excess) {
                self.problem(entry.at, error.to_string());
                return;
            }
        }
    }

    /// The conditions that a case varies; each binds the name of its dimension.
    fn vary(&mut self, node: &Node) -> Vec<Varied> {
        let mut varied = Vec::new();
        for entry in node.get("vary").map(Node::entries).unwrap_or_default() {
            let value = entry.value.text().unwrap_or_default();
            let condition = match entry.key.as_str() {
                "switches" => Condition::Switches,
                "connection" => Condition::Connection,
                "user" if value.starts_with("writers") => Condition::Writers,
                "user" => Condition::Readers,
                "groups" => Condition::Groups,
                _ => continue,
            };
            self.bind(condition.name(), entry.at);
            varied.push(Varied { condition, in_turn: value.ends_with("in-turn") });
        }
        varied
    }

    fn steps(&mut self, node: &Node, part: Part, effects: Effects) -> Vec<Step> {
        let key = match part {
            Part::Preamble => "preamble",
            Part::Steps => "steps",
            Part::Postamble => "postamble",
        };
        let steps = node.get(key).map(Node::items).unwrap_or_default();
        steps.iter().filter_map(|step| self.step(step, part, effects)).collect()
    }
}

/// The text of a key.
pub(super) fn word<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.text()
}

/// All texts of a list.
pub(super) fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
}

/// The methods that exchanges have (RFC 9110, section 9.3, and RFC 5789).
pub(super) const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

fn when(node: &Node) -> When {
    When {
        status: node.get("status").and_then(super::matcher::status),
        methods: node.get("method").map(|method| match method.get("not") {
            Some(not) => Methods::Not(many(not)),
            None => Methods::Only(many(method)),
        }),
        body: word(node, "body").and_then(|word| match word {
            "entity" => Some(BodyKind::Entity),
            "list" => Some(BodyKind::List),
            "error" => Some(BodyKind::Error),
            "json" => Some(BodyKind::Json),
            _ => None,
        }),
        envelope: node.get("envelope").and_then(Node::truth),
        pretty: node.get("pretty").and_then(Node::truth),
    }
}

fn many(node: &Node) -> Vec<String> {
    node.one_or_many().iter().filter_map(Node::text).map(str::to_owned).collect()
}
