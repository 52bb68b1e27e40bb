//! From a case with loops to its instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::cover::{self, Depth, Pairs};
use super::{Instance, Kind};
use crate::reason::Reason;
use crate::suite::size::Room;
use crate::suite::vary::Possible;
use crate::suite::{Case, Scope, Varied, vocabulary};

/// The most letters of a value in an id.
const LONGEST: usize = 48;
/// The most instances of a case: more are a mistake of a target file.
const MOST: usize = 2_000;

/// One combination of what a case varies.
pub(super) struct Combination {
    kinds: Vec<Kind>,
    variables: Vec<(String, Value)>,
}

/// What a target has of what a case needs, or what is missing.
pub(super) type Has<'a> = &'a dyn Fn(&str) -> Result<(), Reason>;

/// The combinations of a case with these kinds: every value of every loop variable and condition, or why there is none.
pub(super) fn combinations(
    case: &Case,
    kinds: &[Kind],
    scope: &Scope,
    has: Has<'_>,
) -> Result<Vec<Combination>, Reason> {
    let scope = &with_kinds(scope.clone(), kinds);
    let mut combinations: Vec<Vec<(String, Value)>> = vec![Vec::new()];
    let mut dimensions: Vec<(&str, Vec<Value>)> = Vec::new();
    for (name, list) in &case.for_each {
        dimensions.push((name, values(name, list, scope)?));
    }
    for Varied { condition, .. } in &case.vary {
        dimensions.push((condition.name(), condition.values(case, scope, &|claim| has(claim).is_ok())));
    }
    for (name, values) in dimensions {
        if combinations.len() * values.len() > MOST {
            return Err(Reason::TooManyCombinations { most: MOST });
        }
        let mut room = Room::default();
        for value in combinations.iter().flat_map(|before| values.iter().map(move |value| (before, value))) {
            let all = value.0.iter().map(|(_, value)| value).chain([value.1]);
            all.into_iter().try_for_each(|value| room.take_value(value)).map_err(|error| error.reason(false))?;
        }
        combinations =
            combinations.iter().flat_map(|before| values.iter().map(|value| extended(before, name, value))).collect();
    }
    let possible = Possible::of(case, scope);
    combinations.retain(|variables| possible.is(variables));
    let with_kinds = |variables| Combination { kinds: kinds.to_vec(), variables };
    Ok(combinations.into_iter().map(with_kinds).collect())
}

/// The instances of a case: so many of its combinations as the depth asks for, and the pairs that they cover.
pub(super) fn of(case: &Case, combinations: Vec<Combination>, depth: Depth) -> (Vec<Instance>, Pairs) {
    let row = |it: &Combination| {
        let kinds = it.kinds.iter().map(|kind| kind.stands_for.clone());
        kinds.chain(it.variables.iter().map(|(_, value)| value.to_string())).collect()
    };
    let rows: Vec<Vec<String>> = combinations.iter().map(row).collect();
    // The conditions are the last dimensions of a row.
    let first = rows.first().map_or(0, |row| row.len() - case.vary.len());
    let in_turn: Vec<usize> = (first..).zip(&case.vary).filter(|(_, it)| it.in_turn).map(|(at, _)| at).collect();
    let (chosen, pairs) = cover::cover(&rows, &in_turn, depth);
    let case = Arc::new(case.clone());
    let mut taken = BTreeSet::new();
    // The number of a repeated id counts the combinations, whatever the depth: an id is that of one combination.
    let instances = combinations.into_iter().map(|Combination { kinds, variables }| {
        let id = unused(&id(&case.id, &kinds, &variables), &mut taken);
        Instance { id, case: Arc::clone(&case), kinds, variables }
    });
    let all: Vec<Instance> = instances.collect();
    let mut chosen = chosen.into_iter().peekable();
    let instances = all.into_iter().enumerate().filter(|(at, _)| chosen.next_if_eq(at).is_some());
    (instances.map(|(_, instance)| instance).collect(), pairs)
}

/// The scope in which the names of groups stand for these kinds.
pub(super) fn with_kinds(mut scope: Scope, kinds: &[Kind]) -> Scope {
    for kind in kinds {
        scope.choose(&kind.name, &kind.stands_for);
    }
    scope
}

/// Every combination of the kinds that a target declares of what a case needs: one that is empty where it needs none,
/// or where each is declared alone.
pub(super) fn kinds(case: &Case, scope: &Scope) -> Vec<Vec<Kind>> {
    let mut combinations = vec![Vec::new()];
    for kinds in kinds_of_each(case, scope) {
        combinations = combinations
            .iter()
            .flat_map(|before| kinds.iter().map(|kind| before.iter().cloned().chain([kind.clone()]).collect()))
            .collect();
    }
    combinations
}

fn kinds_of_each(case: &Case, scope: &Scope) -> Vec<Vec<Kind>> {
    let needed = |name: &str| {
        let inside =
            |need: &String| need.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        case.needs.iter().any(inside)
    };
    let groups = vocabulary::KINDS.iter().filter(|(group, _)| needed(group));
    let of_group = |(group, plural): &(&str, &str)| {
        let declared = scope.declared(plural)?.as_object()?;
        let kind = |name: &String| Kind {
            name: (*group).to_owned(),
            shown: name.clone(),
            stands_for: format!("{plural}.{name}"),
        };
        Some(declared.keys().map(kind).collect())
    };
    let lists = vocabulary::SEVERAL.iter().copied().filter(|name| needed(name));
    let of_list = |name: &str| {
        let several = scope.declared(name)?.as_array()?;
        let kind = |(at, path): (usize, &Value)| Kind {
            name: name.to_owned(),
            shown: path.as_str().unwrap_or_default().to_owned(),
            stands_for: format!("{name}.{at}"),
        };
        Some(several.iter().enumerate().map(kind).collect())
    };
    groups.filter_map(of_group).chain(lists.filter_map(of_list)).collect()
}

fn extended(before: &[(String, Value)], name: &str, value: &Value) -> Vec<(String, Value)> {
    let mut variables = before.to_vec();
    variables.push((name.to_owned(), value.clone()));
    variables
}

/// The values of a loop variable: the elements of an array, the names of an object's members.
fn values(name: &str, list: &Value, scope: &Scope) -> Result<Vec<Value>, Reason> {
    let values = match scope.value(list).map_err(|error| error.reason(false))? {
        Value::Array(values) => values,
        Value::Object(members) => members.into_iter().map(|(name, _)| Value::String(name)).collect(),
        _ => return Err(Reason::NotAList { variable: name.to_owned() }),
    };
    if values.is_empty() {
        return Err(Reason::EmptyList { variable: name.to_owned(), list: list.as_str().map(str::to_owned) });
    }
    Ok(values)
}

/// The id of an instance: what it varies stands in brackets.
pub(super) fn id(case: &str, kinds: &[Kind], variables: &[(String, Value)]) -> String {
    if kinds.is_empty() && variables.is_empty() {
        return case.to_owned();
    }
    let kinds = kinds.iter().map(|kind| format!("{}={}", kind.name, shown(&Value::from(kind.shown.as_str()))));
    let variables = variables.iter().map(|(name, value)| format!("{name}={}", shown(value)));
    format!("{case}[{}]", kinds.chain(variables).collect::<Vec<_>>().join(","))
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
