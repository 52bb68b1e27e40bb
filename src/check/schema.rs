//! What the protocol's bodies look like: payload schemas (JSON Schema 2020-12), compiled once.

use std::collections::BTreeMap;
use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, Registry, Resource, Validator};
use serde_json::Value;

use super::outcome::{Outcome, Trouble};
use super::place::{Step, from_root, path_steps};
use super::show;
use crate::verdict::Location;

/// Where the schemas are told to live, so that they can refer to each other by file name.
const HOME: &str = "atlaspec:///payloads/";

/// The most errors of one body that are listed.
const ERRORS: usize = 5;

/// Why payload schemas cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// One of them is not a schema.
    #[error("schema `{name}`: {cause}")]
    One {
        /// Its name.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// They do not fit together.
    #[error("payload schemas: {cause}")]
    Together {
        /// What is wrong with them.
        cause: String,
    },
}

/// Compiled payload schemas, by name.
#[derive(Debug)]
pub(super) struct Schemas(BTreeMap<String, Validator>);

impl Schemas {
    /// Compiles schemas; each is known to the others as `NAME.schema.json`.
    pub(super) fn compile(schemas: &[(String, Value)]) -> Result<Self, SchemaError> {
        let unusable =
            |name: &str, cause: &dyn fmt::Display| SchemaError::One { name: name.to_owned(), cause: cause.to_string() };
        let mut registry = Registry::new();
        for (name, schema) in schemas {
            let resource = Resource::from_contents(schema.clone());
            registry = registry.add(uri(name), resource).map_err(|error| unusable(name, &error))?;
        }
        let registry = registry.prepare().map_err(|error| SchemaError::Together { cause: error.to_string() })?;
        let mut compiled = BTreeMap::new();
        for (name, schema) in schemas {
            let validator = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .with_base_uri(uri(name))
                .with_registry(&registry)
                .should_validate_formats(true)
                .should_ignore_unknown_formats(false)
                .with_pattern_options(PatternOptions::regex())
                .build(schema)
                .map_err(|error| unusable(name, &error))?;
            compiled.insert(name.clone(), validator);
        }
        Ok(Self(compiled))
    }

    /// Whether a value is as the schema of this name says.
    pub(super) fn judge(&self, name: &str, value: &Value) -> Outcome {
        let validator = self.0.get(name).ok_or_else(|| Trouble::Unclear(format!("there is no schema `{name}`")))?;
        let mut errors = validator.iter_errors(value);
        let first: Vec<_> = errors.by_ref().take(ERRORS).collect();
        let Some(way) = first.first().map(way) else { return Ok(()) };
        let (location, path) = (Location::at(path_steps(&way)), from_root(&way));
        let shown: Vec<String> = first.iter().map(sentence).collect();
        let more = if errors.next().is_some() { "; and more" } else { "" };
        let sentence = format!("the body is not valid against schema `{name}`: {}{more}", shown.join("; "));
        Err(Trouble::broken(sentence).at_place(location, path))
    }
}

fn uri(name: &str) -> String {
    format!("{HOME}{name}.schema.json")
}

fn sentence(error: &jsonschema::ValidationError<'_>) -> String {
    // In one order, so that one fault is said in one way.
    let why = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let mut names: Vec<&str> = unexpected.iter().map(String::as_str).collect();
            names.sort_unstable();
            format!("there are further members: {}", names.join(", "))
        }
        _ => error.to_string(),
    };
    format!("{}: {}", from_root(&way(error)), show::cut(&why, 160))
}

/// The way to the value that is wrong.
fn way<'e>(error: &'e jsonschema::ValidationError<'_>) -> Vec<Step<'e>> {
    error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            jsonschema::paths::LocationSegment::Property(name) => Step::Name(name),
            jsonschema::paths::LocationSegment::Index(index) => Step::Index(index),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schemas() -> Schemas {
        Schemas::compile(&[
            ("a".into(), json!({"type": "object", "properties": {"b": {"$ref": "b.schema.json"}}, "required": ["b"]})),
            ("b".into(), json!({"type": "integer", "minimum": 0})),
            ("d".into(), json!({"items": {"format": "date-time"}})),
            ("e".into(), json!({"properties": {"a": true}, "additionalProperties": false})),
        ])
        .unwrap()
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn why(name: &str, value: Value) -> String {
        schemas().judge(name, &value).unwrap_err().sentence().to_owned()
    }

    #[test]
    fn schemas_refer_to_each_other_by_file_name() {
        assert_eq!(schemas().judge("a", &json!({"b": 1})), Ok(()));
        assert_eq!(
            why("a", json!({"b": -1})),
            "the body is not valid against schema `a`: $.b: -1 is less than the minimum of 0"
        );
    }

    #[test]
    fn several_errors_are_listed_and_no_more_than_needed() {
        let all = why("d", json!(["x", "x", "x", "x", "x", "x"]));
        assert_eq!(all.matches("is not a \"date-time\"").count(), ERRORS);
        assert!(all.ends_with("; and more"), "{all}");
    }

    #[test]
    fn further_members_are_told_in_one_order() {
        let all = "the body is not valid against schema `e`: $: there are further members: b, c";
        assert_eq!(
            (why("e", json!({"c": 1, "a": 1, "b": 1})), why("e", json!({"b": 1, "c": 1}))),
            (all.into(), all.into())
        );
    }

    #[test]
    fn an_unknown_schema_says_nothing_about_the_target() {
        assert_eq!(schemas().judge("x", &json!(1)), Err(Trouble::Unclear("there is no schema `x`".into())));
    }

    #[test]
    fn nothing_is_fetched() {
        for reference in ["https://example.com/x.json", "file:///etc/passwd", "missing.schema.json"] {
            let refused = Schemas::compile(&[("a".into(), json!({"$ref": reference}))]).unwrap_err().to_string();
            assert!(refused.starts_with("payload schemas: ") || refused.starts_with("schema `a`: "), "{refused}");
        }
    }
}
