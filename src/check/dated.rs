//! Which parts of a body are dates, and whether they are written as the specification asks.
//!
//! A part is taken for a date if the target file declares its name, if it is written like a date with a time of day,
//! or if its name is one that dates bear and its value can hardly be anything else. What is in doubt is not judged.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::dates::{self, Grain, Zone};
use super::everywhere::Part;
use super::place::Step;
use super::{Facts, show, timestamps};

/// Names that dates bear, in lower case.
const NAMES: [&str; 14] = [
    "created",
    "updated",
    "modified",
    "expires",
    "expiration",
    "deleted",
    "finished",
    "started",
    "acknowledgeduntil",
    "date",
    "starttime",
    "endtime",
    "timestamp",
    "lastmodified",
];

/// Those of them that may count things, too: a number is a date only if it is in milliseconds.
const COUNTED: [&str; 6] = ["created", "updated", "modified", "deleted", "finished", "started"];

/// Names of what may hold any text, and so one that is written like a date, right or wrong.
const ANY_TEXT: [&str; 36] = [
    "name",
    "names",
    "title",
    "label",
    "labels",
    "tag",
    "tags",
    "description",
    "comment",
    "comments",
    "note",
    "notes",
    "text",
    "value",
    "values",
    "message",
    "detail",
    "reason",
    "summary",
    "subject",
    "key",
    "keys",
    "id",
    "data",
    "default",
    "content",
    "body",
    "query",
    "filter",
    "pattern",
    "expression",
    "version",
    "path",
    "url",
    "href",
    "rel",
];

/// Ends of such names.
const ANY_TEXT_ENDS: [&str; 6] = ["Name", "Text", "Id", "Version", "_name", "_id"];

/// Ends of names that dates bear.
const ENDS: [&str; 4] = ["At", "Date", "_at", "_date"];

/// Like an ISO 8601 date with a time of day, right or wrong.
static LIKE_ISO: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^[0-9]{4}-?[0-9]{2}-?[0-9]{2}T[0-9]{2}:?[0-9]{2}[0-9:.,]*(?:Z|[+-][0-9:]{2,5})?$"));

/// Like a date in another form: `01/31/2016`, `2016-01-31 10:00:00`, `Sun, 31 Jan 2016`, `Jan 31, 2016`.
static LIKE_OTHER: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"^[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{2,4}\b|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[ _t][0-9]{1,2}:[0-9]{2}|$)|",
        r"^(?:[A-Z][a-z]{2,8},? )?[0-9]{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ ,-]+[0-9]{2,4}|",
        r"^(?:[A-Z][a-z]{2,8},? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* [0-9]{1,2}\b"
    ))
});

/// The member in which the database writes a date in JSON.
const WRAPPER: &str = "$date";

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern that the tests compile")
}

/// Why a part that must be a date of ISO 8601 is none.
pub(super) fn no_iso_8601(part: &Part<'_, '_>, facts: &Facts) -> Option<String> {
    if is_inside_other(part) {
        return None;
    }
    let declared = is_declared(part, facts);
    let known = part.name().is_some_and(is_date_name);
    match part.value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if declared || looks_like_iso(part, text) || known && LIKE_OTHER.is_match(text) => {
            let why = dates::parse(text).err()?;
            Some(format!("is {}, which is no date of ISO 8601: {why}", show::text(text)))
        }
        Value::String(text) if known && is_written_epoch(part, text) => {
            Some(format!("is {}, which is no date of ISO 8601 but a number", show::text(text)))
        }
        Value::Number(number)
            if declared || known && number.as_i64().is_some_and(|it| is_plausible_epoch(part, it)) =>
        {
            Some(format!("is {number}, which is no date of ISO 8601 but a number"))
        }
        Value::Bool(flag) if declared => Some(format!("is {flag}, which is no date of ISO 8601")),
        _ => None,
    }
}

/// Why an object is not a date of ISO 8601: it is one as the database writes it, `{"$date": …}`. What stands inside of
/// something that may hold any value is not judged.
pub(super) fn wrapped(part: &Part<'_, '_>) -> Option<String> {
    let members = part.value.as_object()?;
    let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
    let is_date = name == WRAPPER && (value.is_string() || value.is_number() || value.get("$numberLong").is_some());
    let below_envelope = match part.way.split_first() {
        Some((Step::Name(first), rest)) if first == "content" => rest,
        _ => part.way,
    };
    let is_any = || below_envelope.iter().any(|step| matches!(step, Step::Name(name) if holds_any_text(name)));
    if !is_date || timestamps::is_inside_one(part) || is_any() {
        return None;
    }
    Some(format!("is {}, which is no date of ISO 8601 but an object", show::value(part.value)))
}

/// Whether a part is a date that is judged.
pub(super) fn is_date(part: &Part<'_, '_>, facts: &Facts) -> bool {
    if is_inside_other(part) {
        return false;
    }
    let known = || part.name().is_some_and(is_date_name);
    match part.value {
        Value::String(text) => {
            !text.is_empty()
                && (is_declared(part, facts) || looks_like_iso(part, text) || known() && dates::parse(text).is_ok())
        }
        _ => no_iso_8601(part, facts).is_some(),
    }
}

/// Whether a part is a date with a time of day that is judged.
pub(super) fn is_instant(part: &Part<'_, '_>, facts: &Facts) -> bool {
    let is_instant = |text: &str| dates::parse(text).is_ok_and(|date| date.grain > Grain::Day);
    is_date(part, facts) && part.value.as_str().is_some_and(is_instant)
}

/// Why a date is not designated UTC. A date without time of day cannot be.
pub(super) fn not_utc(part: &Part<'_, '_>, facts: &Facts) -> Option<String> {
    let text = part.value.as_str()?;
    let is_judged = is_declared(part, facts) || part.name().is_some_and(is_date_name) || looks_like_iso(part, text);
    if !is_judged || is_inside_other(part) {
        return None;
    }
    let date = dates::parse(text).ok().filter(|date| date.grain > Grain::Day)?;
    match date.zone {
        Zone::Utc => None,
        Zone::None => Some(format!("is {}, which names no time zone", show::text(text))),
        Zone::Other => Some(format!("is {}, which is not designated UTC", show::text(text))),
    }
}

/// Whether a text is written like a date where not just any text may stand.
fn looks_like_iso(part: &Part<'_, '_>, text: &str) -> bool {
    is_like_iso(text) && !part.nearest_name().is_some_and(holds_any_text)
}

/// Whether a member of this name may hold any text, so that one that is written like a date need be none.
pub fn holds_any_text(name: &str) -> bool {
    ANY_TEXT.iter().any(|known| known.eq_ignore_ascii_case(name)) || ANY_TEXT_ENDS.iter().any(|end| name.ends_with(end))
}

/// Most texts are told from dates by their length and first byte, without the pattern.
fn is_like_iso(text: &str) -> bool {
    text.len() >= 13 && text.as_bytes()[0].is_ascii_digit() && LIKE_ISO.is_match(text)
}

fn is_declared(part: &Part<'_, '_>, facts: &Facts) -> bool {
    part.name().is_some_and(|name| facts.date_members.iter().any(|declared| declared == name))
}

fn is_date_name(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || ENDS.iter().any(|end| name.ends_with(end) && name.len() > end.len())
}

/// Whether a part is judged as part of a larger one: of a timestamp, or of a date as the database writes it.
fn is_inside_other(part: &Part<'_, '_>) -> bool {
    timestamps::is_inside_one(part) || part.name() == Some(WRAPPER)
}

/// Whether a text is a number of seconds or milliseconds since 1970.
fn is_written_epoch(part: &Part<'_, '_>, text: &str) -> bool {
    let is_number = [10, 13].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && text.parse().is_ok_and(|number| is_plausible_epoch(part, number))
}

/// Whether a number lies between the years 2000 and 2100 in seconds or milliseconds since 1970.
fn is_plausible_epoch(part: &Part<'_, '_>, number: i64) -> bool {
    let (from, to) = (946_684_800, 4_102_444_800);
    let may_count = part.name().is_some_and(|name| COUNTED.iter().any(|known| known.eq_ignore_ascii_case(name)));
    !may_count && (from..to).contains(&number) || (from * 1000..to * 1000).contains(&number)
}
