//! Faults that show in every value of a body, wherever it comes from.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value, json};

use super::dates;
use super::fault::Fault;
use super::world::World;

/// The value as the server's faults make it look; without faults, as it is.
pub(crate) fn disguised(world: &World, mut value: Value) -> Value {
    if !world.behaviour.is_conforming() {
        Disguise { world, place: Place::Single }.value("", &mut value);
    }
    value
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Single,
    Listed,
}

#[derive(Clone, Copy)]
struct Disguise<'w> {
    world: &'w World,
    place: Place,
}

impl Disguise<'_> {
    fn shows(self, fault: Fault) -> bool {
        self.world.behaviour.shows(fault)
    }

    /// Whether this shows, or shows in lists and this stands in one.
    fn shows_listed(self, anywhere: Fault, listed: Fault) -> bool {
        self.shows(anywhere) || (self.place == Place::Listed && self.shows(listed))
    }

    /// Most values stay as they are, and where they are.
    fn value(self, name: &str, value: &mut Value) {
        match value {
            Value::Object(members) if is_timestamp(members) => *value = self.timestamp(name, std::mem::take(members)),
            Value::Object(members) if is_link(members) => self.link(members),
            Value::Object(members) => self.entity(members),
            Value::Array(items) => {
                let place = if name == "results" { Place::Listed } else { self.place };
                for item in items.iter_mut() {
                    Self { place, ..self }.value(name, item);
                }
                if name == "links" {
                    *value = self.links(std::mem::take(items));
                }
            }
            Value::String(text) => *value = self.text(name, std::mem::take(text)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn entity(self, members: &mut Map<String, Value>) {
        let listed = self.place == Place::Listed && members.contains_key("hostname") && self.shows(Fault::NullInLists);
        let nested = members.contains_key("mongodVersion") && self.shows(Fault::NullNested);
        for (name, member) in members.iter_mut() {
            self.value(name, member);
        }
        for (name, renamed, fault) in
            [("diskSizeGB", "diskSize", Fault::UnitOmitted), ("fileSizeBytes", "fileSize", Fault::NestedUnitOmitted)]
        {
            if self.shows(fault)
                && let Some(member) = members.shift_remove(name)
            {
                members.insert(renamed.to_owned(), member);
            }
        }
        if listed || nested {
            members.insert("alias".to_owned(), Value::Null);
        }
    }

    fn timestamp(self, name: &str, mut members: Map<String, Value>) -> Value {
        let nested = name == "lastOplogApplied";
        let date = members["date"].as_str().unwrap_or_default().to_owned();
        if self.shows(Fault::TimestampIsText) && !nested {
            return Value::String(date);
        }
        if self.shows(Fault::TimestampExtended) || (nested && self.shows(Fault::NestedTimestampExtended)) {
            members.insert("ordinal".to_owned(), 1.into());
        }
        if self.shows(Fault::TimestampWithMillis) || (nested && self.shows(Fault::NestedTimestampWithMillis)) {
            members.insert("date".to_owned(), date.replace('Z', ".000Z").into());
        }
        if self.shows(Fault::TimestampToMinute) {
            members.insert("date".to_owned(), format!("{}Z", date.get(..16).unwrap_or_default()).into());
        }
        self.increment(nested, &mut members);
        Value::Object(members)
    }

    fn increment(self, nested: bool, members: &mut Map<String, Value>) {
        let increment = match &members["increment"] {
            _ if self.shows(Fault::IncrementMissing) => {
                members.remove("increment");
                return;
            }
            _ if self.shows(Fault::IncrementTooLarge) => json!(i64::from(i32::MAX) * 3),
            _ if nested && self.shows(Fault::NestedIncrementTooLarge) => json!(i64::from(u32::MAX) + 1),
            increment if self.shows(Fault::IncrementIsText) => json!(increment.to_string()),
            increment => increment.clone(),
        };
        members.insert("increment".to_owned(), increment);
    }

    /// The links of an entity or a page.
    fn links(self, links: Vec<Value>) -> Value {
        let own = |link: &Value| link["href"].as_str().is_some_and(|href| href.contains("/users/"));
        if self.place == Place::Single && self.shows(Fault::LinksByName) && links.len() == 1 && own(&links[0]) {
            return json!({ "self": links[0]["href"] });
        }
        Value::Array(links)
    }

    fn link(self, members: &mut Map<String, Value>) {
        let href = members["href"].as_str().unwrap_or_default().to_owned();
        if self.shows(Fault::LinkWithoutRel) {
            let rel = members.remove("rel").unwrap_or_default();
            members.insert("name".to_owned(), rel);
        }
        if self.shows(Fault::HrefMissingOnPages) && href.contains("pageNum=") {
            members.remove("href");
            members.insert("url".to_owned(), href.clone().into());
        }
        if self.shows(Fault::RelIsArray) && href.trim_end_matches('/').ends_with("/automationConfig") {
            let rel = members["rel"].clone();
            members.insert("rel".to_owned(), json!([rel]));
        }
    }

    /// A date as it is written; any other text as it is.
    fn text(self, name: &str, text: String) -> Value {
        // Most texts are no dates, and reading one as a date takes its time.
        let like_date = utc(&text).is_some() && text.starts_with(|first: char| first.is_ascii_digit());
        let Some(instant) = like_date.then(|| dates::parse(&text)).flatten() else { return Value::String(text) };
        if name == "updated" && self.shows(Fault::UpdatedIsEpoch) {
            return instant.timestamp_millis().into();
        }
        Value::String(self.date(name, &text, instant))
    }

    fn date(self, name: &str, text: &str, instant: DateTime<Utc>) -> String {
        let zone = FixedOffset::east_opt(2 * 3600).filter(|_| self.shows(Fault::DateInZone));
        match zone {
            _ if self.shows_listed(Fault::DateWithSpace, Fault::ListedDatesWithSpace) => text.replace('T', " "),
            _ if self.shows_listed(Fault::ZoneLeftOut, Fault::ListedDatesWithoutZone) => {
                utc(text).unwrap_or(text).to_owned()
            }
            _ if name == "lastPing" && self.shows(Fault::LastPingInWords) => instant.to_rfc2822(),
            Some(zone) => instant.with_timezone(&zone).to_rfc3339(),
            None => text.to_owned(),
        }
    }
}

/// A date without its zone, which is UTC.
fn utc(text: &str) -> Option<&str> {
    ["Z", "+00:00", "+0000"].into_iter().find_map(|zone| text.strip_suffix(zone))
}

fn is_timestamp(members: &Map<String, Value>) -> bool {
    members.len() == 2 && members.contains_key("date") && members.contains_key("increment")
}

fn is_link(members: &Map<String, Value>) -> bool {
    members.contains_key("rel") && members.contains_key("href")
}
