//! What an answer tells, in another form or with more to it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::Variation;
use super::hrefs::{Bearer, href};
use crate::reference::behaviour::Behaviour;
use crate::reference::dates;
use crate::reference::http::{Call, Content};
use crate::reference::problem::Invalid;
use crate::reference::world::World;

/// The content as the server's variations make it; without any, as it is.
pub(crate) fn told(world: &World, call: &Call, content: Content) -> Content {
    if world.behaviour.is_plain() {
        return content;
    }
    let bearer = Bearer::of(&content);
    let teller = Teller { world, call, bearer };
    match content {
        Content::Entity(entity) => Content::Entity(teller.value(teller.entity(entity, Place::Alone))),
        Content::List(Value::Object(mut list)) => {
            if let Some(Value::Array(members)) = list.remove("results") {
                let members = members.into_iter().map(|member| teller.entity(member, Place::InList));
                list.insert("results".to_owned(), members.collect());
            }
            Content::List(teller.list(list))
        }
        Content::Error(document, invalid) => Content::Error(error(world, document, invalid.as_ref()), invalid),
        other => other,
    }
}

/// Where an entity stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Alone,
    InList,
}

/// Tells one answer.
#[derive(Clone, Copy)]
struct Teller<'a> {
    world: &'a World,
    call: &'a Call,
    bearer: Bearer,
}

impl Teller<'_> {
    fn takes(self, variation: Variation) -> bool {
        self.world.behaviour.takes(variation)
    }

    /// The links of the list are its own; those of its members are links of entities.
    fn list(self, mut list: Map<String, Value>) -> Value {
        let members = list.remove("results").map(|members| Self { bearer: Bearer::Entity, ..self }.value(members));
        let mut told = self.object(list);
        told.extend(members.map(|members| ("results".to_owned(), members)));
        Value::Object(told)
    }

    /// The entity with more members. An object without links is none.
    fn entity(self, entity: Value, place: Place) -> Value {
        let Value::Object(mut members) = entity else { return entity };
        let Some(links) = members.get_mut("links").and_then(Value::as_array_mut) else { return Value::Object(members) };
        if place == Place::Alone && self.takes(Variation::MoreLinks) {
            let url = |path| self.world.base.url(path);
            for (rel, url) in [("up", url("")), ("related", url("/groups")), ("related", url(""))] {
                links.push(json!({ "rel": rel, "href": url }));
            }
        }
        if self.takes(Variation::OwnMembers) {
            members.extend(own_members());
        }
        let serial = self.world.traffic.next_entity();
        if self.takes(Variation::Volatile) {
            members.insert("servedAt".to_owned(), dates::write(self.world.now()).into());
            members.insert("serial".to_owned(), serial.into());
        }
        if self.takes(Variation::ComeAndGo) && self.world.now().timestamp() % 2 == 0 {
            members.insert("hint".to_owned(), "There every other second.".into());
        }
        if self.takes(Variation::WriteOnly) {
            members.remove("notification");
        }
        if self.takes(Variation::UnsetIsEmpty) && members.contains_key("notification") {
            members.entry("note").or_insert_with(|| "".into());
        }
        Value::Object(members)
    }

    fn value(self, value: Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(self.object(members)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.value(item)).collect()),
            Value::String(text) => Value::String(date(&self.world.behaviour, text, Granularity::Finer)),
            plain => plain,
        }
    }

    fn object(self, members: Map<String, Value>) -> Map<String, Value> {
        if members.len() == 2 && members.contains_key("date") && members.contains_key("increment") {
            return timestamp(&self.world.behaviour, members);
        }
        let told = members.into_iter().map(|(name, value)| match value {
            Value::Array(links) if name == "links" => (name, self.links(links)),
            value => (name, self.value(value)),
        });
        told.collect()
    }

    fn links(self, links: Vec<Value>) -> Value {
        let mut links: Vec<Value> = links.into_iter().map(|link| self.link(link)).collect();
        if self.takes(Variation::LinksShuffled) {
            self.world.order().shuffle(&mut links);
        }
        Value::Array(links)
    }

    fn link(self, mut link: Value) -> Value {
        if let (Some(rel), Some(url)) = (link["rel"].as_str(), link["href"].as_str()) {
            let href = href(self.world, self.call, self.bearer, rel, url);
            link["href"] = href.into();
        }
        if self.takes(Variation::LinksSayMore) {
            link["title"] = "Way to go".into();
            link["type"] = "application/json".into();
        }
        link
    }
}

/// Members of every type, with odd names and odd values.
fn own_members() -> Map<String, Value> {
    let members = json!({
        "": "the empty name",
        "a.b": { "c d": [[], {}, [[["deep"]]]] },
        "$ref": "#/not/a/reference",
        "@type": "Ünïcödé \u{1F418} \u{2028} \"quoted\" \\ </script> {braces}",
        "größe": -0.0,
        "serialNumber": u64::MAX,
        "ratio": 1e-300,
        "flags": [true, false, 0, "", "null", null],
        "results": ["passed", null],
        "counts": { "links": 48, "rows": [[null, 1], null] },
        "opening": { "time": "10:00", "increment": 5 },
        "daily": { "date": "2016-01-31", "increment": 2.5 },
        "title": "2016-02-30T25:61",
        "comments": ["2016-13-45T00:00:00", "2016-01-31T10:00:00+02:00"],
        "lastMidnight": "2016-01-31T24:00:00Z",
        "content": { "status": "OK", "results": [], "totalCount": "none" },
        "error": "",
        "detail": false,
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// How fine a date may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Granularity {
    Second,
    Finer,
}

fn timestamp(behaviour: &Behaviour, mut members: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::String(text)) = members.get_mut("date") {
        *text = date(behaviour, std::mem::take(text), Granularity::Second);
    }
    members
}

/// A date as it is written; any other text as it is.
fn date(behaviour: &Behaviour, text: String, granularity: Granularity) -> String {
    let forms = [Variation::DatesBasic, Variation::ZoneAsOffset, Variation::DatesWithMillis, Variation::DatesWithNanos];
    if !forms.into_iter().any(|form| behaviour.takes(form)) || !text.ends_with('Z') || !text.contains('T') {
        return text;
    }
    dates::parse(&text).map_or(text, |instant| written(behaviour, instant, granularity))
}

fn written(behaviour: &Behaviour, instant: DateTime<Utc>, granularity: Granularity) -> String {
    let basic = behaviour.takes(Variation::DatesBasic);
    let time = if basic { "%Y%m%dT%H%M%S" } else { "%Y-%m-%dT%H:%M:%S" };
    let fraction = match granularity {
        Granularity::Second => "",
        Granularity::Finer if behaviour.takes(Variation::DatesWithMillis) => "%.3f",
        Granularity::Finer if behaviour.takes(Variation::DatesWithNanos) => "%.9f",
        Granularity::Finer => "%.f",
    };
    let zone = match (behaviour.takes(Variation::ZoneAsOffset), basic) {
        (false, _) => "Z",
        (true, false) => "+00:00",
        (true, true) => "+0000",
    };
    instant.format(&format!("{time}{fraction}{zone}")).to_string()
}

fn error(world: &World, mut document: Value, invalid: Option<&Invalid>) -> Value {
    let behaviour = &world.behaviour;
    if behaviour.takes(Variation::ReasonInCapitals) {
        document["reason"] = document["reason"].as_str().unwrap_or_default().to_uppercase().into();
    }
    if behaviour.takes(Variation::ErrorsSayMore) {
        document["errorCode"] = "NOT_AS_IT_SHOULD_BE".into();
        document["parameters"] = json!([{ "of": ["the", "matter"] }, 1, "two"]);
        document["links"] = json!([{ "rel": "help", "href": world.base.url("") }]);
    }
    // A fault may have written something else.
    if let Some(invalid) = invalid.filter(|invalid| document["detail"] == invalid.told(&invalid.name)) {
        if behaviour.takes(Variation::FieldAsPointer) {
            document["detail"] = invalid.told(&format!("\"/{}\"", invalid.name.replace('.', "/"))).into();
        }
        if behaviour.takes(Variation::FieldInParameters) {
            document["detail"] = "Something that was sent is invalid.".into();
            document["invalid"] = json!([{ "name": invalid.name, "why": invalid.trouble }]);
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_with(variations: &[Variation]) -> String {
        date(&Behaviour::new([], variations.iter().copied()), "2016-11-01T13:00:00Z".to_owned(), Granularity::Finer)
    }

    #[test]
    fn dates_stay_the_same_instant() {
        use Variation::{DatesBasic, DatesWithMillis, DatesWithNanos, ZoneAsOffset};
        for (variations, expected) in [
            (vec![], "2016-11-01T13:00:00Z"),
            (vec![ZoneAsOffset], "2016-11-01T13:00:00+00:00"),
            (vec![DatesBasic], "20161101T130000Z"),
            (vec![DatesBasic, ZoneAsOffset, DatesWithMillis], "20161101T130000.000+0000"),
            (vec![DatesWithNanos], "2016-11-01T13:00:00.000000000Z"),
        ] {
            let written = date_with(&variations);
            assert_eq!(written, expected);
            assert_eq!(dates::parse(&written), dates::parse("2016-11-01T13:00:00Z"));
        }
    }

    #[test]
    fn a_timestamp_gets_no_fraction() {
        let members = json!({ "date": "2016-11-01T13:00:00Z", "increment": 1 });
        let told = timestamp(
            &Behaviour::new([], [Variation::DatesWithMillis, Variation::ZoneAsOffset]),
            members.as_object().cloned().unwrap(),
        );
        assert_eq!(told["date"], "2016-11-01T13:00:00+00:00");
    }
}
