//! When an exchange was recorded. What is not known is a gap: no time stands in for it.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};

/// When a request was sent, and how long its exchange took, as far as that is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// When the request was sent; by a clock of unknown zone if `is_local`.
    pub started: Option<DateTime<Utc>>,
    /// Whether the time names no zone.
    pub is_local: bool,
    /// How long it took until the response was read.
    pub took: Option<Duration>,
}

/// Years that a recorder can have seen: others stand for "not known".
const YEARS: std::ops::Range<i32> = 2000..2200;

/// The longest exchange; a longer one is not believed.
const LONGEST_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

impl Timing {
    /// The timing of an entry: its time as written, its duration, and the phases of that.
    pub(super) fn of(started: &str, took: Option<f64>, phases: &[Option<f64>]) -> Self {
        let (started, is_local) = instant(started).map_or((None, false), |(at, is_local)| (Some(at), is_local));
        // Who does not know a duration writes 0 or -1.
        let known = |time: Option<f64>| time.filter(|time| *time > 0.0 && *time < LONGEST_MS);
        let sum: f64 = phases.iter().filter_map(|phase| known(*phase)).sum();
        let took = known(took).or_else(|| known(Some(sum))).map(|time| Duration::from_secs_f64(time / 1000.0));
        Self { started, is_local, took }
    }

    /// When the response was read.
    pub(in crate::audit) fn ended(&self) -> Option<DateTime<Utc>> {
        self.started?.checked_add_signed(chrono::TimeDelta::from_std(self.took?).ok()?)
    }
}

/// The instant that a text names, and whether it names no zone.
fn instant(text: &str) -> Option<(DateTime<Utc>, bool)> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let read = if date.starts_with(|first: char| first.is_ascii_digit()) {
        let named = ["UTC", "GMT"].iter().find_map(|zone| time.strip_suffix(zone));
        let written = named.map(|clock| format!("{}Z", clock.trim_end()));
        let time = written.as_deref().unwrap_or(time);
        let digits = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
        let (clock, zone) = time.split_at(digits);
        let clock = clock.trim().replace(',', ".");
        let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y%m%dT%H%M%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&format!("{date}T{clock}"), form).ok())?;
        let east = seconds_east(zone)?;
        (local.checked_sub_signed(chrono::TimeDelta::seconds(east))?.and_utc(), zone.is_empty())
    } else {
        (DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc), false)
    };
    YEARS.contains(&read.0.year()).then_some(read)
}

/// How far east of UTC a zone is; a zone that is not named counts as UTC.
fn seconds_east(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', ..] => (1, &zone[1..]),
        [b'-', ..] => (-1, &zone[1..]),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|digit| *digit != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        3 => digits.split_at(1),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(text: &str) -> Option<String> {
        Timing::of(text, None, &[]).started.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    }

    #[test]
    fn times_are_read_as_recorders_write_them() {
        for text in [
            "2026-03-01T10:00:00.5Z",
            "2026-03-01T15:30:00.500+0530",
            "2026-03-01T15:30:00.5+05:30",
            "2026-03-01T08:00:00.5000000-02",
            "2026-03-01t10:00:00.500z",
            "2026-03-01 10:00:00.5Z",
            "2026-03-01T10:00:00,5Z",
            "2026-03-01T10:00:00.5",
            "20260301T100000.5Z",
            "2026-03-01 10:00:00.5 +0000",
            "2026-03-01 10:00:00.5 UTC",
        ] {
            assert_eq!(started(text).as_deref(), Some("2026-03-01T10:00:00.500Z"), "{text}");
        }
        assert_eq!(started("Sun, 01 Mar 2026 10:00:00 GMT").as_deref(), Some("2026-03-01T10:00:00.000Z"));
        assert!(Timing::of("2026-03-01T10:00:00.5", None, &[]).is_local);
        assert!(!Timing::of("2026-03-01T10:00:00.5Z", None, &[]).is_local);
    }

    #[test]
    fn what_is_not_a_time_is_not_known() {
        for text in ["", "now", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01T10"]
        {
            assert_eq!(started(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_of_nothing_is_not_known() {
        let took = |time, phases: &[Option<f64>]| Timing::of("", time, phases).took;
        assert_eq!(took(Some(12.5), &[]), Some(Duration::from_micros(12_500)));
        for unknown in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(9e15)] {
            assert_eq!(took(unknown, &[Some(-1.0), Some(0.0), None]), None, "{unknown:?}");
            assert_eq!(took(unknown, &[Some(-1.0), Some(20.0), Some(0.5)]), Some(Duration::from_micros(20_500)));
        }
    }
}
