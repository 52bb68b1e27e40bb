//! Dates of ISO 8601: calendar, ordinal and week dates with or without a time of day, in extended
//! (`2016-01-31T10:00:00Z`, `2016-031`, `2016-W04-7`) and basic form (`20160131T100000Z`). Durations are
//! not taken for dates.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, Utc, Weekday};
use regex::{Captures, Regex};

/// A date, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    /// The instant; a date without zone is UTC, one without time of day begins at midnight.
    pub(super) instant: DateTime<Utc>,
    /// Its zone.
    pub(super) zone: Zone,
    /// Its smallest part.
    pub(super) grain: Grain,
}

/// How a date designates its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Not at all.
    None,
    /// As UTC: `Z`, `+00:00`, `+0000` or `+00`.
    Utc,
    /// By another offset, `-00:00` (an unknown zone) included.
    Other,
}

/// The smallest part that a date names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    /// It has no time of day.
    Day,
    /// Its time has no seconds, and perhaps no minutes.
    Minute,
    /// Whole seconds.
    Second,
    /// A fraction of a second.
    Fraction,
}

impl Date {
    /// The instant to the second.
    pub(super) fn to_second(self) -> DateTime<Utc> {
        self.instant.trunc_subsecs(0)
    }
}

/// The fewest bytes of a date with a time of day.
const SHORTEST: usize = "20160131T10".len();

/// The instant that a text names, if it is a date with a time of day.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let may_be_one = text.len() >= SHORTEST && text.as_bytes()[0].is_ascii_digit() && text.contains('T');
    let date = parse(text).ok().filter(|_| may_be_one)?;
    (date.grain > Grain::Day).then_some(date.instant)
}

/// Whether two texts name the same instant, as exactly as both of them tell it, and to the second at least. A server may
/// write a date with more digits in one response than in another, and cut or round the others.
pub(super) fn same_instant(left: &str, right: &str) -> bool {
    let (Some(one), Some(other)) = (instant(left), instant(right)) else { return false };
    let digits = fraction_digits(left).min(fraction_digits(right));
    let unit = Duration::nanoseconds(10_i64.pow(9 - digits));
    (one - other).abs() < unit
}

/// How many digits of a second a date has, up to nine.
fn fraction_digits(text: &str) -> u32 {
    let fraction = text.split_once(['.', ',']).map_or("", |(_, fraction)| fraction);
    let digits = fraction.bytes().take(9).take_while(u8::is_ascii_digit).count();
    u32::try_from(digits).unwrap_or(0)
}

static EXTENDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([0-9]{4})-(?:(?<month>[0-9]{2})-(?<day>[0-9]{2})|(?<ordinal>[0-9]{3})|W(?<week>[0-9]{2})-(?<weekday>[0-9]))",
        r"(?:T(?<hour>[0-9]{2})(?::(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?)?(?<zone>ZONE)?)?",
    )
});
static BASIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([0-9]{4})(?:(?<month>[0-9]{2})(?<day>[0-9]{2})|(?<ordinal>[0-9]{3})|W(?<week>[0-9]{2})(?<weekday>[0-9]))",
        r"(?:T(?<hour>[0-9]{2})(?:(?<minute>[0-9]{2})(?:(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?)?(?<zone>ZONE)?)?",
    )
});

fn pattern(day: &str, time: &str) -> Regex {
    let whole = format!("^{day}{}$", time.replace("ZONE", "Z|[+-][0-9]{2}(?::?[0-9]{2})?"));
    Regex::new(&whole).expect("a constant pattern that the tests compile")
}

/// Reads a date of the commonest form, `2016-01-31T10:00:00Z`, quickly.
fn common(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 20 || bytes[10] != b'T' || bytes[19] != b'Z' || &bytes[17..19] == b"60" {
        return None;
    }
    let instant = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    Some(Date { instant, zone: Zone::Utc, grain: Grain::Second })
}

/// Reads a date, or says why the text is none.
pub(super) fn parse(text: &str) -> Result<Date, &'static str> {
    if let Some(date) = common(text) {
        return Ok(date);
    }
    let parts = EXTENDED.captures(text).or_else(|| BASIC.captures(text)).ok_or("it is not written as ISO 8601 asks")?;
    let day = day(&parts).ok_or("there is no such day")?;
    let Some(hour) = parts.name("hour") else {
        let instant = day.and_time(NaiveTime::MIN).and_utc();
        return Ok(Date { instant, zone: Zone::None, grain: Grain::Day });
    };
    let (hour, minute, second) = (digits(hour.as_str()), number(&parts, "minute"), number(&parts, "second"));
    // The end of a day is the beginning of the next.
    let (day, hour) = match (hour, minute, second, nanoseconds(&parts), day.succ_opt()) {
        (24, 0, 0, 0, Some(next)) => (next, 0),
        _ => (day, hour),
    };
    let local = NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nanoseconds(&parts))
        .filter(|_| second <= 60)
        .map(|time| day.and_time(time))
        .ok_or("there is no such time of day")?;
    let (zone, offset) = zone(&parts)?;
    let instant = at_utc(local, offset, second)?;
    Ok(Date { instant, zone, grain: grain(&parts) })
}

fn day(parts: &Captures<'_>) -> Option<NaiveDate> {
    let year = digits(&parts[1]).cast_signed();
    if parts.name("week").is_some() {
        // ISO 8601 counts the days of a week from Monday, which is 1.
        let weekday = Weekday::try_from(u8::try_from(number(parts, "weekday")).ok()?.checked_sub(1)?).ok()?;
        return NaiveDate::from_isoywd_opt(year, number(parts, "week"), weekday);
    }
    match parts.name("ordinal") {
        Some(ordinal) => NaiveDate::from_yo_opt(year, digits(ordinal.as_str())),
        None => NaiveDate::from_ymd_opt(year, number(parts, "month"), number(parts, "day")),
    }
}

/// The instant of a local time. A second 60 is a leap second, which only the last minute of a UTC day can have.
fn at_utc(local: NaiveDateTime, offset: FixedOffset, second: u32) -> Result<DateTime<Utc>, &'static str> {
    let utc = local.checked_sub_offset(offset).ok_or("it is out of range")?;
    if second < 60 {
        return Ok(utc.and_utc());
    }
    if utc.format("%H:%M").to_string() != "23:59" {
        return Err("only the last minute of a day in UTC can have a second 60");
    }
    utc.checked_add_signed(Duration::seconds(1)).map(|utc| utc.and_utc()).ok_or("it is out of range")
}

fn zone(parts: &Captures<'_>) -> Result<(Zone, FixedOffset), &'static str> {
    let no_offset = FixedOffset::east_opt(0).ok_or("there is no such offset")?;
    let Some(text) = parts.name("zone").map(|zone| zone.as_str()) else { return Ok((Zone::None, no_offset)) };
    if text == "Z" {
        return Ok((Zone::Utc, no_offset));
    }
    let written = text[1..].replace(':', "");
    let (hours, minutes) = (digits(&written[..2]), digits(&written[2..]));
    if hours > 23 || minutes > 59 {
        return Err("there is no such offset");
    }
    let seconds = (hours * 3600 + minutes * 60).cast_signed();
    let is_west = text.starts_with('-');
    let offset = FixedOffset::east_opt(if is_west { -seconds } else { seconds }).ok_or("there is no such offset")?;
    Ok((if seconds == 0 && !is_west { Zone::Utc } else { Zone::Other }, offset))
}

fn grain(parts: &Captures<'_>) -> Grain {
    match (parts.name("second"), parts.name("fraction")) {
        (_, Some(_)) => Grain::Fraction,
        (Some(_), None) => Grain::Second,
        (None, None) => Grain::Minute,
    }
}

/// The fraction in nanoseconds; further digits are cut off.
fn nanoseconds(parts: &Captures<'_>) -> u32 {
    let Some(fraction) = parts.name("fraction") else { return 0 };
    let first: String = fraction.as_str().chars().chain("000000000".chars()).take(9).collect();
    digits(&first)
}

fn number(parts: &Captures<'_>, group: &str) -> u32 {
    parts.name(group).map_or(0, |found| digits(found.as_str()))
}

/// The value of at most nine decimal digits.
fn digits(text: &str) -> u32 {
    text.bytes().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant(text: &str) -> String {
        match parse(text) {
            Ok(date) => date.instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            Err(why) => why.to_owned(),
        }
    }

    #[test]
    fn extended_and_basic_forms_are_read() {
        for text in [
            "2016-02-29T10:20:30Z",
            "2016-02-29T12:20:30+02:00",
            "2016-02-29T05:50:30-0430",
            "2016-02-29T11:20:30+01",
            "20160229T102030Z",
            "20160229T122030+0200",
            "2016-02-29T10:20:30",
            "2016-02-29T10:20:30,000Z",
        ] {
            assert_eq!(instant(text), "2016-02-29T10:20:30Z", "{text}");
        }
        assert_eq!(instant("2016-02-29T10:20:30.123456789123Z"), "2016-02-29T10:20:30.123456789Z");
        assert_eq!(instant("2016-02-29T10:20:30,5Z"), "2016-02-29T10:20:30.500Z");
        assert_eq!(instant("2016-02-29"), "2016-02-29T00:00:00Z");
        assert_eq!(instant("2016-02-29T10:20Z"), "2016-02-29T10:20:00Z");
        assert_eq!(instant("2016-02-29T10Z"), "2016-02-29T10:00:00Z");
        assert_eq!(instant("20160229T10+01"), "2016-02-29T09:00:00Z");
        assert_eq!(instant("2016-02-29T24:00:00Z"), "2016-03-01T00:00:00Z");
        assert_eq!(instant("20160229T2400Z"), "2016-03-01T00:00:00Z");
    }

    #[test]
    fn ordinal_and_week_dates_are_read() {
        for text in ["2016-060T10:20:30Z", "2016060T102030Z", "2016-W09-1T10:20:30Z", "2016W091T102030Z"] {
            assert_eq!(instant(text), "2016-02-29T10:20:30Z", "{text}");
        }
        assert_eq!(instant("2016-W53-7"), "there is no such day");
        assert_eq!(instant("2015-W53-7"), "2016-01-03T00:00:00Z");
        for text in ["2015-366", "2016-000", "2016-W00-1", "2016-W09-0", "2016-W09-8"] {
            assert_eq!(instant(text), "there is no such day", "{text}");
        }
        for text in ["2016-W091", "2016W09-1", "2016-060T102030Z", "2016-W09"] {
            assert_eq!(instant(text), "it is not written as ISO 8601 asks", "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for text in [
            "yesterday",
            "",
            "2016-2-9T1:2:3Z",
            "2016-02-29 10:20:30Z",
            "2016-02-29t10:20:30z",
            " 2016-02-29",
            "2016-02-29T10:20:30ZZ",
            "2016-0229",
            "20160229T10:20:30Z",
            "2016-02-29T10:20:30.Z",
            "2016-02-29T10:20:30\u{2212}01:00",
            "1451606400",
            "2016-02-29\n",
            "٢٠١٦-02-29",
            "+2016-02-29",
        ] {
            assert_eq!(instant(text), "it is not written as ISO 8601 asks", "{text}");
        }
        assert_eq!(instant("2016-13-45T00:00:00Z"), "there is no such day");
        assert_eq!(instant("2015-02-29"), "there is no such day");
        assert_eq!(instant("2016-02-29T24:00:01Z"), "there is no such time of day");
        assert_eq!(instant("2016-02-29T25:00:00Z"), "there is no such time of day");
        assert_eq!(instant("2016-02-29T10:60:00Z"), "there is no such time of day");
        assert_eq!(instant("2016-02-29T10:20:61Z"), "there is no such time of day");
        assert_eq!(instant("2016-02-29T10:20:30+24:00"), "there is no such offset");
    }

    #[test]
    fn a_leap_second_ends_a_day_in_utc() {
        assert_eq!(instant("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
        assert_eq!(instant("2017-01-01T00:59:60+01:00"), "2017-01-01T00:00:00Z");
        let why = "only the last minute of a day in UTC can have a second 60";
        assert_eq!(instant("2016-12-31T10:20:60Z"), why);
        assert_eq!(instant("2016-12-31T23:59:60+01:00"), why);
    }

    #[test]
    fn zone_and_grain_are_told() {
        let told = |text: &str| parse(text).map(|date| (date.zone, date.grain)).unwrap();
        assert_eq!(told("2016-01-01T00:00:00Z"), (Zone::Utc, Grain::Second));
        assert_eq!(told("2016-01-01T00:00:00+00:00"), (Zone::Utc, Grain::Second));
        assert_eq!(told("2016-01-01T00:00:00+0000"), (Zone::Utc, Grain::Second));
        assert_eq!(told("2016-01-01T00:00+00"), (Zone::Utc, Grain::Minute));
        assert_eq!(told("2016-01-01T00:00:00-00:00"), (Zone::Other, Grain::Second));
        assert_eq!(told("2016-01-01T00:00:00.0+01:00"), (Zone::Other, Grain::Fraction));
        assert_eq!(told("2016-01-01"), (Zone::None, Grain::Day));
    }

    proptest! {
        #[test]
        fn agrees_with_rfc_3339(seconds in -60_000_000_000_i64..250_000_000_000, offset in -1439_i32..1440) {
            let zone = FixedOffset::east_opt(offset * 60).unwrap();
            let date = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap().with_timezone(&zone);
            let text = date.to_rfc3339();
            prop_assume!(text.len() == 25);
            prop_assert_eq!(parse(&text).unwrap().instant, date);
            let basic = date.format("%Y%m%dT%H%M%S%z").to_string();
            prop_assert_eq!(parse(&basic).unwrap().instant, date);
        }

        #[test]
        fn takes_nothing_that_rfc_3339_refuses(text in "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-5][0-9](Z|[+-][0-2][0-9]:[0-6][0-9])") {
            // ISO 8601 knows the end of a day by that, RFC 3339 does not.
            prop_assume!(!text.contains("T24:00:00"));
            prop_assert_eq!(parse(&text).is_ok(), DateTime::parse_from_rfc3339(&text).is_ok(), "{}", text);
        }

        #[test]
        fn never_panics(text in "[0-9TZ:.,+-]{0,40}|.{0,20}") {
            let _ = parse(&text);
        }
    }
}
