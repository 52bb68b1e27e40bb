//! Checks a whole document against its table of fields, and gives it the form in which it is stored.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::field::{Field, Kind, Presence};
use crate::reference::behaviour::Behaviour;
use crate::reference::dates::{self, Reading};
use crate::reference::fault::Fault;
use crate::reference::problem::Refusal;
use crate::reference::variation::Variation;

/// Most characters of a text.
const LONGEST_TEXT: usize = 1000;

/// The document as it is stored, with defaults filled in; or a refusal that names the first invalid field.
pub(crate) fn accept(
    behaviour: &Behaviour,
    fields: &[Field],
    sent: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    Check { behaviour, reading: reading(behaviour) }.object(fields, sent, "")
}

/// How dates in documents are read: rightly, or with a fault.
fn reading(behaviour: &Behaviour) -> Reading {
    let readings = [
        (Fault::OffsetIgnored, Reading::OffsetIgnored),
        (Fault::LocalAssumed, Reading::LocalAssumed),
        (Fault::OffsetTurnedRound, Reading::OffsetTurnedRound),
        (Fault::OffsetMinutesIgnored, Reading::MinutesIgnored),
        (Fault::WestIgnored, Reading::WestIgnored),
        (Fault::ZonelessRefused, Reading::ZoneDemanded),
        (Fault::WinterAssumed, Reading::WinterAssumed),
        (Fault::DaysOverflow, Reading::DaysOverflow),
        (Fault::DateTailIgnored, Reading::TailIgnored),
        (Fault::ShortOffsetIgnored, Reading::ShortOffsetIgnored),
        (Fault::FractionRefused, Reading::FractionRefused),
        (Fault::BasicDateRefused, Reading::BasicRefused),
    ];
    let right =
        if behaviour.takes(Variation::ShortOffsetRefused) { Reading::ShortOffsetRefused } else { Reading::Right };
    readings.into_iter().find(|(fault, _)| behaviour.shows(*fault)).map_or(right, |(_, reading)| reading)
}

/// One check of a document.
#[derive(Clone, Copy)]
struct Check<'b> {
    behaviour: &'b Behaviour,
    reading: Reading,
}

impl Check<'_> {
    fn object(self, fields: &[Field], sent: &Map<String, Value>, within: &str) -> Result<Map<String, Value>, Refusal> {
        if let Some(name) = sent.keys().find(|name| !fields.iter().any(|field| field.name == *name)) {
            return Err(refusal(&path(within, name), "is unknown"));
        }
        let first = sent.keys().next().map(String::as_str);
        if self.behaviour.shows(Fault::NestedOrderMatters) && !within.is_empty() && first != Some(fields[0].name) {
            return Err(refusal(&path(within, fields[0].name), "must come first"));
        }
        let mut accepted = Map::new();
        for field in fields {
            if let Some(value) = self.present(field, sent, within)? {
                accepted.insert(field.name.to_owned(), value);
            }
        }
        Ok(accepted)
    }

    /// The value of a field: as sent, its default, or none.
    fn present(self, field: &Field, sent: &Map<String, Value>, within: &str) -> Result<Option<Value>, Refusal> {
        let path = path(within, field.name);
        let none = field.presence != Presence::Required && self.behaviour.takes(Variation::NullIsNoValue);
        match (sent.get(field.name).filter(|value| !(value.is_null() && none)), field.presence) {
            (Some(Value::Null), _) if self.behaviour.shows(Fault::NullStored) => Ok(Some(Value::Null)),
            (Some(Value::Null), _) if self.behaviour.shows(Fault::NullFails) => {
                Err(refusal(&path, "is null").with_status(StatusCode::INTERNAL_SERVER_ERROR))
            }
            (Some(value), Presence::Optional) if self.drops(field.kind, value) => Ok(None),
            (Some(value), _) => self.value_of(field.kind, value, &path).map(Some),
            (None, Presence::Required) => Err(refusal(&path, "is required")),
            (None, Presence::Optional) => Ok(None),
            (None, Presence::DefaultFlag(flag)) => Ok(Some(flag.into())),
            (None, Presence::DefaultWhole(number)) => Ok(Some(number.into())),
        }
    }

    /// How dates at a path are read.
    fn reading_at(self, path: &str) -> Reading {
        let is_nested = path.contains('.');
        match self.behaviour {
            behaviour if is_nested && behaviour.shows(Fault::NestedLocalAssumed) => Reading::LocalAssumed,
            behaviour if is_nested && behaviour.shows(Fault::NestedOffsetIgnored) => Reading::OffsetIgnored,
            _ => self.reading,
        }
    }

    /// Whether a value that is not valid is dropped: it is not.
    fn drops(self, kind: Kind, value: &Value) -> bool {
        let malformed = value.as_str().is_some_and(|text| dates::parse(text).is_none());
        matches!(kind, Kind::Date) && malformed && self.behaviour.shows(Fault::MalformedDateDropped)
    }

    fn objects(self, kind: Kind, items: &[Value], path: &str) -> Result<Value, Refusal> {
        let object = |(at, item): (usize, &Value)| match (kind, item) {
            (Kind::Objects(fields), Value::Object(sent)) => {
                self.object(fields, sent, &format!("{path}.{at}")).map(Value::Object)
            }
            _ => Err(refusal(path, &format!("must be {}", meaning(kind)))),
        };
        items.iter().enumerate().map(object).collect()
    }

    fn value_of(self, kind: Kind, value: &Value, path: &str) -> Result<Value, Refusal> {
        let accepted = match (kind, value) {
            (Kind::Object(fields), Value::Object(sent)) => return self.object(fields, sent, path).map(Value::Object),
            (Kind::Objects(_), Value::Array(items)) => return self.objects(kind, items, path),
            (Kind::Text, Value::String(text)) => is_text(text).then(|| value.clone()),
            (Kind::Texts, Value::Array(items)) => items.iter().all(Value::is_string).then(|| value.clone()),
            (Kind::Email, Value::String(text)) => (is_text(text) && text.contains('@')).then(|| value.clone()),
            (Kind::OneOf(names), Value::String(text)) => names.contains(&text.as_str()).then(|| value.clone()),
            (Kind::Flag, Value::Bool(_)) => Some(value.clone()),
            (Kind::Whole(least, most), Value::Number(number)) => {
                number.as_i64().filter(|number| (least..=most).contains(number)).map(Value::from)
            }
            (Kind::Date, Value::String(text)) => dates::parse_as(text, self.reading_at(path)).map(|instant| {
                let echoed = self.behaviour.shows(Fault::DateEchoed);
                if echoed { value.clone() } else { dates::write(instant).into() }
            }),
            (Kind::Whole(least, _), Value::Array(_)) if self.behaviour.shows(Fault::NestedTypeIgnored) => {
                Some(least.into())
            }
            (Kind::Text, other) if self.behaviour.shows(Fault::AnythingIsText) => Some(other.to_string().into()),
            (Kind::Flag, _) if self.behaviour.shows(Fault::AnythingIsTrue) => Some(true.into()),
            _ => None,
        };
        accepted.ok_or_else(|| refusal(path, &format!("must be {}", meaning(kind))))
    }
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST_TEXT
}

fn meaning(kind: Kind) -> String {
    match kind {
        Kind::Text => format!("a string of 1 to {LONGEST_TEXT} characters"),
        Kind::Texts => "an array of strings".to_owned(),
        Kind::Email => "an e-mail address".to_owned(),
        Kind::OneOf(names) => format!("one of {}", names.join(", ")),
        Kind::Flag => "a boolean".to_owned(),
        Kind::Whole(least, most) => format!("an integer from {least} to {most}"),
        Kind::Date => "an ISO 8601 date".to_owned(),
        Kind::Object(_) => "an object".to_owned(),
        Kind::Objects(_) => "an array of objects".to_owned(),
    }
}

fn refusal(path: &str, trouble: &str) -> Refusal {
    Refusal::field(path, trouble)
}

fn path(within: &str, name: &str) -> String {
    if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const INNER: &[Field] = &[
        Field { name: "email", kind: Kind::Email, presence: Presence::Required },
        Field { name: "delayMin", kind: Kind::Whole(0, 60), presence: Presence::DefaultWhole(0) },
    ];
    const FIELDS: &[Field] = &[
        Field { name: "name", kind: Kind::Text, presence: Presence::Required },
        Field { name: "kind", kind: Kind::OneOf(&["A", "B"]), presence: Presence::Optional },
        Field { name: "on", kind: Kind::Flag, presence: Presence::DefaultFlag(true) },
        Field { name: "from", kind: Kind::Date, presence: Presence::Optional },
        Field { name: "inner", kind: Kind::Object(INNER), presence: Presence::Optional },
        Field { name: "many", kind: Kind::Objects(INNER), presence: Presence::Optional },
    ];

    fn accepted(sent: &Value) -> Result<Value, String> {
        accept(&Behaviour::default(), FIELDS, sent.as_object().unwrap()).map(Value::Object).map_err(|refusal| {
            assert_eq!(refusal.status.as_u16(), 400);
            refusal.detail
        })
    }

    #[test]
    fn what_is_left_out_is_its_default_or_nothing() {
        assert_eq!(accepted(&json!({ "name": "n" })), Ok(json!({ "name": "n", "on": true })));
        assert_eq!(
            accepted(
                &json!({ "name": "n", "on": false, "from": "2016-11-01T02:00:00+02:00", "inner": { "email": "a@b" } })
            ),
            Ok(
                json!({ "name": "n", "on": false, "from": "2016-11-01T00:00:00Z", "inner": { "email": "a@b", "delayMin": 0 } })
            )
        );
    }

    #[test]
    fn the_invalid_field_is_named() {
        for (sent, expected) in [
            (json!({}), "The field name is required."),
            (json!({ "name": "n", "nmae": 1 }), "The field nmae is unknown."),
            (json!({ "name": "" }), "The field name must be a string of 1 to 1000 characters."),
            (json!({ "name": null }), "The field name must be a string of 1 to 1000 characters."),
            (json!({ "name": "n", "kind": "C" }), "The field kind must be one of A, B."),
            (json!({ "name": "n", "on": "true" }), "The field on must be a boolean."),
            (json!({ "name": "n", "from": "yesterday" }), "The field from must be an ISO 8601 date."),
            (json!({ "name": "n", "inner": [] }), "The field inner must be an object."),
            (json!({ "name": "n", "inner": {} }), "The field inner.email is required."),
            (json!({ "name": "n", "inner": { "email": "a@b", "x": 1 } }), "The field inner.x is unknown."),
            (json!({ "name": "n", "many": {} }), "The field many must be an array of objects."),
            (json!({ "name": "n", "many": [[]] }), "The field many must be an array of objects."),
            (json!({ "name": "n", "many": [{ "email": "a@b" }, { "x": 1 }] }), "The field many.1.x is unknown."),
            (json!({ "name": "n", "inner": { "email": "ab" } }), "The field inner.email must be an e-mail address."),
            (
                json!({ "name": "n", "inner": { "email": "a@b", "delayMin": 61 } }),
                "The field inner.delayMin must be an integer from 0 to 60.",
            ),
        ] {
            assert_eq!(accepted(&sent), Err(expected.to_owned()), "{sent}");
        }
    }
}
