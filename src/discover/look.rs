//! What one answer is, and what can be learnt from its body.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::check::{holds_any_text, href, is_list, is_timestamp, normalized, value_of, whole};
use crate::exchange::Response;

/// Larger bodies are judged, but not looked into.
const LARGEST: usize = 4 * 1024 * 1024;
/// The largest body of an entity that is remembered.
const REMEMBERED: usize = 16 * 1024;
/// The most values of a body that are looked at.
const VALUES: usize = 50_000;
/// The most items of a list whose links are followed.
const SAMPLE: usize = 3;
/// Links to other pages of the same list.
const PAGES: [&str; 6] = ["next", "previous", "prev", "first", "last", "self"];

/// What an answer is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A page of a list.
    List(List),
    /// An entity, and its value if it is small.
    Entity(Option<Value>),
    /// Anything else: an error, no JSON, too large.
    Other,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// How many items are on the page.
    pub(super) items: u64,
    /// How many there are in all, as the list says.
    pub(super) total: Option<u64>,
    /// Whether there is a link to the next page.
    pub(super) goes_on: bool,
    /// Members that are written like dates in every item.
    pub(super) dated: Vec<String>,
}

impl List {
    /// Whether both are of the same size.
    pub(super) fn is_as_long_as(&self, other: &Self) -> bool {
        (self.items, self.total, self.goes_on) == (other.items, other.total, other.goes_on)
    }
}

/// What was seen in a body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) kind: Kind,
    /// Where its links lead; those of the items come last.
    pub(super) links: Vec<Url>,
    /// Those of the links that lead to items of the list.
    pub(super) items: Vec<Url>,
    /// JSONPath to the first BSON timestamps in it.
    pub(super) timestamps: Option<String>,
    /// Names of members, how often their value is written like a date, and how often otherwise.
    pub(super) dates: BTreeMap<String, (usize, usize)>,
}

impl Look {
    /// Looks at the answer to a request for `url`.
    pub(super) fn at(url: &Url, response: &Response) -> Self {
        let body = readable(response).unwrap_or_default();
        let kind = kind(&body, response.body.len());
        let mut look =
            Self { links: links_of(&body, url), items: Vec::new(), timestamps: None, dates: BTreeMap::new(), kind };
        if matches!(look.kind, Kind::List(_)) {
            look.items = sampled_items(&body, url);
            look.links.extend(look.items.iter().cloned());
        }
        if !matches!(look.kind, Kind::Other) {
            look.timestamps = timestamps(&body);
            count_dates(&body, &mut look.dates);
        }
        look
    }
}

fn readable(response: &Response) -> Option<Value> {
    if response.status == 200 && response.body.len() <= LARGEST { value_of(response) } else { None }
}

fn kind(body: &Value, size: usize) -> Kind {
    match (body.get("results").and_then(Value::as_array).filter(|_| is_list(body)), body) {
        (Some(items), _) => Kind::List(List {
            items: items.len() as u64,
            total: body.get("totalCount").and_then(whole),
            goes_on: hrefs(body).any(|(rel, _)| rel.eq_ignore_ascii_case("next")),
            dated: dated_members(items),
        }),
        (None, Value::Object(_)) => Kind::Entity((size <= REMEMBERED).then(|| body.clone())),
        _ => Kind::Other,
    }
}

/// Relation and target of each link of an entity or list.
fn hrefs(body: &Value) -> impl Iterator<Item = (&str, &str)> {
    let links = body.get("links").and_then(Value::as_array).into_iter().flatten();
    links.filter_map(|link| Some((link.get("rel")?.as_str()?, link.get("href")?.as_str()?)))
}

fn links_of(body: &Value, page: &Url) -> Vec<Url> {
    let is_page = |rel: &str| PAGES.iter().any(|page| rel.eq_ignore_ascii_case(page));
    let mut links: Vec<Url> =
        hrefs(body).filter(|(rel, _)| !is_page(rel)).filter_map(|(_, href)| place(page, href)).collect();
    // No order of links is promised: what is found must not hang on it.
    links.sort();
    links
}

/// Where a link leads, in one spelling: a target may write it differently in each response.
fn place(page: &Url, href: &str) -> Option<Url> {
    page.join(href).ok().map(normalized)
}

/// The first item of a list, the one in the middle and the last one.
fn sampled_items(body: &Value, page: &Url) -> Vec<Url> {
    let items = body.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut places = vec![0, items.len() / 2, items.len().saturating_sub(1)];
    places.dedup();
    let own = |item: &Value| place(page, href(item.get("links")?, "self")?);
    places.into_iter().take(SAMPLE).filter_map(|place| own(items.get(place)?)).collect()
}

/// Members that every item has, written like a date.
fn dated_members(items: &[Value]) -> Vec<String> {
    let Some(Value::Object(first)) = items.first() else { return Vec::new() };
    let is_dated = |name: &String| {
        !holds_any_text(name) && items.iter().all(|item| item.get(name).and_then(Value::as_str).is_some_and(is_date))
    };
    let mut names: Vec<String> = first.keys().filter(|name| is_dated(name)).cloned().collect();
    names.sort();
    names
}

/// Whether a text is written like a date of ISO 8601 with a time of day.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let year = (0..4).all(digit);
    let extended = year && bytes.get(4) == Some(&b'-') && bytes.get(10) == Some(&b'T') && digit(11);
    let basic = (0..8).all(digit) && bytes.get(8) == Some(&b'T') && digit(9);
    text.len() < 40 && (extended || basic)
}

/// JSONPath to the first BSON timestamps; elements of arrays are all meant if all of them are or hold timestamps.
fn timestamps(body: &Value) -> Option<String> {
    let mut budget = VALUES;
    let way = way_to_timestamp(body, &mut Vec::new(), &mut budget)?;
    let mut path = "$".to_owned();
    for name in &way {
        match name {
            Some(name) => path = format!("{path}['{name}']"),
            None => path += "[*]",
        }
    }
    let mut found = Vec::new();
    values_at(body, &way, &mut found);
    Some(if found.into_iter().all(is_timestamp) { path } else { "$..[?@.date && @.increment]".to_owned() })
}

/// The names on the way to the first timestamp; `None` stands for any element of an array.
fn way_to_timestamp(value: &Value, way: &mut Vec<Option<String>>, budget: &mut usize) -> Option<Vec<Option<String>>> {
    *budget = budget.checked_sub(1)?;
    if is_timestamp(value) {
        return Some(way.clone());
    }
    let mut parts: Vec<(Option<String>, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Object(members) => {
            let plain = |name: &str| !name.contains(['\'', '\\']) && !name.chars().any(char::is_control);
            members.iter().filter(|(name, _)| plain(name)).map(|(name, value)| (Some(name.clone()), value)).collect()
        }
        _ => return None,
    };
    parts.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (name, part) in parts {
        way.push(name);
        if let Some(found) = way_to_timestamp(part, way, budget) {
            return Some(found);
        }
        way.pop();
    }
    None
}

fn values_at<'a>(value: &'a Value, way: &[Option<String>], found: &mut Vec<&'a Value>) {
    match (way.split_first(), value) {
        (None, value) => found.push(value),
        (Some((None, rest)), Value::Array(items)) => items.iter().for_each(|item| values_at(item, rest, found)),
        (Some((Some(name), rest)), Value::Object(members)) => {
            if let Some(member) = members.get(name) {
                values_at(member, rest, found);
            }
        }
        _ => {}
    }
}

/// Counts, by their names, members that are written like a date and others.
fn count_dates(body: &Value, counts: &mut BTreeMap<String, (usize, usize)>) {
    let mut ahead = vec![body];
    for _ in 0..VALUES {
        match ahead.pop() {
            Some(Value::Array(items)) => ahead.extend(items),
            Some(Value::Object(members)) => {
                // The date of a BSON timestamp has rules of its own.
                let stamp = members.contains_key("increment");
                for (name, value) in members {
                    match value {
                        Value::Null => {}
                        Value::String(text) if text.is_empty() || stamp && is_date(text) => {}
                        Value::Array(_) | Value::Object(_) => ahead.push(value),
                        value => count(counts.entry(name.clone()).or_default(), value.as_str().is_some_and(is_date)),
                    }
                }
            }
            Some(_) => {}
            None => return,
        }
    }
}

fn count((dates, others): &mut (usize, usize), is_date: bool) {
    *(if is_date { dates } else { others }) += 1;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn look(body: &Value) -> Look {
        let response = Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() };
        Look::at(&Url::parse("https://h/api/hosts?pageNum=1").unwrap(), &response)
    }

    fn texts(urls: &[Url]) -> Vec<&str> {
        urls.iter().map(Url::as_str).collect()
    }

    #[test]
    fn a_list_is_counted_and_its_items_are_sampled() {
        let item = |n: usize| json!({ "seen": "2016-05-06T07:08:09Z", "links": [{ "rel": "self", "href": format!("hosts/{n}") }] });
        let items: Vec<Value> = (0..9).map(item).collect();
        let seen = look(&json!({ "totalCount": 30, "results": items,
            "links": [{ "rel": "self", "href": "?" }, { "rel": "Next", "href": "?pageNum=2" }, { "rel": "http://r/up", "href": "/api" }] }));
        let list = List { items: 9, total: Some(30), goes_on: true, dated: vec!["seen".to_owned()] };
        assert_eq!(seen.kind, Kind::List(list));
        assert_eq!(texts(&seen.items), ["https://h/api/hosts/0", "https://h/api/hosts/4", "https://h/api/hosts/8"]);
        assert_eq!(seen.links[0].as_str(), "https://h/api");
        assert_eq!(seen.links.len(), 4);
    }

    #[test]
    fn an_entity_is_remembered_if_it_is_small() {
        assert_eq!(look(&json!({ "a": 1 })).kind, Kind::Entity(Some(json!({ "a": 1 }))));
        assert_eq!(look(&json!({ "a": "x".repeat(REMEMBERED) })).kind, Kind::Entity(None));
        assert_eq!(look(&json!([1])).kind, Kind::Other);
        let report = json!({ "id": "7", "results": [{ "passed": true }] });
        assert_eq!(look(&report).kind, Kind::Entity(Some(report)), "an entity may have results");
        let error = Response { status: 404, body: b"{\"error\":404}".to_vec(), ..Response::default() };
        assert_eq!(Look::at(&Url::parse("https://h/").unwrap(), &error).kind, Kind::Other);
    }

    #[test]
    fn timestamps_are_found_with_a_path_that_names_nothing_else() {
        let stamp = json!({ "date": "2016-05-06T07:08:09Z", "increment": 1 });
        let at = |body: Value| look(&body).timestamps;
        assert_eq!(at(json!({ "results": [{ "created": stamp }, {}] })).as_deref(), Some("$['results'][*]['created']"));
        assert_eq!(at(json!({ "p": [{ "c": "x" }, { "c": stamp }] })).as_deref(), Some("$..[?@.date && @.increment]"));
        assert_eq!(at(json!({ "created": { "date": "x" } })), None);
        assert_eq!(at(json!({ "daily": { "date": "2016-01-31", "increment": 2.5 } })), None, "counted by the day");
    }

    #[test]
    fn members_that_are_dates_are_told_from_others() {
        let seen = look(
            &json!({ "a": "2016-05-06T07:08:09Z", "b": [{ "a": "20160506T070809Z", "c": 3 }], "d": { "a": "soon" }, "e": "" }),
        );
        assert_eq!(seen.dates["a"], (2, 1));
        assert_eq!(seen.dates["c"], (0, 1));
        assert!(!seen.dates.contains_key("e"));
    }

    #[test]
    fn one_place_has_one_url_however_it_is_written() {
        let written = |href: &str, total: &str| {
            let body = format!(
                r#"{{"totalCount": {total}, "results": [{{"links": [{{"rel": "SELF", "href": "{href}"}}]}}], "links": []}}"#
            );
            let response = Response { status: 200, body: body.into_bytes(), ..Response::default() };
            Look::at(&Url::parse("https://h/api/hosts").unwrap(), &response)
        };
        let plain = written("https://h/api/hosts/n-1", "1");
        assert_eq!(texts(&plain.items), ["https://h/api/hosts/n-1"]);
        for (href, total) in
            [("HTTPS://H:443/api/x/../hosts/n-1", "1.0"), ("/api/%68osts/%6e%2D1", "1e0"), ("//h/api/hosts/n-1", "1")]
        {
            assert_eq!(written(href, total), plain, "{href}");
        }
    }

    #[test]
    fn links_that_are_none_lead_nowhere() {
        let seen = look(
            &json!({ "links": [3, { "rel": 1, "href": "/x" }, { "href": "/y" }, { "rel": "z", "href": "http://[" }] }),
        );
        assert_eq!(seen.links, Vec::<Url>::new());
        assert_eq!(look(&json!({ "links": "none" })).links, Vec::<Url>::new());
    }
}
