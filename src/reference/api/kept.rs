//! What is stored of the values that a client sends: all of each, but for faults.

use serde_json::{Map, Value};

use crate::reference::behaviour::Behaviour;
use crate::reference::fault::Fault;
use crate::reference::http::Verb;

/// Most characters of a text that is cut off.
const CUT_OFF: usize = 64;

/// The settings of an alert configuration.
pub(super) fn of_alert_config(
    behaviour: &Behaviour,
    verb: Verb,
    mut settings: Map<String, Value>,
) -> Map<String, Value> {
    keep_note(behaviour, verb, &mut settings);
    if let Some(number) = settings.get_mut("intervalMin").filter(|_| behaviour.shows(Fault::NumbersWrap)) {
        *number = number.as_i64().map_or(Value::Null, |number| wrapped(number).into());
    }
    if let Some(Value::Array(tags)) = settings.get_mut("tags").filter(|_| behaviour.shows(Fault::TagsSorted)) {
        tags.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    settings
}

fn keep_note(behaviour: &Behaviour, verb: Verb, settings: &mut Map<String, Value>) {
    let Some(Value::String(note)) = settings.get_mut("note") else { return };
    if behaviour.shows(Fault::NoteTrimmed) {
        *note = note.trim().to_owned();
    }
    if verb == Verb::Post && behaviour.shows(Fault::LineBreaksLostOnCreate) {
        *note = note.replace('\n', " ");
    }
    if let Some(number) = note.parse::<u64>().ok().filter(|_| behaviour.shows(Fault::NoteBecomesNumber)) {
        settings.insert("note".to_owned(), number.into());
    }
}

/// The number that 32 bits hold of another.
fn wrapped(number: i64) -> i64 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d]).into()
}

/// The fields of a database user, in place of those stored before.
pub(super) fn of_database_user(
    behaviour: &Behaviour,
    before: Option<&Map<String, Value>>,
    mut fields: Map<String, Value>,
) -> Map<String, Value> {
    if let Some(Value::String(name)) = fields.get_mut("databaseName") {
        if behaviour.shows(Fault::DatabaseNameCut) {
            *name = name.chars().take(CUT_OFF).collect();
        }
        if behaviour.shows(Fault::DatabaseNameEscaped) {
            *name = name.replace('&', "&amp;").replace('<', "&lt;");
        }
    }
    if let Some(Value::Array(roles)) = fields.get_mut("roles") {
        if behaviour.shows(Fault::RareCharactersLost) {
            roles.iter_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut).for_each(lose_rare);
        }
        if let Some(Value::Array(had)) =
            before.and_then(|it| it.get("roles")).filter(|_| behaviour.shows(Fault::RolesAppended))
        {
            roles.splice(0..0, had.iter().cloned());
        }
    }
    fields
}

fn lose_rare(value: &mut Value) {
    if let Value::String(text) = value {
        *text = text.chars().map(|char| if char > '\u{ffff}' { '?' } else { char }).collect();
    }
}
