//! The same table as a JSON Schema, for editors.

use serde_json::{Map, Value, json};

use super::{Choice, Key, Object, Rest, Shape};

/// The schema (draft 2020-12) of files of these kinds: a file is one of them.
pub(crate) fn schema(name: &str, title: &str, kinds: &[&'static Object]) -> Value {
    let mut definitions = Definitions::default();
    let mut roots: Vec<Value> = kinds.iter().map(|kind| reference(kind, &mut definitions)).collect();
    let root = if roots.len() == 1 { roots.remove(0) } else { json!({ "anyOf": roots }) };
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id(name),
        "title": title,
    });
    merge(&mut schema, root);
    schema["$defs"] = Value::Object(definitions.made);
    schema
}

/// The schema of files of this kind, which need not be complete where they have the key `extends`.
pub(crate) fn schema_of_layers(name: &str, title: &str, kind: &'static Object, extends: &str) -> Value {
    let mut definitions = Definitions::default();
    let whole = reference(kind, &mut definitions);
    let mut parts = Definitions { made: definitions.made, of_parts: true };
    let part = reference(kind, &mut parts);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id(name),
        "title": title,
        "if": { "required": [extends] },
        "then": part,
        "else": whole,
        "$defs": parts.made,
    })
}

/// The identity of the schema of a format. It is no address: nothing is fetched.
fn id(name: &str) -> String {
    format!("urn:atlaspec:schema:{name}")
}

/// The definitions of objects, as they are made.
#[derive(Default)]
struct Definitions {
    made: Map<String, Value>,
    /// Whether they are of parts of files: nothing is required there, and `null` removes a member.
    of_parts: bool,
}

impl Definitions {
    fn name(&self, object: &Object) -> String {
        if self.of_parts { format!("part-of-{}", object.name) } else { object.name.to_owned() }
    }
}

fn merge(into: &mut Value, other: Value) {
    if let (Value::Object(into), Value::Object(other)) = (into, other) {
        into.extend(other);
    }
}

fn reference(object: &'static Object, definitions: &mut Definitions) -> Value {
    let name = definitions.name(object);
    if !definitions.made.contains_key(&name) {
        // Taken first, so that an object inside itself ends here.
        definitions.made.insert(name.clone(), Value::Null);
        let definition = define(object, definitions);
        definitions.made.insert(name.clone(), definition);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn define(object: &'static Object, definitions: &mut Definitions) -> Value {
    let mut properties = Map::new();
    for key in object.keys {
        properties.insert(key.name.into(), property(key, definitions));
    }
    let required: Vec<&str> =
        object.keys.iter().filter(|key| key.presence == super::Presence::Required).map(|key| key.name).collect();
    let mut schema = json!({
        "title": object.title,
        "description": object.doc,
        "type": "object",
        "properties": properties,
        "additionalProperties": match object.rest {
            Rest::Refused => json!(false),
            Rest::Own(shape, _) => member(shape, definitions),
        },
    });
    if definitions.of_parts {
        return schema;
    }
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let one_of = |keys: &[&str]| keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>();
    match object.choice {
        Choice::Free => {}
        Choice::Some => schema["minProperties"] = json!(1),
        Choice::AnyOf(keys) => schema["anyOf"] = json!(one_of(keys)),
        Choice::One(keys) => schema["oneOf"] = json!(one_of(keys)),
    }
    let dependent: Map<String, Value> = object
        .keys
        .iter()
        .filter(|key| !key.with.is_empty())
        .map(|key| (key.name.to_owned(), json!({ "anyOf": one_of(key.with) })))
        .collect();
    if !dependent.is_empty() {
        schema["dependentSchemas"] = Value::Object(dependent);
    }
    schema
}

fn property(key: &'static Key, definitions: &mut Definitions) -> Value {
    let mut schema = json!({ "description": key.doc });
    merge(&mut schema, member(&key.shape, definitions));
    schema["description"] = json!(key.doc);
    schema
}

/// A member of an object; in a part of a file `null` removes it.
fn member(shape: &'static Shape, definitions: &mut Definitions) -> Value {
    let value = value(shape, definitions);
    if definitions.of_parts { json!({ "anyOf": [{ "type": "null" }, value] }) } else { value }
}

/// An element of a list, which is replaced whole and so has to be complete.
fn element(shape: &'static Shape, definitions: &mut Definitions) -> Value {
    let of_parts = std::mem::replace(&mut definitions.of_parts, false);
    let value = value(shape, definitions);
    definitions.of_parts = of_parts;
    value
}

fn value(shape: &'static Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Plain => json!({ "type": ["string", "number", "boolean", "null", "array"] }),
        Shape::Null => json!({ "type": "null" }),
        Shape::True => json!({ "const": true }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Whole(least, u64::MAX) => json!({ "type": "integer", "minimum": least }),
        Shape::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Format(format) => json!({ "type": "string", "description": format.what, "pattern": format.pattern }),
        Shape::Words(words) => json!({ "enum": words }),
        Shape::List(inner) => json!({ "type": "array", "items": element(inner, definitions) }),
        Shape::Filled(inner) => json!({ "type": "array", "minItems": 1, "items": element(inner, definitions) }),
        Shape::Named(inner) => json!({ "type": "object", "additionalProperties": member(inner, definitions) }),
        Shape::Hidden(inner) => value(inner, definitions),
        Shape::Object(object) => reference(object, definitions),
        Shape::OneOf(shapes) => {
            json!({ "anyOf": shapes.iter().map(|shape| value(shape, definitions)).collect::<Vec<_>>() })
        }
    }
}
