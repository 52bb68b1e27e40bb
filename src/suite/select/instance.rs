//! From a case with loops to its instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Instance;
use crate::suite::{Case, Scope};

/// The most letters of a value in an id.
const LONGEST: usize = 48;
/// The most instances of a case: more are a mistake of a target file.
const MOST: usize = 2_000;

/// The instances of a case, one for every combination of its loop variables, or why there is none.
pub(super) fn of(case: &Case, scope: &Scope) -> Result<Vec<Instance>, String> {
    let shared = Arc::new(case.clone());
    let mut combinations: Vec<Vec<(String, Value)>> = vec![Vec::new()];
    for (name, list) in &case.for_each {
        let values = values(name, list, scope)?;
        if combinations.len() * values.len() > MOST {
            return Err(format!("it would run in more than {MOST} combinations"));
        }
        combinations =
            combinations.iter().flat_map(|before| values.iter().map(|value| extended(before, name, value))).collect();
    }
    let mut taken = BTreeSet::new();
    let instances = combinations.into_iter().map(|variables| {
        let id = unused(&id(&case.id, &variables), &mut taken);
        Instance { id, case: Arc::clone(&shared), variables }
    });
    Ok(instances.collect())
}

fn extended(before: &[(String, Value)], name: &str, value: &Value) -> Vec<(String, Value)> {
    let mut variables = before.to_vec();
    variables.push((name.to_owned(), value.clone()));
    variables
}

/// The values of a loop variable: the elements of an array, the names of an object's members.
fn values(name: &str, list: &Value, scope: &Scope) -> Result<Vec<Value>, String> {
    let values = match scope.value(list).map_err(|error| error.to_string())? {
        Value::Array(values) => values,
        Value::Object(members) => members.into_iter().map(|(name, _)| Value::String(name)).collect(),
        _ => return Err(format!("what `{name}` is to run through is no list")),
    };
    match (values.is_empty(), list) {
        (false, _) => Ok(values),
        (true, Value::String(template)) => Err(format!("`{template}` of the target is empty")),
        (true, _) => Err(format!("there is nothing for `{name}` to run through")),
    }
}

fn id(case: &str, variables: &[(String, Value)]) -> String {
    if variables.is_empty() {
        return case.to_owned();
    }
    let shown: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
    format!("{case}[{}]", shown.join(","))
}

/// The same id, with a number if it is taken.
fn unused(id: &str, taken: &mut BTreeSet<String>) -> String {
    let mut unused = id.to_owned();
    let mut number = 2;
    while !taken.insert(unused.clone()) {
        unused = format!("{id}#{number}");
        number += 1;
    }
    unused
}

/// A value as ids show it: short, and different from other values.
fn shown(value: &Value) -> String {
    let text = match (value, value.get("name")) {
        (Value::String(text), _) | (_, Some(Value::String(text))) => text.clone(),
        _ => value.to_string(),
    };
    let text: String = text.chars().map(|letter| if letter.is_control() { '�' } else { letter }).collect();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let digest = HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..4]);
    format!("{}…{digest}", text.chars().take(LONGEST - 9).collect::<String>())
}
