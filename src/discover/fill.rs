//! Fills in what a target file leaves out.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::choose::Found;
use crate::target::Target;

impl Found {
    /// Fills in the parameters that the target leaves out, and claims where it states none.
    pub fn fill(&self, target: &mut Target) {
        if target.claims.is_empty() {
            target.claims = self.claims().into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        }
        for (name, value) in self.parameters() {
            add(&mut target.parameters, name, value);
        }
    }

    /// What can be claimed of a target where this was found. The specification leaves nobody out of envelopes and pretty
    /// printing.
    pub(super) fn claims(&self) -> Vec<&'static str> {
        let claims = [
            ("browse", self.root),
            ("lists", !self.lists.is_empty()),
            ("envelope", self.root),
            ("pretty", self.root),
            ("groups", self.group.is_some()),
            ("dates", self.dated.is_some() || !self.date_members.is_empty()),
            ("timestamps", self.timestamps.is_some()),
        ];
        claims.into_iter().filter(|(_, found)| *found).map(|(name, _)| name).collect()
    }

    /// What was found, by the names of the target file.
    pub(super) fn parameters(&self) -> Map<String, Value> {
        let exact = self.exact.as_ref();
        let timestamps = self.timestamps.as_ref();
        let dated = self.dated.as_ref();
        let mut parameters = Map::new();
        let list = [
            ("long", text(self.long.as_ref())),
            ("short", text(self.short.as_ref())),
            ("empty", text(self.empty.as_ref())),
            ("exact", text(exact.map(|(path, _)| path))),
            ("exact-count", exact.map(|(_, count)| json!(count))),
        ];
        let groups = [
            ("group", text(self.group.as_ref())),
            ("list", object(&list)),
            ("lists", all(&self.lists)),
            ("entity", text(self.entity.as_ref())),
            ("entities", all(&self.entities)),
            (
                "missing",
                object(&[("entity", text(self.missing_entity.as_ref())), ("list", text(self.missing_list.as_ref()))]),
            ),
            (
                "timestamps",
                object(&[("path", text(timestamps.map(|(path, _)| path))), ("at", text(timestamps.map(|(_, at)| at)))]),
            ),
            (
                "dated",
                object(&[("list", text(dated.map(|(path, _)| path))), ("member", text(dated.map(|(_, name)| name)))]),
            ),
            ("date-members", all(&self.date_members)),
        ];
        parameters.extend(groups.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        parameters
    }
}

/// Texts from the target stand for themselves: a brace of theirs opens no template.
fn text(text: Option<&String>) -> Option<Value> {
    text.map(|text| json!(text.replace('{', "{{")))
}

fn all(texts: &[String]) -> Option<Value> {
    let texts: Vec<Value> = texts.iter().filter_map(|it| text(Some(it))).collect();
    (!texts.is_empty()).then_some(Value::Array(texts))
}

fn object(members: &[(&str, Option<Value>)]) -> Option<Value> {
    let members: Map<String, Value> =
        members.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

/// Adds a parameter that is not there, or what a group of them lacks.
fn add(parameters: &mut Map<String, Value>, name: String, value: Value) {
    match (parameters.get_mut(&name), value) {
        (None, value) => drop(parameters.insert(name, value)),
        // A list and its count, a place and the path in it go together.
        (Some(Value::Object(there)), Value::Object(found)) if ["list", "missing"].contains(&name.as_str()) => {
            let counted = there.contains_key("exact") || there.contains_key("exact-count");
            for (member, value) in found {
                if !(counted && member.starts_with("exact")) {
                    there.entry(member).or_insert(value);
                }
            }
        }
        (Some(_), _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_target_says_stands() {
        let there = json!({ "list": { "long": "/mine", "exact-count": 7 }, "entity": "/e", "timestamps": { "path": "/t", "at": "$" } });
        let Value::Object(mut parameters) = there else { unreachable!("an object") };
        let found = Found {
            long: Some("/l".into()),
            short: Some("/{s".into()),
            exact: Some(("/x".into(), 9)),
            entity: Some("/f".into()),
            timestamps: Some(("/u".into(), "$.a".into())),
            lists: vec!["/l".into()],
            ..Found::default()
        };
        for (name, value) in found.parameters() {
            add(&mut parameters, name, value);
        }
        assert_eq!(
            Value::Object(parameters),
            json!({ "list": { "long": "/mine", "exact-count": 7, "short": "/{{s" }, "entity": "/e",
                "timestamps": { "path": "/t", "at": "$" }, "lists": ["/l"] })
        );
    }

    #[test]
    fn only_what_was_found_is_claimed() {
        assert_eq!(Found::default().claims(), Vec::<&str>::new());
        let found = Found { root: true, lists: vec!["/l".into()], ..Found::default() };
        assert_eq!(found.claims(), ["browse", "lists", "envelope", "pretty"]);
    }
}
