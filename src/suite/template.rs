//! Templates: `{name}` in strings, filled in with what a case has saved and what the target file says.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::size::Room;
use super::uniques::Uniques;
use crate::reason::Reason;

/// Up to here, every whole number is one that is written without a fraction, too.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// How deep names in the target's parameters may refer to other names.
const DEPTH: usize = 8;

/// How deep templates may stand inside each other.
const NESTED: usize = 8;

/// What follows a name whose value is written as JSON, which is a literal of JSONPath, too.
const AS_JSON: &str = ":json";

/// Why a template cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No such name.
    #[error("`{{{0}}}` has no value here")]
    Missing(String),
    /// An array or object inside longer text.
    #[error("`{{{0}}}` is no text, number or boolean and cannot stand inside one")]
    NotText(String),
    /// A brace without its pair.
    #[error("`{0}` has an opening brace that is not closed")]
    Unclosed(String),
    /// Templates inside templates inside templates.
    #[error("templates stand more than {NESTED} deep inside each other")]
    TooDeep,
    /// Names that refer to each other in a circle.
    #[error("`{{{0}}}` refers to itself")]
    Circle(String),
    /// More than a case needs; the bounds.
    #[error("the templates give too much: more than {0}")]
    TooLarge(String),
    /// Arrays and objects inside each other; the bound.
    #[error("the templates give arrays and objects more than {0} deep inside each other")]
    TooNested(usize),
}

impl TemplateError {
    /// Whether what a template gives is beyond the bounds, whatever its names stand for.
    pub fn is_excess(&self) -> bool {
        matches!(self, Self::TooLarge(_) | Self::TooNested(_))
    }
}

impl TemplateError {
    /// Why a test whose template it is cannot be judged; `after_failure` says whether a step of it failed before.
    pub fn reason(self, after_failure: bool) -> Reason {
        match self {
            Self::Missing(name) => Reason::NoValue { name, after_failure },
            other => Reason::CaseError { cause: other.to_string() },
        }
    }
}

/// What the names of one case instance stand for.
#[derive(Clone, Debug)]
pub struct Scope {
    /// From the target file; strings in it may hold templates.
    globals: Arc<Map<String, Value>>,
    /// Saved and bound; taken as it is, whatever the target put into it.
    names: Map<String, Value>,
    /// Names of the target that stand for one of several: `document` for `documents.boats`.
    chosen: BTreeMap<String, String>,
    uniques: Arc<Uniques>,
    /// What may still be bound.
    room: Room,
}

impl Scope {
    /// A scope that knows the target's names alone.
    pub fn new(globals: Arc<Map<String, Value>>, uniques: Arc<Uniques>) -> Self {
        Self { globals, names: Map::new(), chosen: BTreeMap::new(), uniques, room: Room::default() }
    }

    /// Whether something is bound to a name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Lets a name of the target stand for one of several: `document` for `documents.boats`.
    pub fn choose(&mut self, name: impl Into<String>, stands_for: impl Into<String>) {
        self.chosen.insert(name.into(), stands_for.into());
    }

    /// What the target says under this name, templates and all.
    pub(crate) fn declared(&self, name: &str) -> Option<&Value> {
        let (first, path) = name.split_once('.').map_or((name, None), |(first, path)| (first, Some(path)));
        self.globals.get(first).and_then(|value| within(value, path))
    }

    /// The name of what was chosen to stand for a name, or for what the name lies in.
    fn chosen(&self, name: &str) -> Option<String> {
        let rest = |known: &str| name.strip_prefix(known).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        self.chosen.iter().rev().find_map(|(known, stands_for)| Some(format!("{stands_for}{}", rest(known)?)))
    }

    /// The same scope, with unique texts from there.
    #[must_use]
    pub fn with_uniques(&self, uniques: &Arc<Uniques>) -> Self {
        Self { uniques: Arc::clone(uniques), ..self.clone() }
    }

    /// What stands for all that is bound so far: the same values have the same.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.names.iter().for_each(|(name, value)| (name, value.to_string()).hash(&mut hasher));
        hasher.finish()
    }

    /// Binds a name.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.names.insert(name.into(), value);
    }

    /// Fills in a value and binds a name to it. What is bound in this way is bounded in all.
    pub fn bind(&mut self, name: impl Into<String>, template: &Value) -> Result<(), TemplateError> {
        let value = self.value(template)?;
        self.room.take_value(&value)?;
        self.set(name, value);
        Ok(())
    }

    /// Fills in all strings of a value, names of members included.
    pub fn value(&self, template: &Value) -> Result<Value, TemplateError> {
        self.fill(template, 0, &mut Room::default())
    }

    /// Fills in a text.
    pub fn text(&self, template: &str) -> Result<String, TemplateError> {
        self.fill_text(template, 0, &mut Room::default())
    }

    fn fill(&self, template: &Value, depth: usize, room: &mut Room) -> Result<Value, TemplateError> {
        room.take_one()?;
        Ok(match template {
            Value::String(text) => match only_name(text) {
                Some(name) => self.look_up(&self.fill_text(name, depth, room)?, depth, room)?,
                None => Value::String(self.fill_text(text, depth, room)?),
            },
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill(item, depth, room)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let mut filled = Map::new();
                for (name, value) in members {
                    filled.insert(self.fill_text(name, depth, room)?, self.fill(value, depth, room)?);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }

    fn fill_text(&self, template: &str, depth: usize, room: &mut Room) -> Result<String, TemplateError> {
        room.take_text(template)?;
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("{{") {
                out.push('{');
                rest = after;
            } else if opens_name(rest) {
                let end = closing(rest, template)?;
                let name = self.fill_text(&rest[1..end], depth, room)?;
                out.push_str(&as_text(&name, &self.look_up(&name, depth, room)?)?);
                rest = &rest[end + 1..];
            } else {
                out.push('{');
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn look_up(&self, name: &str, depth: usize, room: &mut Room) -> Result<Value, TemplateError> {
        if depth > DEPTH {
            return Err(TemplateError::Circle(name.to_owned()));
        }
        if let Some(name) = name.strip_suffix(AS_JSON) {
            return Ok(Value::String(self.look_up(name, depth, room)?.to_string()));
        }
        if let Some(unique) = self.uniques.value(name) {
            return Ok(unique);
        }
        let missing = || TemplateError::Missing(name.to_owned());
        let (first, path) = name.split_once('.').map_or((name, None), |(first, path)| (first, Some(path)));
        if let Some(value) = self.names.get(first) {
            let value = within(value, path).ok_or_else(missing)?;
            room.take_value(value)?;
            return Ok(value.clone());
        }
        let chosen = self.chosen(name);
        let value = self.declared(chosen.as_deref().unwrap_or(name)).ok_or_else(missing)?;
        self.fill(value, depth + 1, room)
    }
}

/// The names that a text refers to, as far as they can be told without filling it in: `{a.{b}}` gives `b`
/// and, as the part before the inner name, `a`.
pub fn names(template: &str) -> Result<Vec<String>, TemplateError> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{") {
            rest = after;
        } else if opens_name(rest) {
            let end = closing(rest, template)?;
            let inner = &rest[1..end];
            match inner.find('{') {
                None => found.push(inner.trim_end_matches(AS_JSON).to_owned()),
                Some(nested) => {
                    found.push(inner[..nested].trim_end_matches('.').to_owned());
                    found.extend(names(&inner[nested..])?);
                }
            }
            rest = &rest[end + 1..];
        } else {
            rest = &rest[1..];
        }
    }
    Ok(found)
}

/// The text with `word` in place of every template: what a text looks like before its names are known.
pub(crate) fn with_word(template: &str, word: &str) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with("{{") {
            out.push('{');
            2
        } else if opens_name(rest) {
            out.push_str(word);
            closing(rest, template)? + 1
        } else {
            out.push('{');
            1
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The name, if the text is one template and nothing else.
fn only_name(text: &str) -> Option<&str> {
    (opens_name(text) && closing(text, text) == Ok(text.len() - 1)).then(|| &text[1..text.len() - 1])
}

/// Whether a template starts here: a brace and a letter.
fn opens_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'{') && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// Where the brace that opens the text, the rest of a template, is closed.
fn closing(text: &str, template: &str) -> Result<usize, TemplateError> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if open > NESTED => return Err(TemplateError::TooDeep),
            b'{' => open += 1,
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Ok(at);
                }
            }
            _ => {}
        }
    }
    Err(TemplateError::Unclosed(template.to_owned()))
}

/// The value at a dotted path; a member whose own name is the whole path (a JSONPath in `job.done`) comes first.
fn within<'a>(value: &'a Value, path: Option<&str>) -> Option<&'a Value> {
    let Some(path) = path else { return Some(value) };
    step(value, path).or_else(|| {
        let (part, rest) = path.split_once('.')?;
        within(step(value, part)?, Some(rest))
    })
}

fn step<'a>(value: &'a Value, part: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(part),
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    }
}

fn as_text(name: &str, value: &Value) -> Result<String, TemplateError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(digits(number)),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(TemplateError::NotText(name.to_owned())),
    }
}

/// A number as text; `7.0` is the number 7, however it is written.
pub(crate) fn digits(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < MOST_EXACT => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        let Value::Object(globals) = json!({
            "group": "g1",
            "list": { "long": "/groups/{group}/hosts" },
            "document": { "unique": "name", "valid": { "name": "{unique}", "size": 3 } },
            "around": "{around}",
        }) else {
            unreachable!()
        };
        let mut scope = Scope::new(Arc::new(globals), Uniques::new("t"));
        scope.set("size", json!(7));
        scope.set("hostile", json!("{group}"));
        scope.set("valid", json!({ "name": "n", "tags": ["a", "b"] }));
        scope
    }

    #[test]
    fn whole_numbers_are_told_alike_however_they_are_written() {
        let mut scope = scope();
        for (written, told) in [("201.0", "201"), ("2e2", "200"), ("1.5", "1.5"), ("1e300", "1e+300")] {
            scope.set("number".to_owned(), serde_json::from_str(written).unwrap());
            assert_eq!(scope.text("{number}").unwrap(), told);
        }
    }

    #[test]
    fn text_is_filled_in() {
        let scope = scope();
        assert_eq!(scope.text("{list.long}?itemsPerPage={size}").unwrap(), "/groups/g1/hosts?itemsPerPage=7");
        assert_eq!(scope.text("{valid.tags.1}").unwrap(), "b");
        assert_eq!(scope.text("{valid.{document.unique}}").unwrap(), "n");
    }

    #[test]
    fn a_value_can_be_written_as_json() {
        let mut scope = scope();
        scope.set("quoted", json!("a \"b\" 'c'"));
        let path = scope.text("$[?@.name == {quoted:json} || @.size == {size:json}]").unwrap();
        assert_eq!(path, r#"$[?@.name == "a \"b\" 'c'" || @.size == 7]"#);
        assert_eq!(names("{quoted:json}").unwrap(), ["quoted"]);
    }

    #[test]
    fn unique_values_of_every_type_are_fresh() {
        let scope = scope();
        let value = |name: &str| scope.value(&json!(format!("{{{name}}}"))).unwrap();
        let (first, second) = (value("unique-address"), value("unique-address"));
        assert!(first != second && first.as_str().is_some_and(|text| text.starts_with("198.1")), "{first} {second}");
        assert!(value("unique-number").as_u64() < value("unique-number").as_u64());
    }

    #[test]
    fn a_name_stands_for_what_was_chosen() {
        let mut scope = scope();
        scope.choose("list", "document.valid");
        assert_eq!(scope.value(&json!("{list.size}")).unwrap(), json!(3));
        assert_eq!(scope.text("{lists}"), Err(TemplateError::Missing("lists".into())));
    }

    #[test]
    fn braces_that_open_no_name_stay() {
        let scope = scope();
        assert_eq!(scope.text(r"^\d{4}-{{x}$").unwrap(), r"^\d{4}-{x}$");
    }

    #[test]
    fn a_template_alone_keeps_its_type() {
        let scope = scope();
        assert_eq!(scope.value(&json!("{size}")).unwrap(), json!(7));
        assert_eq!(scope.value(&json!({"{valid.name}": ["{valid.tags}"]})).unwrap(), json!({"n": [["a", "b"]]}));
    }

    #[test]
    fn every_use_of_unique_is_fresh() {
        let scope = scope();
        let first = scope.value(&json!("{document.valid}")).unwrap();
        let second = scope.value(&json!("{document.valid}")).unwrap();
        assert_eq!(first["size"], json!(3));
        assert_ne!(first["name"], second["name"]);
    }

    #[test]
    fn a_member_with_dots_in_its_name_is_found() {
        let mut scope = scope();
        scope.set("job", json!({ "done": { "$.status": "FINISHED" }, "a": { "b": 1 } }));
        scope.set("path", json!("$.status"));
        assert_eq!(scope.text("{job.done.{path}}").unwrap(), "FINISHED");
        assert_eq!(scope.text("{job.a.b}").unwrap(), "1");
        assert_eq!(scope.text("{job.done.$.x}"), Err(TemplateError::Missing("job.done.$.x".into())));
    }

    #[test]
    fn what_the_target_sent_is_never_a_template() {
        assert_eq!(scope().text("{hostile}").unwrap(), "{group}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let scope = scope();
        assert_eq!(scope.text("{nobody.x}"), Err(TemplateError::Missing("nobody.x".into())));
        assert_eq!(scope.text("a{valid}"), Err(TemplateError::NotText("valid".into())));
        assert_eq!(scope.text("{valid"), Err(TemplateError::Unclosed("{valid".into())));
        assert!(matches!(scope.text("{around}"), Err(TemplateError::Circle(_))));
    }

    #[test]
    fn templates_do_not_nest_without_end() {
        let deep = |depth| format!("{}{}", "{a.".repeat(depth), "}".repeat(depth));
        assert!(names(&deep(NESTED)).is_ok());
        let endless = deep(100_000);
        assert_eq!(names(&endless), Err(TemplateError::TooDeep));
        assert_eq!(with_word(&endless, "w"), Err(TemplateError::TooDeep));
        assert_eq!(scope().text(&endless), Err(TemplateError::TooDeep));
        assert_eq!(scope().value(&json!(endless)), Err(TemplateError::TooDeep));
    }

    #[test]
    fn names_are_listed_before_they_are_known() {
        assert_eq!(names("{a.{b.c}.d}/{e}/{4}").unwrap(), ["a", "b.c", "e"]);
    }
}
