//! What the protocol's bodies look like: payload schemas (JSON Schema 2020-12), compiled once.

use std::collections::BTreeMap;

use jsonschema::{Draft, PatternOptions, Registry, Resource, Validator};
use serde_json::Value;

use super::outcome::{Outcome, Trouble};
use super::place::{Step, from_root};
use super::show;

/// Where the schemas are told to live, so that they can refer to each other by file name.
const HOME: &str = "atlaspec:///payloads/";

/// The most errors of one body that are listed.
const ERRORS: usize = 5;

/// Compiled payload schemas, by name.
#[derive(Debug)]
pub(super) struct Schemas(BTreeMap<String, Validator>);

impl Schemas {
    /// Compiles schemas; each is known to the others as `NAME.schema.json`.
    pub(super) fn compile(schemas: &[(String, Value)]) -> Result<Self, String> {
        let mut registry = Registry::new();
        for (name, schema) in schemas {
            let resource = Resource::from_contents(schema.clone());
            registry = registry.add(uri(name), resource).map_err(|error| format!("schema `{name}`: {error}"))?;
        }
        let registry = registry.prepare().map_err(|error| format!("payload schemas: {error}"))?;
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
                .map_err(|error| format!("schema `{name}`: {error}"))?;
            compiled.insert(name.clone(), validator);
        }
        Ok(Self(compiled))
    }

    /// Whether a value is as the schema of this name says.
    pub(super) fn judge(&self, name: &str, value: &Value) -> Outcome {
        let validator = self.0.get(name).ok_or_else(|| Trouble::Unclear(format!("there is no schema `{name}`")))?;
        let mut errors = validator.iter_errors(value);
        let shown: Vec<String> = errors.by_ref().take(ERRORS).map(|error| sentence(&error)).collect();
        if shown.is_empty() {
            return Ok(());
        }
        let more = if errors.next().is_some() { "; and more" } else { "" };
        Err(Trouble::broken(format!("the body is not valid against schema `{name}`: {}{more}", shown.join("; "))))
    }
}

fn uri(name: &str) -> String {
    format!("{HOME}{name}.schema.json")
}

fn sentence(error: &jsonschema::ValidationError<'_>) -> String {
    let steps: Vec<Step<'_>> = error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            jsonschema::paths::LocationSegment::Property(name) => Step::Name(name),
            jsonschema::paths::LocationSegment::Index(index) => Step::Index(index),
        })
        .collect();
    format!("{}: {}", from_root(&steps), show::cut(&error.to_string(), 160))
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
    fn an_unknown_schema_says_nothing_about_the_target() {
        assert_eq!(schemas().judge("x", &json!(1)), Err(Trouble::Unclear("there is no schema `x`".into())));
    }

    #[test]
    fn nothing_is_fetched() {
        for reference in ["https://example.com/x.json", "file:///etc/passwd", "missing.schema.json"] {
            let refused = Schemas::compile(&[("a".into(), json!({"$ref": reference}))]).unwrap_err();
            assert!(refused.starts_with("payload schemas: ") || refused.starts_with("schema `a`: "), "{refused}");
        }
    }
}
