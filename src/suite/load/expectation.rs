//! Reads blocks of expectations, and sees to it that each says what it proves.

use serde_json::Value;

use super::case::Part;
use super::matcher::says;
use super::reading::Reading;
use crate::suite::{Block, ChallengeRule, Check, Expectation, Matcher, OwnRule, PhraseForm, Rule, WhiteSpace};
use crate::yaml::{Entry, Node, Position};

/// What the expectations of a step speak about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// One answer.
    Answer,
    /// All answers of a burst.
    Burst,
    /// The summary of a walk.
    Walk,
    /// No answer at all.
    Nothing,
}

impl Subject {
    fn of(action: &str) -> Self {
        match action {
            "burst" => Self::Burst,
            "walk" => Self::Walk,
            "wait" => Self::Nothing,
            _ => Self::Answer,
        }
    }

    /// Why a key makes no sense here, or `None` if it does.
    fn refuses(self, key: &str) -> Option<&'static str> {
        match (self, key) {
            (Self::Burst | Self::Walk, "given") => Some("goes with a single response"),
            (_, "proves" | "values") | (Self::Burst, _) | (Self::Walk, "each" | "body") => None,
            (_, "first" | "last") => Some("goes with a burst"),
            (Self::Answer, "each") => Some("goes with a walk or a burst"),
            (Self::Answer, _) => None,
            (Self::Walk, _) => Some("says nothing about a walk's summary: write it under `each`"),
            (Self::Nothing, _) => Some("needs a response, and a wait has none"),
        }
    }
}

impl Reading<'_> {
    /// The blocks of a step.
    pub(super) fn blocks(&mut self, node: &Node, part: Part, line: &Entry) -> Vec<Block> {
        let Some(expect) = node.entry("expect") else {
            self.check_judges(node, part, line);
            return Vec::new();
        };
        if part == Part::Postamble {
            self.problem(expect.at, "the postamble is not judged: nothing can be expected there");
        }
        let of_step = self.proves_quietly(node);
        let subject = Subject::of(&line.key);
        let blocks = expect.value.one_or_many().iter();
        blocks.map(|block| self.block(block, part, subject, of_step.as_deref())).collect()
    }

    /// A step that is judged must be able to fail, or leave something behind for one that is.
    fn check_judges(&mut self, node: &Node, part: Part, line: &Entry) {
        let judges = ["compare", "poll", "wait"].contains(&line.key.as_str());
        if part == Part::Steps && !judges && node.get("save").is_none() {
            self.problem(
                line.at,
                "a judged step that expects nothing cannot fail: give it `expect`, or prepare with it",
            );
        }
    }

    /// The step's `proves`, whose problems were noted when the step was read.
    fn proves_quietly(&self, node: &Node) -> Option<Vec<String>> {
        let named = node.get("proves")?.one_or_many().iter().filter_map(Node::text);
        Some(named.filter(|id| self.listed.iter().any(|listed| listed == id)).map(str::to_owned).collect())
    }

    /// The blocks of an invariant.
    pub(super) fn invariant_blocks(&mut self, node: &Node) -> Vec<Block> {
        let Some(expect) = node.get("expect") else { return Vec::new() };
        let blocks = expect.one_or_many().iter();
        blocks.map(|block| self.block(block, Part::Steps, Subject::Answer, None)).collect()
    }

    fn block(&mut self, node: &Node, part: Part, subject: Subject, of_step: Option<&[String]>) -> Block {
        self.templates(node);
        for entry in node.entries() {
            if let Some(why) = subject.refuses(&entry.key) {
                self.problem(entry.at, format!("`{}` {why}", entry.key));
            }
        }
        let proves = self.block_proves(node, part, of_step);
        let given = node.get("given").map(|given| self.part(given)).unwrap_or_default();
        Block { proves, given, expectations: self.part(node) }
    }

    fn block_proves(&mut self, node: &Node, part: Part, of_step: Option<&[String]>) -> Vec<String> {
        let named = self.proves(node);
        if part != Part::Steps {
            return self.listed.clone();
        }
        let proves = match (named, of_step, self.listed.as_slice()) {
            (Some(named), _, _) => named,
            (None, Some(of_step), _) => of_step.to_vec(),
            (None, None, [only]) => vec![only.clone()],
            (None, None, []) => Vec::new(),
            (None, None, _) => {
                self.problem(node.at, "the case has several requirements: say with `proves` which of them");
                Vec::new()
            }
        };
        self.proven.extend(proves.iter().cloned());
        proves
    }

    /// The expectations of a block, in the order of the file.
    pub(super) fn part(&mut self, node: &Node) -> Vec<Expectation> {
        let mut all = Vec::new();
        for entry in node.entries() {
            let found = self.expectation(entry);
            let file = self.file;
            all.extend(found.into_iter().map(|Stated { at, check, says }| Expectation {
                check,
                source: at.of(file),
                says,
            }));
        }
        all
    }

    fn expectation(&mut self, entry: &Entry) -> Vec<Stated> {
        let value = &entry.value;
        let check = match entry.key.as_str() {
            "headers" => return self.by_name(value, Check::Header),
            "body" => {
                value.entries().iter().for_each(|entry| self.path(entry.at, &entry.key));
                return self.by_name(value, Check::Body);
            }
            "values" => return self.by_name(value, |name, matcher| Check::Value(Value::String(name), matcher)),
            "everywhere" => {
                let rules = value.items().iter();
                let check = |item: &Node| Some(Check::Everywhere(Rule::named(item.text()?)?));
                return rules.filter_map(|item| Some(Stated::new(item.at, check(item)?))).collect();
            }
            "own-request" => {
                let rules = value.items().iter();
                let check = |item: &Node| Some(Check::Own(OwnRule::named(item.text()?)?));
                return rules.filter_map(|item| Some(Stated::new(item.at, check(item)?))).collect();
            }
            "status" => super::matcher::status(value).map(Check::Status),
            "media-type" => Some(Check::MediaTypeJson),
            "schema" => {
                self.schema(value);
                value.text().map(|name| Check::Schema(name.to_owned()))
            }
            "text" => Some(Check::Text(self.outer_matcher(value))),
            "bytes" => Some(Check::Bytes(self.outer_matcher(value))),
            "mentions" => value.text().map(|field| Check::Mentions(field.to_owned())),
            "white-space" => value.text().map(|word| Check::WhiteSpace(white_space(word))),
            "challenge" => value.text().and_then(ChallengeRule::named).map(Check::Challenge),
            "reason-phrase" => value.text().map(|word| Check::ReasonPhrase(phrase_form(word))),
            "time" => Some(Check::Time(self.outer_matcher(value))),
            "each" => Some(Check::Each(self.part(value))),
            "first" => value.get("count").map(|count| Check::First(count.json(), self.part(value))),
            "last" => value.get("count").map(|count| Check::Last(count.json(), self.part(value))),
            _ => None,
        };
        check.map(|check| Stated { at: entry.at, check, says: says(value) }).into_iter().collect()
    }
}

/// A check, the place that states it, and what its author says of a response that breaks it.
struct Stated {
    at: Position,
    check: Check,
    says: Option<String>,
}

impl Stated {
    fn new(at: Position, check: Check) -> Self {
        Self { at, check, says: None }
    }
}

impl Reading<'_> {
    /// A check for each entry of a map, at the place of its key.
    fn by_name(&mut self, node: &Node, check: impl Fn(String, Matcher) -> Check) -> Vec<Stated> {
        let entries = node.entries().iter();
        let stated = |entry: &Entry| {
            let matcher = self.outer_matcher(&entry.value);
            Stated { at: entry.at, check: check(entry.key.clone(), matcher), says: says(&entry.value) }
        };
        entries.map(stated).collect()
    }
}

fn white_space(word: &str) -> WhiteSpace {
    if word == "indented" { WhiteSpace::Indented } else { WhiteSpace::None }
}

fn phrase_form(word: &str) -> PhraseForm {
    if word == "exact" { PhraseForm::Exact } else { PhraseForm::Standard }
}
