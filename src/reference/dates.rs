//! Dates as they are sent and read: ISO 8601, returned in UTC.

use std::sync::LazyLock;

use chrono::{
    DateTime, Datelike, Days, DurationRound, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat,
    SubsecRound, TimeDelta, TimeZone, Utc,
};
use regex::{Captures, Regex};
use serde_json::{Value, json};

/// A calendar date, a time and a zone, each after the first optional, in extended form (`2016-11-01T13:00:00Z`).
static EXTENDED: LazyLock<Regex> = LazyLock::new(|| {
    form(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?")
});
/// The same in basic form (`20161101T130000Z`).
static BASIC: LazyLock<Regex> = LazyLock::new(|| {
    form(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?")
});

fn form(pattern: &str) -> Regex {
    Regex::new(&format!("^(?-u:{pattern})$")).expect("the pattern is a constant, and a test compiles it")
}

/// How zones are read: rightly, or with a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    #[default]
    Right,
    OffsetIgnored,
    LocalAssumed,
    /// An hour to the east from November to March.
    WinterAssumed,
    ZoneDemanded,
    OffsetTurnedRound,
    MinutesIgnored,
    WestIgnored,
    DayOnly,
    /// A day that the month lacks is one of the next.
    DaysOverflow,
    /// What follows a space means nothing.
    TailIgnored,
    /// An offset without a colon, after a time with one, means nothing.
    ShortOffsetIgnored,
    /// The same is refused: ISO 8601 does not mix its forms.
    ShortOffsetRefused,
    FractionRefused,
    BasicRefused,
}

/// The instant that a text names, or `None` if it is no date. Without a zone it is in UTC, without a time at midnight.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    parse_as(text, Reading::Right)
}

/// As [`parse`], with the zone read so.
pub(crate) fn parse_as(text: &str, reading: Reading) -> Option<DateTime<Utc>> {
    let text = text.split(' ').next().filter(|_| reading == Reading::TailIgnored).unwrap_or(text);
    let extended = EXTENDED.captures(text);
    let is_extended = extended.is_some();
    let parts = extended.or_else(|| BASIC.captures(text))?;
    let zone = parts.get(8).map(|zone| zone.as_str());
    let is_short = is_extended && zone.is_some_and(|zone| zone != "Z" && !zone.contains(':'));
    let refused = match reading {
        Reading::ShortOffsetRefused => is_short,
        Reading::FractionRefused => parts.get(7).is_some(),
        Reading::BasicRefused => !is_extended,
        _ => false,
    };
    let local = local(&parts, reading).filter(|_| !refused)?;
    let zone = match zone {
        Some("Z") => FixedOffset::east_opt(0),
        Some(_) if reading == Reading::OffsetIgnored => FixedOffset::east_opt(0),
        Some(_) if reading == Reading::ShortOffsetIgnored && is_short => FixedOffset::east_opt(0),
        Some(zone) => stated_zone(offset(zone)?, reading),
        None => assumed_zone(&local, reading),
    }?;
    let instant = zone.from_local_datetime(&local).single()?.to_utc();
    if reading == Reading::DayOnly { instant.duration_trunc(TimeDelta::days(1)).ok() } else { Some(instant) }
}

/// The zone of a date that names it.
fn stated_zone(zone: FixedOffset, reading: Reading) -> Option<FixedOffset> {
    let seconds = zone.local_minus_utc();
    FixedOffset::east_opt(match reading {
        Reading::OffsetTurnedRound => -seconds,
        Reading::MinutesIgnored => seconds / 3600 * 3600,
        Reading::WestIgnored => seconds.max(0),
        _ => seconds,
    })
}

/// The zone of a date that names none.
fn assumed_zone(local: &NaiveDateTime, reading: Reading) -> Option<FixedOffset> {
    match reading {
        Reading::LocalAssumed => FixedOffset::east_opt(2 * 3600),
        Reading::WinterAssumed if !(4..=10).contains(&local.month()) => FixedOffset::east_opt(3600),
        Reading::ZoneDemanded => None,
        _ => FixedOffset::east_opt(0),
    }
}

fn local(parts: &Captures<'_>, reading: Reading) -> Option<NaiveDateTime> {
    let number = |group: usize| parts.get(group).map_or(Some(0), |digits| digits.as_str().parse::<u32>().ok());
    let year = i32::try_from(number(1)?).ok()?;
    let date = match NaiveDate::from_ymd_opt(year, number(2)?, number(3)?) {
        None if reading == Reading::DaysOverflow => day_of_next_month(year, number(2)?, number(3)?),
        date => date,
    }?;
    let nanos = parts.get(7).map_or("0", |digits| digits.as_str());
    let time = NaiveTime::from_hms_nano_opt(number(4)?, number(5)?, number(6)?, format!("{nanos:0<9}").parse().ok()?)?;
    Some(date.and_time(time))
}

/// A day that a month lacks, counted on into the next: a fault.
fn day_of_next_month(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| (1..=31).contains(&day))?;
    first.checked_add_days(Days::new(u64::from(day) - 1))
}

/// `+02`, `+0200`, `+02:00`.
fn offset(zone: &str) -> Option<FixedOffset> {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| rest.parse().ok())?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    FixedOffset::east_opt(if zone.starts_with('-') { -seconds } else { seconds })
}

/// The instant without its fraction of a second.
pub(crate) fn to_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(0)
}

/// The text of a date: in UTC, with a fraction only where there is one.
pub(crate) fn write(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A BSON timestamp: a date to the second and a 32-bit increment.
pub(crate) fn timestamp(instant: DateTime<Utc>, increment: i32) -> Value {
    json!({ "date": instant.to_rfc3339_opts(SecondsFormat::Secs, true), "increment": increment })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        parse(text).map(write)
    }

    #[test]
    fn an_offset_is_honoured_and_its_absence_is_utc() {
        for (text, expected) in [
            ("2016-11-01T13:00:00Z", "2016-11-01T13:00:00Z"),
            ("2016-11-01T13:00:00", "2016-11-01T13:00:00Z"),
            ("2016-11-01T01:30:00+02:00", "2016-10-31T23:30:00Z"),
            ("2016-11-01T13:00:00-0530", "2016-11-01T18:30:00Z"),
            ("2016-11-01T13:00:00+02", "2016-11-01T11:00:00Z"),
            ("2016-11-01T13:00", "2016-11-01T13:00:00Z"),
            ("2016-11-01", "2016-11-01T00:00:00Z"),
            ("20161101T130000Z", "2016-11-01T13:00:00Z"),
            ("2016-11-01T13:00:00.25Z", "2016-11-01T13:00:00.250Z"),
            ("2016-02-29T00:00:00Z", "2016-02-29T00:00:00Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2016-13-45T00:00:00Z",
            "2016-02-30",
            "2015-02-29",
            "2016-11-01 13:00:00Z",
            "2016-11-01T24:00:00Z",
            "2016-11-01T13:00:00\u{2212}02:00",
            "2016-11-01T13:00:00+25:00",
            "2016-11-01T13:60:00Z",
            "1478005200",
            "2016-11-01T13:00:00Z ",
            "2016-1-1",
            "２０１６-11-01",
            "2016-11-01T13:00:00ZZ",
            "2016-11-01T1300Z",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn an_offset_in_another_form_than_its_time_may_be_refused() {
        let taken = |text: &str| parse_as(text, Reading::ShortOffsetRefused).is_some();
        assert!(taken("2016-11-01T13:00:00+02:00") && taken("20161101T130000+0200") && taken("2016-11-01T13:00:00Z"));
        assert!(!taken("2016-11-01T13:00:00+0200") && !taken("2016-11-01T13:00:00+02"));
    }

    #[test]
    fn a_timestamp_is_to_the_second() {
        let value = timestamp(parse("2016-11-01T13:00:00.9Z").unwrap(), 3);
        assert_eq!(value, json!({ "date": "2016-11-01T13:00:00Z", "increment": 3 }));
    }
}
