//! Whether a resource shows what was sent: by meaning, wherever it shows it at all.

use serde_json::Value;

use super::meaning::Meaning;
use super::outcome::{Outcome, Trouble};
use super::place::Step;
use super::{dates, show};

/// Judges what a resource shows of a value that was sent. Members may be missing, which are written and never shown, and
/// the resource may show more; dates are compared as instants, to the second, numbers by value, arrays in their order.
pub(super) fn judge(sent: &Value, shown: &Value, meaning: &Meaning<'_>) -> Outcome {
    match (sent, shown) {
        (Value::Object(sent), Value::Object(shown)) => sent.iter().try_for_each(|(name, sent)| {
            let shown = shown.get(name);
            shown.map_or(Ok(()), |shown| {
                judge(sent, shown, meaning).map_err(|trouble| trouble.inside(Step::Name(name.clone().into())))
            })
        }),
        (Value::Array(sent), Value::Array(shown)) if sent.len() == shown.len() => {
            let pairs = sent.iter().zip(shown).enumerate();
            pairs.into_iter().try_for_each(|(at, (sent, shown))| {
                judge(sent, shown, meaning).map_err(|trouble| trouble.inside(Step::Index(at)))
            })
        }
        _ if meaning.equal(sent, shown) || is_same_date(sent, shown) => Ok(()),
        _ => {
            let (sent, shown) = show::pair(sent, shown);
            Err(Trouble::unlike(sent, shown))
        }
    }
}

fn is_same_date(sent: &Value, shown: &Value) -> bool {
    let instant = |value: &Value| Some(dates::parse(value.as_str()?).ok()?.to_second());
    instant(sent).is_some_and(|sent| instant(shown) == Some(sent))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(sent: &Value, shown: &Value) -> Outcome {
        let base = url::Url::parse("https://api.example.com/").expect("a URL");
        super::judge(sent, shown, &Meaning { base: &base, page_size: 100 })
    }

    #[test]
    fn what_is_shown_is_what_was_sent() {
        let sent = json!({
            "name": "n", "secret": "s", "size": 1, "since": "2016-11-01T02:00:00+02:00", "tags": ["a", "b"],
            "to": [{ "email": "e", "delay": 0 }],
        });
        let shown = json!({
            "id": 7, "name": "n", "size": 1.0, "since": "2016-11-01T00:00:00.000Z", "tags": ["a", "b"],
            "to": [{ "email": "e", "delay": 0, "id": 1 }],
        });
        assert!(judge(&sent, &shown).is_ok());
    }

    #[test]
    fn another_value_is_found_where_it_stands() {
        for (sent, shown, place) in [
            (json!({ "a": "x" }), json!({ "a": "X" }), "a"),
            (json!({ "a": ["x", "y"] }), json!({ "a": ["y", "x"] }), "a"),
            (json!({ "a": ["x"] }), json!({ "a": [] }), "a"),
            (json!({ "a": { "b": 0 } }), json!({ "a": { "b": "0" } }), "b"),
            (json!({ "a": false }), json!({ "a": null }), "a"),
            (json!({ "a": "2016-11-01T00:00:00Z" }), json!({ "a": "2016-11-01T01:00:00Z" }), "a"),
        ] {
            let Err(Trouble::Broken(miss)) = judge(&sent, &shown) else { panic!("{sent} is not {shown}") };
            assert!(format!("{miss:?}").contains(place), "{miss:?}");
        }
    }
}
