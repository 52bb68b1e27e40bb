//! Numeric members whose name must say the unit of their value (`diskSizeGB`).
//!
//! Judged are members that the target file declares, and those whose name holds a word that stands for a measured
//! quantity, or `size` of something measured in bytes. A `size` of anything else (`pageSize`) counts things.

use super::Facts;
use super::everywhere::Part;

/// Words for what is measured in a unit.
const QUANTITIES: [&str; 19] = [
    "memory",
    "ram",
    "disk",
    "storage",
    "timeout",
    "interval",
    "duration",
    "delay",
    "retention",
    "ttl",
    "period",
    "latency",
    "uptime",
    "lifetime",
    "elapsed",
    "bandwidth",
    "window",
    "expire",
    "after",
];

/// Words for what has a size in bytes.
const OF_BYTES: [&str; 14] = [
    "data",
    "file",
    "oplog",
    "heap",
    "cache",
    "index",
    "log",
    "object",
    "body",
    "chunk",
    "backup",
    "snapshot",
    "volume",
    "partition",
];

/// Words that name a unit, or say that the number is a bare count or share.
const UNITS: [&str; 136] = [
    "b",
    "kb",
    "mb",
    "gb",
    "tb",
    "pb",
    "kib",
    "mib",
    "gib",
    "tib",
    "byte",
    "bytes",
    "kilobytes",
    "megabytes",
    "gigabytes",
    "terabytes",
    "bit",
    "bits",
    "kbps",
    "mbps",
    "gbps",
    "bps",
    "ns",
    "us",
    "ms",
    "msec",
    "msecs",
    "usec",
    "s",
    "nanos",
    "micros",
    "millis",
    "nanoseconds",
    "microseconds",
    "millisecond",
    "milliseconds",
    "sec",
    "secs",
    "second",
    "seconds",
    "min",
    "mins",
    "minute",
    "minutes",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "d",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "hz",
    "mhz",
    "ghz",
    "iops",
    "ops",
    "cents",
    "usd",
    "percent",
    "percentage",
    "pct",
    "ratio",
    "fraction",
    "count",
    "num",
    "number",
    "total",
    "kibibytes",
    "mebibytes",
    "gibibytes",
    "tebibytes",
    "petabytes",
    "kilobits",
    "megabits",
    "gigabits",
    "nanosecond",
    "microsecond",
    "hertz",
    "kilohertz",
    "megahertz",
    "gigahertz",
    "mm",
    "cm",
    "m",
    "km",
    "millimeters",
    "millimetres",
    "centimeters",
    "centimetres",
    "meters",
    "metres",
    "kilometers",
    "kilometres",
    "inches",
    "feet",
    "miles",
    "mg",
    "kg",
    "milligrams",
    "grams",
    "kilograms",
    "tons",
    "tonnes",
    "ml",
    "milliliters",
    "millilitres",
    "liters",
    "litres",
    "celsius",
    "fahrenheit",
    "kelvin",
    "degrees",
    "radians",
    "knots",
    "kmh",
    "mph",
    "volts",
    "amperes",
    "watts",
    "kw",
    "kilowatts",
    "wh",
    "kwh",
    "joules",
    "pascals",
    "hpa",
    "euros",
    "eur",
    "dollars",
];

/// Words that make a number a name or a grade instead of a quantity.
const OTHER: [&str; 12] =
    ["id", "index", "port", "version", "level", "priority", "status", "code", "type", "factor", "policy", "state"];

/// Why a numeric member has the wrong name, if it has.
pub(super) fn without_unit(part: &Part<'_, '_>, facts: &Facts) -> Option<String> {
    let is_told = || words(part.name().unwrap_or_default()).iter().any(|word| UNITS.contains(&word.as_str()));
    (is_in_a_unit(part, facts) && !is_told() && !is_beside_its_unit(part))
        .then(|| "is a number in a unit that its name does not say".to_owned())
}

/// Whether a member is a number in a unit: it is declared, or its name says that something is measured.
pub(super) fn is_in_a_unit(part: &Part<'_, '_>, facts: &Facts) -> bool {
    let Some(name) = part.name().filter(|_| part.value.is_number()) else { return false };
    if facts.unit_members.iter().any(|declared| declared == name) {
        return true;
    }
    let words = words(name);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    (has(&QUANTITIES) || has(&["size"]) && has(&OF_BYTES)) && !has_other(&words)
}

/// Whether a sister member names the unit: `retentionUnit` beside `retentionValue` or `retention`.
fn is_beside_its_unit(part: &Part<'_, '_>) -> bool {
    let Some(name) = part.name() else { return false };
    let stem = ["Value", "_value", "Amount", "_amount"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let sisters = ["Unit", "Units", "_unit", "_units"];
    [stem, name].iter().any(|stem| sisters.iter().any(|end| part.beside(&format!("{stem}{end}"))))
        || part.beside("unit")
        || part.beside("units")
}

/// Whether the last word says that the number is no quantity; `index` of `indexSize` does not.
fn has_other(words: &[String]) -> bool {
    words.last().is_some_and(|word| OTHER.contains(&word.as_str()))
}

/// The words of a name in lower case: `diskSizeGB`, `disk_size_gb` and `disk-size-gb` have the same.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, &character) in characters.iter().enumerate() {
        let follows_small = at > 0 && !characters[at - 1].is_uppercase();
        let before_small = at > 0 && characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if !character.is_alphanumeric() || character.is_uppercase() && (follows_small || before_small) {
            words.push(String::new());
        }
        if character.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::place::Step;
    use serde_json::json;

    fn is_wrong(name: &str, declared: &[&str]) -> bool {
        let facts = Facts {
            base_url: url::Url::parse("https://h/").unwrap(),
            page_maximum: 100,
            date_members: Vec::new(),
            unit_members: declared.iter().map(|name| (*name).to_owned()).collect(),
        };
        let (way, value) = ([Step::Name(name.into())], json!(3));
        without_unit(&Part { way: &way, value: &value, around: None }, &facts).is_some()
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("diskSizeGB"), ["disk", "size", "gb"]);
        assert_eq!(words("maxTTL_ms"), ["max", "ttl", "ms"]);
        assert_eq!(words("HTTPTimeout-2"), ["http", "timeout"]);
        assert_eq!(words("_"), Vec::<String>::new());
    }

    #[test]
    fn quantities_without_a_unit_are_found() {
        for name in ["diskSize", "memory", "timeout", "snapshotInterval", "retention_period", "dataSize", "delay"] {
            assert!(is_wrong(name, &[]), "{name}");
        }
    }

    #[test]
    fn a_sister_member_may_name_the_unit() {
        let facts = Facts::of(url::Url::parse("https://h/").unwrap());
        let is_wrong = |name: &str, around: serde_json::Value| {
            let way = [Step::Name(name.to_owned().into())];
            let part = Part { way: &way, value: &around[name], around: around.as_object() };
            without_unit(&part, &facts).is_some()
        };
        assert!(!is_wrong("retentionValue", json!({"retentionValue": 3, "retentionUnit": "days"})));
        assert!(!is_wrong("interval", json!({"interval": 3, "intervalUnit": "hours"})));
        assert!(!is_wrong("delay", json!({"delay": 3, "unit": "s"})));
        assert!(is_wrong("retentionValue", json!({"retentionValue": 3, "delayUnit": "days"})));
    }

    #[test]
    fn units_counts_and_other_sizes_are_left_alone() {
        for name in [
            "diskSizeGB",
            "delayMin",
            "intervalSeconds",
            "memory_mb",
            "pageSize",
            "batchSize",
            "size",
            "poolSize",
            "port",
            "diskCount",
            "storagePercent",
            "snapshotPeriodDays",
            "retentionPolicyId",
            "itemsPerPage",
            "periodTotal",
        ] {
            assert!(!is_wrong(name, &[]), "{name}");
        }
    }

    #[test]
    fn declared_members_must_say_their_unit() {
        assert!(is_wrong("weight", &["weight"]));
        assert!(!is_wrong("weightBytes", &["weightBytes"]));
        assert!(is_wrong("level", &["level"]));
        for name in ["levelCentimeters", "lengthMeters", "draught_m", "airCelsius", "massKg"] {
            assert!(!is_wrong(name, &[name]), "{name}");
        }
    }
}
