//! What a target file need not say of documents, because it follows from the valid ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{paths, places};

pub(super) fn fill(globals: &mut Map<String, Value>) {
    for document in paths::kinds_mut(globals, "document") {
        fill_document(document);
    }
}

fn fill_document(document: &mut Map<String, Value>) {
    complete_updates(document);
    let misspelt = misspellings(document);
    document.entry("misspellings").or_insert_with(|| json!(misspelt));
    let mut recased = recased(document);
    let declared = document.get("recased").and_then(Value::as_object).cloned();
    recased.extend(declared.into_iter().flatten());
    document.insert("recased".to_owned(), Value::Object(recased));
    document.entry("volatile").or_insert_with(|| json!([]));
    let types: [(&str, IsOfType); 4] = [
        ("texts", is_free_text),
        ("numbers", Value::is_number),
        ("flags", Value::is_boolean),
        ("arrays", is_plain_array),
    ];
    for (name, is_of_type) in types {
        let members = members_of(document, is_of_type);
        document.entry(name).or_insert_with(|| json!(members));
    }
    let mut objects = Vec::new();
    if let Some(valid) = document.get("valid") {
        paths_of_objects(valid, "", &mut objects);
    }
    document.entry("objects").or_insert_with(|| json!(objects));
    let leaves = places::leaves(document);
    let derived = [
        ("item-places", json!(item_places(document))),
        ("date-places", json!(places::of_dates(&leaves))),
        ("text-places", json!(places::of_nested(&leaves, is_free_text))),
        ("number-places", json!(places::of_nested(&leaves, Value::is_number))),
    ];
    for (name, value) in derived {
        document.entry(name).or_insert(value);
    }
}

/// Objects in `update` get the members that they have in `valid` beside their own: whether a PATCH merges objects or
/// replaces them is not stated, and with whole objects both give the same.
fn complete_updates(document: &mut Map<String, Value>) {
    let Some(Value::Object(valid)) = document.get("valid").cloned() else { return };
    let Some(Value::Object(update)) = document.get_mut("update") else { return };
    for (name, value) in update {
        if let Some(before) = valid.get(name) {
            complete(value, before);
        }
    }
}

fn complete(value: &mut Value, before: &Value) {
    let (Value::Object(members), Value::Object(before)) = (value, before) else { return };
    for (name, earlier) in before {
        match members.get_mut(name) {
            Some(member) => complete(member, earlier),
            None => {
                members.insert(name.clone(), earlier.clone());
            }
        }
    }
}

/// Whether a value is of a type.
type IsOfType = fn(&Value) -> bool;

/// The members that a client sends, the unique one aside, whose values are of a type.
fn members_of(document: &Map<String, Value>, is_of_type: IsOfType) -> Vec<String> {
    let unique = document.get("unique").and_then(Value::as_str);
    let sent = ["valid", "update"].into_iter().filter_map(|name| document.get(name)?.as_object()).flatten();
    let sent = sent.filter(|(_, value)| is_of_type(value)).map(|(name, _)| name.as_str());
    let optional = document.get("optional").filter(|it| it.get("value").is_some_and(is_of_type));
    let optional = optional.and_then(|it| it.get("name")?.as_str());
    let members: BTreeSet<&str> = sent.chain(optional).filter(|name| Some(*name) != unique).collect();
    members.into_iter().map(str::to_owned).collect()
}

/// The dotted paths of the objects inside a value, itself aside; of an array the first and the last.
fn paths_of_objects(value: &Value, path: &str, found: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (below(name), value)).collect(),
        Value::Array(items) => {
            let ends = BTreeSet::from([0, items.len().saturating_sub(1)]);
            ends.into_iter().filter_map(|at| Some((below(&at.to_string()), items.get(at)?))).collect()
        }
        _ => Vec::new(),
    };
    for (path, part) in parts {
        if part.is_object() {
            found.push(path.clone());
        }
        paths_of_objects(part, &path, found);
    }
}

/// A text that is neither a date nor made from a template.
fn is_free_text(value: &Value) -> bool {
    let is_date = |text: &str| text.len() >= 8 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
    value.as_str().is_some_and(|text| !text.contains('{') && !is_date(text))
}

fn is_plain_array(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_string))
}

/// The first and the last place of the array that `items` names.
fn item_places(document: &Map<String, Value>) -> Vec<usize> {
    let items = || document.get("valid")?.get(document.get("items")?.as_str()?)?.as_array();
    match items().map(Vec::len) {
        None | Some(0) => Vec::new(),
        Some(1) => vec![0],
        Some(length) => vec![0, length - 1],
    }
}

/// Misspelt names made from the members of a valid document: at least three, none of them a real one.
fn misspellings(document: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Object(valid)) = document.get("valid") else { return Vec::new() };
    let real = real_names(document);
    let mut made = Vec::new();
    let mut offer = |name: String| {
        if !name.is_empty() && !real.contains(&name) && !made.contains(&name) {
            made.push(name);
            1
        } else {
            0
        }
    };
    let mut enough = 0;
    // Each way of misspelling takes the next member, so that few names show all ways.
    for member in valid.keys().cycle().take(valid.len() * WAYS.len()) {
        if enough == WAYS.len() {
            break;
        }
        enough += offer(WAYS[enough](member));
    }
    for number in 1.. {
        if enough >= WAYS.len() {
            break;
        }
        enough += offer(format!("atlaspecUnknown{number}"));
    }
    made
}

/// Each member that is sent, and its name in another case: one that is no real name.
fn recased(document: &Map<String, Value>) -> Map<String, Value> {
    let real = real_names(document);
    let sent = ["valid", "update"].into_iter().filter_map(|name| document.get(name)?.as_object());
    let name = |name: &String| {
        let ways = [with_other_case(name), name.to_uppercase(), name.to_lowercase(), with_a_letter_twice(name)];
        let free = ways.into_iter().find(|way| !real.contains(way));
        Some((name.clone(), Value::from(free?)))
    };
    sent.flat_map(Map::keys).filter_map(name).collect()
}

/// Ways to misspell a name.
const WAYS: [fn(&str) -> String; 5] =
    [without_a_letter, with_a_letter_twice, with_other_case, with_an_underscore, with_another_at_its_end];

/// Names that a document of this kind may have, in any place that the file shows.
fn real_names(document: &Map<String, Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for member in ["valid", "update", "unmodifiable"] {
        if let Some(Value::Object(members)) = document.get(member) {
            names.extend(members.keys().cloned());
        }
    }
    let optional = document.get("optional").and_then(|optional| optional.get("name"));
    let volatile = document.get("volatile").and_then(Value::as_array).into_iter().flatten();
    let others = [optional, document.get("date"), document.get("unique")].into_iter().flatten().chain(volatile);
    names.extend(others.filter_map(Value::as_str).map(str::to_owned));
    names
}

fn without_a_letter(name: &str) -> String {
    let middle = name.chars().count() / 2;
    name.chars().enumerate().filter(|(at, _)| *at != middle).map(|(_, letter)| letter).collect()
}

fn with_a_letter_twice(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    letters.extend(letters.last().copied());
    letters.into_iter().collect()
}

fn with_an_underscore(name: &str) -> String {
    format!("_{name}")
}

fn with_another_at_its_end(name: &str) -> String {
    format!("{name}_")
}

fn with_other_case(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    let first = if first.is_uppercase() { first.to_lowercase().to_string() } else { first.to_uppercase().to_string() };
    first + letters.as_str()
}
